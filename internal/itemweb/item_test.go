package itemweb_test

import (
	"bytes"
	"net/url"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"ostoja/internal/course"
	"ostoja/internal/item"
	"ostoja/internal/itemweb"
	"ostoja/internal/lang"
	"ostoja/internal/text"
	"ostoja/internal/web"
	"ostoja/translations"
)

var catalogue = sync.OnceValues(func() (*lang.Catalogue, error) { return lang.Load(translations.FS, time.UTC) })

// ask draws an item, in English.
func ask(t *testing.T, q itemweb.Question) *goquery.Document {
	t.Helper()
	texts, err := catalogue()
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := itemweb.Ask(q).Render(lang.With(t.Context(), texts.Printer("en")), &b); err != nil {
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

// sent returns what a browser sends for the item as it is drawn.
func sent(d *goquery.Document) url.Values {
	form := url.Values{}
	d.Find("input, select, textarea").Each(func(_ int, s *goquery.Selection) {
		name, _ := s.Attr("name")
		_, checked := s.Attr("checked")
		kind := s.AttrOr("type", "")
		switch {
		case name == "" || (kind == "radio" || kind == "checkbox") && !checked:
		case s.Is("select"):
			form.Add(name, s.Find("option[selected]").AttrOr("value", ""))
		case s.Is("textarea"):
			form.Add(name, s.Text())
		default:
			form.Add(name, s.AttrOr("value", ""))
		}
	})
	return form
}

// TestEveryTypeIsDrawnAnsweredAndMarked goes through all items of the shipped course: the right answer, once drawn, is sent back as the
// same answer; it is marked as right with the explanation; and the question tells nothing before.
func TestEveryTypeIsDrawnAnsweredAndMarked(t *testing.T) {
	c, _, err := course.Load(os.DirFS("../../courses/border-guard"))
	if err != nil {
		t.Fatal(err)
	}
	types := map[item.Type]int{}
	var all []string
	for _, part := range c.Parts() {
		all = append(all, part.Checks()...)
	}
	for _, x := range c.Competences {
		for _, f := range x.Forms {
			all = append(all, f.Items...)
		}
	}
	for _, itemID := range all {
		it := c.Item(itemID)
		types[it.Type]++
		q := itemweb.Question{Item: it, Texts: c, Lang: "en", Number: 3}
		open := ask(t, q)
		explanation := strings.Fields(it.Explanation.In("en"))[:3]
		if html, _ := open.Html(); open.Find("fieldset, label").Length() == 0 || strings.Contains(html, strings.Join(explanation, " ")) || open.Find(".verdict").Length() > 0 {
			t.Errorf("%s: the question tells the answer, or has no name", itemID)
		}
		q.Answer = it.RightAnswer("en")
		form := sent(ask(t, q))
		back, _, err := it.Parse(form)
		if err != nil || it.Score(back) != 1 {
			t.Errorf("%s: the right answer comes back as %+v from %v", itemID, back, form)
		}
		marked := ask(t, q.Marked(1, it))
		if !strings.Contains(strings.Join(strings.Fields(marked.Text()), " "), strings.Join(explanation, " ")) {
			t.Errorf("%s: marked without the explanation: %s", itemID, marked.Text())
		}
		if n := marked.Find("input:not([disabled]), select:not([disabled])").Not("fieldset[disabled] *").Length(); n > 0 {
			t.Errorf("%s: %d fields of a marked item can be changed", itemID, n)
		}
	}
	for _, x := range []item.Type{item.Single, item.Multiple, item.Step, item.Order, item.Match} {
		if types[x] == 0 {
			t.Errorf("the shipped course has no item of type %s", x)
		}
	}
}

// TestWhatWasSentStaysWhereItCouldNotBeTaken with the reason, for the types that the shipped course lacks too.
func TestWhatWasSentStaysWhereItCouldNotBeTaken(t *testing.T) {
	say := func(s string) text.Translated { return text.Translated{"en": s, "": s} }
	number := &item.Item{ID: "n", Type: item.Number, Question: say("How many?"), Explanation: say("Three."), Answer: 3, Unit: say("parts")}
	f := web.NewForm(number.FieldName(""), "trzy")
	d := ask(t, itemweb.Question{Item: number, Texts: course.NewTexts(), Lang: "en", Form: f, Error: "Write a number."})
	if got := d.Find("input").AttrOr("value", ""); got != "trzy" || !strings.Contains(d.Text(), "Write a number.") || !strings.Contains(d.Text(), "parts") {
		t.Errorf("%q in %s", got, d.Text())
	}
	wrong := ask(t, itemweb.Question{Item: number, Texts: course.NewTexts(), Lang: "en", Form: f}.Marked(0, number))
	if !strings.Contains(wrong.Text(), "3 parts") {
		t.Errorf("the right number is not said: %s", wrong.Text())
	}
	short := &item.Item{ID: "s", Type: item.ShortText, Question: say("Who?"), Explanation: say("The centre."), Accept: map[string][]string{"en": {"KCIK", "La Strada"}}}
	d = ask(t, itemweb.Question{Item: short, Texts: course.NewTexts(), Lang: "en", Answer: item.Answer{Text: `"><script>`}})
	if got := d.Find("input").AttrOr("value", ""); got != `"><script>` || d.Find("script").Length() > 0 {
		t.Errorf("%q", got)
	}
	if d := ask(t, itemweb.Question{Item: short, Texts: course.NewTexts(), Lang: "en"}.Marked(0, short)); !strings.Contains(d.Text(), "KCIK") {
		t.Errorf("the right answer is not said: %s", d.Text())
	}
	order := &item.Item{ID: "o", Type: item.Order, Question: say("In which order?"), Explanation: say("So."), Steps: []item.Option{{ID: "a", Text: say("one")}, {ID: "b", Text: say("two")}, {ID: "c", Text: say("three")}}}
	values := url.Values{order.FieldName("c"): {"1"}, order.FieldName("a"): {"2"}}
	d = ask(t, itemweb.Question{Item: order, Texts: course.NewTexts(), Lang: "en", Form: &web.Form{Values: values}})
	if got := d.Find("select, input[type=number]").Map(func(_ int, s *goquery.Selection) string { return s.AttrOr("name", "") }); !slices.Equal(got, []string{order.FieldName("c"), order.FieldName("a"), order.FieldName("b")}) {
		t.Errorf("the steps stand in the order %v, not in the one given", got)
	}
}

// TestMarksSayWhatWasRight of each part that was answered, and of what should have been; nothing of the rest.
func TestMarksSayWhatWasRight(t *testing.T) {
	say := func(s string) text.Translated { return text.Translated{"en": s, "": s} }
	multiple := &item.Item{ID: "m", Type: item.Multiple, Question: say("Which?"), Explanation: say("These."), Options: []item.Option{
		{ID: "a", Text: say("one"), Correct: true, Feedback: say("first yes")}, {ID: "b", Text: say("two"), Correct: true, Feedback: say("second yes")},
		{ID: "c", Text: say("three"), Feedback: say("third no")}, {ID: "d", Text: say("four"), Feedback: say("fourth no")}, {ID: "e", Text: say("five")},
	}}
	q := itemweb.Question{Item: multiple, Texts: course.NewTexts(), Lang: "en", Answer: item.Answer{Chosen: []string{"a", "c", "e"}}}
	said := func(d *goquery.Document) string { return strings.Join(strings.Fields(d.Text()), " ") }
	if s := said(ask(t, q)); strings.Contains(s, "yes") || strings.Contains(s, "no") {
		t.Errorf("the open question says %s", s)
	}
	s := said(ask(t, q.Marked(0.5, multiple)))
	for words, want := range map[string]bool{"first yes": true, "second yes": true, "third no": true, "fourth no": false} {
		if strings.Contains(s, words) != want {
			t.Errorf("%q is said: %v, in %s", words, !want, s)
		}
	}
	verdict := func(share float64) string { return said(ask(t, q.Marked(share, multiple))) }
	if right, partly, wrong := verdict(1), verdict(0.5), verdict(0); right == partly || partly == wrong || right == wrong {
		t.Errorf("right, partly and wrong are told alike: %s", right)
	}
	pairs := &item.Item{ID: "p", Type: item.Match, Question: say("Match"), Explanation: say("So."), Pairs: []item.Pair{
		{ID: "a", Left: say("l1"), Right: say("r1")}, {ID: "b", Left: say("l2"), Right: say("r2")}, {ID: "c", Left: say("l3"), Right: say("r3")},
	}}
	match := func(a map[string]string, share float64) string {
		return said(ask(t, itemweb.Question{Item: pairs, Texts: course.NewTexts(), Lang: "en", Answer: item.Answer{Pairs: a}}.Marked(share, pairs)))
	}
	if all, none := match(map[string]string{"a": "a", "b": "b", "c": "c"}, 0.5), match(map[string]string{"a": "b", "b": "c", "c": "a"}, 0.5); all == none {
		t.Errorf("right and wrong pairs are told alike: %s", all)
	}
}

// TestWhatIsToBeAnsweredAgainGivesNothingAway: the answer is judged, and neither the right one nor the explanation is told.
func TestWhatIsToBeAnsweredAgainGivesNothingAway(t *testing.T) {
	say := func(s string) text.Translated { return text.Translated{"en": s, "": s} }
	option := func(id, words string, right bool) item.Option {
		return item.Option{ID: id, Text: say(words), Correct: right, Feedback: say(words + "-feedback")}
	}
	rated := option("a", "one", false)
	rated.Rating = item.Good
	poor := option("b", "two", false)
	poor.Rating = item.Poor
	number := 5.0
	for _, it := range []*item.Item{
		{ID: "s", Type: item.Single, Options: []item.Option{option("a", "one", true), option("b", "two", false)}},
		{ID: "m", Type: item.Multiple, Options: []item.Option{option("a", "one", true), option("b", "two", false), option("c", "three", true)}},
		{ID: "r", Type: item.Step, Options: []item.Option{rated, poor}},
		{ID: "o", Type: item.Order, Steps: []item.Option{{ID: "a", Text: say("one")}, {ID: "b", Text: say("two")}, {ID: "c", Text: say("three")}}},
		{ID: "p", Type: item.Match, Pairs: []item.Pair{{ID: "a", Left: say("l1"), Right: say("r1")}, {ID: "b", Left: say("l2"), Right: say("r2")}}},
		{ID: "n", Type: item.Number, Answer: 77},
		{ID: "t", Type: item.ShortText, Accept: map[string][]string{"en": {"KCIK"}}},
	} {
		it.Question, it.Explanation = say("Question?"), say("because-so")
		a := item.Answer{Chosen: []string{"b"}}
		switch it.Type {
		case item.Order:
			a = item.Answer{Chosen: []string{"c", "b", "a"}, Pairs: map[string]string{"c": "1", "b": "2", "a": "3"}}
		case item.Match:
			a = item.Answer{Pairs: map[string]string{"a": "b", "b": "a"}}
		case item.Number:
			a = item.Answer{Number: &number}
		case item.ShortText:
			a = item.Answer{Text: "wrong"}
		}
		q := itemweb.Question{Item: it, Texts: course.NewTexts(), Lang: "en", Answer: a}
		d, open := ask(t, q.Tried(0, it)), ask(t, q.Marked(0, it))
		said := strings.Join(strings.Fields(d.Text()), " ")
		for _, secret := range []string{"because-so", "one-feedback", "three-feedback", "77", "KCIK", "(right"} {
			if strings.Contains(said, secret) {
				t.Errorf("%s tells %q: %s", it.Type, secret, said)
			}
		}
		if len(it.Options) > 0 && !strings.Contains(said, "two-feedback") {
			t.Errorf("%s does not say why: %s", it.Type, said)
		}
		if told := strings.Join(strings.Fields(open.Text()), " "); told == said || !strings.Contains(told, "because-so") {
			t.Errorf("%s: marked for good it says %s", it.Type, told)
		}
		if it.Type == item.Order { // in the order that was given, the middle one in its place
			if first := strings.Index(said, "three"); first < 0 || first > strings.Index(said, "one") {
				t.Errorf("the steps stand in another order: %s", said)
			}
		}
	}
}
