// Package overview answers what somebody who arranges trainings, or teaches in them, looks for among all of them: the list, the calendar
// of months, and the desk, which says what comes, what is to be closed and whom to look at twice.
//
// Goals: whoever may see a training finds it here, and nobody else does; the desk of 2,000 trainings takes a tenth of the processor time of
// the overview of courses, so that what is counted is counted for the few rows that are shown. Limits: it changes nothing, and of one
// training it says no more than a row holds.
package overview

import (
	"context"
	"iter"
	"slices"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/audit"
	"ostoja/internal/classroom"
	"ostoja/internal/clock"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/list"
)

// Service reads the trainings.
type Service struct {
	db    *db.DB
	clock clock.Clock
}

// New returns a Service.
func New(d *db.DB, c clock.Clock) *Service { return &Service{d, c} }

// seen holds for the trainings that somebody sees: those of the units in which they may, and those in which they teach or watch, wherever
// these are ([classroom.May]).
func seen(actor access.Actor) (condition string, args []any) {
	condition, args = actor.Within(access.TrainingsRead, "u.path")
	return `(` + condition + ` OR t.id IN (SELECT training_id FROM training_trainer WHERE person_id = ?))`, append(args, actor.PersonID)
}

// Row is a training in a list.
type Row struct {
	ID          string
	Title       string
	Place       string
	HeldFrom    time.Time
	HeldUntil   time.Time
	PutOffAt    time.Time
	CancelledAt time.Time
	Project     string
	UnitName    string
	Leads       string // names of who leads it
	Sessions    int    // that are held
	Open        int    // of those, over and not closed
	Places      *int   // of the smallest room; nil: nobody wrote it down
	Taken       int
	Confirmed   int
	Waiting     int
	Applied     int
	Present     int // people who were in at least one session
	NoShows     int // confirmed, and in none of the sessions that are over
}

// State tells where the training stands at a time.
func (r Row) State(now time.Time) classroom.State {
	return classroom.Plan{Training: classroom.Training{HeldFrom: r.HeldFrom, HeldUntil: r.HeldUntil}, PutOffAt: r.PutOffAt, CancelledAt: r.CancelledAt}.State(now)
}

// Filter narrows a list of trainings.
type Filter struct {
	Text    string
	UnitID  string // with the units below
	Project string
	State   classroom.State
	From    time.Time // held then or later
	Until   time.Time // begins before
	Trainer string    // the person's id
	ToClose bool      // a session is over and was not closed
	list.Window
}

var orders = list.Orders{
	By:    map[string][]string{"held": {"t.held_from"}, "title": {"t.title"}, "place": {"t.place"}, "unit": {"u.name"}},
	First: "held", Last: []string{"t.id"},
}

const listFrom = ` FROM training t JOIN identity_unit u ON u.id = t.unit_id LEFT JOIN project_name p ON p.id = t.project_id `

// where returns the conditions of a list.
func (f Filter) where(actor access.Actor, now time.Time) (sql string, args []any) {
	sql, args = seen(actor)
	sql = `WHERE ` + sql
	and := func(part string, more ...any) {
		sql += " AND " + part
		args = append(args, more...)
	}
	if f.UnitID != "" {
		and(`u.path LIKE ?`, "%/"+f.UnitID+"/%")
	}
	if f.Project != "" {
		and(`p.name = ?`, f.Project)
	}
	if !f.From.IsZero() {
		and(`t.held_until >= ?`, f.From)
	}
	if !f.Until.IsZero() {
		and(`t.held_from < ?`, f.Until)
	}
	if f.Trainer != "" {
		and(`t.id IN (SELECT training_id FROM training_trainer WHERE person_id = ?)`, f.Trainer)
	}
	if f.ToClose {
		and(`EXISTS (SELECT 1 FROM training_session s WHERE s.training_id = t.id AND s.cancelled_at IS NULL AND s.ends_at <= ?
			AND NOT EXISTS (SELECT 1 FROM session_closing c WHERE c.session_id = s.id AND c.reopened_at IS NULL))`, now)
	}
	switch f.State {
	case classroom.Planned:
		and(`t.cancelled_at IS NULL AND t.put_off_at IS NULL AND t.held_from > ?`, now)
	case classroom.Running:
		and(`t.cancelled_at IS NULL AND t.put_off_at IS NULL AND t.held_from <= ? AND t.held_until > ?`, now, now)
	case classroom.Over:
		and(`t.cancelled_at IS NULL AND t.put_off_at IS NULL AND t.held_until <= ?`, now)
	case classroom.PutOff:
		and(`t.cancelled_at IS NULL AND t.put_off_at IS NOT NULL`)
	case classroom.Cancelled:
		and(`t.cancelled_at IS NOT NULL`)
	}
	return sql, args
}

// ids returns the trainings that match, in order. The words of a search are looked for here, where letters of all alphabets have their
// small and plain form: there are some thousands of trainings at most.
func (s *Service) ids(ctx context.Context, q db.Querier, actor access.Actor, f Filter) ([]string, error) {
	type found struct {
		ID, Title, Place    string
		HeldFrom, HeldUntil time.Time
	}
	now := s.clock.Now()
	where, args := f.where(actor, now)
	order, _ := orders.SQL(list.Window{Sort: f.Sort, Desc: f.Desc})
	all, err := db.All[found](ctx, q, `SELECT t.id, t.title, t.place, t.held_from, t.held_until`+listFrom+where+order, args...)
	if err != nil {
		return nil, err
	}
	if f.Sort == "" { // what is next stands first, then what was last
		slices.SortStableFunc(all, func(a, b found) int {
			over, other := !now.Before(a.HeldUntil), !now.Before(b.HeldUntil)
			switch {
			case over != other && over:
				return 1
			case over != other:
				return -1
			case over:
				return b.HeldFrom.Compare(a.HeldFrom)
			}
			return a.HeldFrom.Compare(b.HeldFrom)
		})
	}
	chosen := list.Table[found]{Text: func(x found) string { return x.Title + "\n" + x.Place }}.Choose(all, list.Query{Search: f.Text})
	ids := make([]string, len(chosen))
	for i, x := range chosen {
		ids[i] = x.ID
	}
	return ids, nil
}

// rows returns trainings in the order of their ids. What is counted of them is added up for these alone, each table once; who came is
// counted where attended says so: of what is to come there is nobody to count.
func (s *Service) rows(ctx context.Context, q db.Querier, ids []string, attended bool) ([]Row, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	in, now := `(`+db.In(len(ids))+`)`, s.clock.Now()
	past, came := in, db.Args(ids)
	if !attended {
		past, came = `(NULL)`, nil
	}
	args := []any{now}
	for _, list := range [][]any{db.Args(ids), db.Args(ids), came, came, db.Args(ids)} {
		args = append(args, list...)
	}
	found, err := db.All[Row](ctx, q, `
		SELECT t.id, t.title, t.place, t.held_from, t.held_until, t.put_off_at, t.cancelled_at, COALESCE(p.name, '') AS project, u.name AS unit_name,
			COALESCE(s.sessions, 0) AS sessions, COALESCE(s.open, 0) AS open, s.places, COALESCE(b.taken, 0) AS taken, COALESCE(b.confirmed, 0) AS confirmed,
			COALESCE(b.waiting, 0) AS waiting, COALESCE(b.applied, 0) AS applied, COALESCE(a.present, 0) AS present, COALESCE(c.came, 0) AS no_shows, '' AS leads`+listFrom+`
		LEFT JOIN (SELECT s.training_id, COUNT(*) AS sessions, MIN(s.capacity) AS places, SUM(CASE WHEN s.ends_at <= ? AND r.id IS NULL THEN 1 ELSE 0 END) AS open
			FROM training_session s LEFT JOIN session_closing r ON r.session_id = s.id AND r.reopened_at IS NULL WHERE s.cancelled_at IS NULL AND s.training_id IN `+in+` GROUP BY s.training_id) s ON s.training_id = t.id
		LEFT JOIN (SELECT training_id, SUM(CASE WHEN state IN ('confirmed', 'offered') THEN 1 ELSE 0 END) AS taken, SUM(CASE WHEN state = 'confirmed' THEN 1 ELSE 0 END) AS confirmed,
				SUM(CASE WHEN state = 'waiting' THEN 1 ELSE 0 END) AS waiting, SUM(CASE WHEN state = 'applied' THEN 1 ELSE 0 END) AS applied
			FROM booking WHERE training_id IN `+in+` GROUP BY training_id) b ON b.training_id = t.id
		LEFT JOIN (SELECT s.training_id, COUNT(DISTINCT a.person_id) AS present FROM training_session s JOIN attendance a ON a.session_id = s.id
			WHERE s.training_id IN `+past+` AND a.state = 'present' GROUP BY s.training_id) a ON a.training_id = t.id
		LEFT JOIN (SELECT b.training_id, COUNT(*) AS came FROM booking b WHERE b.training_id IN `+past+` AND b.state = 'confirmed' AND EXISTS (
			SELECT 1 FROM training_session s JOIN attendance a ON a.session_id = s.id AND a.person_id = b.person_id WHERE s.training_id = b.training_id AND a.state = 'present')
			GROUP BY b.training_id) c ON c.training_id = t.id
		WHERE t.id IN `+in, args...)
	if err != nil {
		return nil, err
	}
	leads, err := s.leads(ctx, q, ids)
	if err != nil {
		return nil, err
	}
	at := make(map[string]int, len(ids))
	for i, x := range ids {
		at[x] = i
	}
	rows := make([]Row, len(found))
	for _, r := range found {
		r.Leads = leads[r.ID]
		there := r.NoShows
		if r.NoShows = 0; r.Open == 0 && r.State(now) == classroom.Over && r.Sessions > 0 {
			r.NoShows = r.Confirmed - there // only of a training whose lists are closed: before, nobody knows
		}
		rows[at[r.ID]] = r
	}
	return rows, nil
}

// leads returns the names of who leads trainings.
func (s *Service) leads(ctx context.Context, q db.Querier, ids []string) (map[string]string, error) {
	type row struct{ TrainingID, Name string }
	list, err := db.All[row](ctx, q, `SELECT t.training_id, p.given_name || ' ' || p.family_name AS name FROM training_trainer t JOIN identity_person p ON p.id = t.person_id
		WHERE t.part = 'lead' AND t.training_id IN (`+db.In(len(ids))+`) ORDER BY p.sort_key, p.id`, db.Args(ids)...)
	names := map[string]string{}
	for _, x := range list {
		if names[x.TrainingID] != "" {
			x.Name = names[x.TrainingID] + ", " + x.Name
		}
		names[x.TrainingID] = x.Name
	}
	return names, err
}

// List returns a page of the trainings that the actor may see, and how many match.
func (s *Service) List(ctx context.Context, actor access.Actor, f Filter) (rows []Row, total int, err error) {
	defer errs.Wrap(&err, "overview.List")
	err = s.db.View(ctx, func(tx *db.Tx) error {
		ids, err := s.ids(ctx, tx, actor, f)
		if err != nil {
			return err
		}
		total = len(ids)
		rows, err = s.rows(ctx, tx, list.Cut(ids, f.Window), true)
		return err
	})
	return rows, total, err
}

// Each hands out all trainings that match, for a file, which is recorded.
func (s *Service) Each(ctx context.Context, actor access.Actor, f Filter, format string, use func(iter.Seq2[Row, error]) error) (err error) {
	defer errs.Wrap(&err, "overview.Each")
	n := 0
	err = s.db.View(ctx, func(tx *db.Tx) error {
		ids, err := s.ids(ctx, tx, actor, f)
		if err != nil {
			return err
		}
		n = len(ids)
		return use(list.Portions(list.Window{}, func(w list.Window) ([]Row, error) { return s.rows(ctx, tx, list.Cut(ids, w), true) }))
	})
	if err != nil {
		return err
	}
	return s.db.Update(ctx, func(tx *db.Tx) error {
		return audit.RecordExport(ctx, tx, s.clock.Now(), actor.PersonID, "training.export", "trainings", n, format)
	})
}

// Session is what a calendar or the desk says of a session.
type Session struct {
	ID         string
	TrainingID string
	Training   string // its title
	Title      string // "" if the day says enough
	Place      string
	StartsAt   time.Time
	EndsAt     time.Time
}

const selectSession = `SELECT s.id, s.training_id, t.title AS training, s.title, s.place, s.starts_at, s.ends_at`

// Slot is a session in a calendar.
type Slot struct {
	Session
	Off     bool // the session or its training is not held
	Places  *int
	Taken   int
	Waiting int
}

// Calendar returns the sessions between two times of the trainings that the actor may see, by time.
func (s *Service) Calendar(ctx context.Context, actor access.Actor, from, until time.Time) (_ []Slot, err error) {
	defer errs.Wrap(&err, "overview.Calendar")
	mine, args := seen(actor)
	return db.All[Slot](ctx, s.db, selectSession+`, (s.cancelled_at IS NOT NULL OR t.cancelled_at IS NOT NULL OR t.put_off_at IS NOT NULL) AS off,
			(SELECT MIN(x.capacity) FROM training_session x WHERE x.training_id = t.id AND x.cancelled_at IS NULL) AS places,
			(SELECT COUNT(*) FROM booking b WHERE b.training_id = t.id AND b.state IN ('confirmed', 'offered')) AS taken,
			(SELECT COUNT(*) FROM booking b WHERE b.training_id = t.id AND b.state = 'waiting') AS waiting
		FROM training_session s JOIN training t ON t.id = s.training_id JOIN identity_unit u ON u.id = t.unit_id
		WHERE s.starts_at >= ? AND s.starts_at < ? AND `+mine+` ORDER BY s.starts_at, s.id`, append([]any{from, until}, args...)...)
}
