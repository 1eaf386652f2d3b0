// Package todayweb shows the first page of everybody who works in the programme: what waits, by deadline, with the next step of each; what comes,
// and figures of one's own.
//
// Goals: the first screen answers "what now?"; the page says which part could not be read; it works without a script and on a phone. Limits: it decides
// nothing and shows nothing that its reader could not open anyway.
package todayweb

import (
	"context"
	"net/http"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/lang"
	"ostoja/internal/today"
	"ostoja/internal/ui"
	"ostoja/internal/web"
)

// Path is where the page is.
const Path = "/app/today"

// LetterPath is where somebody sends a letter to themselves.
const LetterPath = Path + "/letter"

// Pages are the pages of today.
type Pages struct {
	Site    *web.Site
	Service *today.Service
	// Letter sends the actor a letter, by which they see that mail leaves.
	Letter func(ctx context.Context, actor access.Actor) error
}

// Routes registers the pages.
func (h *Pages) Routes(m *web.Mux) {
	m.Handle("GET "+Path, h.show)
	m.Handle("POST "+LetterPath, h.letter)
}

// first is how many tasks stand open; the others are behind a press.
const first = 7

type view struct {
	today.Board
	Now time.Time
}

func (v view) open() []today.Task   { return v.Tasks[:min(first, len(v.Tasks))] }
func (v view) folded() []today.Task { return v.Tasks[min(first, len(v.Tasks)):] }

func (h *Pages) show(w http.ResponseWriter, r *http.Request) (err error) {
	ctx := r.Context()
	v := view{Now: h.Site.Clock.Now()}
	if v.Board, err = h.Service.Board(ctx, web.Actor(ctx), v.Now); err != nil {
		return err
	}
	return web.Show(w, r, web.View{With: []string{"tasks.css", "today.css"}, Title: lang.T(ctx, "today.title"), Nav: "today", Wide: true}, page(v))
}

func (h *Pages) letter(w http.ResponseWriter, r *http.Request) error {
	if err := h.Letter(r.Context(), web.Actor(r.Context())); err != nil {
		return err
	}
	h.Site.Say(w, "today.letter.said")
	return web.Redirect(w, r, Path)
}

// rows are tasks in the reader's language.
func rows(p *lang.Printer, tasks []today.Task) (list []ui.TaskRow) {
	for _, t := range tasks {
		list = append(list, ui.TaskRow{At: t.Due.At, Timed: t.Due.Timed, What: t.What.In(p), Why: t.Why.In(p), Href: t.Href, Open: t.Open.In(p), About: t.About})
	}
	return list
}

// status says in a sentence how much waits, and how much of it is late.
func status(p *lang.Printer, v view) string {
	said := p.T("today.date", "Weekday", weekday(p, "today.weekday.", v.Now), "Day", p.Date(v.Now))
	switch {
	case len(v.Tasks) == 0:
		return said
	case v.Late == 0:
		return said + " " + p.N("today.waits", len(v.Tasks)) + "."
	}
	return said + " " + p.N("today.waits", len(v.Tasks)) + ", " + p.N("today.late", v.Late) + "."
}

// nothing says that nothing waits, and when the next thing is.
func nothing(p *lang.Printer, v view) string {
	if next := v.Next(); !next.IsZero() {
		return p.T("today.nothing-until", "Day", p.Date(next))
	}
	return p.T("today.nothing")
}

func weekday(p *lang.Printer, prefix string, at time.Time) string {
	return p.T(prefix + [...]string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}[at.In(p.Zone()).Weekday()])
}

// where says where something is, when on its first day, and who leads it.
func where(p *lang.Printer, c today.Coming) string {
	said := c.Where
	if said != "" {
		said += ", "
	}
	said += p.Clock(c.From)
	if c.Until.Sub(c.From) < 24*time.Hour {
		said += "–" + p.Clock(c.Until)
	} else {
		said += p.T("today.until-day", "Day", p.Day(c.Until, c.From))
	}
	if c.Who == "" {
		return said
	}
	return said + ". " + p.T("today.led-by", "Name", c.Who)
}

// seats says how many seats are taken.
func seats(p *lang.Printer, c today.Coming) string {
	said := p.N("today.taken", c.Taken)
	if c.Places != nil {
		said = p.N("today.seats", *c.Places, "Taken", p.Int(c.Taken))
	}
	if c.Waiting > 0 {
		said += ", " + p.N("today.queue", c.Waiting)
	}
	return said
}
