package guardianweb_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"ostoja/internal/access"
	"ostoja/internal/identity"
	"ostoja/internal/testrig"
)

// A successor sees that there is a note and not what it says, until it was released; the person reads it at once.
func TestNotesOnThePages(t *testing.T) {
	w := testrig.New(t)
	o, who, entryID := listed(t, w)
	successor := w.Browse(w.Person("Danuta", "Zastępcza", w.Office, identity.RoleDraft{Role: access.GuardianCoordinator, UnitID: w.Office}))
	entry, desk := register+"/entries/"+entryID, w.Browse(o.Coordinator)
	const said = "Pisze jasne sprawozdania."
	bad := url.Values{"act": {"add"}, "note": {"Dzwonić pod 600 700 800"}}
	if p := w.Status(desk.Post(entry+"/notes", bad), http.StatusUnprocessableEntity); !strings.Contains(p.Text("textarea"), "600 700 800") {
		t.Error("what was typed is lost")
	}
	w.Status(desk.Post(entry+"/notes", url.Values{"act": {"add"}, "note": {said}}), http.StatusSeeOther)
	if p := w.Status(desk.Get(entry), http.StatusOK); !strings.Contains(p.Body, said) {
		t.Error("the author does not read it")
	}
	p := w.Status(successor.Get(entry), http.StatusOK)
	noteID, _ := p.Find(`form input[name="id"]`).Attr("value")
	if strings.Contains(p.Body, said) || noteID == "" {
		t.Errorf("the successor reads it: %s", p.Text("main"))
	}
	if p := w.Status(w.Browse(who).Get("/app/guardian"), http.StatusOK); !strings.Contains(p.Body, said) {
		t.Error("the person does not read it")
	}
	w.Status(successor.Post(entry+"/notes", url.Values{"act": {"release"}, "id": {noteID}, "reason": {"?"}}), http.StatusUnprocessableEntity)
	w.Status(successor.Post(entry+"/notes", url.Values{"act": {"release"}, "id": {noteID}, "reason": {"Przejęcie spraw w biurze"}}), http.StatusSeeOther)
	if p := w.Status(successor.Get(entry), http.StatusOK); strings.Contains(p.Body, said) || p.Find(`button[value="read"]`).Length() != 1 {
		t.Error("it is shown without a press")
	}
	if p := w.Status(successor.Post(entry+"/notes", url.Values{"act": {"read"}}), http.StatusOK); !strings.Contains(p.Body, said) {
		t.Errorf("%s", p.Text("main"))
	}
	w.Status(desk.Post(entry+"/notes", url.Values{"act": {"dance"}}), http.StatusBadRequest)
	w.Status(w.Browse(o.Elsewhere).Post(entry+"/notes", url.Values{"act": {"read"}}), http.StatusNotFound)
}
