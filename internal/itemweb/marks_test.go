package itemweb_test

import (
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"ostoja/internal/course"
	"ostoja/internal/item"
	"ostoja/internal/itemweb"
	"ostoja/internal/text"
	"ostoja/internal/web"
)

// TestEachPartIsMarkedByItself: of an answer that is partly right, each pair and each step says whether it was, and what would have
// been where it was not.
func TestEachPartIsMarkedByItself(t *testing.T) {
	say := func(s string) text.Translated { return text.Translated{"en": s, "": s} }
	words := func(d *goquery.Document, rows string) []string {
		return d.Find(rows).Map(func(_ int, s *goquery.Selection) string {
			return s.Find("label").Text() + ": " + strings.Join(strings.Fields(s.Find(".part-verdict").Text()), " ")
		})
	}
	pairs := &item.Item{ID: "p", Type: item.Match, Question: say("Match"), Explanation: say("So."), Pairs: []item.Pair{
		{ID: "a", Left: say("l1"), Right: say("r1")}, {ID: "b", Left: say("l2"), Right: say("r2")}, {ID: "c", Left: say("l3"), Right: say("r3")},
	}}
	q := itemweb.Question{Item: pairs, Texts: course.NewTexts(), Lang: "en", Answer: item.Answer{Pairs: map[string]string{"a": "a", "b": "c"}}}
	got := words(ask(t, q.Marked(0.5, pairs)), ".match-row")
	if want := []string{"l1: Right", "l2: Not right Right answer: r2", "l3: Not right Right answer: r3"}; !slices.Equal(got, want) {
		t.Errorf("pairs %q", got)
	}
	order := &item.Item{ID: "o", Type: item.Order, Question: say("In which order?"), Explanation: say("So."), Steps: []item.Option{{ID: "x", Text: say("one")}, {ID: "y", Text: say("two")}, {ID: "z", Text: say("three")}}}
	shuffled := *order
	shuffled.Steps = []item.Option{order.Steps[2], order.Steps[0], order.Steps[1]}
	q = itemweb.Question{Item: &shuffled, Texts: course.NewTexts(), Lang: "en", Form: &web.Form{Values: url.Values{order.FieldName("x"): {"1"}, order.FieldName("y"): {"3"}}}}
	got = words(ask(t, q.Marked(0.5, order)), ".order-row")
	if want := []string{"one: Right", "two: Not right Right place: 2", "three: Not right Right place: 3"}; !slices.Equal(got, want) {
		t.Errorf("steps %q", got)
	}
	if got := words(ask(t, q), ".order-row"); !slices.Equal(got, []string{"one: ", "two: ", "three: "}) {
		t.Errorf("what has a place stands before what has none, and nothing is told: %q", got)
	}
}
