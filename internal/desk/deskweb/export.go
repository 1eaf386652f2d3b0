package deskweb

import (
	"io"
	"iter"
	"net/http"
	"strings"
	"time"

	"ostoja/internal/desk"
	"ostoja/internal/errs"
	"ostoja/internal/lang"
	"ostoja/internal/list/listweb"
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
	return listweb.Send(w, r, what, format, h.Service.Now(), func(out io.Writer) error {
		if what == "people" {
			return h.Service.EachPerson(r.Context(), web.Actor(r.Context()), v.Course.ID, v.Filter, v.Sort, func(people iter.Seq2[desk.Person, error]) error {
				return sheet.Write(out, format, p.T("desk.people"), peopleHeader(p), peopleRows(p, people))
			})
		}
		o, err := h.Service.Overview(r.Context(), web.Actor(r.Context()), v.Course.ID, v.Filter)
		if err != nil {
			return err
		}
		header, rows := breakdownRows(p, what, o)
		return sheet.Write(out, format, p.T(breakdowns[what].title), header, rows)
	})
}

func peopleRows(p *lang.Printer, people iter.Seq2[desk.Person, error]) sheet.Rows {
	return func(yield func([]any, error) bool) {
		for x, err := range people {
			if err != nil {
				yield(nil, err)
				return
			}
			if !yield(peopleRow(p, x), nil) {
				return
			}
		}
	}
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
