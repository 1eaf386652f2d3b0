package text_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"ostoja/internal/text"
)

// What a phone dials has digits alone, and an extension is not dialled.
func TestDialled(t *testing.T) {
	for phone, want := range map[string]string{
		"22 628 01 20 wew. 12": "226280120", "+48 22 628-01-20": "+48226280120", "112": "112", "(22) 628 01 20": "226280120", "12": "", "tel 112": "", "": "", "1234567890123456": "", "116\u00a0111": "116111",
		"+48 (22) 628.01.20": "+48226280120", "22/628 01 20": "226280120", "+48+22 628 01 20": "",
	} {
		if got := text.Dialled(phone); got != want {
			t.Errorf("%q: %q, want %q", phone, got, want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		if got := text.Dialled(rapid.String().Draw(t, "phone")); strings.Trim(strings.TrimPrefix(got, "+"), "0123456789") != "" {
			t.Fatalf("%q is dialled", got)
		}
	})
}

// A field for a number takes every way of writing it that people use, and no note.
func TestIsPhone(t *testing.T) {
	for s, want := range map[string]bool{
		"+48 600 100 200": true, "600100200": true, "(22) 628-01-20": true, "22/628.01.20": true, "(+48) 600 100 200": true, "600 100": false, "112": false, "600 100 200 wieczorem": false, "": false,
		"-------": false, "1234567890123456": false, "600 100 200 600 100 200": false,
	} {
		if got := text.IsPhone(s, 7); got != want {
			t.Errorf("%q: %t", s, got)
		}
	}
	if !text.IsPhone("112", 3) || text.IsPhone("12", 3) || text.IsPhone("112 wew. 3", 3) {
		t.Error("short numbers")
	}
	rapid.Check(t, func(t *rapid.T) {
		if s := rapid.StringOf(rapid.RuneFrom([]rune("0123456789+ ()/.-a"))).Draw(t, "phone"); text.IsPhone(s, 3) && (text.Dialled(s) == "" || strings.Contains(s, "a")) {
			t.Fatalf("%q is taken for a number", s)
		}
	})
}
