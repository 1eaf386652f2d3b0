package exchange

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	"ostoja/internal/item"
	"ostoja/internal/text"
)

// leftOut are the keys of losses that leave nothing of the item.
var leftOut = map[string]bool{
	"exchange.loss.type": true, "exchange.loss.language": true, "exchange.loss.options": true, "exchange.loss.key": true, "exchange.loss.empty": true,
	"exchange.loss.pairs": true, "exchange.loss.reserved": true, "exchange.loss.syntax": true,
}

// leavesOut says whether the whole item was left out.
func (l Loss) leavesOut() bool { return leftOut[l.Key] }

// plainItem is an item that every format but Aiken holds as a whole.
func plainItem() Item {
	return Item{Item: item.Item{ID: "q1", Type: item.Single, Question: polish("Co?"), Options: []item.Option{
		{ID: "a", Text: polish("tak"), Correct: true}, {ID: "b", Text: polish("nie")},
	}}}
}

func TestWhatWritingLoses(t *testing.T) {
	order := func(it *Item) {
		it.Type, it.Options, it.Steps = item.Order, nil, []item.Option{{ID: "a", Text: polish("x")}, {ID: "b", Text: polish("y")}, {ID: "c", Text: polish("z")}}
	}
	match := func(left string, rights ...string) func(*Item) {
		return func(it *Item) {
			it.Type, it.Options = item.Match, nil
			for i, r := range rights {
				it.Pairs = append(it.Pairs, item.Pair{ID: string(rune('a' + i)), Left: polish(left), Right: polish(r)})
			}
		}
	}
	number := func(answer float64, unit string) func(*Item) {
		return func(it *Item) { it.Type, it.Options, it.Answer, it.Unit = item.Number, nil, answer, polish(unit) }
	}
	accept := func(list ...string) func(*Item) {
		return func(it *Item) {
			it.Type, it.Options, it.Accept = item.ShortText, nil, map[string][]string{"pl": list}
		}
	}
	for name, c := range map[string]struct {
		change              func(*Item)
		gift, aiken, moodle string
	}{
		"nothing":      {func(*Item) {}, "", "", ""},
		"order":        {order, "", "type", ""},
		"unknown type": {func(it *Item) { it.Type = "hotspot" }, "type", "type", "type"},
		"step": {func(it *Item) {
			it.Type = item.Step
			it.Options[0].Rating, it.Options[1].Rating = item.Good, item.Fair
		}, "", "ratings", ""},
		"step with two good options": {func(it *Item) {
			it.Type = item.Step
			it.Options = append(it.Options, item.Option{ID: "c", Text: polish("może"), Rating: item.Poor})
			it.Options[0].Rating, it.Options[1].Rating = item.Good, item.Good
		}, "", "type", ""},
		"match":                             {match("x", "a", "b", "c"), "", "type", ""},
		"equal rights":                      {match("x", "a", "b", "a"), "pairs", "pairs", "pairs"},
		"two pairs":                         {match("x", "a", "b"), "options", "options", "options"},
		"arrow":                             {match("x->y", "a", "b", "c"), "", "type", ""},
		"arrow in answer":                   {accept("a->b"), "reserved", "type", ""},
		"text":                              {accept("a", "b*"), "", "type", ""},
		"empty answer":                      {accept("a", "."), "key", "key", "key"},
		"number":                            {number(0, ""), "", "type", ""},
		"unit":                              {number(3, "zł"), "unit", "type", ""},
		"no number":                         {number(math.NaN(), ""), "key", "key", "key"},
		"language":                          {func(it *Item) { it.Question = text.Translated{"en": "x", "": "x"} }, "language", "language", "language"},
		"feedback in another language only": {func(it *Item) { it.Options[0].Feedback = text.Translated{"en": "x", "": "x"} }, "language", "language", "language"},
		"answers in another language only":  {func(it *Item) { accept()(it); it.Accept = map[string][]string{"en": {"x"}} }, "language", "language", "language"},
		"empty text":                        {func(it *Item) { it.Question = polish(" \n") }, "empty", "empty", "empty"},
		"nine options":                      {func(it *Item) { it.Options = append(it.Options, make([]item.Option, 7)...) }, "empty", "empty", "empty"},
		"one option":                        {func(it *Item) { it.Options = it.Options[:1] }, "options", "options", "options"},
		"no key":                            {func(it *Item) { it.Options[0].Correct = false }, "key", "key", "key"},
		"feedback":                          {func(it *Item) { it.Options[0].Feedback = polish("x") }, "", "feedback", ""},
		"explanation":                       {func(it *Item) { it.Explanation = polish("x") }, "", "explanation", ""},
		"lines":                             {func(it *Item) { it.Question = polish("x\n\ny") }, "", "lines", ""},
		"like an option":                    {func(it *Item) { it.Question = polish("B) x") }, "", "reserved", ""},
		"like an answer":                    {func(it *Item) { it.Question = polish("Answer: x") }, "", "reserved", ""},
		"objective":                         {func(it *Item) { it.Objective = "x" }, "", "metadata", ""},
		"id":                                {func(it *Item) { it.ID = "x" }, "", "metadata", ""},
		"no id":                             {func(it *Item) { it.ID = "" }, "identifier", "metadata", "identifier"},
		"level":                             {func(it *Item) { it.Level = 7 }, "metadata", "metadata", "metadata"},
		"topic":                             {func(it *Item) { it.Topic = "a <b>" }, "metadata", "metadata", "metadata"},
		"use":                               {func(it *Item) { it.Use = "exam" }, "metadata", "metadata", "metadata"},
		"part ids":                          {func(it *Item) { it.Options[0].ID = "b" }, "metadata", "metadata", "metadata"},
		"picture":                           {func(it *Item) { it.Question = polish("![x](media/x.svg)") }, "media", "media", "media"},
		"sign of languages":                 {accept("{mlang pl}a{mlang}"), "reserved", "reserved", "reserved"},
		"link":                              {func(it *Item) { it.Question = polish("[x](https://example.org)") }, "return", "plain", "return"},
		"emphasis":                          {func(it *Item) { it.Question = polish("**x** ~~y~~ \\*z") }, "", "plain", ""},
		"all of the above":                  {func(it *Item) { it.Options[1].Text = polish("Żadne z powyższych") }, "", "metadata", ""},
		"characters":                        {func(it *Item) { it.Question = polish("x\x00\xff") }, "characters", "characters", "characters"},
	} {
		for f, want := range map[Format]string{GIFT: c.gift, Aiken: c.aiken, MoodleXML: c.moodle} {
			it := plainItem()
			c.change(&it)
			var b bytes.Buffer
			losses, err := Write(&b, f, "pl", []Item{it})
			if got := strings.Join(brief(losses), "|"); err != nil || got != strings.TrimSpace("0 "+it.ID+" "+want) && (want != "" || got != "") {
				t.Errorf("%s as %s: %q, want %q, %v", name, f, got, want, err)
			}
			list, _, err := Read(b.Bytes(), f, "pl")
			if out := len(losses) > 0 && losses[0].leavesOut(); err != nil || (len(list) == 0) != out {
				t.Errorf("%s as %s: %d items are there, left out: %t, %v", name, f, len(list), out, err)
			}
		}
	}
}

func TestTheSecondOfTwoIDsIsLost(t *testing.T) {
	for _, f := range []Format{GIFT, MoodleXML} {
		var b bytes.Buffer
		losses, err := Write(&b, f, "pl", []Item{plainItem(), plainItem()})
		if err != nil {
			t.Fatal(err)
		}
		wantLosses(t, losses, "0 q1 identifier")
	}
}

// What else the items say is named once for the file.
func TestOnlyOneLanguageIsWritten(t *testing.T) {
	it := plainItem()
	for _, txt := range []text.Translated{it.Question, it.Options[0].Text, it.Options[1].Text} {
		txt["en"] = "english"
	}
	for _, f := range formats {
		var b bytes.Buffer
		losses, err := Write(&b, f, "en", []Item{it, it})
		if err != nil || len(losses) == 0 || losses[0].Key != "exchange.loss.languages" || losses[0].Item != "" || losses[0].leavesOut() || fmt.Sprint(losses[0].Args["Langs"]) != "[pl]" || strings.Contains(b.String(), "tak") {
			t.Errorf("%s: %v %q\n%s", f, err, brief(losses), b.String())
		}
	}
}

type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, errors.New("full") }

func TestAWriterThatFails(t *testing.T) {
	if _, err := Write(broken{}, GIFT, "pl", []Item{plainItem()}); err == nil {
		t.Error("no error")
	}
}

func TestAiken(t *testing.T) {
	list, losses := read(t, "basics.aiken.txt", Aiken)
	if len(list) != 2 || list[0].ID != "q1" || shown(list[1]) != "single: Who decides whether a person is identified as a victim? | The person alone | The authority named by law +" {
		t.Errorf("%d items, the last is %s", len(list), shown(list[len(list)-1]))
	}
	wantLosses(t, losses, "12  syntax", "16  syntax")
	for content, want := range map[string]string{
		"a\nA. b\nB) c\nANSWER: A":               "single: a | b + | c",
		"a\n\nA.\tb\n\nB. c\nAnswer: b.":         "single: a | b | c +",
		"a\n b \n\nc\nA. d\ne\nB. f\nANSWER: A":  "single: a\\\nb\n\nc | d\\\ne + | f",
		"a <b> & ~=#{}\\n\nA. b\nB. c\nANSWER:B": `single: a \<b> & \~=#{}\\n | b | c +`,
	} {
		if it, losses := one(t, Aiken, content); shown(it) != want || len(losses) > 0 {
			t.Errorf("%q is read as\n%s, want\n%s; %q", content, shown(it), want, brief(losses))
		}
	}
	for content, want := range map[string]string{
		"a\nA. b\nB. c": "1  syntax", "ANSWER: A": "1  syntax", "A. b\nB. c\nANSWER: A": "1  empty", "a\nA.\nB. c\nANSWER: A": "1  empty", "a\nA. b\nANSWER: A": "1  options",
		"a\nA. b\nA. c\nANSWER: A": "1  syntax", "a\nA. b\nB. c\nANSWER: A, B": "1  syntax", "a\nA. b\nB. c\nANSWER:": "1  syntax", "zdanie": "1  syntax", "": "",
	} {
		list, losses, err := Read([]byte(content), Aiken, "pl")
		if got := strings.Join(brief(losses), "|"); err != nil || len(list) != 0 || got != want {
			t.Errorf("%q: %d items, %s, want %s, %v", content, len(list), got, want, err)
		}
	}
}
