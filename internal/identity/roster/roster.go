// Package roster takes in the lists of people that offices keep: spreadsheets with a title above, columns in any order and words
// for them in Polish or English, names in one column or two. It reads such a file, says row by row what it would do, and does it
// once that was looked at: in portions, so that nobody else waits for it, and from where it was after a crash.
//
// Who may be added or changed, by whom, and what is wrong with a person's data are identity's rules, which it asks; it writes
// through identity alone. A row that cannot be understood is left out and says why. What is guessed is shown and can be changed: the sheet,
// the encoding, the order of names. Its limits are sheet's: 20,000 rows, and no formulas.
package roster

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"
	"unicode"

	"ostoja/internal/access"
	"ostoja/internal/clock"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/id"
	"ostoja/internal/identity"
	"ostoja/internal/job"
	"ostoja/internal/lang"
	"ostoja/internal/sheet"
)

// previewFor is how long a file that was looked at can be confirmed.
const previewFor = time.Hour

// Options are chosen with the file.
type Options struct {
	UnitID      string `json:"unit"`             // for rows without a unit, and above new units
	CreateUnits bool   `json:"create"`           // a unit that is not known is made below UnitID; else its row is bad
	Lang        string `json:"lang"`             // for rows without a language
	Invite      bool   `json:"invite"`           // new people with an address are invited at once
	CourseID    string `json:"course,omitempty"` // in which they are to be enrolled next, by whoever knows of courses; this package only keeps it
	Choice
}

// Choice is how the file is read, where the person who looks at the preview knows better than a guess. The zero value guesses.
type Choice struct {
	Sheet    string `json:"sheet,omitempty"`
	Encoding string `json:"encoding,omitempty"`
	Order    Order  `json:"order,omitempty"`
	Hidden   bool   `json:"hidden,omitempty"` // rows that the spreadsheet hides are taken in too
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
	Entry   identity.Entry // all that will be written
	Changes []string       // names of the fields that will change
	Faults  []Fault
	Remarks []string // keys of texts: what was guessed in this row, or is to be looked at

	unit string // folded name of a unit to be made
}

// Preview is a file that was read, before anything is written.
type Preview struct {
	ID          string
	Options     Options
	Taken       bool     // it was taken in
	Columns     []string // that were understood, as written in the file
	Fields      []string // and what they are
	Ignored     []string // that were not
	FullNames   bool     // names stood in one column
	FamilyFirst bool     // and were taken with the family name first
	NewUnits    []string
	Lines       []Line

	Sheets      []sheet.Tab // of which one was read
	Sheet       sheet.Tab   // that one
	Encoding    string      // of the text; "" where there is nothing to choose
	Encodings   []Sample    // how else it may be meant
	Unsure      bool        // the encoding has to be chosen before anything is written
	HiddenLines int         // rows that the spreadsheet hides
	Turned      int         // rows whose names seem to stand otherwise than the rest
}

// Sample shows how a file reads in an encoding.
type Sample struct{ Encoding, Text string }

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
	Stopped                                   bool `json:",omitempty"` // whoever confirmed may no longer add people there
}

// Service reads lists and takes them in.
type Service struct {
	db        *db.DB
	clock     clock.Clock
	catalogue *lang.Catalogue
	people    *identity.Service
	queue     *job.Queue
}

// New returns a Service that writes through people, long lists by jobs of queue.
func New(d *db.DB, c clock.Clock, catalogue *lang.Catalogue, people *identity.Service, q *job.Queue) *Service {
	s := &Service{d, c, catalogue, people, q}
	q.Handle(importJob, s.proceed)
	return s
}

// Preview reads a file and says, row by row, what importing it would do. It keeps what it read of the known columns for an hour, for
// the actor alone.
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
	read, err := readFile(content)
	if err != nil {
		return Preview{}, err
	}
	previewID := id.New()
	if err := s.db.View(ctx, func(tx *db.Tx) error {
		p, err = s.evaluate(ctx, tx, actor, read, o)
		return err
	}); err != nil {
		return Preview{}, err
	}
	p.ID = previewID
	options, lines := db.JSON(o), db.JSON(read)
	return p, s.db.Update(ctx, func(tx *db.Tx) error {
		n, err := db.Changed(ctx, tx, `INSERT INTO import_preview (owner_id, id, options, lines, created_at) VALUES (?, ?, ?, ?, ?)
			ON CONFLICT (owner_id) DO UPDATE SET id = excluded.id, options = excluded.options, lines = excluded.lines, created_at = excluded.created_at,
				begun_at = NULL, ended_at = NULL, done_rows = 0, result = '{}'
			WHERE import_preview.begun_at IS NULL OR import_preview.ended_at IS NOT NULL`,
			actor.PersonID, p.ID, options, lines, s.clock.Now())
		if err == nil && n == 0 {
			return importFault("people.fault.import-running")
		}
		if err != nil {
			return err
		}
		return forgetTaken(ctx, tx)
	})
}

type stored struct {
	OwnerID   string
	Options   Options `db:"options,json"`
	Lines     file    `db:"lines,json"`
	CreatedAt time.Time
	BegunAt   time.Time
	EndedAt   time.Time
	Result    Result `db:"result,json"`
}

const storedColumns = `owner_id, options, lines, created_at, begun_at, ended_at, result`

// kept returns what a preview of the actor's read; it is gone after an hour, and with the next file.
func (s *Service) kept(ctx context.Context, q db.Querier, actor access.Actor, previewID string) (stored, error) {
	if !id.Valid(previewID) {
		return stored{}, errs.Gone("people.fault.import-gone")
	}
	kept, err := db.One[stored](ctx, q, `SELECT `+storedColumns+` FROM import_preview WHERE id = ? AND owner_id = ?`, previewID, actor.PersonID)
	if errors.Is(err, errs.ErrNotFound) || (err == nil && kept.BegunAt.IsZero() && s.clock.Now().Sub(kept.CreatedAt) > previewFor) {
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
		p.ID, p.Taken = previewID, !kept.EndedAt.IsZero()
		return err
	})
	return p, err
}

// Choose reads the file of a preview in another way.
func (s *Service) Choose(ctx context.Context, actor access.Actor, previewID string, c Choice) (err error) {
	defer errs.Wrap(&err, "roster.Choose(%q)", previewID)
	kept, err := s.kept(ctx, s.db, actor, previewID)
	if err != nil {
		return err
	}
	kept.Options.Choice = c
	return s.db.Update(ctx, func(tx *db.Tx) error {
		n, err := db.Changed(ctx, tx, `UPDATE import_preview SET options = ? WHERE id = ? AND (begun_at IS NULL OR ended_at IS NOT NULL)`, db.JSON(kept.Options), previewID)
		if err == nil && n == 0 {
			return errs.Conflict("people.fault.import-running")
		}
		return err
	})
}

// Forget drops what was read from files that nobody confirmed, and of those that were taken in. It is called every hour.
func (s *Service) Forget(ctx context.Context) (err error) {
	defer errs.Wrap(&err, "roster.Forget")
	now := s.clock.Now()
	return s.db.Update(ctx, func(tx *db.Tx) error {
		if err := db.Exec(ctx, tx, `DELETE FROM import_preview WHERE created_at < ? AND (begun_at IS NULL OR ended_at IS NOT NULL OR begun_at < ?)`,
			now.Add(-previewFor), now.Add(-runFor)); err != nil {
			return err
		}
		return forgetTaken(ctx, tx)
	})
}

// forgetTaken drops whom lists were about whose previews are gone.
func forgetTaken(ctx context.Context, tx *db.Tx) error {
	return db.Exec(ctx, tx, `DELETE FROM import_taken WHERE preview_id NOT IN (SELECT id FROM import_preview)`)
}

// evaluate says what each row would do.
func (s *Service) evaluate(ctx context.Context, tx *db.Tx, actor access.Actor, read file, o Options) (Preview, error) {
	t := read.read(o.Choice)
	b := s.newPlanner(actor, o, t)
	if err := b.lookAt(ctx, tx, s.people); err != nil {
		return Preview{}, err
	}
	_, full := t.headers[fieldFull]
	p := Preview{
		Options: b.options, Ignored: t.ignored, FullNames: full, FamilyFirst: t.order == FamilyFirst, Sheet: sheet.Tab{Name: t.list.Sheet, Hidden: t.list.Hidden},
		Encoding: t.encoding, Unsure: read.Unsure && t.encoding != o.Encoding,
	}
	for _, l := range read.Lists {
		p.Sheets = append(p.Sheets, sheet.Tab{Name: l.Sheet, Hidden: l.Hidden})
	}
	p.Encodings = read.samples(t)
	for _, f := range []field{fieldGiven, fieldFamily, fieldFull, fieldMail, fieldNumber, fieldUnit, fieldLang, fieldSex, fieldRegion, fieldUntil} {
		if h := t.headers[f]; h != "" {
			p.Columns, p.Fields = append(p.Columns, h), append(p.Fields, string(f))
		}
	}
	p.Lines = make([]Line, 0, len(t.rows))
	for some := range slices.Chunk(t.rows, plannedAtOnce) {
		lines, err := b.lines(ctx, tx, s.people, some)
		if err != nil {
			return Preview{}, err
		}
		p.Lines = append(p.Lines, lines...)
		for _, r := range some {
			if r.Hidden {
				p.HiddenLines++
			}
			if r.Turned || r.Perhaps {
				p.Turned++
			}
		}
	}
	p.NewUnits = b.newUnits
	return p, nil
}

// samples shows some words of a list as they are in each encoding; of those in which they are the same, the likeliest.
func (f file) samples(t table) (samples []Sample) {
	const words = 4
	var cells []string
	for _, r := range append([]row{{Cells: t.list.Header}}, t.list.Rows...) {
		for _, c := range r.Cells {
			if len(cells) < words && strings.IndexFunc(c, func(r rune) bool { return r > unicode.MaxASCII }) >= 0 && !slices.Contains(cells, c) {
				cells = append(cells, c)
			}
		}
	}
	for _, e := range f.Encodings {
		read := f.in(e)
		var shown []string
		for _, c := range cells {
			shown = append(shown, read(c))
		}
		s := Sample{e, strings.Join(shown, ", ")}
		if e == t.encoding || !slices.ContainsFunc(samples, func(o Sample) bool { return o.Text == s.Text }) {
			samples = append(samples, s)
		}
	}
	return samples
}
