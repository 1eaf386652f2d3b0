package onpaper_test

import (
	"errors"
	"net/url"
	"strings"
	"testing"
	"time"

	"ostoja/internal/classroom"
	"ostoja/internal/errs"
	"ostoja/internal/id"
	"ostoja/internal/measurement"
	"ostoja/internal/measurement/onpaper"
)

// refusedRow returns the key of what is wrong with a row's code; "" if nothing is.
func refusedRow(t *testing.T, err error) string {
	t.Helper()
	if err == nil {
		return ""
	}
	if faults, ok := errs.FieldsOf(err); ok && len(faults) == 1 && faults[0].Name == onpaper.FieldRow {
		return faults[0].Key
	}
	return err.Error()
}

// TestOnPhone: the code of a sheet opens the sitting of that sheet and no other, and says why it does not.
func TestOnPhone(t *testing.T) {
	each(t, 4, func(w *world) {
		w.prepare(before, 1)
		w.prepare(after, 0)
		rows, later := w.grid(before, 1).Rows, w.grid(after, 1).Rows
		spare := w.grid(before, 1).Spare[0]
		other := w.m
		var err error
		w.m, err = w.AttachTraining(w.Admin, classroom.Draft{Title: "Inne szkolenie", HeldFrom: w.Clock.Now().Add(24 * time.Hour), HeldUntil: w.Clock.Now().Add(30 * time.Hour)},
			measurement.Draft{TestID: w.Test.ID, UnitID: w.Unit})
		w.No(err)
		w.join(1)
		w.prepare(before, 0)
		stranger := w.grid(before, 1).Rows[0].Code
		w.m = other
		until := w.Clock.Now().Add(2 * time.Hour)
		try := func(code string) (string, string) {
			sittingID, err := w.s.OnPhone(w.Ctx, w.m.SubjectID, code, "10.0.0.0/24", until)
			return sittingID, refusedRow(t, err)
		}
		if got, fault := try(" " + strings.ToLower(strings.ReplaceAll(rows[0].Code, "-", " "))); fault != "" || got != rows[0].SittingID {
			t.Errorf("%s opened %s, %s", rows[0].Code, got, fault)
		}
		slip := "X"
		if strings.HasSuffix(rows[0].Code, slip) {
			slip = "Y"
		}
		w.typeAs(w.Admin, before, 1, url.Values{onpaper.CellField(rows[1].ID, 0): {"a"}})
		w.No(w.Measurements.Begin(w.Ctx, rows[2].SittingID))
		if _, err := w.Measurements.Save(w.Ctx, rows[2].SittingID, nil, true, true); err != nil {
			t.Fatal(err)
		}
		for code, want := range map[string]string{
			"": "typed.phone.slip",
			rows[0].Code[:len(rows[0].Code)-1] + slip: "typed.phone.slip",
			stranger:      "typed.phone.unknown",
			spare.Code:    "typed.phone.nobody",
			rows[1].Code:  "typed.phone.typed",
			rows[2].Code:  "typed.phone.done",
			later[0].Code: "typed.phone.early",
		} {
			if got, fault := try(code); fault != want || got != "" {
				t.Errorf("%q: %s, want %s", code, fault, want)
			}
		}
		until = w.Clock.Now().Add(60 * time.Hour) // of the last session
		if got, fault := try(later[0].Code); fault != "" || got != later[0].SittingID {
			t.Errorf("at the end of the training: %s", fault)
		}
		w.Clock.Advance(40 * time.Hour)
		if _, fault := try(rows[3].Code); fault != "typed.phone.closed" {
			t.Errorf("after its time: %s", fault)
		}
	})
}

// TestNobodyFindsARowByTrying: a few tries of a row are free, then each waits longer, and others in the same hall are not held up.
func TestNobodyFindsARowByTrying(t *testing.T) {
	each(t, 2, func(w *world) {
		w.prepare(before, 0)
		rows := w.grid(before, 1).Rows
		try := func(code string) error {
			_, err := w.s.OnPhone(w.Ctx, w.m.SubjectID, code, "10.0.0.0/24", w.Clock.Now().Add(time.Hour))
			return err
		}
		head := id.Typed(rows[0].Code, 20)
		head = head[:len(head)-4]
		refused := 0
		for i := range 12 {
			guess := head + strings.Repeat(string("23456789ABCD"[i]), 3)
			if guess += string(id.Check(guess)); guess == id.Typed(rows[0].Code, 20) {
				continue
			}
			if err := try(guess); errors.Is(err, errs.ErrTooMany) {
				refused++
			} else if refusedRow(t, err) != "typed.phone.unknown" {
				t.Fatalf("%s: %v", guess, err)
			}
		}
		if refused < 5 {
			t.Errorf("of twelve guesses in a row %d were refused", refused)
		}
		if err := try(rows[0].Code); !errors.Is(err, errs.ErrTooMany) {
			t.Errorf("the right one after them: %v", err)
		}
		if err := try(rows[1].Code); err != nil {
			t.Errorf("another row: %v", err)
		}
		w.Clock.Advance(20 * time.Minute)
		if err := try(rows[0].Code); err != nil {
			t.Errorf("later: %v", err)
		}
	})
}

// TestPhoneAndPaperCountOnce: of a row that is answered on a phone and on paper one counts, and whoever comes second is told.
func TestPhoneAndPaperCountOnce(t *testing.T) {
	each(t, 2, func(w *world) {
		w.prepare(before, 0)
		w.Clock.Advance(5 * time.Hour) // the sheets are written at noon
		rows := w.grid(before, 1).Rows
		until := w.Clock.Now().Add(48 * time.Hour)
		for _, h := range rows {
			sittingID, err := w.s.OnPhone(w.Ctx, w.m.SubjectID, h.Code, "10.0.0.0/24", until)
			w.No(err)
			w.No(w.Measurements.Begin(w.Ctx, sittingID))
		}
		tooLate := w.Answers(rows[1].SittingID, 9)
		// The first answers on the phone and hands in; the second opened it and wrote on paper.
		w.Sit(rows[0].SittingID, 5)
		g, _ := w.typeAs(w.Admin, before, 1, w.row(rows[1], 4))
		if kept := g.Rows[0]; !kept.Kept() || g.Open(kept) {
			t.Errorf("a sheet whose person answered on a phone can be typed")
		}
		if _, o := w.typeAs(w.Admin, before, 1, w.row(rows[0], 9)); len(o.Faults()) != 1 || o.Faults()[0].Key != "typed.fault.locked" {
			t.Errorf("typing it: %+v", o.Faults())
		}
		_, err := w.s.Draw(w.Ctx, w.Admin, w.m.ID, before, w.Clock.Now())
		w.No(err)
		w.typeAs(w.Second, before, 2, w.row(rows[1], 4))
		if x := w.wave(before); x.Entered != 1 || x.Kept != 1 {
			t.Fatalf("%+v", x)
		}
		if after, err := w.Measurements.Save(w.Ctx, rows[1].SittingID, tooLate, true, true); !errors.Is(err, errs.ErrConflict) || after.State != measurement.Done {
			t.Errorf("the phone that came second: %v", err)
		}
		if n := measuredAll[int](w, `SELECT SUM(before) FROM result_tally WHERE measurement_id = ?`, w.m.ID); n[0] != 2 {
			t.Errorf("%d results of two people", n[0])
		}
	})
}
