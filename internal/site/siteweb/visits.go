package siteweb

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/lang"
	"ostoja/internal/list/listweb"
	"ostoja/internal/site/content"
	"ostoja/internal/site/visits"
	"ostoja/internal/web"
)

// visitsView is how often pages were opened on days that are over.
type visitsView struct {
	Query     url.Values // from, to, lang
	Languages []content.Language
	Lines     []visitLine
	Doors     []doorLine
	List      *listweb.Shown // of the days
	Through   *listweb.Shown // of the doors
	Whole     bool           // the reader reads the whole site
}

// visitLine is a count with the page's name.
type visitLine struct {
	visits.Count
	Title string
}

// doorLine is what came through a door.
type doorLine struct {
	Title string
	Total visits.Total
}

// readVisits reads the period of the address, the last four weeks if it names none.
func (h *Pages) readVisits(r *http.Request) (v visitsView, err error) {
	const days, most = 28, 366
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
	v = visitsView{Query: url.Values{"from": {from.Format(time.DateOnly)}, "to": {to.Format(time.DateOnly)}}, Languages: h.Service.Languages(), Whole: web.Actor(r.Context()).Everywhere(access.SiteRead)}
	tag := r.URL.Query().Get("lang")
	if tag != "" {
		v.Query.Set("lang", tag)
	}
	list, err := h.Visits.Between(r.Context(), web.Actor(r.Context()), v.Query.Get("from"), v.Query.Get("to"))
	if err != nil {
		return v, err
	}
	all, err := h.Service.Articles(r.Context(), web.Actor(r.Context()))
	titles := map[string]string{}
	for _, o := range all {
		titles[o.ID] = titleOf(o, p.Tag())
	}
	list = slices.DeleteFunc(list, func(x visits.Count) bool { return tag != "" && x.Lang != tag })
	for _, x := range list {
		v.Lines = append(v.Lines, visitLine{x, pageTitle(p, titles, x.Page)})
	}
	slices.SortStableFunc(v.Lines, func(a, b visitLine) int { // by what is shown, so that the order tells no number
		return cmp.Or(cmp.Compare(b.Day, a.Day), cmp.Compare(a.Title, b.Title), cmp.Compare(a.Lang, b.Lang))
	})
	for _, d := range content.Doors {
		page := visits.DoorPage(d)
		of := slices.DeleteFunc(slices.Clone(list), func(x visits.Count) bool { return x.Page != page })
		v.Doors = append(v.Doors, doorLine{p.T("site.door." + string(d)), visits.Sum(of)})
	}
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
func total(p *lang.Printer, t visits.Total) string {
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
	l, doors := h.visitList(r, v), h.doorList(r, v)
	l.Empty.Found = printer(r).T("site.visits.none") + " " + printer(r).T("site.visits.none-text") // a period is always chosen
	if l.Wanted() {
		return l.Send(w, r)
	}
	if doors.Wanted() {
		return doors.Send(w, r)
	}
	if v.List, err = l.Open(r.Context()); err != nil {
		return err
	}
	if v.Through, err = doors.Open(r.Context()); err != nil {
		return err
	}
	return show(w, r, "site.visits.title", web.NewForm(), visitsPage(v))
}
