package freeze

import (
	"context"
	"encoding/json"
	"errors"
	"slices"

	"ostoja/internal/access"
	"ostoja/internal/audit"
	"ostoja/internal/blob"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/job"
	"ostoja/internal/report"
)

// work does what somebody asked for, once: what is done or gone already is left alone.
func (s *Service) work(ctx context.Context, raw json.RawMessage) (err error) {
	defer errs.Wrap(&err, "freeze.work")
	var p payload
	if err := json.Unmarshal(raw, &p); err != nil {
		return job.Permanent(err)
	}
	f, err := db.One[Frozen](ctx, s.DB, selectFrozen+`WHERE f.id = ? AND f.state = ?`, p.ID, string(Waiting))
	if errors.Is(err, errs.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	err = s.make(ctx, f)
	var said *errs.Error
	if errors.As(err, &said) { // somebody can read what is in the way, and mend it
		return s.DB.Update(ctx, func(tx *db.Tx) error {
			return db.Exec(ctx, tx, `UPDATE report_frozen SET state = ?, fault = ? WHERE id = ?`, string(Failed), said.Key, f.ID)
		})
	}
	return err
}

// make brings the breakdowns up to date, makes the package and stores it, unless a figure changed meanwhile.
func (s *Service) make(ctx context.Context, f Frozen) error {
	if err := s.Reports.TellOf(ctx, f.ProjectID); err != nil {
		return err
	}
	if err := s.step(ctx, f.ID, 1); err != nil {
		return err
	}
	var before []report.Figure
	if err := s.DB.View(ctx, func(tx *db.Tx) (err error) {
		before, err = s.mayStill(ctx, tx, f)
		return err
	}); err != nil {
		return err
	}
	content, d, err := s.build(ctx, f, func(step int) error { return s.step(ctx, f.ID, step) })
	if err != nil {
		return err
	}
	return s.DB.Update(ctx, func(tx *db.Tx) error {
		now, err := s.mayStill(ctx, tx, f)
		if err != nil {
			return err
		}
		if !slices.EqualFunc(before, now, func(a, b report.Figure) bool { return a.Edition == b.Edition && a.State == b.State }) {
			return errs.Conflict("reportfreeze.fault.approved")
		}
		return s.keep(ctx, tx, f, d, now, content)
	})
}

// mayStill checks the conditions anew, with the rights that who asked has now.
func (s *Service) mayStill(ctx context.Context, tx *db.Tx, f Frozen) ([]report.Figure, error) {
	actor, err := s.Actors.ActorOf(ctx, tx, f.FrozenBy)
	if err != nil {
		return nil, err
	}
	p, x, figures, err := s.look(ctx, tx, actor, f.ProjectID, f.PeriodID)
	if err != nil {
		return nil, err
	}
	return figures, conditions(p, x, figures, f.FrozenBy)
}

// keep stores the package. Another worker that had the same job finds it done.
func (s *Service) keep(ctx context.Context, tx *db.Tx, f Frozen, d Document, figures []report.Figure, content []byte) error {
	hash, err := blob.Put(ctx, tx, "application/zip", content, s.Clock.Now())
	if err != nil {
		return err
	}
	approved, rules := []string{}, map[string]int64{}
	for _, x := range figures {
		if !slices.Contains(approved, x.ApprovedBy) {
			approved = append(approved, x.ApprovedBy)
		}
	}
	for _, x := range d.Funds {
		rules[x.ID] = x.Version
	}
	n, err := db.Changed(ctx, tx, `UPDATE report_frozen SET state = ?, step = ?, approved_by = ?, rules = ?, blob_hash = ?, size = ? WHERE id = ? AND state = ?`,
		string(Done), Steps, db.JSON(approved), db.JSON(rules), hash, len(content), f.ID, string(Waiting))
	if err != nil || n == 0 {
		return err
	}
	if err := s.Projects.Frozen(ctx, tx, f.PeriodID, f.At); err != nil {
		return err
	}
	return audit.Record(ctx, tx, s.Clock.Now(), f.FrozenBy, "report.frozen", "project:"+f.ProjectID, map[string]any{"period": f.PeriodID, "number": f.Number, "sha256": hash})
}

// step notes how far the work is.
func (s *Service) step(ctx context.Context, frozenID string, step int) error {
	return s.DB.Update(ctx, func(tx *db.Tx) error {
		return db.Exec(ctx, tx, `UPDATE report_frozen SET step = ? WHERE id = ? AND state = ?`, step, frozenID, string(Waiting))
	})
}

// Rebuild makes the package of a report that was frozen anew, of the data as they are now. As long as nobody changed them, it has the bytes of the one that is kept.
func (s *Service) Rebuild(ctx context.Context, actor access.Actor, projectID, frozenID string) (content []byte, err error) {
	defer errs.Wrap(&err, "freeze.Rebuild")
	_, f, err := s.One(ctx, actor, projectID, frozenID)
	if err != nil {
		return nil, err
	}
	content, _, err = s.build(ctx, f, func(int) error { return nil })
	return content, err
}

// build makes the package: of the figures in one reading, then the files.
func (s *Service) build(ctx context.Context, f Frozen, step func(int) error) (content []byte, d Document, err error) {
	blobs := map[string][]byte{}
	err = s.DB.View(ctx, func(tx *db.Tx) error {
		d, err = s.document(ctx, tx, f)
		if err != nil {
			return err
		}
		for _, x := range d.Funds {
			for _, p := range x.emblems {
				if blobs[p.Hash], err = open(ctx, tx, p.Hash, ""); err != nil {
					return err
				}
			}
		}
		for _, hash := range d.Notes.hashes() {
			if blobs[hash], err = open(ctx, tx, hash, ""); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, d, err
	}
	if err := step(2); err != nil {
		return nil, d, err
	}
	if d.Gain, err = s.gain(ctx, f); err != nil {
		return nil, d, err
	}
	if err := step(3); err != nil {
		return nil, d, err
	}
	files, err := s.files(d, blobs)
	if err != nil {
		return nil, d, err
	}
	if err := step(4); err != nil {
		return nil, d, err
	}
	content, err = pack(files, s.Key)
	return content, d, err
}

// gain is what the project's people learned.
func (s *Service) gain(ctx context.Context, f Frozen) ([]report.Gain, error) {
	p, err := s.Projects.Page(ctx, access.System, f.ProjectID)
	if err != nil {
		return nil, err
	}
	list, err := s.Reports.Gain(ctx, p.Project)
	if list == nil {
		list = []report.Gain{}
	}
	for i, g := range list {
		g.Before, g.After, g.Difference, g.Low, g.High = round(g.Before), round(g.After), round(g.Difference), round(g.Low), round(g.High)
		list[i] = g
	}
	return list, err
}

// document reads what the package holds, with what became of the reports frozen before it.
func (s *Service) document(ctx context.Context, tx *db.Tx, f Frozen) (d Document, err error) {
	p, err := s.Projects.In(ctx, tx, access.System, f.ProjectID)
	if err != nil {
		return d, err
	}
	f = f.in(p)
	t, err := s.Reports.TableIn(ctx, tx, access.System, f.ProjectID, f.Period)
	if err != nil {
		return d, err
	}
	coverage, err := s.Reports.CoveragesIn(ctx, tx, p, f.Period)
	if err != nil {
		return d, err
	}
	d = documentOf(f, t, coverage, s.Zone)
	if f.Format >= formatNotes {
		if d.Notes, err = s.notes(ctx, tx, p, f.Period); err != nil {
			return d, err
		}
	}
	earlier, err := db.All[Frozen](ctx, tx, selectFrozen+`WHERE f.project_id = ? AND f.number < ? AND f.state = ? ORDER BY f.number`, f.ProjectID, f.Number, string(Done))
	if err != nil {
		return d, err
	}
	for _, e := range earlier {
		raw, err := open(ctx, tx, e.BlobHash, documentFile)
		if err != nil {
			return d, err
		}
		var then Document
		if err := json.Unmarshal(raw, &then); err != nil {
			return d, err
		}
		now, err := s.Reports.TableIn(ctx, tx, access.System, f.ProjectID, then.Period.Number)
		if err != nil {
			return d, err
		}
		d.Corrected = append(d.Corrected, corrections(then, now)...)
	}
	return d, nil
}
