package attendance_test

import (
	"testing"
	"time"

	"ostoja/internal/classroom/attendance"
	"ostoja/internal/db/dbtest"
	"ostoja/internal/id"
	"ostoja/internal/testrig"
)

// TestTheAfternoonAsTheMorning: the list of the afternoon takes over who was there in the morning and who was not, but for those who have a mark already and those who were
// there for a part; nothing is taken over twice.
func TestTheAfternoonAsTheMorning(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		ctx, actor, a := t.Context(), h.GuardTrainer, h.Attendance
		afternoon := func() attendance.Roll { return testrig.Must(a.Roll(ctx, actor, h.afternoon))(t) }
		if afternoon().Earlier != nil {
			t.Error("nobody is marked in the morning, and it could be taken over")
		}
		h.begin()
		h.send("phone", h.mark(h.Learner.PersonID, attendance.Present), h.mark(h.OtherLearner.PersonID, attendance.Absent))
		h.OK(a.Detail(ctx, actor, h.morning, "phone", h.PoliceLearner.PersonID, attendance.Correction{State: attendance.Present, From: "11:20", Until: "12:00"}))
		if h.roll().Earlier != nil {
			t.Error("the morning takes over from itself")
		}
		h.Until(h.begins.Add(5*time.Hour + time.Minute))
		r := afternoon()
		if r.Earlier == nil || r.Earlier.ID != h.morning {
			t.Fatalf("%+v", r.Earlier)
		}
		if present, absent := r.Earlier.Count(); present != 1 || absent != 1 {
			t.Errorf("%d present and %d absent can be taken over", present, absent)
		}
		if _, err := a.Take(ctx, actor, h.afternoon, attendance.Parcel{Device: "phone", SentAt: h.Clock.Now(), Items: []attendance.Item{{ID: id.New(), Kind: attendance.KindMark, Who: h.OtherLearner.PersonID, State: attendance.Present, MadeAt: h.Clock.Now()}}}); err != nil {
			t.Fatal(err)
		}
		for range 2 {
			r = testrig.Must(a.Again(ctx, actor, h.afternoon, "phone"))(t)
			if present, absent, unmarked := r.Tally(); present != 2 || absent != 0 || unmarked != 1 || r.Earlier != nil {
				t.Errorf("%d present, %d absent, %d without a mark, %+v", present, absent, unmarked, r.Earlier)
			}
		}
		for name, by := range h.Everybody() {
			if by.PersonID == h.PoliceTrainer.PersonID || name == "nobody" {
				if _, err := a.Again(ctx, by, h.afternoon, "phone"); err == nil {
					t.Errorf("%s takes over a list", name)
				}
			}
		}
	})
}

// TestTheNextListOfTheDay is the one that has begun and is open.
func TestTheNextListOfTheDay(t *testing.T) {
	h := newHall(testrig.New(t))
	zone, err := time.LoadLocation("Europe/Warsaw")
	h.OK(err)
	if next := h.roll().Next(h.begins, zone); next != nil {
		t.Errorf("it has not begun: %+v", next)
	}
	h.Until(h.begins.Add(5 * time.Hour))
	if next := h.roll().Next(h.Clock.Now(), zone); next == nil || next.ID != h.afternoon {
		t.Errorf("%+v", next)
	}
	h.Until(h.begins.Add(10 * time.Hour))
	h.OK(h.Attendance.Close(t.Context(), h.GuardTrainer, h.afternoon, "bez arkusza"))
	if next := h.roll().Next(h.Clock.Now(), zone); next != nil {
		t.Errorf("it is closed: %+v", next)
	}
}

func TestNoFailureOfTakingOverIsSilent(t *testing.T) {
	h := newHall(testrig.New(t))
	h.begin()
	h.send("phone", h.mark(h.Learner.PersonID, attendance.Present))
	h.Until(h.begins.Add(5 * time.Hour))
	dbtest.EachFails(t, h.DB, []dbtest.Step{{Name: "again", Do: func() error { return second(h.Attendance.Again(t.Context(), h.GuardTrainer, h.afternoon, "phone")) }}})
}
