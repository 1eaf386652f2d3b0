package attendance_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"ostoja/internal/classroom/attendance"
)

var (
	nine   = time.Date(2026, 11, 30, 8, 0, 0, 0, time.UTC) // 9:00 in Warsaw
	warsaw = func() *time.Location {
		zone, err := time.LoadLocation("Europe/Warsaw")
		if err != nil {
			panic(err)
		}
		return zone
	}()
	morning = attendance.Span{From: nine, Until: nine.Add(4 * time.Hour)}
)

// marks draws marks of one person from two devices, among them some that take others back, in time and too late.
func marks() *rapid.Generator[[]attendance.Mark] {
	return rapid.Custom(func(t *rapid.T) (list []attendance.Mark) {
		for i := range rapid.IntRange(0, 8).Draw(t, "marks") {
			at := nine.Add(time.Duration(rapid.IntRange(-10, 250).Draw(t, "at")) * time.Minute)
			m := attendance.Mark{
				ID: fmt.Sprintf("m%d", i), At: at, MadeAt: at, Device: rapid.SampledFrom([]string{"one", "two", ""}).Draw(t, "device"),
				State: rapid.SampledFrom([]attendance.State{attendance.Present, attendance.Absent, attendance.Undone}).Draw(t, "state"),
				Flags: rapid.SampledFrom([]attendance.Flags{"", "", "clock", "late", "late clock"}).Draw(t, "flags"),
			}
			if m.State == attendance.Undone {
				m.Undoes = fmt.Sprintf("m%d", rapid.IntRange(0, 8).Draw(t, "undoes"))
			}
			if m.State == attendance.Present && rapid.Bool().Draw(t, "partly") {
				from := nine.Add(time.Duration(rapid.IntRange(-60, 300).Draw(t, "from")) * time.Minute)
				until := nine.Add(time.Duration(rapid.IntRange(-60, 300).Draw(t, "until")) * time.Minute)
				m.FromAt, m.UntilAt = &from, &until
			}
			list = append(list, m)
		}
		return list
	})
}

// What marks come to depends neither on the order in which they arrived nor on how often, and never on one that came after the
// closing; the minutes are never more than the session's.
func TestMarksComeToTheSameHoweverTheyArrive(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		list := marks().Draw(t, "list")
		want := attendance.Reckon(morning, list)
		again := append(slices.Clone(list), list...)
		shuffle := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		shuffle.Shuffle(len(again), func(i, j int) { again[i], again[j] = again[j], again[i] })
		if got := attendance.Reckon(morning, again); got != want {
			t.Fatalf("%+v, and twice in another order %+v", want, got)
		}
		timely := slices.DeleteFunc(slices.Clone(list), func(m attendance.Mark) bool { return slices.Contains(m.Flags.Words(), "late") })
		if got := attendance.Reckon(morning, timely); got != want {
			t.Fatalf("%+v, and without what came late %+v", want, got)
		}
		if want.Minutes < 0 || want.Minutes > morning.Minutes() || want.State != attendance.Present && want.Minutes != 0 {
			t.Fatalf("%d minutes of %d, %q", want.Minutes, morning.Minutes(), want.State)
		}
		if i := slices.IndexFunc(list, func(m attendance.Mark) bool { return m.ID == want.MarkID }); i >= 0 {
			// Taken back on its device within the time, the mark counts for nothing; on another device, or later, it stays.
			m := list[i]
			undo := attendance.Mark{ID: "u", State: attendance.Undone, Undoes: m.ID, Device: m.Device, MadeAt: m.MadeAt.Add(attendance.UndoFor), At: m.At.Add(attendance.UndoFor)}
			if got := attendance.Reckon(morning, append(slices.Clone(list), undo)); m.Device != "" && got.MarkID == m.ID {
				t.Fatalf("%+v was taken back and counts", m)
			}
			undo.MadeAt = undo.MadeAt.Add(time.Microsecond)
			if got := attendance.Reckon(morning, append(slices.Clone(list), undo)); got != want {
				t.Fatalf("%+v was taken back too late", m)
			}
			undo.MadeAt, undo.Device = m.MadeAt, "three"
			if got := attendance.Reckon(morning, append(slices.Clone(list), undo)); got != want {
				t.Fatalf("%+v was taken back on another device", m)
			}
		} else if want.State != "" {
			t.Fatalf("%+v comes of no mark", want)
		}
	})
}

func TestTheNewestMarkCounts(t *testing.T) {
	t.Parallel()
	ten, eleven := nine.Add(80*time.Minute), nine.Add(3*time.Hour)
	mark := func(id string, s attendance.State, minute int) attendance.Mark {
		at := nine.Add(time.Duration(minute) * time.Minute)
		return attendance.Mark{ID: id, State: s, At: at, MadeAt: at, Device: "one"}
	}
	partly := mark("p", attendance.Present, 30)
	partly.FromAt, partly.UntilAt, partly.Note = &ten, &eleven, "lekarz"
	for name, c := range map[string]struct {
		marks   []attendance.Mark
		state   attendance.State
		minutes int
	}{
		"none":            {nil, "", 0},
		"present":         {[]attendance.Mark{mark("a", attendance.Present, 1)}, attendance.Present, 240},
		"absent":          {[]attendance.Mark{mark("a", attendance.Absent, 1)}, attendance.Absent, 0},
		"changed":         {[]attendance.Mark{mark("a", attendance.Present, 1), mark("b", attendance.Absent, 2)}, attendance.Absent, 0},
		"partly":          {[]attendance.Mark{mark("a", attendance.Absent, 1), partly}, attendance.Present, 100},
		"taken back":      {[]attendance.Mark{mark("a", attendance.Present, 1), {ID: "u", State: attendance.Undone, Undoes: "a", Device: "one", MadeAt: nine.Add(2 * time.Minute), At: nine.Add(2 * time.Minute)}}, "", 0},
		"the one before":  {[]attendance.Mark{mark("a", attendance.Present, 1), mark("b", attendance.Absent, 2), {ID: "u", State: attendance.Undone, Undoes: "b", Device: "one", MadeAt: nine.Add(3 * time.Minute), At: nine.Add(3 * time.Minute)}}, attendance.Present, 240},
		"at once, by ids": {[]attendance.Mark{mark("b", attendance.Absent, 1), mark("a", attendance.Present, 1)}, attendance.Absent, 0},
	} {
		if got := attendance.Reckon(morning, c.marks); got.State != c.state || got.Minutes != c.minutes {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

// A clock on the wall shows an hour twice when it is put back, and leaves one out when it is put forward; a session is as long as it is.
func TestTimesOverAClockChange(t *testing.T) {
	t.Parallel()
	at := func(s string) time.Time {
		v, err := time.Parse(time.RFC3339, s)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	back := attendance.Span{From: at("2026-10-25T01:00:00+02:00"), Until: at("2026-10-25T04:00:00+01:00")}     // four hours
	forward := attendance.Span{From: at("2027-03-28T01:00:00+01:00"), Until: at("2027-03-28T04:00:00+02:00")}  // two
	second := attendance.Span{From: at("2026-10-25T02:00:00+01:00"), Until: at("2026-10-25T04:00:00+01:00")}   // begins in the hour's repetition
	midnight := attendance.Span{From: at("2026-11-30T22:00:00+01:00"), Until: at("2026-12-01T02:00:00+01:00")} // into the next day
	if back.Minutes() != 240 || forward.Minutes() != 120 {
		t.Errorf("%d and %d minutes", back.Minutes(), forward.Minutes())
	}
	for _, c := range []struct {
		span  attendance.Span
		clock string
		want  string
	}{
		{morning, "10:20", "2026-11-30T09:20:00Z"}, {morning, "8:00", "2026-11-30T07:00:00Z"}, {morning, " 9:00 ", "2026-11-30T08:00:00Z"},
		{back, "01:30", "2026-10-24T23:30:00Z"}, {back, "02:30", "2026-10-25T00:30:00Z"}, {back, "03:30", "2026-10-25T02:30:00Z"},
		{second, "02:30", "2026-10-25T01:30:00Z"}, {forward, "03:30", "2027-03-28T01:30:00Z"},
		{midnight, "23:00", "2026-11-30T22:00:00Z"}, {midnight, "01:30", "2026-12-01T00:30:00Z"},
	} {
		got := attendance.TimeOfDay(c.span, c.clock, warsaw)
		if got == nil || !got.Equal(at(c.want)) {
			t.Errorf("%s: %v, want %s", c.clock, got, c.want)
		}
	}
	for _, none := range []string{"", "x", "25:00", "9", "9:61"} {
		if got := attendance.TimeOfDay(morning, none, warsaw); got != nil {
			t.Errorf("%q: %v", none, got)
		}
	}
	if got := attendance.TimeOfDay(forward, "02:30", warsaw); got == nil {
		t.Error("the hour that is left out is no time at all")
	}
}

// Only three equal numbers agree.
func TestCountsAgree(t *testing.T) {
	t.Parallel()
	n := func(i int) *int { return &i }
	for _, c := range []struct {
		counts attendance.Counts
		want   bool
	}{
		{attendance.Counts{}, false}, {attendance.Counts{Heads: n(0)}, false}, {attendance.Counts{Signatures: n(0)}, false}, {attendance.Counts{Heads: n(0), Signatures: n(0)}, true},
		{attendance.Counts{Present: 7, Heads: n(7), Signatures: n(7)}, true}, {attendance.Counts{Present: 6, Heads: n(7), Signatures: n(7)}, false},
		{attendance.Counts{Present: 7, Heads: n(6), Signatures: n(7)}, false}, {attendance.Counts{Present: 7, Heads: n(7), Signatures: n(6)}, false},
		{attendance.Counts{Present: 7, Heads: n(7)}, false},
	} {
		if c.counts.Agree() != c.want {
			t.Errorf("%+v: not %v", c.counts, c.want)
		}
	}
}
