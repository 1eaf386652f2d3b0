package app

import (
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/db/dbtest"
	"ostoja/internal/learning/learningtest"
)

// naming is a small course whose lesson and item name facts.
func naming(t *testing.T) fstest.MapFS {
	t.Helper()
	folder, named := learningtest.Folder("1"), 0
	for name, f := range folder {
		text := string(f.Data)
		if strings.HasSuffix(name, "one.pl.md") {
			text = strings.Replace(text, "Tekst.", "Zadzwoń: {helpline-phone}. Mówi o tym {prosecutor|loc}.", 1)
		}
		if strings.HasPrefix(name, "items/") {
			text = strings.Replace(text, "Bo tak.", "Zadzwoń: {national-line}.", 1)
		}
		if text != string(f.Data) {
			named++
			f.Data = []byte(text)
		}
	}
	if named != 2 {
		t.Fatalf("%d files name a fact", named)
	}
	return folder
}

// says returns what a version of a course says in its first lesson and in its items' explanations.
func says(t *testing.T, a *App, versionID string) (lesson, items string) {
	t.Helper()
	c, err := a.Courses.Version(t.Context(), versionID)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range c.Lesson("one", "pl").Segments {
		lesson += s.HTML
	}
	for _, id := range c.ItemIDs() {
		items += c.HTML(c.Item(id).Explanation, "pl")
	}
	return lesson, items
}

// A fact that an editor confirms is shown so in the course's lessons and items and on the site's pages, on the node where it was done and
// on another.
func TestAChangedFactIsShownOnEveryNode(t *testing.T) {
	address := dbtest.PostgresURL(t)
	a, b := node(t, address), node(t, address)
	if err := publishSite(t.Context(), a); err != nil {
		t.Fatal(err)
	}
	v, _, err := a.Courses.Publish(t.Context(), access.System, naming(t))
	if err != nil {
		t.Fatal(err)
	}
	const unconfirmed = "do potwierdzenia"
	for name, n := range map[string]*App{"the node": a, "the other node": b} {
		lesson, items := says(t, n, v.ID)
		for _, want := range []string{`<a class="tel" href="tel:+48226280120">`, "Mówi o tym prokuratorze.", "(stan na <time ", unconfirmed} {
			if !strings.Contains(lesson, want) {
				t.Errorf("%s: no %q in %s", name, want, lesson)
			}
		}
		if !strings.Contains(items, unconfirmed) {
			t.Errorf("%s: %s", name, items)
		}
	}
	begin := time.Now()
	if _, err := a.Site.Confirm(t.Context(), access.System, []string{"national-line", "prosecutor"}, "Ewa"); err != nil {
		t.Fatal(err)
	}
	for name, n := range map[string]*App{"the node": a, "the other node": b} {
		within(t, name, func() bool {
			lesson, items := says(t, n, v.ID)
			return !strings.Contains(lesson, unconfirmed) && !strings.Contains(items, unconfirmed) && strings.Contains(lesson, "prokuratorze")
		})
	}
	t.Logf("shown everywhere after %s", time.Since(begin))
}
