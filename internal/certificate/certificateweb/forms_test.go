package certificateweb_test

import (
	"net/url"
	"testing"

	"ostoja/internal/testrig"
)

// TestNoFormHidesAFailure: whoever sends a form is led on once it was taken, and never where the database took nothing of it.
func TestNoFormHidesAFailure(t *testing.T) {
	w := testrig.New(t)
	c := w.Pass(w.Learner, testrig.SmallCourse)
	path, own, b := "/app/certificates/"+c.ID, w.Browse(w.Learner), w.Browse(w.GuardCoordinator)
	cyrillic := w.Person("Oksana", "Koval", w.Terespol)
	draft := testrig.Draft("Oksana", "Koval", w.Terespol)
	draft.GivenName, draft.FamilyName = "小明", "王"
	w.OK(w.Identity.Edit(t.Context(), w.Admin, cyrillic.PersonID, draft))
	spelt, whose := "/app/certificates/"+w.Pass(cyrillic, testrig.SmallCourse).ID, w.Browse(cyrillic)
	whose.Fragile(t, []string{spelt + "/spelling"})
	whose.FragileForm(t, spelt+"/spelling", url.Values{"name": {"Oksana Koval"}})
	w.Status(own.Get(path+"/spelling"), 409)
	own.Files(t, "/app/certificates?as=csv")
	b.FragileForm(t, path+"/revoke", url.Values{"reason": {"Pomyłka w nazwisku."}, "confirm": {"1"}})
	for _, path := range []string{"/app/certificates/none/pdf", "/app/certificates/none/spelling"} {
		w.Status(own.Get(path), 404)
	}
	w.Status(b.Get("/app/certificates/none/revoke"), 404)
}
