package exchange

import (
	"regexp"
	"slices"
	"strings"

	"ostoja/internal/item"
	"ostoja/internal/itembank/exchange/markup"
)

// truths are the words for true and false, by language.
var truths = map[string][2]string{
	"pl": {"Prawda", "Fałsz"}, "en": {"True", "False"}, "uk": {"Правда", "Неправда"}, "ru": {"Верно", "Неверно"}, "vi": {"Đúng", "Sai"}, "ar": {"صحيح", "خطأ"},
}

// trueFalse fills a question whether something is true: here a single one with two options that keep their places.
func (r *reader) trueFalse(q *question, isTrue bool, forRight, forWrong string) {
	lang := r.lang
	if r.pick != "" {
		lang = r.pick
	}
	words, ok := truths[lang]
	if !ok {
		words = truths["en"]
	}
	q.kind, q.noShuffle = item.Single, true
	q.options = []choice{{text: words[0], correct: isTrue, feedback: forWrong}, {text: words[1], correct: !isTrue, feedback: forWrong}}
	for i := range q.options {
		if q.options[i].correct {
			q.options[i].feedback = forRight
		}
	}
}

// numeric takes in a right number, unless there is one already; found says whether there is one now.
func (r *reader) numeric(q *question, answer, tolerance, weight float64, found bool) bool {
	switch {
	case weight < 100-almost:
		if weight > almost {
			r.losses.add("exchange.loss.weights")
		}
	case found:
		r.losses.add("exchange.loss.answers")
	default:
		q.answer, q.tolerance = answer, tolerance
		return true
	}
	return found
}

// readings returns the question in all its languages.
func (d *draft) readings() []*question {
	list := []*question{&d.question}
	for _, q := range d.also {
		list = append(list, q)
	}
	return list
}

// mend makes an item of a question that the course's rules would refuse for one of its parts: the part is left out and named.
func (r *reader) mend(d *draft) {
	for i := len(d.options) - 1; i >= 0; i-- {
		if o := d.options[i]; o.text == "" && !o.best() && len(d.options) > 2 {
			r.losses.add("exchange.loss.blank", "Text", o.feedback)
			for _, q := range d.readings() {
				q.options = append(q.options[:i:i], q.options[i+1:]...)
			}
		}
	}
	for i := len(d.pairs) - 1; i >= 0; i-- {
		p := d.pairs[i]
		twin := slices.ContainsFunc(d.pairs[:i], func(other pair) bool { return other.left != "" && other.right == p.right })
		switch {
		case p.left == "" && p.right != "":
			r.losses.add("exchange.loss.distractor", "Text", p.right) // Moodle knows right-hand sides that belong to no left
		case p.left != "" && p.right != "" && twin:
			r.losses.add("exchange.loss.twin", "Left", p.left, "Right", p.right)
		}
		if p.left == "" || p.right != "" && twin {
			for _, q := range d.readings() {
				q.pairs = append(q.pairs[:i:i], q.pairs[i+1:]...)
			}
		}
	}
	if d.kind == item.Match && len(d.pairs) == 2 && !d.hasEmpty() {
		r.losses.add("exchange.loss.choice")
		for _, q := range d.readings() {
			q.asChoice()
		}
	}
}

// asChoice makes a question of two pairs one of two options: there are just two ways to pair them.
func (q *question) asChoice() {
	paired := func(right int) string {
		var list []string
		for i, p := range q.pairs {
			left, _ := oneLine(p.left)
			list = append(list, left+" → "+markup.FromPlain(q.pairs[(i+right)%2].right))
		}
		return strings.Join(list, "; ")
	}
	q.kind, q.options, q.pairs = item.Single, []choice{{text: paired(0), correct: true}, {text: paired(1)}}, nil
}

// placed finds an option that speaks of others by their places.
var placed = regexp.MustCompile(`(?i)(?:all|none|both|any|neither)\s+of\s+the\s+above|powyższ|wyżej\s+wymienion|вищезазначен|вищенаведен|вышеперечисленн|перечисленного\s+выше|` +
	`^(?:both |odpowiedzi )?[A-H] (?:and|i|oraz|та|і|и) [A-H]\.?$`)

// inPlace says whether options must keep their places for one of them to be true.
func (q *question) inPlace() bool {
	for _, o := range q.options {
		if placed.MatchString(o.text) {
			return true
		}
	}
	return false
}
