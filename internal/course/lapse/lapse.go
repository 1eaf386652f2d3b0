// Package lapse finds which items of a course rest on facts that nobody confirmed in time, and tells the authors of courses.
//
// Its goals: an author knows which items are asked unscored, or will be soon, before learners wonder; of each fact and course they are
// written to once, and again when it lapses anew. Limits: facts are confirmed and changed where the public site keeps them, items in
// a new version of the course; what an attempt asks meanwhile is course's ([course.Course.Draw]).
package lapse

import (
	"cmp"
	"slices"
	"strings"

	"ostoja/internal/course"
	"ostoja/internal/fact"
	"ostoja/internal/item"
)

// Fault is what is wrong with a fact, as course_told keeps it and as the texts' keys end.
type Fault string

// The faults.
const (
	Overdue Fault = "overdue" // shown with "not confirmed since"
	Gone    Fault = "gone"    // not shown; who rests on it is drawn last and does not count
	Missing Fault = "missing" // likewise, since the country's pack has no such fact
)

// Fact is a fact that was not confirmed in time, and what rests on it.
type Fact struct {
	ID         string
	Fault      Fault
	ValidUntil string // 2026-11-23
	Items      []string
	fact       *fact.Fact // nil if missing
}

// Name returns what the fact is called and what it says, in a language.
func (f Fact) Name(lang string) string {
	if f.fact == nil {
		return f.ID
	}
	label := cmp.Or(f.fact.Label[lang], f.fact.Label["en"], f.fact.Label["pl"], f.ID)
	return strings.TrimSuffix(label+": "+f.fact.In(lang), ": ")
}

// Shortage is an objective of which the test draws more items than count today.
type Shortage struct {
	Objective course.Objective
	Left, Of  int // that count, and that are drawn
}

// Report is what of a course rests on facts that were not confirmed in time.
type Report struct {
	Facts []Fact // in the order in which items name them
	Short []Shortage
}

// Of returns it, as of the day whose facts the course shows.
func Of(c *course.Course) (r Report) {
	if c.Book() == nil {
		return r
	}
	gone := map[string]bool{} // items
	for _, itemID := range c.ItemIDs() {
		for _, name := range c.ItemFacts(itemID) {
			found, validity := c.Book().Get(name)
			if validity == fact.Valid {
				continue
			}
			gone[itemID] = gone[itemID] || validity == fact.Expired
			r.add(name, found, validity, itemID)
		}
	}
	t := c.Test()
	if t == nil {
		return r
	}
	for _, o := range c.Objectives {
		for _, d := range t.Draws {
			if left := left(c, o.ID, gone); d.Objective == o.ID && left < d.Count {
				r.Short = append(r.Short, Shortage{o, left, d.Count})
			}
		}
	}
	return r
}

// add notes that an item rests on a fact.
func (r *Report) add(name string, found *fact.Fact, validity fact.Validity, itemID string) {
	f := Fact{ID: name, Fault: Missing, fact: found}
	if found != nil {
		f.ID, f.ValidUntil, f.Fault = found.ID, found.ValidUntil, Gone // of the names that courses use for it, its own
		if validity == fact.Overdue {
			f.Fault = Overdue
		}
	}
	i := slices.IndexFunc(r.Facts, func(other Fact) bool { return other.ID == f.ID })
	if i < 0 {
		i, r.Facts = len(r.Facts), append(r.Facts, f)
	}
	if !slices.Contains(r.Facts[i].Items, itemID) {
		r.Facts[i].Items = append(r.Facts[i].Items, itemID)
	}
}

// left counts the test items of an objective that count today.
func left(c *course.Course, objective string, gone map[string]bool) (n int) {
	for _, itemID := range c.ItemIDs() {
		if it := c.Item(itemID); it.Use == item.UseTest && it.Objective == objective && !it.Pilot && !gone[itemID] {
			n++
		}
	}
	return n
}
