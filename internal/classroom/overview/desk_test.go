package overview_test

import (
	"testing"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/classroom"
	"ostoja/internal/db"
	"ostoja/internal/id"
	"ostoja/internal/testrig"
)

// The desk names who was in another training of the same programme, by what both are called now, and who had a seat and never came.
func TestDeskOfWhoWasThereBefore(t *testing.T) {
	testrig.Each(t, func(_ *testing.T, w *testrig.World) {
		ctx, actor := w.T.Context(), w.GuardCoordinator
		exec := func(text string, args ...any) {
			w.T.Helper()
			w.OK(w.DB.Update(ctx, func(tx *db.Tx) error { return db.Exec(ctx, tx, text, args...) }))
		}
		draft := func(title string, days int) classroom.Draft {
			from := testrig.Start.Add(time.Duration(days) * 24 * time.Hour)
			return classroom.Draft{Title: title, Place: "Sala", UnitID: w.Guard, HeldFrom: from, HeldUntil: from.Add(4 * time.Hour)}
		}
		training := func(title string, days int, people ...access.Actor) (trainingID string) {
			w.OK(w.DB.Update(ctx, func(tx *db.Tx) (err error) {
				trainingID, err = w.Classroom.Maker(draft(title, days))(ctx, tx, actor)
				return err
			}))
			for _, p := range people {
				exec(`INSERT INTO booking (id, training_id, person_id, state, origin, unit_id, created_at, changed_at) VALUES (?, ?, ?, 'confirmed', 'added', ?, ?, ?)`,
					id.New(), trainingID, p.PersonID, w.Guard, testrig.Start, testrig.Start)
			}
			return trainingID
		}
		before, next := training("Szkolenie", 2, w.Learner, w.OtherLearner), training("Szkolenie", 9, w.Learner, w.OtherLearner)
		session := testrig.Must(db.One[string](ctx, w.DB, `SELECT id FROM training_session WHERE training_id = ?`, before))(w.T)
		mark := id.New()
		exec(`INSERT INTO attendance_mark (id, session_id, person_id, state, made_at, at, received_at, made_by, origin) VALUES (?, ?, ?, 'present', ?, ?, ?, '', 'roll')`,
			mark, session, w.Learner.PersonID, testrig.Start, testrig.Start, testrig.Start)
		exec(`INSERT INTO attendance (session_id, person_id, state, minutes, mark_id, training_id, programme) VALUES (?, ?, 'present', 240, ?, ?, 'Szkolenie')`, session, w.Learner.PersonID, mark, before)
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
		exec(`INSERT INTO session_closing (id, session_id, closed_at, closed_by, present) VALUES (?, ?, ?, '', 1)`, id.New(), session, w.Clock.Now())
		d, err := w.Overview.Desk(ctx, actor)
		w.OK(err)
		if len(d.NoShows) != 1 || d.NoShows[0].ID != before || d.NoShows[0].Confirmed != 2 || d.NoShows[0].NoShows != 1 {
			w.T.Errorf("no-shows: %+v", d.NoShows)
		}
	})
}
