// Package appointmentweb shows appointments to the office that keeps the guardian's entry, and to guardians their own.
//
// Goals: what is open is seen first (a missing child, no contact for long, no court); noting a contact takes one tap. Limits: no page and no title
// has more of a child than the case code, and the list has no file to take away.
package appointmentweb

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/errs"
	"ostoja/internal/guardian"
	"ostoja/internal/guardian/appointment"
	"ostoja/internal/lang"
	"ostoja/internal/list"
	"ostoja/internal/list/listweb"
	"ostoja/internal/sheet"
	"ostoja/internal/ui"
	"ostoja/internal/web"
)

const (
	office = "/app/guardians/appointments"
	own    = "/app/guardian/appointments"
)

// Courts lists the courts that an appointment may be of.
type Courts interface {
	Courts(ctx context.Context) ([]guardian.Court, error)
}

// Pages are the pages of appointments.
type Pages struct {
	Site    *web.Site
	Service *appointment.Service
	Courts  Courts
	// Phone returns the number that a fact of the country's pack holds today, "" if none can be relied on.
	Phone func(factID, lang string) string
}

// Routes registers the pages.
func (h *Pages) Routes(m *web.Mux) {
	m.Handle("GET "+office, h.list)
	m.Handle("GET "+office+"/new", h.form)
	m.Handle("POST "+office+"/new", h.enter)
	m.Handle("GET "+office+"/missing-data", h.gaps)
	m.Handle("GET "+office+"/{appointment}", h.page)
	m.Handle("POST "+office+"/{appointment}", h.act)
	m.Handle("GET "+office+"/{appointment}/end", h.endForm)
	m.Handle("POST "+office+"/{appointment}/end", h.end)
	m.Handle("GET "+own, h.mine)
	m.Handle("POST "+own+"/{appointment}", h.contact)
}

// list shows the appointments of the reader's offices. There is no file of it: who has one has a list of those who are alone with children.
func (h *Pages) list(w http.ResponseWriter, r *http.Request) error {
	ctx, actor, p, today := r.Context(), web.Actor(r.Context()), lang.From(r.Context()), h.Service.Today()
	all, err := h.Service.All(ctx, actor)
	if err != nil {
		return err
	}
	type row = appointment.Appointment
	l := listweb.Of[row]{
		Name: "appointments", Title: p.T("appointment.title"), Path: office, Query: r.URL.Query(), Now: h.Site.Clock.Now(), Search: p.T("appointment.search"),
		Filters: []listweb.Filter[row]{{Name: "state", Label: p.T("appointment.state"), Options: ui.OptionsOf(p, "appointment.all", "appointment.state-", states)}},
		Columns: []listweb.Column[row]{
			{Label: p.T("appointment.code"), Place: listweb.Head, Text: row.Code, Link: func(a row) string { return office + "/" + a.ID }},
			{Label: p.T("appointment.guardian"), Text: func(a row) string { return a.Name }},
			{Label: p.T("appointment.kind"), Place: listweb.Away, Text: func(a row) string { return h.kind(p, a.Kind) }},
			{Label: p.T("appointment.court"), Place: listweb.Away, Text: func(a row) string { return a.Court }},
			{Label: p.T("appointment.since"), Place: listweb.Figure, Value: func(a row) any { return cell(p, a.StartedOn) }},
			{Label: p.T("appointment.quiet", "Days", appointment.ContactWithin), Text: func(a row) string { return quietText(p, a, today) }},
			{
				Label: p.T("appointment.state"), Place: listweb.Chip, Text: func(a row) string { return p.T("appointment.state-" + stateOf(a)) },
				Kind: func(a row) ui.Kind { return stateKind(a) },
			},
		},
		Empty: listweb.Empty{Title: p.T("appointment.none"), Text: p.T("appointment.none-text")},
		Page: func(_ context.Context, q list.Query) ([]row, int, error) {
			t := list.Table[row]{
				Text:    func(a row) string { return a.Name + " " + a.CaseCode + " " + a.Code() },
				Filters: map[string]func(row, string) bool{"state": func(a row, v string) bool { return matches(a, v, today) }},
			}
			chosen := t.Choose(all, q)
			return list.Cut(chosen, q.Window), len(chosen), nil
		},
	}
	if actor.Has(access.GuardiansWrite) {
		l.Empty.Action = ui.NavItem{Label: p.T("appointment.enter"), Href: office + "/new"}
	}
	shown, err := l.Open(ctx)
	if err != nil {
		return err
	}
	v := listView{Shown: shown, MayWrite: actor.Has(access.GuardiansWrite)}
	for _, a := range all {
		if a.Running() {
			v.Running++
		}
		if a.IsMissing() {
			v.Missing = append(v.Missing, a)
		}
		if len(h.Service.Gaps(a)) > 0 {
			v.Gaps++
		}
	}
	return web.Show(w, r, web.View{Title: p.T("appointment.title"), Nav: "guardians", Wide: true}, listPage(v))
}

type listView struct {
	Shown    *listweb.Shown
	MayWrite bool
	Running  int
	Missing  []appointment.Appointment
	Gaps     int // running ones with something missing
}

// states are what the list can be narrowed to.
var states = []string{"running", "missing", "quiet", "ended"}

func matches(a appointment.Appointment, state, today string) bool {
	switch state {
	case "running":
		return a.Running()
	case "missing":
		return a.IsMissing()
	case "quiet":
		return a.Quiet(today)
	}
	return !a.Running()
}

func stateOf(a appointment.Appointment) string {
	switch {
	case a.IsMissing():
		return "missing"
	case a.Running():
		return "running"
	}
	return "ended"
}

func stateKind(a appointment.Appointment) ui.Kind {
	if a.IsMissing() {
		return ui.Waiting
	}
	return ui.Plain
}

func cell(p *lang.Printer, d string) any { return sheet.Day(p.StoredDay(d)) }

// quietText says yes or no, and since when.
func quietText(p *lang.Printer, a appointment.Appointment, today string) string {
	if !a.Running() {
		return ""
	}
	key := "appointment.quiet-no"
	if a.Quiet(today) {
		key = "appointment.quiet-yes"
	}
	return p.T(key, "Day", p.DateOf(a.LastContact()))
}

func (h *Pages) kind(p *lang.Printer, kindID string) string {
	k, _ := h.Service.Content.Kind(kindID)
	return k.Title.In(p.Tag())
}

func (h *Pages) scopes(p *lang.Printer, ids []string) string {
	var titles []string
	for _, s := range ids {
		titles = append(titles, h.Service.Content.Scope(s).Title.In(p.Tag()))
	}
	return strings.Join(titles, ", ")
}

func (h *Pages) form(w http.ResponseWriter, r *http.Request) error {
	return h.showForm(w, r, web.NewForm("decided", h.Service.Today(), "started", h.Service.Today()))
}

type formView struct {
	Form      *web.Form
	Guardians []ui.Option
	Kinds     []ui.Option
	Scopes    []ui.Option
	Courts    []ui.Option
}

func (h *Pages) showForm(w http.ResponseWriter, r *http.Request, f *web.Form) error {
	ctx, p := r.Context(), lang.From(r.Context())
	v := formView{Form: f, Guardians: []ui.Option{{Label: p.T("appointment.choose")}}}
	people, err := h.Service.Candidates(ctx, web.Actor(ctx))
	if err != nil {
		return err
	}
	for _, c := range people {
		v.Guardians = append(v.Guardians, ui.Option{Value: c.ID, Label: p.T("appointment.guardian-load", "Name", c.Name, "Children", c.Children, "Most", c.MostChildren)})
	}
	if v.Courts, err = h.courts(ctx); err != nil {
		return err
	}
	for _, k := range h.Service.Content.Kinds {
		o := ui.Option{Value: k.ID, Label: k.Title.In(p.Tag()), Hint: k.Note.In(p.Tag())}
		if !k.Confirmed {
			o.Hint += " " + p.T("appointment.unconfirmed")
		}
		v.Kinds = append(v.Kinds, o)
	}
	for _, s := range h.Service.Content.Scopes {
		v.Scopes = append(v.Scopes, ui.Option{Value: s.ID, Label: s.Title.In(p.Tag())})
	}
	return web.Show(w, r, web.View{Title: p.T("appointment.enter"), Nav: "guardians", Status: f.Status()}, formPage(v))
}

// courts are the open ones; the first option names none.
func (h *Pages) courts(ctx context.Context) ([]ui.Option, error) {
	options := []ui.Option{{Label: lang.T(ctx, "appointment.no-court")}}
	all, err := h.Courts.Courts(ctx)
	for _, c := range all {
		if c.ClosedAt.IsZero() {
			options = append(options, ui.Option{Value: c.ID, Label: c.Name})
		}
	}
	return options, err
}

func (h *Pages) enter(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	ctx := r.Context()
	a, err := h.Service.Enter(ctx, web.Actor(ctx), appointment.Draft{
		GuardianID: f.Get("guardian"), Code: f.Text("code"), Kind: f.Get("kind"), Scope: f.Values["scope"], CourtID: f.Get("court"), DecidedOn: f.Get("decided"), StartedOn: f.Get("started"),
	})
	if f.Fail(lang.From(ctx), err) {
		return h.showForm(w, r, f)
	}
	if err != nil {
		return err
	}
	h.Site.Say(w, "appointment.said-entered")
	return web.Redirect(w, r, office+"/"+a.ID)
}

// gaps shows what is missing about running appointments.
func (h *Pages) gaps(w http.ResponseWriter, r *http.Request) error {
	ctx, p := r.Context(), lang.From(r.Context())
	all, err := h.Service.All(ctx, web.Actor(ctx))
	if err != nil {
		return err
	}
	v := gapsView{Of: map[appointment.Gap][]appointment.Appointment{}, Today: h.Service.Today()}
	for _, a := range all {
		if a.Running() {
			v.Running++
		}
		for _, g := range h.Service.Gaps(a) {
			v.Of[g] = append(v.Of[g], a)
		}
	}
	return web.Show(w, r, web.View{Title: p.T("appointment.gaps"), Nav: "guardians"}, gapsPage(v))
}

type gapsView struct {
	Of      map[appointment.Gap][]appointment.Appointment
	Running int
	Today   string
}

func (h *Pages) page(w http.ResponseWriter, r *http.Request) error {
	return h.showPage(w, r, web.NewForm())
}

type pageView struct {
	appointment.Page
	Form   *web.Form
	Kind   appointment.Kind
	Scopes string
	Courts []ui.Option
	Lists  map[string][]item
	Today  string
	Now    time.Time
}

// item is a line of a list of what is to be done.
type item struct {
	appointment.Item
	Phone string // the number of today
	Done  bool
	Tick  appointment.Tick
}

func (h *Pages) items(p *lang.Printer, l appointment.List, done func(itemID string) (appointment.Tick, bool)) (items []item) {
	for _, i := range l.Items {
		x := item{Item: i}
		if i.Phone != "" {
			x.Phone = h.Phone(i.Phone, p.Tag())
		}
		if done != nil {
			x.Tick, x.Done = done(i.ID)
		}
		items = append(items, x)
	}
	return items
}

func (h *Pages) showPage(w http.ResponseWriter, r *http.Request, f *web.Form) error {
	ctx, p := r.Context(), lang.From(r.Context())
	a, err := h.Service.Page(ctx, web.Actor(ctx), r.PathValue("appointment"))
	if err != nil {
		return err
	}
	v := pageView{Page: a, Form: f, Scopes: h.scopes(p, a.Scope), Today: h.Service.Today(), Now: h.Site.Clock.Now(), Lists: map[string][]item{}}
	v.Kind, _ = h.Service.Content.Kind(a.Kind)
	for name, l := range map[string]appointment.List{appointment.MissingList: h.Service.Content.Missing, appointment.HandoverList: h.Service.Content.Handover} {
		v.Lists[name] = h.items(p, l, func(itemID string) (appointment.Tick, bool) { return a.Done(name, itemID) })
	}
	if a.MayWrite && a.Running() && a.CourtID == "" {
		if v.Courts, err = h.courts(ctx); err != nil {
			return err
		}
	}
	return web.Show(w, r, web.View{Title: p.T("appointment.single"), Nav: "guardians", Status: f.Status()}, appointmentPage(v))
}

// act does what a button of an appointment's page says.
func (h *Pages) act(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	ctx, actor, appointmentID, act := r.Context(), web.Actor(r.Context()), r.PathValue("appointment"), f.Get("act")
	to := office + "/" + appointmentID
	switch act {
	case "missing":
		err = h.Service.ReportMissing(ctx, actor, appointmentID)
	case "found":
		err = h.Service.Found(ctx, actor, appointmentID)
	case "court":
		err = h.Service.NameCourt(ctx, actor, appointmentID, f.Get("court"))
	case "undo":
		var gone bool
		if gone, err = h.Service.Undo(ctx, actor, appointmentID); gone {
			to = office
		}
	case "done", "not-done":
		name, itemID, _ := strings.Cut(f.Get("item"), ".")
		err = h.Service.Tick(ctx, actor, appointmentID, name, itemID, act == "done")
		to += "#" + name
	default:
		return errs.Invalid("error.invalid")
	}
	if act == "court" && f.Fail(lang.From(ctx), err) {
		return h.showPage(w, r, f)
	}
	if err != nil {
		return err
	}
	if act != "done" && act != "not-done" {
		h.Site.Say(w, "appointment.said-"+act)
	}
	return web.Redirect(w, r, to)
}

func (h *Pages) endForm(w http.ResponseWriter, r *http.Request) error {
	return h.showEnd(w, r, web.NewForm("on", h.Service.Today()))
}

func (h *Pages) showEnd(w http.ResponseWriter, r *http.Request, f *web.Form) error {
	ctx, p := r.Context(), lang.From(r.Context())
	a, err := h.Service.Page(ctx, web.Actor(ctx), r.PathValue("appointment"))
	if err != nil {
		return err
	}
	if !a.MayWrite {
		return errs.NotFound("error.not-found")
	}
	if f.Get("edition") == "" {
		f.Set("edition", strconv.FormatInt(a.Edition, 10))
	}
	var reasons []ui.Option
	for _, reason := range appointment.Reasons {
		if reason != appointment.Missing || a.IsMissing() {
			reasons = append(reasons, ui.Option{Value: string(reason), Label: p.T("appointment.ended-" + string(reason)), Hint: p.T("appointment.ended-hint-" + string(reason))})
		}
	}
	return web.Show(w, r, web.View{Title: p.T("appointment.end"), Nav: "guardians", Status: f.Status()}, endPage(a, f, reasons))
}

func (h *Pages) end(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	ctx, appointmentID := r.Context(), r.PathValue("appointment")
	edition, err := strconv.ParseInt(f.Get("edition"), 10, 64)
	if err != nil {
		edition = -1 // told as one that has changed
	}
	err = h.Service.End(ctx, web.Actor(ctx), appointmentID, appointment.End{Reason: appointment.Reason(f.Get("reason")), On: f.Get("on"), Month: f.Get("month")}, edition)
	if f.Fail(lang.From(ctx), err) {
		return h.showEnd(w, r, f)
	}
	if err != nil {
		return err
	}
	h.Site.Say(w, "appointment.said-ended")
	return web.Redirect(w, r, office+"/"+appointmentID)
}

// mine shows guardians their own appointments.
func (h *Pages) mine(w http.ResponseWriter, r *http.Request) error {
	return h.showMine(w, r, "", web.NewForm())
}

type mineView struct {
	Running, Ended []appointment.Own
	Pages          *Pages
	Form           *web.Form
	Sent           string // the appointment whose form is shown again
	Missing        []item
	Handover       []item
	Today          string
}

func (h *Pages) showMine(w http.ResponseWriter, r *http.Request, sent string, f *web.Form) error {
	ctx, p := r.Context(), lang.From(r.Context())
	all, err := h.Service.Mine(ctx, web.Actor(ctx))
	if err != nil {
		return err
	}
	v := mineView{Pages: h, Form: f, Sent: sent, Today: h.Service.Today(), Missing: h.items(p, h.Service.Content.Missing, nil), Handover: h.items(p, h.Service.Content.Handover, nil)}
	i := slices.IndexFunc(all, func(a appointment.Own) bool { return !a.Running() })
	if i < 0 {
		i = len(all)
	}
	v.Running, v.Ended = all[:i], all[i:]
	return web.Show(w, r, web.View{Title: p.T("appointment.mine"), Nav: "account", Status: f.Status()}, minePage(v))
}

// contact notes that a contact took place, or takes that back.
func (h *Pages) contact(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	ctx, actor, appointmentID := r.Context(), web.Actor(r.Context()), r.PathValue("appointment")
	said := "appointment.said-contact"
	switch f.Get("act") {
	case "today":
		err = h.Service.Contact(ctx, actor, appointmentID, h.Service.Today())
	case "on":
		err = h.Service.Contact(ctx, actor, appointmentID, f.Get("on"))
	case "undo":
		err, said = h.Service.TakeBack(ctx, actor, appointmentID), "appointment.said-undo"
	default:
		return errs.Invalid("error.invalid")
	}
	if f.Fail(lang.From(ctx), err) {
		return h.showMine(w, r, appointmentID, f)
	}
	if err != nil {
		return err
	}
	h.Site.Say(w, said)
	return web.Redirect(w, r, own)
}
