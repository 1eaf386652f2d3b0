package roster_test

import (
	"testing"

	"ostoja/internal/db/dbtest"
	"ostoja/internal/identity/roster"
	"ostoja/internal/testrig"
)

// TestNoFailureIsSilent: a list is read, shown and written whole or not at all.
func TestNoFailureIsSilent(t *testing.T) {
	w := testrig.New(t)
	ctx, previewID := t.Context(), ""
	content := []byte("imię;nazwisko;e-mail;jednostka\nAnna;Nowa;anna.nowa@example.org;OPS Nowy\nZofia;Źródło;zofia.zrodlo@example.org;Placówka w Medyce\n")
	dbtest.EachFails(t, w.DB, []dbtest.Step{
		{Name: "preview", Do: func() error {
			p, err := w.Roster.Preview(ctx, w.Admin, content, roster.Options{UnitID: w.Guard, Lang: "pl", CreateUnits: true, Invite: true, CourseID: testrig.SmallCourse})
			previewID = p.ID
			return err
		}},
		{Name: "previewed", Do: func() error { _, err := w.Roster.Previewed(ctx, w.Admin, previewID); return err }},
		{Name: "confirm", Do: func() error { _, err := w.Roster.Confirm(ctx, w.Admin, previewID); return err }},
		{Name: "repair", Do: func() error { _, err := w.Roster.Repair(ctx, w.Admin, previewID); return err }},
		{Name: "options", Do: func() error { _, err := w.Roster.OptionsOf(ctx, w.Admin, previewID); return err }},
		{Name: "forget", Do: func() error { return w.Roster.Forget(ctx) }},
	})
	p := testrig.Must(w.Roster.Previewed(ctx, w.Admin, previewID))(t)
	if p.Count(roster.LineSame) != 2 {
		t.Errorf("what was confirmed stands so: %s", told(p))
	}
}
