package markup

import (
	"html"
	"regexp"
	"strings"
	"time"

	"ostoja/internal/fact"
)

// stopBehind is a full stop, behind what ends where the fact ends.
var stopBehind = regexp.MustCompile(`^((?:</[a-z]+>)*)\.`)

// NamesFacts says whether a rendered text has marks to be filled.
func NamesFacts(rendered string) bool { return strings.Contains(rendered, markBegin) }

// Fill puts the facts of a day into a rendered text.
func Fill(book *fact.Book, rendered, lang string) string {
	if !NamesFacts(rendered) {
		return rendered
	}
	var b strings.Builder
	for rest := rendered; ; {
		before, mark, found := strings.Cut(rest, markBegin)
		b.WriteString(before)
		if !found {
			return b.String()
		}
		var inside string
		inside, rest, _ = strings.Cut(mark, markEnd)
		what, names := "", inside
		if inside != "" {
			what, names = inside[:1], inside[1:]
		}
		if what == markNote {
			b.WriteString(asOf(book, strings.Split(names, ","), lang))
		} else {
			id, form, _ := strings.Cut(names, "|")
			value := shown(book, fact.Slot{ID: id, Form: form}, lang, what == markRich)
			if b.WriteString(value); strings.HasSuffix(value, ".") {
				rest = stopBehind.ReplaceAllString(rest, "$1") // "27 kwietnia 2026 r." ends a sentence by its own stop
			}
		}
	}
}

// shown returns a fact as it stands in a text of a course: its value, or, where it lapsed or the country's pack has none, whom to ask.
func shown(book *fact.Book, s fact.Slot, lang string, rich bool) string {
	f, validity := book.Get(s.ID)
	if f == nil || validity == fact.Expired {
		words := html.EscapeString(label(lang, "gone"))
		if rich {
			return `<span class="fact-gone">` + words + `</span>`
		}
		return words
	}
	value := html.EscapeString(f.As(s.Form, lang))
	switch {
	case rich && f.Kind == fact.Phone:
		return `<a class="tel" href="tel:` + html.EscapeString(digits(f.In(lang))) + `">` + strings.ReplaceAll(value, " ", "\u00a0") + `</a>`
	case rich && f.Kind == fact.Web && strings.HasPrefix(f.In(lang), "https://"):
		return `<a href="` + value + `" rel="noopener noreferrer external">` + strings.TrimSuffix(strings.TrimPrefix(value, "https://"), "/") + `</a>`
	}
	return value
}

// digits returns a number as a link dials it (RFC 3966).
func digits(phone string) string {
	return strings.Map(func(r rune) rune {
		if r == '+' || r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, phone)
}

// asOf says as of when facts are: the day of the one that was checked the longest ago, and whether somebody has yet to confirm one.
func asOf(book *fact.Book, ids []string, lang string) string {
	var checked, overdue string
	confirm := false
	for _, id := range ids {
		f, validity := book.Get(id)
		if f == nil || validity == fact.Expired {
			continue
		}
		if checked == "" || f.Checked < checked {
			checked = f.Checked
		}
		if validity == fact.Overdue && (overdue == "" || f.ValidUntil < overdue) {
			overdue = f.ValidUntil
		}
		confirm = confirm || f.Confirm
	}
	if checked == "" {
		return ""
	}
	said := label(lang, "as-of") + " " + dayInWords(checked, lang)
	switch {
	case overdue != "":
		said += "; " + html.EscapeString(label(lang, "overdue")) + " " + dayInWords(overdue, lang)
	case confirm:
		said += "; " + html.EscapeString(label(lang, "unconfirmed"))
	}
	return ` <small class="as-of">(` + said + `)</small>`
}

func dayInWords(date, lang string) string {
	day, err := time.Parse(time.DateOnly, date)
	if err != nil {
		return html.EscapeString(date)
	}
	return `<time datetime="` + date + `">` + inWords(day, lang) + `</time>`
}
