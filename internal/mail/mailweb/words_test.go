package mailweb_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"ostoja/internal/mail/wording"
	"ostoja/internal/testrig"
)

const wordsPage = "/app/letters/words/desk-remind-new/pl"

func words(seen, subject, body string) url.Values {
	return url.Values{"seen": {seen}, "subject": {subject}, "body": {body}}
}

// TestAnOfficeWordsALetter by the page: what is wrong is said at its field and what was typed is kept; the list says which texts are the office's own; a
// change is undone, and the shipped text put back.
func TestAnOfficeWordsALetter(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		b := w.Browse(w.Admin)
		if w.Status(b.Get("/app/letters"), http.StatusOK).Find(`a[href="/app/letters/words"]`).Length() != 1 {
			t.Error("nothing leads to the words of letters")
		}
		if n := w.Status(b.Get("/app/letters/words"), http.StatusOK).Find("#list- tbody tr").Length(); n != len(wording.Forms) {
			t.Errorf("%d letters of %d", n, len(wording.Forms))
		}
		page := w.Status(b.Get(wordsPage), http.StatusOK)
		shipped := page.Find("textarea[name=body]").Text()
		if !strings.Contains(shipped, "{{.Link}}") || !strings.Contains(page.Text("dl"), "{{.Course}}") || !strings.Contains(page.Text(".card"), "Maria") || page.Find(`form[action$="/restore"]`).Length() != 0 {
			t.Errorf("%s", page.Text("main"))
		}
		// A fault keeps what was typed.
		wrong := "Mój tekst {{.Course}} {{.Nmae}}"
		page = w.Status(b.Post(wordsPage, words("0", "Temat {{.Link}}", wrong)), http.StatusUnprocessableEntity)
		if got := page.Find("textarea[name=body]").Text(); strings.TrimSpace(got) != wrong {
			t.Errorf("kept is %q", got)
		}
		said := page.Text("main")
		for _, want := range []string{"{{.Nmae}}. Najbliższe: {{.Name}}", "Brakuje miejsca {{.Link}}", "{{.Link}} nie może stać w temacie"} {
			if !strings.Contains(said, want) {
				t.Errorf("%q is not said: %s", want, said)
			}
		}
		if page.Find(`.errors a[href="#f-body"], .errors a[href="#body"]`).Length() == 0 || page.Find("#preview").Length() != 0 {
			t.Errorf("%s", page.Text(".errors"))
		}
		// A preview and a trial change nothing.
		mine := "Dzień dobry, {{ name }}, kurs {{.Course}} czeka: {{.Link}}"
		form := words("0", "Kurs", mine)
		form.Set("act", "preview")
		if page = w.Status(b.Post(wordsPage, form), http.StatusOK); !strings.Contains(page.Text(".card"), "Dzień dobry, Maria, kurs") {
			t.Errorf("%s", page.Text(".card"))
		}
		form.Set("act", "test")
		page = w.Status(b.Post(wordsPage, form), http.StatusOK)
		if m := w.LastLetter(); m.Subject != "Próba: Kurs" || !strings.Contains(m.Body, "Maria") || !strings.Contains(page.Text("main"), "List próbny") {
			t.Errorf("%+v", m)
		}
		if rows(w, w.Admin, "kind=letters.test") != 1 {
			t.Error("the trial is not among the letters")
		}
		form.Del("act")
		if p := b.Post(wordsPage, form); p.Status != http.StatusSeeOther {
			t.Fatalf("%d %s", p.Status, p.Text("main"))
		}
		list := b.Get("/app/letters/words?state=own")
		if list.Find("#list- tbody tr").Length() != 1 || !strings.Contains(list.Text("tbody"), "własne") {
			t.Errorf("%s", list.Text("tbody"))
		}
		if csv := b.Get("/app/letters/words?as=csv&state=own"); csv.Status != http.StatusOK || strings.Count(strings.TrimSpace(csv.Body), "\n") != 1 {
			t.Errorf("%d %s", csv.Status, csv.Body)
		}
		page = b.Get(wordsPage)
		restore := page.Find(`form[action$="/restore"]`)
		if restore.Length() != 2 || page.Find("ol details").Length() != 1 { // undo, and the shipped text
			t.Errorf("%d buttons, %d versions", restore.Length(), page.Find("ol details").Length())
		}
		w.Clock.Advance(time.Hour)
		if n := b.Get(wordsPage).Find(`form[action$="/restore"]`).Length(); n != 1 {
			t.Errorf("after an hour there are %d buttons", n)
		}
		if p := b.Post(wordsPage+"/restore", url.Values{"seen": {"1"}, "version": {"0"}}); p.Status != http.StatusSeeOther {
			t.Fatalf("%d", p.Status)
		}
		page = b.Get(wordsPage)
		if page.Find("textarea[name=body]").Text() != shipped || page.Find("ol details").Length() != 2 {
			t.Errorf("%s", page.Text("main"))
		}
		// And undone: the words are the office's again.
		undo := page.Find(`form[action$="/restore"]`).First()
		if undo.Find("input[name=version]").AttrOr("value", "") != "1" {
			t.Error("nothing undoes it")
		}
		b.Post(wordsPage+"/restore", url.Values{"seen": {"2"}, "version": {"1"}})
		if got := b.Get(wordsPage).Find("textarea[name=body]").Text(); !strings.Contains(got, "kurs {{.Course}} czeka") {
			t.Errorf("%q", got)
		}
	})
}

// TestTwoWhoWordOneLetter are told of each other, and lose nothing.
func TestTwoWhoWordOneLetter(t *testing.T) {
	w := testrig.New(t)
	b := w.Browse(w.Admin)
	b.Post(wordsPage, words("0", "Pierwsza", "Pierwsza {{.Course}} {{.Link}}"))
	page := w.Status(b.Post(wordsPage, words("0", "Druga", "Druga {{.Course}} {{.Link}}")), http.StatusUnprocessableEntity)
	if !strings.Contains(page.Find("textarea[name=body]").Text(), "Druga") || !strings.Contains(page.Text("pre"), "Pierwsza") || page.Find("input[name=seen]").AttrOr("value", "") != "1" {
		t.Fatalf("%s", page.Text("main"))
	}
	if got := b.Get(wordsPage).Find("textarea[name=body]").Text(); !strings.Contains(got, "Pierwsza") {
		t.Errorf("%q", got)
	}
	if p := b.Post(wordsPage, words("1", "Druga", "Druga {{.Course}} {{.Link}}")); p.Status != http.StatusSeeOther {
		t.Errorf("%d", p.Status)
	}
	// Who puts back upon what they have not seen is told as well; what is no number is refused.
	if p := b.Post(wordsPage+"/restore", url.Values{"seen": {"1"}, "version": {"0"}}); p.Status != http.StatusUnprocessableEntity || !strings.Contains(p.Text("main"), "Druga") {
		t.Errorf("%d %s", p.Status, p.Text("main"))
	}
	for _, form := range []url.Values{{"seen": {"x"}, "version": {"0"}}, {"seen": {"2"}, "version": {"x"}}} {
		if p := b.Post(wordsPage+"/restore", form); p.Status != http.StatusUnprocessableEntity && p.Status != http.StatusBadRequest {
			t.Errorf("%v: %d", form, p.Status)
		}
	}
	b.Post(wordsPage+"/restore", url.Values{"seen": {"2"}, "version": {"9"}})
	w.Status(b.Get("/app/letters/words/none/pl"), http.StatusNotFound)
	w.Status(b.Get("/app/letters/words/desk-remind-new/xx"), http.StatusNotFound)
}

// TestWordsAreOfTheWholeInstallation: who coordinates a unit alone neither sees nor changes them, and is led to nothing.
func TestWordsAreOfTheWholeInstallation(t *testing.T) {
	w := testrig.New(t)
	for name, actor := range w.Everybody() {
		if wording.May(actor) {
			continue
		}
		b := w.Browse(actor)
		for _, path := range []string{"/app/letters/words", wordsPage} {
			if p := b.Get(path); p.Status != http.StatusForbidden && p.Status != http.StatusSeeOther {
				t.Errorf("%s opens %s: %d", name, path, p.Status)
			}
		}
		for _, path := range []string{wordsPage, wordsPage + "/restore"} {
			form := words("0", "S", "{{.Course}} {{.Link}}")
			form.Set("version", "0")
			if p := b.Post(path, form); p.Status != http.StatusForbidden && p.Status != http.StatusUnauthorized {
				t.Errorf("%s sends %s: %d", name, path, p.Status)
			}
		}
		if p := b.Get("/app/letters"); p.Find(`a[href="/app/letters/words"]`).Length() != 0 {
			t.Errorf("%s is led to what is closed", name)
		}
	}
	if v, err := w.Words.One(t.Context(), w.Admin, wording.RemindNew, "pl"); err != nil || len(v.Past) != 0 {
		t.Errorf("%+v %v", v.Past, err)
	}
}

// TestNoPageOfWordsHidesAFailure.
func TestNoPageOfWordsHidesAFailure(t *testing.T) {
	w := testrig.New(t)
	b := w.Browse(w.Admin)
	b.Post(wordsPage, words("0", "Pierwsza", "Pierwsza {{.Course}} {{.Link}}"))
	b.Fragile(t, []string{"/app/letters/words", "/app/letters/words?as=csv", wordsPage})
	b.FragileForm(t, wordsPage, words("1", "Druga", "Druga {{.Course}} {{.Link}}"), "NOT EXISTS (SELECT 1 FROM mail_wording x")
	b.FragileForm(t, wordsPage+"/restore", url.Values{"seen": {"2"}, "version": {"1"}}, "NOT EXISTS (SELECT 1 FROM mail_wording x")
	b.FragileFault(t, wordsPage, words("3", "", ""))
}
