package e2e

import (
	"fmt"
	"os"
	"testing"

	"ostoja/internal/course"
	"ostoja/internal/course/published"
	"ostoja/internal/db/dbtest"
	"ostoja/internal/item"
)

// words are what the pages of a story and of a practice item say, by language.
var words = map[string]struct{ begin, choose, again, notDone, done, wrong, answerAgain, check, right string }{
	"pl": {"Rozpocznij scenariusz", "Wybieram", "Spróbuj inaczej", "Ten scenariusz nie jest jeszcze zaliczony", "Scenariusz jest zaliczony.", "To jeszcze nie to", "Odpowiedz ponownie", "Sprawdź odpowiedź", "Dobrze"},
	"en": {"Begin the scenario", "I choose this", "Try another way", "This scenario is not done yet", "The scenario is done.", "Not quite yet", "Answer again", "Check the answer", "Right"},
}

// TestBadlyThenWell: a practice question answered wrongly and then rightly, and each story lost and then led to a good end, in both
// languages, on a phone and on a wide screen, with scripts and without. OSTOJA_PICTURES names a folder for pictures of the pages.
func TestBadlyThenWell(t *testing.T) {
	t.Parallel()
	for lang, w := range words {
		t.Run(lang, func(t *testing.T) {
			p := start(t, dbtest.SQLite(t))
			_, mail := p.officerIn(lang)
			b := openBrowser(t, p.base, map[string]int64{"pl": 360, "en": 1280}[lang], lang == "en")
			b.enter(p.letterLink(mail, 0))
			c, err := p.app.Courses.Current(t.Context(), "border-guard")
			if err != nil {
				t.Fatal(err)
			}
			home := eval[string](b, `location.pathname`)
			picture := func(name string) {
				if folder := os.Getenv("OSTOJA_PICTURES"); folder != "" {
					b.picture(fmt.Sprintf("%s/%s-%s.png", folder, lang, name))
				}
			}
			asked := false
			for _, part := range c.Parts() {
				if part.Kind() == course.KindLesson {
					if it := firstSingle(c, part); !asked && it != nil {
						asked = true
						b.open(home + "/lesson/" + part.ID())
						b.choose(it.FieldName(""), wrongOption(it))
						b.pressSelector(fmt.Sprintf(`document.querySelector('#item-%s button[class~="plain"]')`, it.ID), w.check)
						b.see(w.wrong)
						b.clean("answered wrongly " + lang)
						picture("check-wrong")
						b.pressSelector(fmt.Sprintf(`document.querySelector('#item-%s a.button')`, it.ID), w.answerAgain)
						b.answer(it)
						b.pressSelector(fmt.Sprintf(`document.querySelector('#item-%s button[class~="plain"]')`, it.ID), w.check)
						if text := b.text(); len(text) == 0 || b.has(fmt.Sprintf(`#item-%s a.button`, it.ID)) {
							t.Errorf("answered rightly, %s is still open", it.ID)
						}
					}
					continue
				}
				s := c.Scenarios[part.ID()]
				b.open(home + "/scenario/" + s.ID)
				b.press(w.begin)
				picture(s.ID + "-node")
				b.lead(s, item.Poor, w.choose)
				b.see(w.notDone)
				b.clean("lost " + s.ID + " " + lang)
				picture(s.ID + "-lost")
				b.press(w.again)
				b.lead(s, item.Good, w.choose)
				b.see(w.done)
				b.clean("won " + s.ID + " " + lang)
				picture(s.ID + "-won")
			}
			if !asked {
				t.Error("no lesson asks a single item")
			}
		})
	}
}

// firstSingle returns the first practice item of a part with one right option, nil if it has none.
func firstSingle(c *published.Course, part course.Part) *item.Item {
	for _, itemID := range part.Checks() {
		if it := c.Item(itemID); it.Type == item.Single {
			return it
		}
	}
	return nil
}

func wrongOption(it *item.Item) string {
	for _, o := range it.Options {
		if !o.Correct {
			return o.ID
		}
	}
	return ""
}
