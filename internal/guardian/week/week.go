// Package week gathers what waits for an office of guardians, from all rooms of the area, and tells its coordinators of it.
//
// Goals: a coordinator sees by deadline what waits and what comes next; on Monday one letter says how much it is, in numbers; while somebody is away
// their cover reads the area's letters. Limits: it decides nothing and keeps nothing of what waits: each row follows from its room; a letter names
// nobody, since mailboxes are read by others.
package week

import (
	"cmp"
	"context"
	"slices"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/clock"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/guardian"
	"ostoja/internal/guardian/appointment"
	"ostoja/internal/guardian/candidacy"
	"ostoja/internal/guardian/complaint"
	"ostoja/internal/guardian/request"
	"ostoja/internal/guardian/roster"
	"ostoja/internal/guardian/support"
	"ostoja/internal/keeping"
	"ostoja/internal/lang"
	"ostoja/internal/mail"
	"ostoja/internal/text"
)

// People finds whom to tell. Holders MUST return those who have the permission anywhere and can be written to.
type People interface {
	Holders(ctx context.Context, q db.Querier, p access.Permission) ([]access.Holder, error)
}

// Deps are what the week stands on.
type Deps struct {
	DB           *db.DB
	Clock        clock.Clock
	Zone         *time.Location
	Keeping      *keeping.Service
	Outbox       *mail.Outbox
	Catalogue    *lang.Catalogue
	BaseURL      string
	People       People
	Requests     *request.Service
	Duty         *roster.Service
	Candidacy    *candidacy.Service
	Appointments *appointment.Service
	Complaints   *complaint.Service
	Support      *support.Service
}

// Service gathers what waits.
type Service struct{ Deps }

// KeptCover is what is kept of who was away and who covered.
const KeptCover keeping.Kind = "guardian-cover"

// coverYears is for how long that is kept: so long somebody may ask who had read a letter. The number is ours.
const coverYears = 1

// New returns a Service.
func New(d Deps) *Service {
	s := &Service{d}
	d.Keeping.OnAge(KeptCover, func(ctx context.Context, tx *db.Tx, now time.Time) (int, error) {
		return db.Changed(ctx, tx, `DELETE FROM guardian_cover WHERE until_day < ?`, now.In(s.Zone).AddDate(-coverYears, 0, 0).Format(time.DateOnly))
	})
	return s
}

// Kind is what waits.
type Kind string

// The kinds, in the order in which they stand where the deadline is the same.
const (
	MissingChild Kind = "missing"   // a child is missing: whom to tell within the hour
	HelpWanted   Kind = "signal"    // somebody of the register needs help, and nobody has taken the call
	AtOffice     Kind = "office"    // nobody answered a request: its unit waits for the office
	Asking       Kind = "asking"    // a request runs
	NobodyOnDuty Kind = "gap"       // a court and a week have nobody
	ToPause      Kind = "notice"    // an entry to pause, by a decision upon a complaint
	Uncovered    Kind = "uncovered" // a coordinator is away, and nobody of the office is there
	NoContact    Kind = "contact"   // no contact was noted for so long
	StepDue      Kind = "step"      // a step of a candidate
	SecondMarks  Kind = "marks"     // a talk that one of two has marked
	CopySent     Kind = "copy"      // a copy that a candidate sent, to check
	CheckEnds    Kind = "check"     // a check of a candidate
	EntryEnds    Kind = "entry"     // an entry of the register
	ExpertOld    Kind = "expert"    // an expert on call whose entry nobody has checked for so long
	CoverEnds    Kind = "cover"     // days of a cover
)

// Kinds lists them in that order.
var Kinds = []Kind{MissingChild, HelpWanted, AtOffice, Asking, NobodyOnDuty, ToPause, Uncovered, NoContact, StepDue, SecondMarks, CopySent, CheckEnds, EntryEnds, ExpertOld, CoverEnds}

const (
	entriesWithin = 30 * 24 * time.Hour
	checksWithin  = 30 // days
	stepsWithin   = 7  // days
	coverWithin   = 7  // days
	tellWithin    = time.Hour
)

// Task is one thing that waits.
type Task struct {
	Kind  Kind
	Due   time.Time // the day's beginning in the zone; with Timed the moment
	Timed bool
	ID    string        // of what its page shows: a request, court, entry, candidate, appointment
	Name  string        // whom or what it is about: the court's or a person's name, the case code, the file number
	Week  guardian.Week // of NobodyOnDuty
	Step  candidacy.Step
	Check candidacy.CheckKind
	On    string // the day that it tells of: of the last contact, of the talk
}

// Late says whether the deadline has passed.
func (t Task) Late(now time.Time, zone *time.Location) bool {
	if t.Timed {
		return now.After(t.Due)
	}
	return t.Due.In(zone).Format(time.DateOnly) < now.In(zone).Format(time.DateOnly)
}

// sorted puts tasks in the order of the page: by deadline, then by kind, then by name.
func sorted(list []Task) []Task {
	slices.SortStableFunc(list, func(a, b Task) int {
		return cmp.Or(a.Due.Compare(b.Due), cmp.Compare(slices.Index(Kinds, a.Kind), slices.Index(Kinds, b.Kind)), cmp.Compare(text.SortKey(a.Name), text.SortKey(b.Name)), cmp.Compare(a.ID, b.ID))
	})
	return list
}

func (s *Service) today() string { return s.Clock.Now().In(s.Zone).Format(time.DateOnly) }

// day reads a day as its beginning in the zone; the zero time if it is none.
func (s *Service) day(d string) time.Time {
	t, err := time.ParseInLocation(time.DateOnly, d, s.Zone)
	if err != nil {
		return time.Time{}
	}
	return t
}

func (s *Service) after(days int) string {
	return s.Clock.Now().In(s.Zone).AddDate(0, 0, days).Format(time.DateOnly)
}

// Tasks returns what waits for the actor's offices, by deadline.
func (s *Service) Tasks(ctx context.Context, actor access.Actor) (list []Task, err error) {
	defer errs.Wrap(&err, "week.Tasks")
	if !actor.Has(access.GuardiansRead) {
		return nil, errs.NotFound("error.not-found")
	}
	for _, room := range []func(context.Context, access.Actor) ([]Task, error){s.requests, s.gaps, s.notices, s.appointments, s.support, s.candidates, s.entries, s.covers} {
		more, err := room(ctx, actor)
		if err != nil {
			return nil, err
		}
		list = append(list, more...)
	}
	return sorted(list), nil
}

func (s *Service) requests(ctx context.Context, actor access.Actor) (list []Task, err error) {
	all, err := s.Requests.Desk(ctx, actor)
	for _, r := range all {
		kind := Asking
		switch r.State {
		case request.AtOffice:
			kind = AtOffice
		case request.Asking:
		case request.Accepted, request.Withdrawn:
			continue
		}
		list = append(list, Task{Kind: kind, Due: r.AskedAt.Add(request.Named * request.AnswerIn), Timed: true, ID: r.ID, Name: r.Reference})
	}
	return list, err
}

func (s *Service) gaps(ctx context.Context, actor access.Actor) (list []Task, err error) {
	all, err := s.Duty.Gaps(ctx, actor)
	for _, g := range all {
		list = append(list, Task{Kind: NobodyOnDuty, Due: g.Week.Begins(s.Zone), ID: g.Court.ID, Name: g.Court.Name, Week: g.Week})
	}
	return list, err
}

func (s *Service) notices(ctx context.Context, actor access.Actor) (list []Task, err error) {
	all, err := s.Complaints.Notices(ctx, actor)
	for _, n := range all {
		if n.DoneAt.IsZero() {
			list = append(list, Task{Kind: ToPause, Due: s.day(n.At.In(s.Zone).Format(time.DateOnly)), ID: n.ID, Name: n.Name})
		}
	}
	return list, err
}

func (s *Service) appointments(ctx context.Context, actor access.Actor) (list []Task, err error) {
	all, err := s.Appointments.All(ctx, actor)
	for _, a := range all {
		if a.IsMissing() {
			list = append(list, Task{Kind: MissingChild, Due: a.MissingSince.Add(tellWithin), Timed: true, ID: a.ID, Name: a.Code()})
		}
		if a.Quiet(s.today()) {
			due := s.day(a.LastContact()).AddDate(0, 0, appointment.ContactWithin)
			list = append(list, Task{Kind: NoContact, Due: due, ID: a.ID, Name: a.Name, On: a.LastContact()})
		}
	}
	return list, err
}

// support are calls for help that nobody has taken, and experts to be checked. A call that somebody has taken waits for nobody else.
func (s *Service) support(ctx context.Context, actor access.Actor) (list []Task, err error) {
	d, err := s.Support.Desk(ctx, actor)
	for _, x := range d.Signals {
		if x.TakenAt.IsZero() {
			list = append(list, Task{Kind: HelpWanted, Due: x.DueAt, Timed: true, ID: x.ID, Name: x.Name})
		}
	}
	for _, x := range d.Unchecked {
		list = append(list, Task{Kind: ExpertOld, Due: s.day(support.CheckBy(x.CheckedOn)), ID: x.ID, Name: x.Name, On: x.CheckedOn})
	}
	return list, err
}

func (s *Service) candidates(ctx context.Context, actor access.Actor) (list []Task, err error) {
	all, err := s.Candidacy.Waiting(ctx, actor, s.after(max(stepsWithin, checksWithin)))
	for _, d := range all {
		t := Task{Due: s.day(d.On), ID: d.CandidateID, Name: d.Name, Step: d.Step, Check: d.Check, On: d.On}
		switch d.Kind {
		case candidacy.DueStep:
			t.Kind = StepDue
			if d.On > s.after(stepsWithin) {
				continue
			}
		case candidacy.DueCheck:
			t.Kind = CheckEnds
		case candidacy.DueCopy:
			t.Kind = CopySent
		case candidacy.DueMarks:
			t.Kind = SecondMarks
		}
		list = append(list, t)
	}
	return list, err
}

func (s *Service) entries(ctx context.Context, actor access.Actor) (list []Task, err error) {
	type ending struct {
		ID, Name   string
		ValidUntil time.Time
	}
	within, args := actor.Within(access.GuardiansRead, "u.path")
	all, err := db.All[ending](ctx, s.DB, `SELECT g.id, p.given_name || ' ' || p.family_name AS name, g.valid_until FROM guardian g JOIN identity_person p ON p.id = g.person_id
		JOIN identity_unit u ON u.id = g.unit_id WHERE g.state <> ? AND g.valid_until <= ? AND `+within+` ORDER BY g.valid_until, g.id`,
		append([]any{string(guardian.Removed), s.Clock.Now().Add(entriesWithin)}, args...)...)
	for _, e := range all {
		last := e.ValidUntil.Add(-time.Microsecond).In(s.Zone).Format(time.DateOnly) // the end is exclusive
		list = append(list, Task{Kind: EntryEnds, Due: s.day(last), ID: e.ID, Name: e.Name, On: last})
	}
	return list, err
}

func (s *Service) covers(ctx context.Context, actor access.Actor) (list []Task, err error) {
	all, err := s.Covers(ctx, actor)
	for _, c := range all {
		today := s.today()
		switch {
		case c.Alone && c.UntilDay >= today && c.FromDay <= s.after(coverWithin):
			list = append(list, Task{Kind: Uncovered, Due: s.day(c.FromDay), ID: c.ID, Name: c.Name, On: c.UntilDay})
		case c.CoverID != "" && c.Runs(today) && c.UntilDay <= s.after(coverWithin):
			list = append(list, Task{Kind: CoverEnds, Due: s.day(c.UntilDay), ID: c.ID, Name: c.Name, On: c.UntilDay})
		}
	}
	return list, err
}
