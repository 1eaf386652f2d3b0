package evidenceweb

import (
	"bytes"
	"net/http"
	"slices"
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

// export writes a report as a file: report.xlsx, report.csv and report.json hold all and every group of every dimension, topics.* the
// topics. What a page does not show is not in them.
func (h *Pages) export(w http.ResponseWriter, r *http.Request) error {
	what, ending, _ := strings.Cut(r.PathValue("file"), ".")
	format, ok := sheet.Parse(ending)
	data := what == "report" && ending == "json"
	if !ok && !data || what != "report" && what != "topics" {
		return errs.NotFound("error.not-found")
	}
	v, err := h.readReport(r)
	if err != nil {
		return err
	}
	p := printer(r)
	header, rows := reportHeader(p), reportRows(p, v)
	if data {
		return h.sendData(w, r, v, header, rows)
	}
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

// reportColumns are the keys of the columns of report files: the data file names its figures by them, and "assessment.column.KEY" or
// "sure.column.KEY" is what a reader of a table reads.
var reportColumns = slices.Concat([]string{
	"dimension", "group", "matched", "lost", "waiting", "mean-before", "mean-after", "difference", "low", "high", "dz", "gain", "band", "mean-g", "ceiling",
	"later-n", "later-before", "later-after", "later-later", "retained", "use-asked", "use-answered", "use-yes", "use-low", "use-high",
}, sureColumns, wholeColumns, []string{"paper-sheets", "paper-read", "paper-cells", "paper-differences", "status"})

func reportHeader(p *lang.Printer) []string {
	header := make([]string, len(reportColumns))
	for i, key := range reportColumns {
		header[i] = columnName(p, key)
	}
	return header
}

func columnName(p *lang.Printer, key string) string {
	if of := "sure.column." + key; p.Has(of) {
		return p.T(of)
	}
	return p.T("assessment.column." + key)
}

func reportRows(p *lang.Printer, v reportView) [][]any {
	all := p.T("assessment.report.everybody")
	if v.Narrowed != "" {
		all = v.Names(v.Narrowed, v.Group)
	}
	whole := v.Group
	whole.Hidden = v.Small
	total := groupRow(p, p.T("assessment.report.total"), all, whole)
	if !whole.Hidden {
		copy(total[slices.Index(reportColumns, wholeColumns[0]):], wholeCells(v))
	}
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
		return append(append(row, make([]any, len(reportColumns)-3)...), p.T("assessment.report.hidden"))
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
	if g.AttritionHidden {
		notes = append(notes, p.T("sure.lost-hidden", "N", p.Int(g.Attrition.Lost), "Points", points(p, g.Attrition.NothingGained)))
	}
	row = append(append(row, sureCells(g)...), make([]any, len(wholeColumns)+4)...)
	return append(row, strings.Join(notes, " "))
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
	for _, key := range append([]string{"matched", "mean-before", "mean-after", "gain", "later-n", "later-later"}, movedColumns...) {
		header = append(header, columnName(p, key))
	}
	for _, t := range v.Topics {
		var n any
		if t.NLater > 0 {
			n = t.NLater
		}
		m := t.Moved
		rows = append(rows, []any{
			p.T("assessment.topic." + t.Topic), t.N, cell(t.MeanPre), cell(t.MeanPost), fraction(t.G), n, cell(t.MeanLater),
			m.Up, m.Down, fraction(m.Share.Value), fraction(m.Share.Low), fraction(m.Share.High), fraction(m.Net.Value), fraction(m.Net.Low), fraction(m.Net.High),
		})
	}
	return header, rows
}
