package e2e

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/classroom"
	"ostoja/internal/clock"
	"ostoja/internal/db"
	"ostoja/internal/db/dbtest"
	"ostoja/internal/identity"
)

// TestSeats: the office invites somebody, who accepts by the letter's link, on a phone and without signing in; the superior consents by
// theirs; the seat is confirmed by a letter with entries for the calendar; and the list, one's own page and the places of a unit are
// clean on a phone and a wide screen. OSTOJA_PICTURES names a folder for pictures of the pages.
func TestSeats(t *testing.T) {
	ctx, d := t.Context(), dbtest.SQLite(t)
	now := clock.NewFake(time.Date(2026, 10, 12, 8, 0, 0, 0, time.UTC))
	p := startAt(t, d, now)
	keeper, entry := p.staff("lukasz.zak@example.org", access.Coordinator)
	personID, err := p.app.Identity.Add(ctx, access.System, identity.Draft{GivenName: "Zofia", FamilyName: "Ślusarczyk", Mail: "z@example.org", UnitID: p.unit, Lang: "pl"}, true)
	if err != nil {
		t.Fatal(err)
	}
	trainingID := p.classroom(keeper)
	picture := func(b *browser, name string) {
		for _, width := range []int64{360, 1280} {
			b.width(width)
			b.reflows(name)
			b.clean(fmt.Sprintf("%s at %d", name, width))
			if folder := os.Getenv("OSTOJA_PICTURES"); folder != "" {
				b.picture(fmt.Sprintf("%s/%s-%d.png", folder, name, width))
			}
		}
	}
	send := func() {
		now.Advance(11 * time.Minute)
		if err := p.app.Seats.SendDue(ctx); err != nil {
			t.Fatal(err)
		}
	}
	people := "/app/trainings/" + trainingID + "/people"
	office := openBrowser(t, p.base, 1280, true)
	office.enter(entry)
	office.open(people)
	office.see("Nikogo jeszcze nie ma")
	picture(office, "seats-empty")
	office.press("Zaproś osoby")
	picture(office, "seats-invite")
	office.choose("person", personID)
	office.press("Zaproś zaznaczone osoby")
	office.see("Zaproszono 1 osobę.")
	office.see("Cofnij")
	picture(office, "seats-list")
	send()

	phone := openBrowser(t, p.base, 360, true)
	invitation := p.mail.Wait(t, "z@example.org", 1)
	phone.open(link.FindString(invitation.Body))
	phone.see("Szkolenie w Terespolu")
	picture(phone, "seats-answer")
	phone.fill("superior", "szef@example.org")
	phone.press("Przyjmuję miejsce")
	phone.see("czeka na zgodę osoby przełożonej")
	picture(phone, "seats-answered")
	superior := openBrowser(t, p.base, 360, true)
	superior.open(link.FindString(p.mail.Wait(t, "szef@example.org", 0).Body))
	superior.see("Zofia Ślusarczyk")
	picture(superior, "seats-delegation")
	superior.press("Wyrażam zgodę")
	superior.see("miejsce potwierdzone")
	send()
	confirmed := p.mail.Wait(t, "z@example.org", 2)
	if len(confirmed.Entries) != 2 || !strings.Contains(confirmed.Entries[0].Type, "method=REQUEST") || !strings.Contains(confirmed.Entries[1].Text, "DTSTART:20261026T080000Z") {
		t.Errorf("%+v", confirmed)
	}

	phone.enter(p.letterLink("z@example.org", 0))
	phone.open("/app/my-trainings")
	phone.see("miejsce potwierdzone")
	picture(phone, "seats-mine")
	phone.open("/app/my-trainings/" + trainingID)
	picture(phone, "seats-own")
	phone.open("/app/account/calendar")
	phone.press("Utwórz adres")
	phone.see("Skopiuj go teraz")
	picture(phone, "seats-calendar")

	office.open("/app/trainings/" + trainingID + "/places")
	office.fill("unit", p.unit)
	office.fill("places", "2")
	office.fill("until", "2026-10-20")
	office.press("Zapisz")
	office.see("przydzielone 0 z 2")
	picture(office, "seats-places")
	office.open("/app/my-places/" + trainingID + "/" + p.unit)
	picture(office, "seats-unit")
	office.open("/app/interest")
	picture(office, "seats-interest")
}

// classroom makes a training of two days, the last of summer time and the first of winter time, for which a superior consents.
func (p *programme) classroom(keeper access.Actor) (trainingID string) {
	p.t.Helper()
	from := time.Date(2026, 10, 24, 7, 0, 0, 0, time.UTC)
	make := p.app.Classroom.Maker(classroom.Draft{Title: "Szkolenie w Terespolu", Place: "Terespol, świetlica", HeldFrom: from, HeldUntil: from.Add(6 * time.Hour), UnitID: p.unit})
	err := p.app.DB.Update(p.t.Context(), func(tx *db.Tx) (err error) {
		if trainingID, err = make(p.t.Context(), tx, keeper); err != nil {
			return err
		}
		for _, text := range []string{
			`UPDATE training SET sign_up = 'approved', delegation = TRUE`, `UPDATE training_session SET capacity = 20, access_notes = 'Wejście od podwórza, winda z prawej'`,
			`INSERT INTO training_session (id, training_id, starts_at, ends_at, place, capacity) SELECT 'second', training_id, starts_at + 176400000000, ends_at + 176400000000, place, 20 FROM training_session`,
		} {
			if err := db.Exec(p.t.Context(), tx, text); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		p.t.Fatal(err)
	}
	return trainingID
}
