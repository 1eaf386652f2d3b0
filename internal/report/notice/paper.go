package notice

import (
	"context"
	"slices"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/act"
	"ostoja/internal/audit"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/id"
	"ostoja/internal/project"
	"ostoja/internal/project/fund"
)

// UndoFor is for how long a hand-out can be taken back.
const UndoFor = act.UndoFor

// Day is a day on which people were at a training of a project.
type Day struct {
	TrainingID string
	Day        string
}

// Handout says that a fund's notice was handed out on paper to all who were at a training on a day.
type Handout struct {
	ID         string
	FundID     string
	Version    int64
	Lang       string
	TrainingID string
	Day        string
	At         time.Time
	UndoneAt   time.Time
	People     int  // who were told by it
	MayUndo    bool // as yet
}

// Desk is what an office sees of the notices of a project.
type Desk struct {
	project.Page
	Sets     []fund.Rules // those with a notice
	Silent   []fund.Rules // those whose text nobody has copied yet
	Days     []Day        // the latest first
	Handouts []Handout    // the latest first
}

// Desk returns what an office sees of the notices of a project.
func (s *Service) Desk(ctx context.Context, actor access.Actor, projectID string) (d Desk, err error) {
	defer errs.Wrap(&err, "notice.Desk")
	err = s.DB.View(ctx, func(tx *db.Tx) (err error) {
		d, err = s.desk(ctx, tx, actor, projectID)
		return err
	})
	return d, err
}

func (s *Service) desk(ctx context.Context, q db.Querier, actor access.Actor, projectID string) (d Desk, err error) {
	if d.Page, err = s.Projects.In(ctx, q, actor, projectID); err != nil {
		return d, err
	}
	for _, share := range d.Shares {
		set, _, err := s.Rules.Of(ctx, q, share.FundID, 0)
		if err != nil {
			return d, err
		}
		if len(languages(set.Notice.Text)) > 0 {
			d.Sets = append(d.Sets, set)
		} else {
			d.Silent = append(d.Silent, set)
		}
	}
	type there struct {
		TrainingID string
		StartsAt   time.Time
	}
	sessions, err := db.All[there](ctx, q, `
		SELECT h.training_id, h.starts_at FROM project_subject x JOIN classroom_half h ON h.training_id = x.subject_id
		WHERE x.project_id = ? AND x.kind = 'training' AND EXISTS (SELECT 1 FROM classroom_attended t WHERE t.session_id = h.id) ORDER BY h.starts_at DESC, h.training_id`, projectID)
	if err != nil {
		return d, err
	}
	for _, x := range sessions {
		if day := (Day{x.TrainingID, x.StartsAt.In(s.Zone).Format(time.DateOnly)}); !slices.Contains(d.Days, day) {
			d.Days = append(d.Days, day)
		}
	}
	d.Handouts, err = db.All[Handout](ctx, q, `
		SELECT h.id, h.fund_id, h.version, h.lang, h.training_id, h.day, h.at, h.undone_at, (SELECT COUNT(*) FROM report_notice n WHERE n.handout_id = h.id) AS people, FALSE AS may_undo
		FROM report_handout h WHERE h.project_id = ? ORDER BY h.at DESC, h.id DESC`, projectID)
	for i := range d.Handouts {
		h := &d.Handouts[i]
		h.MayUndo = d.MayWrite && h.UndoneAt.IsZero() && s.Clock.Now().Before(h.At.Add(UndoFor))
	}
	return d, err
}

// HandOut notes that a fund's notice was handed out in a language to all who were at a training on a day, and says how many of them had not been told of this version.
func (s *Service) HandOut(ctx context.Context, actor access.Actor, projectID, fundID, lang string, on Day) (n int, err error) {
	defer errs.Wrap(&err, "notice.HandOut")
	err = s.DB.Update(ctx, func(tx *db.Tx) error {
		d, err := s.writable(ctx, tx, actor, projectID)
		if err != nil {
			return err
		}
		var f errs.Fields
		i := slices.IndexFunc(d.Sets, func(set fund.Rules) bool { return set.ID == fundID })
		if i < 0 || d.Sets[i].Notice.Text[lang] == "" {
			f.Add("text", "notice.fault.choose")
		}
		if !slices.Contains(d.Days, on) {
			f.Add("day", "notice.fault.choose")
		}
		if err := f.Err(); err != nil {
			return err
		}
		_, version, err := s.Rules.Of(ctx, tx, fundID, 0)
		if err != nil {
			return err
		}
		from, err := time.ParseInLocation(time.DateOnly, on.Day, s.Zone)
		if err != nil {
			return err
		}
		now, handoutID := s.Clock.Now(), id.New()
		if err := db.Exec(ctx, tx, `INSERT INTO report_handout (id, project_id, fund_id, version, lang, training_id, day, at, actor_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
			handoutID, projectID, fundID, version, lang, on.TrainingID, on.Day, now, actor.PersonID); err != nil {
			return err
		}
		people, err := db.All[string](ctx, tx, `
			SELECT DISTINCT t.person_id FROM classroom_half h JOIN classroom_attended t ON t.session_id = h.id WHERE h.training_id = ? AND h.starts_at >= ? AND h.starts_at < ?
				AND NOT EXISTS (SELECT 1 FROM project_not_counted o WHERE o.project_id = ?
					AND o.person_id = COALESCE((SELECT c.counts_as FROM project_counted_as c WHERE c.person_id = t.person_id), t.person_id))
			ORDER BY t.person_id`, on.TrainingID, from, from.AddDate(0, 0, 1), projectID)
		if err != nil {
			return err
		}
		for _, personID := range people {
			added, err := db.Changed(ctx, tx, `
				INSERT INTO report_notice (project_id, person_id, fund_id, version, lang, at, how, actor_id, handout_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
				ON CONFLICT (project_id, person_id, fund_id, version) DO NOTHING`, projectID, personID, fundID, version, lang, from, onPaper, actor.PersonID, handoutID)
			if err != nil {
				return err
			}
			n += added
		}
		return audit.Record(ctx, tx, now, actor.PersonID, "project.notice-handed", "project:"+projectID, map[string]any{"fund": fundID, "training": on.TrainingID, "day": on.Day, "number": n})
	})
	return n, err
}

// Undo takes back a hand-out of the last minutes.
func (s *Service) Undo(ctx context.Context, actor access.Actor, projectID, handoutID string) (err error) {
	defer errs.Wrap(&err, "notice.Undo")
	return s.DB.Update(ctx, func(tx *db.Tx) error {
		d, err := s.writable(ctx, tx, actor, projectID)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(d.Handouts, func(h Handout) bool { return h.ID == handoutID })
		switch {
		case i < 0:
			return errs.NotFound("error.not-found")
		case !d.Handouts[i].UndoneAt.IsZero():
			return nil
		case !d.Handouts[i].MayUndo:
			return errs.Conflict("notice.fault.late")
		}
		now := s.Clock.Now()
		if err := db.Exec(ctx, tx, `UPDATE report_handout SET undone_at = ? WHERE id = ?`, now, handoutID); err != nil {
			return err
		}
		if err := db.Exec(ctx, tx, `DELETE FROM report_notice WHERE handout_id = ?`, handoutID); err != nil {
			return err
		}
		return audit.Record(ctx, tx, now, actor.PersonID, "project.notice-taken-back", "project:"+projectID, map[string]any{"handout": handoutID})
	})
}

// writable is the desk of a project that the actor may change.
func (s *Service) writable(ctx context.Context, tx *db.Tx, actor access.Actor, projectID string) (d Desk, err error) {
	if d, err = s.desk(ctx, tx, actor, projectID); err == nil && !d.MayWrite {
		err = errs.Forbidden("error.forbidden")
	}
	return d, err
}
