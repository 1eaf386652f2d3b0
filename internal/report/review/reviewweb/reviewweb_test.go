package reviewweb_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"ostoja/internal/access"
	"ostoja/internal/project"
	"ostoja/internal/report"
	"ostoja/internal/report/freeze"
	"ostoja/internal/report/journal"
	"ostoja/internal/report/review"
	"ostoja/internal/testrig"
)

const (
	name    = "Tajny projekt graniczny"
	address = "anna.kontrolna@fundusz.example"
)

var (
	linkIn = regexp.MustCompile(`/review/[A-Za-z0-9_-]+`)
	codeIn = regexp.MustCompile(`[0-9A-Z]{4}-[0-9A-Z]{4}`)
)

// begin makes a project whose first period is over, approved and frozen.
func begin(t *testing.T, w *testrig.World) (projectID, frozenID string) {
	t.Helper()
	ctx := t.Context()
	projectID = testrig.Must(w.Projects.Create(ctx, w.Coordinator, project.Draft{Name: name, UnitID: w.Office, FirstDay: "2026-01-01", LastDay: "2026-12-31"}))(t)
	w.OK(w.Projects.AddPeriod(ctx, w.Coordinator, projectID, "2026-06-30"))
	w.OK(w.Projects.AddPeriod(ctx, w.Coordinator, projectID, "2026-12-31"))
	w.OK(w.Projects.SetShares(ctx, w.Coordinator, projectID, []project.Share{{FundID: "amif-2021", Share: 7500}}))
	x := testrig.Must(w.Projects.Page(ctx, w.Coordinator, projectID))(t).Periods[0]
	w.OK(w.Projects.OpenPeriod(ctx, w.Coordinator, projectID, x.ID, "sprawozdanie"))
	e := testrig.Must(w.Reports.Table(ctx, w.Coordinator, projectID, 1))(t).Sheets[0].Rows[0].Figure
	w.OK(w.Reports.Write(ctx, w.Coordinator, projectID, x.ID, report.Entry{FundID: e.FundID, Indicator: e.Indicator, Narrative: "Dwa szkolenia przeniesione na wiosnę."}))
	w.OK(w.Journal.Say(ctx, w.Coordinator, projectID, x.ID, journal.VisibleDraft{
		Duty: "Plakat na sali", Lang: "pl", Met: journal.Done, Day: "2026-05-04", Proof: journal.PDF, File: []byte("%PDF-poster"), Shows: "Plakat w Warszawie",
	}))
	testrig.Must(w.Journal.WriteRisk(ctx, w.Coordinator, projectID, x.ID, "", "", journal.Risk{
		What: "Odwołane szkolenia", Likelihood: journal.Low, Impact: journal.High, Measure: "Zapasowe terminy", Watcher: "biuro", Opened: "2026-02-01",
	}))(t)
	testrig.Must(w.Journal.WriteChange(ctx, w.Coordinator, projectID, x.ID, "", "", journal.Change{What: "Więcej szkoleń", Why: "Zainteresowanie", Answer: journal.NoNeed}))(t)
	testrig.Must(w.Reports.HandIn(ctx, w.Coordinator, projectID, x.ID))(t)
	w.OK(w.Projects.LockPeriod(ctx, w.Coordinator, projectID, x.ID))
	testrig.Must(w.Reports.Approve(ctx, w.Admin, projectID, x.ID))(t)
	frozenID = testrig.Must(w.Freeze.Ask(ctx, w.Coordinator, projectID, x.ID, freeze.Publisher{}))(t)
	w.Letters()
	return projectID, frozenID
}

// TestAReviewersWay: the office gives a link, the reviewer shows a code and reads, the office sees it and ends the link; in both languages.
func TestAReviewersWay(t *testing.T) {
	for tag, words := range map[string]struct{ door, until, waiting, ended, used string }{
		"pl": {"Ten link jest dla jednej osoby", "Tylko do odczytu", "przed złożeniem", "Ten link został wyłączony", "pobrane sprawozdanie 1"},
		"en": {"This link is for one person", "Read only", "not handed in yet", "This link was switched off", "report 1 was downloaded"},
	} {
		t.Run(tag, func(t *testing.T) {
			w := testrig.New(t)
			projectID, frozenID := begin(t, w)
			office := review.Path(projectID)
			b := w.Browse(w.Coordinator)
			b.Post("/app/language", url.Values{"lang": {tag}, "return": {office}})
			if p := w.Status(b.Get(office), http.StatusOK); strings.Contains(p.Body, "⟦") || p.Find(`input[name=until][value]`).Length() != 1 {
				t.Error(p.Text("main"))
			}
			form := url.Values{"act": {"give"}, "fund": {"amif-2021"}, "period": {"0"}, "name": {"Anna Kontrolna"}, "address": {"anna"}, "lang": {tag}, "until": {"2030-01-01"}}
			if p := b.Post(office, form); p.Status != http.StatusUnprocessableEntity || p.Find(`input[value="Anna Kontrolna"]`).Length() != 1 || p.Find(".field.wrong").Length() != 2 || strings.Contains(p.Body, "⟦") {
				t.Errorf("%d %s", p.Status, p.Text("main"))
			}
			usual, _ := review.LastDay(w.Projects.Today())
			form.Set("address", address)
			form.Set("until", usual)
			w.Status(b.Post(office, form), http.StatusSeeOther)
			link := linkIn.FindString(w.LastLetter().Body)

			r := w.Browse(access.Actor{})
			door := w.Status(r.Get(link), http.StatusOK)
			if !strings.Contains(door.Text("main"), words.door) || strings.Contains(door.Body, name) || strings.Contains(door.Body, "⟦") || door.Find("html").AttrOr("lang", "") != tag {
				t.Error(door.Text("main"))
			}
			for header, want := range map[string]string{"Referrer-Policy": "no-referrer", "Cache-Control": "no-store", "X-Robots-Tag": "noindex, nofollow"} {
				if got := door.Header.Get(header); got != want {
					t.Errorf("%s: %q", header, got)
				}
			}
			if door.Find(`meta[name=robots][content=noindex]`).Length() != 1 || door.Header.Get("Set-Cookie") != "" {
				t.Error("the door is indexed, or sets a cookie")
			}
			w.Status(r.Get(link+"/packages/"+frozenID), http.StatusSeeOther)
			if p := r.Post(link, url.Values{"act": {"ask"}, "address": {"anna"}}); p.Status != http.StatusUnprocessableEntity || p.Find(`input[name=address][value=anna]`).Length() != 1 || strings.Contains(p.Body, "⟦") {
				t.Errorf("%d %s", p.Status, p.Text("main"))
			}
			sent := w.Status(r.Post(link, url.Values{"act": {"ask"}, "address": {address}}), http.StatusSeeOther).Header.Get("Location")
			if p := w.Status(r.Get(sent), http.StatusOK); p.Find("input[name=code]").Length() != 1 || strings.Contains(p.Body, "⟦") {
				t.Error(p.Text("main"))
			}
			if p := r.Post(link, url.Values{"act": {"enter"}, "code": {"ABCD-ABCD"}}); p.Status != http.StatusUnprocessableEntity || p.Find(".field.wrong input[name=code]").Length() != 1 {
				t.Errorf("%d %s", p.Status, p.Text("main"))
			}
			entered := w.Status(r.Post(link, url.Values{"act": {"enter"}, "code": {codeIn.FindString(w.LastLetter().Body)}}), http.StatusSeeOther)
			if cookie := entered.Header.Get("Set-Cookie"); !strings.Contains(cookie, "Path=/review/") || !strings.Contains(cookie, "HttpOnly") || !strings.Contains(cookie, "SameSite=Lax") || strings.Contains(cookie, "Max-Age") {
				t.Error(cookie)
			}
			reads(t, w, r, link, frozenID, words.until, words.waiting)

			if p := w.Status(w.Browse(access.Actor{}).Get(link), http.StatusOK); strings.Contains(p.Body, name) {
				t.Error("another browser reads the project")
			}
			list := b.Get(office)
			if !strings.Contains(list.Text("main"), words.used) || strings.Contains(list.Body, "⟦") || strings.Contains(list.Body, link) {
				t.Error(list.Text("main"))
			}
			linkID := list.Find(`input[name=link]`).AttrOr("value", "")
			w.Status(b.Post(office, url.Values{"act": {"end"}, "link": {linkID}}), http.StatusSeeOther)
			for _, p := range []string{link, link + "/packages/" + frozenID, link + "/proofs/" + frozenID} {
				over := w.Status(r.Get(p), http.StatusGone)
				if !strings.Contains(over.Text("main"), words.ended) || !strings.Contains(over.Text("main"), "Biuro programu") || strings.Contains(over.Body, name) || strings.Contains(over.Body, "⟦") {
					t.Error(over.Text("main"))
				}
			}
			w.Status(r.Post(link, url.Values{"act": {"ask"}, "address": {address}}), http.StatusGone)
		})
	}
}

// reads looks at the project's page as a browser that has shown a code, takes a package and the table, and closes its access.
func reads(t *testing.T, w *testrig.World, r *testrig.Browser, link, frozenID, until, waiting string) {
	t.Helper()
	p := w.Status(r.Get(link), http.StatusOK)
	if !strings.Contains(p.Text("h1"), name) || !strings.Contains(p.Text("main"), until) || !strings.Contains(p.Text("main"), waiting) || strings.Contains(p.Body, "⟦") || strings.Contains(p.Text("title"), name) {
		t.Error(p.Text("main"))
	}
	if !strings.Contains(p.Text("main"), w.Freeze.Fingerprint()) || p.Header.Get("Referrer-Policy") != "no-referrer" {
		t.Error("no fingerprint")
	}
	for _, person := range []string{"Celina", "Adam", "Kontrolna"} {
		if strings.Contains(p.Body, person) {
			t.Errorf("the page names %s", person)
		}
	}
	p.Find("main a").Each(func(_ int, a *goquery.Selection) {
		if href := a.AttrOr("href", ""); strings.HasPrefix(href, "/app/") {
			t.Errorf("a link to %s", href)
		}
	})
	first := w.Status(r.Get(link+"?period=1"), http.StatusOK)
	if !strings.Contains(first.Text("main"), "przeniesione na wiosnę") || strings.Contains(first.Text("table"), waiting) {
		t.Error(first.Text("main"))
	}
	for _, words := range []string{"Plakat na sali", "Odwołane szkolenia", "Więcej szkoleń"} {
		if !strings.Contains(first.Text("main"), words) {
			t.Errorf("no %s", words)
		}
	}
	proof := first.Find(`main a[href*="/proofs/"]`).AttrOr("href", "")
	if file := w.Status(r.Get(proof), http.StatusOK); file.Body != "%PDF-poster" || file.Header.Get("Content-Type") != "application/pdf" || !strings.HasPrefix(file.Header.Get("Content-Disposition"), "attachment") {
		t.Errorf("%v", file.Header)
	}
	w.Status(r.Get(link+"/proofs/"+frozenID), http.StatusNotFound)
	w.Status(w.Browse(access.Actor{}).Get(proof), http.StatusSeeOther)
	w.Status(r.Get(link+"?period=9"), http.StatusNotFound)
	if x := w.Status(r.Get(link+"?period=1&as=xlsx"), http.StatusOK); !strings.Contains(x.Header.Get("Content-Type"), "spreadsheet") {
		t.Error(x.Header)
	}
	file := w.Status(r.Get(link+"/packages/"+frozenID), http.StatusOK)
	if _, err := freeze.Verify([]byte(file.Body), w.Freeze.Fingerprint()); err != nil || file.Header.Get("Content-Type") != "application/zip" {
		t.Errorf("%v, %v", err, file.Header)
	}
	w.Status(r.Get(link+"/packages/x"), http.StatusNotFound)
	w.Status(r.Post(link, url.Values{"act": {"burn"}}), http.StatusBadRequest)
	w.Status(r.Post(link, url.Values{"act": {"close"}}), http.StatusSeeOther)
	if p := r.Get(link); strings.Contains(p.Body, name) {
		t.Error("closed, and still open")
	}
}

// TestAKeyEnds: after twelve hours a browser has to show another code; an unknown link is answered in the language of the browser.
func TestAKeyEnds(t *testing.T) {
	w := testrig.New(t)
	projectID, _ := begin(t, w)
	usual, _ := review.LastDay(w.Projects.Today())
	link := ""
	for range 2 { // a browser opens several links
		testrig.Must(w.Review.Give(t.Context(), w.Coordinator, projectID, review.Draft{FundID: "amif-2021", Name: "Anna", Address: address, Lang: "en", Until: usual}))(t)
	}
	r := w.Browse(access.Actor{})
	var links []string
	for _, m := range w.Letters() {
		if found := linkIn.FindString(m.Body); found != "" && m.To == address {
			links = append(links, found)
		}
	}
	for _, link = range links {
		r.Post(link, url.Values{"act": {"ask"}, "address": {address}})
		w.Status(r.Post(link, url.Values{"act": {"enter"}, "code": {codeIn.FindString(w.LastLetter().Body)}}), http.StatusSeeOther)
	}
	for _, link := range links {
		if p := r.Get(link); !strings.Contains(p.Body, name) {
			t.Errorf("%s is closed: %s", link, p.Text("main"))
		}
	}
	w.Clock.Advance(review.KeyFor)
	if p := r.Get(link); strings.Contains(p.Body, name) || p.Status != http.StatusOK {
		t.Error(p.Text("main"))
	}
	w.Clock.Advance(20 * 24 * time.Hour)
	if p := w.Status(r.Get(link), http.StatusGone); !strings.Contains(p.Text("main"), "out of date") || strings.Contains(p.Body, name) {
		t.Error(p.Text("main"))
	}
	for tag, words := range map[string]string{"pl": "Ten link nie działa", "en": "This link does not work"} {
		if p := w.Status(r.Get("/review/nothing?lang="+tag), http.StatusNotFound); !strings.Contains(p.Text("main"), words) || strings.Contains(p.Body, "⟦") {
			t.Error(p.Text("main"))
		}
	}
	w.Status(r.Post("/review/nothing", url.Values{"act": {"ask"}}), http.StatusNotFound)
	w.Status(r.Get("/review/nothing/packages/x"), http.StatusNotFound)
}

// TestTheOfficesPageIsTheOffices: everybody else is refused.
func TestTheOfficesPageIsTheOffices(t *testing.T) {
	w := testrig.New(t)
	projectID, _ := begin(t, w)
	for who, a := range w.Everybody() {
		mine := a.PersonID == w.Admin.PersonID || a.PersonID == w.Coordinator.PersonID
		b := w.Browse(a)
		if p := b.Get(review.Path(projectID)); (p.Status == http.StatusOK) != mine {
			t.Errorf("%s: %d", who, p.Status)
		}
		if p := b.Post(review.Path(projectID), url.Values{"act": {"give"}}); (p.Status == http.StatusUnprocessableEntity) != mine {
			t.Errorf("%s gives: %d", who, p.Status)
		}
	}
	w.Status(w.Browse(w.Coordinator).Post(review.Path(projectID), url.Values{"act": {"burn"}}), http.StatusBadRequest)
}

// TestNoTokenInTheLog: what is logged of a request is its pattern, also where it fails.
func TestNoTokenInTheLog(t *testing.T) {
	var log strings.Builder
	w := testrig.New(t)
	projectID, _ := begin(t, w)
	w.Logging(&log)
	usual, _ := review.LastDay(w.Projects.Today())
	testrig.Must(w.Review.Give(t.Context(), w.Coordinator, projectID, review.Draft{FundID: "amif-2021", Name: "Anna", Address: address, Lang: "en", Until: usual}))(t)
	link := linkIn.FindString(w.LastLetter().Body)
	r := w.Browse(access.Actor{})
	r.Get(link)
	r.Post(link, url.Values{"act": {"ask"}, "address": {address}})
	r.Post(link, url.Values{"act": {"enter"}, "code": {codeIn.FindString(w.LastLetter().Body)}})
	r.Get(link)
	r.Get(link + "/packages/x")
	if said := log.String(); !strings.Contains(said, "GET /review/{token}") || strings.Contains(said, strings.TrimPrefix(link, "/review/")) || strings.Contains(said, address) {
		t.Error(said)
	}
}
