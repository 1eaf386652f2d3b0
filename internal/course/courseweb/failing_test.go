package courseweb_test

import (
	"testing"

	"ostoja/internal/testrig"
)

// TestNoPageHidesAFailure: what the database does not give is missed, and never left out of a page or a file.
func TestNoPageHidesAFailure(t *testing.T) {
	w := testrig.New(t)
	course := "/app/authoring/" + testrig.SmallCourse
	w.Browse(w.Author).Fragile(t, []string{"/app/authoring", course, course + "/export.zip", course + "/pass-mark", course + "/pass-mark.csv"})
}
