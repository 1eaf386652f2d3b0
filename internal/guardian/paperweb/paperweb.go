// Package paperweb prints the papers of guardians: blanks for courts and the sheet for the child, filled in with a pen.
//
// Goals: the papers are there for who files a motion at night and for each guardian, in today's facts; nothing that has lapsed is printed. Limits: no
// page takes a word about a child: nothing can be typed into them, and nothing is kept.
package paperweb

import (
	"net/http"

	"ostoja/guardian"
	"ostoja/internal/errs"
	"ostoja/internal/fact"
	"ostoja/internal/lang"
	"ostoja/internal/web"
)

// Addresses of the pages: the office's, and those of everybody signed in, since a unit files motions and a guardian reports.
const (
	officePath = "/app/guardians/papers"
	ownPath    = "/app/guardian/papers"
)

// styles are those of papers, which other pages do without.
var styles = []string{"blanks.css"}

// Facts gives those of the day.
type Facts interface {
	Today() *fact.Book
}

// Pages are the pages of papers.
type Pages struct {
	site  *web.Site
	facts Facts
	all   map[string]map[string]*paper
	err   error // of reading what comes with the program
}

// New returns the pages.
func New(site *web.Site, facts Facts) *Pages {
	h := &Pages{site: site, facts: facts}
	h.all, h.err = readAll(guardian.Papers)
	return h
}

// Routes registers the pages.
func (h *Pages) Routes(m *web.Mux) {
	m.Handle("GET "+officePath, h.list(officePath, "guardians"))
	m.Handle("GET "+officePath+"/{paper}", h.show(officePath, "guardians"))
	m.Handle("GET "+ownPath, h.list(ownPath, ""))
	m.Handle("GET "+ownPath+"/{paper}", h.show(ownPath, ""))
}

// view is a paper as its page shows it.
type view struct {
	*paper
	name, base string
	book       *fact.Book
	langs      []string // in which it can be had
}

func (h *Pages) list(base, nav string) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		if h.err != nil {
			return h.err
		}
		return web.Show(w, r, web.View{With: styles, Title: lang.T(r.Context(), "guardianpaper.title"), Nav: nav}, listPage(base))
	}
}

func (h *Pages) show(base, nav string) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		if h.err != nil {
			return h.err
		}
		v := view{name: r.PathValue("paper"), base: base, book: h.facts.Today(), langs: []string{"pl"}}
		if v.name == childPaper {
			v.langs = tags
		}
		in := r.URL.Query().Get("in")
		if in == "" {
			in = "pl"
		}
		if v.paper = h.all[v.name][in]; v.paper == nil {
			return errs.NotFound("error.not-found")
		}
		return web.Show(w, r, web.View{With: styles, Title: lang.T(r.Context(), "guardianpaper.name."+v.name), Nav: nav}, paperPage(v))
	}
}
