package measurementweb_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"ostoja/internal/access"
	"ostoja/internal/itembank"
	"ostoja/internal/measurement"
	"ostoja/internal/testrig"
	"ostoja/internal/web"
)

// TestNoFormHidesAFailure: whoever sends a form is led on once it was taken, and never where the database took nothing of it. Nor do the
// pages of who sits a test hide one.
func TestNoFormHidesAFailure(t *testing.T) {
	w := testrig.New(t)
	ctx := t.Context()
	form := func(pairs ...string) url.Values { return web.NewForm(pairs...).Values }
	test := testrig.Must(w.Bank.Tests(ctx))(t)[0]
	for _, f := range test.Forms {
		testrig.Must(w.Bank.Review(ctx, w.Admin, f.Items, itembank.Approved, ""))(t)
	}
	b := w.Browse(w.GuardCoordinator)
	b.FragileForm(t, "/app/evidence/attach", form("test", test.ID, "kind", string(measurement.OfTraining), "unit", w.Guard, "survey", "1", "waves", string(measurement.Week),
		"title", "Szkolenie", "place", "Lublin", "from", "2026-10-24", "from-time", "09:00", "until", "2026-10-24", "until-time", "15:00"))
	list := testrig.Must(w.Measurement.Measurements(ctx, w.GuardCoordinator))(t)
	if len(list) != 1 {
		t.Fatalf("%d measurements", len(list))
	}
	page := "/app/evidence/measurements/" + list[0].ID
	b.FragileForm(t, page+"/participants", url.Values{"person": {w.Learner.PersonID, w.OtherLearner.PersonID}})
	participants := testrig.Must(w.Measurement.Participants(ctx, w.GuardCoordinator, list[0].ID))(t)
	b.Files(t, page+"/people?as=csv", "/app/evidence?as=csv")
	for _, p := range participants {
		if p.PersonID == w.OtherLearner.PersonID {
			b.FragileForm(t, page+"/people/"+p.ID, form())
		}
	}
	b.FragileForm(t, page+"/announce", form("on", "1"), "site.revision", "FROM site_fact f", "o.fact_id = v.fact_id)") // are read once the change is done, to renew pages and facts
	b.FragileForm(t, page+"/close", form())
	b.FragileForm(t, page+"/close", form("open", "1"))
	for _, path := range []string{"/app/evidence/measurements/none", "/app/evidence/measurements/none/people", "/app/evidence/measurements/none/participants", page + "/export/comments.csv", page + "/export/other.csv"} {
		w.Status(b.Get(path), 404)
	}
	for _, path := range []string{"/close", "/participants", "/people/none", "/announce"} {
		if p := b.Post("/app/evidence/measurements/none"+path, form("person", w.Learner.PersonID)); p.Status < 400 || p.Status > 499 {
			t.Errorf("%s: status %d", path, p.Status)
		}
	}
	// The learner sits the test by the letter's link.
	sits := w.Browse(access.Actor{})
	w.OK(w.Measure(ctx))
	letter := w.LastLetter().Body
	link := strings.Fields(letter[strings.Index(letter, "/app/s/"):])[0]
	sits.Fragile(t, []string{link})
	sits.FragileForm(t, link, form())
	sits.Fragile(t, []string{"/app/sitting"})
	answers := form("submit", "sure")
	sits.Get("/app/sitting").Find("input[type=radio]").Each(func(_ int, choice *goquery.Selection) { answers.Set(choice.AttrOr("name", ""), "a") })
	sits.FragileForm(t, "/app/sitting", answers)
	sits.Fragile(t, []string{"/app/sitting/done"})
}
