package fact

import "time"

// Book is all facts as they are at one moment. It is shared and not changed.
type Book struct {
	facts map[string]*Fact
	slots map[string]string // a name that courses use -> the fact's
	at    time.Time
	zone  *time.Location
}

// NewBook returns the book of some facts at a time, by the days of a zone. slots are further names of facts.
func NewBook(facts []*Fact, slots map[string]string, at time.Time, zone *time.Location) *Book {
	b := &Book{facts: make(map[string]*Fact, len(facts)), slots: slots, at: at, zone: zone}
	for _, f := range facts {
		b.facts[f.ID] = f
	}
	return b
}

// Get returns a fact by its own name or one that courses use, and how far it may be trusted; nil if there is none.
func (b *Book) Get(id string) (*Fact, Validity) {
	if b == nil {
		return nil, Expired
	}
	f := b.facts[id]
	if f == nil {
		f = b.facts[b.slots[id]]
	}
	if f == nil {
		return nil, Expired
	}
	return f, f.validity(b.at, b.zone)
}

// next returns when the validity of a fact next changes; the zero time if none will.
func (b *Book) next() time.Time { return FirstNext(b.spans(), b.at, b.zone) }

// last returns when the validity of a fact last changed; the zero time if none has.
func (b *Book) last() (last time.Time) {
	for _, s := range b.spans() {
		for _, at := range s.turns(b.zone) {
			if !at.After(b.at) && at.After(last) {
				last = at
			}
		}
	}
	return last
}

func (b *Book) spans() []Span {
	spans := make([]Span, 0, len(b.facts))
	for _, f := range b.facts {
		spans = append(spans, f.span())
	}
	return spans
}

// same says whether a later book shows the same.
func (b *Book) same(later *Book) bool {
	if next := b.next(); !next.IsZero() && !later.at.Before(next) || len(b.facts) != len(later.facts) {
		return false
	}
	for id, f := range later.facts {
		if b.facts[id] == nil || !b.facts[id].same(f) {
			return false
		}
	}
	return true
}
