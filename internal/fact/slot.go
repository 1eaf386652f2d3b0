package fact

import (
	"regexp"
	"slices"
)

// Forms are the cases in which a slot may ask for a name: {border-guard|gen}. The basic one is not named.
var Forms = []string{"gen", "dat", "acc", "ins", "loc"}

// Slot is {id} or {id|form} in a text.
type Slot struct{ ID, Form string }

var (
	slotHere     = regexp.MustCompile(`^\{([a-z][a-z0-9-]*)(?:\|([a-z]+))?\}`)
	slotAnywhere = regexp.MustCompile(`\{([a-z][a-z0-9-]*)(?:\|([a-z]+))?\}`)
)

// SlotAt returns the slot with which a text begins, and its length; 0 if it begins with none.
func SlotAt(text []byte) (Slot, int) {
	m := slotHere.FindSubmatch(text)
	if m == nil {
		return Slot{}, 0
	}
	return Slot{string(m[1]), string(m[2])}, len(m[0])
}

// Slots returns the slots of a text in their order, each once.
func Slots(text string) (list []Slot) {
	for _, m := range slotAnywhere.FindAllStringSubmatch(text, -1) {
		if s := (Slot{m[1], m[2]}); !slices.Contains(list, s) {
			list = append(list, s)
		}
	}
	return list
}

// EachSlot returns a text with each slot replaced by what fn gives.
func EachSlot(text string, fn func(Slot) string) string {
	return slotAnywhere.ReplaceAllStringFunc(text, func(s string) string {
		slot, _ := SlotAt([]byte(s))
		return fn(slot)
	})
}
