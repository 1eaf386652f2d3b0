package classroom

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/audit"
	"ostoja/internal/classroom/wall"
	"ostoja/internal/clock"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/id"
	"ostoja/internal/text"
)

// NewDraft is what is written of a training that is to be planned.
type NewDraft struct {
	Content  ContentDraft
	UnitID   string
	Sessions []SessionDraft // at least one; the faults of the first stand at the form's own fields
}

// Create plans a training, and returns its id.
func (s *Service) Create(ctx context.Context, actor access.Actor, d NewDraft) (trainingID string, err error) {
	defer errs.Wrap(&err, "classroom.Create")
	content, faults := d.Content.check()
	now := s.clock.Now()
	sessions, others := make([]Session, 0, len(d.Sessions)), []busy{}
	for i, x := range d.Sessions {
		c, wrong := x.check(now, s.zone, nil, Seats{}, others)
		for _, f := range wrong {
			if !slices.ContainsFunc(faults, func(g errs.Field) bool { return g.Name == f.Name && g.Key == f.Key }) {
				faults = append(faults, f)
			}
		}
		c.ID = string(rune('a' + i)) // told apart from the others until it has its own
		sessions, others = append(sessions, c.Session), append(others, busy{session: c.Session})
	}
	if len(sessions) == 0 {
		faults.Add("day", "classroom.fault.day")
	}
	if err := faults.Err(); err != nil {
		return "", err
	}
	err = s.db.Update(ctx, func(tx *db.Tx) error {
		from, until, place := span(sessions)
		if trainingID, err = s.insert(ctx, tx, actor, row{Title: content.Title, Place: place, From: from, Until: until, UnitID: d.UnitID}); err != nil {
			return err
		}
		if err := content.store(ctx, tx, trainingID); err != nil {
			return err
		}
		for _, x := range sessions {
			x.ID, x.TrainingID = id.New(), trainingID
			if err := s.storeSession(ctx, tx, x, nil, nil); err != nil {
				return err
			}
		}
		return audit.Record(ctx, tx, now, actor.PersonID, "training.create", "training:"+trainingID, map[string]any{"unit": d.UnitID, "sessions": len(sessions)})
	})
	return trainingID, err
}

// Copy is where and when a training is held again.
type Copy struct {
	Day     string // of its first session; the others keep their distance in days, and all their hours
	Place   string // "" for the same place; then address, access notes and room are the same too
	Address string
}

// Duplicate plans a training again, on other days or in other places, or its whole series by the days between its first and the
// copy's. What was planned is copied: sessions, content, papers, numbers and who teaches, unless they are left out. Bookings and who
// came are not. The copies of one training join its series, those of a series are a new one. The faults of the copy i stand at the fields
// "day" and "place" with i behind.
func (s *Service) Duplicate(ctx context.Context, actor access.Actor, trainingID string, series, trainers bool, copies []Copy) (made []string, err error) {
	defer errs.Wrap(&err, "classroom.Duplicate")
	err = s.db.Update(ctx, func(tx *db.Tx) error {
		made = nil
		p, err := s.hold(ctx, tx, actor, trainingID)
		if err != nil {
			return err
		}
		originals, seriesID, err := s.originals(ctx, tx, actor, p, series)
		if err != nil {
			return err
		}
		var faults errs.Fields
		written := 0
		for i, c := range copies {
			if c.Place, c.Address, c.Day = text.Clean(c.Place), text.Clean(c.Address), strings.TrimSpace(c.Day); c == (Copy{}) {
				continue
			}
			written++
			if series && written > 1 {
				seriesID = id.New() // each copy of a series is one
			}
			list, wrong, err := s.copyAll(ctx, tx, actor, p, originals, c, seriesID, trainers)
			if err != nil {
				return err
			}
			made = append(made, list...)
			for _, f := range wrong {
				f.Name += at(i)
				faults = append(faults, f)
			}
		}
		if written == 0 {
			faults.Add("day"+at(0), "classroom.fault.day")
		}
		if err := faults.Err(); err != nil {
			return err
		}
		var nothing snapshot // which the copies were before
		for _, x := range made {
			nothing.Trainings = append(nothing.Trainings, trainingBefore{ID: x, Team: map[string]Part{}})
		}
		if _, err := s.note(ctx, tx, actor, ActTeam, "", nothing); err != nil {
			return err
		}
		return audit.Record(ctx, tx, s.clock.Now(), actor.PersonID, "training.duplicate", "training:"+trainingID, map[string]any{"copies": len(made), "series": seriesID})
	})
	return made, err
}

// at is how the fields of the ith copy end: -00, -01 …
func at(i int) string { return fmt.Sprintf("-%02d", i) }

// originals returns what is copied, and the series that the copies join.
func (s *Service) originals(ctx context.Context, tx *db.Tx, actor access.Actor, p Plan, series bool) (list []Plan, seriesID string, err error) {
	if !series || p.SeriesID == "" {
		if p.SeriesID == "" {
			p.SeriesID = id.New()
			err = db.Exec(ctx, tx, `UPDATE training SET series_id = ? WHERE id = ?`, p.SeriesID, p.ID)
		}
		return []Plan{p}, p.SeriesID, err
	}
	all, err := db.All[Plan](ctx, tx, selectPlans+`WHERE t.series_id = ? AND t.cancelled_at IS NULL ORDER BY t.held_from, t.id LIMIT ?`, p.SeriesID, mostTrainings)
	for _, x := range all {
		if actor.May(access.TrainingsWrite, x.UnitPath) {
			list = append(list, x)
		}
	}
	return list, id.New(), err
}

// copyAll copies trainings by the days between p's first session and the copy's.
func (s *Service) copyAll(ctx context.Context, tx *db.Tx, actor access.Actor, p Plan, originals []Plan, c Copy, seriesID string, trainers bool) (made []string, faults errs.Fields, err error) {
	first, ok := wall.Instants(c.Day, "12:00", s.zone)
	if !ok || len(first) == 0 {
		faults.Add("day", "classroom.fault.day")
		return nil, faults, nil
	}
	if len([]rune(c.Place)) > mostLine || len([]rune(c.Address)) > mostLine {
		faults.Add("place", "classroom.fault.long", "Most", mostLine)
		return nil, faults, nil
	}
	days := clock.DaysBetween(p.HeldFrom, first[0], s.zone)
	for _, x := range originals {
		copyID, wrong, err := s.copyOne(ctx, tx, actor, x, days, c, seriesID, trainers)
		if err != nil {
			return nil, nil, err
		}
		made, faults = append(made, copyID), append(faults, wrong...)
	}
	return made, faults, nil
}

func (s *Service) copyOne(ctx context.Context, tx *db.Tx, actor access.Actor, p Plan, days int, c Copy, seriesID string, trainers bool) (copyID string, faults errs.Fields, err error) {
	sessions, err := SessionsOf(ctx, tx, p.ID)
	if err != nil {
		return "", nil, err
	}
	now := s.clock.Now()
	var copied []Session
	for _, x := range sessions {
		if !x.Held() && !p.Off() {
			continue // it was never held
		}
		from, ok := wall.Moved(x.StartsAt, days, s.zone)
		until, okUntil := wall.Moved(x.EndsAt, days, s.zone)
		switch {
		case !ok || !okUntil:
			faults.Add("day", "classroom.fault.gap", "Clock", x.StartsAt.In(s.zone).Format("15:04"))
			return "", faults, nil
		case from.Before(now):
			faults.Add("day", "classroom.fault.past")
			return "", faults, nil
		}
		x.StartsAt, x.EndsAt, x.Sequence, x.CancelledAt, x.CancelReason = from, until, 0, time.Time{}, ""
		if c.Place != "" {
			x.Place, x.Address, x.AccessNotes, x.Room = c.Place, c.Address, "", ""
		}
		copied = append(copied, x)
	}
	from, until, place := span(copied)
	if from.IsZero() {
		return "", nil, errs.Conflict("classroom.fault.nothing-to-move")
	}
	if copyID, err = s.insert(ctx, tx, actor, row{Title: p.Title, Place: place, From: from, Until: until, UnitID: p.UnitID}); err != nil {
		return "", nil, err
	}
	if err := copyPlan(ctx, tx, p.ID, copyID, seriesID, trainers); err != nil {
		return "", nil, err
	}
	for _, x := range copied {
		original := x.ID
		x.ID, x.TrainingID = id.New(), copyID
		if err := s.storeSession(ctx, tx, x, nil, nil); err != nil {
			return "", nil, err
		}
		if !trainers {
			continue
		}
		if err := db.Exec(ctx, tx, `INSERT INTO session_trainer (session_id, person_id) SELECT ?, person_id FROM session_trainer WHERE session_id = ?`, x.ID, original); err != nil {
			return "", nil, err
		}
	}
	err = s.free(ctx, tx, actor, copyID, "day")
	if fields, ok := errs.FieldsOf(err); ok {
		return copyID, fields, nil
	}
	return copyID, nil, err
}

// copyPlan copies what hangs on a training's row and the row's own words.
func copyPlan(ctx context.Context, tx *db.Tx, from, to, seriesID string, trainers bool) error {
	const own = `programme_id, programme_version, course_id, audience, objectives, materials, langs, theory_minutes, exercise_minutes, hour_minutes, project_id, project_share, statement, notice, notice_version, evidence_until, sign_up, delegation`
	if err := db.Exec(ctx, tx, `UPDATE training SET (`+own+`) = (SELECT `+own+` FROM training WHERE id = ?) WHERE id = ?`, from, to); err != nil {
		return err
	}
	if err := db.Exec(ctx, tx, `UPDATE training SET series_id = ? WHERE id = ?`, seriesID, to); err != nil {
		return err
	}
	for _, table := range []string{
		`INSERT INTO training_wanted (training_id, kind, name, number) SELECT ?, kind, name, number FROM training_wanted WHERE training_id = ?`,
		`INSERT INTO training_quota (training_id, kind, name, places) SELECT ?, kind, name, places FROM training_quota WHERE training_id = ?`,
		`INSERT INTO training_emblem (training_id, position, blob_hash, description) SELECT ?, position, blob_hash, description FROM training_emblem WHERE training_id = ?`,
	} {
		if err := db.Exec(ctx, tx, table, to, from); err != nil {
			return err
		}
	}
	if !trainers {
		return nil
	}
	return db.Exec(ctx, tx, `INSERT INTO training_trainer (training_id, person_id, part) SELECT ?, person_id, part FROM training_trainer WHERE training_id = ?`, to, from)
}
