package text_test

import (
	"maps"
	"slices"
	"testing"

	"ostoja/internal/text"
)

func TestIn(t *testing.T) {
	for _, c := range []struct {
		text text.Translated
		want string
	}{
		{text.Translated{"": "źródło", "pl": "źródło", "en": "source"}, "source"},
		{text.Translated{"": "źródło", "pl": "źródło"}, "źródło"},
		{text.Translated{"uk": "джерело", "pl": "źródło"}, "źródło"}, // the first by its tag, always the same
		{text.Translated{"": "źródło", "en": ""}, ""},
		{nil, ""},
	} {
		if got := c.text.In("en"); got != c.want {
			t.Errorf("%v in English: %q, want %q", c.text, got, c.want)
		}
	}
}

func TestLanguages(t *testing.T) {
	if got := (text.Translated{"": "a", "uk": "b", "en": "", "pl": "c"}).Languages(); !slices.Equal(got, []string{"en", "pl", "uk"}) {
		t.Errorf("%v", got)
	}
	if got := (text.Translated{"": "a"}).Languages(); len(got) != 0 {
		t.Errorf("a text to fall back to is no language: %v", got)
	}
}

func TestCanonical(t *testing.T) {
	given := text.Translated{"": "a", "pl": " a\r\nb\n", "en": " ", "uk": "c  d"}
	before := maps.Clone(given)
	if got := given.Canonical(); !maps.Equal(got, text.Translated{"pl": "a\nb", "uk": "c  d"}) {
		t.Errorf("%q", got)
	}
	if !maps.Equal(given, before) {
		t.Error("the text itself was changed")
	}
	if got := (text.Translated{"": "a", "pl": "\r\n"}).Canonical(); got != nil {
		t.Errorf("what says nothing is %#v, not nil", got)
	}
}
