package site

import (
	"context"
	"slices"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/id"
	"ostoja/internal/site/content"
	"ostoja/internal/text"
)

// OrderState is how far an order of printed copies has come.
type OrderState string

// The states of an order.
const (
	OrderNew       OrderState = "new"
	OrderSent      OrderState = "sent"
	OrderCancelled OrderState = "cancelled"
)

// Order is an institution's order of printed copies.
type Order struct {
	ID          string
	ArticleID   string `db:"article_id"`
	Lang        string
	Copies      int
	Institution string
	Address     string
	State       OrderState
	OrderedAt   time.Time `db:"ordered_at"`
	OrderedBy   string    `db:"ordered_by"`
	ClosedAt    time.Time `db:"settled_at"`
	content.Owner
}

// maxCopies is the largest order.
const maxCopies = 10_000

// AddOrder writes an order down, for the unit that it names.
func (s *Service) AddOrder(ctx context.Context, actor access.Actor, o Order) (err error) {
	defer errs.Wrap(&err, "site.AddOrder")
	if err := may(actor, access.SiteWrite); err != nil {
		return err
	}
	o.Institution, o.Address = text.CleanLines(o.Institution), text.CleanLines(o.Address)
	var faults errs.Fields
	if o.Copies < 1 || o.Copies > maxCopies {
		faults.Add("copies", "site.fault.copies", "Most", maxCopies)
	}
	if o.Institution == "" || len(o.Institution) > 300 {
		faults.Add("institution", "site.fault.empty")
	}
	if o.Address == "" || len(o.Address) > 1000 {
		faults.Add("address", "site.fault.empty")
	}
	if !slices.Contains(s.tags(), o.Lang) {
		faults.Add("lang", "site.fault.choose")
	}
	if err := faults.Err(); err != nil {
		return err
	}
	return s.db.Update(ctx, func(tx *db.Tx) error {
		a, err := articleByID(ctx, tx, o.ArticleID)
		if err != nil {
			return err
		}
		if err := mayRead(actor, a.UnitPath); err != nil {
			return err
		}
		path, err := unitPath(ctx, tx, o.UnitID)
		if err != nil {
			return err
		}
		if err := mayChange(actor, path); err != nil {
			return err
		}
		if a.Kind != content.Publication {
			return errs.Invalid("error.invalid")
		}
		return db.Exec(ctx, tx, `INSERT INTO site_order (id, article_id, lang, copies, institution, address, state, ordered_at, ordered_by, unit_id) VALUES (?, ?, ?, ?, ?, ?, 'new', ?, ?, ?)`,
			id.New(), o.ArticleID, o.Lang, o.Copies, o.Institution, o.Address, s.clock.Now(), actor.PersonID, nullable(o.UnitID))
	})
}

// Orders returns the orders that the actor may read, those to be sent first.
func (s *Service) Orders(ctx context.Context, actor access.Actor) (_ []Order, err error) {
	defer errs.Wrap(&err, "site.Orders")
	if err := may(actor, access.SiteRead); err != nil {
		return nil, err
	}
	within, args := actor.Within(access.SiteRead, "u.path")
	return db.All[Order](ctx, s.db, `SELECT o.id, o.article_id, o.lang, o.copies, o.institution, o.address, o.state, o.ordered_at, o.ordered_by, o.settled_at, `+ownerColumns+`
		FROM site_order o LEFT JOIN identity_unit u ON u.id = o.unit_id WHERE `+within+` ORDER BY CASE o.state WHEN 'new' THEN 0 ELSE 1 END, o.ordered_at DESC, o.id`, args...)
}

// SetOrderState notes that an order was sent or cancelled, or, to undo that, that it is new.
func (s *Service) SetOrderState(ctx context.Context, actor access.Actor, orderID string, to OrderState) (err error) {
	defer errs.Wrap(&err, "site.SetOrderState(%s)", orderID)
	if err := may(actor, access.SiteWrite); err != nil {
		return err
	}
	if to != OrderNew && to != OrderSent && to != OrderCancelled {
		return errs.Invalid("error.invalid")
	}
	var settled any
	if to != OrderNew {
		settled = s.clock.Now()
	}
	return s.db.Update(ctx, func(tx *db.Tx) error {
		path, err := ofOrder(orderID)(ctx, tx)
		if err != nil {
			return err
		}
		if err := mayChange(actor, path); err != nil {
			return err
		}
		n, err := db.Changed(ctx, tx, `UPDATE site_order SET state = ?, settled_at = ? WHERE id = ?`, string(to), settled, orderID)
		if err == nil && n == 0 {
			return errs.NotFound("error.not-found")
		}
		return err
	})
}
