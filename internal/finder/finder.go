// Package finder answers one question to everything that the program keeps: what is called this? It asks each area in turn and puts the
// answers side by side, grouped by kind.
//
// Goals: whoever finds a thing here may open it, since each area answers with the asker's own rights and this package has none to give; an
// area that cannot answer fails the whole, so that nobody takes half of the answers for all of them. Limits: it knows no area, no database
// and no address; it keeps nothing of what was asked, counts nothing and ranks nothing: the order within a kind is the area's.
package finder

import (
	"context"
	"fmt"
	"time"
	"unicode/utf8"

	"ostoja/internal/access"
	"ostoja/internal/errs"
	"ostoja/internal/text"
)

// The bounds of what can be asked: of one letter nearly everything would be found.
const (
	Shortest = 2
	Longest  = 100 // letters
)

// Most is how many things of a kind are shown.
const Most = 5

// Question is what somebody looks for.
type Question struct {
	Words string // as typed; each word must be found, in any order
	Lang  string // in which things that have several names are told
	Most  int    // how many of a kind are wanted; whoever answers may stop there
}

// Hit is a thing that was found.
type Hit struct {
	Title string
	Href  string
	Note  string    // what tells it from another of its name: the unit, the place
	Day   time.Time // when it is or was; zero: no matter
	State string    // the key of a text that says where it stands, "" if that is no matter
}

// Source is a kind of thing that can be looked for.
type Source struct {
	Kind string // names the texts find.kind.*
	// List is the address of the list in which the search goes on, "" if there is none.
	List string
	// May says whether the actor can find anything of the kind; it saves asking.
	May func(access.Actor) bool
	// Find looks among what the actor may read, and MUST leave out all else.
	Find func(ctx context.Context, actor access.Actor, q Question) ([]Hit, error)
}

// Group are the found things of a kind.
type Group struct {
	Kind string
	List string
	Hits []Hit
	More bool // there are more of them
}

// Finder asks its sources in their order.
type Finder struct{ sources []Source }

// New returns a Finder.
func New(sources ...Source) *Finder { return &Finder{sources} }

// Check says what is wrong with the words: they are too few or too many.
func Check(words string) (f errs.Fields) {
	switch n := utf8.RuneCountInString(text.Search(text.Clean(words))); {
	case n < Shortest:
		f.Add("words", "find.fault.short", "Limit", Shortest)
	case utf8.RuneCountInString(words) > Longest:
		f.Add("words", "find.fault.long", "Limit", Longest)
	}
	return f
}

// Kinds returns the kinds that the actor can find, in their order.
func (f *Finder) Kinds(actor access.Actor) (kinds []string) {
	for _, s := range f.sources {
		if s.May(actor) {
			kinds = append(kinds, s.Kind)
		}
	}
	return kinds
}

// List returns where the search of a kind goes on for the actor, "" if nowhere.
func (f *Finder) List(actor access.Actor, kind string) string {
	for _, s := range f.sources {
		if s.Kind == kind && s.May(actor) {
			return s.List
		}
	}
	return ""
}

// Find returns what the actor may know of and that has all the words, by kind; a kind without any is left out.
func (f *Finder) Find(ctx context.Context, actor access.Actor, q Question) (groups []Group, err error) {
	defer errs.Wrap(&err, "finder.Find")
	faults := Check(q.Words)
	if err := faults.Err(); err != nil {
		return nil, err
	}
	most := q.Most
	if most <= 0 {
		most = Most
	}
	q.Most = most + 1 // one more tells that there are more, and counting all would cost more than finding these
	for _, s := range f.sources {
		if !s.May(actor) {
			continue
		}
		hits, err := s.Find(ctx, actor, q)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", s.Kind, err)
		}
		if len(hits) > 0 {
			groups = append(groups, Group{s.Kind, s.List, hits[:min(len(hits), most)], len(hits) > most})
		}
	}
	return groups, nil
}
