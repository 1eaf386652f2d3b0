package site_test

import (
	"regexp"
	"strings"
	"testing"

	"ostoja/internal/fact/facttest"
	"ostoja/internal/site/content"
	shipped "ostoja/site"
)

// year is a year that would be wrong one day; years of acts stand in the heads of legal notes, dates are facts.
var year = regexp.MustCompile(`\b20[0-9]{2}\b`)

// minutes are promises of little time, which no office keeps.
var minutes = map[string]string{"pl": "minut", "en": "minute", "uk": "хвилин", "ru": "минут", "ar": "دقائق", "vi": "phút"}

// TestShippedTexts holds what the starter content promises its readers, in every language.
func TestShippedTexts(t *testing.T) {
	b, err := content.ReadBundle(shipped.FS, facttest.Poland(t), warsaw(t))
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range b.Articles {
		source := a.Texts[b.SourceLang]
		for _, l := range b.Languages {
			text := a.Texts[l.Tag]
			if text == nil || text.Follows != source.Follows {
				t.Errorf("%s/%s.md is missing or older than its source", l.Tag, a.ID)
				continue
			}
			if a.ID != "before-you-go" && strings.Contains(text.Body, "{national-line}") && !strings.Contains(text.Body, "{la-strada-line}") {
				t.Errorf("%s/%s.md leads to one line only: who cannot or will not call the first needs the second", l.Tag, a.ID)
			}
			for line := range strings.Lines(text.Body) {
				if !strings.HasPrefix(line, ":::") && year.MatchString(line) {
					t.Errorf("%s/%s.md: a year stands in prose: %s", l.Tag, a.ID, line)
				}
			}
		}
	}
	for _, q := range b.Check {
		for tag, word := range minutes {
			if strings.Contains(q.Yes[tag]+q.No[tag]+q.Unsure[tag], word) {
				t.Errorf("%s, %s: the advice promises little time", q.ID, tag)
			}
		}
	}
}
