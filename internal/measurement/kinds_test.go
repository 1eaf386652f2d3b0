package measurement_test

import (
	"context"
	"testing"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/db"
	"ostoja/internal/id"
	"ostoja/internal/measurement"
	"ostoja/internal/testrig/measured"
)

// What is written as if it had been sat is of one sitting of one participant.
func TestWhatIsFilledIsOfOneSitting(t *testing.T) {
	each(t, func(w *world) {
		w.Approve()
		first, second := w.Trained("Pierwsze", "A", w.Unit), w.Trained("Drugie", "B", w.NewUnit(w.Unit, "Oddział"))
		list := w.Plant(measured.Planted{Measurement: first, Pre: 40, Post: 60}, measured.Planted{Measurement: second, Pre: 50, Post: 70})
		w.No(w.DB.Update(w.Ctx, func(tx *db.Tx) error {
			return w.Measurements.FillSitting(w.Ctx, tx, measurement.Filled{ParticipantID: list[0], Wave: measurement.Months3, State: measurement.Closed, At: measured.Start})
		}))
		if n := measured.One[int](w.World, `SELECT COUNT(*) FROM sitting WHERE state = 'closed'`); n != 1 {
			w.T.Errorf("%d sittings are closed", n)
		}
		if n := measured.One[int](w.World, `SELECT COUNT(*) FROM sitting WHERE state = 'done'`); n != 4 {
			w.T.Errorf("%d sittings are done", n)
		}
		if n := measured.One[int](w.World, `SELECT COUNT(*) FROM participant WHERE months3_state = 'closed'`); n != 1 {
			w.T.Errorf("%d participants have a closed follow-up", n)
		}
		lists, err := w.Measurements.Measurements(w.Ctx, w.Admin)
		w.No(err)
		for _, l := range lists {
			if l.Participants != 1 || l.Done[measurement.Before] != 1 || l.Done[measurement.After] != 1 || l.Done[measurement.Months3] != 0 {
				w.T.Errorf("%s: %d participants, done %v", l.Name.In("pl"), l.Participants, l.Done)
			}
		}
	})
}

// A new link goes to who can be reached; of anybody else nothing is told, and their link stays as it is.
func TestANewLinkGoesToWhoCanBeReached(t *testing.T) {
	each(t, func(w *world) {
		w.Approve()
		for _, c := range []struct {
			name, spoil string
			letters     int
		}{
			{"in reach", `UPDATE person SET lang = lang WHERE id = ?`, 1},
			{"without an address", `UPDATE person SET mail = NULL WHERE id = ?`, 0},
			{"blocked", `UPDATE person SET state = 'blocked' WHERE id = ?`, 0},
		} {
			sittingID, token := w.invited()
			before := w.sentLinks()
			personID := measured.One[string](w.World, `SELECT p.person_id FROM sitting s JOIN participant p ON p.id = s.participant_id WHERE s.id = ?`, sittingID)
			w.No(w.DB.Update(w.Ctx, func(tx *db.Tx) error { return db.Exec(w.Ctx, tx, c.spoil, personID) }))
			w.Clock.Advance(5 * time.Minute) // the least time between two: no longer too soon
			w.No(w.Measurements.Again(w.Ctx, token))
			for range 3 {
				if worked, err := w.App.Queue.RunOne(w.Ctx); err != nil || !worked {
					break
				}
			}
			if n := w.sentLinks() - before; n != c.letters {
				w.T.Errorf("%s: %d letters", c.name, n)
			}
			if l, err := w.Measurements.Link(w.Ctx, token); err != nil || l.Used != (c.letters == 1) {
				w.T.Errorf("%s: the link is replaced: %v, %v", c.name, l.Used, err)
			}
			w.Clock.Advance(-5 * time.Minute)
		}
	})
}

// Whatever cannot be read is an error, and no empty answer.
func TestWhatCannotBeReadIsAnError(t *testing.T) {
	each(t, func(w *world) {
		m := w.Training()
		a := w.Person("Anna", "Pomocna")
		w.No(measured.Second(w.Measurements.AddParticipants(w.Ctx, w.Admin, m.ID, []string{a.PersonID})))
		w.Measure()
		token := w.Token()
		x, err := w.Measurements.UseLink(w.Ctx, token)
		w.No(err)
		ctx, cancel := context.WithCancel(w.Ctx)
		cancel()
		s := w.Measurements
		for name, err := range map[string]error{
			"SendDue":         measured.Second(s.SendDue(ctx)),
			"CloseOverdue":    measured.Second(s.CloseOverdue(ctx)),
			"Link":            measured.Second(s.Link(ctx, token)),
			"UseLink":         measured.Second(s.UseLink(ctx, token)),
			"Again":           s.Again(ctx, token),
			"Sitting":         measured.Second(s.Sitting(ctx, x.ID)),
			"Save":            measured.Second(s.Save(ctx, x.ID, nil, false, false)),
			"Begin":           s.Begin(ctx, x.ID),
			"Decline":         s.Decline(ctx, x.ID),
			"OpenOwn":         measured.Second(s.OpenOwn(ctx, a, x.ID)),
			"Progress":        measured.Second(s.Progress(ctx, x)),
			"Tasks":           measured.Second(s.Tasks(ctx, w.DB, a.PersonID, "border-guard")),
			"BeforeDue":       measured.Second(s.BeforeDue(ctx, w.DB, a.PersonID, "border-guard")),
			"AnswerSurvey":    s.AnswerSurvey(ctx, x.ID, map[string][]string{"useful": {"5"}}),
			"Survey":          measured.Second(s.Survey(ctx, w.Admin, m.ID)),
			"Measurements":    measured.Second(s.Measurements(ctx, w.Admin)),
			"Measurement":     measured.Second(s.Measurement(ctx, w.Admin, m.ID)),
			"Participants":    measured.Second(s.Participants(ctx, w.Admin, m.ID)),
			"TakeOut":         measured.Second(s.TakeOut(ctx, w.Admin, m.ID, id.New(), true)),
			"TrainingOf":      measured.Second(s.TrainingOf(ctx, w.Admin, m.ID)),
			"WithTests":       measured.Second(s.WithTests(ctx, w.DB, []string{w.Test.ID})),
			"Close":           s.Close(ctx, w.Admin, m.ID, true),
			"RecordExport":    s.RecordExport(ctx, w.Admin, m.ID, 1, "csv"),
			"AddParticipants": measured.Second(s.AddParticipants(ctx, w.Admin, m.ID, []string{a.PersonID})),
		} {
			if err == nil {
				w.T.Errorf("%s: no error", name)
			}
		}
		if may, err := s.MayChange(ctx, w.Admin, m.ID); may || err == nil {
			w.T.Errorf("without a database: %v, %v", may, err)
		}
		for actor, want := range map[string]bool{w.Admin.PersonID: true, "": false} {
			who := access.Actor{}
			if actor != "" {
				who = w.Admin
			}
			if may, err := s.MayChange(w.Ctx, who, m.ID); may != want || err != nil {
				w.T.Errorf("%q may change the measurement: %v, %v", actor, may, err)
			}
		}
	})
}
