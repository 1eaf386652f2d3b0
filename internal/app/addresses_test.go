package app_test

import (
	_ "embed"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/classroom"
	"ostoja/internal/db"
	"ostoja/internal/disclosure"
	"ostoja/internal/itembank"
	"ostoja/internal/measurement"
	"ostoja/internal/measurement/survey"
	"ostoja/internal/testrig"
)

// Addresses stand in letters, on leaflets and in browsers' bookmarks: none may disappear, and a redirect is worth what it leads to.
// That every pattern of the application is still routed is tested in package access; here the old ones are followed to their end.

// siteAddresses are the addresses that the shipped content had when the public site's pages came to be made in advance. Only what
// is printed or linked from outside can be lost, so lines are added here and never taken away.
//
//go:embed testdata/site-addresses.txt
var siteAddresses string

// follow asks for an address and where it leads to, until something answers.
func follow(t *testing.T, b *testrig.Browser, address string) (status int, end string, header http.Header) {
	t.Helper()
	for range 4 {
		p := b.Get(address)
		to := p.Header.Get("Location")
		if to == "" {
			return p.Status, address, p.Header
		}
		u, err := url.Parse(to)
		if err != nil || u.Host != "" || !strings.HasPrefix(u.Path, "/") {
			t.Fatalf("%s leads to %q", address, to)
		}
		address = to
	}
	t.Fatalf("%s leads on and on", address)
	return 0, "", nil
}

// TestOldAddressesOfFilesAnswer: each address that a list's file had of its own leads to that file, in both formats, with the
// filters it had, for who might have it before.
func TestOldAddressesOfFilesAnswer(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		w.Enrol(w.Learner, testrig.SmallCourse)
		tests := testrig.Must(w.Bank.Tests(t.Context()))(t)
		var items []string
		for _, f := range tests[0].Forms {
			items = append(items, f.Items...)
		}
		testrig.Must(w.Bank.Review(t.Context(), w.SecondAuthor, items, itembank.Approved, ""))(t)
		m := testrig.Must(w.Measurement.Attach(t.Context(), w.Admin, measurement.Draft{
			TestID: tests[0].ID, Kind: measurement.OfTraining, UnitID: w.Guard, Waves: measurement.FollowUps, Survey: true,
			Make: w.Classroom.Maker(classroom.Draft{Title: "Szkolenie", UnitID: w.Guard, HeldFrom: testrig.Start.Add(24 * time.Hour), HeldUntil: testrig.Start.Add(48 * time.Hour)}),
		}))(t)
		w.OK(w.DB.Update(t.Context(), func(tx *db.Tx) (err error) {
			for i := 0; i < disclosure.LeastGroup && err == nil; i++ { // fewer answers are not shown
				err = survey.Add(t.Context(), tx, m.ID, survey.Of(map[string]int{survey.Questions[0]: 4}))
			}
			return err
		}))
		desk, course, training := "/app/desk/", testrig.SmallCourse, "/app/evidence/measurements/"+m.ID
		old := []struct {
			who   access.Actor
			path  string // without its format
			end   string // the page that the file belongs to now
			query string // a filter that the file had
			file  string // how it is called
		}{
			{w.Coordinator, "/app/people/export", "/app/people", "q=a", "people"},
			{w.Coordinator, desk + course + "/export/people", desk + course + "/people", "q=a", "people"},
			{w.Coordinator, desk + course + "/export/organisations", desk + course, "by=organisations", "organisations"},
			{w.Coordinator, desk + course + "/export/units", desk + course, "by=units", "units"},
			{w.Coordinator, desk + course + "/export/regions", desk + course, "by=regions", "regions"},
			{w.Coordinator, desk + course + "/export/months", desk + course, "by=months", "months"},
			{w.Coordinator, "/app/evidence/export/measurements", "/app/evidence", "kind=training", "measurements"},
			{w.Admin, training + "/people/export/people", training + "/people", "q=a", "people"},
			{w.Admin, training + "/evaluation/answers", training, "as=", "answers"}, // there never was a filter
			{w.Author, "/app/site/export/texts", "/app/site", "q=a", "texts"},
			{w.Author, "/app/site/facts/export/facts", "/app/site/facts", "q=a", "facts"},
			{w.Author, "/app/site/orders/export/orders", "/app/site/orders", "q=a", "orders"},
			{w.Author, "/app/site/visits/export/visits", "/app/site/visits", "from=2026-11-01", "visits"},
		}
		routed := map[string]bool{}
		for _, o := range old {
			for format, media := range map[string]string{"csv": "text/csv", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"} {
				address := o.path + "." + format + "?" + o.query
				if p := w.Browse(o.who).Get(address); p.Status != http.StatusMovedPermanently {
					t.Errorf("%s: %d", address, p.Status)
				}
				status, end, header := follow(t, w.Browse(o.who), address)
				path, query, _ := strings.Cut(end, "?")
				_, disposition, _ := mime.ParseMediaType(header.Get("Content-Disposition"))
				if status != http.StatusOK || path != o.end || !strings.Contains(query, o.query) || !strings.HasPrefix(header.Get("Content-Type"), media) ||
					!strings.HasPrefix(disposition["filename"], o.file+"-") || !strings.HasSuffix(disposition["filename"], "."+format) {
					t.Errorf("%s leads to %s: status %d, %s", address, end, status, header)
				}
				if status, end, _ := follow(t, w.Browse(w.Learner), address); status != http.StatusForbidden {
					t.Errorf("a learner comes by %s to %s: %d", address, end, status)
				}
			}
			routed[o.path] = true
		}
		if len(routed) != len(old) {
			t.Error("an address is asked for twice")
		}
	})
}

// TestOldAddressesOfThePublicSiteAnswer: in each language, also where an address leads on to another.
func TestOldAddressesOfThePublicSiteAnswer(t *testing.T) {
	w := testrig.New(t)
	testrig.Must(w.Site.ImportBundle(t.Context(), access.System, true))(t)
	w.OK(w.Reader.Refresh(t.Context()))
	reader := w.Browse(access.Actor{})
	lines := strings.Fields(siteAddresses)
	for _, address := range lines {
		if p := reader.Get(address); p.Status != http.StatusOK || p.Body == "" {
			t.Errorf("%s: %d", address, p.Status)
		}
		if bare, folder := strings.CutSuffix(address, "/"); folder && bare != "" { // as people type it, and as some programs cut it
			if status, end, _ := follow(t, reader, bare); status != http.StatusOK || end != address {
				t.Errorf("%s leads to %s: %d", bare, end, status)
			}
		}
	}
	if !slices.IsSorted(lines) || len(lines) < 250 {
		t.Errorf("%d addresses", len(lines))
	}
	for _, address := range []string{"/", "/app/"} {
		if status, end, _ := follow(t, reader, address); status != http.StatusOK {
			t.Errorf("%s leads to %s: %d", address, end, status)
		}
	}
}
