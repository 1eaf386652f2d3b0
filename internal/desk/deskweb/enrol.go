package deskweb

import (
	"net/http"
	"net/url"

	"ostoja/internal/access"
	"ostoja/internal/desk"
	"ostoja/internal/errs"
	"ostoja/internal/lang"
	"ostoja/internal/list/listweb"
	"ostoja/internal/web"
)

// enrolPage is the list of people who could be enrolled.
type enrolPage struct {
	view
	Form   *web.Form
	List   *listweb.Shown
	chosen []string // who was ticked on a list elsewhere: they alone are shown, wherever they stand by name
}

// mostChosen is how many people a list elsewhere can bring here ticked, which is more than its page has.
const mostChosen = 500

func candidateFilter(q url.Values) desk.CandidateFilter {
	return desk.CandidateFilter{Unit: q.Get("unit"), Region: q.Get("region"), Search: q.Get("q"), Import: q.Get("import"), Ending: q.Get("ending") != ""}
}

func (h *Pages) enrolForm(w http.ResponseWriter, r *http.Request) error {
	return h.showEnrol(w, r, r.URL.Query(), web.NewForm())
}

func (h *Pages) showEnrol(w http.ResponseWriter, r *http.Request, filters url.Values, f *web.Form) error {
	ctx, actor := r.Context(), web.Actor(r.Context())
	p := enrolPage{Form: f}
	var err error
	if p.Course, err = h.Service.Course(ctx, r.PathValue("course")); err != nil {
		return err
	}
	p.Title = p.Course.Title.In(lang.From(ctx).Tag())
	p.Query, p.filter = parse(filters)
	if p.Units, err = h.Service.Units(ctx, actor, access.DeskWrite); err != nil {
		return err
	}
	if p.Unit != "" && !reaches(p.Units, p.Unit) {
		return errs.NotFound("error.not-found")
	}
	if people := f.Values["person"]; f.Get("all") == "" && (f.Get("choose") != "" || f.Get("ending") != "") {
		p.chosen = people[:min(len(people), mostChosen)]
	}
	l := h.enrolList(r, p)
	l.Query = filters
	if len(p.chosen) > 0 {
		l.Size, l.Pick.All = mostChosen, "" // all who were ticked stand on this page, and whoever else the filter has is not meant
	}
	if l.Wanted() {
		return l.Send(w, r)
	}
	if p.List, err = l.Open(ctx); err != nil {
		return err
	}
	return web.Show(w, r, web.View{Title: lang.T(ctx, "desk.enrolling.title"), Nav: "desk", Status: f.Status(), Wide: true}, enrolList(p))
}

func (h *Pages) enrol(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	ctx, actor, course := r.Context(), web.Actor(r.Context()), r.PathValue("course")
	people := f.Values["person"]
	if f.Get("choose") != "" { // on a list elsewhere: nothing is done yet
		return h.showEnrol(w, r, f.Values, f)
	}
	if f.Get("all") != "" {
		if people, err = h.Service.CandidateIDs(ctx, actor, course, candidateFilter(f.Values)); err != nil {
			return err
		}
	} else if len(people) == 0 {
		f.Fail(lang.From(ctx), errs.Invalid("desk.enrolling.nobody"))
		return h.showEnrol(w, r, f.Values, f)
	}
	due, err := h.Service.ReadDue(f.Get("due-day"), f.Get("days"))
	if f.Fail(lang.From(ctx), err) {
		return h.showEnrol(w, r, f.Values, f)
	}
	if err != nil {
		return err
	}
	if shown, err := h.shownBefore(w, r, f, actEnrol); shown || err != nil {
		return err
	}
	n, err := h.Enroller.EnrolOn(ctx, actor, course, people, due, f.Get("ending") != "")
	if err != nil {
		return err
	}
	if n == 0 { // else the act's notice says it
		h.Site.SayN(w, "desk.enrolling.said", n)
	}
	return web.Redirect(w, r, "/app/desk/"+url.PathEscape(course))
}
