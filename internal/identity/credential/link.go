package credential

import (
	"context"
	"time"

	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/id"
)

// LinkKind says what a one-time link does.
type LinkKind string

// The kinds of links.
const (
	SetUp      LinkKind = "set-up"
	Invitation LinkKind = "invitation"
	SignIn     LinkKind = "sign-in"
)

// ValidFor says how long a link of the kind can be used.
func (k LinkKind) ValidFor() time.Duration {
	switch k {
	case SetUp:
		return 7 * 24 * time.Hour
	case Invitation: // it may wait for the end of a leave
		return 14 * 24 * time.Hour
	case SignIn: // asked for now, by somebody who sits there
	}
	return 30 * time.Minute
}

// linkPause is the least time between two sign-in links by mail to one person. The earlier one is then still unused and
// valid, so that refusing the next keeps nobody out.
const linkPause = 5 * time.Minute

// Link is a one-time link as it is kept.
type Link struct {
	PersonID  string // "" for the set-up, which makes the first person
	Kind      LinkKind
	Next      string // local path to which it leads, "" for the usual
	ExpiresAt time.Time
	UsedAt    time.Time // zero until it is used
}

// Usable says whether the link still opens something.
func (l Link) Usable(now time.Time) bool { return l.UsedAt.IsZero() && now.Before(l.ExpiresAt) }

// MakeLink stores a new link to be handed over and returns its token, which is nowhere else.
func MakeLink(ctx context.Context, tx *db.Tx, kind LinkKind, personID, next string, now time.Time) (token string, err error) {
	return insertLink(ctx, tx, nil, kind, personID, next, now)
}

// MakeLetterLink stores a new link that a letter is to bring, and returns what names it to [MakeLetterToken]. Until then nobody has
// its token.
func MakeLetterLink(ctx context.Context, tx *db.Tx, kind LinkKind, personID, next string, now time.Time) (letter string, err error) {
	letter = id.New()
	_, err = insertLink(ctx, tx, letter, kind, personID, next, now)
	return letter, err
}

func insertLink(ctx context.Context, tx *db.Tx, letter any, kind LinkKind, personID, next string, now time.Time) (token string, err error) {
	token = id.Secret()
	var owner any // NULL where there is nobody yet
	if personID != "" {
		owner = personID
	}
	err = db.Exec(ctx, tx, `INSERT INTO access_link (token_hash, person_id, kind, next, letter, created_at, expires_at) VALUES (?, ?, ?, ?, ?, ?, ?)`,
		id.Digest(token), owner, kind, next, letter, now, now.Add(kind.ValidFor()))
	return token, err
}

// MakeLetterToken makes the token of a link whose letter leaves now; one of an earlier attempt opens nothing any more. It returns an
// error of category errs.ErrGone for a link that was dropped, used or is over.
func MakeLetterToken(ctx context.Context, tx *db.Tx, letter string, now time.Time) (token string, err error) {
	token = id.Secret()
	n, err := db.Changed(ctx, tx, `UPDATE access_link SET token_hash = ? WHERE letter = ? AND used_at IS NULL AND expires_at > ?`, id.Digest(token), letter, now)
	if err == nil && n == 0 {
		err = errs.Gone("people.fault.link")
	}
	return token, err
}

// DropLetterLink removes the link that a letter was to bring, and returns whose it was and how many invitations they have besides; "" if it is
// gone or was used.
func DropLetterLink(ctx context.Context, tx *db.Tx, letter string) (personID string, others int, err error) {
	list, err := db.All[string](ctx, tx, `SELECT COALESCE(person_id, '') FROM access_link WHERE letter = ? AND used_at IS NULL`, letter)
	if err != nil || len(list) == 0 {
		return "", 0, err
	}
	if err := db.Exec(ctx, tx, `DELETE FROM access_link WHERE letter = ? AND used_at IS NULL`, letter); err != nil {
		return "", 0, err
	}
	others, err = db.One[int](ctx, tx, `SELECT COUNT(*) FROM access_link WHERE person_id = ? AND kind = ?`, list[0], string(Invitation))
	return list[0], others, err
}

// FindLink returns the link of a token, used or not.
func FindLink(ctx context.Context, q db.Querier, token string) (Link, error) {
	return db.One[Link](ctx, q, `SELECT COALESCE(person_id, '') AS person_id, kind, next, expires_at, used_at
		FROM access_link WHERE token_hash = ?`, id.Digest(token))
}

// UseLink uses a link up, once: of two who press the button together, one is told that it is gone.
func UseLink(ctx context.Context, tx *db.Tx, token string, now time.Time) (Link, error) {
	n, err := db.Changed(ctx, tx, `UPDATE access_link SET used_at = ? WHERE token_hash = ? AND used_at IS NULL AND expires_at > ?`, now, id.Digest(token), now)
	if err != nil {
		return Link{}, err
	}
	if n == 0 {
		return Link{}, errs.Gone("people.fault.link")
	}
	return FindLink(ctx, tx, token)
}

// SignInLinkWaits says whether the person was sent a sign-in link a moment ago and has not used it yet.
func SignInLinkWaits(ctx context.Context, tx *db.Tx, personID string, now time.Time) (bool, error) {
	n, err := db.One[int](ctx, tx, `SELECT COUNT(*) FROM access_link WHERE person_id = ? AND kind = ? AND used_at IS NULL AND created_at > ?`,
		personID, SignIn, now.Add(-linkPause))
	return n > 0, err
}

// WasInvited says whether the person has ever been given an invitation.
func WasInvited(ctx context.Context, tx *db.Tx, personID string) (bool, error) {
	n, err := db.One[int](ctx, tx, `SELECT COUNT(*) FROM access_link WHERE person_id = ? AND kind = ?`, personID, Invitation)
	return n > 0, err
}

// DropSetUpLinks makes all links useless with which the installation could be set up.
func DropSetUpLinks(ctx context.Context, tx *db.Tx) error {
	return db.Exec(ctx, tx, `DELETE FROM access_link WHERE kind = ?`, SetUp)
}

// DropSignInLinks makes the person's unused sign-in links useless.
func DropSignInLinks(ctx context.Context, tx *db.Tx, personID string) error {
	return db.Exec(ctx, tx, `DELETE FROM access_link WHERE person_id = ? AND kind = ? AND used_at IS NULL`, personID, SignIn)
}

// DropLinks makes all unused links of the person useless.
func DropLinks(ctx context.Context, tx *db.Tx, personID string) error {
	return db.Exec(ctx, tx, `DELETE FROM access_link WHERE person_id = ? AND used_at IS NULL`, personID)
}

// ForgetLinks forgets sign-in links a day after their end. Invitations stay: they say when a person was invited, and their
// tokens are long useless.
func ForgetLinks(ctx context.Context, tx *db.Tx, now time.Time) error {
	return db.Exec(ctx, tx, `DELETE FROM access_link WHERE kind = ? AND expires_at < ?`, SignIn, now.Add(-24*time.Hour))
}
