package sheet

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
)

// numberFormat is how a workbook shows a number (ECMA-376, part 1, 18.8.31), as far as it tells a day from a number and gives
// numbers their letters and leading noughts. Colours, conditions and fractions are not followed: such a number is shown plainly.
type numberFormat struct {
	day   bool
	clock bool // a time of day alone
	parts [][]formatToken
}

// formatToken is a piece of a format: a sign that stands for itself, or a placeholder.
type formatToken struct {
	literal string
	place   rune // 0, # or ? for a figure, or one of . , %; 0 in a literal
}

// builtIn are the formats that a file names by number alone (18.8.30). Days and times have numbers of their own.
var builtIn = map[int]string{1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 37: "#,##0;-#,##0", 38: "#,##0;-#,##0", 39: "#,##0.00;-#,##0.00", 40: "#,##0.00;-#,##0.00"}

func builtInFormat(number int) numberFormat {
	switch {
	case number >= 14 && number <= 17, number == 22, number >= 27 && number <= 36, number >= 50 && number <= 58:
		return numberFormat{day: true}
	case number >= 18 && number <= 21, number >= 45 && number <= 47:
		return numberFormat{clock: true}
	}
	return parseFormat(builtIn[number])
}

// longestFormat is more than Excel takes, which are 255 characters.
const longestFormat = 1_000

// parseFormat reads a format's code. Letters in quotes and behind a backslash are no placeholders, whatever they are.
func parseFormat(code string) (f numberFormat) {
	var part []formatToken
	days, clocks, figures, plain := false, false, false, true
	code = code[:min(len(code), longestFormat)]
	in := []rune(code)
	for i := 0; i < len(in); i++ {
		switch r := in[i]; {
		case r == '"':
			end := i + 1
			for end < len(in) && in[end] != '"' {
				end++
			}
			part = append(part, formatToken{literal: string(in[i+1 : end])})
			i = end
		case r == '\\' && i+1 < len(in):
			i++
			part = append(part, formatToken{literal: string(in[i])})
		case (r == '_' || r == '*') && i+1 < len(in): // the width of a sign; a sign that fills the cell
			i++
		case r == '[':
			end := i
			for end < len(in) && in[end] != ']' {
				end++
			}
			inside := string(in[i+1 : end])
			if symbol, ok := strings.CutPrefix(inside, "$"); ok { // [$zł-415]: a currency, a language or both
				symbol, _, _ = strings.Cut(symbol, "-")
				part = append(part, formatToken{literal: symbol})
			} else if lower := strings.ToLower(inside); lower != "" && strings.Trim(lower, "hms") == "" {
				clocks = true
			} else if strings.ContainsAny(inside, "<>=") {
				plain = false
			}
			i = end
		case r == ';':
			f.parts, part = append(f.parts, part), nil
		case strings.HasPrefix(strings.ToLower(string(in[i:])), "general"):
			part = append(part, formatToken{place: 'G'})
			i += len("general") - 1
		case strings.ContainsRune("0#?.,%", r):
			figures = figures || strings.ContainsRune("0#?", r)
			part = append(part, formatToken{place: r})
		case strings.ContainsRune("dyDYeg", r):
			days = true
		case strings.ContainsRune("hsHS", r):
			clocks = true
		case r == 'm' || r == 'M' || r == 'A' || r == 'P': // months or minutes, whichever stands beside; AM/PM
			if r|0x20 == 'm' && !strings.ContainsAny(strings.ToLower(code), "hs") {
				days = true
			}
		case r == 'E' || r == '/' || r == '@':
			plain = plain && r == '@'
		default:
			part = append(part, formatToken{literal: string(r)})
		}
	}
	f.parts = append(f.parts, part)
	// 0.00E+00 and # ??/?? are numbers, ss.000 is a time.
	if f.day = days && !figures; !f.day {
		f.clock = clocks
	}
	if !plain || f.day || f.clock || !slices.ContainsFunc(f.parts[0], func(t formatToken) bool { return t.place == 'G' || strings.ContainsRune("0#?", t.place) }) {
		f.parts = nil
	}
	return f
}

// show returns a number as the workbook shows it, a day as 2026-12-31.
func (f numberFormat) show(n float64, since1904 bool) string {
	switch {
	case f.day:
		if day, ok := dayOf(n, since1904); ok {
			return day.Format(time.DateOnly)
		}
	case f.clock && n >= 0 && n < 1:
		return time.Time{}.Add(time.Duration(math.Round(n*24*60)) * time.Minute).Format("15:04")
	case len(f.parts) > 0:
		return f.number(n)
	}
	return plainNumber(n)
}

// dayOf returns the day of a serial number. Excel has a 29 February 1900, which there was not; half a second makes up for what
// arithmetic lost.
func dayOf(n float64, since1904 bool) (day time.Time, ok bool) {
	const lastSerial = 2_958_465 // 31 December 9999
	if n < 0 || n > lastSerial {
		return time.Time{}, false
	}
	days := int(math.Floor(n + 0.5/(24*60*60)))
	begin := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
	switch {
	case since1904:
		begin = time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)
	case days < 61:
		begin = begin.AddDate(0, 0, 1)
	}
	return begin.AddDate(0, 0, days), true
}

// plainNumber returns a number with the 15 figures that spreadsheet programs keep.
func plainNumber(n float64) string {
	if math.IsNaN(n) || math.IsInf(n, 0) {
		return ""
	}
	rounded, err := strconv.ParseFloat(strconv.FormatFloat(n, 'g', 15, 64), 64)
	if err != nil {
		rounded = n
	}
	return strconv.FormatFloat(rounded, 'f', -1, 64)
}

func (f numberFormat) number(n float64) string {
	part, sign := f.parts[0], ""
	switch {
	case n < 0 && len(f.parts) > 1:
		part, n = f.parts[1], -n
	case n < 0:
		sign, n = "-", -n
	case n == 0 && len(f.parts) > 2:
		part = f.parts[2]
	}
	whole, decimals, point := 0, 0, false
	for _, t := range part {
		switch t.place {
		case '%':
			n *= 100
		case '.':
			point = true
		case '0', '#', '?':
			if point {
				decimals++
			} else {
				whole++
			}
		}
	}
	scale := math.Pow10(min(decimals, 15))
	figures := strconv.FormatFloat(math.Round(n*scale)/scale, 'f', decimals, 64)
	before, behind, _ := strings.Cut(figures, ".")
	return sign + strings.TrimSpace(fill(part, before, behind, whole, n))
}

// fill puts figures into the places of a format, from the right: the first place takes all that are left. Signs between them
// stay where they are, as in 00-000; thousands are not set apart.
func fill(part []formatToken, before, behind string, whole int, n float64) string {
	var b strings.Builder
	point, first := false, true
	for _, t := range part {
		switch {
		case t.place == 0:
			b.WriteString(t.literal)
		case t.place == 'G':
			b.WriteString(plainNumber(n))
		case t.place == '.':
			point = true
			b.WriteByte('.')
		case t.place == '%':
			b.WriteByte('%')
		case t.place == ',':
		case point:
			b.WriteString(behind[:1])
			behind = behind[1:]
		case first && len(before) >= whole:
			b.WriteString(before[:len(before)-whole+1])
			before, first, whole = before[len(before)-whole+1:], false, whole-1
		default:
			first = false
			if len(before) < whole {
				if t.place == '0' {
					b.WriteByte('0')
				}
			} else {
				b.WriteString(before[:1])
				before = before[1:]
			}
			whole--
		}
	}
	return b.String()
}

// shownAsText says whether what an ODS cell shows is more than its number: letters, or noughts in front.
func shownAsText(shown string) bool {
	letters := strings.IndexFunc(shown, unicode.IsLetter) >= 0 && !strings.ContainsAny(shown, "E€")
	return letters || (len(shown) > 1 && shown[0] == '0' && shown[1] >= '0' && shown[1] <= '9')
}
