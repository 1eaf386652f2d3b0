package seal_test

import (
	"errors"
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
