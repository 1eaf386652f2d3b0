package seat_test

import (
	"slices"
	"testing"
	"time"

	"ostoja/internal/classroom/seat"
	"ostoja/internal/id"
	"ostoja/internal/testrig"
)

// Each rule is broken by hand, as no service can, and the audit names it with its training.
func TestTheAuditFindsWhatIsPlanted(t *testing.T) {
	for rule, plant := range map[string]func(w *testrig.World, trainingID string){
		seat.RuleOverbooked: func(w *testrig.World, trainingID string) { room(w, trainingID, 1) },
		seat.RuleQuota: func(w *testrig.World, trainingID string) {
			exec(w, `INSERT INTO training_quota (training_id, kind, name, places) VALUES (?, 'organisation', ?, 1)`, trainingID, w.Guard)
		},
		seat.RulePlaces: func(w *testrig.World, trainingID string) {
			exec(w, `UPDATE booking SET origin = 'superior', unit_id = ? WHERE training_id = ?`, w.Medyka, trainingID)
			exec(w, `INSERT INTO booking_places (training_id, unit_id, places, until) VALUES (?, ?, 1, ?)`, trainingID, w.Medyka, w.Clock.Now().Add(day))
		},
		seat.RuleFreeSeat: func(w *testrig.World, trainingID string) {
			exec(w, `UPDATE booking SET state = 'waiting' WHERE training_id = ? AND person_id = ?`, trainingID, w.Learner.PersonID)
			exec(w, `UPDATE booking_event SET state = 'waiting' WHERE booking_id IN (SELECT id FROM booking WHERE training_id = ? AND person_id = ?)`, trainingID, w.Learner.PersonID)
		},
		seat.RuleOverdue: func(w *testrig.World, trainingID string) {
			exec(w, `UPDATE booking SET offer_until = ? WHERE training_id = ? AND state = 'offered'`, w.Clock.Now().Add(-time.Hour), trainingID)
		},
		seat.RuleNoOffer: func(w *testrig.World, trainingID string) {
			exec(w, `UPDATE booking SET offer_until = NULL WHERE training_id = ? AND state = 'offered'`, trainingID)
		},
		seat.RuleNoPlace: func(w *testrig.World, trainingID string) {
			room(w, trainingID, 2)
			o, err := w.Seats.Invite(w.T.Context(), w.GuardCoordinator, trainingID, ids(w.GuardTrainer), false)
			w.OK(err)
			if o.Waiting != 1 {
				w.T.Fatalf("%+v", o)
			}
			exec(w, `UPDATE booking SET queued_at = NULL WHERE training_id = ? AND state = 'waiting'`, trainingID)
		},
		seat.RuleEvent: func(w *testrig.World, trainingID string) {
			exec(w, `INSERT INTO booking (id, training_id, person_id, state, origin, unit_id, created_at, changed_at) VALUES (?, ?, ?, 'cancelled', 'added', ?, 0, 0)`,
				id.New(), trainingID, w.GuardTrainer.PersonID, w.Guard)
		},
		seat.RuleOrphan: func(w *testrig.World, trainingID string) {
			exec(w, `UPDATE training SET cancelled_at = ? WHERE id = ?`, w.Clock.Now().Add(-time.Hour), trainingID)
		},
	} {
		t.Run(rule, func(t *testing.T) {
			testrig.Each(t, func(t *testing.T, w *testrig.World) {
				trainingID, other := plan(w, 20, 3), plan(w, 21, 3)
				for _, x := range []string{trainingID, other} {
					_, err := w.Seats.Invite(t.Context(), w.GuardCoordinator, x, ids(w.Learner, w.OtherLearner), true)
					w.OK(err)
				}
				sound(w)
				plant(w, trainingID)
				faults, n, err := seat.Check(t.Context(), w.DB, w.Clock.Now(), zone)
				w.OK(err)
				if n != 2 || !slices.ContainsFunc(faults, func(f seat.Fault) bool { return f.Rule == rule }) {
					t.Errorf("of %d trainings: %+v", n, faults)
				}
				for _, f := range faults {
					if f.Training != trainingID || f.Rule != rule && rule != seat.RuleOrphan {
						t.Errorf("found too: %+v", f)
					}
				}
			})
		})
	}
}
