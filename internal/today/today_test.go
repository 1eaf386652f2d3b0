package today_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"ostoja/internal/access"
	"ostoja/internal/errs"
	"ostoja/internal/lang"
	"ostoja/internal/testrig"
	"ostoja/internal/text"
	"ostoja/internal/today"
	"ostoja/translations"
)

var (
	now   = testrig.Start
	staff = access.Actor{PersonID: "p", Grants: []access.Grant{{Role: access.Coordinator}}}
)

func zone(t *testing.T) *time.Location {
	t.Helper()
	return testrig.Must(time.LoadLocation("Europe/Warsaw"))(t)
}

func board(list ...today.Source) *today.Service {
	return today.New(today.Deps{Log: slog.New(slog.DiscardHandler), Parts: today.Parts{Tasks: list}})
}

func fixed(name string, tasks ...today.Task) today.Source {
	return today.Source{Name: name, Read: func(context.Context, access.Actor, time.Time) ([]today.Task, error) { return tasks, nil }}
}

// Late tasks stand first and those without a deadline last, each by deadline; of one deadline their order is that of the sources. Nothing is lost or added.
func TestTasksStandByDeadline(t *testing.T) {
	warsaw := zone(t)
	rapid.Check(t, func(t *rapid.T) {
		var tasks []today.Task
		for i := range rapid.IntRange(0, 12).Draw(t, "tasks") {
			x := today.Task{Count: i}
			at := now.Add(time.Duration(rapid.IntRange(-72, 72).Draw(t, "hours")) * time.Hour)
			switch rapid.IntRange(0, 2).Draw(t, "kind") {
			case 0:
				x.Due = today.On(at, warsaw)
			case 1:
				x.Due = today.By(at)
			}
			tasks = append(tasks, x)
		}
		cut := rapid.IntRange(0, len(tasks)).Draw(t, "cut")
		b, err := board(fixed("a", tasks[:cut]...), fixed("b", tasks[cut:]...)).Board(context.Background(), staff, now)
		if err != nil {
			t.Fatal(err)
		}
		// rank is a model of its own: the last second at which a thing is in time.
		rank := func(x today.Task) int64 {
			switch {
			case x.Due.None():
				return 1 << 62
			case x.Due.Timed:
				return x.Due.At.Unix()
			}
			y, m, d := x.Due.At.In(warsaw).Date()
			return time.Date(y, m, d+1, 0, 0, 0, 0, warsaw).Unix() - 1
		}
		late := 0
		for i, x := range b.Tasks {
			isLate := !x.Due.None() && rank(x) < now.Unix()
			if isLate != x.Due.Late(now) {
				t.Fatalf("%+v: late is not %v", x.Due, isLate)
			}
			if isLate {
				if late++; late != i+1 {
					t.Fatalf("late is number %d: %+v", i, b.Tasks)
				}
			}
			if i > 0 {
				before := b.Tasks[i-1]
				if rank(before) > rank(x) || rank(before) == rank(x) && before.Due == x.Due && before.Count > x.Count {
					t.Fatalf("%+v before %+v", before, x)
				}
			}
		}
		seen := map[int]bool{}
		for _, x := range b.Tasks {
			seen[x.Count] = true
		}
		if b.Late != late || len(b.Tasks) != len(tasks) || len(seen) != len(tasks) {
			t.Fatalf("%d tasks, %d different, of %d; %d late, want %d", len(b.Tasks), len(seen), len(tasks), b.Late, late)
		}
	})
}

// A day is late when it is over, also the one that has 25 hours; a moment is late after it.
func TestWhenATaskIsLate(t *testing.T) {
	warsaw := zone(t)
	longDay := today.Day("2026-10-25", warsaw)
	for _, x := range []struct {
		due  today.Due
		at   time.Time
		late bool
	}{
		{longDay, time.Date(2026, 10, 25, 23, 59, 59, 0, warsaw), false}, {longDay, time.Date(2026, 10, 26, 0, 0, 0, 0, warsaw), true},
		{today.By(now), now, false}, {today.By(now), now.Add(time.Microsecond), true},
		{today.Due{}, now, false}, {today.Day("soon", warsaw), now, false}, {today.By(time.Time{}), now, false},
	} {
		if x.due.Late(x.at) != x.late {
			t.Errorf("%+v at %s: late is not %v", x.due, x.at, x.late)
		}
	}
}

// A part that fails is named and logged and takes nothing else with it; what concerns somebody else is not asked; who does no work here has no board.
func TestAPartThatFails(t *testing.T) {
	var log bytes.Buffer
	broken := errors.New("cause")
	asked := false
	s := today.New(today.Deps{Log: slog.New(slog.NewTextHandler(&log, nil)), Parts: today.Parts{
		Tasks: []today.Source{
			{Name: "broken", Read: func(context.Context, access.Actor, time.Time) ([]today.Task, error) {
				return []today.Task{{Count: 7}}, broken
			}},
			fixed("sound", today.Task{Count: 1}),
			{Name: "foreign", For: []access.Permission{access.GuardiansRead}, Read: func(context.Context, access.Actor, time.Time) ([]today.Task, error) {
				asked = true
				return nil, nil
			}},
			{Name: "own", For: []access.Permission{access.GuardiansRead, access.DeskRead}, Read: func(context.Context, access.Actor, time.Time) ([]today.Task, error) {
				return []today.Task{{Count: 2}}, nil
			}},
		},
		Figures: []today.Part[today.Figure]{{Name: "broken", Read: func(context.Context, access.Actor, time.Time) ([]today.Figure, error) { return nil, broken }}},
	}})
	b, err := s.Board(t.Context(), staff, now)
	if err != nil || len(b.Tasks) != 2 || b.Tasks[0].Count != 1 || b.Tasks[1].Count != 2 || !slices.Equal(b.Unread, []string{"broken"}) || asked {
		t.Errorf("%+v, %v, asked %v", b, err, asked)
	}
	if said := log.String(); !strings.Contains(said, "part=broken") || !strings.Contains(said, "cause") {
		t.Errorf("the log says %q", said)
	}
	if _, err := s.Board(t.Context(), access.Actor{PersonID: "l", Grants: []access.Grant{{Role: access.Learner}}}, now); !errors.Is(err, errs.ErrNotFound) {
		t.Errorf("a learner: %v", err)
	}
	only := today.Source{Name: "broken", Read: func(context.Context, access.Actor, time.Time) ([]today.Task, error) { return nil, broken }}
	if _, err := board(only).Board(t.Context(), staff, now); !errors.Is(err, broken) {
		t.Errorf("where nothing can be read: %v", err)
	}
}

// What comes stands by date and is cut; the next of it is what one looks forward to.
func TestWhatComes(t *testing.T) {
	var list []today.Coming
	for _, days := range []int{5, 1, 4, 2, 3} {
		list = append(list, today.Coming{From: now.AddDate(0, 0, days), Title: "x"})
	}
	s := today.New(today.Deps{Parts: today.Parts{Coming: []today.Part[today.Coming]{{Name: "c", Read: func(context.Context, access.Actor, time.Time) ([]today.Coming, error) { return list, nil }}}}})
	b := testrig.Must(s.Board(t.Context(), staff, now))(t)
	if len(b.Coming) != 4 || !b.Next().Equal(now.AddDate(0, 0, 1)) || !b.Coming[3].From.Equal(now.AddDate(0, 0, 4)) {
		t.Errorf("%+v", b.Coming)
	}
	if !(today.Board{}).Next().IsZero() {
		t.Error("nothing has a date")
	}
}

// Values are written as the reader's language writes them.
func TestWordsInALanguage(t *testing.T) {
	p := testrig.Must(lang.Load(translations.FS, zone(t)))(t).Printer("pl")
	for _, x := range []struct {
		said today.Said
		want string
	}{
		{today.Said{}, ""},
		{today.Words(func(p *lang.Printer) string { return p.Tag() }), "pl"},
		{today.Say("today.nothing-until", "Day", now), "Nic nie czeka. Najbliższy termin: 23\u00a0października 2026."},
		{today.Say("today.nothing-until", "Day", today.Moment(now)), "Nic nie czeka. Najbliższy termin: " + p.DateTime(now) + "."},
		{today.Say("today.led-by", "Name", text.Translated{"pl": "Ewa", "en": "Eve"}), "Prowadzi Ewa."},
		{today.Say("today.led-by", "Name", today.Count("today.waits", 5)), "Prowadzi 5 spraw."},
		{today.Count("today.seats", 20, "Taken", 16), "16 z 20 miejsc"},
	} {
		if got := x.said.In(p); got != x.want {
			t.Errorf("%q, want %q", got, x.want)
		}
	}
}
