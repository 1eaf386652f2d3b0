package request

import (
	"context"
	"errors"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/guardian"
	"ostoja/internal/id"
	"ostoja/internal/mail"
)

// TokenKind is the kind of the tokens that letters to guardians bring; see [Service.MakeToken].
const TokenKind mail.TokenKind = "guardian-request"

// Drive asks the next person of each request whose time is over, and shows the office's phone where nobody is left. Most runs take one read.
func (s *Service) Drive(ctx context.Context) (err error) {
	defer errs.Wrap(&err, "request.Drive")
	waiting, err := db.All[string](ctx, s.DB, `
		SELECT r.id FROM guardian_request r WHERE r.state = 'asking'
			AND NOT EXISTS (SELECT 1 FROM guardian_proposal o WHERE o.request_id = r.id AND o.answer = '' AND o.asked_at > ?)
		ORDER BY r.asked_at, r.id`, s.Clock.Now().Add(-AnswerIn))
	if err != nil {
		return err
	}
	var failed []error // one request holds up no other
	for _, requestID := range waiting {
		failed = append(failed, s.DB.Update(ctx, func(tx *db.Tx) error { return s.drive(ctx, tx, requestID, s.Clock.Now()) }))
	}
	return errors.Join(failed...)
}

// drive does what a request needs at a time. The row is locked by the conditional change, so that two nodes do it once.
func (s *Service) drive(ctx context.Context, tx *db.Tx, requestID string, now time.Time) error {
	n, err := db.Changed(ctx, tx, `UPDATE guardian_request SET edition = edition + 1 WHERE id = ? AND state = 'asking'`, requestID)
	if err != nil || n == 0 {
		return err
	}
	list, err := proposals(ctx, tx, requestID)
	if err != nil {
		return err
	}
	step := next(list, now)
	if step.Missed >= 0 {
		p := list[step.Missed]
		if err := db.Exec(ctx, tx, `UPDATE guardian_proposal SET answer = 'missed' WHERE id = ? AND answer = ''`, p.ID); err != nil {
			return err
		}
		if err := guardian.Note(ctx, tx, guardian.Event{GuardianID: p.GuardianID, At: now, Kind: "missed"}); err != nil {
			return err
		}
	}
	switch {
	case step.Ask >= 0:
		return s.ask(ctx, tx, list[step.Ask], now)
	case step.Office:
		return s.toOffice(ctx, tx, requestID, now)
	}
	return nil
}

// ask writes to a person whom a request names, and begins their twenty minutes.
func (s *Service) ask(ctx context.Context, tx *db.Tx, p Proposal, now time.Time) error {
	if err := db.Exec(ctx, tx, `UPDATE guardian_proposal SET asked_at = ? WHERE id = ?`, now, p.ID); err != nil {
		return err
	}
	if err := guardian.Note(ctx, tx, guardian.Event{GuardianID: p.GuardianID, At: now, Kind: "asked"}); err != nil {
		return err
	}
	return s.write(ctx, tx, p.GuardianID, letter{subject: "request.letter.ask-subject", body: "request.letter.ask-body", ref: p.ID, until: now.Add(AnswerIn)})
}

// toOffice shows the office's phone, and writes to those who keep the entries that were named; where nobody could be named, to those of each office.
func (s *Service) toOffice(ctx context.Context, tx *db.Tx, requestID string, now time.Time) error {
	if err := db.Exec(ctx, tx, `UPDATE guardian_request SET state = 'office', state_since = ? WHERE id = ? AND state = 'asking'`, now, requestID); err != nil {
		return err
	}
	paths, err := db.All[string](ctx, tx, `
		SELECT DISTINCT u.path FROM guardian_proposal o JOIN guardian g ON g.id = o.guardian_id JOIN identity_unit u ON u.id = g.unit_id WHERE o.request_id = ?
		UNION SELECT u.path FROM guardian_office f JOIN identity_unit u ON u.id = f.unit_id WHERE NOT EXISTS (SELECT 1 FROM guardian_proposal o WHERE o.request_id = ?)
		ORDER BY 1`, requestID, requestID)
	if err != nil {
		return err
	}
	holders, err := s.People.Holders(ctx, tx, access.GuardiansWrite)
	if err != nil {
		return err
	}
	told := map[string]bool{}
	for _, path := range paths {
		readers, err := guardian.Readers(ctx, tx, holders, path, now, s.Zone)
		if err != nil {
			return err
		}
		for _, h := range readers {
			if told[h.Actor.PersonID] {
				continue
			}
			told[h.Actor.PersonID] = true
			p := s.Catalogue.Printer(h.Lang)
			if err := s.Outbox.Send(ctx, tx, mail.Message{
				Kind: "guardian.office", To: h.Mail, Lang: p.Tag(), Subject: p.T("request.letter.office-subject"), Body: p.T("request.letter.office-body", "Link", s.BaseURL+"/app/guardians/desk/"+requestID),
			}); err != nil {
				return err
			}
		}
	}
	return nil
}

// letter is what a guardian is written.
type letter struct {
	subject, body string    // keys
	ref           string    // the proposal whose link it brings, "" for none
	until         time.Time // by when an answer is wanted
}

// write sends a guardian a letter in which nothing stands of the child, the unit or the reference: mailboxes are read by others.
func (s *Service) write(ctx context.Context, tx *db.Tx, guardianID string, l letter) error {
	type reader struct{ Mail, Lang string }
	to, err := db.One[reader](ctx, tx, `SELECT p.mail, p.lang FROM guardian g JOIN identity_person p ON p.id = g.person_id WHERE g.id = ?`, guardianID)
	if err != nil || to.Mail == "" {
		return err
	}
	p := s.Catalogue.Printer(to.Lang)
	m := mail.Message{Kind: "guardian.asked", To: to.Mail, Lang: p.Tag(), Subject: p.T(l.subject)}
	pairs := []any{"Link", s.BaseURL + "/app/guardian/asked"}
	if l.ref != "" {
		m.Token = mail.Token{Kind: TokenKind, Ref: l.ref}
		pairs = []any{"Link", s.BaseURL + "/guardian-reply/" + mail.TokenMark + "?lang=" + p.Tag(), "Hour", p.Clock(l.until)}
	}
	m.Body = p.T(l.body, pairs...)
	return s.Outbox.Send(ctx, tx, m)
}

// MakeToken makes the token of a link whose letter leaves now. One from an earlier attempt opens nothing any more. A letter about a request that is
// over does not leave.
func (s *Service) MakeToken(ctx context.Context, tx *db.Tx, proposalID string) (token string, err error) {
	defer errs.Wrap(&err, "request.MakeToken")
	token = id.Secret()
	n, err := db.Changed(ctx, tx, `
		UPDATE guardian_proposal SET token_hash = ? WHERE id = ? AND answer IN ('', 'missed')
			AND EXISTS (SELECT 1 FROM guardian_request r WHERE r.id = guardian_proposal.request_id AND r.state IN ('asking', 'office'))`, id.Digest(token), proposalID)
	if err == nil && n == 0 {
		err = errs.Gone("request.over")
	}
	return token, err
}

// Question is what a guardian is asked.
type Question struct {
	ProposalID string
	RequestID  string
	GuardianID string
	PersonID   string
	Court      string // name
	Lang       string
	Purpose    string
	Wishes     []string `db:",json"`
	FromDay    string
	Unit       string // the institution's name
	State      State
	Answer     Answer
	AskedAt    time.Time
	AnsweredAt time.Time
}

// Until is the end of the twenty minutes, after which another is asked too.
func (q Question) Until() time.Time { return q.AskedAt.Add(AnswerIn) }

// Open says whether the guardian can still answer: late too, while nobody else agreed.
func (q Question) Open() bool { return q.State.open() && (q.Answer == Waiting || q.Answer == Missed) }

const selectQuestions = `
	SELECT o.id AS proposal_id, o.request_id, o.guardian_id, g.person_id, c.name AS court, r.lang, r.purpose, r.wishes, r.from_day, u.name AS unit, r.state, o.answer, o.asked_at, o.answered_at
	FROM guardian_proposal o JOIN guardian_request r ON r.id = o.request_id JOIN guardian g ON g.id = o.guardian_id JOIN guardian_court c ON c.id = r.court_id
		JOIN identity_unit u ON u.id = r.unit_id `

// ByLink returns what a letter's link asks. It changes nothing, since programs that look into mail open links.
func (s *Service) ByLink(ctx context.Context, token string) (q Question, err error) {
	defer errs.Wrap(&err, "request.ByLink")
	q, err = db.One[Question](ctx, s.DB, selectQuestions+`WHERE o.token_hash = ?`, id.Digest(token))
	if missing(err) {
		err = errs.NotFound("request.unknown")
	}
	return q, err
}

// Questions lists what the actor is or was asked as a guardian, the newest first.
func (s *Service) Questions(ctx context.Context, actor access.Actor) (_ []Question, err error) {
	defer errs.Wrap(&err, "request.Questions")
	if actor.PersonID == "" {
		return nil, errs.NotFound("error.not-found")
	}
	return db.All[Question](ctx, s.DB, selectQuestions+`WHERE g.person_id = ? AND o.asked_at IS NOT NULL ORDER BY o.asked_at DESC, o.id LIMIT 50`, actor.PersonID)
}

// Reply is what a guardian answers.
type Reply struct {
	Agree      bool
	Consent    bool // to being named and appointed
	NoConflict bool // of interest
}

func (r Reply) check() (faults errs.Fields) {
	if r.Agree && !r.Consent {
		faults.Add("consent", "request.fault.consent")
	}
	if r.Agree && !r.NoConflict {
		faults.Add("conflict", "request.fault.conflict")
	}
	return faults
}

// AnswerByLink takes a guardian's answer by the link of a letter, once.
func (s *Service) AnswerByLink(ctx context.Context, token string, r Reply) (err error) {
	defer errs.Wrap(&err, "request.AnswerByLink")
	return s.answer(ctx, r, `o.token_hash = ?`, id.Digest(token))
}

// AnswerHere takes the answer of a signed-in guardian.
func (s *Service) AnswerHere(ctx context.Context, actor access.Actor, proposalID string, r Reply) (err error) {
	defer errs.Wrap(&err, "request.AnswerHere")
	if actor.PersonID == "" || !id.Valid(proposalID) {
		return errs.NotFound("error.not-found")
	}
	return s.answer(ctx, r, `o.id = ? AND g.person_id = ? AND o.asked_at IS NOT NULL`, proposalID, actor.PersonID)
}

// answer takes an answer. Of two who agree at once one does, and the other is told.
func (s *Service) answer(ctx context.Context, r Reply, condition string, args ...any) error {
	return s.DB.Update(ctx, func(tx *db.Tx) error {
		q, err := db.One[Question](ctx, tx, selectQuestions+`WHERE `+condition, args...)
		if missing(err) {
			err = errs.NotFound("request.unknown")
		}
		if err != nil {
			return err
		}
		if err := r.check().Err(); err != nil {
			return err
		}
		now, said := s.Clock.Now(), Declined
		if r.Agree {
			said = Agreed
			if err := s.agree(ctx, tx, q, now); err != nil {
				return err
			}
		}
		err = db.Change(ctx, tx, errOver, `UPDATE guardian_proposal SET answer = ?, answered_at = ? WHERE id = ? AND answer IN ('', 'missed')`, string(said), now, q.ProposalID)
		if err != nil {
			return err
		}
		if err := guardian.Note(ctx, tx, guardian.Event{GuardianID: q.GuardianID, At: now, ActorID: q.PersonID, Kind: string(said)}); err != nil {
			return err
		}
		if r.Agree {
			return nil
		}
		return s.drive(ctx, tx, q.RequestID, now)
	})
}

// agree gives the request to a guardian who still can be proposed: the register and the limit are asked again, under the request's row.
func (s *Service) agree(ctx context.Context, tx *db.Tx, q Question, now time.Time) error {
	err := db.Change(ctx, tx, errOver, `
		UPDATE guardian_request SET state = 'accepted', state_since = ?, accepted_by = ?, edition = edition + 1 WHERE id = ? AND state IN ('asking', 'office')`, now, q.GuardianID, q.RequestID)
	if err != nil {
		return err
	}
	// The entry's row is locked by a change that changes nothing, lest two requests take its last place.
	free, err := db.Changed(ctx, tx, `
		UPDATE guardian SET edition = edition WHERE id = ? AND state = ? AND valid_until > ?`, q.GuardianID, string(guardian.Listed), now)
	if err != nil {
		return err
	}
	type places struct{ Children, Most int }
	p, err := db.One[places](ctx, tx, `SELECT `+load+` AS children, g.most_children AS most FROM guardian g WHERE g.id = ?`, now.Add(-promised), q.GuardianID)
	if err != nil {
		return err
	}
	if free == 0 || p.Children > p.Most { // this request is among them by now
		return errs.Conflict("request.not-free")
	}
	return nil
}
