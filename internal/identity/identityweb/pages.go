// Package identityweb shows signing in, one's own account, people, organisations and the audit record.
//
// Goals: whether an address is known here is not told by a page, a status or the time of an answer (OWASP ASVS 5.0 6.3.8); a form that
// was sent after its session had ended is not lost; a list of thousands is checked line by line before anybody is entered. Limits: who
// may do what is decided in access and identity, never here; other areas add their parts to a person's page as a [Section] and are
// not known by it.
package identityweb

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"

	"github.com/a-h/templ"

	"ostoja/internal/access"
	"ostoja/internal/audit"
	"ostoja/internal/errs"
	"ostoja/internal/identity"
	"ostoja/internal/identity/credential"
	"ostoja/internal/identity/duplicate"
	"ostoja/internal/identity/people"
	"ostoja/internal/identity/roster"
	"ostoja/internal/list/listweb"
	"ostoja/internal/sheet"
	"ostoja/internal/ui"
	"ostoja/internal/web"
)

// Section is a part of a person's page that another area adds: nil for nothing. If the request is for the file of the
// section's list, it returns what sends that instead.
type Section = func(r *http.Request, personID string) (show templ.Component, file web.Handler, err error)

// Deps are what the pages stand on.
type Deps struct {
	Site        *web.Site
	Service     *identity.Service
	People      *people.Finder
	Roster      *roster.Service
	Duplicates  *duplicate.Service
	Audit       *audit.Service
	BehindProxy bool // the client's address is the last of X-Forwarded-For
	Sections    []Section
	Courses     func(ctx context.Context) ([]ui.Option, error)  // in which the reader may enrol people, whom a list may be about; nil: none
	Own         func(ctx context.Context) ([]ui.NavItem, error) // where other areas keep what is the signed-in person's own; nil: none do
}

// Pages are the pages of people.
type Pages struct {
	site        *web.Site
	service     *identity.Service
	finder      *people.Finder
	roster      *roster.Service
	alike       *duplicate.Service
	audit       *audit.Service
	behindProxy bool
	sections    []Section
	courses     func(ctx context.Context) ([]ui.Option, error)
	own         func(ctx context.Context) ([]ui.NavItem, error)
}

// New returns the pages.
func New(d Deps) *Pages {
	return &Pages{d.Site, d.Service, d.People, d.Roster, d.Duplicates, d.Audit, d.BehindProxy, d.Sections, d.Courses, d.Own}
}

// Routes registers the pages.
func (h *Pages) Routes(m *web.Mux) {
	m.Handle("GET /app/sign-in", h.signIn)
	// A form whose session had ended comes along with the sign-in, sealed, which makes it longer than it was.
	m.HandleUpload("POST /app/sign-in", 2*web.FormLimit, h.trySignIn)
	m.HandleUpload("POST /app/sign-in/link", 2*web.FormLimit, h.askLink)
	m.Handle("GET /app/link/{token}", h.link)
	m.Handle("POST /app/link/{token}", h.useLink)
	m.Handle("GET /app/set-up/{token}", h.setUp)
	m.Handle("POST /app/set-up/{token}", h.doSetUp)
	m.Handle("POST /app/sign-out", h.signOut)
	m.Handle("POST /app/language", h.language)
	m.Handle("GET /app/{$}", h.home)
	m.Handle("GET /app/account", h.account)
	m.Handle("POST /app/account", h.changeAccount)
	m.Handle("POST /app/account/password", h.changePassword)
	m.Handle("POST /app/account/session/end", h.endSession)
	m.Handle("GET /app/people", h.people)
	m.Handle("GET /app/people/export.xlsx", listweb.Moved(peopleAddress))
	m.Handle("GET /app/people/export.csv", listweb.Moved(peopleAddress))
	m.Handle("GET /app/people/new", h.newPerson)
	m.Handle("POST /app/people/new", h.addPerson)
	m.Handle("GET /app/people/duplicates", h.duplicates)
	m.Handle("POST /app/people/duplicates", h.settle)
	m.Handle("GET /app/people/import", h.importForm)
	m.HandleUpload("POST /app/people/import", sheet.MaxBytes+web.FormLimit, h.preview)
	m.Handle("POST /app/people/import/reading", h.readAnew)
	m.Handle("POST /app/people/import/confirm", h.confirm)
	m.Handle("GET /app/people/import/example.xlsx", h.example)
	m.Handle("GET /app/people/import/example.csv", h.example)
	m.Handle("GET /app/people/import/bad.xlsx", h.badRows)
	m.Handle("GET /app/people/import/bad.csv", h.badRows)
	m.Handle("GET /app/people/{person}", h.person)
	m.Handle("GET /app/people/{person}/edit", h.editForm)
	m.Handle("POST /app/people/{person}/edit", h.edit)
	m.Handle("POST /app/people/{person}/invite", h.invite)
	m.Handle("POST /app/people/{person}/block", h.block)
	m.Handle("POST /app/people/{person}/unblock", h.unblock)
	m.Handle("POST /app/people/{person}/roles", h.grant)
	m.Handle("POST /app/people/{person}/roles/take", h.take)
	m.Handle("GET /app/organisations", h.organisations)
	m.Handle("POST /app/organisations", h.createOrganisation)
	m.Handle("GET /app/organisations/{unit}", h.unit)
	m.Handle("POST /app/organisations/{unit}", h.changeUnit)
	m.Handle("POST /app/organisations/{unit}/units", h.createUnit)
	m.Handle("POST /app/organisations/{unit}/delete", h.deleteUnit)
	m.Handle("GET /app/audit", h.record)
}

// peopleAddress is where the list of people is, whose files had addresses of their own.
func peopleAddress(*http.Request) string { return "/app/people" }

// sessions lets the web find sessions of identity.
type sessions struct{ service *identity.Service }

// Sessions returns the service's sessions as the web asks for them.
func Sessions(s *identity.Service) web.Sessions { return sessions{s} }

// Session finds the session of a token.
func (s sessions) Session(ctx context.Context, token string) (web.Session, error) {
	in, err := s.service.Session(ctx, token)
	return web.Session{ID: in.ID, Actor: in.Actor, Name: in.Name, Lang: in.Lang}, err
}

// Network returns the network from which a request comes, as tries are counted by.
func (h *Pages) Network(r *http.Request) string { return h.client(r).Network }

// client says from where a request comes.
func (h *Pages) client(r *http.Request) identity.Client {
	address := r.RemoteAddr
	if host, _, err := net.SplitHostPort(address); err == nil {
		address = host
	}
	if forwarded := r.Header.Values("X-Forwarded-For"); h.behindProxy && len(forwarded) > 0 {
		// The last entry is the one that our own proxy wrote; those before it are what the client claimed.
		all := strings.Split(forwarded[len(forwarded)-1], ",")
		address = strings.TrimSpace(all[len(all)-1])
	}
	c := identity.Client{Network: "unknown", Device: web.Device(r), UserAgent: r.UserAgent()}
	if a, err := netip.ParseAddr(address); err == nil {
		c.Network = credential.Network(a)
	}
	return c
}

// startSession gives the browser a session that was opened.
func (h *Pages) startSession(w http.ResponseWriter, o identity.Opened) {
	h.site.SetSession(w, o.Token, o.Expires)
	h.site.SetDevice(w, o.Device)
	h.site.SetLang(w, o.Lang) // what this browser shows after the session's end stays in the person's language
}

// isInput says whether an error is one that a form shows.
func isInput(err error) bool {
	return errors.Is(err, errs.ErrInvalid) || errors.Is(err, errs.ErrConflict) || errors.Is(err, errs.ErrTooMany)
}

// send answers with a spreadsheet that is no list's.
func (h *Pages) send(w http.ResponseWriter, r *http.Request, name, title string, header []string, rows sheet.Rows) error {
	format, ok := sheet.Parse(r.URL.Path[strings.LastIndex(r.URL.Path, ".")+1:])
	if !ok {
		return errs.NotFound("error.not-found")
	}
	return listweb.Send(w, r, name, format, h.site.Clock.Now(), func(out io.Writer) error { return sheet.Write(out, format, title, header, rows) })
}

// home leads to where a person's work is.
func (h *Pages) home(w http.ResponseWriter, r *http.Request) error {
	actor := web.Actor(r.Context())
	switch {
	case actor.Has(access.Work):
		return web.Redirect(w, r, "/app/today")
	case actor.Has(access.Learn):
		return web.Redirect(w, r, "/app/courses")
	}
	return web.Redirect(w, r, "/app/account")
}

// language changes the language: of the person where one is signed in, else of the browser.
func (h *Pages) language(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	tag := f.Get("lang")
	if !h.site.Catalogue.Has(tag) {
		return errs.Invalid("error.invalid")
	}
	if actor := web.Actor(r.Context()); actor.PersonID != "" {
		if err := h.service.SetLang(r.Context(), actor, tag); err != nil {
			return err
		}
	}
	h.site.SetLang(w, tag)
	back := web.LocalPath(f.Get("return"))
	if back == "" {
		back = "/app/"
	}
	return web.Redirect(w, r, back)
}

// query returns an address with a query of name, value pairs, those without a value left out.
func query(path string, pairs ...string) string {
	q := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			q.Set(pairs[i], pairs[i+1])
		}
	}
	if len(q) == 0 {
		return path
	}
	return path + "?" + q.Encode()
}
