package site

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"ostoja/internal/access"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/fact"
	"ostoja/internal/lang"
	"ostoja/internal/mail"
	"ostoja/internal/site/content"
	"ostoja/internal/site/directory"
)

// Editor is somebody who may change a part of the site.
type Editor struct {
	Mail, Lang string
	Actor      access.Actor
}

// Editors finds who may write on the site and can be written to.
type Editors interface {
	Editors(ctx context.Context, q db.Querier) ([]Editor, error)
}

// Alerts tells editors by mail, once, of what readers no longer see as it was meant: a fact or a place that was not confirmed in time,
// or whose opening hours cannot be read.
type Alerts struct {
	service   *Service
	editors   Editors
	outbox    *mail.Outbox
	catalogue *lang.Catalogue
	baseURL   string
}

// NewAlerts returns what tells editors; baseURL is how their browsers reach the program.
func NewAlerts(s *Service, e Editors, o *mail.Outbox, c *lang.Catalogue, baseURL string) *Alerts {
	return &Alerts{s, e, o, c, baseURL}
}

// fault is what is wrong with a fact or a place, as site_told keeps it and as the texts' keys end.
type fault string

const (
	faultOverdue fault = "overdue" // shown with "not confirmed since"
	faultExpired fault = "gone"    // left out
	faultHours   fault = "hours"   // a place is left out, since its opening hours cannot be read
)

// lapse is a fact or a place that readers do not see as it was meant.
type lapse struct {
	object   string // fact:id or service:id
	name     map[string]string
	fault    fault
	path     string // of the page where it is mended
	unitPath string // of who keeps it; "" is the installation
}

// pending is what changed since editors were last written to.
type pending struct {
	lapsed []lapse
	mended []string // objects of which they were told and that are in order again
}

// Send writes to the editors of what lapsed since their last letter, one letter each. What nobody can be written to about waits until
// somebody can. Nothing is sent about a site that is not open yet. It runs every minute, and writes only where something changed: most
// minutes take reads alone, which hold no lock.
func (a *Alerts) Send(ctx context.Context) (err error) {
	defer errs.Wrap(&err, "site.Send")
	var n pending
	err = a.service.db.View(ctx, func(tx *db.Tx) error {
		n, err = a.service.pending(ctx, tx)
		return err
	})
	if err != nil || len(n.lapsed)+len(n.mended) == 0 {
		return err
	}
	return a.service.db.Update(ctx, func(tx *db.Tx) error {
		n, err := a.service.pending(ctx, tx) // another node may have told it meanwhile
		if err != nil {
			return err
		}
		return a.send(ctx, tx, n)
	})
}

// pending compares what lapsed with what editors were told.
func (s *Service) pending(ctx context.Context, tx *db.Tx) (n pending, err error) {
	open, err := isOpen(ctx, tx)
	if err != nil || !open {
		return n, err
	}
	now, err := s.lapses(ctx, tx)
	if err != nil {
		return n, err
	}
	type note struct{ Object, Fault string }
	notes, err := db.All[note](ctx, tx, `SELECT object, fault FROM site_told ORDER BY object`)
	told := map[string]string{}
	for _, x := range notes {
		told[x.Object] = x.Fault
		if !slices.ContainsFunc(now, func(l lapse) bool { return l.object == x.Object }) {
			n.mended = append(n.mended, x.Object)
		}
	}
	n.lapsed = slices.DeleteFunc(now, func(l lapse) bool { return told[l.object] == string(l.fault) })
	return n, err
}

func (a *Alerts) send(ctx context.Context, tx *db.Tx, n pending) error {
	for _, object := range n.mended {
		if err := db.Exec(ctx, tx, `DELETE FROM site_told WHERE object = ?`, object); err != nil {
			return err
		}
	}
	editors, err := a.editors.Editors(ctx, tx)
	if err != nil {
		return err
	}
	lines := make([][]lapse, len(editors))
	for _, l := range n.lapsed {
		to := editorsOf(editors, l.unitPath)
		for _, i := range to {
			lines[i] = append(lines[i], l)
		}
		if len(to) == 0 {
			continue
		}
		if err := db.Exec(ctx, tx, `INSERT INTO site_told (object, fault, told_at) VALUES (?, ?, ?) ON CONFLICT (object) DO UPDATE SET fault = excluded.fault, told_at = excluded.told_at`,
			l.object, string(l.fault), a.service.clock.Now()); err != nil {
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

// editorsOf returns which of the editors are told of what a unit keeps: the unit's own, and where it has none, or where the installation
// keeps it, those of the whole site.
func editorsOf(editors []Editor, unitPath string) (own []int) {
	var all []int
	for i, e := range editors {
		switch {
		case e.Actor.Everywhere(access.SiteWrite):
			all = append(all, i)
		case unitPath != "" && e.Actor.May(access.SiteWrite, unitPath):
			own = append(own, i)
		}
	}
	if len(own) > 0 {
		return own
	}
	return all
}

func (a *Alerts) letter(e Editor, lapses []lapse) mail.Message {
	p := a.catalogue.Printer(e.Lang)
	var lines strings.Builder
	for _, l := range lapses {
		kind, _, _ := strings.Cut(l.object, ":")
		fmt.Fprintf(&lines, "%s\n%s\n\n", p.T("site.alert."+kind+"-"+string(l.fault), "Name", directory.In(l.name, p.Tag(), a.service.bundle.SourceLang)), a.baseURL+l.path)
	}
	return mail.Message{To: e.Mail, Lang: p.Tag(), Subject: p.T("site.alert.subject"), Body: p.T("site.alert.body", "Lines", strings.TrimSpace(lines.String()))}
}

// lapses returns what readers do not see as it was meant, in order.
func (s *Service) lapses(ctx context.Context, tx *db.Tx) (list []lapse, err error) {
	stored, err := facts(ctx, tx)
	if err != nil {
		return nil, err
	}
	snap, now := content.Snapshot{Zone: s.zone, Facts: map[string]*content.Fact{}}, s.clock.Now()
	for i := range stored {
		f := &stored[i]
		snap.Facts[f.ID] = f
		if wrong := faultOf(f.Validity(now, s.zone)); wrong != "" {
			name := maps.Clone(f.Label)
			for tag, label := range name {
				name[tag] = strings.TrimSpace(label + " " + f.In(tag))
			}
			if len(name) == 0 {
				name = map[string]string{s.bundle.SourceLang: f.ID}
			}
			list = append(list, lapse{"fact:" + f.ID, name, wrong, "/app/site/facts/" + f.ID, f.UnitPath})
		}
	}
	rows, err := services(ctx, tx)
	if err != nil {
		return nil, err
	}
	for i := range rows {
		x := &rows[i].Content
		if !rows[i].Listed || x.Shelter {
			continue
		}
		wrong := faultOf(snap.ServiceValidity(x, now))
		if x.Hours.Fault() != nil {
			wrong = faultHours
		}
		if wrong != "" {
			list = append(list, lapse{"service:" + rows[i].ID, x.Name, wrong, "/app/site/services/" + rows[i].ID, rows[i].UnitPath})
		}
	}
	return list, nil
}

func faultOf(s fact.Validity) fault {
	switch s {
	case fact.Overdue:
		return faultOverdue
	case fact.Expired:
		return faultExpired
	}
	return ""
}
