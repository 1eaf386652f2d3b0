package identityweb

import (
	"errors"
	"net/http"

	"ostoja/internal/errs"
	"ostoja/internal/identity"
	"ostoja/internal/identity/credential"
	"ostoja/internal/lang"
	"ostoja/internal/ui"
	"ostoja/internal/web"
)

func (h *Pages) signIn(w http.ResponseWriter, r *http.Request) error {
	next := web.LocalPath(r.URL.Query().Get("next"))
	if web.Actor(r.Context()).PersonID != "" {
		if next == "" {
			next = "/app/"
		}
		return web.Redirect(w, r, next)
	}
	return h.showSignIn(w, r, web.NewForm("next", next), http.StatusOK)
}

// SignInPage shows the sign-in form to somebody whose session has ended; kept is the form they had sent, sealed.
func (h *Pages) SignInPage(w http.ResponseWriter, r *http.Request, kept string) error {
	return h.showSignIn(w, r, web.NewForm("kept", kept), http.StatusUnauthorized)
}

func (h *Pages) showSignIn(w http.ResponseWriter, r *http.Request, f *web.Form, status int) error {
	return web.Show(w, r, web.View{Title: lang.T(r.Context(), "people.sign-in.title"), Status: status}, signInPage(f))
}

func (h *Pages) trySignIn(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	if in := web.Actor(r.Context()).PersonID; in != "" && f.Get("kept") != "" && f.Text("name") == "" {
		return h.goOn(w, r, f, in) // signed in meanwhile, by a link in another tab
	}
	c := h.client(r)
	c.Organisation = f.Text("organisation")
	o, err := h.service.SignIn(r.Context(), f.Text("name"), f.Get("password"), c)
	if f.Fail(lang.From(r.Context()), err) {
		return h.showSignIn(w, r, f, f.Status())
	}
	if err != nil {
		return err
	}
	h.startSession(w, o)
	return h.goOn(w, r, f, o.PersonID)
}

// goOn leads a person who has signed in to where they wanted to be, or shows the form they had sent too late.
func (h *Pages) goOn(w http.ResponseWriter, r *http.Request, f *web.Form, personID string) error {
	if sealed := f.Get("kept"); sealed != "" {
		kept, err := h.site.OpenKept(sealed, personID)
		if err == nil {
			return web.ShowKept(w, r, kept)
		}
		if !errors.Is(err, errs.ErrInvalid) && !errors.Is(err, errs.ErrGone) {
			return err
		}
		h.site.Say(w, "people.sign-in.kept-gone") // another person's, or older than a day
	}
	next := web.LocalPath(f.Get("next"))
	if next == "" {
		next = "/app/"
	}
	return web.Redirect(w, r, next)
}

func (h *Pages) askLink(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	name := f.Text("link_name")
	if name == "" {
		var faults errs.Fields
		faults.Add("link_name", "people.fault.sign-in-name")
		f.Fail(lang.From(r.Context()), faults.Err())
		return h.showSignIn(w, r, f, f.Status())
	}
	err = h.service.AskLink(r.Context(), name, web.LocalPath(f.Get("next")), h.client(r))
	if f.Fail(lang.From(r.Context()), err) {
		return h.showSignIn(w, r, f, f.Status())
	}
	if err != nil {
		return err
	}
	return web.Show(w, r, web.View{Title: lang.T(r.Context(), "people.sign-in.sent")}, sentPage(f))
}

// inLanguageOf shows a page in the language of the person whom a letter was written to, unless the browser has chosen one.
func (h *Pages) inLanguageOf(r *http.Request, tag string) *http.Request {
	if _, err := r.Cookie("ostoja_lang"); err == nil || tag == "" {
		return r
	}
	return r.WithContext(lang.With(r.Context(), h.site.Catalogue.Printer(tag)))
}

// link shows a button. The link is used up when the button is pressed and not when its address is read: mail programs and
// filters read addresses before people do.
func (h *Pages) link(w http.ResponseWriter, r *http.Request) error {
	l, err := h.service.Link(r.Context(), r.PathValue("token"))
	if err != nil {
		return err
	}
	if l.Kind == credential.SetUp {
		return errs.Gone("people.fault.link")
	}
	return h.showLink(w, h.inLanguageOf(r, l.Lang), l, web.NewForm())
}

func (h *Pages) showLink(w http.ResponseWriter, r *http.Request, l identity.Link, f *web.Form) error {
	title := lang.T(r.Context(), "people.link.sign-in")
	if l.Kind == credential.Invitation {
		title = lang.T(r.Context(), "people.link.invitation")
	}
	return web.Show(w, r, web.View{Title: title, Status: f.Status()}, linkPage(title, l, f))
}

func (h *Pages) useLink(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	token := r.PathValue("token")
	o, err := h.service.UseLink(r.Context(), token, f.Get("password"), h.client(r))
	if errors.Is(err, errs.ErrInvalid) {
		l, lost := h.service.Link(r.Context(), token)
		if lost != nil {
			return lost
		}
		r = h.inLanguageOf(r, l.Lang)
		f.Fail(lang.From(r.Context()), err)
		return h.showLink(w, r, l, f)
	}
	if err != nil {
		return err
	}
	h.startSession(w, o)
	next := web.LocalPath(o.Next)
	if next == "" {
		next = "/app/"
	}
	return web.Redirect(w, r, next)
}

func (h *Pages) setUp(w http.ResponseWriter, r *http.Request) error {
	l, err := h.service.Link(r.Context(), r.PathValue("token"))
	if err != nil {
		return err
	}
	if l.Kind != credential.SetUp {
		return errs.Gone("people.fault.link")
	}
	return h.showSetUp(w, r, web.NewForm("lang", lang.From(r.Context()).Tag(), "kind", string(identity.Office)))
}

func (h *Pages) showSetUp(w http.ResponseWriter, r *http.Request, f *web.Form) error {
	return web.Show(w, r, web.View{Title: lang.T(r.Context(), "people.set-up.title"), Status: f.Status()}, setUpPage(f, h.languages(r)))
}

func (h *Pages) doSetUp(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	o, err := h.service.SetUp(r.Context(), r.PathValue("token"), identity.SetUpDraft{
		Organisation: f.Get("organisation"), Kind: identity.UnitKind(f.Get("kind")),
		Person:   identity.Draft{GivenName: f.Get("given_name"), FamilyName: f.Get("family_name"), Mail: f.Get("mail"), Lang: f.Get("lang")},
		Password: f.Get("password"),
	}, h.client(r))
	if f.Fail(lang.From(r.Context()), err) {
		return h.showSetUp(w, r, f)
	}
	if err != nil {
		return err
	}
	h.startSession(w, o)
	h.site.Say(w, "people.set-up.done")
	return web.Redirect(w, r, "/app/organisations")
}

func (h *Pages) signOut(w http.ResponseWriter, r *http.Request) error {
	if token := web.SessionToken(r); token != "" {
		if err := h.service.SignOut(r.Context(), token); err != nil {
			return err
		}
	}
	h.site.ClearSession(w)
	// Pages are not stored (no-store), but a browser's Back keeps whole pages in memory. Never "storage": what could not be sent yet
	// may wait there (W3C Clear Site Data, section 3.1).
	w.Header().Set("Clear-Site-Data", `"cache"`)
	h.site.Say(w, "people.sign-in.out")
	return web.Redirect(w, r, "/app/sign-in")
}

// languages returns the languages to choose from, each in its own words.
func (h *Pages) languages(r *http.Request) (list []ui.Option) {
	for _, tag := range h.site.Catalogue.Langs() {
		list = append(list, ui.Option{Value: tag, Label: lang.T(r.Context(), "language."+tag)})
	}
	return list
}
