package support_test

import (
	"testing"
	"testing/fstest"
	"time"

	"pgregory.net/rapid"

	guardianfiles "ostoja/guardian"
	"ostoja/internal/guardian/support"
	"ostoja/internal/holiday"
)

func warsaw(t testing.TB) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Warsaw")
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

// What was promised: two hours, two working days, seven days, by the clock of the office.
func TestByWhenACallIsToBeTaken(t *testing.T) {
	zone := warsaw(t)
	for _, c := range []struct {
		soon support.Soon
		at   string
		want string
	}{
		{support.Today, "2026-10-23 09:00", "2026-10-23 11:00"},
		{support.Today, "2026-10-23 23:30", "2026-10-24 01:30"},
		{support.ThisWeek, "2026-10-21 09:00", "2026-10-23 09:00"}, // Wednesday to Friday
		{support.ThisWeek, "2026-10-23 09:00", "2026-10-27 09:00"}, // Friday to Tuesday, over the change of the clock
		{support.ThisWeek, "2026-10-24 15:00", "2026-10-27 15:00"}, // Saturday to Tuesday
		{support.ThisWeek, "2026-11-10 09:00", "2026-11-13 09:00"}, // Independence Day between
		{support.ThisWeek, "2026-12-23 09:00", "2026-12-29 09:00"}, // Christmas Eve to Boxing Day, a weekend
		{support.Possible, "2026-10-23 09:00", "2026-10-30 09:00"},
	} {
		at, err := time.ParseInLocation("2006-01-02 15:04", c.at, zone)
		if err != nil {
			t.Fatal(err)
		}
		if got := c.soon.Due(at.UTC(), zone).In(zone).Format("2006-01-02 15:04"); got != c.want {
			t.Errorf("%s at %s: %s, want %s", c.soon, c.at, got, c.want)
		}
	}
}

// Two working days end on a working day, and exactly one working day lies between.
func TestWorkingDays(t *testing.T) {
	zone := warsaw(t)
	rapid.Check(t, func(rt *rapid.T) {
		at := time.Date(2026, 1, 1, 12, 0, 0, 0, zone).AddDate(0, 0, rapid.IntRange(0, 1500).Draw(rt, "day"))
		due := support.ThisWeek.Due(at, zone).In(zone)
		free := func(day time.Time) bool { return day.Weekday() == time.Saturday || holiday.IsFree(day) }
		if free(due) || due.Hour() != 12 {
			rt.Fatalf("%s is due on %s", at, due)
		}
		between := 0
		for day := at.AddDate(0, 0, 1); day.Before(due); day = day.AddDate(0, 0, 1) {
			if !free(day) {
				between++
			}
		}
		if between != 1 {
			rt.Fatalf("%s is due on %s: %d working days between", at, due, between)
		}
	})
}

func TestWhenAnExpertIsToBeChecked(t *testing.T) {
	for today, want := range map[string]bool{"2026-10-23": false, "2027-04-22": false, "2027-04-23": true, "2028-01-01": true} {
		if support.Unchecked("2026-10-23", today) != want {
			t.Errorf("on %s: %v", today, !want)
		}
	}
	if !support.Unchecked("", "2026-10-23") {
		t.Error("one that was never checked passes")
	}
}

// Who was admitted within two years has just taken the course.
func TestWhenATopicFades(t *testing.T) {
	for _, c := range []struct {
		refreshed, admitted, today string
		want                       bool
	}{
		{"", "2026-10-23", "2028-10-22", false}, {"", "2026-10-23", "2028-10-23", true}, {"2027-01-01", "2024-01-01", "2028-12-31", false},
		{"2027-01-01", "2024-01-01", "2029-01-01", true}, {"", "", "2026-10-23", true},
	} {
		if got := support.Faded(c.refreshed, c.admitted, c.today); got != c.want {
			t.Errorf("%+v: %v", c, got)
		}
	}
}

func TestTheTopicsThatAreShipped(t *testing.T) {
	topics, err := support.ReadTopics(guardianfiles.Files)
	if err != nil {
		t.Fatal(err)
	}
	if len(topics) < 5 || topics.Title("age", "en") != "Age and doubt about age" || topics.Title("gone", "pl") != "gone" {
		t.Errorf("%v", topics)
	}
	for name, text := range map[string]string{
		"none":       "format: 1\nconfirmed: false\ntopics: []\n",
		"two of one": "format: 1\nconfirmed: false\ntopics:\n  - {id: a, title: {pl: A, en: A}, lessons: [x]}\n  - {id: a, title: {pl: A, en: A}, lessons: [x]}\n",
		"one tongue": "format: 1\nconfirmed: false\ntopics:\n  - {id: a, title: {pl: A}, lessons: [x]}\n",
		"no lesson":  "format: 1\nconfirmed: false\ntopics:\n  - {id: a, title: {pl: A, en: A}}\n",
		"a slip":     "format: 1\ntopic: []\n",
	} {
		if _, err := support.ReadTopics(fstest.MapFS{"support.yaml": {Data: []byte(text)}}); err == nil {
			t.Errorf("%s passes", name)
		}
	}
	if _, err := support.ReadTopics(fstest.MapFS{}); err == nil {
		t.Error("a file that is not there passes")
	}
}

// Only an address that is encrypted is a link; anything else is a place.
func TestLinks(t *testing.T) {
	for place, want := range map[string]string{
		"https://spotkania.example.org/a?b=1": "https://spotkania.example.org/a?b=1", "http://x.example.org": "", "ul. Leśna 1, sala 2": "", "javascript:alert(1)": "", "https://": "", "%": "",
	} {
		if got := support.Link(place); got != want {
			t.Errorf("%q: %q", place, got)
		}
	}
}
