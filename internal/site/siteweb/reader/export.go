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
	"slices"
	"strings"
	"time"

	"ostoja/internal/errs"
	"ostoja/internal/site"
	"ostoja/internal/site/content"
)

// Names of the files of an export that are no pages.
const (
	sumsFile      = "SHA256SUMS"           // as sha256sum reads it
	signatureFile = "SHA256SUMS.sig"       // Ed25519 of sumsFile, base64
	keyFile       = "SHA256SUMS.publickey" // base64; compare it with the one that the office publishes
	contentFile   = "CONTENT.txt"          // of which day and revision the content is; in the list like all others
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
	if !snap.Open {
		return nil, fmt.Errorf("the site is not open to readers yet; it lacks: %v, and waits for %d numbers to be confirmed", snap.Missing(s.Now()), len(snap.Unconfirmed()))
	}
	b, err := newBuilder(exporting, snap, s.Bundle(), baseURL, s.Now())
	if err != nil {
		return nil, err
	}
	if err := b.build(ctx); err != nil {
		return nil, err
	}
	if err := errors.Join(b.faults...); err != nil {
		return nil, err
	}
	list = append(list, File{contentFile, contentOf(snap)})
	for _, d := range b.drafts {
		list = append(list, File{exported(d.path), d.body})
	}
	seen := map[string]bool{}
	for _, a := range snap.ByKind(content.Publication) {
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

// contentOf tells an old export from a new one: the day of the newest text, fact or entry, and the number of the last change.
func contentOf(snap *content.Snapshot) []byte {
	day := ""
	for _, a := range snap.Articles {
		for _, t := range a.Texts {
			day = max(day, t.ReviewedAt.In(snap.Zone).Format(time.DateOnly))
		}
	}
	for _, f := range snap.Facts {
		day = max(day, f.Checked)
	}
	for _, x := range snap.Services {
		day = max(day, x.Checked)
	}
	return fmt.Appendf(nil, "content of %s, revision %d\n", day, snap.Revision)
}

// front is the bare address of an export: a file has nobody who could look at the browser's languages.
func (b *builder) front(ctx context.Context) ([]byte, error) {
	var out bytes.Buffer
	v := b.view(b.bundle.SourceLang, "index.html", nil)
	v.tab, v.script = v.T("home.tab"), inline{}
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
		{sumsFile, sums.Bytes()}, {signatureFile, text(ed25519.Sign(key, sums.Bytes()))}, {keyFile, text(key.Public().(ed25519.PublicKey))},
	}
}

// PublicKey returns the public part of a signing key, base64.
func PublicKey(key ed25519.PrivateKey) string {
	return base64.StdEncoding.EncodeToString(key.Public().(ed25519.PublicKey))
}
