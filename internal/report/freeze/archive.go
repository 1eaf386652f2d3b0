package freeze

import (
	"archive/zip"
	"bytes"
	"crypto/ed25519"
	"errors"
	"fmt"
	"io"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"ostoja/internal/signed"
)

// Limits of a package that is read: no honest one is near them, and a small file cannot ask for all memory.
const (
	MostBytes    = 64 << 20 // of the archive
	mostFiles    = 200
	mostUnpacked = 128 << 20 // of all files together
)

// pack signs files and makes an archive of them. Times in it are fixed and the order is that of the names, so that the same files give the same bytes.
func pack(files []signed.File, key ed25519.PrivateKey) ([]byte, error) {
	files = slices.Clone(files)
	slices.SortFunc(files, func(a, b signed.File) int { return strings.Compare(a.Name, b.Name) })
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, f := range append(files, signed.Sign(files, key)...) {
		h := &zip.FileHeader{Name: f.Name, Method: zip.Deflate, Modified: time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)} // the first day that a ZIP knows
		w, err := z.CreateHeader(h)
		if err != nil {
			return nil, err
		}
		if _, err := w.Write(f.Content); err != nil {
			return nil, err
		}
	}
	err := z.Close()
	return b.Bytes(), err
}

// archive is a package that is read, file by file, in all no further than [mostUnpacked].
type archive struct {
	files map[string]*zip.File
	left  int64
}

var errTooMuch = errors.New("the package is larger than any that this program makes")

func openArchive(content []byte) (*archive, error) {
	if len(content) > MostBytes {
		return nil, errTooMuch
	}
	z, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	if err != nil {
		return nil, fmt.Errorf("no package: %w", err)
	}
	if len(z.File) > mostFiles {
		return nil, errTooMuch
	}
	a := &archive{files: map[string]*zip.File{}, left: mostUnpacked}
	for _, f := range z.File {
		switch {
		case !filepath.IsLocal(filepath.FromSlash(f.Name)) || !f.Mode().IsRegular():
			return nil, fmt.Errorf("the package holds something that is no file: %q", f.Name)
		case a.files[f.Name] != nil: // one reader would take the first, another the last
			return nil, fmt.Errorf("the package holds %s twice", f.Name)
		}
		a.files[f.Name] = f
	}
	return a, nil
}

// read unpacks one file.
func (a *archive) read(name string) (_ []byte, err error) {
	f := a.files[name]
	if f == nil {
		return nil, fmt.Errorf("%s is missing", name)
	}
	r, err := f.Open()
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	content, err := io.ReadAll(io.LimitReader(r, a.left+1))
	if err != nil {
		return nil, fmt.Errorf("%s cannot be read: %w", name, err)
	}
	if a.left -= int64(len(content)); a.left < 0 {
		return nil, errTooMuch
	}
	return content, nil
}

// Verified is what a check of a package has shown.
type Verified struct {
	Document    Document
	Files       int
	Fingerprint string // of the key that signed
}

// Verify checks a package against its list of hashes and its signature, and these against the fingerprint of a key if one is given. Without one it shows that nothing was damaged,
// and not who signed: whoever changes the files can sign them anew. The error names every file that is missing, changed, or not in the list.
func Verify(content []byte, fingerprint string) (v Verified, err error) {
	a, err := openArchive(content)
	if err != nil {
		return v, err
	}
	var expect func(key ed25519.PublicKey) error
	if fingerprint != "" {
		expect = func(key ed25519.PublicKey) error {
			if !signed.SameFingerprint(fingerprint, key) {
				return fmt.Errorf("it is signed with another key than the one expected: its fingerprint is %s", signed.Fingerprint(key))
			}
			return nil
		}
	}
	c, err := signed.Check(a.read, expect)
	if c.Listed == nil {
		return v, err
	}
	faults := []error{err}
	for _, name := range slices.Sorted(maps.Keys(a.files)) {
		if !c.Listed[name] {
			faults = append(faults, fmt.Errorf("%s is not in the list", name))
		}
	}
	if err := errors.Join(faults...); err != nil {
		return v, err
	}
	a.left = mostUnpacked
	raw, err := a.read(documentFile)
	if err != nil {
		return v, err
	}
	v.Files, v.Fingerprint = c.Files, signed.Fingerprint(c.Key)
	v.Document, err = ReadDocument(raw)
	return v, err
}
