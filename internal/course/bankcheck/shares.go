package bankcheck

import (
	"fmt"
	"slices"
	"strings"

	"ostoja/internal/item"
)

// Bounds of a bank (docs/course-format.md, "Banks"). With three or four choices chance is a third or a quarter.
const (
	leastItems  = 8    // of which a share is judged: with fewer, one item more or less is more than 12 points
	mostByRule  = 0.40 // share of items in which a rule that knows nothing finds the key
	mostTelling = 0.10 // share of items with a word that gives the key away
	leastTicked = 4    // items of which the mean mark for ticking all is judged
	mostTickAll = 0.25 // of that mean
	longerBy    = 1.25 // the longest choice against the shortest …
	longerSigns = 12   // … or by so many characters, which decides among choices of a word or two
)

const advice = "rewrite the keys or the other choices until who knows nothing gains nothing by it"

// share adds a figure that is a share of items with an upper bound.
func (r *report) share(b bank, name string, got float64, of, least int, bound float64, hint string, items []string) {
	f := statistic{Bank: b.name, Lang: b.lang, Name: name, Bound: fmt.Sprintf("at most %.0f %%", 100*bound), Hint: hint, Items: items, Verdict: holds}
	f.Got = fmt.Sprintf("%.4g of %d", got, of)
	if of > 0 {
		f.Got += fmt.Sprintf(" (%.0f %%)", 100*got/float64(of))
	}
	switch {
	case of < least:
		f.Verdict = tooFew
	case got > bound*float64(of)+1e-9:
		f.Verdict = beyond
	}
	r.add(f)
}

// none adds a figure that counts what should not be there.
func (r *report) none(b bank, name string, of int, hint string, items []string) {
	f := statistic{Bank: b.name, Lang: b.lang, Name: name, Got: fmt.Sprintf("%d of %d", len(items), of), Bound: "none", Hint: hint, Items: items, Verdict: holds}
	if len(items) > 0 {
		f.Verdict = beyond
	}
	r.add(f)
}

// atAll judges what is the same in all languages: where keys stand, and how many options are right.
func (r *report) atAll(b bank) {
	places := map[int][]string{}
	n, most := 0, 0
	for _, it := range b.items {
		if it.Keys() != 1 || len(it.Options) < 3 {
			continue
		}
		n++
		i := slices.IndexFunc(it.Options, item.Option.Best)
		places[i], most = append(places[i], it.ID), max(most, i)
	}
	for i := range most + 1 {
		if n > 0 {
			r.share(b, fmt.Sprintf("the choice written at place %d is right", i+1), float64(len(places[i])), n, leastItems, mostByRule, "spread the keys over all places", places[i])
		}
	}
	if !b.part {
		r.multiple(b)
	}
}

// multiple judges what is gained by ticking.
func (r *report) multiple(b bank) {
	var uneven []string
	n, sum := 0, 0.0
	for _, it := range b.items {
		if it.Type != item.Multiple {
			continue
		}
		right := 0
		for _, o := range it.Options {
			if o.Correct {
				right++
			}
		}
		n, sum = n+1, sum+it.Score(item.Answer{Chosen: optionIDs(it)})
		if 3*right < len(it.Options) || 3*right > 2*len(it.Options) {
			uneven = append(uneven, it.ID)
		}
	}
	if n == 0 {
		return
	}
	r.none(b, "multiple items with fewer than a third or more than two thirds right", n, "let about half of the options be right", uneven)
	r.share(b, "mean mark of ticking all", sum, n, leastTicked, mostTickAll, "let half of the options be right at most", nil)
}

// rule is a way to choose without knowing anything: what a choice is worth to it. The choice that is worth most is taken.
type rule struct {
	name  string
	sure  bool // it says something of every question; the others leave out those of which they say nothing
	worth func(q question, c choice, lang string) float64
}

var (
	byLength = rule{"the longest choice is right", true, func(_ question, c choice, _ string) float64 { return float64(c.long) }}
	byWant   = rule{"the shortest choice is right", true, func(_ question, c choice, _ string) float64 { return -float64(c.long) }}
	byHedge  = rule{"the hedged choice is right", false, func(_ question, c choice, lang string) float64 {
		return float64(min(1, count(c.words, hedges[lang])))
	}}
	byEcho = rule{"the choice with most words of the question is right", false, func(q question, c choice, lang string) float64 {
		return float64(len(shared(content(c.words, lang), content(q.stem, lang))))
	}}
	byCare = rule{"the choice without an absolute word is right", false, func(_ question, c choice, lang string) float64 {
		return -float64(min(1, count(c.words, absolutes[lang])))
	}}
)

// best returns the choices that a rule holds for the right one: all that are worth most to it.
func (u rule) best(q question, lang string) (places []int) {
	most := 0.0
	for i, c := range q.choices {
		w := u.worth(q, c, lang)
		if i == 0 || w > most {
			most, places = w, nil
		}
		if w == most {
			places = append(places, i)
		}
	}
	return places
}

// ruled judges how often a rule finds the key. Where the rule takes several choices for the best, it finds it as often as by chance
// among them.
func (r *report) ruled(b bank, u rule) {
	sum, n := 0.0, 0
	var items []string
	for _, q := range b.keyed() {
		best := u.best(q, b.lang)
		if !u.sure && len(best) == len(q.choices) {
			continue
		}
		n++
		if slices.Contains(best, q.key) {
			sum += 1 / float64(len(best))
			items = append(items, q.item.ID)
		}
	}
	r.share(b, u.name, sum, n, leastItems, mostByRule, advice, items)
}

// inLanguage judges what depends on the words.
func (r *report) inLanguage(b bank) {
	for _, u := range []rule{byLength, byWant, byHedge, byEcho} {
		r.ruled(b, u)
	}
	for _, word := range hedges[b.lang] {
		r.hedge(b, word)
	}
	if !b.part {
		r.words(b)
		r.lengths(b)
		r.guesser(b)
	}
}

// hedge judges a single hedging word, where it stands in enough questions.
func (r *report) hedge(b bank, word string) {
	n := 0
	for _, q := range b.keyed() {
		if slices.ContainsFunc(q.choices, func(c choice) bool { return count(c.words, []string{word}) > 0 }) {
			n++
		}
	}
	if n >= leastItems {
		r.ruled(b, rule{fmt.Sprintf("the choice with %q is right", word), false, func(_ question, c choice, _ string) float64 {
			return float64(min(1, count(c.words, []string{word})))
		}})
	}
}

// words judges words that give the key away.
func (r *report) words(b bank) {
	var absolute, summing, echo []string
	n, keyed := 0, 0
	for _, q := range b.asked {
		if len(q.choices) == 0 {
			continue
		}
		n++
		inWrong, inRight := false, false
		for _, c := range q.choices {
			said := count(c.words, absolutes[b.lang]) > 0
			inWrong, inRight = inWrong || said && !c.right, inRight || said && c.right
			if re := allOrNone[b.lang]; re != nil && re.MatchString(strings.Join(c.words, " ")) {
				summing = append(summing, q.item.ID)
			}
		}
		if inWrong && !inRight {
			absolute = append(absolute, q.item.ID)
		}
		if q.key >= 0 {
			keyed++
			if word := keyAlone(q, b.lang); word != "" {
				echo = append(echo, q.item.ID+"("+word+")")
			}
		}
	}
	if n == 0 {
		return
	}
	r.share(b, "absolute words in wrong choices only", float64(len(absolute)), n, leastItems, mostTelling, "take them out, or put some into right choices", absolute)
	r.none(b, "\"all of the above\" and its kin", n, "write what is meant", summing)
	f := statistic{Bank: b.name, Lang: b.lang, Name: "the key alone repeats a word of the question", Got: fmt.Sprintf("%d of %d", len(echo), keyed), Items: echo}
	r.add(f)
}

// keyAlone returns a word of the question that stands in the right choice and in no other; "" if there is none.
func keyAlone(q question, lang string) string {
	for _, w := range shared(content(q.choices[q.key].words, lang), content(q.stem, lang)) {
		elsewhere := false
		for i, c := range q.choices {
			elsewhere = elsewhere || i != q.key && len(shared([]string{w}, c.words)) > 0
		}
		if !elsewhere {
			return w
		}
	}
	return ""
}

// lengths tells of items whose choices differ in length.
func (r *report) lengths(b bank) {
	var items []string
	n := 0
	for _, q := range b.asked {
		if len(q.choices) == 0 {
			continue
		}
		n++
		low, high := q.choices[0].long, 0
		for _, c := range q.choices {
			low, high = min(low, c.long), max(high, c.long)
		}
		if float64(high) > longerBy*float64(low) && high-low > longerSigns {
			items = append(items, q.item.ID)
			r.note(q.item.ID, b.lang, "make all choices about as long", "the longest choice has %d characters and the shortest %d", high, low)
		}
	}
	r.add(statistic{Bank: b.name, Lang: b.lang, Name: "items whose longest choice is more than a quarter longer than the shortest", Got: fmt.Sprintf("%d of %d", len(items), n), Items: items})
}

// Numbers that a test's bank needs: enough that attempts differ, and that half of what is asked is what somebody does.
const leastPerObjective = 12

// objectives judges how many items of the test each objective has.
func (r *report) objectives() {
	t := r.course.Test()
	if t == nil {
		return
	}
	for _, o := range r.course.Objectives {
		n, applied := 0, 0
		for _, itemID := range r.course.ItemIDs() {
			if it := r.course.Item(itemID); it.Use == item.UseTest && it.Objective == o.ID && !it.Pilot {
				n++
				if it.Applied() {
					applied++
				}
			}
		}
		f := statistic{Bank: item.UseTest, Name: "items of the objective " + o.ID, Got: fmt.Sprintf("%d, %d of them applied", n, applied),
			Bound: fmt.Sprintf("at least %d, half of them applied", leastPerObjective), Verdict: holds, Hint: "write more, at level 3 or 4"}
		if n < leastPerObjective || 2*applied < n {
			f.Verdict = beyond
		}
		r.add(f)
	}
}
