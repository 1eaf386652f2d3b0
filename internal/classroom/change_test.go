package classroom_test

import (
	"context"
	"testing"
	"time"

	"ostoja/internal/classroom"
	"ostoja/internal/id"
	"ostoja/internal/measurement"
	"ostoja/internal/testrig/measured"
)

// A change and an announcement are of one training; the days of another's sittings stay, and so does its place on the public site.
func TestAChangeIsOfOneTraining(t *testing.T) {
	each(t, func(w *measured.World) {
		w.Approve()
		first, second := w.Trained("Pierwsze", "Projekt A", w.Unit), w.Trained("Drugie", "Projekt B", w.NewUnit(w.Unit, "Oddział"))
		before, err := w.App.Classroom.Training(w.Ctx, w.Admin, second.SubjectID)
		w.No(err)
		from := measured.Start.Add(10 * day)
		w.No(w.App.Classroom.Change(w.Ctx, w.Admin, first.SubjectID, classroom.Draft{Title: "Zmienione", Place: "Terespol", Project: "Projekt C", HeldFrom: from, HeldUntil: from.Add(day)}))
		w.No(w.App.Classroom.Announce(w.Ctx, w.Admin, first.SubjectID, true))
		if after, err := w.App.Classroom.Training(w.Ctx, w.Admin, second.SubjectID); err != nil || after != before {
			w.T.Errorf("another training was changed: %+v, %+v, %v", before, after, err)
		}
		got, err := w.App.Classroom.Training(w.Ctx, w.Admin, first.SubjectID)
		if err != nil || got.Title != "Zmienione" || got.Place != "Terespol" || got.Project != "Projekt C" || !got.Announced || !got.HeldFrom.Equal(from) {
			w.T.Errorf("%+v, %v", got, err)
		}
	})
}

// Sittings move only when the days do: either day is enough. The public site is made anew only for what stands on it.
func TestWhatFollowsAChange(t *testing.T) {
	each(t, func(w *measured.World) {
		w.Approve()
		m := w.Trained("Szkolenie", "", w.Unit)
		person := w.Person("Anna", "Pomocna")
		w.No(measured.Second(w.Measurements.AddParticipants(w.Ctx, w.Admin, m.ID, []string{person.PersonID})))
		after := func() time.Time {
			return measured.One[time.Time](w, `SELECT due_at FROM sitting WHERE wave = 'after'`)
		}
		closes := func() time.Time {
			return measured.One[time.Time](w, `SELECT closes_at FROM sitting WHERE wave = 'before'`)
		}
		d := classroom.Draft{Title: "Szkolenie", HeldFrom: measured.Start.Add(day), HeldUntil: measured.Start.Add(2 * day)}
		change := func() { w.T.Helper(); w.No(w.App.Classroom.Change(w.Ctx, w.Admin, m.SubjectID, d)) }
		moved := func() string {
			return measured.One[string](w, `SELECT detail FROM audit WHERE action = 'training.change' ORDER BY id DESC LIMIT 1`)
		}
		d.Title = "Inaczej"
		change()
		if got := moved(); got != `{"moved":false}` {
			w.T.Errorf("recorded of another title: %s", got)
		}
		d.HeldUntil = d.HeldUntil.Add(time.Hour)
		change()
		if !after().Equal(d.HeldUntil) || moved() != `{"moved":true}` {
			w.T.Errorf("the test after is due at %v, not %v: %s", after(), d.HeldUntil, moved())
		}
		d.HeldFrom = d.HeldFrom.Add(-time.Hour)
		change()
		if !closes().Equal(d.HeldFrom.Add(time.Hour)) || moved() != `{"moved":true}` {
			w.T.Errorf("the test before closes at %v: %s", closes(), moved())
		}
	})
}

// Each field is refused by its own name and reason, up to the last sign and the last minute.
func TestEachFieldOfATrainingIsChecked(t *testing.T) {
	each(t, func(w *measured.World) {
		w.Approve()
		m := w.Trained("Szkolenie", "", w.Unit)
		from := measured.Start.Add(day)
		long := func(n int) string {
			s := make([]rune, n)
			for i := range s {
				s[i] = 'ż'
			}
			return string(s)
		}
		good := classroom.Draft{Title: long(200), Place: long(200), HeldFrom: from, HeldUntil: from.Add(time.Minute)}
		w.No(w.App.Classroom.Change(w.Ctx, w.Admin, m.SubjectID, good))
		for _, c := range []struct {
			field, key string
			spoil      func(*classroom.Draft)
		}{
			{"title", "assessment.measure.title-fault", func(d *classroom.Draft) { d.Title = " " }},
			{"title", "assessment.measure.title-fault", func(d *classroom.Draft) { d.Title = long(201) }},
			{"place", "assessment.measure.title-fault", func(d *classroom.Draft) { d.Place = long(201) }},
			{"from", "assessment.measure.date", func(d *classroom.Draft) { d.HeldFrom = time.Time{} }},
			{"until", "assessment.measure.date", func(d *classroom.Draft) { d.HeldUntil = time.Time{} }},
			{"until", "assessment.measure.order", func(d *classroom.Draft) { d.HeldUntil = from }},
			{"until", "assessment.measure.order", func(d *classroom.Draft) { d.HeldUntil = from.Add(-time.Hour) }},
		} {
			d := good
			c.spoil(&d)
			w.Refuses(c.field+" "+c.key, w.App.Classroom.Change(w.Ctx, w.Admin, m.SubjectID, d), c.field, c.key)
			_, err := w.AttachTraining(w.Admin, d, measurement.Draft{TestID: w.Test.ID, UnitID: w.Unit})
			w.Refuses("a new one: "+c.field+" "+c.key, err, c.field, c.key)
		}
		_, err := w.AttachTraining(w.Admin, good, measurement.Draft{TestID: w.Test.ID, UnitID: id.New()})
		w.Refuses("a unit that there is not", err, "unit", "assessment.measure.no-unit")
		if n := measured.One[int](w, `SELECT COUNT(*) FROM training`); n != 1 {
			w.T.Errorf("%d trainings", n)
		}
	})
}

// Whatever cannot be read or written is an error, and no empty answer.
func TestWhatCannotBeReadOfATrainingIsAnError(t *testing.T) {
	each(t, func(w *measured.World) {
		w.Approve()
		m := w.Trained("Szkolenie", "", w.Unit)
		ctx, cancel := context.WithCancel(w.Ctx)
		cancel()
		c := w.App.Classroom
		for name, err := range map[string]error{
			"Training":  measured.Second(c.Training(ctx, w.Admin, m.SubjectID)),
			"Trainings": measured.Second(c.Trainings(ctx, w.DB, []string{m.SubjectID})),
			"Announced": measured.Second(c.Announced(ctx, w.DB)),
			"Projects":  measured.Second(c.Projects(ctx, w.Admin)),
			"Announce":  c.Announce(ctx, w.Admin, m.SubjectID, true),
			"Change":    c.Change(ctx, w.Admin, m.SubjectID, classroom.Draft{Title: "Inne", HeldFrom: measured.Start, HeldUntil: measured.Start.Add(day)}),
		} {
			if err == nil {
				w.T.Errorf("%s: no error", name)
			}
		}
	})
}
