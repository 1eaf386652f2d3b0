package itembankweb_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"ostoja/internal/access"
	"ostoja/internal/db/dbtest"
	"ostoja/internal/id"
	"ostoja/internal/identity"
	"ostoja/internal/itembank"
	"ostoja/internal/testrig"
)

// TestAnAuthorOfOneUnitIsRefused: the right to write items of a unit is none to read or write those that all units are
// asked: their keys would be known.
func TestAnAuthorOfOneUnitIsRefused(t *testing.T) {
	w := &world{testrig.New(t)}
	path := w.added(w.Browse(w.Author), itemForm())
	b := w.Browse(w.Person("Jan", "Lokalny", w.Guard, identity.RoleDraft{Role: access.Author, UnitID: w.Guard}))
	for _, page := range []string{"/app/bank", path, "/app/bank/tests", "/app/bank/tests/" + w.test().ID, "/app/bank/new", path + "/edit", "/app/bank/import", "/app/bank/tests/new"} {
		w.Status(b.Get(page), http.StatusForbidden)
	}
	version := w.newest(path).ID
	test := url.Values{"langs": {"pl"}, "title.pl": {"Test"}, "objectives": {"know"}, "each": {"5"}, "forms": {"3"}, "minutes": {"15"}}
	for page, form := range map[string]url.Values{
		"/app/bank/new": itemForm(), path + "/edit": with(itemForm(), "level", "3"), path + "/retire": {}, "/app/bank/review": {"version": {version}}, "/app/bank/tests/new": test,
	} {
		w.Status(b.Post(page, form), http.StatusForbidden)
	}
	w.Status(b.Post("/app/bank/new", with(itemForm(), "change-type", "1")), http.StatusForbidden)
	w.Status(b.Post("/app/bank/tests/new", with(test, "preview", "1")), http.StatusForbidden)
	w.Status(w.upload(b, "x.txt", "Tak?\nA. tak\nB. nie\nANSWER: A\n", url.Values{"format": {"aiken"}, "lang": {"pl"}, "objective": {"know"}, "topic": {"law"}, "level": {"2"}}), http.StatusForbidden)
	if v := w.newest(path); v.ID != version || v.Verdict != itembank.Awaiting || !v.RetiredAt.IsZero() {
		t.Errorf("%+v", v)
	}
}

// TestPagesSayThatTheyFailed: where the database refuses what a page needs, it is an error of the server's, and never an empty page or
// a message that all went well.
func TestPagesSayThatTheyFailed(t *testing.T) {
	w := &world{testrig.New(t)}
	w.approve(15)
	author, second := w.Browse(w.Author), w.Browse(w.Admin)
	path := w.added(author, itemForm())
	version := w.newest(path).ID
	test := "/app/bank/tests/" + w.test().ID
	draft := url.Values{"langs": {"pl"}, "title.pl": {"Test"}, "objectives": {"know"}, "each": {"5"}, "forms": {"3"}, "minutes": {"15"}}
	get := func(path string) *http.Request { return httptest.NewRequest(http.MethodGet, path, nil) }
	post := func(path string, form url.Values) *http.Request {
		r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(form.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		return r
	}
	for _, c := range []struct {
		b     *testrig.Browser
		asks  func() *http.Request
		needs []string
	}{
		{author, func() *http.Request { return get("/app/bank") }, []string{"read bank_version", "read bank_item", "read course"}},
		{author, func() *http.Request { return get("/app/bank?as=csv") }, []string{"read bank_version", "read bank_item"}},
		{author, func() *http.Request { return get("/app/bank/new") }, []string{"read bank_version", "read course"}},
		{author, func() *http.Request { return get(path) }, []string{"read bank_version", "read course"}},
		{author, func() *http.Request { return get(path + "/edit") }, []string{"read bank_version", "read course"}},
		{author, func() *http.Request { return get("/app/bank/tests") }, []string{"read competence_test", "read test_form"}},
		{author, func() *http.Request { return get("/app/bank/tests/new") }, []string{"read bank_version", "read bank_item", "read course"}},
		{author, func() *http.Request { return get(test) }, []string{"read competence_test", "read test_form", "read bank_version", "read course"}},
		{author, func() *http.Request { return get("/app/bank/export/items?format=gift") }, []string{"read bank_version"}},
		{author, func() *http.Request { return post("/app/bank/new", with(itemForm(), "id", "granica-2")) }, []string{"insert bank_item", "insert bank_version", "insert audit"}},
		{author, func() *http.Request { return post(path+"/edit", with(itemForm(), "level", "3")) }, []string{"read bank_version", "insert bank_version"}},
		{author, func() *http.Request { return post(path+"/retire", url.Values{}) }, []string{"update bank_item"}},
		{second, func() *http.Request {
			return post("/app/bank/review", url.Values{"version": {version}, "item": {path[len("/app/bank/items/"):]}})
		}, []string{"update bank_version"}},
		{author, func() *http.Request { return post("/app/bank/tests/new", with(draft, "preview", "1")) }, []string{"read bank_version", "read test_form"}},
		{author, func() *http.Request { return post("/app/bank/tests/new", draft) }, []string{"read test_form", "insert competence_test", "insert test_form"}},
	} {
		for _, need := range c.needs {
			op, table, _ := strings.Cut(need, " ")
			mend := dbtest.Break(t, w.DB, op, table, "")
			r := c.asks()
			if c.b.Fails(r); t.Failed() {
				t.Fatalf("what the database refused: %s", need)
			}
			mend()
		}
	}
	w.silent(author.Get("/app/bank"), "Ułożono", "Zapisano")
}

// TestWhatCannotBeReadIsRefused: a form that is none is the sender's fault, on every route that reads one.
func TestWhatCannotBeReadIsRefused(t *testing.T) {
	w := &world{testrig.New(t)}
	b := w.Browse(w.Author)
	path := "/app/bank/items/" + w.test().Forms[0].Versions[0].ItemID
	for _, page := range []string{"/app/bank/new", path + "/edit", path + "/retire", "/app/bank/review", "/app/bank/import", "/app/bank/tests/new"} {
		r := httptest.NewRequest(http.MethodPost, page, strings.NewReader("x=%zz"))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		w.Status(b.Do(r), http.StatusBadRequest)
	}
	w.Status(b.Post("/app/bank/items/"+id.New()+"/edit", itemForm()), http.StatusNotFound)
}

// TestTestsNarrowByOriginAndReview: of three tests, each filter finds its own.
func TestTestsNarrowByOriginAndReview(t *testing.T) {
	each(t, func(w *world) {
		w.approve(15)
		b := w.Browse(w.Author)
		w.Status(b.Post("/app/bank/tests/new", url.Values{
			"langs": {"pl"}, "title.pl": {"Tutejszy"}, "objectives": {"know"}, "each": {"5"}, "forms": {"3"}, "minutes": {"15"},
		}), http.StatusSeeOther)
		for query, want := range map[string][2]bool{ // of the course, made here
			"": {true, true}, "?origin=small": {true, false}, "?origin=-": {false, true}, "?review=approved": {true, true}, "?review=awaiting": {false, false}, "?q=tutejszy": {false, true},
		} {
			p := w.Status(b.Get("/app/bank/tests"+query), http.StatusOK)
			main := p.Text(".list-table")
			if got := [2]bool{strings.Contains(main, "Test wiedzy"), strings.Contains(main, "Tutejszy")}; got != want {
				w.T.Errorf("%q: %v, not %v: %s", query, got, want, main)
			}
		}
		w.says(b.Get("/app/bank/tests"), "stąd", "kurs small", "zatwierdzone")
	})
}

// TestFormsAreShownWithWhatTheyOffer: what a form says before anything was typed.
func TestFormsAreShownWithWhatTheyOffer(t *testing.T) {
	w := &world{testrig.New(t)}
	b := w.Browse(w.Author)
	for page, want := range map[string]map[string]string{
		"/app/bank/new": {"type": "single", "level": "2"}, "/app/bank/new?type=order": {"type": "order", "level": "2"},
		"/app/bank/import": {"lang": "pl", "level": "2"}, "/app/bank/tests/new": {"each": "2", "forms": "3", "minutes": "15"},
	} {
		path, _, _ := strings.Cut(page, "?")
		form := w.Status(b.Get(page), http.StatusOK).Form(`form[action="` + path + `"]`)
		for name, value := range want {
			if form.Get(name) != value {
				t.Errorf("%s: %s is %q, not %q", page, name, form.Get(name), value)
			}
		}
	}
	// What was refused is shown again whole, as a preview and as a test.
	for _, preview := range []string{"", "1"} {
		p := w.Status(b.Post("/app/bank/tests/new", url.Values{"preview": {preview}, "langs": {"pl"}, "title.pl": {"Zostaje"}, "each": {"99"}, "forms": {"2"}, "minutes": {"15"}}), http.StatusUnprocessableEntity)
		if p.Find("input[name='title.pl']").AttrOr("value", "") != "Zostaje" || p.Find(".errors a").Length() != 2 {
			t.Errorf("preview=%q: %s", preview, p.Text("main"))
		}
	}
}

// TestAnItemsPageSaysWhatStandsWithIt and nothing of what does not: retired, replaced, in one language or several; a code is asked
// of a new item alone.
func TestAnItemsPageSaysWhatStandsWithIt(t *testing.T) {
	w := &world{testrig.New(t)}
	b := w.Browse(w.Author)
	if p := w.Status(b.Get("/app/bank/new"), http.StatusOK); p.Find("input[name=id]").Length() != 1 || p.Text("h1") != "Nowe pytanie" {
		t.Errorf("a new item's form: %s", p.Text("h1"))
	}
	path := w.added(b, itemForm())
	if p := w.Status(b.Get(path+"/edit"), http.StatusOK); p.Find("input[name=id]").Length() != 0 || p.Text("h1") != "Zmień pytanie" {
		t.Errorf("a change's form: %s", p.Text("h1"))
	}
	p := b.Get(path)
	w.silent(p, "Pytanie wycofano", "To wersja", "dobry wybór")
	if p.Find(`a[href*="in=en"]`).Length() != 1 || p.Find("blockquote").Length() > 0 {
		t.Error("no tab of the other language, or a note that nobody wrote")
	}
	one := with(itemForm(), "id", "jeden-1")
	for _, name := range []string{"question.en", "explanation.en", "options.0.en", "options.1.en"} {
		one.Del(name)
	}
	if p := b.Get(w.added(b, one)); p.Find(`a[href*="in="]`).Length() > 0 {
		t.Error("one language has tabs")
	}
	step := with(itemForm(), "id", "krok-1", "type", "step", "options.0.mark", "good", "options.1.mark", "fair", "options.2.pl", "cztery", "options.2.en", "four", "options.2.mark", "poor")
	w.says(b.Get(w.added(b, step)), "dobry wybór", "częściowo dobry wybór", "zły wybór")
	w.Status(b.Post(path+"/edit", with(itemForm(), "level", "3")), http.StatusSeeOther)
	w.says(b.Get(path+"?version=1"), "To wersja 1. Najnowsza ma numer 2.")
	w.silent(b.Get(path), "To wersja")
	w.Status(b.Post(path+"/retire", url.Values{}), http.StatusSeeOther)
	b.Get(path) // the message
	w.says(b.Get(path), "Pytanie wycofano")
}
