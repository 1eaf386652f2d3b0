package report_test

import (
	"context"
	"math/rand/v2"
	"reflect"
	"testing"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/classroom"
	"ostoja/internal/classroom/attendance"
	"ostoja/internal/project"
	"ostoja/internal/report"
	"ostoja/internal/testrig"
)

// TestWhatIsKeptOfAttendanceIsNeverOld: a service that has read a project before counts after each act in a room as one that reads it for the first time.
func TestWhatIsKeptOfAttendanceIsNeverOld(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx, p := t.Context(), begin(t, w)
		at := w.Clock.Now().Add(time.Hour)
		class := w.Class(w.Coordinator, w.Office, classroom.ContentDraft{Title: "Szkolenie"}, "Warszawa",
			testrig.Hours{From: at, Until: at.Add(3 * time.Hour)}, testrig.Hours{From: at.Add(4 * time.Hour), Until: at.Add(7 * time.Hour)})
		w.OK(w.Projects.AddPart(ctx, w.Coordinator, p.id, project.Part{Kind: project.Training, SubjectID: class.ID, Share: 100}))
		people := []access.Actor{w.Learner, w.OtherLearner, w.PoliceLearner}
		class.Seat(people...)
		w.Clock.Advance(5 * time.Hour)
		hour := func(at time.Time) string { return at.In(w.Reports.Zone).Format("15:04") }
		const seed = 301126
		random := rand.New(rand.NewPCG(seed, seed))
		seen := map[float64]bool{}
		for step := range 40 {
			session, who := class.Sessions[random.IntN(2)], people[random.IntN(len(people))].PersonID
			act := random.IntN(4)
			switch act { // what is refused, as the undo of nothing, changes nothing
			case 0:
				_, _ = w.Attendance.Save(ctx, w.Coordinator, session, "d", []attendance.Change{{Who: who, State: attendance.Present}})
			case 1:
				_, _ = w.Attendance.Save(ctx, w.Coordinator, session, "d", []attendance.Change{{Who: who, State: attendance.Absent, Seen: attendance.Present}})
			case 2:
				_ = w.Attendance.Undo(ctx, w.Coordinator, session, "d", who)
			case 3:
				_ = w.Attendance.Detail(ctx, w.Coordinator, session, "d", who, attendance.Correction{State: attendance.Present, From: hour(at), Until: hour(at.Add(time.Duration(30+random.IntN(120)) * time.Minute))})
			}
			kept, fresh := tableOf(t, w.Reports, ctx, p), tableOf(t, report.New(w.Reports.Deps), ctx, p)
			if !reflect.DeepEqual(kept, fresh) {
				t.Fatalf("step %d (act %d): kept %+v, fresh %+v", step, act, kept, fresh)
			}
			seen[row(t, kept, "participants").Period.N] = true
		}
		if len(seen) < 3 {
			t.Errorf("the acts led to %v only", seen)
		}
	})
}

func tableOf(t *testing.T, s *report.Service, ctx context.Context, p *programme) report.Sheet {
	t.Helper()
	table := testrig.Must(s.Table(ctx, p.Coordinator, p.id, 2))(t)
	return table.Sheets[0]
}
