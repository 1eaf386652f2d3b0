package reviewweb

import (
	"strconv"
	"strings"

	"ostoja/internal/lang"
	"ostoja/internal/project"
	"ostoja/internal/project/fund"
	"ostoja/internal/report"
	"ostoja/internal/report/freeze"
	"ostoja/internal/report/review"
	"ostoja/internal/ui"
)

// cell is a figure in a file: nothing where there is none, or where it is of too few people.
func cell(v report.Value) any {
	if !v.Known || v.Few {
		return nil
	}
	return v.N
}

// words are a figure as the page says it.
func words(p *lang.Printer, f review.Figure, v report.Value) string {
	switch {
	case f.Waiting:
		return p.T("review.waiting")
	case !v.Known:
		return p.T("report.none")
	case v.Few:
		return p.T("report.too-few")
	case f.Indicator.Unit == fund.Percent:
		return p.Percent(v.N, 1)
	}
	return p.Number(v.N)
}

// narrated are the figures that have words.
func narrated(list []review.Figure) (told []review.Figure) {
	for _, f := range list {
		if f.Narrative != "" {
			told = append(told, f)
		}
	}
	return told
}

// about says whose a project is, when it runs and how the fund knows it.
func about(p *lang.Printer, frame Frame, x project.Project) string {
	s := x.Unit + ", " + frame.Span(p, x.FirstDay, x.LastDay)
	if x.Number != "" {
		s += ", " + x.Number
	}
	return s
}

// block is a part of a plain Markdown text: a heading, a point of a list, or a paragraph.
type block struct{ kind, text string }

// blocks reads the text that says how figures are counted. It is ours, and has nothing but headings, lists, paragraphs and code.
func blocks(markdown string) (list []block) {
	open := false // a line goes on with what stands before it
	for line := range strings.Lines(markdown) {
		line = strings.ReplaceAll(strings.TrimRight(line, "\n"), "`", "")
		text := strings.TrimSpace(line)
		switch {
		case text == "":
			open = false
		case strings.HasPrefix(line, "# "): // the page has a heading of its own
			open = false
		case strings.HasPrefix(line, "## "):
			list, open = append(list, block{"heading", text[3:]}), false
		case strings.HasPrefix(line, "- "):
			list, open = append(list, block{"point", text[2:]}), true
		case open:
			list[len(list)-1].text += " " + text
		default:
			list, open = append(list, block{"text", text}), true
		}
	}
	return list
}

// counting is the text in the reader's language.
func counting(p *lang.Printer) []block {
	text, err := freeze.Counting(p.Tag())
	if err != nil { // it is part of the program
		return nil
	}
	return blocks(text)
}

func periodOptions(p *lang.Printer, x project.Page) []ui.Option {
	list := []ui.Option{{Value: "0", Label: p.T("report.whole-project")}}
	for _, period := range x.Periods {
		list = append(list, ui.Option{Value: strconv.Itoa(period.Number), Label: p.T("project.period", "Number", period.Number)})
	}
	return list
}

func languages(p *lang.Printer) (list []ui.Option) {
	for _, tag := range review.Langs {
		list = append(list, ui.Option{Value: tag, Label: p.Language(tag)})
	}
	return list
}

// opens says what a link opens.
func opens(p *lang.Printer, v officeView, l review.Link) string {
	s := v.names[l.FundID] + ", "
	if l.Period > 0 {
		return s + p.T("project.period", "Number", l.Period)
	}
	return s + p.T("report.whole-project")
}

func kindOf(s review.State) ui.Kind {
	if s == review.Open {
		return ui.Info
	}
	return ui.Plain
}

// withComma is what stands before something else, "" for nothing.
func withComma(s string) string {
	if s == "" {
		return ""
	}
	return s + ", "
}

// use says what was done with a link.
func use(p *lang.Printer, u review.Use) string { return p.T("review.act-"+u.Act, "What", u.What) }
