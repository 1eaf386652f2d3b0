// Package paperweb prints the papers of guardians: blanks for courts and the sheet for the child, filled in with a pen.
//
// Goals: the papers are there for who files a motion at night and for each guardian, in today's facts; nothing that has lapsed is printed. Limits: no
// page takes a word about a child: nothing can be typed into them, and nothing is kept.
package paperweb

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"ostoja/guardian"
	"ostoja/internal/errs"
	"ostoja/internal/fact"
	register "ostoja/internal/guardian"
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

// Courts knows the courts, and what is on papers to them.
type Courts interface {
	Courts(ctx context.Context) ([]register.Court, error)
	CourtPaper(ctx context.Context, courtID string) (register.Court, register.CourtPaper, error)
}

// Pages are the pages of papers.
type Pages struct {
	site   *web.Site
	facts  Facts
	courts Courts
	all    map[string]map[string]*paper
	err    error // of reading what comes with the program
}

// New returns the pages.
func New(site *web.Site, facts Facts, courts Courts) *Pages {
	h := &Pages{site: site, facts: facts, courts: courts}
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

// to is the court for which papers are opened, as its office heads them; the zero value is none.
type to struct {
	court register.Court
	paper register.CourtPaper
}

// lines are those of the heading; none where papers are opened for no court.
func (t to) lines() []string {
	if t.court.ID == "" {
		return nil
	}
	return t.paper.Lines(t.court)
}

// with adds the court to an address.
func (t to) with(path string) string {
	if t.court.ID == "" {
		return path
	}
	sign := "?"
	if strings.Contains(path, "?") {
		sign = "&"
	}
	return path + sign + "court=" + t.court.ID
}

// courtOf reads for which court papers are opened. One that is closed has none any more.
func (h *Pages) courtOf(r *http.Request) (t to, err error) {
	courtID := r.URL.Query().Get("court")
	if courtID == "" {
		return t, nil
	}
	if t.court, t.paper, err = h.courts.CourtPaper(r.Context(), courtID); err == nil && !t.court.ClosedAt.IsZero() {
		err = errs.NotFound("error.not-found")
	}
	return t, err
}

// view is a paper as its page shows it.
type view struct {
	*paper
	name, base string
	book       *fact.Book
	langs      []string // in which it can be had
	to         to
	complaints string // the address for complaints, as one types it
}

// listView is what the list of papers shows.
type listView struct {
	base   string
	courts []register.Court // open ones
	to     to
}

func (h *Pages) list(base, nav string) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		if h.err != nil {
			return h.err
		}
		t, err := h.courtOf(r)
		if err != nil {
			return err
		}
		v := listView{base: base, to: t}
		if v.courts, err = h.courts.Courts(r.Context()); err != nil {
			return err
		}
		v.courts = slices.DeleteFunc(v.courts, func(c register.Court) bool { return !c.ClosedAt.IsZero() })
		return web.Show(w, r, web.View{With: styles, Title: lang.T(r.Context(), "guardianpaper.title"), Nav: nav}, listPage(v))
	}
}

func (h *Pages) show(base, nav string) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		if h.err != nil {
			return h.err
		}
		t, err := h.courtOf(r)
		if err != nil {
			return err
		}
		v := view{name: r.PathValue("paper"), base: base, book: h.facts.Today(), langs: []string{"pl"}, to: t}
		_, host, _ := strings.Cut(h.site.BaseURL, "://")
		v.complaints = host + "/guardian-complaint"
		if v.name == childPaper {
			v.langs, v.to = tags, to{} // it goes to no court
		} else if !t.paper.Uses(v.name) {
			return errs.NotFound("error.not-found")
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
