package reminder_test

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"ostoja/internal/desk/reminder"
	"ostoja/internal/holiday"
)

var zone = func() *time.Location {
	z, err := time.LoadLocation("Europe/Warsaw")
	if err != nil {
		panic(err)
	}
	return z
}()

func day(s string) reminder.Day {
	t, err := time.ParseInLocation(time.DateOnly, s, zone)
	if err != nil {
		panic(err)
	}
	return reminder.DayOf(t, zone)
}

func TestWhatARuleOwes(t *testing.T) {
	due := reminder.Round{Due: day("2026-12-15"), Active: day("2026-11-01")}
	before := reminder.Plan{Kind: reminder.Before, Days: 14, Every: 7, Most: 3, Since: day("2026-11-01")}
	after := reminder.Plan{Kind: reminder.After, Days: 3, Most: 1, Since: day("2026-11-01")}
	idle := reminder.Plan{Kind: reminder.Idle, Days: 14, Most: 1, Since: day("2026-11-01")}
	for name, c := range map[string]struct {
		p     reminder.Plan
		r     reminder.Round
		sent  []string
		today string
		want  string // "": nothing
	}{
		"the day before its day":    {before, due, nil, "2026-11-30", ""},
		"on its day":                {before, due, nil, "2026-12-01", "2026-12-01"},
		"a day later, not sent":     {before, due, nil, "2026-12-02", "2026-12-01"},
		"a day later, sent":         {before, due, []string{"2026-12-01"}, "2026-12-02", ""},
		"a week later":              {before, due, []string{"2026-12-01"}, "2026-12-08", "2026-12-08"},
		"missed, the latest alone":  {before, due, nil, "2026-12-09", "2026-12-08"},
		"on the due day":            {before, due, []string{"2026-12-01", "2026-12-08"}, "2026-12-15", "2026-12-15"},
		"after the due day":         {before, due, nil, "2026-12-16", ""},
		"all were sent":             {before, due, []string{"2026-11-30", "2026-12-01", "2026-12-08"}, "2026-12-15", ""},
		"no due day":                {before, reminder.Round{Active: due.Active}, nil, "2026-12-01", ""},
		"after: not yet":            {after, due, nil, "2026-12-17", ""},
		"after":                     {after, due, nil, "2026-12-18", "2026-12-18"},
		"after: too old":            {after, due, nil, "2027-01-01", ""},
		"after: on the due day":     {after, due, nil, "2026-12-15", ""},
		"idle":                      {idle, due, nil, "2026-11-15", "2026-11-15"},
		"idle: a step was taken":    {idle, reminder.Round{Active: day("2026-11-10")}, []string{"2026-11-15"}, "2026-11-20", ""},
		"the due day moved forward": {after, reminder.Round{Due: day("2026-12-20")}, []string{"2026-12-18"}, "2026-12-23", ""},
	} {
		var sent []reminder.Day
		for _, s := range c.sent {
			sent = append(sent, day(s))
		}
		got, ok := c.p.Owes(c.r, sent, day(c.today))
		if ok != (c.want != "") || ok && got != day(c.want) {
			t.Errorf("%s: %s %v, want %q", name, got.In(zone), ok, c.want)
		}
	}
	changed := before
	if changed.Since = day("2026-12-02"); true {
		if got, ok := changed.Owes(due, nil, day("2026-12-02")); ok {
			t.Errorf("what was due before the rule was switched on is sent: %s", got.In(zone))
		}
	}
	if changed.Since, changed.Until = day("2026-11-01"), day("2026-12-05"); true {
		if _, ok := changed.Owes(due, nil, day("2026-12-08")); ok {
			t.Error("a rule writes after its last day")
		}
	}
}

// TestLettersOfAForecast: for whatever plan and person no more than one letter a week, on working days, within the plan's bounds, and what
// is owed is not owed again once it was sent.
func TestLettersOfAForecast(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		today := day("2026-11-02") + reminder.Day(rapid.IntRange(0, 200).Draw(t, "today"))
		p := reminder.Plan{
			Kind: rapid.SampledFrom(reminder.Kinds).Draw(t, "kind"), Days: rapid.IntRange(1, 60).Draw(t, "days"), Every: rapid.SampledFrom([]int{0, 7, 8, 30}).Draw(t, "every"),
			Most: rapid.IntRange(1, 5).Draw(t, "most"), Since: today - reminder.Day(rapid.IntRange(0, 40).Draw(t, "since")),
		}
		if rapid.Bool().Draw(t, "ends") {
			p.Until = today + reminder.Day(rapid.IntRange(0, 40).Draw(t, "until"))
		}
		s := reminder.Standing{Round: reminder.Round{Active: today - reminder.Day(rapid.IntRange(0, 90).Draw(t, "active"))}}
		if rapid.Bool().Draw(t, "has a day") {
			s.Due = today + reminder.Day(rapid.IntRange(-60, 60).Draw(t, "due"))
		}
		if rapid.Bool().Draw(t, "was reminded") {
			s.Last = today - reminder.Day(rapid.IntRange(0, 20).Draw(t, "last"))
		}
		days := p.Forecast(s, today, 120)
		if len(days) > p.Most || p.Every == 0 && len(days) > 1 && p.Kind != reminder.Idle {
			t.Fatalf("%d letters of at most %d", len(days), p.Most)
		}
		last := s.Last
		for _, d := range days {
			if last != 0 && d-last < 7 {
				t.Fatalf("two letters within a week: %v", days)
			}
			if !holiday.Office(d.In(zone)) {
				t.Fatalf("a letter leaves on %s", d.In(zone))
			}
			if d < p.Since || p.Until != 0 && d > p.Until {
				t.Fatalf("a letter on %d, beyond %d and %d", d, p.Since, p.Until)
			}
			if p.Kind == reminder.Before && d > s.Due || p.Kind == reminder.After && d <= s.Due {
				t.Fatalf("%s on %d, due %d", p.Kind, d, s.Due)
			}
			last = d
		}
		var sent []reminder.Day
		for d := today; d < today+60; d++ {
			owed, ok := p.Owes(s.Round, sent, d)
			if !ok {
				continue
			}
			if slices.Contains(sent, owed) || owed > d {
				t.Fatalf("%d is owed again on %d: %v", owed, d, sent)
			}
			sent = append(sent, owed)
			if again, ok := p.Owes(s.Round, sent, d); ok {
				t.Fatalf("on %d, %d is owed and then %d", d, owed, again)
			}
		}
	})
}
