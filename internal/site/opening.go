package site

import (
	"context"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/audit"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/site/content"
)

// Opening says whether readers see the site, and what a new one lacks until they do.
type Opening struct {
	Open    bool
	Missing []content.Part
	// Unconfirmed are the numbers on which somebody in danger relies and that an editor has yet to confirm, as far as the actor may read
	// them. A new site does not open before; on one that was opened earlier they are the first to be called.
	Unconfirmed []*content.Fact
}

// Opening returns how the site stands. One that is open lacks nothing that would close it.
func (s *Service) Opening(ctx context.Context, actor access.Actor) (o Opening, err error) {
	defer errs.Wrap(&err, "site.Opening")
	if err := may(actor, access.SiteRead); err != nil {
		return o, err
	}
	snap, err := s.Snapshot(ctx)
	if err != nil {
		return o, err
	}
	o.Open = snap.Open
	if !o.Open {
		o.Missing = snap.Missing(s.clock.Now())
	}
	for _, f := range s.unconfirmed(snap) {
		if f.UnitID == "" || mayRead(actor, f.UnitPath) == nil {
			o.Unconfirmed = append(o.Unconfirmed, f)
		}
	}
	return o, nil
}

// openIfComplete opens a site that lacks nothing any more. It is never closed again: readers who know the address rely on it, and what
// lapses later is left out by itself.
func (s *Service) openIfComplete(ctx context.Context, tx *db.Tx) error {
	if open, err := isOpen(ctx, tx); err != nil || open {
		return err
	}
	snap, err := s.snapshot(ctx, tx)
	now := s.clock.Now()
	if err != nil || len(snap.Missing(now)) > 0 || len(s.unconfirmed(snap)) > 0 {
		return err
	}
	if err := db.Exec(ctx, tx, `INSERT INTO setting (name, value) VALUES ('site.opened', ?) ON CONFLICT (name) DO NOTHING`, now.UTC().Format(time.RFC3339)); err != nil {
		return err
	}
	return audit.Record(ctx, tx, now, "", "site.open", "site", nil)
}

// IsOpen says whether readers see the site, which a new one is once the numbers that people in danger would call are confirmed.
func (s *Service) IsOpen(ctx context.Context) (_ bool, err error) {
	defer errs.Wrap(&err, "site.IsOpen")
	return isOpen(ctx, s.db)
}

func isOpen(ctx context.Context, q db.Querier) (bool, error) {
	n, err := db.One[int](ctx, q, `SELECT COUNT(*) FROM setting WHERE name = 'site.opened'`)
	return n > 0, err
}
