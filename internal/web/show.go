package web

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"syscall"

	"github.com/a-h/templ"

	"ostoja/internal/errs"
	"ostoja/internal/lang"
	"ostoja/internal/ui"
)

// View says what a page is, around its body.
type View struct {
	Title  string // in the page's language; never a person's name
	Nav    string // which item of the main menu is current: today, courses, my-trainings, certificates, desk, trainings, people, organisations, evidence, projects, authoring, bank, site, system, account
	Status int    // 200 if left out
	Wide   bool   // tables and figures use the whole width; text keeps its column
	Charts bool   // it has drawings of figures, whose styles other pages do without
	// With names built files that other pages do without: hall.css, roll.js.
	With []string
	// Refresh is after how many seconds a browser without scripts loads the page again; 0: never.
	Refresh int
}

// FindPath is the page of the one search, to which the field in the head of every other leads.
const FindPath = "/app/find"

// Show sends a page: the shell around body.
func Show(w http.ResponseWriter, r *http.Request, v View, body templ.Component) error {
	props := pageProps(w, r, v)
	return write(w, r, v.Status, templ.ComponentFunc(func(ctx context.Context, out io.Writer) error {
		return ui.Page(props).Render(templ.WithChildren(ctx, body), out)
	}))
}

// pageProps returns what the shell needs. It takes the message that an earlier step left.
func pageProps(w http.ResponseWriter, r *http.Request, v View) ui.PageProps {
	s, p := stateOf(r.Context()), lang.From(r.Context())
	props := ui.PageProps{Title: v.Title, Lang: p.Tag(), Dir: p.Dir(), Wide: v.Wide, Refresh: v.Refresh, Home: "/app/", Public: s.public}
	if a := s.site.Assets; a != nil {
		props.CSS, props.JS = a.URL("app.css"), a.URL("app.js")
		for _, name := range v.With {
			if strings.HasSuffix(name, ".css") {
				props.Styles = append(props.Styles, a.URL(name))
			} else {
				props.Scripts = append(props.Scripts, a.URL(name))
			}
		}
		if v.Charts {
			props.Charts = a.URL("charts.css")
		}
	}
	for _, tag := range s.site.Catalogue.Langs() {
		props.Langs = append(props.Langs, ui.NavItem{Label: p.T("language." + tag), Href: tag, Current: tag == p.Tag()})
	}
	if props.Public {
		props.Home = "/"
		return props
	}
	props.Said = s.site.said(w, r)
	if s.site.Help != nil {
		props.Help = s.site.Help(r.URL.Path)
	}
	props.Return = "/app/"
	if r.Method == http.MethodGet {
		props.Return = cmp.Or(s.address, r.URL.RequestURI())
	}
	if actor := s.session.Actor; actor.PersonID != "" {
		props.Account = s.session.Name
		if props.Slash = Slash(r); s.site.Assets != nil && r.URL.Path != FindPath {
			props.Find = s.site.Assets.URL("find.css")
		}
		m := menuOf(p, actor, v.Nav)
		props.Nav = m.items
		if slices.ContainsFunc(m.sides, func(i ui.NavItem) bool { return i.Href == r.URL.Path }) { // the pages below have their crumbs
			props.Side, props.Sides = m.group, m.sides
		}
	}
	return props
}

// ShowKept shows a form that was sent after its session had ended, to be sent again now.
func ShowKept(w http.ResponseWriter, r *http.Request, k Kept) error {
	return Show(w, r, View{Title: lang.T(r.Context(), "kept.title")}, keptPage(k))
}

// Redirect leads to another page of the application after a change (303).
func Redirect(w http.ResponseWriter, r *http.Request, path string) error {
	http.Redirect(w, r, path, http.StatusSeeOther) //nolint:gosec // callers pass our own paths; foreign ones go through LocalPath
	return nil
}

var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// write sends a component as an HTML page. It renders before it sends, so that an error in the middle becomes an error
// page and not half a page; an error of sending itself is for [Mux], which tells a browser that went away from a fault.
func write(w http.ResponseWriter, r *http.Request, status int, c templ.Component) error {
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
	return err
}

type page struct {
	status int
	title  string
	text   string
}

// statusOf maps the categories of errors to HTTP, once.
func statusOf(err error) page {
	switch {
	case errors.Is(err, errs.ErrUnavailable), errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT): // first: it may be why something else is
		return page{http.StatusServiceUnavailable, "error.unavailable", "error.unavailable-text"}
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

// retryAfter is after how many seconds a program may ask again whom the database could not answer.
const retryAfter = "30"

// fail shows an error page. What a person reads comes from the error's category and key; its cause goes to the log alone.
func (m *Mux) fail(w http.ResponseWriter, r *http.Request, err error) {
	p := statusOf(err)
	if p.status >= http.StatusInternalServerError {
		m.site.Log.Error("request failed", "route", r.Pattern, "error", err)
	}
	printer := lang.From(r.Context())
	title, text := printer.T(p.title), printer.T(p.text)
	var e *errs.Error
	if p.status == http.StatusServiceUnavailable {
		w.Header().Set("Retry-After", retryAfter) // RFC 9110, section 10.2.3
	}
	// What stands in the way of the database may hide behind a key that speaks of something else.
	own := errors.As(err, &e) && e.Key != "" && e.Key != p.title && (p.status != http.StatusServiceUnavailable || e.Category == errs.ErrUnavailable) //nolint:errorlint // the error's own category
	if own {
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
	sent := &statusWriter{ResponseWriter: w}
	if err := Show(sent, r, View{Title: title, Status: p.status}, errorPage(title, text, stateOf(r.Context()).public)); err != nil && !gone(err) {
		m.site.Log.Error("error page failed", "error", err)
		if sent.status == 0 {
			http.Error(w, title, p.status)
		}
	}
}
