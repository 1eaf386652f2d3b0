package itemweb_test

import (
	"bytes"
	"errors"
	"net/url"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"ostoja/internal/course"
	"ostoja/internal/errs"
	"ostoja/internal/item"
	"ostoja/internal/itemweb"
	"ostoja/internal/lang"
	"ostoja/internal/text"
	"ostoja/internal/ui"
	"ostoja/internal/web"
)

// edit draws the form of an item, in English.
func edit(t *testing.T, f *web.Form, langs ...string) *goquery.Document {
	t.Helper()
	texts, err := catalogue()
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := itemweb.Edit(itemweb.Editor{Form: f, Langs: langs}).Render(lang.With(t.Context(), texts.Printer("en")), &b); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(b.String(), "⟦") {
		t.Errorf("a text is missing: %s", b.String())
	}
	d, err := goquery.NewDocumentFromReader(&b)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// again returns what an item becomes that is shown in the form, changed, and sent.
func again(t *testing.T, it *item.Item, change func(form url.Values), langs ...string) item.Item {
	t.Helper()
	f := itemweb.FormOf(*it, langs)
	form := sent(edit(t, f, langs...))
	for _, name := range []string{"id", "objective", "level"} { // which the page asks
		form.Set(name, f.Get(name))
	}
	change(form)
	got, err := itemweb.ItemOf(&web.Form{Values: form}, langs, it)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func in(s string) text.Translated { return text.Translated{"": s, "pl": s, "en": s + " (en)"} }

// everyType returns an item of each type, with ids of its own and feedback, as courses have them.
func everyType() []item.Item {
	base := item.Item{ID: "own-1", Objective: "know", Level: 3, Question: in("Pytanie"), Explanation: in("Bo tak.")}
	as := func(kind item.Type, fill func(it *item.Item)) item.Item {
		it := base
		it.Type = kind
		fill(&it)
		return it
	}
	return []item.Item{
		as(item.Single, func(it *item.Item) {
			it.NoShuffle = true
			it.Options = []item.Option{{ID: "b", Text: in("tak"), Correct: true, Feedback: in("Dobrze.")}, {ID: "yes", Text: in("nie"), Feedback: in("Źle.")}, {ID: "d", Text: in("może")}}
		}),
		as(item.Multiple, func(it *item.Item) {
			it.Options = []item.Option{{ID: "c", Text: in("raz"), Correct: true}, {ID: "a", Text: in("dwa")}, {ID: "b", Text: in("trzy"), Correct: true}}
		}),
		as(item.Step, func(it *item.Item) {
			it.Options = []item.Option{{ID: "go", Text: in("idę"), Rating: item.Good}, {ID: "wait", Text: in("czekam"), Rating: item.Fair}, {ID: "run", Text: in("biegnę"), Rating: item.Poor}}
		}),
		as(item.Order, func(it *item.Item) {
			it.Steps = []item.Option{{ID: "s1", Text: in("raz")}, {ID: "s2", Text: in("dwa")}, {ID: "s3", Text: in("trzy")}}
		}),
		as(item.Match, func(it *item.Item) {
			it.Pairs = []item.Pair{{ID: "p1", Left: in("pies"), Right: in("szczeka")}, {ID: "p2", Left: in("kot"), Right: in("miauczy")}, {ID: "p3", Left: in("koń"), Right: in("rży")}}
		}),
		as(item.Number, func(it *item.Item) { it.Answer, it.Tolerance, it.Unit = 1.5, 0.25, in("zł") }),
		as(item.ShortText, func(it *item.Item) {
			it.Accept = map[string][]string{"pl": {"trzy", "3"}, "en": {"three"}}
		}),
	}
}

// TestAnItemComesBackAsItWasShown: one of each type, and all items of the shipped course, say the same after they were shown in the
// form and sent, and a change in one text changes that alone.
func TestAnItemComesBackAsItWasShown(t *testing.T) {
	c, _, err := course.Load(os.DirFS("../../courses/border-guard"))
	if err != nil {
		t.Fatal(err)
	}
	items := everyType()
	for _, part := range c.Parts() {
		for _, itemID := range part.Checks() {
			it := *c.Item(itemID)
			it.Use = "" // for the caller to say
			items = append(items, it)
		}
	}
	for _, it := range items {
		t.Run(it.ID+" "+string(it.Type), func(t *testing.T) {
			langs := it.Question.Languages()
			if got := again(t, &it, func(url.Values) {}, langs...); !reflect.DeepEqual(got.Canonical(), it.Canonical()) {
				t.Errorf("%+v became %+v", it.Canonical(), got.Canonical())
			}
			want := it.Canonical()
			want.Question["en"], want.Explanation["pl"] = "Question?", "Tak:\n- jest"
			got := again(t, &it, func(form url.Values) {
				form.Set("question.en", " Question? ")
				form.Set("explanation.pl", "Tak:\r\n- jest\r\n")
			}, langs...)
			if !reflect.DeepEqual(got.Canonical(), want) {
				t.Errorf("changed: %+v became %+v", want, got.Canonical())
			}
		})
	}
}

// TestPartsOfAChangedItem: a row that is emptied goes, the others keep their ids and feedback, and a new one takes a letter that no
// other has.
func TestPartsOfAChangedItem(t *testing.T) {
	all := everyType()
	rows := func(kind string, sides ...string) func(form url.Values) {
		return func(form url.Values) {
			for _, side := range sides {
				form.Set(kind+".1."+side, " ")
				form.Set(kind+".3."+side, "nowa\r\n  druga")
				form.Set(kind+".7."+side, "ostatnia")
			}
		}
	}
	single := again(t, &all[0], rows("options", "pl", "en"), "pl", "en")
	var ids, feedback, texts []string
	for _, o := range single.Options {
		ids, feedback, texts = append(ids, o.ID), append(feedback, o.Feedback.In("pl")), append(texts, o.Text.In("pl"))
	}
	if !slices.Equal(ids, []string{"b", "d", "e", "i"}) || !slices.Equal(feedback, []string{"Dobrze.", "", "", ""}) || !slices.Equal(texts, []string{"tak", "może", "nowa druga", "ostatnia"}) {
		t.Errorf("ids %v, feedback %q, texts %q", ids, feedback, texts)
	}
	ids = nil
	for _, o := range again(t, &all[3], rows("steps", "pl", "en"), "pl", "en").Steps {
		ids = append(ids, o.ID)
	}
	if !slices.Equal(ids, []string{"s1", "s3", "d", "h"}) {
		t.Errorf("steps %v", ids)
	}
	ids = nil
	for _, p := range again(t, &all[4], rows("pairs", "left.pl", "left.en", "right.pl", "right.en"), "pl", "en").Pairs {
		ids = append(ids, p.ID)
	}
	if !slices.Equal(ids, []string{"p1", "p3", "d", "h"}) {
		t.Errorf("pairs %v", ids)
	}
	// Half a pair is a pair with a fault, which the item's check names; it is not dropped.
	half := again(t, &all[4], func(form url.Values) { form.Set("pairs.3.left.pl", "krowa") }, "pl", "en")
	if len(half.Pairs) != 4 || half.Pairs[3].Left.In("pl") != "krowa" || half.Pairs[3].Right.In("pl") != "" {
		t.Errorf("%+v", half.Pairs)
	}
	// A choice of a step that nobody rated serves badly.
	unrated := again(t, &all[2], func(form url.Values) { form.Del("options.0.mark") }, "pl", "en")
	if unrated.Options[0].Rating != item.Poor || unrated.Options[1].Rating != item.Fair || unrated.Options[0].Correct {
		t.Errorf("%+v", unrated.Options)
	}
}

// TestTheFormShowsThePartsOfItsType and no others, with as many rows as were asked for and an item may have; an unknown type is a single choice.
func TestTheFormShowsThePartsOfItsType(t *testing.T) {
	fields := map[string]string{"options": "options.7.pl", "mark": "options.7.mark", "no-shuffle": "no-shuffle", "steps": "steps.7.en", "pairs": "pairs.7.right.pl", "number": "tolerance", "unit": "unit.en", "accept": "accept.pl"}
	for kind, want := range map[string][]string{
		"single": {"mark", "no-shuffle", "options"}, "multiple": {"mark", "no-shuffle", "options"}, "step": {"mark", "no-shuffle", "options"}, "": {"mark", "no-shuffle", "options"},
		"essay": {"mark", "no-shuffle", "options"}, "order": {"steps"}, "match": {"pairs"}, "number": {"number", "unit"}, "text": {"accept"},
	} {
		d := edit(t, web.NewForm("type", kind, "rows", "9"), "pl", "en")
		var got []string
		for part, name := range fields {
			if d.Find(`[name="`+name+`"]`).Length() == 1 {
				got = append(got, part)
			}
		}
		if slices.Sort(got); !slices.Equal(got, want) {
			t.Errorf("%q has %v, not %v", kind, got, want)
		}
		if n := d.Find(`[name^="options.8"], [name^="steps.8"], [name^="pairs.8"]`).Length(); n > 0 {
			t.Errorf("%q has a ninth row", kind)
		}
		chosen := kind
		if kind == "" || kind == "essay" {
			chosen = "single"
		}
		if got := d.Find(`select[name=type] option[selected]`).AttrOr("value", ""); got != chosen {
			t.Errorf("%q is shown as %q", kind, got)
		}
	}
}

// TestFaultsOfAnItem stand at their fields: a part's at its rows, one of the question without a language at each question.
func TestFaultsOfAnItem(t *testing.T) {
	texts, err := catalogue()
	if err != nil {
		t.Fatal(err)
	}
	f := web.NewForm("type", "single")
	f.Fail(texts.Printer("en"), errs.Fields{{Name: "question", Key: "item.fault.no-language"}, {Name: "options", Key: "item.fault.one-right"}, {Name: "explanation.en", Key: "item.fault.empty"}}.Err())
	d := edit(t, f, "pl", "en")
	for name, n := range map[string]int{"question.pl": 1, "question.en": 1, "explanation.en": 1, "explanation.pl": 0} {
		if got := d.Find(`[name="` + name + `"][aria-invalid=true]`).Length(); got != n {
			t.Errorf("%s has %d faults", name, got)
		}
	}
	if got := d.Find("#" + ui.FieldID("options") + " > .error").Text(); got != "Mark exactly one answer as right." {
		t.Errorf("the choices' fault is %q", got)
	}
	for _, c := range []struct{ answer, tolerance, fault string }{{"wiele", "", "answer"}, {"", "", "answer"}, {"1", "trochę", "tolerance"}, {"1,5", "", ""}, {"1,5", "0.5", ""}} {
		got, err := itemweb.ItemOf(web.NewForm("type", "number", "answer", c.answer, "tolerance", c.tolerance), []string{"pl"}, &item.Item{})
		e := (*errs.Error)(nil)
		switch {
		case c.fault == "" && (err != nil || got.Answer != 1.5 || got.Unit != nil):
			t.Errorf("%v: %+v, %v", c, got, err)
		case c.fault != "" && (!errors.As(err, &e) || len(e.Fields) != 1 || e.Fields[0].Name != c.fault || e.Fields[0].Key != "item.fault.number"):
			t.Errorf("%v: %v", c, err)
		}
	}
	if got, err := itemweb.ItemOf(web.NewForm("type", "text", "level", "high", "accept.pl", "trzy\r\n\r\n  3 \n"), []string{"pl", "en"}, &item.Item{}); err != nil || got.Level != 0 || !reflect.DeepEqual(got.Accept, map[string][]string{"pl": {"trzy", "3"}}) {
		t.Errorf("%+v, %v", got, err)
	}
}
