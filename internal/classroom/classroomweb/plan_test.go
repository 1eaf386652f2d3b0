package classroomweb_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"ostoja/internal/access"
	"ostoja/internal/classroom"
	"ostoja/internal/itembank"
	"ostoja/internal/testrig"
	"ostoja/internal/web/webtest"
)

// planned plans a training of the guard through the pages, and returns its address.
func planned(t *testing.T, w *testrig.World) (path string) {
	t.Helper()
	b := w.Browse(w.GuardCoordinator)
	form := url.Values{"title": {"Pomoc i ochrona"}, "unit": {w.Guard}, "audience": {"Funkcjonariuszki i funkcjonariusze"}, "day": {"2026-11-30"}, "from": {"09:00"}, "until": {"8:00"}, "place": {"Terespol"}, "capacity": {"20"}}
	p := w.Status(b.Post("/app/trainings/new", form), http.StatusUnprocessableEntity)
	if p.Find("input[name=title]").AttrOr("value", "") != "Pomoc i ochrona" || p.Find(".errors a[href='#f-until']").Length() != 1 {
		t.Errorf("a refused form: %s", p.Text("main"))
	}
	form.Set("until", "13:00")
	p = w.Status(b.Post("/app/trainings/new", form), http.StatusSeeOther)
	path, ok := strings.CutSuffix(p.Header.Get("Location"), "/edit/content?step=2")
	if !ok {
		t.Fatalf("leads to %q", p.Header.Get("Location"))
	}
	return path
}

// of is the edition that a form was made from.
func of(p webtest.Page) string { return p.Find("input[name=edition]").AttrOr("value", "") }

// A training is planned step by step; each step is saved, each fault stands at its field, and what was typed stays when somebody else
// was quicker.
func TestATrainingIsPlannedInSteps(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		path, b := planned(t, w), w.Browse(w.GuardCoordinator)
		next := path + "/edit/content?step=2"
		for _, step := range []struct {
			section string
			bad     url.Values
			at      string
			good    url.Values
		}{
			{"content", url.Values{"title": {""}, "hour": {"45"}}, "title", url.Values{"title": {"Pomoc i ochrona"}, "theory": {"4,5"}, "exercise": {"3"}, "hour": {"45"}, "langs": {"pl", "uk"}, "objectives": {"Rozpoznać"}}},
			{"trainers", url.Values{"mail-00": {"zofia.zrodlo@example.org"}, "part-00": {"lead"}}, "trainer-00", url.Values{"person-00": {w.GuardTrainer.PersonID}, "part-00": {"lead"}}},
			{"sign-up", url.Values{"sign-up": {"approved"}, "wanted-kind-00": {"powiat"}, "wanted-name-00": {"bialski"}, "wanted-number-00": {"x"}}, "wanted-00", url.Values{
				"sign-up": {"approved"}, "delegation": {"1"}, "wanted-kind-00": {"powiat"}, "wanted-name-00": {"bialski"}, "wanted-number-00": {"8"}, "quota-name-00": {"region:06"}, "quota-number-00": {"10"},
			}},
			{"fund", url.Values{"notice": {"Tekst"}}, "notice-version", url.Values{"project": {"Projekt A"}, "share": {"85"}, "statement": {"Dofinansowano"}, "notice": {"Tekst"}, "notice-version": {"2"}}},
		} {
			if !strings.Contains(next, "/edit/"+step.section) {
				t.Fatalf("%s leads to %s", step.section, next)
			}
			e := of(w.Status(b.Get(next), http.StatusOK))
			step.bad.Set("edition", e)
			if p := w.Status(b.Post(next, step.bad), http.StatusUnprocessableEntity); p.Find(".errors a[href='#f-"+step.at+"']").Length() != 1 || p.Find("#f-"+step.at).Length() != 1 {
				t.Errorf("%s: %s", step.section, p.Text(".errors"))
			}
			old := url.Values{"edition": {"0"}}
			for name, values := range step.good {
				old[name] = values
			}
			if e != "0" {
				if p := w.Status(b.Post(next, old), http.StatusUnprocessableEntity); p.Find(".errors").Length() != 1 || of(p) != e {
					t.Errorf("%s, somebody was quicker: %s", step.section, p.Text("main"))
				}
			}
			step.good.Set("edition", e)
			next = w.Status(b.Post(next, step.good), http.StatusSeeOther).Header.Get("Location")
		}
		if next != path {
			t.Errorf("the last step leads to %s", next)
		}
		p := w.Status(b.Get(path+"/data"), http.StatusOK)
		for _, want := range []string{"teoria 4,5, ćwiczenia 3 ", "ukraiński", "Tomasz Trener", "bialski", "lubelskie", "Projekt A", "85 %", "Dofinansowano", "Rozpoznać"} {
			if !strings.Contains(p.Text("main"), want) {
				t.Errorf("the data lack %q: %s", want, p.Text("main"))
			}
		}
		p = w.Status(b.Get(path), http.StatusOK)
		if got := p.Text(".tabs [aria-current=page]"); got != "Sesje" || !strings.Contains(p.Text(".training-status"), "Tomasz Trener") || !strings.Contains(p.Text(".progress"), "0 z 20 miejsc") {
			t.Errorf("the training's page: %s", p.Text("main"))
		}
	})
}

// Sessions are added and cancelled, days are moved and that is undone, each from its page.
func TestDaysAreChangedOnPages(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		path, b := planned(t, w), w.Browse(w.GuardCoordinator)
		form := url.Values{"edition": {of(b.Get(path + "/session"))}, "day": {"2026-11-30"}, "from": {"12:00"}, "until": {"16:00"}, "place": {"Terespol"}, "access": {"winda"}}
		p := w.Status(b.Post(path+"/session", form), http.StatusUnprocessableEntity)
		if !strings.Contains(p.Text(".errors"), "09:00–13:00") || p.Text("textarea[name=access]") != "winda" {
			t.Errorf("at the time of another: %s", p.Text("main"))
		}
		form.Set("from", "14:00")
		w.Status(b.Post(path+"/session", form), http.StatusSeeOther)
		p = b.Get(path)
		if p.Find(".session").Length() != 2 || !strings.Contains(p.Text("[role=status]"), "Zapisano sesję") {
			t.Errorf("two sessions: %s", p.Text("main"))
		}
		if n := p.Find(".session-acts a[href^='/app/hall/']").Length(); n != 2 || !strings.Contains(p.Text(".next-step"), "wskaż osoby prowadzące") {
			t.Errorf("%d sessions lead to their lists; what is next: %s", n, p.Text(".next-step"))
		}
		if n := p.Find(".session-acts a[href^='/app/laboratory/runs?session=']").Length(); n != 2 {
			t.Errorf("%d sessions lead to the case laboratory", n)
		}
		edit := p.Find(".session").Eq(1).Find("a[href*='/session/']").First().AttrOr("href", "")
		if p := w.Status(b.Get(edit), http.StatusOK); p.Find("input[name=from]").AttrOr("value", "") != "14:00" || p.Find("input[name=day]").AttrOr("value", "") != "2026-11-30" {
			t.Errorf("the form: %s", p.Text("main"))
		}
		p = w.Status(b.Post(edit+"/cancel", url.Values{"edition": {of(b.Get(edit + "/cancel"))}}), http.StatusUnprocessableEntity)
		if p.Find(".errors a[href='#f-reason']").Length() != 1 {
			t.Errorf("without a reason: %s", p.Text("main"))
		}
		w.Status(b.Post(edit+"/cancel", url.Values{"edition": {of(p)}, "reason": {"Brak sali"}}), http.StatusSeeOther)
		p = b.Get(path)
		if p.Find(".session.off").Length() != 1 || !strings.Contains(p.Text(".session.off"), "Brak sali") || p.Find(".undo").Length() != 1 {
			t.Errorf("cancelled: %s", p.Text("main"))
		}
		w.Status(b.Post(path+"/undo", url.Values{"act": {p.Find(".undo input[name=act]").AttrOr("value", "")}}), http.StatusSeeOther)
		if p := b.Get(path); p.Find(".session.off").Length() != 0 {
			t.Errorf("undone: %s", p.Text("main"))
		}
		act := path + "/act/put-off"
		if more := p.Find(".heading a[href='" + act + "'], header a[href='" + act + "']"); more.Length() == 0 && !strings.Contains(p.Body, act) {
			t.Error("the head leads nowhere to put it off")
		}
		form = url.Values{"edition": {of(b.Get(act))}, "to": {"2026-10-01"}, "reason": {"Choroba"}}
		p = w.Status(b.Post(act, form), http.StatusUnprocessableEntity)
		if p.Find(".errors a[href='#f-to']").Length() != 1 || p.Text("textarea[name=reason]") != "Choroba" || p.Find("[autofocus]").Length() != 0 {
			t.Errorf("put off to the past: %s", p.Text("main"))
		}
		form.Set("to", "2026-12-01")
		form.Set("edition", of(p))
		w.Status(b.Post(act, form), http.StatusSeeOther)
		if p = b.Get(path); !strings.Contains(p.Text(".session"), "1 grudnia") || !strings.Contains(p.Text(".training-status"), "zaplanowane") {
			t.Errorf("put off to a day that is known: %s", p.Text("main"))
		}
		form.Set("to", "")
		form.Set("edition", of(b.Get(act)))
		w.Status(b.Post(act, form), http.StatusSeeOther)
		if p = b.Get(path); !strings.Contains(p.Text(".training-status"), "bez nowego terminu") {
			t.Errorf("put off: %s", p.Text("main"))
		}
		w.Status(b.Post(path+"/undo", url.Values{"act": {p.Find(".undo input[name=act]").AttrOr("value", "")}}), http.StatusSeeOther)
		act = path + "/act/move"
		p = w.Status(b.Post(act, url.Values{"edition": {of(b.Get(act))}, "to": {"2026-10-01"}}), http.StatusUnprocessableEntity)
		if p.Find(".errors a[href='#f-to']").Length() != 1 {
			t.Errorf("to the past: %s", p.Text("main"))
		}
		w.Status(b.Post(act, url.Values{"edition": {of(p)}, "to": {"2026-12-02"}, "reason": {"Sala"}}), http.StatusSeeOther)
		if p := b.Get(path); !strings.Contains(p.Text(".sessions"), "2 grudnia 2026") {
			t.Errorf("moved: %s", p.Text("main"))
		}
		for _, kind := range []string{"put-off", "cancel"} {
			act := path + "/act/" + kind
			w.Status(b.Post(act, url.Values{"edition": {of(w.Status(b.Get(act), http.StatusOK))}, "reason": {"Powód"}}), http.StatusSeeOther)
		}
		if p := b.Get(path); !strings.Contains(p.Text(".training-status"), "odwołane") || p.Find("a.button.action").Length() != 0 {
			t.Errorf("cancelled: %s", p.Text("main"))
		}
		w.Status(b.Get(path+"/act/explode"), http.StatusNotFound)
	})
}

func TestATrainingIsDuplicatedOnAPage(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		path, b := planned(t, w), w.Browse(w.GuardCoordinator)
		p := w.Status(b.Post(path+"/duplicate", url.Values{"day-01": {"2026-01-07"}, "place-01": {"Medyka"}}), http.StatusUnprocessableEntity)
		if p.Find(".errors a[href='#f-day-01']").Length() != 1 || p.Find("input[name=place-01]").AttrOr("value", "") != "Medyka" {
			t.Errorf("in the past: %s", p.Text("main"))
		}
		w.Status(b.Post(path+"/duplicate", url.Values{"day-00": {"2026-12-07"}, "place-00": {"Medyka"}, "day-03": {"2026-12-08"}}), http.StatusSeeOther)
		p = w.Status(b.Get("/app/trainings"), http.StatusOK)
		if p.Find("tbody tr").Length() != 3 || !strings.Contains(p.Text("main"), "Medyka") || !strings.Contains(p.Text("[role=status]"), "Powstały 2 szkolenia") {
			t.Errorf("the list: %s", p.Text("main"))
		}
		if p := b.Get("/app/trainings?state=planned&q=pomoc&from=2026-12-07&until=2026-12-07"); p.Find("tbody tr").Length() != 1 {
			t.Errorf("narrowed: %s", p.Text("main"))
		}
		if p := b.Get("/app/trainings?as=csv"); p.Status != http.StatusOK || strings.Count(p.Body, "Pomoc i ochrona") != 3 {
			t.Errorf("a file: %d %s", p.Status, p.Body)
		}
		for _, as := range []string{"", "&as=month"} {
			p := w.Status(b.Get("/app/trainings/calendar?month=2026-12"+as), http.StatusOK)
			if p.Find(".agenda a").Length() != 2 || (p.Find(".month td a").Length() == 2) != (as != "") {
				t.Errorf("the calendar%s: %s", as, p.Text("main"))
			}
		}
		if p := w.Status(b.Get("/app/trainings/desk"), http.StatusOK); !strings.Contains(p.Text("main"), "Pomoc i ochrona") {
			t.Errorf("the desk: %s", p.Text("main"))
		}
		if p := w.Status(b.Get(path+"/results"), http.StatusOK); p.Find("a[href^='/app/evidence/attach?training=']").Length() != 1 {
			t.Errorf("the results: %s", p.Text("main"))
		}
	})
}

// Who may not plan changes nothing; who may not see a training does not find it, whatever the page.
func TestWhoIsRefusedOnPagesOfTrainings(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		path := planned(t, w)
		trainingID := strings.TrimPrefix(path, "/app/trainings/")
		session := path + "/session/" + testrig.Must(w.Classroom.Sessions(t.Context(), w.Coordinator, trainingID))(t)[0].ID
		read := []string{path, path + "/data", path + "/results", path + "/emblem/1"}
		write := []string{
			path + "/session", session, session + "/cancel", path + "/act/move", path + "/act/put-off", path + "/act/cancel", path + "/duplicate",
			path + "/edit/content", path + "/edit/trainers", path + "/edit/sign-up", path + "/edit/fund",
		}
		post := append([]string{path + "/undo", path + "/emblem", path + "/emblem/1", path + "/announce"}, write...)
		for name, a := range map[string]access.Actor{"the police": w.PoliceCoordinator, "a post below": w.TerespolCoordinator, "a learner": w.Learner, "a trainer of the unit": w.GuardTrainer, "a reviewer": w.Reviewer} {
			b, sees := w.Browse(a), a.May(access.TrainingsRead, testrig.Must(w.Classroom.Plan(t.Context(), w.Coordinator, trainingID))(t).UnitPath)
			refused := func(what string, status int) {
				if status != http.StatusForbidden && status != http.StatusNotFound {
					t.Errorf("%s: %s gives %d", name, what, status)
				}
			}
			for _, p := range read[:3] {
				if got := b.Get(p).Status; sees != (got == http.StatusOK) {
					t.Errorf("%s: %s gives %d", name, p, got)
				}
			}
			refused(read[3], b.Get(read[3]).Status)
			for _, p := range write {
				refused(p, b.Get(p).Status)
			}
			for _, p := range post {
				refused("POST "+p, b.Post(p, url.Values{"edition": {"0"}, "title": {"Inne"}, "reason": {"x"}, "on": {"1"}}).Status)
			}
		}
		for _, a := range []access.Actor{w.Learner, w.Author} {
			for _, p := range []string{"/app/trainings", "/app/trainings/calendar", "/app/trainings/desk", "/app/trainings/new"} {
				if got := w.Browse(a).Get(p).Status; got != http.StatusForbidden {
					t.Errorf("%s gives %d", p, got)
				}
			}
		}
		if got := w.Browse(w.GuardTrainer).Post("/app/trainings/new", url.Values{}).Status; got != http.StatusForbidden {
			t.Errorf("a trainer plans: %d", got)
		}
		p := testrig.Must(w.Classroom.Plan(t.Context(), w.Coordinator, trainingID))(t)
		if p.Title != "Pomoc i ochrona" || p.Announced || p.State(w.Clock.Now()) != classroom.Planned || p.Edition != 0 {
			t.Errorf("changed: %+v", p)
		}
	})
}

// A measurement is attached to a training that is there, and its page and the training's lead to each other.
func TestAMeasurementOfATrainingThatIsThere(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		path := planned(t, w)
		trainingID := strings.TrimPrefix(path, "/app/trainings/")
		tests := testrig.Must(w.Bank.Tests(t.Context()))(t)
		var ids []string
		for _, f := range tests[0].Forms {
			ids = append(ids, f.Items...)
		}
		testrig.Must(w.Bank.Review(t.Context(), w.SecondAuthor, ids, itembank.Approved, ""))(t)
		b := w.Browse(w.GuardCoordinator)
		p := w.Status(b.Get("/app/evidence/attach?training="+trainingID), http.StatusOK)
		if p.Find("input[name=training]").AttrOr("value", "") != trainingID || p.Find("input[name=from]").Length() != 0 || p.Find("option[selected][value='"+w.Guard+"']").Length() != 1 {
			t.Errorf("the form: %s", p.Text("main"))
		}
		form := url.Values{"test": {tests[0].ID}, "kind": {"training"}, "training": {trainingID}, "unit": {w.Guard}}
		measurement := w.Status(b.Post("/app/evidence/attach", form), http.StatusSeeOther).Header.Get("Location")
		if p := w.Status(b.Get(path+"/results"), http.StatusOK); p.Find("a[href='"+measurement+"']").Length() != 1 {
			t.Errorf("the training's results: %s", p.Text("main"))
		}
		if p := w.Status(b.Get(measurement), http.StatusOK); p.Find("a[href='"+path+"']").Length() != 1 {
			t.Errorf("the measurement: %s", p.Text("main"))
		}
		if list := testrig.Must(w.Classroom.Sessions(t.Context(), w.Coordinator, trainingID))(t); len(list) != 1 {
			t.Errorf("%d sessions", len(list))
		}
		for _, a := range []access.Actor{w.PoliceCoordinator, w.Learner} {
			if got := w.Browse(a).Post("/app/evidence/attach", form).Status; got != http.StatusNotFound && got != http.StatusForbidden {
				t.Errorf("attached by another: %d", got)
			}
		}
	})
}
