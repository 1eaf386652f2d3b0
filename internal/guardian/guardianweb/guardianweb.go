// Package guardianweb shows the register of guardians to the office that keeps it, and to each person their own entry.
//
// Goals: nobody but the office sees who is in the register; a contact is shown alone, on a press of its own, and the person reads who looked. Limits:
// the list has no file and no contact, and no page leads from one entry to the next (DOMAIN.md, adversary T11).
package guardianweb

import (
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/a-h/templ"

	"ostoja/internal/access"
	"ostoja/internal/errs"
	"ostoja/internal/guardian"
	"ostoja/internal/identity/territory"
	"ostoja/internal/lang"
	"ostoja/internal/ui"
	"ostoja/internal/web"
)

// Pages are the pages of the register.
type Pages struct {
	site    *web.Site
	service *guardian.Service
	limit   *web.Limit // of verifications
	beside  []Beside
}

// New returns the pages, with what other rooms show on them.
func New(site *web.Site, s *guardian.Service, beside ...Beside) *Pages {
	return &Pages{site, s, web.NewLimit(perSecond, burst), beside}
}

// Routes registers the pages.
func (h *Pages) Routes(m *web.Mux) {
	m.Handle("GET /app/guardians", h.list)
	m.Handle("POST /app/guardians/many", h.many)
	m.Handle("GET /app/guardians/entries/{entry}", h.entry)
	m.Handle("POST /app/guardians/entries/{entry}", h.act)
	m.Handle("GET /app/guardians/entries/{entry}/remove", h.removeForm)
	m.Handle("POST /app/guardians/entries/{entry}/remove", h.remove)
	m.Handle("GET /app/guardians/entries/{entry}/edit", h.editForm)
	m.Handle("POST /app/guardians/entries/{entry}/edit", h.edit)
	m.Handle("GET /app/guardians/entries/{entry}/renew", h.renewForm)
	m.Handle("POST /app/guardians/entries/{entry}/renew", h.renew)
	m.Handle("GET /app/guardians/courts", h.courts)
	m.Handle("POST /app/guardians/courts", h.addCourt)
	m.Handle("GET /app/guardians/courts/{court}", h.courtForm)
	m.Handle("POST /app/guardians/courts/{court}", h.changeCourt)
	m.Handle("GET /app/guardian", h.own)
	m.Handle("POST /app/guardian", h.actOwn)
	m.Handle("GET /app/guardian/withdraw", h.withdrawForm)
	m.Handle("POST /app/guardian/withdraw", h.withdraw)
	h.paperRoutes(m)
	h.noteRoutes(m)
}

// entryView is what an entry's page shows.
type entryView struct {
	guardian.Page
	Now   time.Time
	Zone  *time.Location
	Write bool
	Phone string // shown after its own press
	Asked bool   // whether it was asked for
	Form  *web.Form
	Parts []templ.Component // of other rooms
	Notes []guardian.WorkNote
	// NotesRead says that the notes hold all that the reader may read.
	NotesRead bool
}

func (v entryView) path(rest string) string { return "/app/guardians/entries/" + v.ID + rest }

func (h *Pages) view(r *http.Request) (v entryView, err error) {
	ctx, actor := r.Context(), web.Actor(r.Context())
	x, err := h.service.Page(ctx, actor, r.PathValue("entry"))
	return entryView{Page: x, Now: h.site.Clock.Now(), Zone: lang.From(ctx).Zone(), Write: actor.May(access.GuardiansWrite, x.UnitPath), Form: web.NewForm()}, err
}

func (h *Pages) entry(w http.ResponseWriter, r *http.Request) error {
	v, err := h.view(r)
	if err != nil {
		return err
	}
	return h.showEntry(w, r, v)
}

func (h *Pages) showEntry(w http.ResponseWriter, r *http.Request, v entryView) (err error) {
	if v.Parts, err = h.parts(r.Context(), v.ID, func(b Beside) Part { return b.Entry }); err != nil {
		return err
	}
	if !v.NotesRead {
		if v.Notes, err = h.service.Notes(r.Context(), web.Actor(r.Context()), v.ID); err != nil {
			return err
		}
	}
	return web.Show(w, r, web.View{Title: lang.T(r.Context(), "guardian.entry"), Nav: "guardians", Status: v.Form.Status()}, entryPage(v))
}

// act changes an entry's state, or shows its contact.
func (h *Pages) act(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	ctx, actor, entryID := r.Context(), web.Actor(r.Context()), r.PathValue("entry")
	switch act := f.Get("act"); act {
	case "list":
		err = h.service.Enlist(ctx, actor, entryID)
	case "pause":
		err = h.service.Pause(ctx, actor, entryID, guardian.Reason(f.Get("reason")))
	case "phone":
		return h.showPhone(w, r)
	default:
		return errs.Invalid("error.invalid")
	}
	if f.Fail(lang.From(ctx), err) {
		v, err := h.view(r)
		if err != nil {
			return err
		}
		v.Form = f
		return h.showEntry(w, r, v)
	}
	if err != nil {
		return err
	}
	h.site.Say(w, "guardian.said-"+f.Get("act"))
	return web.Redirect(w, r, "/app/guardians/entries/"+entryID)
}

func (h *Pages) showPhone(w http.ResponseWriter, r *http.Request) error {
	phone, err := h.service.Phone(r.Context(), web.Actor(r.Context()), r.PathValue("entry"))
	if err != nil {
		return err
	}
	v, err := h.view(r)
	if err != nil {
		return err
	}
	v.Phone, v.Asked = phone, true
	return h.showEntry(w, r, v)
}

func (h *Pages) removeForm(w http.ResponseWriter, r *http.Request) error {
	v, err := h.changing(r)
	if err != nil {
		return err
	}
	return h.showRemove(w, r, v)
}

func (h *Pages) showRemove(w http.ResponseWriter, r *http.Request, v entryView) error {
	return web.Show(w, r, web.View{Title: lang.T(r.Context(), "guardian.remove"), Nav: "guardians", Status: v.Form.Status()}, removePage(v))
}

// changing is the view of an entry that may be changed; one that was removed cannot be any more.
func (h *Pages) changing(r *http.Request) (entryView, error) {
	v, err := h.view(r)
	switch {
	case err != nil:
		return v, err
	case !v.Write:
		return v, errs.NotFound("error.not-found")
	case v.State == guardian.Removed:
		return v, errs.Conflict("guardian.state-removed")
	}
	return v, nil
}

func (h *Pages) remove(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	ctx := r.Context()
	v, err := h.changing(r)
	if err != nil {
		return err
	}
	err = h.service.Remove(ctx, web.Actor(ctx), v.ID, guardian.Reason(f.Get("reason")))
	if f.Fail(lang.From(ctx), err) {
		v.Form = f
		return h.showRemove(w, r, v)
	}
	if err != nil {
		return err
	}
	h.site.Say(w, "guardian.said-removed")
	return web.Redirect(w, r, v.path(""))
}

func (h *Pages) editForm(w http.ResponseWriter, r *http.Request) error {
	v, err := h.changing(r)
	if err != nil {
		return err
	}
	v.Form = web.NewForm("most", strconv.Itoa(v.MostChildren), "strengths", v.Strengths, "edition", strconv.FormatInt(v.Edition, 10))
	v.Form.Values["langs"], v.Form.Values["answers"] = v.Langs, v.Answers
	for _, c := range v.Courts {
		v.Form.Add("courts", c.ID)
	}
	return h.showEdit(w, r, v)
}

func (h *Pages) showEdit(w http.ResponseWriter, r *http.Request, v entryView) error {
	courts, err := h.service.Courts(r.Context())
	if err != nil {
		return err
	}
	return web.Show(w, r, web.View{Title: lang.T(r.Context(), "guardian.edit"), Nav: "guardians", Status: v.Form.Status()}, editPage(v, courtOptions(courts, v.Courts)))
}

// number reads a whole number; what is none is -1, which each rule refuses.
func number(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		return -1
	}
	return n
}

func (h *Pages) edit(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	ctx := r.Context()
	v, err := h.changing(r)
	if err != nil {
		return err
	}
	err = h.service.Edit(ctx, web.Actor(ctx), v.ID, guardian.Draft{
		Phone: f.Text("phone"), MostChildren: number(f.Text("most")), Strengths: f.Get("strengths"), Langs: f.Values["langs"], Courts: f.Values["courts"], Answers: f.Values["answers"],
		Edition: int64(number(f.Get("edition"))),
	})
	if f.Fail(lang.From(ctx), err) {
		v.Form = f
		return h.showEdit(w, r, v)
	}
	if err != nil {
		return err
	}
	h.site.Say(w, "guardian.said-edited")
	return web.Redirect(w, r, v.path(""))
}

func (h *Pages) renewForm(w http.ResponseWriter, r *http.Request) error {
	v, err := h.changing(r)
	if err != nil {
		return err
	}
	return h.showRenew(w, r, v)
}

func (h *Pages) showRenew(w http.ResponseWriter, r *http.Request, v entryView) error {
	return web.Show(w, r, web.View{Title: lang.T(r.Context(), "guardian.renew"), Nav: "guardians", Status: v.Form.Status()}, renewPage(v))
}

// lastDay reads a last day and returns the moment at which it is over; zero if it is none.
func lastDay(s string, zone *time.Location) time.Time {
	t, err := time.ParseInLocation(time.DateOnly, s, zone)
	if err != nil {
		return time.Time{}
	}
	return t.AddDate(0, 0, 1).UTC()
}

func (h *Pages) renew(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	ctx := r.Context()
	v, err := h.changing(r)
	if err != nil {
		return err
	}
	err = h.service.Renew(ctx, web.Actor(ctx), v.ID, lastDay(f.Text("until"), v.Zone), guardian.Reason(f.Get("reason")))
	if f.Fail(lang.From(ctx), err) {
		v.Form = f
		return h.showRenew(w, r, v)
	}
	if err != nil {
		return err
	}
	h.site.Say(w, "guardian.said-renewed")
	return web.Redirect(w, r, v.path(""))
}

// reasons offers the reasons of a change.
func reasons(p *lang.Printer, of []guardian.Reason) (options []ui.Option) {
	for _, r := range of {
		options = append(options, ui.Option{Value: string(r), Label: p.T("guardian.reason-" + string(r))})
	}
	return options
}

func languageOptions(p *lang.Printer, also []string) (options []ui.Option) {
	tags := slices.Clone(guardian.Languages)
	for _, t := range also {
		if !slices.Contains(tags, t) {
			tags = append(tags, t)
		}
	}
	for _, t := range tags {
		options = append(options, ui.Option{Value: t, Label: p.LanguageName(t)})
	}
	return options
}

// courtOptions offers the open courts, and closed ones that an entry has already.
func courtOptions(courts, also []guardian.Court) (options []ui.Option) {
	for _, c := range courts {
		if c.ClosedAt.IsZero() || slices.ContainsFunc(also, func(x guardian.Court) bool { return x.ID == c.ID }) {
			options = append(options, ui.Option{Value: c.ID, Label: c.Name})
		}
	}
	return options
}

func regionOptions(p *lang.Printer) []ui.Option {
	options := []ui.Option{{Label: p.T("guardian.no-region")}}
	for _, v := range territory.Voivodeships {
		options = append(options, ui.Option{Value: v.Code, Label: v.Name(p.Tag())})
	}
	return options
}

// kindOf colours a state: waiting alone is for who reads it.
func kindOf(s guardian.State) ui.Kind {
	if s == guardian.Verified {
		return ui.Waiting
	}
	return ui.Plain
}

func values(f *web.Form, name string) []string { return f.Values[name] }

// escaped is a value in an address.
