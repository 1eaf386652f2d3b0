// Package reminderweb shows the rules by which reminders of a course leave by themselves.
//
// Goals: before a rule is switched on its page says how many letters it sends today and in thirty days, and to whom; many are asked for
// twice, with the number typed. Limits: what is due is reminder's to say; reminders by hand are deskweb's.
package reminderweb

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"ostoja/internal/access"
	"ostoja/internal/desk"
	"ostoja/internal/desk/reminder"
	"ostoja/internal/errs"
	"ostoja/internal/lang"
	"ostoja/internal/list/listweb"
	"ostoja/internal/ui"
	"ostoja/internal/web"
)

// Pages are the pages of rules.
type Pages struct {
	Site    *web.Site
	Service *reminder.Service
	Desk    *desk.Service
}

// Routes registers the pages.
func (h *Pages) Routes(m *web.Mux) {
	m.Handle("GET /app/desk/{course}/reminders", h.list)
	m.Handle("GET /app/desk/{course}/reminders/new", h.new)
	m.Handle("POST /app/desk/{course}/reminders", h.add)
	m.Handle("GET /app/desk/{course}/reminders/{rule}", h.rule)
	m.Handle("POST /app/desk/{course}/reminders/{rule}", h.change)
	m.Handle("POST /app/desk/{course}/hush", h.hush)
	m.Handle("POST /app/reminders/{enrolment}", h.own)
}

// head is what all pages of a course's rules share.
type head struct {
	Course desk.Course
	Title  string
}

func (h head) path(rest string) string {
	return "/app/desk/" + url.PathEscape(h.Course.ID) + "/reminders" + rest
}

func (h *Pages) head(r *http.Request) (v head, err error) {
	if v.Course, err = h.Desk.Course(r.Context(), r.PathValue("course")); err != nil {
		return v, err
	}
	v.Title = v.Course.Title.In(lang.From(r.Context()).Tag())
	return v, nil
}

func (h *Pages) list(w http.ResponseWriter, r *http.Request) error {
	v, err := h.head(r)
	if err != nil {
		return err
	}
	rules, err := h.Service.Rules(r.Context(), web.Actor(r.Context()), v.Course.ID)
	if err != nil {
		return err
	}
	p := lang.From(r.Context())
	type row = reminder.Rule
	l := listweb.Of[row]{
		Name: "reminders", Title: p.T("reminder.title"), Path: v.path(""), Query: r.URL.Query(), Now: h.Desk.Now(), Rows: rules, Private: true,
		Empty: listweb.Empty{Title: p.T("reminder.empty"), Text: p.T("reminder.empty-text"), Action: ui.NavItem{Label: p.T("reminder.new"), Href: v.path("/new")}},
		Columns: []listweb.Column[row]{
			{Label: p.T("reminder.rule"), Place: listweb.Head, Text: func(x row) string { return said(p, x.Plan) }, Link: func(x row) string { return v.path("/" + x.ID) }},
			{Label: p.T("reminder.unit"), Value: func(x row) any { return x.Unit }},
			{
				Label: p.T("reminder.state"), Place: listweb.Chip, Value: func(x row) any { return p.T("reminder.state-" + string(x.State)) },
				Kind: func(x row) ui.Kind {
					return map[reminder.State]ui.Kind{reminder.Off: ui.Plain, reminder.On: ui.Info, reminder.Refused: ui.Late}[x.State]
				},
			},
		},
	}
	if l.Wanted() {
		return l.Send(w, r)
	}
	shown, err := l.Open(r.Context())
	if err != nil {
		return err
	}
	return web.Show(w, r, web.View{With: styles, Title: p.T("reminder.title"), Nav: "desk", Wide: true}, listPage(v, shown))
}

// styles are those of a chip that says that something is late.
var styles = []string{"tasks.css"}

// formPage is a rule as it is written.
type formPage struct {
	head
	Form  *web.Form
	Units []ui.Option
}

func (h *Pages) units(r *http.Request) ([]ui.Option, error) {
	units, err := h.Desk.Units(r.Context(), web.Actor(r.Context()), access.DeskWrite)
	var list []ui.Option
	for _, u := range units {
		list = append(list, ui.Option{Value: u.ID, Label: strings.Repeat("\u00a0\u00a0\u00a0", min(u.Depth, 6)) + u.Name})
	}
	return list, err
}

func (h *Pages) new(w http.ResponseWriter, r *http.Request) error {
	return h.showForm(w, r, web.NewForm("kind", string(reminder.Before), "days", "7", "most", "1"))
}

func (h *Pages) showForm(w http.ResponseWriter, r *http.Request, f *web.Form) (err error) {
	v := formPage{Form: f}
	if v.head, err = h.head(r); err != nil {
		return err
	}
	if v.Units, err = h.units(r); err != nil {
		return err
	}
	return web.Show(w, r, web.View{Title: lang.T(r.Context(), "reminder.new"), Nav: "desk", Status: f.Status()}, newPage(v))
}

// draft reads a rule from a form; what is no number is none that is allowed.
func draft(f *web.Form, zone *time.Location) (d reminder.Draft) {
	number := func(name string) int {
		n, err := strconv.Atoi(f.Text(name))
		if err != nil && f.Text(name) != "" {
			return -1
		}
		return n
	}
	d = reminder.Draft{UnitID: f.Get("unit"), Plan: reminder.Plan{Kind: reminder.Kind(f.Get("kind")), Days: number("days"), Every: number("every"), Most: number("most")}}
	if f.Text("every") == "" {
		d.Most = 1
	}
	if t := f.Text("until"); t != "" {
		d.Until = -1 // in no calendar: refused as a day that is over
		if day, err := time.ParseInLocation(time.DateOnly, t, zone); err == nil {
			d.Until = reminder.DayOf(day, zone)
		}
	}
	return d
}

func (h *Pages) add(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	p := lang.From(r.Context())
	ruleID, err := h.Service.Save(r.Context(), web.Actor(r.Context()), r.PathValue("course"), "", draft(f, p.Zone()))
	if f.Fail(p, err) {
		return h.showForm(w, r, f)
	}
	if err != nil {
		return err
	}
	h.Site.Say(w, "reminder.said.saved")
	return web.Redirect(w, r, "/app/desk/"+url.PathEscape(r.PathValue("course"))+"/reminders/"+ruleID)
}

// rulePage is a rule with what it sends.
type rulePage struct {
	formPage
	Rule   reminder.Rule
	Coming reminder.Coming
	Ask    bool // for its number to be typed
}

// named is how many people the page names one by one; the rest is counted.
const named = 20

func (h *Pages) rule(w http.ResponseWriter, r *http.Request) error {
	return h.showRule(w, r, nil)
}

func (h *Pages) showRule(w http.ResponseWriter, r *http.Request, f *web.Form) (err error) {
	ctx, actor := r.Context(), web.Actor(r.Context())
	v := rulePage{}
	if v.head, err = h.head(r); err != nil {
		return err
	}
	if v.Rule, err = h.Service.Rule(ctx, actor, v.Course.ID, r.PathValue("rule")); err != nil {
		return err
	}
	if v.Coming, err = h.Service.Coming(ctx, actor, v.Course.ID, v.Rule.ID); err != nil {
		return err
	}
	if v.Units, err = h.units(r); err != nil {
		return err
	}
	v.Ask = v.Rule.State != reminder.On && v.Coming.Many
	if v.Form = f; f == nil || f.Get("act") != "change" {
		zone := lang.From(ctx).Zone()
		v.Form = web.NewForm("unit", v.Rule.UnitID, "kind", string(v.Rule.Kind), "days", strconv.Itoa(v.Rule.Days), "most", strconv.Itoa(v.Rule.Most))
		if v.Rule.Every > 0 {
			v.Form.Set("every", strconv.Itoa(v.Rule.Every))
		}
		if v.Rule.Until > 0 {
			v.Form.Set("until", v.Rule.Until.In(zone).Format(time.DateOnly))
		}
	}
	if f == nil {
		f = web.NewForm()
	}
	return web.Show(w, r, web.View{With: styles, Title: lang.T(ctx, "reminder.rule"), Nav: "desk", Status: f.Status(), Wide: true}, rulesPage(v, f))
}

func (h *Pages) change(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	ctx, actor, p, course, ruleID := r.Context(), web.Actor(r.Context()), lang.From(r.Context()), r.PathValue("course"), r.PathValue("rule")
	said := map[string]string{"on": "reminder.said.on", "off": "reminder.said.off", "change": "reminder.said.saved"}[f.Get("act")]
	switch f.Get("act") {
	case "on", "off":
		typed, parseErr := strconv.Atoi(strings.Join(strings.Fields(f.Get("number")), ""))
		if parseErr != nil {
			typed = -1
		}
		_, err = h.Service.Switch(ctx, actor, course, ruleID, f.Get("act") == "on", typed)
	case "change":
		_, err = h.Service.Save(ctx, actor, course, ruleID, draft(f, p.Zone()))
	default:
		err = errs.Invalid("error.invalid")
	}
	if f.Fail(p, err) {
		return h.showRule(w, r, f)
	}
	if err != nil {
		return err
	}
	h.Site.Say(w, said)
	return web.Redirect(w, r, "/app/desk/"+url.PathEscape(course)+"/reminders/"+ruleID)
}

// hush says to whom of those chosen on the list of people no rule writes, or takes it back.
func (h *Pages) hush(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	ctx, actor, course, quiet := r.Context(), web.Actor(r.Context()), r.PathValue("course"), f.Get("quiet") != ""
	back := web.LocalPath(f.Get("back"))
	if back == "" {
		back = "/app/desk/" + url.PathEscape(course) + "/people"
	}
	if f.Get("all") != "" { // of a filter: who was meant would have to be told first
		h.Site.Say(w, "reminder.said.tick")
		return web.Redirect(w, r, back)
	}
	ids, err := h.Desk.Chosen(ctx, actor, course, desk.Selection{Enrolments: f.Values["enrolment"]})
	if f.Fail(lang.From(ctx), err) {
		h.Site.Say(w, "desk.remind.nobody")
		return web.Redirect(w, r, back)
	}
	if err != nil {
		return err
	}
	n, err := h.Service.Hush(ctx, actor, course, ids, quiet)
	if err != nil {
		return err
	}
	h.Site.SayN(w, map[bool]string{true: "reminder.said.hushed", false: "reminder.said.unhushed"}[quiet], n)
	return web.Redirect(w, r, back)
}

func (h *Pages) own(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	enrolmentID, quiet := r.PathValue("enrolment"), f.Get("quiet") != ""
	if err := h.Service.SetOwn(r.Context(), web.Actor(r.Context()), enrolmentID, quiet); err != nil {
		return err
	}
	h.Site.Say(w, map[bool]string{true: "reminder.said.own-off", false: "reminder.said.own-on"}[quiet])
	return web.Redirect(w, r, "/app/learn/"+enrolmentID)
}

// Below is what stands on the page of somebody's own course: whether they are reminded, and what they can do about it.
func (h *Pages) Below(r *http.Request, enrolmentID string) (templ.Component, error) {
	o, err := h.Service.Own(r.Context(), web.Actor(r.Context()), enrolmentID)
	if errsNotFound(err) {
		return templ.NopComponent, nil // it is over
	}
	return ownPart(enrolmentID, o), err
}
