package finderweb_test

import (
	"bytes"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"ostoja/internal/access"
	"ostoja/internal/classroom"
	"ostoja/internal/project"
	"ostoja/internal/testrig"
	"ostoja/internal/web/webtest"
)

// search asks for words as the field in the head does, and returns the page to which it leads with its address.
func search(w *testrig.World, b *testrig.Browser, words string) (p webtest.Page, address string) {
	w.T.Helper()
	address = w.Status(b.Post("/app/find", url.Values{"words": {words}}), http.StatusSeeOther).Header.Get("Location")
	return w.Status(b.Get(address), http.StatusOK), address
}

// found returns what the page lists, as kind: title.
func found(p webtest.Page) (list []string) {
	p.Find(".found section").Each(func(_ int, s *goquery.Selection) {
		kind := strings.TrimPrefix(s.AttrOr("aria-labelledby", ""), "found-")
		s.Find("li a").Each(func(_ int, a *goquery.Selection) { list = append(list, kind+": "+a.Text()) })
	})
	return list
}

func class(w *testrig.World, title string) {
	w.Class(w.Coordinator, w.Terespol, classroom.ContentDraft{Title: title}, "Terespol", testrig.Hours{From: testrig.Start.Add(48 * time.Hour), Until: testrig.Start.Add(54 * time.Hour)})
}

// Everybody finds what they may open, and nothing else: whatever a result leads to answers whoever found it, and what one may not see is
// found by nobody who may not.
func TestWhatIsFoundOpens(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		o := w.GuardianOffice()
		_, entryID := o.Guardian("Helena", "Kuratorska")
		w.OK(w.Guardians.Enlist(t.Context(), o.Coordinator, entryID))
		w.Pass(w.Learner, testrig.SmallCourse)
		w.Pass(w.PoliceLearner, testrig.SmallCourse)
		class(w, "Rozpoznanie w Terespolu")
		testrig.Must(w.Site.ImportBundle(t.Context(), access.System, true))(t)
		testrig.Must(w.Projects.Create(t.Context(), w.Coordinator, project.Draft{Name: "Projekt kanarkowy", UnitID: w.Office, FirstDay: "2026-01-01", LastDay: "2026-12-31"}))(t)

		actors := w.Everybody()
		delete(actors, "nobody")
		for name, a := range map[string]access.Actor{
			"coordinator of guardians": o.Coordinator, "coordinator of guardians elsewhere": o.Elsewhere, "assessor": o.First, "requester": o.Requester, "court clerk": o.CourtClerk, "complaints officer": o.Complaints,
		} {
			actors[name] = a
		}
		kinds := map[string]bool{}
		for name, actor := range actors {
			b := w.Browse(actor)
			for _, words := range []string{"zofia zrodlo", "terespol", "ost-2026", "kanarkowy", "kuratorska", "kurs", "pytanie", "praca"} {
				p, _ := search(w, b, words)
				p.Find(".found li a").Each(func(_ int, a *goquery.Selection) {
					link := a.AttrOr("href", "")
					if opened := b.Get(link); opened.Status != http.StatusOK {
						t.Errorf("%s finds %s by %q, which answers %d", name, link, words, opened.Status)
					}
				})
				for _, f := range found(p) {
					kind, _, _ := strings.Cut(f, ":")
					kinds[kind] = true
					if kind == "guardians" && name != "coordinator of guardians" {
						t.Errorf("%s finds that somebody is in the register", name)
					}
				}
			}
		}
		for _, kind := range []string{"people", "certificates", "trainings", "articles", "items", "projects", "guardians", "courses", "authoring", "offers"} {
			if !kinds[kind] {
				t.Errorf("nobody finds any %s", kind)
			}
		}
	})
}

// A person is found by name in any order and without diacritics, by address and by number; each with the rights of who asks.
func TestFindingAPerson(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		w.Pass(w.Learner, testrig.SmallCourse)
		b := w.Browse(w.GuardCoordinator)
		for _, words := range []string{"Zofia Źródło", "zrodlo zofia", "ŹRÓDŁO", "zofia.zrodlo@example.org", " zrod  zof "} {
			p, _ := search(w, b, words)
			if list := found(p); !slices.Contains(list, "people: Źródło Zofia") || !slices.ContainsFunc(list, func(s string) bool { return strings.HasPrefix(s, "certificates: OST-2026-") }) && !strings.Contains(words, "@") {
				t.Errorf("%q finds %v", words, list)
			}
		}
		if p, _ := search(w, b, "ost-2026-000001"); len(found(p)) != 1 || !strings.HasPrefix(found(p)[0], "certificates: OST-2026-000001") {
			t.Errorf("a certificate's number finds %v", found(p))
		}
		if p, _ := search(w, b, "2026 żaba"); len(found(p)) != 0 || p.Find(".found p").Length() != 1 {
			t.Errorf("somebody else's name with a number finds %v", found(p))
		}
		police := w.Browse(w.PoliceCoordinator)
		for _, words := range []string{"zrodlo", "OST-2026-000001", "zofia.zrodlo@example.org"} {
			if p, _ := search(w, police, words); len(found(p)) != 0 {
				t.Errorf("another service finds %v by %q", found(p), words)
			}
		}
	})
}

// What was typed stands in no address, title or log, and who else has the address sees nothing of it; nor does anybody half a day later.
func TestTheWordsStayBetweenThem(t *testing.T) {
	var log bytes.Buffer
	w := testrig.New(t)
	w.Logging(&log)
	for i := range 7 {
		testrig.Must(w.Identity.Add(t.Context(), access.System, testrig.Draft(fmt.Sprint("Tadeusz", i), "Borsuczkowski", w.Terespol), false))(t)
	}
	b := w.Browse(w.Coordinator)
	p, address := search(w, b, "borsuczkowski")
	if len(found(p)) != 5 || strings.Contains(strings.ToLower(p.Text("title")+address), "borsucz") || !strings.Contains(p.Find("main [data-find]").AttrOr("value", ""), "borsucz") {
		t.Errorf("%s: %v, %s", address, found(p), p.Text("title"))
	}
	if !strings.Contains(p.Find(".found").AttrOr("data-say", ""), "więcej") {
		t.Error("it is not heard that there are more")
	}
	// The list goes on with the words in its own box, and every address on it keeps them sealed.
	more := p.Find(`form[action="/app/find/list"]`)
	if more.Length() != 1 {
		t.Fatalf("no way on: %s", p.Text(".found"))
	}
	on := w.Status(b.Post("/app/find/list", p.Form(`form[action="/app/find/list"]`)), http.StatusSeeOther).Header.Get("Location")
	list := w.Status(b.Get(on), http.StatusOK)
	if !strings.HasPrefix(on, "/app/people?found=") || list.Find(`input[name=q]`).AttrOr("value", "") != "borsuczkowski" || strings.Count(list.Text("main"), "Borsuczkowski") < 7 {
		t.Errorf("%s: %s", on, list.Text("main"))
	}
	list.Find("a[href], input[name=return]").Each(func(_ int, s *goquery.Selection) {
		if to := s.AttrOr("href", "") + s.AttrOr("value", ""); strings.Contains(strings.ToLower(to), "borsucz") {
			t.Errorf("the list leads to %s", to)
		}
	})
	sorted := list.Find("th a[href*='sort=']").First().AttrOr("href", "")
	if p := w.Status(b.Get(sorted), http.StatusOK); !strings.Contains(p.Text("main"), "Borsuczkowski") || strings.Contains(p.Text("main"), "Źródło") {
		t.Errorf("%s shows others: %s", sorted, p.Text("main"))
	}
	if file := b.Get(on + "&as=csv"); strings.Count(file.Body, "Borsuczkowski") != 7 || strings.Contains(file.Body, "Źródło") {
		t.Errorf("the file: %s", file.Body)
	}
	for _, hit := range []string{address, on} {
		other := w.Browse(w.Admin)
		if p := w.Status(other.Get(hit), http.StatusSeeOther); strings.Contains(p.Header.Get("Location"), "found") {
			t.Errorf("another person is led to %s", p.Header.Get("Location"))
		}
		if p := w.Status(b.Get(hit[:len(hit)-2]+"AA"), http.StatusSeeOther); strings.Contains(p.Header.Get("Location"), "found") {
			t.Errorf("an altered address leads to %s", p.Header.Get("Location"))
		}
	}
	w.Clock.Advance(12*time.Hour + time.Second)
	late := w.Browse(w.Coordinator)
	if p := w.Status(late.Get(on+"&state=active"), http.StatusSeeOther); p.Header.Get("Location") != "/app/people?state=active" {
		t.Errorf("half a day later it leads to %s", p.Header.Get("Location"))
	}
	if p := late.Get("/app/people?state=active"); !strings.Contains(p.Text(".notice"), "Wpisz je ponownie") {
		t.Errorf("it is not said why: %s", p.Text(".notice"))
	}
	if strings.Contains(strings.ToLower(log.String()), "borsucz") {
		t.Errorf("the log tells: %s", log.String())
	}
	// What somebody else wrote into an address is not looked for.
	if p := w.Status(late.Get("/app/find?q=borsuczkowski"), http.StatusOK); p.Find(".found").Length() != 0 {
		t.Error("words that were not sealed are looked for")
	}
}

// The length of an address tells little of what was typed.
func TestLengthsTellLittle(t *testing.T) {
	w := testrig.New(t)
	b := w.Browse(w.Coordinator)
	_, one := search(w, b, "ab")
	if _, other := search(w, b, strings.Repeat("kowalska ", 9)); len(one) != len(other) {
		t.Errorf("%d and %d letters", len(one), len(other))
	}
}

func TestWordsThatCannotBeLookedFor(t *testing.T) {
	w := testrig.New(t)
	b := w.Browse(w.Coordinator)
	for words, want := range map[string]string{"": "co najmniej", "a": "co najmniej", strings.Repeat("a", 101): "najwyżej"} {
		p := w.Status(b.Post("/app/find", url.Values{"words": {words}}), http.StatusUnprocessableEntity)
		if !strings.Contains(p.Text(".errors"), want) || p.Find("main [data-find]").AttrOr("value", "") != words || p.Find(p.Find(".errors a").AttrOr("href", "none")).AttrOr("name", "") != "words" {
			t.Errorf("%q: %s", words, p.Text("main"))
		}
		for _, path := range []string{"/app/find/quick", "/app/find/list"} {
			w.Status(b.Post(path, url.Values{"words": {words}, "kind": {"people"}}), http.StatusBadRequest)
		}
	}
	for _, kind := range []string{"", "guardians", "certificates", "people/../x"} { // of a kind without a list, or that one may not see, none is led to
		w.Status(b.Post("/app/find/list", url.Values{"words": {"nowak"}, "kind": {kind}}), http.StatusNotFound)
	}
	w.Unreadable("/app/find")
}

// While somebody types, the groups come alone, with what a screen reader hears of them.
func TestWhatComesWhileTyping(t *testing.T) {
	w := testrig.New(t)
	p := w.Status(w.Browse(w.Coordinator).Post("/app/find/quick", url.Values{"words": {"zrodlo"}}), http.StatusOK)
	if list := found(p); !slices.Equal(list, []string{"people: Źródło Zofia"}) || !strings.Contains(p.Find(".found").AttrOr("data-say", ""), "1") || p.Find("header").Length() != 0 {
		t.Errorf("%v: %s", list, p.Body)
	}
	for name, actor := range w.Everybody() {
		if p := w.Browse(actor).Post("/app/find/quick", url.Values{"words": {"zrodlo"}}); actor.PersonID == "" && p.Find(".found").Length() != 0 {
			t.Errorf("%s finds something", name)
		}
	}
}

// The field stands in the head of every signed-in page, says its keys, and one of them can be turned off (WCAG 2.2 2.1.4).
func TestTheFieldInTheHead(t *testing.T) {
	w := testrig.New(t)
	b := w.Browse(w.Learner)
	keys := func(path string) string {
		return w.Status(b.Get(path), http.StatusOK).Find("[data-find]").AttrOr("aria-keyshortcuts", "none")
	}
	for _, path := range []string{"/app/courses", "/app/account", "/app/find"} {
		if p := w.Status(b.Get(path), http.StatusOK); p.Find("[data-find]").Length() != 1 || p.Find(`label[for="`+p.Find("[data-find]").AttrOr("id", "")+`"]`).Length() != 1 {
			t.Errorf("%s has %d fields", path, p.Find("[data-find]").Length())
		}
	}
	if got := keys("/app/account"); got != "/ Control+K" {
		t.Errorf("its keys are %s", got)
	}
	w.Status(b.Post("/app/find/keys", url.Values{"slash": {"off"}}), http.StatusSeeOther)
	if p := b.Get("/app/find"); !strings.Contains(p.Text(".notice"), "wyłączony") || keys("/app/account") != "Control+K" {
		t.Errorf("turned off: %s, %s", p.Text(".notice"), keys("/app/account"))
	}
	w.Status(b.Post("/app/find/keys", url.Values{"slash": {"on"}}), http.StatusSeeOther)
	if keys("/app/account") != "/ Control+K" {
		t.Error("it is not turned on again")
	}
	if p := w.Browse(access.Actor{}).Get("/app/sign-in"); p.Find("[data-find]").Length() != 0 {
		t.Error("who is not signed in is asked what they look for")
	}
}

// TestNoFailureIsHidden: what the database does not give is missed, and never left out of what was found.
func TestNoFailureIsHidden(t *testing.T) {
	w := testrig.New(t)
	w.Pass(w.Learner, testrig.SmallCourse)
	b := w.Browse(w.Coordinator)
	_, address := search(w, b, "zofia zrodlo")
	b.Fragile(t, []string{address})
}
