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
	class              *testrig.Class
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
	noon := h.begins.Add(5 * time.Hour)
	h.class = w.Class(w.GuardCoordinator, w.Guard, classroom.ContentDraft{Title: "Szkolenie 3: Warszawa"}, "Warszawa",
		testrig.Hours{From: h.begins, Until: h.begins.Add(4 * time.Hour)}, testrig.Hours{From: noon, Until: noon.Add(4 * time.Hour)})
	h.training, h.morning, h.afternoon = h.class.ID, h.class.Sessions[0], h.class.Sessions[1]
	h.class.Seat(h.booked...)
	return h
}

func (h *hall) exec(statement string, args ...any) {
	h.T.Helper()
	h.OK(h.DB.Update(h.T.Context(), func(tx *db.Tx) error { return db.Exec(h.T.Context(), tx, statement, args...) }))
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
