// Package firstlinetest reads the first-line kit that comes with the program, for tests.
package firstlinetest

import (
	"io/fs"
	"testing"
	"testing/fstest"
	"time"

	"ostoja/indicators"
	"ostoja/internal/course/indicatorfile"
	"ostoja/internal/firstline"
	"ostoja/internal/indicator"
	"ostoja/kit"
)

// Shipped returns the kit.
func Shipped(t testing.TB) *firstline.Kit {
	t.Helper()
	k, err := firstline.Read(kit.FS, Noticed(t), time.UTC)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// Noticed returns the shared list of what may be noticed.
func Noticed(t testing.TB) indicator.List {
	t.Helper()
	list, err := indicatorfile.Load(indicators.Folder)
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// Over returns the folder of the kit with files of an office over it.
func Over(t testing.TB, files map[string]string) fs.FS {
	t.Helper()
	all := fstest.MapFS{}
	if err := fs.WalkDir(kit.FS, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := fs.ReadFile(kit.FS, name)
		all[name] = &fstest.MapFile{Data: b}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	for name, content := range files {
		all[name] = &fstest.MapFile{Data: []byte(content)}
	}
	return all
}
