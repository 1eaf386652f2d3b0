// Package deskweb shows the coordinator's desk: the figures of a course within somebody's reach, the people behind each figure, and what
// can be done for them at once (enrol, remind, move, withdraw).
//
// Goals: each figure leads to exactly the people it counts, with the same filters on the page and in its file; what is done for many
// shows its letters first to who asks for them, can be undone, and says afterwards whom it passed over. Limits: it decides nothing of learning (enrolling and moving are learning's, behind
// the interfaces below), shows no answers and no marks of single questions, and makes no report of gain, which is evidenceweb's.
package deskweb

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"github.com/a-h/templ"

	"ostoja/internal/access"
	"ostoja/internal/act"
	"ostoja/internal/desk"
	"ostoja/internal/errs"
	"ostoja/internal/lang"
	"ostoja/internal/list/listweb"
	"ostoja/internal/web"
)

// Enroller enrols people.
type Enroller interface {
	// EnrolOn enrols those of the persons whom the actor may enrol and who are not enrolled yet, with the day by which they should have
	// passed (zero: none), and returns how many. With again, who passed begins another round.
	EnrolOn(ctx context.Context, actor access.Actor, courseID string, personIDs []string, due time.Time, again bool) (n int, err error)
	// SetDue sets the day of those of the enrolments that the actor may manage and that are under way, or takes it away, and returns how many were changed.
	SetDue(ctx context.Context, actor access.Actor, courseID string, enrolmentIDs []string, due time.Time) (n int, err error)
}

// Withdrawer takes people out of a course and brings them back.
type Withdrawer interface {
	Withdraw(ctx context.Context, actor access.Actor, enrolmentID string) error
	Restore(ctx context.Context, actor access.Actor, enrolmentID string) error
}

// Mover moves people to the current version of a course.
type Mover interface {
	Move(ctx context.Context, actor access.Actor, courseID string) (n int, err error)
}

// Deps are what the pages stand on.
type Deps struct {
	Site       *web.Site
	Service    *desk.Service
	Enroller   Enroller
	Withdrawer Withdrawer
	Mover      Mover
	Acts       Acts // nil where nothing can be undone
}

// Acts knows what can be undone.
type Acts interface {
	// Open returns what the actor did in a thing and can still undo.
	Open(ctx context.Context, actor access.Actor, object string) ([]act.Act, error)
}

// Pages are the pages of the desk.
type Pages struct {
	Deps
}

// New returns the pages.
func New(d Deps) *Pages { return &Pages{d} }

// Routes registers the pages.
func (h *Pages) Routes(m *web.Mux) {
	m.Handle("GET /app/desk", h.home)
	m.Handle("GET /app/desk/{course}", h.course)
	m.Handle("GET /app/desk/{course}/people", h.people)
	m.Handle("GET /app/desk/{course}/stories", h.stories)
	m.Handle("GET /app/desk/{course}/export/{file}", h.moved)
	m.Handle("GET /app/desk/{course}/enrol", h.enrolForm)
	m.Handle("POST /app/desk/{course}/enrol", h.enrol)
	m.Handle("POST /app/desk/{course}/remind", h.remind)
	m.Handle("POST /app/desk/{course}/letters", h.letters)
	m.Handle("POST /app/desk/{course}/paper", h.paper)
	m.Handle("POST /app/desk/{course}/due", h.due)
	m.Handle("POST /app/desk/{course}/move", h.move)
	m.Handle("POST /app/desk/{course}/withdraw/{enrolment}", h.withdraw)
	m.Handle("POST /app/desk/{course}/restore/{enrolment}", h.restore)
}

func (h *Pages) home(w http.ResponseWriter, r *http.Request) error {
	list, err := h.Service.Home(r.Context(), web.Actor(r.Context()))
	if err != nil {
		return err
	}
	l := h.courseList(r, list)
	if l.Wanted() {
		return l.Send(w, r)
	}
	shown, err := l.Open(r.Context())
	if err != nil {
		return err
	}
	return web.Show(w, r, web.View{Title: lang.T(r.Context(), "desk.title"), Nav: "desk", Wide: true}, homePage(shown))
}

func (h *Pages) course(w http.ResponseWriter, r *http.Request) error {
	ctx, actor := r.Context(), web.Actor(r.Context())
	v, err := h.view(r)
	if err != nil {
		return err
	}
	p := coursePage{view: v, By: r.URL.Query().Get("by")}
	if _, ok := breakdowns[p.By]; !ok {
		p.By = "organisations"
	}
	if p.Overview, err = h.Service.Overview(ctx, actor, v.Course.ID, v.Filter); err != nil {
		return err
	}
	if v.MayWrite {
		if p.Behind, err = h.Service.Behind(ctx, actor, v.Course); err != nil {
			return err
		}
	}
	if p.Late, p.Soon, err = h.Service.Late(ctx, actor, v.Course.ID); err != nil {
		return err
	}
	p.Lines = breakdowns[p.By].of(p.Overview)
	l := h.breakdownList(r, p)
	if l.Wanted() {
		return l.Send(w, r)
	}
	if p.List, err = l.Open(ctx); err != nil {
		return err
	}
	return web.Show(w, r, web.View{Title: v.Title, Nav: "desk", Wide: true}, overviewPage(p))
}

func (h *Pages) people(w http.ResponseWriter, r *http.Request) error {
	v, err := h.view(r)
	if err != nil {
		return err
	}
	l := h.peopleList(r, v)
	if l.Wanted() {
		return l.Send(w, r)
	}
	p := peoplePage{view: v}
	if p.List, err = l.Open(r.Context()); err != nil {
		return err
	}
	return web.Show(w, r, web.View{With: []string{"tasks.css"}, Title: v.Title, Nav: "desk", Wide: true}, peopleList(p))
}

func (h *Pages) remind(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	course := r.PathValue("course")
	chosen := desk.Selection{Enrolments: f.Values["enrolment"], All: f.Get("all") != ""}
	back := "/app/desk/" + url.PathEscape(course) + "/people"
	q, filter := parse(f.Values)
	chosen.Filter = filter.Filter
	if encoded := q.Encode(); encoded != "" {
		back += "?" + encoded
	}
	if shown, err := h.shownBefore(w, r, f, actRemind); shown || err != nil {
		return err
	}
	done, err := h.Service.Remind(r.Context(), web.Actor(r.Context()), course, chosen)
	if f.Fail(lang.From(r.Context()), err) {
		h.Site.Say(w, "desk.remind.nobody")
		return web.Redirect(w, r, back)
	}
	if err != nil {
		return err
	}
	p := lang.From(r.Context())
	skipped := done.Recent + done.NoMail + done.Over + done.Blocked
	if skipped == 0 { // the act's notice says how many were written to
		return web.Redirect(w, r, back)
	}
	h.Site.Say(w, "desk.remind.said-skipped", "Skipped", p.Int(skipped), "Recent", p.Int(done.Recent), "NoMail", p.Int(done.NoMail), "Over", p.Int(done.Over), "Blocked", p.Int(done.Blocked))
	return web.Redirect(w, r, back)
}

func (h *Pages) move(w http.ResponseWriter, r *http.Request) error {
	course := r.PathValue("course")
	n, err := h.Mover.Move(r.Context(), web.Actor(r.Context()), course)
	if err != nil {
		return err
	}
	if n == 0 { // else the act's notice says it
		h.Site.SayN(w, "desk.move.said", n)
	}
	return web.Redirect(w, r, "/app/desk/"+url.PathEscape(course))
}

func (h *Pages) withdraw(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err // and nothing is done
	}
	if err := h.Withdrawer.Withdraw(r.Context(), web.Actor(r.Context()), r.PathValue("enrolment")); err != nil {
		return err
	}
	return back(w, r, f)
}

func (h *Pages) restore(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err // and nothing is done
	}
	if err := h.Withdrawer.Restore(r.Context(), web.Actor(r.Context()), r.PathValue("enrolment")); err != nil {
		return err
	}
	return back(w, r, f)
}

// back leads to the list on which the button stood.
func back(w http.ResponseWriter, r *http.Request, f *web.Form) error {
	if path := web.LocalPath(f.Get("back")); path != "" {
		return web.Redirect(w, r, path)
	}
	return web.Redirect(w, r, "/app/desk/"+url.PathEscape(r.PathValue("course"))+"/people")
}

// PersonSection returns the part of a person's page that tells their history, for an actor who may read the person.
func (h *Pages) PersonSection(r *http.Request, personID string) (show templ.Component, file web.Handler, err error) {
	rounds, err := h.Service.History(r.Context(), web.Actor(r.Context()), personID)
	if err != nil {
		return nil, nil, err
	}
	lists := make([]*listweb.Shown, len(rounds))
	for i, round := range rounds {
		l := h.attemptList(r, "/app/people/"+personID, i+1, round)
		if l.Wanted() {
			return nil, l.Send, nil
		}
		if lists[i], err = l.Open(r.Context()); err != nil {
			return nil, nil, err
		}
	}
	return historySection(rounds, lists), nil, nil
}

// view is what all pages of a course share.
type view struct {
	filter
	Course   desk.Course
	Title    string // of the course
	Units    []desk.Unit
	Months   []string
	MayWrite bool
	Query    query
	Acts     []act.Act // that can be undone
}

func (h *Pages) view(r *http.Request) (v view, err error) {
	ctx, actor := r.Context(), web.Actor(r.Context())
	v.Query, v.filter = parse(r.URL.Query())
	if v.Course, err = h.Service.Course(ctx, r.PathValue("course")); err != nil {
		return v, err
	}
	v.Title = v.Course.Title.In(lang.From(ctx).Tag())
	v.MayWrite = actor.Has(access.DeskWrite)
	if v.Units, err = h.Service.Units(ctx, actor, access.DeskRead); err != nil {
		return v, err
	}
	if v.Unit != "" && !reaches(v.Units, v.Unit) {
		return v, errs.NotFound("error.not-found") // beyond the actor's reach it does not exist
	}
	if v.Acts, err = h.acts(ctx, actor, v.Course.ID); err != nil {
		return v, err
	}
	v.Months, err = h.Service.Months(ctx, v.Course.ID)
	return v, err
}

// acts returns what the actor did to the course's people and can still undo.
func (h *Pages) acts(ctx context.Context, actor access.Actor, courseID string) ([]act.Act, error) {
	if h.Acts == nil || !actor.Has(access.DeskWrite) {
		return nil, nil
	}
	return h.Acts.Open(ctx, actor, "course:"+courseID)
}

func reaches(units []desk.Unit, unitID string) bool {
	for _, u := range units {
		if u.ID == unitID {
			return true
		}
	}
	return false
}
