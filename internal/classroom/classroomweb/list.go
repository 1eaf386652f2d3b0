package classroomweb

import (
	"context"
	"iter"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/classroom"
	"ostoja/internal/classroom/overview"
	"ostoja/internal/lang"
	"ostoja/internal/list"
	"ostoja/internal/list/listweb"
	"ostoja/internal/sheet"
	"ostoja/internal/ui"
	"ostoja/internal/web"
)

// sides are the tabs above all trainings.
// sides are the pages about all trainings, as far as the reader may open them.
func sides(ctx context.Context, current string) []ui.NavItem {
	p, actor := lang.From(ctx), web.Actor(ctx)
	items := []ui.NavItem{
		{Label: p.T("classroom.side.list"), Href: "/app/trainings"}, {Label: p.T("classroom.side.calendar"), Href: "/app/trainings/calendar"},
		{Label: p.T("classroom.side.desk"), Href: "/app/trainings/desk"},
	}
	for _, more := range []struct {
		key, href  string
		permission access.Permission
	}{{"hall", "/app/hall", access.Attendance}, {"programmes", "/app/programmes", access.CoursesRead}, {"laboratory", "/app/laboratory/runs", access.Laboratory}, {"interest", "/app/interest", access.SignUps}} {
		if actor.Has(more.permission) {
			items = append(items, ui.NavItem{Label: p.T("classroom.side." + more.key), Href: more.href})
		}
	}
	for i := range items {
		items[i].Current = items[i].Href == current
	}
	return items
}

func filterOf(q list.Query, zone *time.Location) overview.Filter {
	f := overview.Filter{
		Text: q.Search, UnitID: q.Filters["unit"], Project: q.Filters["project"], State: classroom.State(q.Filters["state"]), Trainer: q.Filters["trainer"], ToClose: q.Filters["todo"] == "close",
		Window: q.Window,
	}
	if t, err := time.ParseInLocation(time.DateOnly, q.Filters["from"], zone); err == nil {
		f.From = t
	}
	if t, err := time.ParseInLocation(time.DateOnly, q.Filters["until"], zone); err == nil {
		f.Until = t.AddDate(0, 0, 1)
	}
	return f
}

func (h *Pages) list(w http.ResponseWriter, r *http.Request) error {
	ctx, actor, p := r.Context(), web.Actor(r.Context()), lang.From(r.Context())
	units, err := h.Units(ctx, actor, access.TrainingsRead)
	if err != nil {
		return err
	}
	teachers, err := h.Service.Teachers(ctx, actor)
	if err != nil {
		return err
	}
	projects, err := h.Service.Projects(ctx, actor)
	if err != nil {
		return err
	}
	l := h.trainingList(r, units, teachers, projects)
	if l.Wanted() {
		return l.Send(w, r)
	}
	shown, err := l.Open(ctx)
	if err != nil {
		return err
	}
	return web.Show(w, r, web.View{With: Styles, Title: p.T("classroom.title"), Nav: "trainings", Wide: true}, listPage(shown, actor.Has(access.TrainingsWrite)))
}

func (h *Pages) trainingList(r *http.Request, units []Unit, teachers []classroom.Trainer, projects []string) listweb.Of[overview.Row] {
	type row = overview.Row
	p, actor, now := lang.From(r.Context()), web.Actor(r.Context()), h.Site.Clock.Now()
	l := listweb.Of[row]{
		Name: "trainings", Title: p.T("classroom.title"), Path: "/app/trainings", Query: r.URL.Query(), Now: now, Search: p.T("classroom.list.search"),
		Filters: []listweb.Filter[row]{
			{Name: "state", Label: p.T("classroom.list.state"), Options: stateOptions(p)},
			{Name: "from", Label: p.T("classroom.list.from"), Type: "date", Chip: func(v string) string { return p.T("classroom.list.from-chip", "Day", v) }},
			{Name: "until", Label: p.T("classroom.list.until"), Type: "date", Chip: func(v string) string { return p.T("classroom.list.until-chip", "Day", v) }},
			{Name: "unit", Label: p.T("classroom.field.unit"), Options: unitOptions(units, p.T("classroom.list.all"))},
			{Name: "todo", Label: p.T("classroom.list.todo"), Quiet: true, Chip: func(string) string { return p.T("classroom.list.to-close") }},
		},
		Columns: trainingColumns(p, now),
		Empty:   listweb.Empty{Title: p.T("classroom.list.empty"), Text: p.T("classroom.list.empty-text")},
		Page: func(ctx context.Context, q list.Query) ([]row, int, error) {
			return h.Overview.List(ctx, actor, filterOf(q, p.Zone()))
		},
		Each: func(ctx context.Context, q list.Query, f sheet.Format, use func(iter.Seq2[row, error]) error) error {
			return h.Overview.Each(ctx, actor, filterOf(q, p.Zone()), string(f), use)
		},
	}
	if len(projects) > 0 {
		options := []ui.Option{{Label: p.T("classroom.list.all")}}
		for _, name := range projects {
			options = append(options, ui.Option{Value: name, Label: name})
		}
		l.Filters = append(l.Filters, listweb.Filter[row]{Name: "project", Label: p.T("classroom.field.project"), Options: options})
	}
	if len(teachers) > 0 {
		options := []ui.Option{{Label: p.T("classroom.list.all")}}
		for _, t := range teachers {
			options = append(options, ui.Option{Value: t.PersonID, Label: t.FamilyName + " " + t.GivenName})
		}
		l.Filters = append(l.Filters, listweb.Filter[row]{Name: "trainer", Label: p.T("classroom.field.trainer"), Options: options})
	}
	if actor.Has(access.TrainingsWrite) {
		l.Empty.Action = ui.NavItem{Label: p.T("classroom.new.title"), Href: "/app/trainings/new"}
	}
	return l
}

var states = []classroom.State{classroom.Planned, classroom.Running, classroom.Over, classroom.PutOff, classroom.Cancelled}

func stateOptions(p *lang.Printer) []ui.Option {
	options := []ui.Option{{Label: p.T("classroom.list.all")}}
	for _, s := range states {
		options = append(options, ui.Option{Value: string(s), Label: p.T("classroom.state." + string(s))})
	}
	return options
}

func unitOptions(units []Unit, all string) (options []ui.Option) {
	if all != "" {
		options = append(options, ui.Option{Label: all})
	}
	for _, u := range units {
		options = append(options, ui.Option{Value: u.ID, Label: strings.Repeat("\u2007\u2007", u.Depth) + u.Name})
	}
	return options
}

func trainingColumns(p *lang.Printer, now time.Time) []listweb.Column[overview.Row] {
	type row = overview.Row
	number := func(key string, of func(row) int) listweb.Column[row] {
		return listweb.Column[row]{Label: p.T("classroom.list." + key), File: true, Numeric: true, Value: func(x row) any { return of(x) }}
	}
	return []listweb.Column[row]{
		{Label: p.T("classroom.field.title"), Sort: "title", Place: listweb.Head, Value: func(x row) any { return x.Title }, Link: func(x row) string { return Path(x.ID, "") }},
		{
			Label: p.T("classroom.list.state"), Place: listweb.Chip, Value: func(x row) any { return p.T("classroom.state." + string(x.State(now))) },
			Kind: func(x row) ui.Kind { return stateKind(x.State(now)) },
		},
		{
			Label: p.T("classroom.list.held"), Sort: "held", Value: func(x row) any { return sheet.Day(x.HeldFrom.In(p.Zone())) },
			Text: func(x row) string { return days(p, x.HeldFrom, x.HeldUntil, now) },
		},
		{Label: p.T("classroom.list.until-day"), File: true, Value: func(x row) any { return sheet.Day(x.HeldUntil.In(p.Zone())) }},
		{Label: p.T("classroom.field.place"), Sort: "place", Value: func(x row) any { return x.Place }},
		{Label: p.T("classroom.field.unit"), Sort: "unit", Place: listweb.Away, Value: func(x row) any { return x.UnitName }},
		{Label: p.T("classroom.list.leads"), Place: listweb.Away, Value: func(x row) any { return x.Leads }},
		{Label: p.T("classroom.field.project"), File: true, Value: func(x row) any { return x.Project }},
		{Label: p.T("classroom.list.seats"), Place: listweb.Figure, Numeric: true, Text: func(x row) string {
			if x.Places == nil {
				return p.Int(x.Taken)
			}
			return p.T("classroom.list.of", "Taken", p.Int(x.Taken), "Places", p.Int(*x.Places))
		}, Note: func(x row) string {
			if x.Waiting == 0 {
				return ""
			}
			return p.N("classroom.seats.waiting", x.Waiting)
		}},
		number("confirmed", func(x row) int { return x.Confirmed }),
		{Label: p.T("classroom.list.places"), File: true, Numeric: true, Value: func(x row) any {
			if x.Places == nil {
				return nil
			}
			return *x.Places
		}},
		number("waiting", func(x row) int { return x.Waiting }),
		number("applied", func(x row) int { return x.Applied }),
		number("present", func(x row) int { return x.Present }),
		number("no-shows", func(x row) int { return x.NoShows }),
	}
}

// days says the day of a training, or its first and last.
func days(p *lang.Printer, from, until, now time.Time) string {
	a, b := p.Day(from, now), p.Day(until, now)
	if a == b {
		return a
	}
	return a + " – " + b
}

// month is a month of the calendar.
type month struct {
	first time.Time // its first day, at midnight in the zone
	weeks [][7]day
	days  []day // with sessions
	today string
}

type day struct {
	at    time.Time // zero outside of the month
	slots []overview.Slot
}

// monthOf sorts sessions into the days of a month, which begins its weeks on Monday.
func monthOf(first time.Time, slots []overview.Slot, now time.Time) month {
	m := month{first: first, today: now.In(first.Location()).Format(time.DateOnly)}
	byDay := map[string][]overview.Slot{}
	for _, s := range slots {
		key := s.StartsAt.In(first.Location()).Format(time.DateOnly)
		byDay[key] = append(byDay[key], s)
	}
	var week [7]day
	for at := first; at.Month() == first.Month(); at = at.AddDate(0, 0, 1) {
		d := day{at, byDay[at.Format(time.DateOnly)]}
		i := (int(at.Weekday()) + 6) % 7
		week[i] = d
		if len(d.slots) > 0 {
			m.days = append(m.days, d)
		}
		if i == 6 {
			m.weeks, week = append(m.weeks, week), [7]day{}
		}
	}
	if slices.ContainsFunc(week[:], func(d day) bool { return !d.at.IsZero() }) {
		m.weeks = append(m.weeks, week)
	}
	return m
}

func (h *Pages) calendar(w http.ResponseWriter, r *http.Request) error {
	ctx, actor, p := r.Context(), web.Actor(r.Context()), lang.From(r.Context())
	now := h.Site.Clock.Now()
	first, err := time.ParseInLocation("2006-01", r.URL.Query().Get("month"), p.Zone())
	if err != nil || first.Year() < 2000 || first.Year() > 2200 {
		y, m, _ := now.In(p.Zone()).Date()
		first = time.Date(y, m, 1, 0, 0, 0, 0, p.Zone())
	}
	slots, err := h.Overview.Calendar(ctx, actor, first, first.AddDate(0, 1, 0))
	if err != nil {
		return err
	}
	v := calendarView{month: monthOf(first, slots, now), Table: r.URL.Query().Get("as") == "month", MayWrite: actor.Has(access.TrainingsWrite)}
	return web.Show(w, r, web.View{With: Styles, Title: p.T("classroom.side.calendar"), Nav: "trainings", Wide: true}, calendarPage(v))
}

type calendarView struct {
	month
	Table    bool
	MayWrite bool
}

// link returns the address of a month, shown as now.
func (v calendarView) link(months int, table bool) string {
	s := "/app/trainings/calendar?month=" + v.first.AddDate(0, months, 0).Format("2006-01")
	if table {
		s += "&as=month"
	}
	return s
}

func monthName(p *lang.Printer, t time.Time) string {
	return p.T("classroom.month."+strconv.Itoa(int(t.Month()))) + " " + strconv.Itoa(t.Year())
}

func slotSeats(p *lang.Printer, s overview.Slot) string {
	if s.Places == nil {
		return p.N("classroom.seats.taken", s.Taken)
	}
	return p.N("classroom.seats.of", *s.Places, "Taken", p.Int(s.Taken))
}
