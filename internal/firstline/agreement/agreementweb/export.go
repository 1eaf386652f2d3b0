package agreementweb

import (
	"bytes"
	"net/http"
	"strings"

	"ostoja/internal/errs"
	"ostoja/internal/firstline"
	"ostoja/internal/firstline/agreement"
	"ostoja/internal/lang"
	"ostoja/internal/sheet"
	"ostoja/internal/web"
)

// export writes a result as a file: situations.xlsx and .csv hold the rows of the page, figures.* the figures.
func (h *Pages) export(w http.ResponseWriter, r *http.Request) error {
	what, ending, _ := strings.Cut(r.PathValue("file"), ".")
	format, ok := sheet.Parse(ending)
	if !ok || what != "situations" && what != "figures" {
		return errs.NotFound("error.not-found")
	}
	_, result, err := h.Service.Result(r.Context(), web.Actor(r.Context()), r.PathValue("round"))
	if err != nil {
		return err
	}
	p := lang.From(r.Context())
	title, header, rows := p.T("agreement.sheet"), columns(p, "number", "place", "title-column", "first", "second", "ours", "note", "source"), situationLines(p, h.Service.Table(), result)
	if what == "figures" {
		title, header, rows = p.T("agreement.figures-sheet"), columns(p, "who", "n", "share-column", "percent", "kappa", "low", "high", "weighted", "low", "high"), figureLines(p, result)
	}
	var b bytes.Buffer
	if err := sheet.Write(&b, format, title, header, sheet.Of(rows)); err != nil {
		return err
	}
	web.Attachment(w, format.MediaType(), what+"."+string(format), b.Bytes())
	return nil
}

func columns(p *lang.Printer, names ...string) (header []string) {
	for _, name := range names {
		header = append(header, p.T("agreement."+name))
	}
	return header
}

func situationLines(p *lang.Printer, t *agreement.Table, result agreement.Result) (rows [][]any) {
	for i, row := range result.Rows {
		title, _ := agreement.In(row.Title, p.Tag())
		source, _ := agreement.In(row.Source, p.Tag())
		rows = append(rows, []any{i + 1, t.Place(p.Tag(), row.Place), title, word(p, t, row.First), word(p, t, row.Second), word(p, t, row.Step), strings.Join(notes(p, row), ", "), source})
	}
	return rows
}

// word is a step in the kit's words, "" for none.
func word(p *lang.Printer, t *agreement.Table, u firstline.Urgency) string {
	if u == "" {
		return ""
	}
	return t.Word(p.Tag(), u)
}

// notes say what there is to look at in a row.
func notes(p *lang.Printer, row agreement.Row) (list []string) {
	switch {
	case row.Apart():
		list = append(list, p.T("agreement.apart"))
	case row.AgainstTable():
		list = append(list, p.T("agreement.table-apart"))
	}
	if row.FalseAlarm {
		list = append(list, p.T("agreement.false-alarm"))
	}
	return list
}

// pair is one comparison of the three.
type pair struct {
	Who string
	agreement.Agreement
}

func pairs(p *lang.Printer, r agreement.Result) []pair {
	return []pair{{p.T("agreement.who-each"), r.Each}, {p.T("agreement.who-first"), r.FirstWithTable}, {p.T("agreement.who-second"), r.SecondWithTable}}
}

func figureLines(p *lang.Printer, r agreement.Result) (rows [][]any) {
	for _, x := range pairs(p, r) {
		row := []any{x.Who, x.N, x.Same, x.Share()}
		for _, e := range []agreement.Estimate{x.Kappa, x.Weighted} {
			for _, figure := range []float64{e.Value, e.Low, e.High} {
				row = append(row, sheet.Decimal{Value: figure, Places: 2})
			}
		}
		rows = append(rows, row)
	}
	return rows
}

// estimate is a figure with its interval, in words where there is none.
func estimate(p *lang.Printer, e agreement.Estimate) string {
	switch {
	case !e.Known():
		return p.T("agreement.uncomputed")
	case !e.Bounded():
		return p.T("agreement.no-bounds", "Value", p.Float(e.Value, 2))
	}
	return p.T("agreement.bounds", "Value", p.Float(e.Value, 2), "Low", p.Float(e.Low, 2), "High", p.Float(e.High, 2))
}
