package supportweb_test

import (
	"maps"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"ostoja/courses"
	"ostoja/internal/access"
	"ostoja/internal/guardian"
	"ostoja/internal/guardian/support"
	"ostoja/internal/testrig"
	"ostoja/internal/web/webtest"
)

const (
	office   = "/app/guardians/support"
	own      = "/app/guardian/support"
	register = "/app/guardians"
	entry    = "/app/guardian"
)

func meeting(day string) url.Values {
	return url.Values{"topic": {"age"}, "day": {day}, "from": {"17:00"}, "to": {"19:00"}, "place": {"https://spotkania.example.org/leśna"}, "seats": {"1"}, "leader": {"Ewa Superwizyjna"}}
}

func expert(day string) url.Values {
	return url.Values{
		"name": {"Dyżur prawny"}, "topics": {"age", "court"}, "phone": {"+48 22 123 45 67"}, "mail": {""}, "hours-pl": {"pn, 10–14"}, "hours-en": {"Mon, 10–14"}, "checked": {day}, "act": {"save"},
	}
}

// says fails unless a page's main part says each of the words.
func says(t *testing.T, p webtest.Page, words ...string) {
	t.Helper()
	said := strings.ReplaceAll(p.Text("main"), "\u00a0", " ")
	for _, word := range words {
		if !strings.Contains(said, word) {
			t.Errorf("the page does not say %q: %s", word, said)
		}
	}
}

// silent fails if a page says one of the words anywhere.
func silent(t *testing.T, p webtest.Page, words ...string) {
	t.Helper()
	for _, word := range words {
		if strings.Contains(p.Body, word) {
			t.Errorf("the page says %q: %s", word, p.Text("main"))
		}
	}
}

// From the guardian's own page two taps make a call for help; the office takes it, ends it, and takes that back.
func TestTwoTapsCallForHelp(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		o := w.GuardianOffice()
		who, _ := o.Guardian("Helena", "Kuratorska")
		desk, guardian := w.Browse(o.Coordinator), w.Browse(who)
		says(t, w.Status(desk.Get(office), http.StatusOK), "Nikt teraz nie prosi o pomoc", "Nie ma jeszcze żadnego spotkania")
		says(t, w.Status(desk.Get(register), http.StatusOK), "Wsparcie: nic nie czeka")

		p := w.Status(guardian.Get(entry), http.StatusOK)
		first := p.Find(`#support a[href="` + own + `/help/safety"]`)
		if first.Length() != 1 {
			t.Fatal(p.Text("main"))
		}
		help := first.AttrOr("href", "")
		p = w.Status(guardian.Get(help), http.StatusOK)
		says(t, p, "Sygnały handlu ludźmi i zaginięcie dziecka", "dwie godziny", "112")
		if p.Find("textarea, input[type=text]").Length() != 0 || p.Find(`input[name=reach][value=phone][checked]`).Length() != 1 || p.Find(`button[name=soon]`).Length() != 3 {
			t.Errorf("something can be typed, or more than a tap is needed: %s", p.Text("main"))
		}
		if p := w.Status(guardian.Post(help, url.Values{"reach": {"phone"}}), http.StatusUnprocessableEntity); p.Find("#f-soon .error").Length() != 1 {
			t.Error(p.Text("main"))
		}
		w.Status(guardian.Post(help, url.Values{"reach": {"mail"}, "soon": {"today"}}), http.StatusSeeOther)
		says(t, guardian.Get(own), "Prośba wysłana", "Biuro odezwie się do: 23 paź, 11:00", "Wycofaj prośbę")
		says(t, guardian.Get(help), "Prośba o pomoc w tym temacie już czeka")
		w.Status(guardian.Post(help, url.Values{"reach": {"mail"}, "soon": {"today"}}), http.StatusUnprocessableEntity)

		p = w.Status(desk.Get(office), http.StatusOK)
		says(t, p, "Helena Kuratorska", "Sygnały handlu ludźmi", "Dzisiaj, od 1 minuty", "do 23 paź, 11:00")
		if p.Find(`main .tag.waiting`).Length() != 1 || p.Find(`main a[href^="mailto:"]`).Length() != 1 {
			t.Error(p.Text("main"))
		}
		says(t, desk.Get(register), "Wsparcie: 1 prośba o pomoc czeka")
		signal := p.Find("main input[name=signal]").AttrOr("value", "")
		w.Clock.Advance(3 * time.Hour)
		if p := desk.Get(office); p.Find("main .tag.danger").Length() != 1 || !strings.Contains(p.Text("main"), "od 3 godzin") {
			t.Errorf("overdue: %s", p.Text("main"))
		}
		says(t, guardian.Get(own), "Nikt nie podjął prośby")
		act := func(act string, want int) {
			w.Status(desk.Post(office, url.Values{"act": {act}, "signal": {signal}}), want)
		}
		act("x", http.StatusBadRequest)
		act("done", http.StatusConflict)
		act("take", http.StatusSeeOther)
		act("take", http.StatusConflict)
		says(t, guardian.Get(own), "Podjęte: Gabriela Rejestrowa")
		act("give-back", http.StatusSeeOther)
		act("take", http.StatusSeeOther)
		act("done", http.StatusSeeOther)
		says(t, desk.Get(office), "Zakończone w ciągu 30 dni (1)", "Cofnij (do 12:10)")
		says(t, guardian.Get(own), "Załatwione 23 października 2026. Z biura: Gabriela Rejestrowa")
		act("reopen", http.StatusSeeOther)
		says(t, desk.Get(office), "podjęte: Gabriela Rejestrowa")
		w.Status(guardian.Post(own, url.Values{"act": {"withdraw"}, "signal": {signal}}), http.StatusSeeOther)
		says(t, desk.Get(office), "Nikt teraz nie prosi o pomoc", "wycofane")
	})
}

// The office plans a meeting, invites, moves and cancels; guardians say in one tap whether they come, and have it in their calendar.
func TestMeetings(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		o := w.GuardianOffice()
		who, entryID := o.Guardian("Helena", "Kuratorska")
		other, _ := o.Guardian("Hanna", "Druga")
		desk, guardian, second := w.Browse(o.Coordinator), w.Browse(who), w.Browse(other)
		if p := desk.Get(office + "/meetings/new"); p.Find("select[name=unit]").Length() != 0 {
			t.Error("an office is asked for where there is one")
		}
		bad := meeting("2026-10-20")
		bad.Set("place", "http://example.org")
		if p := w.Status(desk.Post(office+"/meetings/new", bad), http.StatusUnprocessableEntity); p.Find(`#f-day[value="2026-10-20"][aria-invalid]`).Length() != 1 ||
			p.Find(`#f-place[value="http://example.org"][aria-invalid]`).Length() != 1 || p.Find(`input[name=topic][value=age][checked]`).Length() != 1 || p.Find(`#f-leader[value="Ewa Superwizyjna"]`).Length() != 1 {
			t.Errorf("what was typed is lost: %s", p.Text("main"))
		}
		address := w.Status(desk.Post(office+"/meetings/new", meeting("2026-10-30")), http.StatusSeeOther).Header.Get("Location")
		says(t, desk.Get(address), "30 października 2026, 17:00–19:00", "0 z 1 miejsc", "Nikt jeszcze nie powiedział", "Zaproś 2 osoby")
		w.Status(desk.Post(address, url.Values{"act": {"invite"}}), http.StatusSeeOther)
		says(t, desk.Get(address), "Zaproszenie wysłane do 2 osób", "Zaproszenie dostały 2 osoby")
		silent(t, desk.Get(address), `value="invite"`)
		w.Status(desk.Post(address, url.Values{"act": {"x"}}), http.StatusBadRequest)
		says(t, desk.Get(office), "Spotkania w ciągu dwóch tygodni", "0 z 1 miejsc")

		says(t, guardian.Get(entry), "Najbliższe spotkanie: 30 października 2026, 17:00–19:00")
		p := w.Status(guardian.Get(own), http.StatusOK)
		meetingID := p.Find("main input[name=meeting]").AttrOr("value", "")
		say := func(act string) url.Values { return url.Values{"act": {act}, "meeting": {meetingID}} }
		w.Status(guardian.Post(own, say("yes")), http.StatusSeeOther)
		says(t, guardian.Get(own), "Zapisane: przychodzisz", "Cofnij odpowiedź", "1 z 1 miejsc", "Prowadzi: Ewa Superwizyjna")
		p = second.Get(own)
		says(t, p, "Wszystkie miejsca są zajęte")
		silent(t, p, `value="yes"`, "Kuratorska")
		if p := w.Status(second.Post(own, say("yes")), http.StatusUnprocessableEntity); !strings.Contains(p.Text(".errors, [role=alert], main"), "Wszystkie miejsca są zajęte") {
			t.Error(p.Text("main"))
		}
		w.Status(second.Post(own, say("no")), http.StatusSeeOther)
		w.Status(second.Post(own, say("x")), http.StatusBadRequest)
		says(t, desk.Get(address), "Helena Kuratorska", "Kto nie przyjdzie", "Hanna Druga", "Wszystkie miejsca są zajęte")
		w.Status(guardian.Post(own, say("unsaid")), http.StatusSeeOther)
		w.Status(guardian.Post(own, say("yes")), http.StatusSeeOther)

		p = w.Status(guardian.Get(own+"/meetings/"+meetingID+"/calendar"), http.StatusOK)
		if !strings.HasPrefix(p.Header.Get("Content-Type"), "text/calendar") || !strings.Contains(p.Body, "DTSTART:20261030T160000Z") || strings.Contains(p.Body, "METHOD") || strings.Contains(p.Body, "Kuratorska") || strings.Contains(p.Body, "Wiek") {
			t.Error(p.Body)
		}

		p = w.Status(desk.Get(address+"/edit"), http.StatusOK)
		says(t, p, "Przyjdzie 1 osoba")
		f := meeting("2026-10-31")
		f.Set("edition", p.Find("main form input[name=edition]").AttrOr("value", ""))
		f.Set("seats", "0")
		w.Status(desk.Post(address+"/edit", f), http.StatusUnprocessableEntity)
		f.Set("seats", "2")
		w.Status(desk.Post(address+"/edit", f), http.StatusSeeOther)
		says(t, desk.Get(address), "Wiadomość dostała 1 osoba", "31 października 2026")
		w.Status(desk.Post(address+"/edit", f), http.StatusUnprocessableEntity) // of an old page
		p = w.Status(desk.Get(address+"/cancel"), http.StatusOK)
		says(t, p, "Odwołać spotkanie", "1 osoba, która miała przyjść")

		// A second one is cancelled, with nobody who would come.
		f = meeting("2026-11-20")
		gone := w.Status(desk.Post(office+"/meetings/new", f), http.StatusSeeOther).Header.Get("Location")
		says(t, desk.Get(office), "Późniejsze spotkania")
		says(t, desk.Get(gone+"/cancel"), "nikt nie dostanie wiadomości")
		w.Status(desk.Post(gone+"/cancel", url.Values{}), http.StatusSeeOther)
		says(t, desk.Get(gone), "Spotkanie odwołane", "Odwołane 23 października 2026")
		w.Status(desk.Get(gone+"/cancel"), http.StatusConflict)
		w.Status(desk.Post(gone+"/cancel", url.Values{}), http.StatusConflict)
		silent(t, guardian.Get(own), "20\u00a0listopada")

		w.Clock.Advance(8*24*time.Hour + 10*time.Hour)
		desk, guardian = w.Browse(o.Coordinator), w.Browse(who)
		w.Status(desk.Get(address+"/edit"), http.StatusConflict)
		p = w.Status(desk.Get(address), http.StatusOK)
		says(t, p, "Zaznacz, kto był")
		if p.Find("main input[name=here]").Length() != 2 || p.Find("main input[name=here][checked]").Length() != 0 {
			t.Error(p.Text("main"))
		}
		says(t, guardian.Get(own), "Spotkanie właśnie trwa")
		w.Status(desk.Post(address, url.Values{"act": {"attend"}, "here": {entryID}}), http.StatusSeeOther)
		if p := desk.Get(address); p.Find(`main input[name=here][value="`+entryID+`"][checked]`).Length() != 1 {
			t.Error(p.Text("main"))
		}
		w.Status(desk.Post(address, url.Values{"act": {"invite"}}), http.StatusUnprocessableEntity)
		w.Clock.Advance(24 * time.Hour)
		says(t, w.Browse(who).Get(own), "Spotkania, na których byłaś lub byłeś")
		says(t, w.Browse(o.Coordinator).Get(office), "Minione spotkania (1)")
	})
}

// Guardians refresh topics by the course's lessons, and the office reads the days.
func TestRefreshers(t *testing.T) {
	w := testrig.New(t)
	o := w.GuardianOffice()
	who, entryID := o.Guardian("Helena", "Kuratorska")
	says(t, w.Browse(who).Get(own), "Kursu dla kuratorów i kuratorek nie ma jeszcze w programie")
	if _, _, err := w.Courses.Publish(t.Context(), access.System, courses.Guardian); err != nil {
		t.Fatal(err)
	}
	w.OK(w.Courses.SetCatalogue(t.Context(), access.System, "guardian", false))
	guardian := w.Browse(who)
	p := w.Status(guardian.Get(own), http.StatusOK)
	for _, topic := range w.Support.Topics { // every lesson that the list names is one of the shipped course
		c := testrig.Must(w.Courses.Current(t.Context(), "guardian"))(t)
		for _, lesson := range topic.Lessons {
			for _, tag := range []string{"pl", "en"} {
				if c.Lesson(lesson, tag) == nil {
					t.Errorf("%s: no lesson %s in %s", topic.ID, lesson, tag)
				}
			}
		}
	}
	says(t, p, "Gdy dziecko znika 12 minut", "Plan bezpieczeństwa 11 minut")
	if p.Find(`main a[href="/app/courses/guardian"]`).Length() != 0 {
		t.Error("who may not enrol is led to the course")
	}
	silent(t, p, "bez powtórki")
	w.Status(guardian.Post(own, url.Values{"act": {"refreshed"}, "topic": {"safety"}}), http.StatusSeeOther)
	says(t, guardian.Get(own), "powtórka: 23 października 2026", "Cofnij dzisiejszą powtórkę")
	says(t, w.Browse(o.Coordinator).Get(register+"/entries/"+entryID), "Krótkie powtórki", "23 października 2026", "nie zaznaczono")
	w.Status(guardian.Post(own, url.Values{"act": {"unrefreshed"}, "topic": {"safety"}}), http.StatusSeeOther)
	w.Status(guardian.Post(own, url.Values{"act": {"unrefreshed"}, "topic": {"safety"}}), http.StatusGone)
	w.Status(guardian.Post(own, url.Values{"act": {"refreshed"}, "topic": {"x"}}), http.StatusNotFound)
	w.Clock.Advance(731 * 24 * time.Hour)
	says(t, w.Browse(who).Get(entry), "Od dwóch lat bez powtórki", "To propozycja, a nie warunek")
}

// Who may take courses is led to the course, and to the lesson once they are enrolled.
func TestWhereLessonsLead(t *testing.T) {
	w := testrig.New(t)
	o := w.GuardianOffice()
	ctx := t.Context()
	if _, _, err := w.Courses.Publish(ctx, access.System, courses.Guardian); err != nil {
		t.Fatal(err)
	}
	learner, _ := o.Guardian("Luiza", "Ucząca")
	if p := w.Browse(learner).Get(own); p.Find(`main a[href="/app/courses/guardian"]`).Length() == 0 {
		t.Error(p.Text("main"))
	}
	e := testrig.Must(w.Learning.Enrol(ctx, learner, "guardian", "pl"))(t)
	if p := w.Browse(learner).Get(own); p.Find(`main a[href="/app/learn/`+e.ID+`/lesson/going-missing"]`).Length() != 1 {
		t.Error(p.Text("main"))
	}
}

// The office keeps experts; guardians see them by topic, and an old entry says so.
func TestExperts(t *testing.T) {
	w := testrig.New(t)
	o := w.GuardianOffice()
	who, _ := o.Guardian("Helena", "Kuratorska")
	desk, guardian := w.Browse(o.Coordinator), w.Browse(who)
	says(t, w.Status(desk.Get(office+"/experts"), http.StatusOK), "Nie ma jeszcze żadnej osoby dyżurnej")
	says(t, guardian.Get(own), "Biuro nie wpisało jeszcze nikogo")
	bad := expert("2026-10-23")
	bad.Set("phone", "")
	if p := w.Status(desk.Post(office+"/experts/new", bad), http.StatusUnprocessableEntity); p.Find(`#f-phone[aria-invalid]`).Length() != 1 || p.Find(`input[name=topics][value=court][checked]`).Length() != 1 {
		t.Error(p.Text("main"))
	}
	w.Status(desk.Post(office+"/experts/new", expert("2026-10-23")), http.StatusSeeOther)
	p := w.Status(desk.Get(office+"/experts"), http.StatusOK)
	says(t, p, "Dyżur prawny", "+48 22 123 45 67", "sprawdzone 23 października 2026")
	address := p.Find(`main a[href^="`+office+`/experts/"]`).Last().AttrOr("href", "")
	says(t, guardian.Get(own+"/help/age"), "Dyżur prawny", "pn, 10–14")
	if p := guardian.Get(own + "/help/age"); p.Find(`main a[href="tel:+48221234567"]`).Length() != 1 {
		t.Error(p.Text("main"))
	}
	silent(t, guardian.Get(own+"/help/safety"), "Dyżur prawny")
	w.Clock.Advance(183 * 24 * time.Hour)
	desk, guardian = w.Browse(o.Coordinator), w.Browse(who)
	says(t, desk.Get(office), "Osoby dyżurne do sprawdzenia", "ostatnio sprawdzone 23 października 2026")
	says(t, desk.Get(register), "1 osoba dyżurna do sprawdzenia")
	says(t, guardian.Get(own), "może być nieaktualne")
	p = w.Status(desk.Get(address), http.StatusOK)
	edition := p.Find("main input[name=edition]").First().AttrOr("value", "")
	w.Status(desk.Post(address, url.Values{"act": {"x"}}), http.StatusBadRequest)
	w.Status(desk.Post(address, url.Values{"act": {"checked"}, "edition": {edition}}), http.StatusSeeOther)
	w.Status(desk.Post(address, url.Values{"act": {"checked"}, "edition": {edition}}), http.StatusUnprocessableEntity)
	silent(t, desk.Get(office), "Osoby dyżurne do sprawdzenia")
	f := expert("2026-10-23")
	f.Set("edition", "2")
	f.Set("name", "Dyżur psychologiczny")
	w.Status(desk.Post(address, f), http.StatusSeeOther)
	says(t, desk.Get(address+"/remove"), "Usunąć: Dyżur psychologiczny?")
	w.Status(desk.Post(address+"/remove", url.Values{}), http.StatusSeeOther)
	w.Status(desk.Get(address), http.StatusNotFound)
}

// Whoever is not the office, and whoever is not in its register, finds none of the pages.
func TestWhoFindsThePages(t *testing.T) {
	w := testrig.New(t)
	o := w.GuardianOffice()
	who, _ := o.Guardian("Helena", "Kuratorska")
	left, leftID := o.Guardian("Hanna", "Druga")
	desk := w.Browse(o.Coordinator)
	address := w.Status(desk.Post(office+"/meetings/new", meeting("2026-10-30")), http.StatusSeeOther).Header.Get("Location")
	w.Status(desk.Post(office+"/experts/new", expert("2026-10-23")), http.StatusSeeOther)
	adviser := testrig.Must(w.Support.Experts(t.Context(), o.Coordinator))(t)[0]
	w.OK(w.Support.Call(t.Context(), who, "age", support.Today, support.ByPhone))
	w.OK(w.Guardians.Remove(t.Context(), o.Coordinator, leftID, guardian.ByPerson))
	meetingID := strings.TrimPrefix(address, office+"/meetings/")

	all := w.Everybody()
	maps.Copy(all, map[string]access.Actor{"assessor": o.First, "requester": o.Requester, "court": o.CourtClerk, "complaints": o.Complaints, "who left": left})
	sees := []string{office, office + "/meetings/new", address, address + "/edit", address + "/cancel", office + "/experts", office + "/experts/new", office + "/experts/" + adviser.ID, office + "/experts/" + adviser.ID + "/remove"}
	ownPages := []string{own, own + "/help/age", own + "/meetings/" + meetingID + "/calendar"}
	sends := []string{office, office + "/meetings/new", address, address + "/edit", address + "/cancel", office + "/experts/new", office + "/experts/" + adviser.ID, office + "/experts/" + adviser.ID + "/remove"}
	for name, actor := range all {
		b := w.Browse(actor)
		want, send, hidden := http.StatusForbidden, http.StatusForbidden, http.StatusNotFound
		if actor.PersonID == "" {
			want, send, hidden = http.StatusSeeOther, http.StatusUnauthorized, http.StatusSeeOther
		}
		for _, path := range sees {
			if p := b.Get(path); p.Status != want {
				t.Errorf("%s, %s: %d", name, path, p.Status)
			}
		}
		for _, path := range ownPages {
			if p := b.Get(path); p.Status != hidden {
				t.Errorf("%s, %s: %d", name, path, p.Status)
			}
		}
		for _, path := range sends {
			if p := b.Post(path, url.Values{"act": {"take"}}); p.Status != send {
				t.Errorf("%s sends %s: %d", name, path, p.Status)
			}
		}
		for _, form := range []url.Values{{"act": {"yes"}, "meeting": {meetingID}}, {"act": {"refreshed"}, "topic": {"age"}}} {
			if p := b.Post(own, form); p.Status != http.StatusNotFound && p.Status != http.StatusUnauthorized {
				t.Errorf("%s sends %v: %d", name, form, p.Status)
			}
		}
	}
	elsewhere := w.Browse(o.Elsewhere)
	for _, path := range sees[2:5] {
		w.Status(elsewhere.Get(path), http.StatusNotFound)
	}
	for _, path := range []string{sees[7], sees[8]} {
		w.Status(elsewhere.Get(path), http.StatusNotFound)
	}
	silent(t, w.Status(elsewhere.Get(office), http.StatusOK), "Kuratorska", "Superwizyjna", "Dyżur prawny", "17:00")
	silent(t, elsewhere.Get(office+"/experts"), "Dyżur prawny")
	w.Status(w.Browse(who).Get(own+"/help/x"), http.StatusNotFound)
	w.Unreadable(office, own)
}

// In English nothing is left in Polish, and no key is without a text.
func TestInEnglish(t *testing.T) {
	w := testrig.New(t)
	o := w.GuardianOffice()
	who, _ := o.Guardian("Helena", "Kuratorska")
	desk, guardian := w.Browse(o.Coordinator), w.Browse(who)
	w.Status(desk.Post(office+"/meetings/new", meeting("2026-10-30")), http.StatusSeeOther)
	w.OK(w.Support.Call(t.Context(), who, "age", support.ThisWeek, support.ByPhone))
	english := url.Values{"lang": {"en"}, "return": {own}}
	desk.Post("/app/language", english)
	guardian.Post("/app/language", english)
	says(t, desk.Get(office), "Support of guardians", "Calls for help", "This week, for 1 minute", "0 of 1 seats")
	says(t, guardian.Get(own), "I need help with this", "Age and doubt about age", "I will come")
	for _, p := range []webtest.Page{desk.Get(office), guardian.Get(own), guardian.Get(own + "/help/court"), desk.Get(office + "/experts/new")} {
		silent(t, p, "⟦", "Prośb", "Spotkani")
	}
}

// Each failure of the database is told, and no page leaves out what it did not give.
func TestFailingStatements(t *testing.T) {
	w := testrig.New(t)
	o := w.GuardianOffice()
	who, entryID := o.Guardian("Helena", "Kuratorska")
	desk, guardian := w.Browse(o.Coordinator), w.Browse(who)
	desk.FragileForm(t, office+"/meetings/new", meeting("2026-10-30"))
	desk.FragileForm(t, office+"/experts/new", expert("2026-10-23"))
	d := testrig.Must(w.Support.Desk(t.Context(), o.Coordinator))(t)
	adviser := testrig.Must(w.Support.Experts(t.Context(), o.Coordinator))(t)[0]
	address := office + "/meetings/" + d.Soon[0].ID
	guardian.FragileForm(t, own+"/help/age", url.Values{"soon": {"today"}, "reach": {"phone"}})
	guardian.FragileFault(t, own+"/help/court", url.Values{})
	guardian.Fragile(t, []string{entry, own, own + "/help/age", own + "/meetings/" + d.Soon[0].ID + "/calendar"})
	guardian.FragileForm(t, own, url.Values{"act": {"yes"}, "meeting": {d.Soon[0].ID}})
	desk.FragileForm(t, address, url.Values{"act": {"invite"}})
	desk.Fragile(t, []string{office, office + "/meetings/new", address, address + "/edit", address + "/cancel", office + "/experts", office + "/experts/new", office + "/experts/" + adviser.ID,
		office + "/experts/" + adviser.ID + "/remove", register, register + "/entries/" + entryID})
	desk.FragileFault(t, office+"/meetings/new", url.Values{})
	desk.FragileFault(t, address+"/edit", url.Values{})
	signal := testrig.Must(w.Support.Desk(t.Context(), o.Coordinator))(t).Signals[0].ID
	desk.FragileForm(t, office, url.Values{"act": {"take"}, "signal": {signal}})
	desk.FragileForm(t, address+"/cancel", url.Values{})
}
