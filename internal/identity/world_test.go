package identity_test

import (
	"errors"
	"regexp"
	"strings"
	"testing"

	"ostoja/internal/access"
	"ostoja/internal/errs"
	"ostoja/internal/testrig"
)

const goodPassword = "zielony parasol w deszczu"

// actorOf returns who has the session of a token.
func actorOf(w *testrig.World, token string) access.Actor {
	w.T.Helper()
	return testrig.Must(w.Identity.Session(w.T.Context(), token))(w.T).Actor
}

var tokenIn = regexp.MustCompile(`/app/link/([\w-]+)`)

// lastToken returns the token of the link in the last letter.
func lastToken(w *testrig.World) string {
	w.T.Helper()
	return tokenOf(w.T, w.LastLetter().Body)
}

func tokenOf(t testing.TB, text string) string {
	t.Helper()
	m := tokenIn.FindStringSubmatch(text)
	if m == nil {
		t.Fatalf("no link in %q", text)
	}
	return m[1]
}

// fault returns the key of the first fault of a field in an error, or the error's own key.
func fault(err error, field string) string {
	var e *errs.Error
	if !errors.As(err, &e) {
		return ""
	}
	for _, f := range e.Fields {
		if f.Name == field {
			return strings.TrimPrefix(f.Key, "people.fault.")
		}
	}
	if field == "" {
		return strings.TrimPrefix(e.Key, "people.fault.")
	}
	return ""
}
