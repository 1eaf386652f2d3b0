package course_test

import (
	"io/fs"
	"strings"
	"testing"
	"time"

	"ostoja/internal/course"
	"ostoja/internal/course/folder"
	"ostoja/internal/fact"
	"ostoja/packs"
)

// shipped loads a course that comes with the program, with the pack of Poland and its facts as of a day in November 2026. Nothing may stand in the way of
// publishing it; what else there is to say of it is returned.
func shipped(t *testing.T, files fs.FS, day int) (*course.Course, []folder.Fault) {
	t.Helper()
	pack, err := packs.Open("pl")
	if err != nil {
		t.Fatal(err)
	}
	c, faults, err := course.Load(folder.WithPack(files, pack))
	if err != nil || len(folder.Blocking(faults)) > 0 {
		t.Fatal(faults, err)
	}
	facts, err := fact.ReadPack(pack)
	if err != nil {
		t.Fatal(err)
	}
	return c.Showing(fact.NewBook(facts.Facts, facts.Slots, time.Date(2026, 11, day, 12, 0, 0, 0, time.UTC), time.UTC)), faults
}

// whole wants a text that people read to have no trace of how it is written, and to be in its own language of Polish and English.
func whole(t *testing.T, name, lang, text string, not ...string) {
	t.Helper()
	for _, mark := range append(not, "fact-gone", "\x02", "\x03", ":::", "TODO") {
		if strings.Contains(text, mark) {
			t.Errorf("%s in %q says %q", name, lang, mark)
		}
	}
	if english := strings.Contains(text, " the ") && strings.Contains(text, " and "); english != (lang == "en") && len(text) > 1500 {
		t.Errorf("%s in %q is in another language", name, lang)
	}
}

// namesNoVictim wants a text about people to call nobody a victim: the word of the law stands in the texts that speak of the law.
func namesNoVictim(t *testing.T, name, lang, text string) {
	t.Helper()
	if word := map[string]string{"pl": "ofiar", "en": "victim"}[lang]; strings.Contains(strings.ToLower(text), word) {
		t.Errorf("%s says %q in %q", name, word, lang)
	}
}
