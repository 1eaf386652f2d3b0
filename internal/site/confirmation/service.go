package confirmation

import (
	"context"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/audit"
	"ostoja/internal/clock"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/id"
	"ostoja/internal/lang"
	"ostoja/internal/mail"
	"ostoja/internal/mail/wording"
	"ostoja/internal/site"
	"ostoja/internal/site/directory"
)

// People finds who holds a permission and can be written to.
type People interface {
	Holders(ctx context.Context, q db.Querier, p access.Permission) ([]access.Holder, error)
}

// Deps is what a Service stands on.
type Deps struct {
	DB        *db.DB
	Clock     clock.Clock
	Site      *site.Service
	People    People // who is told of what services say
	Outbox    *mail.Outbox
	Catalogue *lang.Catalogue
	BaseURL   string // how people's browsers reach the program
}

// Service asks and takes the answers.
type Service struct{ Deps }

// New returns a Service.
func New(d Deps) *Service { return &Service{d} }

// entry is a service with what this package asks of it.
type entry struct {
	ID       string
	Content  directory.Service `db:",json"`
	Listed   bool
	Version  int
	UnitPath string
}

func (e *entry) shown() bool { return shown(&e.Content, e.Listed) }

const selectEntries = `SELECT s.id, s.content, s.listed, s.version, COALESCE(u.path, '') AS unit_path FROM site_service s LEFT JOIN identity_unit u ON u.id = s.unit_id `

func entryOf(ctx context.Context, q db.Querier, serviceID string) (entry, error) {
	return db.One[entry](ctx, q, selectEntries+`WHERE s.id = ?`, serviceID)
}

const selectRequests = `SELECT c.id, c.service_id, c.address, c.lang, c.asked_at, COALESCE(p.given_name || ' ' || p.family_name, '') AS asked_by, c.expires_at, c.ended, c.ended_at,
	c.answer, c.handled_at FROM site_confirmation c LEFT JOIN identity_person p ON p.id = c.asked_by `

// Desk is an entry as its editors have it confirmed.
type Desk struct {
	Entry     *directory.Service
	Shown     bool // readers see it, so that its service can be asked
	Automatic bool // the program asks by itself before the last day
	MayChange bool
	Requests  []Request // the newest first
	Lang      string    // in which the service would be written to
}

// Open returns the request that can still be answered, nil if there is none.
func (d Desk) Open(now time.Time) *Request {
	for i := range d.Requests {
		if d.Requests[i].State(now) == Open {
			return &d.Requests[i]
		}
	}
	return nil
}

// Desk returns an entry with what its service was asked and said. Who may not read the entry does not find it.
func (s *Service) Desk(ctx context.Context, actor access.Actor, serviceID string) (d Desk, err error) {
	defer errs.Wrap(&err, "confirmation.Desk(%s)", serviceID)
	err = s.DB.View(ctx, func(tx *db.Tx) error {
		e, err := entryOf(ctx, tx, serviceID)
		if err != nil {
			return err
		}
		if !actor.May(access.SiteRead, e.UnitPath) {
			return errs.NotFound("error.not-found")
		}
		d = Desk{Entry: &e.Content, MayChange: actor.May(access.SiteWrite, e.UnitPath)}
		d.Shown, d.Lang = e.shown(), LetterLang(d.Entry, s.Catalogue.Langs())
		if d.Automatic, err = automatic(ctx, tx, serviceID); err != nil {
			return err
		}
		d.Requests, err = db.All[Request](ctx, tx, selectRequests+`WHERE c.service_id = ? ORDER BY c.asked_at DESC, c.id DESC LIMIT ?`, serviceID, shownLast)
		return err
	})
	return d, err
}

func automatic(ctx context.Context, q db.Querier, serviceID string) (bool, error) {
	n, err := db.One[int](ctx, q, `SELECT COUNT(*) FROM site_confirmation_auto WHERE service_id = ?`, serviceID)
	return n > 0, err
}

// change runs what an editor does with an entry of theirs, and records it.
func (s *Service) change(ctx context.Context, actor access.Actor, serviceID, action string, fn func(tx *db.Tx, e *entry) error) error {
	return s.DB.Update(ctx, func(tx *db.Tx) error {
		e, err := entryOf(ctx, tx, serviceID)
		switch {
		case err != nil:
			return err
		case !actor.May(access.SiteRead, e.UnitPath):
			return errs.NotFound("error.not-found")
		case !actor.May(access.SiteWrite, e.UnitPath):
			return errs.Forbidden("error.forbidden")
		}
		if err := fn(tx, &e); err != nil {
			return err
		}
		return audit.Record(ctx, tx, s.Clock.Now(), actor.PersonID, action, "service:"+serviceID, nil)
	})
}

// Ask sends the service one letter with a link, by which an earlier one ends. The address is the entry's own or another, which is kept with
// the letter alone.
func (s *Service) Ask(ctx context.Context, actor access.Actor, serviceID, address, tag string) (err error) {
	defer errs.Wrap(&err, "confirmation.Ask(%s)", serviceID)
	var faults errs.Fields
	to, addressErr := mail.Address(address)
	if addressErr != nil {
		faults.Add("address", "confirmation.fault.address")
	}
	if !s.Catalogue.Has(tag) {
		faults.Add("lang", "site.fault.choose")
	}
	return s.change(ctx, actor, serviceID, "site.confirmation.ask", func(tx *db.Tx, e *entry) error {
		if err := faults.Err(); err != nil {
			return err
		}
		if !e.shown() {
			return errs.Conflict("confirmation.not-shown")
		}
		n, err := db.One[int](ctx, tx, `SELECT COUNT(*) FROM site_confirmation WHERE service_id = ? AND asked_by IS NOT NULL AND asked_at > ?`, serviceID, s.Clock.Now().Add(-24*time.Hour))
		if err == nil && n >= mostADay {
			err = errs.New(errs.ErrTooMany, "confirmation.too-many")
		}
		if err != nil {
			return err
		}
		return s.ask(ctx, tx, e, to, tag, actor.PersonID)
	})
}

// ask writes the letter. An earlier link ends with it.
func (s *Service) ask(ctx context.Context, tx *db.Tx, e *entry, to, tag, actorID string) error {
	now, requestID := s.Clock.Now(), id.New()
	expires := now.Add(ValidFor)
	if err := db.Exec(ctx, tx, `UPDATE site_confirmation SET ended = CASE WHEN expires_at <= ? THEN 'expired' ELSE 'renewed' END, ended_at = ?, address = '' WHERE service_id = ? AND ended = ''`,
		now, now, e.ID); err != nil {
		return err
	}
	var by any // NULL is the program
	if actorID != "" {
		by = actorID
	}
	err := db.Exec(ctx, tx, `INSERT INTO site_confirmation (id, service_id, address, lang, asked_at, asked_by, expires_at) VALUES (?, ?, ?, ?, ?, ?, ?)`, requestID, e.ID, to, tag, now, by, expires)
	if db.IsUnique(err) { // somebody else asked at the same moment
		err = errs.Conflict("confirmation.meanwhile")
	}
	if err != nil {
		return err
	}
	p := s.Catalogue.Printer(tag)
	subject, body := wording.Compose(p, wording.Confirm,
		"Name", directory.In(e.Content.Name, p.Tag(), s.Site.Bundle().SourceLang, "en"), "Link", s.BaseURL+"/confirm/"+mail.TokenMark+"?lang="+p.Tag(), "Day", p.Date(expires))
	return s.Outbox.Send(ctx, tx, mail.Message{Kind: "site.confirm", To: to, Lang: p.Tag(), Subject: subject, Body: body, Token: mail.Token{Kind: TokenKind, Ref: requestID}})
}

// Withdraw ends the link that can still be answered.
func (s *Service) Withdraw(ctx context.Context, actor access.Actor, serviceID string) (err error) {
	defer errs.Wrap(&err, "confirmation.Withdraw(%s)", serviceID)
	now := s.Clock.Now()
	return s.change(ctx, actor, serviceID, "site.confirmation.withdraw", func(tx *db.Tx, _ *entry) error {
		return db.Change(ctx, tx, errMeanwhile, `UPDATE site_confirmation SET ended = 'withdrawn', ended_at = ?, address = '' WHERE service_id = ? AND ended = '' AND expires_at > ?`, now, serviceID, now)
	})
}

// SetAutomatic says whether the program asks by itself before the entry's last day.
func (s *Service) SetAutomatic(ctx context.Context, actor access.Actor, serviceID string, on bool) (err error) {
	defer errs.Wrap(&err, "confirmation.SetAutomatic(%s)", serviceID)
	action := "site.confirmation.manual"
	if on {
		action = "site.confirmation.automatic"
	}
	return s.change(ctx, actor, serviceID, action, func(tx *db.Tx, e *entry) error {
		if !on {
			return db.Exec(ctx, tx, `DELETE FROM site_confirmation_auto WHERE service_id = ?`, serviceID)
		}
		if _, err := mail.Address(e.Content.Mail); err != nil {
			return errs.Conflict("confirmation.fault.no-address")
		}
		return db.Exec(ctx, tx, `INSERT INTO site_confirmation_auto (service_id) VALUES (?) ON CONFLICT DO NOTHING`, serviceID)
	})
}

// Handle notes that editors have dealt with what a service said.
func (s *Service) Handle(ctx context.Context, actor access.Actor, serviceID, requestID string) (err error) {
	defer errs.Wrap(&err, "confirmation.Handle(%s)", serviceID)
	return s.change(ctx, actor, serviceID, "site.confirmation.handle", func(tx *db.Tx, _ *entry) error {
		return db.Change(ctx, tx, errMeanwhile, `UPDATE site_confirmation SET handled_at = ? WHERE id = ? AND service_id = ? AND ended = 'changed' AND handled_at IS NULL`, s.Clock.Now(), requestID, serviceID)
	})
}

// errMeanwhile says that a link, or what came of it, has ended already.
var errMeanwhile = errs.Conflict("confirmation.meanwhile")

// AskDue asks the services whose entries end soon, where their editors have that switched on: once for each last day, and not while a link
// can still be answered. It also forgets addresses of links that have ended, and after a year what became of them. Most runs take reads alone.
func (s *Service) AskDue(ctx context.Context) (err error) {
	defer errs.Wrap(&err, "confirmation.AskDue")
	list, err := s.toAsk(ctx, s.DB)
	if err != nil {
		return err
	}
	old, err := db.One[int](ctx, s.DB, `SELECT COUNT(*) FROM site_confirmation WHERE ended = '' AND expires_at <= ? OR expires_at <= ?`, s.Clock.Now(), s.Clock.Now().Add(-keptFor))
	if err != nil || len(list)+old == 0 {
		return err
	}
	return s.DB.Update(ctx, func(tx *db.Tx) error {
		now := s.Clock.Now()
		if err := db.Exec(ctx, tx, `UPDATE site_confirmation SET ended = 'expired', ended_at = ?, address = '' WHERE ended = '' AND expires_at <= ?`, now, now); err != nil {
			return err
		}
		if err := db.Exec(ctx, tx, `DELETE FROM site_confirmation WHERE expires_at <= ?`, now.Add(-keptFor)); err != nil {
			return err
		}
		list, err := s.toAsk(ctx, tx) // another node may have asked meanwhile
		if err != nil {
			return err
		}
		for i := range list {
			e := &list[i]
			to, err := mail.Address(e.Content.Mail)
			if err != nil {
				return err
			}
			if err := s.ask(ctx, tx, e, to, LetterLang(&e.Content, s.Catalogue.Langs()), ""); err != nil {
				return err
			}
			if err := db.Exec(ctx, tx, `UPDATE site_confirmation_auto SET asked_for = ? WHERE service_id = ?`, e.Content.ValidUntil, e.ID); err != nil {
				return err
			}
		}
		return nil
	})
}

// toAsk returns the entries whose services are to be asked now. One that cannot be written to any more is left out.
func (s *Service) toAsk(ctx context.Context, q db.Querier) (list []entry, err error) {
	type row struct {
		entry
		AskedFor string
	}
	now := s.Clock.Now()
	rows, err := db.All[row](ctx, q, `SELECT s.id, s.content, s.listed, s.version, COALESCE(u.path, '') AS unit_path, a.asked_for
		FROM site_confirmation_auto a JOIN site_service s ON s.id = a.service_id LEFT JOIN identity_unit u ON u.id = s.unit_id
		WHERE NOT EXISTS (SELECT 1 FROM site_confirmation c WHERE c.service_id = s.id AND c.ended = '' AND c.expires_at > ?) ORDER BY s.id`, now)
	for _, r := range rows {
		x := &r.Content
		if _, err := mail.Address(x.Mail); err == nil && r.shown() && r.AskedFor != x.ValidUntil && due(x, now.In(s.Site.Zone())) {
			list = append(list, r.entry)
		}
	}
	return list, err
}
