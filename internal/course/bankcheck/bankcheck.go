// Package bankcheck says whether the items of a course test anybody: what of a bank can be answered by who knows nothing but how
// authors write. It computes the figures that `ostoja course check` prints for each bank (the test's items, those of lessons'
// checks, the parallel forms, the decisions of scenarios) in each language, and holds each against its bound
// (docs/course-format.md, "Banks").
//
// Goals: each figure is one that an author can do something about, and names the items to begin with; the same course always
// gives the same figures, since all chance in them is seeded; a share is only judged where there are enough items for it to mean
// something. Limits: it knows texts by their surface alone. Whether a key is right, and a wrong choice tempting, people say who
// read the items; and what items are really worth is seen after a hundred answers.
package bankcheck

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"ostoja/internal/course"
	"ostoja/internal/course/folder"
	"ostoja/internal/item"
)

// verdict says how a figure stands to its bound.
type verdict string

const (
	holds  verdict = "ok"
	beyond verdict = "FAILS"
	tooFew verdict = "too few to judge"
	told   verdict = "" // it has no bound
)

// statistic is one number of a bank, with what is asked of it.
type statistic struct {
	Bank    string // test, check, scenario, competence, or competence form A
	Lang    string // "" for what is the same in all languages
	Name    string
	Got     string // as it is printed: 12 of 29 (41 %)
	Bound   string // likewise: at most 40 %
	Verdict verdict
	Hint    string   // what to do where it fails
	Items   []string // that make it what it is
}

// fails says whether the figure is beyond its bound.
func (f statistic) fails() bool { return f.Verdict == beyond }

// Report is all that is said of a course's banks.
type Report struct {
	figures []statistic
	Notes   []folder.Fault // figures that fail, and single items to look at
}

// Check computes the figures of all banks of a course without faults.
func Check(c *course.Course) Report { return check(c, candidates) }

// check is [Check] with so many candidates of each way.
func check(c *course.Course, many int) Report {
	r := &report{course: c}
	for _, b := range banksOf(c) {
		r.atAll(b)
		for _, lang := range c.Languages {
			r.inLanguage(b.in(lang))
		}
	}
	r.objectives()
	r.stories()
	for _, lang := range c.Languages {
		r.parallel(lang)
		r.keyPoints(lang)
		r.candidates(lang, many)
	}
	for _, f := range r.figures {
		if f.fails() {
			r.notes.Add(folder.Place{File: f.Bank}, cmp.Or(f.Hint, "see the items"), "%s%s: %s, %s%s", f.Name, inBrackets(f.Lang), f.Got, f.Bound, listOf(f.Items))
		}
	}
	return Report{r.figures, r.notes.List()}
}

func inBrackets(lang string) string {
	if lang == "" {
		return ""
	}
	return " (" + lang + ")"
}

// mostNamed is the number of items that a line names.
const mostNamed = 12

func listOf(items []string) string {
	if len(items) == 0 {
		return ""
	}
	more := ""
	if n := len(items) - mostNamed; n > 0 {
		items, more = items[:mostNamed], fmt.Sprintf(" and %d more", n)
	}
	s := "; items"
	for _, it := range items {
		s += " " + it
	}
	return s + more
}

// report collects what is said.
type report struct {
	course  *course.Course
	figures []statistic
	notes   folder.Faults
}

func (r *report) add(f statistic) { r.figures = append(r.figures, f) }

// note says something of one item, at its place.
func (r *report) note(itemID, lang, hint, format string, args ...any) {
	where := r.course.ItemPlace(itemID)
	if where.File == "" {
		where.File = "scenarios" // of a decision of a scenario
	}
	r.notes.Warn(where, hint, "%s%s: %s", itemID, inBrackets(lang), fmt.Sprintf(format, args...))
}

// bank is a set of items that are judged together.
type bank struct {
	name  string
	lang  string
	part  bool // a form: of another bank, which tells all that is told of single items
	items []*item.Item
	asked []question // the items in lang
}

// in returns the bank with its texts in a language.
func (b bank) in(lang string) bank {
	b.lang, b.asked = lang, nil
	for _, it := range b.items {
		b.asked = append(b.asked, inWords(it, lang))
	}
	return b
}

// keyed returns the questions that have one right choice of three or more: those where whoever knows nothing is right in a third
// of all cases at most.
func (b bank) keyed() []question {
	return slices.DeleteFunc(slices.Clone(b.asked), func(q question) bool { return q.key < 0 || len(q.choices) < 3 })
}

// banksOf returns the banks of a course.
func banksOf(c *course.Course) []bank {
	var list []bank
	add := func(name string, part bool, items []*item.Item) {
		if len(items) > 0 {
			list = append(list, bank{name: name, part: part, items: items})
		}
	}
	byUse := map[string][]*item.Item{}
	for _, itemID := range c.ItemIDs() {
		it := c.Item(itemID)
		byUse[it.Use] = append(byUse[it.Use], it)
	}
	for _, use := range []string{item.UseTest, item.UseCheck, item.UseCompetence} {
		add(use, false, byUse[use])
	}
	for _, t := range c.Competences {
		for _, f := range t.Forms {
			var items []*item.Item
			for _, itemID := range f.Items {
				if it := c.Item(itemID); it != nil {
					items = append(items, it)
				}
			}
			add(t.ID+" form "+f.Name, true, items)
		}
	}
	add("scenario", false, decisions(c))
	return list
}

// decisions returns the decisions of scenarios as steps.
func decisions(c *course.Course) []*item.Item {
	var list []*item.Item
	for _, scenarioID := range slices.Sorted(maps.Keys(c.Scenarios)) {
		s := c.Scenarios[scenarioID]
		for _, name := range slices.Sorted(maps.Keys(s.Nodes)) {
			n := s.Nodes[name]
			it := &item.Item{ID: scenarioID + "/" + name, Type: item.Step, Question: n.Text}
			for _, choice := range n.Choices {
				it.Options = append(it.Options, item.Option{Text: choice.Text, Rating: choice.Rating})
			}
			if len(it.Options) > 1 {
				list = append(list, it)
			}
		}
	}
	return list
}
