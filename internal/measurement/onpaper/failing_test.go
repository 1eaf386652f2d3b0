package onpaper_test

import (
	"net/url"
	"testing"
	"time"

	"ostoja/internal/db/dbtest"
	"ostoja/internal/measurement/onpaper"
	"ostoja/internal/measurement/survey"
)

// TestNoFailureIsSilent: whatever statement fails, whoever acts is told, and nothing of what was done stays.
func TestNoFailureIsSilent(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t), 2)
	ctx, s, admin, m := w.Ctx, w.s, w.Admin, w.m.ID
	only := func(_ any, err error) error { return err }
	var g onpaper.Grid
	var participantID string
	var typedEvaluation survey.Typed
	grid := func() (err error) { g, err = s.Grid(ctx, admin, m, before, 1); return err }
	typed := func(reading, sheet int, known int) error {
		_, o, err := s.Type(ctx, admin, m, before, reading, w.row(g.Rows[sheet], known))
		if err == nil && len(o.Faults()) > 0 {
			t.Errorf("%+v", o.Faults())
		}
		return err
	}
	dbtest.EachFails(t, w.DB, []dbtest.Step{
		{Name: "prepare", Do: func() error { return only(s.Prepare(ctx, admin, m, before, 2, "pl")) }},
		{Name: "print", Do: func() error { return only(s.Print(ctx, admin, m, before)) }},
		{Name: "grid", Do: grid},
		{Name: "people", Do: func() error {
			list, err := w.Measurements.Participants(ctx, admin, m)
			if err == nil {
				participantID = list[0].ID
			}
			return err
		}},
		{Name: "whose it is", Do: func() error {
			return s.Assign(ctx, admin, m, before, g.Spare[0].ID, participantID, "Własny arkusz się zalał.")
		}},
		{Name: "nobody's again", Do: func() error { return s.Unassign(ctx, admin, m, before, g.Spare[0].ID) }},
		{Name: "print the own one anew", Do: func() error { return only(s.Prepare(ctx, admin, m, before, 0, "pl")) }},
		{Name: "discard", Do: func() error { return only(s.Discard(ctx, admin, m, before)) }},
		{Name: "grid again", Do: grid},
		{Name: "find", Do: func() error { return only(s.Find(ctx, admin, m, before, g.Rows[0].Code)) }},
		{Name: "one", Do: func() error { return only(s.One(ctx, admin, m, before, 1, g.Rows[0].ID)) }},
		{Name: "on a phone", Do: func() error {
			return only(s.OnPhone(ctx, w.m.SubjectID, g.Rows[0].Code, "10.0.0.0/24", w.Clock.Now().Add(time.Hour)))
		}},
		{Name: "type", Do: func() error { return typed(1, 0, 3) }},
		{Name: "draw", Do: func() error { w.Clock.Advance(time.Hour); return only(s.Draw(ctx, admin, m, before, w.Clock.Now())) }},
		{Name: "read again", Do: func() error {
			form := w.row(g.Rows[0], 3)
			form.Set(onpaper.CellField(g.Rows[0].ID, 0), onpaper.Blank)
			return only2(s.Type(ctx, admin, m, before, 2, form))
		}},
		{Name: "differences", Do: func() error { return only2(s.Differences(ctx, admin, m, before)) }},
		{Name: "settle", Do: func() error {
			field := onpaper.CellField(g.Rows[0].ID, 0)
			return only(s.Settle(ctx, admin, m, before, url.Values{field: {"a"}, field + ".reason": {"Jest puste."}}))
		}},
		{Name: "correct", Do: func() error {
			grid, err := s.Grid(ctx, admin, m, before, 1)
			if err != nil {
				return err
			}
			h := grid.Rows[0]
			return s.Correct(ctx, admin, m, before, h.ID, url.Values{onpaper.CellField(h.ID, 0): {"b"}, onpaper.RowField(h.ID): {h.Seen(grid.Values(h))}, onpaper.FieldReason: {"Źle odczytano."}})
		}},
		{Name: "sit online", Parts: true, Do: func() error {
			sittingID := g.Rows[1].SittingID
			if err := w.Measurements.Begin(ctx, sittingID); err != nil {
				return err
			}
			v, err := w.Measurements.Sitting(ctx, sittingID)
			if err != nil {
				return err
			}
			it := v.Items[0].Item
			return only(w.Measurements.Save(ctx, sittingID, it.Fields(it.RightAnswer("pl")), false, false))
		}},
		{Name: "override", Do: func() error { return s.Override(ctx, admin, m, before, g.Rows[1].ID, "Jest arkusz.") }},
		{Name: "desk", Do: func() error { return only(s.Desk(ctx, admin, m)) }},
		{Name: "export", Do: func() error { return s.RecordExport(ctx, admin, m, 2, "csv") }},
		{Name: "an evaluation on paper", Do: func() error {
			return s.TypeEvaluation(ctx, admin, m, url.Values{survey.Questions[0]: {"4"}})
		}},
		{Name: "the one typed last", Do: func() (err error) { typedEvaluation, err = s.TypedEvaluation(ctx, admin, m); return err }},
		{Name: "taken back", Do: func() error { return s.TakeBackEvaluation(ctx, admin, m, typedEvaluation.ID) }},
		{Name: "another evaluation", Do: func() error {
			return s.TypeEvaluation(ctx, admin, m, url.Values{survey.Questions[0]: {"5"}})
		}},
		{Name: "it joins the sums", Do: func() error { w.Clock.Advance(survey.UndoFor); return only(s.GatherEvaluations(ctx)) }},
	})
}

func only2[A, B any](_ A, _ B, err error) error { return err }
