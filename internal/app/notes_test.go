package app_test

import (
	"crypto/ed25519"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"ostoja/courses"
	"ostoja/internal/access"
	"ostoja/internal/site/siteweb/reader"
	"ostoja/internal/testrig"
)

// TestNoReaderSeesWhatAnEditorDoubts plants a note in every fact, and looks for it, and for the notes of the shipped pack, in all that is
// for others than editors: the site's pages in each language, its export with the files for messengers, the file of the directory for
// partners, and what a learner sees of a course that names facts.
func TestNoReaderSeesWhatAnEditorDoubts(t *testing.T) {
	w := testrig.New(t)
	ctx := t.Context()
	const planted = "Wątpliwość-7f3a"
	notes := []string{planted}
	for _, f := range w.Site.Bundle().Facts {
		if f.Note != "" {
			notes = append(notes, f.Note)
		}
		f.Note += " " + planted
	}
	testrig.Must(w.Site.ImportBundle(ctx, access.System, true))(t)
	w.OK(w.Reader.Refresh(ctx))
	w.OK(w.Facts.Refresh(ctx))
	stored := testrig.Must(w.Site.Facts(ctx, w.Author))(t)
	for _, f := range stored {
		if !strings.HasSuffix(f.Note, planted) {
			t.Fatalf("%s: the note is not there to be found: %q", f.ID, f.Note)
		}
	}
	if len(stored) < 50 || len(notes) < 10 {
		t.Fatalf("%d facts, %d notes", len(stored), len(notes))
	}
	searched := map[string]int{}
	search := func(kind, where, what string) {
		searched[kind]++
		for _, note := range notes {
			if strings.Contains(what, note) {
				t.Errorf("%s %s shows %q", kind, where, note)
			}
		}
	}
	searchSite(t, w, search)
	partners := w.Browse(w.Author).Get("/app/site/services/export")
	search("HSDS", "", w.Status(partners, http.StatusOK).Body)
	searchCourse(t, w, search)
	for kind, least := range map[string]int{"page": 150, "export": 150, "HSDS": 1, "lesson": 100, "item": 100, "learner": 10} {
		if searched[kind] < least {
			t.Errorf("%s: %d searched, at least %d expected", kind, searched[kind], least)
		}
	}
	t.Log(searched)
	if !strings.Contains(w.Browse(w.Author).Get("/app/site/facts?as=csv").Body, planted) {
		t.Error("editors miss it in their list's file")
	}
}

func searchSite(t *testing.T, w *testrig.World, search func(kind, where, what string)) {
	t.Helper()
	files := testrig.Must(reader.Files(t.Context(), w.Site, "https://pomoc.example.org", ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize))))(t)
	for _, f := range files {
		search("export", f.Name, string(f.Content))
		address := "/" + strings.TrimSuffix(strings.TrimSuffix(f.Name, ".html"), "index")
		rec := httptest.NewRecorder()
		if w.Reader.Serve(rec, httptest.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)) {
			search("page", address, rec.Body.String())
		}
	}
}

func searchCourse(t *testing.T, w *testrig.World, search func(kind, where, what string)) {
	t.Helper()
	ctx := t.Context()
	v, _, err := w.Courses.Publish(ctx, access.System, courses.BorderGuard)
	w.OK(err)
	w.OK(w.Courses.SetCatalogue(ctx, access.System, v.CourseID, true))
	c := testrig.Must(w.Courses.Version(ctx, v.ID))(t)
	for _, tag := range c.Languages {
		for _, p := range c.Parts() {
			if lesson := c.Lesson(strings.TrimPrefix(p.Key(), "lesson:"), tag); lesson != nil {
				for _, s := range lesson.Segments {
					search("lesson", p.Key(), s.HTML)
				}
			}
		}
		for _, id := range c.ItemIDs() {
			search("item", id, c.HTML(c.Item(id).Question, tag)+c.HTML(c.Item(id).Explanation, tag))
		}
	}
	enrolled := w.Enrol(w.Learner, v.CourseID)
	learner, begin := w.Browse(w.Learner), "/app/learn/"+enrolled.ID
	paths := []string{begin, "/app/courses/" + v.CourseID}
	for i := 0; i < len(paths); i++ {
		page := learner.Get(paths[i])
		search("learner", paths[i], page.Body)
		page.Find("a[href]").Each(func(_ int, a *goquery.Selection) {
			path, _, _ := strings.Cut(a.AttrOr("href", ""), "#")
			if strings.HasPrefix(path, begin) && !slices.Contains(paths, path) {
				paths = append(paths, path)
			}
		})
	}
}
