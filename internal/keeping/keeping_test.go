package keeping_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"ostoja/internal/access"
	"ostoja/internal/clock"
	"ostoja/internal/db"
	"ostoja/internal/db/dbtest"
	"ostoja/internal/keeping"
	"ostoja/internal/lang"
	"ostoja/internal/testrig"
	"ostoja/translations"
)

const (
	crumb keeping.Kind = "crumb"
	stone keeping.Kind = "stone"
)

// shelf holds the values of two kinds, as an area would, in the settings' table.
type shelf struct {
	w     *testrig.World
	keep  *keeping.Service
	clock *clock.Fake
	stuck string // a ref that cannot be erased
}

var errStuck = errors.New("it is stuck")

func newShelf(w *testrig.World) *shelf {
	s := &shelf{w: w, clock: w.Clock, keep: keeping.New(w.DB, w.Clock)}
	for _, k := range []keeping.Kind{crumb, stone} {
		s.keep.On(k, func(ctx context.Context, tx *db.Tx, ref string) error {
			if ref == s.stuck {
				return errStuck
			}
			return db.Exec(ctx, tx, `DELETE FROM setting WHERE name = ?`, "shelf "+string(k)+ref)
		})
	}
	return s
}

func (s *shelf) put(ctx context.Context, k keeping.Kind, ref, personID string, until time.Time) error {
	return s.w.DB.Update(ctx, func(tx *db.Tx) error {
		if err := db.Exec(ctx, tx, `INSERT INTO setting (name, value) VALUES (?, 'x') ON CONFLICT (name) DO NOTHING`, "shelf "+string(k)+ref); err != nil {
			return err
		}
		return keeping.Keep(ctx, tx, keeping.Entry{Kind: k, Ref: ref, PersonID: personID, Since: s.clock.Now(), Until: until})
	})
}

// held lists what is on the shelf.
func (s *shelf) held(ctx context.Context) (refs []string) {
	list, err := db.All[string](ctx, s.w.DB, `SELECT name FROM setting WHERE name LIKE 'shelf %' ORDER BY name`)
	s.w.OK(err)
	for _, name := range list {
		refs = append(refs, strings.TrimPrefix(name, "shelf "))
	}
	return refs
}

// A value is there until its end and gone from it on; its owner reads both, the end and that it was erased, and for a year.
func TestAValueEndsWhenItsTimeIsOver(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx, s := t.Context(), newShelf(w)
		day := 24 * time.Hour
		w.OK(s.put(ctx, crumb, "1", w.Learner.PersonID, testrig.Start.Add(day)))
		w.OK(s.put(ctx, stone, "1", w.Learner.PersonID, testrig.Start.Add(2*day)))
		w.OK(s.put(ctx, stone, "2", w.OtherLearner.PersonID, testrig.Start.Add(day)))
		mine := func(a access.Actor) (out []string) {
			for _, e := range testrig.Must(s.keep.Mine(ctx, a))(t) {
				state := "until " + e.Until.Sub(testrig.Start).String()
				if !e.ErasedAt.IsZero() {
					state = "erased at " + e.ErasedAt.Sub(testrig.Start).String()
				}
				out = append(out, fmt.Sprint(e.Kind, e.Ref, " ", state))
			}
			return out
		}
		expect := func(when string, held []string, first, second []string) {
			t.Helper()
			w.OK(s.keep.EraseDue(ctx))
			if got := s.held(ctx); !slices.Equal(got, held) {
				t.Errorf("%s: held %q, want %q", when, got, held)
			}
			if got := mine(w.Learner); !slices.Equal(got, first) {
				t.Errorf("%s: the learner reads %q, want %q", when, got, first)
			}
			if got := mine(w.OtherLearner); !slices.Equal(got, second) {
				t.Errorf("%s: the other reads %q, want %q", when, got, second)
			}
		}
		w.Clock.Advance(day - time.Microsecond)
		expect("before", []string{"crumb1", "stone1", "stone2"}, []string{"crumb1 until 24h0m0s", "stone1 until 48h0m0s"}, []string{"stone2 until 24h0m0s"})
		w.Clock.Advance(time.Microsecond)
		expect("at the end", []string{"stone1"}, []string{"stone1 until 48h0m0s", "crumb1 erased at 24h0m0s"}, []string{"stone2 erased at 24h0m0s"})
		w.Clock.Advance(365 * day)
		expect("a year later", nil, []string{"stone1 erased at 8784h0m0s", "crumb1 erased at 24h0m0s"}, []string{"stone2 erased at 24h0m0s"})
		w.Clock.Advance(time.Microsecond)
		expect("after that year", nil, []string{"stone1 erased at 8784h0m0s"}, nil)
		if got := mine(access.Actor{}); len(got) != 0 {
			t.Errorf("nobody reads %q", got)
		}
	})
}

// What was said again has the new end, and what was taken back by its owner is told as erased, once.
func TestAValueIsStoredAgainAndTakenBack(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx, s, who := t.Context(), newShelf(w), w.Learner
		only := func() keeping.Entry {
			t.Helper()
			list := testrig.Must(s.keep.Mine(ctx, who))(t)
			if len(list) != 1 {
				t.Fatalf("%d entries", len(list))
			}
			return list[0]
		}
		w.OK(s.put(ctx, crumb, "1", who.PersonID, testrig.Start.Add(time.Hour)))
		w.Clock.Advance(time.Minute)
		w.OK(s.put(ctx, crumb, "1", who.PersonID, testrig.Start.Add(3*time.Hour)))
		if e := only(); !e.Since.Equal(testrig.Start) || !e.Until.Equal(testrig.Start.Add(3*time.Hour)) {
			t.Errorf("kept anew: %+v", e)
		}
		w.Clock.Advance(2 * time.Hour)
		w.OK(s.keep.EraseDue(ctx))
		if len(s.held(ctx)) != 1 {
			t.Error("erased at the end that it had before")
		}
		back := w.Clock.Now()
		takeBack := func(at time.Time) {
			w.OK(w.DB.Update(ctx, func(tx *db.Tx) error { return keeping.Erased(ctx, tx, crumb, "1", at) }))
		}
		takeBack(back)
		takeBack(back.Add(time.Minute))
		if e := only(); !e.ErasedAt.Equal(back) {
			t.Errorf("taken back: %+v", e)
		}
		w.Clock.Advance(time.Hour)
		w.OK(s.put(ctx, crumb, "1", who.PersonID, w.Clock.Now().Add(time.Hour)))
		if e := only(); !e.ErasedAt.IsZero() || !e.Since.Equal(w.Clock.Now()) {
			t.Errorf("said again after it was erased: %+v", e)
		}
	})
}

// One value that cannot be erased, or of which nobody knows how, holds up no other, stays due, and is an error.
func TestWhatCannotBeErasedHoldsUpNothing(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx, s := t.Context(), newShelf(w)
		const n = 450 // more than two portions
		for i := range n {
			w.OK(s.put(ctx, crumb, fmt.Sprintf("%04d", i), w.Learner.PersonID, testrig.Start))
		}
		w.OK(s.put(ctx, "unknown", "1", w.Learner.PersonID, testrig.Start))
		s.stuck = "0007"
		err := s.keep.EraseDue(ctx)
		if !errors.Is(err, errStuck) || !strings.Contains(err.Error(), `nobody knows how to erase "unknown"`) {
			t.Errorf("the error is %v", err)
		}
		if got := s.held(ctx); !slices.Equal(got, []string{"crumb0007", "unknown1"}) {
			t.Errorf("held: %d, %.200q", len(got), got)
		}
		s.stuck = ""
		s.keep.On("unknown", func(context.Context, *db.Tx, string) error { return nil })
		w.OK(s.keep.EraseDue(ctx))
		if got := s.held(ctx); !slices.Equal(got, []string{"unknown1"}) {
			t.Errorf("held after all: %.200q", got)
		}
	})
}

func TestAKindIsErasedInOneWay(t *testing.T) {
	s := newShelf(testrig.New(t))
	defer func() {
		if recover() == nil {
			t.Error("a second way was taken")
		}
	}()
	s.keep.On(crumb, func(context.Context, *db.Tx, string) error { return nil })
}

// What ends by age goes in the same work, is counted in the record of acts without what it was, and holds up nothing when it fails.
func TestWhatEndsByAge(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx, s := t.Context(), newShelf(w)
		left, asked := 3, []time.Time{}
		s.keep.OnAge("stuck", func(context.Context, *db.Tx, time.Time) (int, error) { return 0, errStuck })
		s.keep.OnAge("zeal", func(_ context.Context, _ *db.Tx, now time.Time) (int, error) {
			asked = append(asked, now)
			n := min(left, 2)
			left -= n
			return n, nil
		})
		if single, byAge := s.keep.Kinds(); !slices.Equal(single, []keeping.Kind{crumb, stone}) || !slices.Equal(byAge, []keeping.Kind{"stuck", "zeal"}) {
			t.Errorf("%q, %q", single, byAge)
		}
		for range 3 {
			if err := s.keep.EraseDue(ctx); !errors.Is(err, errStuck) || !strings.Contains(err.Error(), "stuck") {
				t.Errorf("the error is %v", err)
			}
		}
		type entry struct{ Object, Detail string }
		list := testrig.Must(db.All[entry](ctx, w.DB, `SELECT object, detail FROM audit WHERE action = 'keeping.erase' ORDER BY id`))(t)
		if want := []entry{{"kept:zeal", `{"number":2}`}, {"kept:zeal", `{"number":1}`}}; !slices.Equal(list, want) || len(asked) != 3 || !asked[0].Equal(w.Clock.Now()) {
			t.Errorf("%v, asked at %v", list, asked)
		}
		defer func() {
			if recover() == nil {
				t.Error("a second way was taken")
			}
		}()
		s.keep.OnAge("zeal", nil)
	})
}

// Every kind that the program keeps has its texts, and its line in the document that lists them.
func TestEachKindIsTold(t *testing.T) {
	w := testrig.New(t)
	b, err := os.ReadFile("../../docs/operate/kept.md")
	if err != nil {
		t.Fatal(err)
	}
	page := w.Browse(w.Learner).Get("/app/account/kept").Body
	single, byAge := w.Keeping.Kinds()
	if len(single) < 6 || len(byAge) < 3 {
		t.Fatalf("%q, %q", single, byAge)
	}
	for _, k := range slices.Concat(single, byAge) {
		if !strings.Contains(string(b), "`"+string(k)+"`") {
			t.Errorf("docs/operate/kept.md leaves out %s", k)
		}
	}
	texts := testrig.Must(lang.Load(translations.FS, time.UTC))(t)
	for _, tag := range []string{"pl", "en"} {
		p := texts.Printer(tag)
		keys := []string{}
		for _, k := range single {
			keys = append(keys, "keeping.what-"+string(k), "keeping.why-"+string(k))
		}
		for _, k := range byAge {
			keys = append(keys, "keeping.standing-"+string(k), "keeping.standing-why-"+string(k))
		}
		for _, key := range keys {
			if said := p.T(key); said == "" || strings.Contains(said, "keeping.") {
				t.Errorf("%s: no text %s", tag, key)
			}
		}
		if tag == "pl" && !strings.Contains(page, p.T("keeping.standing-sheet-photo")) {
			t.Error("a person's page leaves out photographs")
		}
	}
}

// Whatever is stored, moved, taken back and however time passes: a value is there exactly while its entry says so.
func TestValueAndEntryGoTogether(t *testing.T) {
	w := testrig.New(t)
	ctx, s := t.Context(), newShelf(w)
	rapid.Check(t, func(rt *rapid.T) {
		for range rapid.IntRange(1, 8).Draw(rt, "steps") {
			ref := rapid.SampledFrom([]string{"1", "2", "3"}).Draw(rt, "ref")
			switch rapid.IntRange(0, 2).Draw(rt, "what") {
			case 0:
				until := w.Clock.Now().Add(time.Duration(rapid.IntRange(-1, 5).Draw(rt, "hours")) * time.Hour)
				w.OK(s.put(ctx, stone, ref, w.Learner.PersonID, until))
			case 1:
				w.Clock.Advance(time.Hour)
			case 2:
				w.OK(s.keep.EraseDue(ctx))
				now := w.Clock.Now()
				for _, e := range testrig.Must(s.keep.Mine(ctx, w.Learner))(t) {
					if e.ErasedAt.IsZero() && !e.Until.After(now) {
						rt.Fatalf("%s should be gone: %+v", e.Ref, e)
					}
				}
			}
			held := s.held(ctx)
			for _, e := range testrig.Must(s.keep.Mine(ctx, w.Learner))(t) {
				if slices.Contains(held, string(e.Kind)+e.Ref) != e.ErasedAt.IsZero() {
					rt.Fatalf("entry %+v, held %q", e, held)
				}
			}
		}
	})
}

// TestNoFailureIsSilent: whatever statement fails, it is told; and what is due stays due.
func TestNoFailureIsSilent(t *testing.T) {
	w := testrig.New(t)
	ctx, s := t.Context(), newShelf(w)
	dbtest.EachFails(t, w.DB, []dbtest.Step{
		{Name: "keep", Do: func() error { return s.put(ctx, crumb, "1", w.Learner.PersonID, testrig.Start) }},
		{Name: "mine", Do: func() error { _, err := s.keep.Mine(ctx, w.Learner); return err }},
		{Name: "taken back", Do: func() error {
			return w.DB.Update(ctx, func(tx *db.Tx) error { return keeping.Erased(ctx, tx, stone, "1", testrig.Start) })
		}},
		{Name: "erase", Parts: true, Do: func() error { return s.keep.EraseDue(ctx) }},
	})
	if len(s.held(ctx)) != 0 {
		t.Error("not erased")
	}
}
