package assessment_test

import (
	"errors"
	"testing"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/assessment"
	"ostoja/internal/db"
	"ostoja/internal/errs"
)

// dates returns the calendar of the only sitting of a wave.
func (w *world) dates(wave assessment.Wave) (state string, due, mail, closes time.Time) {
	w.t.Helper()
	type row struct {
		State                   string
		DueAt, MailAt, ClosesAt time.Time
	}
	r, err := db.One[row](w.ctx, w.d, `SELECT state, due_at, mail_at, closes_at FROM sitting WHERE wave = ?`, string(wave))
	w.no(err)
	return r.State, r.DueAt, r.MailAt, r.ClosesAt
}

// change moves a training, as the form with all its fields does.
func (w *world) change(m assessment.Measurement, from, until string) error {
	return w.s.ChangeTraining(w.ctx, w.admin, m.ID, assessment.MeasurementDraft{
		Title: "Szkolenie przełożone", Place: "Terespol", Project: "Projekt B", HeldFrom: warsaw(w.t, from), HeldUntil: warsaw(w.t, until),
	})
}

// A training is put off after the letters for the test before have gone out: what was saved stays, all else moves.
func TestATrainingIsPutOff(t *testing.T) {
	each(t, func(w *world) {
		w.approve()
		m := w.joined("2026-10-24 09:00", "2026-10-24 16:00", []assessment.Wave{assessment.Months3}, w.person("Zofia", "Uczestna"))
		w.measure()
		x, err := w.s.UseLink(w.ctx, w.token())
		w.no(err)
		form := w.answers(x.ID, 9)
		w.no(second(w.s.Save(w.ctx, x.ID, form, false, false)))
		w.no(w.change(m, "2026-11-24 09:00", "2026-11-25 16:00"))

		state, _, _, closes := w.dates(assessment.Before)
		if state != "begun" || !closes.Equal(warsaw(w.t, "2026-11-24 10:00")) {
			w.t.Errorf("the test before is %s and closes at %v", state, closes)
		}
		_, due, mail, closes := w.dates(assessment.After)
		end := warsaw(w.t, "2026-11-25 16:00")
		if !due.Equal(end) || !mail.Equal(end) || !closes.Equal(end.Add(30*day)) {
			w.t.Errorf("the test after: due %v, letter %v, closes %v", due, mail, closes)
		}
		if _, due, _, _ = w.dates(assessment.Months3); !due.Equal(warsaw(w.t, "2027-02-25 09:00")) {
			w.t.Errorf("three months later: due %v", due)
		}
		w.until(warsaw(w.t, "2026-11-20 12:00")) // long after the old days
		w.measure()
		if y, err := w.s.Save(w.ctx, x.ID, form, true, true); err != nil || y.State != assessment.Done {
			w.t.Errorf("handed in before the new day: %s, %v", y.State, err)
		}
		l, err := w.s.Measurement(w.ctx, w.admin, m.ID)
		if err != nil || l.Title != "Szkolenie przełożone" || l.Place != "Terespol" || l.Project != "Projekt B" {
			w.t.Errorf("%+v, %v", l.Measurement, err)
		}
	})
}

// It was put off only after its first day: nobody began the test before in time, and it is open again.
func TestATrainingIsPutOffTooLate(t *testing.T) {
	each(t, func(w *world) {
		w.approve()
		a := w.person("Zofia", "Uczestna")
		m := w.joined("2026-10-24 09:00", "2026-10-24 16:00", nil, a)
		w.until(warsaw(w.t, "2026-10-24 18:00"))
		w.measure()
		if state, _, _, _ := w.dates(assessment.Before); state != "closed" {
			w.t.Fatalf("the test before is %s", state)
		}
		late := w.person("Anna", "Druga") // joins too late for the old days
		w.no(second(w.s.AddParticipants(w.ctx, w.admin, m.ID, []string{late.PersonID})))
		w.no(w.change(m, "2026-12-01 09:00", "2026-12-01 16:00"))
		if n := one[int](w, `SELECT COUNT(*) FROM sitting WHERE wave = 'before' AND state = 'asked'`); n != 2 {
			w.t.Errorf("%d of 2 can sit the test before", n)
		}
		if n := one[int](w, `SELECT COUNT(*) FROM participant WHERE before_state = '' AND after_state = ''`); n != 2 {
			w.t.Errorf("%d of 2 count as not asked yet", n)
		}
		w.until(warsaw(w.t, "2026-11-24 09:00"))
		before := w.sentLinks()
		w.measure()
		if n := w.sentLinks() - before; n < 1 {
			w.t.Error("no letter for the test before")
		}
	})
}

func TestAPersonIsTakenOutOfATraining(t *testing.T) {
	each(t, func(w *world) {
		w.approve()
		m := w.joined("2026-10-24 09:00", "2026-10-24 16:00", assessment.FollowUps, w.person("Zofia", "Uczestna"), w.person("Łucja", "Pomyłka"))
		w.measure()
		find := func(words string) assessment.Participant {
			list, err := w.s.Participants(w.ctx, w.admin, m.ID, words)
			if err != nil || len(list) != 1 {
				w.t.Fatalf("%q finds %+v, %v", words, list, err)
			}
			return list[0]
		}
		mistaken := find("lucja")
		if gone, err := w.s.TakeOut(w.ctx, w.admin, m.ID, mistaken.ID, true); err != nil || !gone {
			w.t.Errorf("who has begun nothing stays in the figures: %v", err)
		}
		if n := one[int](w, `SELECT COUNT(*) FROM sitting WHERE participant_id = ?`, mistaken.ID); n != 0 {
			w.t.Errorf("%d sittings of nobody", n)
		}
		p := find("uczestna")
		sitting := one[string](w, `SELECT id FROM sitting WHERE participant_id = ? AND wave = 'before'`, p.ID)
		w.sit(sitting, 9)
		if gone, err := w.s.TakeOut(w.ctx, w.admin, m.ID, p.ID, true); err != nil || gone {
			w.t.Errorf("who has sat a test vanishes from the figures: %v", err)
		}
		if out := find("uczestna"); out.OutAt.IsZero() || out.Before != assessment.Done {
			w.t.Errorf("%+v", out)
		}
		before := w.sentLinks()
		w.until(warsaw(w.t, "2026-10-24 17:00"))
		if w.measure(); w.sentLinks() != before {
			w.t.Error("a letter to who was taken out")
		}
		w.no(second(w.s.TakeOut(w.ctx, w.admin, m.ID, p.ID, false)))
		w.clock.Advance(day)
		if w.measure(); w.sentLinks() != before+1 {
			w.t.Error("no letter to who was brought back")
		}
	})
}

func TestWhoMayChangeATraining(t *testing.T) {
	each(t, func(w *world) {
		m := w.training()
		course := one[string](w, `SELECT id FROM measurement`)
		w.no(second(w.s.AddParticipants(w.ctx, w.admin, m.ID, []string{w.person("Zofia", "Uczestna").PersonID})))
		list, err := w.s.Participants(w.ctx, w.admin, m.ID, "")
		w.no(err)
		for name, a := range map[string]access.Actor{"nobody": {}, "a learner": w.person("Anna", "Druga"), "a reviewer": w.person("Jan", "Trzeci", access.Reviewer)} {
			if _, err := w.s.Participants(w.ctx, a, m.ID, ""); !errors.Is(err, errs.ErrNotFound) {
				w.t.Errorf("%s reads who takes part: %v", name, err)
			}
			if _, err := w.s.TakeOut(w.ctx, a, m.ID, list[0].ID, true); !errors.Is(err, errs.ErrNotFound) {
				w.t.Errorf("%s takes people out: %v", name, err)
			}
			d := assessment.MeasurementDraft{Title: "X", HeldFrom: start, HeldUntil: start.Add(day)}
			if err := w.s.ChangeTraining(w.ctx, a, m.ID, d); !errors.Is(err, errs.ErrNotFound) {
				w.t.Errorf("%s changes it: %v", name, err)
			}
		}
		if _, err := w.s.TakeOut(w.ctx, w.admin, course, m.ID, true); !errors.Is(err, errs.ErrNotFound) {
			w.t.Errorf("a participant who is none: %v", err)
		}
		if err := w.s.ChangeTraining(w.ctx, w.admin, m.ID, assessment.MeasurementDraft{}); !errors.Is(err, errs.ErrInvalid) {
			w.t.Errorf("a training without a name: %v", err)
		}
	})
}

// The names of projects of other services are not offered.
func TestProjectsAreOfferedWhereTheyAre(t *testing.T) {
	each(t, func(w *world) {
		w.attach() // of "Projekt A"
		unit, err := w.a.Identity.Unit(w.ctx, access.System, w.unit)
		w.no(err)
		for path, want := range map[string]int{unit.Path: 1, "/elsewhere/": 0} {
			a := access.Actor{PersonID: w.admin.PersonID, At: start, Grants: []access.Grant{{Role: access.Coordinator, Path: path}}}
			if list, err := w.s.Projects(w.ctx, a); err != nil || len(list) != want {
				w.t.Errorf("within %q: %v, %v", path, list, err)
			}
		}
	})
}
