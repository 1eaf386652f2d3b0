package overview_test

import (
	"testing"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/classroom"
	"ostoja/internal/classroom/overview"
	"ostoja/internal/list"
	"ostoja/internal/testrig"
)

// planned makes a training of two half-days.
func planned(t *testing.T, w *testrig.World, title, day string) (trainingID string) {
	t.Helper()
	one := classroom.SessionDraft{Day: day, From: "09:00", Until: "13:00", Place: "Terespol", Capacity: "20"}
	two := one
	two.From, two.Until, two.Capacity = "14:00", "17:00", "18"
	trainingID, err := w.Classroom.Create(t.Context(), w.GuardCoordinator, classroom.NewDraft{
		Content: classroom.ContentDraft{Title: title}, UnitID: w.Guard, Sessions: []classroom.SessionDraft{one, two},
	})
	w.OK(err)
	return trainingID
}

// A list finds by words in any letters, by state, days, project and who teaches, within what somebody may see.
func TestTheListOfTrainings(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx := t.Context()
		first, second := planned(t, w, "Łódź i okolice", "2026-11-30"), planned(t, w, "Drugie", "2026-12-07")
		edition := func(trainingID string) int {
			return testrig.Must(w.Classroom.Plan(ctx, w.Coordinator, trainingID))(t).Edition
		}
		w.OK(w.Classroom.SaveTrainers(ctx, w.GuardCoordinator, second, edition(second), []classroom.TrainerDraft{{PersonID: w.GuardTrainer.PersonID, Part: classroom.Lead}}))
		testrig.Must(w.Classroom.Do(ctx, w.GuardCoordinator, first, false, edition(first), classroom.Ask{Kind: classroom.ActPutOff}))(t)
		list := func(a access.Actor, f overview.Filter) (titles string) {
			rows, total, err := w.Overview.List(ctx, a, f)
			w.OK(err)
			if len(rows) != total {
				t.Errorf("%d rows of %d", len(rows), total)
			}
			for _, r := range rows {
				titles += r.Title + ";"
			}
			return titles
		}
		at := testrig.Start.Add(40 * 24 * time.Hour)
		for _, c := range []struct {
			name  string
			actor access.Actor
			f     overview.Filter
			want  string
		}{
			{"all", w.GuardCoordinator, overview.Filter{}, "Łódź i okolice;Drugie;"},
			{"the police", w.PoliceCoordinator, overview.Filter{}, ""},
			{"a learner", w.Learner, overview.Filter{}, ""},
			{"words", w.GuardCoordinator, overview.Filter{Text: "LODZ"}, "Łódź i okolice;"},
			{"put off", w.GuardCoordinator, overview.Filter{State: classroom.PutOff}, "Łódź i okolice;"},
			{"planned", w.GuardCoordinator, overview.Filter{State: classroom.Planned}, "Drugie;"},
			{"running", w.GuardCoordinator, overview.Filter{State: classroom.Running}, ""},
			{"over", w.GuardCoordinator, overview.Filter{State: classroom.Over}, ""},
			{"cancelled", w.GuardCoordinator, overview.Filter{State: classroom.Cancelled}, ""},
			{"from", w.GuardCoordinator, overview.Filter{From: at}, "Drugie;"},
			{"until", w.GuardCoordinator, overview.Filter{Until: at}, "Łódź i okolice;"},
			{"who teaches", w.GuardCoordinator, overview.Filter{Trainer: w.GuardTrainer.PersonID}, "Drugie;"},
			{"the unit", w.Coordinator, overview.Filter{UnitID: w.Guard}, "Łódź i okolice;Drugie;"},
			{"another unit", w.Coordinator, overview.Filter{UnitID: w.Police}, ""},
			{"a project", w.Coordinator, overview.Filter{Project: "Projekt"}, ""},
			{"to close", w.Coordinator, overview.Filter{ToClose: true}, ""},
		} {
			if got := list(c.actor, c.f); got != c.want {
				t.Errorf("%s: %q, want %q", c.name, got, c.want)
			}
		}
		w.Clock.Advance(50 * 24 * time.Hour)
		if got := list(w.Coordinator, overview.Filter{ToClose: true}); got != "Drugie;" {
			t.Errorf("to close afterwards: %q", got)
		}
		rows, _, err := w.Overview.List(ctx, w.Coordinator, overview.Filter{Text: "drugie"})
		if err != nil || len(rows) != 1 || rows[0].Sessions != 2 || rows[0].Open != 2 || *rows[0].Places != 18 || rows[0].Leads != "Tomasz Trener" || rows[0].State(w.Clock.Now()) != classroom.Over {
			t.Errorf("%+v, %v", rows, err)
		}
		slots, err := w.Overview.Calendar(ctx, w.GuardCoordinator, testrig.Start, testrig.Start.Add(60*24*time.Hour))
		if err != nil || len(slots) != 4 || !slots[0].Off || slots[2].Off || slots[2].Training != "Drugie" || *slots[2].Places != 18 {
			t.Errorf("%+v, %v", slots, err)
		}
	})
}

// What is next stands first, the nearest at the head; then what was last, the newest at the head; unless another order is asked for.
func TestWhatIsNextStandsFirst(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx := t.Context()
		for title, day := range map[string]string{"first": "2026-11-26", "second": "2026-11-27", "third": "2026-12-03", "fourth": "2026-12-07"} {
			planned(t, w, title, day)
		}
		w.Clock.Advance(time.Date(2026, 12, 3, 9, 0, 0, 0, time.UTC).Sub(w.Clock.Now())) // the third is under way
		order := func(window list.Window) (titles string) {
			rows, _, err := w.Overview.List(ctx, w.GuardCoordinator, overview.Filter{Window: window})
			w.OK(err)
			for _, r := range rows {
				titles += r.Title + " "
			}
			return titles
		}
		for _, c := range []struct {
			window list.Window
			want   string
		}{
			{list.Window{}, "third fourth second first "},
			{list.Window{Page: 2, Size: 2}, "second first "},
			{list.Window{Sort: "held"}, "first second third fourth "},
			{list.Window{Sort: "held", Desc: true}, "fourth third second first "},
		} {
			if got := order(c.window); got != c.want {
				t.Errorf("%+v: %q, want %q", c.window, got, c.want)
			}
		}
	})
}
