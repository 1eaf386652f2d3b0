package guardianweb_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"ostoja/internal/access"
	"ostoja/internal/testrig"
)

const (
	register = "/app/guardians"
	phone    = "600 100 200"
)

// listed is an office with one person in the register who can be asked.
func listed(t *testing.T, w *testrig.World) (o *testrig.GuardianOffice, who access.Actor, entryID string) {
	t.Helper()
	o = w.GuardianOffice()
	who, entryID = o.Guardian("Helena", "Kuratorska")
	w.OK(w.Guardians.Enlist(t.Context(), o.Coordinator, entryID))
	return o, who, entryID
}

// The office finds somebody, looks at their phone with a press of its own, pauses, renews and removes them; the list has neither phone nor file, and the
// person reads who looked.
func TestTheOfficesPages(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		o, who, entryID := listed(t, w)
		office, entry := w.Browse(o.Coordinator), register+"/entries/"+entryID
		p := w.Status(office.Get(register+"?q=kuratorska"), http.StatusOK)
		if p.Find(`a[href="`+entry+`"]`).Length() != 1 || strings.Contains(p.Body, phone) || p.Find(".exports").Length() != 0 {
			t.Errorf("the list: %s", p.Text("main"))
		}
		if p := office.Get(register + "?as=csv"); strings.Contains(p.Header.Get("Content-Type"), "csv") {
			t.Error("the list is sent as a file")
		}
		if p := w.Status(office.Get(entry), http.StatusOK); strings.Contains(p.Body, phone) {
			t.Error("the entry shows the phone unasked")
		}
		if p := w.Status(office.Post(entry, url.Values{"act": {"phone"}}), http.StatusOK); !strings.Contains(p.Text("main"), phone) {
			t.Errorf("%s", p.Text("main"))
		}
		own := w.Browse(who)
		if p := w.Status(own.Get("/app/guardian"), http.StatusOK); !strings.Contains(p.Text("main"), "Gabriela Rejestrowa") {
			t.Errorf("who looked is not told: %s", p.Text("main"))
		}
		for _, path := range []string{entry + "/edit", entry + "/renew", entry + "/remove", entry + "/statement", register + "/courts", register + "/courts/" + o.NearCourt, register + "/figures", register + "/roster"} {
			w.Status(office.Get(path), http.StatusOK)
		}
		bad := office.Post(entry+"/edit", url.Values{"most": {"0"}, "phone": {"?"}, "strengths": {"Dzwonić 600 700 800"}, "edition": {"1"}})
		if bad.Status != http.StatusUnprocessableEntity || bad.Find(".error").Length() == 0 {
			t.Errorf("a form with faults: %d", bad.Status)
		}
		form := url.Values{"most": {"2"}, "langs": {"uk"}, "courts": {o.NearCourt}, "answers": {"woman", "evenings"}, "edition": {"?"}}
		if p := office.Post(entry+"/edit", form); p.Status == http.StatusSeeOther || p.Find(`input[name="answers"][checked]`).Length() != 2 {
			t.Errorf("%d, and the ticks are lost: %s", p.Status, p.Text("main"))
		}
		form.Set("edition", office.Get(entry+"/edit").Find(`input[name="edition"]`).AttrOr("value", ""))
		w.Status(office.Post(entry+"/edit", form), http.StatusSeeOther)
		if p := office.Get(entry + "/edit"); p.Find(`input[name="answers"][checked]`).Length() != 2 {
			t.Errorf("%s", p.Text("main"))
		}
		if p := own.Get("/app/guardian"); !strings.Contains(p.Text("main"), "kobieta, dostępność wieczorem") {
			t.Errorf("the person does not read what is noted of them: %s", p.Text("main"))
		}
		if p := office.Post(entry, url.Values{"act": {"pause"}}); p.Status != http.StatusUnprocessableEntity {
			t.Errorf("a pause without a reason: %d", p.Status)
		}
		w.Status(office.Post(entry, url.Values{"act": {"dance"}}), http.StatusBadRequest)
		if p := office.Post(register+"/courts", url.Values{"name": {" "}}); p.Status != http.StatusUnprocessableEntity {
			t.Errorf("a court without a name: %d", p.Status)
		}
	})
}

// A person says from when they can be asked, when they are away, and leaves: at once, after a page that asks.
func TestAPersonsOwnPages(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		o, who, entryID := listed(t, w)
		own, office := w.Browse(who), w.Browse(o.Coordinator)
		w.Status(own.Post("/app/guardian", url.Values{"act": {"cannot"}}), http.StatusSeeOther)
		if e := testrig.Must(w.Guardians.Entry(t.Context(), o.Coordinator, entryID))(t); e.State != "paused" {
			t.Errorf("%s", e.State)
		}
		w.Status(own.Post("/app/guardian", url.Values{"act": {"can"}}), http.StatusSeeOther)
		for _, path := range []string{"/app/guardian/asked", "/app/guardian/appointments", "/app/guardian/papers"} {
			if p := own.Get("/app/guardian"); p.Find(`a[href="`+path+`"]`).Length() != 1 {
				t.Errorf("nothing leads to %s", path)
			}
			w.Status(own.Get(path), http.StatusOK)
		}
		w.Status(own.Get("/app/guardian/withdraw"), http.StatusOK)
		w.Status(own.Post("/app/guardian/withdraw", url.Values{}), http.StatusSeeOther)
		if p := office.Post(register+"/entries/"+entryID, url.Values{"act": {"phone"}}); strings.Contains(p.Text("main"), phone) {
			t.Error("the phone of somebody who left")
		}
		w.Status(w.Browse(w.Learner).Get("/app/guardian"), http.StatusNotFound)
	})
}

// Somebody in the register finds their own page from their account; to everybody else nothing says that there is one.
func TestTheAccountLeadsToOnesOwnEntry(t *testing.T) {
	w := testrig.New(t)
	o, who, _ := listed(t, w)
	if p := w.Status(w.Browse(who).Get("/app/account"), http.StatusOK); p.Find(`main a[href="/app/guardian"]`).Length() != 1 {
		t.Errorf("%s", p.Text("main"))
	}
	for _, actor := range []access.Actor{o.Coordinator, o.First, w.Learner, w.Admin} {
		if p := w.Status(w.Browse(actor).Get("/app/account"), http.StatusOK); p.Find(`a[href="/app/guardian"]`).Length() != 0 {
			t.Errorf("somebody who is not in the register is led there: %s", p.Text("main"))
		}
	}
	w.Browse(who).Fragile(t, []string{"/app/account"})
}
