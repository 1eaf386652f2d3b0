package measurement_test

import (
	"testing"
	"time"

	"ostoja/internal/id"
	"ostoja/internal/measurement"
	"ostoja/internal/testrig/measured"
)

// From a training's page, and by the code on the room's screen, somebody comes to the tests that they could sit now: their own of this
// training, from when they are due until they close, and none once they were taken out.
func TestTestsOfATrainingThatWait(t *testing.T) {
	each(t, func(w *world) {
		m := w.Training()
		anna, other := w.Person("Anna", "Pomocna"), w.Person("Jan", "Drugi")
		waits := func(person, training string) (waves []measurement.Wave) {
			w.T.Helper()
			list, err := w.Measurements.TasksIn(w.Ctx, w.DB, person, training)
			w.No(err)
			for _, x := range list {
				waves = append(waves, x.Wave)
			}
			return waves
		}
		expect := func(when string, got []measurement.Wave, want ...measurement.Wave) {
			w.T.Helper()
			if len(got) != len(want) || len(got) > 0 && got[0] != want[0] {
				w.T.Errorf("%s: %v waits, want %v", when, got, want)
			}
		}
		expect("before they have a seat", waits(anna.PersonID, m.SubjectID))
		w.No(measured.Second(w.Measurements.AddParticipants(w.Ctx, w.Admin, m.ID, []string{anna.PersonID})))
		expect("before the training", waits(anna.PersonID, m.SubjectID), measurement.Before)
		expect("somebody else", waits(other.PersonID, m.SubjectID))
		expect("another training", waits(anna.PersonID, id.New()))
		if list, err := w.Measurements.Tasks(w.Ctx, w.DB, anna.PersonID, m.SubjectID); err != nil || len(list) != 0 {
			w.T.Errorf("as of a course: %v, %v", list, err)
		}
		w.Clock.Advance(27 * time.Hour) // it has begun, and the hour for the test before is over
		expect("during the training", waits(anna.PersonID, m.SubjectID))
		w.Clock.Advance(28 * time.Hour)
		expect("after the training", waits(anna.PersonID, m.SubjectID), measurement.After)
		list, err := w.Measurements.TasksIn(w.Ctx, w.DB, anna.PersonID, m.SubjectID)
		w.No(err)
		w.No(w.Measurements.Begin(w.Ctx, list[0].SittingID))
		w.Sit(list[0].SittingID, 5)
		expect("once it was handed in", waits(anna.PersonID, m.SubjectID))
	})
}
