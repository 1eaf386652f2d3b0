// Package assets serves the styles and scripts that `make build` puts into dist. Their names carry a hash of their content, so that
// browsers may keep them for good (RFC 8246: immutable) and a new program never meets old styles. They are compressed when they are
// built, not when they are asked for. It knows no page, and nothing from another host is among them.
package assets

import (
	"bytes"
	"compress/gzip"
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"
)

//go:embed all:dist
var dist embed.FS

// Assets are the built files, compressed once.
type Assets struct {
	names map[string]string // app.css -> app-HASH.css
	files map[string]file   // by hashed name
}

type file struct {
	mediaType  string
	plain, zip []byte
}

// Load reads the built files. It fails where the build has not been run.
func Load() (*Assets, error) {
	manifest, err := fs.ReadFile(dist, "dist/manifest.json")
	if err != nil {
		return nil, fmt.Errorf("the styles and scripts have not been built: run make build (%w)", err)
	}
	a := &Assets{files: map[string]file{}}
	if err := json.Unmarshal(manifest, &a.names); err != nil {
		return nil, err
	}
	for _, name := range a.names {
		content, err := fs.ReadFile(dist, "dist/"+name)
		if err != nil {
			return nil, err
		}
		var zipped bytes.Buffer
		z, err := gzip.NewWriterLevel(&zipped, gzip.BestCompression)
		if err != nil {
			return nil, err
		}
		if _, err := z.Write(content); err != nil {
			return nil, err
		}
		if err := z.Close(); err != nil {
			return nil, err
		}
		a.files[name] = file{mime.TypeByExtension(path.Ext(name)), content, zipped.Bytes()}
	}
	return a, nil
}

// Inline returns a built style or script that stands within pages.
func Inline(name string) (string, error) {
	b, err := fs.ReadFile(dist, "dist/"+name)
	if err != nil {
		return "", fmt.Errorf("the styles and scripts have not been built: run make build (%w)", err)
	}
	return strings.TrimSpace(string(b)), nil
}

// URL returns the address of a built file, "" if there is no such file.
func (a *Assets) URL(name string) string {
	if hashed := a.names[name]; hashed != "" {
		return "/assets/" + hashed
	}
	return ""
}

// ServeHTTP serves a built file. Its name changes with its content, so that browsers may keep it for good.
func (a *Assets) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f, ok := a.files[path.Base(r.URL.Path)]
	if !ok {
		http.NotFound(w, r)
		return
	}
	h := w.Header()
	h.Set("Content-Type", f.mediaType)
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	h.Set("Vary", "Accept-Encoding")
	body := f.plain
	if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		h.Set("Content-Encoding", "gzip")
		body = f.zip
	}
	_, _ = w.Write(body) // a browser that went away is told nothing
}
