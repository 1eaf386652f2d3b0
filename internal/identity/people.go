package identity

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"ostoja/internal/access"
	"ostoja/internal/audit"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/id"
	"ostoja/internal/identity/credential"
	"ostoja/internal/identity/territory"
	"ostoja/internal/text"
)

// Check brings the draft into the form in which it is kept and returns what is wrong with it.
func (d *Draft) Check(languages []string) (f errs.Fields) {
	d.GivenName, d.FamilyName = text.Clean(d.GivenName), text.Clean(d.FamilyName)
	d.ServiceNumber = normalNumber(d.ServiceNumber)
	if d.GivenName == "" {
		f.Add("given_name", "people.fault.given-name")
	}
	if d.FamilyName == "" {
		f.Add("family_name", "people.fault.family-name")
	}
	for name, value := range map[string]string{"given_name": d.GivenName, "family_name": d.FamilyName} {
		if utf8.RuneCountInString(value) > 100 {
			f.Add(name, "people.fault.too-long", "Limit", 100)
		}
	}
	d.Mail = strings.TrimSpace(d.Mail)
	if d.Mail == "" && d.ServiceNumber == "" {
		f.Add("mail", "people.fault.mail-or-number")
	}
	if d.Mail != "" {
		address, fault, args := normalMail(d.Mail)
		if d.Mail = address; fault != "" {
			f.Add("mail", fault, args...)
		}
	}
	if utf8.RuneCountInString(d.ServiceNumber) > 40 || strings.Contains(d.ServiceNumber, "@") {
		f.Add("service_number", "people.fault.number")
	}
	if !slices.Contains(languages, d.Lang) {
		f.Add("lang", "people.fault.choose")
	}
	if d.Sex != sexNotGiven && !slices.Contains(Sexes, d.Sex) {
		f.Add("sex", "people.fault.choose")
	}
	if !territory.Known(d.Region) {
		f.Add("region", "people.fault.choose")
	}
	return f
}

// Add puts a person into the list, as a learner in the unit. With invite, the invitation leaves at once.
func (s *Service) Add(ctx context.Context, actor access.Actor, d Draft, invite bool) (personID string, err error) {
	defer errs.Wrap(&err, "identity.Add")
	faults := d.Check(s.catalogue.Langs())
	if invite && d.Mail == "" {
		faults.Add("mail", "people.fault.no-mail")
	}
	if d.UnitID == "" {
		faults.Add("unit", "people.fault.choose")
	}
	if err := faults.Err(); err != nil {
		return "", err
	}
	err = s.db.Update(ctx, func(tx *db.Tx) error {
		unit, err := s.UnitForPeople(ctx, tx, actor, d.UnitID)
		if err != nil {
			return err
		}
		personID, err = s.add(ctx, tx, actor, unit, d)
		if err != nil || !invite {
			return err
		}
		return s.invite(ctx, tx, actor, personID)
	})
	return personID, err
}

// add stores a checked draft.
func (s *Service) add(ctx context.Context, tx *db.Tx, actor access.Actor, unit Unit, d Draft) (personID string, err error) {
	now := s.clock.Now()
	p := Person{ID: id.New(), OrganisationID: unit.Organisation(), UnitID: unit.ID, State: Added, CreatedAt: now}
	if err := free(ctx, tx, p.ID, p.OrganisationID, d); err != nil {
		return "", err
	}
	if err := insertPerson(ctx, tx, p, d); err != nil {
		if db.IsUnique(err) { // somebody else added the same person since the check
			err = errs.Conflict("people.fault.taken").Because(err)
		}
		return "", err
	}
	grant := RoleGrant{ID: id.New(), PersonID: p.ID, Role: access.Learner, UnitID: unit.ID, CreatedAt: now}
	if _, err := insertGrant(ctx, tx, grant, actor.PersonID); err != nil {
		return "", err
	}
	return p.ID, audit.Record(ctx, tx, now, actor.PersonID, "person.add", "person:"+p.ID, nil)
}

// free names the fields whose values belong to somebody else.
func free(ctx context.Context, q db.Querier, personID, organisationID string, d Draft) error {
	mail, number, err := inUse(ctx, q, personID, organisationID, d)
	if err != nil {
		return err
	}
	var f errs.Fields
	if mail {
		f.Add("mail", "people.fault.mail-taken")
	}
	if number {
		f.Add("service_number", "people.fault.number-taken")
	}
	return f.Err()
}

// UnitForPeople returns a unit to which the actor may add people.
func (s *Service) UnitForPeople(ctx context.Context, q db.Querier, actor access.Actor, unitID string) (Unit, error) {
	unit, err := getUnit(ctx, q, unitID)
	if err != nil && !errors.Is(err, errs.ErrNotFound) {
		return Unit{}, err
	}
	if err != nil || !actor.May(access.PeopleWrite, unit.Path) {
		var f errs.Fields
		f.Add("unit", "people.fault.unit")
		return Unit{}, f.Err()
	}
	return unit, nil
}

// Person returns a person whom the actor may see.
func (s *Service) Person(ctx context.Context, actor access.Actor, personID string) (p Person, err error) {
	defer errs.Wrap(&err, "identity.Person(%q)", personID)
	err = s.db.View(ctx, func(tx *db.Tx) error {
		if p, err = visible(ctx, tx, actor, personID); err != nil {
			return err
		}
		type row struct{ InvitedAt, SeenAt int64 }
		r, err := db.One[row](ctx, tx, `SELECT
			COALESCE((SELECT MAX(created_at) FROM access_link WHERE person_id = ? AND kind = ?), 0) AS invited_at,
			COALESCE((SELECT MAX(seen_at) FROM session WHERE person_id = ?), 0) AS seen_at`, personID, credential.Invitation, personID)
		if err != nil {
			return err
		}
		p.InvitedAt, p.SeenAt = micro(r.InvitedAt), micro(r.SeenAt)
		p.Namesakes, err = namesakes(ctx, tx, actor, p)
		return err
	})
	return p, err
}

// namesakes returns who else has the person's service number, of those whom the actor may see: others are not to be found out by
// typing numbers.
func namesakes(ctx context.Context, q db.Querier, actor access.Actor, p Person) ([]Namesake, error) {
	condition, args := actor.Within(access.PeopleRead, "u.path")
	return db.All[Namesake](ctx, q, `SELECT p.id, p.given_name, p.family_name, o.name AS organisation FROM `+personTables+`
		WHERE p.service_number = ? AND p.id <> ? AND `+condition+` ORDER BY o.name`, append([]any{p.ServiceNumber, p.ID}, args...)...)
}

// visible returns a person whom the actor may see, not found for any other.
func visible(ctx context.Context, q db.Querier, actor access.Actor, personID string) (Person, error) {
	if !id.Valid(personID) {
		return Person{}, errs.NotFound("error.not-found")
	}
	p, err := getPerson(ctx, q, personID)
	if err != nil {
		return Person{}, err
	}
	if !actor.May(access.PeopleRead, p.UnitPath) {
		return Person{}, errs.NotFound("error.not-found")
	}
	return p, nil
}

// changeable returns a person whom the actor may change. Whoever may change a person's address can sign in as them, so that
// nobody changes a person who may do more than they themselves.
func (s *Service) changeable(ctx context.Context, q db.Querier, actor access.Actor, personID string) (Person, error) {
	p, err := visible(ctx, q, actor, personID)
	if err != nil {
		return Person{}, err
	}
	if !actor.May(access.PeopleWrite, p.UnitPath) {
		return Person{}, errs.Forbidden("error.forbidden")
	}
	if p.MayMoreThan(actor, s.clock.Now()) {
		return Person{}, errs.Forbidden("people.fault.higher")
	}
	return p, nil
}

// MayMoreThan says whether a role of the person's lets them do what the actor may not.
func (p Person) MayMoreThan(actor access.Actor, now time.Time) bool {
	return slices.ContainsFunc(p.Roles, func(g RoleGrant) bool { return !g.Ended(now) && !covers(actor, g) })
}

// covers says whether the actor may do, where the grant holds, all that it lets its person do.
func covers(actor access.Actor, g RoleGrant) bool {
	other := access.Actor{Grants: []access.Grant{{Role: g.Role, Path: g.UnitPath}}}
	for _, p := range access.Rights[g.Role] {
		switch {
		case !other.Has(p): // a role for one unit does not carry what concerns the whole installation
		case g.UnitPath == "" && !actor.Everywhere(p), !actor.May(p, g.UnitPath):
			return false
		}
	}
	return true
}

// Changeable says whether the actor may change the person, for the pages that offer it.
func (p Person) Changeable(actor access.Actor, now time.Time) bool {
	return actor.May(access.PeopleWrite, p.UnitPath) && !p.MayMoreThan(actor, now)
}

// Edit changes what is known of a person. In another unit they are a learner there and no longer in the old one.
func (s *Service) Edit(ctx context.Context, actor access.Actor, personID string, d Draft) (err error) {
	defer errs.Wrap(&err, "identity.Edit(%q)", personID)
	faults := d.Check(s.catalogue.Langs())
	if err := faults.Err(); err != nil {
		return err
	}
	defer s.forget(ctx, personID)
	return s.db.Update(ctx, func(tx *db.Tx) error {
		p, err := s.changeable(ctx, tx, actor, personID)
		if err != nil {
			return err
		}
		return s.edit(ctx, tx, actor, p, d)
	})
}

// edit stores a checked draft of a person whom the actor may change.
func (s *Service) edit(ctx context.Context, tx *db.Tx, actor access.Actor, p Person, d Draft) error {
	unit, err := s.UnitForPeople(ctx, tx, actor, d.UnitID)
	if err != nil {
		return err
	}
	organisationID := unit.Organisation()
	if err := free(ctx, tx, p.ID, organisationID, d); err != nil {
		return err
	}
	changed := p.Changes(d)
	if len(changed) == 0 {
		return nil
	}
	if err := updatePerson(ctx, tx, p.ID, organisationID, d); err != nil {
		if db.IsUnique(err) {
			err = errs.Conflict("people.fault.taken").Because(err)
		}
		return err
	}
	if unit.ID != p.UnitID {
		if err := moveLearner(ctx, tx, p.ID, p.UnitID, unit.ID); err != nil {
			return err
		}
	}
	if d.Mail != p.Mail { // links that were sent to the old address are no longer this person's
		if err := errors.Join(credential.DropLinks(ctx, tx, p.ID), db.Exec(ctx, tx, `UPDATE person SET mail_refused_at = NULL WHERE id = ?`, p.ID)); err != nil {
			return err
		}
	}
	return audit.Record(ctx, tx, s.clock.Now(), actor.PersonID, "person.edit", "person:"+p.ID, map[string]any{"fields": changed})
}

// moveLearner takes the role of a learner along into another unit.
func moveLearner(ctx context.Context, tx *db.Tx, personID, from, to string) error {
	if err := db.Exec(ctx, tx, `UPDATE role_grant SET unit_id = ? WHERE person_id = ? AND role = ? AND unit_id = ?
		AND NOT EXISTS (SELECT 1 FROM role_grant o WHERE o.person_id = role_grant.person_id AND o.role = role_grant.role AND o.unit_id = ?)`,
		to, personID, access.Learner, from, to); err != nil {
		return err
	}
	return db.Exec(ctx, tx, `DELETE FROM role_grant WHERE person_id = ? AND role = ? AND unit_id = ?`, personID, access.Learner, from)
}

// Changes names the fields in which the draft differs from the person.
func (p Person) Changes(d Draft) (fields []string) {
	for _, c := range []struct {
		name     string
		was, now string
	}{
		{"given_name", p.GivenName, d.GivenName}, {"family_name", p.FamilyName, d.FamilyName}, {"mail", p.Mail, d.Mail},
		{"service_number", p.ServiceNumber, d.ServiceNumber}, {"unit", p.UnitID, d.UnitID}, {"lang", p.Lang, d.Lang},
		{"sex", string(p.Sex), string(d.Sex)}, {"region", p.Region, d.Region},
	} {
		if c.was != c.now {
			fields = append(fields, c.name)
		}
	}
	return fields
}

// Enter writes an entry of a list within a transaction of whoever read the list, by the rules of Add and Edit. The draft was
// checked.
func (s *Service) Enter(ctx context.Context, tx *db.Tx, actor access.Actor, e Entry) (personID string, err error) {
	defer errs.Wrap(&err, "identity.Enter(%q)", e.PersonID)
	if e.PersonID == "" {
		unit, err := s.UnitForPeople(ctx, tx, actor, e.UnitID)
		if err != nil {
			return "", err
		}
		if e.PersonID, err = s.add(ctx, tx, actor, unit, e.Draft); err != nil {
			return "", err
		}
	} else {
		p, err := s.changeable(ctx, tx, actor, e.PersonID)
		if err != nil {
			return "", err
		}
		if err := s.edit(ctx, tx, actor, p, e.Draft); err != nil {
			return "", err
		}
		tx.AfterCommit(func() { s.forget(ctx, p.ID) })
	}
	if err := setUntil(ctx, tx, e.PersonID, e.Until); err != nil || !e.Invite {
		return e.PersonID, err
	}
	return e.PersonID, s.invite(ctx, tx, actor, e.PersonID)
}

// setUntil sets the end of a learner's access.
func setUntil(ctx context.Context, tx *db.Tx, personID string, until time.Time) error {
	if until.IsZero() {
		return nil
	}
	return db.Exec(ctx, tx, `UPDATE role_grant SET expires_at = ? WHERE person_id = ? AND role = ?`, until, personID, access.Learner)
}

// Named returns the persons, with their roles, who have one of the addresses or service numbers, for a list to be compared with. It asks
// no actor; what of it somebody is told is up to the caller.
func (s *Service) Named(ctx context.Context, tx *db.Tx, mails, numbers []string) (people []Person, err error) {
	defer errs.Wrap(&err, "identity.Named(%d, %d)", len(mails), len(numbers))
	at := map[string]int{}
	for _, by := range []struct {
		column string
		values []string
	}{{"p.mail", mails}, {"p.service_number", numbers}} {
		for some := range slices.Chunk(by.values, 500) {
			found, err := db.All[Person](ctx, tx, `SELECT `+personColumns+` FROM `+personTables+` WHERE `+by.column+` IN (`+db.In(len(some))+`)`, db.Args(some)...)
			if err != nil {
				return nil, err
			}
			for _, p := range found {
				if _, known := at[p.ID]; !known {
					at[p.ID] = len(people)
					people = append(people, p)
				}
			}
		}
	}
	for some := range slices.Chunk(people, 500) {
		args := make([]any, 0, len(some))
		for _, p := range some {
			args = append(args, p.ID)
		}
		grants, err := db.All[RoleGrant](ctx, tx, grantRows+` WHERE g.person_id IN (`+db.In(len(some))+`)`, args...)
		if err != nil {
			return nil, err
		}
		for _, g := range grants {
			i := at[g.PersonID]
			people[i].Roles = append(people[i].Roles, g)
		}
	}
	return people, nil
}

// AllUnits returns all units with their full names. It asks no actor, as Named.
func (s *Service) AllUnits(ctx context.Context, tx *db.Tx) (_ []Node, err error) {
	defer errs.Wrap(&err, "identity.AllUnits")
	all, err := listUnits(ctx, tx, "TRUE")
	return arrange(all, all, nil), err
}

// ActorOf returns what a person may do now, for work that goes on after their request; nothing, if they are blocked.
func (s *Service) ActorOf(ctx context.Context, tx *db.Tx, personID string) (a access.Actor, err error) {
	defer errs.Wrap(&err, "identity.ActorOf(%q)", personID)
	p, err := getPerson(ctx, tx, personID)
	a = access.Actor{PersonID: personID, Path: p.UnitPath, At: s.clock.Now()}
	if err == nil && p.State != Blocked {
		a.Grants = grantsOf(p.Roles)
	}
	return a, err
}

// GiveSex stores the sex that somebody gave of themselves, if it is not known yet.
func (s *Service) GiveSex(ctx context.Context, tx *db.Tx, personID string, sex Sex) (err error) {
	defer errs.Wrap(&err, "identity.GiveSex(%q)", personID)
	if !slices.Contains(Sexes, sex) {
		return errs.Invalid("error.invalid")
	}
	n, err := db.Changed(ctx, tx, `UPDATE person SET sex = ? WHERE id = ? AND sex = ''`, sex, personID)
	if err != nil || n == 0 {
		return err
	}
	return audit.Record(ctx, tx, s.clock.Now(), personID, "person.edit", "person:"+personID, map[string]any{"fields": []string{"sex"}})
}

// Block keeps a person from signing in and ends their sessions. Everything else of them stays; see Unblock.
func (s *Service) Block(ctx context.Context, actor access.Actor, personID string) (err error) {
	defer errs.Wrap(&err, "identity.Block(%q)", personID)
	if actor.PersonID != "" && actor.PersonID == personID {
		return errs.Conflict("people.fault.block-self")
	}
	defer s.forget(ctx, personID)
	return s.db.Update(ctx, func(tx *db.Tx) error {
		if _, err := s.changeable(ctx, tx, actor, personID); err != nil {
			return err
		}
		err := s.keepAnAdministrator(ctx, tx, func() error { return setState(ctx, tx, personID, Blocked) })
		if err != nil {
			return err
		}
		if err := endSessions(ctx, tx, personID, ""); err != nil {
			return err
		}
		return audit.Record(ctx, tx, s.clock.Now(), actor.PersonID, "person.block", "person:"+personID, nil)
	})
}

// Unblock lets a blocked person sign in again.
func (s *Service) Unblock(ctx context.Context, actor access.Actor, personID string) (err error) {
	defer errs.Wrap(&err, "identity.Unblock(%q)", personID)
	return s.db.Update(ctx, func(tx *db.Tx) error {
		p, err := s.changeable(ctx, tx, actor, personID)
		if err != nil || p.State != Blocked {
			return err
		}
		state := Added
		if !p.ActivatedAt.IsZero() {
			state = Active
		} else if invited, err := credential.WasInvited(ctx, tx, personID); err != nil {
			return err
		} else if invited {
			state = Invited
		}
		if err := setState(ctx, tx, personID, state); err != nil {
			return err
		}
		return audit.Record(ctx, tx, s.clock.Now(), actor.PersonID, "person.unblock", "person:"+personID, nil)
	})
}
