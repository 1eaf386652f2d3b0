package identityweb_test

import (
	"strings"
	"testing"

	"ostoja/internal/access"
	"ostoja/internal/db"
	"ostoja/internal/db/dbtest"
	"ostoja/internal/identity"
	"ostoja/internal/identity/people"
)

// After a failure with a service number, of which there is one or none, the form asks for the organisation; with an address it does not.
func TestTheOrganisationIsAskedOfEverybodyAlike(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d).people()
		add := func(unitID, mail string) {
			t.Helper()
			_, err := w.service.Add(t.Context(), access.System, identity.Draft{GivenName: "Ta", FamilyName: "Sama", Mail: mail, ServiceNumber: "7", UnitID: unitID, Lang: "pl"}, true)
			w.no(err)
			_, err = w.service.UseLink(t.Context(), w.token(), goodPassword, identity.Client{})
			w.no(err)
		}
		add(w.office, "a@example.org")
		add(w.post, "b@example.org")
		b := w.browser()
		asked := func(p page) bool { return p.Find("input[name=organisation]").Length() == 1 }
		if asked(b.get("/app/sign-in")) {
			t.Error("the organisation is asked before anything was typed")
		}
		several := b.post("/app/sign-in", "name", "7", "password", goodPassword)
		none := b.post("/app/sign-in", "name", "8", "password", goodPassword)
		if several.status != 422 || none.status != 422 || !asked(several) || !asked(none) || several.text(".errors") != none.text(".errors") {
			t.Errorf("%d %q of two, %d %q of nobody", several.status, several.text(".errors"), none.status, none.text(".errors"))
		}
		if asked(b.post("/app/sign-in", "name", "a@example.org", "password", "guess")) {
			t.Error("the organisation is asked of an address")
		}
		if p := b.post("/app/sign-in", "name", "7", "password", goodPassword, "organisation", "straż graniczna"); p.status != 303 {
			t.Errorf("with the organisation: %d %s", p.status, p.text("main"))
		}
		list, err := w.finder.Search(t.Context(), access.System, people.Filter{Text: "Sama"})
		w.no(err)
		for _, seen := range []struct {
			who  string
			told bool
		}{{"admin", true}, {"coordinator", false}} {
			for _, person := range list.Rows {
				p := w.as(seen.who).get("/app/people/" + person.ID)
				if told := strings.Contains(p.text("main"), "numer służbowy ma też ktoś inny"); p.status == 200 && told != seen.told {
					t.Errorf("the %s is told of another of the same number: %v", seen.who, told)
				}
			}
		}
	})
}
