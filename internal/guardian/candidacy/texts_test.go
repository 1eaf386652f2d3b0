package candidacy_test

import (
	"strings"
	"testing"

	"ostoja/internal/access"
	"ostoja/internal/guardian/candidacy"
	"ostoja/internal/identity"
	"ostoja/internal/testrig"
)

func roleOf(r access.Role, unitID string) identity.RoleDraft {
	return identity.RoleDraft{Role: r, UnitID: unitID}
}

// The form speaks three languages: Ukrainian has each text that the others have, with the same placeholders, and what the components of a form say.
func TestTheFormIsWholeInUkrainian(t *testing.T) {
	w := testrig.New(t)
	uk := w.Candidacy.Printer("uk")
	n := 0
	for _, tag := range []string{"pl", "en"} {
		for _, key := range w.Candidacy.Catalogue.Keys(tag) {
			if !strings.HasPrefix(key, "apply.") {
				continue
			}
			n++
			if !uk.Has(key) {
				t.Errorf("%s is missing in Ukrainian", key)
				continue
			}
			args := []any{"Office", "@1", "Day", "@2", "Link", "@3", "Until", "@4", "By", "@5", "High", "@6"}
			a, b := w.Candidacy.Printer(tag).T(key, args...), uk.T(key, args...)
			for _, mark := range []string{"@1", "@2", "@3", "@4", "@5", "@6"} {
				if strings.Contains(a, mark) != strings.Contains(b, mark) {
					t.Errorf("%s: %q, %q", key, a, b)
				}
			}
		}
	}
	if n < 100 {
		t.Errorf("%d texts", n)
	}
	for _, key := range []string{"ui.problem", "ui.optional", "ui.error", "ui.crumbs"} {
		if !uk.Has(key) {
			t.Errorf("%s is missing in Ukrainian", key)
		}
	}
	if w.Candidacy.Printer("xx").Tag() != "pl" || len(candidacy.FormLangs) != 3 {
		t.Error("an unknown language")
	}
}
