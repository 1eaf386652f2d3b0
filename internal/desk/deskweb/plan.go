package deskweb

import (
	"errors"
	"net/http"
	"net/url"

	"github.com/a-h/templ"

	"ostoja/internal/desk"
	"ostoja/internal/errs"
	"ostoja/internal/lang"
	"ostoja/internal/list/listweb"
	"ostoja/internal/ui"
	"ostoja/internal/web"
)

// The acts that write letters, as the forms of the lists name them.
const (
	actRemind = "remind"
	actEnrol  = "enrol"
)

// planned is what a form asks to be said before it is done.
type planned struct {
	desk.Plan
	act    string
	box    string // name of the check boxes
	back   string // the list
	fields []ui.NavItem
}

// plan reads what was chosen, and asks the service what would be done.
func (h *Pages) plan(r *http.Request, f *web.Form) (v planned, err error) {
	ctx, actor, course := r.Context(), web.Actor(r.Context()), r.PathValue("course")
	q, asked := parse(f.Values)
	v.act, v.box = f.Get("act"), "enrolment"
	base := "/app/desk/" + url.PathEscape(course)
	all := f.Get("all") != ""
	switch v.act {
	case actRemind:
		v.back = q.With(base + "/people")
		v.Plan, err = h.Service.PlanReminder(ctx, actor, course, desk.Selection{Enrolments: f.Values[v.box], All: all, Filter: asked.Filter})
	case actEnrol:
		v.back, v.box = q.With(base+"/enrol"), "person"
		people := f.Values[v.box]
		if all {
			if people, err = h.Service.CandidateIDs(ctx, actor, course, candidateFilter(f.Values)); err != nil {
				return v, err
			}
		} else if len(people) == 0 {
			return v, errs.Invalid("desk.remind.nobody")
		}
		v.Plan, err = h.Service.PlanEnrolment(ctx, actor, course, people, f.Get("ending") != "")
	default:
		return v, errs.NotFound("error.not-found")
	}
	v.fields = append(hidden(q), ui.NavItem{Label: "back", Href: v.back})
	for _, name := range []string{"due-day", "days"} {
		if f.Get(name) != "" {
			v.fields = append(v.fields, ui.NavItem{Label: name, Href: f.Get(name)})
		}
	}
	if all {
		v.fields = append(v.fields, ui.NavItem{Label: "all", Href: "1"})
		return v, err
	}
	for _, id := range f.Values[v.box] {
		v.fields = append(v.fields, ui.NavItem{Label: v.box, Href: id})
	}
	return v, err
}

// letters says how many letters an act would send, to whom and in which words, and does nothing.
func (h *Pages) letters(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	v, err := h.plan(r, f)
	if f.Fail(lang.From(r.Context()), err) {
		h.Site.Say(w, "desk.remind.nobody")
		return web.Redirect(w, r, v.back)
	}
	if err != nil {
		return err
	}
	return h.showPlan(w, r, v, false)
}

// shownBefore shows what would be done, to how many and to whom, before it is done to people whom nobody has seen: to all on the pages of a list, until
// that is confirmed, and anew where it was confirmed for another number than there is now. Whoever was ticked stood on the page.
func (h *Pages) shownBefore(w http.ResponseWriter, r *http.Request, f *web.Form, act string) (shown bool, err error) {
	if f.Get("sure") == "" && f.Get("all") == "" {
		return false, nil
	}
	f.Set("act", act)
	v, err := h.plan(r, f)
	for _, wrong := range []error{errs.ErrInvalid, errs.ErrNotFound, errs.ErrForbidden} {
		if errors.Is(err, wrong) { // is said by what is done next
			return false, nil
		}
	}
	if err != nil {
		return false, err
	}
	sure, other := listweb.Sure(f, v.count())
	if sure || !other && v.count() == 0 { // of nobody, the act says why
		return false, nil
	}
	return true, h.showPlan(w, r, v, other)
}

// count is how many people the act is done to.
func (v planned) count() int {
	if v.act == actEnrol { // who has no address is enrolled too
		return len(v.Due) + len(v.NoMail)
	}
	return len(v.Due)
}

func (h *Pages) showPlan(w http.ResponseWriter, r *http.Request, v planned, other bool) error {
	p, base := lang.From(r.Context()), "/app/desk/"+url.PathEscape(r.PathValue("course"))
	page := listweb.Plan{
		Text: p.T("desk.plan.undo"), Names: namesOf(v.Due), Action: base + "/" + v.act, Hidden: v.fields, Kind: ui.Action, Back: v.back, Other: other,
		More: samples(v.Samples),
	}
	if v.act == actEnrol {
		page.Names = append(page.Names, namesOf(v.NoMail)...)
		page.Notes = passedOver(p.T("desk.plan.no-letter"), v.NoMail)
	} else {
		page.Passed = passedOver(p.T("desk.plan.recent"), v.Recent, p.T("desk.plan.no-mail"), v.NoMail, p.T("desk.plan.over"), v.Over, p.T("desk.plan.blocked"), v.Blocked)
	}
	page.Title = p.N("desk.plan."+v.act, v.count())
	page.Button = ui.NavItem{Label: page.Title}
	if len(v.NoMail) > 0 {
		page.More = templ.Join(page.More, onPaper(base+"/paper", v, len(v.NoMail)))
	}
	return web.Show(w, r, web.View{Title: lang.T(r.Context(), "desk.plan.title"), Nav: "desk"}, listweb.PlanPage(page))
}

func namesOf(list []desk.Name) (names []string) {
	for _, x := range list {
		names = append(names, x.Name)
	}
	return names
}

// passedOver are reasons, each followed by the people to whom it applies.
func passedOver(pairs ...any) (list []listweb.Passed) {
	for i := 0; i+1 < len(pairs); i += 2 {
		why, _ := pairs[i].(string)
		if people, _ := pairs[i+1].([]desk.Name); len(people) > 0 {
			list = append(list, listweb.Passed{Why: why, Names: namesOf(people)})
		}
	}
	return list
}

// paper sends the letters of those who have no address, to be printed.
func (h *Pages) paper(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	ctx, actor := r.Context(), web.Actor(r.Context())
	v, err := h.plan(r, f)
	if err == nil {
		var pdf []byte
		if pdf, err = h.Service.Print(ctx, actor, r.PathValue("course"), v.Plan); err == nil {
			web.Attachment(w, "application/pdf", "letters.pdf", pdf)
			return nil
		}
	}
	if f.Fail(lang.From(ctx), err) {
		h.Site.Say(w, "desk.plan.nobody-on-paper")
		return web.Redirect(w, r, v.back)
	}
	return err
}
