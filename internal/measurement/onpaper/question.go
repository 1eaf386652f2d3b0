package onpaper

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"ostoja/internal/errs"
	"ostoja/internal/item"
	"ostoja/internal/itembank"
	"ostoja/internal/measurement"
	"ostoja/internal/text"
)

// KeyUse is the key of a follow-up's question whether the skills were used: a is yes, b is no.
const KeyUse = "use"

// KeyNote is the key of a follow-up's free text: what helped at work and what was missing. It is no question: it is not counted among the
// cells, and nobody reads it a second time, for of words no two readings agree. It is treated as what is written online.
const KeyNote = "note"

// Blank is the cell of a question that was left empty on the sheet; "" is one of which nothing is typed yet.
const Blank = "–"

// letters name the choices of a question on paper, in their printed order.
const letters = "abcdefghijklmnopqrstuvwxyz"

// Letter returns that of a choice, from 0.
func Letter(i int) string { return letters[i : i+1] }

// Question is what a sheet asks at one place, as it is printed there.
type Question struct {
	Key    string      // the version of the item, or [KeyUse]
	Item   *item.Item  // its parts in the printed order; nil of [KeyUse]
	Rights []item.Pair // of a matching item, in the printed order
}

// questions returns what a form asks at a wave, with the parts in the order that belongs to the seed: that of the sitting, so that on
// paper and online the same choice stands at the same place.
func questions(f *itembank.Form, seed int64, w measurement.Wave) []Question {
	list := make([]Question, 0, len(f.Versions)+1)
	for _, v := range f.Versions {
		it := v.Item().Shuffled(seed)
		q := Question{Key: v.ID, Item: it}
		if it.Type == item.Match {
			q.Rights = it.Rights(seed)
		}
		list = append(list, q)
	}
	if w.IsFollowUp() {
		list = append(list, Question{Key: KeyUse})
	}
	return list
}

// printable says whether a question can be answered on paper. A picture, sound or film, or an entry of a glossary, belongs to the
// screen; a choice of more than the letters that there are has none.
func printable(it *item.Item) bool {
	return !it.HasMedia() && max(len(it.Options), len(it.Steps), len(it.Pairs)) <= len(letters)
}

// choices returns how many letters a cell may name.
func (q Question) choices() int {
	if q.Item == nil {
		return 2
	}
	return max(len(q.Item.Options), len(q.Item.Steps), len(q.Rights))
}

func (q Question) kind() item.Type {
	if q.Item == nil {
		return item.Single
	}
	return q.Item.Type
}

// Most returns how many letters fill a cell, so that the next one is meant; 0 where that cannot be told.
func (q Question) Most() int {
	switch q.kind() {
	case item.Single, item.Step:
		return 1
	case item.Multiple, item.Order:
		return q.choices()
	case item.Match:
		return len(q.Item.Pairs)
	}
	return 0
}

// Lettered says whether one letter is the answer, so that it can be chosen from buttons.
func (q Question) Lettered() bool { return q.Most() == 1 && q.kind() != item.Multiple }

// Letters returns the letters that the printed choices have.
func (q Question) Letters() []string { return strings.Split(letters[:q.choices()], "") }

// Read reads what was typed into a cell and returns it as it is kept: letters small and without space, of several choices in their
// order, numbers in one spelling. A digit is the letter of that place.
func (q Question) Read(typed string) (cell string, err error) {
	typed = strings.TrimSpace(typed)
	switch typed {
	case "":
		return "", nil
	case "-", Blank, "—", "−":
		return Blank, nil
	}
	switch q.kind() {
	case item.Number:
		x, err := item.ParseNumber(typed)
		if err != nil {
			return "", errs.Invalid("typed.fault.number")
		}
		return strconv.FormatFloat(x, 'f', -1, 64), nil
	case item.ShortText:
		a, _, err := q.Item.Parse(url.Values{q.Item.FieldName(""): {typed}})
		if err != nil {
			return "", errs.Invalid("typed.fault.long")
		}
		return a.Text, nil
	}
	return q.readLetters(typed)
}

func (q Question) readLetters(typed string) (string, error) {
	n := q.choices()
	var cell []byte
	for _, r := range strings.ToLower(typed) {
		switch {
		case r == ' ' || r == ',' || r == ';':
			continue
		case r >= '1' && r <= '9':
			r += 'a' - '1'
		case q.kind() == item.Match && (r == '-' || r == '–'):
			cell = append(cell, '-') // this one was left empty
			continue
		}
		if r < 'a' || int(r-'a') >= n {
			return "", errs.Invalid("typed.fault.letter", "Last", Letter(n-1))
		}
		if q.kind() != item.Match && strings.ContainsRune(string(cell), r) {
			return "", errs.Invalid("typed.fault.twice", "Letter", string(r))
		}
		cell = append(cell, byte(r)) //nolint:gosec // a letter, by the test above
	}
	if len(cell) > q.Most() {
		return "", errs.Invalid("typed.fault.most", "Most", q.Most())
	}
	if q.kind() == item.Match {
		cell = []byte(strings.TrimRight(string(cell), "-")) // the last ones left empty go without saying
	}
	if len(cell) == 0 {
		return Blank, nil
	}
	if q.kind() == item.Multiple {
		slices.Sort(cell)
	}
	return string(cell), nil
}

// Answer returns the answer that a cell, as [Question.Read] keeps it, stands for: the one that the same ticks give online. given is
// false for none.
func (q Question) Answer(cell string) (a item.Answer, given bool) {
	if cell == "" || cell == Blank || q.Item == nil {
		return a, false
	}
	fields := url.Values{}
	switch name := q.Item.FieldName(""); q.Item.Type {
	case item.Single, item.Step, item.Multiple:
		for _, r := range cell {
			fields.Add(name, q.Item.Options[r-'a'].ID)
		}
	case item.Order:
		for place, r := range []rune(cell) {
			fields.Set(q.Item.FieldName(q.Item.Steps[r-'a'].ID), strconv.Itoa(place+1))
		}
	case item.Match:
		for i, r := range cell {
			if r != '-' {
				fields.Set(q.Item.FieldName(q.Item.Pairs[i].ID), q.Rights[r-'a'].ID)
			}
		}
	default:
		fields.Set(name, cell)
	}
	a, given, err := q.Item.Parse(fields)
	return a, given && err == nil
}

// same says whether two readings of a question agree. Of words, spelling that makes no difference to the mark makes none here.
func (q Question) same(a, b string) bool {
	if q.kind() == item.ShortText && a != Blank && b != Blank {
		return text.Answer(a) == text.Answer(b)
	}
	return a == b
}

// Hint says how a cell is filled in: the key of a text.
func (q Question) Hint() string {
	switch q.kind() {
	case item.Multiple, item.Order, item.Match, item.Number, item.ShortText:
		return "typed.hint." + string(q.Item.Type)
	}
	return "typed.hint.single"
}

// Width is how many characters a cell shows.
func (q Question) Width() int {
	switch q.kind() {
	case item.ShortText:
		return 12
	case item.Number:
		return 5
	}
	return max(1, q.Most())
}

// reason cleans what was written to say why; it must be there.
func reason(written string) (string, error) {
	const most = 500 // characters
	written = text.Clean(written)
	if n := utf8.RuneCountInString(written); n == 0 || n > most {
		return "", errs.Fields{{Name: FieldReason, Key: "typed.fault.reason", Args: errs.Args("Most", most)}}.Err()
	}
	return written, nil
}
