package itembankweb_test

import (
	"bytes"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"ostoja/internal/id"
	"ostoja/internal/itembank"
	"ostoja/internal/itembank/itembankweb"
	"ostoja/internal/testrig"
	"ostoja/internal/web"
	"ostoja/internal/web/webtest"
)

// world is the program's world with what these tests do in it.
type world struct{ *testrig.World }

func each(t *testing.T, fn func(w *world)) {
	t.Helper()
	testrig.Each(t, func(_ *testing.T, w *testrig.World) { fn(&world{w}) })
}

// says fails unless the page holds all of the texts.
func (w *world) says(p webtest.Page, texts ...string) {
	w.T.Helper()
	for _, text := range texts {
		if !strings.Contains(strings.ReplaceAll(p.Text("main"), "\u00a0", " "), text) {
			w.T.Errorf("the page does not say %q: %s", text, p.Text("main"))
		}
	}
}

// silent fails if the page holds any of the texts.
func (w *world) silent(p webtest.Page, texts ...string) {
	w.T.Helper()
	for _, text := range texts {
		if strings.Contains(p.Text("main"), text) {
			w.T.Errorf("the page says %q: %s", text, p.Text("main"))
		}
	}
}

// added sends the form of a new item, or of a change, and returns the address of the item's page.
func (w *world) added(b *testrig.Browser, form url.Values) string {
	w.T.Helper()
	return w.Status(b.Post("/app/bank/new", form), http.StatusSeeOther).Header.Get("Location")
}

// reviewed lets somebody approve the newest version of an item by the form on its page.
func (w *world) reviewed(b *testrig.Browser, path string) {
	w.T.Helper()
	review := w.Status(b.Get(path), http.StatusOK).Form(`form[action="/app/bank/review"]`)
	w.Status(b.Post("/app/bank/review", review), http.StatusSeeOther)
}

// test returns the competence test of the small course.
func (w *world) test() itembank.Test {
	w.T.Helper()
	return testrig.Must(w.Bank.Tests(w.T.Context()))(w.T)[0]
}

// upload sends a file with a form.
func (w *world) upload(b *testrig.Browser, name, content string, form url.Values) webtest.Page {
	w.T.Helper()
	var body bytes.Buffer
	m := multipart.NewWriter(&body)
	for k, list := range form {
		for _, v := range list {
			w.OK(m.WriteField(k, v))
		}
	}
	if name != "" {
		part, err := m.CreateFormFile("file", name)
		w.OK(err)
		_, err = part.Write([]byte(content))
		w.OK(err)
	}
	w.OK(m.Close())
	r := httptest.NewRequest(http.MethodPost, "/app/bank/import", &body)
	r.Header.Set("Content-Type", m.FormDataContentType())
	return b.Do(r)
}

// itemForm is the form of a new single-choice item.
func itemForm() url.Values {
	return url.Values{
		"id": {"granica-1"}, "type": {"single"}, "objective": {"know"}, "topic": {"law"}, "level": {"2"}, "question.pl": {"Ile elementów ma definicja?"}, "question.en": {"How many elements has the definition?"},
		"options.0.pl": {"dwa"}, "options.0.en": {"two"}, "options.1.pl": {"trzy"}, "options.1.en": {"three"}, "options.1.mark": {"right"},
		"explanation.pl": {"Czyn, metoda i cel."}, "explanation.en": {"Act, means and purpose."},
	}
}

// with returns a form with other values, as name, value pairs.
func with(form url.Values, pairs ...string) url.Values {
	changed := url.Values{}
	for k, v := range form {
		changed[k] = slices.Clone(v)
	}
	for i := 0; i < len(pairs); i += 2 {
		changed.Set(pairs[i], pairs[i+1])
	}
	return changed
}

// TestWhoIsRefused asks every route of the area as everybody: authors and administrators come in, nobody else does.
func TestWhoIsRefused(t *testing.T) {
	w := &world{testrig.New(t)}
	test := w.test()
	mux := web.NewMux(&web.Site{})
	itembankweb.New(itembankweb.Deps{}).Routes(mux)
	patterns := mux.Patterns()
	if len(patterns) != 15 {
		t.Errorf("%d routes", len(patterns))
	}
	paths := strings.NewReplacer("{item}", test.Forms[0].Versions[0].ItemID, "{test}", test.ID, "export/{file}", "export/items?format=gift")
	open := map[string]bool{"administrator": true, "author": true, "second author": true}
	for who, actor := range w.Everybody() {
		b := w.Browse(actor)
		for _, pattern := range patterns {
			method, path, _ := strings.Cut(pattern, " ")
			path = paths.Replace(path)
			if open[who] {
				if method == http.MethodGet {
					w.Status(b.Get(path), http.StatusOK)
				}
				continue
			}
			p := b.Do(httptest.NewRequest(method, path, nil))
			if who == "nobody" {
				if p.Status != http.StatusSeeOther && p.Status != http.StatusUnauthorized {
					t.Errorf("%s: nobody gets %d, not the sign-in", pattern, p.Status)
				}
				continue
			}
			if p.Status != http.StatusForbidden {
				t.Errorf("%s: %s gets %d", pattern, who, p.Status)
			}
		}
	}
}

// TestWhatThereIsNot: an item, a version, a test or a file that there is not is not found, and changes nothing.
func TestWhatThereIsNot(t *testing.T) {
	w := &world{testrig.New(t)}
	b := w.Browse(w.Author)
	for _, path := range []string{
		"/app/bank/items/" + id.New(), "/app/bank/items/x", "/app/bank/items/" + id.New() + "/edit", "/app/bank/items/x/edit",
		"/app/bank/tests/" + id.New(), "/app/bank/tests/x",
		"/app/bank/export/items", "/app/bank/export/items?format=word", "/app/bank/export/others?format=gift",
		"/app/bank/items/" + w.test().Forms[0].Versions[0].ItemID + "?version=2",
	} {
		w.Status(b.Get(path), http.StatusNotFound)
	}
	w.Status(b.Post("/app/bank/items/"+id.New()+"/edit", itemForm()), http.StatusNotFound)
	w.Status(b.Post("/app/bank/items/"+id.New()+"/edit", with(itemForm(), "change-type", "1")), http.StatusNotFound)
	w.Status(b.Post("/app/bank/items/"+id.New()+"/retire", url.Values{}), http.StatusNotFound)
	w.Status(b.Post("/app/bank/review", url.Values{"version": {id.New()}}), http.StatusNotFound)
}

// TestWhatMayChangeIsNamedToTheReviewer: a period, a provision or a number in an item is for the second person to judge; a fact by a slot is
// refused at the question, and what was typed stays.
func TestWhatMayChangeIsNamedToTheReviewer(t *testing.T) {
	each(t, func(w *world) {
		admin, second := w.Browse(w.Admin), w.Browse(w.Author)
		plain := w.added(admin, itemForm())
		w.silent(second.Get(plain), "coś, co może się zmienić")
		path := w.added(admin, with(itemForm(), "id", "granica-2", "options.0.pl", "3 miesiące", "options.1.en", "as article 33a says"))
		w.says(w.Status(second.Get(path), http.StatusOK), "W tym pytaniu jest coś, co może się zmienić: ", "3 miesiące", "article 33a")
		w.silent(admin.Get(path), "coś, co może się zmienić") // who wrote it does not review it
		number := w.added(admin, with(itemForm(), "id", "granica-3", "question.pl", "Pod jaki numer? 112"))
		w.says(second.Get(number), "112")
		refused := w.Status(admin.Post("/app/bank/new", with(itemForm(), "id", "granica-4", "question.pl", "Ile to {reflection-period}?")), http.StatusUnprocessableEntity)
		w.says(refused, "nie może opierać się na informacji, która się zmienia: {reflection-period}")
		if typed := refused.Form(`form[action="/app/bank/new"]`).Get("question.pl"); typed != "Ile to {reflection-period}?" {
			w.T.Errorf("typed: %q", typed)
		}
	})
}

// TestFromItemToVersion writes an item, reviews it as a second person, and changes it: the old version stays as it was.
func TestFromItemToVersion(t *testing.T) {
	each(t, func(w *world) {
		admin, second := w.Browse(w.Admin), w.Browse(w.Author)
		bad := itemForm()
		bad.Set("options.1.mark", "")
		bad.Set("question.en", "")
		p := w.Status(admin.Post("/app/bank/new", bad), http.StatusUnprocessableEntity)
		shown := p.Form(`form[action="/app/bank/new"]`)
		if p.Find(".errors a").Length() == 0 || shown.Get("options.0.pl") != "dwa" || shown.Get("explanation.pl") != "Czyn, metoda i cel." {
			w.T.Error("a refused item loses what was typed")
		}
		path := w.added(admin, with(itemForm(), "options.0.pl", "dwa\r\n  ")) // a text area may bring a line's end
		p = w.Status(admin.Get(path), http.StatusOK)
		w.says(p, "Zapisano wersję 1.", "Ile elementów ma definicja?", "Zatwierdza druga osoba")
		if p.Find(`form[action="/app/bank/review"]`).Length() > 0 {
			w.T.Error("the author is offered the review")
		}
		version := w.Status(second.Get(path), http.StatusOK).Find(`form[action="/app/bank/review"] input[name=version]`).AttrOr("value", "")
		review := url.Values{"version": {version}, "item": {strings.TrimPrefix(path, "/app/bank/items/")}, "back": {path}}
		w.Status(admin.Post("/app/bank/review", review), http.StatusSeeOther)
		w.says(admin.Get(path), "czeka na drugą osobę") // the author approved nothing
		w.Status(second.Post("/app/bank/review", with(review, "return", "1", "item", "")), http.StatusBadRequest)
		refused := w.Status(second.Post("/app/bank/review", with(review, "return", "1")), http.StatusUnprocessableEntity)
		w.says(refused, "Napisz, co zmienić", "Ile elementów ma definicja?")
		w.says(w.Status(second.Get(path), http.StatusOK), "czeka na drugą osobę")
		if done := w.Status(second.Post("/app/bank/review", review), http.StatusSeeOther); done.Header.Get("Location") != path {
			w.T.Errorf("the review leads to %s", done.Header.Get("Location"))
		}
		p = second.Get(path)
		w.says(p, "zatwierdzone")
		if p.Find(`form[action="/app/bank/review"]`).Length() > 0 {
			w.T.Error("what is reviewed is offered for review again")
		}

		edit := path + "/edit"
		shown = w.Status(admin.Get(edit), http.StatusOK).Form(`form[action="` + edit + `"]`)
		w.Status(admin.Post(edit, shown), http.StatusSeeOther)
		p = admin.Get(path)
		w.says(p, "Nic się nie zmieniło: wersja 1 brzmi tak samo.")
		if n := p.Find(`a[href*="?version="]:not([href*="in="])`).Length(); n != 1 {
			w.T.Errorf("saving an item as it was shown made %d versions", n)
		}
		w.Status(admin.Post(edit, with(shown, "question.pl", "Ile elementów ma definicja w Protokole?")), http.StatusSeeOther)
		p = admin.Get(path)
		if n := p.Find(`a[href*="?version="]:not([href*="in="])`).Length(); n != 2 {
			w.T.Errorf("a change made %d versions", n)
		}
		w.says(p, "w Protokole", "czeka na drugą osobę")
		old := admin.Get(path + "?version=1")
		w.says(old, "Ile elementów ma definicja?", "zatwierdzone", "wersja 1")
		if old.Find(`a[href="`+edit+`"]`).Length() > 0 || p.Find(`a[href="`+edit+`"]`).Length() == 0 {
			w.T.Error("an old version can be changed, or the newest cannot")
		}
		w.Status(admin.Get(path+"?version=9"), http.StatusNotFound)
		w.says(admin.Get(path+"?in=en"), "How many elements has the definition?")
		w.says(admin.Get(path+"?in=uk"), "w Protokole") // a language that it is not in
		for in, want := range map[string]string{"en": "en", "pl": "pl", "uk": "pl"} {
			if current := admin.Get(path + "?in=" + in).Find(`main a[href*="&in="][aria-current]`); current.Length() != 1 || !strings.HasSuffix(current.AttrOr("href", ""), "&in="+want) {
				w.T.Errorf("in %s the tab of %q is the current one", in, current.AttrOr("href", ""))
			}
		}
	})
}

// TestReturning: what a second person returns carries the note that says what to change, and only a new version is reviewed anew.
func TestReturning(t *testing.T) {
	w := &world{testrig.New(t)}
	author, second := w.Browse(w.Admin), w.Browse(w.Author)
	path := w.added(author, itemForm())
	review := w.Status(second.Get(path), http.StatusOK).Form(`form[action="/app/bank/review"]`)
	review.Set("return", "1")
	review.Set("note", "Podaj artykuł.")
	review.Set("back", "https://elsewhere.example.org/")
	if p := w.Status(second.Post("/app/bank/review", review), http.StatusSeeOther); p.Header.Get("Location") != "/app/bank" {
		t.Errorf("a foreign address leads to %q", p.Header.Get("Location"))
	}
	p := author.Get(path)
	w.says(p, "Podaj artykuł.", "zwrócone", "Ewa Autorska")
	w.silent(p, "Zatwierdza druga osoba")
	w.says(author.Get("/app/bank?review=returned"), "granica-1")
	w.silent(author.Get("/app/bank?review=awaiting"), "granica-1")
}

// TestRetiring takes an item out of the list and brings it back.
func TestRetiring(t *testing.T) {
	each(t, func(w *world) {
		b := w.Browse(w.Author)
		path := w.added(b, itemForm())
		w.Status(b.Post(path+"/retire", url.Values{}), http.StatusSeeOther)
		w.says(b.Get(path), "Pytanie wycofane.")
		if b.Get(path).Find(`form[action="`+path+`/retire"] button[name=back]`).Length() != 1 {
			w.T.Error("a retired item cannot be brought back")
		}
		w.silent(b.Get("/app/bank?q=elementów"), "granica-1")
		w.says(b.Get("/app/bank?q=elementów&retired=1"), "granica-1")
		w.Status(b.Post(path+"/retire", url.Values{"back": {"1"}}), http.StatusSeeOther)
		w.says(b.Get(path), "Pytanie przywrócone.")
		w.says(b.Get("/app/bank?q=elementów"), "granica-1")
		w.silent(b.Get("/app/bank?q=elementów&retired=1"), "granica-1")
	})
}

// TestNamesAndObjectives: an author without a right to read people sees who wrote and approved an item, herself above all, and
// objectives in the page's language, not by their ids.
func TestNamesAndObjectives(t *testing.T) {
	each(t, func(w *world) {
		author := w.Browse(w.Author)
		path := w.added(author, itemForm())
		w.reviewed(w.Browse(w.Admin), path)
		p := w.Status(author.Get(path), http.StatusOK)
		w.says(p, "Ewa Autorska", "Adam Zarządca", "Pochodzeniestąd")
		w.silent(p, "inna osoba")
		for _, page := range []string{path, "/app/bank", "/app/bank/tests/" + w.test().ID, "/app/bank/tests/new", path + "/edit"} {
			w.says(w.Status(author.Get(page), http.StatusOK), "Wie")
			p := w.Status(w.Browse(w.SecondAuthor).Get(page), http.StatusOK)
			if page != path+"/edit" && regexp.MustCompile(`(^|\s)know(\s|,|$)`).MatchString(p.Text("main")) {
				w.T.Errorf("%s shows the objective's id", page)
			}
		}
		fromCourse := "/app/bank/items/" + w.test().Forms[0].Versions[0].ItemID
		w.says(author.Get(fromCourse), "kurs small")
		w.says(w.Browse(w.SecondAuthor).Get(fromCourse), "EN Wie")
	})
}

// rows returns the codes of the items in the list.
func rows(p webtest.Page) (codes []string) {
	p.Find(`tbody a[href^="/app/bank/items/"]`).Each(func(_ int, s *goquery.Selection) { codes = append(codes, strings.TrimSpace(s.Text())) })
	return codes
}

// TestFilters: the list narrows by what an item carries, alone and together, and keeps the filters in its links.
func TestFilters(t *testing.T) {
	each(t, func(w *world) {
		b := w.Browse(w.Author)
		w.reviewed(w.Browse(w.Admin), w.added(b, itemForm()))
		other := with(itemForm(), "id", "pomoc-1", "objective", "help", "topic", "support", "level", "3", "type", "order", "question.pl", "Ułóż kroki", "steps.0.pl", "jeden", "steps.1.pl", "dwa", "steps.2.pl", "trzy")
		for _, k := range []string{"question.en", "explanation.en"} {
			other.Del(k)
		}
		w.added(b, other)
		both := []string{"granica-1", "pomoc-1"}
		for query, want := range map[string][]string{
			"":                                  both,
			"&q=kroki":                          {"pomoc-1"},
			"&q=ulóz":                           {"pomoc-1"},
			"&q=elements":                       {"granica-1"},
			"&q=niczego-takiego":                nil,
			"&objective=help":                   {"pomoc-1"},
			"&objective=know":                   {"granica-1"},
			"&topic=support":                    {"pomoc-1"},
			"&topic=law":                        {"granica-1"},
			"&level=3":                          {"pomoc-1"},
			"&level=2":                          {"granica-1"},
			"&level=none":                       nil, // what is not offered finds nothing, as in every list
			"&type=order":                       {"pomoc-1"},
			"&type=single":                      {"granica-1"},
			"&lang=en":                          {"granica-1"},
			"&lang=pl":                          both,
			"&review=approved":                  {"granica-1"},
			"&review=awaiting":                  {"pomoc-1"},
			"&review=returned":                  nil,
			"&retired=1":                        nil,
			"&level=2&type=order":               nil,
			"&level=3&type=order&topic=support": {"pomoc-1"},
		} {
			p := w.Status(b.Get("/app/bank?origin=-"+query), http.StatusOK)
			if got := rows(p); !slices.Equal(got, want) {
				w.T.Errorf("%s: %v, not %v", query, got, want)
			}
			if len(want) == 0 && (p.Find("table").Length() > 0 || p.Find(".list-none").Length() == 0) {
				w.T.Errorf("%s: an empty list does not say so", query)
			}
		}
		if got := rows(b.Get("/app/bank?origin=small")); len(got) != 15 || slices.Contains(got, "granica-1") {
			w.T.Errorf("from the course: %v", got)
		}
		file := w.Status(b.Get("/app/bank?origin=-&sort=-level&as=csv"), http.StatusOK).Body
		if first, last := strings.Index(file, "pomoc-1"), strings.Index(file, "granica-1"); first < 0 || last < first {
			w.T.Errorf("the file of a narrowed and sorted list: %s", file)
		}
		if got := rows(b.Get("/app/bank")); len(got) != 17 {
			w.T.Errorf("all: %v", got)
		}
	})
}

// TestApprovingFromTheList: a tick stands at what the reader may approve and nowhere else, and approving comes back to the list.
func TestApprovingFromTheList(t *testing.T) {
	each(t, func(w *world) {
		author, second := w.Browse(w.Admin), w.Browse(w.SecondAuthor)
		w.added(author, itemForm())
		w.added(author, with(itemForm(), "id", "granica-2", "question.pl", "Inne pytanie?"))
		list := "/app/bank?origin=-"
		if n := author.Get(list).Find("input[name=version]").Length(); n != 0 {
			w.T.Errorf("the author may tick %d of their own items", n)
		}
		var versions []string
		second.Get(list).Find("input[name=version]").Each(func(_ int, s *goquery.Selection) { versions = append(versions, s.AttrOr("value", "")) })
		if len(versions) != 2 {
			w.T.Fatalf("%d of 2 can be ticked", len(versions))
		}
		if p := w.Status(second.Post("/app/bank/review", url.Values{"version": versions[:1], "back": {list}}), http.StatusSeeOther); p.Header.Get("Location") != list {
			w.T.Errorf("leads to %s", p.Header.Get("Location"))
		}
		if n := second.Get(list).Find("input[name=version]").Length(); n != 1 {
			w.T.Errorf("after one of two, %d can be ticked", n)
		}
		if n := len(rows(author.Get(list + "&review=approved"))); n != 1 {
			w.T.Errorf("%d are approved", n)
		}
	})
}

// TestManyItems: the list has pages, whose links keep the filters.
func TestManyItems(t *testing.T) {
	w := &world{testrig.New(t)}
	b := w.Browse(w.Author)
	content := ""
	for i := range 60 {
		content += fmt.Sprintf("Pytanie numer %d?\nA. tak\nB. nie\nANSWER: A\n\n", i)
	}
	form := url.Values{"format": {"aiken"}, "lang": {"pl"}, "prefix": {"wiele"}, "objective": {"know"}, "topic": {"law"}, "level": {"2"}}
	w.says(w.Status(w.upload(b, "x.txt", content, form), http.StatusOK), "Nowe: 60")
	first := b.Get("/app/bank?q=wiele")
	link := first.Find(`a[href*="page=2"]`).AttrOr("href", "")
	if n := len(rows(first)); n != 50 || !strings.Contains(link, "q=wiele") {
		t.Fatalf("%d rows, the next page is %q", n, link)
	}
	second := rows(b.Get(link))
	if len(second) != 10 || slices.Contains(rows(first), second[0]) {
		t.Errorf("the second page has %v", second)
	}
}

var moreVersions = regexp.MustCompile(`Nowe: (\d+), nowe wersje: (\d+), bez zmian: (\d+)`)

// TestExchangePages brings items in from each format, takes them out and brings the same file in again: nothing is new then. What could
// not be carried over is named.
func TestExchangePages(t *testing.T) {
	each(t, func(w *world) {
		b := w.Browse(w.Admin)
		w.added(b, itemForm())
		for _, c := range []struct{ file, format, loss, name, media string }{
			{"law.gift.txt", "gift", "Opisz, co widzisz", "items-pl.gift.txt", "text/plain"}, {"basics.aiken.txt", "aiken", "", "items-pl.aiken.txt", "text/plain"},
			{"bank.xml", "moodle-xml", "", "items-pl.xml", "xml"},
		} {
			content, err := os.ReadFile(filepath.Join("..", "exchange", "testdata", c.file))
			w.OK(err)
			form := url.Values{"format": {c.format}, "lang": {"pl"}, "prefix": {c.format}, "objective": {"definition"}, "topic": {"law"}, "level": {"2"}}
			p := w.Status(w.upload(b, c.file, string(content), form), http.StatusOK)
			found := moreVersions.FindStringSubmatch(p.Text("main"))
			if found == nil || found[1] == "0" {
				w.T.Errorf("%s: %s", c.file, p.Text("main"))
				continue
			}
			if c.loss != "" && p.Find("main ul li").Length() == 0 {
				w.T.Errorf("%s: nothing is said of what was left out", c.file)
			}
			for _, code := range rows(b.Get("/app/bank?q=" + c.format)) {
				if !strings.HasPrefix(code, c.format) {
					w.T.Errorf("%s has no prefix", code)
				}
			}
			out := w.Status(b.Get("/app/bank/export/items?format="+c.format+"&in=pl&q="+url.QueryEscape(c.format)), http.StatusOK)
			if out.Body == "" || !strings.Contains(out.Header.Get("Content-Disposition"), "attachment") || !strings.Contains(out.Header.Get("Content-Disposition"), c.name) || !strings.Contains(out.Header.Get("Content-Type"), c.media) {
				w.T.Errorf("%s: %q, %q", c.format, out.Header.Get("Content-Disposition"), out.Header.Get("Content-Type"))
			}
			if strings.Contains(out.Body, "Ile elementów") {
				w.T.Errorf("%s: the file has more than the list's filter chose", c.format)
			}
			form.Del("prefix")
			again := w.Status(w.upload(b, c.file, out.Body, form), http.StatusOK)
			if found := moreVersions.FindStringSubmatch(again.Text("main")); c.format != "aiken" && (found == nil || found[1] != "0" || found[2] != "0" || found[3] == "0") {
				w.T.Errorf("%s: what was exported comes back as %v", c.format, found) // Aiken has no place for an item's code
			}
			losses := w.Status(b.Get("/app/bank/export/losses.txt?format="+c.format+"&in=pl"), http.StatusOK)
			if !strings.Contains(losses.Body, "Nie ma w nim tekstów w językach: English") {
				w.T.Errorf("%s: the other language is not named among the losses: %.300s", c.format, losses.Body)
			}
			if got := b.Get("/app/bank/export/items?format=" + c.format + "&q=granica").Body; !strings.Contains(got, "Ile elementów") || strings.Contains(got, "How many") {
				w.T.Errorf("%s: not in the page's language: %s", c.format, got)
			}
			if got := b.Get("/app/bank/export/items?in=en&format=" + c.format + "&q=granica").Body; !strings.Contains(got, "How many") {
				w.T.Errorf("%s: not in the language asked for: %s", c.format, got)
			}
		}
	})
}

// TestWhatWasLostIsSaidOnce: the same of several questions is one line, by the names that people know; what nobody foresaw, by that
// of the file.
func TestWhatWasLostIsSaidOnce(t *testing.T) {
	w := &world{testrig.New(t)}
	question := func(name string) string {
		return `<question type="shortanswer"><name><text>` + name + `</text></name><questiontext><text>Jaki?</text></questiontext><penalty>0.3333333</penalty><hidden>1</hidden><usecase>1</usecase><odd>x</odd>` +
			`<answer fraction="100"><text>112</text></answer></question>`
	}
	form := url.Values{"format": {"moodle-xml"}, "lang": {"pl"}, "objective": {"definition"}, "topic": {"law"}, "level": {"2"}}
	p := w.Status(w.upload(w.Browse(w.Admin), "x.xml", "<quiz>"+question("raz")+question("dwa")+"</quiz>", form), http.StatusOK)
	for _, want := range []string{
		"raz (wiersz 1), dwa (wiersz 1): Tego z pliku nie przeniesiono: kara za kolejną próbę = 0.3333333; odd = x.",
		"raz (wiersz 1), dwa (wiersz 1): W pliku to pytanie jest ukryte", "raz (wiersz 1), dwa (wiersz 1): W pliku liczy się wielkość liter",
	} {
		if text := p.Text("main"); !strings.Contains(text, want) {
			t.Errorf("%q is not said in %s", want, text)
		}
	}
}

// TestPlainSignsAreSeenAsTyped: in the list, on the item's page and by the search, what was typed as plain text has no backslashes.
func TestPlainSignsAreSeenAsTyped(t *testing.T) {
	w := &world{testrig.New(t)}
	b := w.Browse(w.Admin)
	form := url.Values{"format": {"gift"}, "lang": {"pl"}, "objective": {"definition"}, "topic": {"law"}, "level": {"2"}}
	w.Status(w.upload(b, "x.txt", "// [tag:type=step]\n::znaki::Ile to 5*6*7 i _kopia_? {=30. dnia ~%50%- nigdy ~<b>}", form), http.StatusOK)
	list := w.Status(b.Get("/app/bank?q="+url.QueryEscape("5*6*7")), http.StatusOK)
	if text := list.Text("main"); !strings.Contains(text, "Ile to 5*6*7 i _kopia_?") {
		t.Errorf("the list says %s", text)
	}
	link, _ := list.Find(`main a[href^="/app/bank/items/"]`).Attr("href")
	page := w.Status(b.Get(link), http.StatusOK)
	for _, want := range []string{"Ile to 5*6*7 i _kopia_?", "30. dnia", "- nigdy", "<b>"} {
		if text := page.Text("main"); !strings.Contains(text, want) || strings.Contains(text, `\`) {
			t.Errorf("%q is not seen in %s", want, text)
		}
	}
}

// TestRefusedFiles: a form that cannot be read says which field is at fault and keeps the others.
func TestRefusedFiles(t *testing.T) {
	w := &world{testrig.New(t)}
	b := w.Browse(w.Admin)
	question := "Tak?\nA. tak\nB. nie\nANSWER: A\n\n"
	form := url.Values{"format": {"aiken"}, "lang": {"pl"}, "objective": {"definition"}, "topic": {"law"}, "level": {"2"}, "prefix": {"zostaje"}}
	for _, c := range []struct {
		what, name, content, says string
		form                      url.Values
	}{
		{"too many", "x.txt", strings.Repeat(question, 1001), "Naraz można wczytać najwyżej 1000", form},
		{"no XML", "x.xml", "<quiz", "nie da się odczytać jako XML. Błąd jest w wierszu 1", with(form, "format", "moodle-xml")},
		{"another XML", "x.xml", "<course/>", "To nie jest plik Moodle XML", with(form, "format", "moodle-xml")},
		{"unknown encoding", "x.xml", "<?xml version='1.0' encoding='x-martian'?><quiz/>", "x-martian", with(form, "format", "moodle-xml")},
		{"no format", "x", question, "format", with(form, "format", "")},
		{"another format", "x", question, "format", with(form, "format", "word")},
		{"an empty file", "x.txt", "", "plik", form},
		{"no file", "", "", "plik", form},
	} {
		p := w.Status(w.upload(b, c.name, c.content, c.form), http.StatusUnprocessableEntity)
		w.says(p, c.says)
		if got := p.Find("input[name=prefix]").AttrOr("value", ""); got != "zostaje" {
			t.Errorf("%s: the form lost %q", c.what, got)
		}
		if p.Find(".errors a").Length() != 1 {
			t.Errorf("%s: %s", c.what, p.Text(".errors"))
		}
	}
	// What does not stand by itself is named, and the others come in.
	p := w.Status(w.upload(b, "x.txt", question, with(form, "topic", "weather")), http.StatusOK)
	w.says(p, "Nowe: 0", "zostaje-")
	if p.Find(".notice.waiting").Length() == 0 || p.Find("main ul li").Length() == 0 {
		t.Errorf("a fault is not named: %s", p.Text("main"))
	}
	p = w.Status(w.upload(b, "x.txt", question, form), http.StatusOK)
	w.says(p, "Nowe: 1")
	if p.Find(".notice.success").Length() == 0 {
		t.Errorf("success does not look like it: %s", p.Text("main"))
	}
}

// TestWhatAFileSaysComesFirst: the form gives an objective, a topic and a level only to items that carry none.
func TestWhatAFileSaysComesFirst(t *testing.T) {
	w := &world{testrig.New(t)}
	b := w.Browse(w.Admin)
	content := "// [id:ma-1] [tag:objective=know] [tag:topic=support] [tag:level=3]\n::ma-1::Pytanie?{=tak ~nie}\n\n::brak-1::Inne pytanie?{=tak ~nie}\n"
	form := url.Values{"format": {"gift"}, "lang": {"pl"}, "objective": {"help"}, "topic": {"law"}, "level": {"1"}, "prefix": {"ma"}}
	w.says(w.Status(w.upload(b, "x.txt", content, form), http.StatusOK), "Nowe: 2")
	for query, want := range map[string][]string{
		"objective=know": {"ma-1"}, "objective=help": {"ma-brak-1"}, "topic=support": {"ma-1"}, "topic=law": {"ma-brak-1"}, "level=3": {"ma-1"}, "level=1": {"ma-brak-1"},
	} {
		if got := rows(b.Get("/app/bank?origin=-&" + query)); !slices.Equal(got, want) {
			t.Errorf("%s: %v, not %v", query, got, want)
		}
	}
}

// approve lets the second person approve the items of the course's test, as the page of the test offers it.
func (w *world) approve(n int) {
	w.T.Helper()
	path := "/app/bank/tests/" + w.test().ID
	second := w.Browse(w.SecondAuthor)
	form := w.Status(second.Get(path), http.StatusOK).Form(`form[action="/app/bank/review"]`)
	if got := len(form["version"]); got != n {
		w.T.Fatalf("the page offers %d items for approval, not %d", got, n)
	}
	if p := w.Status(second.Post("/app/bank/review", form), http.StatusSeeOther); p.Header.Get("Location") != path {
		w.T.Errorf("leads to %s", p.Header.Get("Location"))
	}
}

// TestATest: a test's page counts its items, offers for review what is the reader's to review, and names newer versions and editions.
func TestATest(t *testing.T) {
	each(t, func(w *world) {
		test := w.test()
		path := "/app/bank/tests/" + test.ID
		author := w.Browse(w.Author)
		p := w.Status(author.Get(path), http.StatusOK)
		if p.Find(`form[action="/app/bank/review"]`).Length() > 0 || p.Find(".notice.waiting").Length() == 0 {
			w.T.Error("who published the course may approve its items, or nothing says that they await it")
		}
		if n := p.Find("main h2 + ol li").Length(); n != 15 {
			w.T.Errorf("%d items on three forms", n)
		}
		counts := p.Find("table").First().Find("tbody tr").First().Find("td").Map(func(_ int, s *goquery.Selection) string { return s.Text() })
		if !slices.Equal(counts, []string{"5", "5", "5"}) || p.Find("table").First().Find("tr.total td").First().Text() != "1,00" {
			w.T.Errorf("items by objective: %v, %s", counts, p.Text("table"))
		}
		w.approve(15)
		p = author.Get(path)
		if p.Find(".notice.waiting").Length() > 0 || p.Find("main h2 + ol .tag").Length() > 0 {
			w.T.Error("what is approved is said to await review")
		}
		w.says(author.Get("/app/bank/tests"), "Test wiedzy", "zatwierdzone")
		// A changed item: the test in use keeps the old version and says that there is a newer one.
		edit := "/app/bank/items/" + test.Forms[0].Versions[0].ItemID + "/edit"
		form := author.Get(edit).Form(`form[action="` + edit + `"]`)
		w.Status(author.Post(edit, with(form, "question.pl", "Pytanie inaczej?")), http.StatusSeeOther)
		p = author.Get(path)
		if n := p.Find("main h2 + ol .tag").Length(); n != 1 {
			w.T.Errorf("%d newer versions are named: %s", n, p.Text("main h2 + ol"))
		}
		w.silent(p, "Pytanie inaczej?")
	})
}

// TestAssembling: the form shows how alike the forms are before anything is made, and says what is missing.
func TestAssembling(t *testing.T) {
	each(t, func(w *world) {
		w.approve(15)
		b := w.Browse(w.Author)
		const path = "/app/bank/tests/new"
		form := w.Status(b.Get(path), http.StatusOK).Form(`form[action="` + path + `"]`)
		if !slices.Equal(form["langs"], []string{"pl", "en"}) && !slices.Equal(form["langs"], []string{"en", "pl"}) || !slices.Equal(form["objectives"], []string{"know"}) || form.Get("forms") != "3" {
			w.T.Errorf("offered: %v", form)
		}
		form = with(form, "title.pl", "Test próbny", "title.en", "A trial test", "each", "5", "preview", "1")
		before := len(testrig.Must(w.Bank.Tests(w.T.Context()))(w.T))
		p := w.Status(b.Post(path, form), http.StatusOK)
		if p.Find("table caption").Length() == 0 || p.Find("input[name='title.pl']").AttrOr("value", "") != "Test próbny" {
			w.T.Errorf("the preview shows no balance, or loses the form: %s", p.Text("main"))
		}
		w.says(p, "Liczba wersji: 3, pytań w każdej: 5.", "0,00")
		w.Status(b.Post(path, with(form, "each", "0")), http.StatusUnprocessableEntity)
		if n := len(testrig.Must(w.Bank.Tests(w.T.Context()))(w.T)); n != before {
			w.T.Errorf("a preview made %d tests", n-before)
		}
		form.Del("preview")
		made := w.Status(b.Post(path, form), http.StatusSeeOther)
		page := w.Status(b.Get(made.Header.Get("Location")), http.StatusOK)
		w.says(page, "Ułożono test.", "Test próbny", "Pochodzeniestąd")
		p = w.Status(b.Post(path, with(form, "minutes", "wiele", "title.en", "")), http.StatusUnprocessableEntity)
		if p.Find(".errors a").Length() != 2 || p.Find("input[name=minutes]").AttrOr("value", "") != "wiele" {
			w.T.Errorf("a refused form loses what was typed, or does not name both faults: %s", p.Text(".errors"))
		}
		for name, value := range map[string]string{"each": "11", "forms": "4", "minutes": "241", "title.pl": " "} {
			p := w.Status(b.Post(path, with(form, name, value)), http.StatusUnprocessableEntity)
			if p.Find(`.errors a`).Length() != 1 {
				w.T.Errorf("%s=%s: %s", name, value, p.Text(".errors"))
			}
		}
		for _, name := range []string{"langs", "objectives"} {
			less := with(form)
			less.Del(name)
			w.Status(b.Post(path, less), http.StatusUnprocessableEntity)
		}
		if p := w.Status(b.Post(path, with(form, "origin", itembank.Here)), http.StatusUnprocessableEntity); p.Find(".errors").Length() == 0 {
			w.T.Error("a test of no items")
		}
		w.Status(w.Browse(w.Admin).Get(made.Header.Get("Location")), http.StatusOK)
	})
}
