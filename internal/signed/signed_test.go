package signed_test

import (
	"crypto/ed25519"
	"errors"
	"fmt"
	"strings"
	"testing"

	"ostoja/internal/signed"
)

// A list that was signed is found as it was; what is missing, changed, or of another key than expected is named.
func TestASignedListIsChecked(t *testing.T) {
	key := signed.Key([32]byte{1})
	list := []signed.File{{Name: "a.txt", Content: []byte("a")}, {Name: "pl/b.txt", Content: []byte("b")}}
	check := func(change func(map[string]string), expect func(ed25519.PublicKey) error) (signed.Checked, error) {
		there := map[string]string{}
		for _, f := range append(list, signed.Sign(list, key)...) {
			there[f.Name] = string(f.Content)
		}
		change(there)
		return signed.Check(func(name string) ([]byte, error) {
			if content, ok := there[name]; ok {
				return []byte(content), nil
			}
			return nil, fmt.Errorf("%s is missing", name)
		}, expect)
	}
	same := func(map[string]string) {}
	c, err := check(same, func(k ed25519.PublicKey) error {
		if !signed.SameFingerprint(signed.Fingerprint(key.Public().(ed25519.PublicKey)), k) {
			return errors.New("another key")
		}
		return nil
	})
	if err != nil || c.Files != 2 || !c.Listed["pl/b.txt"] || !c.Listed[signed.Sums] || c.Listed["c.txt"] || !c.Key.Equal(key.Public()) {
		t.Errorf("%+v, %v", c, err)
	}
	other := signed.Key([32]byte{2})
	for name, x := range map[string]struct {
		change func(map[string]string)
		expect func(ed25519.PublicKey) error
		said   string
	}{
		"a file changed": {func(l map[string]string) { l["a.txt"] = "c" }, nil, "a.txt was changed"},
		"a file missing": {func(l map[string]string) { delete(l, "pl/b.txt") }, nil, "pl/b.txt is missing"},
		"no key":         {func(l map[string]string) { delete(l, signed.PublicKey) }, nil, "is missing"},
		"no base64":      {func(l map[string]string) { l[signed.Signature] = "?" }, nil, "base64"},
		"another's key":  {func(l map[string]string) { l[signed.PublicKey] = signed.Public(other) }, nil, "does not bear the signature"},
		"not expected":   {same, func(ed25519.PublicKey) error { return errors.New("unexpected") }, "unexpected"},
		"a line that is none": {func(l map[string]string) {
			forged := signed.Sign([]signed.File{{Name: "../x"}}, key)
			l[signed.Sums], l[signed.Signature] = string(forged[0].Content), string(forged[1].Content)
		}, nil, "a line that is none"},
	} {
		if _, err := check(x.change, x.expect); err == nil || !strings.Contains(err.Error(), x.said) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A fingerprint is read however it is grouped, and never taken for another key's.
func TestFingerprintsAreReadAsPeopleTypeThem(t *testing.T) {
	key := signed.Key([32]byte{1}).Public().(ed25519.PublicKey)
	f := signed.Fingerprint(key)
	if len(strings.Fields(f)) != 16 {
		t.Error(f)
	}
	for _, typed := range []string{f, strings.ToUpper(f), strings.ReplaceAll(f, " ", ""), strings.ReplaceAll(f, " ", ":"), "\t" + f + "\n"} {
		if !signed.SameFingerprint(typed, key) {
			t.Errorf("%q is not read", typed)
		}
	}
	for _, typed := range []string{"", f[:len(f)-1], f + "0", signed.Fingerprint(signed.Key([32]byte{2}).Public().(ed25519.PublicKey))} {
		if signed.SameFingerprint(typed, key) {
			t.Errorf("%q is taken for the key's", typed)
		}
	}
}
