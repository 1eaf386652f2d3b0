// Package desktest fills a database with organisations, people and their ways through courses, for the tests and
// benchmarks of the coordinator's desk.
package desktest

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"ostoja/internal/clock"
	"ostoja/internal/course/scenario"
	"ostoja/internal/db"
	"ostoja/internal/desk"
	"ostoja/internal/errs"
	"ostoja/internal/id"
	"ostoja/internal/text"
)

// regions are the voivodeships that the made-up units lie in.
var regions = []string{"02", "06", "14", "18", "20", "28", ""}

// Unit is a made-up unit.
type Unit struct {
	ID, ParentID, Path, Name, Region string
}

// World is what a seeded database holds.
type World struct {
	Now     time.Time
	Units   []Unit // an organisation, its regions and their posts, then the next organisation
	People  []string
	UnitOf  map[string]Unit // person -> unit
	Courses []string
	random  *rand.Rand
	zone    *time.Location
}

// Options say how much to make.
type Options struct {
	Organisations, RegionsEach, PostsEach int
	People                                int
	Courses                               int
	Seed                                  uint64
	Now                                   time.Time
}

// Small is a world that a person can still count.
var Small = Options{Organisations: 2, RegionsEach: 2, PostsEach: 2, People: 60, Courses: 2, Seed: 1}

// Large is a whole service: 15,000 learners.
var Large = Options{Organisations: 3, RegionsEach: 10, PostsEach: 12, People: 15000, Courses: 3, Seed: 1}

// Now is the time of a seeded world if its options give none.
var Now = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// Fill makes a world in an empty database. The same options give the same world but for the identifiers.
func Fill(t testing.TB, d *db.DB, o Options) *World {
	t.Helper()
	if o.Now.IsZero() {
		o.Now = Now
	}
	zone, err := time.LoadLocation("Europe/Warsaw")
	if err != nil {
		t.Fatal(err)
	}
	w := &World{Now: clock.Cut(o.Now), UnitOf: map[string]Unit{}, random: rand.New(rand.NewPCG(o.Seed, 1)), zone: zone}
	err = d.Update(context.Background(), func(tx *db.Tx) error {
		for _, step := range []func(*db.Tx, Options) error{w.courses, w.units, w.people} {
			if err := step(tx, o); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Administer(context.Background(), "ANALYZE"); err != nil {
		t.Fatal(err)
	}
	return w
}

func exec(tx *db.Tx, text string, args ...any) error {
	return db.Exec(context.Background(), tx, text, args...)
}

func (w *World) courses(tx *db.Tx, o Options) error {
	if err := exec(tx, `INSERT INTO blob (hash, media_type, size, content, created_at) VALUES ('h', 'application/zip', 0, ?, ?)`, []byte{}, w.Now); err != nil {
		return err
	}
	for i := range o.Courses {
		course := fmt.Sprintf("course-%d", i+1)
		w.Courses = append(w.Courses, course)
		if err := exec(tx, `INSERT INTO course (id, current_version_id, in_catalogue, created_at) VALUES (?, ?, TRUE, ?)`, course, course+"-v2", w.Now); err != nil {
			return err
		}
		for n := 1; n <= 2; n++ {
			if err := exec(tx, `INSERT INTO course_version (id, course_id, number, label, digest, archive_hash, published_at) VALUES (?, ?, ?, ?, ?, 'h', ?)`,
				fmt.Sprintf("%s-v%d", course, n), course, n, fmt.Sprint(n), fmt.Sprint("d", n), w.Now); err != nil {
				return err
			}
		}
	}
	return nil
}

func (w *World) units(tx *db.Tx, o Options) error {
	add := func(parent Unit, kind, name, region string) (Unit, error) {
		u := Unit{ID: id.New(), ParentID: parent.ID, Path: parent.Path, Name: name, Region: region}
		if u.Path == "" {
			u.Path = "/"
		}
		u.Path += u.ID + "/"
		var above any
		if parent.ID != "" {
			above = parent.ID
		}
		w.Units = append(w.Units, u)
		return u, exec(tx, `INSERT INTO unit (id, parent_id, path, kind, name, region, created_at) VALUES (?, ?, ?, ?, ?, ?, ?)`, u.ID, above, u.Path, kind, name, region, w.Now)
	}
	for i := range o.Organisations {
		organisation, err := add(Unit{}, "service", fmt.Sprintf("Organizacja %d", i+1), "")
		if err != nil {
			return err
		}
		for j := range o.RegionsEach {
			region, err := add(organisation, "region", fmt.Sprintf("Oddział %d.%d", i+1, j+1), regions[j%len(regions)])
			if err != nil {
				return err
			}
			for k := range o.PostsEach {
				if _, err := add(region, "post", fmt.Sprintf("Placówka %d.%d.%d", i+1, j+1, k+1), ""); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

var (
	givenNames  = []string{"Anna", "Łukasz", "Żaneta", "Piotr", "Świętosława", "Jan", "Oksana", "Ewa", "Michał", "Zofia"}
	familyNames = []string{"Nowak", "Łącka", "Źrebiec", "Kowal", "Ćwik", "Szymańska", "Adamczyk", "Żak", "Bąk", "Ostrowski"}
)

func (w *World) people(tx *db.Tx, o Options) error {
	for i := range o.People {
		u := w.Units[w.random.IntN(len(w.Units))]
		given, family := givenNames[w.random.IntN(len(givenNames))], familyNames[w.random.IntN(len(familyNames))]
		person := id.New()
		w.People = append(w.People, person)
		w.UnitOf[person] = u
		organisation := u.Path[1:37]
		var mail any
		if w.random.IntN(10) > 0 {
			mail = fmt.Sprintf("osoba%d@example.org", i)
		}
		region := ""
		if w.random.IntN(5) == 0 {
			region = regions[w.random.IntN(len(regions))]
		}
		state, language := "active", "pl"
		switch w.random.IntN(20) {
		case 0:
			state = "blocked"
		case 1, 2:
			state = "invited"
		case 3, 4:
			language = "en"
		}
		if err := exec(tx, `INSERT INTO person (id, organisation_id, unit_id, given_name, family_name, sort_key, search_text, mail, service_number, lang, region, state, created_at)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, person, organisation, u.ID, given, family, fmt.Sprintf("%s %s %05d", family, given, i),
			fmt.Sprintf("%s %s osoba%d@example.org sg%d", text.Search(family), text.Search(given), i, i), mail, fmt.Sprintf("SG%d", i), language, region, state, w.Now); err != nil {
			return err
		}
		for c, course := range w.Courses {
			if c > 0 && w.random.IntN(3) > 0 { // the first course is for all, the others for a third
				continue
			}
			if err := w.ways(tx, person, course); err != nil {
				return err
			}
		}
	}
	return nil
}

// ways leads a person through a course once, or twice for a few.
func (w *World) ways(tx *db.Tx, person, course string) error {
	rounds := 1
	if w.random.IntN(15) == 0 {
		rounds = 2
	}
	at := w.Now.Add(-time.Duration(w.random.Int64N(int64(18 * 30 * 24 * time.Hour))))
	for round := 1; round <= rounds; round++ {
		enrolment := id.New()
		var started, active, finished, passed, withdrawn time.Time
		step := func(chance int) bool {
			at = clock.Cut(at.Add(time.Duration(w.random.Int64N(int64(40 * 24 * time.Hour)))))
			return at.Before(w.Now) && w.random.IntN(100) < chance
		}
		invited := clock.Cut(at)
		parts := 0
		if step(85) {
			started, active, parts = at, at, w.random.IntN(30)
			if step(75) {
				finished, active, parts = at, at, 34
				if step(85) {
					passed, active = at, at
				}
			}
		}
		if passed.IsZero() && (w.random.IntN(25) == 0 || round < rounds) {
			withdrawn = at
			if !at.Before(w.Now) {
				withdrawn = w.Now
			}
		}
		if err := exec(tx, `INSERT INTO enrolment (id, person_id, course_id, version_id, round, lang, source, created_at, started_at, active_at, finished_at, passed_at, withdrawn_at, parts_done, latest)
			VALUES (?, ?, ?, ?, ?, 'pl', 'invitation', ?, ?, ?, ?, ?, ?, ?, ?)`, enrolment, person, course, fmt.Sprintf("%s-v%d", course, 1+w.random.IntN(2)), round,
			invited, started, active, finished, passed, withdrawn, parts, round == rounds); err != nil {
			return err
		}
		if finished.IsZero() {
			continue
		}
		if err := w.attempts(tx, enrolment, course, person, finished, passed); err != nil {
			return err
		}
	}
	return nil
}

func (w *World) attempts(tx *db.Tx, enrolment, course, person string, finished, passed time.Time) error {
	n := 1 + w.random.IntN(2)
	for i := 1; i <= n; i++ {
		attempt, percent, ok := id.New(), float64(30+w.random.IntN(40)), false
		if i == n && !passed.IsZero() {
			percent, ok = float64(80+w.random.IntN(21)), true
		}
		if err := exec(tx, `INSERT INTO attempt (id, enrolment_id, version_id, test_id, number, seed, items, started_at, submitted_at, percent, passed) VALUES (?, ?, ?, 'final', ?, 1, '[]', ?, ?, ?, ?)`,
			attempt, enrolment, course+"-v1", i, finished, finished, percent, ok); err != nil {
			return err
		}
		if !ok {
			continue
		}
		code := id.Code(10)
		if err := exec(tx, `INSERT INTO certificate (id, number, code, person_id, enrolment_id, attempt_id, course_id, version_id, lang, holder, title, hours, objectives, issuer, issued_at)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'pl', 'H', 'T', 6, '[]', 'I', ?)`, id.New(), "OST-"+code, code, person, enrolment, attempt, course, course+"-v1", passed); err != nil {
			return err
		}
	}
	return nil
}

// Parts is how many parts each made-up version has.
const Parts = 34

// Catalogue tells the desk of the made-up courses.
type Catalogue struct{ w *World }

// Catalogue returns the world's courses.
func (w *World) Catalogue() Catalogue { return Catalogue{w} }

// All returns the courses.
func (c Catalogue) All(context.Context) (list []desk.Course, err error) {
	for i, name := range c.w.Courses {
		list = append(list, desk.Course{ID: name, Title: text.Translated{"pl": fmt.Sprintf("Kurs %d", i+1), "en": fmt.Sprintf("Course %d", i+1)}, Current: name + "-v2", Number: 2})
	}
	return list, nil
}

// One returns a course.
func (c Catalogue) One(ctx context.Context, courseID string) (desk.Course, error) {
	all, _ := c.All(ctx) // cannot fail
	for _, one := range all {
		if one.ID == courseID {
			return one, nil
		}
	}
	return desk.Course{}, errs.NotFound("error.not-found")
}

// Version returns a version, whose number is the last letter of its id.
func (c Catalogue) Version(_ context.Context, versionID string) (desk.Version, error) {
	return desk.Version{Number: int(versionID[len(versionID)-1] - '0'), Parts: Parts}, nil
}

// Stories returns none: the made-up courses have no contents.
func (c Catalogue) Stories(context.Context, string) ([]*scenario.Scenario, error) { return nil, nil }

// Zone is the zone in which the world lives.
func (w *World) Zone() *time.Location { return w.zone }
