package identityweb

import (
	"net/http"

	"ostoja/internal/identity/duplicate"
	"ostoja/internal/lang"
	"ostoja/internal/web"
)

// duplicates shows accounts that may be of one person, side by side.
func (h *Pages) duplicates(w http.ResponseWriter, r *http.Request) error {
	open, two, err := h.alike.Pairs(r.Context(), web.Actor(r.Context()))
	if err != nil {
		return err
	}
	return web.Show(w, r, web.View{Title: lang.T(r.Context(), "people.alike.title"), Nav: "people"}, duplicatesPage(open, two))
}

// settle takes what somebody says of two accounts.
func (h *Pages) settle(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	said, do := "people.alike.said-two", h.alike.Part
	if f.Get("act") == "reopen" {
		said, do = "people.alike.said-reopened", h.alike.Reopen
	}
	if err := do(r.Context(), web.Actor(r.Context()), f.Get("person"), f.Get("other")); err != nil {
		return err
	}
	h.site.Say(w, said)
	return web.Redirect(w, r, "/app/people/duplicates")
}

// fact is what two accounts say of one thing.
type fact struct {
	Label, First, Second string
	Equal                bool
}

// facts lays two accounts side by side. What neither has is left out.
func facts(p *lang.Printer, x duplicate.Pair) (list []fact) {
	day := func(a duplicate.Account) string {
		if a.ActivatedAt.IsZero() {
			return p.T("people.alike.never")
		}
		return p.Date(a.ActivatedAt)
	}
	for _, f := range []fact{
		{Label: p.T("people.field.family_name"), First: x.First.FamilyName, Second: x.Second.FamilyName},
		{Label: p.T("people.field.given_name"), First: x.First.GivenName, Second: x.Second.GivenName},
		{Label: p.T("people.field.unit"), First: x.First.Unit, Second: x.Second.Unit},
		{Label: p.T("people.field.mail"), First: x.First.Mail, Second: x.Second.Mail},
		{Label: p.T("people.field.service_number"), First: x.First.ServiceNumber, Second: x.Second.ServiceNumber},
		{Label: p.T("people.field.state"), First: p.T("people.state-" + x.First.State), Second: p.T("people.state-" + x.Second.State)},
		{Label: p.T("people.field.added"), First: p.Date(x.First.CreatedAt), Second: p.Date(x.Second.CreatedAt)},
		{Label: p.T("people.field.activated"), First: day(x.First), Second: day(x.Second)},
	} {
		if f.First == "" && f.Second == "" {
			continue
		}
		f.Equal = f.First == f.Second
		list = append(list, f)
	}
	return list
}
