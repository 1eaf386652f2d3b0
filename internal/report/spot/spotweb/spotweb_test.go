package spotweb_test

import (
	"archive/zip"
	"bytes"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/classroom"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/project"
	"ostoja/internal/report/spot"
	"ostoja/internal/testrig"
)

const amif = "amif-2021"

// begun is a project with one period, one fund, a training of three people, of which one is of the police, and somebody who passed a course.
func begun(t *testing.T, w *testrig.World) string {
	t.Helper()
	ctx := t.Context()
	projectID := testrig.Must(w.Projects.Create(ctx, w.Coordinator, project.Draft{Name: "Szkolenia", UnitID: w.Guard, FirstDay: "2026-01-01", LastDay: "2026-12-31"}))(t)
	w.OK(w.Projects.AddPeriod(ctx, w.Coordinator, projectID, "2026-12-31"))
	w.OK(w.Projects.SetShares(ctx, w.Coordinator, projectID, []project.Share{{FundID: amif, Share: 10000}}))
	at := w.Clock.Now().Add(time.Hour)
	c := w.Class(w.Coordinator, w.Guard, classroom.ContentDraft{Title: "Szkolenie"}, "Warszawa", testrig.Hours{From: at, Until: at.Add(3 * time.Hour)})
	w.OK(w.Projects.AddPart(ctx, w.Coordinator, projectID, project.Part{Kind: project.Training, SubjectID: c.ID, Share: 100}))
	w.OK(w.Projects.AddPart(ctx, w.Coordinator, projectID, project.Part{Kind: project.Course, SubjectID: testrig.SmallCourse, Share: 100}))
	people := []access.Actor{w.Person("Urszula", "Uczestna", w.Terespol), w.Person("Urban", "Uczestny", w.Medyka), w.Person("Paweł", "Policyjny", w.Chelm)}
	c.Seat(people...)
	w.Clock.Advance(5 * time.Hour)
	for _, a := range people {
		c.Present(0, a, 180)
	}
	c.Close(0)
	w.Pass(w.Learner, testrig.SmallCourse)
	return projectID
}

func names(page string) (n int) {
	for _, name := range []string{"Uczestna", "Uczestny", "Policyjny"} {
		if strings.Contains(page, name) {
			n++
		}
	}
	return n
}

// TestACheckFromTheDrawToThePapers walks through a check: a draw, one name, the papers, a further draw.
func TestACheckFromTheDrawToThePapers(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		projectID := begun(t, w)
		at := spot.Path(projectID)
		b := w.Browse(w.Coordinator)
		draft := url.Values{"fund": {amif}, "period": {"0"}, "people": {"51"}}
		if p := b.Post(at, draft); p.Status != http.StatusUnprocessableEntity || !strings.Contains(p.Text("main"), "Wpisz liczbę od 1 do 50.") {
			t.Fatalf("%d: %s", p.Status, p.Text("main"))
		}
		draft.Set("people", "5")
		w.Status(b.Post(at, draft), http.StatusSeeOther)
		_, checks, err := w.Spot.List(t.Context(), w.Coordinator, projectID)
		if err != nil || len(checks) != 1 || checks[0].Counted != 4 {
			t.Fatalf("%+v %v", checks, err)
		}
		check := spot.Path(projectID, checks[0].ID)
		p := b.Get(check)
		if page := p.Text("main"); names(page) > 0 || !strings.Contains(page, checks[0].Seed) || !strings.Contains(page, "Osoba 4") || !strings.Contains(page, "zgłoszenie") {
			t.Errorf("%s", page)
		}

		if p = b.Post(check, url.Values{"place": {"2"}, "reason": {" "}}); p.Status != http.StatusUnprocessableEntity || !strings.Contains(p.Text("main"), "Podaj powód.") {
			t.Errorf("%d: %s", p.Status, p.Text("main"))
		}
		w.Status(b.Post(check, url.Values{"place": {"2"}, "reason": {"kontroler pyta o osobę 2"}}), http.StatusSeeOther)
		opened := testrig.Must(w.Spot.Open(t.Context(), w.Coordinator, projectID, checks[0].ID))(t)
		for _, m := range opened.Members {
			if (m.Place == 2) != (m.Name != "") || (m.Place == 2) != (m.PersonID != "") {
				t.Errorf("person %d: %q", m.Place, m.Name)
			}
		}
		if others := testrig.Must(w.Spot.Open(t.Context(), w.Reviewer, projectID, checks[0].ID))(t); others.Members[1].Name != "" || len(others.Acts) != 1 || others.Acts[0].Reason != "kontroler pyta o osobę 2" {
			t.Errorf("%+v", others)
		}

		if p = b.Post(check+"/papers", url.Values{"reason": {""}}); p.Status != http.StatusUnprocessableEntity {
			t.Errorf("papers without a reason: %d", p.Status)
		}
		pack := w.Status(b.Post(check+"/papers", url.Values{"reason": {"kontrola w biurze"}}), http.StatusOK)
		files := unpacked(t, pack.Body)
		folders, certificates := 0, 0
		for name, content := range files {
			if strings.HasSuffix(name, "00-opis.txt") {
				folders++
				if !strings.Contains(content, "zgłoszenie: ") && !strings.Contains(content, "kurs zaliczony") {
					t.Errorf("%s: %s", name, content)
				}
			}
			if strings.HasSuffix(name, ".pdf") && strings.Contains(name, "OST-") {
				certificates++
			}
			if names(name) > 0 {
				t.Errorf("a name in %q", name)
			}
		}
		if folders != 4 || certificates != 1 || files["00-spis.pdf"] == "" {
			t.Errorf("%d folders, %d certificates of %d files", folders, certificates, len(files))
		}

		if p = b.Post(at, draft); p.Status != http.StatusUnprocessableEntity || !strings.Contains(p.Text("main"), "Podaj powód ponownego losowania.") {
			t.Errorf("%d: %s", p.Status, p.Text("main"))
		}
		draft.Set("reason", "kontroler prosi o inne osoby")
		w.Status(b.Post(at, draft), http.StatusSeeOther)
		if page := b.Get(check).Text("main"); !strings.Contains(page, "Z tego okresu losowano 2 razy") || !strings.Contains(page, "kontroler prosi o inne osoby") || !strings.Contains(page, "pobranie dokumentów: kontrola w biurze") {
			t.Error(page)
		}
		acts := testrig.Must(db.All[string](t.Context(), w.DB, `SELECT action FROM audit WHERE action LIKE 'project.check-%' ORDER BY action`))(t)
		if want := []string{"project.check-drawn", "project.check-drawn", "project.check-papers", "project.check-revealed"}; !slices.Equal(acts, want) {
			t.Errorf("%v", acts)
		}
	})
}

func unpacked(t *testing.T, body string) map[string]string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader([]byte(body)), int64(len(body)))
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{}
	for _, f := range z.File {
		r := testrig.Must(f.Open())(t)
		files[f.Name] = string(testrig.Must(io.ReadAll(r))(t))
	}
	return files
}

// TestWhoIsRefused: who reads the project sees numbers; a name and papers have only who may see that person, and a draw who keeps the project.
func TestWhoIsRefused(t *testing.T) {
	w := testrig.New(t)
	ctx := t.Context()
	projectID := begun(t, w)
	checkID := testrig.Must(w.Spot.Draw(ctx, w.Coordinator, projectID, spot.Draft{FundID: amif, Period: 1, People: 4}))(t)
	for name, actor := range w.Everybody() {
		may := name == "administrator" || name == "coordinator" || name == "coordinator of the guard" || name == "reviewer"
		for _, page := range []string{"", "/" + checkID} {
			if p := w.Browse(actor).Get(spot.Path(projectID) + page); may != (p.Status == http.StatusOK) {
				t.Errorf("%s at %s: %d", name, page, p.Status)
			}
		}
	}
	_, err := w.Spot.Draw(ctx, w.Reviewer, projectID, spot.Draft{FundID: amif, People: 1})
	w.Refused("a reviewer draws", err, errs.ErrForbidden)
	_, err = w.Spot.Draw(ctx, w.Learner, projectID, spot.Draft{FundID: amif, People: 1})
	w.Refused("a learner draws", err, errs.ErrNotFound)
	_, err = w.Spot.Draw(ctx, w.Coordinator, projectID, spot.Draft{FundID: "none", People: 1})
	w.Refused("another fund", err, errs.ErrInvalid)

	seen, unseen := 0, 0
	for _, m := range testrig.Must(w.Spot.Open(ctx, w.GuardCoordinator, projectID, checkID))(t).Members {
		err := w.Spot.Reveal(ctx, w.GuardCoordinator, projectID, checkID, m.Place, "kontrola")
		if m.MaySee {
			w.OK(err)
			seen++
			continue
		}
		w.Refused("somebody of another service", err, errs.ErrForbidden)
		unseen++
	}
	if seen == 0 || unseen == 0 {
		t.Errorf("%d seen, %d not", seen, unseen)
	}
	w.Refused("nobody has that number", w.Spot.Reveal(ctx, w.Coordinator, projectID, checkID, 9, "kontrola"), errs.ErrNotFound)
	w.Refused("another check", w.Spot.Reveal(ctx, w.Coordinator, projectID, "none", 1, "kontrola"), errs.ErrNotFound)
	body := w.Status(w.Browse(w.GuardCoordinator).Post(spot.Path(projectID, checkID, "papers"), url.Values{"reason": {"kontrola"}}), http.StatusOK).Body
	for name, content := range unpacked(t, body) {
		if strings.Contains(content, "Policyjny") {
			t.Errorf("%s has a name of another service", name)
		}
	}
}
