package guardian

import (
	"context"
	"slices"
	"strings"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/expiry"
	"ostoja/internal/id"
	"ostoja/internal/list"
	"ostoja/internal/text"
)

// Validity narrows the register by how long entries hold.
type Validity string

// The values of the filter.
const (
	Holds  Validity = "holds"  // valid now
	Ending Validity = "ending" // valid now, and over within ninety days
	Over   Validity = "over"
)

// Validities lists them in the order of the filter.
var Validities = []Validity{Holds, Ending, Over}

// endingWithin is how long before its end an entry counts as ending: the first letter leaves then.
const endingWithin = expiry.Within

// Filter chooses entries of an office. Who was removed is found only where it asks for them.
type Filter struct {
	Text        string // words of the name
	State       State
	CourtID     string
	Lang        string
	Validity    Validity
	list.Window // by name (the default), state or until
}

// Row is an entry in the office's list. The contact is not in it.
type Row struct {
	ID           string
	Name         string // family name and given name
	State        State
	ValidUntil   time.Time
	MostChildren int
	Children     int
	Langs        []string `db:"-"`
	Courts       []string `db:"-"` // short names
}

// children counts those whom the person g cares for now: by the case, so that two appointments of one child are one.
const children = `(SELECT COUNT(DISTINCT a.case_code) FROM guardian_appointment a WHERE a.guardian_id = g.id AND a.ended_on = '')`

var orders = list.Orders{
	By:    map[string][]string{"name": {"p.sort_key"}, "state": {"g.state", "p.sort_key"}, "until": {"g.valid_until", "p.sort_key"}},
	First: "name", Last: []string{"g.id"},
}

// List returns a page of the entries that the actor's office keeps, and how many there are on all pages.
func (s *Service) List(ctx context.Context, actor access.Actor, f Filter) (rows []Row, total int, err error) {
	defer errs.Wrap(&err, "guardian.List")
	if !actor.Has(access.GuardiansRead) {
		return nil, 0, errs.NotFound("error.not-found")
	}
	where, args := f.where(actor, s.clock.Now())
	const from = ` FROM guardian g JOIN identity_person p ON p.id = g.person_id JOIN identity_unit u ON u.id = g.unit_id WHERE `
	err = s.db.View(ctx, func(tx *db.Tx) error {
		if total, err = db.One[int](ctx, tx, `SELECT COUNT(*)`+from+where, slices.Clone(args)...); err != nil {
			return err
		}
		order, limit := orders.SQL(f.Window)
		rows, err = db.All[Row](ctx, tx, `SELECT g.id, p.family_name || ' ' || p.given_name AS name, g.state, g.valid_until, g.most_children, `+children+` AS children`+from+where+order,
			append(args, limit...)...)
		if err != nil || len(rows) == 0 {
			return err
		}
		return addReach(ctx, tx, rows)
	})
	return rows, total, err
}

// where says in SQL which entries are meant, of those that the actor may read.
func (f Filter) where(actor access.Actor, now time.Time) (where string, args []any) {
	where, args = actor.Within(access.GuardiansRead, "u.path")
	and := func(condition string, more ...any) {
		where += " AND " + condition
		args = append(args, more...)
	}
	for _, word := range strings.Fields(text.Search(f.Text)) {
		and(`p.search_text LIKE ? ESCAPE '\'`, db.Like(word))
	}
	if f.State == "" {
		and("g.state <> ?", string(Removed))
	} else {
		and("g.state = ?", string(f.State))
	}
	if f.CourtID != "" {
		and("EXISTS (SELECT 1 FROM guardian_before b WHERE b.guardian_id = g.id AND b.court_id = ?)", f.CourtID)
	}
	if f.Lang != "" {
		and("EXISTS (SELECT 1 FROM guardian_language l WHERE l.guardian_id = g.id AND l.lang = ?)", f.Lang)
	}
	switch f.Validity {
	case Holds:
		and("g.valid_until > ?", now)
	case Ending:
		and("g.valid_until > ? AND g.valid_until <= ?", now, now.Add(endingWithin))
	case Over:
		and("g.valid_until <= ?", now)
	}
	return where, args
}

// addReach adds languages and courts to the rows of a page.
func addReach(ctx context.Context, tx *db.Tx, rows []Row) error {
	at, ids := map[string]int{}, make([]any, len(rows))
	for i, r := range rows {
		at[r.ID], ids[i] = i, r.ID
	}
	type pair struct{ GuardianID, Value string }
	err := db.Each(ctx, tx, func(x pair) { r := &rows[at[x.GuardianID]]; r.Langs = append(r.Langs, x.Value) },
		`SELECT guardian_id, lang AS value FROM guardian_language WHERE guardian_id IN (`+db.In(len(ids))+`) ORDER BY lang`, ids...)
	if err != nil {
		return err
	}
	return db.Each(ctx, tx, func(x pair) { r := &rows[at[x.GuardianID]]; r.Courts = append(r.Courts, x.Value) },
		`SELECT b.guardian_id, c.short AS value FROM guardian_before b JOIN guardian_court c ON c.id = b.court_id WHERE b.guardian_id IN (`+db.In(len(ids))+`) ORDER BY c.sort_key, c.id`, ids...)
}

// Absence are days on which a person cannot be asked.
type Absence struct {
	ID       string
	FromDay  string // inclusive, 2026-11-30
	UntilDay string // inclusive
}

// Told is a line of an entry's history with who did it.
type Told struct {
	At     time.Time
	Who    string // given and family name; "" is the program
	Unit   string // of who did it
	Own    bool   // the person of the entry did it
	Kind   string
	Detail map[string]string `db:",json"`
}

// Page is an entry with all that belongs to it.
type Page struct {
	Entry
	Children int
	Langs    []string
	Courts   []Court
	Answers  []string  // to what of a request's wishes the person answers
	Absences []Absence // those that are not over
	History  []Told    // the newest first
	PausedBy string    // the reason of the pause that lasts, "" if it is not paused
	KeptTo   time.Time // when a removed entry is erased
}

// Page returns an entry to the office that keeps it; the contact is not in it.
func (s *Service) Page(ctx context.Context, actor access.Actor, entryID string) (x Page, err error) {
	defer errs.Wrap(&err, "guardian.Page")
	err = s.db.View(ctx, func(tx *db.Tx) error {
		e, err := within(ctx, tx, actor, access.GuardiansRead, entryID)
		if err != nil {
			return err
		}
		e.Phone = ""
		x, err = s.page(ctx, tx, e)
		return err
	})
	return x, err
}

// within finds an entry of an office within which the actor has the permission; any other is not found.
func within(ctx context.Context, q db.Querier, actor access.Actor, p access.Permission, entryID string) (e Entry, err error) {
	if !id.Valid(entryID) {
		return e, errs.NotFound("error.not-found")
	}
	e, err = db.One[Entry](ctx, q, selectEntries+`WHERE g.id = ?`, entryID)
	if err == nil && !actor.May(p, e.UnitPath) {
		return Entry{}, errs.NotFound("error.not-found")
	}
	return e, err
}

func (s *Service) page(ctx context.Context, tx *db.Tx, e Entry) (x Page, err error) {
	x.Entry = e
	if x.Children, err = db.One[int](ctx, tx, `SELECT `+children+` FROM guardian g WHERE g.id = ?`, e.ID); err != nil {
		return x, err
	}
	if x.Langs, err = db.All[string](ctx, tx, `SELECT lang FROM guardian_language WHERE guardian_id = ? ORDER BY lang`, e.ID); err != nil {
		return x, err
	}
	x.Courts, err = db.All[Court](ctx, tx, `SELECT c.id, c.name, c.short, c.region, c.closed_at, c.edition FROM guardian_court c JOIN guardian_before b ON b.court_id = c.id
		WHERE b.guardian_id = ? ORDER BY c.sort_key, c.id`, e.ID)
	if err != nil {
		return x, err
	}
	if x.Answers, err = answersOf(ctx, tx, e.ID); err != nil {
		return x, err
	}
	x.Absences, err = db.All[Absence](ctx, tx, `SELECT id, from_day, until_day FROM guardian_absence WHERE guardian_id = ? AND until_day >= ? ORDER BY from_day, id`, e.ID, s.today())
	if err != nil {
		return x, err
	}
	x.History, err = db.All[Told](ctx, tx, `
		SELECT v.at, COALESCE(p.given_name || ' ' || p.family_name, '') AS who, COALESCE(u.name, '') AS unit, COALESCE(v.actor_id = ?, FALSE) AS own, v.kind, v.detail
		FROM guardian_event v LEFT JOIN identity_person p ON p.id = v.actor_id LEFT JOIN identity_unit u ON u.id = p.unit_id WHERE v.guardian_id = ? ORDER BY v.at DESC, v.id DESC`, e.PersonID, e.ID)
	if err != nil {
		return x, err
	}
	for _, h := range x.History {
		if e.State == Paused && h.Kind == "paused" {
			x.PausedBy = h.Detail["reason"]
			break
		}
	}
	if e.State == Removed {
		x.KeptTo = historyUntil(e.StateSince)
	}
	return x, nil
}

// today is the day in the installation's zone, as rows of days are written.
func (s *Service) today() string { return s.clock.Now().In(s.zone).Format(time.DateOnly) }
