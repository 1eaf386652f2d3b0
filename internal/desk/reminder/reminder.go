// Package reminder writes reminders by rules that coordinators make: so many days before or after the day by which a course should be
// passed, or after days without a step.
//
// Goals: nobody gets more than one reminder a week, by whatever rule or hand; each letter leaves once, whatever order nodes and crashes
// make; nobody is written to who passed, was withdrawn or may not sign in; a rule says before it is switched on how many letters it will
// send and to whom, and asks twice for many (decision 0075). A rule that was changed sends nothing of what it would have sent before.
// Limits: what a coordinator sends by hand is desk's, and whether somebody is late closes
// nothing; the rule decides by days, since nobody's reminder hangs on an hour.
package reminder

import (
	"context"
	"errors"
	"slices"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/audit"
	"ostoja/internal/clock"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/holiday"
	"ostoja/internal/id"
	"ostoja/internal/keeping"
	"ostoja/internal/lang"
	"ostoja/internal/mail"
	"ostoja/internal/text"
)

// Rounds are the rounds that learning keeps; see desk.Rounds.
type Rounds interface {
	Reminded(ctx context.Context, tx *db.Tx, enrolmentID string, after time.Time) (noted bool, err error)
}

// Outbox takes mail. Send MUST write by tx and wait for no mail server.
type Outbox interface {
	Send(ctx context.Context, tx *db.Tx, m mail.Message) error
}

// Deps are what a Service stands on.
type Deps struct {
	DB        *db.DB
	Clock     clock.Clock
	Zone      *time.Location
	Keeping   *keeping.Service
	Title     func(ctx context.Context, q db.Querier, courseID string) (text.Translated, error) // of a course
	Rounds    Rounds
	Outbox    Outbox
	Catalogue *lang.Catalogue
	BaseURL   string
}

// Service keeps the rules and writes by them.
type Service struct {
	Deps
	askTwice int // see [AskTwice]; the tests have fewer people
}

// New returns a Service.
func New(d Deps) *Service {
	s := &Service{d, AskTwice}
	d.Keeping.OnAge(Kept, forgetOld)
	return s
}

// State is whether a rule writes.
type State string

// The states.
const (
	Off     State = "off"
	On      State = "on"
	Refused State = "refused" // it stopped by itself: too many letters came back
)

// Rule is a rule of a course.
type Rule struct {
	ID       string
	CourseID string
	UnitID   string
	Unit     string // its name
	Path     string // the unit's
	Plan
	State   State
	Version int
	OwnerID string    // whom its letters name
	Changed time.Time `db:"changed_at"`
}

const columns = `r.id, r.course_id, r.unit_id, u.name AS unit, u.path, r.kind, r.days, r.every, r.most, r.until_day, r.since_day, r.state, r.version, r.owner_id, r.changed_at`

const from = ` FROM reminder_rule r JOIN identity_unit u ON u.id = r.unit_id WHERE `

// Rules returns the rules of a course for units within the actor's reach, those that write first.
func (s *Service) Rules(ctx context.Context, actor access.Actor, courseID string) (_ []Rule, err error) {
	defer errs.Wrap(&err, "reminder.Rules(%q)", courseID)
	if _, err := s.Title(ctx, s.DB, courseID); err != nil {
		return nil, err
	}
	within, args := actor.Within(access.DeskWrite, "u.path")
	return db.All[Rule](ctx, s.DB, `SELECT `+columns+from+`r.course_id = ? AND `+within+` ORDER BY CASE r.state WHEN 'off' THEN 1 ELSE 0 END, r.created_at, r.id`, append([]any{courseID}, args...)...)
}

// Rule returns a rule for a unit within the actor's reach.
func (s *Service) Rule(ctx context.Context, actor access.Actor, courseID, ruleID string) (r Rule, err error) {
	defer errs.Wrap(&err, "reminder.Rule(%s)", ruleID)
	return one(ctx, s.DB, actor, courseID, ruleID)
}

func one(ctx context.Context, q db.Querier, actor access.Actor, courseID, ruleID string) (r Rule, err error) {
	within, args := actor.Within(access.DeskWrite, "u.path")
	r, err = db.One[Rule](ctx, q, `SELECT `+columns+from+`r.course_id = ? AND r.id = ? AND `+within, append([]any{courseID, ruleID}, args...)...)
	if errors.Is(err, errs.ErrNotFound) {
		err = errs.NotFound("error.not-found")
	}
	return r, err
}

// Draft is a rule as it is written: its plan without the day on which it begins.
type Draft struct {
	UnitID string
	Plan
}

// Save writes a rule of a course, a new one where ruleID is "". It is off: whoever switches it on sees before what it will send. It returns
// the rule's id.
func (s *Service) Save(ctx context.Context, actor access.Actor, courseID, ruleID string, d Draft) (_ string, err error) {
	defer errs.Wrap(&err, "reminder.Save(%q)", courseID)
	now := s.Clock.Now()
	d.Since = 0
	if err := d.check(DayOf(now, s.Zone)); err != nil {
		return "", err
	}
	if d.Every == 0 {
		d.Most = 1
	}
	err = s.DB.Update(ctx, func(tx *db.Tx) error {
		if _, err := s.Title(ctx, tx, courseID); err != nil {
			return err
		}
		path, err := db.One[string](ctx, tx, `SELECT path FROM identity_unit WHERE id = ?`, d.UnitID)
		if errors.Is(err, errs.ErrNotFound) || err == nil && !actor.May(access.DeskWrite, path) {
			var faults errs.Fields
			faults.Add("unit", "reminder.fault.unit")
			return faults.Err()
		}
		if err != nil {
			return err
		}
		if ruleID == "" {
			ruleID = id.New()
			err = db.Exec(ctx, tx, `INSERT INTO reminder_rule (id, course_id, unit_id, kind, days, every, most, until_day, state, owner_id, created_at, changed_at)
				VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, ruleID, courseID, d.UnitID, string(d.Kind), d.Days, d.Every, d.Most, int(d.Until), string(Off), actor.PersonID, now, now)
		} else if _, err = one(ctx, tx, actor, courseID, ruleID); err == nil {
			err = db.Exec(ctx, tx, `UPDATE reminder_rule SET unit_id = ?, kind = ?, days = ?, every = ?, most = ?, until_day = ?, state = ?, version = version + 1, owner_id = ?, changed_at = ? WHERE id = ?`,
				d.UnitID, string(d.Kind), d.Days, d.Every, d.Most, int(d.Until), string(Off), actor.PersonID, now, ruleID)
		}
		if err != nil {
			return err
		}
		return audit.Record(ctx, tx, now, actor.PersonID, "reminder.save", "course:"+courseID, nil)
	})
	return ruleID, err
}

// Coming is what a rule will send, as long as nobody takes a step.
type Coming struct {
	Today   int // letters
	Letters int // within thirty days, today's among them
	People  []Reached
	Many    bool // so many that switching on asks for their number
}

// Reached is somebody to whom a rule will write.
type Reached struct {
	PersonID   string
	GivenName  string
	FamilyName string
	Unit       string
	Days       []Day // of letters
}

// ahead is for how many days it is said what a rule will send, today included.
const ahead = 30

// Coming says what a rule would send in the next thirty days if it were switched on now.
func (s *Service) Coming(ctx context.Context, actor access.Actor, courseID, ruleID string) (c Coming, err error) {
	defer errs.Wrap(&err, "reminder.Coming(%s)", ruleID)
	err = s.DB.View(ctx, func(tx *db.Tx) error {
		r, err := one(ctx, tx, actor, courseID, ruleID)
		if err != nil {
			return err
		}
		c, err = s.coming(ctx, tx, r)
		return err
	})
	return c, err
}

func (s *Service) coming(ctx context.Context, q db.Querier, r Rule) (c Coming, err error) {
	now := s.Clock.Now().In(s.Zone)
	today := DayOf(now, s.Zone)
	if r.State != On {
		r.Since = today
	}
	begin, n := today, ahead
	if holiday.Closed(now) {
		begin, n = today+1, ahead-1
	}
	list, err := s.standing(ctx, q, r)
	if err != nil {
		return c, err
	}
	for _, p := range list {
		days := r.Forecast(p.at(s.Zone), begin, n)
		if len(days) == 0 {
			continue
		}
		c.Letters += len(days)
		if days[0] == today {
			c.Today++
		}
		c.People = append(c.People, Reached{p.PersonID, p.GivenName, p.FamilyName, p.Unit, days})
	}
	c.Many = c.Letters > s.askTwice
	return c, nil
}

// Switch turns a rule on or off. One that would send more than [AskTwice] letters in thirty days is switched on only where typed is their
// number.
func (s *Service) Switch(ctx context.Context, actor access.Actor, courseID, ruleID string, on bool, typed int) (c Coming, err error) {
	defer errs.Wrap(&err, "reminder.Switch(%s, %v)", ruleID, on)
	err = s.DB.Update(ctx, func(tx *db.Tx) error {
		r, err := one(ctx, tx, actor, courseID, ruleID)
		if err != nil {
			return err
		}
		now := s.Clock.Now()
		today, state := DayOf(now, s.Zone), Off
		if on {
			if state = On; r.State == On {
				return nil
			}
			if err := r.check(today); err != nil { // its last day may be over
				return err
			}
			if c, err = s.coming(ctx, tx, r); err != nil {
				return err
			}
			if c.Letters > s.askTwice && typed != c.Letters {
				var faults errs.Fields
				faults.Add("number", "reminder.fault.number", "Number", c.Letters)
				return faults.Err()
			}
		}
		if err := db.Exec(ctx, tx, `UPDATE reminder_rule SET state = ?, since_day = ?, version = version + 1, owner_id = ?, changed_at = ? WHERE id = ?`, string(state), int(today), actor.PersonID, now, ruleID); err != nil {
			return err
		}
		return audit.Record(ctx, tx, now, actor.PersonID, "reminder."+string(state), "course:"+courseID, map[string]any{"letters": c.Letters})
	})
	return c, err
}

// Hush says to which of the enrolments no rule writes (quiet), or takes that back, for those of people whom the actor may enrol. It
// returns how many were changed.
func (s *Service) Hush(ctx context.Context, actor access.Actor, courseID string, enrolmentIDs []string, quiet bool) (n int, err error) {
	defer errs.Wrap(&err, "reminder.Hush(%q, %d)", courseID, len(enrolmentIDs))
	within, args := actor.Within(access.DeskWrite, "u.path")
	for portion := range slices.Chunk(enrolmentIDs, 200) {
		m := 0
		err := s.DB.Update(ctx, func(tx *db.Tx) error {
			all := append(append([]any{courseID}, db.Args(portion)...), args...)
			ids, err := db.All[string](ctx, tx, `SELECT l.id FROM learning_round l JOIN identity_person p ON p.id = l.person_id JOIN identity_unit u ON u.id = p.unit_id
				WHERE l.course_id = ? AND l.id IN (`+db.In(len(portion))+`) AND `+within, all...)
			if err != nil {
				return err
			}
			if m, err = s.hush(ctx, tx, actor.PersonID, ids, quiet); err != nil || m == 0 {
				return err
			}
			return audit.Record(ctx, tx, s.Clock.Now(), actor.PersonID, map[bool]string{true: "reminder.hush", false: "reminder.unhush"}[quiet], "course:"+courseID, map[string]any{"people": m})
		})
		if err != nil {
			return n, err
		}
		n += m
	}
	return n, nil
}

func (s *Service) hush(ctx context.Context, tx *db.Tx, by string, ids []string, quiet bool) (n int, err error) {
	for _, enrolmentID := range ids {
		var m int
		if quiet {
			m, err = db.Changed(ctx, tx, `INSERT INTO reminder_hush (enrolment_id, by_id, made_at) VALUES (?, ?, ?) ON CONFLICT (enrolment_id) DO NOTHING`, enrolmentID, by, s.Clock.Now())
		} else {
			m, err = db.Changed(ctx, tx, `DELETE FROM reminder_hush WHERE enrolment_id = ?`, enrolmentID)
		}
		if err != nil {
			return n, err
		}
		n += m
	}
	return n, nil
}

// Own is what somebody may say of reminders about their own round.
type Own struct {
	Mine  bool // they enrolled by themselves: whether they are reminded is theirs to say
	Quiet bool
	Until bool // a coordinator said that nobody writes to them
}

// Own returns what the actor may say about a round of theirs. Who was enrolled by the office does a duty of their job: to be reminded of
// it is not theirs to switch off, and once a week is the most (decision 0075).
func (s *Service) Own(ctx context.Context, actor access.Actor, enrolmentID string) (o Own, err error) {
	defer errs.Wrap(&err, "reminder.Own(%s)", enrolmentID)
	return own(ctx, s.DB, actor, enrolmentID)
}

func own(ctx context.Context, q db.Querier, actor access.Actor, enrolmentID string) (o Own, err error) {
	type row struct{ Source, ByID string }
	r, err := db.One[row](ctx, q, `SELECT l.source, COALESCE(h.by_id, '') AS by_id FROM learning_round l LEFT JOIN reminder_hush h ON h.enrolment_id = l.id
		WHERE l.id = ? AND l.person_id = ? AND l.passed_at IS NULL AND l.withdrawn_at IS NULL`, enrolmentID, actor.PersonID)
	if errors.Is(err, errs.ErrNotFound) {
		return o, errs.NotFound("error.not-found")
	}
	return Own{Mine: r.Source == "self", Quiet: r.ByID == actor.PersonID, Until: r.ByID != "" && r.ByID != actor.PersonID}, err
}

// SetOwn switches reminders about the actor's own round off or on again.
func (s *Service) SetOwn(ctx context.Context, actor access.Actor, enrolmentID string, quiet bool) (err error) {
	defer errs.Wrap(&err, "reminder.SetOwn(%s)", enrolmentID)
	return s.DB.Update(ctx, func(tx *db.Tx) error {
		o, err := own(ctx, tx, actor, enrolmentID)
		if err != nil {
			return err
		}
		if !o.Mine || o.Until {
			return errs.Conflict("reminder.fault.duty")
		}
		_, err = s.hush(ctx, tx, actor.PersonID, []string{enrolmentID}, quiet)
		return err
	})
}

// Kept is the kind of what rules sent, in the keeping rules.
const Kept keeping.Kind = "reminder-sent"

// keptFor is for how long it is kept which letters a rule sent: as long as a round may last, and a question about it may come.
const keptFor = 2 * 365 * 24 * time.Hour

// forgetOld erases which letters were sent long ago, and what was said about rounds that are over.
func forgetOld(ctx context.Context, tx *db.Tx, now time.Time) (n int, err error) {
	if n, err = db.Changed(ctx, tx, `DELETE FROM reminder_sent WHERE sent_at < ?`, now.Add(-keptFor)); err != nil {
		return n, err
	}
	m, err := db.Changed(ctx, tx, `DELETE FROM reminder_hush WHERE made_at < ?`, now.Add(-keptFor))
	return n + m, err
}

// ForgetPerson erases what rules sent to a person, and what was said about writing to them.
func ForgetPerson(ctx context.Context, tx *db.Tx, personID string) (err error) {
	defer errs.Wrap(&err, "reminder.ForgetPerson")
	for _, table := range []string{`DELETE FROM reminder_sent WHERE enrolment_id IN `, `DELETE FROM reminder_hush WHERE enrolment_id IN `} {
		if err := db.Exec(ctx, tx, table+`(SELECT id FROM learning_round WHERE person_id = ?)`, personID); err != nil {
			return err
		}
	}
	return nil
}

// Stopped returns the rules for units within the actor's reach that stopped because letters came back.
func (s *Service) Stopped(ctx context.Context, actor access.Actor) (_ []Rule, err error) {
	defer errs.Wrap(&err, "reminder.Stopped")
	within, args := actor.Within(access.DeskWrite, "u.path")
	return db.All[Rule](ctx, s.DB, `SELECT `+columns+from+`r.state = ? AND `+within+` ORDER BY r.changed_at, r.id`, append([]any{string(Refused)}, args...)...)
}
