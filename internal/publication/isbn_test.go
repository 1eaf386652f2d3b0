package publication_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"ostoja/internal/publication"
)

// TestISBN: numbers as books print them, in both lengths and with all sorts of hyphens, are one number; a digit that is wrong or two that changed places are none.
func TestISBN(t *testing.T) {
	for typed, want := range map[string]string{
		"978-0-306-40615-7":        "9780306406157", // the example of the ISBN Users' Manual
		"9780306406157":            "9780306406157",
		"ISBN 978 0 306 40615 7":   "9780306406157",
		"ISBN-13: 978-0306406157":  "9780306406157",
		"0-306-40615-2":            "9780306406157", // the same book's number of ten digits
		"isbn-10: 0306406152":      "9780306406157",
		"0-8044-2957-X":            "9780804429573",
		"080442957x":               "9780804429573",
		"979-10-90636-07-1":        "9791090636071",
		"978‑0‑306‑40615‑7":        "9780306406157", // hyphens that do not break
		"978-0-306-40615-8":        "",
		"978-0-306-40651-7":        "",
		"0-306-40615-3":            "",
		"977-0-306-40615-7":        "", // EAN, and no book's
		"97803064061":              "",
		"978030640615712":          "",
		"X306406152":               "",
		"978-0-306-40615-7 twarda": "",
		"":                         "",
		"ISBN":                     "",
	} {
		got, ok := publication.ISBN(typed)
		if got != want || ok != (want != "") {
			t.Errorf("%q is %q, %v; want %q", typed, got, ok, want)
		}
	}
}

// TestAnyWrongDigitIsSeen: whatever number is right, with one other digit it is not.
func TestAnyWrongDigitIsSeen(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		prefix := rapid.SampledFrom([]string{"978", "979"}).Draw(t, "prefix")
		digits := prefix + rapid.StringMatching(`[0-9]{9}`).Draw(t, "digits")
		right := ""
		for _, last := range strings.Split("0123456789", "") {
			if got, ok := publication.ISBN(digits + last); ok {
				if right != "" {
					t.Fatalf("%s and %s are both right", right, got)
				}
				right = got
			}
		}
		if right == "" {
			t.Fatalf("%s has no check digit", digits)
		}
		at := rapid.IntRange(3, 12).Draw(t, "at")
		other := byte('0' + (int(right[at]-'0')+rapid.IntRange(1, 9).Draw(t, "by"))%10)
		if wrong := right[:at] + string(other) + right[at+1:]; wrong != right {
			if _, ok := publication.ISBN(wrong); ok {
				t.Fatalf("%s is right, and so is %s", right, wrong)
			}
		}
	})
}
