package siteweb_test

import (
	"testing"

	"ostoja/internal/testrig"
)

// TestWhatIsNoFormIsRefused: what nobody can read is no empty form.
func TestWhatIsNoFormIsRefused(t *testing.T) { testrig.New(t).Unreadable("/app/site") }
