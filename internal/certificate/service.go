package certificate

import (
	"context"
	"errors"
	"strings"
	"time"

	"golang.org/x/text/unicode/norm"

	"ostoja/internal/access"
	"ostoja/internal/audit"
	"ostoja/internal/clock"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/id"
)

// Service issues, shows, revokes and verifies certificates.
type Service struct {
	db    *db.DB
	clock clock.Clock
	zone  *time.Location
}

// New returns a Service. The zone decides on which day, and so in which year, a certificate is issued and ends.
func New(d *db.DB, c clock.Clock, zone *time.Location) *Service {
	return &Service{db: d, clock: c, zone: zone}
}

// Now returns the service's time, at which pages judge [Certificate.Status].
func (s *Service) Now() time.Time { return s.clock.Now() }

// Issue issues a certificate within the transaction in which the course was passed, or attendance of a training is certified.
// Repeated for the same pass, or while the paper of the training would say the same, it returns the one that was issued then. One
// that says something else of the training stands beside the earlier one, which it supersedes: what was printed is never rewritten.
func (s *Service) Issue(ctx context.Context, tx *db.Tx, a Award) (c Certificate, err error) {
	defer errs.Wrap(&err, "certificate.Issue(%s)", a.EnrolmentID)
	year := a.At.In(s.zone).Year()
	last, err := lockNumbers(ctx, tx, year)
	if err != nil {
		return c, err
	}
	c, found, err := a.issued(ctx, tx)
	if err != nil || found {
		return c, err
	}
	c = Certificate{
		ID: id.New(), Number: number(year, last+1), Code: id.Code(codeBytes),
		PersonID: a.PersonID, EnrolmentID: a.EnrolmentID, AttemptID: a.AttemptID, CourseID: a.CourseID, VersionID: a.VersionID,
		Lang: a.Lang, Holder: a.Holder, Heading: a.Heading, Title: a.Title, Hours: a.Hours, Objectives: a.Objectives, Fund: a.Fund, Issuer: a.Issuer,
		IssuedAt: clock.Cut(a.At), ValidUntil: validUntil(a.At, a.ValidMonths, s.zone),
		Attended: a.Attended,
	}
	if c.Objectives == nil {
		c.Objectives = []string{} // "null" would be no list
	}
	if c.NeedsSpelling() {
		if c.HolderLatin, err = spelling(ctx, tx, c.PersonID, c.Holder); err != nil {
			return c, err
		}
	}
	if err := insert(ctx, tx, c); err != nil {
		return c, err
	}
	return c, setNumber(ctx, tx, year, last+1)
}

// Mine returns the actor's own certificates, the newest first.
func (s *Service) Mine(ctx context.Context, actor access.Actor) (_ []Certificate, err error) {
	defer errs.Wrap(&err, "certificate.Mine")
	return ofPerson(ctx, s.db, actor, access.PeopleRead, actor.PersonID)
}

// OfPerson returns the certificates of a person whom the actor may read; of another there are none.
func (s *Service) OfPerson(ctx context.Context, actor access.Actor, personID string) (_ []Certificate, err error) {
	defer errs.Wrap(&err, "certificate.OfPerson(%s)", personID)
	return ofPerson(ctx, s.db, actor, access.PeopleRead, personID)
}

// Issued returns a person's certificates, the newest first, whoever asks: for rooms that see to who may know.
func (s *Service) Issued(ctx context.Context, q db.Querier, personID string) (_ []Certificate, err error) {
	defer errs.Wrap(&err, "certificate.Issued")
	return db.All[Certificate](ctx, q, `SELECT `+columns+` FROM certificate c WHERE c.person_id = ? ORDER BY c.issued_at DESC, c.id DESC`, personID)
}

// Certificate returns a certificate to its holder, or to who may read the holder.
func (s *Service) Certificate(ctx context.Context, actor access.Actor, certificateID string) (c Certificate, err error) {
	defer errs.Wrap(&err, "certificate.Certificate(%s)", certificateID)
	if !id.Valid(certificateID) || actor.PersonID == "" {
		return c, errs.NotFound("error.not-found")
	}
	return visible(ctx, s.db, actor, access.PeopleRead, certificateID, true)
}

// Spellable returns a certificate that waits for its holder's name in Latin letters ([Certificate.NeedsSpelling]) to the holder, or to who
// may correct the holder's record.
func (s *Service) Spellable(ctx context.Context, actor access.Actor, certificateID string) (c Certificate, err error) {
	defer errs.Wrap(&err, "certificate.Spellable(%s)", certificateID)
	return spellable(ctx, s.db, actor, certificateID)
}

func spellable(ctx context.Context, q db.Querier, actor access.Actor, certificateID string) (c Certificate, err error) {
	if !id.Valid(certificateID) || actor.PersonID == "" {
		return c, errs.NotFound("error.not-found")
	}
	if c, err = visible(ctx, q, actor, access.PeopleWrite, certificateID, true); err != nil {
		return c, err
	}
	if !c.NeedsSpelling() {
		return c, errs.Conflict("certificate.spelling.already")
	}
	return c, nil
}

// Spell gives a certificate that waits for it its holder's name in Latin letters, as in the passport. Once given it stays: the paper must
// not say one thing today and another tomorrow.
func (s *Service) Spell(ctx context.Context, actor access.Actor, certificateID, latin string) (err error) {
	defer errs.Wrap(&err, "certificate.Spell(%s)", certificateID)
	latin = strings.Join(strings.Fields(norm.NFC.String(latin)), " ")
	return s.db.Update(ctx, func(tx *db.Tx) error {
		if _, err := spellable(ctx, tx, actor, certificateID); err != nil {
			return err
		}
		if err := checkSpelling(latin); err != nil {
			return err
		}
		done, err := spell(ctx, tx, certificateID, latin)
		if err == nil && !done {
			err = errs.Conflict("certificate.spelling.already")
		}
		if err != nil {
			return err
		}
		return audit.Record(ctx, tx, s.clock.Now(), actor.PersonID, "certificate.spell", "certificate:"+certificateID, nil)
	})
}

// Revocable returns a certificate that the actor may revoke and that still stands.
func (s *Service) Revocable(ctx context.Context, actor access.Actor, certificateID string) (c Certificate, err error) {
	defer errs.Wrap(&err, "certificate.Revocable(%s)", certificateID)
	return s.revocable(ctx, s.db, actor, certificateID)
}

func (s *Service) revocable(ctx context.Context, q db.Querier, actor access.Actor, certificateID string) (c Certificate, err error) {
	if !id.Valid(certificateID) {
		return c, errs.NotFound("error.not-found")
	}
	if c, err = visible(ctx, q, actor, access.Revoke, certificateID, false); err != nil {
		return c, err
	}
	if !c.RevokedAt.IsZero() {
		return c, errs.Conflict("certificate.revoke.already")
	}
	return c, nil
}

// Revoke takes a certificate's worth from it for a stated reason, and the audit record says who did it. It cannot be undone; the
// person can be issued another by passing again.
func (s *Service) Revoke(ctx context.Context, actor access.Actor, certificateID, reason string, confirmed bool) (err error) {
	defer errs.Wrap(&err, "certificate.Revoke(%s)", certificateID)
	reason = strings.TrimSpace(reason)
	return s.db.Update(ctx, func(tx *db.Tx) error {
		if _, err := s.revocable(ctx, tx, actor, certificateID); err != nil {
			return err
		}
		if err := checkReason(reason, confirmed); err != nil {
			return err
		}
		now := s.clock.Now()
		done, err := revoke(ctx, tx, certificateID, actor.PersonID, reason, now)
		if err == nil && !done {
			err = errs.Conflict("certificate.revoke.already")
		}
		if err != nil {
			return err
		}
		// The reason is free text and may name the person: it stays with the certificate and out of the audit record.
		return audit.Record(ctx, tx, now, actor.PersonID, "certificate.revoke", "certificate:"+certificateID, nil)
	})
}

// Verify returns the certificate with a code that somebody typed or scanned. It asks no permission: who has the code has the
// paper.
func (s *Service) Verify(ctx context.Context, typed string) (c Certificate, err error) {
	defer errs.Wrap(&err, "certificate.Verify")
	code := ParseCode(typed)
	if code == "" {
		return c, errs.Invalid("certificate.verify.unreadable")
	}
	c, err = byCode(ctx, s.db, code)
	if errors.Is(err, errs.ErrNotFound) {
		err = errs.NotFound("certificate.verify.unknown").Because(err)
	}
	return c, err
}
