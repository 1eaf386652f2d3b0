package classroomweb

import (
	"context"
	"net/http"
	"slices"
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
	Open     []string // ids of the sessions that are over and whose lists nobody closed
	Now      time.Time
	// Main is the page's filled button and More what stands beside it; none without an Href.
	Main, More ui.NavItem

	tabs  []Tab
	parts []templ.Component
	owed  int // certificates
}

// Frame returns the frame of the training that the request's address names, for who may see it; any other is not found.
func (h *Pages) Frame(r *http.Request, tab string) (f *Frame, err error) {
	ctx, actor := r.Context(), web.Actor(r.Context())
	f = &Frame{Tab: tab, Now: h.Site.Clock.Now()}
	about, err := h.Service.About(ctx, actor, r.PathValue("training"))
	if err != nil {
		return nil, err
	}
	f.Plan, f.Allowed, f.Sessions, f.Trainers, f.Own, f.Seats, f.Open = about.Plan, about.Allowed, about.Sessions, about.Trainers, about.Own, about.Seats, about.Open
	if f.State(f.Now) == classroom.Over && f.Allowed[access.TrainingsWrite] {
		if f.owed, err = h.Certificates(ctx, actor, f.ID); err != nil {
			return nil, err
		}
	}
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

// roll returns the address of a page about a session's list.
func roll(sessionID, below string) string {
	if below != "" {
		below = "/" + below
	}
	return "/app/hall/" + sessionID + below
}

// rolls says whether the reader can mark who comes to a session: the day before too, to make the device ready.
func (f *Frame) rolls(s classroom.Session) bool {
	return f.Allowed[access.Attendance] && s.Held() && !f.Off()
}

// begun says whether anybody can have been present yet.
func (f *Frame) begun() bool { return !f.HeldFrom.After(f.Now) && !f.Off() }

// next is what the training waits for from who reads this; nothing where it waits for nobody, or for others.
func (f *Frame) next(p *lang.Printer) ui.NavItem {
	plans := f.Allowed[access.TrainingsWrite]
	session := func(s classroom.Session) string {
		return weekday(p, s.StartsAt) + " " + p.Day(s.StartsAt, f.Now) + ", " + hours(p, s.StartsAt, s.EndsAt)
	}
	places, limited := classroom.Places(f.Sessions)
	switch state := f.State(f.Now); {
	case state == classroom.PutOff && plans:
		return ui.NavItem{Label: p.T("classroom.next.days"), Href: f.Path("act/move")}
	case f.Off():
		return ui.NavItem{}
	case f.Allowed[access.Attendance] && len(f.Open) > 0:
		i := slices.IndexFunc(f.Sessions, func(s classroom.Session) bool { return s.ID == f.Open[0] })
		return ui.NavItem{Label: p.T("classroom.next.close", "Session", session(f.Sessions[i])), Href: roll(f.Open[0], "close")}
	case f.owed > 0:
		return ui.NavItem{Label: p.N("classroom.next.award", f.owed), Href: f.Path("certificates")}
	case state == classroom.Over:
		return ui.NavItem{}
	case f.Allowed[access.SignUps] && f.Seats.Applied > 0:
		return ui.NavItem{Label: p.N("classroom.next.applied", f.Seats.Applied), Href: f.Path("people")}
	case plans && len(f.Trainers) == 0:
		return ui.NavItem{Label: p.T("classroom.next.trainers"), Href: f.Path("edit/trainers")}
	}
	i := slices.IndexFunc(f.Sessions, func(s classroom.Session) bool { return f.rolls(s) && s.EndsAt.After(f.Now) })
	if i >= 0 && f.Sessions[i].StartsAt.Before(f.Now.Add(36*time.Hour)) {
		return ui.NavItem{Label: p.T("classroom.next.roll", "Session", session(f.Sessions[i])), Href: roll(f.Sessions[i].ID, "")}
	}
	if f.Allowed[access.SignUps] && limited && f.Seats.Taken < places && f.State(f.Now) == classroom.Planned {
		return ui.NavItem{Label: p.N("classroom.next.invite", places-f.Seats.Taken), Href: f.Path("people/invite")}
	}
	return ui.NavItem{}
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
func hours(p *lang.Printer, from, until time.Time) string {
	end := p.Clock(until)
	if p.Date(from) != p.Date(until) {
		end = p.Date(until) + ", " + end
	}
	return p.Clock(from) + "–" + end
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
