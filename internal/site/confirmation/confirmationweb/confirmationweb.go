// Package confirmationweb shows the page behind the link by which a service confirms its entry, and to editors the page of an entry from
// which they ask.
//
// Goals: whoever holds the letter needs no account, no cookie and no explanation, and sees the entry as readers do before they answer; looking
// changes nothing. Limits: the link's address is a secret, so that the page is kept in no cache and names itself to no other site (RFC 9110,
// section 17.9); asking is slowed for the whole process and not for an address, since none of a reader's is kept.
package confirmationweb

import (
	"cmp"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"ostoja/internal/errs"
	"ostoja/internal/lang"
	"ostoja/internal/site/confirmation"
	"ostoja/internal/site/directory"
	"ostoja/internal/ui"
	"ostoja/internal/web"
)

// Links cannot be guessed, so that the limit only keeps the database from being flooded; an office that asks all services of a country at
// once stays far below it.
const (
	burst     = 60
	perSecond = 5
)

// Pages are the pages of confirmations.
type Pages struct {
	site    *web.Site
	service *confirmation.Service
	limit   *web.Limit
}

// New returns the pages.
func New(site *web.Site, s *confirmation.Service) *Pages {
	return &Pages{site, s, web.NewLimit(perSecond, burst)}
}

// Routes registers the pages.
func (h *Pages) Routes(m *web.Mux) {
	m.Handle("GET /confirm/{token}", h.link)
	m.Handle("POST /confirm/{token}", h.answer)
	m.Handle("GET /app/site/services/{service}/confirmation", h.desk)
	m.Handle("POST /app/site/services/{service}/confirmation", h.act)
}

// allow says whether one more may be answered now.
func (h *Pages) allow(w http.ResponseWriter) error {
	web.Secret(w)
	return h.limit.Take(w, h.site.Clock.Now(), "confirmation.busy")
}

func (h *Pages) link(w http.ResponseWriter, r *http.Request) error {
	if err := h.allow(w); err != nil {
		return err
	}
	return h.showLink(w, r, web.NewForm())
}

// showLink shows the page, in the letter's language where the address names none.
func (h *Pages) showLink(w http.ResponseWriter, r *http.Request, f *web.Form) error {
	l, err := h.service.Link(r.Context(), r.PathValue("token"))
	unknown := errors.Is(err, errs.ErrNotFound)
	if err != nil && !unknown {
		return err
	}
	if l.Lang != "" && !h.site.Catalogue.Has(r.URL.Query().Get("lang")) {
		r = r.WithContext(lang.With(r.Context(), h.site.Catalogue.Printer(l.Lang)))
	}
	status, title := f.Status(), "confirmation.title"
	switch {
	case unknown:
		return web.Show(w, r, web.View{Title: lang.T(r.Context(), title), Status: http.StatusNotFound}, endedPage(l, "unknown"))
	case l.State != confirmation.Open && l.State != confirmation.Confirmed && l.State != confirmation.Changed:
		status = http.StatusGone
	}
	if l.State != confirmation.Open {
		return web.Show(w, r, web.View{Title: lang.T(r.Context(), title), Status: status}, endedPage(l, string(l.State)))
	}
	return web.Show(w, r, web.View{Title: lang.T(r.Context(), title), Status: status}, linkPage(l, f, week(lang.From(r.Context()), l.Entry, h.site.Clock.Now())))
}

// answer takes an answer. A link that was answered meanwhile says what became of it.
func (h *Pages) answer(w http.ResponseWriter, r *http.Request) error {
	if err := h.allow(w); err != nil {
		return err
	}
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	ctx, token := r.Context(), r.PathValue("token")
	switch f.Get("answer") {
	case "right":
		version, numberErr := strconv.Atoi(f.Get("seen"))
		if numberErr != nil {
			return errs.Invalid("error.invalid").Because(numberErr)
		}
		err = h.service.Confirm(ctx, token, version)
	case "changed":
		said := confirmation.Answer{}
		for _, name := range confirmation.Fields {
			said[name] = f.Get(name)
		}
		err = h.service.Report(ctx, token, said)
	default:
		return errs.Invalid("error.invalid")
	}
	if f.Fail(lang.From(ctx), err) {
		return h.showLink(w, r, f)
	}
	if err != nil && !errors.Is(err, errs.ErrGone) && !errors.Is(err, errs.ErrNotFound) {
		return err
	}
	return web.Redirect(w, r, r.URL.Path+"?lang="+lang.From(ctx).Tag())
}

func (h *Pages) desk(w http.ResponseWriter, r *http.Request) error {
	return h.showDesk(w, r, web.NewForm())
}

// deskView is an entry's page for its editors.
type deskView struct {
	confirmation.Desk
	Open *confirmation.Request
	Form *web.Form
	Name string
	Path string
	Now  time.Time
}

func (h *Pages) showDesk(w http.ResponseWriter, r *http.Request, f *web.Form) error {
	ctx, p := r.Context(), lang.From(r.Context())
	d, err := h.service.Desk(ctx, web.Actor(ctx), r.PathValue("service"))
	if err != nil {
		return err
	}
	if f.Get("act") != "ask" { // nothing was typed
		f.Set("address", d.Entry.Mail)
		f.Set("lang", d.Lang)
	}
	v := deskView{d, d.Open(h.site.Clock.Now()), f, directory.In(d.Entry.Name, p.Tag(), "pl", "en"), "/app/site/services/" + d.Entry.ID, h.site.Clock.Now()}
	return web.Show(w, r, web.View{Title: p.T("confirmation.desk"), Nav: "site", Status: f.Status()}, deskPage(v))
}

func (h *Pages) act(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	ctx, actor, serviceID, act := r.Context(), web.Actor(r.Context()), r.PathValue("service"), f.Get("act")
	switch act {
	case "ask":
		err = h.service.Ask(ctx, actor, serviceID, f.Get("address"), f.Get("lang"))
	case "withdraw":
		err = h.service.Withdraw(ctx, actor, serviceID)
	case "automatic", "manual":
		err = h.service.SetAutomatic(ctx, actor, serviceID, act == "automatic")
	case "handled":
		err = h.service.Handle(ctx, actor, serviceID, f.Get("request"))
	default:
		return errs.Invalid("error.invalid")
	}
	if f.Fail(lang.From(ctx), err) {
		return h.showDesk(w, r, f)
	}
	if err != nil {
		return err
	}
	h.site.Say(w, "confirmation.said."+act)
	return web.Redirect(w, r, r.URL.Path)
}

// pairs are the lines of an entry, as readers see them.
func pairs(p *lang.Printer, l confirmation.Link) (list []ui.Pair) {
	x := l.Entry
	in := func(texts map[string]string) string { return directory.In(texts, p.Tag(), "pl", "en") }
	var numbers, languages []string
	for _, n := range l.Numbers {
		if n.Fact {
			n.Text += " (" + p.T("confirmation.apart") + ")"
		}
		numbers = append(numbers, n.Text)
	}
	for _, tag := range x.Languages {
		languages = append(languages, p.LanguageName(tag))
	}
	for _, pair := range []ui.Pair{
		{Term: p.T("site.services.name"), Text: in(x.Name)}, {Term: p.T("site.services.summary"), Text: in(x.Summary)}, {Term: p.T("site.services.audience"), Text: in(x.Audience)},
		{Term: p.T("site.services.after"), Text: in(x.After)}, {Term: p.T("site.services.cost"), Text: in(x.Cost)}, {Term: p.T("site.services.phones"), Text: strings.Join(numbers, "; ")},
		{Term: p.T("site.services.languages"), Text: strings.Join(languages, ", ")},
		{Term: p.T("site.services.address"), Text: strings.Trim(x.Address+", "+x.Town, ", ")}, {Term: p.T("site.services.mail"), Text: x.Mail}, {Term: p.T("site.services.web"), Text: x.Web},
	} {
		if pair.Text != "" {
			list = append(list, pair)
		}
	}
	return list
}

// week lists the opening hours by day, and those of dates that are near.
func week(p *lang.Printer, x *directory.Service, now time.Time) (list []ui.Pair) {
	if !x.Hours.Known() {
		return nil
	}
	const near = 60 // days, as on readers' pages
	for _, l := range x.Hours.Table(now.In(p.Zone()), near) {
		pair := ui.Pair{Term: p.T("site.services.weekdays." + strconv.Itoa(int(l.Weekday))), Text: cmp.Or(directory.Times(l.Spans), p.T("site.services.closed"))}
		switch {
		case !l.Date.IsZero():
			pair.Term = p.Date(l.Date)
		case l.Holidays:
			pair.Term = p.T("site.services.holidays")
		}
		list = append(list, pair)
	}
	return list
}

// kindOf colours what became of a request: amber waits for editors.
func kindOf(r confirmation.Request, s confirmation.State) ui.Kind {
	switch {
	case r.Waits():
		return ui.Waiting
	case s == confirmation.Confirmed:
		return ui.Success
	case s == confirmation.Open:
		return ui.Info
	}
	return ui.Plain
}

// stateKey ends the key of a state's name.
func stateKey(s confirmation.State) string { return cmp.Or(string(s), "open") }

func languages(p *lang.Printer) (list []ui.Option) {
	for _, tag := range []string{"pl", "en"} {
		list = append(list, ui.Option{Value: tag, Label: p.Language(tag)})
	}
	return list
}

// saidPairs are what a service said has changed.
func saidPairs(p *lang.Printer, a confirmation.Answer) (list []ui.Pair) {
	for _, name := range confirmation.Fields {
		if a[name] != "" {
			list = append(list, ui.Pair{Term: p.T("confirmation.field." + name), Text: a[name]})
		}
	}
	return list
}

// typed says whether somebody was writing what has changed when the page is shown again.
func typed(f *web.Form) bool {
	return slices.ContainsFunc(confirmation.Fields, func(name string) bool { return f.Get(name) != "" || f.Error(name) != "" })
}

// mayAsk says whether the button that asks is there.
func (v deskView) mayAsk() bool { return v.MayChange && v.Shown }

// fieldHint says what belongs into a field, where that is not clear.
func fieldHint(p *lang.Printer, name string) string {
	if key := "confirmation.hint." + name; p.Has(key) {
		return p.T(key)
	}
	return ""
}

func endedKind(state string) ui.Kind {
	if s := confirmation.State(state); s == confirmation.Confirmed || s == confirmation.Changed {
		return ui.Success
	}
	return ui.Info
}

// endedText says what became of a link, and what its holder may do.
func endedText(p *lang.Printer, l confirmation.Link, state string) string {
	day := l.EndedAt
	if day.IsZero() {
		day = l.ExpiresAt
	}
	return p.T("confirmation.ended-text."+state, "Day", p.Date(day))
}
