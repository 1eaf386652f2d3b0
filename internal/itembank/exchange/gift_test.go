package exchange

import (
	"bytes"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"ostoja/internal/item"
)

// one reads a file of one item.
func one(t *testing.T, f Format, content string) (Item, []Loss) {
	t.Helper()
	list, losses, err := Read([]byte(content), f, "pl")
	if err != nil || len(list) != 1 {
		t.Fatalf("%q gave %d items, %q, %v", content, len(list), brief(losses), err)
	}
	return list[0], losses
}

// shown shows what of an item the answers hang on.
func shown(it Item) string {
	s := string(it.Type) + ": " + it.Question.In("pl")
	for _, o := range append(it.Options, it.Steps...) {
		s += " | " + o.Text.In("pl")
		if it.NoShuffle && placed.MatchString(o.Text.In("pl")) {
			s += " fixed"
		}
		if o.Correct {
			s += " +"
		}
		if o.Rating != "" {
			s += " " + string(o.Rating)
		}
		if o.Feedback != nil {
			s += " #" + o.Feedback.In("pl")
		}
	}
	for _, p := range it.Pairs {
		s += " | " + p.Left.In("pl") + " > " + p.Right.In("pl")
	}
	if it.Type == item.Number {
		s += " | " + fmt.Sprint(it.Answer, " ± ", it.Tolerance) + it.Unit.In("pl")
	}
	for _, a := range it.Accept["pl"] {
		s += " | " + a
	}
	if it.Explanation != nil {
		s += " || " + it.Explanation.In("pl")
	}
	return s
}

func TestGIFTSample(t *testing.T) {
	list, losses := read(t, "law.gift.txt", GIFT)
	var ids []string
	for _, it := range list {
		ids = append(ids, it.ID)
	}
	if got := strings.Join(ids, " "); got != "law-01 q2 child q4 q5 pairs step-1 q10" {
		t.Errorf("ids %s", got)
	}
	if it := list[0]; it.Objective != "definition" || it.Topic != "law" || it.Level != 2 || it.Question[""] != it.Question["pl"] {
		t.Errorf("the first item is %+v", it)
	}
	wantLosses(t, losses, "2  left", "14 q2 left", "25 q5 weights", "40  type", "42  type", "46  syntax")
}

func TestGIFTIsReadAsMoodleDoes(t *testing.T) {
	for content, want := range map[string]string{
		"a{=b ~c}":                                     "single: a | b + | c",
		"a{~c#x#y =b#z}":                               "single: a | c #x#y | b + #z",
		"a {\n~c\n=b\n#### dlatego\n}":                 "single: a | c | b + || dlatego",
		"a{~%50%b ~%50%c ~%-50%d ~%-50%e}":             "multiple: a | b + | c + | d | e",
		"a{~%100%b ~%-100%c ~%-100%d}":                 "multiple: a | b + | c | d",
		"a{~%33.33333%b ~%33.333%c ~%33%d ~%-33.333%e": "",
		"a{T}":                                  "single: a | Prawda + | Fałsz",
		"a{FALSE#źle#dobrze####bo tak}":         "single: a | Prawda #źle | Fałsz + #dobrze || bo tak",
		"a{=b =%100%c}":                         "text: a | b | c",
		"a{b}":                                  "text: a | b",
		`a{=\*b\*}`:                             "text: a | *b*",
		"a{#3}":                                 "number: a | 3 ± 0",
		"a{#3,5:0.5####x}":                      "number: a | 3.5 ± 0.5 || x",
		"a{#=%100%-1e3:2#}":                     "number: a | -1000 ± 2",
		"a{#1..2}":                              "number: a | 1.5 ± 0.5",
		"a{=b -> c =d->e =f -> g->h}":           "match: a | b > c | d > e | f > g->h",
		`a\: \{x\} \= \~ \# \\ \n b{=\=c ~\~d}`: "single: a: {x} = \\~ # &#92;\\\nb | \\=c + | \\~d",
		"[html]<p>a</p>{=<b>b</b> ~[plain]<b>c</b>}": "single: a | **b** + | \\<b>c\\</b>",
		"[moodle]a<br>b\nc{=b ~c}":                   "single: a\\\nb\\\nc | b + | c",
		"[plain]a < b{=x<y ~c}":                      "single: a \\< b | x\\<y + | c",
		"[inne] a{=b ~c}":                            "single: \\[inne\\] a | b + | c",
		"a\n// uwaga\nb{=b ~c}":                      "single: a\\\nb | b + | c",
		"a {=b ~c} d":                                `single: a \_\_\_\_\_ d | b + | c`,
		"[markdown]a *x* {=b ~c}.":                   `single: a *x* \_\_\_\_\_. | b + | c`,
		"a {T}.":                                     `single: a \_\_\_\_\_. | Prawda + | Fałsz`,
		"a{prawda}":                                  "single: a | Prawda + | Fałsz",
		"a{ВЕРНО}":                                   "single: a | Prawda + | Fałsz",
		"a{=b ~c ~Wszystkie powyższe}":               "single: a | b + | c | Wszystkie powyższe fixed",
		"a{>0 ALL VERTICAL RELATIVE_NEXT_EXCLUDE_LAST SHOW none\nb: =x\n <b>c</b>\n\td &#123;\n####e}": "order: a | b: =x | **c** | d { || e",
		"a{>3 ALL b\nc\nd}":                      "order: a | b | c | d",
		"// [tag:type=step]\na{~%50%b =c =d ~e}": "step: a | b fair | c good | d good | e poor",
		"a{=b ~%0%%5%}":                          "single: a | b + | %5%",
	} {
		if want == "" {
			list, losses, err := Read([]byte(content), GIFT, "pl")
			if err != nil || len(list) != 0 || len(losses) != 1 {
				t.Errorf("%q: %d items, %q, %v", content, len(list), brief(losses), err)
			}
			continue
		}
		if it, losses := one(t, GIFT, content); shown(it) != want || len(losses) > 0 {
			t.Errorf("%q is read as\n%s, want\n%s; %q", content, shown(it), want, brief(losses))
		}
	}
}

func TestGIFTThatIsLeftOut(t *testing.T) {
	for content, want := range map[string]string{
		"a":                             "1  type",
		"a{}":                           "1  type",
		"a{####x}":                      "1  type",
		"a{=b ~c\n\n}":                  "1  syntax|3  syntax",
		"a}{":                           "1  syntax",
		"\n\n::x::a{=b}{":               "3 x syntax",
		"a{=b ~}":                       "1  empty",
		"{=b ~c}":                       "1  empty",
		"a{=b}{":                        "1  syntax",
		"a{>3 x}":                       "1  options",
		"a{> x}":                        "1  syntax",
		"a{=b -> c =d -> c}":            "1  twin|1  options",
		"a{=b =c ~d}":                   "1  key",
		"a{~b ~c ~d}":                   "1  key",
		"a{~%100%b ~c}":                 "1  weights|1  options",
		"a{=b ~c ~d ~e ~f ~g ~h ~i ~j}": "1  options",
		"a{=b -> c =d}":                 "1  syntax",
		"a{#x}":                         "1  key",
		"a{#1:-1}":                      "1  key",
		"a{#2..1}":                      "1  key",
		"a{#%50%1}":                     "1  weights|1  key",
		"a{=*}":                         "1  wildcard|1  key",
		"a{=.}":                         "1  key",
		"// [id:x-1]\n::y::a":           "2 x-1 type",
	} {
		list, losses, err := Read([]byte(content), GIFT, "pl")
		if err != nil || len(list) != 0 {
			t.Errorf("%q: %d items, %v", content, len(list), err)
		}
		if got := strings.Join(brief(losses), "|"); got != want {
			t.Errorf("%q: losses %s, want %s", content, got, want)
		}
	}
}

func TestGIFTThatLosesSomething(t *testing.T) {
	for content, want := range map[string]string{
		"a{=b ~%50%c}":                                      "1 q1 weights",
		"$CATEGORY: x/y\na{=b ~c}":                          "1  left",
		"::Zły id::a{=b ~c}":                                "1 q1 left",
		"a{=b ~c ~#źle ~}":                                  "1 q1 blank|1 q1 blank",
		"a{=b -> c =d -> e}":                                "1 q1 choice",
		"a{=b -> c =d -> c =e -> f}":                        "1 q1 twin|1 q1 choice",
		"a{=b->c =d->c =e->f =g->h}":                        "1 q1 twin",
		"a{>2 RANDOM HORIZONTAL ABSOLUTE HIDE abc b\nc\nd}": "1 q1 left",
		"a{#1,200}":                                         "1 q1 number",
		"a{~%50%b ~%50%c ~d}":                               "1 q1 weights",
		"a{=b#x =c}":                                        "1 q1 feedback",
		"a{#1#x}":                                           "1 q1 feedback",
		"a{#=1 =2}":                                         "1 q1 answers",
		"a{#=1 ~#x}":                                        "1 q1 feedback",
		"a{=b =c*}":                                         "1 q1 wildcard",
		"a{=b->c =d->e =f->g =->h}":                         "1 q1 distractor",
		"[html]<table><tr><td>a</table>{=b ~c}":             "1 q1 markup",
		"[html]a<img src=x>{=b ~c}":                         "1 q1 media",
		"a ![x](@@PLUGINFILE@@/x.png){=b ~c}":               "1 q1 media",
		"a\x01{=b ~c}":                                      "1  characters",
		"// [tag:inny] [tag:level=9]\na{=b ~c}":             "2 q1 tags",
		"// [tag:ids=a]\na{=b ~c}":                          "2 q1 tags",
		"// [tag:type=step]\na{#1}":                         "2 q1 tags",
		"// [id:Ż 1]\na{#1}":                                "2 z-1 identifier",
	} {
		if _, losses := one(t, GIFT, content); strings.Join(brief(losses), "|") != want {
			t.Errorf("%q: losses %q, want %s", content, brief(losses), want)
		}
	}
}

func TestIDs(t *testing.T) {
	content := "// [id:a]\nx{#1}\n\n::a::x{#1}\n\n// [id:a]\nx{#1}\n\n// [id:1/2]\nx{#1}\n\nx{#1}\n\n// [id:q5]\nx{#1}\n\n// [id:" + strings.Repeat("x", 70) + "]\nx{#1}\n\n::Zły id::x{#1}\n\n// [id:\u2026]\nx{#1}"
	list, losses, err := Read([]byte(content), GIFT, "pl")
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, it := range list {
		ids = append(ids, it.ID)
	}
	if got, want := strings.Join(ids, " "), "a a-2 a-3 q1-2 q5-2 q5 "+strings.Repeat("x", 60)+" q8 q9"; got != want {
		t.Errorf("ids %s, want %s", got, want)
	}
	wantLosses(t, losses, "7 a-3 identifier", "10 q1-2 identifier", "18 "+strings.Repeat("x", 60)+" identifier", "20 q8 left", "23 q9 identifier")
}

func TestGIFTIsWritten(t *testing.T) {
	item := Item{Topic: "law", Item: item.Item{
		ID: "m-1", Use: item.UseTest, Objective: "definition", Level: 2, Type: item.Multiple, Question: polish("Co?\nZaznacz: {x}"), Explanation: polish("[Bo] tak"), NoShuffle: true,
		Options: []item.Option{
			{ID: "x", Text: polish("%5% ~a"), Correct: true, Feedback: polish("#1")}, {ID: "b", Text: polish("b"), Correct: true}, {ID: "c", Text: polish("c"), Correct: true}, {ID: "d", Text: polish("d")},
		},
	}}
	want := `// [id:m-1] [tag:use=test] [tag:objective=definition] [tag:topic=law] [tag:level=2] [tag:ids=x,b,c,d] [tag:shuffle=false]
::m-1::[html]Co?\nZaznacz\: \{x\}{
	~%33.33333%%5% \~a#\#1
	~%33.33333%b
	~%33.33333%c
	~%-33.33333%d
	####[html][Bo] tak
}

`
	var b bytes.Buffer
	losses, err := Write(&b, GIFT, "pl", []Item{item})
	if err != nil || b.String() != want || len(losses) > 0 {
		t.Errorf("%v %q\n%s", err, brief(losses), b.String())
	}
	if got, _ := one(t, GIFT, b.String()); !reflect.DeepEqual(asShown(got), asShown(item)) {
		t.Errorf("read back as %+v", got)
	}
}

func TestScoresAgreeWithMoodlesWeights(t *testing.T) {
	q := question{kind: item.Multiple, options: []choice{{id: "a", correct: true}, {id: "b", correct: true}, {id: "c"}, {id: "d"}}}
	it := q.item("pl", nil)
	weights := q.fractions()
	for set := range 16 {
		var a item.Answer
		sum := 0.0
		for i := range 4 {
			if set>>i&1 == 1 {
				a.Chosen = append(a.Chosen, it.Options[i].ID)
				sum += weights[i]
			}
		}
		if got := it.Score(a) * 100; got != max(0, sum) {
			t.Errorf("%v scores %g, Moodle gives %g", a.Chosen, got, sum)
		}
	}
}
