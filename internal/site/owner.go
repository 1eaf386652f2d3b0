package site

import (
	"context"
	"errors"

	"ostoja/internal/access"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/site/content"
)

// ownerColumns are those of an [content.Owner], of a table with a unit_id, joined to unit as u.
const ownerColumns = `COALESCE(u.id, '') AS unit_id, COALESCE(u.path, '') AS unit_path, COALESCE(u.name, '') AS unit_name`

// ownerFunc finds the owner: it returns the path of the unit that keeps what somebody is about to read or change, "" for the installation. Of a change
// that concerns rows of several owners it is nil, and the change asks for each row itself.
type ownerFunc func(ctx context.Context, q db.Querier) (unitPath string, err error)

// ofInstallation finds the owner of what belongs to no unit.
func ofInstallation(context.Context, db.Querier) (string, error) { return "", nil }

// ofUnit finds the owner of something new that a unit will keep.
func ofUnit(unitID string) ownerFunc {
	return func(ctx context.Context, q db.Querier) (string, error) { return unitPath(ctx, q, unitID) }
}

func unitPath(ctx context.Context, q db.Querier, unitID string) (string, error) {
	if unitID == "" {
		return "", nil
	}
	path, err := db.One[string](ctx, q, `SELECT path FROM identity_unit WHERE id = ?`, unitID)
	if errors.Is(err, errs.ErrNotFound) {
		err = errs.Fields{{Name: "unit", Key: "site.fault.choose"}}.Err()
	}
	return path, err
}

func ofArticle(articleID string) ownerFunc {
	return ownerIn(`SELECT COALESCE(u.path, '') FROM site_article a LEFT JOIN identity_unit u ON u.id = a.unit_id WHERE a.id = ?`, articleID)
}

func ofText(textID string) ownerFunc {
	return ownerIn(`SELECT COALESCE(u.path, '') FROM site_text t JOIN site_article a ON a.id = t.article_id LEFT JOIN identity_unit u ON u.id = a.unit_id WHERE t.id = ?`, textID)
}

func ofFile(fileID string) ownerFunc {
	return ownerIn(`SELECT COALESCE(u.path, '') FROM site_file f JOIN site_article a ON a.id = f.article_id LEFT JOIN identity_unit u ON u.id = a.unit_id WHERE f.id = ?`, fileID)
}

func ofOrder(orderID string) ownerFunc {
	return ownerIn(`SELECT COALESCE(u.path, '') FROM site_order o LEFT JOIN identity_unit u ON u.id = o.unit_id WHERE o.id = ?`, orderID)
}

func ofProposal(proposalID string) ownerFunc {
	return ownerIn(`SELECT COALESCE(u.path, '') FROM site_proposal p LEFT JOIN identity_unit u ON u.id = p.unit_id WHERE p.id = ?`, proposalID)
}

func ofService(serviceID string) ownerFunc {
	return ownerIn(`SELECT COALESCE(u.path, '') FROM site_service s LEFT JOIN identity_unit u ON u.id = s.unit_id WHERE s.id = ?`, serviceID)
}

// ownerIn finds the owner of a row by a query.
func ownerIn(query, id string) ownerFunc {
	return func(ctx context.Context, q db.Querier) (string, error) {
		path, err := db.One[string](ctx, q, query, id)
		if errors.Is(err, errs.ErrNotFound) {
			err = errs.NotFound("error.not-found")
		}
		return path, err
	}
}

// ofProposed finds the owner of a fact or a service that is to change, and of a new one the unit's that will keep it. Whether a new one is
// there already, at another owner's, propose finds out.
func ofProposed(kind ProposalKind, objectID, unitID, base string) ownerFunc {
	return func(ctx context.Context, q db.Querier) (string, error) {
		if base == NewBase {
			return unitPath(ctx, q, unitID)
		}
		k, _, err := ownerOf(ctx, q, kind, objectID)
		return k.UnitPath, err
	}
}

// ownerOf returns who keeps a fact or service, or will if what is proposed is accepted.
func ownerOf(ctx context.Context, q db.Querier, kind ProposalKind, objectID string) (k content.Owner, there bool, err error) {
	query := `SELECT ` + ownerColumns + ` FROM site_fact f LEFT JOIN identity_unit u ON u.id = f.unit_id WHERE f.id = ?`
	if kind == OfService {
		query = `SELECT ` + ownerColumns + ` FROM site_service s LEFT JOIN identity_unit u ON u.id = s.unit_id WHERE s.id = ?`
	}
	list, err := db.All[content.Owner](ctx, q, query, objectID)
	if err == nil && len(list) == 0 {
		list, err = db.All[content.Owner](ctx, q, `SELECT `+ownerColumns+` FROM site_proposal p LEFT JOIN identity_unit u ON u.id = p.unit_id WHERE p.kind = ? AND p.object_id = ?`, string(kind), objectID)
	}
	if err != nil || len(list) == 0 {
		return k, false, err
	}
	return list[0], true, nil
}

// may refuses an actor who has the permission nowhere.
func may(actor access.Actor, p access.Permission) error {
	if !actor.Has(p) {
		return errs.Forbidden("error.forbidden")
	}
	return nil
}

// mayRead finds nothing where the actor may not read what the unit at path keeps.
func mayRead(actor access.Actor, path string) error {
	if !actor.May(access.SiteRead, path) {
		return errs.NotFound("error.not-found")
	}
	return nil
}

// read refuses an actor who may not read what the owner keeps.
func read(ctx context.Context, q db.Querier, actor access.Actor, owner ownerFunc) error {
	path, err := owner(ctx, q)
	if err != nil {
		return err
	}
	return mayRead(actor, path)
}

// Units returns the units for which the actor may add something to the site, each after the one that it belongs to.
func (s *Service) Units(ctx context.Context, actor access.Actor) (_ []content.Owner, err error) {
	defer errs.Wrap(&err, "site.Units")
	within, args := actor.Within(access.SiteWrite, "u.path")
	return db.All[content.Owner](ctx, s.db, `SELECT u.id AS unit_id, u.path AS unit_path, u.name AS unit_name FROM identity_unit u WHERE `+within+` ORDER BY u.path`, args...)
}

// mayChange refuses an actor who may read but not change what the unit at path keeps; of what they may not read they learn nothing.
func mayChange(actor access.Actor, path string) error {
	if actor.May(access.SiteWrite, path) {
		return nil
	}
	if err := mayRead(actor, path); err != nil {
		return err
	}
	return errs.Forbidden("error.forbidden")
}

// mayChangeFact is [mayChange] of a fact that is there. All editors read the installation's facts, for all texts refer to them: who
// asks to change one is told why not, instead of that there is none.
func mayChangeFact(actor access.Actor, owner content.Owner) error {
	err := mayChange(actor, owner.UnitPath)
	if errors.Is(err, errs.ErrNotFound) && owner.UnitID == "" && actor.Has(access.SiteRead) {
		return errs.Forbidden("site.facts.of-installation")
	}
	return err
}

// ofProposedFact is [ofProposed] of a fact, and asks [mayChangeFact] of one that is there.
func ofProposedFact(actor access.Actor, f *content.Fact, base string) ownerFunc {
	return func(ctx context.Context, q db.Querier) (string, error) {
		if base != NewBase {
			stored, err := factsWhere(ctx, q, `f.id = ?`, f.ID)
			if err != nil {
				return "", err
			}
			if len(stored) == 1 {
				return stored[0].UnitPath, mayChangeFact(actor, stored[0].Owner)
			}
		}
		return ofProposed(OfFact, f.ID, f.UnitID, base)(ctx, q)
	}
}
