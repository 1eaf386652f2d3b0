package mail_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"ostoja/internal/id"
	"ostoja/internal/mail"
)

// TestWhatAServerSaidInWords reads answers of real servers' forms.
func TestWhatAServerSaidInWords(t *testing.T) {
	for said, want := range map[string]mail.Reason{
		"": mail.NoReason,
		"mail.SMTP.Send: failed to send: sending: SMTP RCPT TO command: 550 5.1.1 no such user": mail.NoMailbox,
		"550 no such user":                                                      mail.NoMailbox,
		"552 5.2.2 mailbox full":                                                mail.FullMailbox,
		"552 5.3.4 message too big":                                             mail.TooLarge,
		"550 5.7.1 relaying denied":                                             mail.NotAllowed,
		"535 5.7.8 bad credentials":                                             mail.NoAuth,
		"554 5.6.0 not this text":                                               mail.NotTaken,
		"554 no":                                                                mail.NotTaken,
		"450 4.2.0 greylisted: <the recipient>":                                 mail.NotNow,
		"451 try again":                                                         mail.NotNow,
		"553 5.1.3 <the recipient> is no address":                               mail.BadAddress,
		"dial tcp 127.0.0.1:25: connection refused":                             mail.NoServer,
		"dial tcp 10.5.1.1:25: connect: connection refused":                     mail.NoServer,
		"dial tcp 192.0.2.4:465: connect: connection refused":                   mail.NoServer,
		"dial tcp: lookup mail.example.org on 10.4.7.8:53: no such host":        mail.NoServer,
		"read tcp 10.5.7.1:40123->10.5.1.1:587: read: connection reset by peer": mail.NoServer,
		"550 5.1.2 no such host in the address":                                 mail.BadAddress,
		"the recipient's address cannot be used":                                mail.UnknownFailure,
		"TLS: 250 2.0.0 then something nobody expects":                          mail.UnknownFailure,
	} {
		if got := mail.ReasonOf(said); got != want {
			t.Errorf("%q: %q, want %q", said, got, want)
		}
	}
}

// TestNoLinkOfAShownLetterOpensAnything: what stands of a link are words that the program chose itself.
func TestNoLinkOfAShownLetterOpensAnything(t *testing.T) {
	for body, want := range map[string]string{
		"Otwórz: https://kursy.example.org/app/learn/019a0000-0000-7000-8000-000000000000.": "Otwórz: https://kursy.example.org/app/learn/….",
		"https://kursy.example.org/app/s/" + mail.TokenMark + "?lang=pl\nDo jutra.":         "https://kursy.example.org/app/s/…\nDo jutra.",
		"(https://kursy.example.org/app/guardians/week)":                                    "(https://kursy.example.org/app/guardians/week)",
		"https://kursy.example.org/app/calendar?key=abc":                                    "https://kursy.example.org/app/calendar…",
		"Kod: " + mail.TokenMark: "Kod: …",
		"https://kursy.example.org:8443/x#" + mail.TokenMark + " https://other.example.org/%zz b": "https://kursy.example.org:8443/x… … b",
	} {
		if got := mail.Shown(body); got != want {
			t.Errorf("%q: %q, want %q", body, got, want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		secret := rapid.SampledFrom([]string{id.Secret(), id.New()}).Draw(t, "secret")
		link := "https://kursy.example.org" + rapid.SampledFrom([]string{"/app/l/", "/", "/x?key=", "/x#", "/a/b/c?lang=pl&t="}).Draw(t, "path") + secret
		body := rapid.StringMatching(`[a-z ]{0,9}`).Draw(t, "before") + " " + link + rapid.SampledFrom([]string{"", ".", "\n", "?lang=pl", "/more"}).Draw(t, "after")
		if got := mail.Shown(body); strings.Contains(got, secret) {
			t.Fatalf("%q shows %q", body, got)
		}
	})
}

// TestEachKindIsOneEntry: the table names no kind twice.
func TestEachKindIsOneEntry(t *testing.T) {
	seen := map[mail.Kind]bool{}
	for _, k := range mail.Kinds {
		if seen[k.Kind] {
			t.Errorf("%s twice", k.Kind)
		}
		seen[k.Kind] = true
	}
}
