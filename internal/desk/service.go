package desk

import (
	"context"
	"iter"
	"slices"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/act"
	"ostoja/internal/audit"
	"ostoja/internal/clock"
	"ostoja/internal/course"
	"ostoja/internal/course/published"
	"ostoja/internal/course/scenario"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/lang"
	"ostoja/internal/mail"
)

// Courses knows the courses and their versions.
type Courses interface {
	// All returns the courses in the order in which they are shown.
	All(ctx context.Context) ([]Course, error)
	// One returns a course; errs.ErrNotFound if there is none.
	One(ctx context.Context, courseID string) (Course, error)
	// Version returns a version, also one that is no longer current.
	Version(ctx context.Context, versionID string) (Version, error)
	// Stories returns the scenarios of a version in their order.
	Stories(ctx context.Context, versionID string) ([]*scenario.Scenario, error)
}

// Rounds are the rounds that learning keeps.
type Rounds interface {
	// Reminded notes in tx that a person is reminded of a round now. It MUST answer false, and change nothing, where the
	// round is over or the person was reminded of any round after the given time: two coordinators may press at once.
	Reminded(ctx context.Context, tx *db.Tx, enrolmentID string, after time.Time) (noted bool, err error)
	// Unreminded takes in tx back that a person was reminded of a round within a time, and says when they were before; false, and nothing
	// changed, where the round is gone or was not reminded then.
	Unreminded(ctx context.Context, tx *db.Tx, enrolmentID string, from, until, before time.Time) (done bool, err error)
}

// Outbox takes mail. Send MUST write by tx and wait for no mail server.
type Outbox interface {
	Send(ctx context.Context, tx *db.Tx, m mail.Message) error
}

// Deps are what a Service stands on.
type Deps struct {
	DB        *db.DB
	Clock     clock.Clock
	Zone      *time.Location // in which months begin
	Courses   Courses
	Rounds    Rounds
	Outbox    Outbox
	Catalogue *lang.Catalogue // for letters
	BaseURL   string          // to which letters lead
	Acts      *act.Service    // remembers what was done to many; nil: one that holds no letters, for tests
}

// Service answers the coordinator's questions.
type Service struct {
	db        *db.DB
	clock     clock.Clock
	zone      *time.Location
	courses   Courses
	rounds    Rounds
	outbox    Outbox
	catalogue *lang.Catalogue
	baseURL   string
	acts      *act.Service
	few       int // see usualFew; the tests have fewer people
}

// New returns a Service.
func New(d Deps) *Service {
	if d.Acts == nil {
		d.Acts = act.New(d.DB, d.Clock, act.NoLetters{})
	}
	s := &Service{
		db: d.DB, clock: d.Clock, zone: d.Zone, courses: d.Courses, rounds: d.Rounds, outbox: d.Outbox, catalogue: d.Catalogue, baseURL: d.BaseURL,
		acts: d.Acts, few: usualFew,
	}
	d.Acts.On(ActRemind, act.Way{Permission: access.DeskWrite, Undo: s.unremind})
	return s
}

// Now returns the service's time, by which pages say how long ago something was.
func (s *Service) Now() time.Time { return s.clock.Now() }

// offered adapts the course area to what the desk needs of it.
type offered struct{ service *published.Service }

// CoursesOf returns the courses that the course area has published.
func CoursesOf(s *published.Service) Courses { return offered{s} }

// All returns the courses in which people can be enrolled.
func (c offered) All(ctx context.Context) ([]Course, error) {
	entries, err := c.service.List(ctx)
	if err != nil {
		return nil, err
	}
	var list []Course
	for _, e := range entries {
		v, err := c.service.Version(ctx, e.CurrentVersionID)
		if err != nil {
			return nil, err
		}
		if v.SelfStudy() { // nobody is enrolled in what is held in a classroom
			list = append(list, c.as(e, v))
		}
	}
	return list, nil
}

// One returns a course.
func (c offered) One(ctx context.Context, courseID string) (Course, error) {
	e, err := c.service.Entry(ctx, courseID)
	if err != nil {
		return Course{}, err
	}
	return c.of(ctx, e)
}

func (c offered) of(ctx context.Context, e published.Entry) (Course, error) {
	v, err := c.service.Version(ctx, e.CurrentVersionID)
	if err != nil {
		return Course{}, err
	}
	return c.as(e, v), nil
}

func (offered) as(e published.Entry, v *published.Course) Course {
	return Course{ID: e.ID, Title: v.Title, Current: e.CurrentVersionID, Number: v.Number}
}

// Version returns a version.
func (c offered) Version(ctx context.Context, versionID string) (Version, error) {
	v, err := c.service.Version(ctx, versionID)
	if err != nil {
		return Version{}, err
	}
	return Version{Number: v.Number, Parts: len(v.Parts())}, nil
}

// Stories returns the scenarios of a version.
func (c offered) Stories(ctx context.Context, versionID string) ([]*scenario.Scenario, error) {
	v, err := c.service.Version(ctx, versionID)
	if err != nil {
		return nil, err
	}
	var list []*scenario.Scenario
	for _, p := range v.Parts() {
		if s := v.Scenarios[p.ID()]; p.Kind() == course.KindScenario && s != nil {
			list = append(list, s)
		}
	}
	return list, nil
}

// Home returns all courses with their figures, of the people whom the actor may see.
func (s *Service) Home(ctx context.Context, actor access.Actor) (list []CourseFigures, err error) {
	defer errs.Wrap(&err, "desk.Home")
	courses, err := s.courses.All(ctx)
	if err != nil {
		return nil, err
	}
	t, err := loadTree(ctx, s.db)
	if err != nil {
		return nil, err
	}
	var w where
	if err := w.within(t, actor, access.DeskRead, "", false); err != nil {
		return nil, err
	}
	counted, err := figuresByCourse(ctx, s.db, w)
	if err != nil {
		return nil, err
	}
	for _, c := range courses {
		list = append(list, CourseFigures{Course: c, Figures: counted[c.ID]})
	}
	return list, nil
}

// Course returns a course for the desk.
func (s *Service) Course(ctx context.Context, courseID string) (_ Course, err error) {
	defer errs.Wrap(&err, "desk.Course(%q)", courseID)
	return s.courses.One(ctx, courseID)
}

// Overview returns a course's figures and breakdowns, of the people whom the filter chooses and the actor may see.
func (s *Service) Overview(ctx context.Context, actor access.Actor, courseID string, f Filter) (o Overview, err error) {
	defer errs.Wrap(&err, "desk.Overview(%q)", courseID)
	err = s.db.View(ctx, func(tx *db.Tx) error {
		t, err := loadTree(ctx, tx)
		if err != nil {
			return err
		}
		w, err := s.filter(t, actor, access.DeskRead, courseID, f)
		if err != nil {
			return err
		}
		a := newAggregate(t, s.zone, t.byID[f.Unit])
		if err := eachWay(ctx, tx, w, a.add); err != nil {
			return err
		}
		o = a.overview()
		return nil
	})
	return o, err
}

// Behind returns how many people within the actor's reach are under way on an earlier version of a course.
func (s *Service) Behind(ctx context.Context, actor access.Actor, c Course) (n int, err error) {
	defer errs.Wrap(&err, "desk.Behind(%q)", c.ID)
	t, err := loadTree(ctx, s.db)
	if err != nil {
		return 0, err
	}
	w, err := s.filter(t, actor, access.DeskWrite, c.ID, Filter{})
	if err != nil {
		return 0, err
	}
	w.and(`l.version_id <> ? AND l.passed_at IS NULL AND l.withdrawn_at IS NULL`, c.Current)
	return count(ctx, s.db, w)
}

// People returns a part of the list of a course's people, and how many there are in all.
func (s *Service) People(ctx context.Context, actor access.Actor, courseID string, f Filter, order Sort, page Page) (list []Person, total int, err error) {
	defer errs.Wrap(&err, "desk.People(%q)", courseID)
	if !order.known() {
		return nil, 0, errs.Invalid("error.invalid")
	}
	err = s.db.View(ctx, func(tx *db.Tx) error {
		t, err := loadTree(ctx, tx)
		if err != nil {
			return err
		}
		w, err := s.filter(t, actor, access.DeskRead, courseID, f)
		if err != nil {
			return err
		}
		if total, err = count(ctx, tx, w); err != nil {
			return err
		}
		rounds, err := roundIDs(ctx, tx, w, order, page)
		if err != nil {
			return err
		}
		list, err = s.read(ctx, tx, t, rounds)
		return err
	})
	return list, total, err
}

// EachPerson hands the list of a course's people whole to use, in order, for a file. It holds the identifiers of all and
// some hundred people at a time, and reads them in one state of the database.
func (s *Service) EachPerson(ctx context.Context, actor access.Actor, courseID string, f Filter, order Sort, use func(iter.Seq2[Person, error]) error) (err error) {
	defer errs.Wrap(&err, "desk.EachPerson(%q)", courseID)
	if !order.known() {
		return errs.Invalid("error.invalid")
	}
	return s.db.View(ctx, func(tx *db.Tx) error {
		t, err := loadTree(ctx, tx)
		if err != nil {
			return err
		}
		w, err := s.filter(t, actor, access.DeskRead, courseID, f)
		if err != nil {
			return err
		}
		rounds, err := roundIDs(ctx, tx, w, order, Page{})
		if err != nil {
			return err
		}
		return use(s.portions(ctx, tx, t, rounds))
	})
}

// RecordExport notes that the list of a course's people was taken away as a file.
func (s *Service) RecordExport(ctx context.Context, actor access.Actor, courseID string, rows int, format string) (err error) {
	defer errs.Wrap(&err, "desk.RecordExport(%q)", courseID)
	return s.db.Update(ctx, func(tx *db.Tx) error {
		return audit.RecordExport(ctx, tx, s.clock.Now(), actor.PersonID, "person.export", "course:"+courseID, rows, format)
	})
}

func (s *Service) portions(ctx context.Context, tx *db.Tx, t *tree, rounds []string) iter.Seq2[Person, error] {
	return func(yield func(Person, error) bool) {
		for some := range slices.Chunk(rounds, portion) {
			list, err := s.read(ctx, tx, t, some)
			if err != nil {
				yield(Person{}, err)
				return
			}
			for _, p := range list {
				if !yield(p, nil) {
					return
				}
			}
		}
	}
}

// read returns the people whose latest rounds these are, with what the query leaves to Go.
func (s *Service) read(ctx context.Context, tx *db.Tx, t *tree, rounds []string) ([]Person, error) {
	list, err := people(ctx, tx, rounds)
	if err != nil {
		return nil, err
	}
	err = s.complete(ctx, t, list)
	return list, err
}

// complete adds what the query leaves to Go: names of units, inherited regions, the number of parts.
func (s *Service) complete(ctx context.Context, t *tree, list []Person) error {
	versions := map[string]Version{}
	for i := range list {
		p := &list[i]
		p.Unit, p.Organisation = t.name(p.UnitID), t.organisation(p.UnitID).Name
		if p.Region == "" {
			p.Region = t.byID[p.UnitID].Region
		}
		v, known := versions[p.VersionID]
		if !known {
			var err error
			if v, err = s.courses.Version(ctx, p.VersionID); err != nil {
				return err
			}
			versions[p.VersionID] = v
		}
		p.Parts = max(v.Parts, p.PartsDone)
	}
	return nil
}

// Months returns the months from the first invitation to a course until today, the newest first.
func (s *Service) Months(ctx context.Context, courseID string) (list []string, err error) {
	defer errs.Wrap(&err, "desk.Months(%q)", courseID)
	begin, err := firstInvitation(ctx, s.db, courseID)
	if err != nil || begin.IsZero() {
		return nil, err
	}
	now := s.clock.Now().In(s.zone)
	earliest := monthOf(begin, s.zone)
	for t := time.Date(now.Year(), now.Month(), 1, 12, 0, 0, 0, s.zone); ; t = t.AddDate(0, -1, 0) {
		month := monthOf(t, s.zone)
		if month < earliest {
			return list, nil
		}
		list = append(list, month)
	}
}
