package publication

import (
	"context"
	"slices"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/audit"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/id"
	"ostoja/internal/text"
)

// OrderState is how far an order is.
type OrderState string

// The states.
const (
	Asked     OrderState = "asked"     // waits for the office
	Confirmed OrderState = "confirmed" // the office said how many it sends, and has to send them
	OrderSent OrderState = "sent"      // on the way
	Arrived   OrderState = "arrived"   // the unit has them
	Cancelled OrderState = "cancelled"
)

// OrderStates lists them.
var OrderStates = []OrderState{Asked, Confirmed, OrderSent, Arrived, Cancelled}

// Order is a unit's order of copies.
type Order struct {
	ID            string
	PublicationID string
	Title         string // of the publication
	OfficePath    string
	UnitID        string
	Unit          string // name
	UnitPath      string
	Copies        int // asked for
	Agreed        int // that the office sends, 0 while nobody said
	Purpose       string
	State         OrderState
	At            time.Time
	By            string // name of who asked
}

const selectOrders = `
	SELECT o.id, o.publication_id, p.title, f.path AS office_path, o.unit_id, u.name AS unit, u.path AS unit_path, o.copies, o.agreed, o.purpose, o.state, o.at,
		COALESCE(h.given_name || ' ' || h.family_name, '') AS by
	FROM publication_order o JOIN publication p ON p.id = o.publication_id JOIN identity_unit f ON f.id = p.unit_id JOIN identity_unit u ON u.id = o.unit_id
		LEFT JOIN identity_person h ON h.id = o.actor_id `

// side is on which side of an order somebody stands.
type side struct{ keeper, orderer bool }

func sideOf(actor access.Actor, o Order) side {
	return side{actor.May(access.ProjectsWrite, o.OfficePath), actor.May(access.ProjectsWrite, o.UnitPath)}
}

// next lists the states to which an order in one state can be brought, by whom.
var next = map[OrderState]map[OrderState]func(side) bool{
	Asked:     {Confirmed: isKeeper, Cancelled: isEither},
	Confirmed: {OrderSent: isKeeper, Cancelled: isEither},
	OrderSent: {Arrived: isEither},
}

func isKeeper(s side) bool { return s.keeper }
func isEither(s side) bool { return s.keeper || s.orderer }

// To returns the states to which the actor can bring an order.
func (o Order) To(actor access.Actor) (list []OrderState) {
	for _, to := range OrderStates {
		if may := next[o.State][to]; may != nil && may(sideOf(actor, o)) {
			list = append(list, to)
		}
	}
	return list
}

// Waits says whether an order waits for the actor.
func (o Order) Waits(actor access.Actor) bool {
	s := sideOf(actor, o)
	return s.keeper && (o.State == Asked || o.State == Confirmed) || s.orderer && !s.keeper && o.State == OrderSent
}

// Orders returns the orders of the actor's offices and units, those that wait first.
func (s *Service) Orders(ctx context.Context, actor access.Actor) (_ []Order, err error) {
	defer errs.Wrap(&err, "publication.Orders")
	return orders(ctx, s.DB, actor, "")
}

func orders(ctx context.Context, q db.Querier, actor access.Actor, more string, args ...any) ([]Order, error) {
	office, a := actor.Within(access.ProjectsRead, "f.path")
	unit, b := actor.Within(access.ProjectsRead, "u.path")
	return db.All[Order](ctx, q, selectOrders+`WHERE (`+office+` OR `+unit+`) `+more+`
		ORDER BY CASE o.state WHEN 'asked' THEN 0 WHEN 'confirmed' THEN 1 WHEN 'sent' THEN 2 ELSE 3 END, o.at DESC, o.id`, slices.Concat(a, b, args)...)
}

// OrderAct is something that was done to an order.
type OrderAct struct {
	State  OrderState
	Copies int
	Note   string
	At     time.Time
	By     string // name
}

// OrderPage is an order with its history and what can be done with it.
type OrderPage struct {
	Order
	Acts   []OrderAct // the latest first
	May    []OrderState
	Keeper bool
	Places []PlaceStock // from which it can be sent, to who keeps the publication
}

// Order returns an order of the actor's offices or units; any other is not found.
func (s *Service) Order(ctx context.Context, actor access.Actor, orderID string) (p OrderPage, err error) {
	defer errs.Wrap(&err, "publication.Order")
	err = s.DB.View(ctx, func(tx *db.Tx) error {
		if p.Order, err = order(ctx, tx, actor, orderID); err != nil {
			return err
		}
		p.May, p.Keeper = p.To(actor), sideOf(actor, p.Order).keeper
		if p.Acts, err = db.All[OrderAct](ctx, tx, `
			SELECT a.state, a.copies, a.note, a.at, COALESCE(h.given_name || ' ' || h.family_name, '') AS by
			FROM publication_order_act a LEFT JOIN identity_person h ON h.id = a.actor_id WHERE a.order_id = ? ORDER BY a.at DESC, a.id DESC`, orderID); err != nil {
			return err
		}
		if p.Keeper {
			p.Places, err = stock(ctx, tx, p.PublicationID)
		}
		return err
	})
	return p, err
}

func order(ctx context.Context, q db.Querier, actor access.Actor, orderID string) (o Order, err error) {
	if !id.Valid(orderID) {
		return o, errs.NotFound("error.not-found")
	}
	list, err := orders(ctx, q, actor, `AND o.id = ?`, orderID)
	if err != nil {
		return o, err
	}
	if len(list) == 0 {
		return o, errs.NotFound("error.not-found")
	}
	return list[0], nil
}

// Ask orders copies for a unit of the actor's.
func (s *Service) Ask(ctx context.Context, actor access.Actor, publicationID, unitID string, copies int, purpose string) (orderID string, err error) {
	defer errs.Wrap(&err, "publication.Ask")
	purpose = text.Clean(purpose)
	err = s.DB.Update(ctx, func(tx *db.Tx) error {
		p, err := one(ctx, tx, actor, publicationID)
		if err != nil {
			return err
		}
		if !p.Orderable {
			return errs.Conflict("publication.fault.not-orderable")
		}
		f := checkCopies(copies)
		paths, err := db.All[string](ctx, tx, `SELECT path FROM identity_unit WHERE id = ?`, unitID)
		if err != nil {
			return err
		}
		if len(paths) == 0 || !actor.May(access.ProjectsWrite, paths[0]) {
			f.Add("unit", "publication.fault.order-unit")
		}
		if len([]rune(purpose)) > mostReason {
			f.Add("purpose", "publication.fault.long", "Most", mostReason)
		}
		if err := f.Err(); err != nil {
			return err
		}
		orderID = id.New()
		if err := db.Exec(ctx, tx, `INSERT INTO publication_order (id, publication_id, unit_id, copies, purpose, state, at, actor_id) VALUES (?, ?, ?, ?, ?, 'asked', ?, ?)`,
			orderID, publicationID, unitID, copies, purpose, s.Clock.Now(), actor.PersonID); err != nil {
			return err
		}
		return s.act(ctx, tx, actor, orderID, Asked, copies, "")
	})
	return orderID, err
}

// Turn is what is done to an order.
type Turn struct {
	To     OrderState
	Copies int    // that are confirmed
	FromID string // place from which they are sent
	Day    string // of sending
	Note   string // why it was cancelled, or fewer are sent
}

// Bring brings an order to another state. Sending takes the copies from a place; of two who do it at once one is told that it was done.
func (s *Service) Bring(ctx context.Context, actor access.Actor, orderID string, t Turn) (err error) {
	defer errs.Wrap(&err, "publication.Bring(%s)", t.To)
	t.Note = text.Clean(t.Note)
	return s.DB.Update(ctx, func(tx *db.Tx) error {
		o, err := order(ctx, tx, actor, orderID)
		if err != nil {
			return err
		}
		may := next[o.State][t.To]
		switch {
		case may == nil:
			return errs.Conflict("publication.changed-meanwhile")
		case !may(sideOf(actor, o)):
			return errs.Forbidden("error.forbidden")
		}
		var f errs.Fields
		copies := o.Agreed
		switch t.To {
		case Confirmed:
			copies = t.Copies
			if copies < 1 || copies > o.Copies {
				f.Add("copies", "publication.fault.agreed", "Most", o.Copies)
			}
			if copies < o.Copies && t.Note == "" {
				f.Add("note", "publication.fault.fewer")
			}
		case Cancelled:
			copies = 0
			if t.Note == "" {
				f.Add("note", "publication.fault.reason")
			}
		case Asked, OrderSent, Arrived: // nothing more to say
		}
		if len([]rune(t.Note)) > mostReason {
			f.Add("note", "publication.fault.long", "Most", mostReason)
		}
		if err := f.Err(); err != nil {
			return err
		}
		if t.To != OrderSent {
			return s.turn(ctx, tx, actor, o.ID, o.State, t.To, copies, t.Note)
		}
		p, err := s.mine(ctx, tx, actor, o.PublicationID) // held first, as everywhere
		if err != nil {
			return err
		}
		if err := s.turn(ctx, tx, actor, o.ID, o.State, t.To, copies, t.Note); err != nil {
			return err
		}
		return s.move(ctx, tx, actor, p, Move{Kind: Sent, FromID: t.FromID, Copies: copies, UnitID: o.UnitID, Day: t.Day, orderID: o.ID})
	})
}

// turn changes the state of an order, unless somebody was faster, and writes who did it.
func (s *Service) turn(ctx context.Context, tx *db.Tx, actor access.Actor, orderID string, from, to OrderState, copies int, note string) error {
	n, err := db.Changed(ctx, tx, `UPDATE publication_order SET state = ?, agreed = ? WHERE id = ? AND state = ?`, string(to), copies, orderID, string(from))
	if err != nil {
		return err
	}
	if n == 0 {
		return errs.Conflict("publication.changed-meanwhile")
	}
	return s.act(ctx, tx, actor, orderID, to, copies, note)
}

func (s *Service) act(ctx context.Context, tx *db.Tx, actor access.Actor, orderID string, state OrderState, copies int, note string) error {
	if err := db.Exec(ctx, tx, `INSERT INTO publication_order_act (id, order_id, state, copies, note, at, actor_id) VALUES (?, ?, ?, ?, ?, ?, ?)`,
		id.New(), orderID, string(state), copies, note, s.Clock.Now(), actor.PersonID); err != nil {
		return err
	}
	return audit.Record(ctx, tx, s.Clock.Now(), actor.PersonID, "publication.order-"+string(state), "order:"+orderID, map[string]any{"copies": copies})
}
