package reminder

import (
	"context"
	"errors"
	"slices"
	"time"

	"ostoja/internal/audit"
	"ostoja/internal/db"
	"ostoja/internal/desk"
	"ostoja/internal/errs"
	"ostoja/internal/holiday"
	"ostoja/internal/mail"
	"ostoja/internal/mail/wording"
)

// standing is somebody under way in a course, to whom a rule may write.
type standing struct {
	EnrolmentID string
	PersonID    string
	GivenName   string
	FamilyName  string
	Unit        string
	Mail        string
	Lang        string
	Source      string
	DueAt       time.Time
	ActiveAt    time.Time
	LastAt      time.Time // of the latest reminder of any course
	sent        []Day
}

func (p standing) at(zone *time.Location) Standing {
	return Standing{Round{DayOf(p.DueAt, zone), DayOf(p.ActiveAt, zone)}, p.sent, DayOf(p.LastAt, zone)}
}

// standing returns whom a rule may write to: in the rule's course and unit, under way, with an address and not blocked, and about whom
// nobody said that they are left alone. With ids, those of them.
func (s *Service) standing(ctx context.Context, q db.Querier, r Rule, ids ...string) (list []standing, err error) {
	text, args := `SELECT l.id AS enrolment_id, p.id AS person_id, p.given_name, p.family_name, v.name AS unit, p.mail, p.lang, l.source, l.due_at, COALESCE(l.active_at, l.created_at) AS active_at,
			(SELECT MAX(o.reminded_at) FROM learning_round o WHERE o.person_id = p.id) AS last_at
		FROM learning_latest l CROSS JOIN identity_person p JOIN identity_unit v ON v.id = p.unit_id
		WHERE p.id = l.person_id AND l.course_id = ? AND l.passed_at IS NULL AND l.withdrawn_at IS NULL AND p.state <> 'blocked' AND p.mail IS NOT NULL
		AND v.path LIKE ? AND NOT EXISTS (SELECT 1 FROM reminder_hush h WHERE h.enrolment_id = l.id)`, []any{r.CourseID, r.Path + "%"}
	if r.Kind != Idle {
		text += ` AND l.due_at IS NOT NULL`
	}
	if len(ids) > 0 {
		text, args = text+` AND l.id IN (`+db.In(len(ids))+`)`, append(args, db.Args(ids)...)
	}
	if list, err = db.All[standing](ctx, q, text+` ORDER BY p.sort_key, p.id`, args...); err != nil {
		return nil, err
	}
	type row struct {
		EnrolmentID string
		OnDay       Day
	}
	sent := map[string][]Day{}
	err = db.Each(ctx, q, func(x row) { sent[x.EnrolmentID] = append(sent[x.EnrolmentID], x.OnDay) }, `SELECT enrolment_id, on_day FROM reminder_sent WHERE rule_id = ? ORDER BY on_day`, r.ID)
	for i := range list {
		list[i].sent = sent[list[i].EnrolmentID]
	}
	return list, err
}

const (
	atOnce = 200 // letters of one run: the next comes ten minutes later, and a mail server takes what comes evenly
	inOne  = 50  // letters of one transaction
)

// SendDue writes what rules owe, in office hours, some at a time. What fails in one rule holds up no other.
func (s *Service) SendDue(ctx context.Context) (err error) {
	defer errs.Wrap(&err, "reminder.SendDue")
	if !holiday.Office(s.Clock.Now().In(s.Zone)) {
		return nil
	}
	rules, err := db.All[Rule](ctx, s.DB, `SELECT `+columns+from+`r.state = ? ORDER BY r.id`, string(On))
	if err != nil {
		return err
	}
	left := atOnce
	var failed []error
	for _, r := range rules {
		n, err := s.sendRule(ctx, r, left)
		left -= n
		failed = append(failed, err)
		if left <= 0 {
			break
		}
	}
	return errors.Join(failed...)
}

// sendRule writes at most so many letters of a rule, and returns how many.
func (s *Service) sendRule(ctx context.Context, r Rule, most int) (n int, err error) {
	stopped, err := s.stopRefused(ctx, r)
	if err != nil || stopped {
		return 0, err
	}
	list, err := s.standing(ctx, s.DB, r)
	if err != nil {
		return 0, err
	}
	now := s.Clock.Now()
	var due []string
	for _, p := range list {
		if len(due) < most && s.owed(r, p, now) != 0 {
			due = append(due, p.EnrolmentID)
		}
	}
	for portion := range slices.Chunk(due, inOne) {
		sent, err := s.sendSome(ctx, r, portion)
		n += sent
		if err != nil {
			return n, err
		}
	}
	return n, nil
}

// owed returns the day for which a rule owes somebody a letter that may leave now; 0 if none.
func (s *Service) owed(r Rule, p standing, now time.Time) Day {
	if !p.LastAt.IsZero() && now.Sub(p.LastAt) < desk.Between {
		return 0
	}
	day, ok := r.Owes(p.at(s.Zone).Round, p.sent, DayOf(now, s.Zone))
	if !ok {
		return 0
	}
	return day
}

// sendSome writes some letters of a rule in one transaction, which holds the rule: of two nodes one waits, and reads then what the other
// sent. Whoever passed, was withdrawn or was reminded meanwhile is not there any more.
func (s *Service) sendSome(ctx context.Context, r Rule, ids []string) (n int, err error) {
	title, err := s.Title(ctx, s.DB, r.CourseID)
	if err != nil {
		return 0, err
	}
	err = s.DB.Update(ctx, func(tx *db.Tx) error {
		n = 0
		held, err := db.Changed(ctx, tx, `UPDATE reminder_rule SET version = version WHERE id = ? AND version = ? AND state = ?`, r.ID, r.Version, string(On))
		if err != nil || held == 0 {
			return err
		}
		owner, err := s.owner(ctx, tx, r.OwnerID)
		if err != nil {
			return err
		}
		list, err := s.standing(ctx, tx, r, ids...)
		if err != nil {
			return err
		}
		now := s.Clock.Now()
		for _, p := range list {
			day := s.owed(r, p, now)
			if day == 0 {
				continue
			}
			// Of the letters of other rules and hands, learning's condition lets one through.
			noted, err := s.Rounds.Reminded(ctx, tx, p.EnrolmentID, now.Add(-desk.Between))
			if err != nil {
				return err
			}
			if !noted {
				continue
			}
			if err := db.Exec(ctx, tx, `INSERT INTO reminder_sent (rule_id, enrolment_id, on_day, sent_at) VALUES (?, ?, ?, ?)`, r.ID, p.EnrolmentID, int(day), now); err != nil {
				return err
			}
			if err := s.Outbox.Send(ctx, tx, s.letter(r, p, title.In(p.Lang), owner, now)); err != nil {
				return err
			}
			n++
		}
		return nil
	})
	if err != nil {
		n = 0
	}
	return n, err
}

// owner is whom a letter names.
type owner struct {
	GivenName, FamilyName, Mail string
}

func (s *Service) owner(ctx context.Context, q db.Querier, personID string) (owner, error) {
	o, err := db.One[owner](ctx, q, `SELECT given_name, family_name, COALESCE(mail, '') AS mail FROM identity_person WHERE id = ? AND state <> 'blocked'`, personID)
	if errors.Is(err, errs.ErrNotFound) {
		return owner{}, nil
	}
	return o, err
}

// letter is a reminder in the person's language: what waits, by when, why they get it, whom to ask, and how it ends. The subject names
// neither person nor course: it is seen on locked screens.
func (s *Service) letter(r Rule, p standing, title string, o owner, now time.Time) mail.Message {
	t := s.Catalogue.Printer(p.Lang)
	left := int(DayOf(p.DueAt, s.Zone) - DayOf(now, s.Zone))
	form, counted, since := wording.RuleIdle, "", ""
	switch {
	case r.Kind == Before && left == 0:
		form = wording.RuleToday
	case r.Kind == Before:
		form, counted = wording.RuleBefore, t.N("reminder.letter.left", left, "Day", t.Date(p.DueAt))
	case r.Kind == After:
		form = wording.RuleAfter
	default:
		since = t.N("reminder.letter.since", int(DayOf(now, s.Zone)-DayOf(p.ActiveAt, s.Zone)))
	}
	why := "reminder.letter.why-office"
	if p.Source == "self" {
		why = "reminder.letter.why-own"
	}
	ask := t.T("reminder.letter.ask-nobody")
	if o.Mail != "" {
		ask = t.T("reminder.letter.ask", "Who", o.GivenName+" "+o.FamilyName, "Mail", o.Mail)
	}
	subject, body := wording.Compose(t, form, "Name", p.GivenName, "Course", title, "Link", s.BaseURL+"/app/learn/"+p.EnrolmentID, "Day", t.Date(p.DueAt),
		"Left", counted, "Since", since, "Why", t.T(why), "Ask", ask)
	return mail.Message{Kind: "desk.rule", To: p.Mail, Lang: t.Tag(), Subject: subject, Body: body}
}

// stopRefused stops a rule of whose latest letters too many came back.
func (s *Service) stopRefused(ctx context.Context, r Rule) (stopped bool, err error) {
	type counts struct{ Sent, Refused int }
	now := s.Clock.Now()
	c, err := db.One[counts](ctx, s.DB, `SELECT COUNT(*) AS sent, COUNT(f.id) AS refused FROM reminder_sent x JOIN learning_round l ON l.id = x.enrolment_id
		LEFT JOIN identity_refused f ON f.id = l.person_id AND f.mail_refused_at >= x.sent_at WHERE x.rule_id = ? AND x.sent_at > ? AND x.sent_at >= ?`, r.ID, now.Add(-desk.Between), r.Changed)
	if err != nil || !tooManyRefused(c.Sent, c.Refused) {
		return false, err
	}
	err = s.DB.Update(ctx, func(tx *db.Tx) error {
		n, err := db.Changed(ctx, tx, `UPDATE reminder_rule SET state = ?, version = version + 1, changed_at = ? WHERE id = ? AND version = ?`, string(Refused), now, r.ID, r.Version)
		if err != nil || n == 0 {
			return err
		}
		return audit.Record(ctx, tx, now, "", "reminder.refused", "course:"+r.CourseID, map[string]any{"sent": c.Sent, "refused": c.Refused})
	})
	return true, err
}
