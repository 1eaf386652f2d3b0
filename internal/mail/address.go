package mail

import (
	"errors"
	netmail "net/mail"
	"strings"
	"unicode"

	"golang.org/x/net/idna"

	"ostoja/internal/text"
)

// errNoAddress says that a text is no address.
var errNoAddress = errors.New("mail: no address")

// SignError names a sign that keeps an address from being sent to.
type SignError struct{ Sign rune }

func (e *SignError) Error() string { return "mail: a sign that no address can hold" }

// Address brings a typed address into the form in which it is kept and sent to: small letters, without the invisible marks that come
// along when it is pasted, its domain as the mail's servers know it (ewa@łódź.example is ewa@xn--d-uga0v4h.example; RFC 5891). What
// could not be sent to is refused: letters outside ASCII before the @ need servers that we cannot count on (RFC 6531), and an
// address that is taken and fails at each letter is worse than one that is not taken.
func Address(typed string) (address string, err error) {
	s := strings.ToLower(text.Clean(typed))
	local, host, found := strings.Cut(s, "@")
	if !found || local == "" || len(s) > 254 || strings.ContainsAny(s, " ,;<>\"()\\") {
		return s, errNoAddress
	}
	for _, r := range local {
		if r > unicode.MaxASCII {
			return s, &SignError{r}
		}
	}
	for _, r := range host {
		if r > unicode.MaxASCII && !unicode.In(r, unicode.L, unicode.Mn, unicode.Mc, unicode.Nd) && r != '\u200c' && r != '\u200d' {
			return s, &SignError{r}
		}
	}
	if host, err = domain(host); err != nil {
		return s, errNoAddress
	}
	address = local + "@" + host
	if a, err := netmail.ParseAddress(address); err != nil || a.Address != address || len(local) > 64 || len(address) > 254 {
		return s, errNoAddress
	}
	return address, nil
}

// domain returns a domain in ASCII; an error if none can be one (RFC 1035, section 2.3).
func domain(host string) (string, error) {
	for _, r := range host {
		if r <= unicode.MaxASCII {
			continue
		}
		ascii, err := idna.Lookup.ToASCII(host)
		if err != nil {
			return "", err
		}
		host = ascii
		break
	}
	labels := strings.Split(host, ".")
	if len(labels) < 2 || len(labels[len(labels)-1]) < 2 {
		return "", errNoAddress
	}
	for _, l := range labels {
		if l == "" || len(l) > 63 || strings.HasPrefix(l, "-") || strings.HasSuffix(l, "-") {
			return "", errNoAddress
		}
	}
	return host, nil
}
