package identity

import (
	"context"
	"slices"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/audit"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/id"
)

// micro returns the time that the database keeps as n; 0 is no time.
func micro(n int64) time.Time {
	if n == 0 {
		return time.Time{}
	}
	return time.UnixMicro(n).UTC()
}

// Grant gives a person a role for a unit and what is below it, or for the whole installation.
func (s *Service) Grant(ctx context.Context, actor access.Actor, personID string, d RoleDraft) (err error) {
	defer errs.Wrap(&err, "identity.Grant(%q, %s)", personID, d.Role)
	now := s.clock.Now()
	var f errs.Fields
	if !slices.Contains(access.Roles, d.Role) {
		f.Add("role", "people.fault.choose")
	}
	if !d.ExpiresAt.IsZero() && !d.ExpiresAt.After(now) {
		f.Add("expires", "people.fault.past")
	}
	if personID == actor.PersonID && access.Personal(d.Role) {
		f.Add("role", "people.fault.own")
	}
	if err := f.Err(); err != nil {
		return err
	}
	defer s.forget(ctx, personID)
	return s.db.Update(ctx, func(tx *db.Tx) error {
		if _, err := visible(ctx, tx, actor, personID); err != nil {
			return err
		}
		path := ""
		if d.UnitID != "" {
			unit, err := getUnit(ctx, tx, d.UnitID)
			if err != nil {
				return err
			}
			path = unit.Path
		}
		if !actor.MayGrant(d.Role, path) {
			f.Add("role", "people.fault.grant")
			return f.Err()
		}
		g := RoleGrant{ID: id.New(), PersonID: personID, Role: d.Role, UnitID: d.UnitID, ExpiresAt: d.ExpiresAt, CreatedAt: now}
		if err := lockAdministrators(ctx, tx); err != nil {
			return err
		}
		added, err := insertGrant(ctx, tx, g, actor.PersonID)
		if err != nil {
			return err
		}
		if !added { // the same role for the same unit: a new end replaces the old
			err := s.keepAnAdministrator(ctx, tx, func() error {
				return db.Exec(ctx, tx, `UPDATE role_grant SET expires_at = ? WHERE person_id = ? AND role = ? AND COALESCE(unit_id, '') = ?`, d.ExpiresAt, personID, d.Role, d.UnitID)
			})
			if err != nil {
				return err
			}
		}
		return audit.Record(ctx, tx, now, actor.PersonID, "role.grant", "person:"+personID, map[string]any{"role": d.Role, "unit": d.UnitID, "expires": d.ExpiresAt})
	})
}

// Revoke takes a role from a person.
func (s *Service) Revoke(ctx context.Context, actor access.Actor, personID, grantID string) (err error) {
	defer errs.Wrap(&err, "identity.Revoke(%q, %q)", personID, grantID)
	defer s.forget(ctx, personID)
	return s.db.Update(ctx, func(tx *db.Tx) error {
		p, err := visible(ctx, tx, actor, personID)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(p.Roles, func(g RoleGrant) bool { return g.ID == grantID })
		if i < 0 {
			return errs.NotFound("error.not-found")
		}
		g := p.Roles[i]
		if !actor.MayGrant(g.Role, g.UnitPath) {
			return errs.Forbidden("people.fault.grant")
		}
		err = s.keepAnAdministrator(ctx, tx, func() error {
			return db.Exec(ctx, tx, `DELETE FROM role_grant WHERE id = ?`, grantID)
		})
		if err != nil {
			return err
		}
		return audit.Record(ctx, tx, s.clock.Now(), actor.PersonID, "role.take", "person:"+personID, map[string]any{"role": g.Role, "unit": g.UnitID})
	})
}

// keepAnAdministrator makes a change and refuses it if it took the last who administrates the whole installation.
func (s *Service) keepAnAdministrator(ctx context.Context, tx *db.Tx, change func() error) error {
	if err := lockAdministrators(ctx, tx); err != nil {
		return err
	}
	before, err := permanentAdministrators(ctx, tx)
	if err != nil {
		return err
	}
	if err := change(); err != nil {
		return err
	}
	after, err := permanentAdministrators(ctx, tx)
	if err != nil {
		return err
	}
	if after == 0 && before > 0 {
		return errs.Conflict("people.fault.last-administrator")
	}
	return nil
}
