package item

import (
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

const maxAnswer = 2000 // bytes of a typed answer: 500 characters of any script

// Answer is a participant's answer, in the shape that fits the item's type.
type Answer struct {
	Chosen []string          `json:"chosen,omitempty"` // single, multiple: option ids; order: step ids in the answered order
	Pairs  map[string]string `json:"pairs,omitempty"`  // match: pair id on the left -> pair id on the right
	Number *float64          `json:"number,omitempty"`
	Text   string            `json:"text,omitempty"`
}

// equal says whether two answers are the same.
func (a Answer) equal(b Answer) bool {
	number := a.Number == b.Number || a.Number != nil && b.Number != nil && *a.Number == *b.Number
	return number && a.Text == b.Text && maps.Equal(a.Pairs, b.Pairs) && slices.Equal(a.Chosen, b.Chosen)
}

// errAnswer says that what was sent cannot be an answer to the item.
var errAnswer = errors.New("not an answer to this item")

// FieldName returns the name of an item's field in a form. Ordering and matching items have a field for each step or pair,
// with its id as suffix.
func (it *Item) FieldName(suffix string) string {
	if suffix == "" {
		return "item." + it.ID
	}
	return "item." + it.ID + "." + suffix
}

// Named says whether a form has a field of the item, be it empty. Where [Item.Parse] then finds no answer, an earlier one was
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

// Parse reads an answer to the item from a form; given is false if the item was left out. A half-filled ordering or matching
// answer is an answer: the rest counts as wrong. What no field of the item could send is refused with [errAnswer].
func (it *Item) Parse(form map[string][]string) (a Answer, given bool, err error) {
	name := it.FieldName("")
	switch it.Type {
	case Single, Multiple, Step:
		return it.parseChoice(form[name])
	case Order:
		return it.parseOrder(form)
	case Match:
		return it.parseMatch(form)
	case Number:
		typed := strings.TrimSpace(first(form[name]))
		if typed == "" {
			return a, false, nil
		}
		x, err := ParseNumber(typed)
		if err != nil {
			return a, false, fmt.Errorf("%w: %s", errAnswer, it.ID)
		}
		return Answer{Number: &x}, true, nil
	case ShortText:
		typed := strings.TrimSpace(first(form[name]))
		if len(typed) > maxAnswer {
			return a, false, fmt.Errorf("%w: %s", errAnswer, it.ID)
		}
		return Answer{Text: typed}, typed != "", nil
	}
	return a, false, fmt.Errorf("%w: %s", errAnswer, it.ID)
}

// ParseNumber reads a number as people write it: 3, 3.5 or 3,5, with spaces between thousands.
func ParseNumber(typed string) (float64, error) {
	typed = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return -1
		case r == ',':
			return '.'
		case r == '−':
			return '-'
		}
		return r
	}, typed)
	x, err := strconv.ParseFloat(typed, 64)
	if err != nil || math.IsNaN(x) || math.IsInf(x, 0) {
		return 0, errAnswer
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
			return Answer{}, false, fmt.Errorf("%w: %s", errAnswer, it.ID)
		}
		a.Chosen = append(a.Chosen, v)
	}
	if it.Type != Multiple && len(a.Chosen) > 1 {
		return Answer{}, false, fmt.Errorf("%w: %s", errAnswer, it.ID)
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
			return Answer{}, false, fmt.Errorf("%w: %s", errAnswer, it.ID)
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
			return Answer{}, false, fmt.Errorf("%w: %s", errAnswer, it.ID)
		}
		a.Pairs[p.ID] = v
	}
	return a, len(a.Pairs) > 0, nil
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

// Fields returns how an answer stands in a form, so that [Item.Parse] reads it again; empty for none.
func (it *Item) Fields(a Answer) map[string][]string {
	fields := map[string][]string{}
	switch {
	case len(a.Pairs) > 0:
		for part, v := range a.Pairs {
			fields[it.FieldName(part)] = []string{v}
		}
	case len(a.Chosen) > 0:
		fields[it.FieldName("")] = a.Chosen
	case a.Number != nil:
		fields[it.FieldName("")] = []string{strconv.FormatFloat(*a.Number, 'f', -1, 64)}
	case a.Text != "":
		fields[it.FieldName("")] = []string{a.Text}
	}
	return fields
}

// Same says whether two answers to the item say the same. Which of several options was ticked first is no part of it.
func (it *Item) Same(a, b Answer) bool {
	if it.Type == Multiple {
		a.Chosen, b.Chosen = slices.Sorted(slices.Values(a.Chosen)), slices.Sorted(slices.Values(b.Chosen))
	}
	return a.equal(b)
}

// Complete says whether an answer leaves nothing of the item open: each step has a place, each pair its right side.
func (it *Item) Complete(a Answer) bool {
	switch it.Type {
	case Order:
		return len(it.Steps) > 0 && len(a.Chosen) == len(it.Steps)
	case Match:
		return len(it.Pairs) > 0 && len(a.Pairs) == len(it.Pairs)
	case Number:
		return a.Number != nil
	case ShortText:
		return a.Text != ""
	}
	return len(a.Chosen) > 0
}
