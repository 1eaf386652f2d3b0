package attendance_test

import (
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/classroom/attendance"
	"ostoja/internal/errs"
	"ostoja/internal/id"
	"ostoja/internal/testrig"
)

// A device that never comes back does not stop the closing: it stands against it until somebody writes why. Should it come back after
// all, what it kept is taken, late, and is told to erase what it has; a correction makes it count.
func TestADeviceThatNeverComesBack(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		ctx, device, who := t.Context(), id.New(), h.OtherLearner.PersonID
		h.begin()
		testrig.Must(h.Attendance.OpenOn(ctx, h.GuardTrainer, h.morning, device))(t)
		kept := h.mark(who, attendance.Present) // made there, and not sent
		h.send("phone", h.mark(h.Learner.PersonID, attendance.Present))
		h.OK(h.Attendance.Count(ctx, h.GuardTrainer, h.morning, "phone", number(1), number(1)))
		h.Clock.Advance(4 * time.Hour)
		r := h.roll()
		if got := r.Obstacles(h.Clock.Now()); !slices.Equal(got, []attendance.Obstacle{attendance.Silent}) || len(r.Devices) != 1 || r.Makers[r.Devices[0].OpenedBy] == "" {
			t.Fatalf("stands against closing: %v; devices %+v", got, r.Devices)
		}
		h.Refused("closed without a reason", h.Attendance.Close(ctx, h.GuardTrainer, h.morning, ""), errs.ErrInvalid)
		h.OK(h.Attendance.Close(ctx, h.GuardTrainer, h.morning, "telefon zginął; liczy się arkusz"))
		if r = h.roll(); r.Closing == nil || r.Closing.Present != 1 || r.Closing.Reason == "" {
			t.Fatalf("closed: %+v", r.Closing)
		}
		h.Clock.Advance(20 * day)
		if strange := h.send(device, kept); len(strange) > 0 {
			t.Errorf("it keeps %v", strange)
		}
		back := testrig.Must(h.Attendance.Heard(ctx, h.GuardTrainer, h.morning, device))(t)
		row, _ := back.Row(who)
		if back.Closing == nil || back.Late != 1 || len(row.Marks) != 1 || row.Standing.State != "" || back.Counts.Present != 1 {
			t.Errorf("came back: %d late, %+v", back.Late, row)
		}
		h.OK(h.Attendance.Correct(ctx, h.GuardTrainer, h.morning, who, attendance.Correction{State: attendance.Present, Reason: "telefon się znalazł, podpis jest"}))
		if st := h.state(who); st.State != attendance.Present {
			t.Errorf("corrected: %+v", st)
		}
	})
}

// Of two trainers who close at once, each with a reason, one closes with theirs, and the other is told so; neither reason takes the other's place.
func TestTwoTrainersCloseAtOnce(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		h.begin()
		ctx := t.Context()
		reasons := []string{"brak arkusza", "arkusz w biurze"}
		results := make([]error, 2)
		var wg sync.WaitGroup
		for i, who := range []access.Actor{h.GuardTrainer, h.GuardCoordinator} {
			wg.Go(func() { results[i] = h.Attendance.Close(ctx, who, h.morning, reasons[i]) })
		}
		wg.Wait()
		first := slices.Index(results, nil)
		if first < 0 {
			t.Fatal(results)
		}
		var told *errs.Error
		if err := results[1-first]; !errors.As(err, &told) || !errors.Is(err, errs.ErrConflict) || told.Key != "hall.closed-already" {
			t.Errorf("the other is told %v", err)
		}
		by := []access.Actor{h.GuardTrainer, h.GuardCoordinator}[first]
		if c := h.roll().Closing; c == nil || c.Reason != reasons[first] || c.ClosedBy != by.PersonID {
			t.Errorf("closed: %+v", c)
		}
		if n := h.rows(`SELECT COUNT(*) FROM session_closing`); n != 1 {
			t.Errorf("%d closings", n)
		}
	})
}

// A night shift over the end of summer time lasts an hour longer than the clock on the wall says, and one over its beginning an hour less:
// so do the minutes that somebody was there, and what is reckoned from a device whose clock is right.
func TestASessionOverAClockChange(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		ctx := t.Context()
		for _, c := range []struct {
			from, until     time.Time
			whole           int
			came, left      string
			partial, before int // minutes from came, and until left
		}{
			{time.Date(2026, 10, 24, 23, 0, 0, 0, time.UTC), time.Date(2026, 10, 25, 3, 0, 0, 0, time.UTC), 240, "03:30", "01:30", 30, 30}, // 1:00 to 4:00, back at 3:00
			{time.Date(2027, 3, 28, 0, 0, 0, 0, time.UTC), time.Date(2027, 3, 28, 2, 0, 0, 0, time.UTC), 120, "03:30", "01:30", 30, 30},    // 1:00 to 4:00, forward at 2:00
		} {
			class := h.another(c.from, c.until)
			class.Seat(h.booked...)
			sessionID := class.Sessions[0]
			if now := h.Clock.Now(); now.Before(c.from.Add(time.Hour)) {
				h.Until(c.from.Add(time.Hour))
			}
			whole, came, left := h.mark(h.Learner.PersonID, attendance.Present), h.mark(h.OtherLearner.PersonID, attendance.Present), h.mark(h.PoliceLearner.PersonID, attendance.Present)
			came.From, left.Until = c.came, c.left
			strange := testrig.Must(h.Attendance.Take(ctx, h.GuardCoordinator, sessionID, attendance.Parcel{Device: "d", SentAt: h.Clock.Now(), Items: []attendance.Item{whole, came, left}}))(t)
			r := testrig.Must(h.Attendance.Roll(ctx, h.GuardCoordinator, sessionID))(t)
			for who, want := range map[string]int{h.Learner.PersonID: c.whole, h.OtherLearner.PersonID: c.partial, h.PoliceLearner.PersonID: c.before} {
				row, _ := r.Row(who)
				if row.Standing.Minutes != want || len(strange) > 0 || len(row.Marks) != 1 || row.Marks[0].Flags != "" {
					t.Errorf("%s: %d minutes, not %d; flags %q, strange %v", c.from, row.Standing.Minutes, want, row.Marks[0].Flags, strange)
				}
			}
			if hours := testrig.Must(h.Attendance.Hours(ctx, h.GuardCoordinator, class.ID))(t); hours.Lasted != c.whole {
				t.Errorf("%s: the training lasted %d minutes", c.from, hours.Lasted)
			}
			h.Refused("the hour beside it", h.Attendance.Correct(ctx, h.GuardCoordinator, sessionID, h.Learner.PersonID, attendance.Correction{State: attendance.Present, From: "04:30", Reason: "powód"}), errs.ErrInvalid)
		}
	})
}

// A sheet of another day, of another half-day of the training, or of no session of it is told so in words, and nothing of it is kept.
func TestASheetForTheWrongDay(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		ctx := t.Context()
		h.begin()
		elsewhere := h.another(h.begins.Add(48*time.Hour), h.begins.Add(52*time.Hour)).Sessions[0]
		signed := 5
		for name, c := range map[string]struct {
			day  time.Time
			code string
			want string
		}{
			"the day before":     {h.begins.Add(-day), "", "day hall.sheet.wrong-day"},
			"no day":             {time.Time{}, "", "day hall.sheet.no-day"},
			"the afternoon's":    {h.begins, attendance.SheetCode(h.afternoon), "code hall.sheet.other-session"},
			"another training's": {h.begins, attendance.SheetCode(elsewhere), "code hall.sheet.wrong-code"},
		} {
			err := h.Attendance.AddSheet(ctx, h.GuardTrainer, h.morning, attendance.SheetDraft{Content: photoOf(t, 70), Day: c.day, Code: c.code, Signatures: &signed})
			if f, _ := errs.FieldsOf(err); len(f) != 1 || f[0].Name+" "+f[0].Key != c.want {
				t.Errorf("%s: %v", name, err)
			}
		}
		if r := h.roll(); r.Counts.Signatures != nil || h.rows(`SELECT COUNT(*) FROM session_sheet`) != 0 || h.rows(`SELECT COUNT(*) FROM blob WHERE media_type = 'image/jpeg'`) != 0 {
			t.Errorf("something was kept: %+v", r.Counts)
		}
		h.OK(h.Attendance.AddSheet(ctx, h.GuardTrainer, h.morning, attendance.SheetDraft{Content: photoOf(t, 70), Day: h.begins, Code: attendance.SheetCode(h.morning), Signatures: &signed}))
		if r := h.roll(); r.Counts.Signatures == nil || *r.Counts.Signatures != signed {
			t.Errorf("its own: %+v", r.Counts)
		}
	})
}

// A stranger's scan is refused in a word, marks nobody, is shown to the trainer once, and gives no seat; with a seat the same person is recorded.
func TestAScanByAStranger(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		ctx := t.Context()
		h.begin()
		_, shown, _, err := h.Attendance.Code(ctx, h.GuardTrainer, h.morning)
		h.OK(err)
		scan := testrig.Must(h.Attendance.Scanned(ctx, shown))(t)
		for range 3 {
			if _, o, err := h.Attendance.Confirm(ctx, h.PoliceTrainer, scan); err != nil || o != attendance.Stranger || !o.Refused() {
				t.Errorf("%s, %v", o, err)
			}
		}
		_, _, err = h.Attendance.Confirm(ctx, access.Actor{}, scan)
		h.Refused("nobody's", err, errs.ErrNotFound)
		if _, found := h.roll().Row(h.PoliceTrainer.PersonID); found || h.rows(`SELECT COUNT(*) FROM attendance_mark`) != 0 {
			t.Error("a stranger is on the roll")
		}
		if list := testrig.Must(h.Attendance.RefusedScans(ctx, h.GuardTrainer, h.morning))(t); len(list) != 1 || list[0].Reason != attendance.Stranger || list[0].Name == "" {
			t.Errorf("refused: %+v", list)
		}
		h.class.Seat(h.PoliceTrainer)
		if _, o, err := h.Attendance.Confirm(ctx, h.PoliceTrainer, scan); err != nil || o != attendance.Recorded {
			t.Errorf("with a seat: %s, %v", o, err)
		}
	})
}
