package web

import (
	"bytes"
	"errors"
	"net/http"
	"sync"

	"github.com/a-h/templ"

	"ostoja/internal/errs"
	"ostoja/internal/lang"
)

// View says what a page is, around its body.
type View struct {
	Title  string // in the page's language; never a person's name
	Nav    string // which item of the main menu is current: courses, certificates, desk, people, organisations, authoring, system, account
	Status int    // 200 if left out
	Wide   bool   // tables and figures use the whole width; text keeps its column
}

// Redirect leads to another page of the application after a change (303).
func Redirect(w http.ResponseWriter, r *http.Request, path string) error {
	http.Redirect(w, r, path, http.StatusSeeOther) //nolint:gosec // callers pass our own paths; foreign ones go through LocalPath
	return nil
}

var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// Write sends a component as an HTML page. It renders before it sends, so that an error in the middle becomes an error
// page and not half a page.
func Write(w http.ResponseWriter, r *http.Request, status int, c templ.Component) error {
	b := buffers.Get().(*bytes.Buffer)
	defer buffers.Put(b)
	b.Reset()
	if err := c.Render(r.Context(), b); err != nil {
		return err
	}
	if status == 0 {
		status = http.StatusOK
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, err := w.Write(b.Bytes())
	return ignoreGone(err)
}

// ignoreGone drops the error of a browser that went away: there is nobody to tell.
func ignoreGone(error) error { return nil }

type page struct {
	status int
	title  string
	text   string
}

// statusOf maps the categories of errors to HTTP, once.
func statusOf(err error) page {
	switch {
	case errors.Is(err, errs.ErrNotFound):
		return page{http.StatusNotFound, "error.not-found", "error.not-found-text"}
	case errors.Is(err, errs.ErrForbidden):
		return page{http.StatusForbidden, "error.forbidden", "error.forbidden-text"}
	case errors.Is(err, errs.ErrGone):
		return page{http.StatusGone, "error.gone", "error.gone-text"}
	case errors.Is(err, errs.ErrConflict):
		return page{http.StatusConflict, "error.conflict", "error.conflict-text"}
	case errors.Is(err, errs.ErrTooMany):
		return page{http.StatusTooManyRequests, "error.too-many", "error.too-many-text"}
	case errors.Is(err, errs.ErrInvalid):
		return page{http.StatusBadRequest, "error.invalid", "error.invalid-text"}
	}
	return page{http.StatusInternalServerError, "error.internal", "error.internal-text"}
}

// fail shows an error page. What a person reads comes from the error's category and key; its cause goes to the log alone.
func (m *Mux) fail(w http.ResponseWriter, r *http.Request, err error) {
	p := statusOf(err)
	if p.status == http.StatusInternalServerError {
		m.site.Log.Error("request failed", "route", r.Pattern, "error", err)
	}
	printer := lang.From(r.Context())
	title, text := printer.T(p.title), printer.T(p.text)
	var e *errs.Error
	if errors.As(err, &e) && e.Key != "" && e.Key != p.title {
		switch {
		case printer.Has(e.Key + "-text"): // a page of its own
			title, text = printer.Args(e.Key, e.Args), printer.Args(e.Key+"-text", e.Args)
		default:
			text = printer.Args(e.Key, e.Args)
		}
	}
	if tooLarge := (*http.MaxBytesError)(nil); errors.As(err, &tooLarge) {
		p.status = http.StatusRequestEntityTooLarge
		text = printer.T("error.too-large-text", "Limit", printer.Bytes(tooLarge.Limit))
	}
	if err := Show(w, r, View{Title: title, Status: p.status}, errorPage(title, text)); err != nil {
		m.site.Log.Error("error page failed", "error", err)
		http.Error(w, title, p.status)
	}
}
