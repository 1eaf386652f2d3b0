// Package firstlinetest reads the first-line kit that comes with the program, for tests.
package firstlinetest

import (
	"testing"
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
