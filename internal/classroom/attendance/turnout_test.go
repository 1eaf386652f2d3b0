package attendance_test

import (
	"slices"
	"testing"

	"ostoja/internal/access"
	"ostoja/internal/classroom/attendance"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/identity"
	"ostoja/internal/testrig"
)

// Each person stands in one group: by the unit that their seat was given to, by the kind and powiat of the nearest unit above that says
// them, and also without a seat once they were there. Who comes is not told, nor anybody of another unit.
func TestTheTurnoutOfATraining(t *testing.T) {
	testrig.Each(t, func(_ *testing.T, w *testrig.World) {
		h := newHall(w)
		ctx := w.T.Context()
		training := h.training
		groups := func() []attendance.Group {
			return testrig.Must(w.Attendance.Turnout(ctx, w.GuardCoordinator, training))(w.T)
		}
		before := groups()
		if n := testrig.Must(db.One[int](ctx, w.DB, `SELECT COUNT(*) FROM booking WHERE training_id = ? AND state = 'confirmed'`, training))(w.T); n == 0 || sum(before).Confirmed != n || sum(before).Attended != 0 {
			w.T.Fatalf("%d seats: %+v", n, before)
		}
		for _, g := range before {
			if g.Powiat != "" {
				w.T.Errorf("a powiat that nobody said: %+v", g)
			}
		}
		unit := testrig.Must(w.Identity.Unit(ctx, w.Coordinator, w.Guard))(w.T)
		w.OK(w.Identity.ChangeUnit(ctx, w.Coordinator, w.Guard, identity.UnitDraft{Kind: unit.Kind, Name: unit.Name, Code: unit.Code, Region: unit.Region, Powiat: " bialski "}))
		h.exec(`INSERT INTO attendance_mark (id, session_id, person_id, state, made_at, at, received_at, made_by, origin) VALUES ('m', ?, ?, 'present', ?, ?, ?, '', 'roll')`,
			h.morning, w.SecondAuthor.PersonID, w.Clock.Now(), w.Clock.Now(), w.Clock.Now())
		h.exec(`INSERT INTO attendance (session_id, person_id, state, minutes, mark_id, training_id, programme) VALUES (?, ?, 'present', 240, 'm', ?, 'x')`, h.morning, w.SecondAuthor.PersonID, training)
		after := groups()
		if sum(after).Confirmed != sum(before).Confirmed || sum(after).Attended != 1 {
			w.T.Errorf("afterwards: %+v", after)
		}
		if i := slices.IndexFunc(after, func(g attendance.Group) bool { return g.Powiat == "bialski" && g.Confirmed > 0 }); i < 0 {
			w.T.Errorf("the powiat of the unit above: %+v", after)
		}
		for name, actor := range map[string]access.Actor{"the police": w.PoliceCoordinator, "who comes": w.Learner, "nobody": {}} {
			_, err := w.Attendance.Turnout(ctx, actor, training)
			w.Refused(name, err, errs.ErrNotFound)
		}
	})
}

func sum(list []attendance.Group) (s attendance.Group) {
	for _, g := range list {
		s.Confirmed += g.Confirmed
		s.Attended += g.Attended
	}
	return s
}
