package supportweb

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/errs"
	"ostoja/internal/guardian/support"
	"ostoja/internal/lang"
	"ostoja/internal/ui"
	"ostoja/internal/web"
)

type deskView struct {
	support.Desk
	Pages    *Pages
	MayWrite bool
	Now      time.Time
}

func (h *Pages) desk(w http.ResponseWriter, r *http.Request) error {
	ctx, actor := r.Context(), web.Actor(r.Context())
	d, err := h.Service.Desk(ctx, actor)
	if err != nil {
		return err
	}
	v := deskView{Desk: d, Pages: h, MayWrite: actor.Has(access.GuardiansWrite), Now: h.Site.Clock.Now()}
	return web.Show(w, r, web.View{Title: lang.T(ctx, "support.title"), Nav: "guardians", With: rows}, deskPage(v))
}

// act does what a button beside a call for help says.
func (h *Pages) act(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	ctx, act := r.Context(), f.Get("act")
	do, known := map[string]func(context.Context, access.Actor, string) error{
		"take": h.Service.Take, "give-back": h.Service.GiveBack, "done": h.Service.Finish, "reopen": h.Service.Reopen,
	}[act]
	if !known {
		return errs.Invalid("error.invalid")
	}
	if err := do(ctx, web.Actor(ctx), f.Get("signal")); err != nil {
		return err
	}
	h.Site.Say(w, "support.said-"+act)
	return web.Redirect(w, r, office)
}

// signalChip says how a call for help stands: amber waits for whoever reads it, red is past what was promised.
func signalChip(p *lang.Printer, x support.Signal, now time.Time) (ui.Kind, string) {
	switch {
	case !x.WithdrawnAt.IsZero():
		return ui.Plain, p.T("support.withdrawn")
	case !x.DoneAt.IsZero():
		return ui.Plain, p.T("support.done")
	case x.TakenBy != "":
		return ui.Plain, p.T("support.taken-by", "Name", x.TakenBy)
	case x.Late(now):
		return ui.Danger, p.T("support.late", "Moment", p.Moment(x.DueAt, now))
	}
	return ui.Waiting, p.T("support.due", "Moment", p.Moment(x.DueAt, now))
}

// age says since when a call for help waits, in the unit that suits it.
func age(p *lang.Printer, at, now time.Time) string {
	const day = 24 * time.Hour
	switch d := now.Sub(at); {
	case d < time.Hour:
		return p.N("support.minutes-ago", max(1, int(d/time.Minute)))
	case d < 2*day:
		return p.N("support.hours-ago", int(d/time.Hour))
	default:
		return p.N("support.days-ago", int(d/day))
	}
}

// meetingChip says what is special of a meeting; "" if nothing is.
func meetingChip(p *lang.Printer, m support.Meeting) string {
	switch {
	case m.Cancelled():
		return p.T("support.cancelled")
	case m.Full():
		return p.T("support.full")
	}
	return ""
}

type meetingForm struct {
	Form      *web.Form
	Pages     *Pages
	Offices   []ui.Option // where there are several
	MeetingID string      // "" of a new one
	Action    string
	Coming    int
}

func (v meetingForm) title(p *lang.Printer) string {
	if v.MeetingID == "" {
		return p.T("support.meeting-new")
	}
	return p.T("support.meeting-edit")
}

func (h *Pages) newMeeting(w http.ResponseWriter, r *http.Request) error {
	return h.showMeetingForm(w, r, meetingForm{Form: web.NewForm("from", "17:00", "to", "19:00", "seats", "12")})
}

// offices are those for which the actor may enter something; none where there is nothing to choose.
func (h *Pages) offices(ctx context.Context) (options []ui.Option, err error) {
	list, err := h.Service.Offices(ctx, web.Actor(ctx))
	if len(list) < 2 {
		return nil, err
	}
	options = []ui.Option{{Label: lang.T(ctx, "support.choose")}}
	for _, o := range list {
		options = append(options, ui.Option{Value: o.ID, Label: o.Name})
	}
	return options, err
}

func (h *Pages) showMeetingForm(w http.ResponseWriter, r *http.Request, v meetingForm) (err error) {
	p := lang.From(r.Context())
	v.Pages, v.Action = h, office+"/meetings/new"
	if v.MeetingID != "" {
		v.Action = office + "/meetings/" + v.MeetingID + "/edit"
	} else if v.Offices, err = h.offices(r.Context()); err != nil {
		return err
	}
	return web.Show(w, r, web.View{Title: v.title(p), Nav: "guardians", Status: v.Form.Status()}, meetingFormPage(v))
}

// number reads a whole number; what is none is -1, which each rule refuses.
func number(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		return -1
	}
	return n
}

func meetingDraft(f *web.Form) support.MeetingDraft {
	return support.MeetingDraft{
		UnitID: f.Get("unit"), Topic: f.Get("topic"), Day: f.Text("day"), From: f.Text("from"), To: f.Text("to"), Place: f.Text("place"), Seats: number(f.Text("seats")), Leader: f.Text("leader"),
		Edition: int64(number(f.Get("edition"))),
	}
}

func (h *Pages) plan(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	ctx := r.Context()
	meetingID, err := h.Service.Plan(ctx, web.Actor(ctx), meetingDraft(f))
	if f.Fail(lang.From(ctx), err) {
		return h.showMeetingForm(w, r, meetingForm{Form: f})
	}
	if err != nil {
		return err
	}
	h.Site.Say(w, "support.said-planned")
	return web.Redirect(w, r, office+"/meetings/"+meetingID)
}

type meetingView struct {
	support.MeetingPage
	Pages *Pages
	Form  *web.Form
	Now   time.Time
}

func (h *Pages) meeting(w http.ResponseWriter, r *http.Request) error {
	return h.showMeeting(w, r, web.NewForm())
}

func (h *Pages) showMeeting(w http.ResponseWriter, r *http.Request, f *web.Form) error {
	ctx := r.Context()
	x, err := h.Service.MeetingOf(ctx, web.Actor(ctx), r.PathValue("meeting"))
	if err != nil {
		return err
	}
	v := meetingView{MeetingPage: x, Pages: h, Form: f, Now: h.Site.Clock.Now()}
	return web.Show(w, r, web.View{Title: lang.T(ctx, "support.meeting"), Nav: "guardians", Status: f.Status()}, meetingPage(v))
}

// actOnMeeting invites, or says who was there.
func (h *Pages) actOnMeeting(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	ctx, actor, meetingID := r.Context(), web.Actor(r.Context()), r.PathValue("meeting")
	var told int
	act := f.Get("act")
	switch act {
	case "invite":
		told, err = h.Service.Invite(ctx, actor, meetingID)
	case "attend":
		err = h.Service.Attend(ctx, actor, meetingID, f.Values["here"])
	default:
		return errs.Invalid("error.invalid")
	}
	if f.Fail(lang.From(ctx), err) {
		return h.showMeeting(w, r, f)
	}
	if err != nil {
		return err
	}
	if act == "invite" {
		h.Site.SayN(w, "support.said-invited", told)
	} else {
		h.Site.Say(w, "support.said-attend")
	}
	return web.Redirect(w, r, office+"/meetings/"+meetingID)
}

// changing returns a meeting that can still be changed.
func (h *Pages) changing(r *http.Request) (x support.MeetingPage, err error) {
	ctx := r.Context()
	x, err = h.Service.MeetingOf(ctx, web.Actor(ctx), r.PathValue("meeting"))
	switch {
	case err != nil:
		return x, err
	case !x.MayWrite:
		return x, errs.NotFound("error.not-found")
	case x.Cancelled():
		return x, errs.Conflict("support.meeting-cancelled")
	case x.Over(h.Site.Clock.Now()):
		return x, errs.Conflict("support.meeting-past")
	}
	return x, nil
}

func (h *Pages) editMeeting(w http.ResponseWriter, r *http.Request) error {
	x, err := h.changing(r)
	if err != nil {
		return err
	}
	p := lang.From(r.Context())
	f := web.NewForm("topic", x.Topic, "day", p.ShortDate(x.StartsAt), "from", p.Clock(x.StartsAt), "to", p.Clock(x.EndsAt), "place", x.Place, "seats", strconv.Itoa(x.Seats), "leader", x.Leader,
		"edition", strconv.FormatInt(x.Edition, 10))
	return h.showMeetingForm(w, r, meetingForm{Form: f, MeetingID: x.ID, Coming: x.Coming})
}

func (h *Pages) move(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	ctx, meetingID := r.Context(), r.PathValue("meeting")
	told, err := h.Service.Move(ctx, web.Actor(ctx), meetingID, meetingDraft(f))
	if f.Fail(lang.From(ctx), err) {
		return h.showMeetingForm(w, r, meetingForm{Form: f, MeetingID: meetingID})
	}
	if err != nil {
		return err
	}
	h.sayTold(w, "support.said-moved", told)
	return web.Redirect(w, r, office+"/meetings/"+meetingID)
}

// sayTold says what was done, and how many were written to where anybody was.
func (h *Pages) sayTold(w http.ResponseWriter, key string, told int) {
	if told == 0 {
		h.Site.Say(w, key)
		return
	}
	h.Site.SayN(w, key+"-told", told)
}

func (h *Pages) cancelForm(w http.ResponseWriter, r *http.Request) error {
	x, err := h.changing(r)
	if err != nil {
		return err
	}
	return web.Show(w, r, web.View{Title: lang.T(r.Context(), "support.cancel"), Nav: "guardians"}, cancelPage(h, x))
}

func (h *Pages) cancel(w http.ResponseWriter, r *http.Request) error {
	ctx, meetingID := r.Context(), r.PathValue("meeting")
	told, err := h.Service.Cancel(ctx, web.Actor(ctx), meetingID)
	if err != nil {
		return err
	}
	h.sayTold(w, "support.said-cancelled", told)
	return web.Redirect(w, r, office+"/meetings/"+meetingID)
}
