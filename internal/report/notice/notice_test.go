package notice_test

import (
	"testing"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/classroom"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/project"
	"ostoja/internal/project/fund"
	"ostoja/internal/report/notice"
	"ostoja/internal/testrig"
	"ostoja/internal/text"
)

const amif = "amif-2021"

// office is a project with a training at which three people are, and a fund whose notice was copied.
type office struct {
	*testrig.World
	id, training string
}

func open(t *testing.T, w *testrig.World) *office {
	t.Helper()
	ctx := t.Context()
	o := &office{World: w}
	o.id = testrig.Must(w.Projects.Create(ctx, w.Coordinator, project.Draft{Name: "Szkolenia", UnitID: w.Office, FirstDay: "2026-01-01", LastDay: "2026-12-31"}))(t)
	w.OK(w.Projects.AddPeriod(ctx, w.Coordinator, o.id, "2026-12-31"))
	w.OK(w.Projects.SetShares(ctx, w.Coordinator, o.id, []project.Share{{FundID: amif, Share: 7500}}))
	o.rule(t, fund.SetAges{Ages: fund.Ages{Bands: []fund.Band{{From: 18, Until: 29}, {From: 30}}, Source: fund.OfficeSource}})
	at := w.Clock.Now().Add(time.Hour)
	c := w.Class(w.Coordinator, w.Office, classroom.ContentDraft{Title: "Szkolenie"}, "Warszawa", testrig.Hours{From: at, Until: at.Add(3 * time.Hour)})
	o.training = c.ID
	w.OK(w.Projects.AddPart(ctx, w.Coordinator, o.id, project.Part{Kind: project.Training, SubjectID: c.ID, Share: 100}))
	people := []access.Actor{w.Learner, w.OtherLearner, w.PoliceLearner}
	c.Seat(people...)
	w.Clock.Advance(5 * time.Hour)
	for _, a := range people[:2] {
		c.Present(0, a, 180)
	}
	return o
}

func (o *office) rule(t *testing.T, c fund.Change) {
	t.Helper()
	set := testrig.Must(o.Funds.Get(t.Context(), o.Admin, amif))(t)
	o.OK(o.Funds.Edit(t.Context(), o.Admin, amif, set.Edition, c))
}

func (o *office) words(t *testing.T, polish, english string) {
	t.Helper()
	o.rule(t, fund.SetNotice{Notice: fund.Wording{Text: text.Translated{"pl": polish, "en": english}, Source: fund.OfficeSource}})
}

func (o *office) page(t *testing.T, a access.Actor) notice.Page {
	t.Helper()
	return testrig.Must(o.Notices.Of(t.Context(), a, o.id, "pl"))(t)
}

func (o *office) tasks(t *testing.T, a access.Actor) int {
	t.Helper()
	return len(testrig.Must(o.Notices.Tasks(t.Context(), a.PersonID))(t))
}

func confirmed(p notice.Page) map[string]notice.Confirmed {
	return map[string]notice.Confirmed{amif: {Version: p.Notices[0].Version, Lang: p.Notices[0].Lang}}
}

// TestANoticeIsReadAndReadAnew: without a text there is nothing to read; who takes part is led to it until it is confirmed; an edit of another rule asks nobody again, a
// new text does, and the old confirmation stays.
func TestANoticeIsReadAndReadAnew(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx := t.Context()
		o := open(t, w)
		_, err := w.Notices.Of(ctx, w.Learner, o.id, "pl")
		w.Refused("without a text", err, errs.ErrNotFound)
		o.words(t, "Treść pierwsza.", "The first text.")
		for name, a := range w.Everybody() {
			_, err := w.Notices.Of(ctx, a, o.id, "pl")
			may := a.PersonID == w.Learner.PersonID || a.PersonID == w.OtherLearner.PersonID || a.PersonID == w.PoliceLearner.PersonID
			if may != (err == nil) || may != (o.tasks(t, a) == 1) {
				t.Errorf("%s: %v", name, err)
			}
		}
		p := o.page(t, w.Learner)
		if p.Unread() != 1 || p.Notices[0].Text != "Treść pierwsza." || p.Notices[0].Lang != "pl" || len(p.Bands) != 2 {
			t.Fatalf("%+v", p)
		}
		w.Refused("nothing ticked", w.Notices.Say(ctx, w.Learner, o.id, notice.Answer{}), errs.ErrInvalid)
		w.Refused("an age that is none", w.Notices.Say(ctx, w.Learner, o.id, notice.Answer{Confirmed: confirmed(p), Band: "40-41"}), errs.ErrInvalid)
		w.Refused("a sex that is none", w.Notices.Say(ctx, w.Learner, o.id, notice.Answer{Confirmed: confirmed(p), Sex: "y"}), errs.ErrInvalid)
		w.Refused("of a project of others", w.Notices.Say(ctx, w.Reviewer, o.id, notice.Answer{Confirmed: confirmed(p)}), errs.ErrNotFound)
		w.OK(w.Notices.Say(ctx, w.Learner, o.id, notice.Answer{Confirmed: confirmed(p), Band: "30+"}))
		if got := o.page(t, w.Learner); got.Unread() != 0 || got.Band != "30+" || got.Notices[0].Read.Lang != "pl" || o.tasks(t, w.Learner) != 0 {
			t.Errorf("%+v", got)
		}
		// Another rule, and the text in a language that nobody read here.
		o.rule(t, fund.SetRetention{Retention: fund.Retention{Anchor: fund.ProjectEnd, Years: 5, Source: fund.OfficeSource}})
		o.words(t, "Treść pierwsza.", "Corrected.")
		if o.tasks(t, w.Learner) != 0 {
			t.Error("asked again without a new text")
		}
		stale := o.page(t, w.OtherLearner)
		o.words(t, "Treść druga.", "Corrected.")
		got := o.page(t, w.Learner)
		if got.Unread() != 1 || got.Notices[0].Before == nil || got.Notices[0].Before.Version != p.Notices[0].Version || o.tasks(t, w.Learner) != 1 {
			t.Errorf("%+v", got)
		}
		w.Refused("a text of before", w.Notices.Say(ctx, w.OtherLearner, o.id, notice.Answer{Confirmed: confirmed(stale)}), errs.ErrInvalid)
		w.OK(w.Notices.Say(ctx, w.Learner, o.id, notice.Answer{Confirmed: confirmed(got)}))
		list, band, err := w.Notices.Mine(ctx, w.DB, w.Learner.PersonID)
		if w.OK(err); len(list) != 2 || band != "" {
			t.Errorf("%+v, %q", list, band)
		}
		w.Clock.Advance(200 * 24 * time.Hour)
		if o.tasks(t, w.OtherLearner) != 0 {
			t.Error("asked after the project's end")
		}
	})
}

// TestSexIsAskedOnceAndMayBeLeftOut: it is stored if it was missing, and what is known is never changed by this.
func TestSexIsAskedOnceAndMayBeLeftOut(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx := t.Context()
		o := open(t, w)
		o.words(t, "Treść.", "Text.")
		if o.page(t, w.Learner).AsksSex {
			t.Error("asked, and no indicator is split by it")
		}
		o.rule(t, fund.SetIndicator{Indicator: fund.Indicator{ID: "participants", Unit: fund.Persons, Measure: fund.Participants, By: []fund.Breakdown{fund.BySex}, Source: "regulation"}})
		p := o.page(t, w.Learner)
		if !p.AsksSex {
			t.Fatal("not asked")
		}
		w.OK(w.Notices.Say(ctx, w.Learner, o.id, notice.Answer{Confirmed: confirmed(p)}))
		if !o.page(t, w.Learner).AsksSex {
			t.Error("not given, and not asked")
		}
		w.OK(w.Notices.Say(ctx, w.Learner, o.id, notice.Answer{Sex: "f"}))
		w.OK(w.Notices.Say(ctx, w.Learner, o.id, notice.Answer{Sex: "m"}))
		w.OK(w.DB.Update(ctx, func(tx *db.Tx) error { return w.Identity.GiveSex(ctx, tx, w.Learner.PersonID, "m") }))
		if sex := testrig.Must(db.One[string](ctx, w.DB, `SELECT sex FROM person WHERE id = ?`, w.Learner.PersonID))(t); sex != "f" || o.page(t, w.Learner).AsksSex {
			t.Errorf("sex %q", sex)
		}
	})
}

// TestHandedOutOnPaper: an entry is of all who were there on the day and of nobody else, can be taken back for ten minutes, and takes nothing away that somebody confirmed
// themselves.
func TestHandedOutOnPaper(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx := t.Context()
		o := open(t, w)
		o.words(t, "Treść.", "Text.")
		w.OK(w.Notices.Say(ctx, w.Learner, o.id, notice.Answer{Confirmed: confirmed(o.page(t, w.Learner))}))
		d := testrig.Must(w.Notices.Desk(ctx, w.Coordinator, o.id))(t)
		if len(d.Days) != 1 || d.Days[0].TrainingID != o.training || len(d.Sets) != 1 {
			t.Fatalf("%+v", d)
		}
		day := d.Days[0]
		_, err := w.Notices.HandOut(ctx, w.Coordinator, o.id, amif, "pl", notice.Day{TrainingID: o.training, Day: "2026-01-02"})
		w.Refused("on another day", err, errs.ErrInvalid)
		_, err = w.Notices.HandOut(ctx, w.Coordinator, o.id, amif, "uk", day)
		w.Refused("in a language without a text", err, errs.ErrInvalid)
		for name, a := range w.Everybody() {
			_, err := w.Notices.Desk(ctx, a, o.id)
			if may := name == "administrator" || name == "coordinator" || name == "reviewer"; may != (err == nil) {
				t.Errorf("%s: %v", name, err)
			}
			if name != "administrator" && name != "coordinator" {
				if _, err := w.Notices.HandOut(ctx, a, o.id, amif, "pl", day); err == nil {
					t.Errorf("%s hands out", name)
				}
			}
		}
		if n := testrig.Must(w.Notices.HandOut(ctx, w.Coordinator, o.id, amif, "pl", day))(t); n != 1 {
			t.Errorf("%d people", n)
		}
		if o.tasks(t, w.OtherLearner) != 0 || o.tasks(t, w.PoliceLearner) != 1 {
			t.Error("who was not there was told, or who was there was not")
		}
		if r := o.page(t, w.OtherLearner).Notices[0].Read; r == nil || r.How != "paper" {
			t.Errorf("%+v", r)
		}
		handout := testrig.Must(w.Notices.Desk(ctx, w.Coordinator, o.id))(t).Handouts[0]
		w.Refused("by who may not", w.Notices.Undo(ctx, w.Reviewer, o.id, handout.ID), errs.ErrForbidden)
		w.Refused("of nothing", w.Notices.Undo(ctx, w.Coordinator, o.id, "x"), errs.ErrNotFound)
		w.Clock.Advance(notice.UndoFor - time.Second)
		w.OK(w.Notices.Undo(ctx, w.Coordinator, o.id, handout.ID))
		w.OK(w.Notices.Undo(ctx, w.Coordinator, o.id, handout.ID))
		if o.tasks(t, w.OtherLearner) != 1 || o.tasks(t, w.Learner) != 0 {
			t.Error("taking back took the wrong entries")
		}
		testrig.Must(w.Notices.HandOut(ctx, w.Coordinator, o.id, amif, "en", day))(t)
		later := testrig.Must(w.Notices.Desk(ctx, w.Coordinator, o.id))(t).Handouts[0]
		w.Clock.Advance(notice.UndoFor)
		w.Refused("after ten minutes", w.Notices.Undo(ctx, w.Coordinator, o.id, later.ID), errs.ErrConflict)
	})
}
