package reportweb_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/classroom"
	"ostoja/internal/project"
	"ostoja/internal/testrig"
)

const amif = "amif-2021"

// TestAProjectFromItsFirstFormToASignedFigure walks through all pages of a project as its coordinator, a second signer and a reviewer do.
func TestAProjectFromItsFirstFormToASignedFigure(t *testing.T) {
	w := testrig.New(t)
	b := w.Browse(w.Coordinator)
	if p := b.Get("/app/projects"); !strings.Contains(p.Text("main"), "Nie ma jeszcze projektów") {
		t.Error(p.Text("main"))
	}
	p := b.Post("/app/projects/new", url.Values{"name": {"Szkolenia funkcjonariuszy"}, "unit": {w.Office}, "first": {"2026-01-01"}, "last": {"2025-01-01"}})
	if p.Status != http.StatusUnprocessableEntity || !strings.Contains(p.Text("main"), "Ostatni dzień jest przed pierwszym.") || !strings.Contains(p.Body, "Szkolenia funkcjonariuszy") {
		t.Fatalf("%d: %s", p.Status, p.Text("main"))
	}
	p = b.Post("/app/projects/new", url.Values{"name": {"Szkolenia funkcjonariuszy"}, "unit": {w.Office}, "first": {"2026-01-01"}, "last": {"2026-12-31"}, "partners": {"Fundacja Przystań\n"}})
	if p.Status != http.StatusSeeOther {
		t.Fatalf("%d: %s", p.Status, p.Text("main"))
	}
	list := testrig.Must(w.Projects.List(t.Context(), w.Coordinator))(t)
	at := project.Path(list[0].ID)
	if p = b.Get(at); !strings.Contains(p.Text("main"), "Projekt nie ma jeszcze funduszu") {
		t.Error(p.Text("main"))
	}
	for _, step := range []struct {
		page string
		form url.Values
		said string
	}{
		{"/funds", url.Values{"share-" + amif: {"175"}}, "Wpisz procent"},
		{"/funds", url.Values{"share-" + amif: {"75,5"}}, ""},
		{"/periods", url.Values{"act": {"split"}, "months": {"6"}}, ""},
		{"/periods", url.Values{"act": {"add"}, "last": {"2026-12-31"}}, "Okresy obejmują już cały projekt."},
		{"/targets", url.Values{"number": {"0"}, "target-" + amif + "-participants": {"dużo"}}, "Wpisz liczbę."},
		{"/targets", url.Values{"number": {"0"}, "target-" + amif + "-participants": {"1 400"}, "base-target-" + amif + "-participants": {"0"}}, ""},
		{"/parts", url.Values{"act": {"add"}, "subject": {"course:" + testrig.SmallCourse}, "share": {"0"}}, "Wpisz procent od 1 do 100."},
		{"/parts", url.Values{"act": {"add"}, "subject": {"course:" + testrig.SmallCourse}, "share": {"100"}}, ""},
		{"/staff", url.Values{"act": {"add"}, "person": {w.PoliceLearner.PersonID}}, ""},
		{"/staff", url.Values{"act": {"drop"}, "person": {w.PoliceLearner.PersonID}}, ""},
	} {
		p := b.Post(at+step.page, step.form)
		if (p.Status == http.StatusSeeOther) != (step.said == "") || !strings.Contains(p.Text("main"), step.said) {
			t.Fatalf("%s %v: %d %s", step.page, step.form, p.Status, p.Text("main"))
		}
		w.Status(b.Get(at+step.page), http.StatusOK)
	}
	w.Pass(w.Learner, testrig.SmallCourse)
	if p = b.Get(at); !strings.Contains(p.Text("main"), "1400") && !strings.Contains(p.Text("main"), "1 400") {
		t.Errorf("no target: %s", p.Text("main"))
	}
	page := testrig.Must(w.Projects.Page(t.Context(), w.Coordinator, list[0].ID))(t)
	second := page.Periods[1].ID
	if p = b.Post(at+"/periods", url.Values{"act": {"open"}, "period": {second}, "reason": {""}}); !strings.Contains(p.Text("main"), "Podaj powód.") {
		t.Error(p.Text("main"))
	}
	b.Post(at+"/periods", url.Values{"act": {"open"}, "period": {second}, "reason": {"sprawozdanie końcowe"}})
	if p = w.Browse(w.Reviewer).Get(at); !strings.Contains(p.Text("main"), "sprawozdanie końcowe") {
		t.Errorf("nobody is told who opened it and why: %s", p.Text("main"))
	}
	indicator := at + "/indicators/" + amif + "/participants?period=2"
	if p = b.Get(indicator); !strings.Contains(p.Text("main"), "Każda osoba liczy się w projekcie raz") {
		t.Error(p.Text("main"))
	}
	if p = b.Post(indicator, url.Values{"narrative": {"Większość szkoleń jest w drugim półroczu."}, "edition": {"0"}}); p.Status != http.StatusSeeOther {
		t.Errorf("%d: %s", p.Status, p.Text("main"))
	}
	w.Clock.Advance(80 * 24 * time.Hour)
	b = w.Browse(w.Coordinator)
	b.Post(at+"/periods", url.Values{"act": {"lock"}, "period": {second}})
	if p = b.Get(at); p.Find(`form [name="period"][value="`+second+`"]`).Length() != 1 || p.Find("button[value=open-hand-in]").Length() != 1 {
		t.Errorf("the period that ended is not what the project is opened for: %s", p.Text("main"))
	}
	if p = b.Post(at+"?period=2", url.Values{"act": {"open-hand-in"}, "period": {second}, "reason": {""}}); p.Status != http.StatusUnprocessableEntity || p.Find(".errors a[href='#f-reason']").Length() != 1 {
		t.Errorf("without a reason: %d %s", p.Status, p.Text("main"))
	}
	if p = b.Post(at+"?period=2", url.Values{"act": {"open-hand-in"}, "period": {second}, "reason": {"sprawozdanie"}}); p.Status != http.StatusSeeOther {
		t.Fatalf("%d: %s", p.Status, p.Text("main"))
	}
	for who, want := range map[string]int{"second": w.Browse(w.Admin).Get(at).Find("#approval-title").Length(), "first": b.Get(at).Find("#approval-title").Length()} {
		if want != 1 {
			t.Errorf("the %s person does not see who asked whom", who)
		}
	}
	if w.Browse(w.Reviewer).Get(at).Find("#approval-title").Length() != 0 {
		t.Error("who may not sign sees what the two say to each other")
	}
	freezes := `a[href^="` + at + `/reports/new?period="]`
	if p = b.Get(at); p.Find(freezes).Length() != 0 {
		t.Error("what nobody approved can be frozen")
	}
	if p = b.Post(at+"?period=2", url.Values{"act": {"approve"}, "period": {second}}); p.Status != http.StatusForbidden || !strings.Contains(p.Text("main"), "Zatwierdza inna osoba") {
		t.Errorf("%d: %s", p.Status, p.Text("main"))
	}
	if p = w.Browse(w.Admin).Post(at+"?period=2", url.Values{"act": {"approve"}, "period": {second}}); p.Status != http.StatusSeeOther {
		t.Errorf("%d: %s", p.Status, p.Text("main"))
	}
	if w.Browse(w.Admin).Get(at).Find(freezes).Length() != 0 || b.Get(at).Find(freezes).Length() != 1 {
		t.Error("who approved freezes, or nobody does")
	}
	if p = b.Get(at + "?period=2"); !strings.Contains(p.Text("main"), "zatwierdzone") {
		t.Error(p.Text("main"))
	}
	if p = b.Get(indicator); !strings.Contains(p.Text("main"), "Większość szkoleń") {
		t.Error(p.Text("main"))
	}
}

// TestTheTableIsItsFile: what the page shows of a fund is in its XLSX and CSV as well, and nobody's name.
func TestTheTableIsItsFile(t *testing.T) {
	w := testrig.New(t)
	projectID := begun(t, w)
	at := project.Path(projectID)
	for _, actor := range []access.Actor{w.Coordinator, w.Reviewer} {
		csv := w.Browse(actor).Get(at + "?" + amif + ".as=csv")
		if csv.Status != http.StatusOK || !strings.Contains(csv.Body, "Participants") && !strings.Contains(csv.Body, "Uczestniczki") {
			t.Errorf("%d: %s", csv.Status, csv.Body)
		}
		if strings.Contains(csv.Body, "Uczestniczka") {
			t.Error("a name")
		}
	}
}

// begun is a project with one period, one fund and a training of three people, of which one is of the police.
func begun(t *testing.T, w *testrig.World) string {
	t.Helper()
	ctx := t.Context()
	projectID := testrig.Must(w.Projects.Create(ctx, w.Coordinator, project.Draft{Name: "Szkolenia", UnitID: w.Guard, FirstDay: "2026-01-01", LastDay: "2026-12-31"}))(t)
	w.OK(w.Projects.AddPeriod(ctx, w.Coordinator, projectID, "2026-12-31"))
	w.OK(w.Projects.SetShares(ctx, w.Coordinator, projectID, []project.Share{{FundID: amif, Share: 10000}}))
	at := w.Clock.Now().Add(time.Hour)
	c := w.Class(w.Coordinator, w.Guard, classroom.ContentDraft{Title: "Szkolenie"}, "Warszawa", testrig.Hours{From: at, Until: at.Add(3 * time.Hour)})
	w.OK(w.Projects.AddPart(ctx, w.Coordinator, projectID, project.Part{Kind: project.Training, SubjectID: c.ID, Share: 100}))
	people := []access.Actor{w.Person("Urszula", "Uczestna", w.Terespol), w.Person("Urban", "Uczestny", w.Medyka), w.Person("Paweł", "Policyjny", w.Chelm)}
	c.Seat(people...)
	w.Clock.Advance(5 * time.Hour)
	for _, a := range people {
		c.Present(0, a, 180)
	}
	c.Close(0)
	return projectID
}

// TestWhoSeesNames: whoever may see people sees those of their units by name, and of the others how many there are.
func TestWhoSeesNames(t *testing.T) {
	w := testrig.New(t)
	projectID := begun(t, w)
	at := project.Path(projectID)
	all := w.Browse(w.Coordinator).Get(at + "/people").Text("main")
	for _, name := range []string{"Uczestna Urszula", "Uczestny Urban", "Policyjny Paweł", "zgłoszenie"} {
		if !strings.Contains(all, name) {
			t.Errorf("the coordinator does not read %q: %s", name, all)
		}
	}
	some := w.Browse(w.GuardCoordinator).Get(at + "/people").Text("main")
	if !strings.Contains(some, "Uczestna Urszula") || strings.Contains(some, "Policyjny") || !strings.Contains(some, "I 1 osoba z jednostek, których nie widzisz.") {
		t.Error(some)
	}
	if found := w.Browse(w.GuardCoordinator).Get(at + "/people?q=Policyjny").Text("main"); strings.Contains(found, "I 1 osoba") {
		t.Errorf("searching tells of somebody who may not be seen: %s", found)
	}
	for name, actor := range w.Everybody() {
		for _, page := range []string{"", "/people", "/indicators/" + amif + "/participants", "/targets", "/parts", "/periods", "/funds", "/staff"} {
			p := w.Browse(actor).Get(at + page)
			may := name == "administrator" || name == "coordinator" || name == "coordinator of the guard" || name == "reviewer"
			if may != (p.Status == http.StatusOK) {
				t.Errorf("%s at %s: %d", name, page, p.Status)
			}
		}
	}
}
