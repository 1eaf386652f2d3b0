package identity

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/audit"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/id"
	"ostoja/internal/identity/credential"
	"ostoja/internal/text"
)

// How long a session lasts. Staff share computers: one that nobody used for a duty shift is over.
const (
	sessionFor  = 14 * 24 * time.Hour
	sessionIdle = 12 * time.Hour
	seenEvery   = 5 * time.Minute
	// endedKept is how long an expired session's person is still known, so that kept answers find back to them.
	endedKept = 3 * 24 * time.Hour
)

type sessionRow struct {
	ID         string
	PersonID   string
	GivenName  string
	FamilyName string
	Lang       string
	State      State
	UnitPath   string
	SeenAt     time.Time
	ExpiresAt  time.Time
	grants     []access.Grant
}

// Session returns the session of a token: errs.ErrNotFound for one that was ended, errs.ErrGone with the person filled in
// for one whose time is over.
func (s *Service) Session(ctx context.Context, token string) (_ SignedIn, err error) {
	defer errs.Wrap(&err, "identity.Session")
	now, hash := s.clock.Now(), id.Digest(token)
	r, epoch, ok := s.sessions.get(hash, now)
	if !ok {
		if r, err = loadSession(ctx, s.db, hash); err != nil {
			return SignedIn{}, err
		}
		s.sessions.put(hash, r, epoch, now)
	}
	if r.State == Blocked {
		return SignedIn{}, errs.NotFound("error.gone")
	}
	if !now.Before(r.ExpiresAt) || now.Sub(r.SeenAt) >= sessionIdle {
		return SignedIn{Actor: access.Actor{PersonID: r.PersonID}}, errs.Gone("error.gone")
	}
	if now.Sub(r.SeenAt) >= seenEvery {
		s.noteSeen(ctx, hash, now)
	}
	return SignedIn{
		ID: r.ID, Name: joinName(r.GivenName, r.FamilyName), Lang: r.Lang,
		Actor: access.Actor{PersonID: r.PersonID, Path: r.UnitPath, Grants: r.grants, At: now},
	}, nil
}

// sessionsTopic is the topic of notices that a person's sessions or rights changed; they are about the person's id.
const sessionsTopic = "identity.sessions"

// forget drops a person's sessions from memory, here and on all other nodes, after a change that was committed.
func (s *Service) forget(ctx context.Context, personID string) {
	s.sessions.forget(personID)
	_ = s.db.Notify(context.WithoutCancel(ctx), sessionsTopic, personID) // should it fail, other nodes forget after cacheFor
}

// heard drops what another node said to be old.
func (s *Service) heard(personID string) {
	if personID == "" {
		s.sessions.drop()
		return
	}
	s.sessions.forget(personID)
}

// noteSeen writes that the session is in use. That it fails is no reason to refuse a page: the next page tries again.
func (s *Service) noteSeen(ctx context.Context, hash string, now time.Time) {
	err := s.db.Batch(ctx, func(tx *db.Tx) error {
		return db.Exec(ctx, tx, `UPDATE session SET seen_at = ? WHERE token_hash = ? AND seen_at < ?`, now, hash, now)
	})
	if err == nil {
		s.sessions.touch(hash, now)
	}
}

func loadSession(ctx context.Context, q db.Querier, hash string) (sessionRow, error) {
	r, err := db.One[sessionRow](ctx, q, `
		SELECT s.id, s.person_id, p.given_name, p.family_name, p.lang, p.state, u.path AS unit_path, s.seen_at, s.expires_at
		FROM session s JOIN person p ON p.id = s.person_id JOIN unit u ON u.id = p.unit_id WHERE s.token_hash = ?`, hash)
	if err != nil {
		return r, err
	}
	roles, err := listGrants(ctx, q, r.PersonID)
	r.grants = grantsOf(roles)
	return r, err
}

// openSession makes a session within a transaction.
func (s *Service) openSession(ctx context.Context, tx *db.Tx, personID, lang string, c Client, how string) (Opened, error) {
	now := s.clock.Now()
	o := Opened{Token: id.Secret(), Expires: now.Add(sessionFor), PersonID: personID, Lang: lang}
	sessionID := id.New()
	if err := db.Exec(ctx, tx, `INSERT INTO session (token_hash, id, person_id, device, created_at, seen_at, expires_at) VALUES (?, ?, ?, ?, ?, ?, ?)`,
		id.Digest(o.Token), sessionID, personID, credential.DeviceName(c.UserAgent), now, now, o.Expires); err != nil {
		return Opened{}, err
	}
	var err error
	if o.Device, err = credential.OpenDevice(s.key, c.Device).Mark(s.key, personID); err != nil {
		return Opened{}, err
	}
	return o, audit.Record(ctx, tx, now, personID, "session.open", "session:"+sessionID, map[string]any{"how": how})
}

// candidate is what signing in needs of a person.
type candidate struct {
	ID             string
	OrganisationID string
	Lang           string
	State          State
	PasswordHash   string
	GivenName      string
	FamilyName     string
	Mail           string
}

// candidatesFor finds who may be meant by a sign-in name: by a mail address one person at most, by a service number one in each
// organisation that uses it, unless the organisation is stated by its name or short name.
func candidatesFor(ctx context.Context, q db.Querier, name, organisation string) ([]candidate, error) {
	const columns = `id, organisation_id, lang, state, password_hash, given_name, family_name, COALESCE(mail, '') AS mail`
	if strings.Contains(name, "@") {
		return db.All[candidate](ctx, q, `SELECT `+columns+` FROM person WHERE mail = ?`, signInMail(name))
	}
	list, err := db.All[candidate](ctx, q, `SELECT `+columns+` FROM person WHERE service_number = ? ORDER BY id LIMIT 20`, normalNumber(name))
	if organisation = text.Search(organisation); err != nil || organisation == "" {
		return list, err
	}
	units, err := listUnits(ctx, q, `u.parent_id IS NULL`)
	stated := func(c candidate) bool {
		return slices.ContainsFunc(units, func(u Unit) bool {
			return u.ID == c.OrganisationID && (text.Search(u.Name) == organisation || text.Search(u.Code) == organisation)
		})
	}
	return slices.DeleteFunc(list, func(c candidate) bool { return !stated(c) }), err
}

// meant returns the one of the candidates who may sign in by a password, nobody if there are several: then the organisation is to be
// stated. Who was only put into a list does not count, and who has signed in with this browser is meant before others, so that
// what is typed elsewhere keeps nobody out.
func meant(list []candidate, d credential.Device) (one candidate) {
	list = slices.DeleteFunc(list, func(c candidate) bool { return c.State != Active || c.PasswordHash == "" })
	if known := slices.DeleteFunc(slices.Clone(list), func(c candidate) bool { return !d.Knows(c.ID) }); len(known) > 0 {
		list = known
	}
	if len(list) == 1 {
		one = list[0]
	}
	return one
}

// account names what tries are counted for.
func account(c candidate, name string) string {
	if c.ID != "" {
		return c.ID
	}
	return "name:" + normalNumber(name)
}

// SignIn opens a session for a mail address or service number and a password. Whatever is wrong, the answer is the same and
// takes the same time.
func (s *Service) SignIn(ctx context.Context, name, password string, c Client) (o Opened, err error) {
	defer errs.Wrap(&err, "identity.SignIn")
	if name = strings.TrimSpace(name); name == "" || password == "" || len(name) > 254 || len(password) > 4*credential.PasswordMax {
		return Opened{}, errs.Invalid("people.fault.sign-in")
	}
	list, err := candidatesFor(ctx, s.db, name, c.Organisation)
	if err != nil {
		return Opened{}, err
	}
	device := credential.OpenDevice(s.key, c.Device)
	who := meant(list, device)
	var try credential.Try
	err = s.db.Batch(ctx, func(tx *db.Tx) (err error) {
		try, err = s.throttle.Count(ctx, tx, account(who, name), c.Network, device)
		return err
	})
	if err != nil {
		return Opened{}, err
	}
	ok, outdated, err := s.hasher.Check(ctx, password, who.PasswordHash)
	if err != nil {
		return Opened{}, err
	}
	if !ok {
		return Opened{}, errs.Invalid("people.fault.sign-in")
	}
	rehashed := ""
	if outdated {
		if rehashed, err = s.hasher.Hash(ctx, password); err != nil {
			return Opened{}, err
		}
	}
	err = s.db.Batch(ctx, func(tx *db.Tx) (err error) {
		if err := s.throttle.Succeeded(ctx, tx, try); err != nil {
			return err
		}
		if rehashed != "" {
			if err := db.Exec(ctx, tx, `UPDATE person SET password_hash = ? WHERE id = ? AND password_hash = ?`, rehashed, who.ID, who.PasswordHash); err != nil {
				return err
			}
		}
		o, err = s.openSession(ctx, tx, who.ID, who.Lang, c, "password")
		return err
	})
	return o, err
}

// SignOut ends the session of a token.
func (s *Service) SignOut(ctx context.Context, token string) (err error) {
	defer errs.Wrap(&err, "identity.SignOut")
	hash := id.Digest(token)
	r, err := db.One[struct{ PersonID string }](ctx, s.db, `SELECT person_id FROM session WHERE token_hash = ?`, hash)
	if errors.Is(err, errs.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	defer s.forget(ctx, r.PersonID)
	return s.db.Batch(ctx, func(tx *db.Tx) error {
		return db.Exec(ctx, tx, `DELETE FROM session WHERE token_hash = ?`, hash)
	})
}

// OwnSessions lists where the actor is signed in, the last used first.
func (s *Service) OwnSessions(ctx context.Context, actor access.Actor) (_ []OwnSession, err error) {
	defer errs.Wrap(&err, "identity.OwnSessions(%q)", actor.PersonID)
	now := s.clock.Now()
	return db.All[OwnSession](ctx, s.db, `SELECT id, device, created_at, seen_at FROM session
		WHERE person_id = ? AND expires_at > ? AND seen_at > ? ORDER BY seen_at DESC, id`, actor.PersonID, now, now.Add(-sessionIdle))
}

// EndSession ends one of the actor's own sessions.
func (s *Service) EndSession(ctx context.Context, actor access.Actor, sessionID string) (err error) {
	defer errs.Wrap(&err, "identity.EndSession(%q)", sessionID)
	if !id.Valid(sessionID) {
		return errs.NotFound("error.not-found")
	}
	defer s.forget(ctx, actor.PersonID)
	return s.db.Update(ctx, func(tx *db.Tx) error {
		n, err := db.Changed(ctx, tx, `DELETE FROM session WHERE id = ? AND person_id = ?`, sessionID, actor.PersonID)
		if err == nil && n == 0 {
			err = errs.NotFound("error.not-found")
		}
		return err
	})
}

// EndOthers ends all of the actor's sessions but the current one.
func (s *Service) EndOthers(ctx context.Context, actor access.Actor, currentID string) (err error) {
	defer errs.Wrap(&err, "identity.EndOthers(%q)", actor.PersonID)
	defer s.forget(ctx, actor.PersonID)
	return s.db.Update(ctx, func(tx *db.Tx) error {
		return endSessions(ctx, tx, actor.PersonID, currentID)
	})
}
