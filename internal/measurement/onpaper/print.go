package onpaper

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/id"
	"ostoja/internal/item"
	"ostoja/internal/measurement"
)

// MostSpare is how many spare sheets can be asked for at once.
const MostSpare = 40

// Unprintable is a question that paper cannot ask.
type Unprintable struct {
	Form   string
	Number int
	Type   item.Type
}

// unprintable returns the questions of a test that paper cannot ask. A form that lacks them would be worth less than the same form online.
func (x *set) unprintable() (list []Unprintable) {
	for _, f := range x.test.Forms {
		for i, v := range f.Versions {
			if it := v.Item(); !printable(it) {
				list = append(list, Unprintable{f.Name, i + 1, it.Type})
			}
		}
	}
	return list
}

// byChance is how many letters of a code are by chance: who knows how the others are made up guesses one in 32,768.
const byChance = 3

// code returns what is printed on a sheet: the wave's number and the form, the number of the person, letters by chance by which a sheet of
// another training is told, and one by which a slip of the pen is.
func code(w measurement.Wave, form string, number int) string {
	head := fmt.Sprintf("%d%s-%02d-", 1+slices.Index(measurement.Waves, w), form, number)
	tail := id.Code(5)[:byChance]
	return head + tail + string(id.Check(id.Typed(head+tail, mostCode)))
}

// mostCode is more than any code has letters.
const mostCode = 20

// bare returns a code as it is compared. U is no letter of codes, and sheets that were printed before may have it.
func bare(code string) string {
	return id.Typed(strings.ReplaceAll(strings.ToUpper(code), "U", "V"), mostCode)
}

// Prepare makes the sheets of a wave: one for each participant who has none yet and has not handed in, and so many spare ones in a
// language. The form of each is that which the person would get online, and is theirs from now on, wherever they sit.
func (s *Service) Prepare(ctx context.Context, actor access.Actor, measurementID string, w measurement.Wave, spare int, lang string) (made int, err error) {
	defer errs.Wrap(&err, "onpaper.Prepare")
	if spare < 0 || spare > MostSpare {
		return 0, errs.Fields{{Name: FieldSpare, Key: "typed.fault.spare", Args: errs.Args("Most", MostSpare)}}.Err()
	}
	people, err := s.tests.Participants(ctx, actor, measurementID)
	if err != nil {
		return 0, err
	}
	err = s.db.Update(ctx, func(tx *db.Tx) error {
		made = 0
		x, err := s.read(ctx, tx, actor, measurementID, w)
		if err != nil {
			return err
		}
		if list := x.unprintable(); len(list) > 0 {
			return errs.Invalid("typed.fault.unprintable", "Form", list[0].Form, "Number", list[0].Number, "Count", len(list))
		}
		awaited, err := s.without(ctx, tx, &x, people)
		if err != nil {
			return err
		}
		made = len(awaited) + spare
		for _, a := range awaited {
			if err := s.sheetFor(ctx, tx, actor, &x, a); err != nil {
				return err
			}
		}
		for n := range spare {
			if err := s.spareSheet(ctx, tx, actor, &x, n, lang); err != nil {
				return err
			}
		}
		return s.record(ctx, tx, actor, "print", x, map[string]any{"sheets": len(awaited), "spare": spare})
	})
	return made, err
}

// without returns the sittings, held, for which there is no sheet and which are not handed in, by the names of the people. Sittings are
// held in one order, whatever the names are, as everybody does who holds many.
func (s *Service) without(ctx context.Context, tx *db.Tx, x *set, people []measurement.Participant) ([]measurement.Sitting, error) {
	has := map[string]bool{}
	for _, h := range x.live() {
		has[h.ParticipantID] = true
	}
	at := map[string]int{}
	var awaited []string
	for i, p := range people {
		at[p.ID] = i
		if p.OutAt.IsZero() && !p.Blocked && !has[p.ID] && p.State(x.wave) != measurement.Done {
			awaited = append(awaited, p.ID)
		}
	}
	slices.Sort(awaited)
	var list []measurement.Sitting
	for _, participantID := range awaited {
		sitting, err := s.tests.SittingFor(ctx, tx, x.Described, participantID, x.wave)
		if err != nil {
			return nil, err
		}
		if sitting.State != measurement.Done {
			list = append(list, sitting)
		}
	}
	slices.SortFunc(list, func(a, b measurement.Sitting) int { return cmp.Compare(at[a.ParticipantID], at[b.ParticipantID]) })
	return list, nil
}

// formID returns the id of a form of the test.
func (x *set) formID(name string) string {
	for _, f := range x.test.Forms {
		if f.Name == name {
			return f.ID
		}
	}
	return ""
}

// langOf returns the language in which a sheet is printed to who reads another.
func (x *set) langOf(lang string) string {
	if list := x.test.Languages; !slices.Contains(list, lang) {
		return list[0]
	}
	return lang
}

func (s *Service) sheetFor(ctx context.Context, tx *db.Tx, actor access.Actor, x *set, sitting measurement.Sitting) error {
	form, err := s.tests.ChooseForm(ctx, tx, x.Measurement, x.test, sitting)
	if err != nil {
		return err
	}
	if err := db.Exec(ctx, tx, `UPDATE sitting SET paper_form_id = ? WHERE id = ?`, x.formID(form), sitting.ID); err != nil {
		return err
	}
	known, err := db.All[int](ctx, tx, `SELECT h.number FROM paper_sheet h JOIN sitting s ON s.id = h.sitting_id WHERE s.participant_id = ? ORDER BY h.printed_at, h.number`, sitting.ParticipantID)
	if err != nil {
		return err
	}
	number := 0
	if len(known) > 0 {
		number = known[0] // of the person, at all waves
	}
	return s.insert(ctx, tx, actor, x, Sheet{Number: number, Form: form, Seed: sitting.Seed, Lang: x.langOf(sitting.Lang), SittingID: sitting.ID})
}

// spareSheet makes a sheet for who is on no list. Before the training its form is the next of the halves; later both lie ready, since
// whoever writes on it has had one of them already.
func (s *Service) spareSheet(ctx context.Context, tx *db.Tx, actor access.Actor, x *set, n int, lang string) error {
	h := Sheet{Spare: true, Seed: s.seed(), Lang: x.langOf(lang), Form: x.test.FormNames()[n%min(2, len(x.test.Forms))]}
	if x.wave == measurement.Before {
		place, err := s.tests.Place(ctx, tx, x.ID)
		if err != nil {
			return err
		}
		h.Place, h.Form = &place, measurement.FirstForm(x.Seed, place)
	}
	return s.insert(ctx, tx, actor, x, h)
}

// insert writes a sheet; without a number it gets the next of the training.
func (s *Service) insert(ctx context.Context, tx *db.Tx, actor access.Actor, x *set, h Sheet) (err error) {
	if h.Number == 0 {
		// Whoever numbers holds the measurement, so that no two sheets get one number.
		if err := db.Exec(ctx, tx, `UPDATE measurement SET allocated = allocated WHERE id = ?`, x.ID); err != nil {
			return err
		}
		if h.Number, err = db.One[int](ctx, tx, `SELECT COALESCE(MAX(number), 0) + 1 FROM paper_sheet WHERE measurement_id = ?`, x.ID); err != nil {
			return err
		}
	}
	h.Code = code(x.wave, h.Form, h.Number)
	return db.Exec(ctx, tx, `INSERT INTO paper_sheet (id, measurement_id, wave, number, code, form_id, seed, lang, place, spare, sitting_id, printed_at, printed_by)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, NULLIF(?, ''), ?, ?)`,
		id.New(), x.ID, string(x.wave), h.Number, h.Code, x.formID(h.Form), h.Seed, h.Lang, h.Place, h.Spare, h.SittingID, s.clock.Now(), actor.PersonID)
}

// Printout is what is printed of a wave.
type Printout struct {
	measurement.Described
	Wave    measurement.Wave
	Minutes int
	Sheets  []Sheet // of people, and after them the spare ones
}

// Print returns the sheets of a wave, for the hall, and with the names for the list that is kept apart.
func (s *Service) Print(ctx context.Context, actor access.Actor, measurementID string, w measurement.Wave) (p Printout, err error) {
	defer errs.Wrap(&err, "onpaper.Print")
	x, err := s.named(ctx, actor, measurementID, w)
	if err != nil {
		return p, err
	}
	return Printout{x.Described, w, x.test.Minutes, append(shown(x.live()), x.spare()...)}, nil
}

// Discard takes the spare sheets of a wave on which nobody wrote out of use. Their places in the order of the halves go to the next who
// begin, on paper or online.
func (s *Service) Discard(ctx context.Context, actor access.Actor, measurementID string, w measurement.Wave) (n int, err error) {
	defer errs.Wrap(&err, "onpaper.Discard")
	err = s.db.Update(ctx, func(tx *db.Tx) error {
		x, err := s.read(ctx, tx, actor, measurementID, w)
		if err != nil {
			return err
		}
		if err := hold(ctx, tx, x.ID, ids(x.spare())...); err != nil {
			return err
		}
		if x, err = s.read(ctx, tx, actor, measurementID, w); err != nil {
			return err
		}
		type order struct {
			Returned []int `db:"returned,json"`
		}
		o, err := db.One[order](ctx, tx, `UPDATE measurement SET allocated = allocated WHERE id = ? RETURNING returned`, x.ID)
		if err != nil {
			return err
		}
		list := x.spare()
		n = len(list)
		for _, h := range list {
			if h.Place != nil {
				o.Returned = append(o.Returned, *h.Place)
			}
			if err := s.void(ctx, tx, h.ID); err != nil {
				return err
			}
		}
		if err := db.Exec(ctx, tx, `UPDATE measurement SET returned = ? WHERE id = ?`, db.JSON(o.Returned), x.ID); err != nil {
			return err
		}
		return s.record(ctx, tx, actor, "discard", x, map[string]any{"sheets": n})
	})
	return n, err
}

func (s *Service) void(ctx context.Context, tx *db.Tx, sheetID string) error {
	return db.Exec(ctx, tx, `UPDATE paper_sheet SET void_at = ? WHERE id = ?`, s.clock.Now(), sheetID)
}

// Find returns the sheet that has a code, as somebody typed it. One of another wave, one that is not to be used, and one of another
// training are told.
func (s *Service) Find(ctx context.Context, actor access.Actor, measurementID string, w measurement.Wave, typed string) (h Sheet, err error) {
	defer errs.Wrap(&err, "onpaper.Find")
	d, err := s.tests.TrainingIn(ctx, s.db, actor, measurementID)
	if err != nil {
		return h, err
	}
	fault := func(key string, pairs ...any) error {
		return errs.Fields{{Name: FieldCode, Key: key, Args: errs.Args(pairs...)}}.Err()
	}
	for _, other := range d.AllWaves() {
		x, err := s.named(ctx, actor, measurementID, other)
		if err != nil {
			return h, err
		}
		i := slices.IndexFunc(x.sheets, func(h Sheet) bool { return bare(typed) != "" && bare(h.Code) == bare(typed) && !h.Hidden })
		switch {
		case i < 0:
			continue
		case other != w:
			return h, fault("typed.fault.wave-"+string(other), "Code", x.sheets[i].Code)
		case !x.sheets[i].VoidAt.IsZero():
			return h, fault("typed.fault.void", "Code", x.sheets[i].Code)
		}
		return x.sheets[i], nil
	}
	return h, fault("typed.fault.unknown")
}

// Written returns when the sheets of a wave are held to be written, unless somebody says another day: noon of the day on which the
// training begins or ends.
func Written(d measurement.Described, w measurement.Wave, zone *time.Location) time.Time {
	at := d.HeldUntil
	if w == measurement.Before {
		at = d.HeldFrom
	}
	return Noon(at, zone)
}

// Noon returns that of a day: on paper stands a day and no hour.
func Noon(at time.Time, zone *time.Location) time.Time {
	year, month, day := at.In(zone).Date()
	return time.Date(year, month, day, 12, 0, 0, 0, zone)
}
