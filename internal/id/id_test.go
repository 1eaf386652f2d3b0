package id_test

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"ostoja/internal/id"
)

func TestIdentifiersAreUniqueValidAndInOrder(t *testing.T) {
	var list []string
	for range 2000 {
		list = append(list, id.New())
	}
	if !slices.IsSorted(list) || len(slices.Compact(slices.Clone(list))) != len(list) || !id.Valid(list[0]) {
		t.Error("identifiers are not unique and in order of making")
	}
	for _, s := range []string{"", "x", strings.Repeat("a", 36), list[0] + "0", "{" + list[0] + "}"} {
		if id.Valid(s) {
			t.Errorf("%q is taken for an identifier", s)
		}
	}
}

// Version and variant are those of RFC 9562, section 5.7: other programs that read an export take them for what they are.
func TestIdentifiersAreVersion7(t *testing.T) {
	t.Parallel()
	for range 100 {
		if s := id.New(); s[14] != '7' || !strings.ContainsRune("89ab", rune(s[19])) {
			t.Fatalf("%s is no UUID of version 7", s)
		}
	}
}

// urlSafe are the letters that stand in a path without an escape (RFC 3986, section 2.3).
const urlSafe = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"

// Every letter of the alphabets occurs, and none beside them: a code is read aloud, so I, L, O and U are left out.
func TestAlphabets(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, alphabet string
		draw           func() string
	}{
		{"codes", "0123456789ABCDEFGHJKMNPQRSTVWXYZ", func() string { return id.Code(50) }},
		{"secrets", urlSafe, id.Secret},
	} {
		found := map[rune]bool{}
		for range 100 {
			for _, r := range c.draw() {
				found[r] = true
			}
		}
		for r := range found {
			if !strings.ContainsRune(c.alphabet, r) {
				t.Errorf("%s hold %q", c.name, r)
			}
		}
		if len(found) != len(c.alphabet) {
			t.Errorf("%s use %d of %d letters", c.name, len(found), len(c.alphabet))
		}
	}
}

func TestSecretsAndCodes(t *testing.T) {
	if s := id.Secret(); len(s) != 43 || s == id.Secret() {
		t.Errorf("secret %q", s)
	}
	for bytes, letters := range map[int]int{5: 8, 10: 16, 15: 24} {
		if got := id.Code(bytes); len(got) != letters {
			t.Errorf("a code of %d bytes is %q", bytes, got)
		}
	}
	code := id.Code(10)
	if len(code) != 16 || strings.ContainsAny(code, "ILOU") || code == id.Code(10) {
		t.Errorf("code %q", code)
	}
}

// Letters are the alphabet of codes, five bits each, from the first.
func TestLetters(t *testing.T) {
	for _, c := range []struct {
		b    []byte
		n    int
		want string
	}{{[]byte{0, 0, 0, 0, 0}, 8, "00000000"}, {[]byte{0xff, 0xff, 0xff, 0xff}, 6, "ZZZZZZ"}, {[]byte{0b00001_000, 0b10_00011_0, 0b0100_0010}, 4, "1234"}} {
		if got := id.Letters(c.b, c.n); got != c.want {
			t.Errorf("%x: %q, want %q", c.b, got, c.want)
		}
	}
}

// What is typed is read in one way, wherever codes are typed: certificates, the hall's screen, sheets.
func TestTyped(t *testing.T) {
	for typed, want := range map[string]string{
		"7k3m q9": "7K3MQ9", "7K3–M.Q9": "7K3MQ9", "oil": "011", "U": "", "7Ł": "", "1234567": "", "": "", " - ": "",
	} {
		if got := id.Typed(typed, 6); got != want {
			t.Errorf("%q is read as %q, want %q", typed, got, want)
		}
	}
}

// No slip of one letter makes another code, nor do two neighbours that changed places, but for 0 and Z.
func TestCheck(t *testing.T) {
	const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
	rapid.Check(t, func(t *rapid.T) {
		code := id.Code(rapid.IntRange(5, 15).Draw(t, "bytes"))
		code += string(id.Check(code))
		if !id.Checked(code) {
			t.Fatalf("%s is no code", code)
		}
		at := rapid.IntRange(0, len(code)-1).Draw(t, "at")
		r := alphabet[rapid.IntRange(0, len(alphabet)-1).Draw(t, "letter")]
		if slip := code[:at] + string(r) + code[at+1:]; slip != code && id.Checked(slip) {
			t.Fatalf("%s is a code, and so is %s", code, slip)
		}
		if at == 0 || code[at-1] == code[at] || strings.Contains("0Z0", code[at-1:at+1]) {
			return
		}
		if swapped := code[:at-1] + string(code[at]) + string(code[at-1]) + code[at+1:]; id.Checked(swapped) {
			t.Fatalf("%s is a code, and so is %s", code, swapped)
		}
	})
	for _, none := range []string{"", "0", "A"} {
		if id.Checked(none) {
			t.Errorf("%q is a code", none)
		}
	}
}

// Digests are in the database: how they are made must not change. The value is that of FIPS 180-4, appendix B.1, as NIST publishes it.
func TestDigest(t *testing.T) {
	if got := id.Digest("abc"); got != "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" {
		t.Error(got)
	}
}
