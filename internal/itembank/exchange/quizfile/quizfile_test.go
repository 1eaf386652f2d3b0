package quizfile

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"ostoja/internal/errs"
)

const sample = `<quiz><question type="x" id="7"><name><text>a</text></name><set>1.0</set><set>2</set><flag/><shownumcorrect/>
<deep odd="y"><er>z</er> b  c </deep><old>d</old></question></quiz>`

func first(t *testing.T, content string) *Node {
	t.Helper()
	var found *Node
	if err := Walk(content, func(n *Node) { found = n }); err != nil || found == nil {
		t.Fatal(found, err)
	}
	return found
}

// What was asked for is not in the rest, at whatever depth; what was not is, and nothing of an empty element but of a flag.
func TestTheRestIsWhatNobodyAskedFor(t *testing.T) {
	n := first(t, sample)
	if got := fmt.Sprint(n.Rest("")); got != "[{@type x} {@id 7} {name/text a} {set 1.0} {set 2} {shownumcorrect } {deep b c} {deep@odd y} {deep/er z} {old d}]" {
		t.Errorf("at first %s", got)
	}
	if n.Attribute("type") != "x" || n.Child("name").Text() != "a" || n.Child("old").Text() != "d" || !n.Same("set", "1") || n.Same("old", "e") {
		t.Errorf("%+v", n)
	}
	n.Child("deep").Pass()
	if got := fmt.Sprint(n.Rest("")); got != "[{@id 7} {set 2} {shownumcorrect }]" {
		t.Errorf("then %s", got)
	}
	long := first(t, "<quiz><a>"+strings.Repeat("ż", 100)+"</a></quiz>").Rest("a")
	if len(long) != 1 || long[0].Value != strings.Repeat("ż", 60)+"…" {
		t.Errorf("a long value is %v", long)
	}
}

func TestWhatIsMissingReadsAsEmpty(t *testing.T) {
	n := first(t, sample).Child("nothing")
	n.Pass()
	if n != nil || n.Attribute("a") != "" || n.Content() != "" || n.Text() != "" || n.Child("b") != nil || n.Same("c", "") {
		t.Errorf("%+v", n)
	}
}

func TestBounds(t *testing.T) {
	for content, key := range map[string]string{
		"": "exchange.error.quiz", "<a/>": "exchange.error.quiz", "<quiz/><quiz/>": "exchange.error.quiz", "<quiz><a>": "exchange.error.xml",
		"<quiz>" + strings.Repeat("<a>", maxDepth+1): "exchange.error.xml", "<quiz><a>" + strings.Repeat("<b/>", maxNodes) + "</a></quiz>": "exchange.error.xml",
		"<quiz>" + strings.Repeat("<a>", maxDepth) + strings.Repeat("</a>", maxDepth) + "</quiz>": "",
	} {
		err := Walk(content, func(*Node) {})
		if e := (*errs.Error)(nil); key == "" && err != nil || key != "" && (!errors.As(err, &e) || e.Key != key) {
			t.Errorf("%.40s: %v, want %q", content, err, key)
		}
	}
}
