// Package onpaper prints the forms of a training's competence test, and takes in what was written on them: typed by keyboard, a part of
// it read a second time, and handed in as the same sittings and results that are made online (decision 0045).
//
// Goals: a group of which some sit on paper and some online is one group: forms are dealt from one order, answers are marked by one
// function, and a report cannot tell the two apart. Nobody's name stands on a sheet. What is typed is kept at once, what two people type
// at a time is never lost, and nothing counts before the second reading is done. Limits: it knows trainings, not courses; which items are
// asked, what they are worth and what follows is measurement's; who was there is not its business.
package onpaper

import (
	"cmp"
	"context"
	"math/rand/v2"
	"slices"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/audit"
	"ostoja/internal/clock"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/itembank"
	"ostoja/internal/measurement"
)

// Service keeps the sheets and what was typed from them.
type Service struct {
	db    *db.DB
	clock clock.Clock
	tests *measurement.Service
	tries Tries
	seed  func() int64
}

// New returns a Service.
func New(d *db.DB, c clock.Clock, tests *measurement.Service, tries Tries) *Service {
	return &Service{db: d, clock: c, tests: tests, tries: tries, seed: rand.Int64}
}

// Settled is the value of a cell that somebody decided, after a difference or as a correction, with the reason.
type Settled struct {
	Value  string    `json:"value"`
	Reason string    `json:"reason"`
	By     string    `json:"by"`
	At     time.Time `json:"at"`
}

// Reading is what somebody typed from a sheet: cells by the keys of questions.
type Reading struct {
	Cells   map[string]string
	TypedAt time.Time // zero: nothing yet
	TypedBy string
}

// Sheet is one printed form.
type Sheet struct {
	ID        string
	Wave      measurement.Wave
	Number    int
	Code      string
	FormID    string
	Seed      int64
	Lang      string
	Place     *int
	SittingID string // "" of a spare sheet that is nobody's
	PrintedAt time.Time
	VoidAt    time.Time
	Reason    string
	BatchID   string
	Drawn     bool
	Spare     bool
	Settled   map[string][]Settled `db:"settled,json"` // the last one counts

	ParticipantID string
	Online        bool      // there are answers of the same sitting that were given online
	EnteredAt     time.Time // handed in; zero before

	Form      string     `db:"-"` // its name
	Questions []Question `db:"-"`
	Name      string     `db:"-"` // of the person
	Hidden    bool       `db:"-"` // the actor may not know of the person
	Out       bool       `db:"-"` // the person was taken out of the training since it was printed
	Blocked   bool       `db:"-"` // or may not sign in any more
	First     Reading    `db:"-"`
	Second    Reading    `db:"-"`
	Batch     *Batch     `db:"-"` // nil while the first reading goes on
}

// Kept says whether answers that were given online stand, and the sheet is not to be typed.
func (s Sheet) Kept() bool { return s.Online && s.Reason == "" }

// Filled returns how many cells a reading has.
func (s Sheet) Filled(r Reading) (n int) {
	for _, q := range s.Questions {
		if r.Cells[q.Key] != "" {
			n++
		}
	}
	return n
}

// Whole says whether a reading has all cells.
func (s Sheet) Whole(r Reading) bool { return s.Filled(r) == len(s.Questions) }

// Final returns what counts of a question: what was settled, else the first reading.
func (s Sheet) Final(key string) string {
	if list := s.Settled[key]; len(list) > 0 {
		return list[len(list)-1].Value
	}
	return s.First.Cells[key]
}

// Awaits says whether the second reading of the sheet is still to come, for which the first must not be seen.
func (s Sheet) Awaits() bool {
	return s.Drawn && s.Batch != nil && s.Batch.DoneAt.IsZero() && !s.Whole(s.Second)
}

// Batch is the sheets whose first reading was ended together.
type Batch struct {
	ID        string
	Number    int
	Seed      int64
	Every     bool // differences passed [MostDifferences]: every sheet is read again
	WrittenAt time.Time
	DrawnAt   time.Time
	DrawnBy   string
	DoneAt    time.Time // zero before all is settled and handed in
}

// set is all sheets of a wave, with what is needed to decide about them.
type set struct {
	measurement.Described
	test   *itembank.Test
	wave   measurement.Wave
	sheets []Sheet // by number; void ones too
	batch  []*Batch
}

const sheetColumns = `h.id, h.wave, h.number, h.code, h.form_id, h.seed, h.lang, h.place, COALESCE(h.sitting_id, '') AS sitting_id, h.printed_at, h.void_at, h.reason,
	COALESCE(h.batch_id, '') AS batch_id, h.spare, h.drawn, h.settled, COALESCE(s.participant_id, '') AS participant_id, s.typed_at AS entered_at,
	s.id IS NOT NULL AND s.typed_at IS NULL AND EXISTS (SELECT 1 FROM sitting_answer a WHERE a.sitting_id = s.id) AS online`

// read reads the sheets of a wave of a training that the actor may change. It shows no names: see [set.name].
func (s *Service) read(ctx context.Context, q db.Querier, actor access.Actor, measurementID string, w measurement.Wave) (x set, err error) {
	if x.Described, err = s.tests.TrainingIn(ctx, q, actor, measurementID); err != nil {
		return x, err
	}
	if !slices.Contains(x.AllWaves(), w) {
		return x, errs.NotFound("error.not-found")
	}
	x.wave = w
	if x.test, err = s.tests.TestIn(ctx, q, x.Measurement); err != nil {
		return x, err
	}
	if x.sheets, err = db.All[Sheet](ctx, q, `SELECT `+sheetColumns+` FROM paper_sheet h LEFT JOIN sitting s ON s.id = h.sitting_id
		WHERE h.measurement_id = ? AND h.wave = ? ORDER BY h.number, h.printed_at, h.id`, x.ID, string(w)); err != nil {
		return x, err
	}
	if x.batch, err = batches(ctx, q, x.ID, w); err != nil {
		return x, err
	}
	type reading struct {
		SheetID string
		Reading int
		Cells   map[string]string `db:"cells,json"`
		TypedAt time.Time
		TypedBy string
	}
	rows, err := db.All[reading](ctx, q, `SELECT r.sheet_id, r.reading, r.cells, r.typed_at, r.typed_by FROM paper_reading r JOIN paper_sheet h ON h.id = r.sheet_id
		WHERE h.measurement_id = ? AND h.wave = ?`, x.ID, string(w))
	if err != nil {
		return x, err
	}
	at := map[string]*Sheet{}
	for i := range x.sheets {
		h := &x.sheets[i]
		at[h.ID] = h
		h.First.Cells, h.Second.Cells = map[string]string{}, map[string]string{}
		h.Form = x.test.FormName(h.FormID)
		if f := slices.IndexFunc(x.test.Forms, func(f itembank.Form) bool { return f.ID == h.FormID }); f >= 0 {
			h.Questions = questions(&x.test.Forms[f], h.Seed, w)
		}
		if b := slices.IndexFunc(x.batch, func(b *Batch) bool { return b.ID == h.BatchID }); b >= 0 {
			h.Batch = x.batch[b]
		}
	}
	for _, r := range rows {
		if r.Reading == 2 {
			at[r.SheetID].Second = Reading{r.Cells, r.TypedAt, r.TypedBy}
		} else {
			at[r.SheetID].First = Reading{r.Cells, r.TypedAt, r.TypedBy}
		}
	}
	return x, nil
}

func batches(ctx context.Context, q db.Querier, measurementID string, w measurement.Wave) ([]*Batch, error) {
	list, err := db.All[Batch](ctx, q, `SELECT id, number, seed, every, written_at, drawn_at, drawn_by, done_at FROM paper_batch WHERE measurement_id = ? AND wave = ? ORDER BY number`,
		measurementID, string(w))
	out := make([]*Batch, len(list))
	for i := range list {
		out[i] = &list[i]
	}
	return out, err
}

// name puts the names of those of the participants whom the actor may measure beside their sheets, and hides the others'.
func (x *set) name(people []measurement.Participant) {
	byID := make(map[string]measurement.Participant, len(people))
	for _, p := range people {
		byID[p.ID] = p
	}
	for i, h := range x.sheets {
		p, within := byID[h.ParticipantID]
		x.sheets[i].Name, x.sheets[i].Hidden = p.Name, h.ParticipantID != "" && !within
		x.sheets[i].Out, x.sheets[i].Blocked = !p.OutAt.IsZero(), p.Blocked
	}
}

// shown returns those of some sheets that the actor may know of.
func shown(list []Sheet) []Sheet {
	return slices.DeleteFunc(slices.Clone(list), func(h Sheet) bool { return h.Hidden })
}

// named is [Service.read] with names.
func (s *Service) named(ctx context.Context, actor access.Actor, measurementID string, w measurement.Wave) (x set, err error) {
	people, err := s.tests.Participants(ctx, actor, measurementID)
	if err != nil {
		return x, err
	}
	if x, err = s.read(ctx, s.db, actor, measurementID, w); err == nil {
		x.name(people)
	}
	return x, err
}

// sheet returns one of the sheets.
func (x *set) sheet(sheetID string) *Sheet {
	if i := slices.IndexFunc(x.sheets, func(h Sheet) bool { return h.ID == sheetID }); i >= 0 {
		return &x.sheets[i]
	}
	return nil
}

// live returns the sheets that count: somebody's, and not void.
func (x *set) live() []Sheet {
	return slices.DeleteFunc(slices.Clone(x.sheets), func(h Sheet) bool { return !h.VoidAt.IsZero() || h.SittingID == "" })
}

// spare returns the spare sheets that are nobody's yet.
func (x *set) spare() []Sheet {
	return slices.DeleteFunc(slices.Clone(x.sheets), func(h Sheet) bool { return !h.VoidAt.IsZero() || h.SittingID != "" })
}

// hold lets this transaction alone change some sheets until its end, in one order, so that nobody waits in a circle.
func hold(ctx context.Context, tx *db.Tx, measurementID string, sheetIDs ...string) error {
	for _, sheetID := range slices.Sorted(slices.Values(sheetIDs)) {
		if err := db.Exec(ctx, tx, `UPDATE paper_sheet SET number = number WHERE id = ? AND measurement_id = ?`, sheetID, measurementID); err != nil {
			return err
		}
	}
	return nil
}

// record notes who did what, in the transaction that does it. Neither names nor answers stand in it.
func (s *Service) record(ctx context.Context, tx *db.Tx, actor access.Actor, action string, x set, detail map[string]any) error {
	if detail == nil {
		detail = map[string]any{}
	}
	detail["wave"] = string(x.wave)
	return audit.Record(ctx, tx, s.clock.Now(), actor.PersonID, "measurement.paper-"+action, "measurement:"+x.ID, detail)
}

// RecordExport notes that what was typed was taken away as a file.
func (s *Service) RecordExport(ctx context.Context, actor access.Actor, measurementID string, rows int, format string) error {
	return s.tests.RecordExport(ctx, actor, measurementID, rows, format)
}

// Wave is how far the sheets of a wave are.
type Wave struct {
	Wave    measurement.Wave
	Sheets  int // somebody's
	Spare   int // nobody's yet
	Typed   int // whole first readings
	Entered int
	Kept    int // answered online, and so not typed
	SavedAt time.Time
	Checks  []Check
}

// Whole says whether all that was typed is read twice as the draw asks, and handed in.
func (w Wave) Whole() bool { return w.Entered > 0 && w.Entered == w.Typed }

// Open returns the check that goes on; nil if none does.
func (w Wave) Open() *Check {
	for i, c := range w.Checks {
		if c.DoneAt.IsZero() {
			return &w.Checks[i]
		}
	}
	return nil
}

// Desk is how far the sheets of all waves of a training are.
type Desk struct {
	measurement.Described
	Langs []string // in which sheets can be printed
	Waves []Wave
}

// Desk returns how far the sheets of each wave of a training are.
func (s *Service) Desk(ctx context.Context, actor access.Actor, measurementID string) (d Desk, err error) {
	defer errs.Wrap(&err, "onpaper.Desk")
	if d.Described, err = s.tests.TrainingIn(ctx, s.db, actor, measurementID); err != nil {
		return d, err
	}
	for _, w := range d.AllWaves() {
		x, err := s.read(ctx, s.db, actor, measurementID, w)
		if err != nil {
			return d, err
		}
		d.Langs, d.Waves = x.test.Languages, append(d.Waves, x.far())
	}
	return d, nil
}

// far counts how far a wave is.
func (x *set) far() Wave {
	w := Wave{Wave: x.wave, Spare: len(x.spare())}
	for _, h := range x.live() {
		w.Sheets++
		switch {
		case h.Kept():
			w.Kept++
		case h.Whole(h.First):
			w.Typed++
		}
		if !h.EnteredAt.IsZero() && h.BatchID != "" {
			w.Entered++
		}
		if h.First.TypedAt.After(w.SavedAt) {
			w.SavedAt = h.First.TypedAt
		}
	}
	for _, b := range x.batch {
		w.Checks = append(w.Checks, x.check(b))
	}
	return w
}

// byNumber orders sheets as they lie in the stack.
func byNumber(a, b Sheet) int {
	return cmp.Or(cmp.Compare(a.Number, b.Number), cmp.Compare(a.ID, b.ID))
}

// ids returns those of some sheets.
func ids(list []Sheet) []string {
	out := make([]string, len(list))
	for i, h := range list {
		out[i] = h.ID
	}
	return out
}
