package lapse_test

import (
	"strings"
	"testing"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/db"
	"ostoja/internal/fact"
	"ostoja/internal/identity"
	"ostoja/internal/site"
	"ostoja/internal/site/directory"
	"ostoja/internal/testrig"
)

// TestEditorsAreToldOnce: of each fact and place that lapses, or that readers do not see, those who can mend it are written to, once for
// each thing that is wrong with it; a unit's editors of what the unit keeps, those of the whole site of the rest.
func TestEditorsAreToldOnce(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx := t.Context()
		told := func() map[string]string { // bodies by address, since the last call
			t.Helper()
			before := len(w.Letters())
			w.OK(w.Alerts.Send(ctx))
			list := map[string]string{}
			for _, m := range w.Letters()[before:] {
				if list[m.To] != "" || strings.Contains(m.Subject, "linia") {
					t.Errorf("letter %q to %s, beside another", m.Subject, m.To)
				}
				list[m.To] = m.Body
			}
			return list
		}
		if got := told(); len(got) > 0 {
			t.Errorf("of a site that is not open %v was told", got)
		}
		testrig.Must(w.Site.ImportBundle(ctx, access.System, true))(t)
		today := w.Clock.Now().Format(time.DateOnly)
		day := func(days int) string { return w.Clock.Now().AddDate(0, 0, days).Format(time.DateOnly) }
		one := w.GuardEditor
		x := &directory.Service{
			ID: "biuro", Name: map[string]string{"pl": "Biuro próbne"}, Summary: map[string]string{"pl": "Porady"}, Languages: []string{"pl"}, Phones: []directory.Phone{{Number: "+48 22 628 01 20"}},
			Source: "test", Checked: today, By: "test", ValidUntil: day(10),
		}
		w.OK(w.Site.ProposeService(ctx, one, x, true, w.Guard, site.NewBase))
		entry := testrig.Must(w.Site.Entry(ctx, w.SecondGuardEditor, site.OfService, x.ID))(t)
		w.OK(w.Site.AcceptProposal(ctx, w.SecondGuardEditor, entry.Proposal.ID))
		first := told() // of the shipped facts whose term is over at the world's time, if any
		if again := told(); len(again) > 0 {
			t.Errorf("told twice: %v, after %v", again, first)
		}
		mailOf := func(a access.Actor) string {
			t.Helper()
			return testrig.Must(w.Identity.Participant(ctx, w.DB, a.PersonID))(t).Mail
		}
		guards := map[string]bool{mailOf(w.GuardEditor): true, mailOf(w.SecondGuardEditor): true}

		w.Clock.Advance(12 * 24 * time.Hour)
		overdue := told()
		for to := range guards {
			if !strings.Contains(overdue[to], "Biuro próbne") || !strings.Contains(overdue[to], "/app/site/services/biuro") || !strings.Contains(overdue[to], "niepotwierdzone") {
				t.Errorf("%s is told %q", to, overdue[to])
			}
		}
		for to, body := range overdue {
			if !guards[to] && strings.Contains(body, "Biuro próbne") {
				t.Errorf("%s is told of what another unit keeps", to)
			}
		}
		if got := told(); len(got) > 0 {
			t.Errorf("told twice: %v", got)
		}

		// What cannot be read is another fault.
		w.OK(w.DB.Update(ctx, func(tx *db.Tx) error {
			return db.Exec(ctx, tx, `UPDATE site_service SET content = ? WHERE id = ?`, db.JSON(map[string]any{"ID": "biuro", "Name": map[string]string{"pl": "Biuro próbne"}, "Hours": "every other Tuesday"}), "biuro")
		}))
		unreadable := told()
		for to := range guards {
			if got := unreadable[to]; !strings.Contains(got, "Biuro próbne") || !strings.Contains(got, "godzin otwarcia") {
				t.Errorf("%s is told %q", to, got)
			}
		}

		// A year later the installation's facts have lapsed: its editors are told, the unit's are not.
		w.Clock.Advance(400 * 24 * time.Hour)
		late := told()
		whole := 0
		for to, body := range late {
			if guards[to] {
				t.Errorf("%s is told of the installation's: %s", to, body)
			}
			if strings.Contains(body, "/app/site/facts/") {
				whole++
			}
			if strings.Contains(body, "/app/site/facts/"+fact.Emergency+"\n") && strings.Contains(body, "112: minął termin i dodatkowe dni") {
				t.Error("112 has gone")
			}
		}
		if whole == 0 {
			t.Errorf("nobody is told: %v", late)
		}
	})
}

// TestLookingForLapsesCostsLittle: each minute it is looked whether something lapsed; no text is read for it, and nothing is written.
func TestLookingForLapsesCostsLittle(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		testrig.Must(w.Site.ImportBundle(t.Context(), access.System, true))(t)
		w.Clock.Advance(400 * 24 * time.Hour)
		w.OK(w.Alerts.Send(t.Context()))
		asked := 0
		w.DB.Intercept(func(text string) error {
			asked++
			if !strings.HasPrefix(strings.TrimSpace(text), "SELECT") || strings.Contains(text, "site_text") {
				t.Errorf("asked with no news: %s", text)
			}
			return nil
		})
		defer w.DB.Intercept(nil)
		w.OK(w.Alerts.Send(t.Context()))
		if asked == 0 || asked > 4 {
			t.Errorf("%d statements", asked)
		}
	})
}

// TestWhatNobodyCanBeToldOfWaits: without an editor who can be written to, nothing counts as told.
func TestWhatNobodyCanBeToldOfWaits(t *testing.T) {
	testrig.EachEmpty(t, func(t *testing.T, w *testrig.World) {
		ctx := t.Context()
		testrig.Must(w.Site.ImportBundle(ctx, access.System, true))(t)
		w.Clock.Advance(400 * 24 * time.Hour)
		w.OK(w.Alerts.Send(ctx))
		if n := testrig.Must(db.One[int](ctx, w.DB, `SELECT COUNT(*) FROM site_told`))(t); n > 0 {
			t.Errorf("%d lapses count as told", n)
		}
		unit := w.Unit("", identity.Office, "Urząd", "U")
		w.Person("Ewa", "Redaktor", unit, identity.RoleDraft{Role: access.Editor})
		w.OK(w.Alerts.Send(ctx))
		letters := w.Letters()
		if len(letters) == 0 || !strings.Contains(letters[len(letters)-1].Body, "/app/site/facts/") {
			t.Errorf("letters: %v", letters)
		}
	})
}
