package measurementweb_test

import (
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"ostoja/internal/itembank"
	"ostoja/internal/web/webtest"
)

// itemForm is the form of a new single-choice item.
func itemForm() url.Values {
	return url.Values{
		"id": {"granica-1"}, "type": {"single"}, "objective": {"definition"}, "topic": {"law"}, "level": {"2"}, "question.pl": {"Ile elementów ma definicja?"}, "question.en": {"How many elements has the definition?"},
		"options.0.pl": {"dwa"}, "options.0.en": {"two"}, "options.1.pl": {"trzy"}, "options.1.en": {"three"}, "options.1.mark": {"right"},
		"explanation.pl": {"Czyn, metoda i cel."}, "explanation.en": {"Act, means and purpose."},
	}
}

// shownForm returns the form of a page as a browser would send it back.
func shownForm(p webtest.Page, action string) url.Values {
	form := url.Values{}
	p.Find(`form[action="` + action + `"]`).Find("input, textarea, select").Each(func(_ int, s *goquery.Selection) {
		name, _ := s.Attr("name")
		kind := s.AttrOr("type", "")
		_, checked := s.Attr("checked")
		switch {
		case name == "" || kind == "submit" || (kind == "checkbox" || kind == "radio") && !checked:
		case s.Is("select"):
			form.Add(name, s.Find("option[selected]").AttrOr("value", s.Find("option").First().AttrOr("value", "")))
		case s.Is("textarea"):
			form.Add(name, s.Text())
		default:
			form.Add(name, s.AttrOr("value", "1"))
		}
	})
	return form
}

// TestFromItemToVersion writes an item, reviews it as a second person, and changes it: the old version stays as it was.
func TestFromItemToVersion(t *testing.T) {
	each(t, func(w *world) {
		bad := itemForm()
		bad.Set("options.1.mark", "")
		bad.Set("question.en", "")
		p := w.status(w.Post("admin", "/app/bank/new", bad), http.StatusUnprocessableEntity)
		if p.Find(".errors a").Length() == 0 || shownForm(p, "/app/bank/new").Get("options.0.pl") != "dwa" || shownForm(p, "/app/bank/new").Get("explanation.pl") != "Czyn, metoda i cel." {
			t.Error("a refused item loses what was typed")
		}
		good := itemForm()
		good.Set("options.0.pl", "dwa\r\n  ") // a text area may bring a line's end
		made := w.status(w.Post("admin", "/app/bank/new", good), http.StatusSeeOther)
		path := made.Header.Get("Location")
		p = w.status(w.Get("admin", path), http.StatusOK)
		w.says(p, "Ile elementów ma definicja?", "Zatwierdza druga osoba")
		if p.Find(`form[action="/app/bank/review"]`).Length() > 0 {
			t.Error("the author is offered the review")
		}
		version := w.status(w.Get("second", path), http.StatusOK).Find(`form[action="/app/bank/review"] input[name=version]`).AttrOr("value", "")
		review := url.Values{"version": {version}, "item": {strings.TrimPrefix(path, "/app/bank/items/")}, "back": {path}}
		if p := w.Post("admin", "/app/bank/review", review); p.Status == http.StatusSeeOther && strings.Contains(w.Get("admin", path).Text("main"), "zatwierdzone") {
			t.Error("the author approved their own item")
		}
		review.Set("return", "1")
		w.says(w.status(w.Post("second", "/app/bank/review", review), http.StatusUnprocessableEntity), "Napisz, co zmienić")
		review.Del("return")
		w.status(w.Post("second", "/app/bank/review", review), http.StatusSeeOther)
		w.says(w.Get("second", path), "zatwierdzone")

		edit := path + "/edit"
		shown := shownForm(w.status(w.Get("admin", edit), http.StatusOK), edit)
		w.status(w.Post("admin", edit, shown), http.StatusSeeOther)
		if n := w.Get("admin", path).Find(`a[href*="?version="]:not([href*="in="])`).Length(); n != 1 {
			t.Errorf("saving an item as it was shown made %d versions", n)
		}
		shown.Set("question.pl", "Ile elementów ma definicja w Protokole?")
		w.status(w.Post("admin", edit, shown), http.StatusSeeOther)
		p = w.Get("admin", path)
		if n := p.Find(`a[href*="?version="]:not([href*="in="])`).Length(); n != 2 {
			t.Errorf("a change made %d versions", n)
		}
		w.says(p, "w Protokole", "czeka na drugą osobę")
		w.says(w.Get("admin", path+"?version=1"), "Ile elementów ma definicja?", "zatwierdzone")
		w.status(w.Get("admin", path+"?version=9"), http.StatusNotFound)
		w.status(w.Post("admin", path+"/retire", url.Values{}), http.StatusSeeOther)
		if strings.Contains(w.Get("admin", "/app/bank?q=Protokole").Text("table"), "granica-1") {
			t.Error("a retired item is still in the list")
		}
		w.says(w.Get("admin", "/app/bank?q=Protokole&retired=1"), "granica-1")
		w.status(w.Post("admin", path+"/retire", url.Values{"back": {"1"}}), http.StatusSeeOther)
		w.says(w.Get("admin", "/app/bank?q=Protokole"), "granica-1")
	})
}

// TestNamesAndObjectives: an author without a right to read people sees who wrote and approved an item, herself above all, and
// objectives in the page's language, not by their ids.
func TestNamesAndObjectives(t *testing.T) {
	each(t, func(w *world) {
		path := w.status(w.Post("second", "/app/bank/new", itemForm()), http.StatusSeeOther).Header.Get("Location")
		version := w.status(w.Get("admin", path), http.StatusOK).Find(`form[action="/app/bank/review"] input[name=version]`).AttrOr("value", "")
		w.status(w.Post("admin", "/app/bank/review", url.Values{"version": {version}, "item": {path[strings.LastIndex(path, "/")+1:]}, "back": {path}}), http.StatusSeeOther)
		p := w.status(w.Get("second", path), http.StatusOK)
		w.says(p, "Ewa Osoba1", "Ewa Osoba0")
		if strings.Contains(p.Text("main"), "inna osoba") {
			t.Error("the author is another person to herself")
		}
		title := "Wyjaśnia trzy elementy handlu ludźmi i odróżnia go od przemytu migrantów"
		for _, page := range []string{path, "/app/bank", "/app/bank/tests/" + w.test.ID, "/app/bank/tests/new", path + "/edit"} {
			p := w.status(w.Get("second", page), http.StatusOK)
			w.says(p, title)
			if page != path+"/edit" && regexp.MustCompile(`(^|\s)definition(\s|,|$)`).MatchString(p.Text("main")) {
				t.Errorf("%s shows the objective's id", page)
			}
		}
		if p := w.status(w.Get("second", "/app/bank?lang=&objective=definition"), http.StatusOK); p.Find("tbody tr").Length() == 0 {
			t.Error("the filter by objective finds nothing")
		}
	})
}

// TestFilters: the list narrows by what an item carries, and keeps the filters in its links.
func TestFilters(t *testing.T) {
	each(t, func(w *world) {
		count := func(query string) int {
			t.Helper()
			return w.status(w.Get("admin", "/app/bank?"+query), http.StatusOK).Find("tbody tr").Length()
		}
		all := count("")
		for _, query := range []string{"topic=law", "type=order", "level=3", "objective=definition", "q=paszport"} {
			if n := count(query); n == 0 || n >= all {
				t.Errorf("%s: %d of %d", query, n, all)
			}
		}
		p := w.Get("admin", "/app/bank?q=niczego-takiego")
		if p.Find("table").Length() > 0 || p.Find(".empty").Length() == 0 {
			t.Error("an empty list does not say so")
		}
	})
}

var moreVersions = regexp.MustCompile(`Nowe: (\d+), nowe wersje: (\d+), bez zmian: (\d+)`)

// TestExchangePages brings items in from each format, takes them out and brings the same file in again: nothing is new then. What could
// not be carried over is named.
func TestExchangePages(t *testing.T) {
	each(t, func(w *world) {
		for _, c := range []struct{ file, format, loss string }{
			{"law.gift.txt", "gift", "Opisz, co widzisz"}, {"basics.aiken.txt", "aiken", ""}, {"bank.xml", "moodle-xml", ""},
		} {
			content, err := os.ReadFile(filepath.Join("..", "..", "itembank", "exchange", "testdata", c.file))
			w.no(err)
			form := url.Values{"format": {c.format}, "lang": {"pl"}, "prefix": {c.format}, "objective": {"definition"}, "topic": {"law"}, "level": {"2"}}
			p := w.status(w.upload("admin", "/app/bank/import", c.file, string(content), form), http.StatusOK)
			found := moreVersions.FindStringSubmatch(p.Text("main"))
			if found == nil || found[1] == "0" {
				t.Errorf("%s: %s", c.file, p.Text("main"))
				continue
			}
			if c.loss != "" && p.Find("main ul li").Length() == 0 {
				t.Errorf("%s: nothing is said of what was left out", c.file)
			}
			out := w.status(w.Get("admin", "/app/bank/export/items?format="+c.format+"&in=pl&q="+url.QueryEscape(c.format)), http.StatusOK)
			if out.Body == "" || !strings.Contains(out.Header.Get("Content-Disposition"), "attachment") {
				t.Errorf("%s: %q", c.format, out.Header.Get("Content-Disposition"))
			}
			form.Del("prefix")
			again := w.status(w.upload("admin", "/app/bank/import", c.file, out.Body, form), http.StatusOK)
			if found := moreVersions.FindStringSubmatch(again.Text("main")); c.format != "aiken" && (found == nil || found[1] != "0" || found[2] != "0" || found[3] == "0") {
				t.Errorf("%s: what was exported comes back as %v", c.format, found) // Aiken has no place for an item's code
			}
			losses := w.status(w.Get("admin", "/app/bank/export/losses.txt?format="+c.format+"&in=pl"), http.StatusOK)
			if !strings.Contains(losses.Body, "Nie ma w nim tekstów w językach: English") {
				t.Errorf("%s: the other language is not named among the losses: %.300s", c.format, losses.Body)
			}
		}
		many := w.status(w.upload("admin", "/app/bank/import", "x.txt", strings.Repeat("Tak?\nA. tak\nB. nie\nANSWER: A\n\n", itembank.MostTaken+1), url.Values{
			"format": {"aiken"}, "lang": {"pl"}, "objective": {"definition"}, "topic": {"law"}, "level": {"2"}, "prefix": {"zostaje"}}), http.StatusUnprocessableEntity)
		w.says(many, "Naraz można wczytać najwyżej 1000")
		p := w.status(w.upload("admin", "/app/bank/import", "x.xml", "<quiz", url.Values{"format": {"moodle-xml"}, "lang": {"pl"}, "prefix": {"zostaje"}}), http.StatusUnprocessableEntity)
		w.says(p, "nie da się odczytać")
		if got := p.Find("input[name=prefix]").AttrOr("value", ""); got != "zostaje" {
			t.Errorf("the form lost %q", got)
		}
		w.status(w.upload("admin", "/app/bank/import", "x", "x", url.Values{}), http.StatusUnprocessableEntity)
	})
}

// TestAssembling: the form shows how alike the forms are before anything is made, and says what is missing.
func TestAssembling(t *testing.T) {
	each(t, func(w *world) {
		w.approve()
		form := shownForm(w.status(w.Get("admin", "/app/bank/tests/new"), http.StatusOK), "/app/bank/tests/new")
		form.Set("title.pl", "Test próbny")
		form.Set("title.en", "A trial test")
		form.Set("preview", "1")
		p := w.status(w.Post("admin", "/app/bank/tests/new", form), http.StatusOK)
		if p.Find("table caption").Length() == 0 || p.Find("input[name='title.pl']").AttrOr("value", "") != "Test próbny" {
			t.Errorf("the preview shows no balance, or loses the form: %s", p.Text("main"))
		}
		form.Del("preview")
		made := w.status(w.Post("admin", "/app/bank/tests/new", form), http.StatusSeeOther)
		w.says(w.status(w.Get("admin", made.Header.Get("Location")), http.StatusOK), "Test próbny")
		form.Set("minutes", "wiele")
		form.Set("title.en", "")
		p = w.status(w.Post("admin", "/app/bank/tests/new", form), http.StatusUnprocessableEntity)
		if p.Find(".errors a").Length() == 0 || p.Find("input[name=minutes]").AttrOr("value", "") != "wiele" {
			t.Error("a refused form loses what was typed")
		}
	})
}
