package identity

import (
	"context"
	"slices"
	"strings"

	"ostoja/internal/access"
	"ostoja/internal/db"
	"ostoja/internal/errs"
)

// Subject is what a measurement of learning needs to know of a person.
type Subject struct {
	ID             string
	Name           string
	Mail           string // "" if none
	Lang           string
	Sex            string
	Region         string // the person's, or of the nearest unit that has one
	UnitID         string
	UnitPath       string
	OrganisationID string
	Blocked        bool
}

// Subjects returns those of the persons who exist, in the order given.
func (s *Service) Subjects(ctx context.Context, q db.Querier, personIDs []string) (_ []Subject, err error) {
	defer errs.Wrap(&err, "identity.Subjects(%d)", len(personIDs))
	return subjects(ctx, q, personIDs, "TRUE", nil)
}

// SubjectsWithin returns those of the persons for whom the actor has the permission and who are not blocked.
func (s *Service) SubjectsWithin(ctx context.Context, q db.Querier, actor access.Actor, p access.Permission, personIDs []string) (_ []Subject, err error) {
	defer errs.Wrap(&err, "identity.SubjectsWithin(%d)", len(personIDs))
	condition, args := actor.Within(p, "u.path")
	return subjects(ctx, q, personIDs, condition+" AND p.state <> ?", append(args, Blocked))
}

func subjects(ctx context.Context, q db.Querier, personIDs []string, condition string, args []any) ([]Subject, error) {
	if len(personIDs) == 0 {
		return nil, nil
	}
	regions, err := unitRegions(ctx, q)
	if err != nil {
		return nil, err
	}
	byID := make(map[string]Subject, len(personIDs))
	for chunk := range slices.Chunk(personIDs, 500) {
		list, err := db.All[Subject](ctx, q, `SELECT p.id, p.given_name || ' ' || p.family_name AS name, COALESCE(p.mail, '') AS mail, p.lang, p.sex, p.region, p.unit_id,
				u.path AS unit_path, p.organisation_id, p.state = 'blocked' AS blocked
			FROM person p JOIN unit u ON u.id = p.unit_id WHERE p.id IN (`+db.In(len(chunk))+`) AND `+condition, append(db.Args(chunk), args...)...)
		if err != nil {
			return nil, err
		}
		for _, subject := range list {
			if subject.Region == "" {
				subject.Region = inherited(regions, subject.UnitPath)
			}
			byID[subject.ID] = subject
		}
	}
	found := make([]Subject, 0, len(byID))
	for _, personID := range personIDs {
		if subject, ok := byID[personID]; ok {
			found = append(found, subject)
			delete(byID, personID) // named twice, returned once
		}
	}
	return found, nil
}

// unitRegions returns the regions of the units that have one, by id.
func unitRegions(ctx context.Context, q db.Querier) (map[string]string, error) {
	type row struct{ ID, Region string }
	list, err := db.All[row](ctx, q, `SELECT id, region FROM unit WHERE region <> ''`)
	regions := make(map[string]string, len(list))
	for _, r := range list {
		regions[r.ID] = r.Region
	}
	return regions, err
}

// inherited returns the region of the nearest unit on a path that has one.
func inherited(regions map[string]string, path string) string {
	ids := strings.Split(strings.Trim(path, "/"), "/")
	for _, unitID := range slices.Backward(ids) {
		if r := regions[unitID]; r != "" {
			return r
		}
	}
	return ""
}

// UnitNames returns the names of all units, by id.
func (s *Service) UnitNames(ctx context.Context, q db.Querier) (_ map[string]string, err error) {
	defer errs.Wrap(&err, "identity.UnitNames")
	type row struct{ ID, Name string }
	list, err := db.All[row](ctx, q, `SELECT id, name FROM unit`)
	names := make(map[string]string, len(list))
	for _, r := range list {
		names[r.ID] = r.Name
	}
	return names, err
}

// OfficesWithin returns the names of the offices in which the actor has a permission, by id.
func (s *Service) OfficesWithin(ctx context.Context, q db.Querier, actor access.Actor, permission access.Permission) (_ map[string]string, err error) {
	defer errs.Wrap(&err, "identity.OfficesWithin(%q)", permission)
	condition, args := actor.Within(permission, "path")
	type row struct{ ID, Name string }
	names := map[string]string{}
	err = db.Each(ctx, q, func(x row) { names[x.ID] = x.Name }, `SELECT id, name FROM unit WHERE kind = ? AND `+condition, append([]any{string(Office)}, args...)...)
	return names, err
}

// UnitPath returns the path of a unit.
func (s *Service) UnitPath(ctx context.Context, q db.Querier, unitID string) (_ string, err error) {
	defer errs.Wrap(&err, "identity.UnitPath")
	return db.One[string](ctx, q, `SELECT path FROM unit WHERE id = ?`, unitID)
}
