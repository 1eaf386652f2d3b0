package evidenceweb

import (
	"bytes"
	"net/http"
	"strings"
	"time"

	"ostoja/internal/disclosure"
	"ostoja/internal/errs"
	"ostoja/internal/evidence"
	"ostoja/internal/gain"
	"ostoja/internal/lang"
	"ostoja/internal/sheet"
	"ostoja/internal/web"
)

// export writes a report as a file: report.xlsx and report.csv hold all and every group of every dimension, topics.* the
// topics. What a page does not show is not in them.
func (h *Pages) export(w http.ResponseWriter, r *http.Request) error {
	what, ending, _ := strings.Cut(r.PathValue("file"), ".")
	format, ok := sheet.Parse(ending)
	if !ok || what != "report" && what != "topics" {
		return errs.NotFound("error.not-found")
	}
	v, err := h.readReport(r)
	if err != nil {
		return err
	}
	p := printer(r)
	header, rows := reportHeader(p), reportRows(p, v)
	if what == "topics" {
		header, rows = topicLines(p, v)
	}
	return h.send(w, p, format, what, p.T("assessment.report.title"), header, rows)
}

// send writes a sheet; an error becomes an error page and not half a file.
func (h *Pages) send(w http.ResponseWriter, p *lang.Printer, format sheet.Format, name, title string, header []string, rows [][]any) error {
	var b bytes.Buffer
	if err := sheet.Write(&b, format, title, header, sheet.Of(rows)); err != nil {
		return err
	}
	web.Attachment(w, format.MediaType(), name+"-"+h.Site.Clock.Now().In(p.Zone()).Format(time.DateOnly)+"."+string(format), b.Bytes())
	return nil
}

func reportHeader(p *lang.Printer) []string {
	var header []string
	for _, key := range []string{
		"dimension", "group", "matched", "lost", "waiting", "mean-before", "mean-after", "difference", "low", "high", "dz", "gain", "band", "mean-g", "ceiling",
		"later-n", "later-before", "later-after", "later-later", "retained", "use-asked", "use-answered", "use-yes", "use-low", "use-high",
		"paper-sheets", "paper-read", "paper-cells", "paper-differences", "status",
	} {
		header = append(header, p.T("assessment.column."+key))
	}
	return header
}

func reportRows(p *lang.Printer, v reportView) [][]any {
	all := p.T("assessment.report.everybody")
	if v.Narrowed != "" {
		all = v.Names(v.Narrowed, v.Group)
	}
	whole := v.Group
	whole.Hidden = v.Small
	total := groupRow(p, p.T("assessment.report.total"), all, whole)
	if t := v.Twice; t.Sheets > 0 { // of all alone, as on the page
		copy(total[len(total)-5:], []any{t.Sheets, t.Read, t.Cells, t.Differences})
	}
	rows := [][]any{total}
	if v.Groups == nil {
		return rows
	}
	for _, d := range evidence.Dimensions {
		for _, g := range v.Groups[d] {
			rows = append(rows, groupRow(p, p.T("assessment.report.by-"+string(d)), v.Names(d, g), g))
		}
	}
	return rows
}

func groupRow(p *lang.Printer, dimension, name string, g evidence.Group) []any {
	row := []any{dimension, name}
	if g.Hidden {
		return append(append(row, make([]any, 27)...), p.T("assessment.report.hidden"))
	}
	x, l := g.Gain, g.Gain.Later
	ceiling := p.T("assessment.column.no")
	if x.Ceiling {
		ceiling = p.T("assessment.column.yes")
	}
	row = append(row, x.Matched, x.Lost-g.Waiting(), g.Waiting(), cell(x.MeanPre), cell(x.MeanPost), cell(x.Difference), cell(x.Low), cell(x.High), cell(x.DZ), fraction(x.G), band(p, x.Band), fraction(x.MeanG), ceiling)
	var notes []string
	switch {
	case g.LaterHidden:
		row = append(row, nil, nil, nil, nil, nil)
		notes = append(notes, p.T("assessment.report.later-hidden"))
	default:
		row = append(row, l.N, cell(l.MeanPre), cell(l.MeanPost), cell(l.MeanLater), fraction(l.Share))
		if g.RetainedHidden {
			notes = append(notes, p.T("assessment.report.retained-hidden", "Least", disclosure.LeastGroup))
		}
	}
	if g.UseHidden {
		row = append(row, nil, nil, nil, nil, nil)
		notes = append(notes, p.T("assessment.report.use-none"))
	} else {
		low, high := g.Use.Bounds()
		row = append(row, g.Use.Asked, g.Use.Answered, g.Use.Yes, cell(low), cell(high))
	}
	return append(row, nil, nil, nil, nil, strings.Join(notes, " "))
}

// cell is a figure, or an empty cell for what cannot be computed.
func cell(x float64) any {
	if gain.IsMissing(x) {
		return nil
	}
	return x
}

// fraction is cell for a figure of which two decimal places would say too little.
func fraction(x float64) any {
	if gain.IsMissing(x) {
		return nil
	}
	return sheet.Decimal{Value: x, Places: 4}
}

func topicLines(p *lang.Printer, v reportView) (header []string, rows [][]any) {
	header = []string{p.T("assessment.report.topic")}
	for _, key := range []string{"matched", "mean-before", "mean-after", "gain", "later-n", "later-later"} {
		header = append(header, p.T("assessment.column."+key))
	}
	for _, t := range v.Topics {
		var n any
		if t.NLater > 0 {
			n = t.NLater
		}
		rows = append(rows, []any{p.T("assessment.topic." + t.Topic), t.N, cell(t.MeanPre), cell(t.MeanPost), fraction(t.G), n, cell(t.MeanLater)})
	}
	return header, rows
}
