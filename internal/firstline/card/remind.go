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

// People finds who holds a permission and can be written to.
type People interface {
	Holders(ctx context.Context, q db.Querier, p access.Permission) ([]access.Holder, error)
}

// Reminders write to those who keep a card that nobody has checked for half a year: once, until it is checked and lapses again.
type Reminders struct {
	db        *db.DB
	clock     clock.Clock
	people    People
	outbox    *mail.Outbox
	catalogue *lang.Catalogue
	baseURL   string
}

// NewReminders returns what writes to editors; baseURL is how their browsers reach the program.
func NewReminders(d *db.DB, c clock.Clock, p People, o *mail.Outbox, texts *lang.Catalogue, baseURL string) *Reminders {
	return &Reminders{d, c, p, o, texts, baseURL}
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
		editors, err := r.people.Holders(ctx, tx, access.SiteWrite)
		if err != nil {
			return err
		}
		of := make([][]overdue, len(editors))
		for _, c := range list {
			to := access.Keepers(editors, access.SiteWrite, c.UnitPath)
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

func (r *Reminders) letter(e access.Holder, cards []overdue) mail.Message {
	p := r.catalogue.Printer(e.Lang)
	var lines strings.Builder
	for _, c := range cards {
		fmt.Fprintf(&lines, "%s\n%s\n\n", p.T("card.letter-line", "Unit", c.Unit, "Day", p.Date(c.CheckedAt)), r.baseURL+"/app/contacts/"+c.UnitID)
	}
	return mail.Message{Kind: "card.overdue", To: e.Mail, Lang: p.Tag(), Subject: p.T("card.letter-subject"), Body: p.T("card.letter-body", "Lines", strings.TrimSpace(lines.String()))}
}
