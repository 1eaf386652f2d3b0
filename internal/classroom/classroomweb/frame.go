package classroomweb

import (
	"context"
	"net/http"
	"time"

	"github.com/a-h/templ"

	"ostoja/internal/access"
	"ostoja/internal/classroom"
	"ostoja/internal/lang"
	"ostoja/internal/ui"
	"ostoja/internal/web"
)

// Tab is a side of a training: a page of its own, with an address below the training's.
type Tab struct {
	Name       string            // of the text classroom.tab.NAME
	Path       string            // below the training's; "" is the training's page itself
	Permission access.Permission // in the training: who has it sees the tab
}

// Summary is what another package's pages say of a training under its title, on every tab; nil for nothing.
type Summary func(ctx context.Context, actor access.Actor, p classroom.Plan) (templ.Component, error)

// Frame is the head of a training's page: what it is, how it stands, its tabs. Every page below a training's address stands in one,
// also those of seatweb and attendanceweb, which make it by [Pages.Frame].
type Frame struct {
	classroom.Plan
	Tab      string // the name of the current one; "" on a page below a tab
	Allowed  map[access.Permission]bool
	Sessions []classroom.Session // the cancelled ones too
	Trainers []classroom.Trainer
	Own      map[string][]string // of a session that not all of them teach: who does
	Seats    classroom.Seats
	Now      time.Time
	// Main is the page's filled button and More what stands beside it; none without an Href.
	Main, More ui.NavItem

	tabs  []Tab
	parts []templ.Component
}

// Frame returns the frame of the training that the request's address names, for who may see it; any other is not found.
func (h *Pages) Frame(r *http.Request, tab string) (f *Frame, err error) {
	ctx, actor := r.Context(), web.Actor(r.Context())
	f = &Frame{Tab: tab, Now: h.Site.Clock.Now()}
	about, err := h.Service.About(ctx, actor, r.PathValue("training"))
	if err != nil {
		return nil, err
	}
	f.Plan, f.Allowed, f.Sessions, f.Trainers, f.Own, f.Seats = about.Plan, about.Allowed, about.Sessions, about.Trainers, about.Own, about.Seats
	for _, t := range h.Tabs {
		if f.Allowed[t.Permission] {
			f.tabs = append(f.tabs, t)
		}
	}
	for _, s := range h.Summaries {
		part, err := s(ctx, actor, f.Plan)
		if err != nil {
			return nil, err
		}
		if part != nil {
			f.parts = append(f.parts, part)
		}
	}
	return f, nil
}

// View says what the page is.
func (f *Frame) View(form *web.Form) web.View {
	v := web.View{With: Styles, Title: f.Title, Nav: "trainings", Wide: true}
	if form != nil {
		v.Status = form.Status()
	}
	return v
}

// With returns the page: the frame around what its tab shows.
func (f *Frame) With(body templ.Component) templ.Component { return framed(f, body) }

// Path returns the address of a page below the training's; "" is the training's own.
func (f *Frame) Path(below string) string { return Path(f.ID, below) }

// Path returns the address of a page below a training's; "" is the training's own.
func Path(trainingID, below string) string {
	if below != "" {
		below = "/" + below
	}
	return "/app/trainings/" + trainingID + below
}

func (f *Frame) items(p *lang.Printer) []ui.NavItem {
	items := make([]ui.NavItem, len(f.tabs))
	for i, t := range f.tabs {
		items[i] = ui.NavItem{Label: p.T("classroom.tab." + t.Name), Href: f.Path(t.Path), Current: t.Name == f.Tab}
	}
	return items
}

// stateKind colours a state: what is ordinary has no colour.
func stateKind(s classroom.State) ui.Kind {
	switch s {
	case classroom.Running:
		return ui.Info
	case classroom.PutOff:
		return ui.Waiting
	case classroom.Cancelled:
		return ui.Danger
	}
	return ui.Plain
}

// when says in a few words when a training is held: its day, or its first and last.
func when(p *lang.Printer, t classroom.Training, now time.Time) string {
	from, until := p.Day(t.HeldFrom, now), p.Day(t.HeldUntil, now)
	if from == until {
		return weekday(p, t.HeldFrom) + " " + from + ", " + p.Clock(t.HeldFrom) + "–" + p.Clock(t.HeldUntil)
	}
	return weekday(p, t.HeldFrom) + " " + from + " – " + weekday(p, t.HeldUntil) + " " + until
}

var weekdays = [...]string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}

func weekday(p *lang.Printer, t time.Time) string {
	return p.T("classroom.weekday." + weekdays[t.In(p.Zone()).Weekday()])
}

// hours says from when until when a session is, on the day that stands beside it.
func hours(p *lang.Printer, s classroom.Session) string {
	until := p.Clock(s.EndsAt)
	if p.Date(s.StartsAt) != p.Date(s.EndsAt) {
		until = p.Date(s.EndsAt) + ", " + until
	}
	return p.Clock(s.StartsAt) + "–" + until
}

// leaders are the names of who teaches.
func leaders(trainers []classroom.Trainer) (names []string) {
	for _, t := range trainers {
		if t.Part != classroom.Observer {
			names = append(names, t.Name())
		}
	}
	return names
}

func seatsText(p *lang.Printer, s classroom.Seats, sessions []classroom.Session) string {
	places, limited := classroom.Places(sessions)
	text := p.N("classroom.seats.taken", s.Taken)
	if limited {
		text = p.N("classroom.seats.of", places, "Taken", p.Int(s.Taken))
	}
	if s.Waiting > 0 {
		text += ", " + p.N("classroom.seats.waiting", s.Waiting)
	}
	return text
}
