package roster

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/audit"
	"ostoja/internal/clock"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/guardian"
	"ostoja/internal/id"
	"ostoja/internal/lang"
	"ostoja/internal/mail"
	"ostoja/internal/text"
)

// People finds whom to tell. Holders MUST return those who have the permission anywhere and can be written to.
type People interface {
	Holders(ctx context.Context, q db.Querier, p access.Permission) ([]access.Holder, error)
}

// Deps are what the roster needs.
type Deps struct {
	DB        *db.DB
	Clock     clock.Clock
	Zone      *time.Location
	Outbox    *mail.Outbox
	Catalogue *lang.Catalogue
	BaseURL   string
	People    People
}

// Service keeps the roster.
type Service struct{ Deps }

// New returns a Service.
func New(d Deps) *Service { return &Service{d} }

// Weeks is how many weeks a plan shows, this one included.
const Weeks = 4

// Cell is who is on duty for a language in a week.
type Cell struct {
	Week       guardian.Week
	GuardianID string // "" is nobody
	Name       string // "" of somebody of another office
	Why        Why    // why who is on duty cannot be
	Elsewhere  bool   // somebody of another office, whom the actor neither sees nor changes
	CanBe      []Able // of the actor's office
}

// Row is a language's weeks.
type Row struct {
	Lang  string
	Cells []Cell
}

// Plan is a court's roster.
type Plan struct {
	Courts []guardian.Court // open ones
	Court  guardian.Court   // the zero value where there is none
	Weeks  []guardian.Week
	Rows   []Row
	People []Able          // of the actor's office before the court, by name
	Gaps   []guardian.Week // this or next week without anybody
	Now    time.Time
}

// Plan returns the roster of a court to who keeps a register; of the first one where none is named.
func (s *Service) Plan(ctx context.Context, actor access.Actor, courtID string) (x Plan, err error) {
	defer errs.Wrap(&err, "roster.Plan")
	if !actor.Has(access.GuardiansRead) {
		return x, errs.NotFound("error.not-found")
	}
	err = s.DB.View(ctx, func(tx *db.Tx) error {
		x, err = s.plan(ctx, tx, actor, courtID)
		return err
	})
	return x, err
}

func (s *Service) plan(ctx context.Context, tx *db.Tx, actor access.Actor, courtID string) (x Plan, err error) {
	x.Now = s.Clock.Now()
	first := guardian.WeekOf(x.Now, s.Zone)
	for i := range Weeks {
		x.Weeks = append(x.Weeks, first.Add(i))
	}
	if x.Courts, err = openCourts(ctx, tx); err != nil || len(x.Courts) == 0 {
		return x, err
	}
	x.Court = x.Courts[0]
	if courtID != "" {
		i := slices.IndexFunc(x.Courts, func(c guardian.Court) bool { return c.ID == courtID })
		if i < 0 {
			return x, errs.NotFound("error.not-found")
		}
		x.Court = x.Courts[i]
	}
	all, err := able(ctx, tx, "b.court_id = ?", x.Court.ID)
	if err != nil {
		return x, err
	}
	on, err := onDuty(ctx, tx, x.Court.ID, first)
	if err != nil {
		return x, err
	}
	for _, a := range all {
		if actor.May(access.GuardiansRead, a.UnitPath) && a.State != guardian.Removed {
			x.People = append(x.People, a)
		}
	}
	slices.SortStableFunc(x.People, func(a, b Able) int { return strings.Compare(text.SortKey(a.Name), text.SortKey(b.Name)) })
	for _, l := range languages(x.People, on) {
		x.Rows = append(x.Rows, s.row(x, all, on, l))
	}
	for _, w := range x.Weeks[:2] {
		if !s.answered(all, on, x.Court.ID, w, x.Now) {
			x.Gaps = append(x.Gaps, w)
		}
	}
	return x, nil
}

func (s *Service) row(x Plan, all []Able, on []duty, l string) Row {
	r := Row{Lang: l}
	for _, w := range x.Weeks {
		c := Cell{Week: w}
		for _, d := range on {
			if d.Lang != l || d.Week != w {
				continue
			}
			c.GuardianID, c.Elsewhere = d.GuardianID, true
			if i := slices.IndexFunc(x.People, func(a Able) bool { return a.ID == d.GuardianID }); i >= 0 {
				c.Name, c.Elsewhere = x.People[i].Name, false
			}
			c.Why = whyOf(all, d, x.Court.ID, x.Now, s.Zone)
		}
		for _, a := range x.People {
			if a.Why(x.Court.ID, l, w, x.Now, s.Zone) == Can {
				c.CanBe = append(c.CanBe, a)
			}
		}
		r.Cells = append(r.Cells, c)
	}
	return r
}

// whyOf says whether who is on duty can be; who does not serve the court any more cannot.
func whyOf(all []Able, d duty, courtID string, now time.Time, zone *time.Location) Why {
	i := slices.IndexFunc(all, func(a Able) bool { return a.ID == d.GuardianID })
	if i < 0 {
		return NotCourt
	}
	return all[i].Why(courtID, d.Lang, d.Week, now, zone)
}

// answered says whether anybody who can is on duty for a court in a week.
func (s *Service) answered(all []Able, on []duty, courtID string, w guardian.Week, now time.Time) bool {
	return slices.ContainsFunc(on, func(d duty) bool { return d.Week == w && whyOf(all, d, courtID, now, s.Zone) == Can })
}

// languages are those in which somebody can answer or is on duty.
func languages(people []Able, on []duty) (list []string) {
	for _, a := range people {
		list = append(list, a.Langs...)
	}
	for _, d := range on {
		list = append(list, d.Lang)
	}
	slices.Sort(list)
	return slices.Compact(list)
}

type duty struct {
	Lang       string
	Week       guardian.Week
	GuardianID string
}

func openCourts(ctx context.Context, q db.Querier) ([]guardian.Court, error) {
	return db.All[guardian.Court](ctx, q, `SELECT id, name, short, region, closed_at, edition FROM guardian_court WHERE closed_at IS NULL ORDER BY sort_key, id`)
}

func onDuty(ctx context.Context, q db.Querier, courtID string, from guardian.Week) ([]duty, error) {
	return db.All[duty](ctx, q, `SELECT lang, week, guardian_id FROM guardian_duty WHERE court_id = ? AND week >= ? ORDER BY week, lang`, courtID, string(from))
}

// able reads people of the register by a condition on g = guardian and b = guardian_before.
func able(ctx context.Context, q db.Querier, condition string, args ...any) ([]Able, error) {
	list, err := db.All[Able](ctx, q, `
		SELECT g.id, g.person_id, g.unit_id, u.path AS unit_path, p.family_name || ' ' || p.given_name AS name, g.state, g.state_since, g.valid_until, g.most_children, g.edition,
			(SELECT COUNT(DISTINCT a.case_code) FROM guardian_appointment a WHERE a.guardian_id = g.id AND a.ended_on = '') AS children
		FROM guardian g JOIN identity_person p ON p.id = g.person_id JOIN identity_unit u ON u.id = g.unit_id
		WHERE EXISTS (SELECT 1 FROM guardian_before b WHERE b.guardian_id = g.id AND `+condition+`) ORDER BY g.id`, args...)
	if err != nil || len(list) == 0 {
		return list, err
	}
	at, ids := map[string]int{}, make([]any, len(list))
	for i, a := range list {
		at[a.ID], ids[i] = i, a.ID
	}
	among := `WHERE guardian_id IN (` + db.In(len(ids)) + `) ORDER BY `
	type pair struct{ GuardianID, Value string }
	err = db.Each(ctx, q, func(x pair) { a := &list[at[x.GuardianID]]; a.Langs = append(a.Langs, x.Value) }, `SELECT guardian_id, lang AS value FROM guardian_language `+among+`lang`, ids...)
	if err != nil {
		return nil, err
	}
	err = db.Each(ctx, q, func(x pair) { a := &list[at[x.GuardianID]]; a.Courts = append(a.Courts, x.Value) }, `SELECT guardian_id, court_id AS value FROM guardian_before `+among+`court_id`, ids...)
	if err != nil {
		return nil, err
	}
	type away struct {
		GuardianID string
		guardian.Absence
	}
	err = db.Each(ctx, q, func(x away) { a := &list[at[x.GuardianID]]; a.Absences = append(a.Absences, x.Absence) }, `SELECT guardian_id, id, from_day, until_day FROM guardian_absence `+among+`from_day`, ids...)
	return list, err
}

// Change says who is to be on duty for a language in a week of a court. Was is who the page showed: if that has changed meanwhile, the cell stays.
type Change struct {
	Lang    string
	Week    guardian.Week
	Was, To string // ids of entries, "" is nobody
}

// Refusal is a change that was not made.
type Refusal struct {
	Change
	Key string
}

// Assign changes cells of a court's roster, each checked by itself: to put somebody on duty, to put another in their place, to leave nobody.
func (s *Service) Assign(ctx context.Context, actor access.Actor, courtID string, changes []Change) (done int, refused []Refusal, err error) {
	defer errs.Wrap(&err, "roster.Assign")
	if !actor.Has(access.GuardiansWrite) || !id.Valid(courtID) {
		return 0, nil, errs.NotFound("error.not-found")
	}
	err = s.DB.Update(ctx, func(tx *db.Tx) error {
		done, refused = 0, nil
		courts, err := openCourts(ctx, tx)
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(courts, func(c guardian.Court) bool { return c.ID == courtID }) {
			return errs.NotFound("error.not-found")
		}
		all, err := able(ctx, tx, "TRUE")
		if err != nil {
			return err
		}
		for _, c := range changes {
			if c.Was == c.To {
				continue
			}
			err := s.assign(ctx, tx, actor, all, courtID, c)
			var told *errs.Error
			switch {
			case err == nil:
				done++
			case errors.As(err, &told) && errors.Is(err, errs.ErrConflict):
				refused = append(refused, Refusal{c, told.Key})
			default:
				return err
			}
		}
		return nil
	})
	return done, refused, err
}

func (s *Service) assign(ctx context.Context, tx *db.Tx, actor access.Actor, all []Able, courtID string, c Change) error {
	now := s.Clock.Now()
	// Only the office that keeps an entry puts it on duty or off it. Whose it is not gets the answer that nobody would.
	mine := func(guardianID string) bool {
		return slices.ContainsFunc(all, func(a Able) bool { return a.ID == guardianID && actor.May(access.GuardiansWrite, a.UnitPath) })
	}
	if c.Week < guardian.WeekOf(now, s.Zone) || c.Week > guardian.WeekOf(now, s.Zone).Add(Weeks-1) {
		return errs.Conflict("roster.past")
	}
	if c.Was != "" && !mine(c.Was) {
		return errs.Conflict("roster.meanwhile")
	}
	if c.To != "" {
		if !mine(c.To) {
			return errs.Conflict("roster.why-not-court")
		}
		i := slices.IndexFunc(all, func(a Able) bool { return a.ID == c.To })
		if why := all[i].Why(courtID, c.Lang, c.Week, now, s.Zone); why != Can {
			return errs.Conflict("roster.why-" + string(why))
		}
	}
	var n int
	var err error
	switch {
	case c.Was == "":
		n, err = db.Changed(ctx, tx, `INSERT INTO guardian_duty (court_id, lang, week, guardian_id) VALUES (?, ?, ?, ?) ON CONFLICT (court_id, lang, week) DO NOTHING`, courtID, c.Lang, string(c.Week), c.To)
	case c.To == "":
		n, err = db.Changed(ctx, tx, `DELETE FROM guardian_duty WHERE court_id = ? AND lang = ? AND week = ? AND guardian_id = ?`, courtID, c.Lang, string(c.Week), c.Was)
	default:
		n, err = db.Changed(ctx, tx, `UPDATE guardian_duty SET guardian_id = ? WHERE court_id = ? AND lang = ? AND week = ? AND guardian_id = ?`, c.To, courtID, c.Lang, string(c.Week), c.Was)
	}
	if err == nil && n == 0 {
		err = errs.Conflict("roster.meanwhile")
	}
	if err != nil {
		return err
	}
	for guardianID, kind := range map[string]string{c.Was: "duty-off", c.To: "duty-on"} {
		if guardianID == "" {
			continue
		}
		e := guardian.Event{GuardianID: guardianID, At: now, ActorID: actor.PersonID, Kind: kind, Detail: map[string]string{"week": string(c.Week), "lang": c.Lang}}
		if err := guardian.Note(ctx, tx, e); err != nil {
			return err
		}
	}
	return audit.Record(ctx, tx, now, actor.PersonID, "guardian.duty", "court:"+courtID, map[string]string{"week": string(c.Week), "lang": c.Lang, "to": c.To})
}
