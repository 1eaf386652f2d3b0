package owndataweb_test

import (
	"encoding/json"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"ostoja/internal/access"
	"ostoja/internal/classroom"
	"ostoja/internal/classroom/need"
	"ostoja/internal/db"
	"ostoja/internal/firstline"
	"ostoja/internal/firstline/card"
	"ostoja/internal/project"
	"ostoja/internal/report/spot"
	"ostoja/internal/testrig"
)

// everywhere makes a person of whom every area keeps something. Of the other person in the round nothing may come along.
func everywhere(t *testing.T, w *testrig.World) access.Actor {
	t.Helper()
	ctx := t.Context()
	o := w.GuardianOffice()
	a, _ := o.Guardian("Kanaryna", "Własna")
	a.Grants = append(a.Grants, access.Grant{Role: access.Editor, Path: w.Learner.Path}, access.Grant{Role: access.Learner})
	p := testrig.Must(w.Projects.Create(ctx, w.Coordinator, project.Draft{Name: "Projekt kanarkowy", UnitID: w.Office, FirstDay: "2026-01-01", LastDay: "2026-12-31"}))(t)
	w.OK(w.Projects.AddPeriod(ctx, w.Coordinator, p, "2026-12-31"))
	w.OK(w.Projects.SetShares(ctx, w.Coordinator, p, []project.Share{{FundID: "amif-2021", Share: 7500}}))
	at := w.Clock.Now().Add(time.Hour)
	c := w.Class(w.Coordinator, w.Office, classroom.ContentDraft{Title: "Szkolenie kanarkowe"}, "Warszawa", testrig.Hours{From: at, Until: at.Add(3 * time.Hour)})
	w.OK(w.Projects.AddPart(ctx, w.Coordinator, p, project.Part{Kind: project.Training, SubjectID: c.ID, Share: 100}))
	c.Seat(a)
	w.OK(w.Needs.Say(ctx, a, c.ID, need.Needs{need.Diet: "bez orzechów"}))
	w.Clock.Advance(5 * time.Hour)
	c.Present(0, a, 180)
	c.Close(0)
	w.Pass(a, testrig.SmallCourse)
	w.OK(w.Reports.Tell(ctx))
	check := testrig.Must(w.Spot.Draw(ctx, w.Coordinator, p, spot.Draft{FundID: "amif-2021", People: 1}))(t)
	w.OK(w.Spot.Reveal(ctx, w.Coordinator, p, check, 1, "kontrola"))
	w.OK(w.Projects.SetStaff(ctx, w.Coordinator, p, a.PersonID, true))
	if _, err := w.Laboratory.Begin(ctx, a, w.Laboratory.Cases()[0].ID); err != nil {
		t.Fatal(err)
	}
	w.OK(w.Laboratory.Want(ctx, a, true))
	w.OK(w.DB.Update(ctx, func(tx *db.Tx) error { // a notice, an age, a second account, cards and rounds, which who may do is tested with each area
		return db.Exec(ctx, tx, `INSERT INTO report_notice (project_id, person_id, fund_id, version, lang, at, how, actor_id) VALUES (?, ?, 'amif-2021', 1, 'pl', ?, 'page', ?)`, p, a.PersonID, w.Clock.Now(), a.PersonID)
	}))
	w.OK(w.DB.Update(ctx, func(tx *db.Tx) error {
		return db.Exec(ctx, tx, `INSERT INTO report_age (person_id, band, at) VALUES (?, '18-60', ?)`, a.PersonID, w.Clock.Now())
	}))
	admin := a
	admin.Grants = []access.Grant{{Role: access.Administrator}}
	w.OK(w.Cards.Write(ctx, admin, w.Office, card.Draft{Lines: []card.Line{{Who: "Dyżur", Phone: "22 000 00 00", When: card.Always}}}))
	round := testrig.Must(w.Agreement.Begin(ctx, admin, w.Office))(t)
	w.OK(w.Agreement.Say(ctx, admin, round, w.Agreement.Table().Situations[0].ID, firstline.Now))
	return a
}

var raw = regexp.MustCompile(`\b(present|confirmed|done|asked|page|invited|applied|added|listed|verified|amif-2021|self|now|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|\d{4}-\d{2}-\d{2})\b|⟦|%!`)

// TestPageAndFilesAreOne: what the page says, the file to read says in the same words, and the file for programs has a value for each; no code and no identifier reaches a
// reader.
func TestPageAndFilesAreOne(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		a := everywhere(t, w)
		b := w.Browse(a)
		page, text, file := b.Get("/app/account/data"), b.Get("/app/account/data.txt"), b.Get("/app/account/data.json")
		if page.Status != http.StatusOK || text.Status != http.StatusOK || file.Status != http.StatusOK {
			t.Fatalf("%d, %d, %d: %s", page.Status, text.Status, file.Status, page.Text("main"))
		}
		var d struct {
			Sections []struct {
				Name    string
				Records []map[string]any
			}
		}
		w.OK(json.Unmarshal([]byte(file.Body), &d))
		full := map[string]int{}
		values := 0
		for _, s := range d.Sections {
			full[s.Name] = len(s.Records)
			for _, r := range s.Records {
				values += len(r)
			}
		}
		for _, name := range w.OwnData.Names() {
			if empty := slices.Contains([]string{"requests", "teaching", "candidacy", "measurement"}, name); (full[name] == 0) != empty {
				t.Errorf("%s has %d records", name, full[name])
			}
		}
		var shown []string
		page.Find("main dt").Each(func(_ int, term *goquery.Selection) {
			shown = append(shown, strings.TrimSpace(term.Text())+": "+strings.TrimSpace(term.Next().Text()))
		})
		var said []string
		for _, line := range regexp.MustCompile(`(?m)^[^:\r\n]+: .+\r$`).FindAllString(text.Body, -1)[1:] { // the first says of when it is
			said = append(said, strings.TrimSpace(line))
		}
		if !slices.Equal(shown, said) {
			t.Errorf("the page says %q, the file %q", shown, said)
		}
		if len(said) != values {
			t.Errorf("%d lines are told, and there are %d values", len(said), values)
		}
		for name, body := range map[string]string{"page": strings.Join(shown, "\n"), "file": text.Body} {
			if found := raw.FindAllString(body, -1); len(found) > 0 {
				t.Errorf("the %s says %q: %s", name, found, body)
			}
			for _, want := range []string{"bez orzechów", "Szkolenie kanarkowe", "Projekt kanarkowy", "Wylosowano do kontroli", "dopóki nie znamy dnia"} {
				if !strings.Contains(body, want) {
					t.Errorf("the %s leaves out %q", name, want)
				}
			}
		}
	})
}
