package siteweb

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"ostoja/internal/errs"
	"ostoja/internal/lang"
	"ostoja/internal/sheet"
	"ostoja/internal/site"
	"ostoja/internal/ui"
	"ostoja/internal/web"
)

// visitsView is how often pages were opened on days that are over.
type visitsView struct {
	Query     url.Values // from, to, lang
	Languages []site.Language
	Lines     []visitLine
	Doors     []doorLine
	Paging    ui.Paging
}

// visitLine is a count with the page's name.
type visitLine struct {
	site.Visits
	Title string
}

// doorLine is what came through a door.
type doorLine struct {
	Title string
	Total site.Total
}

// shown returns the lines of the page that is shown.
func (v visitsView) shown() []visitLine {
	from := min((v.Paging.Page-1)*v.Paging.Size, len(v.Lines))
	return v.Lines[from:min(from+v.Paging.Size, len(v.Lines))]
}

// readVisits reads the period of the address, the last four weeks if it names none.
func (h *Pages) readVisits(r *http.Request) (v visitsView, err error) {
	const days, most, size = 28, 366, 50
	p, yesterday := printer(r), h.Service.Now().In(h.Service.Zone()).AddDate(0, 0, -1)
	date := func(name string, otherwise time.Time) time.Time {
		t, err := time.ParseInLocation(time.DateOnly, r.URL.Query().Get(name), h.Service.Zone())
		if err != nil {
			return otherwise
		}
		return t
	}
	to := date("to", yesterday)
	from := date("from", to.AddDate(0, 0, 1-days))
	if from.Before(to.AddDate(0, 0, -most)) {
		from = to.AddDate(0, 0, -most)
	}
	v = visitsView{Query: url.Values{"from": {from.Format(time.DateOnly)}, "to": {to.Format(time.DateOnly)}}, Languages: h.Service.Languages()}
	tag := r.URL.Query().Get("lang")
	if tag != "" {
		v.Query.Set("lang", tag)
	}
	list, err := h.Service.Visited(r.Context(), web.Actor(r.Context()), v.Query.Get("from"), v.Query.Get("to"))
	if err != nil {
		return v, err
	}
	all, err := h.Service.Articles(r.Context(), web.Actor(r.Context()))
	titles := map[string]string{}
	for _, o := range all {
		titles[o.ID] = titleOf(o, p.Tag())
	}
	list = slices.DeleteFunc(list, func(x site.Visits) bool { return tag != "" && x.Lang != tag })
	for _, x := range list {
		v.Lines = append(v.Lines, visitLine{x, pageTitle(p, titles, x.Page)})
	}
	slices.SortStableFunc(v.Lines, func(a, b visitLine) int { // by what is shown, so that the order tells no number
		return cmp.Or(cmp.Compare(b.Day, a.Day), cmp.Compare(a.Title, b.Title), cmp.Compare(a.Lang, b.Lang))
	})
	for _, d := range site.Doors {
		page := site.DoorPage(d)
		of := slices.DeleteFunc(slices.Clone(list), func(x site.Visits) bool { return x.Page != page })
		v.Doors = append(v.Doors, doorLine{p.T("site.door." + string(d)), site.Sum(of)})
	}
	v.Paging = ui.Paging{Page: max(number(r.URL.Query().Get("page")), 1), Size: size, Total: len(v.Lines), Path: "/app/site/visits", Query: v.Query}
	v.Paging.Page = min(v.Paging.Page, max(1, (len(v.Lines)+size-1)/size))
	return v, err
}

// pageTitle names a counted page.
func pageTitle(p *lang.Printer, titles map[string]string, page string) string {
	for _, format := range []string{"a3", "a4", "a6"} {
		if id, ok := strings.CutSuffix(page, "-"+format); ok {
			return pageTitle(p, titles, id) + ", " + strings.ToUpper(format)
		}
	}
	if region, ok := strings.CutPrefix(page, "services-"); ok {
		return p.T("site.visits.pages.services") + ": " + regionName(p, region)
	}
	if t := titles[page]; t != "" {
		return t
	}
	if key := "site.visits.pages." + page; p.Has(key) {
		return p.T(key)
	}
	return page
}

// total writes a sum of counts, some of which are not shown.
func total(p *lang.Printer, t site.Total) string {
	switch {
	case t.AtLeast && t.N == 0:
		return p.T("site.visits.too-few")
	case t.AtLeast:
		return p.T("site.visits.at-least", "N", p.Int(int(t.N)))
	}
	return p.Int(int(t.N))
}

func (h *Pages) visits(w http.ResponseWriter, r *http.Request) error {
	v, err := h.readVisits(r)
	if err != nil {
		return err
	}
	return show(w, r, "site.visits.title", web.NewForm(), visitsPage(v))
}

func (h *Pages) exportVisits(w http.ResponseWriter, r *http.Request) error {
	format, ok := sheet.Parse(strings.TrimPrefix(r.PathValue("file"), "visits."))
	if !ok {
		return errs.NotFound("error.not-found")
	}
	v, err := h.readVisits(r)
	if err != nil {
		return err
	}
	p := printer(r)
	var rows [][]any
	for _, x := range v.Lines {
		var n any = x.N
		if x.Few() {
			n = p.T("site.visits.below", "N", strconv.Itoa(site.LeastVisits))
		}
		rows = append(rows, []any{x.Day, x.Title, x.Lang, n})
	}
	return h.send(w, format, "visits", p.T("site.visits.title"), []string{p.T("site.visits.day"), p.T("site.visits.page"), p.T("site.orders.lang"), p.T("site.visits.n")}, rows)
}
