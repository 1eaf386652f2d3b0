package journalweb_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"ostoja/internal/project"
	"ostoja/internal/testrig"
)

// begin makes a project whose one period is open.
func begin(t *testing.T, w *testrig.World) (projectID, periodID string) {
	t.Helper()
	ctx := t.Context()
	projectID = testrig.Must(w.Projects.Create(ctx, w.Coordinator, project.Draft{Name: "Szkolenia", UnitID: w.Office, FirstDay: "2026-01-01", LastDay: "2026-12-31"}))(t)
	w.OK(w.Projects.AddPeriod(ctx, w.Coordinator, projectID, "2026-12-31"))
	periodID = testrig.Must(w.Projects.Page(ctx, w.Coordinator, projectID))(t).Periods[0].ID
	w.OK(w.Projects.OpenPeriod(ctx, w.Coordinator, projectID, periodID, "zapisy"))
	return projectID, periodID
}

// TestTheChecklist: a duty is added with a proof, corrected, and its file erased; what was typed stays, in both languages.
func TestTheChecklist(t *testing.T) {
	for tag, words := range map[string]struct{ none, done, fault, gone string }{
		"pl": {"Nie ma tu jeszcze obowiązków", "zrobione", "Zaznacz, co widać na zdjęciu.", "Plik dowodu został usunięty."},
		"en": {"There are no duties here yet", "done", "Say what can be seen in the photograph.", "The file of the proof was taken out."},
	} {
		t.Run(tag, func(t *testing.T) {
			w := testrig.New(t)
			projectID, periodID := begin(t, w)
			path := project.Path(projectID, "visibility")
			b := w.Browse(w.Coordinator)
			b.Post("/app/language", url.Values{"lang": {tag}, "return": {path}})
			if p := w.Status(b.Get(path), http.StatusOK); !strings.Contains(p.Text("main"), words.none) || strings.Contains(p.Body, "⟦") {
				t.Error(p.Text("main"))
			}
			if p := w.Status(b.Get(path+"/new"), http.StatusOK); p.Find(`form[enctype="multipart/form-data"] input[type=file]`).Length() != 1 || strings.Contains(p.Body, "⟦") {
				t.Error(p.Text("main"))
			}
			form := url.Values{"period": {periodID}, "duty": {"Plakat na sali"}, "met": {"done"}, "day": {"2026-05-04"}, "proof": {"photograph"}, "shows": {"Plakat"}}
			if p := b.Upload(path+"/new", form, "poster.jpg", "no picture"); p.Status != http.StatusUnprocessableEntity || !strings.Contains(p.Text("main"), words.fault) || p.Find(`input[value="Plakat na sali"]`).Length() != 1 || strings.Contains(p.Body, "⟦") {
				t.Errorf("%d %s", p.Status, p.Text("main"))
			}
			form.Set("proof", "pdf")
			w.Status(b.Upload(path+"/new", form, "poster.pdf", "%PDF-poster"), http.StatusSeeOther)
			list := w.Status(b.Get(path), http.StatusOK)
			if !strings.Contains(list.Text("main"), words.done) || strings.Contains(list.Body, "⟦") {
				t.Error(list.Text("main"))
			}
			duty := list.Find(`main td a, main th a`).AttrOr("href", "")
			one := w.Status(b.Get(duty), http.StatusOK)
			file := one.Find(`main a[href*="/proofs/"]`).AttrOr("href", "")
			if got := w.Status(w.Browse(w.Reviewer).Get(file), http.StatusOK); got.Body != "%PDF-poster" || !strings.HasPrefix(got.Header.Get("Content-Disposition"), "attachment") {
				t.Errorf("%v", got.Header)
			}
			w.Status(b.Get(path+"/nothing"), http.StatusNotFound)
			w.Status(b.Post(file, url.Values{"duty": {strings.TrimPrefix(duty, path+"/")}}), http.StatusSeeOther)
			if p := w.Status(b.Get(duty), http.StatusOK); !strings.Contains(p.Text("main"), words.gone) || strings.Contains(p.Body, "⟦") {
				t.Error(p.Text("main"))
			}
			w.Status(b.Get(file), http.StatusNotFound)
			w.OK(w.Projects.LockPeriod(t.Context(), w.Coordinator, projectID, periodID))
			if p := b.Get(duty); p.Find("main form.form").Length() != 0 || p.Find(`main a[href="`+project.Path(projectID, "periods")+`"]`).Length() == 0 {
				t.Error("a form in a locked project")
			}
		})
	}
}

// TestTheLog: risks and changes are written, corrected with a reason, and taken away as a file.
func TestTheLog(t *testing.T) {
	for tag, words := range map[string]struct{ none, open, answer, history string }{
		"pl": {"Nie ma zapisanych ryzyk", "otwarte", "zatwierdzona", "Historia"},
		"en": {"No risks are noted", "open", "approved", "History"},
	} {
		t.Run(tag, func(t *testing.T) {
			w := testrig.New(t)
			projectID, periodID := begin(t, w)
			path := project.Path(projectID, "log")
			b := w.Browse(w.Coordinator)
			b.Post("/app/language", url.Values{"lang": {tag}, "return": {path}})
			if p := w.Status(b.Get(path), http.StatusOK); !strings.Contains(p.Text("main"), words.none) || strings.Contains(p.Body, "⟦") {
				t.Error(p.Text("main"))
			}
			risk := url.Values{"period": {periodID}, "what": {"Odwołane szkolenia"}, "likelihood": {"low"}, "impact": {"high"}, "measure": {"Zapasowe terminy"}, "opened": {"2026-02-01"}}
			if p := b.Post(path+"/risk/new", risk); p.Status != http.StatusUnprocessableEntity || p.Find(`.wrong input[name=watcher]`).Length() != 1 || p.Find(`input[value="Odwołane szkolenia"]`).Length() != 1 || strings.Contains(p.Body, "⟦") {
				t.Errorf("%d %s", p.Status, p.Text("main"))
			}
			risk.Set("watcher", "biuro")
			at := w.Status(b.Post(path+"/risk/new", risk), http.StatusSeeOther).Header.Get("Location")
			change := url.Values{"period": {periodID}, "what": {"Więcej szkoleń"}, "why": {"Zainteresowanie"}, "asked": {"2026-03-01"}, "answer": {"approved"}, "day": {"2026-03-20"}}
			changed := w.Status(b.Post(path+"/change/new", change), http.StatusSeeOther).Header.Get("Location")
			one := w.Status(b.Get(at), http.StatusOK)
			risk.Set("seen", one.Find(`input[name=seen]`).AttrOr("value", ""))
			risk.Set("closed", "2026-09-01")
			risk.Set("note", "Szkolenia się odbyły.")
			w.Status(b.Post(at, risk), http.StatusSeeOther)
			if p := w.Status(b.Get(at), http.StatusOK); !strings.Contains(p.Text("main"), words.history) || !strings.Contains(p.Text("main"), "Szkolenia się odbyły.") || strings.Contains(p.Body, "⟦") {
				t.Error(p.Text("main"))
			}
			if p := b.Post(at, risk); p.Status != http.StatusUnprocessableEntity {
				t.Errorf("over what was written meanwhile: %d", p.Status)
			}
			list := w.Status(b.Get(path), http.StatusOK)
			if !strings.Contains(list.Text("main"), words.answer) || strings.Contains(list.Body, "⟦") {
				t.Error(list.Text("main"))
			}
			if p := b.Get(path + "?risk.state=open"); strings.Contains(p.Text("main"), "Odwołane") {
				t.Error("a closed risk among the open ones")
			}
			file := w.Status(w.Browse(w.Reviewer).Get(path+"?risk.as=csv"), http.StatusOK)
			if lines := strings.Split(strings.TrimSpace(file.Body), "\n"); len(lines) != 2 || !strings.Contains(lines[1], "Odwołane szkolenia") || !strings.Contains(lines[1], "Zapasowe terminy") {
				t.Errorf("%q", file.Body)
			}
			if x := w.Status(b.Get(path+"?change.as=xlsx"), http.StatusOK); !strings.Contains(x.Header.Get("Content-Type"), "spreadsheet") {
				t.Errorf("%v", x.Header)
			}
			for _, wrong := range []string{"/risk/" + projectID, "/word/new", strings.Replace(strings.TrimPrefix(changed, path), "change", "risk", 1)} {
				w.Status(b.Get(path+wrong), http.StatusNotFound)
			}
			w.Status(b.Post(path+"/word/new", risk), http.StatusNotFound)
		})
	}
}

// TestWhoReadsAndWrites: who reads the project reads, who keeps it writes, to others there is none.
func TestWhoReadsAndWrites(t *testing.T) {
	w := testrig.New(t)
	projectID, periodID := begin(t, w)
	for who, a := range w.Everybody() {
		b := w.Browse(a)
		writes := a.PersonID == w.Admin.PersonID || a.PersonID == w.Coordinator.PersonID
		reads := writes || a.PersonID == w.Reviewer.PersonID
		for _, side := range []string{"visibility", "log"} {
			if p := b.Get(project.Path(projectID, side)); (p.Status == http.StatusOK) != reads {
				t.Errorf("%s reads %s: %d", who, side, p.Status)
			}
		}
		for _, path := range []string{"/visibility/new", "/log/risk/new", "/log/change/new"} {
			if p := b.Get(project.Path(projectID) + path); (p.Status == http.StatusOK) != writes {
				t.Errorf("%s opens %s: %d", who, path, p.Status)
			}
			if p := b.Post(project.Path(projectID)+path, url.Values{"period": {periodID}}); (p.Status == http.StatusUnprocessableEntity) != writes {
				t.Errorf("%s writes %s: %d", who, path, p.Status)
			}
		}
	}
}
