package identityweb_test

import (
	"testing"

	"ostoja/internal/testrig"
)

// TestNoPageHidesAFailure: what the database does not give is missed, and never left out of a page or a file.
func TestNoPageHidesAFailure(t *testing.T) {
	w := testrig.New(t)
	person := "/app/people/" + w.Learner.PersonID
	w.Pass(w.Learner, testrig.SmallCourse)
	w.Browse(w.GuardCoordinator).Fragile(t, []string{
		"/app/account", "/app/people", "/app/people?as=csv", "/app/people?as=xlsx&unit=" + w.Terespol, "/app/people/new", person, person + "/edit", "/app/people/import",
		"/app/organisations", "/app/organisations/" + w.Terespol,
	})
	w.Browse(w.Admin).Fragile(t, []string{person, person + "/edit", "/app/organisations/" + w.Guard})
}
