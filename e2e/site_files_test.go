package e2e

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"ostoja/internal/access"
)

// patient notes until when an answer may take.
type patient struct {
	*httptest.ResponseRecorder
	until time.Time
}

// SetWriteDeadline is what a connection offers.
func (p *patient) SetWriteDeadline(t time.Time) error { p.until = t; return nil }

// TestAFileCanBeFetchedInParts: on a poor line a download breaks, goes on, and takes longer than a page may.
func TestAFileCanBeFetchedInParts(t *testing.T) {
	p := openPublic(t, "https://exit.example/")
	o, err := p.app.Site.Article(t.Context(), access.System, somePublication)
	if err != nil {
		t.Fatal(err)
	}
	path := "/files/" + o.Files[0].Hash + "/" + url.PathEscape(someFile)
	r, err := http.Get(p.base + "/pl/publications/" + somePublication)
	if err != nil {
		t.Fatal(err)
	}
	if body := text(t, r.Body); !strings.Contains(body, `href="`+path+`"`) {
		t.Errorf("the page does not link to %s: %s", path, body)
	}
	_ = r.Body.Close()
	get := func(part string) *patient {
		q := httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil)
		q.Header.Set("Accept-Encoding", "gzip, br")
		if part != "" {
			q.Header.Set("Range", part)
		}
		w := &patient{ResponseRecorder: httptest.NewRecorder()}
		p.whole.ServeHTTP(w, q)
		return w
	}
	whole := get("")
	body := whole.Body.String()
	h := whole.Header()
	if whole.Code != http.StatusOK || int64(len(body)) != o.Files[0].Size || h.Get("Content-Encoding") != "" || h.Get("Accept-Ranges") != "bytes" || h.Get("No-Gzip-Compression") != "" ||
		h.Get("Content-Type") != "application/pdf" || !strings.HasPrefix(h.Get("Content-Disposition"), "attachment") || !strings.Contains(h.Get("Content-Security-Policy"), "sandbox") {
		t.Errorf("%d, %d bytes, %v", whole.Code, len(body), h)
	}
	if left := time.Until(whole.until); left < time.Hour {
		t.Errorf("it may take %s", left)
	}
	part := get("bytes=100000-100099")
	if got := part.Body.String(); part.Code != http.StatusPartialContent || got != body[100_000:100_100] || part.Header().Get("Content-Encoding") != "" {
		t.Errorf("a part: %d, %d bytes %v", part.Code, len(got), part.Header())
	}
	if err := p.app.Site.RemoveFile(t.Context(), access.System, o.Files[0].ID); err != nil {
		t.Fatal(err)
	}
	if gone := get(""); gone.Code != http.StatusNotFound {
		t.Errorf("taken off, and still there: %d", gone.Code)
	}
}

// TestNoPublicAddressShowsTheApplication: whatever a reader mistypes, the way out is there, and nothing of it is stored.
func TestNoPublicAddressShowsTheApplication(t *testing.T) {
	p := openPublic(t, "https://exit.example/")
	for path, want := range map[string]string{"/nope": "pl", "/nope/deeper/still": "pl", "/ar/nope": "ar", "/files/x/y": "pl", "/pl/z6/": "pl"} {
		r, err := http.Get(p.base + path)
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(r.Body)
		_ = r.Body.Close()
		body := string(b)
		if err != nil || r.StatusCode != http.StatusNotFound || !strings.Contains(body, `id="out"`) || !strings.Contains(body, `<html lang="`+want+`"`) || strings.Contains(body, "/assets/") || r.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s: %s %v %.300s", path, r.Status, r.Header, body)
		}
	}
}
