package fact_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"ostoja/internal/clock"
	"ostoja/internal/db"
	"ostoja/internal/db/dbtest"
	"ostoja/internal/fact"
)

// world is what editors keep and what the pack has, without a site.
type world struct {
	now  *clock.Fake
	pack *fact.Pack
	kept []*fact.Fact
}

// fataler is of a test or of a drawn case.
type fataler interface {
	Helper()
	Context() context.Context
	Fatal(args ...any)
}

// service starts a program on a database.
func (w *world) service(t fataler, d *db.DB) *fact.Service {
	t.Helper()
	s := fact.New(d, w.now, time.UTC, w.pack, func(context.Context, db.Querier) (list []*fact.Fact, err error) {
		for _, f := range w.kept {
			copied := *f
			list = append(list, &copied)
		}
		return list, nil
	})
	if err := s.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	return s
}

// edit does what follows when an editor changes what is kept.
func (w *world) edit(t fataler, d *db.DB, s *fact.Service) {
	t.Helper()
	if err := errors.Join(d.Update(t.Context(), func(tx *db.Tx) error { return s.Record(t.Context(), tx) }), s.Refresh(t.Context())); err != nil {
		t.Fatal(err)
	}
}

// content is all that a book says of some names.
func content(b *fact.Book, ids []string) (said string) {
	for _, id := range ids {
		f, validity := b.Get(id)
		if f == nil {
			said += id + ": none\n"
			continue
		}
		said += fmt.Sprintln(id, validity, f.Kind, f.Value, f.Forms, f.Label, f.Source, f.URL, f.Checked, f.By, f.ValidUntil, f.GraceDays, f.Confirm)
	}
	return said
}

func begins() time.Time { return time.Date(2026, 11, 29, 12, 0, 0, 0, time.UTC) }

// Whatever editors change, whatever a new release's pack brings, however time passes and the program is started anew: what is said of a time
// afterwards is what was shown then, by the service that was there and by one that was not; and what nothing changed between is one book.
func TestTheFactsOfAnyTimeAreKnownAfterwards(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ids := []string{"a", "b", "c", "d", fact.NationalLine, "alias"}
		rapid.Check(t, func(rt *rapid.T) {
			forget(rt, d)
			w := &world{now: clock.NewFake(begins()), pack: &fact.Pack{Slots: map[string]string{"alias": "a"}}}
			w.pack.Facts = drawFacts(rt, ids[:3], "p")
			s := w.service(rt, d)
			type moment struct {
				at   time.Time
				said string
			}
			var past []moment
			see := func() {
				past = append(past, moment{w.now.Now(), content(s.Today(), ids)})
			}
			see()
			for i := range rapid.IntRange(1, 12).Draw(rt, "steps") {
				w.now.Advance(time.Duration(rapid.Int64Range(1, int64(10*24*time.Hour/time.Microsecond)).Draw(rt, "passes")) * time.Microsecond)
				switch rapid.IntRange(0, 3).Draw(rt, "what") {
				case 0:
					changed := drawFacts(rt, ids[:5], fmt.Sprint("e", i))
					for _, f := range w.kept { // editors take none away
						if !slices.ContainsFunc(changed, func(x *fact.Fact) bool { return x.ID == f.ID }) {
							changed = append(changed, f)
						}
					}
					w.kept = changed
					w.edit(rt, d, s)
				case 1: // a new release, with another pack
					w.pack = &fact.Pack{Slots: w.pack.Slots, Facts: drawFacts(rt, ids[:3], fmt.Sprint("p", i))}
					s = w.service(rt, d)
				case 2:
					s = w.service(rt, d)
				default:
					if err := s.Refresh(rt.Context()); err != nil {
						rt.Fatal(err)
					}
				}
				see()
			}
			other := w.service(rt, d)
			for _, m := range past {
				for name, x := range map[string]*fact.Service{"the service": s, "another": other} {
					b, err := x.At(rt.Context(), m.at)
					if err != nil {
						rt.Fatal(err)
					}
					if got := content(b, ids); got != m.said {
						rt.Fatalf("%s says of %s\n%s\nand it was\n%s", name, m.at, got, m.said)
					}
					if again, err := x.At(rt.Context(), m.at); err != nil || again != b {
						rt.Fatal("another book of the same time", err)
					}
				}
			}
			if b, err := s.At(rt.Context(), w.now.Now()); err != nil || b != s.Today() {
				rt.Fatal("nothing has changed, and it is another book", err)
			}
			if b, err := s.At(rt.Context(), begins().AddDate(-1, 0, 0)); err != nil || content(b, ids[:1]) == "" {
				rt.Fatal("from before it began", err)
			}
		})
	})
}

// drawFacts draws facts of some of the names.
func drawFacts(t *rapid.T, ids []string, value string) (list []*fact.Fact) {
	for _, id := range ids {
		if !rapid.Bool().Draw(t, "has "+id) {
			continue
		}
		f := &fact.Fact{ID: id, Kind: fact.Name, Value: map[string]string{"pl": value}, Label: map[string]string{"pl": id}, Note: value, Confirm: rapid.Bool().Draw(t, "confirm")}
		if rapid.Bool().Draw(t, "inflected") {
			f.Forms = map[string]map[string]string{"gen": {"pl": value + "a"}}
		}
		if days := rapid.IntRange(-5, 60).Draw(t, "days"); days > 0 {
			f.ValidUntil, f.GraceDays = begins().AddDate(0, 0, days).Format(time.DateOnly), rapid.IntRange(0, 20).Draw(t, "grace")
		}
		list = append(list, f)
	}
	return list
}

// forget begins the history anew.
func forget(t fataler, d *db.DB) {
	t.Helper()
	if err := d.Update(t.Context(), func(tx *db.Tx) error {
		return errors.Join(db.Exec(t.Context(), tx, `DELETE FROM fact_version`), db.Exec(t.Context(), tx, `DELETE FROM setting WHERE name = 'facts.begun'`))
	}); err != nil {
		t.Fatal(err)
	}
}

// Programs that start and editors that change at the same time write each version once, and no two changes have one time.
func TestAVersionIsWrittenOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := &world{now: clock.NewFake(begins()), pack: &fact.Pack{Facts: []*fact.Fact{{ID: "a", Kind: fact.Name, Value: map[string]string{"pl": "x"}}}}}
		w.kept = []*fact.Fact{{ID: "b", Kind: fact.Term, Value: map[string]string{"pl": "y"}}}
		var all sync.WaitGroup
		for range 8 {
			all.Go(func() {
				s := fact.New(d, w.now, time.UTC, w.pack, func(context.Context, db.Querier) ([]*fact.Fact, error) { return slices.Clone(w.kept), nil })
				if err := errors.Join(s.Start(t.Context()), d.Update(t.Context(), func(tx *db.Tx) error { return s.Record(t.Context(), tx) })); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if n, err := db.One[int](t.Context(), d, `SELECT COUNT(*) FROM fact_version`); err != nil || n != 2 {
			t.Errorf("%d versions, %v", n, err)
		}
		s := w.service(t, d)
		for _, value := range []string{"1", "2", "1"} { // the clock stands, or was set back
			w.kept[0] = &fact.Fact{ID: "b", Kind: fact.Term, Value: map[string]string{"pl": value}}
			w.now.Advance(-time.Second)
			w.edit(t, d, s)
		}
		list, err := s.History(t.Context(), "b")
		if err != nil || len(list) != 4 || list[0].Value["pl"] != "1" || list[3].Value["pl"] != "y" {
			t.Fatalf("%+v, %v", list, err)
		}
		if !slices.IsSortedFunc(list, func(x, y fact.Version) int { return y.Since.Compare(x.Since) }) || list[0].Since.Equal(list[1].Since) {
			t.Errorf("not the newest first: %+v", list)
		}
	})
}

// What differs for nobody who reads is one version: other forms, another doubt of the editor's. What the pack has no more is told.
func TestTheHistoryOfAFact(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		court := &fact.Fact{ID: "court", Kind: fact.Name, Value: map[string]string{"pl": "sąd"}, Source: "ustawa", Note: "?"}
		w := &world{now: clock.NewFake(begins()), pack: &fact.Pack{Facts: []*fact.Fact{court}}}
		w.service(t, d)
		for _, change := range []func(f *fact.Fact){
			func(f *fact.Fact) { f.Note = "!" },
			func(f *fact.Fact) { f.Forms = map[string]map[string]string{"loc": {"pl": "sądzie"}} },
			func(f *fact.Fact) { f.Source = "kodeks" },
		} {
			w.now.Advance(time.Hour)
			changed := *w.pack.Facts[0]
			change(&changed)
			w.pack = &fact.Pack{Facts: []*fact.Fact{&changed}}
			w.service(t, d)
		}
		w.now.Advance(time.Hour)
		w.pack = &fact.Pack{}
		s := w.service(t, d)
		list, err := s.History(t.Context(), "court")
		if err != nil || len(list) != 3 || !list[0].Gone() || list[1].Source != "kodeks" || list[1].As("loc", "pl") != "sądzie" || list[2].Source != "ustawa" {
			t.Fatalf("%+v, %v", list, err)
		}
		if got, want := list[2].Since, begins(); !got.Equal(want) {
			t.Errorf("since %s", got)
		}
		if slices.ContainsFunc(list, func(v fact.Version) bool { return v.Note != "" }) {
			t.Error("a doubt is told")
		}
		if none, err := s.History(t.Context(), "none"); err != nil || len(none) != 0 {
			t.Errorf("%+v, %v", none, err)
		}
		if f, _ := s.Today().Get("court"); f != nil {
			t.Errorf("%+v", f)
		}
	})
}

// A service that shows the facts of today asks nothing of the database for what began since they changed.
func TestTheFactsOfTodayCostNothing(t *testing.T) {
	w := &world{now: clock.NewFake(begins()), pack: &fact.Pack{}, kept: []*fact.Fact{{ID: "a", Kind: fact.Name, Value: map[string]string{"pl": "x"}}}}
	s := w.service(t, dbtest.SQLite(t))
	at := w.now.Now()
	if n := testing.AllocsPerRun(100, func() {
		if b, err := s.At(t.Context(), at); err != nil || b != s.Today() {
			t.Error("another book", err)
		}
	}); n > 0 {
		t.Errorf("%v allocations", n)
	}
}

// Many stretches are asked for, and not all kept.
func TestThePastIsBounded(t *testing.T) {
	d := dbtest.SQLite(t)
	w := &world{now: clock.NewFake(begins()), pack: &fact.Pack{}}
	s := w.service(t, d)
	want := map[time.Time]string{}
	for i := range 40 {
		w.now.Advance(time.Minute)
		w.kept = []*fact.Fact{{ID: "a", Kind: fact.Name, Value: map[string]string{"pl": fmt.Sprint(i)}}}
		w.edit(t, d, s)
		want[w.now.Now()] = fmt.Sprint(i)
	}
	for range 2 {
		for _, at := range slices.SortedFunc(maps.Keys(want), time.Time.Compare) {
			b, err := s.At(t.Context(), at)
			if err != nil {
				t.Fatal(err)
			}
			if f, _ := b.Get("a"); f.In("pl") != want[at] {
				t.Errorf("%s at %s", f.In("pl"), at)
			}
		}
	}
}

// What a later release's pack brings was not shown before it, whichever program is asked: the history began once. What it began with has the
// forms that the pack has for it, and other settings stay what they are.
func TestTheHistoryBeginsOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		if err := d.Update(t.Context(), func(tx *db.Tx) error {
			return db.Exec(t.Context(), tx, `INSERT INTO setting (name, value) VALUES ('other', '1')`)
		}); err != nil {
			t.Fatal(err)
		}
		court := &fact.Fact{ID: "court", Kind: fact.Name, Value: map[string]string{"pl": "sąd"}, Forms: map[string]map[string]string{"loc": {"pl": "sądzie"}}}
		plain := *court
		plain.Forms = nil
		w := &world{now: clock.NewFake(begins()), pack: &fact.Pack{Facts: []*fact.Fact{court}}, kept: []*fact.Fact{&plain}}
		w.service(t, d)
		w.now.Advance(time.Hour)
		w.pack = &fact.Pack{Facts: []*fact.Fact{court, {ID: "later", Kind: fact.Term, Value: map[string]string{"pl": "x"}}}}
		w.service(t, d)
		w.now.Advance(time.Hour)
		s := w.service(t, d)
		b, err := s.At(t.Context(), begins().Add(-time.Hour))
		if err != nil {
			t.Fatal(err)
		}
		if f, _ := b.Get("court"); f == nil || f.As("loc", "pl") != "sądzie" {
			t.Errorf("%+v", f)
		}
		if f, _ := b.Get("later"); f != nil {
			t.Errorf("%+v", f)
		}
		if f, _ := s.Today().Get("later"); f == nil {
			t.Error("what the release brought is not shown")
		}
		if value, err := db.One[string](t.Context(), d, `SELECT value FROM setting WHERE name = 'other'`); err != nil || value != "1" {
			t.Errorf("%q, %v", value, err)
		}
	})
}
