// Package owndata gives each person what is kept about them, to read and to take away, and carries what they ask of it to the office that keeps their account (GDPR
// articles 15 to 21), which answers, or has a person's data erased: at once, or on the day on which nothing holds it any more.
//
// Goals: an area says itself what it keeps of somebody ([Service.Add]), by the reading that its own pages of that person use, so that nothing of another person can come
// along; a file names its format and version; a request reaches somebody who can act on it, and its words leave the program in no letter. Limits: it corrects
// nothing: a person of the office does, and says what was done or why not.
package owndata

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/clock"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/keeping"
	"ostoja/internal/lang"
	"ostoja/internal/mail"
	"ostoja/internal/text"
)

// The file's format, which docs/own-data.md describes. A field that changes its meaning makes a new version; a new field does not.
const (
	Format  = "ostoja-own-data"
	Version = 1
)

// Field is one value of a record: a text, a [time.Time], a [Day], a number, a truth, [Languages], a [Said] or a [Named]. How a reader reads each is [Show].
type Field struct {
	Name  string
	Value any
}

// Day is a day as areas store it: 2026-11-30.
type Day string

// Languages are language tags.
type Languages []string

// Said is a code of the program: files have the code, people its words.
type Said struct {
	Code  string
	Words func(p *lang.Printer) string
}

// MarshalJSON writes the code.
func (s Said) MarshalJSON() ([]byte, error) { return json.Marshal(s.Code) }

// Word is a code whose words are the text of the key, with the code at its end.
func Word(key, code string) Said {
	return Said{code, func(p *lang.Printer) string { return p.T(key + code) }}
}

// Named is something that has a name of its own: files have both.
type Named struct {
	ID    string          `json:"id"`
	Title text.Translated `json:"title"`
}

// Record is one thing that is kept, its fields in the order of the page.
type Record []Field

// Of makes a record of names and values in turn.
func Of(pairs ...any) (r Record) {
	for i := 0; i+1 < len(pairs); i += 2 {
		if name, ok := pairs[i].(string); ok {
			r = append(r, Field{name, pairs[i+1]})
		}
	}
	return r
}

// MarshalJSON writes the record as an object.
func (r Record) MarshalJSON() ([]byte, error) {
	object := make(map[string]any, len(r))
	for _, f := range r {
		if t, ok := f.Value.(time.Time); ok {
			object[f.Name] = t.UTC().Format(time.RFC3339)
			continue
		}
		object[f.Name] = f.Value
	}
	return json.Marshal(object)
}

// Known leaves out the fields that have no value.
func (r Record) Known() (out Record) {
	for _, f := range r {
		switch v := f.Value.(type) {
		case string:
			if v == "" {
				continue
			}
		case time.Time:
			if v.IsZero() {
				continue
			}
		case Day:
			if v == "" {
				continue
			}
		case Said:
			if v.Code == "" {
				continue
			}
		case Named:
			if v.ID == "" {
				continue
			}
		case Languages:
			if len(v) == 0 {
				continue
			}
		case *float64:
			if v == nil {
				continue
			}
			f.Value = *v
		}
		out = append(out, f)
	}
	return out
}

// Part returns what an area keeps of the actor and of nobody else. It MUST return nothing of another person, not even their name.
type Part func(ctx context.Context, actor access.Actor) ([]Record, error)

// Section is what one area keeps. Texts know it: owndata.area-NAME, owndata.why-NAME, owndata.until-NAME.
type Section struct {
	Name    string   `json:"name"`
	Records []Record `json:"records"`
}

// Document is all that is kept of a person, as far as areas hand it in.
type Document struct {
	Format   string    `json:"format"`
	Version  int       `json:"version"`
	Made     time.Time `json:"made"`
	Person   string    `json:"person"`
	Sections []Section `json:"sections"`
}

// Deps are what the service needs.
type Deps struct {
	DB        *db.DB
	Clock     clock.Clock
	Keeping   *keeping.Service
	Outbox    *mail.Outbox
	Catalogue *lang.Catalogue
	BaseURL   string
	// Holders returns who has a permission anywhere, and where.
	Holders func(ctx context.Context, q db.Querier, p access.Permission) ([]access.Holder, error)
	// Held returns what holds a person's data for a time: who wants it, why and until when. None: it can be erased.
	Held func(ctx context.Context, q db.Querier, personID string) ([]Record, error)
	// Forget erases all that is known of a person whom nothing holds.
	Forget func(ctx context.Context, tx *db.Tx, personID string) error
}

// Service gives people what is kept about them.
type Service struct {
	Deps
	parts []part
}

type part struct {
	name string
	of   Part
}

// New returns a Service that knows of no area but its own: what ends on a day, and what somebody asked.
func New(d Deps) *Service {
	s := &Service{Deps: d}
	d.Keeping.On(RequestKind, eraseRequest)
	s.Add("held", func(ctx context.Context, actor access.Actor) (list []Record, err error) {
		err = s.DB.View(ctx, func(tx *db.Tx) error {
			list, err = s.Held(ctx, tx, actor.PersonID)
			return err
		})
		return list, err
	})
	s.Add("kept", s.kept)
	s.Add("requests", s.asked)
	return s
}

// Add registers what an area keeps. It must be called before the service is used; a name that is there already is a mistake of the program.
func (s *Service) Add(name string, of Part) {
	if slices.ContainsFunc(s.parts, func(p part) bool { return p.name == name }) {
		panic("owndata: two parts " + name)
	}
	s.parts = append(s.parts, part{name, of})
}

// Names are the areas that hand something in, in the order of the page.
func (s *Service) Names() (list []string) {
	for _, p := range s.parts {
		list = append(list, p.name)
	}
	return list
}

// Mine returns what is kept of the actor.
func (s *Service) Mine(ctx context.Context, actor access.Actor) (d Document, err error) {
	defer errs.Wrap(&err, "owndata.Mine")
	if actor.PersonID == "" {
		return d, errs.NotFound("error.not-found")
	}
	d = Document{Format: Format, Version: Version, Made: s.Clock.Now().UTC(), Person: actor.PersonID}
	for _, p := range s.parts {
		records, err := p.of(ctx, actor)
		if err != nil {
			return Document{}, err
		}
		x := Section{Name: p.name, Records: []Record{}}
		for _, r := range records {
			x.Records = append(x.Records, r.Known())
		}
		d.Sections = append(d.Sections, x)
	}
	return d, nil
}

func (s *Service) kept(ctx context.Context, actor access.Actor) (list []Record, err error) {
	entries, err := s.Keeping.Mine(ctx, actor)
	for _, e := range entries {
		list = append(list, Record{{"kind", Word("keeping.what-", string(e.Kind))}, {"since", e.Since}, {"until", e.Until}, {"erased", e.ErasedAt}})
	}
	return list, err
}
