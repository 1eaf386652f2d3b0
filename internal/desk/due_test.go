package desk_test

import (
	"iter"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"ostoja/internal/access"
	"ostoja/internal/clock"
	"ostoja/internal/desk"
	"ostoja/internal/errs"
	"ostoja/internal/testrig"
)

// TestWhoIsShownAsLate: the list, its filters and the counts agree on who is late, and nobody is who passed or was withdrawn.
func TestWhoIsShownAsLate(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx, who, course := t.Context(), w.GuardCoordinator, testrig.SmallCourse
		people := map[string]access.Actor{}
		for _, name := range []string{"late", "soon", "free", "passed", "withdrawn"} {
			people[name] = w.Person("Ala", name, w.Terespol)
		}
		in := func(days int) time.Time { return desk.EndOfDay(w.Clock.Now().In(time.UTC).AddDate(0, 0, days)) }
		for name, due := range map[string]time.Time{"late": in(1), "soon": in(8), "free": {}, "passed": in(1), "withdrawn": in(1)} {
			if n, err := w.Learning.EnrolOn(ctx, who, course, []string{people[name].PersonID}, due, false); n != 1 || err != nil {
				t.Fatal(name, n, err)
			}
		}
		e, err := w.Learning.Latest(ctx, people["passed"].PersonID, course)
		w.OK(err)
		w.FinishParts(people["passed"], e.ID)
		w.PassTest(people["passed"], e.ID)
		e, err = w.Learning.Latest(ctx, people["withdrawn"].PersonID, course)
		w.OK(err)
		w.OK(w.Learning.Withdraw(ctx, who, e.ID))
		w.Clock.Advance(3 * 24 * time.Hour)
		for due, want := range map[desk.Due][]string{desk.DueLate: {"late"}, desk.DueWeek: {"soon"}, desk.DueSet: {"late", "soon"}, desk.DueNone: {"free"}} {
			list, total, err := w.Desk.People(ctx, who, course, desk.Filter{Due: due, Unit: w.Terespol}, desk.Sort{By: "due"}, desk.Page{Number: 1, Size: 50})
			w.OK(err)
			var got []string
			for _, p := range list {
				got = append(got, p.FamilyName)
				if p.Overdue(w.Clock.Now()) != (p.FamilyName == "late") {
					t.Errorf("%s is late: %v", p.FamilyName, p.Overdue(w.Clock.Now()))
				}
			}
			if !slices.Equal(got, want) || total != len(want) {
				t.Errorf("%s: %v of %d", due, got, total)
			}
		}
		if late, soon, err := w.Desk.Late(ctx, who, course); late != 1 || soon != 1 || err != nil {
			t.Errorf("%d late, %d soon, %v", late, soon, err)
		}
		for actor, want := range map[*access.Actor]int{&w.GuardCoordinator: 1, &w.PoliceCoordinator: 0} {
			passed := testrig.Must(w.Desk.PassedSince(ctx, *actor, testrig.Start))(t)
			if n := len(passed); n != want || n == 1 && (passed[0].ID != course || passed[0].People != 1) {
				t.Errorf("passed: %+v, want %d", passed, want)
			}
		}
		if passed := testrig.Must(w.Desk.PassedSince(ctx, who, w.Clock.Now()))(t); len(passed) != 0 {
			t.Errorf("passed before: %+v", passed)
		}
		if late, soon, err := w.Desk.Late(ctx, w.Learner, course); late != 0 || soon != 0 || err != nil {
			t.Errorf("a learner counts %d and %d, %v", late, soon, err)
		}
		_, _, err = w.Desk.People(ctx, who, course, desk.Filter{Due: "never"}, desk.Sort{}, desk.Page{})
		w.Refused("a choice that there is not", err, errs.ErrInvalid)
		ids, err := w.Desk.Chosen(ctx, who, course, desk.Selection{All: true, Filter: desk.Filter{Unit: w.Terespol}})
		if err != nil || len(ids) < 3 {
			t.Errorf("%d chosen, %v", len(ids), err)
		}
		w.OK(w.Desk.EachPerson(ctx, who, course, desk.Filter{Due: desk.DueSet}, desk.Sort{By: "due", Desc: true}, func(rows iter.Seq2[desk.Person, error]) error {
			for p, err := range rows {
				if err != nil || p.DueAt.IsZero() {
					t.Errorf("in the file: %+v, %v", p, err)
				}
			}
			return nil
		}))
		rounds, err := w.Desk.History(ctx, who, people["late"].PersonID)
		if err != nil || len(rounds) != 1 || rounds[0].DueAt.IsZero() {
			t.Errorf("history %+v, %v", rounds, err)
		}
	})
}

// TestADayEndsWhereItIs: the last moment of a day is in that day of its zone, and a microsecond later is not.
func TestADayEndsWhereItIs(t *testing.T) {
	zone, err := time.LoadLocation("Europe/Warsaw")
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		at := time.Unix(rapid.Int64Range(1_700_000_000, 2_000_000_000).Draw(t, "at"), 0).In(zone)
		end := desk.EndOfDay(at)
		if clock.DaysBetween(at, end, zone) != 0 || clock.DaysBetween(at, end.Add(time.Microsecond), zone) != 1 || end.Before(at) {
			t.Fatalf("%s ends at %s", at, end)
		}
	})
}
