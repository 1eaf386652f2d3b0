package attendance_test

import (
	"testing"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/classroom"
	"ostoja/internal/classroom/attendance"
	"ostoja/internal/db"
	"ostoja/internal/id"
	"ostoja/internal/testrig"
)

// hall is a world with a training of the guard in two half-days, on the world's day and the next, and who has a seat in it.
type hall struct {
	*testrig.World
	training           string
	morning, afternoon string
	begins             time.Time
	booked             []access.Actor // Learner, OtherLearner, PoliceLearner
}

func each(t *testing.T, test func(t *testing.T, h *hall)) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) { test(t, newHall(w)) })
}

// newHall plans a training whose first half-day begins two hours after the world's time.
func newHall(w *testrig.World) *hall {
	w.T.Helper()
	h := &hall{World: w, begins: testrig.Start.Add(2 * time.Hour), booked: []access.Actor{w.Learner, w.OtherLearner, w.PoliceLearner}}
	h.training, h.morning = h.plan(h.begins)
	h.afternoon = h.session(h.training, h.begins.Add(5*time.Hour))
	for _, a := range h.booked {
		h.book(h.training, a)
	}
	return h
}

func (h *hall) exec(statement string, args ...any) {
	h.T.Helper()
	h.OK(h.DB.Update(h.T.Context(), func(tx *db.Tx) error { return db.Exec(h.T.Context(), tx, statement, args...) }))
}

// plan makes a training with a session of four hours.
func (h *hall) plan(from time.Time) (trainingID, sessionID string) {
	h.T.Helper()
	ctx := h.T.Context()
	d := classroom.Draft{Title: "Szkolenie 3: Warszawa", Place: "Warszawa", HeldFrom: from, HeldUntil: from.Add(9 * time.Hour), UnitID: h.Guard}
	h.OK(h.DB.Update(ctx, func(tx *db.Tx) (err error) {
		trainingID, err = h.Classroom.Maker(d)(ctx, tx, h.GuardCoordinator)
		return err
	}))
	h.exec(`DELETE FROM training_session WHERE training_id = ?`, trainingID)
	return trainingID, h.session(trainingID, from)
}

func (h *hall) session(trainingID string, from time.Time) string {
	h.T.Helper()
	sessionID := id.New()
	h.exec(`INSERT INTO training_session (id, training_id, starts_at, ends_at, place) VALUES (?, ?, ?, ?, 'Warszawa')`, sessionID, trainingID, from, from.Add(4*time.Hour))
	return sessionID
}

func (h *hall) book(trainingID string, a access.Actor) {
	h.T.Helper()
	h.exec(`INSERT INTO booking (id, training_id, person_id, state, origin, unit_id, created_at, changed_at)
		SELECT ?, ?, id, 'confirmed', 'added', unit_id, ?, ? FROM identity_person WHERE id = ?`, id.New(), trainingID, h.Clock.Now(), h.Clock.Now(), a.PersonID)
}

func (h *hall) roll() attendance.Roll {
	h.T.Helper()
	return testrig.Must(h.Attendance.Roll(h.T.Context(), h.GuardTrainer, h.morning))(h.T)
}

// state says what somebody's marks come to.
func (h *hall) state(who string) attendance.Standing {
	h.T.Helper()
	row, _ := h.roll().Row(who)
	return row.Standing
}

// begin moves the clock to the beginning of the morning.
func (h *hall) begin() { h.Until(h.begins) }

// send sends what a device wrote down, and returns what could not be read.
func (h *hall) send(device string, items ...attendance.Item) []string {
	h.T.Helper()
	return testrig.Must(h.Attendance.Take(h.T.Context(), h.GuardTrainer, h.morning, attendance.Parcel{Device: device, SentAt: h.Clock.Now(), Items: items}))(h.T)
}

func (h *hall) mark(who string, s attendance.State) attendance.Item {
	return attendance.Item{ID: id.New(), Kind: attendance.KindMark, Who: who, State: s, MadeAt: h.Clock.Now()}
}

func number(n int) *int { return &n }
