package attendance_test

import (
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"ostoja/internal/classroom/attendance"
	"ostoja/internal/errs"
	"ostoja/internal/id"
	"ostoja/internal/testrig"
)

// What stands against closing asks for a reason; when sheet, hall and roll agree, nothing does.
func TestWhatStandsAgainstClosing(t *testing.T) {
	t.Parallel()
	n := number
	begun := attendance.Session{StartsAt: nine, EndsAt: nine.Add(4 * time.Hour)}
	now := nine.Add(time.Hour)
	guest := attendance.Row{WalkIn: true, Standing: attendance.Standing{State: attendance.Present}}
	for name, c := range map[string]struct {
		roll attendance.Roll
		want []attendance.Obstacle
	}{
		"all agree":     {attendance.Roll{Session: begun, Counts: attendance.Counts{Present: 2, Heads: n(2), Signatures: n(2)}}, nil},
		"nothing":       {attendance.Roll{Session: begun}, []attendance.Obstacle{attendance.NoSheet, attendance.NoHeads}},
		"the sheet":     {attendance.Roll{Session: begun, Counts: attendance.Counts{Heads: n(0)}}, []attendance.Obstacle{attendance.NoSheet}},
		"heads":         {attendance.Roll{Session: begun, Counts: attendance.Counts{Signatures: n(0)}}, []attendance.Obstacle{attendance.NoHeads}},
		"they disagree": {attendance.Roll{Session: begun, Counts: attendance.Counts{Present: 2, Heads: n(3), Signatures: n(2)}}, []attendance.Obstacle{attendance.Disagree}},
		"the roll":      {attendance.Roll{Session: begun, Counts: attendance.Counts{Present: 1, Heads: n(2), Signatures: n(2)}}, []attendance.Obstacle{attendance.Disagree}},
		"not begun":     {attendance.Roll{Session: attendance.Session{StartsAt: now.Add(time.Minute)}, Counts: attendance.Counts{Heads: n(0), Signatures: n(0)}}, []attendance.Obstacle{attendance.NotBegun}},
		"a walk-in":     {attendance.Roll{Session: begun, Rows: []attendance.Row{guest}, Counts: attendance.Counts{Present: 1, Heads: n(1), Signatures: n(1)}}, []attendance.Obstacle{attendance.NotChecked}},
		"a device": {attendance.Roll{
			Session: begun, Counts: attendance.Counts{Heads: n(0), Signatures: n(0)},
			Devices: []attendance.Device{{OpenedAt: nine}, {OpenedAt: nine, ErasedAt: now}, {OpenedAt: nine, HeardAt: now}},
		}, []attendance.Obstacle{attendance.Silent}},
		"no silent one": {attendance.Roll{
			Session: begun, Counts: attendance.Counts{Heads: n(0), Signatures: n(0)},
			Devices: []attendance.Device{{OpenedAt: now.Add(-5 * time.Minute)}, {OpenedAt: nine, ErasedAt: nine}, {OpenedAt: nine, HeardAt: now.Add(-5 * time.Minute)}},
		}, nil},
	} {
		if got := c.roll.Obstacles(now); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

// Of two who close at once one closes, the other is told. What comes afterwards is kept, late, and changes nothing; a correction does.
func TestClosingOnceAndForAll(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		h.begin()
		ctx, who := t.Context(), h.Learner.PersonID
		h.send("phone", h.mark(who, attendance.Present))
		h.OK(h.Attendance.Count(ctx, h.GuardTrainer, h.morning, "phone", number(1), number(1)))
		h.Clock.Advance(time.Second)
		var wg sync.WaitGroup
		results := make([]error, 4)
		for i := range results {
			wg.Go(func() { results[i] = h.Attendance.Close(ctx, h.GuardTrainer, h.morning, "") })
		}
		wg.Wait()
		closed := 0
		for _, err := range results {
			if err == nil {
				closed++
			} else if !errors.Is(err, errs.ErrConflict) {
				t.Error(err)
			}
		}
		if closed != 1 {
			t.Errorf("closed %d times", closed)
		}
		h.Clock.Advance(time.Second)
		h.send("tablet", h.mark(who, attendance.Absent), attendance.Item{ID: id.New(), Kind: attendance.KindCount, Number: 7}, attendance.Item{ID: id.New(), Kind: attendance.KindNote, Note: "po czasie"})
		r := h.roll()
		if st := h.state(who); st.State != attendance.Present || r.Late != 3 || *r.Counts.Heads != 1 || len(r.Notes) != 1 || r.Closing == nil || len(r.NoShows()) != 2 {
			t.Errorf("%+v: %d late, %d heads", st, r.Late, *r.Counts.Heads)
		}
		h.Refused("a page's mark", second(h.Attendance.Save(ctx, h.GuardTrainer, h.morning, "", []attendance.Change{{Who: who, State: attendance.Absent}})), errs.ErrConflict)
		h.Refused("opened on a device", second(h.Attendance.OpenOn(ctx, h.GuardTrainer, h.morning, id.New())), errs.ErrConflict)
		h.Refused("a correction without a reason", h.Attendance.Correct(ctx, h.GuardTrainer, h.morning, who, attendance.Correction{State: attendance.Absent}), errs.ErrInvalid)
		h.Refused("of nobody", h.Attendance.Correct(ctx, h.GuardTrainer, h.morning, id.New(), attendance.Correction{State: attendance.Absent, Reason: "powód"}), errs.ErrNotFound)
		h.OK(h.Attendance.Correct(ctx, h.GuardTrainer, h.morning, who, attendance.Correction{State: attendance.Absent, Reason: "podpis innej osoby"}))
		if st := h.state(who); st.State != attendance.Absent || st.Origin != attendance.ByCorrection {
			t.Errorf("corrected: %+v", st)
		}
		h.Refused("a trainer reopens", h.Attendance.Reopen(ctx, h.GuardTrainer, h.morning, "powód"), errs.ErrForbidden)
		h.OK(h.Attendance.Reopen(ctx, h.GuardCoordinator, h.morning, "zły arkusz"))
		h.Refused("reopened twice", h.Attendance.Reopen(ctx, h.GuardCoordinator, h.morning, "zły arkusz"), errs.ErrConflict)
		h.Refused("closed without a reason now", h.Attendance.Close(ctx, h.GuardTrainer, h.morning, ""), errs.ErrInvalid)
		h.OK(h.Attendance.Close(ctx, h.GuardTrainer, h.morning, "na arkuszu jest podpis innej osoby"))
		if r := h.roll(); len(r.Past) != 1 || r.Past[0].ReopenReason != "zły arkusz" || r.Closing.Reason == "" {
			t.Errorf("%+v, %+v", r.Past, r.Closing)
		}
	})
}

// A scan counts by when it was scanned; early ones are recorded when the session begins; the others are refused with their reason.
func TestScans(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		ctx := t.Context()
		code := func() string {
			t.Helper()
			_, shown, _, err := h.Attendance.Code(ctx, h.GuardTrainer, h.morning)
			h.OK(err)
			return shown
		}
		scan := func(shown string) attendance.Scan {
			t.Helper()
			return testrig.Must(h.Attendance.Scanned(ctx, shown))(t)
		}
		outcome := func(_ any, o attendance.Outcome, err error) attendance.Outcome { h.OK(err); return o }
		early := scan(code())
		if o := outcome(h.Attendance.Confirm(ctx, h.Learner, early)); o != attendance.Early {
			t.Errorf("early: %s", o)
		}
		h.OK(h.Attendance.RecordEarly(ctx))
		if h.state(h.Learner.PersonID).State != "" {
			t.Error("recorded before the session begins")
		}
		h.begin()
		h.OK(h.Attendance.RecordEarly(ctx))
		if st := h.state(h.Learner.PersonID); st.State != attendance.Present || st.Origin != attendance.ByCode || st.Minutes != 240 {
			t.Errorf("early: %+v", st)
		}
		shown := code()
		fresh := scan(shown)
		h.Clock.Advance(attendance.Step)
		if scan(shown).Old {
			t.Error("the code before no longer counts")
		}
		h.Clock.Advance(attendance.Step)
		if old := scan(shown); !old.Old || outcome(h.Attendance.Look(ctx, h.OtherLearner, old)) != attendance.OldCode {
			t.Error("an old code counts")
		}
		if o := outcome(h.Attendance.Confirm(ctx, h.OtherLearner, fresh)); o != attendance.Recorded {
			t.Errorf("scanned in time, confirmed a minute later: %s", o)
		}
		if o := outcome(h.Attendance.Confirm(ctx, h.OtherLearner, fresh)); o != attendance.Already {
			t.Errorf("twice: %s", o)
		}
		if o := outcome(h.Attendance.Confirm(ctx, h.PoliceTrainer, scan(code()))); o != attendance.Stranger {
			t.Errorf("without a seat: %s", o)
		}
		late := scan(code())
		h.Clock.Advance(attendance.ScanFor + time.Second)
		if o := outcome(h.Attendance.Confirm(ctx, h.PoliceLearner, late)); o != attendance.TooLate {
			t.Errorf("confirmed too late: %s", o)
		}
		last := scan(code())
		h.OK(h.Attendance.Close(ctx, h.GuardTrainer, h.morning, "bez arkusza"))
		if o := outcome(h.Attendance.Confirm(ctx, h.PoliceLearner, last)); o != attendance.IsClosed {
			t.Errorf("closed: %s", o)
		}
		list := testrig.Must(h.Attendance.RefusedScans(ctx, h.GuardTrainer, h.morning))(t)
		if len(list) != 4 {
			t.Errorf("%d scans were refused: %+v", len(list), list)
		}
		for _, none := range []string{"", "ZZZZZZ"} {
			h.Refused(none, second(h.Attendance.Scanned(ctx, none)), errs.ErrNotFound)
		}
	})
}
