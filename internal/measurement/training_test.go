package measurement_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/classroom"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/measurement"
	"ostoja/internal/testrig/measured"
	"ostoja/internal/text"
)

// dates returns the calendar of the only sitting of a wave.
func (w *world) dates(wave measurement.Wave) (state string, due, mail, closes time.Time) {
	w.T.Helper()
	type row struct {
		State                   string
		DueAt, MailAt, ClosesAt time.Time
	}
	r, err := db.One[row](w.Ctx, w.DB, `SELECT state, due_at, mail_at, closes_at FROM sitting WHERE wave = ?`, string(wave))
	w.No(err)
	return r.State, r.DueAt, r.MailAt, r.ClosesAt
}

// change moves a training, as the form with all its fields does.
func (w *world) change(m measurement.Measurement, from, until string) error {
	return w.App.Classroom.Change(w.Ctx, w.Admin, m.SubjectID, classroom.Draft{
		Title: "Szkolenie przełożone", Place: "Terespol", Project: "Projekt B", HeldFrom: warsaw(w.T, from), HeldUntil: warsaw(w.T, until),
	})
}

// A training is put off after the letters for the test before have gone out: what was saved stays, all else moves.
func TestATrainingIsPutOff(t *testing.T) {
	each(t, func(w *world) {
		w.Approve()
		m := w.joined("2026-10-24 09:00", "2026-10-24 16:00", []measurement.Wave{measurement.Months3}, w.Person("Zofia", "Uczestna"))
		w.Measure()
		x, err := w.Measurements.UseLink(w.Ctx, w.Token())
		w.No(err)
		form := w.Answers(x.ID, 9)
		w.No(measured.Second(w.Measurements.Save(w.Ctx, x.ID, form, false, false)))
		w.No(w.change(m, "2026-11-24 09:00", "2026-11-25 16:00"))

		state, _, _, closes := w.dates(measurement.Before)
		if state != "begun" || !closes.Equal(warsaw(w.T, "2026-11-24 10:00")) {
			w.T.Errorf("the test before is %s and closes at %v", state, closes)
		}
		_, due, mail, closes := w.dates(measurement.After)
		end := warsaw(w.T, "2026-11-25 16:00")
		if !due.Equal(end) || !mail.Equal(end) || !closes.Equal(end.Add(30*day)) {
			w.T.Errorf("the test after: due %v, letter %v, closes %v", due, mail, closes)
		}
		if _, due, _, _ = w.dates(measurement.Months3); !due.Equal(warsaw(w.T, "2027-02-25 09:00")) {
			w.T.Errorf("three months later: due %v", due)
		}
		w.until(warsaw(w.T, "2026-11-20 12:00")) // long after the old days
		w.Measure()
		if y, err := w.Measurements.Save(w.Ctx, x.ID, form, true, true); err != nil || y.State != measurement.Done {
			w.T.Errorf("handed in before the new day: %s, %v", y.State, err)
		}
		l, err := w.Measurements.Measurement(w.Ctx, w.Admin, m.ID)
		if err != nil || l.Name[""] != "Szkolenie przełożone" || l.Place != "Terespol" || l.Project != "Projekt B" {
			w.T.Errorf("%+v, %v", l.Measurement, err)
		}
	})
}

// It was put off only after its first day: nobody began the test before in time, and it is open again.
func TestATrainingIsPutOffTooLate(t *testing.T) {
	each(t, func(w *world) {
		w.Approve()
		a := w.Person("Zofia", "Uczestna")
		m := w.joined("2026-10-24 09:00", "2026-10-24 16:00", nil, a)
		w.until(warsaw(w.T, "2026-10-24 18:00"))
		w.Measure()
		if state, _, _, _ := w.dates(measurement.Before); state != "closed" {
			w.T.Fatalf("the test before is %s", state)
		}
		late := w.Person("Anna", "Druga") // joins too late for the old days
		w.No(measured.Second(w.Measurements.AddParticipants(w.Ctx, w.Admin, m.ID, []string{late.PersonID})))
		w.No(w.change(m, "2026-12-01 09:00", "2026-12-01 16:00"))
		if n := measured.One[int](w.World, `SELECT COUNT(*) FROM sitting WHERE wave = 'before' AND state = 'asked'`); n != 2 {
			w.T.Errorf("%d of 2 can sit the test before", n)
		}
		if n := measured.One[int](w.World, `SELECT COUNT(*) FROM participant WHERE before_state = '' AND after_state = ''`); n != 2 {
			w.T.Errorf("%d of 2 count as not asked yet", n)
		}
		w.until(warsaw(w.T, "2026-11-24 09:00"))
		before := w.sentLinks()
		w.Measure()
		if n := w.sentLinks() - before; n < 1 {
			w.T.Error("no letter for the test before")
		}
	})
}

func TestAPersonIsTakenOutOfATraining(t *testing.T) {
	each(t, func(w *world) {
		w.Approve()
		m := w.joined("2026-10-24 09:00", "2026-10-24 16:00", measurement.FollowUps, w.Person("Zofia", "Uczestna"), w.Person("Łucja", "Pomyłka"))
		w.Measure()
		find := func(words string) measurement.Participant {
			list, err := w.Measurements.Participants(w.Ctx, w.Admin, m.ID)
			list = slices.DeleteFunc(list, func(p measurement.Participant) bool { return !strings.Contains(text.Search(p.Name), words) })
			if err != nil || len(list) != 1 {
				w.T.Fatalf("%q finds %+v, %v", words, list, err)
			}
			return list[0]
		}
		mistaken := find("lucja")
		if gone, err := w.Measurements.TakeOut(w.Ctx, w.Admin, m.ID, mistaken.ID, true); err != nil || !gone {
			w.T.Errorf("who has begun nothing stays in the figures: %v", err)
		}
		if n := measured.One[int](w.World, `SELECT COUNT(*) FROM sitting WHERE participant_id = ?`, mistaken.ID); n != 0 {
			w.T.Errorf("%d sittings of nobody", n)
		}
		p := find("uczestna")
		sitting := measured.One[string](w.World, `SELECT id FROM sitting WHERE participant_id = ? AND wave = 'before'`, p.ID)
		w.Sit(sitting, 9)
		if gone, err := w.Measurements.TakeOut(w.Ctx, w.Admin, m.ID, p.ID, true); err != nil || gone {
			w.T.Errorf("who has sat a test vanishes from the figures: %v", err)
		}
		if out := find("uczestna"); out.OutAt.IsZero() || out.Before != measurement.Done {
			w.T.Errorf("%+v", out)
		}
		before := w.sentLinks()
		w.until(warsaw(w.T, "2026-10-24 17:00"))
		if w.Measure(); w.sentLinks() != before {
			w.T.Error("a letter to who was taken out")
		}
		w.No(measured.Second(w.Measurements.TakeOut(w.Ctx, w.Admin, m.ID, p.ID, false)))
		w.Clock.Advance(day)
		if w.Measure(); w.sentLinks() != before+1 {
			w.T.Error("no letter to who was brought back")
		}
	})
}

func TestWhoMayChangeATraining(t *testing.T) {
	each(t, func(w *world) {
		m := w.Training()
		course := measured.One[string](w.World, `SELECT id FROM measurement`)
		w.No(measured.Second(w.Measurements.AddParticipants(w.Ctx, w.Admin, m.ID, []string{w.Person("Zofia", "Uczestna").PersonID})))
		list, err := w.Measurements.Participants(w.Ctx, w.Admin, m.ID)
		w.No(err)
		for name, a := range map[string]access.Actor{"nobody": {}, "a learner": w.Person("Anna", "Druga"), "a reviewer": w.Person("Jan", "Trzeci", access.Reviewer)} {
			if _, err := w.Measurements.Participants(w.Ctx, a, m.ID); !errors.Is(err, errs.ErrNotFound) {
				w.T.Errorf("%s reads who takes part: %v", name, err)
			}
			if _, err := w.Measurements.TakeOut(w.Ctx, a, m.ID, list[0].ID, true); !errors.Is(err, errs.ErrNotFound) {
				w.T.Errorf("%s takes people out: %v", name, err)
			}
			d := classroom.Draft{Title: "X", HeldFrom: measured.Start, HeldUntil: measured.Start.Add(day)}
			if err := w.App.Classroom.Change(w.Ctx, a, m.SubjectID, d); !errors.Is(err, errs.ErrNotFound) {
				w.T.Errorf("%s changes it: %v", name, err)
			}
		}
		if _, err := w.Measurements.TakeOut(w.Ctx, w.Admin, course, m.ID, true); !errors.Is(err, errs.ErrNotFound) {
			w.T.Errorf("a participant who is none: %v", err)
		}
		if err := w.App.Classroom.Change(w.Ctx, w.Admin, m.SubjectID, classroom.Draft{}); !errors.Is(err, errs.ErrInvalid) {
			w.T.Errorf("a training without a name: %v", err)
		}
	})
}

// The names of projects of other services are not offered.
func TestProjectsAreOfferedWhereTheyAre(t *testing.T) {
	each(t, func(w *world) {
		w.Attach() // of "Projekt A"
		unit, err := w.App.Identity.Unit(w.Ctx, access.System, w.Unit)
		w.No(err)
		for path, want := range map[string]int{unit.Path: 1, "/elsewhere/": 0} {
			a := access.Actor{PersonID: w.Admin.PersonID, At: measured.Start, Grants: []access.Grant{{Role: access.Coordinator, Path: path}}}
			if list, err := w.App.Classroom.Projects(w.Ctx, a); err != nil || len(list) != want {
				w.T.Errorf("within %q: %v, %v", path, list, err)
			}
		}
	})
}
