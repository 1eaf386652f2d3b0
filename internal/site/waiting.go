package site

import (
	"context"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/fact"
)

// Waiting is what of the public site waits for somebody who may change it, beside what a second person approves.
type Waiting struct {
	Orders    int       // of copies, that nobody has sent
	OrderedAt time.Time // the oldest of them
	Due       int       // facts whose day is near, and which readers still see without a warning
	Overdue   int       // facts and places that were not confirmed in time and are shown with that warning
	Gone      int       // that readers do not see any more for it, or whose opening hours cannot be read
}

// Waiting returns what waits for the actor.
func (s *Service) Waiting(ctx context.Context, actor access.Actor) (w Waiting, err error) {
	defer errs.Wrap(&err, "site.Waiting")
	if err := may(actor, access.SiteWrite); err != nil {
		return w, err
	}
	within, args := actor.Within(access.SiteWrite, "u.path")
	err = s.db.View(ctx, func(tx *db.Tx) error {
		type counted struct {
			N     int
			First time.Time
		}
		ordered, err := db.One[counted](ctx, tx, `SELECT COUNT(*) AS n, MIN(o.ordered_at) AS first FROM site_order o LEFT JOIN identity_unit u ON u.id = o.unit_id WHERE `+within+` AND o.state = 'new'`, args...)
		if err != nil {
			return err
		}
		w.Orders, w.OrderedAt = ordered.N, ordered.First
		lapses, _, err := s.Lapses(ctx, tx)
		for _, l := range lapses {
			switch {
			case !actor.May(access.SiteWrite, l.UnitPath):
			case l.Fault == faultOverdue:
				w.Overdue++
			default:
				w.Gone++
			}
		}
		if err != nil {
			return err
		}
		all, err := facts(ctx, tx)
		now := s.clock.Now()
		for _, f := range all {
			if actor.May(access.SiteWrite, f.UnitPath) && f.DueOn(now, s.zone) && f.Validity(now, s.zone) == fact.Valid {
				w.Due++
			}
		}
		return err
	})
	return w, err
}

// PublishedSince returns how many texts that the actor may change somebody else published since a time.
func (s *Service) PublishedSince(ctx context.Context, actor access.Actor, since time.Time) (n int, err error) {
	defer errs.Wrap(&err, "site.PublishedSince")
	if err := may(actor, access.SiteWrite); err != nil {
		return 0, err
	}
	within, args := actor.Within(access.SiteWrite, "u.path")
	return db.One[int](ctx, s.db, `SELECT COUNT(*) FROM site_text x JOIN site_article a ON a.id = x.article_id LEFT JOIN identity_unit u ON u.id = a.unit_id
		WHERE x.state = 'published' AND x.reviewed_at >= ? AND x.reviewer_id <> ? AND `+within, append([]any{since, actor.PersonID}, args...)...)
}
