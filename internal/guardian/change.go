package guardian

import (
	"context"
	"errors"
	"slices"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/audit"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/keeping"
	"ostoja/internal/privacy"
	"ostoja/internal/text"
)

// Reason is why an entry changed: a kind out of a list, since a sentence about a person would outlive its need.
type Reason string

// The reasons.
const (
	ByPerson   Reason = "person"    // the person asked for it
	Papers     Reason = "papers"    // training or checks have to be renewed
	Clarify    Reason = "clarify"   // something has to be cleared up first
	NotRenewed Reason = "expired"   // validity ended and was not renewed
	Decision   Reason = "decision"  // the office decided
	Refresher  Reason = "refresher" // the person took a refresher
	Checked    Reason = "checked"   // checks were done again
)

// The reasons that each change knows, in the order of its form.
var (
	PauseReasons  = []Reason{ByPerson, Papers, Clarify}
	RemoveReasons = []Reason{ByPerson, NotRenewed, Decision}
	RenewReasons  = []Reason{Refresher, Checked}
)

// known adds a fault unless the reason is one of the list.
func known(faults *errs.Fields, r Reason, of []Reason) {
	if !slices.Contains(of, r) {
		faults.Add("reason", "guardian.fault.reason")
	}
}

// MayResume says whether the person of the entry may end a pause of that reason alone: one that the office made is the office's to end.
func MayResume(r Reason) bool { return r == ByPerson }

// Enlist puts an entry on the list of those who can be proposed, first or after a pause.
func (s *Service) Enlist(ctx context.Context, actor access.Actor, entryID string) (err error) {
	defer errs.Wrap(&err, "guardian.Enlist")
	return s.change(ctx, actor, entryID, func(tx *db.Tx, e Entry) error { return s.enlist(ctx, tx, e, actor.PersonID) })
}

func (s *Service) enlist(ctx context.Context, tx *db.Tx, e Entry, by string) error {
	if !e.Valid(s.clock.Now()) {
		return errs.Conflict("guardian.over")
	}
	return s.become(ctx, tx, e, Listed, by, "listed", nil)
}

// Pause takes an entry off the list for a time.
func (s *Service) Pause(ctx context.Context, actor access.Actor, entryID string, r Reason) (err error) {
	defer errs.Wrap(&err, "guardian.Pause")
	var faults errs.Fields
	known(&faults, r, PauseReasons)
	return s.change(ctx, actor, entryID, func(tx *db.Tx, e Entry) error {
		if err := faults.Err(); err != nil {
			return err
		}
		return s.pause(ctx, tx, e, actor.PersonID, r)
	})
}

func (s *Service) pause(ctx context.Context, tx *db.Tx, e Entry, by string, r Reason) error {
	return s.become(ctx, tx, e, Paused, by, "paused", map[string]string{"reason": string(r)})
}

// Remove takes an entry out of the register: see [Service.Withdraw] for what goes at once.
func (s *Service) Remove(ctx context.Context, actor access.Actor, entryID string, r Reason) (err error) {
	defer errs.Wrap(&err, "guardian.Remove")
	var faults errs.Fields
	known(&faults, r, RemoveReasons)
	return s.change(ctx, actor, entryID, func(tx *db.Tx, e Entry) error {
		if err := faults.Err(); err != nil {
			return err
		}
		return s.remove(ctx, tx, e, actor.PersonID, "removed", r)
	})
}

// KeptHistory is the history of an entry that was removed.
const KeptHistory keeping.Kind = "guardian-history"

// historyYears is for how long the history of a removed entry is kept: courts and children may ask who was in the register, and who had looked.
// The number is ours, to be confirmed by the office's data protection officer.
const historyYears = 3

func historyUntil(removed time.Time) time.Time { return removed.AddDate(historyYears, 0, 0) }

// remove ends an entry: contact, strengths, days, duty and what support kept go at once, the history on its day.
func (s *Service) remove(ctx context.Context, tx *db.Tx, e Entry, by, kind string, r Reason) error {
	if err := s.become(ctx, tx, e, Removed, by, kind, map[string]string{"reason": string(r)}); err != nil {
		return err
	}
	now := s.clock.Now()
	for _, statement := range []string{
		`UPDATE guardian SET phone = '', strengths = '' WHERE id = ?`,
		`DELETE FROM guardian_answers_to WHERE guardian_id = ?`,
		`DELETE FROM guardian_absence WHERE guardian_id = ?`,
		`DELETE FROM guardian_ask WHERE guardian_id = ?`,
		`DELETE FROM guardian_statement WHERE guardian_id = ?`,
		`DELETE FROM guardian_meeting_answer WHERE guardian_id = ?`,
		`DELETE FROM guardian_refreshed WHERE guardian_id = ?`,
		`DELETE FROM guardian_signal WHERE guardian_id = ?`,
	} {
		if err := db.Exec(ctx, tx, statement, e.ID); err != nil {
			return err
		}
	}
	if err := db.Exec(ctx, tx, `DELETE FROM guardian_duty WHERE guardian_id = ? AND week >= ?`, e.ID, string(WeekOf(now, s.zone))); err != nil {
		return err
	}
	return keeping.Keep(ctx, tx, keeping.Entry{Kind: KeptHistory, Ref: e.ID, PersonID: e.PersonID, Since: now, Until: historyUntil(now)})
}

// erase removes an entry whose day has come, with its history. While an appointment of the person lasts, a court may still ask about it: then the
// entry is kept for another term, and its history says so.
func (s *Service) erase(ctx context.Context, tx *db.Tx, entryID string) error {
	now := s.clock.Now()
	e, err := db.One[Entry](ctx, tx, selectEntries+`WHERE g.id = ?`, entryID)
	if errors.Is(err, errs.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	lasting, err := db.One[int](ctx, tx, `SELECT COUNT(*) FROM guardian_appointment WHERE guardian_id = ? AND ended_on = ''`, entryID)
	if err != nil {
		return err
	}
	if lasting > 0 {
		until := historyUntil(now)
		if err := keeping.Keep(ctx, tx, keeping.Entry{Kind: KeptHistory, Ref: e.ID, PersonID: e.PersonID, Since: now, Until: until}); err != nil {
			return err
		}
		return Note(ctx, tx, Event{GuardianID: e.ID, At: now, Kind: "kept-on", Detail: map[string]string{"until": s.day(until)}})
	}
	for _, statement := range []string{`DELETE FROM guardian_appointment WHERE guardian_id = ?`, `DELETE FROM guardian WHERE id = ?`} {
		if err := db.Exec(ctx, tx, statement, entryID); err != nil {
			return err
		}
	}
	return audit.Record(ctx, tx, now, "", "guardian.erase", "guardian:"+entryID, nil)
}

func (s *Service) day(t time.Time) string { return t.In(s.zone).Format(time.DateOnly) }

// change runs an act of the office on an entry of its own.
func (s *Service) change(ctx context.Context, actor access.Actor, entryID string, fn func(tx *db.Tx, e Entry) error) error {
	return s.db.Update(ctx, func(tx *db.Tx) error {
		e, err := within(ctx, tx, actor, access.GuardiansWrite, entryID)
		if err != nil {
			return err
		}
		return fn(tx, e)
	})
}

// become changes an entry's state if it has not changed meanwhile, and tells it to history and record.
func (s *Service) become(ctx context.Context, tx *db.Tx, e Entry, to State, by, kind string, detail map[string]string) error {
	if !e.State.CanBecome(to) {
		return errs.Conflict("guardian.state-" + string(e.State))
	}
	now := s.clock.Now()
	err := db.Change(ctx, tx, errMeanwhile, `UPDATE guardian SET state = ?, state_since = ?, edition = edition + 1 WHERE id = ? AND edition = ?`, string(to), now, e.ID, e.Edition)
	if err != nil {
		return err
	}
	return s.tell(ctx, tx, e.ID, by, kind, detail)
}

// errMeanwhile says that a conditional change found another edition.
var errMeanwhile = errs.Conflict("guardian.meanwhile")

// tell writes an act into the entry's history and into the record of acts.
func (s *Service) tell(ctx context.Context, tx *db.Tx, entryID, by, kind string, detail map[string]string) error {
	now := s.clock.Now()
	if err := Note(ctx, tx, Event{GuardianID: entryID, At: now, ActorID: by, Kind: kind, Detail: detail}); err != nil {
		return err
	}
	return audit.Record(ctx, tx, now, by, "guardian."+kind, "guardian:"+entryID, detail)
}

// Phone shows the contact of an entry to the office. It is told to the person, as every look is.
func (s *Service) Phone(ctx context.Context, actor access.Actor, entryID string) (phone string, err error) {
	defer errs.Wrap(&err, "guardian.Phone")
	err = s.change(ctx, actor, entryID, func(tx *db.Tx, e Entry) error {
		phone = e.Phone
		return s.tell(ctx, tx, e.ID, actor.PersonID, "looked-office", nil)
	})
	return phone, err
}

// Languages are those that the form offers, by tag. Others are written by [Admission] as the candidate gave them.
var Languages = []string{"pl", "uk", "ru", "en", "be", "am", "ar", "bn", "es", "fa", "fr", "hi", "hy", "ka", "ku", "ne", "ps", "ro", "so", "ti", "tr", "ur", "uz", "vi", "zh"}

// Draft is what the office writes into an entry.
type Draft struct {
	Phone        string // "" leaves the one that is there
	MostChildren int
	Strengths    string
	Langs        []string
	Courts       []string
	Answers      []string // of [Answers]
	Edition      int64    // of the entry that the office saw
}

const (
	mostChildren  = 20
	mostStrengths = 600
	// PhoneDigits is how many digits a person's own number has at least.
	PhoneDigits = 7
)

// check finds what is wrong with a cleaned draft; before has what the entry has already, which may stay.
func (d Draft) check(courts []Court, before Page) (faults errs.Fields) {
	if d.Phone != "" && !text.IsPhone(d.Phone, PhoneDigits) {
		faults.Add("phone", "guardian.fault.phone")
	}
	if d.MostChildren < 0 || d.MostChildren > mostChildren {
		faults.Add("most", "guardian.fault.most", "High", mostChildren)
	}
	if len([]rune(d.Strengths)) > mostStrengths {
		faults.Add("strengths", "guardian.fault.long", "High", mostStrengths)
	}
	if privacy.Find(d.Strengths) != privacy.Nothing || privacy.Names(d.Strengths) {
		faults.Add("strengths", "guardian.fault.private")
	}
	if len(d.Langs) == 0 {
		faults.Add("langs", "guardian.fault.langs")
	}
	for _, l := range d.Langs {
		if !slices.Contains(Languages, l) && !slices.Contains(before.Langs, l) {
			faults.Add("langs", "guardian.fault.langs")
			break
		}
	}
	if len(d.Courts) == 0 {
		faults.Add("courts", "guardian.fault.courts")
	}
	for _, c := range d.Courts {
		open := slices.ContainsFunc(courts, func(x Court) bool { return x.ID == c && x.ClosedAt.IsZero() })
		if !open && !slices.ContainsFunc(before.Courts, func(x Court) bool { return x.ID == c }) {
			faults.Add("courts", "guardian.fault.courts")
			break
		}
	}
	return append(faults, checkAnswers(d.Answers)...)
}

// Edit writes an entry anew.
func (s *Service) Edit(ctx context.Context, actor access.Actor, entryID string, d Draft) (err error) {
	defer errs.Wrap(&err, "guardian.Edit")
	d.Phone, d.Strengths = text.Clean(d.Phone), text.CleanLines(d.Strengths)
	return s.change(ctx, actor, entryID, func(tx *db.Tx, e Entry) error {
		if e.State == Removed {
			return errs.Conflict("guardian.state-removed")
		}
		before, err := s.page(ctx, tx, e)
		if err != nil {
			return err
		}
		courts, err := courtsIn(ctx, tx)
		if err != nil {
			return err
		}
		if err := d.check(courts, before).Err(); err != nil {
			return err
		}
		if d.Phone == "" {
			d.Phone = e.Phone
		}
		err = db.Change(ctx, tx, errMeanwhile, `UPDATE guardian SET phone = ?, most_children = ?, strengths = ?, edition = edition + 1 WHERE id = ? AND edition = ?`,
			d.Phone, d.MostChildren, d.Strengths, e.ID, d.Edition)
		if err != nil {
			return err
		}
		if err := reach(ctx, tx, e.ID, d); err != nil {
			return err
		}
		return s.tell(ctx, tx, e.ID, actor.PersonID, "edited", nil)
	})
}

// reach writes the languages and courts of an entry, and what it answers to, anew.
func reach(ctx context.Context, tx *db.Tx, entryID string, d Draft) error {
	for _, table := range []string{`DELETE FROM guardian_language WHERE guardian_id = ?`, `DELETE FROM guardian_before WHERE guardian_id = ?`, `DELETE FROM guardian_answers_to WHERE guardian_id = ?`} {
		if err := db.Exec(ctx, tx, table, entryID); err != nil {
			return err
		}
	}
	for _, l := range d.Langs {
		if err := db.Exec(ctx, tx, `INSERT INTO guardian_language (guardian_id, lang) VALUES (?, ?) ON CONFLICT DO NOTHING`, entryID, l); err != nil {
			return err
		}
	}
	for _, c := range d.Courts {
		if err := db.Exec(ctx, tx, `INSERT INTO guardian_before (guardian_id, court_id) VALUES (?, ?) ON CONFLICT DO NOTHING`, entryID, c); err != nil {
			return err
		}
	}
	for _, a := range d.Answers {
		if err := db.Exec(ctx, tx, `INSERT INTO guardian_answers_to (guardian_id, wish) VALUES (?, ?) ON CONFLICT DO NOTHING`, entryID, a); err != nil {
			return err
		}
	}
	return nil
}

// longestValid is how far ahead validity may be set.
const longestValid = 3 // years

// checkUntil says what is wrong with a new end of validity.
func checkUntil(until, before, now time.Time) (key string) {
	switch {
	case until.IsZero() || !until.After(now):
		return "guardian.fault.past"
	case !until.After(before):
		return "guardian.fault.earlier"
	case until.After(now.AddDate(longestValid, 0, 1)):
		return "guardian.fault.far"
	}
	return ""
}

// Renew sets a new end of validity. Reminders begin anew.
func (s *Service) Renew(ctx context.Context, actor access.Actor, entryID string, until time.Time, r Reason) (err error) {
	defer errs.Wrap(&err, "guardian.Renew")
	return s.change(ctx, actor, entryID, func(tx *db.Tx, e Entry) error { return s.renew(ctx, tx, e, actor.PersonID, until, r) })
}

func (s *Service) renew(ctx context.Context, tx *db.Tx, e Entry, by string, until time.Time, r Reason) error {
	var faults errs.Fields
	known(&faults, r, RenewReasons)
	if key := checkUntil(until, e.ValidUntil, s.clock.Now()); key != "" {
		faults.Add("until", key)
	}
	if err := faults.Err(); err != nil {
		return err
	}
	if e.State == Removed {
		return errs.Conflict("guardian.state-removed")
	}
	err := db.Change(ctx, tx, errMeanwhile, `UPDATE guardian SET valid_until = ?, reminded = 0, edition = edition + 1 WHERE id = ? AND edition = ?`, until, e.ID, e.Edition)
	if err != nil {
		return err
	}
	return s.tell(ctx, tx, e.ID, by, "renewed", map[string]string{"until": s.day(until.Add(-time.Microsecond)), "reason": string(r)})
}

// Outcome is what became of one entry of many on which the office acted.
type Outcome struct {
	ID   string
	Name string
	Key  string // why it was refused, "" if it was done
}

// mostAtOnce bounds how many entries one act may touch.
const mostAtOnce = 200

// each acts on every entry by itself: one that is refused stays as it was and says why, the others are done.
func (s *Service) each(ctx context.Context, actor access.Actor, ids []string, fn func(tx *db.Tx, e Entry) error) (list []Outcome, err error) {
	if !actor.Has(access.GuardiansWrite) {
		return nil, errs.NotFound("error.not-found")
	}
	ids = slices.Compact(slices.Sorted(slices.Values(ids)))
	if len(ids) == 0 || len(ids) > mostAtOnce {
		return nil, errs.Invalid("guardian.fault.none-ticked", "High", mostAtOnce)
	}
	err = s.db.Update(ctx, func(tx *db.Tx) error {
		list = nil
		for _, entryID := range ids {
			e, err := within(ctx, tx, actor, access.GuardiansWrite, entryID)
			if err == nil {
				err = fn(tx, e)
			}
			o := Outcome{ID: entryID, Name: e.Name}
			var told *errs.Error
			switch {
			case err == nil:
			case errors.As(err, &told) && (errors.Is(err, errs.ErrConflict) || errors.Is(err, errs.ErrNotFound) || errors.Is(err, errs.ErrInvalid)):
				o.Key = told.Key
				if len(told.Fields) > 0 {
					o.Key = told.Fields[0].Key
				}
			default:
				return err
			}
			if errors.Is(err, errs.ErrNotFound) {
				o.ID, o.Name = "", ""
			}
			list = append(list, o)
		}
		return nil
	})
	slices.SortStableFunc(list, func(a, b Outcome) int { return compareNames(a.Name, b.Name) })
	return list, err
}

// PauseMany pauses entries, each by itself.
func (s *Service) PauseMany(ctx context.Context, actor access.Actor, ids []string, r Reason) (_ []Outcome, err error) {
	defer errs.Wrap(&err, "guardian.PauseMany")
	var faults errs.Fields
	if known(&faults, r, PauseReasons); len(faults) > 0 {
		return nil, faults.Err()
	}
	return s.each(ctx, actor, ids, func(tx *db.Tx, e Entry) error { return s.pause(ctx, tx, e, actor.PersonID, r) })
}

// RenewMany sets a new end of validity of entries, each by itself.
func (s *Service) RenewMany(ctx context.Context, actor access.Actor, ids []string, until time.Time, r Reason) (_ []Outcome, err error) {
	defer errs.Wrap(&err, "guardian.RenewMany")
	var faults errs.Fields
	known(&faults, r, RenewReasons)
	if key := checkUntil(until, time.Time{}, s.clock.Now()); key != "" {
		faults.Add("until", key)
	}
	if err := faults.Err(); err != nil {
		return nil, err
	}
	return s.each(ctx, actor, ids, func(tx *db.Tx, e Entry) error { return s.renew(ctx, tx, e, actor.PersonID, until, r) })
}

func compareNames(a, b string) int {
	switch x, y := text.SortKey(a), text.SortKey(b); {
	case x < y:
		return -1
	case x > y:
		return 1
	}
	return 0
}
