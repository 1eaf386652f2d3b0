package identityweb_test

import (
	"net/url"
	"strings"
	"testing"

	"ostoja/internal/access"
	"ostoja/internal/identity"
	"ostoja/internal/testrig"
	"ostoja/internal/web"
)

// TestNoFormHidesAFailure: whoever sends a form is led on once it was taken, and never where the database took nothing of it.
func TestNoFormHidesAFailure(t *testing.T) {
	w := testrig.New(t)
	ctx := t.Context()
	form := func(pairs ...string) url.Values { return web.NewForm(pairs...).Values }
	admin := w.Browse(w.Admin)
	person := func(pairs ...string) url.Values {
		f := form("given_name", "Nowa", "family_name", "Osoba", "mail", "nowa@example.org", "unit", w.Terespol, "lang", "pl")
		for i := 0; i < len(pairs); i += 2 {
			f.Set(pairs[i], pairs[i+1])
		}
		return f
	}
	admin.FragileForm(t, "/app/people/new", person("invite", "1"))
	added := testrig.Must(w.Identity.PersonBySignInName(ctx, w.Admin, "nowa@example.org"))(t)
	path := "/app/people/" + added.ID
	admin.FragileForm(t, path+"/edit", person("given_name", "Inna"))
	admin.FragileForm(t, path+"/invite", form())
	admin.FragileForm(t, path+"/roles", form("role", string(access.Trainer), "role_unit", w.Guard, "expires", "2026-12-01"))
	for _, g := range testrig.Must(w.Identity.Person(ctx, w.Admin, added.ID))(t).Roles {
		if g.Role == access.Trainer {
			admin.Fragile(t, []string{path})
			admin.FragileForm(t, path+"/roles/take", form("grant", g.ID))
		}
	}
	admin.FragileForm(t, path+"/block", form())
	admin.FragileForm(t, path+"/unblock", form())
	admin.FragileForm(t, "/app/organisations", form("kind", string(identity.Office), "name", "Nowe biuro"))
	admin.FragileForm(t, "/app/organisations/"+w.Guard, form("kind", string(identity.Guard), "name", "Straż", "code", "SG"))
	admin.FragileForm(t, "/app/organisations/"+w.Guard+"/units", form("below_kind", string(identity.Post), "below_name", "Nowa placówka"))
	for _, u := range testrig.Must(w.Identity.Tree(ctx, w.Admin))(t) {
		if u.Name == "Nowa placówka" {
			admin.FragileForm(t, "/app/organisations/"+u.ID+"/delete", form())
		}
	}
	const list = "Imię;Nazwisko;E-mail\nAda;Lista;ada@example.org\nOla;;\n"
	upload := func() url.Values { return form("unit", w.Terespol, "lang", "pl", "units", "bad") }
	preview := admin.Upload("/app/people/import", upload(), "lista.csv", list)
	previewID := preview.Find("[name=preview]").AttrOr("value", "")
	admin.Fragile(t, []string{"/app/people/import?preview=" + previewID, "/app/audit", "/app/audit?as=csv", "/app/people/import"})
	admin.FragileForm(t, "/app/people/import/reading", form("preview", previewID, "order", "given"))
	admin.FragileForm(t, "/app/people/import/confirm", form("preview", previewID))
	admin.Files(t, "/app/people?as=csv", "/app/organisations?as=csv", "/app/organisations/"+w.Guard+"?as=csv", "/app/account?as=csv", "/app/audit?as=csv", "/app/people/import/example.csv")
	own := w.Browse(w.Learner)
	own.FragileForm(t, "/app/account", form("lang", "en"))
	own.FragileForm(t, "/app/language", form("lang", "pl", "return", "/app/account"))
	own.FragileForm(t, "/app/account/session/end", form("session", "others"))
	link := testrig.Must(w.Identity.OneTimeLink(ctx, access.System, w.Learner.PersonID))(t)
	nobody := w.Browse(access.Actor{})
	link = link[strings.Index(link, "/app/"):]
	nobody.Fragile(t, []string{link})
	nobody.FragileForm(t, link, form())
	own.FragileForm(t, "/app/sign-out", form())
}

// TestWhatIsWrongIsSaidOnThePage: a form that cannot be taken is shown again, with what was wrong; and nothing of it is done.
func TestWhatIsWrongIsSaidOnThePage(t *testing.T) {
	w := testrig.New(t)
	form := func(pairs ...string) url.Values { return web.NewForm(pairs...).Values }
	admin := w.Browse(w.Admin)
	learner := "/app/people/" + w.Learner.PersonID
	for path, f := range map[string]url.Values{
		"/app/people/new":                           form("given_name", "Ada"),
		learner + "/edit":                           form("given_name", "", "lang", "pl"),
		learner + "/roles":                          form("role", string(access.Trainer), "role_unit", w.Guard, "expires", "kiedyś"),
		"/app/organisations":                        form("name", ""),
		"/app/organisations/" + w.Guard:             form("name", ""),
		"/app/organisations/" + w.Guard + "/units":  form("below_name", ""),
		"/app/organisations/" + w.Guard + "/delete": form(),
		"/app/account":                              form("lang", "xx"),
		"/app/account/password":                     form("old", "x", "password", "y"),
		"/app/sign-in":                              form("name", "nobody", "password", "x"),
		"/app/sign-in/link":                         form("link_name", ""),
	} {
		if p := admin.Post(path, f); p.Status < 400 || p.Status > 499 || p.Find(".errors, .error, [aria-invalid=true]").Length() == 0 {
			t.Errorf("%s: status %d, %s", path, p.Status, p.Text("main"))
		}
	}
	for _, path := range []string{"/app/people/none", "/app/people/none/edit", "/app/organisations/none"} {
		w.Status(admin.Get(path), 404)
	}
	for _, path := range []string{"/app/people/none/block", "/app/people/none/unblock", "/app/people/none/invite", "/app/organisations/none/delete", "/app/people/import/confirm", "/app/people/import/reading"} {
		if p := admin.Post(path, form("preview", "none")); p.Status < 400 || p.Status > 499 {
			t.Errorf("%s: status %d", path, p.Status)
		}
	}
	w.Status(w.Browse(w.GuardCoordinator).Get("/app/people/"+w.Admin.PersonID+"/edit"), 404)
	chief := w.Person("Szefowa", "Wyższa", w.Terespol, identity.RoleDraft{Role: access.Administrator})
	w.Status(w.Browse(w.TerespolCoordinator).Get("/app/people/"+chief.PersonID+"/edit"), 403)
	w.Status(admin.Get("/app/people/import?preview=none"), 410)
	w.Status(admin.Post("/app/language", form("lang", "xx")), 400)
	for link, status := range map[string]int{"/app/link/none": 410, "/app/set-up/none": 410} {
		w.Status(w.Browse(access.Actor{}).Get(link), status)
	}
	oneTime := testrig.Must(w.Identity.OneTimeLink(t.Context(), access.System, w.Learner.PersonID))(t)
	w.Status(w.Browse(access.Actor{}).Get("/app/set-up/"+oneTime[strings.LastIndex(oneTime, "/")+1:]), 410)
}
