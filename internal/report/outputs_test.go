package report_test

import (
	"testing"
	"time"

	"ostoja/internal/db"
	"ostoja/internal/project"
	"ostoja/internal/project/fund"
	"ostoja/internal/publication"
	"ostoja/internal/site/visits"
	"ostoja/internal/testrig"
)

// TestPublicationsOfAProject: what came out, was printed, was given away and was downloaded, per period and since the beginning; of others' publications, nothing.
func TestPublicationsOfAProject(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx := t.Context()
		const plan = "national-plan"
		set := testrig.Must(w.Funds.Current(ctx, w.DB, plan))(t)
		edition := set.Version
		for _, m := range []fund.Measure{fund.CopiesPrinted, fund.CopiesGiven, fund.Downloads} {
			w.OK(w.Funds.Edit(ctx, w.Admin, plan, edition, fund.SetIndicator{Indicator: fund.Indicator{ID: string(m), Unit: fund.Number, Measure: m, Source: fund.OfficeSource}, New: true}))
			edition++
		}
		p := begin(t, w)
		w.OK(w.Projects.SetShares(ctx, w.Coordinator, p.id, []project.Share{{FundID: plan, Share: 5000}}))
		place := testrig.Must(w.Publications.AddPlace(ctx, w.Coordinator, publication.PlaceDraft{UnitID: w.Office, Name: "Biuro", Kind: publication.Office}))(t)
		printed := func(title string, runs ...publication.Run) string {
			publicationID := testrig.Must(w.Publications.Create(ctx, w.Coordinator, publication.Draft{UnitID: w.Office, Title: title, Languages: []string{"pl"}}))(t)
			for _, r := range runs {
				_ = testrig.Must(w.Publications.Print(ctx, w.Coordinator, publicationID, r, place))(t)
			}
			return publicationID
		}
		old := printed("Poradnik", publication.Run{Day: "2026-03-01", Copies: 500}, publication.Run{Day: "2026-10-23", Copies: 200})
		early := printed("Z dawnych lat", publication.Run{Day: "2025-03-01", Copies: 70})
		other := printed("Nie z tego projektu", publication.Run{Day: "2026-03-01", Copies: 11})
		for _, publicationID := range []string{old, early} {
			w.OK(w.Projects.AddPart(ctx, w.Coordinator, p.id, project.Part{Kind: project.Publication, SubjectID: publicationID, Share: 100}))
		}
		send := func(publicationID string, copies int, day string) {
			w.Clock.Advance(time.Second)
			w.OK(w.Publications.Record(ctx, w.Coordinator, publicationID, publication.Move{Kind: publication.Sent, FromID: place, UnitID: w.Terespol, Copies: copies, Day: day}))
		}
		send(old, 40, "2026-06-30")
		send(old, 60, "2026-10-23")
		send(early, 5, "2026-10-23")
		send(other, 7, "2026-10-23")
		w.Clock.Advance(time.Second)
		w.OK(w.Publications.Record(ctx, w.Coordinator, old, publication.Move{Kind: publication.WrittenOff, FromID: place, Copies: 9, Reason: "zalane", Day: "2026-10-23"}))
		check := func(period int, want map[string][2]float64) {
			t.Helper()
			_, x := p.sheet(t, w.Coordinator, period)
			for indicator, n := range want {
				r := row(t, x, indicator)
				if !r.Period.Known || !r.Cumulative.Known || r.Period.N != n[0] || r.Cumulative.N != n[1] {
					t.Errorf("period %d, %s: %+v, %+v, want %v", period, indicator, r.Period, r.Cumulative, n)
				}
			}
		}
		check(1, map[string][2]float64{"publications": {1, 1}, "copies-printed": {500, 500}, "copies-given": {40, 40}, "downloads": {0, 0}})
		check(2, map[string][2]float64{"publications": {0, 1}, "copies-printed": {200, 700}, "copies-given": {65, 105}, "downloads": {0, 0}})
		// What was taken back counts no longer.
		page := testrig.Must(w.Publications.Page(ctx, w.Coordinator, early))(t)
		w.OK(w.Publications.Undo(ctx, w.Coordinator, early, page.Moves[0].ID))
		check(2, map[string][2]float64{"copies-given": {60, 100}})

		// Downloads: of the publication's page on the site and in its languages, of months that are over, and nothing below ten.
		w.OK(w.DB.Update(ctx, func(tx *db.Tx) error {
			return db.Exec(ctx, tx, `UPDATE publication SET article_id = 'poradnik' WHERE id IN (?, ?)`, old, early)
		}))
		w.OK(w.Visits.Add(ctx, map[visits.Visit]int64{visits.Download("poradnik", "pl"): 12, visits.Download("poradnik", "uk"): 50, visits.Download("inny", "pl"): 50}))
		check(2, map[string][2]float64{"downloads": {0, 0}})
		w.Clock.Advance(15 * 24 * time.Hour)
		check(2, map[string][2]float64{"downloads": {12, 12}})
		w.OK(w.DB.Update(ctx, func(tx *db.Tx) error { return db.Exec(ctx, tx, `UPDATE site_download SET n = 9`) }))
		_, x := p.sheet(t, w.Coordinator, 2)
		if r := row(t, x, "downloads"); !r.Period.Few || r.Cumulative.N != 0 {
			t.Errorf("nine downloads: %+v, %+v", r.Period, r.Cumulative)
		}
		// It is offered to a project once, to who keeps the office's publications.
		offers := testrig.Must(w.Projects.Offers(ctx, w.Coordinator, p.id))(t)
		n := 0
		for _, o := range offers {
			if o.Kind == project.Publication {
				n++
				if o.SubjectID != other || o.Title.In("pl") != "Nie z tego projektu" {
					t.Errorf("%+v", o)
				}
			}
		}
		if n != 1 {
			t.Errorf("%d publications are offered", n)
		}
	})
}
