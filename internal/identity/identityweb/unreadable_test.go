package identityweb_test

import (
	"testing"

	"ostoja/internal/testrig"
)

// TestWhatIsNoFormIsRefused: what nobody can read is no empty form.
func TestWhatIsNoFormIsRefused(t *testing.T) {
	testrig.New(t).Unreadable("/app/people", "/app/organisations", "/app/sign-in", "/app/link", "/app/set-up", "/app/language", "/app/account")
}
