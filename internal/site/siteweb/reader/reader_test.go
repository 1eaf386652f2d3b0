package reader_test

import (
	"crypto/ed25519"
	"html"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"ostoja/internal/access"
	"ostoja/internal/clock"
	"ostoja/internal/db"
	"ostoja/internal/db/dbtest"
	"ostoja/internal/fact"
	"ostoja/internal/fact/facttest"
	"ostoja/internal/firstline"
	"ostoja/internal/firstline/firstlinetest"
	"ostoja/internal/guardian/complaint"
	"ostoja/internal/schema"
	"ostoja/internal/seal"
	"ostoja/internal/site"
	"ostoja/internal/site/content"
	"ostoja/internal/site/directory"
	"ostoja/internal/site/sitetest"
	"ostoja/internal/site/siteweb/reader"
	shipped "ostoja/site"
)

// now is Monday, nine in the morning in Warsaw.
var now = time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)

type desk struct {
	*testing.T
	d       *db.DB
	clock   *clock.Fake
	key     seal.Key
	service *site.Service
	reader  *reader.Site
}

func newDesk(t *testing.T, d *db.DB) *desk {
	t.Helper()
	return newDeskWith(t, d, firstlinetest.Shipped(t))
}

func newDeskWith(t *testing.T, d *db.DB, kit *firstline.Kit) *desk {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Warsaw")
	if err != nil {
		t.Fatal(err)
	}
	b, err := content.ReadBundle(shipped.FS, facttest.Poland(t), zone)
	if err != nil {
		t.Fatal(err)
	}
	mustDo(t, b.TakeKit(kit))
	k := &desk{T: t, d: d, clock: clock.NewFake(now), key: seal.NewKey()}
	k.service = site.New(d, k.clock, zone, b, nil, nil, site.Demonstration)
	k.reader = reader.New(k.service, "https://pomoc.example.org", k.key, slog.New(slog.DiscardHandler))
	if _, err := k.service.ImportBundle(t.Context(), access.System, true); err != nil {
		t.Fatal(err)
	}
	k.refresh()
	return k
}

func (k *desk) refresh() {
	k.Helper()
	if err := k.reader.Refresh(k.Context()); err != nil {
		k.Fatal(err)
	}
}

// get asks for a page as a browser does.
func (k *desk) get(path string, header ...string) (*httptest.ResponseRecorder, bool) {
	k.Helper()
	r := httptest.NewRequestWithContext(k.Context(), http.MethodGet, path, nil)
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	return w, k.reader.Serve(w, r)
}

func (k *desk) body(path string) string {
	k.Helper()
	w, ok := k.get(path)
	if !ok {
		k.Fatalf("%s is not served", path)
	}
	return w.Body.String()
}

// TestAVisitAsksTheDatabaseNothing: the site stays up when the database is gone.
func TestAVisitAsksTheDatabaseNothing(t *testing.T) {
	d, err := db.Open(t.Context(), filepath.Join(t.TempDir(), "ostoja.db"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.Migrate(t.Context(), schema.FS); err != nil {
		t.Fatal(err)
	}
	k := newDesk(t, d)
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"/pl/", "/uk/d37f", "/ar/t5", "/vi/w3", "/exit", "/pl/feed.xml", "/ru/info-ru.html", "/en/d37f-a4"} {
		if w, ok := k.get(path); !ok || w.Code != http.StatusOK || w.Body.Len() == 0 {
			t.Errorf("%s: %v, %d", path, ok, w.Code)
		}
	}
	if w := k.search("pl", "paszport", ""); !strings.Contains(w.Body.String(), "<h2>16 wyników</h2>") {
		t.Errorf("a search needs the database: %d %d bytes", w.Code, w.Body.Len())
	}
	if err := k.reader.Refresh(t.Context()); err == nil {
		t.Error("the pages were made anew without a database: the control fails")
	}
}

// TestAVisitAllocatesNextToNothing: what net/http needs is its own; ours is the header's map growing.
func TestAVisitAllocatesNextToNothing(t *testing.T) {
	k := newDesk(t, dbtest.SQLite(t))
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/pl/h54r", nil)
	r.Header.Set("Accept-Encoding", "gzip, br")
	w := &sink{header: http.Header{}}
	if n := testing.AllocsPerRun(100, func() { k.reader.Serve(w, r) }); n > 1 {
		t.Errorf("%g allocations", n)
	}
}

type sink struct{ header http.Header }

func (s *sink) Header() http.Header         { return s.header }
func (s *sink) Write(b []byte) (int, error) { return len(b), nil }
func (s *sink) WriteHeader(int)             {}

func TestEncodings(t *testing.T) {
	k := newDesk(t, dbtest.SQLite(t))
	k.reader.Settle(t.Context())
	sizes := map[string]int{}
	for accepted, want := range map[string]string{"": "", "gzip, deflate": "gzip", "gzip, deflate, br, zstd": "br", "br;q=0, gzip": "gzip", "identity": ""} {
		w, _ := k.get("/pl/h54r", "Accept-Encoding", accepted)
		if got := w.Header().Get("Content-Encoding"); got != want {
			t.Errorf("%q: %q, not %q", accepted, got, want)
		}
		sizes[want] = w.Body.Len()
	}
	if sizes["br"] >= sizes["gzip"] || sizes["gzip"] >= sizes[""]/2 {
		t.Errorf("sizes %v", sizes)
	}
	r := httptest.NewRequestWithContext(t.Context(), http.MethodHead, "/pl/h54r", nil)
	w := httptest.NewRecorder()
	if !k.reader.Serve(w, r) || w.Body.Len() > 0 || w.Header().Get("Content-Length") == "" {
		t.Error("HEAD is not GET without a body")
	}
	for _, method := range []string{http.MethodPut, http.MethodDelete} {
		if k.reader.Serve(httptest.NewRecorder(), httptest.NewRequestWithContext(t.Context(), method, "/pl/", nil)) {
			t.Errorf("%s is answered", method)
		}
	}
}

// TestFactsLapseByThemselves: at the instant at which a fact lapses the pages say so, and at the next one the national line stands
// in its place, without anybody's doing.
func TestFactsLapseByThemselves(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		const address = "/pl/b8"
		if body := k.body(address); strings.Contains(body, "niepotwierdzone od") || !strings.Contains(body, "tel:116111") {
			t.Fatal("the fact has lapsed already, or is not there")
		}
		k.clock.Advance(time.Date(2027, 2, 23, 23, 1, 0, 0, time.UTC).Sub(k.clock.Now())) // 24 February in Warsaw
		k.refresh()
		if body := k.body(address); !strings.Contains(body, "niepotwierdzone od 23 lutego 2027") || !strings.Contains(body, "tel:116111") {
			t.Error("overdue, and the page does not say so")
		}
		k.clock.Advance(31 * 24 * time.Hour)
		k.refresh()
		body := k.body(address)
		if strings.Contains(body, "tel:116111") || !strings.Contains(body, "zadzwoń i zapytaj") || !strings.Contains(body, "tel:+48226280120") || !strings.Contains(body, "tel:112") {
			t.Error("past its grace, and still there; or the lines that never go are gone")
		}
	})
}

// TestOpenNowChangesByItself: the page is made anew when a service opens.
func TestOpenNowChangesByItself(t *testing.T) {
	k := newDesk(t, dbtest.SQLite(t))
	hours, err := directory.ParseHours("Mo-Fr 09:30-16:00; PH closed")
	if err != nil {
		t.Fatal(err)
	}
	s := &directory.Service{
		ID: "biuro", Name: map[string]string{"pl": "Biuro próbne"}, Languages: []string{"pl"}, Phones: []directory.Phone{{Number: "+48 22 000 00 01"}}, Region: "14", Hours: hours,
		Source: "test", Checked: "2026-11-23", By: "test", ValidUntil: "2027-11-23",
	}
	sitetest.Service(t, k.service, s, true)
	k.refresh()
	if body := k.body("/pl/t5-14"); !strings.Contains(body, "Teraz nieczynne") || !strings.Contains(body, "09:30") {
		t.Errorf("at nine: %s", body)
	}
	k.clock.Advance(31 * time.Minute)
	k.refresh()
	if body := k.body("/pl/t5-14"); !strings.Contains(body, "Teraz czynne") || !strings.Contains(body, "16:00") {
		t.Error("at half past nine it is not open")
	}
}

// TestServicesLapseByThemselves: an entry that nobody confirms says so, and then gives way to the national line, whose own entry
// stays.
func TestServicesLapseByThemselves(t *testing.T) {
	k := newDesk(t, dbtest.SQLite(t))
	s := &directory.Service{
		ID: "biuro", Name: map[string]string{"pl": "Biuro próbne"}, Languages: []string{"pl"}, Phones: []directory.Phone{{Number: "+48 22 000 00 01"}},
		Source: "test", Checked: "2026-11-23", By: "test", ValidUntil: "2026-11-30",
	}
	sitetest.Service(t, k.service, s, true)
	page := func(at time.Time) string {
		k.clock.Advance(at.Sub(k.clock.Now()))
		k.refresh()
		return regexp.MustCompile(`(?s)<section class="b" id="biuro">.*?</section>`).FindString(k.body("/pl/t5"))
	}
	for _, c := range []struct {
		at   time.Time
		want []string
		not  string
	}{
		{now.Add(time.Hour), []string{"Biuro próbne", "tel:+48220000001"}, "niepotwierdzone od"},
		{time.Date(2026, 11, 30, 23, 1, 0, 0, time.UTC), []string{"tel:+48220000001", "niepotwierdzone od 30 listopada 2026"}, "zadzwoń i zapytaj"}, // 1 December in Warsaw
		{time.Date(2026, 12, 30, 23, 1, 0, 0, time.UTC), []string{"Biuro próbne", "zadzwoń i zapytaj", "tel:+48226280120"}, "tel:+48220000001"},
	} {
		body := page(c.at)
		for _, want := range c.want {
			if !strings.Contains(body, want) {
				t.Errorf("%s: no %q in %s", c.at, want, body)
			}
		}
		if strings.Contains(body, c.not) {
			t.Errorf("%s: %q in %s", c.at, c.not, body)
		}
	}
	k.clock.Advance(365 * 24 * time.Hour)
	k.refresh()
	if line := regexp.MustCompile(`(?s)<section class="b" id="national-line">.*?</section>`).FindString(k.body("/pl/t5")); !strings.Contains(line, "niepotwierdzone od") || strings.Contains(line, "zadzwoń i zapytaj") {
		t.Errorf("the national line's own entry: %s", line)
	}
}

// TestStaleTranslationsGiveWayToTheLine: what matters most is not read from a text that may be wrong.
func TestStaleTranslationsGiveWayToTheLine(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		o, err := k.service.Article(t.Context(), sitetest.Editor("1"), "danger")
		if err != nil {
			t.Fatal(err)
		}
		pl := o.Texts["pl"]
		sitetest.Publish(t, k.service, site.TextDraft{ArticleID: "danger", Lang: "pl", Title: pl.Title, Tab: pl.Tab, Summary: pl.Summary, Body: ":::critical\nTeraz inaczej: {emergency}.\n:::\n", Base: pl.Base()})
		before := k.body("/en/d37f")
		k.refresh()
		after := k.body("/en/d37f")
		if !strings.Contains(before, "the three things") && strings.Count(before, "tel:112") < 2 {
			t.Fatal("the control fails: the English page has no critical part")
		}
		if !strings.Contains(after, "older than the Polish text") || !strings.Contains(after, "correcting this part") || !strings.Contains(after, "tel:+48226280120") || !strings.Contains(after, "tel:112") {
			t.Errorf("the stale part still stands: %s", after)
		}
		for _, path := range []string{"/en/d37f-a4", "/en/d37f-a6", "/en/d37f-a3", "/en/info-en.html"} {
			if body := k.body(path); !strings.Contains(body, "older than the Polish text") || !strings.Contains(body, "correcting this part") || !strings.Contains(body, "Text of 23 November 2026") {
				t.Errorf("%s does not say so: %s", path, body)
			}
		}
		if !strings.Contains(k.body("/pl/d37f"), "Teraz inaczej") {
			t.Error("the source was not published")
		}
	})
}

// TestWithoutContentThereIsNoSite: an installation that took no content shows no half of one.
func TestWithoutContentThereIsNoSite(t *testing.T) {
	zone := time.UTC
	b, err := content.ReadBundle(shipped.FS, facttest.Poland(t), zone)
	if err != nil {
		t.Fatal(err)
	}
	s := reader.New(site.New(dbtest.SQLite(t), clock.NewFake(now), zone, b, nil, nil, site.Demonstration), "http://localhost", seal.NewKey(), slog.New(slog.DiscardHandler))
	if err := s.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	w := httptest.NewRecorder()
	if s.Serve(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/pl/", nil)) {
		t.Error("a home page without numbers to call is served")
	}
	w = httptest.NewRecorder()
	s.Pick(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil))
	if w.Header().Get("Location") != "/app/" {
		t.Errorf("the bare address leads to %s", w.Header().Get("Location"))
	}
}

func TestTheBareAddressPicksTheLanguage(t *testing.T) {
	k := newDesk(t, dbtest.SQLite(t))
	for header, want := range map[string]string{"": "/pl/", "uk-UA,uk;q=0.9,ru;q=0.8": "/uk/", "ar": "/ar/", "vi-VN": "/vi/", "de,fr": "/pl/", "en-GB": "/en/", "ru": "/ru/"} {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil)
		r.Header.Set("Accept-Language", header)
		w := httptest.NewRecorder()
		k.reader.Pick(w, r)
		if got := w.Header().Get("Location"); got != want || w.Header().Get("Cache-Control") != "no-store" {
			t.Errorf("%q leads to %s", header, got)
		}
	}
}

var outward = regexp.MustCompile(`href="(https://[^"]*)"`)

// TestNoPageLeadsToAnAddressThatTells: the browser keeps the addresses it was led to, long after the page is gone.
func TestNoPageLeadsToAnAddressThatTells(t *testing.T) {
	k := newDesk(t, dbtest.SQLite(t))
	telling := 0
	for _, f := range k.service.Bundle().Facts {
		if k.service.Bundle().RevealingWord(f.URL) != "" {
			telling++
		}
	}
	if telling == 0 {
		t.Error("no fact has a source that tells: the control fails")
	}
	files, err := reader.Files(t.Context(), k.service, "https://pomoc.example.org", ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize)))
	if err != nil {
		t.Fatal(err)
	}
	addresses := map[string]bool{}
	for _, f := range files {
		for _, m := range outward.FindAllSubmatch(f.Content, -1) {
			addresses[html.UnescapeString(string(m[1]))] = true
		}
	}
	if len(addresses) < 10 {
		t.Errorf("only %d addresses outside", len(addresses))
	}
	for address := range addresses {
		if w := k.service.Bundle().RevealingWord(address); w != "" {
			t.Errorf("%s has %q", address, w)
		}
	}
}

// Where one complains about a guardian stands on one page, in each language, and leads to the application in a language that it takes complaints in.
func TestWhereOneComplainsAboutAGuardian(t *testing.T) {
	k := newDesk(t, dbtest.SQLite(t))
	articles := k.service.Bundle().Articles
	i := slices.IndexFunc(articles, func(a *content.Article) bool { return a.ID == "be-guardian" })
	if i < 0 {
		t.Fatal("there is no such article")
	}
	for tag, in := range map[string]string{"pl": "pl", "en": "en", "uk": "uk", "ru": "en", "ar": "en", "vi": "en"} {
		want := `<a href="https://pomoc.example.org/guardian-complaint?lang=` + in + `"`
		body := k.body("/" + tag + "/" + articles[i].Code)
		if strings.Count(body, want) != 1 || strings.Count(body, "guardian-complaint") != 1 || strings.Index(body, want) < strings.Index(body, "/app/apply/guardian") {
			t.Errorf("%s: %d of %s", tag, strings.Count(body, want), want)
		}
		if strings.Contains(k.body("/"+tag+"/"), "guardian-complaint") {
			t.Errorf("%s: the first page leads there", tag)
		}
		if !slices.Contains(complaint.Langs, in) {
			t.Errorf("no complaint is taken in %q", in)
		}
	}
}

// TestWhatTheReaderCanReadComesFirst: a text that is not translated is found too, but after those in the reader's language, and says
// in which language it is.
func TestWhatTheReaderCanReadComesFirst(t *testing.T) {
	k := newDesk(t, dbtest.SQLite(t))
	tags := map[string]string{"uk": "документи", "ar": "جواز", "vi": "hộ chiếu"}
	for tag := range tags {
		for _, id := range []string{"housing-documents", "return"} {
			mustDo(t, k.service.Withdraw(t.Context(), access.System, id, tag))
		}
	}
	k.refresh()
	for tag, words := range tags {
		page, err := goquery.NewDocumentFromReader(k.search(tag, words, "once").Body)
		if err != nil {
			t.Fatal(err)
		}
		hits := page.Find(`[role=status] + ul > li > a`)
		foreign := hits.Filter("[lang=pl]")
		if hits.Length() < 4 || foreign.Length() == 0 || foreign.Length() == hits.Length() {
			t.Fatalf("%s: %d hits, %d of them in Polish", tag, hits.Length(), foreign.Length())
		}
		if last := hits.Slice(hits.Length()-foreign.Length(), hits.Length()); last.Filter("[lang=pl]").Length() != foreign.Length() {
			t.Errorf("%s: a text in Polish stands before one that the reader can read", tag)
		}
	}
}

// TestPlacesAreFoundWhereTheyAre: a town or voivodeship, with or without its accents, finds the service there, on the page that lists it.
func TestPlacesAreFoundWhereTheyAre(t *testing.T) {
	k := newDesk(t, dbtest.SQLite(t))
	sitetest.Service(t, k.service, &directory.Service{
		ID: "punkt", Name: map[string]string{"pl": "Punkt próbny"}, Languages: []string{"pl"}, Phones: []directory.Phone{{Number: "+48 22 000 00 01"}}, Region: "10", Town: "Łódź", Address: "ul. Próbna 1",
		Source: "test", Checked: "2026-11-23", By: "test", ValidUntil: "2027-11-23",
	}, true)
	k.refresh()
	for tag, queries := range map[string][]string{"pl": {"lodz", "Łódź", "łódzkie", "próbna"}, "en": {"lodz", "łódzkie"}} {
		for _, q := range queries {
			r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/"+tag+"/z6", strings.NewReader(url.Values{"q": {q}, "at": {"once"}}.Encode()))
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			w := httptest.NewRecorder()
			k.reader.Serve(w, r)
			if !strings.Contains(w.Body.String(), `href="/`+tag+`/t5-10#punkt"`) {
				t.Errorf("%s: %q does not find it", tag, q)
			}
		}
	}
}

// TestWithoutAnyPhoneAnEntryHasGone: an entry whose only number has vanished does not go on saying that it is open and free.
func TestWithoutAnyPhoneAnEntryHasGone(t *testing.T) {
	k := newDesk(t, dbtest.SQLite(t))
	hours, err := directory.ParseHours("24/7")
	if err != nil {
		t.Fatal(err)
	}
	sitetest.Service(t, k.service, &directory.Service{
		ID: "linia", Name: map[string]string{"pl": "Linia próbna"}, Languages: []string{"pl"}, Phones: []directory.Phone{{Fact: "child-line"}}, Cost: map[string]string{"pl": "Za darmo."}, Hours: hours,
		Source: "test", Checked: "2026-11-23", By: "test", ValidUntil: "2028-11-23",
	}, true)
	entry := func() string {
		k.refresh()
		return regexp.MustCompile(`(?s)<section class="b" id="linia">.*?</section>`).FindString(k.body("/pl/t5"))
	}
	if !strings.Contains(entry(), "Za darmo") {
		t.Fatal("the control fails")
	}
	k.clock.Advance(200 * 24 * time.Hour)
	if got := entry(); strings.Contains(got, "Za darmo") || !strings.Contains(got, "Linia próbna") || !strings.Contains(got, "tel:+48226280120") {
		t.Errorf("%s", got)
	}
}

// TestOrderingNeedsAContact: the sentence about printed copies stands only with where to order them.
func TestOrderingNeedsAContact(t *testing.T) {
	k := newDesk(t, dbtest.SQLite(t))
	if strings.Contains(k.body("/pl/publications/"), "Egzemplarze drukowane") {
		t.Error("there is nowhere to order")
	}
	sitetest.Fact(t, k.service, content.Fact{
		ID: content.OfficeContact, Kind: fact.Phone, Value: map[string]string{fact.AnyLang: "+48 22 000 00 09"}, Source: "test", Checked: "2026-11-23", By: "test", ValidUntil: "2027-02-23", GraceDays: 30,
	})
	k.refresh()
	if body := k.body("/pl/publications/"); !strings.Contains(body, "Egzemplarze drukowane") || !strings.Contains(body, "tel:+48220000009") {
		t.Error("the contact is not there")
	}
}
