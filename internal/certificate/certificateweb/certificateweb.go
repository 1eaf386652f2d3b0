// Package certificateweb shows certificates: to their holders, to those who manage them, and to anyone who verifies one.
//
// Goals: who holds the paper learns whether it is valid without an account, and a code that was mistyped is told from one that was
// revoked; revoking asks on a page of its own and wants a reason. Limits: verifying is slowed for the whole process and not for an
// address, so that none is kept; a code cannot be searched for, by name or otherwise (art. 5(1)(c) GDPR: no more than is needed).
package certificateweb

import (
	"errors"
	"net/http"

	"github.com/a-h/templ"

	"ostoja/internal/access"
	"ostoja/internal/certificate"
	"ostoja/internal/errs"
	"ostoja/internal/lang"
	"ostoja/internal/list/listweb"
	"ostoja/internal/ui"
	"ostoja/internal/web"
)

// Pages are the pages of certificates.
type Pages struct {
	site    *web.Site
	service *certificate.Service
	limit   *web.Limit // of verifications
}

// New returns the pages.
func New(site *web.Site, service *certificate.Service) *Pages {
	return &Pages{site: site, service: service, limit: web.NewLimit(perSecond, burst)}
}

// Routes registers the pages.
func (h *Pages) Routes(m *web.Mux) {
	m.Handle("GET /verify", h.verifyForm)
	m.Handle("GET /verify/{code}", h.verify)
	m.Handle("GET /app/certificates", h.mine)
	m.Handle("GET /app/certificates/{certificate}/pdf", h.pdf)
	m.Handle("GET /app/certificates/{certificate}/spelling", h.spellingForm)
	m.Handle("POST /app/certificates/{certificate}/spelling", h.spell)
	m.Handle("GET /app/certificates/{certificate}/revoke", h.revokeForm)
	m.Handle("POST /app/certificates/{certificate}/revoke", h.revoke)
}

func (h *Pages) mine(w http.ResponseWriter, r *http.Request) error {
	list, err := h.service.Mine(r.Context(), web.Actor(r.Context()))
	if err != nil {
		return err
	}
	l := h.list(r, "/app/certificates", "", list, false)
	l.Empty = listweb.Empty{
		Title: lang.T(r.Context(), "certificate.empty"), Text: lang.T(r.Context(), "certificate.empty-text"),
		Action: ui.NavItem{Label: lang.T(r.Context(), "certificate.to-courses"), Href: "/app/courses"},
	}
	if l.Wanted() {
		return l.Send(w, r)
	}
	shown, err := l.Open(r.Context())
	if err != nil {
		return err
	}
	return web.Show(w, r, web.View{Title: l.Title, Nav: "certificates", Wide: true}, minePage(shown))
}

// row is a certificate as lists show it.
type row struct {
	certificate.Certificate
	Status certificate.Status
	Revoke bool // offers to revoke it
}

func (h *Pages) rows(list []certificate.Certificate, mayRevoke bool) []row {
	now := h.service.Now()
	rows := make([]row, len(list))
	for i, c := range list {
		rows[i] = row{Certificate: c, Status: c.Status(now), Revoke: mayRevoke && c.RevokedAt.IsZero()}
	}
	return rows
}

// PersonSection returns the part of a person's page that lists their certificates, for an actor who may read the person.
func (h *Pages) PersonSection(r *http.Request, personID string) (show templ.Component, file web.Handler, err error) {
	ctx, actor := r.Context(), web.Actor(r.Context())
	list, err := h.service.OfPerson(ctx, actor, personID)
	if err != nil {
		return nil, nil, err
	}
	l := h.list(r, "/app/people/"+personID, "certificates.", list, actor.Has(access.Revoke))
	if l.Wanted() {
		return nil, l.Send, nil
	}
	l.Empty = listweb.Empty{Title: lang.T(ctx, "certificate.none-of-person")}
	shown, err := l.Open(ctx)
	if err != nil {
		return nil, nil, err
	}
	return personSection(shown), nil, nil
}

func (h *Pages) pdf(w http.ResponseWriter, r *http.Request) error {
	c, err := h.service.Certificate(r.Context(), web.Actor(r.Context()), r.PathValue("certificate"))
	if err != nil {
		return err
	}
	if c.NeedsSpelling() {
		if _, err := h.service.Spellable(r.Context(), web.Actor(r.Context()), c.ID); errors.Is(err, errs.ErrNotFound) {
			return errs.Conflict("certificate.spelling.needed") // may look at the person, but not correct them
		}
		return web.Redirect(w, r, "/app/certificates/"+c.ID+"/spelling")
	}
	b, err := certificate.PDF(c, h.site.Catalogue.Paper(c.Lang), c.VerifyURL(h.site.BaseURL))
	if err != nil {
		return err
	}
	web.Attachment(w, "application/pdf", c.Filename(), b)
	return nil
}

// spellingForm asks for the name in Latin letters, without which the paper of some names cannot be printed.
func (h *Pages) spellingForm(w http.ResponseWriter, r *http.Request) error {
	c, err := h.service.Spellable(r.Context(), web.Actor(r.Context()), r.PathValue("certificate"))
	if err != nil {
		return err
	}
	return h.showSpelling(w, r, c, web.NewForm())
}

func (h *Pages) showSpelling(w http.ResponseWriter, r *http.Request, c certificate.Certificate, f *web.Form) error {
	return web.Show(w, r, web.View{Title: lang.T(r.Context(), "certificate.spelling.title"), Nav: "certificates", Status: f.Status()}, spellingPage(c, home(r, c), f))
}

// home is the list on which the actor sees a certificate: their own, or that of the person's page.
func home(r *http.Request, c certificate.Certificate) string {
	if actor := web.Actor(r.Context()); actor.PersonID != c.PersonID {
		return "/app/people/" + c.PersonID
	}
	return "/app/certificates"
}

func (h *Pages) spell(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	ctx, actor, certificateID := r.Context(), web.Actor(r.Context()), r.PathValue("certificate")
	c, err := h.service.Spellable(ctx, actor, certificateID)
	if err != nil {
		return err
	}
	if err := h.service.Spell(ctx, actor, certificateID, f.Text("name")); err != nil {
		if errors.Is(err, errs.ErrInvalid) && f.Fail(lang.From(ctx), err) {
			return h.showSpelling(w, r, c, f)
		}
		return err
	}
	h.site.Say(w, "certificate.spelling.done")
	return web.Redirect(w, r, home(r, c))
}

func (h *Pages) revokeForm(w http.ResponseWriter, r *http.Request) error {
	c, err := h.service.Revocable(r.Context(), web.Actor(r.Context()), r.PathValue("certificate"))
	if err != nil {
		return err
	}
	return h.showRevoke(w, r, c, web.NewForm())
}

func (h *Pages) showRevoke(w http.ResponseWriter, r *http.Request, c certificate.Certificate, f *web.Form) error {
	return web.Show(w, r, web.View{Title: lang.T(r.Context(), "certificate.revoke.title"), Nav: "people", Status: f.Status()}, revokePage(c, f))
}

func (h *Pages) revoke(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	ctx, actor, certificateID := r.Context(), web.Actor(r.Context()), r.PathValue("certificate")
	c, err := h.service.Revocable(ctx, actor, certificateID)
	if err != nil {
		return err
	}
	if err := h.service.Revoke(ctx, actor, certificateID, f.Text("reason"), f.Get("confirm") == "1"); err != nil {
		if errors.Is(err, errs.ErrInvalid) && f.Fail(lang.From(ctx), err) {
			return h.showRevoke(w, r, c, f)
		}
		return err
	}
	h.site.Say(w, "certificate.revoke.done")
	if !actor.Has(access.PeopleRead) {
		return web.Redirect(w, r, "/app/")
	}
	return web.Redirect(w, r, "/app/people/"+c.PersonID)
}

// statusKind colours a status by what it means.
func statusKind(s certificate.Status) ui.Kind {
	switch s {
	case certificate.Valid:
		return ui.Success
	case certificate.Expired:
		return ui.Waiting
	case certificate.Revoked:
		return ui.Danger
	}
	return ui.Plain
}

func until(p *lang.Printer, c certificate.Certificate) string {
	if c.ValidUntil.IsZero() {
		return p.T("certificate.no-end")
	}
	return p.ShortDate(c.ValidUntil)
}
