package candidacy

import (
	"context"
	"errors"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/audit"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/guardian"
	"ostoja/internal/mail"
	"ostoja/internal/text"
)

// mostChildren is the highest limit that an office can set. The law names none (DOMAIN.md, section 8: NF); a person has so many hours.
const mostChildren = 20

// Decision is what an office decides.
type Decision struct {
	Admit      bool
	Reasons    string // the candidate reads them
	ValidUntil string // of an admission: the last day for which the entry holds
	Children   int    // how many at once, by the office's limit
	Strengths  string // what matters about the person as a guardian
	Edition    int64  // of the candidate as the decider saw them
}

// Decide ends a candidacy. An admission is refused while anything is missing that it rests on; it and the entry of the register are one act. The
// candidate is told by a letter that there is a decision, and reads it behind the letter's link.
func (s *Service) Decide(ctx context.Context, actor access.Actor, candidateID string, d Decision) (err error) {
	defer errs.Wrap(&err, "candidacy.Decide")
	d.Reasons, d.Strengths = text.CleanLines(d.Reasons), text.CleanLines(d.Strengths)
	err = s.change(ctx, actor, candidateID, func(tx *db.Tx, c Candidate) error {
		if c.Edition != d.Edition+1 { // one more than was seen: this change
			return errs.Conflict("candidacy.changed-meanwhile")
		}
		v, err := s.read(ctx, tx, c)
		if err != nil {
			return err
		}
		if d.Admit && len(v.Missing) > 0 {
			return errs.Conflict("candidacy.not-ready")
		}
		if err := s.checkDecision(d, v).Err(); err != nil {
			return err
		}
		now := s.Clock.Now()
		state, keep := Declined, now.Add(declinedFor)
		if d.Admit {
			state = Admitted
			if keep, err = s.admit(ctx, tx, actor, v, d); err != nil {
				return err
			}
		}
		if err := db.Exec(ctx, tx, `UPDATE guardian_candidate SET state = ?, reasons = ?, decided_at = ?, decided_by = ?, keep_until = ? WHERE id = ?`,
			string(state), d.Reasons, now, actor.PersonID, keep, c.ID); err != nil {
			return err
		}
		if !d.Admit { // nothing of it is needed any more
			if err := db.Exec(ctx, tx, `DELETE FROM guardian_document WHERE candidate_id = ?`, c.ID); err != nil {
				return err
			}
		}
		if err := s.mailDecision(ctx, tx, c); err != nil {
			return err
		}
		return audit.Record(ctx, tx, now, actor.PersonID, "candidacy.decide", "candidate:"+c.ID, map[string]any{"state": state})
	})
	if errors.Is(err, errs.ErrConflict) {
		if stands, readErr := s.standsSo(ctx, actor, candidateID, d); stands || readErr != nil {
			return readErr
		}
	}
	return err
}

// standsSo says whether the decision stands already as the actor took it upon the same sight of the candidate: who presses the button twice decides once,
// and is told of no fault.
func (s *Service) standsSo(ctx context.Context, actor access.Actor, candidateID string, d Decision) (bool, error) {
	state := Declined
	if d.Admit {
		state = Admitted
	}
	n, err := db.One[int](ctx, s.DB, `SELECT COUNT(*) FROM guardian_candidate WHERE id = ? AND state = ? AND decided_by = ? AND reasons = ? AND edition = ?`,
		candidateID, string(state), actor.PersonID, d.Reasons, d.Edition+1)
	return n > 0, err
}

func (s *Service) checkDecision(d Decision, v View) (faults errs.Fields) {
	checkReason("reasons", d.Reasons, leastSaid, &faults)
	if !d.Admit {
		return faults
	}
	if !isDay(d.ValidUntil) || d.ValidUntil < s.today() || v.Last != "" && d.ValidUntil > v.Last {
		faults.Add("until", "candidacy.fault.last", "Day", v.Last)
	}
	if d.Children < 1 || d.Children > mostChildren {
		faults.Add("children", "candidacy.fault.days", "Low", 1, "High", mostChildren)
	}
	checkReason("strengths", d.Strengths, 0, &faults)
	return faults
}

// admit makes the entry of the register, and says until when the candidacy is kept: as long as what it shows holds.
func (s *Service) admit(ctx context.Context, tx *db.Tx, actor access.Actor, v View, d Decision) (until time.Time, err error) {
	last, err := time.ParseInLocation(time.DateOnly, d.ValidUntil, s.Zone)
	if err != nil {
		return until, err
	}
	until = last.AddDate(0, 0, 1)
	_, err = s.Register.Admit(ctx, tx, guardian.Admission{
		PersonID: v.PersonID, UnitID: v.UnitID, ValidUntil: until, Phone: v.Application.Phone, MostChildren: d.Children, Strengths: d.Strengths, Langs: v.Application.Langs,
		Courts: idsOf(v.Courts), By: actor.PersonID,
	})
	return until, err
}

// mailDecision tells a candidate that there is a decision, and neither which nor why.
func (s *Service) mailDecision(ctx context.Context, tx *db.Tx, c Candidate) error {
	url, token, err := s.link(ctx, tx, c.ID, c.Lang, decidedFor)
	if err != nil {
		return err
	}
	p := s.Printer(c.Lang)
	return s.Outbox.Send(ctx, tx, mail.Message{
		Kind: "guardian.apply", To: c.Address, Lang: p.Tag(), Subject: p.T("apply.letter-subject"), Token: token,
		Body: p.T("apply.letter-decision", "Link", url, "Until", p.DateTime(s.Clock.Now().Add(decidedFor))),
	})
}
