// Package card keeps the contact card of a unit: whom its people call when they meet somebody at risk, in which order, by day and by night.
//
// Goals: an officer or a welfare worker finds the one page of their own county, post or organisation in two steps and can print it; what
// stands there was called by somebody on a day that the page names, and an overdue card says so to whoever reads it and to whoever keeps it.
// On-call phones of police and shelters have their place here, behind sign-in, and on no public page. Limits: a card holds no person at risk
// and no case; it gives no advice, which is the kit's; it is one page, so that it has at most [MostLines] lines.
package card

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/audit"
	"ostoja/internal/clock"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/id"
	"ostoja/internal/text"
)

// When says at which hours a line is called.
type When string

// The hours.
const (
	Always  When = "always"
	ByDay   When = "day"
	ByNight When = "night"
)

// Whens lists them in the order of the form.
var Whens = []When{Always, ByDay, ByNight}

// MostLines is how many lines a card has: it is printed on one page.
const MostLines = 10

// ValidFor is how long a check holds. Numbers of duty officers change with rosters and removals; half a year is what the directory of the public
// site gives phones too.
const ValidFor = 183 * 24 * time.Hour

// soon is how long before its end a card asks to be checked.
const soon = 30 * 24 * time.Hour

const (
	mostName = 120  // characters
	mostNote = 1000 // characters
)

// Line is one to be called.
type Line struct {
	Who    string // function or institution
	Phone  string // as it is dialled, with an extension in words where there is one
	When   When
	Note   string `json:",omitempty"`
	Inside bool   `json:",omitempty"` // for the unit's own people alone, such as an on-call phone
}

// Card is a unit's card.
type Card struct {
	UnitID    string
	UnitPath  string
	Unit      string // name
	Region    string // voivodeship code, "" if none
	Lines     []Line `db:",json"`
	Note      string
	Shared    bool
	CheckedAt time.Time
	CheckedBy string // name
	Edition   int64
}

// Due is when the card has to be checked again.
func (c Card) Due() time.Time { return c.CheckedAt.Add(ValidFor) }

// State says whether a card can be relied on.
type State string

// The states.
const (
	Valid   State = "valid"
	Soon    State = "soon"    // to be checked within thirty days
	Overdue State = "overdue" // nobody has called for half a year
	Missing State = "missing" // the unit has no card
)

// States lists them, what waits for its keeper first.
var States = []State{Missing, Overdue, Soon, Valid}

// State is the card's at a time.
func (c Card) State(now time.Time) State {
	switch left := c.Due().Sub(now); {
	case left <= 0:
		return Overdue
	case left <= soon:
		return Soon
	}
	return Valid
}

// Draft is what an editor writes.
type Draft struct {
	Lines   []Line
	Note    string
	Shared  bool
	Edition int64 // of the card that the editor saw, 0 for a new one
}

// Cleaned cuts space and drops lines in which nothing stands.
func (d Draft) Cleaned() Draft {
	var lines []Line
	for _, l := range d.Lines {
		l.Who, l.Phone, l.Note = text.Clean(l.Who), text.Clean(l.Phone), text.Clean(l.Note)
		if l.Who+l.Phone+l.Note != "" {
			lines = append(lines, l)
		}
	}
	d.Lines, d.Note = lines, text.CleanLines(d.Note)
	return d
}

// LineField is the name of a field of the line with an index, counted from 0.
func LineField(name string, i int) string { return name + "-" + strconv.Itoa(i) }

// check finds what is wrong with a cleaned draft. Fields are named by the place of the line among those that were typed.
func (d Draft) check() (faults errs.Fields) {
	if len(d.Lines) == 0 {
		faults.Add(LineField("who", 0), "card.no-lines")
	}
	if len(d.Lines) > MostLines {
		faults.Add(LineField("who", MostLines), "card.too-many", "High", MostLines)
	}
	for i, l := range d.Lines {
		for _, f := range []struct {
			name, value string
			needed      bool
		}{{"who", l.Who, true}, {"phone", l.Phone, true}, {"note", l.Note, false}} {
			switch n := len([]rune(f.value)); {
			case n == 0 && f.needed:
				faults.Add(LineField(f.name, i), "card.missing")
			case n > mostName:
				faults.Add(LineField(f.name, i), "card.too-long", "High", mostName)
			}
		}
		if l.Phone != "" && text.Dialled(l.Phone) == "" {
			faults.Add(LineField("phone", i), "card.no-phone")
		}
		if !slices.Contains(Whens, l.When) {
			faults.Add(LineField("when", i), "card.choose")
		}
	}
	if len([]rune(d.Note)) > mostNote {
		faults.Add("note", "card.too-long", "High", mostNote)
	}
	return faults
}

// Service keeps the cards.
type Service struct {
	db    *db.DB
	clock clock.Clock
}

// New returns a Service.
func New(d *db.DB, c clock.Clock) *Service { return &Service{d, c} }

const selectCards = `
	SELECT c.unit_id, u.path AS unit_path, u.name AS unit, u.region, c.lines, c.note, c.shared, c.checked_at, p.given_name || ' ' || p.family_name AS checked_by, c.edition
	FROM contact_card c JOIN identity_unit u ON u.id = c.unit_id JOIN identity_person p ON p.id = c.checked_by `

// Desk is what somebody sees of the cards.
type Desk struct {
	Own    []Card     // of the person's own unit and of those above it, the nearest first
	Around []Card     // shared ones of other units of the same voivodeship, without what stays inside
	Kept   []Keepable // units whose card the person keeps, by name
}

// Keepable is a unit whose card somebody may write.
type Keepable struct {
	UnitID    string
	Unit      string // name
	CheckedAt time.Time
}

// HasCard says whether the unit has a card.
func (k Keepable) HasCard() bool { return !k.CheckedAt.IsZero() }

// State is that of the unit's card.
func (k Keepable) State(now time.Time) State {
	if !k.HasCard() {
		return Missing
	}
	return Card{CheckedAt: k.CheckedAt}.State(now)
}

// Desk returns the cards that the actor may read and those that the actor keeps.
func (s *Service) Desk(ctx context.Context, actor access.Actor) (d Desk, err error) {
	defer errs.Wrap(&err, "card.Desk")
	err = s.db.View(ctx, func(tx *db.Tx) error {
		all, err := s.readable(ctx, tx, actor)
		if err != nil {
			return err
		}
		for _, c := range all {
			if strings.HasPrefix(actor.Path, c.UnitPath) {
				d.Own = append(d.Own, c)
			} else {
				d.Around = append(d.Around, c)
			}
		}
		slices.SortFunc(d.Own, func(a, b Card) int { return len(b.UnitPath) - len(a.UnitPath) })
		within, args := actor.Within(access.SiteWrite, "u.path")
		d.Kept, err = db.All[Keepable](ctx, tx, `
			SELECT u.id AS unit_id, u.name AS unit, c.checked_at FROM identity_unit u LEFT JOIN contact_card c ON c.unit_id = u.id
			WHERE `+within+` ORDER BY u.name, u.id`, args...)
		return err
	})
	return d, err
}

// Overdue returns the units whose card the actor keeps and that nobody has checked in time, the oldest first.
func (s *Service) Overdue(ctx context.Context, actor access.Actor) (list []Keepable, err error) {
	defer errs.Wrap(&err, "card.Overdue")
	within, args := actor.Within(access.SiteWrite, "u.path")
	all, err := db.All[Keepable](ctx, s.db, `SELECT u.id AS unit_id, u.name AS unit, c.checked_at FROM contact_card c JOIN identity_unit u ON u.id = c.unit_id
		WHERE `+within+` ORDER BY c.checked_at, u.id`, args...)
	return slices.DeleteFunc(all, func(k Keepable) bool { return k.State(s.clock.Now()) != Overdue }), err
}

// readable returns the cards of the actor's own units, and the shared ones of the voivodeship, by name: it is that of the nearest of the actor's
// units that names one. Who keeps a card reads it whole.
func (s *Service) readable(ctx context.Context, q db.Querier, actor access.Actor) ([]Card, error) {
	list, err := db.All[Card](ctx, q, selectCards+`
		WHERE ? LIKE u.path || '%' OR c.shared AND u.region <> '' AND u.region =
			(SELECT o.region FROM identity_unit o WHERE ? LIKE o.path || '%' AND o.region <> '' ORDER BY LENGTH(o.path) DESC LIMIT 1)
		ORDER BY u.name, u.id`, actor.Path, actor.Path)
	if err != nil {
		return nil, err
	}
	for i := range list {
		list[i] = seenBy(actor, list[i])
	}
	return list, nil
}

// seenBy leaves out what stays inside for whoever is not of the unit and does not keep the card.
func seenBy(actor access.Actor, c Card) Card {
	if strings.HasPrefix(actor.Path, c.UnitPath) || actor.May(access.SiteWrite, c.UnitPath) {
		return c
	}
	c.Lines = slices.DeleteFunc(slices.Clone(c.Lines), func(l Line) bool { return l.Inside })
	return c
}

// Card returns a unit's card to who may read it; to anybody else it is not found.
func (s *Service) Card(ctx context.Context, actor access.Actor, unitID string) (c Card, err error) {
	defer errs.Wrap(&err, "card.Card")
	if !id.Valid(unitID) || actor.PersonID == "" {
		return c, errs.NotFound("error.not-found")
	}
	err = s.db.View(ctx, func(tx *db.Tx) error {
		if c, err = db.One[Card](ctx, tx, selectCards+`WHERE c.unit_id = ?`, unitID); err != nil {
			return err
		}
		if actor.May(access.SiteWrite, c.UnitPath) {
			return nil
		}
		list, err := s.readable(ctx, tx, actor)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(list, func(x Card) bool { return x.UnitID == unitID })
		if i < 0 {
			return errs.NotFound("error.not-found")
		}
		c = list[i]
		return nil
	})
	return c, err
}

// Edited returns the card that the actor is about to write; of a unit that has none it is empty, with the edition 0.
func (s *Service) Edited(ctx context.Context, actor access.Actor, unitID string) (c Card, err error) {
	defer errs.Wrap(&err, "card.Edited")
	err = s.db.View(ctx, func(tx *db.Tx) error {
		c, err = kept(ctx, tx, actor, unitID)
		return err
	})
	return c, err
}

// kept finds a unit whose card the actor keeps, with the card if there is one.
func kept(ctx context.Context, tx *db.Tx, actor access.Actor, unitID string) (c Card, err error) {
	type unit struct{ ID, Path, Name, Region string }
	if !id.Valid(unitID) {
		return c, errs.NotFound("error.not-found")
	}
	u, err := db.One[unit](ctx, tx, `SELECT id, path, name, region FROM identity_unit WHERE id = ?`, unitID)
	if err != nil {
		return c, err
	}
	if !actor.May(access.SiteWrite, u.Path) {
		return c, errs.NotFound("error.not-found")
	}
	c, err = db.One[Card](ctx, tx, selectCards+`WHERE c.unit_id = ?`, unitID)
	if errors.Is(err, errs.ErrNotFound) {
		return Card{UnitID: u.ID, UnitPath: u.Path, Unit: u.Name, Region: u.Region}, nil
	}
	return c, err
}

// Write writes a unit's card, which counts as a check of it: who writes a number has just been told it.
func (s *Service) Write(ctx context.Context, actor access.Actor, unitID string, d Draft) (err error) {
	defer errs.Wrap(&err, "card.Write")
	d = d.Cleaned()
	return s.db.Update(ctx, func(tx *db.Tx) error {
		before, err := kept(ctx, tx, actor, unitID)
		if err != nil {
			return err
		}
		if err := d.check().Err(); err != nil {
			return err
		}
		if before.Edition != d.Edition {
			return errs.Conflict("card.changed-meanwhile")
		}
		now := s.clock.Now()
		n, err := db.Changed(ctx, tx, `
			INSERT INTO contact_card (unit_id, lines, note, shared, checked_at, checked_by, edition) VALUES (?, ?, ?, ?, ?, ?, 1)
			ON CONFLICT (unit_id) DO UPDATE SET lines = excluded.lines, note = excluded.note, shared = excluded.shared, checked_at = excluded.checked_at,
				checked_by = excluded.checked_by, edition = contact_card.edition + 1, told_at = NULL
			WHERE contact_card.edition = ?`,
			unitID, db.JSON(d.Lines), d.Note, d.Shared, now, actor.PersonID, d.Edition)
		if err == nil && n == 0 {
			err = errs.Conflict("card.changed-meanwhile")
		}
		if err != nil {
			return err
		}
		return audit.Record(ctx, tx, now, actor.PersonID, "card.write", "unit:"+unitID, map[string]any{"lines": len(d.Lines), "shared": d.Shared})
	})
}

// Check notes that the actor has called the numbers of a card and all of it holds.
func (s *Service) Check(ctx context.Context, actor access.Actor, unitID string, edition int64) (err error) {
	defer errs.Wrap(&err, "card.Check")
	return s.db.Update(ctx, func(tx *db.Tx) error {
		c, err := kept(ctx, tx, actor, unitID)
		if err != nil {
			return err
		}
		if c.Edition == 0 {
			return errs.NotFound("error.not-found")
		}
		now := s.clock.Now()
		n, err := db.Changed(ctx, tx, `UPDATE contact_card SET checked_at = ?, checked_by = ?, told_at = NULL WHERE unit_id = ? AND edition = ?`, now, actor.PersonID, unitID, edition)
		if err == nil && n == 0 {
			err = errs.Conflict("card.changed-meanwhile")
		}
		if err != nil {
			return err
		}
		return audit.Record(ctx, tx, now, actor.PersonID, "card.check", "unit:"+unitID, nil)
	})
}

// Remove takes a unit's card away.
func (s *Service) Remove(ctx context.Context, actor access.Actor, unitID string) (err error) {
	defer errs.Wrap(&err, "card.Remove")
	return s.db.Update(ctx, func(tx *db.Tx) error {
		c, err := kept(ctx, tx, actor, unitID)
		if err != nil {
			return err
		}
		if c.Edition == 0 {
			return errs.NotFound("error.not-found")
		}
		if err := db.Exec(ctx, tx, `DELETE FROM contact_card WHERE unit_id = ?`, unitID); err != nil {
			return err
		}
		return audit.Record(ctx, tx, s.clock.Now(), actor.PersonID, "card.remove", "unit:"+unitID, nil)
	})
}
