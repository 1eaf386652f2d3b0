package identity

import (
	"net/mail"
	"strings"

	"ostoja/internal/text"
)

// joinName puts the parts of a name together.
func joinName(parts ...string) string {
	return strings.TrimSpace(strings.Join(parts, " "))
}

// searchText is what the search looks into.
func searchText(d Draft) string {
	return text.Search(strings.Join([]string{d.FamilyName, d.GivenName, d.FamilyName, d.Mail, d.ServiceNumber}, " "))
}

// normalMail returns an address in the form in which it is kept; ok is false if it cannot be one.
func normalMail(s string) (address string, ok bool) {
	s = strings.ToLower(strings.TrimSpace(s))
	if len(s) > 254 || strings.ContainsAny(s, " ,;<>\"()\\\r\n\t") {
		return s, false
	}
	a, err := mail.ParseAddress(s)
	if err != nil || a.Address != s {
		return s, false
	}
	local, host, _ := strings.Cut(s, "@")
	labels := strings.Split(host, ".")
	if local == "" || len(local) > 64 || len(labels) < 2 || len(labels[len(labels)-1]) < 2 {
		return s, false
	}
	for _, l := range labels {
		if l == "" || strings.HasPrefix(l, "-") || strings.HasSuffix(l, "-") {
			return s, false
		}
	}
	return s, true
}

// normalNumber returns a service number in the form in which it is kept: capitals, without space.
func normalNumber(s string) string {
	return strings.ToUpper(strings.Join(strings.Fields(text.Clean(s)), ""))
}
