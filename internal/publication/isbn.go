package publication

import "strings"

// ISBN checks a number of a book as it was typed and returns its thirteen digits, by which it is told from others; ok is false if it is none.
// The check digit is that of the ISBN Users' Manual (seventh edition, section 4.5), as in EAN-13 (GS1 General Specifications, section 7.9): the sum of the digits, each second one
// three times, is a multiple of ten. A number of ten digits (issued until 2006, check digit modulo 11, an X for ten) is checked by its own digit and turned into its longer form, so that
// both spellings of one number are one.
func ISBN(typed string) (digits string, ok bool) {
	typed = strings.TrimSpace(typed)
	if rest, has := cutFold(typed, "isbn"); has {
		rest = strings.TrimSpace(rest)
		for _, kind := range []string{"-13", "-10"} {
			rest = strings.TrimPrefix(rest, kind)
		}
		typed = strings.TrimLeft(rest, ": ")
	}
	var d []byte
	for _, r := range typed {
		switch {
		case r >= '0' && r <= '9':
			d = append(d, byte(r))
		case (r == 'x' || r == 'X') && len(d) == 9:
			d = append(d, 'X')
		case r == '-' || r == ' ' || r == '\u2010' || r == '\u2011' || r == '\u2013' || r == '\u00a0': // hyphens and spaces as books print them
		default:
			return "", false
		}
	}
	switch {
	case len(d) == 13 && (string(d[:3]) == "978" || string(d[:3]) == "979") && d[12] == check13(d[:12]):
		return string(d), true
	case len(d) == 10 && sum10(d)%11 == 0:
		long := append([]byte("978"), d[:9]...)
		return string(append(long, check13(long))), true
	}
	return "", false
}

// check13 is the check digit of twelve digits.
func check13(d []byte) byte {
	sum := 0
	for i, c := range d {
		n := int(c - '0')
		if i%2 == 1 {
			n *= 3
		}
		sum += n
	}
	return byte('0' + (10-sum%10)%10)
}

// sum10 is the weighted sum of ten digits.
func sum10(d []byte) (sum int) {
	for i, c := range d {
		n := 10
		if c != 'X' {
			n = int(c - '0')
		}
		sum += (10 - i) * n
	}
	return sum
}

func cutFold(s, prefix string) (rest string, ok bool) {
	if len(s) >= len(prefix) && strings.EqualFold(s[:len(prefix)], prefix) {
		return s[len(prefix):], true
	}
	return s, false
}
