package deskweb_test

import (
	"testing"

	"ostoja/internal/testrig"
)

// TestNoPageHidesAFailure: what the database does not give is missed, and never left out of a page or a file.
func TestNoPageHidesAFailure(t *testing.T) {
	w := testrig.New(t)
	w.Pass(w.Learner, testrig.SmallCourse)
	w.Enrol(w.OtherLearner, testrig.SmallCourse)
	desk := "/app/desk/" + testrig.SmallCourse
	w.Browse(w.GuardCoordinator).Fragile(t, []string{
		"/app/desk", desk, desk + "?unit=" + w.Terespol, desk + "/people", desk + "/people?as=csv", desk + "/people?as=xlsx", desk + "/people?q=zofia&figure=invited",
		desk + "/enrol",
	})
}
