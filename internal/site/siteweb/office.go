package siteweb

import (
	"net/http"
	"slices"

	"ostoja/internal/access"
	"ostoja/internal/list/listweb"
	"ostoja/internal/site"
	"ostoja/internal/site/content"
	"ostoja/internal/ui"
	"ostoja/internal/web"
)

// ordersView is the list of orders of printed copies.
type ordersView struct {
	Form         *web.Form
	List         []site.Order
	Shown        *listweb.Shown
	Publications []site.Overview
	Languages    []content.Language
	MayAdd       bool
	Actor        access.Actor
	Units        []ui.Option
	NoContact    bool // readers are not told where to order
}

func (h *Pages) orders(w http.ResponseWriter, r *http.Request) error {
	return h.showOrders(w, r, web.NewForm("copies", "50"))
}

func (h *Pages) showOrders(w http.ResponseWriter, r *http.Request, f *web.Form) error {
	ctx, actor := r.Context(), web.Actor(r.Context())
	v := ordersView{Form: f, Languages: h.Service.Languages(), MayAdd: mayAdd(r), Actor: actor}
	var err error
	if v.Units, err = h.unitOptions(r); err != nil {
		return err
	}
	if v.List, err = h.Service.Orders(ctx, actor); err != nil {
		return err
	}
	facts, err := h.Service.Facts(ctx, actor)
	if err != nil {
		return err
	}
	v.NoContact = !slices.ContainsFunc(facts, func(f content.Fact) bool { return f.ID == content.OfficeContact })
	all, err := h.Service.Articles(ctx, actor)
	if err != nil {
		return err
	}
	for _, o := range all {
		if o.Kind == content.Publication {
			v.Publications = append(v.Publications, o)
		}
	}
	l := h.orderList(r, v)
	if l.Wanted() {
		return l.Send(w, r)
	}
	if v.Shown, err = l.Open(ctx); err != nil {
		return err
	}
	return show(w, r, "site.orders.title", f, ordersPage(v))
}

func (h *Pages) addOrder(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	o := site.Order{ArticleID: f.Get("publication"), Lang: f.Get("lang"), Institution: f.Get("institution"), Address: f.Get("address"), Copies: number(f.Text("copies")), Owner: content.Owner{UnitID: f.Get("unit")}}
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
	if err := h.Service.SetOrderState(r.Context(), web.Actor(r.Context()), r.PathValue("order"), site.OrderState(f.Get("to"))); err != nil {
		return err
	}
	h.Site.Say(w, "site.orders.settled")
	return web.Redirect(w, r, "/app/site/orders")
}
