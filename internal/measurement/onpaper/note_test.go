package onpaper_test

import (
	"strings"
	"testing"
	"time"

	"ostoja/internal/measurement"
	"ostoja/internal/measurement/onpaper"
)

// TestTheNoteOfAFollowUpSheet: it is typed with the sheet and refused where it names a number; it is no cell, nobody reads it a second time,
// and what is handed in keeps it as if it had been written online. After that nobody sees it beside the person.
func TestTheNoteOfAFollowUpSheet(t *testing.T) {
	each(t, 1, func(w *world) {
		const week = measurement.Months3
		w.Clock.Advance(120 * 24 * time.Hour)
		w.prepare(week, 0)
		h := w.grid(week, 1).Rows[0]
		form := w.row(h, 3)
		field := onpaper.NoteField(h.ID)
		form.Set(field, "Zadzwonił: 600 700 800")
		_, o := w.typeAs(w.Admin, week, 1, form)
		if faults := o.Faults(); len(faults) != 1 || faults[0].Name != field || faults[0].Key != "assessment.private.phone" {
			w.T.Errorf("a phone number: %+v", faults)
		}
		form.Set(field, " Pomogła karta sygnałów. ")
		form.Set(onpaper.RowField(h.ID), w.grid(week, 1).Rows[0].Seen(w.grid(week, 1).Rows[0].First))
		g, o := w.typeAs(w.Admin, week, 1, form)
		if h = g.Rows[0]; len(o.Faults()) > 0 || h.First.Cells[onpaper.KeyNote] != "Pomogła karta sygnałów." || !h.Whole(h.First) || h.Filled(h.First) != len(h.Questions) {
			w.T.Fatalf("%+v, %+v", o.Faults(), h.First)
		}
		// Somebody who had the page open before does not type over it.
		stale := w.row(h, 3)
		stale.Set(field, "Nic.")
		stale.Set(onpaper.RowField(h.ID), h.Seen(onpaper.Reading{}))
		if _, o = w.typeAs(w.Second, week, 1, stale); len(o.Faults()) == 0 || w.grid(week, 1).Rows[0].First.Cells[onpaper.KeyNote] != "Pomogła karta sygnałów." {
			w.T.Errorf("typed over: %+v", o.Faults())
		}
		_, err := w.s.Draw(w.Ctx, w.Admin, w.m.ID, week, w.Clock.Now())
		w.No(err)
		again := w.row(h, 3)
		again.Set(field, "Coś innego")
		w.typeAs(w.Second, week, 2, again)
		x := w.wave(week)
		if len(x.Checks) != 1 || x.Checks[0].Differences != 0 || x.Checks[0].Cells != len(h.Questions) || !x.Whole() {
			w.T.Errorf("%+v", x)
		}
		if v := w.sitting(w.people[0], week); v.SkillsNote != "Pomogła karta sygnałów." || v.SkillsUsed != "yes" {
			w.T.Errorf("handed in with %q, %q", v.SkillsNote, v.SkillsUsed)
		}
		g = w.grid(week, 1)
		if note := g.Values(g.Rows[0]).Cells[onpaper.KeyNote]; note != "" || g.Noted(g.Rows[0]) {
			w.T.Errorf("seen beside the person: %q", note)
		}
		for table, rows := range w.Dump() {
			for _, row := range rows {
				if strings.Contains(row, "Coś innego") || strings.Contains(row, "600 700 800") || table == "audit" && strings.Contains(row, "karta sygnałów") {
					w.T.Errorf("%s: %s", table, row)
				}
			}
		}
		// A correction of a cell leaves it.
		correction := w.row(h, 2)
		correction.Set(onpaper.RowField(h.ID), g.Rows[0].Seen(g.Values(g.Rows[0])))
		correction.Set(onpaper.FieldReason, "Źle odczytano.")
		w.No(w.s.Correct(w.Ctx, w.Admin, w.m.ID, week, h.ID, correction))
		if v := w.sitting(w.people[0], week); v.SkillsNote != "Pomogła karta sygnałów." {
			w.T.Errorf("corrected, and the note is %q", v.SkillsNote)
		}
	})
}
