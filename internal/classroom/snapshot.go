package classroom

import (
	"cmp"
	"context"
	"encoding/json"
	"maps"
	"slices"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/id"
)

// snapshot is what undoing brings back, and what people knew before.
type snapshot struct {
	Trainings []trainingBefore
	Sessions  []sessionBefore
}

type trainingBefore struct {
	ID           string
	PutOffAt     time.Time
	CancelledAt  time.Time
	CancelReason string
	Team         map[string]Part // nil in acts of versions that did not keep it
}

type sessionBefore struct {
	Session
	After int             // its sequence after the act: another says that somebody changed it since
	Own   []string        // those whom the session names
	Who   map[string]Part // who is to be in it
}

// look returns how trainings stand before something is done to them.
func look(ctx context.Context, q db.Querier, plans ...Plan) (shot snapshot, err error) {
	for _, p := range plans {
		t := trainingBefore{p.ID, p.PutOffAt, p.CancelledAt, p.CancelReason, map[string]Part{}}
		team, err := TrainersOf(ctx, q, p.ID)
		if err != nil {
			return shot, err
		}
		for _, x := range team {
			t.Team[x.PersonID] = x.Part
		}
		shot.Trainings = append(shot.Trainings, t)
		sessions, err := SessionsOf(ctx, q, p.ID)
		if err != nil {
			return shot, err
		}
		own, err := ownTrainers(ctx, q, p.ID)
		if err != nil {
			return shot, err
		}
		who, err := db.All[Taught](ctx, q, `SELECT session_id, person_id, part FROM classroom_teaches WHERE training_id = ?`, p.ID)
		if err != nil {
			return shot, err
		}
		for _, x := range sessions {
			in := map[string]Part{}
			for _, w := range who {
				if w.SessionID == x.ID {
					in[w.PersonID] = w.Part
				}
			}
			shot.Sessions = append(shot.Sessions, sessionBefore{x, x.Sequence, own[x.ID], in})
		}
	}
	return shot, nil
}

// taught returns who taught in the trainings that were not seen yet, which are seen then.
func (shot snapshot) taught(seen map[string]bool) (list []Taught) {
	first := map[string]bool{}
	for _, t := range shot.Trainings {
		if seen[t.ID] {
			continue
		}
		seen[t.ID], first[t.ID] = true, true
		for personID, part := range t.Team {
			list = append(list, Taught{TrainingID: t.ID, PersonID: personID, Part: part})
		}
	}
	for _, x := range shot.Sessions {
		if !first[x.TrainingID] {
			continue
		}
		for personID, part := range x.Who {
			list = append(list, Taught{x.TrainingID, x.ID, personID, part, x.Session})
		}
	}
	return list
}

// TaughtIn returns who teaches a training, and who is to be in which of its sessions, the cancelled ones too. It asks nobody for a
// permission: the caller has.
func TaughtIn(ctx context.Context, q db.Querier, p Plan) (_ []Taught, err error) {
	defer errs.Wrap(&err, "classroom.TaughtIn")
	shot, err := look(ctx, q, p)
	return shot.taught(map[string]bool{}), err
}

// note writes down that something was done to the days of trainings or to who teaches them, so that whom it concerns will be told and it
// can be undone. Of a session in which others teach now the sequence rises: it is the one of their calendars' entries. Where nothing of who
// teaches changed, [ActTeam] is not an act.
func (s *Service) note(ctx context.Context, tx *db.Tx, actor access.Actor, kind Act, why string, before snapshot) (actID string, err error) {
	kept, others := snapshot{Trainings: before.Trainings}, false
	for _, t := range before.Trainings {
		now, err := look(ctx, tx, Plan{Training: Training{ID: t.ID}})
		if err != nil {
			return "", err
		}
		others = others || !maps.Equal(now.Trainings[0].Team, t.Team)
		for _, x := range now.Sessions {
			was := sessionBefore{Session: Session{ID: x.ID}} // new: undoing the act would have to take it away
			if i := slices.IndexFunc(before.Sessions, func(b sessionBefore) bool { return b.ID == x.ID }); i >= 0 {
				was = before.Sessions[i]
				if !maps.Equal(x.Who, was.Who) || !slices.Equal(x.Own, was.Own) {
					others = true
					if x.Sequence == was.Sequence {
						x.Sequence++
						if err := db.Exec(ctx, tx, `UPDATE training_session SET sequence = ? WHERE id = ?`, x.Sequence, x.ID); err != nil {
							return "", err
						}
					}
				}
			}
			was.After = x.Sequence
			kept.Sessions = append(kept.Sessions, was)
		}
	}
	if kind == ActTeam && !others {
		return "", nil
	}
	shot, err := json.Marshal(kept)
	if err != nil {
		return "", err
	}
	actID = id.New()
	if err := db.Exec(ctx, tx, `INSERT INTO training_act (id, kind, at, by_person, note, before) VALUES (?, ?, ?, ?, ?, ?)`,
		actID, string(kind), s.clock.Now(), actor.PersonID, why, string(shot)); err != nil {
		return "", err
	}
	for _, t := range before.Trainings {
		if err := db.Exec(ctx, tx, `INSERT INTO training_act_of (act_id, training_id) VALUES (?, ?)`, actID, t.ID); err != nil {
			return "", err
		}
	}
	return actID, nil
}

// restore brings back how trainings stood before an act.
func restore(ctx context.Context, tx *db.Tx, d Done) error {
	var shot snapshot
	if err := json.Unmarshal([]byte(d.Before), &shot); err != nil {
		return err
	}
	slices.SortFunc(shot.Sessions, func(a, b sessionBefore) int { return cmp.Compare(a.ID, b.ID) })
	kept := map[string]bool{}
	for _, t := range shot.Trainings {
		if err := db.Exec(ctx, tx, `UPDATE training SET put_off_at = ?, cancelled_at = ?, cancel_reason = ? WHERE id = ?`, orNull(t.PutOffAt), orNull(t.CancelledAt), t.CancelReason, t.ID); err != nil {
			return err
		}
		if kept[t.ID] = t.Team != nil; !kept[t.ID] {
			continue
		}
		if err := storeTeam(ctx, tx, t.ID, t.Team); err != nil {
			return err
		}
	}
	for _, x := range shot.Sessions {
		if x.TrainingID == "" {
			return errs.Conflict("classroom.fault.undo-changed") // the act added it
		}
		// The sequence rises again: who has a calendar by a secret address may have seen what is taken back.
		n, err := db.Changed(ctx, tx, `UPDATE training_session SET starts_at = ?, ends_at = ?, title = ?, place = ?, address = ?, access_notes = ?, room = ?, link = ?, capacity = ?,
			cancelled_at = ?, cancel_reason = ?, sequence = sequence + ? WHERE id = ? AND sequence = ?`,
			x.StartsAt, x.EndsAt, x.Title, x.Place, x.Address, x.AccessNotes, x.Room, x.Link, x.Capacity, orNull(x.CancelledAt), x.CancelReason, min(1, x.After-x.Sequence), x.ID, x.After)
		if err == nil && n == 0 {
			err = errs.Conflict("classroom.fault.undo-changed")
		}
		if err == nil && kept[x.TrainingID] {
			err = storeOwn(ctx, tx, x.ID, x.Own)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// storeTeam stores who teaches a training.
func storeTeam(ctx context.Context, tx *db.Tx, trainingID string, team map[string]Part) error {
	if err := db.Exec(ctx, tx, `DELETE FROM training_trainer WHERE training_id = ?`, trainingID); err != nil {
		return err
	}
	for _, personID := range slices.Sorted(maps.Keys(team)) {
		if err := db.Exec(ctx, tx, `INSERT INTO training_trainer (training_id, person_id, part) VALUES (?, ?, ?)`, trainingID, personID, string(team[personID])); err != nil {
			return err
		}
	}
	return nil
}

// storeOwn stores whom a session names.
func storeOwn(ctx context.Context, tx *db.Tx, sessionID string, trainers []string) error {
	if err := db.Exec(ctx, tx, `DELETE FROM session_trainer WHERE session_id = ?`, sessionID); err != nil {
		return err
	}
	slices.Sort(trainers)
	for _, personID := range slices.Compact(trainers) {
		if err := db.Exec(ctx, tx, `INSERT INTO session_trainer (session_id, person_id) VALUES (?, ?)`, sessionID, personID); err != nil {
			return err
		}
	}
	return nil
}
