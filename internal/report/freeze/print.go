package freeze

import (
	"fmt"
	"strings"

	"ostoja/internal/paper"
	"ostoja/internal/report"
)

// ink is the colour of what is printed.
var ink = paper.RGB{R: 28, G: 32, B: 33}

const printedSize = 10 // points

// print draws the report as a paper of A4 in a language: figures with their words, people and their groups as tables and bars, proofs, gain, corrections, who signed.
func (w words) print(d Document, pictures map[string][]byte) ([]byte, error) {
	doc := paper.NewDocument(paper.About{Title: w.T("reportfreeze.paper-title"), Lang: w.Tag(), At: d.At})
	f := doc.Flow(paper.Frame{
		Size: paper.Portrait, Title: w.T("reportfreeze.paper-title"), Foot: letters(w.T("reportfreeze.paper-foot", "Project", d.Project.Name, "Number", d.Number)),
		Count: func(page, of int) string { return w.T("papers.page", "Page", page, "Of", of) },
	})
	p := printer{words: w, f: f, plain: paper.Style{Size: printedSize, Colour: ink}, bold: paper.Style{Weight: paper.Bold, Size: 12, Colour: ink}}
	f.Text(paper.Heading, paper.Style{Weight: paper.Bold, Size: 18, Colour: ink}, w.T("reportfreeze.paper-title"))
	f.Space(2)
	f.Text(paper.Paragraph, p.plain, letters(d.Project.Name))
	f.Space(3)
	f.Facts(p.plain, 52, [][2]string{
		{w.T("reportfreeze.paper-number"), fmt.Sprint(d.Number)},
		{w.T("reportfreeze.period"), w.T("reportfreeze.period-days", "Number", d.Period.Number, "First", w.DateOf(d.Period.FirstDay), "Last", w.DateOf(d.Period.LastDay))},
		{w.T("reportfreeze.agreement"), letters(d.Project.Number)},
		{w.T("reportfreeze.accounts"), letters(d.Project.Document)},
		{w.T("reportfreeze.office"), letters(d.Project.Office)},
		{w.T("reportfreeze.partners"), letters(strings.Join(d.Project.Partners, "\n"))},
		{w.T("reportfreeze.frozen-at"), w.DateTime(d.At)},
	})
	for _, x := range d.Funds {
		if err := p.fund(x, pictures); err != nil {
			return nil, err
		}
	}
	p.gain(d.Gain)
	p.corrected(d.Corrected)
	p.notesOf(d.Notes)
	p.signed(d.Signed)
	f.Close()
	return doc.PDF()
}

// letters leaves out what no font has: the words in full stand in the document for programs.
func letters(s string) string {
	missing := paper.Missing(s)
	if len(missing) == 0 {
		return s
	}
	return strings.Map(func(r rune) rune {
		for _, m := range missing {
			if r == m {
				return '□'
			}
		}
		return r
	}, s)
}

// printer draws the parts.
type printer struct {
	words
	f           *paper.Flow
	plain, bold paper.Style
}

func (p printer) part(title string) {
	p.f.Space(6)
	p.f.Text(paper.Subheading, p.bold, letters(title))
	p.f.Space(1.5)
}

func (p printer) text(s string) {
	p.f.Text(paper.Paragraph, p.plain, letters(s))
	p.f.Space(1.5)
}

// number is a figure, and a dash for none.
func (p printer) number(x *float64) string {
	if x == nil {
		return "–"
	}
	return p.Number(*x)
}

func (p printer) fund(x Fund, pictures map[string][]byte) error {
	p.part(x.Title.In(p.Tag()))
	if picture, ok := x.emblems[p.Tag()]; ok {
		m, err := paper.NewPicture(pictures[picture.Hash], letters(picture.Description))
		if err != nil {
			return err
		}
		p.f.Pictures([]*paper.Picture{m}, 16)
		p.f.Space(2)
	}
	if len(x.Statement) > 0 {
		p.text(x.Statement.In(p.Tag()))
	}
	p.text(p.T("reportfreeze.paper-fund", "Share", p.Percent(x.Share, 0), "Version", x.Version))
	rows := [][]string{}
	bars := []paper.Bar{}
	for _, i := range x.Indicators {
		share := "–"
		if i.Deviation != nil {
			share = p.Percent(*i.Deviation, 0)
			bars = append(bars, paper.Bar{Label: letters(p.indicator(i.Title, i.Measure)), Value: *i.Deviation, Text: share})
		}
		rows = append(rows, []string{letters(p.indicator(i.Title, i.Measure)), p.number(i.Baseline), p.number(i.Target), p.number(i.Period), p.number(i.Cumulative), share})
	}
	p.f.Table(paper.Table{Size: 9, Rows: rows, Columns: []paper.Column{
		{Title: p.T("reportfreeze.col-name"), Head: true}, {Title: p.T("reportfreeze.col-baseline"), Width: 19, Align: paper.Right}, {Title: p.T("reportfreeze.col-target"), Width: 19, Align: paper.Right},
		{Title: p.T("reportfreeze.col-period"), Width: 20, Align: paper.Right}, {Title: p.T("reportfreeze.col-cumulative"), Width: 26, Align: paper.Right}, {Title: p.T("reportfreeze.col-share"), Width: 20, Align: paper.Right},
	}})
	p.f.Space(3)
	p.f.Bars(p.T("reportfreeze.bars-share"), 100, bars)
	p.notes(x)
	p.groups(x)
	p.coverage(x.Coverage)
	return nil
}

// notes are the words on figures: why they deviate, between what they lie, what is counted otherwise since they were handed in.
func (p printer) notes(x Fund) {
	for _, i := range x.Indicators {
		name := p.indicator(i.Title, i.Measure)
		if i.Narrative != "" {
			p.text(p.T("reportfreeze.paper-narrative", "Name", name, "Text", i.Narrative))
		}
		if b := i.Bounds; b != nil {
			p.text(p.T("reportfreeze.paper-bounds", "Name", name, "Low", p.Number(b.Low), "High", p.Number(b.High)))
		}
		if i.Few {
			p.text(p.T("reportfreeze.paper-few", "Name", name))
		}
		if c := i.Counted; c != nil {
			p.text(p.T("reportfreeze.paper-counted", "Name", name, "Period", p.number(c.Period), "Cumulative", p.number(c.Cumulative)))
		}
	}
}

func (p printer) groups(x Fund) {
	p.part(p.T("reportfreeze.people"))
	p.text(p.T("reportfreeze.paper-people", "Period", p.Int(x.People.Period), "Cumulative", p.Int(x.People.Cumulative), "Active", p.Int(x.People.Active)))
	for _, part := range []struct {
		of   string
		list []Groups
	}{{"period", x.GroupsOfPeriod}, {"project", x.GroupsOfProject}} {
		for _, g := range part.list {
			if len(g.Groups) == 0 {
				continue
			}
			title := p.T("reportfreeze.paper-groups", "By", p.T("reportfreeze.by-"+string(g.By)), "Of", p.T("reportfreeze.of-"+part.of))
			rows, bars := [][]string{}, []paper.Bar{}
			for _, one := range g.Groups {
				name := letters(p.group(g.By, one))
				rows = append(rows, []string{name, p.Int(one.N)})
				bars = append(bars, paper.Bar{Label: name, Value: float64(one.N), Text: p.Int(one.N)})
			}
			key := "reportfreeze.paper-told"
			if g.Waiting == 0 {
				key = "reportfreeze.paper-told-all"
			}
			p.text(p.T(key, "Title", title, "Told", p.Int(g.Told), "All", p.Int(g.All), "Waiting", p.Int(g.Waiting)))
			p.f.Table(paper.Table{Size: 9, Rows: rows, Columns: []paper.Column{{Title: p.T("reportfreeze.by-" + string(g.By)), Head: true}, {Title: p.T("reportfreeze.col-people"), Width: 30, Align: paper.Right}}})
			p.f.Space(2)
			p.f.Bars(title, 0, bars)
			p.f.Space(2)
		}
	}
}

func (p printer) coverage(c Coverage) {
	p.part(p.T("reportfreeze.proofs"))
	p.text(p.T("reportfreeze.paper-proofs", "People", p.Int(c.People), "Complete", p.Int(c.Complete)))
	rows := [][]string{}
	for _, x := range c.Proofs {
		rows = append(rows, []string{p.T("fund.proof-" + string(x.Proof)), p.Int(x.N), p.Int(c.People)})
	}
	if len(rows) > 0 {
		p.f.Table(paper.Table{Size: 9, Rows: rows, Columns: []paper.Column{{Title: p.T("reportfreeze.col-proof"), Head: true}, {Title: p.T("reportfreeze.col-people"), Width: 30, Align: paper.Right}, {Title: p.T("reportfreeze.col-of-people"), Width: 30, Align: paper.Right}}})
	}
}

func (p printer) gain(list []report.Gain) {
	if len(list) == 0 {
		return
	}
	p.part(p.T("reportfreeze.gain"))
	rows := [][]string{}
	for _, g := range list {
		rows = append(rows, []string{letters(g.Test.In(p.Tag())), p.Int(g.People), p.Number(g.Before), p.Number(g.After), p.Number(g.Difference), p.T("reportfreeze.interval", "Low", p.Number(g.Low), "High", p.Number(g.High))})
	}
	p.f.Table(paper.Table{Size: 9, Rows: rows, Columns: []paper.Column{
		{Title: p.T("reportfreeze.col-test"), Head: true}, {Title: p.T("reportfreeze.col-people"), Width: 16, Align: paper.Right}, {Title: p.T("reportfreeze.col-before"), Width: 20, Align: paper.Right},
		{Title: p.T("reportfreeze.col-after"), Width: 20, Align: paper.Right}, {Title: p.T("reportfreeze.col-difference"), Width: 20, Align: paper.Right}, {Title: p.T("reportfreeze.col-interval"), Width: 32, Align: paper.Right},
	}})
}

func (p printer) corrected(list []Correction) {
	p.part(p.T("reportfreeze.corrected"))
	if len(list) == 0 {
		p.text(p.T("reportfreeze.corrected-none"))
		return
	}
	rows := [][]string{}
	for _, c := range list {
		rows = append(rows, []string{p.Int(c.Report), letters(p.indicator(c.Title, c.Measure)), p.T("reportfreeze.of-" + c.Of), p.number(c.Was), p.number(c.Is)})
	}
	p.f.Table(paper.Table{Size: 9, Rows: rows, Columns: []paper.Column{
		{Title: p.T("reportfreeze.col-report"), Width: 26}, {Title: p.T("reportfreeze.col-name"), Head: true}, {Title: p.T("reportfreeze.col-of"), Width: 36},
		{Title: p.T("reportfreeze.col-was"), Width: 20, Align: paper.Right}, {Title: p.T("reportfreeze.col-is"), Width: 20, Align: paper.Right},
	}})
}

func (p printer) signed(s Signed) {
	p.part(p.T("reportfreeze.signed"))
	for _, a := range s.Approved {
		p.text(p.T("reportfreeze.signed-approved", "Name", a.Name, "Day", p.DateOf(a.Day)))
	}
	p.text(p.T("reportfreeze.signed-frozen", "Name", s.Frozen.Name, "Day", p.DateOf(s.Frozen.Day)))
	p.f.Space(4)
	p.f.Fields(p.T("reportfreeze.signature"), p.T("reportfreeze.signature"))
}
