// Package folder says what a course folder may be whatever stands in its files: which files it may hold and how large they are,
// that media are what their names say and hold nothing active, how it travels as an archive, and by which digest one tells
// whether anything changed. It also holds the faults that authors are told, each with its place and a hint.
//
// A folder comes from people who may mean harm: archives that unpack without end, names that lead out of the folder, drawings
// with scripts. So what is not known to be harmless is refused, and what an archive says of itself is counted again. The package
// knows no course: what the files mean is for the package course.
package folder

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	gohash "hash"
	"io"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"ostoja/internal/errs"
)

// limits bounds what a course folder or archive may hold.
type limits struct {
	Files int   // how many files
	File  int64 // bytes of one file
	Total int64 // bytes of all files
	Ratio int64 // bytes that one compressed byte may become; small files are exempt
	Depth int   // folders within folders
}

// defaultLimits are those of the course format.
var defaultLimits = limits{Files: 2000, File: 50 << 20, Total: 500 << 20, Ratio: 200, Depth: 6}

// LimitError says why a folder or archive is refused.
type LimitError struct {
	Name   string // the file, or "." for the whole
	Reason string
}

// Error names the file and the reason.
func (e *LimitError) Error() string { return e.Name + ": " + e.Reason }

// fileInfo is a file of a folder.
type fileInfo struct {
	name string
	size int64
}

// ignored says whether a file is none of the course's: what editors, version control and file managers leave behind.
func ignored(name string) bool {
	base := path.Base(name)
	return (strings.HasPrefix(base, ".") && base != ".") || strings.HasSuffix(base, "~") ||
		slices.Contains([]string{"__MACOSX", "Thumbs.db", "desktop.ini"}, base)
}

// badName says what is wrong with a file's name, "" if nothing is.
func badName(name string, most limits) string {
	switch {
	case !utf8.ValidString(name):
		return "the name is not UTF-8"
	case len(name) > 200:
		return "the name is longer than 200 bytes"
	case !fs.ValidPath(name) || path.Clean(name) != name:
		return "the name leads out of the folder"
	case strings.ContainsAny(name, `\:*?"<>|`):
		return `the name holds one of \ : * ? " < > |, which not every system can store`
	case strings.Count(name, "/") > most.Depth:
		return fmt.Sprintf("it lies more than %d folders deep", most.Depth)
	}
	for _, r := range name {
		if unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) {
			return "the name holds invisible characters"
		}
	}
	return ""
}

// foldName reduces names that some system takes for the same to one.
func foldName(name string) string { return norm.NFC.String(strings.ToLower(norm.NFC.String(name))) }

// Files returns the names of a folder's files in their order, and what of it is refused.
func Files(fsys fs.FS) ([]string, []*LimitError, error) {
	var names []string
	files, refused, err := listFiles(fsys, defaultLimits)
	for _, f := range files {
		names = append(names, f.name)
	}
	return names, refused, err
}

// listFiles returns the files of a folder sorted by name, and what of it is refused.
func listFiles(fsys fs.FS, most limits) (files []fileInfo, refused []*LimitError, err error) {
	defer errs.Wrap(&err, "folder.Files")
	refuse := func(name, format string, args ...any) {
		refused = append(refused, &LimitError{name, fmt.Sprintf(format, args...)})
	}
	names := map[string]string{}
	var total int64
	err = fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if ignored(name) {
			if d.IsDir() {
				return fs.SkipDir
			}
			return nil
		}
		if why := badName(name, most); why != "" {
			refuse(name, "%s", why)
			if d.IsDir() {
				return fs.SkipDir
			}
			return nil
		}
		if d.IsDir() {
			return nil
		}
		if !d.Type().IsRegular() {
			refuse(name, "only plain files are allowed, no links or devices")
			return nil
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		if other, twice := names[foldName(name)]; twice {
			refuse(name, "some systems cannot tell it from %s", other)
			return nil
		}
		names[foldName(name)] = name
		if info.Size() > most.File {
			refuse(name, "the file has %d MB; at most %d MB are allowed", info.Size()>>20, most.File>>20)
			return nil
		}
		total += info.Size()
		files = append(files, fileInfo{name, info.Size()})
		if len(files) > most.Files || total > most.Total {
			refuse(".", "at most %d files and %d MB are allowed", most.Files, most.Total>>20)
			return fs.SkipAll
		}
		return nil
	})
	slices.SortFunc(files, func(a, b fileInfo) int { return strings.Compare(a.name, b.name) })
	return files, refused, err
}

// clip cuts a string to at most n bytes, between characters.
func clip(s string, n int) string {
	if len(s) > n {
		return strings.ToValidUTF8(s[:n], "") + "…"
	}
	return s
}

// Open opens a course folder, or a ZIP file of one, on disk. Symbolic links lead nowhere: those out of the folder are not
// followed, those within are refused by [Files].
func Open(dir string) (_ fs.FS, err error) {
	defer errs.Wrap(&err, "folder.Open(%q)", dir)
	if info, err := os.Stat(dir); err == nil && !info.IsDir() {
		content, err := os.ReadFile(dir) //nolint:gosec // the file that the administrator named
		if err != nil {
			return nil, err
		}
		return Unzip(bytes.NewReader(content), int64(len(content)))
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	// The root is not closed: the returned file system needs it, and it closes itself when nothing refers to it any more.
	return root.FS(), nil
}

// eachFile calls do with every file of a folder in the order of the names, or refuses the folder.
func eachFile(fsys fs.FS, do func(fileInfo, io.Reader) error) error {
	files, refused, err := listFiles(fsys, defaultLimits)
	if err != nil {
		return err
	}
	if len(refused) > 0 {
		return refused[0]
	}
	for _, f := range files {
		if err := withFile(fsys, f, do); err != nil {
			return err
		}
	}
	return nil
}

func withFile(fsys fs.FS, f fileInfo, do func(fileInfo, io.Reader) error) error {
	r, err := fsys.Open(f.name)
	if err != nil {
		return err
	}
	defer func() { _ = r.Close() }() // only read from
	return do(f, io.LimitReader(r, defaultLimits.File))
}

// Digest returns the SHA-256 of a course folder's names and contents, in hexadecimal. It does not depend on times, rights,
// order, empty folders or hidden files.
func Digest(fsys fs.FS) (_ string, err error) {
	defer errs.Wrap(&err, "folder.Digest")
	sum := sha256.New()
	err = eachFile(fsys, func(f fileInfo, r io.Reader) error {
		content := sha256.New()
		if _, err := io.Copy(content, r); err != nil {
			return err
		}
		// The inner hash has a fixed length and names hold no zero byte, so two folders never give the same input.
		return writeAll(sum, []byte(f.name), []byte{0}, content.Sum(nil))
	})
	if err != nil {
		return "", err
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}

func writeAll(h gohash.Hash, parts ...[]byte) error {
	for _, p := range parts {
		if _, err := h.Write(p); err != nil {
			return err
		}
	}
	return nil
}
