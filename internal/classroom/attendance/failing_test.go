package attendance_test

import (
	"bytes"
	"errors"
	"image"
	"image/jpeg"
	"testing"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/classroom/attendance"
	"ostoja/internal/db/dbtest"
	"ostoja/internal/errs"
	"ostoja/internal/id"
	"ostoja/internal/testrig"
)

// TestNoFailureIsSilent: whatever statement fails, who acts is told, and nothing of what was done stays: of what is marked in the hall, of
// what is read there, of a session that is closed and opened again.
func TestNoFailureIsSilent(t *testing.T) {
	h := newHall(testrig.New(t))
	ctx, actor, a := t.Context(), h.GuardTrainer, h.Attendance
	look := func(o *attendance.Outcome, by func() (attendance.Session, attendance.Outcome, error), want attendance.Outcome) func() error {
		return func() error {
			_, got, err := by()
			if *o = got; err == nil && got != want {
				t.Errorf("%s, want %s", got, want)
			}
			return err
		}
	}
	var came attendance.Outcome
	shown := ""
	code := dbtest.Step{Name: "code", Do: func() (err error) { _, shown, _, err = a.Code(ctx, actor, h.morning); return err }}
	var scan attendance.Scan
	scanned := dbtest.Step{Name: "scanned", Do: func() (err error) { scan, err = a.Scanned(ctx, shown); return err }}
	confirm := func(by access.Actor, want attendance.Outcome) dbtest.Step {
		return dbtest.Step{Name: "confirm: " + string(want), Do: look(&came, func() (attendance.Session, attendance.Outcome, error) { return a.Confirm(ctx, by, scan) }, want)}
	}
	h.Until(h.begins.Add(-10 * time.Minute))
	dbtest.EachFails(t, h.DB, []dbtest.Step{
		code, scanned,
		{Name: "look", Do: look(&came, func() (attendance.Session, attendance.Outcome, error) { return a.Look(ctx, h.PoliceLearner, scan) }, attendance.Early)},
		confirm(h.PoliceLearner, attendance.Early),
		confirm(h.PoliceTrainer, attendance.Stranger),
		{Name: "refused scans", Do: func() error { return second(a.RefusedScans(ctx, actor, h.morning)) }},
	})
	h.begin()
	device, guest := id.New(), id.New()
	h.send("phone", attendance.Item{ID: guest, Kind: attendance.KindWalkIn, Name: "Nowa Anna"})
	who := h.Learner.PersonID
	dbtest.EachFails(t, h.DB, []dbtest.Step{
		{Name: "early", Do: func() error { return a.RecordEarly(ctx) }},
		code, scanned, confirm(h.OtherLearner, attendance.Recorded),
		{Name: "take", Do: func() error {
			return second(a.Take(ctx, actor, h.morning, attendance.Parcel{Device: "phone", Items: []attendance.Item{h.mark(who, attendance.Present), {ID: id.New(), Kind: attendance.KindNote, Note: "x"}}}))
		}},
		{Name: "undo", Do: func() error { return a.Undo(ctx, actor, h.morning, "phone", who) }},
		{Name: "save", Do: func() error {
			return second(a.Save(ctx, actor, h.morning, "phone", []attendance.Change{{Who: who, State: attendance.Present}}))
		}},
		{Name: "detail", Do: func() error {
			return a.Detail(ctx, actor, h.morning, "phone", who, attendance.Correction{State: attendance.Present, From: "11:20", Until: "12:00"})
		}},
		{Name: "rest", Do: func() error { return second(a.Rest(ctx, actor, h.morning, "phone")) }},
		{Name: "walk-in", Do: func() error { return second(a.WalkIn(ctx, actor, h.morning, "phone", "Gość Jan", "gmina")) }},
		{Name: "count", Do: func() error { return a.Count(ctx, actor, h.morning, "phone", number(4), number(4)) }},
		{Name: "note", Do: func() error { return a.Write(ctx, actor, h.morning, "phone", "Projektor nie działa.") }},
		{Name: "roll", Do: func() error { return second(a.Roll(ctx, actor, h.morning)) }},
		{Name: "session", Do: func() error { return second(a.Session(ctx, actor, h.morning)) }},
		{Name: "link", Do: func() error { return a.Link(ctx, actor, h.morning, guest, who) }},
		{Name: "correct", Do: func() error {
			return a.Correct(ctx, actor, h.morning, h.OtherLearner.PersonID, attendance.Correction{State: attendance.Absent, Reason: "powód"})
		}},
		{Name: "open on a device", Do: func() error { return second(a.OpenOn(ctx, actor, h.morning, device)) }},
		{Name: "open again", Do: func() error { return second(a.OpenOn(ctx, actor, h.morning, device)) }},
		{Name: "heard", Do: func() error { return second(a.Heard(ctx, actor, h.morning, device)) }},
		{Name: "erased", Do: func() error { return a.Erased(ctx, actor, h.morning, device) }},
		{Name: "hours", Do: func() error { return second(a.Hours(ctx, actor, h.training)) }},
		{Name: "export", Do: func() error { return a.RecordExport(ctx, h.GuardCoordinator, h.training, 3, "csv") }},
		{Name: "day", Do: func() error { return second(a.Day(ctx, actor)) }},
		{Name: "close", Do: func() error { return a.Close(ctx, actor, h.morning, "bez arkusza") }},
		{Name: "open once more", Do: func() error { return a.Reopen(ctx, h.GuardCoordinator, h.morning, "zły arkusz") }},
	})
}

// TestNoFailureOfASheetIsSilent: the same of a photographed sheet, whose signatures are written with it or not at all.
func TestNoFailureOfASheetIsSilent(t *testing.T) {
	h := newHall(testrig.New(t))
	h.begin()
	ctx, actor, a := t.Context(), h.GuardTrainer, h.Attendance
	var photo bytes.Buffer
	h.OK(jpeg.Encode(&photo, image.NewGray(image.Rect(0, 0, 800, 600)), nil))
	sheetID := ""
	dbtest.EachFails(t, h.DB, []dbtest.Step{
		{Name: "add", Do: func() error {
			return a.AddSheet(ctx, actor, h.morning, attendance.SheetDraft{Content: photo.Bytes(), Day: h.begins, Code: attendance.SheetCode(h.morning), Signatures: number(2)})
		}},
		{Name: "of another session", Do: func() error {
			err := a.AddSheet(ctx, actor, h.afternoon, attendance.SheetDraft{Content: photo.Bytes(), Day: h.begins, Code: attendance.SheetCode(h.morning)})
			if errors.Is(err, errs.ErrInvalid) { // as it should be
				err = nil
			}
			return err
		}},
		{Name: "sheets", Do: func() error {
			list, err := a.Sheets(ctx, actor, h.morning)
			if err == nil && len(list) != 1 {
				t.Errorf("%d sheets", len(list))
			}
			for _, x := range list {
				sheetID = x.ID
			}
			return err
		}},
		{Name: "file", Do: func() error { return second(a.SheetFile(ctx, actor, h.morning, sheetID)) }},
		{Name: "withdraw", Do: func() error { return a.WithdrawSheet(ctx, actor, h.morning, sheetID, "z innego dnia") }},
	})
	if got := h.roll().Counts.Signatures; got == nil || *got != 2 {
		t.Errorf("signatures: %v", got)
	}
}
