package candidacy

import (
	"context"
	"errors"
	"slices"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/audit"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/id"
	"ostoja/internal/mail"
	"ostoja/internal/text"
)

// talkOf returns the talk with a candidate with both sheets whole; nil if there is none.
func talkOf(ctx context.Context, q db.Querier, candidateID string) (*Talk, error) {
	t, err := db.One[Talk](ctx, q, selectTalks+`WHERE t.candidate_id = ?`, candidateID)
	if errors.Is(err, errs.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return withSheets(ctx, q, t)
}

const selectTalks = `SELECT t.id, t.candidate_id, t.held_on, t.joint, t.settled_at, t.edition FROM guardian_talk t `

func withSheets(ctx context.Context, q db.Querier, t Talk) (_ *Talk, err error) {
	t.Sheets, err = db.All[Sheet](ctx, q, `
		SELECT m.assessor_id, p.given_name || ' ' || p.family_name AS assessor, m.marks, m.note, m.given_at
		FROM guardian_talk_mark m JOIN identity_person p ON p.id = m.assessor_id WHERE m.talk_id = ? ORDER BY m.assessor_id`, t.ID)
	return &t, err
}

// Assign says which two mark a talk. Who has handed in stays; until both have, the others can be replaced.
func (s *Service) Assign(ctx context.Context, actor access.Actor, candidateID, heldOn string, assessors [2]string) (err error) {
	defer errs.Wrap(&err, "candidacy.Assign")
	return s.change(ctx, actor, candidateID, func(tx *db.Tx, c Candidate) error {
		able, err := s.members(ctx, tx, access.GuardiansAssess, c.UnitPath)
		if err != nil {
			return err
		}
		var faults errs.Fields
		for i, name := range []string{"first", "second"} {
			if who := assessors[i]; !has(able, who) || who == c.PersonID || i == 1 && who == assessors[0] {
				faults.Add(name, "candidacy.fault.assessor")
			}
		}
		if !isDay(heldOn) {
			faults.Add("held", "candidacy.fault.day")
		}
		if err := faults.Err(); err != nil {
			return err
		}
		t, err := talkOf(ctx, tx, c.ID)
		if err != nil {
			return err
		}
		if t == nil {
			t = &Talk{ID: id.New()}
			err = db.Exec(ctx, tx, `INSERT INTO guardian_talk (id, candidate_id, held_on) VALUES (?, ?, ?)`, t.ID, c.ID, heldOn)
		} else {
			err = db.Exec(ctx, tx, `UPDATE guardian_talk SET held_on = ?, edition = edition + 1 WHERE id = ?`, heldOn, t.ID)
		}
		if err != nil {
			return err
		}
		if err := s.replace(ctx, tx, t, assessors); err != nil {
			return err
		}
		return audit.Record(ctx, tx, s.Clock.Now(), actor.PersonID, "candidacy.talk.assign", "candidate:"+c.ID, map[string]any{"assessors": assessors})
	})
}

// replace makes the two the assessors of a talk and writes to who is new. Whoever has handed in cannot be taken off.
func (s *Service) replace(ctx context.Context, tx *db.Tx, t *Talk, assessors [2]string) error {
	var before []string
	for _, x := range t.Sheets {
		before = append(before, x.AssessorID)
		if slices.Contains(assessors[:], x.AssessorID) {
			continue
		}
		// The condition is asked of the row: they may hand in at this moment.
		n, err := db.Changed(ctx, tx, `DELETE FROM guardian_talk_mark WHERE talk_id = ? AND assessor_id = ? AND given_at IS NULL`, t.ID, x.AssessorID)
		if err == nil && n == 0 {
			err = errs.Conflict("candidacy.handed-in")
		}
		if err != nil {
			return err
		}
	}
	members, err := s.People.Holders(ctx, tx, access.GuardiansAssess)
	if err != nil {
		return err
	}
	for _, who := range assessors {
		if slices.Contains(before, who) {
			continue
		}
		if err := db.Exec(ctx, tx, `INSERT INTO guardian_talk_mark (talk_id, assessor_id) VALUES (?, ?)`, t.ID, who); err != nil {
			return err
		}
		for _, m := range members {
			if m.Actor.PersonID != who {
				continue
			}
			p := s.Catalogue.Printer(m.Lang)
			letter := mail.Message{Kind: "guardian.candidate", To: m.Mail, Lang: p.Tag(), Subject: p.T("candidacy.talk-subject"), Body: p.T("candidacy.talk-body", "Link", s.BaseURL+"/app/guardians/talks/"+t.ID)}
			if err := s.Outbox.Send(ctx, tx, letter); err != nil {
				return err
			}
		}
	}
	return nil
}

// TalkRow is one of those that somebody marks.
type TalkRow struct {
	ID      string
	Name    string // of the candidate
	HeldOn  string
	GivenAt time.Time
	Settled time.Time
}

// Talks lists those that the actor marks.
func (s *Service) Talks(ctx context.Context, actor access.Actor) (_ []TalkRow, err error) {
	defer errs.Wrap(&err, "candidacy.Talks")
	if err := known(actor, access.GuardiansAssess); err != nil {
		return nil, err
	}
	return db.All[TalkRow](ctx, s.DB, `
		SELECT t.id, c.given_name || ' ' || c.family_name AS name, t.held_on, m.given_at, t.settled_at AS settled
		FROM guardian_talk_mark m JOIN guardian_talk t ON t.id = m.talk_id JOIN guardian_candidate c ON c.id = t.candidate_id
		WHERE m.assessor_id = ? AND c.state = 'applied' ORDER BY t.held_on, t.id`, actor.PersonID)
}

// MyTalk is a talk as one of its assessors sees it.
type MyTalk struct {
	*Talk
	Name string // of the candidate
	Own  Sheet
}

// own finds a talk that the actor marks; to everybody else there is none.
func (s *Service) own(ctx context.Context, q db.Querier, actor access.Actor, talkID string) (*Talk, Candidate, error) {
	if err := known(actor, access.GuardiansAssess); err != nil || !id.Valid(talkID) {
		return nil, Candidate{}, errNotFound
	}
	row, err := db.One[Talk](ctx, q, selectTalks+`JOIN guardian_talk_mark m ON m.talk_id = t.id JOIN guardian_candidate c ON c.id = t.candidate_id
		WHERE t.id = ? AND m.assessor_id = ? AND c.state = 'applied'`, talkID, actor.PersonID)
	if err != nil {
		return nil, Candidate{}, err
	}
	t, err := withSheets(ctx, q, row)
	if err != nil {
		return nil, Candidate{}, err
	}
	c, err := db.One[Candidate](ctx, q, selectCandidates+`WHERE c.id = ?`, t.CandidateID)
	return t, c, err
}

// Talk returns one that the actor marks, without the other's marks until both are in.
func (s *Service) Talk(ctx context.Context, actor access.Actor, talkID string) (m MyTalk, err error) {
	defer errs.Wrap(&err, "candidacy.Talk")
	err = s.DB.View(ctx, func(tx *db.Tx) error {
		t, c, err := s.own(ctx, tx, actor, talkID)
		if err != nil {
			return err
		}
		m.Talk, m.Name = t.SeenBy(actor.PersonID), c.Name()
		for _, x := range m.Sheets {
			if x.AssessorID == actor.PersonID {
				m.Own = x
			}
		}
		return nil
	})
	return m, err
}

// Mark hands in the actor's marks. They can be changed until the other's are in too, and then no more.
func (s *Service) Mark(ctx context.Context, actor access.Actor, talkID string, marks Marks, note string) (err error) {
	defer errs.Wrap(&err, "candidacy.Mark")
	note = text.CleanLines(note)
	return s.DB.Update(ctx, func(tx *db.Tx) error {
		if _, _, err := s.own(ctx, tx, actor, talkID); err != nil {
			return err
		}
		// Of two who hand in at once the second waits here, and then sees the first one's.
		if err := db.Exec(ctx, tx, `UPDATE guardian_talk SET edition = edition + 1 WHERE id = ?`, talkID); err != nil {
			return err
		}
		t, c, err := s.own(ctx, tx, actor, talkID)
		if err != nil {
			return err
		}
		if t.Both() {
			return errs.Conflict("candidacy.both-in")
		}
		marks, faults := s.Rubric.checkMarks(marks, note)
		if err := faults.Err(); err != nil {
			return err
		}
		now := s.Clock.Now()
		if err := db.Exec(ctx, tx, `UPDATE guardian_talk_mark SET marks = ?, note = ?, given_at = ? WHERE talk_id = ? AND assessor_id = ?`, db.JSON(marks), note, now, t.ID, actor.PersonID); err != nil {
			return err
		}
		if err := s.settle(ctx, tx, t.ID, c.ID, now); err != nil {
			return err
		}
		return audit.Record(ctx, tx, now, actor.PersonID, "candidacy.talk.mark", "candidate:"+c.ID, map[string]any{"talk": t.ID})
	})
}

// settle notes when a talk needs nothing more.
func (s *Service) settle(ctx context.Context, tx *db.Tx, talkID, candidateID string, now time.Time) error {
	t, err := talkOf(ctx, tx, candidateID)
	if err != nil || t == nil || !t.Settled(s.Rubric) {
		return err
	}
	return db.Exec(ctx, tx, `UPDATE guardian_talk SET settled_at = ? WHERE id = ? AND settled_at IS NULL`, now, talkID)
}

// Agree takes what both said, once, of the criteria that they marked far apart. Either of them writes it.
func (s *Service) Agree(ctx context.Context, actor access.Actor, talkID string, said map[string]Joint) (err error) {
	defer errs.Wrap(&err, "candidacy.Agree")
	return s.DB.Update(ctx, func(tx *db.Tx) error {
		t, c, err := s.own(ctx, tx, actor, talkID)
		if err != nil {
			return err
		}
		apart := t.Apart(s.Rubric)
		if len(apart) == 0 {
			return errs.Conflict("candidacy.nothing-apart")
		}
		for k, j := range said {
			j.Word = text.CleanLines(j.Word)
			said[k] = j
		}
		joint, faults := checkJoint(apart, said)
		if err := faults.Err(); err != nil {
			return err
		}
		now := s.Clock.Now()
		n, err := db.Changed(ctx, tx, `UPDATE guardian_talk SET joint = ?, settled_at = ?, edition = edition + 1 WHERE id = ? AND settled_at IS NULL`, db.JSON(joint), now, t.ID)
		if err == nil && n == 0 {
			err = errs.Conflict("candidacy.agreed-already")
		}
		if err != nil {
			return err
		}
		return audit.Record(ctx, tx, now, actor.PersonID, "candidacy.talk.agree", "candidate:"+c.ID, map[string]any{"talk": t.ID})
	})
}
