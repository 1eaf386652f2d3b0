package testrig

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"ostoja/internal/access"
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
	return b.Do(formRequest(path, form))
}

func formRequest(path string, form url.Values) *http.Request {
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return r
}

// Upload sends a form with a file in the field "file".
func (b *Browser) Upload(path string, form url.Values, name, content string) webtest.Page {
	b.w.T.Helper()
	return b.Do(b.uploadRequest(path, form, "file", name, content))
}

func (b *Browser) uploadRequest(path string, form url.Values, field, name, content string) *http.Request {
	b.w.T.Helper()
	var body bytes.Buffer
	m := multipart.NewWriter(&body)
	for key, values := range form {
		for _, v := range values {
			b.w.OK(m.WriteField(key, v))
		}
	}
	file := Must(m.CreateFormFile(field, name))(b.w.T)
	Must(file.Write([]byte(content)))(b.w.T)
	b.w.OK(m.Close())
	r := httptest.NewRequest(http.MethodPost, path, &body)
	r.Header.Set("Content-Type", m.FormDataContentType())
	return r
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
	b.keep(p.Header)
	return p
}

// keep keeps the cookies of an answer.
func (b *Browser) keep(h http.Header) {
	for _, c := range (&http.Response{Header: h}).Cookies() {
		b.cookies[c.Name] = c
		if c.MaxAge < 0 {
			delete(b.cookies, c.Name)
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
