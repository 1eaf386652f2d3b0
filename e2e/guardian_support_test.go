package e2e

import (
	"testing"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/db"
	"ostoja/internal/guardian"
	"ostoja/internal/guardian/support"
	translated "ostoja/internal/text"
)

// TestSupportOfAGuardian: two taps on the guardian's own page call for help, the office takes it; a meeting is planned, answered in one tap and taken
// back; every page of support is looked at on a phone and on a wide screen, in both languages.
func TestSupportOfAGuardian(t *testing.T) {
	o := openGuardians(t)
	ctx := t.Context()
	who := o.member("Helena", "Kuratorska", "helena@example.org", o.office, access.Learner)
	o.ok(o.app.DB.Update(ctx, func(tx *db.Tx) error {
		_, err := o.app.Guardians.Admit(ctx, tx, guardian.Admission{
			PersonID: who.PersonID, UnitID: o.office, ValidUntil: o.now.Now().AddDate(1, 0, 0), Phone: guardNo, MostChildren: 2, Langs: []string{"pl"}, Courts: []string{o.before}, By: o.keeper.PersonID,
		})
		return err
	}))
	_, err := o.app.Support.AddExpert(ctx, o.keeper, support.ExpertDraft{
		Name: "Dyżur prawny", Topics: []string{"age"}, Phone: "22 555 00 21", Hours: translated.Translated{"pl": "poniedziałek, od 10 do 14", "en": "Monday, 10 to 14"}, CheckedOn: "2026-01-15",
	})
	o.ok(err)

	office, own := o.window(o.keeper), o.window(who)
	office.open(guardians)
	office.see("Wsparcie: 1 osoba dyżurna do sprawdzenia")
	office.press("Wsparcie: 1 osoba dyżurna do sprawdzenia")
	office.press("Nowe spotkanie")
	office.choose("topic", "age")
	office.fill("day", "2026-12-10")
	office.fill("place", "ul. Leśna 1, sala 2")
	office.fill("leader", "Ewa Superwizyjna")
	office.press("Zaplanuj spotkanie")
	office.press("Zaproś 1 osobę")
	office.see("Zaproszenie wysłane do 1 osoby")
	meeting := eval[string](office, `location.pathname`)

	own.width(360)
	own.open("/app/guardian")
	own.see("Najbliższe spotkanie: 10 grudnia 2026, 17:00–19:00")
	own.press("Wiek i wątpliwości co do wieku") // the first tap
	own.see("Dyżur prawny")
	own.both("help")
	own.width(360)
	own.press("Dzisiaj") // the second
	own.see("Prośba wysłana")
	own.press("Przyjdę : 10 grudnia 2026, 17:00–19:00")
	own.see("Zapisane: przychodzisz")
	own.press("Cofnij odpowiedź : 10 grudnia 2026, 17:00–19:00")
	own.press("Przyjdę : 10 grudnia 2026, 17:00–19:00")

	office.open("/app/guardians/support")
	office.see("Helena Kuratorska")
	office.press("Podejmij : Helena Kuratorska")
	office.both("taken")
	own.open("/app/guardian/support")
	own.see("Podjęte: Gabriela Rejestrowa")

	experts, err := o.app.Support.Experts(ctx, o.keeper)
	o.ok(err)
	o.each(office, o.keeper, guardians, "/app/guardians/support", "/app/guardians/support/meetings/new", meeting, meeting+"/edit", meeting+"/cancel", "/app/guardians/support/experts",
		"/app/guardians/support/experts/new", "/app/guardians/support/experts/"+experts[0].ID, "/app/guardians/support/experts/"+experts[0].ID+"/remove")
	o.each(own, who, "/app/guardian", "/app/guardian/support", "/app/guardian/support/help/age", "/app/guardian/support/help/court")

	o.now.Advance(10*24*time.Hour + 8*time.Hour) // while the meeting is held
	office, own = o.window(o.keeper), o.window(who)
	office.open(meeting)
	office.press("Zapisz obecność")
	office.see("Obecność zapisana")
	office.both("attendance")
	own.open("/app/guardian/support")
	own.see("Spotkanie właśnie trwa")
}
