package overview_test

import (
	"testing"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/classroom"
	"ostoja/internal/testrig"
)

// The desk names who was in another training of the same programme, by what both are called now, and who had a seat and never came.
func TestDeskOfWhoWasThereBefore(t *testing.T) {
	testrig.Each(t, func(_ *testing.T, w *testrig.World) {
		ctx, actor := w.T.Context(), w.GuardCoordinator
		hours := func(days int) testrig.Hours {
			from := testrig.Start.Add(time.Duration(days) * 24 * time.Hour)
			return testrig.Hours{From: from, Until: from.Add(4 * time.Hour)}
		}
		draft := func(title string, days int) classroom.Draft {
			return classroom.Draft{Title: title, Place: "Sala", UnitID: w.Guard, HeldFrom: hours(days).From, HeldUntil: hours(days).Until}
		}
		training := func(days int) *testrig.Class {
			c := w.Class(actor, w.Guard, classroom.ContentDraft{Title: "Szkolenie"}, "Sala", hours(days))
			c.Seat(w.Learner, w.OtherLearner)
			return c
		}
		held, next := training(2), training(9).ID
		before := held.ID
		held.Present(0, w.Learner, 240)
		elsewhere := func(when string, want ...string) {
			w.T.Helper()
			d, err := w.Overview.Desk(ctx, actor)
			w.OK(err)
			var got []string
			for _, x := range d.Elsewhere {
				got = append(got, x.PersonID+x.TrainingID+x.OtherID)
			}
			if len(got) != len(want) || len(want) > 0 && got[0] != want[0] {
				w.T.Errorf("%s: %v, want %v", when, d.Elsewhere, want)
			}
		}
		again := w.Learner.PersonID + next + before
		elsewhere("of one name", again)
		w.OK(w.Classroom.Change(ctx, actor, next, draft("Warsztat", 9)))
		elsewhere("the next is called otherwise")
		w.OK(w.Classroom.Change(ctx, actor, before, draft("Warsztat", 2)))
		elsewhere("and so is the one before", again)

		w.Clock.Advance(3 * 24 * time.Hour)
		held.Close(0)
		d, err := w.Overview.Desk(ctx, actor)
		w.OK(err)
		if len(d.NoShows) != 1 || d.NoShows[0].ID != before || d.NoShows[0].Confirmed != 2 || d.NoShows[0].NoShows != 1 {
			w.T.Errorf("no-shows: %+v", d.NoShows)
		}
	})
}

// Who gave up a seat in a training ahead is counted for those who keep its sign-ups, since the time that they ask for.
func TestWhoGaveUpASeat(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx := t.Context()
		from := testrig.Start.Add(9 * 24 * time.Hour)
		c := w.Class(w.GuardCoordinator, w.Guard, classroom.ContentDraft{Title: "Szkolenie"}, "Sala", testrig.Hours{From: from, Until: from.Add(4 * time.Hour)})
		c.Seat(w.Learner, w.OtherLearner)
		begun := w.Clock.Now()
		w.Clock.Advance(time.Hour)
		w.OK(w.Seats.Cancel(ctx, w.Learner, c.ID, "Inna służba."))
		for actor, want := range map[*access.Actor]int{&w.GuardCoordinator: 1, &w.PoliceCoordinator: 0} {
			list := testrig.Must(w.Overview.GaveUpSince(ctx, *actor, begun))(t)
			if n := len(list); n != want || n == 1 && (list[0].ID != c.ID || list[0].People != 1 || list[0].Title == "") {
				t.Errorf("gave up: %+v, want %d", list, want)
			}
		}
		if list := testrig.Must(w.Overview.GaveUpSince(ctx, w.GuardCoordinator, w.Clock.Now().Add(time.Minute)))(t); len(list) != 0 {
			t.Errorf("gave up before: %+v", list)
		}
	})
}
