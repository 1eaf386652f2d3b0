package quiz_test

import (
	"fmt"
	"net/url"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"ostoja/internal/item"
	"ostoja/internal/quiz"
)

// TestMerge has a row for each thing that two windows can do with one answer.
func TestMerge(t *testing.T) {
	steps := &item.Item{ID: "one", Type: item.Order, Steps: []item.Option{{ID: "a"}, {ID: "b"}, {ID: "c"}}}
	several := &item.Item{ID: "one", Type: item.Multiple, Options: []item.Option{{ID: "a"}, {ID: "b"}, {ID: "c"}}}
	for what, c := range map[string]struct {
		item *item.Item
		kept string   // as a query
		seen []string // as queries
		sent string
		want string // take | keep | conflict | same
	}{
		"untouched":                           {single("one"), "item.one=a", []string{"item.one=a"}, "item.one=a", "same"},
		"changed here":                        {single("one"), "item.one=a", []string{"item.one=a"}, "item.one=b", "take"},
		"changed elsewhere":                   {single("one"), "item.one=b", []string{"item.one=a"}, "item.one=a", "keep"},
		"answered elsewhere, blank here":      {several, "item.one=b", []string{""}, "item.one=", "keep"},
		"answered elsewhere, nothing chosen":  {single("one"), "item.one=b", []string{""}, "", "keep"},
		"nothing of it in the form":           {single("one"), "item.one=b", nil, "", "same"},
		"changed on both sides":               {single("one"), "item.one=b", []string{"item.one=a"}, "item.one=c", "conflict"},
		"answered on both sides":              {single("one"), "item.one=b", []string{""}, "item.one=c", "conflict"},
		"taken back here, changed elsewhere":  {several, "item.one=b", []string{"item.one=a"}, "item.one=", "conflict"},
		"taken back elsewhere, changed here":  {several, "", []string{"item.one=a"}, "item.one=b", "conflict"},
		"the same on both sides":              {single("one"), "item.one=b", []string{"item.one=a"}, "item.one=b", "same"},
		"a form that says nothing":            {single("one"), "item.one=b", nil, "item.one=c", "conflict"},
		"a form that says nothing, and first": {single("one"), "", nil, "item.one=c", "take"},
		"what it says cannot be read":         {single("one"), "item.one=b", []string{"%zz", "item.one=nowhere"}, "item.one=c", "conflict"},
		// Autosave: what was sent may have arrived, or not.
		"sent, arrived, answer lost":       {single("one"), "item.one=b", []string{"item.one=a", "item.one=b"}, "item.one=c", "take"},
		"sent, not arrived":                {single("one"), "item.one=a", []string{"item.one=a", "item.one=b"}, "item.one=c", "take"},
		"sent, arrived, as at first again": {single("one"), "item.one=b", []string{"item.one=a", "item.one=b"}, "item.one=a", "take"},
		"sent, changed elsewhere":          {single("one"), "item.one=c", []string{"item.one=a", "item.one=b"}, "item.one=a", "conflict"},

		"ticked in another order":       {several, "item.one=b&item.one=a", []string{"item.one=b&item.one=a"}, "item.one=a&item.one=b", "same"},
		"steps untouched":               {steps, "item.one.a=2&item.one.b=1", []string{"item.one.a=1"}, "item.one.a=1&item.one.b=&item.one.c=", "keep"},
		"steps blank, placed elsewhere": {steps, "item.one.a=2", []string{""}, "item.one.a=&item.one.b=&item.one.c=", "keep"},
		"steps placed on both sides":    {steps, "item.one.a=2", []string{""}, "item.one.a=1&item.one.b=2&item.one.c=3", "conflict"},
		"a number in other words":       {number("one"), "item.one=2.50", []string{"item.one=2.5"}, "item.one=3", "take"},
	} {
		query := func(s string) url.Values {
			v, err := url.ParseQuery(s)
			if err != nil {
				t.Fatal(err)
			}
			return v
		}
		paper, kept, form := quiz.Paper{{Key: "k", Item: c.item}}, map[string]item.Answer{}, query(c.sent)
		a, given, err := c.item.Parse(query(c.kept))
		if err != nil {
			t.Fatal(err)
		}
		if given {
			kept["k"] = a
		}
		for _, s := range c.seen {
			form.Add("seen.item.one", s)
		}
		o := paper.Merge(form, kept)
		got := "same"
		switch {
		case len(o.Changes) > 0:
			got = "take"
		case len(o.Newer) > 0 && o.Newer[0].Conflict:
			got = "conflict"
		case len(o.Newer) > 0:
			got = "keep"
		}
		if got != c.want || len(o.Faults) > 0 || (len(o.Refused()) > 0) != (got == "conflict") {
			t.Errorf("%s: %s, want %s: %+v", what, got, c.want, o)
		}
	}
}

func TestTextBesideTheQuestions(t *testing.T) {
	for what, c := range map[string]struct {
		form     map[string][]string
		kept     string
		want     string
		conflict bool
	}{
		"not in the form":    {nil, "old", "old", false},
		"new":                {map[string][]string{"note": {" new\r\nline "}}, "", "new\nline", false},
		"untouched":          {map[string][]string{"note": {"a\r\nb"}, "seen.note": {"note=a%0Ab"}}, "newer", "newer", false},
		"blank and stale":    {map[string][]string{"note": {""}, "seen.note": {"note="}}, "newer", "newer", false},
		"taken back":         {map[string][]string{"note": {""}, "seen.note": {"note=old"}}, "old", "", false},
		"on both sides":      {map[string][]string{"note": {"mine"}, "seen.note": {"note=old"}}, "newer", "newer", true},
		"without a word":     {map[string][]string{"note": {"mine"}}, "newer", "newer", true},
		"the same once more": {map[string][]string{"note": {"newer"}, "seen.note": {"note=old"}}, "newer", "newer", false},
	} {
		var o quiz.Outcome
		if got := o.Text(c.form, "note", c.kept); got != c.want || (len(o.Refused()) > 0) != c.conflict {
			t.Errorf("%s: %q, %+v", what, got, o)
		}
	}
}

// window is a page with the form of a test: what it shows, what it has seen, and what the person did in it since.
type window struct {
	shown map[string]string
	seen  map[string][]string
}

// TestNothingNewerIsLost lets a person answer in several windows, whose forms arrive, or arrive without an answer that comes back,
// or get lost. No answer that a window has not seen is replaced from it, whatever was touched in a window is kept or shown as a
// conflict, and what was not touched changes nothing.
func TestNothingNewerIsLost(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var paper quiz.Paper
		for i := range 3 {
			paper = append(paper, quiz.Question{Key: fmt.Sprint("k", i), Item: single(fmt.Sprint("q", i))})
		}
		kept := map[string]item.Answer{}
		value := func(key string) string {
			if len(kept[key].Chosen) == 0 {
				return ""
			}
			return kept[key].Chosen[0]
		}
		open := func() *window {
			w := &window{map[string]string{}, map[string][]string{}}
			for _, q := range paper {
				w.shown[q.Key], w.seen[q.Key] = value(q.Key), []string{value(q.Key)}
			}
			return w
		}
		windows := []*window{open(), open(), open()}
		for range rapid.IntRange(1, 30).Draw(t, "steps") {
			i := rapid.IntRange(0, len(windows)-1).Draw(t, "window")
			w := windows[i]
			switch rapid.SampledFrom([]string{"touch", "touch", "send", "lost", "unanswered", "open"}).Draw(t, "step") {
			case "open":
				windows[i] = open()
			case "touch":
				q := rapid.SampledFrom(paper).Draw(t, "question")
				w.shown[q.Key] = rapid.SampledFrom([]string{"a", "b", "c"}).Draw(t, "answer")
			case "lost": // the form is on its way, as far as the window knows
				for key, v := range w.shown {
					w.seen[key] = append(w.seen[key], v)
				}
			case "send":
				o := send(t, paper, w, kept)
				for key, v := range w.shown {
					w.seen[key] = []string{v}
				}
				for _, n := range o.Newer {
					w.shown[n.Key], w.seen[n.Key] = value(n.Key), []string{value(n.Key)}
				}
			case "unanswered":
				send(t, paper, w, kept)
				for key, v := range w.shown {
					w.seen[key] = append(w.seen[key], v)
				}
			}
		}
	})
}

// send takes the form of a window and checks what was made of it.
func send(t *rapid.T, paper quiz.Paper, w *window, kept map[string]item.Answer) quiz.Outcome {
	form := map[string][]string{}
	before := map[string]string{}
	for _, q := range paper {
		field := q.Item.FieldName("")
		form[field] = []string{w.shown[q.Key]}
		for _, s := range w.seen[q.Key] {
			form[quiz.SeenName(field)] = append(form[quiz.SeenName(field)], quiz.Seen(map[string][]string{field: {s}}))
		}
		if a, there := kept[q.Key]; there {
			before[q.Key] = a.Chosen[0]
		}
	}
	o := paper.Merge(form, kept)
	for _, c := range o.Changes {
		if !slices.Contains(w.seen[c.Key], before[c.Key]) {
			t.Fatalf("%s: %q was replaced from a window that has not seen it, %v", c.Key, before[c.Key], w.seen[c.Key])
		}
		if delete(kept, c.Key); c.Given {
			kept[c.Key] = c.Answer
		}
	}
	for _, q := range paper {
		now := ""
		if a, there := kept[q.Key]; there {
			now = a.Chosen[0]
		}
		conflict := slices.ContainsFunc(o.Newer, func(n quiz.Newer) bool { return n.Key == q.Key && n.Conflict })
		touched := w.shown[q.Key] != w.seen[q.Key][0]
		switch {
		case !touched && len(w.seen[q.Key]) == 1 && now != before[q.Key]:
			t.Fatalf("%s was not touched and went from %q to %q", q.Key, before[q.Key], now)
		case touched && now != w.shown[q.Key] && !conflict:
			t.Fatalf("%s: %q was lost without a word, %q is kept", q.Key, w.shown[q.Key], now)
		case conflict && now != before[q.Key]:
			t.Fatalf("%s: a conflict changed %q to %q", q.Key, before[q.Key], now)
		}
	}
	return o
}
