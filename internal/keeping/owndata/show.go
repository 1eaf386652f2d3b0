package owndata

import (
	"fmt"
	"strings"
	"time"

	"ostoja/internal/lang"
)

// Shown is a document as people read it: on the page, and in the file that they can open anywhere. Both are made of it, so that they say the same.
type Shown struct {
	Made     string
	Sections []ShownSection
}

// ShownSection is a section in words.
type ShownSection struct {
	Name    string
	Title   string
	Why     string
	Until   string
	Records [][]Line
}

// Line is a field in words.
type Line struct{ Term, Text string }

// Show says a document in words.
func (d Document) Show(p *lang.Printer) Shown {
	out := Shown{Made: p.DateTime(d.Made)}
	for _, x := range d.Sections {
		s := ShownSection{Name: x.Name, Title: p.T("owndata.area-" + x.Name), Why: p.T("owndata.why-" + x.Name), Until: p.T("owndata.until-" + x.Name)}
		s.Records = Lines(p, x.Records)
		out.Sections = append(out.Sections, s)
	}
	return out
}

// Lines says records in words.
func Lines(p *lang.Printer, records []Record) (list [][]Line) {
	for _, r := range records {
		var lines []Line
		for _, f := range r {
			lines = append(lines, Line{p.T("owndata.field-" + f.Name), words(p, f)})
		}
		list = append(list, lines)
	}
	return list
}

// words is a value for a reader.
func words(p *lang.Printer, f Field) string {
	switch v := f.Value.(type) {
	case string:
		return v
	case Said:
		return v.Words(p)
	case Named:
		return v.Title.In(p.Tag())
	case time.Time:
		return p.DateTime(v)
	case Day:
		return p.DateOf(string(v))
	case int:
		return p.Int(v)
	case int64:
		return p.Int(int(v))
	case float64:
		return p.Number(v)
	case bool:
		return p.T("owndata." + map[bool]string{true: "yes", false: "no"}[v])
	case Languages:
		return p.LanguageNames(v)
	}
	panic(fmt.Sprintf("owndata: nobody says a %T, of %s", f.Value, f.Name))
}

// Text writes it as a file of plain text, with the line ends that every editor knows.
func (s Shown) Text(p *lang.Printer) string {
	var b strings.Builder
	line := func(text string) { b.WriteString(strings.ReplaceAll(text, "\n", "\r\n") + "\r\n") }
	line(p.T("owndata.title"))
	line(p.T("owndata.made", "Moment", s.Made))
	for _, x := range s.Sections {
		line("\n" + x.Title + "\n" + strings.Repeat("=", len([]rune(x.Title))))
		line(x.Why + " " + x.Until)
		if len(x.Records) == 0 {
			line(p.T("owndata.nothing"))
		}
		for _, r := range x.Records {
			line("")
			for _, l := range r {
				line(l.Term + ": " + l.Text)
			}
		}
	}
	line("\n" + p.T("owndata.rest") + "\n" + p.T("owndata.rest-text"))
	return b.String()
}
