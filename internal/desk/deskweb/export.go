package deskweb

import (
	"bytes"
	"net/http"
	"strconv"
	"strings"
	"time"

	"ostoja/internal/desk"
	"ostoja/internal/errs"
	"ostoja/internal/lang"
	"ostoja/internal/sheet"
	"ostoja/internal/web"
)

// export writes what a page shows, with its filters, as a file: people.xlsx, or a breakdown such as months.csv.
func (h *Pages) export(w http.ResponseWriter, r *http.Request) error {
	what, ending, _ := strings.Cut(r.PathValue("file"), ".")
	format, ok := sheet.Parse(ending)
	if _, known := breakdowns[what]; !ok || !known && what != "people" {
		return errs.NotFound("error.not-found")
	}
	v, err := h.view(r)
	if err != nil {
		return err
	}
	p := lang.From(r.Context())
	var (
		b      bytes.Buffer // so that an error becomes an error page and not half a file
		header []string
		rows   sheet.Rows
		title  = p.T("desk.people")
	)
	if what == "people" {
		list, _, err := h.Service.People(r.Context(), web.Actor(r.Context()), v.Course.ID, v.Filter, v.Sort, desk.Page{})
		if err != nil {
			return err
		}
		header, rows = peopleHeader(p), sheet.Each(list, func(x desk.Person) []any { return peopleRow(p, x) })
	} else {
		o, err := h.Service.Overview(r.Context(), web.Actor(r.Context()), v.Course.ID, v.Filter)
		if err != nil {
			return err
		}
		title = p.T(breakdowns[what].title)
		header, rows = breakdownRows(p, what, o)
	}
	if err := sheet.Write(&b, format, title, header, rows); err != nil {
		return err
	}
	w.Header().Set("Content-Type", format.MediaType())
	w.Header().Set("Content-Disposition", `attachment; filename="`+what+"-"+h.Service.Now().In(p.Zone()).Format(time.DateOnly)+"."+string(format)+`"`)
	w.Header().Set("Content-Length", strconv.Itoa(b.Len()))
	_, _ = w.Write(b.Bytes()) // fails only where the browser has gone
	return nil
}

func peopleHeader(p *lang.Printer) []string {
	var header []string
	for _, key := range []string{
		"family-name", "given-name", "organisation", "unit", "region", "state", "round", "invited-at", "started-at", "active-at", "finished-at",
		"passed-at", "withdrawn-at", "reminded-at", "progress-percent", "best-percent", "certificate",
	} {
		header = append(header, p.T("desk."+key))
	}
	return header
}

func peopleRow(p *lang.Printer, x desk.Person) []any {
	day := func(t time.Time) any {
		if t.IsZero() {
			return nil
		}
		return sheet.Day(t.In(p.Zone()))
	}
	region := ""
	if x.Region != "" {
		region = regionName(p, x.Region)
	}
	var best any
	if x.Best != nil {
		best = *x.Best
	}
	return []any{
		x.FamilyName, x.GivenName, x.Organisation, x.Unit, region, p.T("desk.state-" + string(x.State())), x.Round, day(x.InvitedAt), day(x.StartedAt), day(x.ActiveAt),
		day(x.FinishedAt), day(x.PassedAt), day(x.WithdrawnAt), day(x.RemindedAt), percent(x.PartsDone, x.Parts), best, x.Certificate,
	}
}

func percent(done, of int) int {
	if of == 0 {
		return 0
	}
	return 100 * done / of
}

func breakdownRows(p *lang.Printer, by string, o desk.Overview) (header []string, rows sheet.Rows) {
	header = []string{p.T(breakdowns[by].column)}
	for _, f := range desk.AllFigures {
		header = append(header, p.T("desk."+string(f)))
	}
	row := func(name string, f desk.Figures) []any {
		line := []any{name}
		for _, figure := range desk.AllFigures {
			line = append(line, f.Of(figure))
		}
		return line
	}
	var list [][]any
	for _, l := range breakdowns[by].of(o) {
		list = append(list, row(lineName(p, by, l), l.Figures))
	}
	return header, sheet.Of(append(list, row(p.T("desk.total"), o.Totals)))
}
