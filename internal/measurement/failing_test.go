package measurement_test

import (
	"testing"
	"time"

	"ostoja/internal/classroom"
	"ostoja/internal/db"
	"ostoja/internal/db/dbtest"
	"ostoja/internal/item"
	"ostoja/internal/measurement"
	"ostoja/internal/measurement/results"
	"ostoja/internal/measurement/survey"
	"ostoja/internal/testrig/measured"
)

// TestNoFailureIsSilent: whatever statement fails, whoever acts is told, and nothing of what was done stays.
func TestNoFailureIsSilent(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	w.Approve()
	ctx, s, admin, course := w.Ctx, w.Measurements, w.Admin, "border-guard"
	only := func(_ any, err error) error { return err }
	within := func(fn func(tx *db.Tx) error) func() error { return func() error { return w.DB.Update(ctx, fn) } }
	learner, other := w.Person("Zofia", "Uczestna"), w.Person("Anna", "Druga")
	var m, training measurement.Measurement
	var sittingID, token, participantID string
	var v measurement.Visit
	form := map[string][]string{}
	task := func(wave measurement.Wave) func() error {
		return func() error {
			tasks, err := s.Tasks(ctx, w.DB, learner.PersonID, course)
			if err != nil {
				return err
			}
			for _, x := range tasks {
				if x.Wave == wave {
					sittingID = x.SittingID
				}
			}
			return nil
		}
	}
	answer := func() { // what can be answered is looked up, not saved
		for _, version := range v.Form.Versions {
			it := version.Content
			it.ID = version.ID
			measured.Fill(form, &it, true)
		}
	}
	draft := measurement.Draft{TestID: w.Test.ID, Kind: measurement.OfCourse, SubjectID: course, UnitID: w.Unit, Waves: measurement.FollowUps, Survey: true, Project: "Projekt A"}
	dbtest.EachFails(t, w.DB, []dbtest.Step{
		{Name: "attach", Do: func() (err error) { m, err = s.Attach(ctx, admin, draft); return err }},
		{Name: "attach to a training", Do: func() (err error) {
			training, err = w.AttachTraining(admin, classroom.Draft{Title: "Szkolenie", HeldFrom: measured.Start.Add(24 * time.Hour), HeldUntil: measured.Start.Add(30 * time.Hour)},
				measurement.Draft{TestID: w.Test.ID, UnitID: w.Unit, Waves: measurement.FollowUps})
			return err
		}},
		{Name: "the training", Do: func() error { return only(s.TrainingOf(ctx, admin, training.ID)) }},
		{Name: "add participants", Do: func() error {
			n, err := s.AddParticipants(ctx, admin, training.ID, []string{other.PersonID})
			if err == nil && n != 1 {
				t.Errorf("%d added", n)
			}
			return err
		}},
		{Name: "participants", Do: func() error {
			list, err := s.Participants(ctx, admin, training.ID)
			if err == nil {
				participantID = list[0].ID
			}
			return err
		}},
		{Name: "take out", Do: func() error { return only(s.TakeOut(ctx, admin, training.ID, participantID, true)) }},
		{Name: "rescheduled", Do: within(func(tx *db.Tx) error { return s.Rescheduled(ctx, tx, training.SubjectID) })},
		{Name: "record an export", Do: func() error { return s.RecordExport(ctx, admin, m.ID, 1, "csv") }},
		{Name: "close", Do: func() error { return s.Close(ctx, admin, training.ID, true) }},
		{Name: "measurements", Do: func() error { return only(s.Measurements(ctx, admin)) }},
		{Name: "measurement", Do: func() error { return only(s.Measurement(ctx, admin, m.ID)) }},
		{Name: "overview", Do: func() error { _, _, err := s.Overview(ctx, admin); return err }},
		{Name: "with tests", Do: func() error { return only(s.WithTests(ctx, w.DB, []string{w.Test.ID})) }},
		{Name: "enrolled", Do: within(func(tx *db.Tx) error { return s.Enrolled(ctx, tx, learner.PersonID, course) })},
		{Name: "before is due", Do: func() error { return only(s.BeforeDue(ctx, w.DB, learner.PersonID, course)) }},
		{Name: "tasks", Do: task(measurement.Before)},
		{Name: "open one's own", Do: func() error { return only(s.OpenOwn(ctx, learner, sittingID)) }},
		{Name: "begin", Do: func() error { return s.Begin(ctx, sittingID) }},
		{Name: "sitting", Do: func() (err error) { v, err = s.Sitting(ctx, sittingID); return err }},
		{Name: "save", Do: func() error { answer(); return only(s.Save(ctx, sittingID, form, false, false)) }},
		{Name: "hand in", Do: func() error { return only(s.Save(ctx, sittingID, form, true, true)) }},
		{Name: "finished", Do: within(func(tx *db.Tx) error { return s.Finished(ctx, tx, learner.PersonID, course) })},
		{Name: "letters", Parts: true, Do: func() error { // one that failed is tried again a day later
			w.Clock.Advance(25 * time.Hour)
			return only(s.SendDue(ctx))
		}},
		{Name: "the next sitting", Do: task(measurement.After)},
		{Name: "token", Do: within(func(tx *db.Tx) (err error) { token, err = s.MakeToken(ctx, tx, sittingID); return err })},
		{Name: "link", Do: func() error { return only(s.Link(ctx, token)) }},
		{Name: "again", Do: func() error { w.Clock.Advance(time.Hour); return s.Again(ctx, token) }},
		{Name: "use link", Do: func() error { return only(s.UseLink(ctx, token)) }},
		{Name: "sitting after", Do: func() (err error) { v, err = s.Sitting(ctx, sittingID); return err }},
		{Name: "hand in after", Do: func() error {
			clear(form)
			answer()
			return only(s.Save(ctx, sittingID, form, true, true))
		}},
		{Name: "progress", Do: func() error { return only(s.Progress(ctx, v.Sitting)) }},
		{Name: "answer the evaluation", Do: func() error { return s.AnswerSurvey(ctx, sittingID, evaluation(4, "Dziękuję.")) }},
		{Name: "evaluation", Do: func() error { return only(s.Survey(ctx, admin, m.ID)) }},
		{Name: "letters a week later", Parts: true, Do: func() error { w.Clock.Advance(25 * time.Hour); return only(s.SendDue(ctx)) }},
		{Name: "the sitting of the week", Do: task(measurement.Week)},
		{Name: "decline", Do: func() error { return s.Decline(ctx, sittingID) }},
		{Name: "close what is over", Do: func() error { w.Clock.Advance(400 * 24 * time.Hour); return only(s.CloseOverdue(ctx)) }},
		{Name: "withdrawn", Do: within(func(tx *db.Tx) error { return s.Withdrawn(ctx, tx, learner.PersonID, course, true) })},
		{Name: "participants' results", Do: func() error {
			return only(results.Participants(ctx, w.DB, admin, []string{w.Test.ID}, measurement.Week))
		}},
		{Name: "follow-ups", Do: func() error { return only(results.FollowUpsSat(ctx, w.DB, admin, []string{w.Test.ID})) }},
		{Name: "differences", Do: func() error { return only(results.DifferencesOf(ctx, w.DB, admin, []string{w.Test.ID})) }},
		{Name: "notes", Do: func() error { return only(results.Notes(ctx, w.DB, admin, []string{w.Test.ID}, measurement.Week)) }},
		{Name: "difficulty", Do: func() error { return only(results.Difficulty(ctx, w.DB, w.Test.Forms)) }},
		{Name: "forms", Do: func() error {
			return only(results.CountForms(ctx, w.DB, w.Test.Forms, []measurement.Wave{measurement.Before}))
		}},
		{Name: "responses", Do: within(func(tx *db.Tx) error {
			_, _, err := results.ResponsesTo(ctx, tx, &w.Test.Forms[0], results.RecentSittings, []measurement.Wave{measurement.Before}, false)
			return err
		})},
	})
}

// TestFillingHidesNoFailure: what the demonstration writes is whole or an error.
func TestFillingHidesNoFailure(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	m := w.Attach()
	a := w.Person("Zofia", "Uczestna")
	w.No(w.DB.Update(w.Ctx, func(tx *db.Tx) error { return w.Measurements.Enrolled(w.Ctx, tx, a.PersonID, "border-guard") }))
	participantID := measured.One[string](w.World, `SELECT id FROM participant`)
	fill := func(f measurement.Filled) func() error {
		return func() error {
			return w.DB.Update(w.Ctx, func(tx *db.Tx) error { return w.Measurements.FillSitting(w.Ctx, tx, f) })
		}
	}
	form := w.Test.Forms[0]
	dbtest.EachFails(t, w.DB, []dbtest.Step{
		{Name: "done", Do: fill(measurement.Filled{
			ParticipantID: participantID, Wave: measurement.After, State: measurement.Done, FormID: form.ID, At: measured.Start, Percent: 50,
			Versions: form.Items[:2], Answers: make([]item.Answer, 2), Shares: []float64{1, 0},
		})},
		{Name: "asked", Do: fill(measurement.Filled{ParticipantID: participantID, Wave: measurement.Week, State: measurement.Asked, At: measured.Start})},
		{Name: "evaluation", Do: func() error {
			return w.DB.Update(w.Ctx, func(tx *db.Tx) error {
				return survey.Add(w.Ctx, tx, m.ID, survey.Of(map[string]int{survey.Questions[0]: 4}))
			})
		}},
	})
}
