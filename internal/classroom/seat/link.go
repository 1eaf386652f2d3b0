package seat

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/id"
	"ostoja/internal/mail"
)

// Purpose is what a letter's link is for.
type Purpose string

// The purposes.
const (
	ToAnswer   Purpose = "answer"   // the person accepts or declines a seat
	ToDelegate Purpose = "delegate" // the superior consents or refuses
)

// TokenKind is the kind of the tokens that letters about seats bring; see [Service.MakeToken].
const TokenKind mail.TokenKind = "seat"

// tokenFor names a link of an offer as it stands: one that was made anew meanwhile is another.
func tokenFor(b Booking, p Purpose) mail.Token {
	return mail.Token{Kind: TokenKind, Ref: fmt.Sprintf("%s %s %d", b.ID, p, b.OfferUntil.UnixMicro())}
}

// opens says whether a link of the purpose has anything to answer.
func (b Booking) opens(p Purpose, now time.Time) bool {
	if b.State != Offered || !now.Before(b.OfferUntil) {
		return false
	}
	return p == ToAnswer && b.AcceptedAt.IsZero() || p == ToDelegate && b.DelegatedAt.IsZero()
}

// MakeToken makes the token of a link whose letter leaves now. An unused one from before opens nothing any more. What was answered,
// undone or is over has none, and its letter does not leave.
func (s *Service) MakeToken(ctx context.Context, tx *db.Tx, ref string) (token string, err error) {
	defer errs.Wrap(&err, "seat.MakeToken")
	gone := errs.Gone("seat.link.gone")
	bookingID, rest, _ := strings.Cut(ref, " ")
	purpose, _, _ := strings.Cut(rest, " ")
	b, err := bookingOf(ctx, tx, bookingID)
	if errors.Is(err, errs.ErrNotFound) {
		return "", gone
	}
	if err != nil {
		return "", err
	}
	if !b.opens(Purpose(purpose), s.Clock.Now()) || tokenFor(b, Purpose(purpose)).Ref != ref {
		return "", gone
	}
	if err := db.Exec(ctx, tx, `DELETE FROM booking_link WHERE booking_id = ? AND purpose = ? AND used_at IS NULL`, b.ID, purpose); err != nil {
		return "", err
	}
	token = id.Secret()
	err = db.Exec(ctx, tx, `INSERT INTO booking_link (token_hash, booking_id, purpose, expires_at) VALUES (?, ?, ?, ?)`, id.Digest(token), b.ID, purpose, b.OfferUntil)
	return token, err
}

// Link is what the page behind a letter's link says before anything is answered, and afterwards.
type Link struct {
	Mine
	Purpose  Purpose
	Name     string // of the person whose seat it is
	Used     time.Time
	Open     bool // it can be answered
	Stranger bool // somebody is signed in whom it is not for
	AskWhom  bool // the superior's address is wanted with the answer
}

type linkRow struct {
	BookingID string
	Purpose   Purpose
	UsedAt    time.Time
}

func linkOf(ctx context.Context, q db.Querier, token string) (linkRow, error) {
	l, err := db.One[linkRow](ctx, q, `SELECT booking_id, purpose, used_at FROM booking_link WHERE token_hash = ?`, id.Digest(token))
	if errors.Is(err, errs.ErrNotFound) {
		err = errs.Gone("seat.link.gone")
	}
	return l, err
}

// stranger says that a link is not for who is signed in: an answer is the person's own, and nobody delegates themselves. Who is not
// signed in holds the letter, and that is all that is asked of them.
func (l linkRow) stranger(b Booking, actor access.Actor) bool {
	if actor.PersonID == "" {
		return false
	}
	return (actor.PersonID == b.PersonID) != (l.Purpose == ToAnswer)
}

// Link returns what a link is for. It changes nothing, since mail scanners open links.
func (s *Service) Link(ctx context.Context, actor access.Actor, token string) (v Link, err error) {
	defer errs.Wrap(&err, "seat.Link")
	err = s.DB.View(ctx, func(tx *db.Tx) error {
		l, err := linkOf(ctx, tx, token)
		if err != nil {
			return err
		}
		b, err := bookingOf(ctx, tx, l.BookingID)
		if err != nil {
			return err
		}
		if v.Mine, err = s.mine(ctx, tx, b); err != nil {
			return err
		}
		v.Purpose, v.Used, v.Stranger = l.Purpose, l.UsedAt, l.stranger(b, actor)
		v.Open = l.UsedAt.IsZero() && b.opens(l.Purpose, s.Clock.Now())
		v.AskWhom = l.Purpose == ToAnswer && v.Plan.Delegation && b.DelegatedAt.IsZero()
		v.Name, err = db.One[string](ctx, tx, `SELECT given_name || ' ' || family_name FROM identity_person WHERE id = ?`, b.PersonID)
		return err
	})
	return v, err
}

// Answer is what is sent from the page behind a link.
type Answer struct {
	Yes      bool
	Superior string // whom to ask for delegation, with a yes to an offer
	Reason   string // of a superior's no
}

// UseLink answers by a link, which is used up by it. Of two who answer at once, one does; the other learns what was answered.
func (s *Service) UseLink(ctx context.Context, actor access.Actor, token string, a Answer) (err error) {
	defer errs.Wrap(&err, "seat.UseLink")
	l, err := linkOf(ctx, s.DB, token)
	if err != nil {
		return err
	}
	b, err := bookingOf(ctx, s.DB, l.BookingID)
	if err != nil {
		return err
	}
	if l.stranger(b, actor) {
		return errs.Forbidden("seat.link.stranger")
	}
	if l.Purpose == ToDelegate && !a.Yes {
		if err := noReason(a.Reason); err != nil {
			return err
		}
	}
	return s.change(ctx, access.Actor{}, b.TrainingID, 0, func(h *book) error {
		b, ok := h.byID(l.BookingID)
		if !ok || !b.opens(l.Purpose, h.now) {
			return errs.Conflict("seat.link.over")
		}
		n, err := db.Changed(ctx, h.tx, `UPDATE booking_link SET used_at = ? WHERE token_hash = ? AND used_at IS NULL`, h.now, id.Digest(token))
		if err != nil {
			return err
		}
		if n == 0 {
			return errs.Conflict("seat.link.over")
		}
		return h.answer(ctx, b, l.Purpose, a)
	})
}

func (h *book) answer(ctx context.Context, b Booking, p Purpose, a Answer) error {
	switch {
	case p == ToAnswer && a.Yes:
		return h.accept(ctx, b, a.Superior)
	case p == ToAnswer:
		_, err := h.do(ctx, b, Decline, h.theCase(b), "")
		return err
	case !a.Yes:
		_, err := h.do(ctx, b, Withhold, h.theCase(b), strings.TrimSpace(a.Reason))
		return err
	}
	b.DelegatedOn = "link"
	_, err := h.do(ctx, b, Consent, h.theCase(b), "")
	return err
}
