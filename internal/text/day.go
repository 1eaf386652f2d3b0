package text

import (
	"regexp"
	"strconv"
	"strings"
	"time"
)

// months are how the names of months begin, in Polish, English, Ukrainian and Russian, in the nominative and the genitive, as [Search]
// writes them.
var months = [12][]string{
	{"sty", "jan", "січ", "янв"}, {"lut", "feb", "лют", "фев"}, {"mar", "бер", "мар"}, {"kwi", "apr", "кві", "апр"}, {"maj", "may", "тра", "маи", "мая"}, {"cze", "jun", "чер", "июн"},
	{"lip", "jul", "лип", "июл"}, {"sie", "aug", "сер", "авг"}, {"wrz", "sep", "вер", "сен"}, {"paz", "oct", "жов", "окт"}, {"lis", "nov", "лис", "ноя"}, {"gru", "dec", "гру", "дек"},
}

var roman = [12]string{"i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii"}

var (
	dayParts   = regexp.MustCompile(`^(?:\p{L}+, *)?(\d{1,4})(?:[-/. ]+|(?:st|nd|rd|th) +)(\d{1,2}|\p{L}+)[-/., ]+(\d{1,4})(?:\D|$)`)
	monthFirst = regexp.MustCompile(`^(?:\p{L}+, *)?(\p{L}+) +(\d{1,2})(?:st|nd|rd|th)?,? +(\d{4})(?:\D|$)`)
)

// Day reads a day as people and spreadsheet programs write it: 31.12.2026, 31-12-2026, 31/12/2026, 2026-12-31, 31 XII 2026, and
// with the month's name in Polish, English, Ukrainian or Russian, "31 grudnia 2026 r.", "December 31, 2026", "31 грудня 2026 р.". The day
// always stands before the month, unless the year comes first or the month's name does.
func Day(cell string, zone *time.Location) (day time.Time, ok bool) {
	written := Search(cell)
	m := dayParts.FindStringSubmatch(written)
	if m == nil {
		if m = monthFirst.FindStringSubmatch(written); m == nil {
			return time.Time{}, false
		}
		m[1], m[2] = m[2], m[1]
	}
	first, _ := strconv.Atoi(m[1]) // up to four figures, by the expressions above
	last, _ := strconv.Atoi(m[3])  // likewise
	month, err := strconv.Atoi(m[2])
	if err != nil {
		month = monthOf(m[2])
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

// monthOf returns the month that a word names, 0 if it names none.
func monthOf(word string) int {
	latin := strings.NewReplacer("і", "i", "х", "x").Replace(word) // numerals on a Ukrainian keyboard
	for i, names := range months {
		if latin == roman[i] {
			return i + 1
		}
		for _, n := range names {
			if strings.HasPrefix(word, n) {
				return i + 1
			}
		}
	}
	return 0
}
