package card

import (
	"context"
	"fmt"
	"strings"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/clock"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/lang"
	"ostoja/internal/mail"
)

// Editor is somebody who may keep cards and can be written to.
type Editor struct {
	Mail, Lang string
	Actor      access.Actor
}

// Editors finds them.
type Editors interface {
	Editors(ctx context.Context, q db.Querier) ([]Editor, error)
}

// Reminders write to those who keep a card that nobody has checked for half a year: once, until it is checked and lapses again.
type Reminders struct {
	db        *db.DB
	clock     clock.Clock
	editors   Editors
	outbox    *mail.Outbox
	catalogue *lang.Catalogue
	baseURL   string
}

// NewReminders returns what writes to editors; baseURL is how their browsers reach the program.
func NewReminders(d *db.DB, c clock.Clock, e Editors, o *mail.Outbox, texts *lang.Catalogue, baseURL string) *Reminders {
	return &Reminders{d, c, e, o, texts, baseURL}
}

// overdue is a card of which nobody was told yet.
type overdue struct {
	UnitID    string
	UnitPath  string
	Unit      string
	CheckedAt time.Time
}

// Send writes one letter to each editor about all cards that became overdue. A card that nobody can be written to about waits until somebody can.
// Most runs take one read, which holds no lock.
func (r *Reminders) Send(ctx context.Context) (err error) {
	defer errs.Wrap(&err, "card.Send")
	if list, err := r.overdue(ctx, r.db); err != nil || len(list) == 0 {
		return err
	}
	return r.db.Update(ctx, func(tx *db.Tx) error {
		list, err := r.overdue(ctx, tx) // another node may have told it meanwhile
		if err != nil {
			return err
		}
		editors, err := r.editors.Editors(ctx, tx)
		if err != nil {
			return err
		}
		of := make([][]overdue, len(editors))
		for _, c := range list {
			to := keepers(editors, c.UnitPath)
			for _, i := range to {
				of[i] = append(of[i], c)
			}
			if len(to) == 0 {
				continue
			}
			if err := db.Exec(ctx, tx, `UPDATE contact_card SET told_at = ? WHERE unit_id = ?`, r.clock.Now(), c.UnitID); err != nil {
				return err
			}
		}
		for i, e := range editors {
			if len(of[i]) == 0 {
				continue
			}
			if err := r.outbox.Send(ctx, tx, r.letter(e, of[i])); err != nil {
				return err
			}
		}
		return nil
	})
}

func (r *Reminders) overdue(ctx context.Context, q db.Querier) ([]overdue, error) {
	return db.All[overdue](ctx, q, `
		SELECT c.unit_id, u.path AS unit_path, u.name AS unit, c.checked_at FROM contact_card c JOIN identity_unit u ON u.id = c.unit_id
		WHERE c.checked_at <= ? AND c.told_at IS NULL ORDER BY u.name, u.id`, r.clock.Now().Add(-ValidFor))
}

// keepers returns which of the editors are told of a unit's card: the unit's own, and where it has none, those of the whole installation.
func keepers(editors []Editor, unitPath string) []int {
	var own, all []int
	for i, e := range editors {
		switch {
		case e.Actor.Everywhere(access.SiteWrite):
			all = append(all, i)
		case e.Actor.May(access.SiteWrite, unitPath):
			own = append(own, i)
		}
	}
	if len(own) > 0 {
		return own
	}
	return all
}

func (r *Reminders) letter(e Editor, cards []overdue) mail.Message {
	p := r.catalogue.Printer(e.Lang)
	var lines strings.Builder
	for _, c := range cards {
		fmt.Fprintf(&lines, "%s\n%s\n\n", p.T("card.letter-line", "Unit", c.Unit, "Day", p.Date(c.CheckedAt)), r.baseURL+"/app/contacts/"+c.UnitID)
	}
	return mail.Message{To: e.Mail, Lang: p.Tag(), Subject: p.T("card.letter-subject"), Body: p.T("card.letter-body", "Lines", strings.TrimSpace(lines.String()))}
}
