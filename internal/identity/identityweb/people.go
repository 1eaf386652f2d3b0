package identityweb

import (
	"net/http"
	"strings"

	"github.com/a-h/templ"

	"ostoja/internal/access"
	"ostoja/internal/errs"
	"ostoja/internal/identity"
	"ostoja/internal/lang"
	"ostoja/internal/list/listweb"
	"ostoja/internal/text"
	"ostoja/internal/ui"
	"ostoja/internal/web"
)

// peopleView is what the list of people shows.
type peopleView struct {
	List  *listweb.Shown
	Write bool
}

func (h *Pages) people(w http.ResponseWriter, r *http.Request) error {
	actor := web.Actor(r.Context())
	tree, err := h.service.Units(r.Context(), actor)
	if err != nil {
		return err
	}
	l := h.peopleList(r, tree)
	if l.Wanted() {
		return l.Send(w, r)
	}
	shown, err := l.Open(r.Context())
	if err != nil {
		return err
	}
	return web.Show(w, r, web.View{Title: l.Title, Nav: "people", Wide: true}, peoplePage(peopleView{shown, actor.Has(access.PeopleWrite)}))
}

func shortRoles(p *lang.Printer, roles []access.Role) string {
	var list []string
	for _, r := range roles {
		list = append(list, roleName(p, r))
	}
	return strings.Join(list, ", ")
}

// personForm is the form of a person's data.
type personForm struct {
	Form      *web.Form
	Title     string
	Action    string
	Back      string
	Units     []ui.Option
	Languages []ui.Option
	New       bool
}

func (h *Pages) newPerson(w http.ResponseWriter, r *http.Request) error {
	return h.showNew(w, r, web.NewForm("lang", lang.Default, "unit", r.URL.Query().Get("unit"), "invite", "1"))
}

func (h *Pages) showNew(w http.ResponseWriter, r *http.Request, f *web.Form) error {
	title := lang.T(r.Context(), "people.add.title")
	return h.showForm(w, r, personForm{Form: f, Title: title, Action: "/app/people/new", Back: "/app/people", New: true})
}

func (h *Pages) showForm(w http.ResponseWriter, r *http.Request, v personForm) error {
	actor := web.Actor(r.Context())
	tree, err := h.service.Units(r.Context(), actor)
	if err != nil {
		return err
	}
	v.Units = unitOptions(writable(tree, actor, access.PeopleWrite), lang.T(r.Context(), "people.choose-unit"))
	v.Languages = h.languages(r)
	return web.Show(w, r, web.View{Title: v.Title, Nav: "people", Status: v.Form.Status()}, personFormPage(v))
}

func draftOf(f *web.Form) identity.Draft {
	return identity.Draft{
		GivenName: f.Get("given_name"), FamilyName: f.Get("family_name"), Mail: f.Get("mail"), ServiceNumber: f.Get("service_number"),
		UnitID: f.Get("unit"), Lang: f.Get("lang"), Sex: identity.Sex(f.Get("sex")), Region: f.Get("region"),
	}
}

func (h *Pages) addPerson(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	d, invite := draftOf(f), f.Get("invite") != ""
	// Without an address nothing can be sent; the person's page offers a link to hand over.
	personID, err := h.service.Add(r.Context(), web.Actor(r.Context()), d, invite && strings.TrimSpace(d.Mail) != "")
	if f.Fail(lang.From(r.Context()), err) {
		return h.showNew(w, r, f)
	}
	if err != nil {
		return err
	}
	if invite && strings.TrimSpace(d.Mail) != "" {
		h.site.Say(w, "people.said.added-invited")
	} else {
		h.site.Say(w, "people.said.added")
	}
	return web.Redirect(w, r, "/app/people/"+personID)
}

func (h *Pages) editForm(w http.ResponseWriter, r *http.Request) error {
	actor, personID := web.Actor(r.Context()), r.PathValue("person")
	p, err := h.service.Person(r.Context(), actor, personID)
	if err != nil {
		return err
	}
	if !p.Changeable(actor, h.site.Clock.Now()) {
		return errs.Forbidden("people.fault.higher")
	}
	return h.showEdit(w, r, web.NewForm("given_name", p.GivenName, "family_name", p.FamilyName, "mail", p.Mail, "service_number", p.ServiceNumber,
		"unit", p.UnitID, "lang", p.Lang, "sex", string(p.Sex), "region", p.Region))
}

func (h *Pages) showEdit(w http.ResponseWriter, r *http.Request, f *web.Form) error {
	path := "/app/people/" + r.PathValue("person")
	return h.showForm(w, r, personForm{Form: f, Title: lang.T(r.Context(), "people.edit.title"), Action: path + "/edit", Back: path})
}

func (h *Pages) edit(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	personID := r.PathValue("person")
	err = h.service.Edit(r.Context(), web.Actor(r.Context()), personID, draftOf(f))
	if f.Fail(lang.From(r.Context()), err) {
		return h.showEdit(w, r, f)
	}
	if err != nil {
		return err
	}
	h.site.Say(w, "people.said.saved")
	return web.Redirect(w, r, "/app/people/"+personID)
}

// personView is what a person's page shows.
type personView struct {
	Person     identity.Person
	Form       *web.Form
	Changeable bool
	Self       bool
	Grantable  bool
	HandOver   string // a link to be handed over, shown once
	Roles      []ui.Option
	Units      []ui.Option
	Takeable   map[string]bool // by grant
	Ended      map[string]bool
	Sections   []templ.Component
	RoleList   *listweb.Shown
}

func (h *Pages) person(w http.ResponseWriter, r *http.Request) error {
	return h.showPerson(w, r, web.NewForm(), "")
}

func (h *Pages) showPerson(w http.ResponseWriter, r *http.Request, f *web.Form, handOver string) error {
	ctx, actor, printer := r.Context(), web.Actor(r.Context()), lang.From(r.Context())
	p, err := h.service.Person(ctx, actor, r.PathValue("person"))
	if err != nil {
		return err
	}
	v := personView{
		Person: p, Form: f, HandOver: handOver, Self: p.ID == actor.PersonID, Changeable: p.Changeable(actor, h.site.Clock.Now()),
		Takeable: map[string]bool{}, Ended: map[string]bool{},
	}
	for _, g := range p.Roles {
		v.Takeable[g.ID], v.Ended[g.ID] = actor.MayGrant(g.Role, g.UnitPath), g.Ended(h.site.Clock.Now())
	}
	if actor.Has(access.RolesGrant) {
		tree, err := h.service.Units(ctx, actor)
		if err != nil {
			return err
		}
		everywhere := ""
		if actor.Everywhere(access.RolesGrant) {
			everywhere = printer.T("people.roles.everywhere")
		}
		v.Units = unitOptions(writable(tree, actor, access.RolesGrant), everywhere)
		for _, role := range access.Roles {
			v.Roles = append(v.Roles, ui.Option{Value: string(role), Label: roleName(printer, role), Hint: printer.T("people.role-hint-" + string(role))})
		}
		v.Grantable = len(v.Units) > 0
	}
	l := h.roleList(r, v)
	if l.Wanted() {
		return l.Send(w, r)
	}
	if v.RoleList, err = l.Open(ctx); err != nil {
		return err
	}
	for _, section := range h.sections {
		c, file, err := section(r, p.ID)
		if err != nil {
			return err
		}
		if file != nil {
			return file(w, r)
		}
		if c != nil {
			v.Sections = append(v.Sections, c)
		}
	}
	return web.Show(w, r, web.View{Title: printer.T("people.person.title"), Nav: "people", Wide: true, Status: f.Status()}, personPage(v))
}

// done answers an act on a person: back to their page with a word, or the page again with what was wrong.
func (h *Pages) done(w http.ResponseWriter, r *http.Request, f *web.Form, err error, said string) error {
	if isInput(err) && f.Fail(lang.From(r.Context()), err) {
		return h.showPerson(w, r, f, "")
	}
	if err != nil {
		return err
	}
	h.site.Say(w, said)
	return web.Redirect(w, r, "/app/people/"+r.PathValue("person"))
}

func (h *Pages) invite(w http.ResponseWriter, r *http.Request) error {
	handOver, err := h.service.Invite(r.Context(), web.Actor(r.Context()), r.PathValue("person"))
	if err == nil && handOver != "" {
		return h.showPerson(w, r, web.NewForm(), handOver)
	}
	return h.done(w, r, web.NewForm(), err, "people.said.invited")
}

func (h *Pages) block(w http.ResponseWriter, r *http.Request) error {
	err := h.service.Block(r.Context(), web.Actor(r.Context()), r.PathValue("person"))
	return h.done(w, r, web.NewForm(), err, "people.said.blocked")
}

func (h *Pages) unblock(w http.ResponseWriter, r *http.Request) error {
	err := h.service.Unblock(r.Context(), web.Actor(r.Context()), r.PathValue("person"))
	return h.done(w, r, web.NewForm(), err, "people.said.unblocked")
}

func (h *Pages) grant(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	d := identity.RoleDraft{Role: access.Role(f.Get("role")), UnitID: f.Get("role_unit")}
	if expires := f.Text("expires"); expires != "" {
		day, ok := text.Day(expires, lang.From(r.Context()).Zone())
		if !ok {
			var faults errs.Fields
			faults.Add("expires", "people.fault.day")
			return h.done(w, r, f, faults.Err(), "")
		}
		d.ExpiresAt = day.AddDate(0, 0, 1).UTC() // the day itself still counts
	}
	return h.done(w, r, f, h.service.Grant(r.Context(), web.Actor(r.Context()), r.PathValue("person"), d), "people.said.granted")
}

func (h *Pages) take(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	err = h.service.Revoke(r.Context(), web.Actor(r.Context()), r.PathValue("person"), f.Get("grant"))
	return h.done(w, r, web.NewForm(), err, "people.said.taken")
}
