package mail_test

import (
	"errors"
	netmail "net/mail"
	"testing"
	"unicode"

	"ostoja/internal/mail"
)

// TestAddressesThatCanBeSentTo: an address is kept as servers know it, or refused before a letter fails at it again and again.
func TestAddressesThatCanBeSentTo(t *testing.T) {
	for typed, want := range map[string]string{
		"Anna.Nowak@Example.ORG": "anna.nowak@example.org", " jan.probny+kurs@example.org ": "jan.probny+kurs@example.org", "o'connor@example.ie": "o'connor@example.ie",
		"ewa@łódź.example.org": "ewa@xn--d-uga0v4h.example.org", "ewa@ŁÓDŹ.example.org": "ewa@xn--d-uga0v4h.example.org", "a@xn--d-uga0v4h.example.org": "a@xn--d-uga0v4h.example.org", "о@почта.рф": "", "a@почта.рф": "a@xn--80a1acny.xn--p1ai",
		"a\u200b@example.org": "a@example.org", "\ufeffa@example.org": "a@example.org", "\u202aa@example.org\u202c": "a@example.org", "a@exam\u00adple.org": "a@example.org", "a@example.org\u200e": "a@example.org",
		"\u2066a@example.org\u2069": "a@example.org", "a@exa\u2060mple.org": "a@example.org",
		"": "", "a": "", "@example.org": "", "a@": "", "a@b": "", "a@b.c": "", "a@-b.pl": "", "a@b-.pl": "", "a@b..pl": "", "a@b.pl.": "", "a b@c.pl": "", "a@b@c.pl": "", ".a@b.pl": "", "a..b@c.pl": "",
		"a@b.pl, c@d.pl": "", "ula@example.org; ula2@example.org": "", "Ala <a@b.pl>": "", "żaneta@example.org": "", "a\u3164@example.org": "", "a@ex\u2800ample.org": "", "a@ex\ufe0fample.org": "a@example.org", "ａ@example.org": "", "a＠example.org": "",
	} {
		got, err := mail.Address(typed)
		if (err == nil) != (want != "") || err == nil && got != want {
			t.Errorf("%+q: %q, %v, want %q", typed, got, err, want)
		}
	}
	for typed, want := range map[string]rune{"żaneta@example.org": 'ż', "a\u3164@example.org": '\u3164', "a@ex\u2800ample.org": '\u2800'} {
		var sign *mail.SignError
		if _, err := mail.Address(typed); !errors.As(err, &sign) || sign.Sign != want {
			t.Errorf("%+q: %v", typed, err)
		}
	}
}

func FuzzAddress(f *testing.F) {
	for _, s := range []string{"ewa@łódź.example.org", "a\u200b@example.org", "a@xn--.pl", "a@b.pl, c"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, typed string) {
		address, err := mail.Address(typed)
		if err != nil {
			return
		}
		for _, r := range address {
			if r > unicode.MaxASCII || r <= ' ' {
				t.Fatalf("%q keeps %+q", typed, address)
			}
		}
		if again, err := mail.Address(address); err != nil || again != address {
			t.Fatalf("%q becomes %q and then %q, %v", typed, address, again, err)
		}
		if _, err := netmail.ParseAddress(address); err != nil {
			t.Fatal(err)
		}
	})
}
