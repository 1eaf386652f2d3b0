package reader

import (
	"bytes"
	"crypto/ed25519"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"ostoja/internal/errs"
	"ostoja/internal/signed"
)

// beginning is the list of the export that is being written: it says that a folder is ours before the first file is there, and
// which files an interrupted export may have left.
const beginning = signed.Sums + ".new"

// WriteFiles writes an export into a folder, which must be empty or hold an earlier export, be it an interrupted one. Each file comes
// whole in the place of the one before; what is there no more goes. Nothing is written outside the folder, wherever links in it lead.
func WriteFiles(dir string, list []File) (err error) {
	defer errs.Wrap(&err, "reader.WriteFiles")
	if err := os.MkdirAll(dir, 0o755); err != nil { //nolint:gosec // to be read by a web server
		return err
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, root.Close()) }()
	old, err := earlierFiles(root)
	if err != nil {
		return err
	}
	stays := map[string]bool{}
	for _, f := range list {
		stays[f.Name] = true
		if f.Name == signed.Sums {
			if err := place(root, beginning, append(bytes.Clone(f.Content), earlierLines(old)...)); err != nil {
				return err
			}
		}
	}
	for _, f := range list { // the list of hashes comes last
		if err := place(root, f.Name, f.Content); err != nil {
			return err
		}
	}
	for name := range old {
		for _, gone := range []string{name, name + ".new"} {
			if stays[gone] {
				continue
			}
			if err := root.Remove(gone); err != nil && !errors.Is(err, fs.ErrNotExist) {
				return err
			}
		}
	}
	if err := root.Remove(beginning); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// earlierFiles returns what the lists in a folder name; a folder with files and without a list is not ours.
func earlierFiles(root *os.Root) (map[string]bool, error) {
	old, ours := map[string]bool{}, false
	for _, name := range []string{signed.Sums, beginning} {
		sums, err := root.ReadFile(name)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, err
		}
		ours = true
		for _, line := range strings.Split(string(sums), "\n") {
			if _, name, ok := strings.Cut(line, "  "); ok && filepath.IsLocal(filepath.FromSlash(name)) {
				old[name] = true
			}
		}
	}
	there, err := fs.ReadDir(root.FS(), ".")
	if err == nil && len(there) > 0 && !ours {
		err = fmt.Errorf("%s holds something that is no earlier export: give an empty folder", root.Name())
	}
	return old, err
}

// earlierLines names the files of earlier exports, so that one that is interrupted twice still knows what to remove.
func earlierLines(old map[string]bool) (lines []byte) {
	for name := range old {
		lines = fmt.Appendf(lines, "earlier  %s\n", name)
	}
	return lines
}

// place writes a file beside its place and then into it.
func place(root *os.Root, name string, content []byte) error {
	beside := name + ".new"
	if err := root.MkdirAll(path.Dir(name), 0o755); err != nil {
		return err
	}
	if err := root.Remove(beside); err != nil && !errors.Is(err, fs.ErrNotExist) { // left by an interruption, or a link put there
		return err
	}
	if err := root.WriteFile(beside, content, 0o644); err != nil {
		return err
	}
	return root.Rename(beside, name)
}

// Verified is what a check of an export has shown.
type Verified struct {
	Content string // of which day and revision the content is
	Files   int
}

// Verify checks an export in a folder against its list and signature, and these against a public key (base64) if one is given.
// Without one it shows that nothing was damaged, and not who signed: whoever changes the files can sign them anew. The error names
// every file that is missing, changed, not in the list, or no file but a link.
func Verify(dir, publicKey string) (v Verified, err error) {
	defer errs.Wrap(&err, "reader.Verify")
	root, err := os.OpenRoot(dir)
	if err != nil {
		return v, err
	}
	defer func() { _ = root.Close() }() // only read
	read := func(name string) ([]byte, error) { return regular(root, name) }
	checked, err := signed.Check(read, expecting(publicKey))
	if checked.Listed == nil {
		return v, err
	}
	v.Files = checked.Files
	if content, err := read(contentFile); err == nil {
		v.Content = strings.TrimSpace(string(content))
	}
	return v, errors.Join(append([]error{err}, unlisted(root, checked.Listed)...)...)
}

// expecting refuses another key than the one given (base64); without one, none is expected.
func expecting(publicKey string) func(key ed25519.PublicKey) error {
	if publicKey == "" {
		return nil
	}
	return func(key ed25519.PublicKey) error {
		given, err := base64.StdEncoding.DecodeString(publicKey)
		if err != nil {
			return fmt.Errorf("the public key is not base64: %w", err)
		}
		if !bytes.Equal(given, key) {
			return fmt.Errorf("%s holds another key than the one given", signed.PublicKey)
		}
		return nil
	}
}

// regular reads a file that is one itself: through a link, the folder could show one thing here and another elsewhere.
func regular(root *os.Root, name string) ([]byte, error) {
	info, err := root.Lstat(filepath.FromSlash(name))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s is missing", name)
	}
	if err == nil && !info.Mode().IsRegular() {
		err = fmt.Errorf("%s is no regular file", name)
	}
	if err != nil {
		return nil, err
	}
	return root.ReadFile(filepath.FromSlash(name))
}

func unlisted(root *os.Root, listed map[string]bool) (faults []error) {
	err := fs.WalkDir(root.FS(), ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil || d.IsDir():
			return err
		case !listed[name]:
			faults = append(faults, fmt.Errorf("%s is not in the list", name))
		}
		return nil
	})
	if err != nil {
		faults = append(faults, err)
	}
	return faults
}
