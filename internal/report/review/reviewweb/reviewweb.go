// Package reviewweb shows a project to a reviewer of a fund who has a letter with a link and no account, and to the office the page on which it gives such links.
//
// Goals: before a code was shown, the page says nothing of the project; a link that is over says whom to ask; the page reads as the office's own does. Limits: the address is a
// secret, so that the page is kept in no cache, found by no search engine and names itself to no other site (RFC 9110, section 17.9); the one cookie is confined to these
// pages (decision 33) and opens what a code was shown for, nothing else.
package reviewweb

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/a-h/templ"

	"ostoja/internal/access"
	"ostoja/internal/errs"
	"ostoja/internal/lang"
	"ostoja/internal/list/listweb"
	"ostoja/internal/project"
	"ostoja/internal/project/fund"
	"ostoja/internal/report/journal/journalweb"
	"ostoja/internal/report/review"
	"ostoja/internal/sheet"
	"ostoja/internal/ui"
	"ostoja/internal/web"
)

// Frame is what all pages of a project share.
type Frame interface {
	// Head is what stands above each page; tab names the page.
	Head(x project.Page, tab string) templ.Component
	// Called is what a fund is called in short, Indicator what one of its indicators is called.
	Called(p *lang.Printer, set fund.Rules) string
	Indicator(p *lang.Printer, i fund.Indicator) string
	// Span says from when until when.
	Span(p *lang.Printer, first, last string) string
}

// Links cannot be guessed, so that the limit only keeps the database from being flooded: a reviewer's page is some ten requests.
const (
	burst     = 60
	perSecond = 5
)

// The key of a browser that has shown a code.
const (
	keyCookie  = "ostoja_review"
	keyPath    = "/review/"
	keyPurpose = "review"
	mostKeys   = 5 // links that one browser opens at the same time
)

// Pages are the pages of reviewers.
type Pages struct {
	Site    *web.Site
	Service *review.Service
	Frame   Frame
	// Funds returns the rule sets that there are.
	Funds func(ctx context.Context, actor access.Actor) ([]fund.Rules, error)

	limit *web.Limit
}

// Routes registers the pages.
func (h *Pages) Routes(m *web.Mux) {
	h.limit = web.NewLimit(perSecond, burst)
	m.Site().KeyCookie(keyCookie, keyPath)
	m.Handle("GET /review/{token}", h.show)
	m.Handle("POST /review/{token}", h.knock)
	m.Handle("GET /review/{token}/proofs/{entry}", h.proof)
	m.Handle("GET /review/{token}/packages/{report}", h.take)
	m.Handle("GET /app/projects/{project}/reviewers", h.office)
	m.Handle("POST /app/projects/{project}/reviewers", h.act)
}

// key is what a browser was given for a code.
type key struct {
	LinkID string    `json:"l"`
	At     time.Time `json:"t"`
}

// keys are those of a browser that still count, the latest first.
func (h *Pages) keys(r *http.Request) (list []key) {
	c, err := r.Cookie(keyCookie)
	if err != nil || h.Site.Key.Open(keyPurpose, c.Value, &list) != nil {
		return nil
	}
	now := h.Site.Clock.Now()
	return slices.DeleteFunc(list, func(k key) bool { return !now.Before(k.At.Add(review.KeyFor)) })
}

// opened says whether a browser has a key for a link.
func (h *Pages) opened(r *http.Request, linkID string) bool {
	return slices.ContainsFunc(h.keys(r), func(k key) bool { return k.LinkID == linkID })
}

// setKeys gives a browser its keys, without the one of a link and, with one more, with a new one of it.
func (h *Pages) setKeys(w http.ResponseWriter, r *http.Request, linkID string, one bool) error {
	list := slices.DeleteFunc(h.keys(r), func(k key) bool { return k.LinkID == linkID })
	if one {
		list = append([]key{{linkID, h.Site.Clock.Now()}}, list...)
	}
	sealed, err := h.Site.Key.Close(keyPurpose, list[:min(len(list), mostKeys)])
	if err == nil {
		h.Site.SetKey(w, keyCookie, sealed)
	}
	return err
}

// door lets a request in as far as its link goes, and shows what became of one that opens nothing. done says that the answer is given.
func (h *Pages) door(w http.ResponseWriter, r *http.Request) (d review.Door, _ *http.Request, done bool, err error) {
	web.Secret(w)
	w.Header().Set("X-Robots-Tag", "noindex, nofollow")
	if err := h.limit.Take(w, h.Site.Clock.Now(), "review.busy"); err != nil {
		return d, r, true, err
	}
	d, err = h.Service.Door(r.Context(), r.PathValue("token"))
	if errors.Is(err, errs.ErrNotFound) {
		return d, r, true, web.Show(w, r, view(r, http.StatusNotFound), overPage("unknown", ""))
	}
	if err != nil {
		return d, r, true, err
	}
	if !h.Site.Catalogue.Has(r.URL.Query().Get("lang")) {
		r = r.WithContext(lang.With(r.Context(), h.Site.Catalogue.Printer(d.Lang)))
	}
	if d.State != review.Open {
		return d, r, true, web.Show(w, r, view(r, http.StatusGone), overPage(string(d.State), d.Office))
	}
	return d, r, false, nil
}

// view is a page whose title says nothing of a project.
func view(r *http.Request, status int) web.View {
	return web.View{Title: lang.T(r.Context(), "review.title"), Status: status}
}

func (h *Pages) show(w http.ResponseWriter, r *http.Request) error {
	d, r, done, err := h.door(w, r)
	if done {
		return err
	}
	if !h.opened(r, d.ID) {
		return web.Show(w, r, view(r, http.StatusOK), doorPage(d, web.NewForm(), r.URL.Query().Has("sent")))
	}
	number, _ := strconv.Atoi(r.URL.Query().Get("period")) // what is no number asks for none
	v, err := h.Service.Look(r.Context(), r.PathValue("token"), d.ID, number)
	if err != nil {
		return err
	}
	l := h.figures(r, v)
	if l.Wanted() {
		return l.Send(w, r)
	}
	shown, err := l.Open(r.Context())
	if err != nil {
		return err
	}
	page := view(r, http.StatusOK)
	page.Wide, page.Charts = true, true
	return web.Show(w, r, page, projectPage(projectView{h, v, shown, r.URL.Path, h.Service.Fingerprint()}))
}

// knock takes an address, a code, or a key back.
func (h *Pages) knock(w http.ResponseWriter, r *http.Request) error {
	d, r, done, err := h.door(w, r)
	if done {
		return err
	}
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	ctx, token, here := r.Context(), r.PathValue("token"), r.URL.Path+"?lang="+lang.From(r.Context()).Tag()
	switch f.Get("act") {
	case "ask":
		if err = h.Service.Ask(ctx, token, f.Get("address")); err == nil {
			return web.Redirect(w, r, here+"&sent=1")
		}
	case "enter":
		var linkID string
		if linkID, err = h.Service.Enter(ctx, token, f.Get("code")); err == nil {
			if err := h.setKeys(w, r, linkID, true); err != nil {
				return err
			}
			return web.Redirect(w, r, here)
		}
	case "close":
		if err := h.setKeys(w, r, d.ID, false); err != nil {
			return err
		}
		return web.Redirect(w, r, here)
	default:
		return errs.Invalid("error.invalid")
	}
	if f.Fail(lang.From(ctx), err) {
		return web.Show(w, r, view(r, f.Status()), doorPage(d, f, f.Get("act") == "enter"))
	}
	return err
}

// take hands a frozen package out. Who has no key is led to the door.
func (h *Pages) take(w http.ResponseWriter, r *http.Request) error {
	d, r, done, err := h.door(w, r)
	if done {
		return err
	}
	token := r.PathValue("token")
	if !h.opened(r, d.ID) {
		return web.Redirect(w, r, keyPath+url.PathEscape(token))
	}
	f, content, err := h.Service.Take(r.Context(), token, d.ID, r.PathValue("report"))
	if err != nil {
		return err
	}
	web.Attachment(w, "application/zip", fmt.Sprintf("report-%d.zip", f.Number), content)
	return nil
}

// proof hands out what proves that a duty of visibility was met.
func (h *Pages) proof(w http.ResponseWriter, r *http.Request) error {
	d, r, done, err := h.door(w, r)
	if done {
		return err
	}
	token := r.PathValue("token")
	if !h.opened(r, d.ID) {
		return web.Redirect(w, r, keyPath+url.PathEscape(token))
	}
	b, err := h.Service.TakeProof(r.Context(), token, d.ID, r.PathValue("entry"))
	if err != nil {
		return err
	}
	web.Attachment(w, b.MediaType, journalweb.FileName(b.MediaType), b.Content)
	return nil
}

// figures is the table of the fund, as a list.
func (h *Pages) figures(r *http.Request, v review.View) listweb.Of[review.Figure] {
	p, query := lang.From(r.Context()), r.URL.Query()
	query.Set("period", strconv.Itoa(v.Period.Number))
	type row = review.Figure
	return listweb.Of[row]{
		Name: "figures", Title: p.T("report.table-of", "Fund", h.Frame.Called(p, v.Rules), "Number", v.Period.Number), Path: r.URL.Path, Query: query, Now: h.Site.Clock.Now(), Rows: v.Figures,
		Columns: []listweb.Column[row]{
			{Label: p.T("report.indicator"), Place: listweb.Head, Value: func(x row) any { return h.Frame.Indicator(p, x.Indicator) }},
			{Label: p.T("project.target"), Numeric: true, Place: listweb.Meta, Phone: p.T("project.target"), Value: func(x row) any {
				if x.Target == nil {
					return nil
				}
				return x.Target.Target
			}, Text: func(x row) string {
				if x.Target == nil {
					return ""
				}
				return p.Number(x.Target.Target)
			}},
			{Label: p.T("report.in-period"), Numeric: true, Place: listweb.Away, Value: func(x row) any { return cell(x.Period) }, Text: func(x row) string { return words(p, x, x.Period) }},
			{Label: p.T("report.since-beginning"), Numeric: true, Place: listweb.Figure, Value: func(x row) any { return cell(x.Cumulative) }, Text: func(x row) string { return words(p, x, x.Cumulative) }},
			{Label: p.T("report.of-target"), Numeric: true, Place: listweb.Away, Value: func(x row) any {
				if d, ok := x.Deviation(); ok {
					return sheet.Decimal{Value: d, Places: 1}
				}
				return nil
			}, Text: func(x row) string {
				if d, ok := x.Deviation(); ok {
					return p.Percent(d, 0)
				}
				return ""
			}},
			{Label: p.T("project.state"), Place: listweb.Chip, Value: func(x row) any {
				if x.Changed {
					return p.T("report.changed-since")
				}
				return p.T("report.state-" + string(x.State))
			}, Kind: func(row) ui.Kind { return ui.Plain }},
		},
		Empty: listweb.Empty{Title: p.T("report.no-indicators"), Text: p.T("review.no-indicators")},
	}
}

// officeView is the page on which an office gives links.
type officeView struct {
	project.Page
	Head  templ.Component
	Links []review.Link
	Form  *web.Form
	Funds []ui.Option
	names map[string]string // of funds
	Now   time.Time
}

func (h *Pages) office(w http.ResponseWriter, r *http.Request) error {
	usual, _ := review.LastDay(h.Service.Projects.Today())
	return h.showOffice(w, r, web.NewForm("until", usual, "lang", lang.From(r.Context()).Tag()))
}

func (h *Pages) showOffice(w http.ResponseWriter, r *http.Request, f *web.Form) error {
	ctx, actor := r.Context(), web.Actor(r.Context())
	p, links, err := h.Service.List(ctx, actor, r.PathValue("project"))
	if err != nil {
		return err
	}
	sets, err := h.Funds(ctx, actor)
	if err != nil {
		return err
	}
	v := officeView{Page: p, Head: h.Frame.Head(p, "periods"), Links: links, Form: f, names: map[string]string{}, Now: h.Site.Clock.Now()}
	for _, set := range sets {
		v.names[set.ID] = h.Frame.Called(lang.From(ctx), set)
		if slices.ContainsFunc(p.Shares, func(x project.Share) bool { return x.FundID == set.ID }) {
			v.Funds = append(v.Funds, ui.Option{Value: set.ID, Label: v.names[set.ID]})
		}
	}
	return web.Show(w, r, web.View{Title: lang.T(ctx, "review.office"), Nav: "projects", Wide: true, Status: f.Status()}, officePage(v))
}

func (h *Pages) act(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	ctx, actor, projectID, act := r.Context(), web.Actor(r.Context()), r.PathValue("project"), f.Get("act")
	switch act {
	case "give":
		period, _ := strconv.Atoi(f.Get("period")) // none is the whole project
		_, err = h.Service.Give(ctx, actor, projectID, review.Draft{
			FundID: f.Get("fund"), Period: period, Name: f.Get("name"), Address: f.Get("address"), Lang: f.Get("lang"), Until: f.Get("until"),
		})
	case "send":
		err = h.Service.Send(ctx, actor, projectID, f.Get("link"))
	case "end":
		err = h.Service.End(ctx, actor, projectID, f.Get("link"))
	default:
		return errs.Invalid("error.invalid")
	}
	if f.Fail(lang.From(ctx), err) {
		return h.showOffice(w, r, f)
	}
	if err != nil {
		return err
	}
	h.Site.Say(w, "review.said-"+act)
	return web.Redirect(w, r, review.Path(projectID))
}
