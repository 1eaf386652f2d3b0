// Package today gathers what waits for somebody who works in the programme: each thing with its next step, by deadline.
//
// Goals: the first page of every role is one question, "what now?", and one answer from all areas; a part that cannot be read is named and takes
// nothing else with it; who may not see a thing is not told that it waits. Limits: it knows no area and keeps nothing of what waits: each task follows
// from its area, and is gone when the area says so. What it keeps is when somebody was here last.
//
// # How an area gets a place here
//
// A [Source] is a name, the permissions of those whom it may concern, and a function that reads through the area's service. It is written in a file
// of its own in internal/app (today_NAME.go), as a method of App, and has one line in the table of internal/app/today.go:
//
//	{Name: "system", For: []access.Permission{access.SystemRead}, Read: a.systemToday},
//
// A task says what to do (verb and object), why (one sentence), until when, and where its button leads:
//
//	today.Task{
//		What: today.Count("today.jobs.do", n), Why: today.Say("today.jobs.why"),
//		Open: today.Say("today.jobs.open"), Href: "/app/system", Due: today.Day("2026-12-01", zone), Count: n,
//	}
//
// Texts go to translations/{pl,en}/today.yaml: today.source.NAME names the part where it could not be read, today.KIND.do, .why and .open are the
// task's words. Values may be texts, numbers, times (shown as a day), [text.Translated] or other [Said]. One task stands for many of a kind wherever its
// page shows them all ("Consider 7 applications"); a source returns at most some tens. It is asked on every morning of everybody: count in SQL, never in
// a loop over people. A source MUST show the actor only what their rights on the area's own page show; a test says who sees it and who does not.
// What is new ([News]), what there is to look forward to ([Coming]) and figures ([Figure]) have tables of the same form.
package today

import (
	"cmp"
	"context"
	"log/slog"
	"slices"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/errs"
	"ostoja/internal/lang"
	"ostoja/internal/text"
)

// Said is a text that is not in a language yet: a key, the values of its placeholders as name, value pairs, and the number that chooses its plural form.
type Said struct {
	Key   string
	Pairs []any
	Count *int
	words func(*lang.Printer) string
}

// Say returns a text with name, value pairs.
func Say(key string, pairs ...any) Said { return Said{Key: key, Pairs: pairs} }

// Count returns a text in the plural form for n.
func Count(key string, n int, pairs ...any) Said { return Said{Key: key, Pairs: pairs, Count: &n} }

// Words returns a text that an area's pages make themselves.
func Words(in func(*lang.Printer) string) Said { return Said{words: in} }

// In returns the text in the printer's language.
func (s Said) In(p *lang.Printer) string {
	if s.words != nil {
		return s.words(p)
	}
	if s.Key == "" {
		return ""
	}
	pairs := slices.Clone(s.Pairs)
	for i := 1; i < len(pairs); i += 2 {
		switch v := pairs[i].(type) {
		case int:
			pairs[i] = p.Int(v)
		case time.Time:
			pairs[i] = p.Date(v)
		case Moment:
			pairs[i] = p.DateTime(time.Time(v))
		case text.Translated:
			pairs[i] = v.In(p.Tag())
		case Said:
			pairs[i] = v.In(p)
		}
	}
	if s.Count != nil {
		return p.N(s.Key, *s.Count, pairs...)
	}
	return p.T(s.Key, pairs...)
}

// Moment is a value of [Said] that is shown with its hour.
type Moment time.Time

// Due is until when something is to be done: a whole day, or a moment; its zero value is no deadline.
type Due struct {
	At    time.Time // of a day its beginning in the zone
	Timed bool      // At is the moment
}

// Day returns a deadline that is a stored day, 2026-12-01, in a zone; none if it is no day.
func Day(day string, zone *time.Location) Due {
	at, err := time.ParseInLocation(time.DateOnly, day, zone)
	if err != nil {
		return Due{}
	}
	return Due{At: at}
}

// On returns the deadline that is the day on which a time falls in a zone; none for the zero time.
func On(at time.Time, zone *time.Location) Due { return Day(at.In(zone).Format(time.DateOnly), zone) }

// By returns the deadline of a moment; none for the zero time.
func By(at time.Time) Due { return Due{At: at, Timed: !at.IsZero()} }

// None says whether there is no deadline.
func (d Due) None() bool { return d.At.IsZero() }

// end is the first moment at which it is late. A day has 23 to 25 hours, so that the calendar counts it.
func (d Due) end() time.Time {
	if d.Timed {
		return d.At.Add(time.Nanosecond)
	}
	return d.At.AddDate(0, 0, 1)
}

// Late says whether the deadline has passed.
func (d Due) Late(now time.Time) bool { return !d.None() && !now.Before(d.end()) }

// compare puts what is due sooner first, and what has no deadline last.
func (d Due) compare(o Due) int {
	switch {
	case d.None() && o.None():
		return 0
	case d.None():
		return 1
	case o.None():
		return -1
	}
	return d.end().Compare(o.end())
}

// Task is one thing that waits.
type Task struct {
	What  Said // verb and object: "Close the list of …"
	Why   Said // one sentence; may be left out
	Due   Due
	Href  string // of the next step
	Open  Said   // the button's word
	About string // what a screen reader hears after the button's word, where the word alone says too little: a title, a name
	Count int    // how many things of one kind it stands for; 0 and 1 are one
}

// Coming is something with a date that is worth a look: a training, a session.
type Coming struct {
	From, Until time.Time
	Title       string
	Where       string
	Who         string // who leads it
	Href        string
	Taken       int
	Places      *int // nil: nobody wrote it down
	Waiting     int
}

// News is something that happened since the actor was here last.
type News struct {
	Said Said   // "12 people passed the course …"
	Href string // where it is seen
}

// Figure is a number of the actor's own work, with its whole where it has one.
type Figure struct {
	Group string // a heading over figures that belong together: a project's name; "" is none
	Said  Said   // "312 of 400 people trained"
	Done  int
	Of    int // 0: it has no whole
	Href  string
}

// Step is one of those that make a new installation ready. It is done when what it asks for is there, and never by a tick.
type Step struct {
	Name string // today.setup.NAME.do and .open are its words
	Why  Said
	Done bool
	Href string // where it is done; "" where no page does it
	Post bool   // Href does it at once
}

// Part is one place from which something is read.
type Part[T any] struct {
	Name string              // today.source.NAME says what could not be read
	For  []access.Permission // it is asked for those who have one of them; none: for everybody
	// Read returns what concerns the actor. It MUST return nothing that the actor could not see on the area's own pages.
	Read func(ctx context.Context, actor access.Actor, at time.Time) ([]T, error)
}

// Source is where tasks come from.
type Source = Part[Task]

func (p Part[T]) concerns(actor access.Actor) bool {
	return len(p.For) == 0 || slices.ContainsFunc(p.For, actor.Has)
}

// Parts are all places from which the page is made.
type Parts struct {
	Tasks   []Source
	News    []Part[News] // read with the time since when things are news
	Coming  []Part[Coming]
	Figures []Part[Figure]
	SetUp   []Part[Step]
}

// Board is what somebody finds.
type Board struct {
	Tasks   []Task    // by deadline, late first, those without one last
	Late    int       // how many of them are late
	Since   time.Time // when the actor was here last, on an earlier day; the zero time if they never were or nobody knows
	News    []News
	Coming  []Coming
	Figures []Figure
	Unread  []string // names of parts that could not be read
	SetUp   []Step   // none once all are done
}

// StepsDone is how many steps of the set-up are done.
func (b Board) StepsDone() (n int) {
	for _, x := range b.SetUp {
		if x.Done {
			n++
		}
	}
	return n
}

// Next is the first date ahead: of what comes; the zero time if there is none.
func (b Board) Next() (at time.Time) {
	if len(b.Coming) > 0 {
		at = b.Coming[0].From
	}
	return at
}

// sorted puts tasks in the order of the page: by deadline, so that what is late stands first, those without one last; of one deadline in the order of their
// sources.
func sorted(list []Task) []Task {
	slices.SortStableFunc(list, func(a, b Task) int { return a.Due.compare(b.Due) })
	return list
}

// mostComing is how many of them the page shows.
const mostComing = 4

// Deps are what a board is made with.
type Deps struct {
	Log *slog.Logger
	// Visited notes that somebody is here, and returns when they were last, on an earlier day; the zero time for never. nil: nothing is news.
	Visited func(ctx context.Context, personID string, at time.Time) (before time.Time, err error)
	Parts   Parts
}

// Service gathers what waits.
type Service struct{ Deps }

// New returns a Service.
func New(d Deps) *Service { return &Service{d} }

// Board returns what waits for the actor, from all parts that concern them. A part that cannot be read is named in Unread; an error is returned only where
// nothing could be read at all.
func (s *Service) Board(ctx context.Context, actor access.Actor, now time.Time) (b Board, err error) {
	defer errs.Wrap(&err, "today.Board")
	if !actor.Has(access.Work) {
		return b, errs.NotFound("error.not-found")
	}
	g := &gathering{ctx: ctx, log: s.Log, actor: actor}
	b.Tasks = sorted(read(g, s.Parts.Tasks, now))
	for _, t := range b.Tasks {
		if t.Due.Late(now) {
			b.Late++
		}
	}
	if s.Visited != nil {
		if b.Since, err = s.Visited(ctx, actor.PersonID, now); err != nil { // the rest of the page is worth having
			g.failed("news", err)
		}
	}
	if !b.Since.IsZero() {
		b.News = read(g, s.Parts.News, b.Since)
	}
	b.Coming = read(g, s.Parts.Coming, now)
	slices.SortStableFunc(b.Coming, func(a, c Coming) int { return cmp.Or(a.From.Compare(c.From), cmp.Compare(a.Title, c.Title)) })
	b.Coming = b.Coming[:min(mostComing, len(b.Coming))]
	b.Figures = read(g, s.Parts.Figures, now)
	b.SetUp = read(g, s.Parts.SetUp, now)
	if b.StepsDone() == len(b.SetUp) {
		b.SetUp = nil
	}
	b.Unread = g.unread
	if g.last != nil && (ctx.Err() != nil || g.done == 0) {
		return Board{}, g.last
	}
	return b, nil
}

// gathering is one reading of all parts.
type gathering struct {
	ctx    context.Context //nolint:containedctx // it lives as long as one call of Board
	log    *slog.Logger
	actor  access.Actor
	done   int
	unread []string
	last   error
}

// failed notes that a part could not be read.
func (g *gathering) failed(part string, err error) {
	g.last = err
	if !slices.Contains(g.unread, part) {
		g.unread = append(g.unread, part)
	}
	if g.ctx.Err() == nil { // a browser that went away is no fault
		g.log.Error("a part of today could not be read", "part", part, "error", err)
	}
}

// read returns what the parts have for the actor.
func read[T any](g *gathering, parts []Part[T], at time.Time) (all []T) {
	for _, p := range parts {
		if !p.concerns(g.actor) {
			continue
		}
		list, err := p.Read(g.ctx, g.actor, at)
		if err != nil {
			g.failed(p.Name, err)
			continue
		}
		g.done++
		all = append(all, list...)
	}
	return all
}
