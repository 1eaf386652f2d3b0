package identity

import (
	"context"
	"slices"

	"ostoja/internal/access"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/identity/credential"
)

// Account returns the actor's own data.
func (s *Service) Account(ctx context.Context, actor access.Actor) (p Person, err error) {
	defer errs.Wrap(&err, "identity.Account(%q)", actor.PersonID)
	return getPerson(ctx, s.db, actor.PersonID)
}

// SetLang changes the language in which the actor is spoken and written to.
func (s *Service) SetLang(ctx context.Context, actor access.Actor, lang string) (err error) {
	defer errs.Wrap(&err, "identity.SetLang(%q)", actor.PersonID)
	if !slices.Contains(s.catalogue.Langs(), lang) {
		var f errs.Fields
		f.Add("lang", "people.fault.choose")
		return f.Err()
	}
	defer s.forget(ctx, actor.PersonID)
	return s.db.Batch(ctx, func(tx *db.Tx) error {
		return db.Exec(ctx, tx, `UPDATE person SET lang = ? WHERE id = ?`, lang, actor.PersonID)
	})
}

// ChangePassword sets the actor's password, for which they state the old one if they have one, and ends their other
// sessions. Wrong old passwords are counted as at sign-in: an unlocked computer is no way to guess.
func (s *Service) ChangePassword(ctx context.Context, actor access.Actor, sessionID, old, password string, c Client) (err error) {
	defer errs.Wrap(&err, "identity.ChangePassword(%q)", actor.PersonID)
	p, err := getPerson(ctx, s.db, actor.PersonID)
	if err != nil {
		return err
	}
	var f errs.Fields
	if p.HasPassword && old == "" {
		f.Add("old", "people.fault.old-password")
	}
	if key := credential.CheckPassword(password, p.GivenName, p.FamilyName, p.Mail, p.ServiceNumber); key != "" {
		f.Add("password", key)
	}
	if err := f.Err(); err != nil {
		return err
	}
	if p.HasPassword {
		if err := s.checkOld(ctx, p.ID, old, c); err != nil {
			return err
		}
	}
	hash, err := s.hasher.Hash(ctx, password)
	if err != nil {
		return err
	}
	defer s.forget(ctx, p.ID)
	return s.db.Update(ctx, func(tx *db.Tx) error { return s.setPassword(ctx, tx, p.ID, hash, sessionID) })
}

func (s *Service) checkOld(ctx context.Context, personID, old string, c Client) error {
	var try credential.Try
	err := s.db.Batch(ctx, func(tx *db.Tx) (err error) {
		try, err = s.throttle.Count(ctx, tx, personID, c.Network, credential.OpenDevice(s.key, c.Device))
		return err
	})
	if err != nil {
		return err
	}
	hash, err := db.One[string](ctx, s.db, `SELECT password_hash FROM person WHERE id = ?`, personID)
	if err != nil {
		return err
	}
	ok, _, err := s.hasher.Check(ctx, old, hash)
	if err != nil {
		return err
	}
	if !ok {
		var f errs.Fields
		f.Add("old", "people.fault.old-password")
		return f.Err()
	}
	return s.db.Batch(ctx, func(tx *db.Tx) error { return s.throttle.Succeeded(ctx, tx, try) })
}

// Sweep forgets what is over: sessions, links, counts of tries. It is called every hour.
func (s *Service) Sweep(ctx context.Context) (err error) {
	defer errs.Wrap(&err, "identity.Sweep")
	now := s.clock.Now()
	return s.db.Update(ctx, func(tx *db.Tx) error {
		if err := db.Exec(ctx, tx, `DELETE FROM session WHERE expires_at < ? OR seen_at < ?`, now.Add(-endedKept), now.Add(-endedKept-sessionIdle)); err != nil {
			return err
		}
		if err := credential.ForgetLinks(ctx, tx, now); err != nil {
			return err
		}
		return s.throttle.Forget(ctx, tx)
	})
}
