// Package lapse tells editors of what readers of the public site no longer see as it was meant. Its goals: each fault is told once, to those
// who can mend it, and again when it comes back; and a site on which nothing changed costs reads alone.
package lapse

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"ostoja/internal/access"
	"ostoja/internal/clock"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/lang"
	"ostoja/internal/mail"
	"ostoja/internal/site"
)

// People finds who holds a permission and can be written to.
type People interface {
	Holders(ctx context.Context, q db.Querier, p access.Permission) ([]access.Holder, error)
}

// Alerts tells editors by mail, once, of what readers no longer see as it was meant: a fact or a place that was not confirmed in time,
// or whose opening hours cannot be read.
type Alerts struct {
	db        *db.DB
	clock     clock.Clock
	site      *site.Service
	people    People
	outbox    *mail.Outbox
	catalogue *lang.Catalogue
	baseURL   string
}

// NewAlerts returns what tells editors; baseURL is how their browsers reach the program.
func NewAlerts(d *db.DB, c clock.Clock, s *site.Service, p People, o *mail.Outbox, texts *lang.Catalogue, baseURL string) *Alerts {
	return &Alerts{d, c, s, p, o, texts, baseURL}
}

// pending is what changed since editors were last written to.
type pending struct {
	lapsed []site.Lapse
	mended []string // objects of which they were told and that are in order again
}

// Send writes to the editors of what lapsed since their last letter, one letter each. What nobody can be written to about waits until
// somebody can. Nothing is sent about a site that is not open yet. It runs every minute, and writes only where something changed: most
// minutes take reads alone, which hold no lock.
func (a *Alerts) Send(ctx context.Context) (err error) {
	defer errs.Wrap(&err, "lapse.Send")
	var n pending
	err = a.db.View(ctx, func(tx *db.Tx) error {
		n, err = a.pending(ctx, tx)
		return err
	})
	if err != nil || len(n.lapsed)+len(n.mended) == 0 {
		return err
	}
	return a.db.Update(ctx, func(tx *db.Tx) error {
		n, err := a.pending(ctx, tx) // another node may have told it meanwhile
		if err != nil {
			return err
		}
		return a.send(ctx, tx, n)
	})
}

// pending compares what lapsed with what editors were told.
func (a *Alerts) pending(ctx context.Context, tx *db.Tx) (n pending, err error) {
	now, open, err := a.site.Lapses(ctx, tx)
	if err != nil || !open {
		return n, err
	}
	type note struct{ Object, Fault string }
	notes, err := db.All[note](ctx, tx, `SELECT object, fault FROM site_told ORDER BY object`)
	told := map[string]string{}
	for _, x := range notes {
		told[x.Object] = x.Fault
		if !slices.ContainsFunc(now, func(l site.Lapse) bool { return l.Object == x.Object }) {
			n.mended = append(n.mended, x.Object)
		}
	}
	n.lapsed = slices.DeleteFunc(now, func(l site.Lapse) bool { return told[l.Object] == string(l.Fault) })
	return n, err
}

func (a *Alerts) send(ctx context.Context, tx *db.Tx, n pending) error {
	for _, object := range n.mended {
		if err := db.Exec(ctx, tx, `DELETE FROM site_told WHERE object = ?`, object); err != nil {
			return err
		}
	}
	editors, err := a.people.Holders(ctx, tx, access.SiteWrite)
	if err != nil {
		return err
	}
	lines := make([][]site.Lapse, len(editors))
	for _, l := range n.lapsed {
		to := access.Keepers(editors, access.SiteWrite, l.UnitPath)
		for _, i := range to {
			lines[i] = append(lines[i], l)
		}
		if len(to) == 0 {
			continue
		}
		if err := db.Exec(ctx, tx, `INSERT INTO site_told (object, fault, told_at) VALUES (?, ?, ?) ON CONFLICT (object) DO UPDATE SET fault = excluded.fault, told_at = excluded.told_at`,
			l.Object, string(l.Fault), a.clock.Now()); err != nil {
			return err
		}
	}
	for i, e := range editors {
		if len(lines[i]) == 0 {
			continue
		}
		if err := a.outbox.Send(ctx, tx, a.letter(e, lines[i])); err != nil {
			return err
		}
	}
	return nil
}

func (a *Alerts) letter(e access.Holder, lapses []site.Lapse) mail.Message {
	p := a.catalogue.Printer(e.Lang)
	var lines strings.Builder
	for _, l := range lapses {
		kind, _, _ := strings.Cut(l.Object, ":")
		fmt.Fprintf(&lines, "%s\n%s\n\n", p.T("site.alert."+kind+"-"+string(l.Fault), "Name", l.Name.In(p.Tag())), a.baseURL+l.Path)
	}
	return mail.Message{Kind: "site.lapse", To: e.Mail, Lang: p.Tag(), Subject: p.T("site.alert.subject"), Body: p.T("site.alert.body", "Lines", strings.TrimSpace(lines.String()))}
}
