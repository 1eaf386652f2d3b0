package course

import (
	"ostoja/internal/item"
	"ostoja/internal/text"
)

// The names that items and texts had while they lived in this package, for areas that have not moved to packages item and text
// yet. New code does not use them.
type (
	Text     = text.Translated
	Item     = item.Item
	ItemType = item.Type
	Option   = item.Option
	Pair     = item.Pair
	Answer   = item.Answer
	Rating   = item.Rating
)

// The types of items: see package item.
const (
	Single    = item.Single
	Multiple  = item.Multiple
	Order     = item.Order
	Match     = item.Match
	Number    = item.Number
	ShortText = item.ShortText
	Step      = item.Step
)

// Where an item is used: see package item.
const (
	UseCheck      = item.UseCheck
	UseTest       = item.UseTest
	UseCompetence = item.UseCompetence
)

// Ratings: see package item.
const (
	Good = item.Good
	Fair = item.Fair
	Poor = item.Poor
)

// ParseAnswer is [item.Item.Parse].
func ParseAnswer(it *item.Item, form map[string][]string) (item.Answer, bool, error) {
	return it.Parse(form)
}

// ParseNumber is [item.ParseNumber].
func ParseNumber(typed string) (float64, error) { return item.ParseNumber(typed) }

// Fold is [text.Answer].
func Fold(s string) string { return text.Answer(s) }
