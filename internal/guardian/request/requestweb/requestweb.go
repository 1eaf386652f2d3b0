// Package requestweb shows requests for a guardian: to the unit that asks the form and the answer, to who is asked a page behind a letter's link, to
// the office its desk and the institutions, to a court what was put before it.
//
// Goals: who answers for a child at night has a name, a reason and a phone within a few taps; each contact opens by a press of its own, with its
// purpose. Limits: no page lists guardians, and none sends a file of them.
package requestweb

import (
	"net/http"
	"slices"
	"strconv"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/errs"
	"ostoja/internal/guardian"
	"ostoja/internal/guardian/request"
	"ostoja/internal/guardian/term"
	"ostoja/internal/lang"
	"ostoja/internal/list/listweb"
	"ostoja/internal/ui"
	"ostoja/internal/web"
)

// Links cannot be guessed: the limit only keeps the database from being flooded, as with services' confirmations.
const (
	burst     = 60
	perSecond = 5
)

// Pages are the pages of requests.
type Pages struct {
	site    *web.Site
	service *request.Service
	limit   *web.Limit
}

// New returns the pages.
func New(site *web.Site, s *request.Service) *Pages {
	return &Pages{site, s, web.NewLimit(perSecond, burst)}
}

// Addresses of the pages.
const (
	requestsPath     = "/app/guardians/requests"
	deskPath         = "/app/guardians/desk"
	institutionsPath = "/app/guardians/institutions"
	officesPath      = "/app/guardians/offices"
	courtPath        = "/app/guardians/court"
	askedPath        = "/app/guardian/asked"
)

const nav = "guardians"

// Routes registers the pages.
func (h *Pages) Routes(m *web.Mux) {
	m.Handle("GET "+requestsPath, h.requests)
	m.Handle("GET "+requestsPath+"/new", h.form)
	m.Handle("POST "+requestsPath+"/new", h.ask)
	m.Handle("GET "+requestsPath+"/{request}", h.request)
	m.Handle("POST "+requestsPath+"/{request}", h.act)
	m.Handle("GET "+requestsPath+"/{request}/withdraw", h.confirmWithdraw)
	m.Handle("POST "+requestsPath+"/{request}/withdraw", h.withdraw)
	m.Handle("POST "+requestsPath+"/{request}/pack", h.pack)
	m.Handle("GET "+deskPath, h.desk)
	m.Handle("GET "+deskPath+"/{request}", h.watch)
	m.Handle("POST "+deskPath+"/release", h.release)
	m.Handle("GET "+institutionsPath, h.institutions)
	m.Handle("GET "+institutionsPath+"/{unit}", h.institution)
	m.Handle("POST "+institutionsPath+"/{unit}", h.putInstitution)
	m.Handle("GET "+officesPath+"/{unit}", h.office)
	m.Handle("POST "+officesPath+"/{unit}", h.putOffice)
	m.Handle("GET "+courtPath, h.court)
	m.Handle("POST "+courtPath+"/{request}/pack", h.packForCourt)
	m.Handle("GET "+askedPath, h.asked)
	m.Handle("POST "+askedPath+"/{proposal}", h.answerHere)
	m.Handle("GET /guardian-reply/{token}", h.link)
	m.Handle("POST /guardian-reply/{token}", h.answerLink)
}

func (h *Pages) now() time.Time { return h.site.Clock.Now() }

func (h *Pages) requests(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	unit, list, err := h.service.Mine(ctx, web.Actor(ctx))
	if err != nil {
		return err
	}
	l := h.requestList(r, requestsPath, list, listweb.Empty{Title: lang.T(ctx, "request.none"), Text: lang.T(ctx, "request.none-text")})
	shown, err := l.Open(ctx)
	if err != nil {
		return err
	}
	return web.Show(w, r, web.View{Title: lang.T(ctx, "request.title"), Nav: "guardian-requests"}, requestsPage(unit, shown))
}

func (h *Pages) form(w http.ResponseWriter, r *http.Request) error {
	return h.showForm(w, r, web.NewForm("from", h.now().In(lang.From(r.Context()).Zone()).Format(time.DateOnly)))
}

func (h *Pages) showForm(w http.ResponseWriter, r *http.Request, f *web.Form) error {
	ctx := r.Context()
	choices, err := h.service.Choices(ctx, web.Actor(ctx))
	if err != nil {
		return err
	}
	return web.Show(w, r, web.View{Title: lang.T(ctx, "request.new"), Nav: "guardian-requests", Status: f.Status()}, formPage(choices, f))
}

func (h *Pages) ask(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	ctx := r.Context()
	requestID, err := h.service.Ask(ctx, web.Actor(ctx), request.Draft{
		Purpose: f.Get("purpose"), Reference: f.Get("reference"), CourtID: f.Get("court"), Lang: f.Get("lang"), Wishes: f.Values["wishes"], FromDay: f.Text("from"), MotionOn: f.Text("motion"),
	})
	if f.Fail(lang.From(ctx), err) {
		return h.showForm(w, r, f)
	}
	if err != nil {
		return err
	}
	return web.Redirect(w, r, requestsPath+"/"+requestID)
}

func (h *Pages) request(w http.ResponseWriter, r *http.Request) error {
	return h.showRequest(w, r, web.NewForm())
}

func (h *Pages) showRequest(w http.ResponseWriter, r *http.Request, f *web.Form) error {
	ctx := r.Context()
	x, err := h.service.Open(ctx, web.Actor(ctx), r.PathValue("request"))
	if err != nil {
		return err
	}
	v := web.View{Title: lang.T(ctx, "request.single"), Nav: "guardian-requests", Status: f.Status()}
	if x.State == request.Asking {
		v.Refresh = 30 // somebody waits for an answer that comes by a letter's link
	}
	return web.Show(w, r, v, requestPage(x, f, h.now()))
}

func (h *Pages) act(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	ctx, actor, requestID := r.Context(), web.Actor(r.Context()), r.PathValue("request")
	switch f.Get("act") {
	case "reveal":
		err = h.service.Reveal(ctx, actor, requestID, f.Get("proposal"), f.Get("look"))
	case "motion":
		err = h.service.SetMotion(ctx, actor, requestID, f.Text("motion"))
	default:
		return errs.Invalid("error.invalid")
	}
	if f.Fail(lang.From(ctx), err) {
		return h.showRequest(w, r, f)
	}
	if err != nil {
		return err
	}
	if f.Get("act") == "motion" {
		h.site.Say(w, "request.motion-noted")
	}
	return web.Redirect(w, r, requestsPath+"/"+requestID)
}

func (h *Pages) confirmWithdraw(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	x, err := h.service.Open(ctx, web.Actor(ctx), r.PathValue("request"))
	if err != nil {
		return err
	}
	return web.Show(w, r, web.View{Title: lang.T(ctx, "request.withdraw"), Nav: "guardian-requests"}, withdrawPage(x))
}

func (h *Pages) withdraw(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	if err := h.service.Withdraw(ctx, web.Actor(ctx), r.PathValue("request")); err != nil {
		return err
	}
	h.site.Say(w, "request.withdrawn")
	return web.Redirect(w, r, requestsPath)
}

// pack sends the paper. It is a form's answer, since making it is an act that the guardian reads of.
func (h *Pages) pack(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	k, err := h.service.Pack(ctx, web.Actor(ctx), r.PathValue("request"))
	if err != nil {
		return err
	}
	return h.sendPack(w, k)
}

func (h *Pages) sendPack(w http.ResponseWriter, k request.Pack) error {
	b, err := k.PDF(h.site.Catalogue.Printer("pl"), h.now(), h.site.BaseURL+"/verify/guardian") // motions are in Polish, whoever files them
	if err != nil {
		return err
	}
	web.Attachment(w, "application/pdf", "kurator.pdf", b)
	return nil
}

func (h *Pages) desk(w http.ResponseWriter, r *http.Request) error {
	return h.showDesk(w, r, web.NewForm())
}

type deskView struct {
	Shown    *listweb.Shown
	Accounts []request.Account
	Offices  []request.Office
	Form     *web.Form
}

func (h *Pages) showDesk(w http.ResponseWriter, r *http.Request, f *web.Form) (err error) {
	ctx, actor := r.Context(), web.Actor(r.Context())
	v := deskView{Form: f}
	list, err := h.service.Desk(ctx, actor)
	if err != nil {
		return err
	}
	l := h.requestList(r, deskPath, list, listweb.Empty{Title: lang.T(ctx, "request.desk-none"), Text: lang.T(ctx, "request.desk-none-text")})
	if v.Shown, err = l.Open(ctx); err != nil {
		return err
	}
	if v.Accounts, err = h.service.Accounts(ctx, actor); err != nil {
		return err
	}
	if v.Offices, err = h.service.Offices(ctx, actor); err != nil {
		return err
	}
	return web.Show(w, r, web.View{Title: lang.T(ctx, "request.desk"), Nav: nav, Status: f.Status()}, deskPage(v))
}

func (h *Pages) watch(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	x, err := h.service.Watch(ctx, web.Actor(ctx), r.PathValue("request"))
	if err != nil {
		return err
	}
	return web.Show(w, r, web.View{Title: lang.T(ctx, "request.single"), Nav: nav}, watchPage(x, h.now()))
}

func (h *Pages) release(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	ctx := r.Context()
	more, err := strconv.Atoi(f.Text("more"))
	if err != nil {
		more = 0 // told as a number out of range
	}
	err = h.service.Release(ctx, web.Actor(ctx), f.Get("person"), more, f.Get("reason"))
	if f.Fail(lang.From(ctx), err) {
		return h.showDesk(w, r, f)
	}
	if err != nil {
		return err
	}
	h.site.Say(w, "request.released")
	return web.Redirect(w, r, deskPath)
}

type institutionsView struct {
	Shown  *listweb.Shown
	Found  []request.Office
	Query  string
	Writes bool
}

func (h *Pages) institutions(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	list, err := h.service.Institutions(ctx, web.Actor(ctx))
	if err != nil {
		return err
	}
	v := institutionsView{Query: r.URL.Query().Get("unit"), Writes: web.Actor(ctx).Has(access.GuardiansWrite)}
	l := h.institutionList(r, list, v.Writes)
	if l.Wanted() {
		return l.Send(w, r)
	}
	if v.Shown, err = l.Open(ctx); err != nil {
		return err
	}
	if v.Writes {
		if v.Found, err = h.service.FindUnits(ctx, web.Actor(ctx), v.Query); err != nil {
			return err
		}
	}
	return web.Show(w, r, web.View{Title: lang.T(ctx, "request.institutions"), Nav: nav}, institutionsPage(v))
}

func (h *Pages) institution(w http.ResponseWriter, r *http.Request) error {
	i, err := h.service.Institution(r.Context(), web.Actor(r.Context()), r.PathValue("unit"))
	if err != nil {
		return err
	}
	if i.Kind == "" {
		i.Kind = request.Requester
	}
	return h.showInstitution(w, r, i, web.NewForm("kind", i.Kind, "court", i.CourtID, "phone", i.Phone, "signed", i.SignedOn, "until", i.TermsUntil, "edition", strconv.FormatInt(i.Edition, 10)))
}

func (h *Pages) showInstitution(w http.ResponseWriter, r *http.Request, i request.Institution, f *web.Form) error {
	ctx := r.Context()
	courts, err := h.service.Courts(ctx, web.Actor(ctx))
	if err != nil {
		return err
	}
	return web.Show(w, r, web.View{Title: lang.T(ctx, "request.institution"), Nav: nav, Status: f.Status()}, institutionPage(i, courtOptions(lang.From(ctx), courts), f))
}

func (h *Pages) putInstitution(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	ctx, actor := r.Context(), web.Actor(r.Context())
	i, err := h.service.Institution(ctx, actor, r.PathValue("unit"))
	if err != nil {
		return err
	}
	err = h.service.PutInstitution(ctx, actor, request.Institution{
		UnitID: i.UnitID, Kind: f.Get("kind"), CourtID: f.Get("court"), Phone: f.Get("phone"), SignedOn: f.Text("signed"), TermsUntil: f.Text("until"), Edition: edition(f),
	})
	if f.Fail(lang.From(ctx), err) {
		return h.showInstitution(w, r, i, f)
	}
	if err != nil {
		return err
	}
	h.site.Say(w, "request.institution-saved")
	return web.Redirect(w, r, institutionsPath)
}

// edition reads which edition a form was made of; none is told as one that has changed.
func edition(f *web.Form) int64 {
	n, err := strconv.ParseInt(f.Get("edition"), 10, 64)
	if err != nil {
		return -1
	}
	return n
}

func (h *Pages) office(w http.ResponseWriter, r *http.Request) error {
	o, err := h.service.Office(r.Context(), web.Actor(r.Context()), r.PathValue("unit"))
	if err != nil {
		return err
	}
	f := web.NewForm("phone", o.Phone, "hours", o.Hours, "edition", strconv.FormatInt(o.Edition, 10), "term-days", strconv.Itoa(o.TermDays))
	if o.CourtView {
		f.Set("court-view", "1")
	}
	if o.TermMoved {
		f.Set("term-moved", "1")
	}
	return h.showOffice(w, r, o, f)
}

func (h *Pages) showOffice(w http.ResponseWriter, r *http.Request, o request.Office, f *web.Form) error {
	return web.Show(w, r, web.View{Title: lang.T(r.Context(), "request.office"), Nav: nav, Status: f.Status()}, officePage(o, f))
}

func (h *Pages) putOffice(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	ctx, actor := r.Context(), web.Actor(r.Context())
	o, err := h.service.Office(ctx, actor, r.PathValue("unit"))
	if err != nil {
		return err
	}
	days, err := strconv.Atoi(f.Text("term-days"))
	if err != nil || days == 0 {
		days = -1 // is refused, and what was typed stays
	}
	err = h.service.PutOffice(ctx, actor, request.Office{
		UnitID: o.UnitID, Phone: f.Get("phone"), Hours: f.Get("hours"), CourtView: f.Get("court-view") != "", TermDays: days, TermMoved: f.Get("term-moved") != "", Edition: edition(f),
	})
	if f.Fail(lang.From(ctx), err) {
		return h.showOffice(w, r, o, f)
	}
	if err != nil {
		return err
	}
	h.site.Say(w, "request.office-saved")
	return web.Redirect(w, r, deskPath)
}

func (h *Pages) court(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	list, err := h.service.PutBefore(ctx, web.Actor(ctx))
	if err != nil {
		return err
	}
	return web.Show(w, r, web.View{Title: lang.T(ctx, "request.court-title"), Nav: "guardian-court"}, courtPage(list))
}

func (h *Pages) packForCourt(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	k, err := h.service.PackForCourt(ctx, web.Actor(ctx), r.PathValue("request"))
	if err != nil {
		return err
	}
	return h.sendPack(w, k)
}

// due says how long a request waits: amber when the hour is nearly over, solid once it is.
func due(p *lang.Printer, x request.Request, now time.Time) (kind ui.Kind, said string) {
	switch x.State {
	case request.AtOffice:
		return ui.Danger, p.T("request.due-office")
	case request.Asking:
		left := request.Named*request.AnswerIn - now.Sub(x.AskedAt)
		return ui.Waiting, p.N("request.due-left", max(0, int(left.Minutes())))
	case request.Withdrawn:
		return ui.Plain, p.T("request.state-withdrawn")
	}
	return ui.Success, p.T("request.state-accepted")
}

// courtDays says how the court's days stand.
func courtDays(p *lang.Printer, x request.Request, now time.Time) string {
	last, filed := x.LastDay()
	if !filed {
		return p.T("request.not-filed")
	}
	if left := term.Left(last, now.In(p.Zone())); left < 0 {
		return p.T("request.court-over", "Day", p.DateOf(last.Format(time.DateOnly)))
	}
	return p.T("request.court-until", "Day", p.DateOf(last.Format(time.DateOnly)))
}

// termsDue says how long an institution's terms hold.
func termsDue(p *lang.Printer, i request.Institution, now time.Time) (kind ui.Kind, said string) {
	today := now.In(p.Zone())
	switch soon := today.AddDate(0, 0, 30); {
	case !i.Current(today):
		return ui.Waiting, p.T("request.terms-over")
	case !i.Current(soon):
		return ui.Info, p.T("request.terms-soon")
	}
	return ui.Plain, p.T("request.terms-hold")
}

func options(p *lang.Printer, key string, values []string) (list []ui.Option) {
	for _, v := range values {
		list = append(list, ui.Option{Value: v, Label: p.T(key + v)})
	}
	return list
}

// langOptions are languages by their names, in the order of the alphabet of the page's language.
func langOptions(p *lang.Printer, tags []string) (list []ui.Option) {
	list = append(list, ui.Option{Value: "", Label: p.T("request.choose")})
	for _, tag := range tags {
		list = append(list, ui.Option{Value: tag, Label: p.LanguageName(tag)})
	}
	return list
}

func courtOptions(p *lang.Printer, courts []guardian.Court) (list []ui.Option) {
	list = append(list, ui.Option{Value: "", Label: p.T("request.choose")})
	for _, c := range courts {
		list = append(list, ui.Option{Value: c.ID, Label: c.Name})
	}
	return list
}

func wishes(p *lang.Printer, list []string) string {
	said := ""
	for _, w := range request.Wishes {
		if slices.Contains(list, w) {
			if said != "" {
				said += ", "
			}
			said += p.T("request.wish-" + w)
		}
	}
	return said
}
