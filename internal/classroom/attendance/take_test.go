package attendance_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/classroom"
	"ostoja/internal/classroom/attendance"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/id"
	"ostoja/internal/identity"
	"ostoja/internal/testrig"
)

// What is sent twice counts once; two people never count as one, even under one id; what nobody can read comes back, and the rest is
// stored all the same.
func TestWhatIsSentTwiceCountsOnce(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		h.begin()
		device := id.New()
		first, second := h.mark(h.Learner.PersonID, attendance.Present), h.mark(h.OtherLearner.PersonID, attendance.Absent)
		for range 3 {
			if strange := h.send(device, first, second); len(strange) != 0 {
				t.Errorf("strange: %v", strange)
			}
		}
		count := func() int {
			return testrig.Must(db.One[int](t.Context(), h.DB, `SELECT COUNT(*) FROM attendance_mark`))(t)
		}
		if n := count(); n != 2 {
			t.Errorf("%d marks", n)
		}
		twin := h.mark(h.PoliceLearner.PersonID, attendance.Present)
		twin.ID = first.ID
		for range 2 {
			h.send(device, twin)
		}
		if n := count(); n != 3 || h.state(h.Learner.PersonID).State != attendance.Present || h.state(h.PoliceLearner.PersonID).State != attendance.Present {
			t.Errorf("%d marks: two people counted as one", n)
		}
		bad := []attendance.Item{
			{ID: "x", Kind: attendance.KindMark, Who: h.Learner.PersonID, State: attendance.Present},
			{ID: id.New(), Kind: attendance.KindMark, Who: id.New(), State: attendance.Present},
			{ID: id.New(), Kind: attendance.KindMark, Who: h.Learner.PersonID, State: "asleep"},
			{ID: id.New(), Kind: "dance"}, {ID: id.New(), Kind: attendance.KindWalkIn, Name: " "}, {ID: id.New(), Kind: attendance.KindCount, Number: -1},
		}
		if strange := h.send(device, append(slices.Clone(bad), h.mark(h.OtherLearner.PersonID, attendance.Present))...); len(strange) != len(bad) {
			t.Errorf("strange: %v", strange)
		}
		if h.state(h.OtherLearner.PersonID).State != attendance.Present {
			t.Error("what stood beside something that could not be read was lost")
		}
		if _, err := h.Attendance.Take(t.Context(), h.GuardTrainer, h.morning, attendance.Parcel{Items: make([]attendance.Item, 501)}); !errors.Is(err, errs.ErrInvalid) {
			t.Errorf("501 at once: %v", err)
		}
	})
}

// Nothing is refused for being unusual: it is taken with a flag.
func TestWhatIsUnusualIsTakenWithAFlag(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		h.Until(h.begins.Add(30 * time.Minute))
		now := h.Clock.Now()
		outsider := h.PoliceTrainer.PersonID
		for _, c := range []struct {
			name   string
			sentAt time.Time
			item   attendance.Item
			flags  string
			at     time.Time
		}{
			{"as usual", now, attendance.Item{Who: h.Learner.PersonID, MadeAt: now.Add(-5 * time.Minute)}, "", now.Add(-5 * time.Minute)},
			{"without times", time.Time{}, attendance.Item{Who: h.Learner.PersonID}, "", now},
			{"two minutes off", now.Add(2 * time.Minute), attendance.Item{Who: h.Learner.PersonID, MadeAt: now}, "", now},
			{"a clock that is an hour behind", now.Add(-time.Hour), attendance.Item{Who: h.Learner.PersonID, MadeAt: now.Add(-70 * time.Minute)}, "clock", now.Add(-10 * time.Minute)},
			{"a clock that is a year ahead", now.AddDate(1, 0, 0), attendance.Item{Who: h.Learner.PersonID, MadeAt: now.AddDate(1, 0, 0).Add(-time.Minute)}, "clock", now.Add(-time.Minute)},
			{"made in the future", now, attendance.Item{Who: h.Learner.PersonID, MadeAt: now.Add(time.Hour)}, "clock", now},
			{"without a seat", now, attendance.Item{Who: outsider, MadeAt: now}, "unbooked", now},
			{"yesterday", now, attendance.Item{Who: h.Learner.PersonID, MadeAt: now.Add(-24 * time.Hour)}, "outside", now.Add(-24 * time.Hour)},
			{"from before the session", now, attendance.Item{Who: h.Learner.PersonID, MadeAt: now, From: "7:00"}, "outside", now},
			{"until before from", now, attendance.Item{Who: h.Learner.PersonID, MadeAt: now, From: "12:00", Until: "11:30"}, "outside", now},
		} {
			c.item.ID, c.item.Kind, c.item.State = id.New(), attendance.KindMark, attendance.Present
			strange := testrig.Must(h.Attendance.Take(t.Context(), h.GuardTrainer, h.morning, attendance.Parcel{Device: id.New(), SentAt: c.sentAt, Items: []attendance.Item{c.item}}))(t)
			row, _ := h.roll().Row(c.item.Who)
			i := slices.IndexFunc(row.Marks, func(m attendance.Mark) bool { return m.ID == c.item.ID })
			if len(strange) != 0 || i < 0 {
				t.Errorf("%s: refused", c.name)
				continue
			}
			if m := row.Marks[i]; string(m.Flags) != c.flags || !m.At.Equal(c.at) || !m.ReceivedAt.Equal(now) {
				t.Errorf("%s: %q at %v, want %q at %v", c.name, m.Flags, m.At, c.flags, c.at)
			}
		}
	})
}

// People who came without a seat: two of one name stay two, and one who is found among the people counts once, with all marks.
func TestWalkIns(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		h.begin()
		device := id.New()
		one, two := id.New(), id.New()
		for _, guest := range []string{one, two} {
			h.send(device, attendance.Item{ID: guest, Kind: attendance.KindWalkIn, Name: "Anna Nowa", Institution: "PCPR"}, h.mark(guest, attendance.Present))
		}
		if r := h.roll(); len(r.Rows) != 5 || r.Counts.Present != 2 || !r.Rows[4].WalkIn || r.Rows[4].Name != "Anna Nowa" {
			t.Fatalf("%d rows, %d present", len(r.Rows), r.Counts.Present)
		}
		other := attendance.Item{ID: one, Kind: attendance.KindWalkIn, Name: "Ktoś Inny"}
		if strange := h.send(device, other); len(strange) != 1 {
			t.Error("another's walk-in under the same id was taken for the same")
		}
		h.send(device, h.mark(h.Learner.PersonID, attendance.Present))
		ctx := t.Context()
		h.OK(h.Attendance.Link(ctx, h.GuardTrainer, h.morning, one, h.Learner.PersonID))
		r := h.roll()
		row, _ := r.Row(h.Learner.PersonID)
		if len(r.Rows) != 4 || r.Counts.Present != 2 || len(row.Marks) != 2 {
			t.Errorf("found: %d rows, %d present, %d marks", len(r.Rows), r.Counts.Present, len(row.Marks))
		}
		h.OK(h.Attendance.Link(ctx, h.GuardTrainer, h.morning, one, h.OtherLearner.PersonID))
		if h.state(h.OtherLearner.PersonID).State != attendance.Present || h.state(h.Learner.PersonID).State != attendance.Present {
			t.Error("linked to somebody else, the marks are not theirs")
		}
		h.OK(h.Attendance.Link(ctx, h.GuardTrainer, h.morning, one, ""))
		hours := testrig.Must(h.Attendance.Hours(ctx, h.GuardTrainer, h.training))(t)
		for _, p := range hours.People {
			if want := p.PersonID == h.Learner.PersonID; (p.Minutes == 240) != want {
				t.Errorf("%s: %d minutes", p.FamilyName, p.Minutes)
			}
		}
		h.Refused("a walk-in that there is not", h.Attendance.Link(ctx, h.GuardTrainer, h.morning, id.New(), h.Learner.PersonID), errs.ErrNotFound)
		h.Refused("somebody of whom the trainer may not know", h.Attendance.Link(ctx, h.GuardTrainer, h.morning, one, h.PoliceTrainer.PersonID), errs.ErrNotFound)
	})
}

// A page changes what somebody changed on it, and nothing that it only repeats.
func TestAPageOverwritesNothingThatItOnlyRepeats(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		h.begin()
		ctx, a, b := t.Context(), h.Learner.PersonID, h.OtherLearner.PersonID
		save := func(changes ...attendance.Change) {
			t.Helper()
			testrig.Must(h.Attendance.Save(ctx, h.GuardTrainer, h.morning, "page", changes))(t)
			h.Clock.Advance(time.Second)
		}
		save(attendance.Change{Who: a, State: attendance.Present})
		save(attendance.Change{Who: a, State: attendance.Absent, Seen: attendance.Present})
		save(attendance.Change{Who: a, State: attendance.Present, Seen: attendance.Present}, attendance.Change{Who: b, State: attendance.Present}) // a page from before
		save(attendance.Change{Who: b, State: attendance.Present})                                                                                 // sent twice
		if h.state(a).State != attendance.Absent || h.state(b).State != attendance.Present {
			t.Errorf("%q and %q", h.state(a).State, h.state(b).State)
		}
		if row, _ := h.roll().Row(b); len(row.Marks) != 1 {
			t.Errorf("%d marks", len(row.Marks))
		}
		save(attendance.Change{Who: id.New(), State: attendance.Present}) // somebody who is not there any more
		r := testrig.Must(h.Attendance.Rest(ctx, h.GuardTrainer, h.morning, "page"))(t)
		if present, absent, unmarked := r.Tally(); present != 2 || absent != 1 || unmarked != 0 {
			t.Errorf("the others are present: %d, %d, %d", present, absent, unmarked)
		}
		if r = testrig.Must(h.Attendance.WalkIn(ctx, h.GuardTrainer, h.morning, "page", "Jan Nowy", ""))(t); r.Counts.Present != 3 {
			t.Errorf("%d present", r.Counts.Present)
		}
		for _, name := range []string{"", strings.Repeat("ż", 501)} {
			if _, err := h.Attendance.WalkIn(ctx, h.GuardTrainer, h.morning, "page", name, ""); !errors.Is(err, errs.ErrInvalid) {
				t.Errorf("a name of %d: %v", len(name), err)
			}
		}
	})
}

// A mark is taken back on its device for a quarter of an hour, and afterwards corrected.
func TestUndo(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		h.begin()
		ctx, who := t.Context(), h.Learner.PersonID
		h.send("phone", h.mark(who, attendance.Present))
		h.Refused("on another device", h.Attendance.Undo(ctx, h.GuardTrainer, h.morning, "tablet", who), errs.ErrConflict)
		h.Clock.Advance(attendance.UndoFor + time.Microsecond)
		h.Refused("too late", h.Attendance.Undo(ctx, h.GuardTrainer, h.morning, "phone", who), errs.ErrConflict)
		h.Clock.Advance(-time.Microsecond)
		h.OK(h.Attendance.Undo(ctx, h.GuardTrainer, h.morning, "phone", who))
		if st := h.state(who); st.State != "" {
			t.Errorf("taken back: %+v", st)
		}
		h.Refused("twice", h.Attendance.Undo(ctx, h.GuardTrainer, h.morning, "phone", who), errs.ErrConflict)
		h.Refused("of nobody", h.Attendance.Undo(ctx, h.GuardTrainer, h.morning, "phone", id.New()), errs.ErrNotFound)
	})
}

// From and until count in minutes, up to the session's ends and no further.
func TestPartialDays(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		h.begin() // 11:00 in Warsaw, until 15:00
		ctx, who := t.Context(), h.Learner.PersonID
		for _, c := range []struct {
			from, until, field string
			minutes            int
		}{
			{"", "", "", 240}, {"11:20", "", "", 220}, {"", "14:00", "", 180}, {"11:20", "14:00", "", 160}, {"11:00", "15:00", "", 240},
			{"10:59", "", "from", 0}, {"", "15:01", "until", 0}, {"x", "", "from", 0}, {"14:00", "12:00", "until", 0}, {"14:00", "14:00", "until", 0},
		} {
			err := h.Attendance.Detail(ctx, h.GuardTrainer, h.morning, "page", who, attendance.Correction{State: attendance.Present, From: c.from, Until: c.until, Note: "lekarz"})
			h.Clock.Advance(time.Second)
			if fields, wrong := errs.FieldsOf(err); wrong || c.field != "" {
				if len(fields) != 1 || fields[0].Name != c.field {
					t.Errorf("%s to %s: %v", c.from, c.until, err)
				}
				continue
			}
			if st := h.state(who); st.Minutes != c.minutes || st.Note != "lekarz" {
				t.Errorf("%s to %s: %+v", c.from, c.until, st)
			}
		}
		h.Refused("nobody", h.Attendance.Detail(ctx, h.GuardTrainer, h.morning, "page", id.New(), attendance.Correction{State: attendance.Present}), errs.ErrNotFound)
		h.Refused("no state", h.Attendance.Detail(ctx, h.GuardTrainer, h.morning, "page", who, attendance.Correction{}), errs.ErrInvalid)
	})
}

// Who has the right in the training's unit, and who holds the session: nobody else knows of the roll.
func TestWhoMayMark(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		h.begin()
		may := map[string]bool{"administrator": true, "coordinator": true, "coordinator of the guard": true, "trainer of the guard": true}
		try := func() {
			t.Helper()
			for name, a := range h.Everybody() {
				for what, err := range map[string]error{
					"read":   second(h.Attendance.Roll(t.Context(), a, h.morning)),
					"mark":   second(h.Attendance.Save(t.Context(), a, h.morning, "", nil)),
					"send":   second(h.Attendance.Take(t.Context(), a, h.morning, attendance.Parcel{})),
					"sheets": second(h.Attendance.Sheets(t.Context(), a, h.morning)),
					"scans":  second(h.Attendance.RefusedScans(t.Context(), a, h.morning)),
				} {
					if may[name] && err != nil || !may[name] && !errors.Is(err, errs.ErrNotFound) {
						t.Errorf("%s may %s: %v", name, what, err)
					}
				}
			}
		}
		try()
		watches := h.Person("Olga", "Obserwująca", h.Office, identity.RoleDraft{Role: access.Trainer, UnitID: h.Office})
		h.class.Team(map[classroom.Part]access.Actor{classroom.Co: h.PoliceTrainer, classroom.Observer: watches})
		h.Refused("who watches", second(h.Attendance.Roll(t.Context(), watches, h.morning)), errs.ErrNotFound)
		may["trainer of the police"] = true
		try()
		// No service names somebody from outside the team; the rule holds for them all the same.
		h.exec(`INSERT INTO session_trainer (session_id, person_id) VALUES (?, ?)`, h.morning, h.SecondAuthor.PersonID)
		may["trainer of the police"], may["second author"] = false, true
		try()
		day := testrig.Must(h.Attendance.Day(t.Context(), h.SecondAuthor))(t)
		if len(day.Today) != 1 || day.Today[0].ID != h.morning || len(day.Close) != 0 {
			t.Errorf("what a session's trainer has before them: %+v", day)
		}
		for _, sessionID := range []string{"", "x", id.New()} {
			h.Refused("a session that there is not", second(h.Attendance.Roll(t.Context(), h.Admin, sessionID)), errs.ErrNotFound)
		}
	})
}

func second[T any](_ T, err error) error { return err }

// A day has what is held, what is soon to be opened on a device, and what nobody has closed.
func TestADayOfATrainer(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		ids := func(list []attendance.Session) (s string) {
			for _, x := range list {
				s += map[string]string{h.morning: "m", h.afternoon: "a"}[x.ID]
			}
			return s
		}
		for _, c := range []struct {
			after              time.Duration
			soon, today, close string
		}{{-3 * 24 * time.Hour, "", "", ""}, {-24 * time.Hour, "ma", "", ""}, {0, "", "ma", ""}, {24 * time.Hour, "", "", "ma"}, {200 * 24 * time.Hour, "", "", ""}} {
			h.Until(testrig.Start.Add(c.after))
			d := testrig.Must(h.Attendance.Day(t.Context(), h.GuardTrainer))(t)
			if ids(d.Soon) != c.soon || ids(d.Today) != c.today || ids(d.Close) != c.close {
				t.Errorf("%v on: soon %q, today %q, to close %q", c.after, ids(d.Soon), ids(d.Today), ids(d.Close))
			}
		}
		if d := testrig.Must(h.Attendance.Day(t.Context(), access.Actor{}))(t); len(d.Today)+len(d.Soon)+len(d.Close) != 0 {
			t.Error("nobody has sessions")
		}
	})
}
