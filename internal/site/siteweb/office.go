package siteweb

import (
	"net/http"
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

// ordersView is the list of orders of printed copies.
type ordersView struct {
	Form         *web.Form
	List         []site.Order
	Publications []site.Overview
	Languages    []site.Language
	MayWrite     bool
}

func (h *Pages) orders(w http.ResponseWriter, r *http.Request) error {
	return h.showOrders(w, r, web.NewForm("copies", "50"))
}

func (h *Pages) showOrders(w http.ResponseWriter, r *http.Request, f *web.Form) error {
	ctx, actor := r.Context(), web.Actor(r.Context())
	v := ordersView{Form: f, Languages: h.Service.Languages(), MayWrite: mayWrite(r)}
	var err error
	if v.List, err = h.Service.Orders(ctx, actor); err != nil {
		return err
	}
	all, err := h.Service.Articles(ctx, actor)
	if err != nil {
		return err
	}
	for _, o := range all {
		if o.Kind == site.Publication {
			v.Publications = append(v.Publications, o)
		}
	}
	return show(w, r, "site.orders.title", f, ordersPage(v))
}

func (h *Pages) addOrder(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	o := site.Order{ArticleID: f.Get("publication"), Lang: f.Get("lang"), Institution: f.Get("institution"), Address: f.Get("address")}
	o.Copies, _ = strconv.Atoi(f.Text("copies")) // no number is refused as none
	if err := h.Service.AddOrder(r.Context(), web.Actor(r.Context()), o); err != nil {
		if f.Fail(printer(r), err) {
			return h.showOrders(w, r, f)
		}
		return err
	}
	h.Site.Say(w, "site.orders.added")
	return web.Redirect(w, r, "/app/site/orders")
}

func (h *Pages) settleOrder(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	if err := h.Service.SettleOrder(r.Context(), web.Actor(r.Context()), r.PathValue("order"), site.OrderState(f.Get("to"))); err != nil {
		return err
	}
	h.Site.Say(w, "site.orders.settled")
	return web.Redirect(w, r, "/app/site/orders")
}

func (h *Pages) exportOrders(w http.ResponseWriter, r *http.Request) error {
	format, ok := sheet.Parse(strings.TrimPrefix(r.PathValue("file"), "orders."))
	if !ok {
		return errs.NotFound("error.not-found")
	}
	list, err := h.Service.Orders(r.Context(), web.Actor(r.Context()))
	if err != nil {
		return err
	}
	p := printer(r)
	header := []string{p.T("site.orders.publication"), p.T("site.orders.lang"), p.T("site.orders.copies"), p.T("site.orders.institution"), p.T("site.orders.address"), p.T("site.orders.state"), p.T("site.orders.at")}
	var rows [][]any
	for _, o := range list {
		rows = append(rows, []any{o.ArticleID, o.Lang, o.Copies, o.Institution, o.Address, p.T("site.orders.states." + string(o.State)), o.OrderedAt})
	}
	return h.send(w, format, "orders", p.T("site.orders.title"), header, rows)
}

// visitsView is how often pages were opened in a month.
type visitsView struct {
	Month  string
	Months []string // that can be chosen, the newest first
	List   []site.Visits
	Titles map[string]string
}

func (h *Pages) readVisits(r *http.Request) (v visitsView, err error) {
	now := h.Service.Now().In(h.Service.Zone())
	first := time.Date(now.Year(), now.Month(), 1, 0, 0, 0, 0, now.Location())
	const months = 24
	for i := range months {
		v.Months = append(v.Months, first.AddDate(0, -i, 0).Format("2006-01"))
	}
	if v.Month = r.URL.Query().Get("month"); !slices.Contains(v.Months, v.Month) {
		v.Month = v.Months[0]
	}
	if v.List, err = h.Service.Visited(r.Context(), web.Actor(r.Context()), v.Month); err != nil {
		return v, err
	}
	all, err := h.Service.Articles(r.Context(), web.Actor(r.Context()))
	v.Titles = map[string]string{}
	for _, o := range all {
		if t := o.Texts[printer(r).Tag()]; t != nil {
			v.Titles[o.ID] = t.Title
		}
	}
	return v, err
}

// title names a counted page.
func (v visitsView) title(p *lang.Printer, page string) string {
	id, format := page, ""
	for _, f := range []string{"a3", "a4", "a6"} {
		if head, ok := strings.CutSuffix(page, "-"+f); ok {
			id, format = head, ", "+strings.ToUpper(f)
		}
	}
	if t := v.Titles[id]; t != "" {
		return t + format
	}
	if key := "site.visits.pages." + id; p.Has(key) {
		return p.T(key)
	}
	return page
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
	for _, x := range v.List {
		var n any = x.N
		if x.Few {
			n = p.T("site.visits.below", "N", site.LeastVisits)
		}
		rows = append(rows, []any{v.Month, v.title(p, x.Page), x.Lang, n})
	}
	return h.send(w, format, "visits", p.T("site.visits.title"), []string{p.T("site.visits.month"), p.T("site.visits.page"), p.T("site.orders.lang"), p.T("site.visits.n")}, rows)
}

// monthOptions offers the months.
func monthOptions(v visitsView) (list []ui.Option) {
	for _, m := range v.Months {
		list = append(list, ui.Option{Value: m, Label: m})
	}
	return list
}
