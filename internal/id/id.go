// Package id makes the identifiers of everything that is stored, and the secrets of links and sessions.
//
// Goals: rows are named without asking the database, on several nodes too; who sees an identifier can neither guess a
// neighbour nor take it for a secret; what people type from paper has no letters that look alike. Limits: an identifier tells
// when it was made, to the millisecond, so it must not stand where that is not to be known.
package id

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"encoding/base64"
	"encoding/hex"
	"strings"
	"unicode"

	"github.com/google/uuid"
)

// New returns a UUID of version 7 (RFC 9562, section 5.7): unique without asking the database, and in order of making, so that indexes
// grow at one end.
func New() string {
	u, err := uuid.NewV7()
	if err != nil {
		panic("id: no randomness: " + err.Error()) // crypto/rand does not fail on the systems we run on
	}
	return u.String()
}

// Valid says whether s has the form of an identifier that New makes. Handlers use it to answer "not found" to nonsense
// without asking the database.
func Valid(s string) bool {
	if len(s) != 36 {
		return false
	}
	return uuid.Validate(s) == nil
}

// Secret returns 256 random bits for a link or a session, safe in URLs (RFC 4648, section 5). OWASP ASVS 3.2.2 asks for 64.
func Secret() string {
	var b [32]byte
	_, _ = rand.Read(b[:]) // never fails (crypto/rand documentation)
	return base64.RawURLEncoding.EncodeToString(b[:])
}

// Digest returns the hash under which a secret is kept. A secret is random and long, so that it needs no salt and no slow hash: there is nothing
// to guess.
func Digest(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

// alphabet leaves out I, L, O and U, so that a code can be read aloud and typed from paper (Crockford's base 32).
const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

var crockford = base32.NewEncoding(alphabet).WithPadding(base32.NoPadding)

// Code returns a random code of n bytes (8 characters for each 5 bytes) that can be read aloud and typed from paper.
func Code(n int) string {
	b := make([]byte, n)
	_, _ = rand.Read(b) // never fails (crypto/rand documentation)
	return crockford.EncodeToString(b)
}

// Letters returns the first n letters, 5 bits each, of what was computed elsewhere (a hash, an HMAC), in the alphabet of [Code]. b must
// hold as many bits.
func Letters(b []byte, n int) string { return crockford.EncodeToString(b)[:n] }

// Typed brings a code that somebody typed or read out into the form in which it is kept: without spaces, dashes and dots, in capitals, with
// the letters that look like figures read as those. It returns "" for what cannot be a code of at most so many letters.
func Typed(typed string, most int) string {
	var b strings.Builder
	for _, r := range typed {
		switch r = unicode.ToUpper(r); {
		case unicode.IsSpace(r), unicode.Is(unicode.Pd, r), r == '.', r == '\u00ad', r == '\u200b', r == '\u2060', r == '\ufeff':
			continue
		case r == 'O':
			r = '0'
		case r == 'I', r == 'L':
			r = '1'
		case !strings.ContainsRune(alphabet, r):
			return ""
		}
		if b.WriteRune(r); b.Len() > most {
			return ""
		}
	}
	return b.String()
}

// Check returns the letter that is put at the end of a short code, so that a slip of one letter makes no other code (Luhn's sum to the
// base of the alphabet). The code MUST be as [Typed] returns it.
func Check(code string) byte {
	sum := 0
	for i := range len(code) {
		n := strings.IndexByte(alphabet, code[len(code)-1-i])
		if i%2 == 0 {
			n = 2*n/len(alphabet) + 2*n%len(alphabet)
		}
		sum += n
	}
	return alphabet[(len(alphabet)-sum%len(alphabet))%len(alphabet)]
}

// Checked says whether a code ends in the letter that [Check] puts there.
func Checked(code string) bool {
	last := len(code) - 1
	return last > 0 && Check(code[:last]) == code[last]
}

// Within returns the UUID of a name within a space of names, always the same (version 5: RFC 9562, section 5.5).
func Within(space [16]byte, name string) string { return uuid.NewSHA1(space, []byte(name)).String() }
