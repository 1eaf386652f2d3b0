package approval

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/id"
	"ostoja/internal/job"
	"ostoja/internal/lang"
	"ostoja/internal/mail"
)

// The kinds of the jobs that look for whom to tell, and that write to one person.
const (
	gatherJob job.Kind = "approval.gather"
	letterJob job.Kind = "approval.letter"
)

const (
	// Gather is how long a letter waits for more to tell, and for what was done by mistake to be undone.
	Gather = 10 * time.Minute
	// between is how long after a letter the next one leaves at the earliest: people are disturbed once an hour at most.
	between = time.Hour
	// mostLines is how many things a letter tells one by one.
	mostLines = 20
)

type letterPayload struct {
	PersonID string `json:"person_id"`
}

// gather looks for those who may answer what was asked some time ago, all at once: an import asks hundreds of times.
func (s *Service) gather(ctx context.Context, _ json.RawMessage) (err error) {
	defer errs.Wrap(&err, "approval.gather")
	return s.DB.Update(ctx, func(tx *db.Tx) error {
		asked, err := db.All[string](ctx, tx, `UPDATE approval SET told = TRUE WHERE NOT told AND asked_at <= ? RETURNING id`, s.Clock.Now().Add(-Gather))
		if err != nil {
			return err
		}
		holders := map[access.Permission][]access.Holder{}
		for _, requestID := range asked {
			found, err := where(ctx, tx, `a.id = ? AND a.answered_at IS NULL`, requestID)
			if err != nil {
				return err
			}
			for i := range found {
				r := &found[i]
				if _, known := holders[r.Permission]; !known {
					if holders[r.Permission], err = s.People.Holders(ctx, tx, r.Permission); err != nil {
						return err
					}
				}
				for _, h := range nearest(holders[r.Permission], r) {
					if err := s.tell(ctx, tx, r.ID, h.Actor.PersonID, "asked", s.Clock.Now()); err != nil {
						return err
					}
				}
			}
		}
		return nil
	})
}

// tell has a person told of something in the next letter, which leaves at a time or later.
func (s *Service) tell(ctx context.Context, tx *db.Tx, requestID, personID, what string, at time.Time) error {
	if err := db.Exec(ctx, tx, `DELETE FROM approval_line WHERE approval_id = ? AND person_id = ? AND what = ? AND told_at IS NULL`, requestID, personID, what); err != nil { // once in a letter
		return err
	}
	if err := db.Exec(ctx, tx, `INSERT INTO approval_line (id, approval_id, person_id, what, made_at) VALUES (?, ?, ?, ?, ?)`, id.New(), requestID, personID, what, s.Clock.Now()); err != nil {
		return err
	}
	at, err := s.earliest(ctx, tx, personID, at)
	if err != nil {
		return err
	}
	return s.Queue.Add(ctx, tx, letterJob, letterPayload{personID}, at)
}

// earliest returns when a letter to a person may leave: not before at, and not within an hour of the last one.
func (s *Service) earliest(ctx context.Context, tx *db.Tx, personID string, at time.Time) (time.Time, error) {
	last, err := db.All[time.Time](ctx, tx, `SELECT told_at FROM approval_line WHERE person_id = ? AND told_at IS NOT NULL ORDER BY told_at DESC LIMIT 1`, personID)
	if err != nil || len(last) == 0 || !last[0].Add(between).After(at) {
		return at, err
	}
	return last[0].Add(between), nil
}

// letter writes to a person of all that is to be told. It may be called again, or too early: then it writes nothing, or waits.
func (s *Service) letter(ctx context.Context, raw json.RawMessage) (err error) {
	defer errs.Wrap(&err, "approval.letter")
	var p letterPayload
	if err := json.Unmarshal(raw, &p); err != nil {
		return job.Permanent(err)
	}
	return s.DB.Update(ctx, func(tx *db.Tx) error {
		now := s.Clock.Now()
		at, err := s.earliest(ctx, tx, p.PersonID, now)
		if err != nil {
			return err
		}
		if at.After(now) {
			return s.later(ctx, tx, p, at)
		}
		type line struct {
			ApprovalID, What string
			MadeAt           time.Time
		}
		lines, err := db.All[line](ctx, tx, `UPDATE approval_line SET told_at = ? WHERE person_id = ? AND told_at IS NULL RETURNING approval_id, what, made_at`, now, p.PersonID)
		if err != nil || len(lines) == 0 {
			return err // told already, or over
		}
		type reader struct{ Mail, Lang string }
		to, err := db.All[reader](ctx, tx, `SELECT mail, lang FROM identity_person WHERE id = ? AND mail IS NOT NULL AND state = 'active'`, p.PersonID)
		if err != nil || len(to) == 0 {
			return err
		}
		slices.SortStableFunc(lines, func(a, b line) int { return a.MadeAt.Compare(b.MadeAt) })
		var list []told
		for _, l := range lines {
			found, err := where(ctx, tx, `a.id = ?`, l.ApprovalID)
			if err != nil {
				return err
			}
			for _, r := range found {
				list = append(list, told{r, l.What})
			}
		}
		return s.Outbox.Send(ctx, tx, s.compose(s.Catalogue.Printer(to[0].Lang), to[0].Mail, list))
	})
}

// later has the letter written at another time, unless something waits for that already.
func (s *Service) later(ctx context.Context, tx *db.Tx, p letterPayload, at time.Time) error {
	waits, err := db.One[int](ctx, tx, `SELECT COUNT(*) FROM approval_line WHERE person_id = ? AND told_at IS NULL`, p.PersonID)
	if err != nil || waits == 0 {
		return err
	}
	return s.Queue.Add(ctx, tx, letterJob, p, at)
}

// told is what a letter tells of a request.
type told struct {
	Request
	What string
}

// compose writes a letter. Its subject says how much there is to read and nothing else: it is shown on lock screens.
func (s *Service) compose(p *lang.Printer, address string, list []told) mail.Message {
	waiting := 0
	var lines []string
	for i, t := range list {
		if t.What == "asked" {
			waiting++
		}
		if i < mostLines {
			lines = append(lines, s.line(p, t))
		}
	}
	if more := len(list) - mostLines; more > 0 {
		lines = append(lines, p.N("approval.letter.more", more))
	}
	subject := p.N("approval.letter.subject-answers", len(list))
	if waiting > 0 {
		subject = p.N("approval.letter.subject-waiting", waiting)
	}
	return mail.Message{Kind: "approval.waits", To: address, Lang: p.Tag(), Subject: subject, Body: p.T("approval.letter.body", "Lines", strings.Join(lines, "\n\n"), "Link", s.BaseURL+"/app/approvals")}
}

func (s *Service) line(p *lang.Printer, t told) string {
	who, note, link := t.Asker, t.Note, s.BaseURL+t.Path
	switch t.What {
	case string(Approved), string(Returned), string(Withdrawn):
		who, note, link = t.Answerer, t.Answer, s.BaseURL+"/app/approvals/"+t.ID
	case "said":
		who, note, link = "", "", s.BaseURL+"/app/approvals/"+t.ID
	}
	name := Name(p, &t.Request)
	text := p.T("approval.letter."+t.What, "What", name)
	if who != "" {
		text += "\n" + p.T("approval.letter.by", "Who", who)
	}
	if note != "" {
		text += "\n" + p.T("approval.letter.note", "Note", note)
	}
	return text + "\n" + link
}

// Name is what a request is about, as people read it.
func Name(p *lang.Printer, r *Request) string {
	kind := p.T("approval.kind." + string(r.Kind))
	if r.Title == "" {
		return kind
	}
	return kind + ": " + r.Title
}
