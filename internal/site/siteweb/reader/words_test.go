package reader_test

import (
	"bytes"
	"crypto/ed25519"
	"encoding/xml"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"ostoja/internal/access"
	"ostoja/internal/db/dbtest"
	"ostoja/internal/fact"
	"ostoja/internal/site"
	"ostoja/internal/site/content"
	"ostoja/internal/site/directory"
	"ostoja/internal/site/sitetest"
	"ostoja/internal/site/siteweb/reader"
)

// office adds a regional service, named in Polish alone, with opening hours.
func (k *desk) office(open string) {
	k.Helper()
	hours, err := directory.ParseHours(open)
	mustDo(k.T, err)
	sitetest.Service(k.T, k.service, &directory.Service{
		ID: "biuro", Name: map[string]string{"pl": "Biuro próbne"}, Languages: []string{"pl"}, Phones: []directory.Phone{{Number: "+48 22 000 00 01"}}, Region: "14", Hours: hours,
		Town: "Warszawa", Address: "ul. Próbna 1", Source: "test", Checked: "2026-11-23", By: "test", ValidUntil: "2027-11-23",
	}, true)
	k.refresh()
}

// words returns what a page says, as a reader sees it.
func (k *desk) words(path, selector string) string {
	k.Helper()
	d, err := goquery.NewDocumentFromReader(strings.NewReader(k.body(path)))
	mustDo(k.T, err)
	d.Find("style, script").Remove()
	return strings.Join(strings.Fields(d.Find(selector).Text()), " ")
}

// TestWhenItOpens: the words fit what they say, and a day is named where it is another.
func TestWhenItOpens(t *testing.T) {
	k := newDesk(t, dbtest.SQLite(t))
	k.office("Mo-Fr 09:30-16:00; PH closed")
	for _, c := range []struct {
		after  time.Duration
		pl, en string
	}{
		{0, "Teraz nieczynne – czynne od 09:30", "Closed now – opens at 09:30"},
		{time.Hour, "Teraz czynne do 16:00", "Open now until 16:00"},
		{4*24*time.Hour + 10*time.Hour, "Teraz nieczynne – czynne od 09:30 (poniedziałek)", "Closed now – opens at 09:30 (Monday)"}, // Friday, eight in the evening
	} {
		k.clock.Advance(c.after)
		k.refresh()
		for tag, want := range map[string]string{"pl": c.pl, "en": c.en} {
			if got := k.words("/"+tag+"/t5-14", "#biuro p.open, #biuro p.shut"); got != want {
				t.Errorf("%s: %q, not %q", k.clock.Now(), got, want)
			}
		}
	}
}

// TestAFarChangeIsSaidAWeekBefore, at the instant at which the week begins.
func TestAFarChangeIsSaidAWeekBefore(t *testing.T) {
	k := newDesk(t, dbtest.SQLite(t))
	k.office("Mo-Su 00:00-24:00; PH closed")
	week := time.Date(2026, 12, 16, 23, 0, 0, 0, time.UTC) // a week before Christmas Eve begins in Warsaw
	k.clock.Advance(week.Add(-time.Minute).Sub(k.clock.Now()))
	k.refresh()
	if got := k.words("/pl/t5-14", "#biuro p.open"); got != "Teraz czynne" {
		t.Errorf("before: %q", got)
	}
	if at := k.reader.Until(); !at.Equal(week) {
		t.Errorf("the pages are made anew at %s", at)
	}
	k.clock.Advance(time.Minute)
	k.refresh()
	if got := k.words("/pl/t5-14", "#biuro p.open"); got != "Teraz czynne do 00:00 (czwartek)" {
		t.Errorf("a week before: %q", got)
	}
}

// TestWhatNobodyConfirmedIsNotCalledChecked, in any language, and sources stand whole, marked as the Polish that they are.
func TestWhatNobodyConfirmedIsNotCalledChecked(t *testing.T) {
	k := newDesk(t, dbtest.SQLite(t))
	for tag, want := range map[string]string{
		"pl": "odczytano w źródle 23 listopada 2026; czeka na potwierdzenie przez redakcję", "en": "read in a source on 23 November 2026; waiting for an editor's confirmation",
		"uk": "прочитано в джерелі 23 листопада 2026 р.; ще чекає на підтвердження редакції", "ru": "прочитано в источнике 23 ноября 2026 г.; ожидает подтверждения редакции",
		"ar": "قُرئ في مصدر بتاريخ 23 نوفمبر 2026؛ بانتظار تأكيد هيئة التحرير", "vi": "đọc trong nguồn ngày 23 tháng 11 năm 2026; chờ ban biên tập xác nhận",
	} {
		checked := k.service.Bundle().Catalogue.Printer(tag).T("article.checked")
		for _, page := range []string{"d37f", "t5", "b8", "d37f-a6"} {
			if got := k.words("/"+tag+"/"+page, "main"); !strings.Contains(got, want) || strings.Contains(got, checked) {
				t.Errorf("/%s/%s: no %q, or %q: %s", tag, page, want, checked, got)
			}
		}
		if body := k.body("/" + tag + "/d37f"); !strings.Contains(body, `<bdi lang="pl" dir="ltr">Bezpłatny i dostępny bez karty SIM: Policja, woj. łódzkie, 11 lutego 2022 r. Operatorzy znają`) {
			t.Errorf("%s: the source is cut, or not marked as Polish", tag)
		}
	}
	facts, err := k.service.Facts(t.Context(), access.System)
	mustDo(t, err)
	for _, f := range facts {
		if f.ID == fact.Emergency {
			f.Confirm = false
			sitetest.Fact(t, k.service, f)
		}
	}
	k.refresh()
	if got := k.words("/en/d37f-a6", "main"); !strings.Contains(got, "112\u2069: checked on 23 November 2026.") {
		t.Errorf("confirmed: %s", got)
	}
}

// TestOtherLanguagesAreMarked: a voice that reads aloud must know what it reads.
func TestOtherLanguagesAreMarked(t *testing.T) {
	k := newDesk(t, dbtest.SQLite(t))
	k.office("Mo-Fr 09:30-16:00")
	mustDo(t, k.service.Withdraw(t.Context(), access.System, "housing-documents", "ar"))
	k.refresh()
	for path, want := range map[string][]string{
		"/ar/t5-14": {`<span dir="ltr" lang="pl">Biuro próbne</span>`, `<bdi dir="ltr" lang="pl">ul. Próbna 1, Warszawa</bdi>`},
		"/pl/t5-14": {"<h3>Biuro próbne</h3>"},
		"/ar/q39z":  {`<article dir="ltr" lang="pl">`, `<p class="l">Prawo</p>`, "هذا النص غير متوفر"}, // its labels are of its language too
	} {
		body := k.body(path)
		for _, w := range want {
			if !strings.Contains(body, w) {
				t.Errorf("%s: no %s", path, w)
			}
		}
	}
	mustDo(t, k.service.Withdraw(t.Context(), access.System, "danger", "vi"))
	k.refresh()
	if body := k.body("/vi/d37f"); strings.Contains(body, "d37f-a4") || !strings.Contains(k.body("/uk/d37f"), "d37f-a4") {
		t.Error("a page leads to leaflets that there are not")
	}
}

var loose = regexp.MustCompile(`[\pL\pN)] [;:,.](?: |$)`)

// TestNoSpaceBeforeAStop: templates put spaces where nobody wrote them.
func TestNoSpaceBeforeAStop(t *testing.T) {
	k := newDesk(t, dbtest.SQLite(t))
	k.office("Mo-Fr 09:30-16:00")
	for _, l := range k.service.Languages() {
		for _, page := range []string{"", "k4", "m7", "r2", "t5", "t5-14", "w3", "z6", "b8", "d37f", "h54r", "q39z", "news/", "d37f-a4", "d37f-a6", "info-" + l.Tag + ".html"} {
			path := "/" + l.Tag + "/" + page
			if found := loose.FindAllString(k.words(path, "body"), -1); len(found) > 0 {
				t.Errorf("%s: %q", path, found)
			}
		}
	}
}

// TestAnEmptyFeedIsOfTheLastChange, and the news lead to it where a program looks.
func TestAnEmptyFeedIsOfTheLastChange(t *testing.T) {
	k := newDesk(t, dbtest.SQLite(t))
	if body := k.body("/pl/feed.xml"); !strings.Contains(body, "<updated>2026-11-23T08:00:00Z</updated>") {
		t.Error(body)
	}
	if !strings.Contains(k.body("/pl/news/"), `<link rel="alternate" type="application/atom+xml" href="/pl/feed.xml"`) || strings.Contains(k.body("/pl/"), "alternate") {
		t.Error("the link to the feed is missing, or on other pages")
	}
}

// TestNoVisitCompresses: what was compressed before stays so, and a first visit is answered with what there is.
func TestNoVisitCompresses(t *testing.T) {
	k := newDesk(t, dbtest.SQLite(t))
	first, _ := k.get("/pl/h54r", "Accept-Encoding", "br")
	if got := first.Header().Get("Content-Encoding"); got != "" {
		t.Errorf("compressed at once: %q", got)
	}
	k.reader.Settle(t.Context())
	k.office("Mo-Fr 09:30-16:00")
	same, _ := k.get("/pl/h54r", "Accept-Encoding", "br")
	other, _ := k.get("/pl/t5-14", "Accept-Encoding", "br")
	if same.Header().Get("Content-Encoding") != "br" || other.Header().Get("Content-Encoding") == "br" || other.Code != http.StatusOK {
		t.Errorf("the same page: %v; a new one: %v", same.Header(), other.Header())
	}
}

// TestFilesPassedOnHoldWhatTheyLeadTo: who got one of the files in a message has no page beside it. Also where a text is missing in the
// file's language, to which others lead.
func TestFilesPassedOnHoldWhatTheyLeadTo(t *testing.T) {
	k := newDesk(t, dbtest.SQLite(t))
	for _, id := range []string{"housing-documents", "danger"} {
		mustDo(t, k.service.Withdraw(t.Context(), access.System, id, "vi"))
	}
	k.refresh()
	files, err := reader.Files(t.Context(), k.service, "https://pomoc.example.org", ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize)))
	mustDo(t, err)
	looked := 0
	for _, f := range files {
		if !strings.Contains(f.Name, "/info-") && !strings.Contains(f.Name, "/keep-") {
			continue
		}
		looked++
		page, err := goquery.NewDocumentFromReader(bytes.NewReader(f.Content))
		mustDo(t, err)
		page.Find("[href]").Each(func(_ int, at *goquery.Selection) {
			to, _ := at.Attr("href")
			within, anchor := strings.CutPrefix(to, "#")
			switch u, err := url.Parse(to); {
			case err != nil:
				t.Errorf("%s leads to %q: %v", f.Name, to, err)
			case anchor && page.Find(`[id="`+within+`"]`).Length() != 1:
				t.Errorf("%s leads to %q, which is not in it", f.Name, to)
			case !anchor && u.Scheme == "":
				t.Errorf("%s leads to %q, which lies beside it", f.Name, to)
			}
		})
	}
	if want := 2 * len(k.service.Languages()); looked < want {
		t.Errorf("looked at %d files, want at least %d", looked, want)
	}
}

// TestFeedsNameTheirTextsWithoutTheHost: who moves the site must not send all news again (RFC 4287, section 4.2.6).
func TestFeedsNameTheirTextsWithoutTheHost(t *testing.T) {
	k := newDesk(t, dbtest.SQLite(t))
	author := sitetest.Editor("1")
	mustDo(t, k.service.CreateArticle(t.Context(), author, content.Article{ID: "nowosc", Kind: content.News, Topic: "rights", Day: "2026-11-20"}))
	sitetest.Publish(t, k.service, site.TextDraft{ArticleID: "nowosc", Lang: "pl", Title: "Nowość", Tab: "Nowość", Summary: "Krótko.", Body: "Tekst.\n"})
	ids := func(base string) []string {
		t.Helper()
		other := reader.New(k.service, base, k.key, slog.New(slog.DiscardHandler))
		mustDo(t, other.Refresh(t.Context()))
		w := httptest.NewRecorder()
		other.Serve(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/pl/feed.xml", nil))
		var feed struct {
			IDs     []string `xml:"id"`
			Entries []string `xml:"entry>id"`
		}
		mustDo(t, xml.Unmarshal(w.Body.Bytes(), &feed))
		return append(feed.IDs, feed.Entries...)
	}
	here, moved := ids("https://pomoc.example.org"), ids("https://nowa.example.org")
	if len(here) != 2 || here[0] == here[1] || !slices.Equal(here, moved) || !strings.HasPrefix(here[1], "urn:uuid:") {
		t.Errorf("%q, and after moving %q", here, moved)
	}
	k.service.Feeds[0]++
	if other := ids("https://pomoc.example.org"); other[1] == here[1] {
		t.Error("the news of two offices have one name")
	}
}
