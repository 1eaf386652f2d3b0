package id_test

import (
	"slices"
	"strings"
	"testing"

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

func TestSecretsAndCodes(t *testing.T) {
	if s := id.Secret(); len(s) != 43 || s == id.Secret() {
		t.Errorf("secret %q", s)
	}
	code := id.Code(10)
	if len(code) != 16 || strings.ContainsAny(code, "ILOU") || code == id.Code(10) {
		t.Errorf("code %q", code)
	}
}
