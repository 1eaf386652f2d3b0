package identityweb

import (
	"net/http"

	"ostoja/internal/identity"
	"ostoja/internal/lang"
	"ostoja/internal/list/listweb"
	"ostoja/internal/ui"
	"ostoja/internal/web"
)

// accountView is what the account page shows.
type accountView struct {
	Person    identity.Person
	Sessions  []identity.OwnSession
	List      *listweb.Shown // of the sessions
	Languages []ui.Option
	Own       []ui.NavItem // pages elsewhere that are this person's own
	Form      *web.Form
}

func (h *Pages) account(w http.ResponseWriter, r *http.Request) error {
	return h.showAccount(w, r, web.NewForm())
}

func (h *Pages) showAccount(w http.ResponseWriter, r *http.Request, f *web.Form) (err error) {
	v := accountView{Languages: h.languages(r), Form: f}
	if v.Person, err = h.service.Account(r.Context(), web.Actor(r.Context())); err != nil {
		return err
	}
	if v.Sessions, err = h.service.OwnSessions(r.Context(), web.Actor(r.Context())); err != nil {
		return err
	}
	if h.own != nil {
		if v.Own, err = h.own(r.Context()); err != nil {
			return err
		}
	}
	l := h.sessionList(r, v.Sessions)
	if l.Wanted() {
		return l.Send(w, r)
	}
	if v.List, err = l.Open(r.Context()); err != nil {
		return err
	}
	return web.Show(w, r, web.View{Title: lang.T(r.Context(), "nav.account"), Nav: "account", Status: f.Status()}, accountPage(v))
}

func (h *Pages) changeAccount(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	err = h.service.SetLang(r.Context(), web.Actor(r.Context()), f.Get("lang"))
	if f.Fail(lang.From(r.Context()), err) {
		return h.showAccount(w, r, f)
	}
	if err != nil {
		return err
	}
	h.site.SetLang(w, f.Get("lang"))
	h.site.Say(w, "people.said.saved")
	return web.Redirect(w, r, "/app/account")
}

func (h *Pages) changePassword(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	err = h.service.ChangePassword(r.Context(), web.Actor(r.Context()), web.CurrentSession(r.Context()).ID, f.Get("old"), f.Get("password"), h.client(r))
	if f.Fail(lang.From(r.Context()), err) {
		return h.showAccount(w, r, f)
	}
	if err != nil {
		return err
	}
	h.site.Say(w, "people.said.password")
	return web.Redirect(w, r, "/app/account")
}

func (h *Pages) endSession(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	actor, current := web.Actor(r.Context()), web.CurrentSession(r.Context()).ID
	if sessionID := f.Get("session"); sessionID == "others" {
		err = h.service.EndOthers(r.Context(), actor, current)
	} else {
		err = h.service.EndSession(r.Context(), actor, sessionID)
	}
	if err != nil {
		return err
	}
	h.site.Say(w, "people.said.session-ended")
	return web.Redirect(w, r, "/app/account")
}
