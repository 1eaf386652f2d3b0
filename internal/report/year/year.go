// Package year counts what the office did in a calendar year, and keeps what may be told of it in public.
//
// Goals: each figure has a definition and a day of counting, and what is not known is said and is not nothing; a reader who looks at the public figures again and again learns of no single
// person. Figures of people are therefore brought forward by a job, and only once five other people or more have done something since ([Service.Tell], decision 0065); nothing is counted when a
// reader comes. Limits: it counts the whole installation, which is one office's; which figures the public sees is an editor's choice, kept by the public site.
package year

import (
	"context"
	"slices"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/clock"
	"ostoja/internal/db"
	"ostoja/internal/disclosure"
	"ostoja/internal/errs"
	"ostoja/internal/text"
)

// Key names a figure.
type Key string

// The figures, in their order.
const (
	Trainings      Key = "trainings"      // begun and not cancelled
	People         Key = "people"         // who were at a training or passed a course, each once
	Participations Key = "participations" // of them, once in each training and course
	PersonDays     Key = "person-days"    // days on which somebody was at a training
	Certificates   Key = "certificates"   // issued and not revoked
	FirstLine      Key = "first-line"     // openings of the first-line kit's next steps
	Guardians      Key = "guardians"      // people in the register who are ready on the day of counting
	Copies         Key = "copies"         // of publications, handed out at trainings or sent to units
	Articles       Key = "articles"       // openings of articles of the public site
)

// Keys lists them. The learned gain has no one number: it is a list beside them ([Gain]).
var Keys = []Key{Trainings, People, Participations, PersonDays, Certificates, FirstLine, Guardians, Copies, Articles}

// ofPeople are those that follow single people, and are told in steps.
var ofPeople = []Key{People, Participations, PersonDays, Certificates}

// Figure is a number of a year.
type Figure struct {
	Key     Key
	Known   bool // else nobody counted it
	N       float64
	Few     bool // of fewer than five people, whose number is not told
	AtLeast bool // small numbers of single days are not in it
}

// Gain is what the same people knew before and after of a test, in percent points, of those who began in the year.
type Gain struct {
	Quarter               string // 2026-Q3
	Test                  text.Translated
	People                int
	Difference, Low, High float64
}

// Year is everything that is counted of a year.
type Year struct {
	Year      int
	Running   bool // it is not over
	CountedOn string
	Figures   []Figure
	Gains     []Gain
}

// Figure returns the one with a key.
func (y Year) Figure(key Key) Figure {
	for _, f := range y.Figures {
		if f.Key == key {
			return f
		}
	}
	return Figure{Key: key}
}

// Deps are what the service needs.
type Deps struct {
	DB    *db.DB
	Clock clock.Clock
	Zone  *time.Location
	// Ready counts the people in the register of guardians who can be proposed now. It MUST return no person.
	Ready func(ctx context.Context, q db.Querier) (int, error)
	// Steps are the pages of the first-line kit whose openings are counted; none where the office counts none.
	Steps func() []string
	// Gains returns what was learned by those who began in a year, of groups that the gain report shows.
	Gains func(ctx context.Context, year int) ([]Gain, error)
}

// Service counts.
type Service struct{ Deps }

// New returns a Service.
func New(d Deps) *Service { return &Service{d} }

// FirstYear is the earliest year that is counted.
const FirstYear = 2000

// Now is the year of the clock.
func (s *Service) Now() int { return s.Clock.Now().In(s.Zone).Year() }

// begin is the moment at which a year begins.
func (s *Service) begin(year int) time.Time {
	return time.Date(year, time.January, 1, 0, 0, 0, 0, s.Zone)
}

// today is the day of the zone.
func (s *Service) today() string { return s.Clock.Now().In(s.Zone).Format(time.DateOnly) }

// may says whether somebody reads the office's year: who reads the projects of the whole installation.
func may(actor access.Actor) error {
	if !actor.Everywhere(access.ProjectsRead) {
		return errs.NotFound("error.not-found")
	}
	return nil
}

// Years returns the years in which anything was counted, the latest first, with that of now.
func (s *Service) Years(ctx context.Context, actor access.Actor) (list []int, err error) {
	defer errs.Wrap(&err, "year.Years")
	if err := may(actor); err != nil {
		return nil, err
	}
	first, err := db.All[*time.Time](ctx, s.DB, `
		SELECT MIN(at) FROM (SELECT MIN(held_from) AS at FROM classroom_held UNION ALL SELECT MIN(passed_at) AS at FROM learning_passed) x`)
	if err != nil {
		return nil, err
	}
	from := s.Now()
	for _, at := range first {
		if at != nil && !at.IsZero() {
			from = max(FirstYear, min(from, at.In(s.Zone).Year()))
		}
	}
	for year := s.Now(); year >= from; year-- {
		list = append(list, year)
	}
	return list, nil
}

// Year counts a year as it is now.
func (s *Service) Year(ctx context.Context, actor access.Actor, year int) (y Year, err error) {
	defer errs.Wrap(&err, "year.Year(%d)", year)
	if err := may(actor); err != nil {
		return y, err
	}
	if year < FirstYear || year > s.Now() {
		return y, errs.NotFound("error.not-found")
	}
	y = Year{Year: year, Running: year == s.Now(), CountedOn: s.today()}
	if err := s.DB.View(ctx, func(tx *db.Tx) error {
		y.Figures, err = s.count(ctx, tx, year, s.Clock.Now())
		return err
	}); err != nil {
		return y, err
	}
	y.Gains, err = s.Gains(ctx, year)
	return y, err
}

// count counts all figures of a year up to a moment.
func (s *Service) count(ctx context.Context, q db.Querier, year int, until time.Time) (list []Figure, err error) {
	if end := s.begin(year + 1); end.Before(until) {
		until = end
	}
	p, err := s.people(ctx, q, s.begin(year), until)
	if err != nil {
		return nil, err
	}
	known := func(key Key, n int) { list = append(list, Figure{Key: key, Known: true, N: float64(n)}) }
	held, err := db.One[int](ctx, q, `SELECT COUNT(*) FROM classroom_held WHERE held_from >= ? AND held_from < ?`, s.begin(year), until)
	if err != nil {
		return nil, err
	}
	known(Trainings, held)
	known(People, len(p.who))
	known(Participations, p.participations)
	known(PersonDays, p.days)
	known(Certificates, p.certificates)
	first, err := s.opened(ctx, q, year, FirstLine)
	if err != nil {
		return nil, err
	}
	list = append(list, first)
	ready := Figure{Key: Guardians}
	if year == s.Now() { // the register keeps no states of the past
		n, err := s.Ready(ctx, q)
		if err != nil {
			return nil, err
		}
		ready = Figure{Key: Guardians, Known: true, N: float64(n), Few: n > 0 && n < disclosure.LeastGroup}
	}
	list = append(list, ready)
	from, to := days(year)
	copies, err := db.One[int](ctx, q, `SELECT COALESCE(SUM(copies), 0) FROM publication_given WHERE day >= ? AND day <= ?`, from, to)
	if err != nil {
		return nil, err
	}
	known(Copies, copies)
	articles, err := s.opened(ctx, q, year, Articles)
	return append(list, articles), err
}

// days are the first and the last day of a year, as days are stored.
func days(year int) (first, last string) {
	t := time.Date(year, time.January, 1, 0, 0, 0, 0, time.UTC)
	return t.Format(time.DateOnly), t.AddDate(1, 0, -1).Format(time.DateOnly)
}

// opened adds up openings of pages on days that are over: of the kit's steps, or of articles. Small numbers of a day were forgotten with the day (package visits).
func (s *Service) opened(ctx context.Context, q db.Querier, year int, key Key) (f Figure, err error) {
	f = Figure{Key: key}
	where, args := `page IN (SELECT article_id FROM site_article_page)`, []any(nil)
	if key == FirstLine {
		steps := s.Steps()
		if len(steps) == 0 {
			return f, nil // the office counts none
		}
		where, args = `page IN (`+db.In(len(steps))+`)`, db.Args(steps)
	}
	first, last := days(year)
	type sum struct{ N, Small, Days int }
	x, err := db.One[sum](ctx, q, `
		SELECT COALESCE(SUM(CASE WHEN n >= 10 THEN n ELSE 0 END), 0) AS n, COALESCE(SUM(CASE WHEN n < 10 THEN 1 ELSE 0 END), 0) AS small, COUNT(*) AS days
		FROM site_opened WHERE day >= ? AND day <= ? AND day < ? AND `+where, append([]any{first, last, s.today()}, args...)...)
	if x.Days > 0 {
		f.Known, f.N, f.AtLeast = true, float64(x.N), x.Small > 0
	}
	return f, err
}

// sums are what people did in a time.
type sums struct {
	who                                map[string]bool
	participations, days, certificates int
}

// people counts what people did from a moment up to another. Accounts that a human joined are one person.
func (s *Service) people(ctx context.Context, q db.Querier, from, until time.Time) (x sums, err error) {
	x.who = map[string]bool{}
	as := map[string]string{}
	type joined struct{ PersonID, CountsAs string }
	if err := db.Each(ctx, q, func(j joined) { as[j.PersonID] = j.CountsAs }, `SELECT person_id, counts_as FROM project_counted_as`); err != nil {
		return x, err
	}
	type did struct {
		PersonID, SubjectID string
		At                  time.Time
	}
	person := func(d did) string {
		if other := as[d.PersonID]; other != "" {
			return other
		}
		return d.PersonID
	}
	took, there := map[[2]string]bool{}, map[[2]string]bool{}
	if err := db.Each(ctx, q, func(d did) {
		who := person(d)
		x.who[who], took[[2]string{who, d.SubjectID}], there[[2]string{who, d.At.In(s.Zone).Format(time.DateOnly)}] = true, true, true
	}, `SELECT a.person_id, a.training_id AS subject_id, h.starts_at AS at FROM classroom_half h JOIN classroom_attended a ON a.session_id = h.id WHERE h.starts_at >= ? AND h.starts_at < ?`, from, until); err != nil {
		return x, err
	}
	if err := db.Each(ctx, q, func(d did) {
		who := person(d)
		x.who[who], took[[2]string{who, d.SubjectID}] = true, true
	}, `SELECT person_id, course_id AS subject_id, passed_at AS at FROM learning_passed WHERE passed_at >= ? AND passed_at < ?`, from, until); err != nil {
		return x, err
	}
	x.participations, x.days = len(took), len(there)
	x.certificates, err = db.One[int](ctx, q, `SELECT COUNT(*) FROM certificate_standing WHERE issued_at >= ? AND issued_at < ?`, from, until)
	return x, err
}

// Told is a figure of a year as it may be told to everybody.
type Told struct {
	Year      int
	Figure    Key
	N         float64
	AtLeast   bool
	CountedOn string
}

// Tell brings the figures that may be told up to date, of this year and the one before. It is the periodic work.
//
// Figures of people move together, and only once five people or more have done something since they were told last: who compares what was told on two days learns of at least five
// people at once, whatever else was corrected in between. Others who are fewer wait, and are told with those who come; if nobody comes in the year, they are never told.
func (s *Service) Tell(ctx context.Context) (err error) {
	defer errs.Wrap(&err, "year.Tell")
	return s.DB.Update(ctx, func(tx *db.Tx) error {
		if err := s.tell(ctx, tx, s.Now()-1); err != nil {
			return err
		}
		return s.tell(ctx, tx, s.Now())
	})
}

func (s *Service) tell(ctx context.Context, tx *db.Tx, year int) error {
	now, from := s.Clock.Now(), s.begin(year)
	cuts, err := db.All[time.Time](ctx, tx, `SELECT told_until FROM report_year WHERE year = ?`, year)
	if err != nil {
		return err
	}
	if len(cuts) > 0 {
		from = cuts[0]
	}
	until := now
	if end := s.begin(year + 1); end.Before(until) {
		until = end
	}
	since, err := s.people(ctx, tx, from, until)
	if err != nil {
		return err
	}
	figures, err := s.count(ctx, tx, year, now)
	if err != nil {
		return err
	}
	forward := len(since.who) >= disclosure.LeastGroup
	if forward {
		if err := db.Exec(ctx, tx, `INSERT INTO report_year (year, told_until) VALUES (?, ?) ON CONFLICT (year) DO UPDATE SET told_until = excluded.told_until`, year, until); err != nil {
			return err
		}
	}
	told, err := s.toldOf(ctx, tx, year)
	if err != nil {
		return err
	}
	for _, f := range figures {
		if !f.Known || slices.Contains(ofPeople, f.Key) && !forward || f.Key == Guardians && !step(told, f) {
			continue
		}
		if err := db.Exec(ctx, tx, `
			INSERT INTO report_year_told (year, figure, n, at_least, counted_on) VALUES (?, ?, ?, ?, ?)
			ON CONFLICT (year, figure) DO UPDATE SET n = excluded.n, at_least = excluded.at_least, counted_on = excluded.counted_on`, year, string(f.Key), f.N, f.AtLeast, s.today()); err != nil {
			return err
		}
	}
	return nil
}

// step says whether the number of guardians may be told anew: there are none or five at least, and it is the same as before or differs by five at least.
func step(told []Told, f Figure) bool {
	if f.Few {
		return false
	}
	for _, t := range told {
		if t.Figure == f.Key {
			d := t.N - f.N
			return d == 0 || d >= disclosure.LeastGroup || -d >= disclosure.LeastGroup
		}
	}
	return true
}

func (s *Service) toldOf(ctx context.Context, q db.Querier, year int) ([]Told, error) {
	return db.All[Told](ctx, q, `SELECT year, figure, n, at_least, counted_on FROM report_year_told WHERE year = ?`, year)
}
