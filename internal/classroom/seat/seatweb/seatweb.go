// Package seatweb shows seats: to a person their trainings, the way to a seat and the page behind a letter's link; to who keeps a
// training's list who is on it; to a unit's superior the places that they give out. Who answers by a link need not sign in, and looking
// at a page changes nothing. What may be done is decided by the service.
package seatweb

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/a-h/templ"

	"ostoja/internal/access"
	"ostoja/internal/classroom/classroomweb"
	"ostoja/internal/classroom/seat"
	"ostoja/internal/errs"
	"ostoja/internal/lang"
	"ostoja/internal/ui"
	"ostoja/internal/web"
)

// Pages are the pages of seats.
type Pages struct {
	Site      *web.Site
	Service   *seat.Service
	Trainings *classroomweb.Pages // frames the pages of a training
	Tasks     classroomweb.Tasks
	// Above returns what stands above somebody's trainings: what else awaits them. It may be nil.
	Above func(ctx context.Context, personID string) (templ.Component, error)
}

// Tab is the side of a training that shows its people.
var Tab = classroomweb.Tab{Name: "people", Path: "people", Permission: access.TrainingsRead}

// Routes registers the pages.
func (h *Pages) Routes(m *web.Mux) {
	m.Handle("GET /app/my-trainings", h.mine)
	m.Handle("POST /app/my-trainings", h.interest)
	m.Handle("GET /app/my-trainings/{training}", h.training)
	m.Handle("POST /app/my-trainings/{training}", h.act)
	m.Handle("GET /app/l/{token}", h.link)
	m.Handle("POST /app/l/{token}", h.useLink)
	m.Handle("GET /app/my-places", h.places)
	m.Handle("GET /app/my-places/{training}/{unit}", h.unit)
	m.Handle("POST /app/my-places/{training}/{unit}", h.give)
	m.Handle("GET /app/account/calendar", h.calendar)
	m.Handle("POST /app/account/calendar", h.renew)
	m.Handle("GET /calendar/{token}", h.feed)
	m.Handle("GET /app/trainings/{training}/people", h.people)
	m.Handle("GET /app/trainings/{training}/people/invite", h.invite)
	m.Handle("GET /app/trainings/{training}/people/add", h.add)
	m.Handle("POST /app/trainings/{training}/people/sign-ups", h.signUps)
	m.Handle("POST /app/trainings/{training}/people/participants", h.participants)
	m.Handle("POST /app/trainings/{training}/people/undo", h.undo)
	m.Handle("GET /app/trainings/{training}/places", h.trainingPlaces)
	m.Handle("POST /app/trainings/{training}/places", h.setPlaces)
	m.Handle("GET /app/interest", h.interested)
}

func (h *Pages) now() time.Time { return h.Site.Clock.Now() }

// kindOf colours a state: amber waits for who reads the page.
func kindOf(s seat.State, own bool) ui.Kind {
	switch {
	case own && s == seat.Offered, !own && s == seat.Applied:
		return ui.Waiting
	case s == seat.Confirmed:
		return ui.Info
	}
	return ui.Plain
}

// stateText says where somebody stands.
func stateText(p *lang.Printer, b seat.Booking, place int) string {
	switch {
	case b.State == seat.Waiting && place > 0:
		return p.T("seat.state.waiting-at", "Place", p.Int(place))
	case b.Asked():
		return p.T("seat.state.consent")
	}
	return p.T("seat.state." + string(b.State))
}

// mineView is a person's page of trainings.
type mineView struct {
	Mine     []seat.Mine
	Offers   []seat.Offer
	Interest bool
	Places   bool
	Now      time.Time
	Above    templ.Component
}

func (h *Pages) mine(w http.ResponseWriter, r *http.Request) error {
	ctx, actor := r.Context(), web.Actor(r.Context())
	v := mineView{Now: h.now(), Above: templ.NopComponent}
	var err error
	if h.Above != nil {
		if v.Above, err = h.Above(ctx, actor.PersonID); err != nil {
			return err
		}
	}
	if v.Mine, err = h.Service.Mine(ctx, actor); err != nil {
		return err
	}
	offers, err := h.Service.Offers(ctx, actor)
	if err != nil {
		return err
	}
	for _, o := range offers {
		if !o.State.Open() && o.State != seat.Refused {
			v.Offers = append(v.Offers, o)
		}
	}
	list, err := h.Service.Interested(ctx, actor)
	if err != nil {
		return err
	}
	v.Interest = len(list) > 0
	given, err := h.Service.OwnPlaces(ctx, actor)
	if err != nil {
		return err
	}
	v.Places = len(given) > 0
	return web.Show(w, r, web.View{With: classroomweb.Styles, Title: lang.T(ctx, "seat.mine.title"), Nav: "my-trainings"}, minePage(v))
}

func (h *Pages) interest(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	on := f.Get("on") != ""
	if err := h.Service.SetInterest(r.Context(), web.Actor(r.Context()), "", on); err != nil {
		return err
	}
	if on {
		h.Site.Say(w, "seat.said.interest")
	} else {
		h.Site.Say(w, "seat.said.no-interest")
	}
	return web.Redirect(w, r, "/app/my-trainings")
}

// ownView is a training as somebody who is, or wants to be, in it sees it.
type ownView struct {
	seat.Mine
	Applies bool
	Tasks   []classroomweb.Task // tests that can be sat now
	Form    *web.Form
	Now     time.Time
}

func (h *Pages) training(w http.ResponseWriter, r *http.Request) error {
	return h.showOwn(w, r, web.NewForm())
}

func (h *Pages) showOwn(w http.ResponseWriter, r *http.Request, f *web.Form) error {
	m, applies, err := h.Service.Own(r.Context(), web.Actor(r.Context()), r.PathValue("training"))
	if err != nil {
		return err
	}
	tasks, err := h.Tasks(r.Context(), web.Actor(r.Context()).PersonID, m.Plan.ID)
	if err != nil {
		return err
	}
	return web.Show(w, r, web.View{With: classroomweb.Styles, Title: m.Plan.Title, Nav: "my-trainings", Status: f.Status()}, ownPage(ownView{m, applies, tasks, f, h.now()}))
}

func (h *Pages) act(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	ctx, actor, trainingID := r.Context(), web.Actor(r.Context()), r.PathValue("training")
	said := f.Get("act")
	switch said {
	case "apply":
		var overlaps []seat.Overlap
		if overlaps, err = h.Service.Apply(ctx, actor, trainingID, f.Text("superior")); len(overlaps) > 0 {
			h.Site.Say(w, "seat.said.apply-overlap", "Title", overlaps[0].Title)
			return web.Redirect(w, r, r.URL.Path)
		}
	case "accept":
		err = h.Service.Accept(ctx, actor, trainingID, f.Text("superior"))
	case "decline":
		err = h.Service.Decline(ctx, actor, trainingID)
	case "cancel":
		err = h.Service.Cancel(ctx, actor, trainingID, f.Text("reason"))
	default:
		return errs.Invalid("error.invalid")
	}
	if f.Fail(lang.From(ctx), err) {
		return h.showOwn(w, r, f)
	}
	if err != nil {
		return err
	}
	h.Site.Say(w, "seat.said."+said)
	return web.Redirect(w, r, r.URL.Path)
}

// linkView is the page behind a letter's link.
type linkView struct {
	seat.Link
	Form *web.Form
}

func (h *Pages) link(w http.ResponseWriter, r *http.Request) error {
	return h.showLink(w, r, web.NewForm())
}

func (h *Pages) showLink(w http.ResponseWriter, r *http.Request, f *web.Form) error {
	l, err := h.Service.Link(r.Context(), web.Actor(r.Context()), r.PathValue("token"))
	if err != nil {
		return err
	}
	return web.Show(w, r, web.View{With: classroomweb.Styles, Title: lang.T(r.Context(), "seat.link.title-"+string(l.Purpose)), Status: f.Status()}, linkPage(linkView{l, f}))
}

func (h *Pages) useLink(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	ctx := r.Context()
	err = h.Service.UseLink(ctx, web.Actor(ctx), r.PathValue("token"), seat.Answer{Yes: f.Get("answer") == "yes", Superior: f.Text("superior"), Reason: f.Text("reason")})
	if _, faulty := errs.FieldsOf(err); faulty && f.Fail(lang.From(ctx), err) {
		return h.showLink(w, r, f)
	}
	if err != nil && !errors.Is(err, errs.ErrConflict) && !errors.Is(err, errs.ErrForbidden) {
		return err
	}
	return web.Redirect(w, r, r.URL.Path+"?lang="+lang.From(ctx).Tag()) // the page says what was answered, by whomever
}

func (h *Pages) calendar(w http.ResponseWriter, r *http.Request) error {
	return h.showCalendar(w, r, "")
}

func (h *Pages) showCalendar(w http.ResponseWriter, r *http.Request, address string) error {
	since, err := h.Service.FeedSince(r.Context(), web.Actor(r.Context()))
	if err != nil {
		return err
	}
	return web.Show(w, r, web.View{With: classroomweb.Styles, Title: lang.T(r.Context(), "seat.feed.title"), Nav: "account"}, calendarPage(since, address))
}

// renew shows the new address once, in the answer itself: it stands nowhere else.
func (h *Pages) renew(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	if f.Get("act") == "end" {
		if err := h.Service.EndFeed(r.Context(), web.Actor(r.Context())); err != nil {
			return err
		}
		h.Site.Say(w, "seat.said.feed-ended")
		return web.Redirect(w, r, r.URL.Path)
	}
	address, err := h.Service.RenewFeed(r.Context(), web.Actor(r.Context()))
	if err != nil {
		return err
	}
	return h.showCalendar(w, r, address)
}

// feed sends a calendar to whoever follows it: a program without a session.
func (h *Pages) feed(w http.ResponseWriter, r *http.Request) error {
	file, err := h.Service.Feed(r.Context(), r.PathValue("token"))
	if err != nil {
		return err
	}
	sum := sha256.Sum256([]byte(file))
	tag := `"` + hex.EncodeToString(sum[:16]) + `"`
	w.Header().Set("Cache-Control", "private, no-cache") // may be kept, and is asked for each time: rights may have gone
	w.Header().Set("Etag", tag)
	if strings.Contains(r.Header.Get("If-None-Match"), tag) { // RFC 9110 section 13.1.2
		w.WriteHeader(http.StatusNotModified)
		return nil
	}
	web.Attachment(w, "text/calendar; charset=utf-8", "szkolenia.ics", []byte(file))
	return nil
}
