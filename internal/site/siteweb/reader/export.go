package reader

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"ostoja/internal/errs"
	"ostoja/internal/signed"
	"ostoja/internal/site"
	"ostoja/internal/site/content"
)

// contentFile says of which day and revision the content is. It stands in the list like all others.
const contentFile = "CONTENT.txt"

// File is a file of an export.
type File = signed.File

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
	list = append(list, File{Name: contentFile, Content: contentOf(snap)})
	for _, d := range b.drafts {
		list = append(list, File{Name: exported(d.path), Content: d.body})
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
				list = append(list, File{Name: name, Content: content})
			}
		}
	}
	first, err := b.front(ctx)
	if err != nil {
		return nil, err
	}
	list = append(list, File{Name: "index.html", Content: first})
	if list, err = compressed(list); err != nil {
		return nil, err
	}
	slices.SortFunc(list, func(a, b File) int { return strings.Compare(a.Name, b.Name) })
	return append(list, signed.Sign(list, key)...), nil
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
		out = append(out, File{Name: f.Name + ".gz", Content: b.Bytes()})
	}
	return out, nil
}
