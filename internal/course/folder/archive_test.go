package folder

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"
)

// entryOf is an archive's entry as a test writes it.
type entryOf struct {
	name    string
	content string
	mode    fs.FileMode
}

func archiveOf(t testing.TB, entries ...entryOf) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, e := range entries {
		h := &zip.FileHeader{Name: e.name, Method: zip.Deflate}
		if e.mode != 0 {
			h.SetMode(e.mode)
		}
		w, err := z.CreateHeader(h)
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasSuffix(e.name, "/") {
			continue
		}
		if _, err := io.WriteString(w, e.content); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// good returns the good course of the package course.
func good(t testing.TB) fstest.MapFS {
	t.Helper()
	files := fstest.MapFS{}
	root := os.DirFS("../coursetest/testdata/good")
	err := fs.WalkDir(root, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		content, err := fs.ReadFile(root, name)
		files[name] = &fstest.MapFile{Data: content}
		return err
	})
	if err != nil || len(files) == 0 {
		t.Fatal(len(files), err)
	}
	return files
}

func open(b []byte, most limits) (fs.FS, error) {
	return unzip(bytes.NewReader(b), int64(len(b)), most)
}

func TestZipAndUnzip(t *testing.T) {
	folder := good(t)
	folder[".git/config"] = &fstest.MapFile{Data: []byte("x")}
	var one, two bytes.Buffer
	if err := Zip(folder, &one); err != nil {
		t.Fatal(err)
	}
	for _, f := range folder {
		f.ModTime = time.Now()
	}
	if err := Zip(folder, &two); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(one.Bytes(), two.Bytes()) {
		t.Error("the same folder gives two archives")
	}
	back, err := open(one.Bytes(), defaultLimits)
	if err != nil {
		t.Fatal(err)
	}
	before, _ := Digest(folder)
	after, err := Digest(back)
	if err != nil || before != after {
		t.Errorf("digest %s became %s (%v)", before, after, err)
	}
	if _, err := fs.Stat(back, ".git/config"); err == nil {
		t.Error("hidden files are in the archive")
	}
}

func TestUnzipOneTopFolder(t *testing.T) {
	b := archiveOf(t, entryOf{name: "course/"}, entryOf{name: "course/course.yaml", content: "format: 1"}, entryOf{name: "course/media/a.mp3", content: "ID3"},
		entryOf{name: "__MACOSX/course/._x", content: "x"})
	folder, err := open(b, defaultLimits)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := fs.ReadFile(folder, "course.yaml"); err != nil || string(got) != "format: 1" {
		t.Errorf("%q, %v", got, err)
	}
}

func TestUnzipRefuses(t *testing.T) {
	small := limits{Files: 3, File: 4 << 20, Total: 6 << 20, Ratio: 100, Depth: 3}
	noise := make([]byte, 3<<20)
	r := rand.New(rand.NewPCG(1, 2))
	for i := range len(noise) / 2 { // half of it compresses
		noise[i] = byte(r.Uint32())
	}
	for _, c := range []struct {
		name    string
		entries []entryOf
		say     string
	}{
		{"way out", []entryOf{{name: "../x"}}, "out of the folder"},
		{"hidden way out", []entryOf{{name: "a/../../x"}}, "out of the folder"},
		{"absolute", []entryOf{{name: "/etc/passwd"}}, "out of the folder"},
		{"backslash", []entryOf{{name: `a\..\..\x`}}, "holds one of"},
		{"drive", []entryOf{{name: "C:/x"}}, "holds one of"},
		{"dot", []entryOf{{name: "a/./x"}}, "out of the folder"},
		{"empty part", []entryOf{{name: "a//x"}}, "out of the folder"},
		{"control character", []entryOf{{name: "a\nb"}}, "invisible"},
		{"zero byte", []entryOf{{name: "a\x00b"}}, "invisible"},
		{"not UTF-8", []entryOf{{name: "a\xff"}}, "UTF-8"},
		{"long name", []entryOf{{name: strings.Repeat("a", 300)}}, "longer"},
		{"symbolic link", []entryOf{{name: "x", content: "/etc/passwd", mode: fs.ModeSymlink | 0o777}}, "no links"},
		{"device", []entryOf{{name: "x", mode: fs.ModeDevice | 0o600}}, "no links"},
		{"named pipe", []entryOf{{name: "x", mode: fs.ModeNamedPipe | 0o600}}, "no links"},
		{"twice", []entryOf{{name: "x"}, {name: "x"}}, "twice"},
		{"case", []entryOf{{name: "Media/x"}, {name: "media/X"}}, "tell it from"},
		{"composed letters", []entryOf{{name: "\u00f3"}, {name: "o\u0301"}}, "tell it from"},
		{"file and folder", []entryOf{{name: "x"}, {name: "x/y"}}, "at once"},
		{"deep", []entryOf{{name: "a/b/c/d/e/f"}}, "deep"},
		{"many", []entryOf{{name: "a"}, {name: "b"}, {name: "c"}, {name: "d"}}, "more than 3 files"},
		{"large", []entryOf{{name: "a", content: strings.Repeat("a", 5<<20)}}, "too large"},
		{"large in all", []entryOf{{name: "a", content: string(noise)}, {name: "b", content: string(noise)}, {name: "c", content: string(noise)}}, "too large"},
		{"bomb", []entryOf{{name: "a", content: strings.Repeat("a", 3<<20)}}, "100 times"},
		{"empty", nil, "empty"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := open(archiveOf(t, c.entries...), small)
			var limit *LimitError
			if !errors.As(err, &limit) || !strings.Contains(err.Error(), c.say) {
				t.Errorf("want %q, got %v", c.say, err)
			}
		})
	}
	if _, err := open([]byte("not an archive"), small); err == nil {
		t.Error("no archive is accepted")
	}
}

// TestUnzipCountsItself changes the sizes in the headers: what an archive says of itself must not matter.
func TestUnzipCountsItself(t *testing.T) {
	b := archiveOf(t, entryOf{name: "a", content: strings.Repeat("a", 3<<20)})
	size := []byte{0, 0, 0x30, 0}
	if bytes.Count(b, size) == 0 {
		t.Fatal("the size is not where the test looks for it")
	}
	lying := bytes.ReplaceAll(b, size, []byte{1, 0, 0, 0})
	if _, err := open(lying, limits{Files: 3, File: 1 << 20, Total: 2 << 20, Ratio: 1 << 30, Depth: 3}); err == nil {
		t.Error("an archive that lies about its sizes is accepted")
	}
	damaged := bytes.Clone(b)
	damaged[60] ^= 0xff
	if _, err := open(damaged, defaultLimits); err == nil {
		t.Error("a damaged archive is accepted")
	}
}

func TestOpenFollowsNoLinks(t *testing.T) {
	dir, secret := t.TempDir(), filepath.Join(t.TempDir(), "secret.md")
	for name, content := range map[string]string{secret: "secret", filepath.Join(dir, "course.yaml"): "format: 1"} {
		if err := os.WriteFile(name, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink(secret, filepath.Join(dir, "README.md")); err != nil {
		t.Skip("no symbolic links here")
	}
	folder, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	if b, err := fs.ReadFile(folder, "README.md"); err == nil {
		t.Errorf("read %q through a link", b)
	}
	_, refused, err := Files(folder)
	if err != nil || len(refused) != 1 || !strings.Contains(refused[0].Error(), "README.md: only plain files") {
		t.Errorf("the link is not refused: %v, %v", refused, err)
	}
	if _, err := Digest(folder); err == nil {
		t.Error("a folder with a link has a digest")
	}
	if err := Zip(folder, io.Discard); err == nil {
		t.Error("a folder with a link can be exported")
	}
}

func TestDigest(t *testing.T) {
	base := fstest.MapFS{"a": {Data: []byte("1")}, "b": {Data: []byte("2")}}
	digest := func(m fstest.MapFS) string {
		d, err := Digest(m)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	want := digest(base)
	if got := digest(fstest.MapFS{"b": {Data: []byte("2"), Mode: 0o755}, "a": {Data: []byte("1"), ModTime: time.Now()}, ".x": {}}); got != want {
		t.Error("the digest depends on order, rights, times or hidden files")
	}
	seen := map[string]string{want: "base"}
	for name, m := range map[string]fstest.MapFS{
		"content": {"a": {Data: []byte("1")}, "b": {Data: []byte("3")}},
		"name":    {"a": {Data: []byte("1")}, "c": {Data: []byte("2")}},
		"swapped": {"a": {Data: []byte("2")}, "b": {Data: []byte("1")}},
		"fewer":   {"a": {Data: []byte("1")}},
		"joined":  {"a": {Data: []byte("1b2")}},
		"empty":   {"a": {Data: []byte("1")}, "b": {Data: []byte("2")}, "c": {}},
	} {
		d := digest(m)
		if other, twice := seen[d]; twice {
			t.Errorf("%s and %s have the same digest", name, other)
		}
		seen[d] = name
	}
}

func FuzzUnzip(f *testing.F) {
	f.Add(archiveOf(f, entryOf{name: "course.yaml", content: "format: 1"}))
	f.Add(archiveOf(f, entryOf{name: "x/"}, entryOf{name: "x/course.yaml", content: strings.Repeat("a", 5000)}, entryOf{name: "x/media/a.svg"}))
	f.Add(archiveOf(f, entryOf{name: "../x"}))
	most := limits{Files: 20, File: 1 << 20, Total: 4 << 20, Ratio: 100, Depth: 4}
	f.Fuzz(func(t *testing.T, b []byte) {
		folder, err := open(b, most)
		if err != nil {
			return
		}
		var total int64
		files := 0
		err = fs.WalkDir(folder, ".", func(name string, d fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			if d.IsDir() {
				return nil
			}
			content, err := fs.ReadFile(folder, name)
			if err != nil {
				return err
			}
			files++
			total += int64(len(content))
			if !d.Type().IsRegular() || !fs.ValidPath(name) {
				return fmt.Errorf("%q is given out", name)
			}
			return nil
		})
		if err != nil || total > most.Total || files > 2*most.Files {
			t.Errorf("%d files of %d bytes: %v", files, total, err)
		}
	})
}
