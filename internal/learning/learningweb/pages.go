// Package learningweb shows the player: catalogue, course page, lessons, scenarios, the test and its result.
//
// Goals: every step is a form that works without scripts and by keyboard alone (WCAG 2.2 2.1.1), goes on where it was left, and can be
// sent twice without harm; scripts only spare a loading of the page. Limits: it keeps no score and decides no completion: what it shows
// as done, open or passed is what learning says; lessons come as HTML that course has rendered and checked.
package learningweb

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"path"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"
	"golang.org/x/text/language"

	"ostoja/internal/course/published"
	"ostoja/internal/errs"
	"ostoja/internal/lang"
	"ostoja/internal/learning"
	"ostoja/internal/quiz"
	"ostoja/internal/web"
)

// Pages are the player's pages.
type Pages struct {
	site    *web.Site
	service *learning.Service
	courses *published.Service
	tasks   Tasks
	// Above returns what stands above the catalogue for somebody: what else awaits them. It may be nil.
	Above func(ctx context.Context, personID string) (templ.Component, error)
	// Below returns what stands at the end of the page of a course that somebody is under way in. It may be nil.
	Below func(r *http.Request, enrolmentID string) (templ.Component, error)
}

// Task is a test of what was learned that awaits a participant of a course.
type Task struct {
	SittingID string
	Wave      string // before | after | week | months3 | months6
	Begun     bool
	Minutes   int
	ClosesAt  time.Time // zero: no end
}

// Tasks returns the tests of a course that a person could sit now.
type Tasks func(ctx context.Context, personID, courseID string) ([]Task, error)

// New returns the player's pages. Without tasks courses are not measured.
func New(site *web.Site, service *learning.Service, courses *published.Service, tasks Tasks) *Pages {
	if tasks == nil {
		tasks = func(context.Context, string, string) ([]Task, error) { return nil, nil }
	}
	return &Pages{site: site, service: service, courses: courses, tasks: tasks}
}

// Routes registers the pages.
func (h *Pages) Routes(m *web.Mux) {
	m.Handle("GET /app/courses", h.catalogue)
	m.Handle("GET /app/courses/{course}", h.offer)
	m.Handle("POST /app/courses/{course}/enrol", h.enrol)
	m.Handle("POST /app/courses/{course}/again", h.again)
	m.Handle("GET /app/learn/{enrolment}", h.overview)
	m.Handle("POST /app/learn/{enrolment}/language", h.language)
	m.Handle("GET /app/learn/{enrolment}/finish", h.finish)
	m.Handle("GET /app/learn/{enrolment}/lesson/{lesson}", h.lesson)
	m.Handle("POST /app/learn/{enrolment}/lesson/{lesson}", h.finishLesson)
	m.Handle("POST /app/learn/{enrolment}/lesson/{lesson}/check", h.check)
	m.Handle("GET /app/learn/{enrolment}/scenario/{scenario}", h.scenario)
	m.Handle("POST /app/learn/{enrolment}/scenario/{scenario}/choose", h.choose)
	m.Handle("POST /app/learn/{enrolment}/scenario/{scenario}/again", h.beginScenario)
	m.Handle("GET /app/learn/{enrolment}/test", h.test)
	m.Handle("POST /app/learn/{enrolment}/test", h.beginTest)
	m.Handle("GET /app/learn/{enrolment}/test/{attempt}", h.attempt)
	m.Handle("POST /app/learn/{enrolment}/test/{attempt}", h.saveAttempt)
	m.Handle("GET /app/learn/{enrolment}/test/{attempt}/result", h.result)
	m.Handle("GET /app/media/{version}/{name...}", h.medium)
}

func learnPath(enrolmentID string, rest ...string) string {
	return strings.Join(append([]string{"/app/learn", enrolmentID}, rest...), "/")
}

func (h *Pages) catalogue(w http.ResponseWriter, r *http.Request) error {
	offers, err := h.service.Offers(r.Context(), web.Actor(r.Context()))
	if err != nil {
		return err
	}
	var above templ.Component = templ.NopComponent
	if h.Above != nil {
		if above, err = h.Above(r.Context(), web.Actor(r.Context()).PersonID); err != nil {
			return err
		}
	}
	return web.Show(w, r, web.View{With: dueStyles, Title: lang.T(r.Context(), "learning.courses.title"), Nav: "courses"}, cataloguePage(offers, above, h.service.Now()))
}

func (h *Pages) offer(w http.ResponseWriter, r *http.Request) error {
	o, err := h.service.Offer(r.Context(), web.Actor(r.Context()), r.PathValue("course"))
	if err != nil {
		return err
	}
	l := h.courseLang(r, o.Course)
	return web.Show(w, r, web.View{Title: o.Course.Title.In(l), Nav: "courses"}, offerPage(o, l))
}

// courseLang returns the language in which to show a course to somebody who has not chosen one yet: that of the interface, unless the
// browser asks first for one of the course's in which there is no interface, so that nobody could have chosen it.
func (h *Pages) courseLang(r *http.Request, c *published.Course) string {
	if tags, _, err := language.ParseAcceptLanguage(r.Header.Get("Accept-Language")); err == nil && len(tags) > 0 {
		if first, _ := tags[0].Base(); c.HasLanguage(first.String()) && !h.site.Catalogue.Has(first.String()) {
			return first.String()
		}
	}
	if tag := lang.From(r.Context()).Tag(); c.HasLanguage(tag) {
		return tag
	}
	return c.Languages[0]
}

func (h *Pages) enrol(w http.ResponseWriter, r *http.Request) error {
	o, err := h.service.Offer(r.Context(), web.Actor(r.Context()), r.PathValue("course"))
	if err != nil {
		return err
	}
	tag := r.PostFormValue("lang")
	if !o.Course.HasLanguage(tag) { // from a card of the catalogue
		tag = h.courseLang(r, o.Course)
	}
	e, err := h.service.Enrol(r.Context(), web.Actor(r.Context()), o.Course.ID, tag)
	if err != nil {
		return err
	}
	return web.Redirect(w, r, learnPath(e.ID))
}

func (h *Pages) again(w http.ResponseWriter, r *http.Request) error {
	e, err := h.service.Again(r.Context(), web.Actor(r.Context()), r.PathValue("course"))
	if err != nil {
		return err
	}
	return web.Redirect(w, r, learnPath(e.ID))
}

func (h *Pages) overview(w http.ResponseWriter, r *http.Request) error {
	o, err := h.service.Overview(r.Context(), web.Actor(r.Context()), r.PathValue("enrolment"))
	if err != nil {
		return err
	}
	tasks, err := h.tasks(r.Context(), o.PersonID, o.CourseID)
	if err != nil {
		return err
	}
	var below templ.Component = templ.NopComponent
	if h.Below != nil {
		if below, err = h.Below(r, o.ID); err != nil {
			return err
		}
	}
	return web.Show(w, r, web.View{With: dueStyles, Title: o.Course.Title.In(o.Lang), Nav: "courses"}, overviewPage(o, tasks, h.service.Now(), below))
}

func (h *Pages) language(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	enrolmentID := r.PathValue("enrolment")
	if err := h.service.SetLanguage(r.Context(), web.Actor(r.Context()), enrolmentID, f.Get("lang")); err != nil {
		return err
	}
	return web.Redirect(w, r, learnPath(enrolmentID))
}

func (h *Pages) finish(w http.ResponseWriter, r *http.Request) error {
	o, err := h.service.Overview(r.Context(), web.Actor(r.Context()), r.PathValue("enrolment"))
	if err != nil {
		return err
	}
	return web.Show(w, r, web.View{Title: lang.T(r.Context(), "learning.finish.title"), Nav: "courses"}, finishPage(o))
}

func (h *Pages) lesson(w http.ResponseWriter, r *http.Request) error {
	return h.showLesson(w, r, nil, "", nil)
}

// showLesson shows a lesson; form and wrongItem carry an answer that could not be taken, newer one that was given elsewhere meanwhile.
func (h *Pages) showLesson(w http.ResponseWriter, r *http.Request, form *web.Form, wrongItem string, newer []quiz.Newer) error {
	l, err := h.service.Lesson(r.Context(), web.Actor(r.Context()), r.PathValue("enrolment"), r.PathValue("lesson"))
	if errors.Is(err, learning.ErrMeasureFirst) { // the course's page says why, and leads to the test
		return web.Redirect(w, r, learnPath(r.PathValue("enrolment")))
	}
	if err != nil {
		return err
	}
	v := lessonView{LessonVisit: l, form: form, wrongItem: wrongItem, newer: newer, again: r.URL.Query().Get("again")}
	view := web.View{Title: l.Lesson.Title, Nav: "courses", Wide: true}
	if form != nil {
		view.Status = form.Status()
	}
	return web.Show(w, r, view, lessonPage(v))
}

func (h *Pages) finishLesson(w http.ResponseWriter, r *http.Request) error {
	enrolmentID := r.PathValue("enrolment")
	next, err := h.service.FinishLesson(r.Context(), web.Actor(r.Context()), enrolmentID, r.PathValue("lesson"))
	if err != nil {
		return err
	}
	if next != nil {
		return web.Redirect(w, r, partPath(enrolmentID, next))
	}
	h.site.Say(w, "learning.lesson.saved")
	return web.Redirect(w, r, learnPath(enrolmentID))
}

func (h *Pages) check(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	enrolmentID, lessonID, itemID := r.PathValue("enrolment"), r.PathValue("lesson"), f.Get("item")
	c, err := h.service.AnswerCheck(r.Context(), web.Actor(r.Context()), enrolmentID, lessonID, itemID, f.Values)
	if err != nil {
		if f.Fail(lang.From(r.Context()), err) {
			return h.showLesson(w, r, f, itemID, c.Newer)
		}
		return err
	}
	return web.Redirect(w, r, learnPath(enrolmentID, "lesson", lessonID)+"#item-"+itemID)
}

func (h *Pages) scenario(w http.ResponseWriter, r *http.Request) error {
	return h.showScenario(w, r, nil)
}

func (h *Pages) showScenario(w http.ResponseWriter, r *http.Request, form *web.Form) error {
	v, err := h.service.Scenario(r.Context(), web.Actor(r.Context()), r.PathValue("enrolment"), r.PathValue("scenario"))
	if errors.Is(err, learning.ErrMeasureFirst) {
		return web.Redirect(w, r, learnPath(r.PathValue("enrolment")))
	}
	if err != nil {
		return err
	}
	view := web.View{Title: v.Scenario.Title.In(v.Lang), Nav: "courses"}
	if form != nil {
		view.Status = form.Status()
	}
	return web.Show(w, r, view, scenarioPage(scenarioView{v, form}))
}

func (h *Pages) beginScenario(w http.ResponseWriter, r *http.Request) error {
	enrolmentID, scenarioID := r.PathValue("enrolment"), r.PathValue("scenario")
	if err := h.service.BeginScenario(r.Context(), web.Actor(r.Context()), enrolmentID, scenarioID); err != nil {
		return err
	}
	return web.Redirect(w, r, learnPath(enrolmentID, "scenario", scenarioID))
}

func (h *Pages) choose(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	step, err1 := strconv.Atoi(f.Get("step"))
	choice, err2 := strconv.Atoi(f.Get("choice"))
	enrolmentID, scenarioID := r.PathValue("enrolment"), r.PathValue("scenario")
	if errors.Join(err1, err2) != nil {
		err = errs.Fields{{Name: "choice", Key: "learning.scenario.unchosen"}}.Err()
	} else {
		err = h.service.Choose(r.Context(), web.Actor(r.Context()), enrolmentID, scenarioID, step, choice)
	}
	if err != nil {
		if f.Fail(lang.From(r.Context()), err) {
			return h.showScenario(w, r, f)
		}
		return err
	}
	return web.Redirect(w, r, learnPath(enrolmentID, "scenario", scenarioID))
}

// medium serves a figure, sound or film of a course. It is sandboxed, so that even a drawing that got past the checks could
// run nothing.
func (h *Pages) medium(w http.ResponseWriter, r *http.Request) error {
	b, err := h.courses.Medium(r.Context(), r.PathValue("version"), "media/"+r.PathValue("name"))
	if err != nil {
		return err
	}
	head := w.Header()
	head.Set("Content-Type", b.MediaType)
	head.Set("Cache-Control", "private, max-age=31536000, immutable") // a version never changes
	head.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; sandbox")
	head.Set("ETag", `"`+b.Hash+`"`)
	http.ServeContent(w, r, path.Base(r.PathValue("name")), time.Time{}, bytes.NewReader(b.Content))
	return nil
}
