// Package finderweb shows the one search: its page, what the field in the head of every page shows below itself, and the way on into an
// area's own list.
//
// Goals: what somebody typed stands in no address but sealed, in no title, no log and no cookie (decision 0037); the page works without a
// script, by one form and one redirect. Limits: it knows no area, and shows what the finder hands it.
package finderweb

import (
	"net/http"
	"strings"

	"ostoja/internal/errs"
	"ostoja/internal/finder"
	"ostoja/internal/lang"
	"ostoja/internal/text"
	"ostoja/internal/web"
)

// Pages are the pages of the search.
type Pages struct {
	Site   *web.Site
	Finder *finder.Finder
}

// Routes registers the pages.
func (h *Pages) Routes(m *web.Mux) {
	m.Handle("GET "+web.FindPath, h.page)
	m.Handle("POST "+web.FindPath, h.find)
	m.Handle("POST /app/find/quick", h.quick)
	m.Handle("POST /app/find/list", h.list)
	m.Handle("POST /app/find/keys", h.keys)
}

// view is what the page shows.
type view struct {
	form   *web.Form
	words  string // "": nothing was asked
	kinds  []string
	groups []finder.Group
	slash  bool
}

// said is what a screen reader hears of what was found.
func (v view) said(p *lang.Printer) string {
	n, more := 0, false
	for _, g := range v.groups {
		n, more = n+len(g.Hits), more || g.More
	}
	if more {
		return p.N("find.found-more", n)
	}
	return p.N("find.found", n)
}

func (h *Pages) page(w http.ResponseWriter, r *http.Request) (err error) {
	v := view{form: web.NewForm()}
	if web.Sought(r) { // words that came otherwise were not typed here
		v.words = r.URL.Query().Get("q")
		v.form.Set("words", v.words)
		if v.groups, err = h.found(r, v.words); err != nil {
			return err
		}
	}
	return h.show(w, r, v)
}

func (h *Pages) show(w http.ResponseWriter, r *http.Request, v view) error {
	v.kinds, v.slash = h.Finder.Kinds(web.Actor(r.Context())), web.Slash(r)
	return web.Show(w, r, web.View{Title: lang.T(r.Context(), "find.title"), Status: v.form.Status(), With: []string{"find.css"}}, findPage(v))
}

func (h *Pages) found(r *http.Request, words string) ([]finder.Group, error) {
	return h.Finder.Find(r.Context(), web.Actor(r.Context()), finder.Question{Words: words, Lang: lang.From(r.Context()).Tag()})
}

// asked reads the words of a form, and what is wrong with them.
func asked(r *http.Request) (words string, f *web.Form, err error) {
	if f, err = web.ReadForm(r); err != nil {
		return "", nil, err
	}
	words = text.Clean(f.Get("words"))
	faults := finder.Check(words)
	return words, f, faults.Err()
}

// find leads to the page of what is found: the answer to a form would stand, words and all, in the browser's file of sessions.
func (h *Pages) find(w http.ResponseWriter, r *http.Request) error {
	words, f, err := asked(r)
	switch {
	case f == nil:
		return err
	case err != nil && f.Fail(lang.From(r.Context()), err):
		return h.show(w, r, view{form: f})
	case err != nil:
		return err
	}
	return h.lead(w, r, web.FindPath, words)
}

func (h *Pages) lead(w http.ResponseWriter, r *http.Request, path, words string) error {
	address, err := h.Site.Sought(r, path, words)
	if err != nil {
		return err
	}
	return web.Redirect(w, r, address)
}

// quick answers the field in the head while somebody types: the groups alone.
func (h *Pages) quick(w http.ResponseWriter, r *http.Request) error {
	words, _, err := asked(r)
	if err != nil {
		return err
	}
	groups, err := h.found(r, words)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	return results(view{words: words, groups: groups}).Render(r.Context(), w)
}

// list leads on into the list of a kind, with the words in its own search.
func (h *Pages) list(w http.ResponseWriter, r *http.Request) error {
	words, f, err := asked(r)
	if err != nil {
		return err
	}
	path := h.Finder.List(web.Actor(r.Context()), f.Text("kind"))
	if path == "" {
		return errs.NotFound("error.not-found")
	}
	return h.lead(w, r, path, words)
}

// keys turns the key / on or off in this browser.
func (h *Pages) keys(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	on := f.Text("slash") == "on"
	h.Site.SetSlash(w, on)
	if on {
		h.Site.Say(w, "find.keys.is-on")
	} else {
		h.Site.Say(w, "find.keys.is-off")
	}
	return web.Redirect(w, r, web.FindPath)
}

// note is what stands beside a hit.
func (h hit) note(p *lang.Printer) string {
	parts := []string{h.Note}
	if !h.Day.IsZero() {
		parts = append(parts, p.Date(h.Day))
	}
	if h.State != "" {
		parts = append(parts, p.T(h.State))
	}
	said := parts[:0]
	for _, s := range parts {
		if s != "" {
			said = append(said, s)
		}
	}
	return strings.Join(said, " · ")
}

type hit struct{ finder.Hit }
