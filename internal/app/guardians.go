package app

import (
	"time"

	"ostoja/internal/config"
	"ostoja/internal/guardian"
	"ostoja/internal/guardian/candidacy"
	"ostoja/internal/guardian/vault"
	"ostoja/internal/identity/credential"
	"ostoja/internal/lang"
	"ostoja/internal/seal"
)

// openGuardians wires the rooms of the register of guardians.
func (a *App) openGuardians(c *config.Config, zone *time.Location, catalogue *lang.Catalogue, key seal.Key, o Options) (err error) {
	a.Guardians = guardian.New(guardian.Deps{DB: a.DB, Clock: o.Clock, Zone: zone, Keeping: a.Keeping, Outbox: a.Outbox, Catalogue: catalogue, BaseURL: c.BaseURL})
	a.Candidacy, err = candidacy.New(candidacy.Deps{
		DB: a.DB, Clock: o.Clock, Zone: zone, Register: a.Guardians, Vault: vault.New(c.GuardKey), Rubric: o.Content.rubric, People: candidatePeople{a.Identity, catalogue},
		Tries: linkTries{&credential.Throttle{Clock: o.Clock, Key: key}}, Outbox: a.Outbox, Keeping: a.Keeping, Catalogue: catalogue, BaseURL: c.BaseURL, Floor: o.LinkFloor,
	})
	if err == nil {
		a.Outbox.Tokens(candidacy.TokenKind, a.Candidacy.MakeToken)
	}
	return err
}
