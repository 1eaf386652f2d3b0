// Package supportweb shows the support of guardians to their office, and to each guardian what is theirs.
//
// Goals: a call for help is two taps and no word; what waits stands first; whoever comes to a meeting says so in one tap and takes it back in
// another. Limits: guardians see neither who else comes nor who else called, and no page has a field for a word about a child.
package supportweb

import (
	"context"
	"net/http"
	"time"

	"github.com/a-h/templ"

	"ostoja/internal/access"
	"ostoja/internal/errs"
	"ostoja/internal/guardian/guardianweb"
	"ostoja/internal/guardian/support"
	"ostoja/internal/lang"
	"ostoja/internal/ui"
	"ostoja/internal/web"
)

const (
	office = "/app/guardians/support"
	own    = "/app/guardian/support"
)

// rows are the styles of rows, which most pages do without.
var rows = []string{"rows.css"}

// Lesson is one of the course for guardians, for somebody who may open it.
type Lesson struct {
	Title   string
	Minutes int
	Href    string // "" where they cannot open it
}

// Pages are the pages of support.
type Pages struct {
	Site    *web.Site
	Service *support.Service
	// Lessons returns those of the ids that there are, by id, in a language; none where there is no such course.
	Lessons func(ctx context.Context, actor access.Actor, tag string, ids []string) (map[string]Lesson, error)
	// Calendar makes the file that puts a meeting into a calendar under a title.
	Calendar func(m support.Meeting, title string) (string, error)
	// Phone returns the number that a fact of the country's pack holds today, "" if none can be relied on.
	Phone func(factID, lang string) string
}

// Routes registers the pages.
func (h *Pages) Routes(m *web.Mux) {
	m.Handle("GET "+office, h.desk)
	m.Handle("POST "+office, h.act)
	m.Handle("GET "+office+"/meetings/new", h.newMeeting)
	m.Handle("POST "+office+"/meetings/new", h.plan)
	m.Handle("GET "+office+"/meetings/{meeting}", h.meeting)
	m.Handle("POST "+office+"/meetings/{meeting}", h.actOnMeeting)
	m.Handle("GET "+office+"/meetings/{meeting}/edit", h.editMeeting)
	m.Handle("POST "+office+"/meetings/{meeting}/edit", h.move)
	m.Handle("GET "+office+"/meetings/{meeting}/cancel", h.cancelForm)
	m.Handle("POST "+office+"/meetings/{meeting}/cancel", h.cancel)
	m.Handle("GET "+office+"/experts", h.experts)
	m.Handle("GET "+office+"/experts/new", h.newExpert)
	m.Handle("POST "+office+"/experts/new", h.addExpert)
	m.Handle("GET "+office+"/experts/{expert}", h.expert)
	m.Handle("POST "+office+"/experts/{expert}", h.changeExpert)
	m.Handle("GET "+office+"/experts/{expert}/remove", h.removeForm)
	m.Handle("POST "+office+"/experts/{expert}/remove", h.remove)
	m.Handle("GET "+own, h.own)
	m.Handle("POST "+own, h.actOwn)
	m.Handle("GET "+own+"/help/{topic}", h.help)
	m.Handle("POST "+own+"/help/{topic}", h.call)
	m.Handle("GET "+own+"/meetings/{meeting}/calendar", h.calendar)
}

// Beside are what the register's pages show of support.
func (h *Pages) Beside() guardianweb.Beside {
	return guardianweb.Beside{List: h.besideList, Entry: h.besideEntry, Own: h.besideOwn}
}

func (h *Pages) besideList(ctx context.Context, _ string) (templ.Component, error) {
	x, err := h.Service.Waiting(ctx, web.Actor(ctx))
	return waitingPart(x), err
}

func (h *Pages) besideEntry(ctx context.Context, entryID string) (templ.Component, error) {
	list, err := h.Service.RefreshedBy(ctx, web.Actor(ctx), entryID)
	return entryPart(h, list), err
}

func (h *Pages) besideOwn(ctx context.Context, _ string) (templ.Component, error) {
	o, err := h.Service.Own(ctx, web.Actor(ctx))
	return ownPart(ownView{Own: o, Pages: h, Now: h.Site.Clock.Now()}), err
}

// topic is what a topic is called in the page's language.
func (h *Pages) topic(p *lang.Printer, topicID string) string {
	return h.Service.Topics.Title(topicID, p.Tag())
}

func (h *Pages) topics(p *lang.Printer) (options []ui.Option) {
	for _, t := range h.Service.Topics {
		options = append(options, ui.Option{Value: t.ID, Label: t.Title.In(p.Tag())})
	}
	return options
}

type ownView struct {
	support.Own
	Pages   *Pages
	Form    *web.Form
	Now     time.Time
	Today   string
	Lessons map[string][]Lesson // by topic
}

func (h *Pages) own(w http.ResponseWriter, r *http.Request) error {
	return h.showOwn(w, r, web.NewForm())
}

func (h *Pages) showOwn(w http.ResponseWriter, r *http.Request, f *web.Form) error {
	ctx, actor, p := r.Context(), web.Actor(r.Context()), lang.From(r.Context())
	o, err := h.Service.Own(ctx, actor)
	if err != nil {
		return err
	}
	v := ownView{Own: o, Pages: h, Form: f, Now: h.Site.Clock.Now(), Today: h.Service.Today(), Lessons: map[string][]Lesson{}}
	var ids []string
	for _, t := range h.Service.Topics {
		ids = append(ids, t.Lessons...)
	}
	lessons, err := h.Lessons(ctx, actor, p.Tag(), ids)
	if err != nil {
		return err
	}
	for _, t := range h.Service.Topics {
		for _, lessonID := range t.Lessons {
			if l, ok := lessons[lessonID]; ok {
				v.Lessons[t.ID] = append(v.Lessons[t.ID], l)
			}
		}
	}
	return web.Show(w, r, web.View{Title: p.T("support.own"), Nav: "account", With: rows, Status: f.Status()}, ownPage(v))
}

// actOwn takes what a guardian says in one tap, or takes it back.
func (h *Pages) actOwn(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	ctx, actor, act := r.Context(), web.Actor(r.Context()), f.Get("act")
	switch act {
	case "yes", "no":
		err = h.Service.Answer(ctx, actor, f.Get("meeting"), act)
	case "unsaid":
		err = h.Service.Answer(ctx, actor, f.Get("meeting"), "")
	case "refreshed", "unrefreshed":
		err = h.Service.Refresh(ctx, actor, f.Get("topic"), act == "unrefreshed")
	case "withdraw":
		err = h.Service.Withdraw(ctx, actor, f.Get("signal"))
	default:
		return errs.Invalid("error.invalid")
	}
	if f.Fail(lang.From(ctx), err) { // full, cancelled or begun meanwhile: the page says so and shows how it stands now
		return h.showOwn(w, r, f)
	}
	if err != nil {
		return err
	}
	h.Site.Say(w, "support.said-"+act)
	return web.Redirect(w, r, own)
}

type helpView struct {
	ownView
	Topic     string
	Open      []support.Signal // about the topic
	Emergency string           // the number to call where a child is in danger now
}

func (h *Pages) help(w http.ResponseWriter, r *http.Request) error {
	return h.showHelp(w, r, web.NewForm())
}

func (h *Pages) showHelp(w http.ResponseWriter, r *http.Request, f *web.Form) error {
	ctx, p, topic := r.Context(), lang.From(r.Context()), r.PathValue("topic")
	o, err := h.Service.Own(ctx, web.Actor(ctx))
	if err != nil {
		return err
	}
	if !h.Service.Topics.Has(topic) {
		return errs.NotFound("error.not-found")
	}
	v := helpView{ownView: ownView{Own: o, Pages: h, Form: f, Now: h.Site.Clock.Now()}, Topic: topic, Emergency: h.Phone("emergency", p.Tag())}
	for _, x := range o.Signals {
		if x.Topic == topic && x.Ended().IsZero() {
			v.Open = append(v.Open, x)
		}
	}
	if f.Get("reach") == "" && len(o.Reaches) > 0 {
		f.Set("reach", string(o.Reaches[0]))
	}
	return web.Show(w, r, web.View{Title: p.T("support.help"), Nav: "account", With: rows, Status: f.Status()}, helpPage(v))
}

func (h *Pages) call(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	ctx := r.Context()
	err = h.Service.Call(ctx, web.Actor(ctx), r.PathValue("topic"), support.Soon(f.Get("soon")), support.Reach(f.Get("reach")))
	if f.Fail(lang.From(ctx), err) {
		return h.showHelp(w, r, f)
	}
	if err != nil {
		return err
	}
	h.Site.Say(w, "support.said-call")
	return web.Redirect(w, r, own)
}

func (h *Pages) calendar(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	m, err := h.Service.OwnMeetingOf(ctx, web.Actor(ctx), r.PathValue("meeting"))
	if err != nil {
		return err
	}
	file, err := h.Calendar(m, lang.T(ctx, "support.calendar-title"))
	if err != nil {
		return err
	}
	web.Attachment(w, "text/calendar; charset=utf-8", "spotkanie.ics", []byte(file))
	return nil
}
