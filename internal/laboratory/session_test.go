package laboratory_test

import (
	"testing"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/classroom"
	"ostoja/internal/errs"
	"ostoja/internal/laboratory"
	"ostoja/internal/testrig"
)

// A laboratory of a session belongs to the session's unit, and who teaches in it leads it too, whatever unit they come from; who only
// observes does not. It is opened on the session's day by who holds or arranges it, and by nobody else.
func TestALaboratoryOfASession(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx := t.Context()
		for part, leads := range map[classroom.Part]bool{classroom.Co: true, classroom.Observer: false} {
			w.Clock.Advance(24 * time.Hour) // nobody teaches two at once
			class := w.Class(w.GuardCoordinator, w.Guard, classroom.ContentDraft{Title: "Szkolenie " + string(part)}, "Terespol", testrig.Hours{From: w.Clock.Now().Add(-time.Hour), Until: w.Clock.Now().Add(time.Hour)})
			class.Team(map[classroom.Part]access.Actor{classroom.Lead: w.GuardTrainer, part: w.PoliceTrainer})
			o := laboratory.Opening{CaseID: packing, SessionID: class.Sessions[0]}
			for _, a := range []access.Actor{w.PoliceCoordinator, w.Learner} {
				if _, err := w.Laboratory.Open(ctx, a, o); err == nil {
					t.Errorf("%s opens for a session that is not theirs", a.PersonID)
				}
			}
			runID := testrig.Must(w.Laboratory.Open(ctx, w.GuardTrainer, o))(t)
			if r := testrig.Must(w.Laboratory.Room(ctx, w.GuardCoordinator, runID))(t); r.Training != "Szkolenie "+string(part) || r.SessionID == nil {
				t.Errorf("%+v", r.Run)
			}
			_, err := w.Laboratory.Move(ctx, w.PoliceTrainer, runID, 0)
			if leads && err != nil {
				t.Errorf("who teaches it does not lead it: %v", err)
			}
			if !leads {
				w.Refused("who observes", err, errs.ErrNotFound)
			}
			w.Refused("another coordinator", second(w.Laboratory.Room(ctx, w.PoliceCoordinator, runID)), errs.ErrNotFound)
		}
	})
}
