// Package vault seals the documents of candidates for a key that is a file of the machine and lies in no table and no backup (decision 0061).
//
// Goals: whoever copies the database, or steals a backup with its key, has no certificate of anybody; a lost key is told in words, and stops
// nothing but the documents that were sealed for it; no second key comes into being in silence where the first one is missing. Limits: whoever
// rules the running machine can open what it can open; documents are small ([Most]) and in memory as a whole, of which a caller's limits keep
// larger ones out.
package vault

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"filippo.io/age"

	"ostoja/internal/errs"
)

// Most is how large a document may be, in bytes.
const Most = 10 << 20

// Media is the type of a document, by its content.
type Media string

// The types that are taken.
const (
	PDF  Media = "application/pdf"
	JPEG Media = "image/jpeg"
	PNG  Media = "image/png"
)

// beginnings are the first bytes by which a type is told: PDF 2.0 (ISO 32000-2, 7.5.2), JPEG (ITU-T T.81, B.1.1.3), PNG (W3C PNG, 5.2).
var beginnings = []struct {
	media Media
	bytes string
}{{PDF, "%PDF-"}, {JPEG, "\xff\xd8\xff"}, {PNG, "\x89PNG\r\n\x1a\n"}}

// MediaOf tells the type of a document by how it begins, whatever its name says; "" if it is none that is taken.
func MediaOf(content []byte) Media {
	for _, b := range beginnings {
		if bytes.HasPrefix(content, []byte(b.bytes)) {
			return b.media
		}
	}
	return ""
}

// Ending is that of a file's name.
func (m Media) Ending() string {
	switch m {
	case PDF:
		return ".pdf"
	case JPEG:
		return ".jpg"
	}
	return ".png"
}

// Vault seals and opens with the key in a file.
type Vault struct{ path string }

// New returns a vault whose key lies in a file, which need not be there yet.
func New(path string) *Vault { return &Vault{path} }

// Seal seals a document. Where no key is there yet it makes one, but only if first says that nothing was sealed before: with documents about, a
// file that is missing is one that somebody has to put back.
func (v *Vault) Seal(plain []byte, first bool) (sealed []byte, sealedFor string, err error) {
	defer errs.Wrap(&err, "vault.Seal")
	key, err := v.key()
	if errors.Is(err, os.ErrNotExist) && first && v.path != "" {
		key, err = v.make()
	}
	if err != nil {
		return nil, "", missing(err)
	}
	var b bytes.Buffer
	w, err := age.Encrypt(&b, key.Recipient())
	if err != nil {
		return nil, "", err
	}
	if _, err := w.Write(plain); err != nil {
		return nil, "", err
	}
	if err := w.Close(); err != nil {
		return nil, "", err
	}
	return b.Bytes(), key.Recipient().String(), nil
}

// Open opens a sealed document. That the key is missing, or another one, is an error with words for people.
func (v *Vault) Open(sealed []byte, sealedFor string) (plain []byte, err error) {
	defer errs.Wrap(&err, "vault.Open")
	key, err := v.key()
	if err != nil {
		return nil, missing(err)
	}
	if key.Recipient().String() != sealedFor {
		return nil, errs.Conflict("candidacy.another-key")
	}
	r, err := age.Decrypt(bytes.NewReader(sealed), key)
	if err != nil {
		return nil, err
	}
	return io.ReadAll(r)
}

// missing tells in words that no key can be read; the log has the cause.
func missing(err error) error { return errs.Conflict("candidacy.no-key").Because(err) }

func (v *Vault) key() (*age.X25519Identity, error) {
	f, err := os.Open(v.path)
	if err != nil {
		return nil, err
	}
	defer f.Close() //nolint:errcheck // it was only read
	all, err := age.ParseIdentities(f)
	if err != nil {
		return nil, fmt.Errorf("%s holds no key of age: %w", v.path, err)
	}
	key, ok := all[0].(*age.X25519Identity)
	if !ok || len(all) > 1 {
		return nil, fmt.Errorf("%s holds another than the one key that the program made", v.path)
	}
	return key, nil
}

// make makes the key and its file, in the form of age-keygen, readable for its owner alone.
func (v *Vault) make() (_ *age.X25519Identity, err error) {
	key, err := age.GenerateX25519Identity()
	if err != nil {
		return nil, err
	}
	folder := filepath.Dir(v.path)
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, err
	}
	f, err := os.CreateTemp(folder, ".guardians-key-*")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.Remove(f.Name())) }()
	_, err = fmt.Fprintf(f, "# Opens the documents of candidates. It is in no backup: docs/operate/guardians-key.md\n# public key: %s\n%s\n", key.Recipient(), key)
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return nil, err
	}
	// A link, and not a rename: of two first documents at once, one makes the key and both are sealed for it.
	if err := os.Link(f.Name(), v.path); err != nil && !errors.Is(err, os.ErrExist) {
		return nil, err
	}
	if err := syncFolder(folder); err != nil {
		return nil, err
	}
	return v.key()
}

// syncFolder makes the file's name survive a power cut.
func syncFolder(path string) error {
	d, err := os.Open(path) //nolint:gosec // the administrator names it
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
