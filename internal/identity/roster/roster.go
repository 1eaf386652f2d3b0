// Package roster takes in the lists of people that offices keep: spreadsheets with a title above, columns in any order and words
// for them in Polish or English, names in one column or two. It reads such a file, says row by row what it would do, and does it
// once that was looked at.
//
// Who may be added or changed, by whom, and what is wrong with a person's data are identity's rules, which it asks; it writes
// through identity alone. A row that cannot be understood is left out and says why; nothing is guessed, but for the order of
// names, which the page shows for that reason. Its limits are sheet's: 20,000 rows, and no formulas.
package roster

import (
	"context"
	"errors"
	"slices"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/audit"
	"ostoja/internal/clock"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/id"
	"ostoja/internal/identity"
	"ostoja/internal/lang"
	"ostoja/internal/text"
)

// previewFor is how long a file that was looked at can be confirmed.
const previewFor = time.Hour

// Options are chosen with the file.
type Options struct {
	UnitID      string `json:"unit"`   // for rows without a unit, and above new units
	CreateUnits bool   `json:"create"` // a unit that is not known is made below UnitID; else its row is bad
	Lang        string `json:"lang"`   // for rows without a language
	Invite      bool   `json:"invite"` // new people with an address are invited at once
}

// LineState says what the import will do with a row.
type LineState string

// The states of rows.
const (
	LineNew     LineState = "new"
	LineSame    LineState = "same"
	LineChanged LineState = "changed"
	LineBad     LineState = "bad"
)

// LineStates lists the states, the worst first.
var LineStates = []LineState{LineBad, LineNew, LineChanged, LineSame}

// Fault is what is wrong in a row.
type Fault struct {
	Column string // as the file names it, "" if it has none
	Key    string
	Args   map[string]any
}

// Line is a row of the file and what will become of it.
type Line struct {
	Number  int // as the spreadsheet program shows it
	State   LineState
	Name    string
	SignIn  string // mail or service number
	Unit    string
	NewUnit bool
	Changes []string // names of the fields that will change
	Faults  []Fault

	entry identity.Entry
	unit  string // folded name of a unit to be made
}

// Preview is a file that was read, before anything is written.
type Preview struct {
	ID          string
	Options     Options
	Columns     []string // that were understood, as written in the file
	Ignored     []string // that were not
	FullNames   bool     // names stood in one column
	FamilyFirst bool     // and were taken with the family name first
	NewUnits    []string
	Lines       []Line
}

// Count returns how many rows are in a state.
func (p Preview) Count(state LineState) (n int) {
	for _, l := range p.Lines {
		if l.State == state {
			n++
		}
	}
	return n
}

// Result says what was written.
type Result struct {
	Added, Changed, Same, Bad, Invited, Units int
}

// Service reads lists and takes them in.
type Service struct {
	db        *db.DB
	clock     clock.Clock
	catalogue *lang.Catalogue
	people    *identity.Service
}

// New returns a Service that writes through people.
func New(d *db.DB, c clock.Clock, catalogue *lang.Catalogue, people *identity.Service) *Service {
	return &Service{d, c, catalogue, people}
}

// Preview reads a file and says, row by row, what importing it would do. It keeps what it read for an hour, for the actor
// alone.
func (s *Service) Preview(ctx context.Context, actor access.Actor, content []byte, o Options) (p Preview, err error) {
	defer errs.Wrap(&err, "roster.Preview")
	var f errs.Fields
	if len(content) == 0 {
		f.Add("file", "people.fault.import-no-file")
	}
	if !slices.Contains(s.catalogue.Langs(), o.Lang) {
		f.Add("lang", "people.fault.choose")
	}
	if o.UnitID == "" {
		f.Add("unit", "people.fault.choose")
	}
	if err := f.Err(); err != nil {
		return Preview{}, err
	}
	t, err := readTable(content)
	if err != nil {
		return Preview{}, err
	}
	err = s.db.Update(ctx, func(tx *db.Tx) error {
		if p, err = s.evaluate(ctx, tx, actor, t, o); err != nil {
			return err
		}
		p.ID = id.New()
		return db.Exec(ctx, tx, `INSERT INTO import_preview (owner_id, id, options, lines, created_at) VALUES (?, ?, ?, ?, ?)
			ON CONFLICT (owner_id) DO UPDATE SET id = excluded.id, options = excluded.options, lines = excluded.lines, created_at = excluded.created_at`,
			actor.PersonID, p.ID, db.JSON(o), db.JSON(t), s.clock.Now())
	})
	return p, err
}

type stored struct {
	Options   Options `db:"options,json"`
	Lines     table   `db:"lines,json"`
	CreatedAt time.Time
}

// kept returns what a preview of the actor's read; it is gone after an hour, and with the next file.
func (s *Service) kept(ctx context.Context, tx *db.Tx, actor access.Actor, previewID string) (stored, error) {
	if !id.Valid(previewID) {
		return stored{}, errs.Gone("people.fault.import-gone")
	}
	kept, err := db.One[stored](ctx, tx, `SELECT options, lines, created_at FROM import_preview WHERE id = ? AND owner_id = ?`, previewID, actor.PersonID)
	if errors.Is(err, errs.ErrNotFound) || (err == nil && s.clock.Now().Sub(kept.CreatedAt) > previewFor) {
		return stored{}, errs.Gone("people.fault.import-gone")
	}
	return kept, err
}

// Previewed returns a preview that the actor was shown, as it is now: somebody else may have added people since.
func (s *Service) Previewed(ctx context.Context, actor access.Actor, previewID string) (p Preview, err error) {
	defer errs.Wrap(&err, "roster.Previewed(%q)", previewID)
	err = s.db.View(ctx, func(tx *db.Tx) error {
		kept, err := s.kept(ctx, tx, actor, previewID)
		if err != nil {
			return err
		}
		p, err = s.evaluate(ctx, tx, actor, kept.Lines, kept.Options)
		p.ID = previewID
		return err
	})
	return p, err
}

// Confirm writes what a preview showed, in one transaction. It looks at every row anew, so that a second confirmation, or
// one after somebody else's work, adds nobody twice.
func (s *Service) Confirm(ctx context.Context, actor access.Actor, previewID string) (r Result, err error) {
	defer errs.Wrap(&err, "roster.Confirm(%q)", previewID)
	err = s.db.Update(ctx, func(tx *db.Tx) error {
		kept, err := s.kept(ctx, tx, actor, previewID)
		if err != nil {
			return err
		}
		p, err := s.evaluate(ctx, tx, actor, kept.Lines, kept.Options)
		if err != nil {
			return err
		}
		r, err = s.apply(ctx, tx, actor, p)
		if err != nil {
			return err
		}
		return audit.Record(ctx, tx, s.clock.Now(), actor.PersonID, "person.import", "unit:"+kept.Options.UnitID, r)
	})
	return r, err
}

// Forget drops what was read from files that nobody confirmed. It is called every hour.
func (s *Service) Forget(ctx context.Context) (err error) {
	defer errs.Wrap(&err, "roster.Forget")
	return s.db.Update(ctx, func(tx *db.Tx) error {
		return db.Exec(ctx, tx, `DELETE FROM import_preview WHERE created_at < ?`, s.clock.Now().Add(-previewFor))
	})
}

// apply writes the rows of a preview.
func (s *Service) apply(ctx context.Context, tx *db.Tx, actor access.Actor, p Preview) (r Result, err error) {
	units := map[string]string{} // ids by folded name
	for _, name := range p.NewUnits {
		unitID, err := s.people.MakeUnit(ctx, tx, actor, identity.UnitDraft{ParentID: p.Options.UnitID, Kind: identity.OtherUnit, Name: name})
		if err != nil {
			return r, err
		}
		units[text.Search(name)] = unitID
		r.Units++
	}
	for _, l := range p.Lines {
		if l.unit != "" {
			l.entry.UnitID = units[l.unit]
		}
		switch l.State {
		case LineBad:
			r.Bad++
			continue
		case LineSame:
			r.Same++
			continue
		case LineNew:
			r.Added++
			if l.entry.Invite = p.Options.Invite && l.entry.Mail != ""; l.entry.Invite {
				r.Invited++
			}
		case LineChanged:
			r.Changed++
		}
		if err := s.people.Enter(ctx, tx, actor, l.entry); err != nil {
			return r, err
		}
	}
	return r, nil
}

// evaluate says what each row would do. It reads everybody at once: 20,000 rows asked one by one would take a minute.
func (s *Service) evaluate(ctx context.Context, tx *db.Tx, actor access.Actor, t table, o Options) (Preview, error) {
	below, err := s.people.UnitForPeople(ctx, tx, actor, o.UnitID)
	if err != nil {
		return Preview{}, err
	}
	if o.CreateUnits && !actor.May(access.UnitsWrite, below.Path) {
		o.CreateUnits = false
	}
	b, err := s.newPlanner(ctx, tx, actor, below, o, t)
	if err != nil {
		return Preview{}, err
	}
	_, full := t.Headers[fieldFull]
	p := Preview{Options: o, Ignored: t.Ignored, FullNames: full, FamilyFirst: t.FamilyFirst}
	for _, f := range []field{fieldGiven, fieldFamily, fieldFull, fieldMail, fieldNumber, fieldUnit, fieldLang, fieldSex, fieldRegion, fieldUntil} {
		if h := t.Headers[f]; h != "" {
			p.Columns = append(p.Columns, h)
		}
	}
	p.Lines = make([]Line, 0, len(t.Rows))
	for _, row := range t.Rows {
		p.Lines = append(p.Lines, b.line(row))
	}
	p.NewUnits = b.newUnits
	return p, nil
}
