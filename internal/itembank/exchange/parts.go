package exchange

import (
	"ostoja/internal/item"
)

// truths are the words for true and false, by language.
var truths = map[string][2]string{"pl": {"Prawda", "Fałsz"}, "en": {"True", "False"}, "uk": {"Правда", "Неправда"}}

// trueFalse takes in a question whether something is true: here a single one with two options that keep their places.
func (r *reader) trueFalse(d *draft, isTrue bool, forRight, forWrong string) {
	words, ok := truths[r.lang]
	if !ok {
		words = truths["en"]
	}
	d.kind, d.noShuffle = item.Single, true
	d.options = []choice{{text: words[0], correct: isTrue, feedback: forWrong}, {text: words[1], correct: !isTrue, feedback: forWrong}}
	for i := range d.options {
		if d.options[i].correct {
			d.options[i].feedback = forRight
		}
	}
	r.end(d)
}

// pair takes in a pair of texts. Moodle knows right-hand sides that belong to no left; the course has none.
func (r *reader) pair(d *draft, left, right string) {
	right = r.plain(right)
	switch {
	case left == "" && right == "":
	case left == "":
		r.losses.add("exchange.loss.distractor", "Text", right)
	default:
		d.pairs = append(d.pairs, pair{left: left, right: right})
	}
}

// numeric takes in a right number, unless there is one already; found says whether there is one now.
func (r *reader) numeric(d *draft, answer, tolerance, weight float64, found bool) bool {
	switch {
	case weight < 100-almost:
		if weight > almost {
			r.losses.add("exchange.loss.weights")
		}
	case found:
		r.losses.add("exchange.loss.answers")
	default:
		d.answer, d.tolerance = answer, tolerance
		return true
	}
	return found
}
