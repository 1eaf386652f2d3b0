package systemweb_test

import (
	"testing"

	"ostoja/internal/testrig"
)

// TestNoPageHidesAFailure: what the database does not give is missed, and never left out of a page or a file.
func TestNoPageHidesAFailure(t *testing.T) {
	w := testrig.New(t)
	w.Browse(w.Admin).Fragile(t, []string{"/app/system", "/app/audit", "/app/audit?as=csv", "/app/audit?action=person."})
}
