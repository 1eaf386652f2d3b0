package identity

import (
	"context"
	"slices"

	"ostoja/internal/access"
	"ostoja/internal/db"
	"ostoja/internal/errs"
)

// PersonBySignInName returns the one person with a mail address or service number, for the command line.
func (s *Service) PersonBySignInName(ctx context.Context, actor access.Actor, name string) (p Person, err error) {
	defer errs.Wrap(&err, "identity.PersonBySignInName")
	err = s.db.View(ctx, func(tx *db.Tx) error {
		list, err := candidatesFor(ctx, tx, name, "")
		if err != nil {
			return err
		}
		if len(list) != 1 {
			return errs.NotFound("error.not-found")
		}
		p, err = visible(ctx, tx, actor, list[0].ID)
		return err
	})
	return p, err
}

// Names returns the names of those of the given persons whom the actor may see, by id.
func (s *Service) Names(ctx context.Context, actor access.Actor, personIDs []string) (_ map[string]string, err error) {
	defer errs.Wrap(&err, "identity.Names")
	condition, within := actor.Within(access.PeopleRead, "u.path")
	names := map[string]string{}
	for chunk := range slices.Chunk(personIDs, 500) {
		type row struct{ ID, GivenName, FamilyName string }
		list, err := db.All[row](ctx, s.db, `SELECT p.id, p.given_name, p.family_name FROM person p JOIN unit u ON u.id = p.unit_id
			WHERE p.id IN (`+db.In(len(chunk))+`) AND `+condition, append(db.Args(chunk), within...)...)
		if err != nil {
			return nil, err
		}
		for _, r := range list {
			names[r.ID] = joinName(r.GivenName, r.FamilyName)
		}
	}
	return names, nil
}

const participantColumns = `p.id, p.given_name || ' ' || p.family_name AS name, COALESCE(p.mail, '') AS mail, p.lang, u.path AS unit_path, o.name AS organisation`

// Participant returns what learning needs to know of a person.
func (s *Service) Participant(ctx context.Context, q db.Querier, personID string) (_ Participant, err error) {
	defer errs.Wrap(&err, "identity.Participant(%q)", personID)
	return db.One[Participant](ctx, q, `SELECT `+participantColumns+` FROM `+personTables+` WHERE p.id = ?`, personID)
}

// ParticipantsWithin returns those of the given persons for whom the actor has the permission, blocked ones left out.
func (s *Service) ParticipantsWithin(ctx context.Context, q db.Querier, actor access.Actor, permission access.Permission, personIDs []string) (list []Participant, err error) {
	defer errs.Wrap(&err, "identity.ParticipantsWithin(%d)", len(personIDs))
	condition, within := actor.Within(permission, "u.path")
	for chunk := range slices.Chunk(personIDs, 500) {
		args := append(append(db.Args(chunk), Blocked), within...)
		part, err := db.All[Participant](ctx, q, `SELECT `+participantColumns+` FROM `+personTables+`
			WHERE p.id IN (`+db.In(len(chunk))+`) AND p.state <> ? AND `+condition, args...)
		if err != nil {
			return nil, err
		}
		list = append(list, part...)
	}
	return list, nil
}
