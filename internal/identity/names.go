package identity

import (
	"errors"
	"fmt"
	"strings"
	"unicode"

	"ostoja/internal/mail"
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

// normalMail returns an address in the form in which it is kept, or what is wrong with it.
func normalMail(typed string) (address, fault string, args []any) {
	address, err := mail.Address(typed)
	var unusable *mail.SignError
	switch {
	case err == nil:
		return address, "", nil
	case !errors.As(err, &unusable):
		return address, "people.fault.mail", nil
	case unicode.IsLetter(unusable.Sign) && unicode.IsPrint(unusable.Sign) && !hangulFiller(unusable.Sign):
		return address, "people.fault.mail-letter", []any{"Letter", string(unusable.Sign)}
	}
	return address, "people.fault.mail-sign", []any{"Sign", fmt.Sprintf("U+%04X", unusable.Sign)}
}

// hangulFiller says whether a letter is one that shows nothing.
func hangulFiller(r rune) bool { return r == 0x115F || r == 0x1160 || r == 0x3164 || r == 0xFFA0 }

// signInMail returns the address that somebody typed to sign in, as it is kept; what is none finds nobody.
func signInMail(typed string) string {
	address, _, _ := normalMail(typed) // the fault is not told to who may be anybody
	return address
}

// normalNumber returns a service number in the form in which it is kept: capitals, without space.
func normalNumber(s string) string {
	return strings.ToUpper(strings.Join(strings.Fields(text.Clean(s)), ""))
}
