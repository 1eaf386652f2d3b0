package identity

import (
	"context"

	"ostoja/internal/access"
	"ostoja/internal/db"
	"ostoja/internal/errs"
)

// OthersWith returns how many people beside one have come in and have one of some roles, for whichever unit.
func (s *Service) OthersWith(ctx context.Context, personID string, roles ...access.Role) (n int, err error) {
	defer errs.Wrap(&err, "identity.OthersWith")
	return db.One[int](ctx, s.db, `SELECT COUNT(DISTINCT g.person_id) FROM role_grant g JOIN person p ON p.id = g.person_id
		WHERE g.role IN (`+db.In(len(roles))+`) AND p.state = ? AND g.person_id <> ? AND (g.expires_at IS NULL OR g.expires_at > ?)`, append(db.Args(roles), Active, personID, s.clock.Now())...)
}

// Holders returns who has the permission anywhere, is active and has an address, in the order of their ids.
func (s *Service) Holders(ctx context.Context, q db.Querier, permission access.Permission) (list []access.Holder, err error) {
	defer errs.Wrap(&err, "identity.Holders(%s)", permission)
	now := s.clock.Now()
	people, err := db.All[Participant](ctx, q, `SELECT `+participantColumns+` FROM `+personTables+` WHERE p.state = ? AND p.mail IS NOT NULL
		AND EXISTS (SELECT 1 FROM role_grant g WHERE g.person_id = p.id AND (g.expires_at IS NULL OR g.expires_at > ?) AND g.role <> ?) ORDER BY p.id`, Active, now, access.Learner)
	if err != nil {
		return nil, err
	}
	for _, p := range people {
		roles, err := listGrants(ctx, q, p.ID)
		if err != nil {
			return nil, err
		}
		a := access.Actor{PersonID: p.ID, Path: p.UnitPath, Grants: grantsOf(roles), At: now}
		if a.Has(permission) {
			list = append(list, access.Holder{Mail: p.Mail, Lang: p.Lang, Actor: a})
		}
	}
	return list, nil
}
