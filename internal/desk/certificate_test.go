package desk_test

import (
	"testing"

	"ostoja/internal/desk"
	"ostoja/internal/testrig"
)

// TestACertificateIsOfItsCourseAndPerson: the list of a course shows the numbers of that course's certificates, each beside its holder; one
// that was passed again shows the newest that was not revoked.
func TestACertificateIsOfItsCourseAndPerson(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx := t.Context()
		first := w.Pass(w.Learner, testrig.SmallCourse)
		w.Enrol(w.OtherLearner, testrig.SmallCourse)
		w.Enrol(w.Learner, testrig.OtherCourse)
		other := w.Pass(w.PoliceLearner, testrig.OtherCourse)
		numbers := func(courseID string) map[string]string {
			list, _, err := w.Desk.People(ctx, w.Coordinator, courseID, desk.Filter{}, desk.Sort{}, desk.Page{})
			w.OK(err)
			got := map[string]string{}
			for _, p := range list {
				got[p.PersonID] = p.Certificate
			}
			return got
		}
		check := func(courseID string, want map[string]string) {
			t.Helper()
			got := numbers(courseID)
			if len(got) != len(want) {
				t.Errorf("%s: %d people, not %d", courseID, len(got), len(want))
			}
			for person, number := range want {
				if got[person] != number {
					t.Errorf("%s: %q, want %q", courseID, got[person], number)
				}
			}
		}
		check(testrig.SmallCourse, map[string]string{w.Learner.PersonID: first.Number, w.OtherLearner.PersonID: ""})
		check(testrig.OtherCourse, map[string]string{w.Learner.PersonID: "", w.PoliceLearner.PersonID: other.Number})
		second := w.Pass(w.Learner, testrig.SmallCourse)
		if second.Number <= first.Number {
			t.Fatalf("%s follows %s", second.Number, first.Number)
		}
		check(testrig.SmallCourse, map[string]string{w.Learner.PersonID: second.Number, w.OtherLearner.PersonID: ""})
		w.OK(w.Certs.Revoke(ctx, w.GuardCoordinator, second.ID, "Wydane przez pomyłkę dwa razy.", true))
		check(testrig.SmallCourse, map[string]string{w.Learner.PersonID: first.Number, w.OtherLearner.PersonID: ""})
	})
}
