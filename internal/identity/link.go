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
	"ostoja/internal/mail"
)

// TokenKind is the kind of the tokens that letters of people bring; see [Service.MakeToken].
const TokenKind mail.TokenKind = "identity"

// MakeToken makes the token of a link whose letter leaves now.
func (s *Service) MakeToken(ctx context.Context, tx *db.Tx, letter string) (token string, err error) {
	defer errs.Wrap(&err, "identity.MakeToken")
	return credential.MakeLetterToken(ctx, tx, letter, s.clock.Now())
}

// DropToken takes the link of a letter away that was dropped before it left. Whoever was invited by it alone is not invited.
func (s *Service) DropToken(ctx context.Context, tx *db.Tx, letter string) (err error) {
	defer errs.Wrap(&err, "identity.DropToken")
	personID, others, err := credential.DropLetterLink(ctx, tx, letter)
	if err != nil || personID == "" || others > 0 {
		return err
	}
	return db.Exec(ctx, tx, `UPDATE person SET state = ? WHERE id = ? AND state = ? AND activated_at IS NULL`, Added, personID, Invited)
}

// sendLink sends a letter with a new link; write is given its address, which has no token yet.
func (s *Service) sendLink(ctx context.Context, tx *db.Tx, kind credential.LinkKind, personID, next string, write func(url string) mail.Message) error {
	letter, err := credential.MakeLetterLink(ctx, tx, kind, personID, next, s.clock.Now())
	if err != nil {
		return err
	}
	m := write(s.linkAddress(mail.TokenMark))
	m.Token = mail.Token{Kind: TokenKind, Ref: letter}
	return s.outbox.Send(ctx, tx, m)
}

func (s *Service) linkAddress(token string) string { return s.baseURL + "/app/link/" + token }

// makeLink stores a new link to be handed over and returns its address.
func (s *Service) makeLink(ctx context.Context, tx *db.Tx, kind credential.LinkKind, personID, next string) (url string, err error) {
	token, err := credential.MakeLink(ctx, tx, kind, personID, next, s.clock.Now())
	if kind == credential.SetUp {
		return s.baseURL + "/app/set-up/" + token, err
	}
	return s.linkAddress(token), err
}

// SetUpLink returns the one link with which the first administrator sets the installation up, "" if there are people
// already. A new one makes the earlier ones useless.
func (s *Service) SetUpLink(ctx context.Context) (url string, err error) {
	defer errs.Wrap(&err, "identity.SetUpLink")
	err = s.db.Update(ctx, func(tx *db.Tx) error {
		if there, err := anybody(ctx, tx); err != nil || there {
			return err
		}
		if err := credential.DropSetUpLinks(ctx, tx); err != nil {
			return err
		}
		url, err = s.makeLink(ctx, tx, credential.SetUp, "", "")
		return err
	})
	return url, err
}

// SetUp makes the first organisation and its administrator, and signs them in.
func (s *Service) SetUp(ctx context.Context, token string, d SetUpDraft, c Client) (o Opened, err error) {
	defer errs.Wrap(&err, "identity.SetUp")
	unit := UnitDraft{Name: d.Organisation, Kind: d.Kind}
	var faults errs.Fields
	if e := (*errs.Error)(nil); errors.As(unit.Check(), &e) {
		for _, f := range e.Fields {
			if f.Name == "name" {
				f.Name = "organisation"
			}
			faults = append(faults, f)
		}
	}
	faults = append(faults, d.Person.Check(s.catalogue.Langs())...)
	if d.Person.Mail == "" {
		faults.Add("mail", "people.fault.mail")
	}
	if key := credential.CheckPassword(d.Password, d.Person.GivenName, d.Person.FamilyName, d.Person.Mail, unit.Name); key != "" {
		faults.Add("password", key)
	}
	if err := faults.Err(); err != nil {
		return Opened{}, err
	}
	if _, err := s.Link(ctx, token); err != nil { // before the work of hashing
		return Opened{}, err
	}
	hash, err := s.hasher.Hash(ctx, d.Password)
	if err != nil {
		return Opened{}, err
	}
	err = s.db.Update(ctx, func(tx *db.Tx) error {
		l, err := credential.UseLink(ctx, tx, token, s.clock.Now())
		if err != nil {
			return err
		}
		if there, err := anybody(ctx, tx); err != nil || there || l.Kind != credential.SetUp {
			return errors.Join(err, errs.Gone("people.fault.link"))
		}
		u, err := s.insertUnit(ctx, tx, Unit{}, unit)
		if err != nil {
			return err
		}
		personID, err := s.add(ctx, tx, access.System, u, d.Person)
		if err != nil {
			return err
		}
		grant := RoleGrant{ID: id.New(), PersonID: personID, Role: access.Administrator, CreatedAt: s.clock.Now()}
		if _, err := insertGrant(ctx, tx, grant, ""); err != nil {
			return err
		}
		if err := s.activate(ctx, tx, personID, hash); err != nil {
			return err
		}
		o, err = s.openSession(ctx, tx, personID, d.Person.Lang, c, string(credential.SetUp))
		return err
	})
	return o, err
}

// activate notes that a person has come in, with a password if hash is not empty.
func (s *Service) activate(ctx context.Context, tx *db.Tx, personID, hash string) error {
	if err := db.Exec(ctx, tx, `UPDATE person SET state = ?, activated_at = COALESCE(activated_at, ?) WHERE id = ?`, Active, s.clock.Now(), personID); err != nil || hash == "" {
		return err
	}
	return db.Exec(ctx, tx, `UPDATE person SET password_hash = ? WHERE id = ?`, hash, personID)
}

// Link returns what a link is for without using it. One that is used, too old or was never made is gone.
func (s *Service) Link(ctx context.Context, token string) (_ Link, err error) {
	defer errs.Wrap(&err, "identity.Link")
	l, _, err := s.link(ctx, token)
	return l, err
}

type linkPerson struct {
	Lang, Organisation, Mail, GivenName, FamilyName, ServiceNumber string
	State                                                          State
	PasswordHash                                                   string
}

func (s *Service) link(ctx context.Context, token string) (Link, linkPerson, error) {
	gone := errs.Gone("people.fault.link")
	row, err := credential.FindLink(ctx, s.db, token)
	if errors.Is(err, errs.ErrNotFound) || (err == nil && !row.Usable(s.clock.Now())) {
		return Link{}, linkPerson{}, gone
	}
	if err != nil || row.Kind == credential.SetUp {
		return Link{Kind: row.Kind}, linkPerson{}, err
	}
	p, err := db.One[linkPerson](ctx, s.db, `SELECT p.lang, o.name AS organisation, COALESCE(p.mail, '') AS mail, p.given_name, p.family_name,
			COALESCE(p.service_number, '') AS service_number, p.state, p.password_hash
		FROM person p JOIN unit o ON o.id = p.organisation_id WHERE p.id = ?`, row.PersonID)
	if err == nil && p.State == Blocked {
		err = gone
	}
	return Link{Kind: row.Kind, Organisation: p.Organisation, Lang: p.Lang, HasPassword: p.PasswordHash != ""}, p, err
}

// UseLink signs the person of an invitation or sign-in link in and, if password is not empty, sets it.
func (s *Service) UseLink(ctx context.Context, token, password string, c Client) (o Opened, err error) {
	defer errs.Wrap(&err, "identity.UseLink")
	l, p, err := s.link(ctx, token)
	if err != nil {
		return Opened{}, err
	}
	if l.Kind == credential.SetUp {
		return Opened{}, errs.Gone("people.fault.link")
	}
	hash := ""
	if password != "" {
		if key := credential.CheckPassword(password, p.GivenName, p.FamilyName, p.Mail, p.ServiceNumber); key != "" {
			var f errs.Fields
			f.Add("password", key)
			return Opened{}, f.Err()
		}
		if hash, err = s.hasher.Hash(ctx, password); err != nil {
			return Opened{}, err
		}
	}
	err = s.db.Batch(ctx, func(tx *db.Tx) error {
		row, err := credential.UseLink(ctx, tx, token, s.clock.Now())
		if err != nil {
			return err
		}
		n, err := db.Changed(ctx, tx, `UPDATE person SET state = ?, activated_at = COALESCE(activated_at, ?) WHERE id = ? AND state <> ?`, Active, s.clock.Now(), row.PersonID, Blocked)
		if err != nil {
			return err
		}
		if n == 0 {
			return errs.Gone("people.fault.link")
		}
		if hash != "" {
			if err := s.setPassword(ctx, tx, row.PersonID, hash, ""); err != nil {
				return err
			}
		}
		o, err = s.openSession(ctx, tx, row.PersonID, p.Lang, c, string(row.Kind))
		o.Next = row.Next
		return err
	})
	if err == nil && hash != "" {
		s.forget(ctx, o.PersonID)
	}
	return o, err
}

// setPassword stores a hash. Whoever was signed in with the old password, or holds an unused link, is so no longer.
func (s *Service) setPassword(ctx context.Context, tx *db.Tx, personID, hash, exceptSessionID string) error {
	if err := db.Exec(ctx, tx, `UPDATE person SET password_hash = ? WHERE id = ?`, hash, personID); err != nil {
		return err
	}
	if err := credential.DropSignInLinks(ctx, tx, personID); err != nil {
		return err
	}
	if err := endSessions(ctx, tx, personID, exceptSessionID); err != nil {
		return err
	}
	return audit.Record(ctx, tx, s.clock.Now(), personID, "password.set", "person:"+personID, nil)
}

// AskLink mails a one-time link to the person with a sign-in name; of a service number that several organisations use, to each of
// them, unless the organisation is stated. The answer is the same, after the same time, whether or not there is such a person.
func (s *Service) AskLink(ctx context.Context, name, next string, c Client) (err error) {
	defer errs.Wrap(&err, "identity.AskLink")
	pause := time.NewTimer(s.linkFloor)
	defer func() {
		select {
		case <-pause.C:
		case <-ctx.Done():
		}
	}()
	if next = strings.ToValidUTF8(next, ""); len(name) > 254 || len(next) > 2000 {
		return nil
	}
	list, err := candidatesFor(ctx, s.db, name, c.Organisation)
	if err != nil {
		return err
	}
	device := credential.OpenDevice(s.key, c.Device)
	known := slices.ContainsFunc(list, func(who candidate) bool { return device.Knows(who.ID) })
	return s.db.Batch(ctx, func(tx *db.Tx) error {
		if !known {
			if err := s.throttle.CountLink(ctx, tx, c.Network); err != nil {
				return err
			}
		}
		for _, who := range list {
			if err := s.mailLink(ctx, tx, who, next); err != nil {
				return err
			}
		}
		return nil
	})
}

// mailLink sends a person who may come in a link with which to sign in, unless one is under way.
func (s *Service) mailLink(ctx context.Context, tx *db.Tx, who candidate, next string) error {
	if who.Mail == "" || (who.State != Active && who.State != Invited) {
		return nil
	}
	waits, err := credential.SignInLinkWaits(ctx, tx, who.ID, s.clock.Now())
	if err != nil || waits {
		return err
	}
	return s.sendLink(ctx, tx, credential.SignIn, who.ID, next, func(url string) mail.Message { return s.signInLetter(who, url) })
}

// Invite sends a person an invitation in their language. For one without a mail address it returns a link to hand over,
// as long as they have never signed in: later it would let the giver in as them.
func (s *Service) Invite(ctx context.Context, actor access.Actor, personID string) (handOver string, err error) {
	defer errs.Wrap(&err, "identity.Invite(%q)", personID)
	err = s.db.Update(ctx, func(tx *db.Tx) error {
		p, err := s.changeable(ctx, tx, actor, personID)
		if err != nil {
			return err
		}
		if p.Mail != "" {
			return s.invite(ctx, tx, actor, personID)
		}
		if p.State != Added && p.State != Invited {
			return errs.Conflict("people.fault.no-mail")
		}
		if handOver, err = s.makeLink(ctx, tx, credential.Invitation, personID, ""); err != nil {
			return err
		}
		return s.noteInvited(ctx, tx, actor, p, "hand")
	})
	return handOver, err
}

// invite sends the invitation within a transaction.
func (s *Service) invite(ctx context.Context, tx *db.Tx, actor access.Actor, personID string) error {
	p, err := getPerson(ctx, tx, personID)
	if err != nil {
		return err
	}
	switch {
	case p.Mail == "":
		return errs.Invalid("people.fault.no-mail")
	case p.State == Blocked:
		return errs.Conflict("people.fault.blocked")
	}
	if p.State == Active { // who has been in needs a way in now, and no link that lies in a mailbox for a fortnight
		err := s.sendLink(ctx, tx, credential.SignIn, personID, "", func(url string) mail.Message { return s.signInLetter(candidate{Mail: p.Mail, Lang: p.Lang}, url) })
		if err != nil {
			return err
		}
		return s.noteInvited(ctx, tx, actor, p, "sign-in")
	}
	asker, err := s.asker(ctx, tx, actor)
	if err != nil {
		return err
	}
	if err := s.sendLink(ctx, tx, credential.Invitation, personID, "", func(url string) mail.Message { return s.invitationLetter(p, url, asker) }); err != nil {
		return err
	}
	return s.noteInvited(ctx, tx, actor, p, "mail")
}

func (s *Service) noteInvited(ctx context.Context, tx *db.Tx, actor access.Actor, p Person, how string) error {
	if p.State == Added {
		if err := setState(ctx, tx, p.ID, Invited); err != nil {
			return err
		}
	}
	return audit.Record(ctx, tx, s.clock.Now(), actor.PersonID, "person.invite", "person:"+p.ID, map[string]any{"how": how})
}

// EntryLink returns an address for a letter that leads a person to path, and the token that the letter brings: for one who has
// never signed in a single-use invitation, which signs them in on the way.
func (s *Service) EntryLink(ctx context.Context, tx *db.Tx, personID, path string) (url string, token mail.Token, err error) {
	defer errs.Wrap(&err, "identity.EntryLink(%q)", personID)
	state, err := db.One[State](ctx, tx, `SELECT state FROM person WHERE id = ?`, personID)
	if err != nil {
		return "", token, err
	}
	if state != Added && state != Invited {
		return s.baseURL + path, token, nil
	}
	if state == Added {
		if err := setState(ctx, tx, personID, Invited); err != nil {
			return "", token, err
		}
	}
	letter, err := credential.MakeLetterLink(ctx, tx, credential.Invitation, personID, path, s.clock.Now())
	return s.linkAddress(mail.TokenMark), mail.Token{Kind: TokenKind, Ref: letter}, err
}

// OneTimeLink returns a sign-in link to hand over. It is for the command line: only who administrates the installation may.
func (s *Service) OneTimeLink(ctx context.Context, actor access.Actor, personID string) (url string, err error) {
	defer errs.Wrap(&err, "identity.OneTimeLink(%q)", personID)
	if !actor.Everywhere(access.RolesGrant) || actor.PersonID != "" {
		return "", errs.Forbidden("error.forbidden")
	}
	err = s.db.Update(ctx, func(tx *db.Tx) error {
		p, err := getPerson(ctx, tx, personID)
		if err != nil {
			return err
		}
		if p.State == Blocked {
			return errs.Conflict("people.fault.blocked")
		}
		if url, err = s.makeLink(ctx, tx, credential.SignIn, personID, ""); err != nil {
			return err
		}
		return audit.Record(ctx, tx, s.clock.Now(), actor.PersonID, "link.make", "person:"+personID, nil)
	})
	return url, err
}
