package course

import (
	"errors"
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/runes"
	"golang.org/x/text/transform"
	"golang.org/x/text/unicode/norm"
)

// ItemType is how an item is answered.
type ItemType string

// The types of items.
const (
	Single    ItemType = "single"
	Multiple  ItemType = "multiple"
	Order     ItemType = "order"
	Match     ItemType = "match"
	Number    ItemType = "number"
	ShortText ItemType = "text"
	Step      ItemType = "step" // a step of a scenario: what do you do? Some choices serve the person well, some fairly, some badly
)

// Where an item is used.
const (
	UseCheck      = "check"      // practice in a lesson
	UseTest       = "test"       // drawn by tests
	UseCompetence = "competence" // on the forms of a competence test, before and after the course
)

const maxAnswer = 500 // characters of a typed answer

// Item is a question with its key. An item in use never changes: a changed one is in another version of the course.
type Item struct {
	ID          string
	Use         string
	Objective   string
	Level       int
	Type        ItemType
	Question    Text // Markdown
	Options     []Option
	Steps       []Option // in the right order
	Pairs       []Pair
	Answer      float64
	Tolerance   float64
	Unit        Text
	Accept      map[string][]string // by language
	Explanation Text                // Markdown
	NoShuffle   bool
}

// Option is a choice of a single or multiple item, or a step of an ordering one.
type Option struct {
	ID       string
	Text     Text
	Correct  bool
	Rating   Rating // of a choice of a [Step]
	Feedback Text   // nil if none
}

// share returns what of the full mark a choice is worth.
func (o Option) share() float64 {
	switch {
	case o.Correct, o.Rating == Good:
		return 1
	case o.Rating == Fair:
		return 0.5
	}
	return 0
}

// Best says whether the option is a right answer.
func (o Option) Best() bool { return o.share() == 1 }

// Pair is a pair of a matching item.
type Pair struct {
	ID    string
	Left  Text
	Right Text
}

// Answer is a participant's answer, in the shape that fits the item's type.
type Answer struct {
	Chosen []string          `json:"chosen,omitempty"` // single, multiple: option ids; order: step ids in the answered order
	Pairs  map[string]string `json:"pairs,omitempty"`  // match: pair id on the left -> pair id on the right
	Number *float64          `json:"number,omitempty"`
	Text   string            `json:"text,omitempty"`
}

// Equal says whether two answers are the same.
func (a Answer) Equal(b Answer) bool {
	number := a.Number == b.Number || a.Number != nil && b.Number != nil && *a.Number == *b.Number
	return number && a.Text == b.Text && maps.Equal(a.Pairs, b.Pairs) && slices.Equal(a.Chosen, b.Chosen)
}

// ErrAnswer says that what was sent cannot be an answer to the item.
var ErrAnswer = errors.New("not an answer to this item")

// FieldName returns the name of an item's field in a form. Ordering and matching items have a field for each step or pair,
// with its id as suffix.
func (it *Item) FieldName(suffix string) string {
	if suffix == "" {
		return "item." + it.ID
	}
	return "item." + it.ID + "." + suffix
}

// Named says whether a form has a field of the item, be it empty. Where [ParseAnswer] then finds no answer, an earlier one was
// taken back; without a field the form is about other items.
func (it *Item) Named(form map[string][]string) bool {
	name := it.FieldName("")
	for field := range form {
		if field == name || strings.HasPrefix(field, name+".") {
			return true
		}
	}
	return false
}

// ParseAnswer reads an answer to the item from a form; given is false if the item was left out. A half-filled ordering or
// matching answer is an answer: the rest counts as wrong.
func ParseAnswer(it *Item, form map[string][]string) (a Answer, given bool, err error) {
	name := it.FieldName("")
	switch it.Type {
	case Single, Multiple, Step:
		return it.parseChoice(form[name])
	case Order:
		return it.parseOrder(form)
	case Match:
		return it.parseMatch(form)
	case Number:
		text := strings.TrimSpace(first(form[name]))
		if text == "" {
			return a, false, nil
		}
		x, err := ParseNumber(text)
		if err != nil {
			return a, false, fmt.Errorf("%w: %s", ErrAnswer, it.ID)
		}
		return Answer{Number: &x}, true, nil
	case ShortText:
		text := strings.TrimSpace(first(form[name]))
		if len(text) > 4*maxAnswer {
			return a, false, fmt.Errorf("%w: %s", ErrAnswer, it.ID)
		}
		return Answer{Text: text}, text != "", nil
	}
	return a, false, fmt.Errorf("%w: %s", ErrAnswer, it.ID)
}

// ParseNumber reads a number as people write it: 3, 3.5 or 3,5, with spaces between thousands.
func ParseNumber(text string) (float64, error) {
	text = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return -1
		case r == ',':
			return '.'
		case r == '−':
			return '-'
		}
		return r
	}, text)
	x, err := strconv.ParseFloat(text, 64)
	if err != nil || math.IsNaN(x) || math.IsInf(x, 0) {
		return 0, ErrAnswer
	}
	return x, nil
}

func first(values []string) string {
	if len(values) == 0 {
		return ""
	}
	return values[0]
}

func (it *Item) parseChoice(values []string) (Answer, bool, error) {
	a := Answer{}
	for _, v := range values {
		if v == "" { // the field that says that the question was shown
			continue
		}
		if it.option(v) == nil || slices.Contains(a.Chosen, v) {
			return Answer{}, false, fmt.Errorf("%w: %s", ErrAnswer, it.ID)
		}
		a.Chosen = append(a.Chosen, v)
	}
	if it.Type != Multiple && len(a.Chosen) > 1 {
		return Answer{}, false, fmt.Errorf("%w: %s", ErrAnswer, it.ID)
	}
	return a, len(a.Chosen) > 0, nil
}

func (it *Item) option(optionID string) *Option {
	for i := range it.Options {
		if it.Options[i].ID == optionID {
			return &it.Options[i]
		}
	}
	return nil
}

// parseOrder reads the place that was given to each step; equal places stay in the order of the steps' ids as sent.
func (it *Item) parseOrder(form map[string][]string) (Answer, bool, error) {
	type placed struct {
		id    string
		place int
	}
	var list []placed
	for _, s := range it.Steps {
		v := first(form[it.FieldName(s.ID)])
		if v == "" {
			continue
		}
		n, err := strconv.Atoi(v)
		if err != nil || n < 1 || n > len(it.Steps) {
			return Answer{}, false, fmt.Errorf("%w: %s", ErrAnswer, it.ID)
		}
		list = append(list, placed{s.ID, n})
	}
	if len(list) == 0 {
		return Answer{}, false, nil
	}
	slices.SortStableFunc(list, func(a, b placed) int { return a.place - b.place })
	a := Answer{Pairs: map[string]string{}}
	for _, p := range list {
		a.Chosen = append(a.Chosen, p.id)
		a.Pairs[p.id] = strconv.Itoa(p.place) // the places as typed, so that the form can be shown again as it was
	}
	return a, true, nil
}

func (it *Item) parseMatch(form map[string][]string) (Answer, bool, error) {
	a := Answer{Pairs: map[string]string{}}
	for _, p := range it.Pairs {
		v := first(form[it.FieldName(p.ID)])
		if v == "" {
			continue
		}
		if !slices.ContainsFunc(it.Pairs, func(q Pair) bool { return q.ID == v }) {
			return Answer{}, false, fmt.Errorf("%w: %s", ErrAnswer, it.ID)
		}
		a.Pairs[p.ID] = v
	}
	return a, len(a.Pairs) > 0, nil
}

// Score returns the share of the full mark, from 0 to 1 (docs/course-format.md, "Items").
func (it *Item) Score(a Answer) float64 {
	switch it.Type {
	case Single, Step:
		if len(a.Chosen) == 1 {
			if o := it.option(a.Chosen[0]); o != nil {
				return o.share()
			}
		}
	case Multiple:
		return it.scoreMultiple(a)
	case Order:
		return it.scoreOrder(a)
	case Match:
		return it.scoreMatch(a)
	case Number:
		// The margin keeps 0.1+0.2 from failing against 0.3.
		if a.Number != nil && math.Abs(*a.Number-it.Answer) <= it.Tolerance+1e-9 {
			return 1
		}
	case ShortText:
		given := Fold(a.Text)
		for _, accepted := range it.Accept {
			for _, s := range accepted {
				if given != "" && Fold(s) == given {
					return 1
				}
			}
		}
	}
	return 0
}

func (it *Item) scoreMultiple(a Answer) float64 {
	right, wrong, all := 0, 0, 0
	for _, o := range it.Options {
		chosen := slices.Contains(a.Chosen, o.ID)
		switch {
		case o.Correct && chosen:
			right++
		case chosen:
			wrong++
		}
		if o.Correct {
			all++
		}
	}
	if all == 0 {
		return 0
	}
	return max(0, float64(right-wrong)/float64(all))
}

// scoreOrder counts the neighbours that follow each other rightly. Steps that share a place are in no order.
func (it *Item) scoreOrder(a Answer) float64 {
	rank := map[string]int{}
	for i, s := range it.Steps {
		rank[s.ID] = i
	}
	right := 0
	for i := 0; i+1 < len(a.Chosen); i++ {
		this, next := a.Chosen[i], a.Chosen[i+1]
		if a.Pairs[this] == a.Pairs[next] && a.Pairs[this] != "" {
			continue
		}
		r, known := rank[this]
		q, alsoKnown := rank[next]
		if known && alsoKnown && q == r+1 {
			right++
		}
	}
	if len(it.Steps) < 2 {
		return 0
	}
	return float64(right) / float64(len(it.Steps)-1)
}

func (it *Item) scoreMatch(a Answer) float64 {
	right := 0
	for _, p := range it.Pairs {
		if a.Pairs[p.ID] == p.ID {
			right++
		}
	}
	if len(it.Pairs) == 0 {
		return 0
	}
	return float64(right) / float64(len(it.Pairs))
}

// Shuffled returns the item's options, steps or right-hand sides in an order that depends on the seed and the item alone, so
// that a page shown again is the same. The item itself stays as it is.
func (it *Item) Shuffled(seed int64) *Item {
	r := rand.New(rand.NewPCG(uint64(seed), stableHash(it.ID))) //nolint:gosec // a shuffle, not a secret
	out := *it
	switch {
	case it.Type == Order:
		out.Steps = shuffled(r, it.Steps)
	case it.Type == Match: // lefts stay; [Item.Rights] shuffles the other side
		return &out
	case !it.NoShuffle:
		out.Options = shuffled(r, it.Options)
	}
	return &out
}

// Rights returns the right-hand sides of a matching item, shuffled by the seed.
func (it *Item) Rights(seed int64) []Pair {
	return shuffled(rand.New(rand.NewPCG(uint64(seed), stableHash(it.ID))), it.Pairs) //nolint:gosec // a shuffle, not a secret
}

func shuffled[T any](r *rand.Rand, list []T) []T {
	out := slices.Clone(list)
	r.Shuffle(len(out), func(i, j int) { out[i], out[j] = out[j], out[i] })
	return out
}

// stableHash is FNV-1a, which stays the same from one release to the next.
func stableHash(s string) uint64 {
	h := uint64(14695981039346656037)
	for i := range len(s) {
		h = (h ^ uint64(s[i])) * 1099511628211
	}
	return h
}

// Draw returns the ids of the items of one attempt: for each draw of the test that many of the objective's test items,
// and all of them shuffled.
func (c *Course) Draw(t *Test, seed int64) []string {
	r := rand.New(rand.NewPCG(uint64(seed), stableHash(t.ID))) //nolint:gosec // a draw of questions, not a secret
	var drawn []string
	for _, d := range t.Draws {
		pool := shuffled(r, c.pool(d.Objective))
		drawn = append(drawn, pool[:min(d.Count, len(pool))]...) // Load has seen to it that there are enough
	}
	return shuffled(r, drawn)
}

// pool returns the test items of an objective.
func (c *Course) pool(objective string) []string {
	var ids []string
	for _, itemID := range c.itemIDs {
		if it := c.items[itemID]; it.Use == UseTest && it.Objective == objective {
			ids = append(ids, itemID)
		}
	}
	return ids
}

// Fold makes two spellings comparable: lower case, one space between words, without diacritics (ł becomes l), without final
// punctuation.
func Fold(s string) string {
	t := transform.Chain(norm.NFD, runes.Remove(runes.In(unicode.Mn)), norm.NFC)
	s, _, err := transform.String(t, strings.ToLower(s))
	if err != nil {
		return ""
	}
	s = strings.NewReplacer("ł", "l", "–", "-", "—", "-").Replace(s)
	return strings.Trim(strings.Join(strings.Fields(s), " "), " .,;:!?")
}

// RightAnswer returns an answer that has the full mark. lang is that in which a short text is answered.
func (it *Item) RightAnswer(lang string) Answer {
	var a Answer
	switch it.Type {
	case Single, Multiple, Step:
		for _, o := range it.Options {
			if o.Best() {
				a.Chosen = append(a.Chosen, o.ID)
			}
		}
	case Order:
		a.Pairs = map[string]string{}
		for i, s := range it.Steps {
			a.Chosen = append(a.Chosen, s.ID)
			a.Pairs[s.ID] = strconv.Itoa(i + 1)
		}
	case Match:
		a.Pairs = map[string]string{}
		for _, p := range it.Pairs {
			a.Pairs[p.ID] = p.ID
		}
	case Number:
		x := it.Answer
		a.Number = &x
	case ShortText:
		if list := it.Accept[lang]; len(list) > 0 {
			a.Text = list[0]
		}
	}
	return a
}
