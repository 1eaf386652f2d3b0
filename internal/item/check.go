package item

import "strings"

// Fault is something wrong in an item: in which part, by the names that its form has, and the key of the text that says what,
// with the values of its placeholders. It has the shape of errs.Field, into which it can be converted.
type Fault struct {
	Name string
	Key  string
	Args map[string]any
}

type faultList []Fault

func (l *faultList) add(name, key string, args map[string]any) {
	*l = append(*l, Fault{name, key, args})
}

// Check finds the faults of an item that was not read from a course folder: made in the application, or brought in from
// another system. It asks what a course's loader asks, but for an explanation, which forms of a competence test do not show.
// languages are those that the item must be in, at least one.
func (it *Item) Check(languages []string) []Fault {
	var faults faultList
	if !ValidID(it.ID) {
		faults.add("id", "item.fault.code", nil)
	}
	if it.Level < 1 || it.Level > MostLevel {
		faults.add("level", "item.fault.level", nil)
	}
	for _, lang := range languages {
		if strings.TrimSpace(it.Question[lang]) == "" {
			faults.add("question."+lang, "item.fault.empty", nil)
		}
	}
	if it.HasMedia() {
		faults.add("question."+languages[0], "item.fault.media", nil)
	}
	switch it.Type {
	case Single, Multiple, Step:
		it.checkOptions(languages, &faults)
	case Order:
		checkParts("steps", it.Steps, LeastParts, languages, &faults)
	case Match:
		it.checkPairs(languages, &faults)
	case Number:
		if it.Tolerance < 0 {
			faults.add("tolerance", "item.fault.tolerance", nil)
		}
	case ShortText:
		for _, lang := range languages {
			if len(it.Accept[lang]) == 0 {
				faults.add("accept."+lang, "item.fault.accept", nil)
			}
		}
	default:
		faults.add("type", "item.fault.type", nil)
	}
	return faults
}

// LeastParts is the least number of steps, pairs, or options of a multiple item: with fewer, guessing is worth too much.
const LeastParts = 3

// MostParts is the greatest number of options, steps or pairs: more than that nobody keeps in mind while choosing.
const MostParts = 8

// LeastOptions returns the least number of options of an item of a type.
func LeastOptions(t Type) int {
	if t == Multiple {
		return LeastParts
	}
	return 2
}

func (it *Item) checkOptions(languages []string, faults *faultList) {
	checkParts("options", it.Options, LeastOptions(it.Type), languages, faults)
	best := 0
	for _, o := range it.Options {
		if o.Best() {
			best++
		}
	}
	switch {
	case it.Type == Single && best != 1:
		faults.add("options", "item.fault.one-right", nil)
	case it.Type != Single && (best == 0 || best == len(it.Options)):
		faults.add("options", "item.fault.some-right", nil)
	}
}

// checkParts sees that there are neither too few nor too many options or steps, and each in every language.
func checkParts(name string, parts []Option, low int, languages []string, faults *faultList) {
	if len(parts) < low || len(parts) > MostParts {
		faults.add(name, "item.fault.count", map[string]any{"Low": low, "High": MostParts})
	}
	known := map[string]bool{}
	for _, o := range parts {
		if o.ID == "" || known[o.ID] {
			faults.add(name, "item.fault.code", nil)
		}
		known[o.ID] = true
		for _, lang := range languages {
			if strings.TrimSpace(o.Text[lang]) == "" {
				faults.add(name, "item.fault.part-empty", map[string]any{"Lang": lang})
				return
			}
		}
	}
}

func (it *Item) checkPairs(languages []string, faults *faultList) {
	if len(it.Pairs) < LeastParts || len(it.Pairs) > MostParts {
		faults.add("pairs", "item.fault.count", map[string]any{"Low": LeastParts, "High": MostParts})
	}
	for _, lang := range languages {
		known := map[string]bool{}
		for _, p := range it.Pairs {
			right := strings.TrimSpace(p.Right[lang])
			switch {
			case strings.TrimSpace(p.Left[lang]) == "" || right == "":
				faults.add("pairs", "item.fault.part-empty", map[string]any{"Lang": lang})
				return
			case known[right]:
				faults.add("pairs", "item.fault.same-right", map[string]any{"Lang": lang})
				return
			}
			known[right] = true
		}
	}
}
