package reader

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"ostoja/internal/errs"
	"ostoja/internal/site"
)

// Names of the files of an export that are no pages.
const (
	SumsFile      = "SHA256SUMS"           // as sha256sum reads it
	SignatureFile = "SHA256SUMS.sig"       // Ed25519 of SumsFile, base64
	KeyFile       = "SHA256SUMS.publickey" // base64; compare it with the one that the office publishes
)

// File is a file of an export.
type File struct {
	Name    string // with strokes between folders
	Content []byte
}

// Files makes the whole site as files: pages with relative addresses, the files of publications, one file per language, and
// the list of hashes with its signature. The same content gives the same bytes, whenever it is made.
func Files(ctx context.Context, s *site.Service, baseURL string, key ed25519.PrivateKey) (list []File, err error) {
	defer errs.Wrap(&err, "reader.Files")
	snap, err := s.Snapshot(ctx)
	if err != nil {
		return nil, err
	}
	b, err := newBuilder(Export, snap, s.Bundle(), baseURL, s.Now())
	if err != nil {
		return nil, err
	}
	if err := b.build(ctx); err != nil {
		return nil, err
	}
	for _, d := range b.drafts {
		list = append(list, File{exported(d.path), d.body})
	}
	seen := map[string]bool{}
	for _, a := range snap.Of(site.Publication) {
		for _, f := range a.Files {
			if name := filePath(f); !seen[name] {
				_, content, err := s.FileContent(ctx, f.Hash)
				if err != nil {
					return nil, err
				}
				seen[name] = true
				list = append(list, File{name, content})
			}
		}
	}
	first, err := b.front(ctx)
	if err != nil {
		return nil, err
	}
	list = append(list, File{"index.html", first})
	if list, err = compressed(list); err != nil {
		return nil, err
	}
	slices.SortFunc(list, func(a, b File) int { return strings.Compare(a.Name, b.Name) })
	return append(list, signed(list, key)...), nil
}

// front is the bare address of an export: a file has nobody who could look at the browser's languages.
func (b *builder) front(ctx context.Context) ([]byte, error) {
	var out bytes.Buffer
	v := b.view(b.bundle.SourceLang, "index.html", nil)
	v.tab = v.T("home.tab")
	err := front(v).Render(ctx, &out)
	return out.Bytes(), err
}

// compressed adds what servers can send as it is, such as nginx with gzip_static.
func compressed(list []File) ([]File, error) {
	out := slices.Clone(list)
	for _, f := range list {
		if !strings.HasSuffix(f.Name, ".html") {
			continue
		}
		var b bytes.Buffer
		z, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
		if err != nil {
			return nil, err
		}
		if _, err := z.Write(f.Content); err != nil {
			return nil, err
		}
		if err := z.Close(); err != nil {
			return nil, err
		}
		out = append(out, File{f.Name + ".gz", b.Bytes()})
	}
	return out, nil
}

func signed(list []File, key ed25519.PrivateKey) []File {
	var sums bytes.Buffer
	for _, f := range list {
		sum := sha256.Sum256(f.Content)
		fmt.Fprintf(&sums, "%s  %s\n", hex.EncodeToString(sum[:]), f.Name)
	}
	text := func(b []byte) []byte { return []byte(base64.StdEncoding.EncodeToString(b) + "\n") }
	return []File{
		{SumsFile, sums.Bytes()}, {SignatureFile, text(ed25519.Sign(key, sums.Bytes()))}, {KeyFile, text(key.Public().(ed25519.PublicKey))},
	}
}

// PublicKey returns the public part of a signing key, base64.
func PublicKey(key ed25519.PrivateKey) string {
	return base64.StdEncoding.EncodeToString(key.Public().(ed25519.PublicKey))
}

// WriteFiles writes an export into a folder, which must be empty or hold an earlier export: what is there no more goes.
func WriteFiles(dir string, list []File) (err error) {
	defer errs.Wrap(&err, "reader.WriteFiles")
	old, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	if len(old) > 0 {
		if _, err := os.Stat(filepath.Join(dir, SumsFile)); err != nil {
			return fmt.Errorf("%s holds something that is no earlier export: give an empty folder", dir)
		}
		if err := removeListed(dir); err != nil {
			return err
		}
	}
	for _, f := range list {
		name := filepath.Join(dir, filepath.FromSlash(f.Name))
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil { //nolint:gosec // to be read by a web server
			return err
		}
		if err := os.WriteFile(name, f.Content, 0o644); err != nil { //nolint:gosec // to be read by a web server
			return err
		}
	}
	return nil
}

// removeListed removes the files that an earlier export's list names, and nothing else.
func removeListed(dir string) error {
	sums, err := os.ReadFile(filepath.Join(dir, SumsFile)) //nolint:gosec // the folder that the caller gave
	if err != nil {
		return err
	}
	root, err := os.OpenRoot(dir) // a list that was tampered with leads nowhere else
	if err != nil {
		return err
	}
	defer func() { _ = root.Close() }()
	for _, line := range strings.Split(string(sums), "\n") {
		if _, name, ok := strings.Cut(line, "  "); ok {
			if err := root.Remove(filepath.FromSlash(name)); err != nil && !errors.Is(err, os.ErrNotExist) {
				return err
			}
		}
	}
	return nil
}

// Verify checks an export in a folder against its list and signature, and the list against a public key (base64) if one is
// given. The error names every file that is missing, changed or not in the list.
func Verify(dir, publicKey string) (err error) {
	defer errs.Wrap(&err, "reader.Verify")
	sums, err := os.ReadFile(filepath.Join(dir, SumsFile)) //nolint:gosec // the folder that the caller gave
	if err != nil {
		return err
	}
	if err := verifySignature(dir, sums, publicKey); err != nil {
		return err
	}
	listed := map[string]bool{SumsFile: true, SignatureFile: true, KeyFile: true}
	var faults []error
	for _, line := range strings.Split(strings.TrimSpace(string(sums)), "\n") {
		want, name, ok := strings.Cut(line, "  ")
		if !ok || !filepath.IsLocal(filepath.FromSlash(name)) {
			return fmt.Errorf("%s: a line that is none", SumsFile)
		}
		listed[name] = true
		content, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(name))) //nolint:gosec // a local name, see above
		if err != nil {
			faults = append(faults, fmt.Errorf("%s is missing", name))
			continue
		}
		if sum := sha256.Sum256(content); hex.EncodeToString(sum[:]) != want {
			faults = append(faults, fmt.Errorf("%s was changed", name))
		}
	}
	return errors.Join(append(faults, unlisted(dir, listed)...)...)
}

func verifySignature(dir string, sums []byte, publicKey string) error {
	decode := func(name string) ([]byte, error) {
		text, err := os.ReadFile(filepath.Join(dir, name)) //nolint:gosec // one of our names in the folder that the caller gave
		if err != nil {
			return nil, err
		}
		return base64.StdEncoding.DecodeString(strings.TrimSpace(string(text)))
	}
	signature, err := decode(SignatureFile)
	if err != nil {
		return err
	}
	key, err := decode(KeyFile)
	if err != nil {
		return err
	}
	if publicKey != "" {
		if key, err = base64.StdEncoding.DecodeString(publicKey); err != nil {
			return fmt.Errorf("the public key is not base64: %w", err)
		}
	}
	if len(key) != ed25519.PublicKeySize || !ed25519.Verify(key, sums, signature) {
		return errors.New("the list of hashes does not bear the signature of this key")
	}
	return nil
}

func unlisted(dir string, listed map[string]bool) (faults []error) {
	err := filepath.WalkDir(dir, func(p string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		name, err := filepath.Rel(dir, p)
		if err == nil && !listed[filepath.ToSlash(name)] {
			faults = append(faults, fmt.Errorf("%s is not in the list", name))
		}
		return err
	})
	if err != nil {
		faults = append(faults, err)
	}
	return faults
}
