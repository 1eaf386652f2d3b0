package certificate

import (
	"testing"

	"ostoja/internal/access"
	"ostoja/internal/db"
	"ostoja/internal/db/dbtest"
)

// TestNoFailureIsSilent: whatever statement fails, whoever acts is told, and nothing of what was done stays.
func TestNoFailureIsSilent(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w, ctx := newWorld(t, d), t.Context()
		only := func(_ any, err error) error { return err }
		enrolmentID, attemptID := w.enrol(w.person[0])
		a := w.award(w.person[0], enrolmentID, attemptID)
		a.Holder = "王小明" // in letters that the paper cannot print
		holder := access.Actor{PersonID: w.person[0]}
		var c Certificate
		dbtest.EachFails(t, d, []dbtest.Step{
			{Name: "issue", Do: func() (err error) { c, err = w.issue(a); return err }},
			{Name: "mine", Do: func() error { return only(w.service.Mine(ctx, holder)) }},
			{Name: "of a person", Do: func() error { return only(w.service.OfPerson(ctx, access.System, w.person[0])) }},
			{Name: "certificate", Do: func() error { return only(w.service.Certificate(ctx, holder, c.ID)) }},
			{Name: "verify", Do: func() error { return only(w.service.Verify(ctx, c.Code)) }},
			{Name: "spellable", Do: func() error { return only(w.service.Spellable(ctx, holder, c.ID)) }},
			{Name: "spell", Do: func() error { return w.service.Spell(ctx, holder, c.ID, "Wang Xiaoming") }},
			{Name: "revocable", Do: func() error { return only(w.service.Revocable(ctx, access.System, c.ID)) }},
			{Name: "revoke", Do: func() error { return w.service.Revoke(ctx, access.System, c.ID, "Wydane przez pomyłkę.", true) }},
		})
		// Nothing of the failed ones took a number.
		a.EnrolmentID, a.AttemptID = w.enrol(w.person[1])
		a.PersonID = w.person[1]
		next, err := w.issue(a)
		if err != nil || c.Number != number(noon.Year(), 1) || next.Number != number(noon.Year(), 2) {
			t.Errorf("%s, then %s, %v", c.Number, next.Number, err)
		}
	})
}
