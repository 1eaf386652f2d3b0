package hsds

import (
	"strings"
	"testing"
)

// TestWhichSchedulesAreEveryWeeks: every day without days is clear, though not of the specification; whatever does not hold each week is told of.
func TestWhichSchedulesAreEveryWeeks(t *testing.T) {
	for _, c := range []struct {
		s    schedule
		want string // "" is none
	}{
		{schedule{Freq: "DAILY", Opens: "09:00", Closes: "17:00"}, "Mo,Tu,We,Th,Fr,Sa,Su 09:00-17:00"}, {schedule{Freq: "DAILY", ByDay: "MO,TU", Opens: "09:00", Closes: "17:00"}, "Mo,Tu 09:00-17:00"},
		{schedule{Freq: "WEEKLY", ByDay: "MO, SU", Opens: "9:00", Closes: "23:59"}, "Mo,Su 09:00-24:00"}, {schedule{Freq: "WEEKLY", Opens: "09:00", Closes: "17:00"}, ""}, {schedule{Freq: "WEEKLY", ByDay: "XX", Opens: "09:00", Closes: "17:00"}, ""},
		{schedule{Freq: "MONTHLY", ByDay: "MO", Opens: "09:00", Closes: "17:00"}, ""}, {schedule{ByDay: "MO", Opens: "09:00", Closes: "17:00"}, ""}, {schedule{Freq: "WEEKLY", ByDay: "MO", Closes: "17:00"}, ""},
		{schedule{Freq: "WEEKLY", ByDay: "MO", Opens: "09:00"}, ""}, {schedule{Freq: "WEEKLY", ByDay: "MO", Opens: "09:00", Closes: "09:00"}, ""}, {schedule{Freq: "WEEKLY", ByDay: "MO", Opens: "09:00", Closes: "17:00", limits: " count 3"}, ""},
		{schedule{Freq: "WEEKLY", ByDay: "MO", Opens: "25:00", Closes: "26:00"}, ""},
	} {
		got, ok := (&reading{here: here}).rule(c.s)
		if ok != (c.want != "") || ok && got != c.want {
			t.Errorf("%+v: %q, %v", c.s, got, ok)
		}
	}
	for _, c := range []struct{ schedule, hours, losses string }{
		{`{"freq": "DAILY", "opens_at": "00:00", "closes_at": "23:59"}`, "24/7", ""}, {`{"freq": "WEEKLY", "interval": 1, "timezone": "1", "byday": "MO", "opens_at": "09:00", "closes_at": "17:00"}`, "Mo 09:00-17:00", ""},
		{`{"freq": "WEEKLY", "interval": 2, "byday": "MO", "opens_at": "09:00", "closes_at": "17:00"}`, "", "schedules: WEEKLY MO 09:00 17:00  interval 2"},
		{`{"freq": "WEEKLY", "timezone": "-5", "byday": "MO", "opens_at": "09:00", "closes_at": "17:00"}`, "", "schedules: WEEKLY MO 09:00 17:00  timezone -5"},
		{`{"freq": "WEEKLY", "until": "", "byday": "MO", "opens_at": "09:00", "closes_at": "17:00"}`, "Mo 09:00-17:00", ""},
	} {
		list, losses := read(t, `[{"id": "1", "name": "A", "schedules": [`+c.schedule+`]}]`, "pl")
		if len(list) != 1 || list[0].Hours.String() != c.hours || strings.Join(strings.Fields(losses), " ") != strings.Join(strings.Fields(c.losses), " ") {
			t.Errorf("%s: %q, losses %q", c.schedule, list[0].Hours, losses)
		}
	}
}

// TestWhereAServiceHolds: in one voivodeship, by its code or name; of several the first is kept and the rest told of.
func TestWhereAServiceHolds(t *testing.T) {
	for _, c := range []struct{ areas, region, losses string }{
		{`{"name": "PL-06"}`, "06", ""}, {`{"name": "województwo lubelskie"}`, "06", ""}, {`{"name": "Lubelskie i okolice", "extent": "PL-06"}`, "06", ""}, {`{"name": "Polska"}`, "", ""}, {`{"name": "cały kraj", "extent": "PL"}`, "", ""},
		{`{"name": "Niemcy"}`, "", "service_areas: Niemcy"}, {`{"name": "PL-99"}`, "", "service_areas: PL-99"}, {`{"name": "PL-06"}, {"name": "PL-06"}`, "06", ""}, {`{"name": "PL-06"}, {"name": "PL-14"}`, "06", "service_areas: PL-14"},
		{`{"name": "Polska"}, {"name": "PL-14"}`, "", "service_areas: PL-14"},
	} {
		list, losses := read(t, `[{"id": "1", "name": "A", "service_areas": [`+c.areas+`]}]`, "pl")
		if len(list) != 1 || list[0].Region != c.region || losses != c.losses {
			t.Errorf("%s: %q, losses %q", c.areas, list[0].Region, losses)
		}
	}
}
