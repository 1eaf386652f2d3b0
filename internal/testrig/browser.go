package testrig

import (
	"bytes"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"ostoja/internal/access"
	"ostoja/internal/db/dbtest"
	"ostoja/internal/web/webtest"
)

// Browser asks the whole program for pages as a person's browser does: it keeps cookies, and sends forms as they stand on the
// page. It follows no redirects, for where one leads is what many tests are about.
type Browser struct {
	w       *World
	cookies map[string]*http.Cookie
}

// Browse returns the browser of somebody who has signed in; the zero actor is nobody.
func (w *World) Browse(a access.Actor) *Browser {
	w.T.Helper()
	if w.handler == nil {
		w.handler = Must(w.Handler())(w.T)
	}
	b := &Browser{w: w, cookies: map[string]*http.Cookie{}}
	if a.PersonID != "" {
		link := Must(w.Identity.OneTimeLink(w.T.Context(), everywhere, a.PersonID))(w.T)
		path := strings.TrimPrefix(link, baseURL)
		b.Post(path, url.Values{})
		if len(b.cookies) == 0 {
			w.T.Fatalf("%s opened no session", path)
		}
	}
	return b
}

// Get asks for a page.
func (b *Browser) Get(path string) webtest.Page {
	b.w.T.Helper()
	return b.Do(httptest.NewRequest(http.MethodGet, path, nil))
}

// Post sends a form.
func (b *Browser) Post(path string, form url.Values) webtest.Page {
	b.w.T.Helper()
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return b.Do(r)
}

// Upload sends a form with a file in the field "file".
func (b *Browser) Upload(path string, form url.Values, name, content string) webtest.Page {
	b.w.T.Helper()
	var body bytes.Buffer
	m := multipart.NewWriter(&body)
	for field, values := range form {
		for _, v := range values {
			b.w.OK(m.WriteField(field, v))
		}
	}
	file := Must(m.CreateFormFile("file", name))(b.w.T)
	Must(file.Write([]byte(content)))(b.w.T)
	b.w.OK(m.Close())
	r := httptest.NewRequest(http.MethodPost, path, &body)
	r.Header.Set("Content-Type", m.FormDataContentType())
	return b.Do(r)
}

// Do sends any request.
func (b *Browser) Do(r *http.Request) webtest.Page {
	b.w.T.Helper()
	return b.send(r, webtest.Send)
}

// Fails sends a request that cannot succeed, since a test broke what it needs; it fails the test if the answer does not say so.
func (b *Browser) Fails(r *http.Request) webtest.Page {
	b.w.T.Helper()
	return b.send(r, webtest.Fails)
}

func (b *Browser) send(r *http.Request, by func(testing.TB, http.Handler, *http.Request) webtest.Page) webtest.Page {
	b.w.T.Helper()
	for _, c := range b.cookies {
		r.AddCookie(c)
	}
	p := by(b.w.T, b.w.handler, r)
	for _, c := range (&http.Response{Header: p.Header}).Cookies() {
		b.cookies[c.Name] = c
		if c.MaxAge < 0 {
			delete(b.cookies, c.Name)
		}
	}
	return p
}

// Fragile asks for pages again and again, each time with another of their statements failing: each failure must be told as one of the
// program's, and none may leave out of a page what the database did not give. tolerated is as in [dbtest.Failing].
func (b *Browser) Fragile(t *testing.T, paths []string, tolerated ...string) {
	t.Helper()
	for _, path := range paths {
		ask := func() (err error) {
			r, to := httptest.NewRequest(http.MethodGet, path, nil), httptest.NewRecorder()
			for _, c := range b.cookies {
				r.AddCookie(c)
			}
			defer func() {
				if p := recover(); p == http.ErrAbortHandler { //nolint:errorlint // a panic's value; a file that was begun is cut off
					err = http.ErrAbortHandler
				} else if p != nil {
					panic(p)
				}
			}()
			if b.w.handler.ServeHTTP(to, r); to.Code != http.StatusOK {
				err = fmt.Errorf("%s: status %d", path, to.Code)
			}
			return err
		}
		if err := ask(); err != nil { // also fills what is cached, as the session
			t.Error(err)
		} else if dbtest.Failing(t, b.w.DB, ask, tolerated...) == 0 {
			t.Errorf("%s asks nothing of the database", path)
		}
	}
}

// Status fails the test unless a page has a status.
func (w *World) Status(p webtest.Page, want int) webtest.Page {
	w.T.Helper()
	if p.Status != want {
		w.T.Fatalf("status %d, not %d: %s", p.Status, want, p.Text("main"))
	}
	return p
}
