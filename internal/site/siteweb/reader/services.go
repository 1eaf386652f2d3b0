package reader

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"ostoja/internal/fact"
	"ostoja/internal/site/directory"
)

// regions returns the voivodeships in which there are services, by their codes.
func (b *builder) regions() (list []string) {
	for _, s := range b.snap.Services {
		if s.Region != "" && !slices.Contains(list, s.Region) {
			list = append(list, s.Region)
		}
	}
	slices.Sort(list)
	return list
}

// servicesIn returns the services of a voivodeship, or of the whole country.
func (b *builder) servicesIn(region string) (list []*directory.Service) {
	for _, s := range b.snap.Services {
		if s.Region == region {
			list = append(list, s)
		}
	}
	slices.SortStableFunc(list, func(x, y *directory.Service) int { return cmp.Compare(b.rank(x), b.rank(y)) })
	return list
}

// rank puts the national line, the emergency number and the second line before all others.
func (b *builder) rank(s *directory.Service) int {
	first := []string{fact.NationalLine, fact.Emergency, b.snap.SecondLine}
	for i, fact := range first {
		for _, p := range s.Phones {
			if p.Fact != "" && p.Fact == fact {
				return i
			}
		}
	}
	return len(first)
}

// translated returns a text in the reader's language, or in another, and in which.
func (v *view) translated(texts map[string]string) (text, tag string) {
	for _, tag := range []string{v.Tag(), v.b.bundle.SourceLang, "en"} {
		if texts[tag] != "" {
			return texts[tag], tag
		}
	}
	return "", v.Tag()
}

func (v *view) text(texts map[string]string) string {
	text, _ := v.translated(texts)
	return text
}

// phones shows a service's numbers, by their facts or as they are.
func (v *view) phones(s *directory.Service) string {
	list := make([]string, len(s.Phones))
	for i, p := range s.Phones {
		if list[i] = v.r.Phone(p.Number); p.Fact != "" {
			list[i] = v.fact(p.Fact)
		}
	}
	return strings.Join(list, v.T("lang.and"))
}

// checked says when the entry was checked, and how far it may be trusted.
func (v *view) checked(s *directory.Service) string {
	text := v.r.Checked(s.Checked, s.Confirm)
	if v.validity(s) == fact.Overdue {
		text += "; " + v.T("fact.overdue") + " " + v.r.Day(s.ValidUntil)
	}
	return text
}

func (v *view) languagesOf(s *directory.Service) string {
	var names []string
	for _, l := range s.Languages {
		names = append(names, v.LanguageName(l))
	}
	return strings.Join(names, v.T("lang.and"))
}

// hasAddress says whether the service has a place that may be shown.
func (v *view) hasAddress(s *directory.Service) bool { return !s.Shelter && v.place(s) != "" }

func (v *view) place(s *directory.Service) string {
	if s.Shelter {
		return ""
	}
	return strings.Trim(s.Address+", "+s.Town, ", ")
}

// validity says how far the entry may be trusted.
func (v *view) validity(s *directory.Service) fact.Validity {
	return v.b.snap.ServiceValidity(s, v.b.now)
}

// trusted says whether the entry has not lapsed.
func (v *view) trusted(s *directory.Service) bool { return v.validity(s) != fact.Expired }

// now says whether a service answers, and until or from when, if that is within a week.
func (v *view) now(s *directory.Service) (open bool, until string) {
	open = s.Hours.Open(v.b.now, v.b.snap.Zone)
	next, ok := s.Hours.NextChange(v.b.now, v.b.snap.Zone)
	const week = 7 * 24 * time.Hour
	if !ok {
		return open, ""
	}
	if soon := next.Add(-week); soon.After(v.b.now) {
		v.b.nextChange = earlier(v.b.nextChange, soon) // from then on it is said
		return open, ""
	}
	v.b.nextChange = earlier(v.b.nextChange, next)
	next = next.In(v.b.snap.Zone)
	word, at := v.T("services.from"), next.Format("15:04")
	if open {
		word = v.T("services.until")
	}
	if next.Format(time.DateOnly) != v.b.now.In(v.b.snap.Zone).Format(time.DateOnly) {
		at += " (" + v.weekday(next.Weekday()) + ")" // in brackets a name needs no case
	}
	return open, word + " " + at
}

// weekday names a day of the week. The texts begin with Monday.
func (v *view) weekday(d time.Weekday) string {
	names := strings.Fields(v.T("lang.weekdays"))
	if i := (int(d) + 6) % 7; i < len(names) {
		return strings.ReplaceAll(names[i], "_", "\u00a0")
	}
	return ""
}

// exceptionDays is how far ahead a page tells of days with hours of their own.
const exceptionDays = 60

// hoursInLine writes the hours of an ordinary week in a line; days that follow each other with the same hours stand as one.
func (v *view) hoursInLine(s *directory.Service) string {
	type stretch struct{ from, to, times string }
	var list []stretch
	for d := time.Monday; d <= time.Saturday+1; d++ {
		day := d % 7
		times, name := directory.Times(s.Hours.Day(day)), v.weekday(day)
		switch last := len(list) - 1; {
		case times == "":
			list = append(list, stretch{})
		case last >= 0 && list[last].times == times:
			list[last].to = name
		default:
			list = append(list, stretch{name, name, times})
		}
	}
	var said []string
	for _, x := range list {
		switch {
		case x.times == "":
		case x.from == x.to:
			said = append(said, x.from+" "+x.times)
		default:
			said = append(said, x.from+"–"+x.to+" "+x.times)
		}
	}
	return strings.Join(said, v.T("lang.and"))
}

type dayLine struct{ day, times string }

// week lists the hours by day, those of public holidays, and of days near that have hours of their own.
func (v *view) week(s *directory.Service) (list []dayLine) {
	now := v.b.now.In(v.b.snap.Zone)
	for _, l := range s.Hours.Table(now, exceptionDays) {
		line := dayLine{times: cmp.Or(directory.Times(l.Spans), "–")}
		switch {
		case !l.Date.IsZero():
			line.day = v.r.Day(l.Date.Format(time.DateOnly))
		case l.Holidays:
			line.day = v.T("services.holidays")
		default:
			line.day = v.weekday(l.Weekday)
		}
		list = append(list, line)
	}
	if s.Hours.Dated() { // tomorrow other days are near
		v.b.nextChange = earlier(v.b.nextChange, time.Date(now.Year(), now.Month(), now.Day()+1, 0, 0, 0, 0, v.b.snap.Zone))
	}
	return list
}

func bare(address string) string {
	return strings.TrimSuffix(strings.TrimPrefix(address, "https://"), "/")
}
