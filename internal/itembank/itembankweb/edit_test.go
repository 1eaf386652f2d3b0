package itembankweb_test

import (
	"fmt"
	"net/http"
	"net/url"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"ostoja/internal/item"
	"ostoja/internal/itembank"
	"ostoja/internal/testrig"
	"ostoja/internal/text"
	"ostoja/internal/ui"
	"ostoja/internal/web/webtest"
)

// content returns the newest version of the item at an address.
func (w *world) newest(path string) itembank.Version {
	w.T.Helper()
	return testrig.Must(w.Bank.ItemVersions(w.T.Context(), w.Admin, path[len("/app/bank/items/"):]))(w.T)[0]
}

// of is an item's form without the parts of a single-choice one.
func of(kind string, pairs ...string) url.Values {
	form := with(itemForm(), append([]string{"type", kind}, pairs...)...)
	for _, k := range []string{"options.0.pl", "options.0.en", "options.1.pl", "options.1.en", "options.1.mark"} {
		if !slices.Contains(pairs, k) {
			form.Del(k)
		}
	}
	return form
}

// TestEveryTypeInTheForm writes an item of each type as the form has it: it is kept so, and saving it again as it is shown makes no
// new version.
func TestEveryTypeInTheForm(t *testing.T) {
	in := func(pl, en string) text.Translated { return text.Translated{"pl": pl, "en": en} }
	options := func(keys ...string) []string {
		pairs := []string{"options.0.pl", "jeden", "options.0.en", "one", "options.2.pl", "dwa", "options.2.en", "two", "options.7.pl", " trzy\n trzy ", "options.7.en", "three"}
		return append(pairs, keys...)
	}
	for _, c := range []struct {
		kind string
		form []string
		want func(t *testing.T, it item.Item)
	}{
		{"single", options("options.2.mark", "right", "no-shuffle", "1"), func(t *testing.T, it item.Item) {
			if !it.NoShuffle || len(it.Options) != 3 || it.Options[0].Correct || !it.Options[1].Correct || it.Options[2].Correct {
				t.Errorf("%+v", it)
			}
			if got := it.Options[2].Text.Canonical(); !reflect.DeepEqual(got, in("trzy trzy", "three")) {
				t.Errorf("%v", got)
			}
		}},
		{"multiple", options("options.0.mark", "right", "options.7.mark", "right"), func(t *testing.T, it item.Item) {
			if it.NoShuffle || !it.Options[0].Correct || it.Options[1].Correct || !it.Options[2].Correct {
				t.Errorf("%+v", it)
			}
		}},
		{"step", options("options.0.mark", "good", "options.2.mark", "fair"), func(t *testing.T, it item.Item) {
			if it.Options[0].Rating != item.Good || it.Options[1].Rating != item.Fair || it.Options[2].Rating != item.Poor {
				t.Errorf("%+v", it)
			}
		}},
		{"order", []string{"steps.0.pl", "raz", "steps.0.en", "once", "steps.1.pl", "dwa razy", "steps.1.en", "twice", "steps.3.pl", "trzy", "steps.3.en", "thrice"}, func(t *testing.T, it item.Item) {
			if len(it.Steps) != 3 || it.Steps[1].Text["en"] != "twice" || it.Steps[2].Text["pl"] != "trzy" {
				t.Errorf("%+v", it)
			}
		}},
		{"match", []string{
			"pairs.0.left.pl", "pies", "pairs.0.left.en", "dog", "pairs.0.right.pl", "szczeka", "pairs.0.right.en", "barks",
			"pairs.1.left.pl", "kot", "pairs.1.left.en", "cat", "pairs.1.right.pl", "miauczy", "pairs.1.right.en", "mews",
			"pairs.2.left.pl", "koń", "pairs.2.left.en", "horse", "pairs.2.right.pl", "rży", "pairs.2.right.en", "neighs",
		}, func(t *testing.T, it item.Item) {
			if len(it.Pairs) != 3 || it.Pairs[1].Left["pl"] != "kot" || it.Pairs[2].Right["en"] != "neighs" {
				t.Errorf("%+v", it)
			}
		}},
		{"number", []string{"answer", "1,5", "tolerance", "0.25", "unit.pl", "zł", "unit.en", "PLN"}, func(t *testing.T, it item.Item) {
			if it.Answer != 1.5 || it.Tolerance != 0.25 || !reflect.DeepEqual(it.Unit.Canonical(), in("zł", "PLN")) {
				t.Errorf("%+v", it)
			}
		}},
		{"text", []string{"accept.pl", "trzy\r\n\r\n  3 \n", "accept.en", "three"}, func(t *testing.T, it item.Item) {
			if !reflect.DeepEqual(it.Accept, map[string][]string{"pl": {"trzy", "3"}, "en": {"three"}}) {
				t.Errorf("%+v", it)
			}
		}},
	} {
		t.Run(c.kind, func(t *testing.T) {
			w := &world{testrig.New(t)}
			b := w.Browse(w.Author)
			w.Status(b.Get("/app/bank/new?type="+c.kind), http.StatusOK)
			path := w.added(b, of(c.kind, c.form...))
			v := w.newest(path)
			if string(v.Type) != c.kind || v.Code != "granica-1" || v.Objective != "know" || v.Topic != "law" || v.Level != 2 || v.Content.Use != item.UseCompetence || !slices.Equal(v.Languages, []string{"en", "pl"}) {
				t.Errorf("%+v", v)
			}
			if v.Content.Question[""] != v.Content.Question["pl"] {
				t.Errorf("falls back to %q", v.Content.Question[""])
			}
			c.want(t, v.Content)
			w.Status(b.Get(path), http.StatusOK)
			edit := path + "/edit"
			form := w.Status(b.Get(edit), http.StatusOK).Form(`form[action="` + edit + `"]`)
			w.Status(b.Post(edit, form), http.StatusSeeOther)
			if again := w.newest(path); again.ID != v.ID {
				t.Errorf("saved as shown: %+v became %+v", v.Content, again.Content)
			}
		})
	}
}

// TestChangingTheType shows the parts of another type and keeps nothing yet.
func TestChangingTheType(t *testing.T) {
	w := &world{testrig.New(t)}
	b := w.Browse(w.Author)
	for kind, field := range map[string]string{
		"single": "options.0.pl", "multiple": "options.1.mark", "step": "options.0.mark", "order": "steps.0.en", "match": "pairs.0.right.pl", "number": "tolerance", "text": "accept.pl", "essay": "options.0.pl",
	} {
		p := w.Status(b.Post("/app/bank/new", with(itemForm(), "type", kind, "change-type", "1")), http.StatusOK)
		if p.Find(`[name="`+field+`"]`).Length() != 1 || p.Find(`[name="question.pl"]`).Text() != "Ile elementów ma definicja?" || p.Find(".errors").Length() > 0 {
			t.Errorf("%s: %s", kind, p.Text("form"))
		}
	}
	if got := rows(b.Get("/app/bank?origin=-")); len(got) > 0 {
		t.Errorf("changing the type kept %v", got)
	}
	if got := w.Status(b.Get("/app/bank/new"), http.StatusOK).Form(`form[action="/app/bank/new"]`); got.Get("type") != "single" || got.Get("level") != "2" {
		t.Errorf("a new item begins as %v", got)
	}
}

// TestRowsAreAsManyAsAreNeeded: a new item's form shows two answers; a button shows one more, which has the focus, and keeps what was typed;
// eight are the most. An item with more is shown with all of them.
func TestRowsAreAsManyAsAreNeeded(t *testing.T) {
	w := &world{testrig.New(t)}
	b := w.Browse(w.Author)
	rows := func(p webtest.Page) int { return p.Find(`textarea[name^="options."][name$=".pl"]`).Length() }
	p := w.Status(b.Get("/app/bank/new"), http.StatusOK)
	if rows(p) != 2 || p.Find(`button[name=rows][value="3"]`).Text() != "Dodaj odpowiedź" {
		t.Fatalf("a new form has %d rows: %s", rows(p), p.Text("form"))
	}
	form := itemForm()
	for n := 3; n <= 8; n++ {
		p = w.Status(b.Post("/app/bank/new", with(form, "rows", fmt.Sprint(n))), http.StatusOK)
		if rows(p) != n || p.Find(".errors").Length() > 0 || p.Find(`[name="question.pl"]`).Text() != "Ile elementów ma definicja?" {
			t.Errorf("%d rows, not %d", rows(p), n)
		}
		if on := p.Find("[autofocus]"); on.Length() != 1 || on.AttrOr("name", "") != fmt.Sprintf("options.%d.pl", n-1) {
			t.Errorf("row %d has not the focus", n)
		}
	}
	if p.Find(`button[name=rows]`).Length() > 0 {
		t.Error("more than eight are offered")
	}
	for _, odd := range []string{"-1", "0", "1", "9", "1000000000", "wiele"} {
		if n := rows(w.Status(b.Post("/app/bank/new", with(form, "rows", odd)), http.StatusOK)); n < 2 || n > 8 {
			t.Errorf("rows %q: %d", odd, n)
		}
	}
	if n := rows(w.Status(b.Post("/app/bank/new", with(form, "options.4.pl", "pięć", "question.pl", "")), http.StatusUnprocessableEntity)); n != 5 {
		t.Errorf("of a refused item with five answers %d are shown", n)
	}
	for kind, words := range map[string]string{"order": "Dodaj krok", "match": "Dodaj parę"} {
		p := w.Status(b.Post("/app/bank/new", with(form, "type", kind, "change-type", "1")), http.StatusOK)
		if p.Find(`button[name=rows][value="3"]`).Text() != words {
			t.Errorf("%s: %s", kind, p.Text("form"))
		}
	}
}

// TestTheFormMakesTheCode: whoever gives an item no code of their own gets one that speaks of its objective, and never the same twice;
// objectives are offered by their names.
func TestTheFormMakesTheCode(t *testing.T) {
	each(t, func(w *world) {
		b := w.Browse(w.Author)
		offered := w.Status(b.Get("/app/bank/new"), http.StatusOK).Find(`select[name=objective] option`)
		names := offered.Map(func(_ int, o *goquery.Selection) string { return o.Text() })
		if offered.Length() < 2 || offered.First().AttrOr("value", "?") != "" || !slices.IsSortedFunc(names[1:], func(a, b string) int { return strings.Compare(text.Search(a), text.Search(b)) }) {
			w.T.Errorf("offered: %q", names)
		}
		seen := map[string]bool{}
		for range 3 {
			form := itemForm()
			form.Del("id")
			code := w.newest(w.added(b, form)).Code
			if !regexp.MustCompile(`^know-[0-9a-z]{7}$`).MatchString(code) || seen[code] {
				w.T.Errorf("code %q", code)
			}
			seen[code] = true
		}
		if v := w.newest(w.added(b, with(itemForm(), "id", "cel-1", "objective-new", "nowy-cel"))); v.Objective != "nowy-cel" {
			w.T.Errorf("an objective that is not on the list became %q", v.Objective)
		}
		if v := w.newest(w.added(b, with(itemForm(), "id", "temat-1", "topic", ""))); v.Topic != itemForm().Get("topic") {
			w.T.Errorf("the topic of the objective's other items became %q", v.Topic)
		}
		if p := b.Post("/app/bank/new", with(itemForm(), "id", "temat-2", "topic", "", "objective-new", "cel-bez-pytan")); p.Status != http.StatusUnprocessableEntity || p.Find("[name=topic][aria-invalid=true]").Length() != 1 {
			w.T.Errorf("an objective without items has a topic: %d", p.Status)
		}
		if p := w.Status(b.Get("/app/bank/new"), http.StatusOK); p.Find(`select[name="options.0.mark"] option[selected]`).AttrOr("value", "") != "right" || p.Find(`select[name="options.1.mark"] option[selected]`).AttrOr("value", "") != "" {
			w.T.Error("the first answer does not begin as the right one")
		}
		if code := w.newest(w.added(b, with(itemForm(), "id", "moje-1"))).Code; code != "moje-1" {
			w.T.Errorf("an own code became %q", code)
		}
	})
}

// TestTheSecondPersonOfAnItem is told of a version that waits, with why, sees what changes against the one before and can ask back; the
// first is told the outcome.
func TestTheSecondPersonOfAnItem(t *testing.T) {
	each(t, func(w *world) {
		author, second := w.Browse(w.Author), w.Browse(w.Admin)
		path := w.added(author, with(itemForm(), "why", "Definicja z dyrektywy"))
		w.says(w.Status(second.Get("/app/today"), http.StatusOK), "granica-1", "Definicja z dyrektywy")
		p := w.Status(second.Get(path), http.StatusOK)
		w.says(p, "Definicja z dyrektywy")
		w.silent(p, "Co się zmienia")
		w.reviewed(second, path)
		w.silent(second.Get("/app/today"), "granica-1")
		w.says(author.Get("/app/today"), "granica-1")
		w.Status(author.Post(path+"/edit", with(itemForm(), "options.0.pl", "cztery", "level", "3", "why", "Było za łatwo")), http.StatusSeeOther)
		w.says(second.Get("/app/today"), "Było za łatwo")
		p = w.Status(second.Get(path), http.StatusOK)
		w.says(p, "Co się zmienia wobec wersji 1", "Było za łatwo")
		if diff := p.Find("main").Text(); p.Find("main del").Length() == 0 || p.Find("main ins").Length() == 0 || !strings.Contains(diff, "cztery") {
			w.T.Errorf("no words are struck out or new: %s", p.Text("main"))
		}
		number := w.added(author, of("number", "id", "liczba-1", "answer", "3.141"))
		w.Status(author.Post(number+"/edit", of("number", "answer", "3.142")), http.StatusSeeOther)
		w.says(second.Get(number), "3,141", "3,142")                                                   // what differs in its third decimal is seen to differ
		w.silent(w.Status(w.Browse(w.GuardCoordinator).Get("/app/today"), http.StatusOK), "granica-1") // nothing to do with items
		w.Status(author.Post(path+"/retire", url.Values{}), http.StatusSeeOther)
		w.silent(second.Get("/app/today"), "granica-1")
		w.Status(author.Post(path+"/retire", url.Values{"back": {"1"}}), http.StatusSeeOther)
		w.says(second.Get("/app/today"), "granica-1") // it waits again
	})
}

// TestTwoAuthorsInOneForm: who saves second is told of the newer version and loses nothing; who saves once more, now knowing it, replaces it.
func TestTwoAuthorsInOneForm(t *testing.T) {
	each(t, func(w *world) {
		one, two := w.Browse(w.Author), w.Browse(w.Admin)
		path := w.added(one, itemForm())
		first, second := w.Status(one.Get(path+"/edit"), http.StatusOK).Form("form[data-unsaved]"), w.Status(two.Get(path+"/edit"), http.StatusOK).Form("form[data-unsaved]")
		w.Status(one.Post(path+"/edit", with(first, "level", "3")), http.StatusSeeOther)
		p := w.Status(two.Post(path+"/edit", with(second, "question.pl", "Jak brzmi definicja?")), http.StatusUnprocessableEntity)
		w.says(p, "ktoś zapisał wersję 2")
		again := p.Form("form[data-unsaved]")
		if again.Get("question.pl") != "Jak brzmi definicja?" || again.Get("level") != "2" {
			w.T.Errorf("what was typed is lost: %v", again)
		}
		if v := w.newest(path); v.Number != 2 || v.Level != 3 {
			w.T.Errorf("it was replaced unseen by %+v", v)
		}
		w.Status(one.Post(path+"/edit", with(first, "level", "3")), http.StatusSeeOther) // what is sent twice says nothing new
		w.Status(two.Post(path+"/edit", again), http.StatusSeeOther)
		if v := w.newest(path); v.Number != 3 || v.Content.Question["pl"] != "Jak brzmi definicja?" {
			w.T.Errorf("%+v", v)
		}
	})
}

// TestFaultsAtTheirFields: each fault of a form stands at its field.
func TestFaultsAtTheirFields(t *testing.T) {
	w := &world{testrig.New(t)}
	b := w.Browse(w.Author)
	for name, form := range map[string]url.Values{
		"id":          with(itemForm(), "id", "z odstępem"),
		"level":       with(itemForm(), "level", "wysoki"),
		"topic":       with(itemForm(), "topic", "weather"),
		"objective":   with(itemForm(), "objective", " "),
		"options":     with(itemForm(), "options.1.en", ""),
		"type":        with(itemForm(), "type", "essay"),
		"answer":      of("number", "answer", "wiele"),
		"tolerance":   of("number", "answer", "1", "tolerance", "trochę"),
		"accept.en":   of("text", "accept.pl", "trzy"),
		"steps":       of("order", "steps.0.pl", "raz", "steps.0.en", "once"),
		"pairs":       of("match", "pairs.0.left.pl", "pies"),
		"question.en": with(itemForm(), "question.pl", "![](media/x.png) Co?"), // of the whole item: named at the first language
	} {
		p := b.Post("/app/bank/new", form)
		if p.Status != http.StatusUnprocessableEntity || p.Find(`.errors a[href="#`+ui.FieldID(name)+`"]`).Length() == 0 {
			t.Errorf("%s: %d %s", name, p.Status, p.Text(".errors ul"))
		}
	}
	w.Status(b.Post("/app/bank/new", itemForm()), http.StatusSeeOther)
	w.says(w.Status(b.Post("/app/bank/new", with(itemForm(), "question.pl", "Inaczej?")), http.StatusUnprocessableEntity), "To oznaczenie jest już zajęte.")
}

// TestAChangeKeepsWhatTheFormDoesNotShow: an item of a course has ids and feedback of its own, and may be in a language that the
// application does not speak. Saved as shown it stays as it was; a change in one text changes that alone.
func TestAChangeKeepsWhatTheFormDoesNotShow(t *testing.T) {
	each(t, func(w *world) {
		b := w.Browse(w.Author)
		in := func(s string) text.Translated {
			return text.Translated{"": s, "pl": s, "en": s + " (en)", "uk": s + " (uk)"}
		}
		base := item.Item{ID: "stare-1", Use: item.UseCompetence, Objective: "know", Level: 2, Question: in("Pytanie"), Explanation: in("Bo tak.")}
		single, order, match := base, base, base
		single.Type = item.Single
		single.Options = []item.Option{{ID: "b", Text: in("tak"), Correct: true, Feedback: in("Dobrze.")}, {ID: "yes", Text: in("nie"), Feedback: in("Źle.")}, {ID: "d", Text: in("może")}}
		order.ID, order.Type = "stare-2", item.Order
		order.Steps = []item.Option{{ID: "s1", Text: in("raz")}, {ID: "s2", Text: in("dwa")}, {ID: "s3", Text: in("trzy")}}
		match.ID, match.Type = "stare-3", item.Match
		match.Pairs = []item.Pair{{ID: "p1", Left: in("pies"), Right: in("szczeka")}, {ID: "p2", Left: in("kot"), Right: in("miauczy")}, {ID: "p3", Left: in("koń"), Right: in("rży")}}
		for _, it := range []item.Item{single, order, match} {
			v, _, err := w.Bank.WriteItem(w.T.Context(), w.Author, "", itembank.Draft{Item: it, Topic: "law"})
			w.OK(err)
			path := "/app/bank/items/" + v.ItemID
			edit := path + "/edit"
			p := w.Status(b.Get(edit), http.StatusOK)
			form := p.Form(`form[action="` + edit + `"]`)
			if form.Get("question.uk") != "Pytanie (uk)" {
				w.T.Errorf("%s: the form has no Ukrainian: %v", it.ID, form)
			}
			w.Status(b.Post(edit, form), http.StatusSeeOther)
			if again := w.newest(path); again.ID != v.ID {
				w.T.Errorf("%s: saved as shown it became %+v", it.ID, again.Content)
			}
			w.Status(b.Post(edit, with(form, "question.en", "Question")), http.StatusSeeOther)
			changed, want := w.newest(path), it
			want.Question = text.Translated{"pl": "Pytanie", "en": "Question", "uk": "Pytanie (uk)"}
			if changed.Number != 2 || !reflect.DeepEqual(changed.Content.Canonical(), want.Canonical()) {
				w.T.Errorf("%s: %+v became %+v", it.ID, want, changed.Content)
			}
		}
		// A row that is emptied goes, the others keep what was theirs, and a new one takes a letter that no other has.
		path := "/app/bank/items/" + testrig.Must(w.bank("stare-1"))(w.T).ItemID
		edit := path + "/edit"
		form := b.Get(edit).Form(`form[action="` + edit + `"]`)
		for _, l := range []string{"pl", "en", "uk"} {
			form.Set("options.1."+l, "")
			form.Set("options.3."+l, "nigdy")
			form.Set("options.4."+l, "zawsze")
		}
		w.Status(b.Post(edit, form), http.StatusSeeOther)
		var ids, feedback []string
		for _, o := range w.newest(path).Content.Options {
			ids, feedback = append(ids, o.ID), append(feedback, o.Feedback["pl"])
		}
		if !slices.Equal(ids, []string{"b", "d", "e", "f"}) || !slices.Equal(feedback, []string{"Dobrze.", "", "", ""}) {
			w.T.Errorf("ids %v, feedback %q", ids, feedback)
		}
	})
}

// bank finds an item that was made here by its code.
func (w *world) bank(code string) (itembank.Version, error) {
	list, _, err := w.Bank.Items(w.T.Context(), w.Admin, itembank.ItemFilter{Origin: itembank.Here, Search: code}, 1, 1)
	if err != nil || len(list) == 0 {
		return itembank.Version{}, err
	}
	return list[0], nil
}
