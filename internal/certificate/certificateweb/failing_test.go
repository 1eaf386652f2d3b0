package certificateweb_test

import (
	"testing"

	"ostoja/internal/access"
	"ostoja/internal/testrig"
)

// TestNoPageHidesAFailure: what the database does not give is missed, and never left out of a page or a paper.
func TestNoPageHidesAFailure(t *testing.T) {
	w := testrig.New(t)
	c := w.Pass(w.Learner, testrig.SmallCourse)
	w.Browse(w.Learner).Fragile(t, []string{"/app/certificates", "/app/certificates/" + c.ID + "/pdf"})
	w.Browse(w.GuardCoordinator).Fragile(t, []string{"/app/certificates/" + c.ID + "/revoke"})
	w.Browse(access.Actor{}).Fragile(t, []string{"/verify/" + c.Code})
}
