package noticeweb_test

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"ostoja/internal/classroom"
	"ostoja/internal/project"
	"ostoja/internal/project/fund"
	"ostoja/internal/report/notice"
	"ostoja/internal/testrig"
	"ostoja/internal/text"
)

const amif = "amif-2021"

// TestFromTheFirstPageToAConfirmation: who takes part finds the notice on their own pages, reads it in another language, and confirms it; the office hands it out on paper
// and takes that back; others find no page.
func TestFromTheFirstPageToAConfirmation(t *testing.T) {
	w := testrig.New(t)
	ctx := t.Context()
	projectID := testrig.Must(w.Projects.Create(ctx, w.Coordinator, project.Draft{Name: "Szkolenia", UnitID: w.Office, FirstDay: "2026-01-01", LastDay: "2026-12-31"}))(t)
	w.OK(w.Projects.SetShares(ctx, w.Coordinator, projectID, []project.Share{{FundID: amif, Share: 10000}}))
	at := w.Clock.Now().Add(time.Hour)
	c := w.Class(w.Coordinator, w.Office, classroom.ContentDraft{Title: "Szkolenie"}, "Warszawa", testrig.Hours{From: at, Until: at.Add(3 * time.Hour)})
	w.OK(w.Projects.AddPart(ctx, w.Coordinator, projectID, project.Part{Kind: project.Training, SubjectID: c.ID, Share: 100}))
	c.Seat(w.Learner, w.OtherLearner)
	desk := project.Path(projectID, "notices")
	if p := w.Browse(w.Coordinator).Get(desk); !strings.Contains(p.Text("main"), "nie ma treści informacji") {
		t.Error(p.Text("main"))
	}
	set := testrig.Must(w.Funds.Get(ctx, w.Admin, amif))(t)
	w.OK(w.Funds.Edit(ctx, w.Admin, amif, set.Edition, fund.SetNotice{Notice: fund.Wording{Text: text.Translated{"pl": "Treść\n<b>funduszu</b>.", "uk": "Текст."}, Source: fund.OfficeSource}}))
	w.OK(w.Funds.Edit(ctx, w.Admin, amif, set.Edition+1, fund.SetIndicator{Indicator: fund.Indicator{ID: "participants", Unit: fund.Persons, Measure: fund.Participants, By: []fund.Breakdown{fund.BySex}, Source: "regulation"}}))
	b, page := w.Browse(w.Learner), notice.Path(projectID)
	for _, first := range []string{"/app/courses", "/app/my-trainings"} {
		if p := b.Get(first); !strings.Contains(p.Body, page) {
			t.Errorf("%s does not lead to the notice", first)
		}
		if p := w.Browse(w.PoliceLearner).Get(first); strings.Contains(p.Body, "/app/notices/") {
			t.Errorf("%s leads somebody to a notice that is none of theirs", first)
		}
	}
	p := b.Get(page)
	if p.Status != http.StatusOK || !strings.Contains(p.Text("main"), "<b>funduszu</b>.") || !strings.Contains(p.Text("main"), "Odpowiedź jest dobrowolna") {
		t.Fatalf("%d: %s", p.Status, p.Text("main"))
	}
	if p = b.Get(page + "?text=uk"); !strings.Contains(p.Text("main"), "Текст.") {
		t.Error(p.Text("main"))
	}
	if p = b.Post(page, url.Values{"sex": {"f"}}); p.Status != http.StatusUnprocessableEntity || !strings.Contains(p.Text("main"), "Zaznacz, że znasz treść") {
		t.Errorf("%d: %s", p.Status, p.Text("main"))
	}
	version := strconv.Itoa(set.Edition + 2)
	if p = b.Post(page+"?text=uk", url.Values{"fund-" + amif: {"1"}, "version-" + amif: {version}, "lang-" + amif: {"uk"}}); p.Status != http.StatusSeeOther {
		t.Fatalf("%d: %s", p.Status, p.Text("main"))
	}
	if p = b.Get(page); !strings.Contains(p.Text("main"), "język: ukraiński") && !strings.Contains(p.Text("main"), "Potwierdzono") {
		t.Error(p.Text("main"))
	}
	if p = b.Get("/app/my-trainings"); strings.Contains(p.Body, page) {
		t.Error("still asked")
	}
	w.Clock.Advance(5 * time.Hour)
	c.Present(0, w.OtherLearner, 180)
	office := w.Browse(w.Coordinator)
	day := w.Clock.Now().Format(time.DateOnly)
	if p = office.Post(desk, url.Values{"text": {amif + ":pl"}, "day": {c.ID + ":2020-01-01"}}); p.Status != http.StatusUnprocessableEntity {
		t.Errorf("%d", p.Status)
	}
	if p = office.Post(desk, url.Values{"text": {amif + ":pl"}, "day": {c.ID + ":" + day}}); p.Status != http.StatusSeeOther {
		t.Errorf("%d: %s", p.Status, p.Text("main"))
	}
	if p = office.Get(desk); !strings.Contains(p.Text("main"), "1 osoba.") || !strings.Contains(p.Text("main"), "Cofnij") {
		t.Error(p.Text("main"))
	}
	if p = w.Browse(w.OtherLearner).Get(page); !strings.Contains(p.Text("main"), "Handed out on paper") {
		t.Error(p.Text("main"))
	}
	handout := testrig.Must(w.Notices.Desk(ctx, w.Coordinator, projectID))(t).Handouts[0]
	if p = office.Post(desk, url.Values{"undo": {handout.ID}}); p.Status != http.StatusSeeOther {
		t.Errorf("%d", p.Status)
	}
	for name, a := range w.Everybody() {
		mine := a.PersonID == w.Learner.PersonID || a.PersonID == w.OtherLearner.PersonID
		if p := w.Browse(a).Get(page); mine != (p.Status == http.StatusOK) {
			t.Errorf("%s at the notice: %d", name, p.Status)
		}
		if p := w.Browse(a).Post(page, url.Values{"fund-" + amif: {"1"}}); !mine && p.Status < 400 {
			t.Errorf("%s confirms: %d", name, p.Status)
		}
		may := name == "administrator" || name == "coordinator" || name == "reviewer"
		if p := w.Browse(a).Get(desk); may != (p.Status == http.StatusOK) {
			t.Errorf("%s at the desk: %d", name, p.Status)
		}
		if p := w.Browse(a).Post(desk, url.Values{"text": {amif + ":pl"}, "day": {c.ID + ":" + day}}); (name == "reviewer" || !may) && p.Status < 400 {
			t.Errorf("%s hands out: %d", name, p.Status)
		}
	}
}
