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
	"ostoja/internal/lang"
	"ostoja/internal/mail"
	"ostoja/internal/site/content"
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
	faultGone    fault = "gone"    // left out
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

// Tell writes to the editors of what lapsed since they were last told, one letter each. What nobody can be told of waits until
// somebody can. Nothing is told of a site that is not open yet.
func (a *Alerts) Tell(ctx context.Context) (err error) {
	defer errs.Wrap(&err, "site.Tell")
	return a.service.db.Update(ctx, func(tx *db.Tx) error {
		open, err := opened(ctx, tx)
		if err != nil || !open {
			return err
		}
		now, err := a.service.lapses(ctx, tx)
		if err != nil {
			return err
		}
		fresh, err := a.fresh(ctx, tx, now)
		if err != nil || len(fresh) == 0 {
			return err
		}
		return a.tell(ctx, tx, fresh)
	})
}

// fresh returns what editors were not told of as it is now, and forgets what is in order again.
func (a *Alerts) fresh(ctx context.Context, tx *db.Tx, now []lapse) (fresh []lapse, err error) {
	type note struct{ Object, Fault string }
	notes, err := db.All[note](ctx, tx, `SELECT object, fault FROM site_told ORDER BY object`)
	if err != nil {
		return nil, err
	}
	told := map[string]string{}
	for _, n := range notes {
		told[n.Object] = n.Fault
		if !slices.ContainsFunc(now, func(l lapse) bool { return l.object == n.Object }) {
			if err := db.Exec(ctx, tx, `DELETE FROM site_told WHERE object = ?`, n.Object); err != nil {
				return nil, err
			}
		}
	}
	return slices.DeleteFunc(now, func(l lapse) bool { return told[l.object] == string(l.fault) }), nil
}

func (a *Alerts) tell(ctx context.Context, tx *db.Tx, fresh []lapse) error {
	editors, err := a.editors.Editors(ctx, tx)
	if err != nil {
		return err
	}
	lines := make([][]lapse, len(editors))
	for _, l := range fresh {
		to := keepers(editors, l.unitPath)
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

// keepers returns which of the editors are told of what a unit keeps: the unit's own, and where it has none, or where the installation
// keeps it, those of the whole site.
func keepers(editors []Editor, unitPath string) (own []int) {
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
		fmt.Fprintf(&lines, "%s\n%s\n\n", p.T("site.alert."+kind+"-"+string(l.fault), "Name", inLanguage(l.name, p.Tag())), a.baseURL+l.path)
	}
	return mail.Message{To: e.Mail, Lang: p.Tag(), Subject: p.T("site.alert.subject"), Body: p.T("site.alert.body", "Lines", strings.TrimSpace(lines.String()))}
}

// inLanguage returns a name in a language, or in the first of the others that has one.
func inLanguage(name map[string]string, tag string) string {
	if n := name[tag]; n != "" {
		return n
	}
	for _, other := range slices.Sorted(maps.Keys(name)) {
		if n := name[other]; n != "" {
			return n
		}
	}
	return ""
}

// lapses returns what readers do not see as it was meant, in order.
func (s *Service) lapses(ctx context.Context, tx *db.Tx) (list []lapse, err error) {
	snap, err := s.snapshot(ctx, tx)
	if err != nil {
		return nil, err
	}
	now := s.clock.Now()
	for _, id := range snap.FactOrder {
		f := snap.Facts[id]
		if wrong := faultOf(f.Standing(now, s.zone)); wrong != "" {
			name := maps.Clone(f.Label)
			for tag, label := range name {
				name[tag] = strings.TrimSpace(label + " " + f.In(tag))
			}
			if len(name) == 0 {
				name = map[string]string{s.bundle.SourceLang: id}
			}
			list = append(list, lapse{"fact:" + id, name, wrong, "/app/site/facts/" + id, f.UnitPath})
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
		wrong := faultOf(snap.ServiceStanding(x, now))
		if x.Hours.Fault() != nil {
			wrong = faultHours
		}
		if wrong != "" {
			list = append(list, lapse{"service:" + rows[i].ID, x.Name, wrong, "/app/site/services/" + rows[i].ID, rows[i].UnitPath})
		}
	}
	return list, nil
}

func faultOf(s content.Standing) fault {
	switch s {
	case content.Overdue:
		return faultOverdue
	case content.Gone:
		return faultGone
	}
	return ""
}
