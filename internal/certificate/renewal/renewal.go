// Package renewal tells of certificates before they end: their holders ninety, thirty and seven days before, each once, and whoever
// coordinates their unit once a day, with a number and no name.
//
// Goals: nobody learns of the end when it is there; the letter says what to do; one that was revoked or followed by a newer one is not told
// of; each letter leaves once, whatever nodes and crashes make of it, and who comes late writes the nearest alone (decision 0079). Limits:
// enrolling for the next round is the desk's; a person without an address stands in the list that the coordinator's letter leads to; only
// certificates of courses end.
package renewal

import (
	"context"
	"net/url"
	"slices"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/audit"
	"ostoja/internal/clock"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/expiry"
	"ostoja/internal/holiday"
	"ostoja/internal/keeping"
	"ostoja/internal/lang"
	"ostoja/internal/mail"
	"ostoja/internal/mail/wording"
)

// Outbox takes mail. Send MUST write by tx and wait for no mail server.
type Outbox interface {
	Send(ctx context.Context, tx *db.Tx, m mail.Message) error
}

// People knows who coordinates.
type People interface {
	// Holders returns who has the permission anywhere, is active and has an address.
	Holders(ctx context.Context, q db.Querier, permission access.Permission) ([]access.Holder, error)
}

// Deps are what a Service stands on.
type Deps struct {
	DB        *db.DB
	Clock     clock.Clock
	Zone      *time.Location
	People    People
	Keeping   *keeping.Service
	Outbox    Outbox
	Catalogue *lang.Catalogue
	BaseURL   string
}

// Service tells of certificates that end.
type Service struct{ Deps }

// New returns a Service.
func New(d Deps) *Service {
	d.Keeping.OnAge(Kept, forgetOld)
	return &Service{d}
}

// Ending is a certificate that ends within ninety days.
type Ending struct {
	ID         string
	Number     string
	PersonID   string
	GivenName  string
	FamilyName string
	UnitID     string
	Unit       string
	Path       string // of the unit
	CourseID   string
	Title      string
	IssuedAt   time.Time
	ValidUntil time.Time
	Told       int // days of the last letter; 0: none yet
	ToldAt     time.Time
	Mail       string
	Lang       string
	Left       int `db:"-"` // days of the calendar, 0 on the last on which it holds
}

const endingFields = `SELECT c.id, c.number, c.person_id, p.given_name, p.family_name, u.id AS unit_id, u.name AS unit, u.path, c.course_id, c.title, c.issued_at, c.valid_until,
		COALESCE(t.days, 0) AS told, t.sent_at AS told_at, COALESCE(p.mail, '') AS mail, p.lang`

// ending are the certificates that end within a time and are the newest that their holder has of the course.
const ending = `
	FROM certificate c JOIN identity_person p ON p.id = c.person_id JOIN identity_unit u ON u.id = p.unit_id LEFT JOIN certificate_ending t ON t.certificate_id = c.id
	WHERE c.revoked_at IS NULL AND c.course_id IS NOT NULL AND c.valid_until > ? AND c.valid_until < ? AND p.state <> 'blocked'
		AND NOT EXISTS (SELECT 1 FROM certificate n WHERE n.person_id = c.person_id AND n.course_id = c.course_id AND n.revoked_at IS NULL
			AND (n.issued_at > c.issued_at OR (n.issued_at = c.issued_at AND n.id > c.id)))`

// Within returns the certificates of people within the actor's reach that end within so many days, the next first.
func (s *Service) Within(ctx context.Context, actor access.Actor, days int) (_ []Ending, err error) {
	defer errs.Wrap(&err, "renewal.Within(%d)", days)
	within, args := actor.Within(access.DeskRead, "u.path")
	return s.read(ctx, s.DB, s.Clock.Now(), days, ` AND `+within, args...)
}

// read returns certificates that end by the end of the day in so many days.
func (s *Service) read(ctx context.Context, q db.Querier, now time.Time, days int, also string, args ...any) ([]Ending, error) {
	list, err := db.All[Ending](ctx, q, endingFields+ending+also+` ORDER BY c.valid_until, c.id`, append([]any{now, s.after(now, days)}, args...)...)
	for i := range list {
		list[i].Left = clock.DaysBetween(now, list[i].ValidUntil, s.Zone)
	}
	return list, err
}

// after returns the beginning of the day after so many days.
func (s *Service) after(now time.Time, days int) time.Time {
	y, m, d := now.In(s.Zone).Date()
	return time.Date(y, m, d+days+1, 0, 0, 0, 0, s.Zone)
}

// End is how many certificates end at a time.
type End struct {
	ValidUntil   time.Time
	Certificates int
}

// Ends counts the certificates of [Service.Within] whose holders are not in another round of the course yet, by their end, the next first.
func (s *Service) Ends(ctx context.Context, actor access.Actor, days int) (_ []End, err error) {
	defer errs.Wrap(&err, "renewal.Ends(%d)", days)
	within, args := actor.Within(access.DeskRead, "u.path")
	now := s.Clock.Now()
	return db.All[End](ctx, s.DB, `SELECT c.valid_until, COUNT(*) AS certificates`+ending+` AND `+within+`
		AND NOT EXISTS (SELECT 1 FROM learning_latest l WHERE l.person_id = c.person_id AND l.course_id = c.course_id AND l.passed_at IS NULL AND l.withdrawn_at IS NULL)
		GROUP BY c.valid_until ORDER BY c.valid_until`, append([]any{now, s.after(now, days)}, args...)...)
}

// due says which letter of a certificate is due, as [expiry.DueIn] does. One of as many days as it ever held is none: whoever has just
// passed is not told that it is about to end.
func (s *Service) due(e Ending) int {
	days := expiry.DueIn(e.Left, e.Told)
	if days >= clock.DaysBetween(e.IssuedAt, e.ValidUntil, s.Zone) {
		return 0
	}
	return days
}

// RecordExport notes that a list of people was taken away as a file.
func (s *Service) RecordExport(ctx context.Context, actor access.Actor, rows int, format string) (err error) {
	defer errs.Wrap(&err, "renewal.RecordExport")
	return s.DB.Update(ctx, func(tx *db.Tx) error {
		return audit.RecordExport(ctx, tx, s.Clock.Now(), actor.PersonID, "certificate.export", "certificates:ending", rows, format)
	})
}

const (
	atOnce = 200 // letters of one run: the next comes ten minutes later
	inOne  = 50  // letters of one transaction
)

// SendDue writes to whose certificates end, and then to whoever coordinates, in office hours.
func (s *Service) SendDue(ctx context.Context) (err error) {
	defer errs.Wrap(&err, "renewal.SendDue")
	now := s.Clock.Now()
	if !holiday.Office(now.In(s.Zone)) {
		return nil
	}
	list, err := s.read(ctx, s.DB, now, expiry.Notices[0], "")
	if err != nil {
		return err
	}
	var due []string
	for _, e := range list {
		if s.due(e) != 0 && len(due) < atOnce {
			due = append(due, e.ID)
		}
	}
	for portion := range slices.Chunk(due, inOne) {
		if err := s.write(ctx, portion); err != nil {
			return err
		}
	}
	if len(due) == atOnce { // more come: whoever coordinates hears of all at once
		return nil
	}
	return s.tellUnits(ctx)
}

// write writes to the holders of some certificates in one transaction. What another node wrote meanwhile, or what was revoked or renewed,
// is left out.
func (s *Service) write(ctx context.Context, ids []string) error {
	return s.DB.Update(ctx, func(tx *db.Tx) error {
		now := s.Clock.Now()
		list, err := s.read(ctx, tx, now, expiry.Notices[0], ` AND c.id IN (`+db.In(len(ids))+`)`, db.Args(ids)...)
		if err != nil {
			return err
		}
		for _, e := range list {
			days := s.due(e)
			if days == 0 {
				continue
			}
			// Of two nodes at once the second changes no row: the condition is asked again under the row's lock.
			n, err := db.Changed(ctx, tx, `INSERT INTO certificate_ending (certificate_id, days, sent_at) VALUES (?, ?, ?)
				ON CONFLICT (certificate_id) DO UPDATE SET days = excluded.days, sent_at = excluded.sent_at WHERE certificate_ending.days > excluded.days`, e.ID, days, now)
			if err != nil {
				return err
			}
			if n == 0 || e.Mail == "" {
				continue
			}
			if err := s.Outbox.Send(ctx, tx, s.letter(e)); err != nil {
				return err
			}
		}
		return nil
	})
}

// letter says what ends, when, and what to do. The subject names nothing.
func (s *Service) letter(e Ending) mail.Message {
	p := s.Catalogue.Printer(e.Lang)
	subject, body := wording.Compose(p, wording.CertificateEnds,
		"Name", e.GivenName, "Title", e.Title, "Number", e.Number, "Day", p.Date(e.ValidUntil), "Link", s.BaseURL+"/app/courses/"+url.PathEscape(e.CourseID))
	return mail.Message{Kind: "certificate.ends", To: e.Mail, Lang: p.Tag(), Subject: subject, Body: body}
}

// tellUnits writes one letter a day to each who coordinates a unit in which certificates were told of since their last letter: how many,
// and where the list is.
func (s *Service) tellUnits(ctx context.Context) error {
	now := s.Clock.Now()
	y, m, d := now.In(s.Zone).Date()
	today := time.Date(y, m, d, 0, 0, 0, 0, s.Zone)
	return s.DB.Update(ctx, func(tx *db.Tx) error {
		type row struct {
			Path string
			At   time.Time
		}
		// Weeks back are enough: on each working day whoever coordinates is told of what is new. Who begins to coordinate hears of these.
		rows, err := db.All[row](ctx, tx, `SELECT u.path, t.sent_at AS at FROM certificate_ending t JOIN certificate c ON c.id = t.certificate_id
			JOIN identity_person p ON p.id = c.person_id JOIN identity_unit u ON u.id = p.unit_id WHERE t.sent_at > ? ORDER BY t.certificate_id`, now.Add(-toldFor))
		if err != nil || len(rows) == 0 {
			return err
		}
		told := map[string]time.Time{}
		type before struct {
			PersonID string
			ToldAt   time.Time
		}
		if err := db.Each(ctx, tx, func(b before) { told[b.PersonID] = b.ToldAt }, `SELECT person_id, told_at FROM certificate_told`); err != nil {
			return err
		}
		holders, err := s.People.Holders(ctx, tx, access.DeskWrite)
		if err != nil {
			return err
		}
		numbers := make([]int, len(holders))
		for _, r := range rows {
			for _, i := range access.Keepers(holders, access.DeskWrite, r.Path) {
				if r.At.After(told[holders[i].Actor.PersonID]) {
					numbers[i]++
				}
			}
		}
		for i, h := range holders {
			if numbers[i] == 0 {
				continue
			}
			n, err := db.Changed(ctx, tx, `INSERT INTO certificate_told (person_id, told_at) VALUES (?, ?)
				ON CONFLICT (person_id) DO UPDATE SET told_at = excluded.told_at WHERE certificate_told.told_at < ?`, h.Actor.PersonID, now, today)
			if err != nil {
				return err
			}
			if n == 0 { // was told today
				continue
			}
			p := s.Catalogue.Printer(h.Lang)
			err = s.Outbox.Send(ctx, tx, mail.Message{
				Kind: "certificate.unit", To: h.Mail, Lang: p.Tag(), Subject: p.T("renewal.unit.subject"), Body: p.N("renewal.unit.body", numbers[i], "Link", s.BaseURL+"/app/certificates/ending"),
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// Kept is the kind of what holders were told, in the keeping rules.
const Kept keeping.Kind = "certificate-ending"

// toldFor is how far back whoever coordinates is told of what they were not told of yet.
const toldFor = 14 * 24 * time.Hour

// forgetOld erases what was told of certificates that have ended, and when whoever coordinates was told, once nothing follows from it.
func forgetOld(ctx context.Context, tx *db.Tx, now time.Time) (n int, err error) {
	n, err = db.Changed(ctx, tx, `DELETE FROM certificate_ending WHERE sent_at < ? AND certificate_id IN (SELECT id FROM certificate WHERE valid_until < ?)`, now.Add(-toldFor), now)
	if err != nil {
		return n, err
	}
	m, err := db.Changed(ctx, tx, `DELETE FROM certificate_told WHERE told_at < ?`, now.Add(-toldFor))
	return n + m, err
}

// ForgetPerson erases that a person was told of certificates, theirs and others'.
func ForgetPerson(ctx context.Context, tx *db.Tx, personID string) (err error) {
	defer errs.Wrap(&err, "renewal.ForgetPerson")
	if err := db.Exec(ctx, tx, `DELETE FROM certificate_told WHERE person_id = ?`, personID); err != nil {
		return err
	}
	return db.Exec(ctx, tx, `DELETE FROM certificate_ending WHERE certificate_id IN (SELECT id FROM certificate WHERE person_id = ?)`, personID)
}
