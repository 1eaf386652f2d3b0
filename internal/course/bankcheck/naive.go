package bankcheck

import (
	"fmt"
	"math/rand/v2"
	"slices"

	"ostoja/internal/course"
	"ostoja/internal/item"
	"ostoja/internal/quiz"
)

const (
	candidates = 2000 // who sit the test by each way: the standard error of a share of 2 % is 0.3 points
	mostPass   = 0.02 // of them
	unlimited  = 3    // attempts that are tried where a test sets no limit
	seedOfAll  = 12   // of all chance here
)

// naive is a candidate who has learned nothing of the course, but knows how people write tests. Where there is one right choice they
// choose by a rule; of several they tick all; pairs they match rightly by common sense, which is the most that it can give; of an
// order they know two neighbours of three; numbers and words they leave blank.
type naive struct {
	name string
	rule *rule // nil: the choice that stands first on the page
	best map[string][]string
}

// naives are the ways that are tried.
func naives() []*naive {
	list := []*naive{{name: "first choice"}}
	for _, w := range []struct {
		name string
		rule rule
	}{
		{"longest choice", byLength}, {"shortest choice", byWant}, {"hedged choice", byHedge}, {"words of the question", byEcho}, {"no absolute word", byCare},
		{"any choice", rule{worth: func(question, choice, string) float64 { return 0 }}},
	} {
		list = append(list, &naive{name: w.name, rule: &w.rule})
	}
	return list
}

// prepare finds what the rule holds for right in each item.
func (n *naive) prepare(c *course.Course, lang string) {
	n.best = map[string][]string{}
	for _, itemID := range c.ItemIDs() {
		if it := c.Item(itemID); n.rule != nil && (it.Type == item.Single || it.Type == item.Step) {
			for _, i := range n.rule.best(inWords(it, lang), lang) {
				n.best[itemID] = append(n.best[itemID], it.Options[i].ID)
			}
		}
	}
}

// candidates judges how many who know nothing pass the course's test.
func (r *report) candidates(lang string, many int) {
	t := r.course.Test()
	if t == nil {
		return
	}
	for _, o := range simulate(r.course, t, lang, many) {
		name := fmt.Sprintf("naive candidate (%s): passes in %d attempts; at once %.1f %%", o.way, len(o.passed), 100*float64(o.passed[0])/float64(many))
		r.share(bank{name: item.UseTest, lang: lang}, name, float64(o.within()), many, 1, mostPass, "the other figures of the test say by what", nil)
	}
}

// outcome is how candidates of one way fared.
type outcome struct {
	way    string
	passed []int // in each attempt
}

func (o outcome) within() (n int) {
	for _, k := range o.passed {
		n += k
	}
	return n
}

// simulate lets so many candidates of each way sit a test, with the program's own drawing and marking.
func simulate(c *course.Course, t *course.Test, lang string, many int) []outcome {
	attempts := t.Attempts
	if attempts == 0 {
		attempts = unlimited
	}
	ways := naives()
	list := make([]outcome, len(ways))
	for w, n := range ways {
		n.prepare(c, lang)
		list[w] = outcome{n.name, make([]int, attempts)}
	}
	rnd := item.Source(seedOfAll, "naive")
	for who := range int64(many) {
		done := make([]bool, len(ways))
		for attempt := range attempts {
			seed := who*1000 + int64(attempt)
			p := c.Paper(c.Draw(t, seed), nil)
			shown := p.Shuffled(seed)
			for w, n := range ways {
				if !done[w] && n.passes(p, shown, t.Pass, rnd) {
					done[w] = true
					list[w].passed[attempt]++
				}
			}
		}
	}
	return list
}

// passes sits an attempt: shown is the paper as it stands on the page.
func (n *naive) passes(p, shown quiz.Paper, pass float64, r *rand.Rand) bool {
	answers := map[string]item.Answer{}
	for i, q := range p {
		if a, ok := n.answer(q.Item, shown[i].Item, r); ok {
			answers[q.Key] = a
		}
	}
	percent, _ := p.Score(answers)
	return quiz.Passed(percent, pass)
}

// answer returns what a naive candidate answers to an item; shown is the item as it stands on the page.
func (n *naive) answer(it, shown *item.Item, r *rand.Rand) (a item.Answer, given bool) {
	switch it.Type {
	case item.Single, item.Step:
		if n.rule == nil {
			return item.Answer{Chosen: []string{shown.Options[0].ID}}, true
		}
		best := n.best[it.ID]
		return item.Answer{Chosen: []string{best[r.IntN(len(best))]}}, true
	case item.Multiple:
		return item.Answer{Chosen: optionIDs(it)}, true
	case item.Match:
		return it.RightAnswer(""), true
	case item.Order:
		return ordered(it, r), true
	}
	return a, false
}

func optionIDs(it *item.Item) (ids []string) {
	for _, o := range it.Options {
		ids = append(ids, o.ID)
	}
	return ids
}

// ordered returns an order in which two of three neighbours that follow each other are right, on the average: blocks of the right
// order, the last one first.
func ordered(it *item.Item, r *rand.Rand) item.Answer {
	n := len(it.Steps)
	known := float64(2*(n-1)) / 3
	right := int(known)
	if r.Float64() < known-float64(right) {
		right++
	}
	ends := append(r.Perm(n - 1)[:n-1-right], n-1) // the last step of each block
	slices.Sort(ends)
	var a item.Answer
	for i := len(ends) - 1; i >= 0; i-- {
		from := 0
		if i > 0 {
			from = ends[i-1] + 1
		}
		for _, s := range it.Steps[from : ends[i]+1] {
			a.Chosen = append(a.Chosen, s.ID)
		}
	}
	return a
}
