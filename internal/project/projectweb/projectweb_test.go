package projectweb_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"ostoja/internal/access"
	"ostoja/internal/db"
	"ostoja/internal/project"
	"ostoja/internal/testrig"
	"ostoja/internal/web/webtest"
)

const amif = "amif-2021"

// eachLang runs a test with the coordinator's browser in both languages.
func eachLang(t *testing.T, do func(t *testing.T, w *testrig.World, b *testrig.Browser, tag string)) {
	t.Helper()
	for _, tag := range []string{"pl", "en"} {
		t.Run(tag, func(t *testing.T) {
			w := testrig.New(t)
			b := w.Browse(w.Coordinator)
			b.Post("/app/language", url.Values{"lang": {tag}, "return": {"/app/projects"}})
			do(t, w, b, tag)
		})
	}
}

// in returns what is meant in a language.
func in(tag, polish, english string) string {
	if tag == "pl" {
		return polish
	}
	return english
}

// says fails the test unless a page has a status and says something, in words that there are.
func says(t *testing.T, p webtest.Page, status int, words ...string) {
	t.Helper()
	if p.Status != status || strings.Contains(p.Body, "⟦") {
		t.Fatalf("%d: %s", p.Status, p.Text("main"))
	}
	for _, x := range words {
		if !strings.Contains(p.Text("main"), x) {
			t.Errorf("no %q: %s", x, p.Text("main"))
		}
	}
}

// fault fails the test unless a form was refused at a field, with a link to it, and a value typed in it is still there.
func fault(t *testing.T, p webtest.Page, field, typed string) {
	t.Helper()
	says(t, p, http.StatusUnprocessableEntity)
	input := p.Find(`[name="` + field + `"]`).First()
	if input.AttrOr("aria-invalid", "") != "true" || p.Find(`.errors a[href="#f-`+field+`"]`).Length() != 1 {
		t.Errorf("no fault at %s: %s", field, p.Text(".errors"))
	}
	if typed != "" && input.AttrOr("value", input.Text()) != typed {
		t.Errorf("%s lost %q", field, typed)
	}
}

// begin makes a project of one fund in two periods.
func begin(t *testing.T, w *testrig.World) (projectID string, p project.Page) {
	t.Helper()
	ctx := t.Context()
	projectID = testrig.Must(w.Projects.Create(ctx, w.Coordinator, project.Draft{Name: "Szkolenia służb", UnitID: w.Office, FirstDay: "2026-01-01", LastDay: "2026-12-31", Partners: []string{"Fundacja Przystań"}}))(t)
	w.OK(w.Projects.SplitPeriods(ctx, w.Coordinator, projectID, 6))
	w.OK(w.Projects.SetShares(ctx, w.Coordinator, projectID, []project.Share{{FundID: amif, Share: 7500}}))
	return projectID, testrig.Must(w.Projects.Page(ctx, w.Coordinator, projectID))(t)
}

// TestTheList: what is there, its states as filters, a name alone that is offered to be taken over.
func TestTheList(t *testing.T) {
	eachLang(t, func(t *testing.T, w *testrig.World, b *testrig.Browser, tag string) {
		says(t, b.Get("/app/projects"), http.StatusOK, in(tag, "Nie ma jeszcze projektów", "There are no projects yet"))
		projectID, _ := begin(t, w)
		w.OK(w.DB.Update(t.Context(), func(tx *db.Tx) error { // as a training does that names it
			_, err := project.Named(t.Context(), tx, "Zapisany przy szkoleniu", w.Clock.Now())
			return err
		}))
		list := b.Get("/app/projects")
		says(t, list, http.StatusOK, "Szkolenia służb", "Zapisany przy szkoleniu", in(tag, "trwa", "running"), in(tag, "tylko nazwa", "a name only"))
		if list.Find(`main a[href="`+project.Path(projectID)+`"]`).Length() == 0 || list.Find(`main a[href^="/app/projects/new?name="]`).Length() == 0 {
			t.Error("no links")
		}
		if p := b.Get("/app/projects?state=name"); strings.Contains(p.Text("main"), "Szkolenia służb") || !strings.Contains(p.Text("main"), "Zapisany") {
			t.Error(p.Text("main"))
		}
		if p := b.Get("/app/projects?as=csv"); p.Status != http.StatusOK || !strings.Contains(p.Body, "Szkolenia służb") {
			t.Errorf("%d %s", p.Status, p.Body)
		}
		taken := b.Get("/app/projects/new?name=" + url.QueryEscape("Zapisany przy szkoleniu"))
		says(t, taken, http.StatusOK)
		if taken.Find(`input[name=name][value="Zapisany przy szkoleniu"]`).Length() != 1 {
			t.Error("the name is not in the form")
		}
	})
}

// TestTheFormOfAProject: each fault at its field, what was typed stays, what was saved is there again.
func TestTheFormOfAProject(t *testing.T) {
	eachLang(t, func(t *testing.T, w *testrig.World, b *testrig.Browser, tag string) {
		form := url.Values{"name": {"Nowy projekt"}, "unit": {w.Office}, "first": {"2026-01-01"}, "last": {"2025-12-31"}}
		fault(t, b.Post("/app/projects/new", form), "last", "2025-12-31")
		form.Set("last", "2026-12-31")
		for field, wrong := range map[string]string{"name": "", "short": strings.Repeat("x", 25), "number": strings.Repeat("1", 61), "unit": w.Police + "x", "first": "jutro"} {
			f := url.Values{}
			for k, v := range form {
				f[k] = v
			}
			f.Set(field, wrong)
			typed := wrong
			if field == "unit" || field == "name" {
				typed = ""
			}
			fault(t, b.Post("/app/projects/new", f), field, typed)
		}
		form.Set("partners", "Fundacja Przystań\nStowarzyszenie Brzeg")
		at := w.Status(b.Post("/app/projects/new", form), http.StatusSeeOther).Header.Get("Location")
		says(t, b.Get(at), http.StatusOK, in(tag, "Fundusze projektu", "Funds of the project"))
		edit := strings.TrimSuffix(at, "/funds") + "/edit"
		p := b.Get(edit)
		says(t, p, http.StatusOK)
		if p.Find(`textarea[name=partners]`).Text() != "Fundacja Przystań\nStowarzyszenie Brzeg" || p.Find(`input[name=first][value="2026-01-01"]`).Length() != 1 {
			t.Error(p.Find("textarea[name=partners]").Text())
		}
		form.Set("edition", p.Find("input[name=edition]").AttrOr("value", ""))
		form.Set("short", "Nowy")
		w.Status(b.Post(edit, form), http.StatusSeeOther)
		if p := b.Post(edit, form); p.Status != http.StatusUnprocessableEntity || p.Find(`.errors`).Length() != 1 {
			t.Errorf("over what was saved meanwhile: %d", p.Status)
		}
		fault(t, b.Post("/app/projects/new", form), "name", "Nowy projekt") // the name is taken
	})
}

// TestThePagesOfAProject: funds, periods, targets, parts and staff, each with its fault and what was done.
func TestThePagesOfAProject(t *testing.T) {
	eachLang(t, func(t *testing.T, w *testrig.World, b *testrig.Browser, tag string) {
		projectID, page := begin(t, w)
		at := func(side string) string { return project.Path(projectID, side) }
		fault(t, b.Post(at("funds"), url.Values{"share-" + amif: {"175"}}), "share-"+amif, "175")
		fault(t, b.Post(at("funds"), url.Values{"share-" + amif: {"dużo"}}), "share-"+amif, "dużo")
		w.Status(b.Post(at("funds"), url.Values{"share-" + amif: {"80,5"}}), http.StatusSeeOther)
		if p := b.Get(at("funds")); p.Find(`input[name="share-`+amif+`"][value="80,5"], input[name="share-`+amif+`"][value="80.5"]`).Length() != 1 {
			t.Error("the share is not there")
		}

		periods := b.Get(at("periods"))
		says(t, periods, http.StatusOK, in(tag, "zamknięty", "locked"), "Fundacja Przystań")
		for _, side := range []string{"funds", "staff", "check", "visibility", "log", "reviewers"} {
			if periods.Find(`main a[href="`+at(side)+`"]`).Length() == 0 {
				t.Errorf("no way to %s", side)
			}
		}
		first := page.Periods[0].ID
		if p := b.Post(at("periods"), url.Values{"act": {"open"}, "period": {first}, "reason": {""}}); p.Status != http.StatusUnprocessableEntity || p.Find(`#period-`+first+` .wrong input[name=reason]`).Length() != 1 || p.Find(`#period-`+page.Periods[1].ID+` .wrong`).Length() != 0 {
			t.Errorf("the fault is not at the period's field: %d", p.Status)
		}
		w.Status(b.Post(at("periods"), url.Values{"act": {"open"}, "period": {first}, "reason": {"sprawozdanie"}}), http.StatusSeeOther)
		says(t, b.Get(at("periods")), http.StatusOK, in(tag, "otwarty", "open"), "sprawozdanie", "Celina Ogólna")
		w.Status(b.Post(at("periods"), url.Values{"act": {"lock"}, "period": {first}}), http.StatusSeeOther)
		if p := b.Post(at("periods"), url.Values{"act": {"lock"}, "period": {first}}); p.Status != http.StatusUnprocessableEntity {
			t.Errorf("locked twice: %d", p.Status)
		}
		fault(t, b.Post(at("periods"), url.Values{"act": {"add"}, "last": {"2027-06-30"}}), "last", "2027-06-30")
		w.Status(b.Post(at("periods"), url.Values{"act": {"drop"}}), http.StatusSeeOther)
		w.Status(b.Post(at("periods"), url.Values{"act": {"burn"}}), http.StatusUnprocessableEntity)

		field := project.TargetField(amif, "participants")
		fault(t, b.Post(at("targets"), url.Values{"number": {"0"}, field: {"dużo"}}), field, "dużo")
		w.Status(b.Post(at("targets"), url.Values{"number": {"0"}, field: {"400"}, "base-" + field: {"20"}}), http.StatusSeeOther)
		if p := b.Get(at("targets")); p.Find(`input[name="`+field+`"][value="400"]`).Length() != 1 || p.Find(`input[name="base-`+field+`"][value="20"]`).Length() != 1 {
			t.Error("the target is not there")
		}

		says(t, b.Get(at("parts")), http.StatusOK, in(tag, "Do projektu nic jeszcze nie należy", "Nothing belongs to the project yet"))
		course := "course:" + testrig.SmallCourse
		fault(t, b.Post(at("parts"), url.Values{"act": {"add"}, "subject": {course}, "share": {"101"}}), "share", "101")
		w.Status(b.Post(at("parts"), url.Values{"act": {"add"}, "subject": {course}, "share": {"60"}}), http.StatusSeeOther)
		if p := b.Get(at("parts")); p.Find(`input[name=subject][value="`+course+`"]`).Length() != 1 || !strings.Contains(p.Text("main"), "60") {
			t.Error(p.Text("main"))
		}
		w.Status(b.Post(at("parts"), url.Values{"act": {"drop"}, "subject": {course}}), http.StatusSeeOther)

		found := b.Get(at("staff") + "?words=Ź")
		says(t, found, http.StatusOK, "Źródło")
		w.Status(b.Post(at("staff"), url.Values{"act": {"add"}, "person": {w.Learner.PersonID}}), http.StatusSeeOther)
		says(t, b.Get(at("staff")), http.StatusOK, "Źródło")
		says(t, b.Get(at("staff")+"?words=nikogo"), http.StatusOK)
		w.Status(b.Post(at("staff"), url.Values{"act": {"drop"}, "person": {w.Learner.PersonID}}), http.StatusSeeOther)
		if p := b.Get(at("staff")); strings.Contains(p.Text("main"), "Źródło") {
			t.Error("still own staff")
		}
	})
}

// TestTwoAccountsOfOneName are proposed, decided on and taken back.
func TestTwoAccountsOfOneName(t *testing.T) {
	eachLang(t, func(t *testing.T, w *testrig.World, b *testrig.Browser, tag string) {
		w.Person("Zofia", "Podwójna", w.Terespol)
		second := testrig.Draft("Zofia", "Podwójna", w.Chelm)
		second.Mail = "zofia.druga@example.org"
		testrig.Must(w.Identity.Add(t.Context(), access.System, second, false))(t)
		says(t, b.Get("/app/projects"), http.StatusOK)
		open := b.Get("/app/projects/pairs")
		says(t, open, http.StatusOK, "Podwójna")
		form := url.Values{"act": {"same"}}
		open.Find("main form input[type=hidden]").Each(func(_ int, i *goquery.Selection) { form.Set(i.AttrOr("name", ""), i.AttrOr("value", "")) })
		w.Status(b.Post("/app/projects/pairs", form), http.StatusSeeOther)
		says(t, b.Get("/app/projects/pairs"), http.StatusOK, in(tag, "to jedna osoba", "one person"), "Celina Ogólna")
		form.Set("act", "reopen")
		w.Status(b.Post("/app/projects/pairs", form), http.StatusSeeOther)
		form.Set("act", "two")
		w.Status(b.Post("/app/projects/pairs", form), http.StatusSeeOther)
		says(t, b.Get("/app/projects/pairs"), http.StatusOK, in(tag, "to dwie osoby", "two people"))
	})
}

// TestWhoOpensThePages: who reads the project reads and is offered nothing to change; others find none, or none of theirs.
func TestWhoOpensThePages(t *testing.T) {
	w := testrig.New(t)
	projectID, _ := begin(t, w)
	read := []string{"funds", "periods", "targets", "parts", "staff"}
	for who, a := range w.Everybody() {
		b := w.Browse(a)
		writes := a.PersonID == w.Admin.PersonID || a.PersonID == w.Coordinator.PersonID
		reads := writes || a.PersonID == w.Reviewer.PersonID
		for _, side := range read {
			if p := b.Get(project.Path(projectID, side)); (p.Status == http.StatusOK) != reads {
				t.Errorf("%s at %s: %d", who, side, p.Status)
			}
		}
		if p := b.Get(project.Path(projectID, "edit")); (p.Status == http.StatusOK) != writes {
			t.Errorf("%s edits: %d", who, p.Status)
		}
		for _, side := range append(read, "edit") {
			if p := b.Post(project.Path(projectID, side), url.Values{"act": {"lock"}}); !writes && p.Status != http.StatusForbidden && p.Status != http.StatusNotFound && p.Status != http.StatusUnauthorized {
				t.Errorf("%s changes %s: %d", who, side, p.Status)
			}
		}
	}
	b := w.Browse(w.Reviewer)
	for _, side := range read {
		if p := b.Get(project.Path(projectID, side)); p.Find(`main form[method=post] button`).Length() != 0 {
			t.Errorf("a reader is offered to change %s: %s", side, p.Text("main form[method=post]"))
		}
	}
	for _, path := range []string{"/app/projects/x/funds", "/app/projects/019a0000-0000-7000-8000-000000000000/periods"} {
		w.Status(w.Browse(w.Coordinator).Get(path), http.StatusNotFound)
	}
	if p := w.Browse(access.Actor{}).Get("/app/projects"); p.Status != http.StatusSeeOther {
		t.Errorf("unsigned: %d", p.Status)
	}
}
