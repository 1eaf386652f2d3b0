package courseweb_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/identity"
	"ostoja/internal/testrig"
)

// TestWhatLapsedIsShownToAuthors: the course's page names the facts, leads to where they are confirmed, and names the items; nobody who may
// only read of courses sees it, and while all is valid there is nothing to see.
func TestWhatLapsedIsShownToAuthors(t *testing.T) {
	w := testrig.New(t)
	files := testrig.CourseFolder{ID: "resting", Langs: []string{"pl", "en"}}.Files()
	files["items/all.yaml"].Data = []byte(strings.ReplaceAll(string(files["items/all.yaml"].Data), "Pytanie t-", "Ile to {reflection-period}? t-"))
	_, _, err := w.Courses.Publish(t.Context(), access.System, files)
	w.OK(err)
	const path, title = "/app/authoring/resting", "Pytania opierają się na informacjach po terminie"
	if page := w.Status(w.Browse(w.Author).Get(path), http.StatusOK); strings.Contains(page.Text("main"), title) {
		t.Error("shown while all is valid")
	}
	w.Until(time.Date(2027, 7, 1, 8, 0, 0, 0, time.UTC))
	w.OK(w.Facts.Refresh(t.Context()))
	author := w.Person("Anna", "Późna", w.Office, identity.RoleDraft{Role: access.Author})
	page := w.Status(w.Browse(author).Get(path), http.StatusOK)
	text := page.Text("main")
	for _, want := range []string{title, "Czas na decyzję, osoba dorosła: 3 miesiące", "Pytania: t-1, t-2, t-3.", "na cel „Wie.” (losowane: 2, liczą się: 0)"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in %s", want, text)
		}
	}
	if !strings.Contains(page.Body, `href="/app/site/facts/reflection-period"`) {
		t.Error("no way to where the fact is confirmed")
	}
	coordinator := w.Person("Celina", "Późna", w.Office, identity.RoleDraft{Role: access.Coordinator})
	if page := w.Status(w.Browse(coordinator).Get(path), http.StatusOK); strings.Contains(page.Text("main"), "t-1") {
		t.Error("items are named to who may only read")
	}
}
