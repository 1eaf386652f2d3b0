package roster

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/audit"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/identity"
	"ostoja/internal/job"
)

// A portion is what one transaction writes: others who write wait for it, on SQLite all of them. A short list is written at once, also
// where the machine is slow: who confirms it sees what came of it, and no page that waits.
const (
	portionRows = 100
	portionTime = 40 * time.Millisecond // from shortList rows on
	shortList   = 50                    // rows
)

// runFor is how long an import that was begun is kept, should its job fail for days.
const runFor = 7 * 24 * time.Hour

// importJob is the kind of the jobs that go on with a long list.
const importJob job.Kind = "roster.import"

type importPayload struct {
	PreviewID string `json:"preview_id"`
}

// Progress says how far an import is.
type Progress struct {
	PreviewID  string
	Rows, Done int
	Ended      bool
	Result     Result
}

// run is an import under way.
type run struct {
	previewID string
	table     table
	options   Options
	planner   *planner
	passed    int // rows that the planner knows of
}

// Confirm writes what a preview showed: the first portion at once, all others by a job that each portion's transaction leaves as it
// found it or done. It looks at every row anew, so that a second confirmation, or one after somebody else's work, adds nobody twice; one
// while the first is under way changes nothing.
func (s *Service) Confirm(ctx context.Context, actor access.Actor, previewID string) (r Result, err error) {
	defer errs.Wrap(&err, "roster.Confirm(%q)", previewID)
	kept, err := s.kept(ctx, s.db, actor, previewID) // before the transaction: a long list takes a tenth of a second to read
	if err != nil {
		return r, err
	}
	if kept.Lines.Unsure && kept.Options.Encoding == "" {
		return r, errs.Conflict("people.fault.import-encoding")
	}
	w := s.newRun(actor, previewID, kept)
	err = s.db.Update(ctx, func(tx *db.Tx) error {
		begun, err := db.Changed(ctx, tx, `UPDATE import_preview SET begun_at = ?, ended_at = NULL, all_rows = ?, done_rows = 0, result = '{}'
			WHERE id = ? AND (begun_at IS NULL OR ended_at IS NOT NULL)`, s.clock.Now(), len(w.table.rows), previewID)
		if err != nil {
			return err
		}
		if begun == 0 { // it is under way
			now, err := stateOf(ctx, tx, previewID)
			r = now.Result
			return err
		}
		var ended bool
		if r, ended, err = s.portion(ctx, tx, w, 0, Result{}); err != nil || ended {
			return err
		}
		return s.queue.Add(ctx, tx, importJob, importPayload{previewID}, time.Time{})
	})
	return r, err
}

// state is how far an import is.
type state struct {
	DoneRows int
	EndedAt  time.Time
	Result   Result `db:"result,json"`
}

func stateOf(ctx context.Context, q db.Querier, previewID string) (state, error) {
	return db.One[state](ctx, q, `SELECT done_rows, ended_at, result FROM import_preview WHERE id = ?`, previewID)
}

func (s *Service) newRun(actor access.Actor, previewID string, kept stored) *run {
	t := kept.Lines.read(kept.Options.Choice)
	return &run{previewID: previewID, table: t, options: kept.Options, planner: s.newPlanner(actor, kept.Options, t)}
}

// Progress returns how far an import of the actor's is; with an empty id, the one that is under way. None is not found.
func (s *Service) Progress(ctx context.Context, actor access.Actor, previewID string) (p Progress, err error) {
	defer errs.Wrap(&err, "roster.Progress(%q)", previewID)
	type row struct {
		ID       string
		AllRows  int
		DoneRows int
		EndedAt  time.Time
		Result   Result `db:"result,json"`
	}
	r, err := db.One[row](ctx, s.db, `SELECT id, all_rows, done_rows, ended_at, result FROM import_preview
		WHERE owner_id = ? AND begun_at IS NOT NULL AND (id = ? OR (? = '' AND ended_at IS NULL))`, actor.PersonID, previewID, previewID)
	return Progress{PreviewID: r.ID, Rows: r.AllRows, Done: r.DoneRows, Ended: !r.EndedAt.IsZero(), Result: r.Result}, err
}

// proceed goes on with a list where the last portion ended, whoever wrote it.
func (s *Service) proceed(ctx context.Context, raw json.RawMessage) (err error) {
	defer errs.Wrap(&err, "roster.proceed")
	var payload importPayload
	if err := json.Unmarshal(raw, &payload); err != nil {
		return err
	}
	kept, err := db.One[stored](ctx, s.db, `SELECT `+storedColumns+` FROM import_preview WHERE id = ?`, payload.PreviewID)
	if errors.Is(err, errs.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	w := s.newRun(access.Actor{PersonID: kept.OwnerID}, payload.PreviewID, kept)
	if err := s.catchUp(ctx, w); err != nil {
		return err
	}
	for ended := false; !ended; {
		if err := s.db.Update(ctx, func(tx *db.Tx) error {
			ended, err = s.next(ctx, tx, w)
			return err
		}); err != nil {
			return err
		}
	}
	return nil
}

// catchUp tells the planner of the rows that are done, before others wait for it.
func (s *Service) catchUp(ctx context.Context, w *run) error {
	return s.db.View(ctx, func(tx *db.Tx) error {
		now, err := stateOf(ctx, tx, w.previewID)
		if err != nil || !now.EndedAt.IsZero() {
			return err
		}
		if w.planner.actor, err = s.people.ActorOf(ctx, tx, w.planner.actor.PersonID); err != nil {
			return err
		}
		if err := w.planner.lookAt(ctx, tx, s.people); err != nil {
			if errors.Is(err, errs.ErrInvalid) { // the next portion says so
				return nil
			}
			return err
		}
		w.passed = min(now.DoneRows, len(w.table.rows))
		w.planner.passed(w.table.rows[:w.passed])
		return nil
	})
}

// next writes the next portion, as the person who confirmed may now.
func (s *Service) next(ctx context.Context, tx *db.Tx, w *run) (ended bool, err error) {
	// Two workers may have the job, if the first is thought dead: the second waits here for the first one's portion.
	if err := db.Exec(ctx, tx, `UPDATE import_preview SET done_rows = done_rows WHERE id = ?`, w.previewID); err != nil {
		return false, err
	}
	now, err := stateOf(ctx, tx, w.previewID)
	if errors.Is(err, errs.ErrNotFound) || (err == nil && !now.EndedAt.IsZero()) {
		return true, nil
	}
	if err != nil {
		return false, err
	}
	if w.planner.actor, err = s.people.ActorOf(ctx, tx, w.planner.actor.PersonID); err != nil {
		return false, err
	}
	r, ended, err := s.portion(ctx, tx, w, now.DoneRows, now.Result)
	if errors.Is(err, errs.ErrInvalid) { // they may no longer add people there
		r = now.Result
		r.Stopped = true
		return true, s.end(ctx, tx, w, r)
	}
	return ended, err
}

// portion writes rows from done on and notes how far it came.
func (s *Service) portion(ctx context.Context, tx *db.Tx, w *run, done int, r Result) (_ Result, ended bool, err error) {
	begin := time.Now() // how long others wait, whatever the program's clock says
	b := w.planner
	if err := b.lookAt(ctx, tx, s.people); err != nil {
		return r, false, err
	}
	if w.passed < done { // another worker went on
		b.passed(w.table.rows[w.passed:done])
	}
	lines, err := b.lines(ctx, tx, s.people, w.table.rows[done:min(done+portionRows, len(w.table.rows))])
	if err != nil {
		return r, false, err
	}
	units := map[string]string{} // ids of those made here, by folded name
	for i, l := range lines {
		if i >= shortList && time.Since(begin) > portionTime {
			break
		}
		if l.unit != "" && units[l.unit] == "" {
			if units[l.unit], err = s.people.MakeUnit(ctx, tx, b.actor, identity.UnitDraft{ParentID: b.options.UnitID, Kind: identity.OtherUnit, Name: l.Unit}); err != nil {
				return r, false, err
			}
			r.Units++
		}
		if l.unit != "" {
			l.Entry.UnitID = units[l.unit]
		}
		if err := s.write(ctx, tx, b, w.previewID, l, &r); err != nil {
			return r, false, err
		}
		done++
	}
	w.passed = done
	if done == len(w.table.rows) {
		return r, true, s.end(ctx, tx, w, r)
	}
	return r, false, db.Exec(ctx, tx, `UPDATE import_preview SET done_rows = ?, result = ? WHERE id = ?`, done, db.JSON(r), w.previewID)
}

// write does what a row says and counts it.
func (s *Service) write(ctx context.Context, tx *db.Tx, b *planner, previewID string, l Line, r *Result) error {
	switch l.State {
	case LineBad:
		r.Bad++
		return nil
	case LineSame:
		r.Same++
		return b.take(ctx, tx, previewID, l.Entry.PersonID)
	case LineNew:
		r.Added++
		if l.Entry.Invite = b.options.Invite && l.Entry.Mail != ""; l.Entry.Invite {
			r.Invited++
		}
	case LineChanged:
		r.Changed++
	}
	personID, err := s.people.Enter(ctx, tx, b.actor, l.Entry)
	if err != nil {
		return err
	}
	return b.take(ctx, tx, previewID, personID)
}

// take notes that a list was about a person, if something is to be done with them next; two rows may be about one.
func (b *planner) take(ctx context.Context, tx *db.Tx, previewID, personID string) error {
	if b.options.CourseID == "" {
		return nil
	}
	return db.Exec(ctx, tx, `INSERT INTO import_taken (preview_id, person_id) VALUES (?, ?) ON CONFLICT DO NOTHING`, previewID, personID)
}

// end notes what an import came to.
func (s *Service) end(ctx context.Context, tx *db.Tx, w *run, r Result) error {
	now := s.clock.Now()
	if err := db.Exec(ctx, tx, `UPDATE import_preview SET done_rows = all_rows, result = ?, ended_at = ? WHERE id = ?`, db.JSON(r), now, w.previewID); err != nil {
		return err
	}
	return audit.Record(ctx, tx, now, w.planner.actor.PersonID, "person.import", "unit:"+w.options.UnitID, r)
}
