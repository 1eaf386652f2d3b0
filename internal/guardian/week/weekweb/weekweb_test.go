package weekweb_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/guardian"
	"ostoja/internal/guardian/candidacy"
	"ostoja/internal/guardian/support"
	"ostoja/internal/identity"
	"ostoja/internal/testrig"
	"ostoja/internal/text"
)

const path = "/app/guardians/week"

// The coordinator sees seven rows by deadline and the others behind a press; each leads to where it is done.
func TestTheWeek(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		o := w.GuardianOffice()
		office := w.Browse(o.Coordinator)
		for _, name := range []string{"Sąd Rejonowy w Trzecim Mieście", "Sąd Rejonowy w Czwartym Mieście"} {
			testrig.Must(w.Guardians.AddCourt(t.Context(), o.Coordinator, guardian.Court{Name: name}))(t)
		}
		p := w.Status(office.Get(path), http.StatusOK)
		if open, all := p.Find("main > ol.tasks > li").Length(), p.Find("ol.tasks > li").Length(); open != 7 || all != 8 {
			t.Errorf("%d of %d rows stand open", open, all)
		}
		if n := p.Find(`.tasks a[href="/app/guardians/roster?court=` + o.NearCourt + `"]`).Length(); n != 2 {
			t.Errorf("%d rows lead to the court's duty", n)
		}
		if p.Find(".tag.late").Length() != 4 || p.Find(".button.action").Length() != 0 {
			t.Errorf("%d late", p.Find(".tag.late").Length())
		}
		for _, court := range testrig.Must(w.Guardians.Courts(t.Context()))(t) {
			w.OK(w.Guardians.CloseCourt(t.Context(), o.Coordinator, court.ID, court.Edition, true))
		}
		if p := w.Status(office.Get(path), http.StatusOK); !strings.Contains(p.Text("main"), "Nic nie czeka") || p.Find(".tasks").Length() != 0 {
			t.Errorf("%s", p.Text("main"))
		}
	})
}

// What waits of candidates and of support stands there in words, and each row leads to where it is done.
func TestRowsOfCandidatesAndOfSupport(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx, o := t.Context(), w.GuardianOffice()
		who, entryID := o.Guardian("Irena", "Kuratorska")
		w.OK(w.Guardians.Enlist(ctx, o.Coordinator, entryID))
		day := func(days int) string {
			return w.Clock.Now().In(w.Measurement.Zone()).AddDate(0, 0, days).Format(time.DateOnly)
		}
		w.OK(w.Support.Call(ctx, who, w.Support.Topics[0].ID, support.Today, support.ByPhone))
		testrig.Must(w.Support.AddExpert(ctx, o.Coordinator, support.ExpertDraft{
			Name: "Dyżur prawny", Topics: []string{w.Support.Topics[0].ID}, Phone: "+48 22 123 45 67", Hours: text.Translated{"pl": "pn, 10–14", "en": "Mon, 10–14"}, CheckedOn: day(-200),
		}))(t)
		candidateID := o.Candidate("Halina", "Nowa")
		w.OK(w.Candidacy.SetStep(ctx, o.Coordinator, candidateID, candidacy.StepDraft{Step: candidacy.StepClassDay, DueOn: day(3)}))
		w.OK(w.Candidacy.NoteCheck(ctx, o.Coordinator, candidateID, candidacy.CheckDraft{Kind: candidacy.CriminalRecord, Clear: true, SeenOn: day(0), ValidUntil: day(20)}))
		p := w.Status(w.Browse(o.Coordinator).Get(path), http.StatusOK)
		said := p.Text("main")
		for _, words := range []string{
			"Odpowiedz na prośbę o pomoc: Irena Kuratorska", "Sprawdź osobę dyżurną: Dyżur prawny", "Dokończ krok: Halina Nowa", "Krok: Dzień zajęć, termin", "Odnów sprawdzenie: Halina Nowa", "Krajowy Rejestr Karny: ważne do",
		} {
			if !strings.Contains(said, words) {
				t.Errorf("nothing says %q: %s", words, said)
			}
		}
		for href, n := range map[string]int{"/app/guardians/support#signals": 1, "/app/guardians/support/experts": 1, "/app/guardians/candidates/" + candidateID: 2} {
			if got := p.Find(`.tasks a[href="` + href + `"]`).Length(); got != n {
				t.Errorf("%d rows lead to %s, not %d", got, href, n)
			}
		}
	})
}

// An absence is entered with what was typed kept, shown to both, and ended; the letter is switched off and on.
func TestCoverAndLetter(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		o := w.GuardianOffice()
		second := w.Person("Danuta", "Zastępcza", w.Office, identity.RoleDraft{Role: access.GuardianCoordinator, UnitID: w.Office})
		office := w.Browse(o.Coordinator)
		form := url.Values{"person": {o.Coordinator.PersonID}, "cover": {second.PersonID}, "from": {"2026-10-23"}, "until": {"kiedyś"}}
		if p := w.Status(office.Post(path+"/cover", form), http.StatusUnprocessableEntity); p.Find(`input[value="kiedyś"]`).Length() != 1 || p.Find(`option[value="`+second.PersonID+`"][selected]`).Length() != 1 {
			t.Errorf("what was typed is lost: %s", p.Text("main"))
		}
		form.Set("until", "2026-10-30")
		w.Status(office.Post(path+"/cover", form), http.StatusSeeOther)
		for _, actor := range []access.Actor{o.Coordinator, second} {
			if p := w.Status(w.Browse(actor).Get(path), http.StatusOK); !strings.Contains(p.Text("main"), "zastępuje Danuta Zastępcza") {
				t.Errorf("%s", p.Text("main"))
			}
		}
		end, _ := office.Get(path).Find(`form[action^="` + path + `/cover/"]`).Attr("action")
		w.Status(w.Browse(second).Post(end, url.Values{}), http.StatusSeeOther)
		if p := office.Get(path); strings.Contains(p.Text("main"), "zastępuje Danuta") {
			t.Errorf("%s", p.Text("main"))
		}
		w.Status(office.Post(path+"/letter", url.Values{"act": {"off"}}), http.StatusSeeOther)
		if p := office.Get(path); p.Find(`button[value="on"]`).Length() != 1 {
			t.Errorf("%s", p.Text("main"))
		}
		w.Status(office.Post(path+"/letter", url.Values{"act": {"on"}}), http.StatusSeeOther)
		w.Status(office.Post(path+"/letter", url.Values{"act": {"perhaps"}}), http.StatusBadRequest)
		everybody := w.Everybody()
		for name, actor := range map[string]access.Actor{"assessor": o.First, "requester": o.Requester, "court": o.CourtClerk, "complaints": o.Complaints} {
			everybody[name] = actor
		}
		for name, actor := range everybody {
			b := w.Browse(actor)
			for _, page := range []string{path, path + "/cover"} {
				if p := b.Get(page); p.Status == http.StatusOK {
					t.Errorf("%s opens %s", name, page)
				}
			}
			for _, page := range []string{path + "/cover", path + "/letter", end} {
				if p := b.Post(page, url.Values{"act": {"off"}}); p.Status == http.StatusSeeOther && p.Header.Get("Location") == path {
					t.Errorf("%s posts to %s", name, page)
				}
			}
		}
	})
}
