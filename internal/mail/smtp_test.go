package mail

import (
	"errors"
	"testing"
)

// Servers give an address back as they keep it: in small letters, or more than once.
func TestNamelessTakesTheAddressInAnySpelling(t *testing.T) {
	t.Parallel()
	for said, want := range map[string]string{
		"550 <Jan.Kot+kurs@Example.org> unknown":                 "550 <the recipient> unknown",
		"550 jan.kot+kurs@example.org, JAN.KOT+KURS@EXAMPLE.ORG": "550 the recipient, the recipient",
		"421 out of service":                                     "421 out of service",
		"550 janxkot+kurs@example.org":                           "550 janxkot+kurs@example.org", // the full stop is a full stop
	} {
		if got := nameless(errors.New(said), "Jan.Kot+kurs@Example.org"); got.Error() != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	if nameless(nil, "a@example.org") != nil {
		t.Error("what went well became an error")
	}
}

func TestTheDomainOfIdentifiers(t *testing.T) {
	t.Parallel()
	for from, want := range map[string]string{
		"Ostoja <ostoja@kursy.example.org>": "kursy.example.org", "ostoja@example.org": "example.org", `"a@b" <c@d.example>`: "d.example", "": "localhost", "nobody": "localhost",
	} {
		if got := (&SMTP{from: from}).domain(); got != want {
			t.Errorf("%q: %q, want %q", from, got, want)
		}
	}
}

// What an address says of encryption decides over the port and over whether a letter may go in clear.
func TestOptionsOfAServersAddress(t *testing.T) {
	t.Parallel()
	for address, n := range map[string]int{
		"smtp://h": 2, "smtps://h": 2, "smtp://h?tls=none": 2, "smtp://h:26": 3, "smtps://u:p@h:26": 6, "smtp://u@h": 5,
	} {
		s, err := NewSMTP(address, "a@example.org")
		if err != nil || s.host != "h" || len(s.options) != n {
			t.Errorf("%s: %+v, %v", address, s, err)
		}
	}
}
