package fund

import (
	"context"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/db"
)

// head is the row of a set.
type head struct {
	ID            string
	Edition       int
	ShippedDigest string
	Edited        bool
}

func heads(ctx context.Context, q db.Querier) (map[string]head, error) {
	list, err := db.All[head](ctx, q, `SELECT id, edition, shipped_digest, edited FROM fund`)
	known := make(map[string]head, len(list))
	for _, h := range list {
		known[h.ID] = h
	}
	return known, err
}

// setRow is a set with its newest version.
type setRow struct {
	Version
	ShippedDigest string
	Edited        bool
}

const (
	columns        = ` v.fund_id, v.version, v.rules, v.at, COALESCE(p.given_name || ' ' || p.family_name, '') AS by`
	selectSets     = `SELECT` + columns + `, f.shipped_digest, f.edited FROM fund f JOIN fund_version v ON v.fund_id = f.id AND v.version = f.edition LEFT JOIN identity_person p ON p.id = v.by_id`
	selectVersions = `SELECT` + columns + ` FROM fund_version v LEFT JOIN identity_person p ON p.id = v.by_id`
)

// set adds to a row what the program ships.
func (s *Service) set(row setRow, stamps map[Rule]Stamp) Set {
	set := Set{ID: row.FundID, Edition: row.Version.Version, Rules: row.Rules, Confirmed: stamps, Changed: Stamp{row.By, row.At}}
	shipped, there := s.shipped.set(row.FundID)
	set.Own = !there
	if there && row.ShippedDigest != s.shipped.digests[row.FundID] {
		set.News, set.Newer = true, Differ(row.Rules, shipped)
	}
	return set
}

// newest returns the version of a set that was written last.
func newest(ctx context.Context, q db.Querier, fundID string) (Version, error) {
	return db.One[Version](ctx, q, selectVersions+` WHERE v.fund_id = ? ORDER BY v.version DESC LIMIT 1`, fundID)
}

func insertVersion(ctx context.Context, tx *db.Tx, fundID string, version int, r Rules, at time.Time, actor access.Actor) error {
	by := any(nil)
	if actor.PersonID != "" {
		by = actor.PersonID
	}
	return db.Exec(ctx, tx, `INSERT INTO fund_version (fund_id, version, rules, at, by_id) VALUES (?, ?, ?, ?, ?)`, fundID, version, db.JSON(r), at, by)
}

// confirmations returns those of a set, or of all for "".
func confirmations(ctx context.Context, q db.Querier, fundID string) (map[string]map[Rule]Stamp, error) {
	list, err := db.All[struct {
		FundID, Rule, By string
		At               time.Time
	}](ctx, q, `SELECT c.fund_id, c.rule, c.at, p.given_name || ' ' || p.family_name AS by FROM fund_confirmation c JOIN identity_person p ON p.id = c.by_id
		WHERE ? = '' OR c.fund_id = ?`, fundID, fundID)
	all := map[string]map[Rule]Stamp{}
	for _, c := range list {
		if all[c.FundID] == nil {
			all[c.FundID] = map[Rule]Stamp{}
		}
		all[c.FundID][Rule(c.Rule)] = Stamp{c.By, c.At}
	}
	return all, err
}

// unconfirm ends the confirmations of rules.
func unconfirm(ctx context.Context, tx *db.Tx, fundID string, rules []Rule) error {
	if len(rules) == 0 {
		return nil
	}
	return db.Exec(ctx, tx, `DELETE FROM fund_confirmation WHERE fund_id = ? AND rule IN (`+db.In(len(rules))+`)`, append([]any{fundID}, db.Args(rules)...)...)
}
