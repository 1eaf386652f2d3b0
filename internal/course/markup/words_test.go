package markup

import (
	"testing"
	"time"
)

func TestDays(t *testing.T) {
	day := time.Date(2026, 5, 3, 0, 0, 0, 0, time.UTC)
	for lang, want := range map[string]string{"pl": "3\u00a0maja 2026", "en": "3\u00a0May 2026", "uk": "3\u00a0травня 2026\u00a0р.", "vi": "2026-05-03"} {
		if got := inWords(day, lang); got != want {
			t.Errorf("%s: %q", lang, got)
		}
	}
	for _, lang := range []string{"pl", "en", "uk"} {
		for key := range labels["pl"] {
			if label(lang, key) == "" {
				t.Errorf("no label %s in %s", key, lang)
			}
		}
		if len(labels[lang]) != len(labels["en"]) || len(months[lang]) != 12 {
			t.Errorf("the labels of %s are not complete", lang)
		}
	}
}
