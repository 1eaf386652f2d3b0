package published

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/clock"
	"ostoja/internal/course"
	"ostoja/internal/course/coursetest"
	"ostoja/internal/course/folder"
	"ostoja/internal/course/markup"
	"ostoja/internal/db"
	"ostoja/internal/db/dbtest"
	"ostoja/internal/errs"
	"ostoja/internal/fact"
	"ostoja/internal/id"
)

// restarted returns a service that has nothing in memory, and a published version.
func restarted(t testing.TB, d *db.DB) (*Service, Version) {
	t.Helper()
	now := clock.NewFake(time.Date(2026, 10, 23, 7, 0, 0, 0, time.UTC))
	v, _, err := New(d, now, nil).Publish(t.Context(), access.System, coursetest.Good(t))
	if err != nil {
		t.Fatal(err)
	}
	return New(d, now, nil), v
}

func TestReadersAfterARestartShareOneVersion(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s, v := restarted(t, d)
		var found [24]*Course
		var wg sync.WaitGroup
		for i := range found {
			wg.Go(func() {
				var err error
				switch i % 3 {
				case 0:
					found[i], err = s.Version(t.Context(), v.ID)
				case 1:
					found[i], err = s.Current(t.Context(), v.CourseID)
				default: // within a transaction
					err = d.View(t.Context(), func(tx *db.Tx) error {
						found[i], err = s.VersionIn(t.Context(), tx, v.ID)
						return err
					})
				}
				if err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		for _, p := range found {
			if p == nil || p != found[0] {
				t.Fatal("a version was parsed more than once")
			}
		}
		p := found[0]
		if p.VersionID != v.ID || p.Number != 1 || !p.PublishedAt.Equal(v.PublishedAt) || p.ID != "small-course" {
			t.Errorf("%s, number %d of %s, published %s", p.VersionID, p.Number, p.ID, p.PublishedAt)
		}
		if _, err := s.Version(t.Context(), id.New()); !errors.Is(err, errs.ErrNotFound) {
			t.Errorf("a version that there is not: %v", err)
		}
	})
}

// TestOneConnectionIsEnough for readers within transactions and without: none holds it while it waits for another's reading.
func TestOneConnectionIsEnough(t *testing.T) {
	d := dbtest.OneConnection(t)
	s, v := restarted(t, d)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	var wg sync.WaitGroup
	for i := range 12 {
		wg.Go(func() {
			var err error
			switch i % 3 {
			case 0:
				_, err = s.Version(ctx, v.ID)
			case 1:
				err = d.View(ctx, func(tx *db.Tx) error {
					_, err := s.VersionIn(ctx, tx, v.ID)
					return err
				})
			default:
				err = s.LoadFirst(ctx, func(ctx context.Context) error {
					return d.Update(ctx, func(tx *db.Tx) error {
						_, err := s.VersionIn(ctx, tx, v.ID)
						return err
					})
				})
			}
			if err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
}

func TestATransactionIsGivenUpRatherThanKeptWaiting(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s, v := restarted(t, d)
		runs, lacking := 0, 0
		transaction := func(ctx context.Context) error {
			runs++
			return d.Update(ctx, func(tx *db.Tx) error {
				if err := db.Exec(ctx, tx, `INSERT INTO course (id, current_version_id, in_catalogue, created_at) VALUES (?, '', TRUE, ?)`, fmt.Sprint("run-", runs), v.PublishedAt); err != nil {
					return err
				}
				p, err := s.VersionIn(ctx, tx, v.ID)
				if p == nil {
					lacking++
				}
				return err
			})
		}
		for range 2 {
			if err := s.LoadFirst(t.Context(), transaction); err != nil {
				t.Fatal(err)
			}
		}
		if runs != 3 || lacking != 1 {
			t.Errorf("%d runs, of which %d lacked the version; want 3 and 1", runs, lacking)
		}
		n, err := db.One[int](t.Context(), d, `SELECT COUNT(*) FROM course WHERE id LIKE 'run-%'`)
		if err != nil || n != 2 {
			t.Errorf("what was given up left %d traces, %v", n-2, err)
		}
		fault := errors.New("its own")
		if err := s.LoadFirst(t.Context(), func(context.Context) error { return fault }); !errors.Is(err, fault) {
			t.Errorf("the transaction's error became %v", err)
		}
		err = s.LoadFirst(t.Context(), func(ctx context.Context) error {
			return d.View(ctx, func(tx *db.Tx) error {
				_, err := s.VersionIn(ctx, tx, id.New())
				return err
			})
		})
		if !errors.Is(err, errs.ErrNotFound) {
			t.Errorf("a version that there is not: %v", err)
		}
	})
}

// TestWhoGoesAwayHarmsNobody: the first reader's request ends while it reads for all.
func TestWhoGoesAwayHarmsNobody(t *testing.T) {
	s, v := restarted(t, dbtest.SQLite(t))
	gone, cancel := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	wg.Go(func() {
		if _, err := s.Version(gone, v.ID); err != nil && !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
	})
	wg.Go(func() {
		if p, err := s.Version(t.Context(), v.ID); err != nil || p.VersionID != v.ID {
			t.Error(err)
		}
	})
	cancel()
	wg.Wait()
	if _, err := s.Version(t.Context(), v.ID); err != nil {
		t.Error(err)
	}
}

func TestTheVersionsAskedForLastAreKept(t *testing.T) {
	var v versions
	name := func(i int) string { return fmt.Sprint("v", i) }
	for i := range mostVersions {
		v.put(&Course{Course: &course.Course{}, VersionID: name(i)}, nil)
	}
	for i := range mostVersions { // none is forgotten while there is room, and 1 is asked for the longest ago
		if i != 1 && v.get(name(i), nil) == nil {
			t.Fatalf("%s is forgotten", name(i))
		}
	}
	v.put(&Course{Course: &course.Course{}, VersionID: "new"}, nil)
	oldest, newest := v.get(name(1), nil), v.get("new", nil)
	if oldest != nil || newest == nil || len(v.byID) != mostVersions {
		t.Errorf("%d versions are kept; of the one asked for the longest ago: %v", len(v.byID), oldest)
	}
	v.put(&Course{Course: &course.Course{}, VersionID: "newer"}, nil)
	if v.get(name(0), nil) != nil || v.get(name(2), nil) == nil || v.get("new", nil) == nil {
		t.Error("another than the one asked for the longest ago was forgotten")
	}
	if v.get("never", nil) != nil {
		t.Error("a version that nobody kept is there")
	}
}

// BenchmarkColdStart is a restart of the program while 30 readers wait for the shipped course.
func BenchmarkColdStart(b *testing.B) {
	folder, err := folder.Open(filepath.Join("..", "..", "courses", "border-guard"))
	if err != nil {
		b.Fatal(err)
	}
	d, now := dbtest.SQLite(b), clock.NewFake(time.Now())
	v, _, err := New(d, now, nil).Publish(b.Context(), access.System, folder)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		s := New(d, now, nil)
		var wg sync.WaitGroup
		for range 30 {
			wg.Go(func() {
				if _, err := s.Version(context.Background(), v.ID); err != nil {
					b.Error(err)
				}
			})
		}
		wg.Wait()
	}
}

// days are facts that change at a time.
type days struct {
	changed       time.Time
	before, after *fact.Book
}

func (d days) Today() *fact.Book { return d.after }

func (d days) At(_ context.Context, at time.Time) (*fact.Book, error) {
	if at.Before(d.changed) {
		return d.before, nil
	}
	return d.after, nil
}

// Who began before a fact changed is shown it as it was, by the same version for all, and who began later costs nothing more than a version.
func TestAVersionOfThePast(t *testing.T) {
	pack := coursetest.Country(t)
	d := dbtest.SQLite(t)
	changed := time.Date(2026, 11, 28, 12, 0, 0, 0, time.UTC)
	later := coursetest.With(t, coursetest.Country(t), "institutions.yaml", "sądzie", "trybunale")
	facts := days{changed, coursetest.Book(t, pack, "2026-11-28"), coursetest.Book(t, later, "2028-05-05")} // by then one has lapsed, too
	s := New(d, clock.NewFake(changed), nil)
	s.In(pack, facts)
	v, _, err := s.Publish(t.Context(), access.System, coursetest.Naming(t))
	if err != nil {
		t.Fatal(err)
	}
	at := func(at time.Time) *Course {
		t.Helper()
		p, err := s.VersionAt(t.Context(), v.ID, at)
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	today, err := s.Version(t.Context(), v.ID)
	if err != nil {
		t.Fatal(err)
	}
	past := at(changed.Add(-time.Second))
	if at(changed) != today || past == today || at(changed.AddDate(-1, 0, 0)) != past {
		t.Error("not one version for each book")
	}
	it := today.Item("aa-1")
	if was, is := past.HTML(it.Explanation, "pl"), today.HTML(it.Explanation, "pl"); was == is || !strings.Contains(was, "<p>Zobacz sądzie.") || markup.NamesFacts(was) {
		t.Errorf("%s, and today %s", was, is)
	}
	support := func(c *Course) string {
		var b strings.Builder
		for _, s := range c.Lesson("support", "pl").Segments {
			b.WriteString(s.HTML)
		}
		return b.String()
	}
	was, is := support(past), support(today)
	if was == is || strings.Contains(was, "zapytaj osobę koordynującą") || !strings.Contains(is, "zapytaj osobę koordynującą") || markup.NamesFacts(was) {
		t.Errorf("%s, and today %s", was, is)
	}
	if past.Lesson("none", "pl") != nil {
		t.Error("a lesson that there is not")
	}
	ordinary := testing.AllocsPerRun(100, func() { _, _ = s.Version(t.Context(), v.ID) })
	if n := testing.AllocsPerRun(100, func() { at(changed) }); n > ordinary {
		t.Errorf("%v allocations, and a version has %v", n, ordinary)
	}
	// Forgotten meanwhile, it is read again.
	s.versions.byID = nil
	if again := at(changed.Add(-time.Second)); again.Number != past.Number || again.HTML(it.Explanation, "pl") != past.HTML(it.Explanation, "pl") {
		t.Error("not the same when read again")
	}
	for range 2 * mostPast {
		facts.before = coursetest.Book(t, pack, "2026-11-28")
		s.In(pack, facts)
		at(changed.Add(-time.Second))
	}
	if n := len(s.versions.byID[v.ID].past); n > mostPast {
		t.Errorf("%d are kept", n)
	}
}
