package scenario

import (
	"math/rand/v2"
	"unicode/utf8"

	"ostoja/internal/item"
)

// Pick chooses one of the choices that are there now, by its place in the node's list.
type Pick func(s *Scenario, r Run, open []int) int

// PickFirst takes the choice that stands first.
func PickFirst(_ *Scenario, _ Run, open []int) int { return open[0] }

// PickLongest takes the choice with the most letters in a language, the first of several.
func PickLongest(lang string) Pick {
	return func(s *Scenario, r Run, open []int) int {
		longest := open[0]
		for _, i := range open {
			if s.length(r.Node, i, lang) > s.length(r.Node, longest, lang) {
				longest = i
			}
		}
		return longest
	}
}

// PickAny takes any choice.
func PickAny(random *rand.Rand) Pick {
	return func(_ *Scenario, _ Run, open []int) int { return open[random.IntN(len(open))] }
}

func (s *Scenario) length(node string, choice int, lang string) int {
	return utf8.RuneCountInString(s.Nodes[node].Choices[choice].Text.In(lang))
}

// Lead leads the story to an end, choosing by pick, and returns the rating of the end; "" if it comes to none.
func (s *Scenario) Lead(pick Pick) item.Rating {
	r := s.Begin()
	for s.Ended(r) == "" {
		open := s.Available(r)
		if len(open) == 0 {
			return ""
		}
		next, err := s.Choose(r, pick(s, r, open))
		if err != nil { // a story that goes in circles
			return ""
		}
		r = next
	}
	return s.Ended(r)
}
