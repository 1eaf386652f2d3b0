package angoff_test

import (
	"errors"
	"math"
	"testing"

	"ostoja/internal/access"
	"ostoja/internal/course/angoff"
	"ostoja/internal/errs"
	"ostoja/internal/testrig"
)

// entered lets experts judge all items of the small course alike, in a round.
func entered(w *testrig.World, round int, shares map[string]string) {
	w.T.Helper()
	p := testrig.Must(w.Marks.Panel(w.T.Context(), w.Author, testrig.SmallCourse))(w.T)
	for expert, share := range shares {
		d := angoff.Draft{Round: round, Expert: expert, Shares: map[string]string{}}
		for _, it := range angoff.Items(p.Course.Course) {
			d.Shares[it.ID] = share
		}
		if err := w.Marks.Enter(w.T.Context(), w.Author, testrig.SmallCourse, d); err != nil {
			w.T.Fatal(err)
		}
	}
}

// TestAMarkIsJudgedByEnough: with four people it is not; five make it, with their spread; what is said again takes the place of what
// was said; a second round counts once five have judged in it.
func TestAMarkIsJudgedByEnough(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		mark := func() angoff.Mark { return testrig.Must(w.Marks.Mark(t.Context(), w.Author, testrig.SmallCourse))(t) }
		if m := mark(); m.Experts != 0 || m.Judged() {
			t.Errorf("%+v", m)
		}
		entered(w, 1, map[string]string{"a": "60", "b": "70 %", "c": "70", "d": "0"})
		if m := mark(); m.Experts != 4 || m.Judged() {
			t.Errorf("%+v", m)
		}
		entered(w, 1, map[string]string{"d": "80", "e": "70"})
		m := mark()
		if !m.Judged() || m.Experts != 5 || math.Abs(m.Percent-70) > 1e-9 || math.Abs(m.SD-math.Sqrt(50)) > 1e-9 || math.Abs(m.SE-math.Sqrt(10)) > 1e-9 || !m.At.Equal(w.Clock.Now()) {
			t.Errorf("%+v", m)
		}
		entered(w, 2, map[string]string{"a": "50"})
		if m := mark(); m.Round != 1 {
			t.Errorf("one of the second round decides: %+v", m)
		}
		entered(w, 2, map[string]string{"b": "50", "c": "50", "d": "50", "e": "60,5"})
		if m := mark(); m.Round != 2 || math.Abs(m.Percent-52.1) > 1e-9 {
			t.Errorf("%+v", m)
		}
	})
}

func TestWhatCannotBeAJudgement(t *testing.T) {
	w := testrig.New(t)
	ctx := t.Context()
	p := testrig.Must(w.Marks.Panel(ctx, w.Author, testrig.SmallCourse))(t)
	items := angoff.Items(p.Course.Course)
	for _, c := range []struct{ round, expert, share, field string }{
		{"1", "", "50", "expert"}, {"3", "a", "50", "round"}, {"1", "a", "101", "share." + items[0].ID}, {"1", "a", "-1", "share." + items[0].ID}, {"1", "a", "", "share." + items[0].ID}, {"1", "a", "half", "share." + items[0].ID},
	} {
		d := angoff.Draft{Round: int(c.round[0] - '0'), Expert: c.expert, Shares: map[string]string{}}
		for _, it := range items {
			d.Shares[it.ID] = c.share
		}
		if fields, ok := errs.FieldsOf(w.Marks.Enter(ctx, w.Author, testrig.SmallCourse, d)); !ok || fields[0].Name != c.field {
			t.Errorf("%+v: %+v", c, fields)
		}
	}
	if m := testrig.Must(w.Marks.Mark(ctx, w.Author, testrig.SmallCourse))(t); m.Experts != 0 {
		t.Errorf("something was kept: %+v", m)
	}
}

// TestWhoMayJudge: who may publish everywhere. Others see no item, and what experts came to only if they may read of courses.
func TestWhoMayJudge(t *testing.T) {
	w := testrig.New(t)
	for who, a := range w.Everybody() {
		_, err := w.Marks.Panel(t.Context(), a, testrig.SmallCourse)
		entering := w.Marks.Enter(t.Context(), a, testrig.SmallCourse, angoff.Draft{})
		if may := a.Everywhere(access.CoursesWrite); may != (err == nil) || may == errors.Is(entering, errs.ErrForbidden) {
			t.Errorf("%s: %v, %v", who, err, entering)
		}
		if _, err := w.Marks.Mark(t.Context(), a, testrig.SmallCourse); a.Has(access.CoursesRead) != (err == nil) {
			t.Errorf("%s: %v", who, err)
		}
	}
	if _, err := w.Marks.Panel(t.Context(), w.Author, "none"); !errors.Is(err, errs.ErrNotFound) {
		t.Errorf("%v", err)
	}
}
