package systemweb_test

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"ostoja/internal/access"
	"ostoja/internal/app/systemweb"
	"ostoja/internal/clock"
	"ostoja/internal/db"
	"ostoja/internal/db/dbtest"
	"ostoja/internal/id"
	"ostoja/internal/job"
	"ostoja/internal/mail"
	"ostoja/internal/web/webtest"
)

var now = time.Date(2026, 11, 29, 9, 0, 0, 0, time.UTC)

type world struct {
	*webtest.Server
	d     *db.DB
	clock *clock.Fake
	queue *job.Queue
	pages *systemweb.Pages
	fail  error // of the jobs of the kind "brittle"
}

func newWorld(t *testing.T, d *db.DB) *world {
	t.Helper()
	w := &world{d: d, clock: clock.NewFake(now), fail: errors.New("the other side is away")}
	w.queue = job.New(d, w.clock, slog.New(slog.DiscardHandler))
	w.queue.Handle("brittle", func(context.Context, json.RawMessage) error { return w.fail })
	outbox := mail.NewOutbox(d, w.clock, w.queue, mail.LogSender{Print: func(string) {}})
	site := webtest.NewSite(t, w.clock)
	w.pages = &systemweb.Pages{Site: site, Queue: w.queue, Outbox: outbox, Version: "v1.2.3", Schema: 42, Ready: func(context.Context) error { return nil }}
	w.Server = webtest.New(t, site, w.pages.Routes)
	for _, role := range access.Roles {
		w.SignIn(string(role), access.Actor{PersonID: id.New(), Grants: []access.Grant{{Role: role}}, At: now})
	}
	w.SignIn("unit", access.Actor{PersonID: id.New(), Grants: []access.Grant{{Role: access.Administrator, Path: "/a/"}}, At: now})
	return w
}

func (w *world) add(t *testing.T, kind job.Kind) {
	t.Helper()
	err := w.d.Update(t.Context(), func(tx *db.Tx) error { return w.queue.Add(t.Context(), tx, kind, struct{}{}, time.Time{}) })
	if err != nil {
		t.Fatal(err)
	}
}

func TestWhoIsRefused(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	retry := "/app/system/job/" + id.New() + "/retry"
	for as, want := range map[string][2]int{
		"": {http.StatusSeeOther, http.StatusUnauthorized}, "administrator": {http.StatusOK, http.StatusNotFound}, "unit": {http.StatusForbidden, http.StatusForbidden},
		"coordinator": {http.StatusForbidden, http.StatusForbidden}, "author": {http.StatusForbidden, http.StatusForbidden}, "trainer": {http.StatusForbidden, http.StatusForbidden},
		"reviewer": {http.StatusForbidden, http.StatusForbidden}, "learner": {http.StatusForbidden, http.StatusForbidden},
	} {
		if got := w.Get(as, "/app/system").Status; got != want[0] {
			t.Errorf("%q reads the system's page: %d", as, got)
		}
		if got := w.Post(as, retry, url.Values{}).Status; got != want[1] {
			t.Errorf("%q lets a job run again: %d", as, got)
		}
	}
	if got := w.Get("learner", "/app/design").Status; got != http.StatusOK {
		t.Errorf("the design system: %d", got)
	}
	if got := w.Get("", "/app/design").Status; got != http.StatusSeeOther {
		t.Errorf("the design system without a session: %d", got)
	}
}

// Probes and robots ask without a session, get short answers, and learn nothing of what is wrong.
func TestTheAddressesOfMachines(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	for path, want := range map[string]struct {
		status      int
		body, cache string
	}{
		"/healthz": {http.StatusOK, "ok\n", "no-store"}, "/readyz": {http.StatusOK, "ready\n", "no-store"},
		"/robots.txt": {http.StatusOK, "User-agent: *\nDisallow: /app/\nDisallow: /verify\n", ""}, "/favicon.ico": {http.StatusNoContent, "", "public, max-age=31536000"},
	} {
		p := w.Get("", path)
		if p.Status != want.status || p.Body != want.body || (want.cache != "" && p.Header.Get("Cache-Control") != want.cache) || len(p.Header.Values("Set-Cookie")) > 0 {
			t.Errorf("%s: %d %q %v", path, p.Status, p.Body, p.Header)
		}
	}
	w.pages.Ready = func(ctx context.Context) error {
		if end, ok := ctx.Deadline(); !ok || time.Until(end) > 5*time.Second {
			t.Error("a database that hangs keeps the probe waiting")
		}
		return errors.New("password of the database is wrong")
	}
	if p := w.Get("", "/readyz"); p.Status != http.StatusServiceUnavailable || p.Body != "not ready\n" || p.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("%d %q", p.Status, p.Body)
	}
	if p := w.Get("", "/healthz"); p.Status != http.StatusOK {
		t.Errorf("a process that lives and waits for its database would be killed: %d", p.Status)
	}
}

// TestPeriodicWorkIsShown: what it is for, when it ran and runs next, and what failed.
func TestPeriodicWorkIsShown(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		w.queue.Every(
			job.Periodic{Name: "learning.close", Every: time.Hour, Do: func(context.Context) error { return nil }},
			job.Periodic{Name: "of.nobody", Every: time.Minute, Do: func(context.Context) error { return errors.New("planted fault") }},
		)
		row := func(name string) string {
			rows := w.Get("administrator", "/app/system").Find("#list-periodic\\. tbody tr")
			if rows.Length() != 2 {
				t.Fatalf("%d rows", rows.Length())
			}
			return strings.Join(strings.Fields(rows.FilterFunction(func(_ int, tr *goquery.Selection) bool { return strings.Contains(tr.Text(), name) }).Text()), " ")
		}
		if got := row("Zamykanie testów po czasie"); strings.ContainsAny(got, "0123456789") {
			t.Errorf("never ran: %s", got)
		}
		if _, err := w.queue.RunDue(t.Context()); err != nil {
			t.Fatal(err)
		}
		now := w.clock.Now()
		moment := func(at time.Time) string {
			p := w.Site.Catalogue.Printer("pl")
			return strings.Join(strings.Fields(p.Moment(at.In(p.Zone()), now)), " ")
		}
		if got := row("Zamykanie"); !strings.Contains(got, moment(now)) || !strings.Contains(got, moment(now.Add(time.Hour))) || strings.Contains(got, "nie powiodło się") {
			t.Errorf("ran: %s", got)
		}
		if got := row("of.nobody"); !strings.Contains(got, "nie powiodło się") || !strings.Contains(got, "planted fault") {
			t.Errorf("failed: %s", got)
		}
		if csv := w.Get("administrator", "/app/system?periodic.as=csv"); csv.Status != http.StatusOK || !strings.Contains(csv.Body, "planted fault") {
			t.Errorf("the file: %d %s", csv.Status, csv.Body)
		}
	})
}

// TestTheDesignPageShowsAList that works as all do.
func TestTheDesignPageShowsAList(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	p := w.Get("learner", "/app/design?list.sort=score&list.desc=1&list.picked=all")
	if got := p.Find(".list tbody th").First().Text(); !strings.Contains(got, "Kowalczyk") || p.Find(".selection").Length() != 1 || p.Find(".pages").Length() != 1 {
		t.Errorf("the first is %s", got)
	}
	if csv := w.Get("learner", "/app/design?list.as=csv"); csv.Status != http.StatusOK || !strings.Contains(csv.Body, "92,5") {
		t.Errorf("the file: %d %s", csv.Status, csv.Body)
	}
}

func TestWhatIsStuckIsShownAndRunsAgain(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		p := w.Get("administrator", "/app/system")
		if p.Text(".list-none") != "Żadne zadanie nie sprawia kłopotów" || p.Find(".empty, table").Length() != 0 || !strings.Contains(p.Text("dl"), "v1.2.3") || !strings.Contains(p.Text("dl"), "42") {
			t.Errorf("nothing is stuck: %s", p.Text("main"))
		}
		for _, href := range []string{"/app/audit", "/app/design"} {
			if p.Find(`a[href="`+href+`"]`).Length() == 0 {
				t.Errorf("no way to %s", href)
			}
		}
		w.add(t, "brittle")
		if p := w.Get("administrator", "/app/system"); p.Find("table").Length() != 0 {
			t.Error("a job that waits for its first run is told of as stuck")
		}
		if worked, err := w.queue.RunOne(t.Context()); !worked || err != nil {
			t.Fatal(worked, err)
		}
		p = w.Get("administrator", "/app/system")
		row := p.Text("tbody tr")
		if p.Find(".empty").Length() != 0 || p.Find("tbody tr").Length() != 1 || !strings.Contains(row, "brittle") || !strings.Contains(row, "the other side is away") || !strings.Contains(row, "29 lis") {
			t.Errorf("a job that failed: %s", row)
		}
		if p.Find("tbody .tag").Length() != 0 {
			t.Error("a job that runs again is told of as given up")
		}
		// WCAG 3.1.2: the error is in English, on a Polish page.
		if p.Find(`tbody span[lang="en"]`).Text() != "the other side is away" {
			t.Error("the language of the error is not told")
		}
		if err := w.d.Update(t.Context(), func(tx *db.Tx) error {
			return db.Exec(t.Context(), tx, `UPDATE job SET failed_at = ?, attempts = 40`, now)
		}); err != nil {
			t.Fatal(err)
		}
		p = w.Get("administrator", "/app/system")
		if p.Find("tbody .tag").Length() != 1 || !strings.Contains(p.Text("tbody tr"), "40") {
			t.Errorf("a job that was given up: %s", p.Text("tbody tr"))
		}
		action, ok := p.Find("tbody form").Attr("action")
		if !ok || !strings.HasPrefix(action, "/app/system/job/") {
			t.Fatalf("no way to let it run again: %q", action)
		}
		w.fail = nil
		if p := w.Post("administrator", action, url.Values{}); p.Status != http.StatusSeeOther || p.Header.Get("Location") != "/app/system" {
			t.Errorf("%d %s", p.Status, p.Header.Get("Location"))
		}
		if worked, err := w.queue.RunOne(t.Context()); !worked || err != nil {
			t.Errorf("it does not run again: %v, %v", worked, err)
		}
		if p := w.Get("administrator", "/app/system"); p.Text(".list-none") != "Żadne zadanie nie sprawia kłopotów" {
			t.Errorf("done, and told of still: %s", p.Text("main"))
		}
		if p := w.Post("administrator", action, url.Values{}); p.Status != http.StatusNotFound {
			t.Errorf("a job that is done: %d", p.Status)
		}
	})
}

// The three counts stand under their own names: letters, jobs that wait, jobs that were given up.
func TestTheCountsAreTheirOwn(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	for range 5 {
		w.add(t, "brittle")
	}
	err := w.d.Update(t.Context(), func(tx *db.Tx) error {
		if err := db.Exec(t.Context(), tx, `UPDATE job SET failed_at = 1 WHERE id = (SELECT MIN(id) FROM job)`); err != nil {
			return err
		}
		for range 2 {
			if err := db.Exec(t.Context(), tx, `INSERT INTO mail (id, recipient, subject, body, lang, created_at) VALUES (?, '', '', '', 'pl', ?)`, id.New(), now); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	p := w.Get("administrator", "/app/system")
	var got []string
	for _, s := range p.Find(".stat").EachIter() {
		got = append(got, strings.Join(strings.Fields(s.Text()), " "))
	}
	if len(got) != 3 {
		t.Fatalf("%q", got)
	}
	for i, want := range []string{"2", "4", "1"} {
		if !strings.Contains(got[i], want) {
			t.Errorf("%q does not say %s", got[i], want)
		}
	}
}
