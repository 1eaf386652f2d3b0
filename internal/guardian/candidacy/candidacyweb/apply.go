package candidacyweb

import (
	"context"
	"errors"
	"io"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/a-h/templ"

	"ostoja/internal/errs"
	"ostoja/internal/guardian/candidacy"
	"ostoja/internal/lang"
	"ostoja/internal/ui"
	"ostoja/internal/web"
)

// The key of an application is a cookie of its own: it opens what is one candidate's, not an account, and is there for these pages alone.
const (
	keyCookie  = "ostoja_apply"
	keyPurpose = "candidacy"
)

type key struct {
	CandidateID string    `json:"c"`
	At          time.Time `json:"t"`
}

// self says as whom a browser comes: by the key of a link, or else by the account that is signed in.
func (h *Pages) self(r *http.Request) candidacy.Self {
	if c, err := r.Cookie(keyCookie); err == nil {
		var k key
		if h.Site.Key.Open(keyPurpose, c.Value, &k) == nil && h.Site.Clock.Now().Before(k.At.Add(candidacy.KeyFor)) {
			return candidacy.Self{CandidateID: k.CandidateID}
		}
	}
	return candidacy.Self{PersonID: web.Actor(r.Context()).PersonID}
}

const ukrainian = "uk"

// printer returns that of the page's body: the shell around it speaks the program's languages alone.
func (h *Pages) printer(r *http.Request) *lang.Printer {
	if r.URL.Query().Get("lang") == ukrainian {
		return h.Service.Printer(ukrainian)
	}
	return lang.From(r.Context())
}

// in returns an address of these pages in a printer's language.
func in(p *lang.Printer, path string) string {
	if p.Tag() == ukrainian {
		return path + "?lang=" + ukrainian
	}
	return path
}

// show shows a body in its language within the shell.
func (h *Pages) show(w http.ResponseWriter, r *http.Request, p *lang.Printer, status int, body templ.Component) error {
	w.Header().Set("Referrer-Policy", "no-referrer") // addresses of links are secrets
	return web.Show(w, r, web.View{Title: lang.T(r.Context(), "apply.title"), Status: status}, templ.ComponentFunc(func(ctx context.Context, out io.Writer) error {
		return frame(p, r.URL.Path).Render(templ.WithChildren(lang.With(ctx, p), body), out)
	}))
}

func (h *Pages) begin(w http.ResponseWriter, r *http.Request) error {
	return h.showBegin(w, r, web.NewForm())
}

func (h *Pages) showBegin(w http.ResponseWriter, r *http.Request, f *web.Form) error {
	offices, err := h.Service.Offices(r.Context())
	if err != nil {
		return err
	}
	return h.show(w, r, h.printer(r), f.Status(), beginPage(offices, f, h.self(r) != candidacy.Self{}))
}

func (h *Pages) ask(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	p := h.printer(r)
	err = h.Service.Ask(r.Context(), candidacy.Asked{Address: f.Get("address"), OfficeID: f.Get("office"), Lang: p.Tag()}, h.Network(r))
	if f.Fail(p, err) {
		return h.showBegin(w, r, f)
	}
	if err != nil {
		return err
	}
	return h.show(w, r, p, 0, askedPage())
}

func (h *Pages) link(w http.ResponseWriter, r *http.Request) error {
	if err := h.Service.Usable(r.Context(), r.PathValue("token")); err != nil {
		return h.over(w, r, err)
	}
	return h.show(w, r, h.printer(r), 0, linkPage(r.PathValue("token")))
}

// over shows that a link opens nothing any more, and where to get another.
func (h *Pages) over(w http.ResponseWriter, r *http.Request, err error) error {
	if !errors.Is(err, errs.ErrGone) {
		return err
	}
	return h.show(w, r, h.printer(r), http.StatusGone, overPage())
}

func (h *Pages) useLink(w http.ResponseWriter, r *http.Request) error {
	candidateID, err := h.Service.UseLink(r.Context(), r.PathValue("token"))
	if err != nil {
		return h.over(w, r, err)
	}
	sealed, err := h.Site.Key.Close(keyPurpose, key{candidateID, h.Site.Clock.Now()})
	if err != nil {
		return err
	}
	h.Site.SetKey(w, keyCookie, sealed)
	if p := h.printer(r); p.Tag() != ukrainian && web.Actor(r.Context()).PersonID == "" {
		h.Site.SetLang(w, p.Tag()) // of the letter, as the address of the next page does not say
	}
	return web.Redirect(w, r, in(h.printer(r), applyPath+"/mine"))
}

// formOf fills the form from what was saved.
func formOf(m candidacy.Mine) *web.Form {
	f := web.NewForm("given_name", m.GivenName, "family_name", m.FamilyName, "phone", m.Application.Phone, "motivation", m.Application.Motivation,
		"background", m.Application.Background, "conflicts", m.Application.Conflicts, "availability", m.Application.Availability, "abroad", string(m.Application.Abroad),
		"edition", strconv.FormatInt(m.Edition, 10))
	f.Values["langs"], f.Values["courts"] = m.Application.Langs, m.Application.Courts
	return f
}

func (h *Pages) mine(w http.ResponseWriter, r *http.Request) error {
	m, err := h.Service.Mine(r.Context(), h.self(r))
	if err != nil {
		return h.none(w, r, err)
	}
	if m.State == candidacy.Draft {
		return h.showForm(w, r, m, formOf(m))
	}
	return h.show(w, r, h.printer(r), 0, minePage(m, h.Site.Clock.Now()))
}

// none leads who has nothing here to where one begins.
func (h *Pages) none(w http.ResponseWriter, r *http.Request, err error) error {
	if !errors.Is(err, errs.ErrNotFound) {
		return err
	}
	return web.Redirect(w, r, in(h.printer(r), applyPath))
}

func (h *Pages) showForm(w http.ResponseWriter, r *http.Request, m candidacy.Mine, f *web.Form) error {
	return h.show(w, r, h.printer(r), f.Status(), formPage(m, f, candidacy.ConsentUntil(h.Site.Clock.Now())))
}

func (h *Pages) save(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	ctx, self, p := r.Context(), h.self(r), h.printer(r)
	m, err := h.Service.Mine(ctx, self)
	if err != nil {
		return h.none(w, r, err)
	}
	edition, err := strconv.ParseInt(f.Get("edition"), 10, 64)
	if err != nil {
		edition = -1 // told as one that has changed
	}
	send := f.Get("act") == "send"
	err = h.Service.Save(ctx, self, candidacy.Form{
		GivenName: f.Get("given_name"), FamilyName: f.Get("family_name"), Agreed: f.Get("agreed") != "", Edition: edition,
		Application: candidacy.Application{
			Phone: f.Get("phone"), Motivation: f.Get("motivation"), Background: f.Get("background"), Conflicts: f.Get("conflicts"), Availability: f.Get("availability"),
			Abroad: candidacy.Abroad(f.Get("abroad")), Langs: f.Values["langs"], Courts: f.Values["courts"],
		},
	}, send)
	if f.Fail(p, err) {
		if m.State != candidacy.Draft {
			return h.mine(w, r)
		}
		f.Set("edition", strconv.FormatInt(m.Edition, 10)) // what was typed stays; sending again means it
		return h.showForm(w, r, m, f)
	}
	if err != nil {
		return err
	}
	if p.Tag() != ukrainian { // what is said stands in the shell, which does not speak Ukrainian: there the page itself says how it stands
		if send {
			h.Site.Say(w, "apply.said-sent")
		} else {
			h.Site.Say(w, "apply.said-saved")
		}
	}
	return web.Redirect(w, r, in(p, applyPath+"/mine"))
}

func (h *Pages) confirmWithdraw(w http.ResponseWriter, r *http.Request) error {
	m, err := h.Service.Mine(r.Context(), h.self(r))
	if err != nil {
		return h.none(w, r, err)
	}
	if m.State != candidacy.Draft && m.State != candidacy.Applied {
		return web.Redirect(w, r, in(h.printer(r), applyPath+"/mine"))
	}
	return h.show(w, r, h.printer(r), 0, withdrawPage())
}

func (h *Pages) withdraw(w http.ResponseWriter, r *http.Request) error {
	if _, err := web.ReadForm(r); err != nil {
		return err
	}
	err := h.Service.Withdraw(r.Context(), h.self(r))
	if err != nil && !errors.Is(err, errs.ErrConflict) { // who has pressed twice sees that it is over
		return h.none(w, r, err)
	}
	return web.Redirect(w, r, in(h.printer(r), applyPath+"/mine"))
}

// close takes the key from the browser, for who comes next to a shared one.
func (h *Pages) close(w http.ResponseWriter, r *http.Request) error {
	if _, err := web.ReadForm(r); err != nil {
		return err
	}
	h.Site.SetKey(w, keyCookie, "")
	return web.Redirect(w, r, in(h.printer(r), applyPath))
}

// langOptions are the languages that can be chosen, by their names in the reader's language.
func langOptions(p *lang.Printer) []ui.Option {
	var options []ui.Option
	for _, tag := range candidacy.Langs {
		options = append(options, ui.Option{Value: tag, Label: p.LanguageName(tag)})
	}
	return options
}

func langNames(p *lang.Printer, tags []string) (names []string) {
	for _, o := range langOptions(p) {
		if slices.Contains(tags, o.Value) {
			names = append(names, o.Label)
		}
	}
	return names
}

func namedOptions(list []candidacy.Named, none string) (options []ui.Option) {
	if none != "" {
		options = append(options, ui.Option{Label: none})
	}
	for _, n := range list {
		options = append(options, ui.Option{Value: n.ID, Label: n.Name})
	}
	return options
}

func officeOptions(list []candidacy.Office, none string) (options []ui.Option) {
	options = append(options, ui.Option{Label: none})
	for _, o := range list {
		options = append(options, ui.Option{Value: o.ID, Label: o.Name})
	}
	return options
}

func names(list []candidacy.Named) (out []string) {
	for _, n := range list {
		out = append(out, n.Name)
	}
	return out
}
