// Package approval brings what waits for a second person before that person, and what came of it before the first.
//
// Areas say in their own transactions that something waits ([Ask]) and how it ended ([Answer]); whatever the area, the rest is
// done here once: who may answer is written to, in one letter an hour at most; both see it among their tasks; who may answer can ask
// back, and who asked is told the outcome until they have seen it.
//
// Goals: nobody who may approve has to look by chance, and nobody asks into the void; no letter's subject names a person or a thing;
// nobody is brought their own. Limits: it decides nothing. Whether somebody may approve is the area's rule, which holds without this
// package too, and what it is about is shown on the area's page.
package approval

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/clock"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/event"
	"ostoja/internal/id"
	"ostoja/internal/job"
	"ostoja/internal/lang"
	"ostoja/internal/mail"
)

// Kind is what is to be approved. Its words are the text approval.kind.KIND.
type Kind string

// The kinds.
const (
	SiteText    Kind = "site-text"
	SiteFact    Kind = "site-fact"
	SiteService Kind = "site-service"
	BankItem    Kind = "bank-item"
	Figures     Kind = "figures" // of a project's period, before they are reported
)

// Kinds lists all of them.
var Kinds = []Kind{SiteText, SiteFact, SiteService, BankItem, Figures}

// Outcome is how a request ended.
type Outcome string

// The outcomes.
const (
	Waiting   Outcome = ""
	Approved  Outcome = "approved"
	Returned  Outcome = "returned"
	Withdrawn Outcome = "withdrawn" // there is nothing to approve any more
)

// Ask is what somebody asks of a second person. Where the same thing waited already, this takes its place.
type Ask struct {
	Kind       Kind
	Ref        string            // which one
	Title      string            // as its page names it; "" where that would name a person
	Path       string            // of the page on which it is answered
	Permission access.Permission // of who may answer
	UnitID     string            // within which unit; "" is the whole installation
	By         string            // who asks; of what the program itself brings nobody is written to
	Excluded   []string          // who else may not answer
	Invited    []string          // who alone may, if it is not everybody with the permission
	Note       string            // why
}

// Answer is how what waited ended.
type Answer struct {
	Kind    Kind
	Ref     string
	By      string
	Outcome Outcome
	Note    string
}

// Asked happens when something waits for a second person.
type Asked struct{ Ask }

// Answered happens when what waited was approved, returned or withdrawn.
type Answered struct{ Answer }

// Tell says, within the transaction in which it begins to wait, that something does.
func (a Ask) Tell(ctx context.Context, tx *db.Tx, bus *event.Bus) error {
	return bus.Emit(ctx, tx, Asked{a})
}

// Tell says, within the transaction in which it ends, that nothing waits any more.
func (a Answer) Tell(ctx context.Context, tx *db.Tx, bus *event.Bus) error {
	return bus.Emit(ctx, tx, Answered{a})
}

// Request is something that somebody asked a second person to approve.
type Request struct {
	ID, Ref, Title, Path, Note, Answer string
	Kind                               Kind
	Permission                         access.Permission
	UnitID, UnitPath                   string
	AskedBy                            string
	Asker                              string   // name
	Excluded                           []string `db:",json"`
	Invited                            []string `db:",json"`
	AskedAt                            time.Time
	Outcome                            Outcome
	AnsweredBy                         string
	Answerer                           string // name
	AnsweredAt, SeenAt                 time.Time
	Words                              []Word `db:"-"`
}

// Word is something that one of them said to the other.
type Word struct {
	ApprovalID, PersonID, Name, Words string
	SaidAt                            time.Time
}

// MayAnswer says whether a person may answer the request, as far as is known here: nobody answers their own.
func (r *Request) MayAnswer(a access.Actor) bool {
	return a.PersonID != "" && a.PersonID != r.AskedBy && !slices.Contains(r.Excluded, a.PersonID) && a.May(r.Permission, r.UnitPath) &&
		(len(r.Invited) == 0 || slices.Contains(r.Invited, a.PersonID))
}

// Own says whether a person asked.
func (r *Request) Own(a access.Actor) bool { return a.PersonID != "" && a.PersonID == r.AskedBy }

// Open says whether nobody has answered yet.
func (r *Request) Open() bool { return r.Outcome == Waiting }

// People finds who holds a permission and can be written to.
type People interface {
	Holders(ctx context.Context, q db.Querier, p access.Permission) ([]access.Holder, error)
}

// Deps are what a [Service] needs.
type Deps struct {
	DB        *db.DB
	Clock     clock.Clock
	People    People
	Outbox    *mail.Outbox
	Queue     *job.Queue
	Catalogue *lang.Catalogue
	BaseURL   string // how people's browsers reach the program
}

// Service keeps requests and writes the letters about them.
type Service struct{ Deps }

// New returns the service.
func New(d Deps) *Service {
	s := &Service{d}
	d.Queue.Handle(gatherJob, s.gather)
	d.Queue.Handle(letterJob, s.letter)
	return s
}

const columns = `a.id, a.kind, a.ref, a.title, a.path, a.permission, a.unit_id, COALESCE(u.path, '') AS unit_path, a.asked_by, a.excluded, a.invited, a.note, a.asked_at, a.outcome,
	COALESCE(a.answered_by, '') AS answered_by, a.answer, a.answered_at, a.seen_at,
	p.given_name || ' ' || p.family_name AS asker, COALESCE(r.given_name || ' ' || r.family_name, '') AS answerer`

const tables = ` FROM approval a JOIN identity_person p ON p.id = a.asked_by LEFT JOIN identity_person r ON r.id = a.answered_by LEFT JOIN identity_unit u ON u.id = a.unit_id `

func where(ctx context.Context, q db.Querier, condition string, args ...any) ([]Request, error) {
	list, err := db.All[Request](ctx, q, `SELECT `+columns+tables+`WHERE `+condition+` ORDER BY a.asked_at, a.id`, args...)
	for i := range list {
		list[i].Asker, list[i].Answerer = strings.TrimSpace(list[i].Asker), strings.TrimSpace(list[i].Answerer)
	}
	return list, err
}

// Asked keeps that something waits, and has those told who may answer.
func (s *Service) Asked(ctx context.Context, tx *db.Tx, e Asked) (err error) {
	defer errs.Wrap(&err, "approval.Asked(%s)", e.Kind)
	n, err := db.One[int](ctx, tx, `SELECT COUNT(*) FROM identity_person WHERE id = ?`, e.By)
	if err != nil || n == 0 { // the program itself, or who was erased meanwhile: nobody would hear of the outcome
		return err
	}
	if err := s.Answered(ctx, tx, Answered{Answer{Kind: e.Kind, Ref: e.Ref, By: e.By, Outcome: Withdrawn}}); err != nil {
		return err
	}
	if err := db.Exec(ctx, tx, `INSERT INTO approval (id, kind, ref, title, path, permission, unit_id, asked_by, excluded, invited, note, asked_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		id.New(), string(e.Kind), e.Ref, e.Title, e.Path, string(e.Permission), e.UnitID, e.By, db.JSON(list(e.Excluded)), db.JSON(list(e.Invited)), strings.TrimSpace(e.Note), s.Clock.Now()); err != nil {
		return err
	}
	return s.Queue.Add(ctx, tx, gatherJob, struct{}{}, s.Clock.Now().Add(Gather))
}

// nearest returns whom to write to: who may answer and is responsible for the unit itself, or else who is for everything.
func nearest(holders []access.Holder, r *Request) (to []access.Holder) {
	able := slices.DeleteFunc(slices.Clone(holders), func(h access.Holder) bool { return !r.MayAnswer(h.Actor) })
	for _, i := range access.Keepers(able, r.Permission, r.UnitPath) {
		to = append(to, able[i])
	}
	return to
}

// list is never null in the database.
func list(people []string) []string {
	if people == nil {
		return []string{}
	}
	return people
}

// Answered keeps how what waited ended, and has who asked told of it. Where nothing waits, nothing happens.
func (s *Service) Answered(ctx context.Context, tx *db.Tx, e Answered) (err error) {
	defer errs.Wrap(&err, "approval.Answered(%s)", e.Kind)
	open, err := where(ctx, tx, `a.kind = ? AND a.ref = ? AND a.answered_at IS NULL`, string(e.Kind), e.Ref)
	if err != nil || len(open) == 0 {
		return err
	}
	r, now := open[0], s.Clock.Now()
	var by, seen any
	if e.By != "" {
		by = e.By
	}
	if e.By == r.AskedBy { // who took it back knows
		seen = now
	}
	n, err := db.Changed(ctx, tx, `UPDATE approval SET outcome = ?, answered_by = ?, answer = ?, answered_at = ?, seen_at = ? WHERE id = ? AND answered_at IS NULL`,
		string(e.Outcome), by, strings.TrimSpace(e.Note), now, seen, r.ID)
	if err != nil || n == 0 {
		return err
	}
	if err := db.Exec(ctx, tx, `DELETE FROM approval_line WHERE approval_id = ? AND told_at IS NULL`, r.ID); err != nil { // nobody need be told of what is over
		return err
	}
	if e.By == r.AskedBy {
		return nil
	}
	return s.tell(ctx, tx, r.ID, r.AskedBy, string(e.Outcome), now.Add(Gather))
}

// Waiting returns what the actor may answer, the oldest first.
func (s *Service) Waiting(ctx context.Context, q db.Querier, actor access.Actor) (_ []Request, err error) {
	defer errs.Wrap(&err, "approval.Waiting")
	all, err := where(ctx, q, `a.answered_at IS NULL AND a.asked_by <> ?`, actor.PersonID)
	return slices.DeleteFunc(all, func(r Request) bool { return !r.MayAnswer(actor) }), err
}

// Asks returns what the actor asked: what still waits, and the outcomes that they have not seen.
func (s *Service) Asks(ctx context.Context, q db.Querier, actor access.Actor) (_ []Request, err error) {
	defer errs.Wrap(&err, "approval.Asks")
	return where(ctx, q, `a.asked_by = ? AND (a.answered_at IS NULL OR a.seen_at IS NULL)`, actor.PersonID)
}

// Read returns both in one view of the database.
func (s *Service) Read(ctx context.Context, actor access.Actor) (waiting, asks []Request, err error) {
	err = s.DB.View(ctx, func(tx *db.Tx) error {
		if waiting, err = s.Waiting(ctx, tx, actor); err != nil {
			return err
		}
		asks, err = s.Asks(ctx, tx, actor)
		return err
	})
	return waiting, asks, err
}

// Request returns a request with what was said, to who asked and who may answer.
func (s *Service) Request(ctx context.Context, actor access.Actor, requestID string) (r Request, err error) {
	defer errs.Wrap(&err, "approval.Request(%s)", requestID)
	err = s.DB.View(ctx, func(tx *db.Tx) error {
		r, err = read(ctx, tx, actor, requestID)
		return err
	})
	return r, err
}

func read(ctx context.Context, tx *db.Tx, actor access.Actor, requestID string) (r Request, err error) {
	found, err := where(ctx, tx, `a.id = ?`, requestID)
	if err != nil {
		return r, err
	}
	if len(found) == 0 || !found[0].Own(actor) && !found[0].MayAnswer(actor) {
		return r, errs.NotFound("error.not-found")
	}
	r = found[0]
	r.Words, err = words(ctx, tx, r.ID)
	return r, err
}

func words(ctx context.Context, q db.Querier, requestID string) ([]Word, error) {
	return db.All[Word](ctx, q, `SELECT w.approval_id, w.person_id, w.words, w.said_at, p.given_name || ' ' || p.family_name AS name
		FROM approval_word w JOIN identity_person p ON p.id = w.person_id WHERE w.approval_id = ? ORDER BY w.said_at, w.id`, requestID)
}

// Of returns the latest request about a thing, with what was said, for the thing's page; nil if nobody ever asked, or if the actor neither
// asked nor may answer.
func (s *Service) Of(ctx context.Context, actor access.Actor, kind Kind, ref string) (r *Request, err error) {
	defer errs.Wrap(&err, "approval.Of(%s)", kind)
	err = s.DB.View(ctx, func(tx *db.Tx) error {
		found, err := where(ctx, tx, `a.kind = ? AND a.ref = ? AND a.outcome <> ?`, string(kind), ref, string(Withdrawn))
		if err != nil || len(found) == 0 {
			return err
		}
		last := found[len(found)-1]
		if !last.Own(actor) && !last.MayAnswer(actor) {
			return nil
		}
		r = &last
		r.Words, err = words(ctx, tx, r.ID)
		return err
	})
	return r, err
}

const longestWords = 2000

// Say lets who may answer ask back, and who asked answer that: the other side is told by letter.
func (s *Service) Say(ctx context.Context, actor access.Actor, requestID, text string) (r Request, err error) {
	defer errs.Wrap(&err, "approval.Say(%s)", requestID)
	text = strings.TrimSpace(text)
	err = s.DB.Update(ctx, func(tx *db.Tx) error {
		if r, err = read(ctx, tx, actor, requestID); err != nil {
			return err
		}
		switch {
		case !r.Open():
			return errs.Conflict("approval.fault.over")
		case text == "":
			return errs.Fields{{Name: "words", Key: "approval.fault.words"}}.Err()
		case len(text) > longestWords:
			return errs.Fields{{Name: "words", Key: "approval.fault.long"}}.Err()
		}
		if err := db.Exec(ctx, tx, `INSERT INTO approval_word (id, approval_id, person_id, said_at, words) VALUES (?, ?, ?, ?, ?)`, id.New(), r.ID, actor.PersonID, s.Clock.Now(), text); err != nil {
			return err
		}
		to := []string{r.AskedBy}
		if r.Own(actor) {
			to = nil
			for _, w := range r.Words {
				if w.PersonID != r.AskedBy && !slices.Contains(to, w.PersonID) {
					to = append(to, w.PersonID)
				}
			}
		}
		for _, personID := range to {
			if err := s.tell(ctx, tx, r.ID, personID, "said", s.Clock.Now().Add(Gather)); err != nil {
				return err
			}
		}
		return nil
	})
	return r, err
}

// See notes that who asked has seen the outcome.
func (s *Service) See(ctx context.Context, actor access.Actor, requestID string) (err error) {
	defer errs.Wrap(&err, "approval.See(%s)", requestID)
	return s.DB.Update(ctx, func(tx *db.Tx) error {
		r, err := read(ctx, tx, actor, requestID)
		if err != nil {
			return err
		}
		if !r.Own(actor) || r.Open() {
			return errs.Conflict("approval.fault.open")
		}
		return db.Exec(ctx, tx, `UPDATE approval SET seen_at = ? WHERE id = ? AND seen_at IS NULL`, s.Clock.Now(), r.ID)
	})
}

// keep is how long what is over is kept: so long somebody may want to read again what was said about it.
const keep = 90 * 24 * time.Hour

// Forget erases what was answered long ago. That something was approved, and by whom, stays in the record of acts.
func (s *Service) Forget(ctx context.Context) (err error) {
	defer errs.Wrap(&err, "approval.Forget")
	before := s.Clock.Now().Add(-keep)
	return s.DB.Update(ctx, func(tx *db.Tx) error { return forget(ctx, tx, `answered_at < ?`, before) })
}

// ForgetPerson erases what a person asked and said, and takes their name from what they answered.
func ForgetPerson(ctx context.Context, tx *db.Tx, personID string) error {
	return errors.Join(
		forget(ctx, tx, `asked_by = ?`, personID),
		db.Exec(ctx, tx, `DELETE FROM approval_word WHERE person_id = ?`, personID),
		db.Exec(ctx, tx, `DELETE FROM approval_line WHERE person_id = ?`, personID),
		db.Exec(ctx, tx, `UPDATE approval SET answered_by = NULL WHERE answered_by = ?`, personID),
	)
}

func forget(ctx context.Context, tx *db.Tx, condition string, arg any) error {
	for _, text := range []string{
		`DELETE FROM approval_line WHERE approval_id IN (SELECT id FROM approval WHERE ` + condition + `)`,
		`DELETE FROM approval_word WHERE approval_id IN (SELECT id FROM approval WHERE ` + condition + `)`,
		`DELETE FROM approval WHERE ` + condition,
	} {
		if err := db.Exec(ctx, tx, text, arg); err != nil {
			return err
		}
	}
	return nil
}
