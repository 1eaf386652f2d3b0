package text

import (
	"regexp"
	"strconv"
	"strings"
	"time"
)

var polishMonths = []string{"sty", "lut", "mar", "kwi", "maj", "cze", "lip", "sie", "wrz", "paz", "lis", "gru"}

var dayParts = regexp.MustCompile(`^(\d{1,4})[-/. ]+(\d{1,2}|[a-z]+)[-/. ]+(\d{1,4})`)

// Day reads a day as it is written in Poland: 31.12.2026, 31-12-2026, 31/12/2026, 2026-12-31, "31 grudnia 2026 r.". The
// day always stands before the month, unless the year comes first.
func Day(cell string, zone *time.Location) (day time.Time, ok bool) {
	m := dayParts.FindStringSubmatch(Search(cell))
	if m == nil {
		return time.Time{}, false
	}
	first, _ := strconv.Atoi(m[1]) // up to four figures, by the expression above
	last, _ := strconv.Atoi(m[3])  // likewise
	month, err := strconv.Atoi(m[2])
	if err != nil {
		month = 0
		for i, name := range polishMonths {
			if strings.HasPrefix(m[2], name) {
				month = i + 1
			}
		}
	}
	year, d := last, first
	if len(m[1]) == 4 {
		year, d = first, last
	}
	if year < 100 {
		year += 2000
	}
	day = time.Date(year, time.Month(month), d, 0, 0, 0, 0, zone)
	return day, month >= 1 && month <= 12 && day.Day() == d && year >= 1900 && year < 2200
}
