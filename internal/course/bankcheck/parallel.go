package bankcheck

import (
	"slices"
	"strconv"
	"strings"

	"ostoja/internal/course"
	"ostoja/internal/course/forms"
	"ostoja/internal/item"
)

// tooAlike is the likeness from which on two questions, or two keys, of parallel forms are one ([alike]): who has sat the one
// form remembers the other.
const tooAlike = 0.8

// parallel judges whether forms that follow each other ask for different things.
func (r *report) parallel(lang string) {
	for _, t := range r.course.Competences {
		b := bank{name: t.ID, lang: lang}
		var stems, keys []string
		n := 0
		for i, f := range t.Forms {
			for _, g := range t.Forms[i+1:] {
				eachPair(r.course, f, g, func(x, y *item.Item) {
					n++
					pair := x.ID + "+" + y.ID
					if alike(plain(x.Question.In(lang)), plain(y.Question.In(lang))) > tooAlike {
						stems = append(stems, pair)
					}
					if sameKey(x, y, lang) {
						keys = append(keys, pair)
					}
				})
			}
		}
		r.none(b, "pairs of questions of two forms that are more alike than 0.8", n, "tell another situation", stems)
		r.none(b, "pairs of items of two forms with the same key", n, "let the right answer be another one", keys)
	}
}

// eachPair calls fn with each item of one form and each of another; items that stand on both are there to be the same.
func eachPair(c *course.Course, f, g forms.Form, fn func(x, y *item.Item)) {
	for _, a := range f.Items {
		for _, b := range g.Items {
			if x, y := c.Item(a), c.Item(b); x != nil && y != nil && !slices.Contains(g.Items, a) && !slices.Contains(f.Items, b) {
				fn(x, y)
			}
		}
	}
}

func sameKey(x, y *item.Item, lang string) bool {
	if x.Keys() != 1 || y.Keys() != 1 {
		return false
	}
	p, q := inWords(x, lang), inWords(y, lang)
	return alike(p.choices[p.key].plain, q.choices[q.key].plain) > tooAlike
}

// keyPoints judges whether items say the same as the key points that they rest on. What is found by its surface is said the other
// way round: the right choice takes up most words of a sentence but differs from it in a negation or a number, or a wrong one
// takes them up and does not differ. Whether an item follows from its key point, a person says.
func (r *report) keyPoints(lang string) {
	var against []string
	n := 0
	for _, itemID := range r.course.ItemIDs() {
		it := r.course.Item(itemID)
		if len(it.RestsOn) == 0 {
			continue
		}
		n++
		for _, keyID := range it.RestsOn {
			if said := contradiction(it, r.course.KeyPoint(keyID, lang), lang); said != "" {
				against = append(against, itemID+"("+said+")")
				break
			}
		}
	}
	if n > 0 {
		r.none(bank{name: "rests_on", lang: lang}, "items that contradict a key point that they rest on", n, "change the one or the other", against)
	}
}

// takesUp is the share of the words of a choice that stand in a sentence of a key point which it repeats.
const takesUp = 0.7

// contradiction returns in what an item speaks against a key point; "" if nothing was found.
func contradiction(it *item.Item, keyPoint, lang string) string {
	if it.Type == item.Number {
		if known := numbers(keyPoint); len(known) > 0 && !slices.Contains(known, strconv.FormatFloat(it.Answer, 'f', -1, 64)) {
			return "number"
		}
		return ""
	}
	for _, c := range inWords(it, lang).choices {
		sentence, ok := repeated(c, keyPoint, lang)
		if !ok {
			continue
		}
		differs := negated(c.words, lang) != negated(wordsOf(sentence), lang)
		if a, b := numbers(c.plain), numbers(sentence); len(a) > 0 && len(b) > 0 && !slices.ContainsFunc(a, func(x string) bool { return slices.Contains(b, x) }) {
			differs = true
		}
		if differs == c.right {
			return strings.Join(c.words[:min(4, len(c.words))], " ")
		}
	}
	return ""
}

// repeated returns the sentence of a key point that a choice repeats.
func repeated(c choice, keyPoint, lang string) (string, bool) {
	said := content(c.words, lang)
	if len(said) < 3 {
		return "", false
	}
	for _, s := range strings.FieldsFunc(plain(keyPoint), func(r rune) bool { return strings.ContainsRune(".;!?\n", r) }) {
		if float64(len(shared(said, content(wordsOf(s), lang)))) >= takesUp*float64(len(said)) {
			return s, true
		}
	}
	return "", false
}

func negated(words []string, lang string) bool { return count(words, negations[lang]) > 0 } // two deny once in Polish

// numbers returns the numbers that a text says in digits.
func numbers(s string) []string {
	return slices.DeleteFunc(wordsOf(s), func(w string) bool {
		_, err := strconv.ParseFloat(w, 64)
		return err != nil
	})
}
