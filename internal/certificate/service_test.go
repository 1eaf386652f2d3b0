package certificate

import (
	"context"
	"errors"
	"fmt"
	"sort"
	"sync"
	"testing"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/clock"
	"ostoja/internal/db"
	"ostoja/internal/db/dbtest"
	"ostoja/internal/errs"
	"ostoja/internal/id"
)

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// world is two organisations with a person each, and a course.
type world struct {
	t       testing.TB
	d       *db.DB
	clock   *clock.Fake
	service *Service
	unit    [2]string // paths
	person  [2]string
	round   int
}

func newWorld(t testing.TB, d *db.DB) *world {
	t.Helper()
	w := &world{t: t, d: d, clock: clock.NewFake(noon)}
	w.service = New(d, w.clock, warsaw(t))
	w.exec(`INSERT INTO blob (hash, media_type, size, content, created_at) VALUES ('h', 'application/zip', 0, ?, ?)`, []byte{}, noon)
	w.exec(`INSERT INTO course (id, current_version_id, in_catalogue, created_at) VALUES ('course', 'version', TRUE, ?)`, noon)
	w.exec(`INSERT INTO course_version (id, course_id, number, label, digest, archive_hash, published_at) VALUES ('version', 'course', 1, '1', 'd', 'h', ?)`, noon)
	for i := range w.person {
		unit := id.New()
		w.unit[i], w.person[i] = "/"+unit+"/", id.New()
		w.exec(`INSERT INTO unit (id, path, kind, name, created_at) VALUES (?, ?, 'office', 'Office', ?)`, unit, w.unit[i], noon)
		w.exec(`INSERT INTO person (id, organisation_id, unit_id, given_name, family_name, sort_key, search_text, lang, state, created_at)
			VALUES (?, ?, ?, 'A', 'B', '', '', 'pl', 'active', ?)`, w.person[i], unit, unit, noon)
	}
	return w
}

func (w *world) exec(text string, args ...any) {
	w.t.Helper()
	if err := w.d.Update(context.Background(), func(tx *db.Tx) error { return db.Exec(context.Background(), tx, text, args...) }); err != nil {
		w.t.Fatal(err)
	}
}

// enrol makes the next round of a person, with a passed attempt.
func (w *world) enrol(person string) (enrolmentID, attemptID string) {
	w.t.Helper()
	w.round++
	enrolmentID, attemptID = id.New(), id.New()
	w.exec(`INSERT INTO enrolment (id, person_id, course_id, version_id, round, latest, lang, source, created_at) VALUES (?, ?, 'course', 'version', ?, FALSE, 'pl', 'self', ?)`, enrolmentID, person, w.round, noon)
	w.exec(`INSERT INTO attempt (id, enrolment_id, version_id, test_id, number, seed, items, started_at) VALUES (?, ?, 'version', 'final', 1, 1, '[]', ?)`, attemptID, enrolmentID, noon)
	return enrolmentID, attemptID
}

func (w *world) award(person, enrolmentID, attemptID string) Award {
	return Award{
		PersonID: person, EnrolmentID: enrolmentID, AttemptID: attemptID, CourseID: "course", VersionID: "version", Lang: "pl",
		Holder: "Żaneta Świąć", Title: "Kurs", Hours: 6.5, Objectives: []string{"Rozpoznaje oznaki."}, Issuer: "Biuro", ValidMonths: 24, At: w.clock.Now(),
	}
}

func (w *world) issue(a Award) (c Certificate, err error) {
	err = w.d.Update(context.Background(), func(tx *db.Tx) error {
		c, err = w.service.Issue(context.Background(), tx, a)
		return err
	})
	return c, err
}

func (w *world) issued(person string) Certificate {
	w.t.Helper()
	enrolment, attempt := w.enrol(person)
	c, err := w.issue(w.award(person, enrolment, attempt))
	if err != nil {
		w.t.Fatal(err)
	}
	return c
}

func (w *world) actor(role access.Role, path, person string) access.Actor {
	return access.Actor{PersonID: person, Grants: []access.Grant{{Role: role, Path: path}}, At: w.clock.Now()}
}

func TestIssue(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		ctx := context.Background()
		enrolment, attempt := w.enrol(w.person[0])
		award := w.award(w.person[0], enrolment, attempt)
		first, err := w.issue(award)
		if err != nil {
			t.Fatal(err)
		}
		if first.Number != "OST-2026-000001" || ParseCode(first.Code) != first.Code {
			t.Errorf("number %q, code %q", first.Number, first.Code)
		}
		again, err := w.issue(award)
		if err != nil || again.ID != first.ID || again.Number != first.Number {
			t.Errorf("a repeated award gave %s, %v", again.Number, err)
		}
		// A course without a test, twice too.
		enrolment, _ = w.enrol(w.person[0])
		untested, err := w.issue(w.award(w.person[0], enrolment, ""))
		if err != nil || untested.Number != "OST-2026-000002" {
			t.Errorf("%s, %v", untested.Number, err)
		}
		if again, err := w.issue(w.award(w.person[0], enrolment, "")); err != nil || again.ID != untested.ID {
			t.Errorf("a repeated award without a test gave %s, %v", again.Number, err)
		}
		got, err := w.service.Certificate(ctx, w.actor(access.Learner, "", w.person[0]), first.ID)
		if err != nil {
			t.Fatal(err)
		}
		if got.Holder != "Żaneta Świąć" || got.Hours != 6.5 || len(got.Objectives) != 1 || got.AttemptID != attempt || !got.IssuedAt.Equal(noon) {
			t.Errorf("read back %+v", got)
		}
	})
}

// A rolled back award takes its number with it, and the new year of the installation's zone begins at one.
func TestNumbers(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		w.issued(w.person[0])
		enrolment, attempt := w.enrol(w.person[0])
		fail := errors.New("no")
		err := d.Update(context.Background(), func(tx *db.Tx) error {
			if _, err := w.service.Issue(context.Background(), tx, w.award(w.person[0], enrolment, attempt)); err != nil {
				return err
			}
			return fail
		})
		if !errors.Is(err, fail) {
			t.Fatal(err)
		}
		if c := w.issued(w.person[0]); c.Number != "OST-2026-000002" {
			t.Errorf("after a rollback: %s", c.Number)
		}
		w.clock.Advance(time.Date(2026, 12, 31, 23, 30, 0, 0, time.UTC).Sub(noon)) // half past midnight in Warsaw
		if c := w.issued(w.person[0]); c.Number != "OST-2027-000001" {
			t.Errorf("in the new year: %s", c.Number)
		}
	})
}

func TestConcurrentIssuers(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		const passes, repeats = 20, 3
		var (
			wg      sync.WaitGroup
			mu      sync.Mutex
			numbers = map[string]string{} // enrolment -> number
		)
		for range passes {
			enrolment, attempt := w.enrol(w.person[0])
			for i := range repeats {
				wg.Go(func() {
					do := d.Update
					if i == 0 {
						do = d.Batch
					}
					err := do(context.Background(), func(tx *db.Tx) error {
						c, err := w.service.Issue(context.Background(), tx, w.award(w.person[0], enrolment, attempt))
						mu.Lock()
						defer mu.Unlock()
						if n := numbers[enrolment]; err == nil && n != "" && n != c.Number {
							t.Errorf("one pass has the numbers %s and %s", n, c.Number)
						}
						numbers[enrolment] = c.Number
						return err
					})
					if err != nil {
						t.Error(err)
					}
				})
			}
		}
		wg.Wait()
		var got []string
		for _, n := range numbers {
			got = append(got, n)
		}
		sort.Strings(got)
		for i, n := range got {
			if want := number(2026, i+1); n != want {
				t.Fatalf("the numbers have a gap or a double: %v", got)
			}
		}
		if len(got) != passes {
			t.Errorf("%d certificates for %d passes", len(got), passes)
		}
	})
}

func TestWhoSeesWhat(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		ctx := context.Background()
		mine, theirs := w.issued(w.person[0]), w.issued(w.person[1])
		learner := w.actor(access.Learner, "", w.person[0])
		coordinator := w.actor(access.Coordinator, w.unit[0], id.New())
		trainer := w.actor(access.Trainer, w.unit[0], id.New())
		for _, c := range []struct {
			name       string
			actor      access.Actor
			id         string
			see, judge bool
		}{
			{"holder", learner, mine.ID, true, false},
			{"another learner", learner, theirs.ID, false, false},
			{"coordinator of the unit", coordinator, mine.ID, true, true},
			{"coordinator of another unit", coordinator, theirs.ID, false, false},
			{"trainer of the unit", trainer, mine.ID, true, false},
			{"administrator", w.actor(access.Administrator, "", id.New()), theirs.ID, true, true},
			{"nobody", access.Actor{}, mine.ID, false, false},
			{"nonsense", learner, "../etc/passwd", false, false},
			{"no such certificate", coordinator, id.New(), false, false},
		} {
			_, err := w.service.Certificate(ctx, c.actor, c.id)
			if (err == nil) != c.see || (err != nil && !errors.Is(err, errs.ErrNotFound)) {
				t.Errorf("%s: Certificate = %v", c.name, err)
			}
			_, err = w.service.Revocable(ctx, c.actor, c.id)
			if (err == nil) != c.judge || (err != nil && !errors.Is(err, errs.ErrNotFound)) {
				t.Errorf("%s: Revocable = %v", c.name, err)
			}
			if !c.judge {
				if err := w.service.Revoke(ctx, c.actor, c.id, "Powód dostatecznie długi.", true); !errors.Is(err, errs.ErrNotFound) {
					t.Errorf("%s: Revoke = %v", c.name, err)
				}
			}
		}
		for _, c := range []struct {
			actor  access.Actor
			person string
			n      int
		}{{learner, w.person[0], 1}, {learner, w.person[1], 0}, {coordinator, w.person[0], 1}, {coordinator, w.person[1], 0}} {
			if list, err := w.service.OfPerson(ctx, c.actor, c.person); err != nil || len(list) != c.n {
				t.Errorf("OfPerson: %d, %v, want %d", len(list), err, c.n)
			}
		}
	})
}

func TestRevokeAndSupersede(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		ctx := context.Background()
		old := w.issued(w.person[0])
		w.clock.Advance(24 * time.Hour)
		newer := w.issued(w.person[0])
		status := func(c Certificate) Status {
			t.Helper()
			got, err := w.service.Verify(ctx, Grouped(c.Code))
			if err != nil {
				t.Fatal(err)
			}
			return got.Status(w.clock.Now())
		}
		if a, b := status(old), status(newer); a != Superseded || b != Valid {
			t.Errorf("the old is %s, the newer %s", a, b)
		}
		coordinator := w.actor(access.Coordinator, w.unit[0], w.person[1])
		if err := w.service.Revoke(ctx, coordinator, newer.ID, "za krótko", true); !errors.Is(err, errs.ErrInvalid) {
			t.Errorf("a short reason: %v", err)
		}
		if err := w.service.Revoke(ctx, coordinator, newer.ID, "Wynik uzyskała inna osoba.", false); !errors.Is(err, errs.ErrInvalid) {
			t.Errorf("unconfirmed: %v", err)
		}
		if err := w.service.Revoke(ctx, coordinator, newer.ID, "  Wynik uzyskała inna osoba. ", true); err != nil {
			t.Fatal(err)
		}
		if err := w.service.Revoke(ctx, coordinator, newer.ID, "Wynik uzyskała inna osoba.", true); !errors.Is(err, errs.ErrConflict) {
			t.Errorf("revoked twice: %v", err)
		}
		// With the newer one revoked, the old one stands again.
		if a, b := status(old), status(newer); a != Valid || b != Revoked {
			t.Errorf("the old is %s, the newer %s", a, b)
		}
		entries, err := db.All[string](ctx, d, `SELECT object FROM audit WHERE action = 'certificate.revoke' AND actor_id = ?`, w.person[1])
		if err != nil || fmt.Sprint(entries) != "[certificate:"+newer.ID+"]" {
			t.Errorf("audit: %v, %v", entries, err)
		}
		list, err := w.service.Mine(ctx, w.actor(access.Learner, "", w.person[0]))
		if err != nil || len(list) != 2 || list[0].ID != newer.ID || list[0].RevokedReason != "Wynik uzyskała inna osoba." {
			t.Errorf("%+v, %v", list, err)
		}
	})
}

// A pass is an enrolment and, where there is a test, its attempt: neither alone finds another's certificate.
func TestAPassIsItsEnrolmentAndAttempt(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		mineA, attempt := w.enrol(w.person[0])
		mineB, otherAttempt := w.enrol(w.person[0])
		theirs, _ := w.enrol(w.person[1])
		given := map[string]bool{}
		for i, a := range []Award{
			w.award(w.person[0], mineA, ""), w.award(w.person[0], mineB, ""), w.award(w.person[1], theirs, ""),
			w.award(w.person[0], mineA, attempt), w.award(w.person[0], mineB, otherAttempt),
		} {
			c, err := w.issue(a)
			if err != nil || given[c.ID] || c.PersonID != a.PersonID || c.EnrolmentID != a.EnrolmentID || c.AttemptID != a.AttemptID || c.Number != number(2026, i+1) {
				t.Errorf("award %d: %+v, %v", i, c, err)
			}
			given[c.ID] = true
			if again, err := w.issue(a); err != nil || again.ID != c.ID {
				t.Errorf("award %d repeated: %s, %v", i, again.Number, err)
			}
		}
		bare := w.award(w.person[0], mineA, "")
		if c, err := w.issue(bare); err != nil || c.Objectives == nil {
			t.Errorf("%+v, %v", c, err)
		}
	})
}

// Only the same person's next of the same course supersedes; of two of one moment the later made.
func TestWhatSupersedes(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		w.exec(`INSERT INTO course (id, current_version_id, in_catalogue, created_at) VALUES ('other', 'version-2', TRUE, ?)`, noon)
		w.exec(`INSERT INTO course_version (id, course_id, number, label, digest, archive_hash, published_at) VALUES ('version-2', 'other', 1, '1', 'e', 'h', ?)`, noon)
		first := w.issued(w.person[0])
		w.clock.Advance(time.Hour)
		w.issued(w.person[1]) // another person
		enrolment, attempt := w.enrol(w.person[0])
		award := w.award(w.person[0], enrolment, attempt)
		award.CourseID, award.VersionID = "other", "version-2"
		if _, err := w.issue(award); err != nil { // another course
			t.Fatal(err)
		}
		read := func(c Certificate) Certificate {
			t.Helper()
			got, err := w.service.Verify(context.Background(), c.Code)
			if err != nil {
				t.Fatal(err)
			}
			return got
		}
		if c := read(first); !c.SupersededAt.IsZero() {
			t.Errorf("superseded by another's or by another course's: %+v", c)
		}
		w.clock.Advance(time.Hour)
		second, third := w.issued(w.person[0]), w.issued(w.person[0]) // at one moment
		w.clock.Advance(time.Hour)
		w.issued(w.person[0])
		for i, c := range []Certificate{first, second, third} {
			want := []time.Time{second.IssuedAt, third.IssuedAt, w.clock.Now()}[i] // the next, not the last
			if got := read(c); !got.SupersededAt.Equal(want) || got.Status(w.clock.Now()) != Superseded {
				t.Errorf("the %d. was superseded %s, want %s", i+1, got.SupersededAt, want)
			}
		}
		list, err := w.service.Mine(context.Background(), w.actor(access.Learner, "", w.person[0]))
		if err != nil || len(list) != 5 || list[1].ID != third.ID || list[2].ID != second.ID || list[4].ID != first.ID {
			t.Errorf("the newest first: %v", err)
		}
	})
}

func TestVerify(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		ctx := context.Background()
		w.issued(w.person[0])
		for typed, want := range map[string]error{"": errs.ErrInvalid, "nonsense": errs.ErrInvalid, "0000-0000-0000-0000": errs.ErrNotFound} {
			if _, err := w.service.Verify(ctx, typed); !errors.Is(err, want) {
				t.Errorf("Verify(%q) = %v", typed, err)
			}
		}
	})
}
