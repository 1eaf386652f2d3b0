package freezeweb_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/audit"
	"ostoja/internal/project"
	"ostoja/internal/report/freeze"
	"ostoja/internal/report/freeze/freezeweb"
	"ostoja/internal/testrig"
)

// approved is a project whose first period is over and approved by the administrator, and that period's id.
func approved(t *testing.T, w *testrig.World) (projectID, periodID string) {
	t.Helper()
	ctx := t.Context()
	projectID = testrig.Must(w.Projects.Create(ctx, w.Coordinator, project.Draft{Name: "Szkolenia funkcjonariuszy", UnitID: w.Office, FirstDay: "2026-01-01", LastDay: "2026-12-31"}))(t)
	w.OK(w.Projects.AddPeriod(ctx, w.Coordinator, projectID, "2026-06-30"))
	w.OK(w.Projects.SetShares(ctx, w.Coordinator, projectID, []project.Share{{FundID: "amif-2021", Share: 7500}}))
	periodID = testrig.Must(w.Projects.Page(ctx, w.Coordinator, projectID))(t).Periods[0].ID
	w.OK(w.Projects.OpenPeriod(ctx, w.Coordinator, projectID, periodID, "sprawozdanie"))
	testrig.Must(w.Reports.HandIn(ctx, w.Coordinator, projectID, periodID))(t)
	w.OK(w.Projects.LockPeriod(ctx, w.Coordinator, projectID, periodID))
	testrig.Must(w.Reports.Approve(ctx, w.Admin, projectID, periodID))(t)
	return projectID, periodID
}

// A report is asked for by a form that keeps what was typed; its page shows the work, then what to take away; each download is recorded.
func TestFreezingAReport(t *testing.T) {
	for lang, words := range map[string]struct{ list, working, done string }{
		"pl": {"Zamrożone sprawozdania", "Sprawozdanie jest przygotowywane", "Sprawozdanie 1"},
		"en": {"Frozen reports", "The report is being prepared", "Report 1"},
	} {
		t.Run(lang, func(t *testing.T) {
			w := testrig.New(t)
			projectID, periodID := approved(t, w)
			path := freezeweb.Path(projectID)
			b := w.Browse(w.Coordinator)
			b.Post("/app/language", url.Values{"lang": {lang}, "return": {path}})
			list := w.Status(b.Get(path), http.StatusOK)
			if !strings.Contains(list.Text("main"), words.list) || list.Find(`main a[href="`+path+`/new?period=`+periodID+`"]`).Length() != 1 || strings.Contains(list.Body, "⟦") || !strings.Contains(list.Text("code"), w.Freeze.Fingerprint()) {
				t.Error(list.Text("main"))
			}
			ask := w.Status(b.Get(path+"/new?period="+periodID), http.StatusOK)
			if strings.Contains(ask.Body, "⟦") || ask.Find(`main form button`).Length() != 1 {
				t.Error(ask.Text("main"))
			}
			form := url.Values{"period": {periodID}, "ref": {"bad ref"}, "type": {"10"}}
			if p := b.Post(path+"/new", form); p.Status != http.StatusUnprocessableEntity || p.Find(`input[name=ref][value="bad ref"]`).Length() != 1 || strings.Contains(p.Body, "⟦") {
				t.Errorf("%d %s", p.Status, p.Text("main"))
			}
			form.Set("ref", "XX-TEST-1")
			p := b.Post(path+"/new", form)
			one := p.Header.Get("Location")
			if p.Status != http.StatusSeeOther || !strings.HasPrefix(one, path+"/") {
				t.Fatalf("%d %s", p.Status, one)
			}
			working := w.Status(b.Get(one), http.StatusOK)
			if !strings.Contains(working.Text("h1"), words.working) || working.Find("progress").Length() != 1 || working.Find(`noscript`).Length() == 0 || strings.Contains(working.Body, "⟦") {
				t.Error(working.Text("main"))
			}
			w.Status(b.Get(one+"/file"), http.StatusNotFound)
			w.Letters() // does the jobs
			done := w.Status(b.Get(one), http.StatusOK)
			if !strings.Contains(done.Text("h1"), words.done) || done.Find(`a[href="`+one+`/file"]`).Length() != 1 || done.Find(`a[href="`+one+`/iati"]`).Length() != 1 || strings.Contains(done.Body, "⟦") {
				t.Error(done.Text("main"))
			}
			reader := w.Browse(w.Reviewer)
			file := w.Status(reader.Get(one+"/file"), http.StatusOK)
			if file.Header.Get("Content-Type") != "application/zip" || !strings.Contains(file.Header.Get("Content-Disposition"), "report-1.zip") {
				t.Errorf("%v", file.Header)
			}
			if _, err := freeze.Verify([]byte(file.Body), w.Freeze.Fingerprint()); err != nil {
				t.Error(err)
			}
			w.Status(reader.Get(one+"/iati"), http.StatusOK)
			log := testrig.Must(audit.NewService(w.DB).List(t.Context(), w.Admin, audit.Filter{Action: "report.download"}))(t)
			if len(log.Entries) != 2 || log.Entries[0].ActorID != w.Reviewer.PersonID {
				t.Errorf("%+v", log.Entries)
			}
			if list := b.Get(path); !strings.Contains(list.Text("main"), words.done) || strings.Contains(list.Body, "⟦") {
				t.Error(list.Text("main"))
			}
		})
	}
}

// Who reads the project reads its reports and takes them; who signs for it may freeze; to everybody else there is nothing.
func TestWhoOpensThePages(t *testing.T) {
	w := testrig.New(t)
	projectID, periodID := approved(t, w)
	path := freezeweb.Path(projectID)
	frozenID := testrig.Must(w.Freeze.Ask(t.Context(), w.Coordinator, projectID, periodID, freeze.Publisher{Ref: "XX-TEST-1", Type: "10"}))(t)
	w.Letters()
	one := path + "/" + frozenID
	for name, actor := range w.Everybody() {
		b := w.Browse(actor)
		reads := name == "administrator" || name == "coordinator" || name == "reviewer"
		refused := http.StatusForbidden
		switch {
		case actor.PersonID == "":
			refused = http.StatusSeeOther
		case actor.Has(access.ProjectsRead):
			refused = http.StatusNotFound
		}
		for _, at := range []string{path, one, one + "/file", one + "/iati"} {
			want := http.StatusOK
			if !reads {
				want = refused
			}
			if p := b.Get(at); p.Status != want {
				t.Errorf("%s, %s: %d instead of %d", name, at, p.Status, want)
			}
		}
		if p := b.Post(path+"/new", url.Values{"period": {periodID}}); p.Status < 400 {
			t.Errorf("%s freezes: %d", name, p.Status)
		}
	}
	b := w.Browse(w.Coordinator)
	for _, at := range []string{path + "/x", path + "/" + projectID, path + "/new?period=x", path + "/new", freezeweb.Path("x"), freezeweb.Path(projectID) + "/x/file"} {
		w.Status(b.Get(at), http.StatusNotFound)
	}
}

// Who approved finds the reason in the place of the way to freeze.
func TestWhatIsInTheWayIsSaid(t *testing.T) {
	w := testrig.New(t)
	projectID, periodID := approved(t, w)
	path := freezeweb.Path(projectID)
	b := w.Browse(w.Admin)
	if p := w.Status(b.Get(path), http.StatusOK); !strings.Contains(p.Text("main"), "Sprawozdanie musi zamrozić ktoś inny") || p.Find(`main a[href*="/new"]`).Length() != 0 {
		t.Error(p.Text("main"))
	}
	w.Status(b.Get(path+"/new?period="+periodID), http.StatusForbidden)
	frozenID := testrig.Must(w.Freeze.Ask(t.Context(), w.Coordinator, projectID, periodID, freeze.Publisher{}))(t)
	testrig.Must(w.Reports.GiveBack(t.Context(), w.Admin, projectID, periodID))(t)
	w.Clock.Advance(time.Minute)
	w.Letters()
	if p := w.Status(b.Get(path+"/"+frozenID), http.StatusOK); !strings.Contains(p.Text("main"), "Nie wszystkie liczby okresu są zatwierdzone") || strings.Contains(p.Body, "⟦") {
		t.Error(p.Text("main"))
	}
}
