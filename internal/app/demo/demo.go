// Package demo fills a database with synthetic people and their history, to show the program and to measure it. All names
// are combined at random from common ones, every address ends in .example (RFC 2606), and the same number of learners
// always gives the same people.
package demo

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/certificate"
	"ostoja/internal/classroom"
	"ostoja/internal/clock"
	"ostoja/internal/course/published"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/id"
	"ostoja/internal/itembank"
	"ostoja/internal/measurement"
	"ostoja/internal/text"
)

// Password is every demonstration person's password. It is only ever set in databases that `demo` or `serve --demo` filled.
const Password = "ostoja w ogrodzie" //nolint:gosec // public by design

// Member is somebody of the demonstration whom one can sign in as.
type Member struct {
	Role                access.Role
	Mail, Given, Family string
}

// Staff are the demonstration people by role, in the order in which they are printed.
var Staff = []Member{
	{access.Learner, "uczestniczka@demo.example", "Zofia", "Ślusarczyk"},
	{access.Coordinator, "koordynator@demo.example", "Łukasz", "Żak"},
	{access.Author, "autorka@demo.example", "Iryna", "Kowal"},
	{access.Trainer, "trenerka@demo.example", "Anna", "Ćwik"},
	{access.Reviewer, "recenzent@demo.example", "Piotr", "Świątek"},
	{access.Administrator, "admin@demo.example", "Ewa", "Wójcik"},
}

// LearnerMail returns the address of the n-th synthetic learner, from 0.
func LearnerMail(n int) string { return fmt.Sprintf("osoba%05d@demo.example", n) }

// Stage is how far a synthetic learner has come.
type Stage int

// The stages, in the shares that a course in its fourth month might show.
const (
	notBegun Stage = iota
	UnderWay
	BeforeTest // all parts done, the test not begun
	failed     // one attempt, not passed
	passed
)

// StageOf returns the stage of the n-th synthetic learner: of each twenty 3 have not begun, 5 are under way, 3 stand before
// the test, 1 has failed once and 8 have passed.
func StageOf(n int) Stage {
	switch m := n % 20; {
	case m < 3:
		return notBegun
	case m < 8:
		return UnderWay
	case m < 11:
		return BeforeTest
	case m < 12:
		return failed
	}
	return passed
}

// Filler fills a database.
type Filler struct {
	DB      *db.DB
	Clock   clock.Clock
	Courses *published.Service
	Certs   *certificate.Service
	// Bank, Classroom and Measurement, if set, have the course's competence test attached and sat.
	Bank        *itembank.Service
	Classroom   *classroom.Service
	Measurement *measurement.Service
	Hash        string // of Password, made once: hashing is slow by design
	// Progress, if set, is told how many learners are written.
	Progress func(done, of int)

	random   *rand.Rand
	course   *published.Course
	units    []unit
	measured []*measured
}

type unit struct {
	id, path, organisation, region string
}

// Exists says whether the database holds demonstration people already.
func Exists(ctx context.Context, d *db.DB) (bool, error) {
	n, err := db.One[int](ctx, d, `SELECT COUNT(*) FROM person WHERE mail = ?`, Staff[0].Mail)
	return n > 0, err
}

// Fill writes the units, the staff and the given number of learners, enrolled in the course.
func (f *Filler) Fill(ctx context.Context, courseID string, learners int) (err error) {
	defer errs.Wrap(&err, "demo.Fill(%d)", learners)
	f.random = rand.New(rand.NewPCG(1, 2)) //nolint:gosec // the same people every time
	if f.course, err = f.Courses.Current(ctx, courseID); err != nil {
		return err
	}
	if err := f.db(ctx, func(tx *db.Tx) error {
		if err := f.makeUnits(ctx, tx); err != nil {
			return err
		}
		return f.makeStaff(ctx, tx)
	}); err != nil {
		return err
	}
	if f.Measurement != nil {
		if err := f.attachTests(ctx, learners); err != nil {
			return err
		}
	}
	const portion = 250
	for from := 0; from < learners; from += portion {
		to := min(learners, from+portion)
		err := f.db(ctx, func(tx *db.Tx) error {
			for n := from; n < to; n++ {
				if err := f.makeLearner(ctx, tx, n); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
		if f.Progress != nil {
			f.Progress(to, learners)
		}
	}
	return f.db(ctx, func(tx *db.Tx) error { return f.allocate(ctx, tx) })
}

// quiet takes all letters for sent: nobody is to be told anew of what happened weeks ago.
func (f *Filler) quiet(ctx context.Context) error {
	return f.db(ctx, func(tx *db.Tx) error {
		return db.Exec(ctx, tx, `UPDATE mail SET sent_at = created_at, body = '', calendar = '[]' WHERE sent_at IS NULL`)
	})
}

func (f *Filler) db(ctx context.Context, fn func(*db.Tx) error) error { return f.DB.Update(ctx, fn) }

func pick[T any](r *rand.Rand, list []T) T { return list[r.IntN(len(list))] }

// makeUnits makes a service with regional units and posts, and two welfare centres. Their names are general, not those of
// real posts.
func (f *Filler) makeUnits(ctx context.Context, tx *db.Tx) error {
	now := f.Clock.Now()
	add := func(parent unit, kind, name, region string) (unit, error) {
		u := unit{id: id.New(), region: region}
		u.path, u.organisation = "/"+u.id+"/", u.id
		var parentID any
		if parent.id != "" {
			u.path, u.organisation, parentID = parent.path+u.id+"/", parent.organisation, parent.id
		}
		return u, db.Exec(ctx, tx, `INSERT INTO unit (id, parent_id, path, kind, name, region, created_at) VALUES (?, ?, ?, ?, ?, ?, ?)`, u.id, parentID, u.path, kind, name, region, now)
	}
	office, err := add(unit{}, "office", "Biuro programu (demonstracja)", "14")
	if err != nil {
		return err
	}
	f.units = []unit{office}
	service, err := add(unit{}, "service", "Służba graniczna (demonstracja)", "")
	if err != nil {
		return err
	}
	for _, region := range regions {
		r, err := add(service, "region", "Oddział "+region.name, region.code)
		if err != nil {
			return err
		}
		for i := range 4 {
			p, err := add(r, "post", fmt.Sprintf("Placówka nr %d, Oddział %s", i+1, region.name), region.code)
			if err != nil {
				return err
			}
			f.units = append(f.units, p)
		}
	}
	for _, name := range []string{"Ośrodek pomocy społecznej A (demonstracja)", "Powiatowe centrum pomocy rodzinie B (demonstracja)"} {
		w, err := add(unit{}, "welfare-centre", name, "06")
		if err != nil {
			return err
		}
		f.units = append(f.units, w)
	}
	return nil
}

func (f *Filler) makeStaff(ctx context.Context, tx *db.Tx) error {
	for _, s := range Staff {
		p := person{id: id.New(), given: s.Given, family: s.Family, mail: s.Mail, unit: f.units[0], lang: "pl", at: f.Clock.Now()}
		if err := f.insertPerson(ctx, tx, p); err != nil {
			return err
		}
		if err := f.grant(ctx, tx, p, access.Learner, true); err != nil {
			return err
		}
		if s.Role == access.Learner {
			if err := f.enrol(ctx, tx, p, notBegun, p.at.Add(-48*time.Hour)); err != nil {
				return err
			}
			continue
		}
		if err := f.grant(ctx, tx, p, s.Role, true); err != nil {
			return err
		}
	}
	return nil
}

type person struct {
	id, given, family, mail, number, lang, sex string
	unit                                       unit
	at                                         time.Time
}

func (p person) name() string { return p.given + " " + p.family }

func (f *Filler) insertPerson(ctx context.Context, tx *db.Tx, p person) error {
	var number any
	if p.number != "" {
		number = p.number
	}
	return db.Exec(ctx, tx, `
		INSERT INTO person (id, organisation_id, unit_id, given_name, family_name, sort_key, search_text, mail, service_number, lang, sex, region, password_hash, state, created_at, activated_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'active', ?, ?)`,
		p.id, p.unit.organisation, p.unit.id, p.given, p.family, text.SortKey(p.family, p.given), text.Search(strings.Join([]string{p.family, p.given, p.family, p.mail, p.number}, " ")),
		p.mail, number, p.lang, p.sex, p.unit.region, f.Hash, p.at, p.at)
}

// grant gives a role: everywhere, or within the person's own unit.
func (f *Filler) grant(ctx context.Context, tx *db.Tx, p person, role access.Role, everywhere bool) error {
	var unitID any = p.unit.id
	if everywhere {
		unitID = nil
	}
	return db.Exec(ctx, tx, `INSERT INTO role_grant (id, person_id, role, unit_id, created_at, created_by) VALUES (?, ?, ?, ?, ?, '')`, id.New(), p.id, string(role), unitID, p.at)
}

func (f *Filler) makeLearner(ctx context.Context, tx *db.Tx, n int) error {
	r := f.random
	woman := r.IntN(100) < 46
	p := person{id: id.New(), mail: LearnerMail(n), number: fmt.Sprintf("SG%06d", 100000+n), unit: f.units[1+r.IntN(len(f.units)-1)], lang: "pl", sex: "m"}
	p.given, p.family = pick(r, men), pick(r, families)
	if woman {
		p.given, p.family, p.sex = pick(r, women), feminine(pick(r, families)), "f"
	}
	if r.IntN(10) == 0 {
		p.sex = "" // not everybody answers
	}
	if r.IntN(40) == 0 {
		p.lang = "en"
	}
	// Invited over the last four months, a few a day.
	p.at = f.Clock.Now().Add(-time.Duration(1+r.IntN(120*24*60)) * time.Minute)
	if err := f.insertPerson(ctx, tx, p); err != nil {
		return err
	}
	if err := f.grant(ctx, tx, p, access.Learner, false); err != nil {
		return err
	}
	if err := f.enrol(ctx, tx, p, StageOf(n), p.at); err != nil {
		return err
	}
	return f.measure(ctx, tx, n, p, StageOf(n))
}
