// Package publicationweb shows publications to the offices that keep them and to the units that order them: the list, one publication with its stock and movements, the forms of both,
// places, and orders.
//
// Goals: how many copies there are stands on the first screen, and each number opens to its movements; one form for all movements, which asks only what the chosen one needs. Limits: it
// decides nothing that package publication does not.
package publicationweb

import (
	"context"
	"net/http"
	"strconv"
	"strings"

	"ostoja/internal/access"
	"ostoja/internal/errs"
	"ostoja/internal/lang"
	"ostoja/internal/list/listweb"
	"ostoja/internal/publication"
	"ostoja/internal/ui"
	"ostoja/internal/web"
)

// Addresses of the area.
const (
	home   = "/app/publications"
	places = "/app/publication-places"
	orders = "/app/publication-orders"
)

// Pages are the pages of publications.
type Pages struct {
	site    *web.Site
	service *publication.Service
}

// New returns the pages.
func New(site *web.Site, s *publication.Service) *Pages { return &Pages{site, s} }

// Routes registers the pages.
func (h *Pages) Routes(m *web.Mux) {
	m.Handle("GET "+home, h.list)
	m.Handle("GET "+home+"/new", h.newForm)
	m.Handle("POST "+home+"/new", h.create)
	m.Handle("GET "+places, h.places)
	m.Handle("POST "+places, h.changePlaces)
	m.Handle("GET "+orders, h.orders)
	m.Handle("GET "+orders+"/{order}", h.order)
	m.Handle("POST "+orders+"/{order}", h.bring)
	m.Handle("GET "+home+"/{publication}", h.publication)
	m.Handle("POST "+home+"/{publication}", h.undo)
	for side, x := range map[string]struct{ show, act web.Handler }{"edit": {h.editForm, h.edit}, "print": {h.printForm, h.print}, "move": {h.moveForm, h.move}, "order": {h.askForm, h.ask}} {
		m.Handle("GET "+home+"/{publication}/"+side, x.show)
		m.Handle("POST "+home+"/{publication}/"+side, x.act)
	}
}

// view is a page of the area. Its title names no publication's reader and no unit.
func view(p *lang.Printer, key string, f *web.Form) web.View {
	v := web.View{Title: p.T(key), Nav: "publications"}
	if f != nil {
		v.Status = f.Status()
	}
	return v
}

type formView struct {
	Form    *web.Form
	Choices publication.Choices
	ID      string // "" of a new one
	Title   string
	Langs   []ui.Option
}

func (h *Pages) newForm(w http.ResponseWriter, r *http.Request) error {
	f := web.NewForm("orderable", "1")
	f.Values["languages"] = []string{"pl"}
	return h.showForm(w, r, formView{Form: f})
}

func (h *Pages) showForm(w http.ResponseWriter, r *http.Request, v formView) (err error) {
	ctx, p := r.Context(), lang.From(r.Context())
	if v.Choices, err = h.service.Choices(ctx, web.Actor(ctx), v.ID); err != nil {
		return err
	}
	for _, l := range publication.Languages {
		v.Langs = append(v.Langs, ui.Option{Value: l, Label: p.LanguageName(l)})
	}
	key := "publication.new"
	if v.ID != "" {
		key = "publication.edit"
	}
	return web.Show(w, r, view(p, key, v.Form), formPage(v))
}

// number reads a whole number; what is none is less than any that is allowed.
func number(s string) int {
	n, err := strconv.Atoi(strings.Join(strings.Fields(strings.ReplaceAll(s, "\u00a0", " ")), ""))
	if err != nil {
		return -1
	}
	return n
}

// draftOf reads a publication from a form.
func draftOf(f *web.Form) publication.Draft {
	year := 0
	if f.Text("year") != "" {
		year = number(f.Text("year"))
	}
	seen, _ := strconv.ParseInt(f.Get("seen"), 10, 64) // none is of a new one
	return publication.Draft{
		UnitID: f.Get("unit"), Title: f.Text("title"), Short: f.Text("short"), Edition: f.Text("edition"), ISBN: f.Text("isbn"), Languages: f.Values["languages"], Publisher: f.Text("publisher"),
		Year: year, IssuedOn: f.Get("issued"), ArticleID: f.Get("article"), Orderable: f.Get("orderable") == "1", Seen: seen,
	}
}

func (h *Pages) create(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	ctx := r.Context()
	publicationID, err := h.service.Create(ctx, web.Actor(ctx), draftOf(f))
	if f.Fail(lang.From(ctx), err) {
		return h.showForm(w, r, formView{Form: f})
	}
	if err != nil {
		return err
	}
	h.site.Say(w, "publication.said-created")
	return web.Redirect(w, r, publication.Path(publicationID))
}

// writable returns a publication that the reader may change; to others its forms are not there.
func (h *Pages) writable(r *http.Request) (p publication.Page, err error) {
	if p, err = h.service.Page(r.Context(), web.Actor(r.Context()), r.PathValue("publication")); err == nil && !p.MayWrite {
		err = errs.NotFound("error.not-found")
	}
	return p, err
}

func (h *Pages) editForm(w http.ResponseWriter, r *http.Request) error {
	x, err := h.writable(r)
	if err != nil {
		return err
	}
	f := web.NewForm("unit", x.UnitID, "title", x.Title, "short", x.Short, "edition", x.Edition, "isbn", x.ISBN, "publisher", x.Publisher, "issued", x.IssuedOn, "article", x.ArticleID,
		"seen", strconv.FormatInt(x.RowEdition, 10))
	if x.Year != 0 {
		f.Set("year", strconv.Itoa(x.Year))
	}
	if x.Orderable {
		f.Set("orderable", "1")
	}
	f.Values["languages"] = x.Languages
	return h.showForm(w, r, formView{Form: f, ID: x.ID, Title: x.Name()})
}

func (h *Pages) edit(w http.ResponseWriter, r *http.Request) error {
	return h.act(w, r, "publication.said-saved", func(ctx context.Context, actor access.Actor, id string, f *web.Form) error {
		return h.service.Edit(ctx, actor, id, draftOf(f))
	}, func(x publication.Page, f *web.Form) error {
		return h.showForm(w, r, formView{Form: f, ID: x.ID, Title: x.Name()})
	})
}

// act does what a form of a publication asks for, and leads to its page.
func (h *Pages) act(w http.ResponseWriter, r *http.Request, said string, do func(ctx context.Context, actor access.Actor, id string, f *web.Form) error, again func(x publication.Page, f *web.Form) error) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	ctx, id := r.Context(), r.PathValue("publication")
	err = do(ctx, web.Actor(ctx), id, f)
	if f.Fail(lang.From(ctx), err) {
		x, err := h.service.Page(ctx, web.Actor(ctx), id)
		if err != nil {
			return err
		}
		return again(x, f)
	}
	if err != nil {
		return err
	}
	h.site.Say(w, said)
	return web.Redirect(w, r, publication.Path(id))
}

type pageView struct {
	publication.Page
	Form   *web.Form
	Moves  *listweb.Shown
	Orders *listweb.Shown
}

func (h *Pages) publication(w http.ResponseWriter, r *http.Request) error {
	x, err := h.service.Page(r.Context(), web.Actor(r.Context()), r.PathValue("publication"))
	if err != nil {
		return err
	}
	return h.showPublication(w, r, x, web.NewForm())
}

func (h *Pages) showPublication(w http.ResponseWriter, r *http.Request, x publication.Page, f *web.Form) (err error) {
	ctx, p := r.Context(), lang.From(r.Context())
	v := pageView{Page: x, Form: f}
	moves, asked := h.moveList(r, x), h.orderList(r, publication.Path(x.ID), "o.", x.Orders)
	for _, l := range []interface {
		Wanted() bool
		Send(w http.ResponseWriter, r *http.Request) error
	}{moves, asked} {
		if l.Wanted() && r.Method == http.MethodGet {
			return l.Send(w, r)
		}
	}
	if v.Moves, err = moves.Open(ctx); err != nil {
		return err
	}
	if v.Orders, err = asked.Open(ctx); err != nil {
		return err
	}
	out := view(p, "publication.single", f)
	out.Wide = true
	return web.Show(w, r, out, publicationPage(v))
}

// undo takes back the last movement.
func (h *Pages) undo(w http.ResponseWriter, r *http.Request) error {
	return h.act(w, r, "publication.said-undone", func(ctx context.Context, actor access.Actor, id string, f *web.Form) error {
		return h.service.Undo(ctx, actor, id, f.Get("move"))
	}, func(x publication.Page, f *web.Form) error { return h.showPublication(w, r, x, f) })
}

type moveView struct {
	publication.Page
	Form    *web.Form
	Choices publication.Choices
}

func (h *Pages) moveForm(w http.ResponseWriter, r *http.Request) error {
	x, err := h.writable(r)
	if err != nil {
		return err
	}
	return h.showMove(w, r, x, web.NewForm("day", h.service.Today(), "kind", string(publication.Handed)))
}

func (h *Pages) showMove(w http.ResponseWriter, r *http.Request, x publication.Page, f *web.Form) (err error) {
	ctx, v := r.Context(), moveView{Page: x, Form: f}
	if v.Choices, err = h.service.Choices(ctx, web.Actor(ctx), x.ID); err != nil {
		return err
	}
	out := view(lang.From(ctx), "publication.move", f)
	out.With = []string{"stock.css"}
	return web.Show(w, r, out, movePage(v))
}

// move writes a movement down. Each kind has fields of its own names, so that what stands under another choice is left alone.
func (h *Pages) move(w http.ResponseWriter, r *http.Request) error {
	return h.act(w, r, "publication.said-moved", func(ctx context.Context, actor access.Actor, id string, f *web.Form) error {
		return h.service.Record(ctx, actor, id, publication.Move{
			Kind: publication.Kind(f.Get("kind")), FromID: f.Get("from"), ToID: f.Get("to"), Copies: number(f.Text("copies")), RunID: f.Get("run"), UnitID: f.Get("unit"), TrainingID: f.Get("training"),
			Reason: f.Text("reason"), Day: f.Get("day"),
		})
	}, func(x publication.Page, f *web.Form) error { return h.showMove(w, r, x, f) })
}

func (h *Pages) printForm(w http.ResponseWriter, r *http.Request) error {
	x, err := h.writable(r)
	if err != nil {
		return err
	}
	return h.showPrint(w, r, x, web.NewForm("day", h.service.Today()))
}

func (h *Pages) showPrint(w http.ResponseWriter, r *http.Request, x publication.Page, f *web.Form) (err error) {
	ctx, v := r.Context(), moveView{Page: x, Form: f}
	if v.Choices, err = h.service.Choices(ctx, web.Actor(ctx), x.ID); err != nil {
		return err
	}
	return web.Show(w, r, view(lang.From(ctx), "publication.print", f), printPage(v))
}

func (h *Pages) print(w http.ResponseWriter, r *http.Request) error {
	return h.act(w, r, "publication.said-printed", func(ctx context.Context, actor access.Actor, id string, f *web.Form) error {
		_, err := h.service.Print(ctx, actor, id, publication.Run{Day: f.Get("day"), Copies: number(f.Text("copies")), Note: f.Text("note")}, f.Get("to"))
		return err
	}, func(x publication.Page, f *web.Form) error { return h.showPrint(w, r, x, f) })
}

func (h *Pages) askForm(w http.ResponseWriter, r *http.Request) error {
	x, err := h.service.Page(r.Context(), web.Actor(r.Context()), r.PathValue("publication"))
	if err != nil {
		return err
	}
	if !x.MayOrder {
		return errs.NotFound("error.not-found")
	}
	return h.showAsk(w, r, x, web.NewForm())
}

func (h *Pages) showAsk(w http.ResponseWriter, r *http.Request, x publication.Page, f *web.Form) (err error) {
	ctx, v := r.Context(), moveView{Page: x, Form: f}
	if v.Choices, err = h.service.Choices(ctx, web.Actor(ctx), x.ID); err != nil {
		return err
	}
	return web.Show(w, r, view(lang.From(ctx), "publication.order", f), askPage(v))
}

func (h *Pages) ask(w http.ResponseWriter, r *http.Request) error {
	return h.act(w, r, "publication.said-asked", func(ctx context.Context, actor access.Actor, id string, f *web.Form) error {
		_, err := h.service.Ask(ctx, actor, id, f.Get("unit"), number(f.Text("copies")), f.Text("purpose"))
		return err
	}, func(x publication.Page, f *web.Form) error { return h.showAsk(w, r, x, f) })
}

type placesView struct {
	Form    *web.Form
	Places  []publication.PlaceRow
	Choices publication.Choices
	May     bool
}

func (h *Pages) places(w http.ResponseWriter, r *http.Request) error {
	return h.showPlaces(w, r, web.NewForm("kind", string(publication.Office)))
}

func (h *Pages) showPlaces(w http.ResponseWriter, r *http.Request, f *web.Form) (err error) {
	ctx, actor := r.Context(), web.Actor(r.Context())
	v := placesView{Form: f, May: actor.Has(access.ProjectsWrite)}
	if v.Places, err = h.service.Places(ctx, actor); err != nil {
		return err
	}
	if v.Choices, err = h.service.Choices(ctx, actor, ""); err != nil {
		return err
	}
	out := view(lang.From(ctx), "publication.places", f)
	out.With = []string{"rows.css"}
	return web.Show(w, r, out, placesPage(v))
}

func (h *Pages) changePlaces(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	ctx, actor, said := r.Context(), web.Actor(r.Context()), "publication.said-place-"+f.Get("act")
	switch f.Get("act") {
	case "add":
		_, err = h.service.AddPlace(ctx, actor, publication.PlaceDraft{UnitID: f.Get("unit"), Name: f.Text("name"), Kind: publication.PlaceKind(f.Get("kind"))})
	case "close", "open":
		err = h.service.ClosePlace(ctx, actor, f.Get("place"), f.Get("act") == "close")
	default:
		return errs.Invalid("error.invalid")
	}
	if f.Fail(lang.From(ctx), err) {
		return h.showPlaces(w, r, f)
	}
	if err != nil {
		return err
	}
	h.site.Say(w, said)
	return web.Redirect(w, r, places)
}

func (h *Pages) orders(w http.ResponseWriter, r *http.Request) error {
	ctx, p := r.Context(), lang.From(r.Context())
	list, err := h.service.Orders(ctx, web.Actor(ctx))
	if err != nil {
		return err
	}
	l := h.orderList(r, orders, "", list)
	if l.Wanted() {
		return l.Send(w, r)
	}
	shown, err := l.Open(ctx)
	if err != nil {
		return err
	}
	waiting := 0
	for _, o := range list {
		if o.Waits(web.Actor(ctx)) {
			waiting++
		}
	}
	out := view(p, "publication.orders", nil)
	out.Wide = true
	return web.Show(w, r, out, ordersPage(shown, len(list), waiting))
}

type orderView struct {
	publication.OrderPage
	Form *web.Form
}

func (h *Pages) order(w http.ResponseWriter, r *http.Request) error {
	return h.showOrder(w, r, web.NewForm("day", h.service.Today()))
}

func (h *Pages) showOrder(w http.ResponseWriter, r *http.Request, f *web.Form) error {
	ctx := r.Context()
	o, err := h.service.Order(ctx, web.Actor(ctx), r.PathValue("order"))
	if err != nil {
		return err
	}
	if f.Get("copies") == "" {
		f.Set("copies", strconv.Itoa(o.Copies))
	}
	return web.Show(w, r, view(lang.From(ctx), "publication.order-single", f), orderPage(orderView{o, f}))
}

func (h *Pages) bring(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	ctx := r.Context()
	err = h.service.Bring(ctx, web.Actor(ctx), r.PathValue("order"), publication.Turn{
		To: publication.OrderState(f.Get("to")), Copies: number(f.Text("copies")), FromID: f.Get("from"), Day: f.Get("day"), Note: f.Text("note"),
	})
	if f.Fail(lang.From(ctx), err) {
		return h.showOrder(w, r, f)
	}
	if err != nil {
		return err
	}
	h.site.Say(w, "publication.said-order-"+f.Get("to"))
	return web.Redirect(w, r, r.URL.Path)
}
