package onpaper_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/db"
	"ostoja/internal/db/dbtest"
	"ostoja/internal/item"
	"ostoja/internal/measurement"
	"ostoja/internal/measurement/onpaper"
	"ostoja/internal/testrig/measured"
)

// world is the program with a training of so many people, by name.
type world struct {
	*measured.World
	s      *onpaper.Service
	m      measurement.Measurement
	people []access.Actor
}

func each(t *testing.T, people int, fn func(w *world)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, d *db.DB) { fn(newWorld(t, d, people)) })
}

func newWorld(t testing.TB, d *db.DB, people int) *world {
	t.Helper()
	w := &world{World: measured.New(t, d)}
	w.s, w.m = w.App.OnPaper, w.Training()
	w.join(people)
	return w
}

func (w *world) join(people int) {
	w.T.Helper()
	var ids []string
	for i := range people {
		a := w.Person("Anna", fmt.Sprintf("Uczestna %c%c", 'A'+i/26, 'A'+i%26))
		w.people, ids = append(w.people, a), append(ids, a.PersonID)
	}
	_, err := w.Measurements.AddParticipants(w.Ctx, w.Admin, w.m.ID, ids)
	w.No(err)
}

func (w *world) prepare(wave measurement.Wave, spare int) {
	w.T.Helper()
	_, err := w.s.Prepare(w.Ctx, w.Admin, w.m.ID, wave, spare, "pl")
	w.No(err)
}

func (w *world) grid(wave measurement.Wave, reading int) onpaper.Grid {
	w.T.Helper()
	g, err := w.s.Grid(w.Ctx, w.Admin, w.m.ID, wave, reading)
	w.No(err)
	return g
}

// sitting returns the sitting of a person at a wave.
func (w *world) sitting(a access.Actor, wave measurement.Wave) measurement.Visit {
	w.T.Helper()
	v, err := w.Measurements.Sitting(w.Ctx, measured.One[string](w.World, `SELECT s.id FROM sitting s JOIN participant p ON p.id = s.participant_id
		WHERE p.measurement_id = ? AND p.person_id = ? AND s.wave = ?`, w.m.ID, a.PersonID, string(wave)))
	w.No(err)
	return v
}

// cell writes the answer to a printed question, right or wrong, as [measured.Fill] gives it online.
func cell(q onpaper.Question, original *item.Item, right bool) string {
	form := map[string][]string{}
	measured.Fill(form, original, right)
	a, _, err := original.Parse(form)
	if err != nil {
		return onpaper.Blank
	}
	letter := func(id string, of []string) string {
		for i, x := range of {
			if x == id {
				return onpaper.Letter(i)
			}
		}
		return "-"
	}
	var of []string
	for _, o := range append(append([]item.Option(nil), q.Item.Options...), q.Item.Steps...) {
		of = append(of, o.ID)
	}
	for _, p := range q.Rights {
		of = append(of, p.ID)
	}
	var b strings.Builder
	switch q.Item.Type {
	case item.Match:
		for _, p := range q.Item.Pairs {
			b.WriteString(letter(a.Pairs[p.ID], of))
		}
	case item.Number:
		return fmt.Sprint(*a.Number)
	case item.ShortText:
		return a.Text
	default:
		for _, id := range a.Chosen {
			b.WriteString(letter(id, of))
		}
	}
	return b.String()
}

// row returns the form of a row in which the first items that count, as many as known says, are right and the others wrong.
func (w *world) row(h onpaper.Sheet, known int) url.Values {
	form := url.Values{}
	for _, f := range w.Test.Forms {
		if f.ID != h.FormID {
			continue
		}
		for i, version := range f.Versions {
			form.Set(onpaper.CellField(h.ID, i), cell(h.Questions[i], version.Item(), known > 0 && w.Test.Scored(version)))
			if w.Test.Scored(version) {
				known--
			}
		}
	}
	if len(h.Questions) > len(form) {
		form.Set(onpaper.CellField(h.ID, len(h.Questions)-1), "a")
	}
	return form
}

func (w *world) typeAs(actor access.Actor, wave measurement.Wave, reading int, form url.Values) (onpaper.Grid, onpaper.Outcome) {
	w.T.Helper()
	g, o, err := w.s.Type(w.Ctx, actor, w.m.ID, wave, reading, form)
	w.No(err)
	return g, o
}

// all types all rows of a reading.
func (w *world) all(actor access.Actor, wave measurement.Wave, reading int, known func(name string) int) {
	w.T.Helper()
	form := url.Values{}
	for _, h := range w.grid(wave, reading).Rows {
		for name, values := range w.row(h, known(h.Name)) {
			form[name] = values
		}
	}
	if _, o := w.typeAs(actor, wave, reading, form); len(o.Faults()) > 0 {
		w.T.Fatalf("reading %d: %+v", reading, o.Faults())
	}
}

// whole types, draws and reads again.
func (w *world) whole(wave measurement.Wave, written time.Time, known func(name string) int) {
	w.T.Helper()
	w.all(w.Admin, wave, 1, known)
	_, err := w.s.Draw(w.Ctx, w.Admin, w.m.ID, wave, written)
	w.No(err)
	w.all(w.Second, wave, 2, known)
}

func (w *world) wave(wave measurement.Wave) onpaper.Wave {
	w.T.Helper()
	d, err := w.s.Desk(w.Ctx, w.Admin, w.m.ID)
	w.No(err)
	for _, x := range d.Waves {
		if x.Wave == wave {
			return x
		}
	}
	w.T.Fatalf("no wave %s", wave)
	return onpaper.Wave{}
}

type (
	dbTx       = db.Tx
	itemOption = item.Option
)

func measuredAll[T any](w *world, text string, args ...any) []T {
	w.T.Helper()
	list, err := db.All[T](w.Ctx, w.DB, text, args...)
	w.No(err)
	return list
}

// name returns that of a person as lists have it.
func name(w *world, a access.Actor) string {
	people, err := w.Measurements.Participants(w.Ctx, w.Admin, w.m.ID)
	w.No(err)
	for _, p := range people {
		if p.PersonID == a.PersonID {
			return p.Name
		}
	}
	return ""
}

// sameHalves gives a measurement the draw of another.
func sameHalves(w *world, tx *db.Tx, measurementID string, seed int64) error {
	return db.Exec(w.Ctx, tx, `UPDATE measurement SET seed = ? WHERE id = ?`, seed, measurementID)
}

// empty takes all measurements away, so that a second one is alone.
func empty(w *world, tx *db.Tx) error {
	for _, table := range []string{"paper_reading", "paper_sheet", "paper_batch", "sitting_answer", "sitting", "result_tally", "survey_release", "survey_result", "participant", "measurement"} {
		if err := db.Exec(w.Ctx, tx, `DELETE FROM `+table); err != nil {
			return err
		}
	}
	return nil
}
