package content

import (
	"strings"
	"time"

	"ostoja/internal/fact"
	"ostoja/internal/prose"
)

// criticalFacts returns the ids of the facts that the critical blocks of a text name.
func criticalFacts(body string) (ids []string) {
	pieces, _ := prose.Split(strings.ReplaceAll(body, "\r\n", "\n"), 1)
	for _, p := range pieces {
		if p.Block != critical {
			continue
		}
		for _, slot := range fact.Slots(p.Text) {
			ids = append(ids, slot.ID)
		}
	}
	return ids
}

// Unconfirmed returns the numbers to call that critical blocks of a text name and an editor has yet to confirm, each once.
func (t *Text) Unconfirmed(facts map[string]*Fact) (list []*Fact) {
	seen := map[string]bool{}
	for _, id := range criticalFacts(t.Body) {
		if f := facts[id]; f != nil && f.UnconfirmedNumber() && !seen[id] {
			seen[id] = true
			list = append(list, f)
		}
	}
	return list
}

// UnconfirmedNumber says whether the fact is a number to call that an editor has yet to confirm.
func (f *Fact) UnconfirmedNumber() bool { return f.Kind == fact.Phone && f.Confirm }

// Critical returns the ids of the facts on which somebody in danger relies: those that stand on every page, and those that a critical
// block of a published text names, in any language.
func (s *Snapshot) Critical() map[string]bool {
	ids := map[string]bool{fact.Emergency: true, fact.NationalLine: true, s.SecondLine: true}
	for _, a := range s.Articles {
		for _, t := range a.Texts {
			for _, id := range criticalFacts(t.Body) {
				ids[id] = true
			}
		}
	}
	return ids
}

// Unconfirmed returns the critical numbers that an editor has yet to confirm, in the order of the facts.
func (s *Snapshot) Unconfirmed() (list []*Fact) {
	ids := s.Critical()
	for _, id := range s.FactOrder {
		if f := s.Facts[id]; ids[id] && f.UnconfirmedNumber() {
			list = append(list, f)
		}
	}
	return list
}

// Lines returns the ids of the numbers that stand where somebody in danger looks first: the emergency number, the national line, and the
// second line while it may be trusted. Where there is room for one line it is the national one.
func (s *Snapshot) Lines(now time.Time) []string {
	ids := []string{fact.Emergency, fact.NationalLine}
	f := s.Facts[s.SecondLine]
	if f == nil || f.Validity(now, s.Zone) == fact.Expired || f.Confirm && !s.Unheard { // decision 0043
		return ids
	}
	return append(ids, f.ID)
}
