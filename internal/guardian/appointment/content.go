package appointment

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"slices"

	"go.yaml.in/yaml/v3"

	"ostoja/internal/errs"
	"ostoja/internal/text"
)

// Scope is a procedure that an appointment may be for.
type Scope struct {
	ID    string
	Title text.Translated
}

// Kind is what a court's order calls an appointment.
type Kind struct {
	ID     string
	Title  text.Translated
	Scopes []string // those it may be for
	// DecidedBefore is the day before which an order of the kind must have been made; "" if the kind is still given.
	DecidedBefore string `yaml:"decided_before"`
	Confirmed     bool   // a lawyer has confirmed the entry
	Note          text.Translated
	Source        string
}

// Item is one thing of a list to be done.
type Item struct {
	ID    string
	Title text.Translated
	Hint  text.Translated
	Phone string // name of a fact of the country's pack, "" if none was found
}

// List is what is to be done on an occasion, in order.
type List struct {
	Confirmed bool
	Items     []Item
}

// Content is the data of appointments.
type Content struct {
	Scopes   []Scope
	Kinds    []Kind
	Missing  List // who is told of a missing child
	Handover List // what a handover is made of
}

// Kind returns the kind with an id; false if there is none.
func (c *Content) Kind(kindID string) (Kind, bool) {
	i := slices.IndexFunc(c.Kinds, func(k Kind) bool { return k.ID == kindID })
	if i < 0 {
		return Kind{ID: kindID, Title: text.Translated{"": kindID}}, false
	}
	return c.Kinds[i], true
}

// Scope returns the scope with an id; one that is no longer there stands for itself.
func (c *Content) Scope(scopeID string) Scope {
	i := slices.IndexFunc(c.Scopes, func(s Scope) bool { return s.ID == scopeID })
	if i < 0 {
		return Scope{ID: scopeID, Title: text.Translated{"": scopeID}}
	}
	return c.Scopes[i]
}

// list returns a list by its name.
func (c *Content) list(name string) (List, bool) {
	switch name {
	case MissingList:
		return c.Missing, true
	case HandoverList:
		return c.Handover, true
	}
	return List{}, false
}

// The names of lists.
const (
	MissingList  = "missing"
	HandoverList = "handover"
)

// Read reads the data of appointments, and says everything that is wrong with it.
func Read(fsys fs.FS) (_ *Content, err error) {
	defer errs.Wrap(&err, "appointment.Read")
	var c Content
	var kinds struct {
		Format int
		Scopes []Scope
		Kinds  []Kind
	}
	if err := decode(fsys, "kinds.yaml", &kinds); err != nil {
		return nil, err
	}
	c.Scopes, c.Kinds = kinds.Scopes, kinds.Kinds
	for name, into := range map[string]*List{"missing.yaml": &c.Missing, "handover.yaml": &c.Handover} {
		var list struct {
			Format    int
			Confirmed bool
			Items     []Item
		}
		if err := decode(fsys, name, &list); err != nil {
			return nil, err
		}
		*into = List{list.Confirmed, list.Items}
	}
	return &c, c.check()
}

func decode(fsys fs.FS, name string, into any) error {
	b, err := fs.ReadFile(fsys, name)
	if err != nil {
		return err
	}
	d := yaml.NewDecoder(bytes.NewReader(b))
	d.KnownFields(true)
	if err := d.Decode(into); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

// check finds what is wrong with the content.
func (c *Content) check() error {
	var faults []error
	say := func(where, what string) { faults = append(faults, fmt.Errorf("%s: %s", where, what)) }
	seen := map[string]bool{}
	entry := func(where string, title text.Translated) {
		if seen[where] {
			say(where, "is there twice")
		}
		seen[where] = true
		if title["pl"] == "" || title["en"] == "" {
			say(where, "needs a title in pl and en")
		}
	}
	for _, s := range c.Scopes {
		entry("scope "+s.ID, s.Title)
	}
	for _, k := range c.Kinds {
		where := "kind " + k.ID
		entry(where, k.Title)
		if k.Source == "" {
			say(where, "needs a source")
		}
		if _, ok := day(k.DecidedBefore); k.DecidedBefore != "" && !ok {
			say(where, "decided_before is no day")
		}
		if len(k.Scopes) == 0 {
			say(where, "needs a scope")
		}
		for _, s := range k.Scopes {
			if !slices.ContainsFunc(c.Scopes, func(x Scope) bool { return x.ID == s }) {
				say(where, "there is no scope "+s)
			}
		}
	}
	for name, l := range map[string]List{MissingList: c.Missing, HandoverList: c.Handover} {
		for _, i := range l.Items {
			entry(name+" "+i.ID, i.Title)
		}
	}
	if len(c.Kinds) == 0 || len(c.Missing.Items) == 0 || len(c.Handover.Items) == 0 {
		say("content", "a file is empty")
	}
	return errors.Join(faults...)
}
