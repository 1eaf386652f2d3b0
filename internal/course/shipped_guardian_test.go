package course_test

import (
	"slices"
	"strings"
	"testing"

	"ostoja/courses"
	"ostoja/internal/course"
)

// TestTheCourseForTemporaryGuardians is whole in Ukrainian and in Polish: what lessons show of the pack and of their blocks is in the
// lesson's own language, with no fact missing.
func TestTheCourseForTemporaryGuardians(t *testing.T) {
	t.Parallel()
	c, _ := shipped(t, courses.TemporaryGuardian, 30)
	if !slices.Equal(c.Languages, []string{"uk", "pl"}) || c.Hours < 2 || c.Hours > 2.5 || c.Certificate == nil {
		t.Errorf("languages %v, %g hours, certificate %v", c.Languages, c.Hours, c.Certificate)
	}
	own := map[string][]string{"uk": {"станом на", "Найважливіше", ">Право<", "Джерело", "листопада 2026", "Вигаданий приклад"}, "pl": {"stan na", "Najważniejsze", ">Prawo<", "Źródło", "listopada 2026", "Przykład fikcyjny"}}
	for lang, others := range map[string]string{"uk": "pl", "pl": "uk"} {
		var all strings.Builder
		lessons := 0
		for _, p := range c.Parts() {
			if p.Kind() != course.KindLesson {
				continue
			}
			lessons++
			for _, s := range c.Lesson(p.ID(), lang).Segments {
				all.WriteString(s.HTML)
			}
		}
		html := all.String()
		if lessons != 10 || strings.Contains(html, "fact-gone") {
			t.Errorf("%s: %d lessons, a fact is missing: %v", lang, lessons, strings.Contains(html, "fact-gone"))
		}
		for _, words := range own[lang] {
			if !strings.Contains(html, words) {
				t.Errorf("%s: nothing says %q", lang, words)
			}
		}
		for _, words := range own[others] {
			if strings.Contains(html, words) {
				t.Errorf("%s: something says %q", lang, words)
			}
		}
		if strings.Contains(html, "art. 25") || strings.Contains(html, "ст. 25") {
			t.Errorf("%s: the article whose fate is not known is taught", lang)
		}
	}
	if html := c.HTML(c.Glossary["mos"].Text, "uk"); !strings.Contains(html, "станом на") {
		t.Errorf("a term: %s", html)
	}
}
