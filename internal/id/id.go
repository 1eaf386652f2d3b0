// Package id makes the identifiers of everything that is stored, and the secrets of links and sessions.
//
// Goals: rows are named without asking the database, on several nodes too; who sees an identifier can neither guess a
// neighbour nor take it for a secret; what people type from paper has no letters that look alike. Limits: an identifier tells
// when it was made, to the millisecond, so it must not stand where that is not to be known.
package id

import (
	"crypto/rand"
	"encoding/base32"
	"encoding/base64"

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

// crockford leaves out I, L, O and U, so that a code can be read aloud and typed from paper.
var crockford = base32.NewEncoding("0123456789ABCDEFGHJKMNPQRSTVWXYZ").WithPadding(base32.NoPadding)

// Code returns a random code of n bytes (8 characters for each 5 bytes) that can be read aloud and typed from paper.
func Code(n int) string {
	b := make([]byte, n)
	_, _ = rand.Read(b) // never fails (crypto/rand documentation)
	return crockford.EncodeToString(b)
}

// Letters returns the first n letters, 5 bits each, of what was computed elsewhere (a hash, an HMAC), in the alphabet of [Code]. b must
// hold as many bits.
func Letters(b []byte, n int) string { return crockford.EncodeToString(b)[:n] }
