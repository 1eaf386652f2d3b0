package identity_test

import (
	"slices"
	"testing"

	"ostoja/internal/access"
	"ostoja/internal/identity"
	"ostoja/internal/testrig"
)

// TestWhoMovesKeepsOneRoleOfALearner: it goes along into the new unit, also where the person was a learner there before; other roles, and
// those of others, stay where they are.
func TestWhoMovesKeepsOneRoleOfALearner(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx := t.Context()
		roles := func(personID string) (list []string) {
			for _, g := range testrig.Must(w.Identity.Person(ctx, w.Admin, personID))(t).Roles {
				list = append(list, string(g.Role)+" "+g.UnitID)
			}
			slices.Sort(list)
			return list
		}
		want := func(who, personID string, list ...string) {
			t.Helper()
			slices.Sort(list)
			if got := roles(personID); !slices.Equal(got, list) {
				t.Errorf("%s: %q, want %q", who, got, list)
			}
		}
		move := func(given, unitID string, a access.Actor) {
			t.Helper()
			w.OK(w.Identity.Edit(ctx, w.Admin, a.PersonID, testrig.Draft(given, "Ruchliwa", unitID)))
		}
		learner, trainer := string(access.Learner)+" ", string(access.Trainer)+" "
		there := w.Person("Ada", "Ruchliwa", w.Terespol, identity.RoleDraft{Role: access.Learner, UnitID: w.Medyka}, identity.RoleDraft{Role: access.Trainer, UnitID: w.Terespol})
		plain := w.Person("Ewa", "Ruchliwa", w.Terespol)
		stays := w.Person("Iga", "Stała", w.Terespol)
		move("Ada", w.Medyka, there)
		want("was a learner there", there.PersonID, learner+w.Medyka, trainer+w.Terespol)
		move("Ewa", w.Medyka, plain)
		want("was none", plain.PersonID, learner+w.Medyka)
		want("stays", stays.PersonID, learner+w.Terespol)
		move("Ewa", w.Terespol, plain)
		want("comes back", plain.PersonID, learner+w.Terespol)
	})
}
