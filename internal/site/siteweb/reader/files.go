package reader

import (
	"bytes"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"ostoja/internal/site/content"
	"ostoja/internal/site/visits"
	"ostoja/internal/web"
)

// filePath is where a publication's file lies: named by its content, so that it may be kept.
func filePath(f content.File) string { return "files/" + f.Hash + "/" + f.Name }

// fileLink is filePath as addresses are written.
func fileLink(f content.File) string { return "files/" + f.Hash + "/" + url.PathEscape(f.Name) }

// downloads keeps the files that were fetched last, so that parts of one file, and many readers of it, share one copy in memory.
type downloads struct {
	mu     sync.Mutex
	recent []download // the last one first
}

type download struct {
	hash    string
	content []byte
}

// maxCached is how many bytes of files stay in memory; the last one stays whatever its size.
const maxCached = 64 << 20

// get returns a file's content, loading it if need be, one file at a time.
func (d *downloads) get(hash string, load func() ([]byte, error)) ([]byte, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	var x download
	if i := slices.IndexFunc(d.recent, func(x download) bool { return x.hash == hash }); i >= 0 {
		x = d.recent[i]
		d.recent = slices.Delete(d.recent, i, i+1)
	} else {
		content, err := load()
		if err != nil {
			return nil, err
		}
		x = download{hash, content}
	}
	d.recent = slices.Insert(d.recent, 0, x)
	size := 0
	for i, x := range d.recent {
		if size += len(x.content); size > maxCached && i > 0 {
			clear(d.recent[i:])
			d.recent = d.recent[:i]
			break
		}
	}
	return x.content, nil
}

// published returns the file with a hash, if a publication that can be read now has it.
func (b *built) published(hash string) (f content.File, ok bool) {
	if b == nil {
		return f, false
	}
	for _, a := range b.b.snap.ByKind(content.Publication) {
		if i := slices.IndexFunc(a.Files, func(f content.File) bool { return f.Hash == hash }); i >= 0 {
			return a.Files[i], true
		}
	}
	return f, false
}

// maxDownload is how long a file may take to arrive: the largest over a line of the nineties.
const maxDownload = 2 * time.Hour

// file sends a file of a publication, or the part that a broken download still lacks. Its address changes with its content.
func (s *Site) file(w http.ResponseWriter, r *http.Request) error {
	f, ok := s.current.Load().published(r.PathValue("hash"))
	if !ok {
		return s.Missing(w, r)
	}
	content, err := s.files.get(f.Hash, func() ([]byte, error) {
		_, content, err := s.service.FileContent(r.Context(), f.Hash)
		return content, err
	})
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", f.MediaType)
	h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": f.Name}))
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	h.Set("ETag", `"`+f.Hash+`"`)
	h.Set(web.Uncompressed, "1") // every kind of file that a publication may have is compressed in itself
	// The server's own limit would end a large file on a poor line; a writer that has no limit needs none lifted.
	_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(maxDownload)) // a recorder in a test has none
	if fetches(r) {
		s.counter(visits.Download(f.ArticleID, f.Lang)).Add(1)
	}
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(content))
	return nil
}

// fetches says whether a request begins to fetch a file: the parts of a download that broke off, and what a browser that has the file only asks after, are no further ones.
func fetches(r *http.Request) bool {
	part := r.Header.Get("Range")
	return r.Method == http.MethodGet && r.Header.Get("If-None-Match") == "" && (part == "" || strings.HasPrefix(part, "bytes=0-"))
}
