package attendance

import (
	"context"
	"slices"
	"strings"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/db"
	"ostoja/internal/errs"
)

// Row is somebody on the roll.
type Row struct {
	Who         string // the person's id, or the walk-in's
	Name        string // family name first; "" of a walk-in whose name was erased
	Hint        string // the unit or institution: of walk-ins, and where two have one name
	WalkIn      bool   // came without a seat, and nobody has found them among the people
	Booked      bool
	Standing    Standing
	Marks       []Mark // oldest first
	familyFirst string
}

// Entry is a number or a note that was written down in the hall.
type Entry struct {
	ID         string
	Kind       string
	Number     int
	Body       string
	MadeAt     time.Time
	At         time.Time
	ReceivedAt time.Time
	MadeBy     string
	Device     string
	Flags      Flags
}

// Device is one on which the roll was opened.
type Device struct {
	ID       string
	OpenedAt time.Time
	OpenedBy string
	HeardAt  time.Time // zero: nothing came since it was opened
	ErasedAt time.Time // zero: it may keep something
}

// Roll is a session with all that was written down of it.
type Roll struct {
	Session
	Tabs    []Session // of the training, those that are held
	Rows    []Row
	Counts  Counts
	Notes   []Entry
	Late    int // marks, numbers and notes that came when the session was closed
	Devices []Device
	Closing *Closing // nil while it is open
	Past    []Closing
	Earlier *Earlier          // what could be taken over from the session before; nil for nothing
	Makers  map[string]string // names of who wrote something down, by id
}

// Tally is how many are present, absent and without a mark; of whom without a mark only those count who have a seat.
func (r Roll) Tally() (present, absent, unmarked int) {
	for _, x := range r.Rows {
		switch x.Standing.State {
		case Present:
			present++
		case Absent:
			absent++
		default:
			if x.Booked {
				unmarked++
			}
		}
	}
	return present, absent, unmarked
}

// Row returns somebody on the roll.
func (r Roll) Row(who string) (Row, bool) {
	i := slices.IndexFunc(r.Rows, func(x Row) bool { return x.Who == who })
	if i < 0 {
		return Row{}, false
	}
	return r.Rows[i], true
}

// Roll returns a session in which the actor may mark, with all that was written down of it.
func (s *Service) Roll(ctx context.Context, actor access.Actor, sessionID string) (r Roll, err error) {
	defer errs.Wrap(&err, "attendance.Roll")
	err = s.db.View(ctx, func(tx *db.Tx) error {
		x, err := s.may(ctx, tx, actor, sessionID)
		if err == nil {
			r, err = s.roll(ctx, tx, x)
		}
		return err
	})
	return r, err
}

type known struct {
	PersonID, Given, Family, SortKey, Unit string
	Booked                                 bool
}

type walkIn struct{ ID, Name, Institution, PersonID string }

const selectMarks = `SELECT id, COALESCE(person_id, '') AS person_id, walk_in_id, state, undoes, from_at, until_at, note, made_at, at, received_at, made_by, device, origin, flags, reason
	FROM attendance_mark WHERE session_id = ? ORDER BY at, id`

func (s *Service) roll(ctx context.Context, q db.Querier, x Session) (r Roll, err error) {
	r.Session = x
	if r.Tabs, err = db.All[Session](ctx, q, selectSessions+`WHERE s.training_id = ? AND s.cancelled_at IS NULL ORDER BY s.starts_at, s.id`, x.TrainingID); err != nil {
		return r, err
	}
	marks, err := db.All[Mark](ctx, q, selectMarks, x.ID)
	if err != nil {
		return r, err
	}
	guests, err := db.All[walkIn](ctx, q, `SELECT id, name, institution, COALESCE(person_id, '') AS person_id FROM walk_in WHERE session_id = ? ORDER BY made_at, id`, x.ID)
	if err != nil {
		return r, err
	}
	people, err := db.All[known](ctx, q, `
		SELECT p.id AS person_id, p.given_name AS given, p.family_name AS family, p.sort_key, u.name AS unit,
			EXISTS (SELECT 1 FROM booking b WHERE b.person_id = p.id AND b.training_id = ? AND b.state = 'confirmed') AS booked
		FROM identity_person p JOIN identity_unit u ON u.id = p.unit_id
		WHERE p.id IN (SELECT person_id FROM booking WHERE training_id = ? AND state = 'confirmed'
			UNION SELECT person_id FROM attendance_mark WHERE session_id = ? AND person_id IS NOT NULL
			UNION SELECT person_id FROM walk_in WHERE session_id = ? AND person_id IS NOT NULL)`, x.TrainingID, x.TrainingID, x.ID, x.ID)
	if err != nil {
		return r, err
	}
	r.Rows = rows(x.Span(), people, guests, marks)
	if err := s.entries(ctx, q, &r); err != nil {
		return r, err
	}
	r.Counts.Present, _, _ = r.Tally()
	for _, m := range marks {
		if m.Flags.has(late) {
			r.Late++
		}
	}
	if r.Devices, err = db.All[Device](ctx, q, `SELECT id, opened_at, opened_by, heard_at, erased_at FROM session_device WHERE session_id = ? ORDER BY opened_at, id`, x.ID); err != nil {
		return r, err
	}
	r.Past, err = db.All[Closing](ctx, q, selectClosings+`WHERE session_id = ? ORDER BY closed_at`, x.ID)
	if n := len(r.Past); n > 0 && r.Past[n-1].ReopenedAt.IsZero() {
		last := r.Past[n-1]
		r.Closing, r.Past = &last, r.Past[:n-1]
	}
	if err != nil {
		return r, err
	}
	if r.Makers, err = makers(ctx, q, x.ID); err != nil {
		return r, err
	}
	err = s.earlier(ctx, q, &r)
	return r, err
}

// makers returns the names of who wrote something down of a session. They are said to who holds it, wherever they belong.
func makers(ctx context.Context, q db.Querier, sessionID string) (map[string]string, error) {
	type maker struct{ ID, Name string }
	list, err := db.All[maker](ctx, q, `
		SELECT id, given_name || ' ' || family_name AS name FROM identity_person WHERE id IN (
			SELECT made_by FROM attendance_mark WHERE session_id = ? UNION SELECT made_by FROM session_entry WHERE session_id = ?
			UNION SELECT closed_by FROM session_closing WHERE session_id = ? UNION SELECT reopened_by FROM session_closing WHERE session_id = ?
			UNION SELECT opened_by FROM session_device WHERE session_id = ? UNION SELECT uploaded_by FROM session_sheet WHERE session_id = ?)`,
		sessionID, sessionID, sessionID, sessionID, sessionID, sessionID)
	names := make(map[string]string, len(list))
	for _, m := range list {
		names[m.ID] = m.Name
	}
	return names, err
}

// entries reads the numbers and the notes.
func (s *Service) entries(ctx context.Context, q db.Querier, r *Roll) error {
	list, err := db.All[Entry](ctx, q, `SELECT id, kind, number, body, made_at, at, received_at, made_by, device, flags FROM session_entry WHERE session_id = ? ORDER BY at, id`, r.ID)
	for _, e := range list {
		if e.Flags.has(late) {
			r.Late++
		}
		switch n := e.Number; {
		case e.Kind == KindNote:
			r.Notes = append(r.Notes, e)
		case e.Flags.has(late): // kept, and counts for nothing
		case e.Kind == KindCount:
			r.Counts.Heads = &n
		case e.Kind == KindSheet:
			r.Counts.Signatures = &n
		}
	}
	return err
}

// rows puts people, walk-ins and their marks together, in the order of an attendance sheet; walk-ins whom nobody has found come last.
func rows(span Span, people []known, guests []walkIn, marks []Mark) (list []Row) {
	at := map[string]int{}
	for _, p := range people {
		at[p.PersonID] = len(list)
		list = append(list, Row{Who: p.PersonID, Name: p.Family + " " + p.Given, Hint: p.Unit, Booked: p.Booked, familyFirst: p.SortKey})
	}
	slices.SortStableFunc(list, func(a, b Row) int {
		if c := strings.Compare(a.familyFirst, b.familyFirst); c != 0 {
			return c
		}
		return strings.Compare(a.Who, b.Who)
	})
	for i, x := range list {
		at[x.Who] = i
	}
	person := len(list)
	for _, g := range guests {
		if i, found := at[g.PersonID]; found && g.PersonID != "" {
			at[g.ID] = i
			continue
		}
		at[g.ID] = len(list)
		list = append(list, Row{Who: g.ID, Name: g.Name, Hint: g.Institution, WalkIn: true})
	}
	for _, m := range marks {
		who := m.PersonID
		if who == "" {
			who = m.WalkInID
		}
		if i, found := at[who]; found {
			list[i].Marks = append(list[i].Marks, m)
		}
	}
	names := map[string]int{}
	for i, x := range list {
		list[i].Standing = Reckon(span, x.Marks)
		names[x.Name]++
	}
	for i := range list[:person] { // a name says enough where it is the only one
		if names[list[i].Name] == 1 {
			list[i].Hint = ""
		}
	}
	return list
}
