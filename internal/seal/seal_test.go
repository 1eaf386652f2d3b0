package seal_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"ostoja/internal/seal"
)

func TestWhatIsSealedComesBackForItsPurposeOnly(t *testing.T) {
	k, other := seal.NewKey(), seal.NewKey()
	rapid.Check(t, func(rt *rapid.T) {
		value := rapid.MapOf(rapid.String(), rapid.String()).Draw(rt, "value")
		sealed, err := k.Close("kept", value)
		if err != nil {
			rt.Fatal(err)
		}
		var back map[string]string
		if err := k.Open("kept", sealed, &back); err != nil || len(back) != len(value) {
			rt.Fatalf("%v, %v", back, err)
		}
		if err := k.Open("flash", sealed, &back); !errors.Is(err, seal.ErrBroken) {
			rt.Fatalf("opened for another purpose: %v", err)
		}
		if err := other.Open("kept", sealed, &back); !errors.Is(err, seal.ErrBroken) {
			rt.Fatalf("opened with another key: %v", err)
		}
		i := rapid.IntRange(0, len(sealed)-1).Draw(rt, "i")
		changed := []byte(sealed)
		changed[i] = map[bool]byte{true: 'A', false: 'B'}[changed[i] != 'A']
		if string(changed) != sealed && i < len(sealed)-1 { // the last letter may hold unused bits
			if err := k.Open("kept", string(changed), &back); !errors.Is(err, seal.ErrBroken) {
				rt.Fatalf("opened although changed at %d: %v", i, err)
			}
		}
	})
	if err := k.Open("kept", "", nil); !errors.Is(err, seal.ErrBroken) {
		t.Error(err)
	}
}

func TestIndexIsKeyedAndSeparatesPurposes(t *testing.T) {
	k := seal.NewKey()
	same := k.Index("a", "b")
	if k.Index("a", "b") != same || k.Index("a", "b") == k.Index("b", "b") || k.Index("a", "b") == seal.NewKey().Index("a", "b") {
		t.Error("Index does not depend on exactly key, purpose and value")
	}
}

// Indexes stand in the database, and cookies are signed by derived keys: their making must not change with the program.
func TestIndexAndDeriveAreHMACs(t *testing.T) {
	t.Parallel()
	k, err := seal.ParseKey(strings.Repeat("0f", 32))
	if err != nil {
		t.Fatal(err)
	}
	mac := func(text string) []byte {
		m := hmac.New(sha256.New, []byte(strings.Repeat("\x0f", 32)))
		m.Write([]byte(text))
		return m.Sum(nil)
	}
	if got, want := k.Index("email", "a@example.org"), hex.EncodeToString(mac("email\x00a@example.org")); got != want {
		t.Errorf("Index = %s, want %s", got, want)
	}
	if got := k.Derive("csrf"); string(got[:]) != string(mac("derive csrf")) {
		t.Errorf("Derive = %x", got)
	}
	if k.Index("ab", "c") == k.Index("a", "bc") {
		t.Error("where purpose ends and value begins is not part of the index")
	}
}

func TestAKeyIsKeptAsText(t *testing.T) {
	t.Parallel()
	k := seal.NewKey()
	if back, err := seal.ParseKey(k.String()); err != nil || back != k {
		t.Errorf("a key does not come back: %v", err)
	}
	if k == seal.NewKey() || k == (seal.Key{}) {
		t.Error("keys are not random")
	}
	for _, s := range []string{"", "zz", strings.Repeat("0f", 31), strings.Repeat("0f", 33), strings.Repeat("0g", 32), k.String() + "0"} {
		if _, err := seal.ParseKey(s); err == nil {
			t.Errorf("%q is taken for a key", s)
		}
	}
}

// A value is sealed with a nonce of its own each time (NIST SP 800-38D, section 8): two equal answers of two people must not
// look equal, and a nonce that came twice would give the key away.
func TestEqualValuesAreSealedDifferently(t *testing.T) {
	t.Parallel()
	k, found := seal.NewKey(), map[string]bool{}
	for range 1000 {
		s, err := k.Close("kept", "same")
		if err != nil || found[s[:16]] {
			t.Fatalf("a nonce came twice, %v", err)
		}
		found[s[:16]] = true // 12 bytes
		if strings.Trim(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") != "" {
			t.Fatalf("%q is not safe in an address", s)
		}
	}
}

func TestWhatIsNotSealedIsBroken(t *testing.T) {
	t.Parallel()
	k := seal.NewKey()
	var v string
	for _, s := range []string{"", "A", "====", "not base64!", base64.RawURLEncoding.EncodeToString(make([]byte, 11)), base64.RawURLEncoding.EncodeToString(make([]byte, 12)), base64.RawURLEncoding.EncodeToString(make([]byte, 40))} {
		if err := k.Open("kept", s, &v); !errors.Is(err, seal.ErrBroken) {
			t.Errorf("%q: %v", s, err)
		}
	}
	if _, err := k.Close("kept", func() {}); err == nil {
		t.Error("what is no JSON was sealed")
	}
	sealed, err := k.Close("kept", "text")
	if err != nil {
		t.Fatal(err)
	}
	var n int
	if err := k.Open("kept", sealed, &n); err == nil || errors.Is(err, seal.ErrBroken) {
		t.Errorf("a text was opened as a number: %v", err) // sealed by us, so it is a mistake in the code and no attack
	}
}
