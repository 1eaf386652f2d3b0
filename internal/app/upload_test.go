package app_test

import (
	"net/http"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"ostoja/internal/access"
	"ostoja/internal/testrig"
)

// TestUploadsLeaveNoTemporaryFiles sends a file to each route that takes forms, as each of the people who are there: lists of people
// must not lie in the folder for temporary files.
func TestUploadsLeaveNoTemporaryFiles(t *testing.T) {
	folder := t.TempDir()
	t.Setenv("TMPDIR", folder)
	w := testrig.New(t)
	before := files(t, folder) // the world's own database
	names := regexp.MustCompile(`\{[a-z]+(\.\.\.)?\}`)
	for person, actor := range w.Everybody() {
		b := w.Browse(actor)
		for pattern := range access.Routes {
			path, posted := strings.CutPrefix(pattern, "POST ")
			if !posted || pattern == "POST /app/sign-out" {
				continue
			}
			path = names.ReplaceAllString(path, "019a0000-0000-7000-8000-000000000000")
			b.Upload(path, url.Values{"format": {"gift"}, "unit": {"x"}}, "people.csv", strings.Repeat("Zofia;Maj\n", 120_000))
			if left := files(t, folder); !slices.Equal(left, before) {
				t.Fatalf("%s, as %s, leaves %v", pattern, person, left)
			}
		}
		if p := b.Get("/app/account"); actor.PersonID != "" && p.Status != http.StatusOK {
			t.Errorf("%s was signed out on the way: status %d", person, p.Status)
		}
	}
}

func files(t *testing.T, folder string) (names []string) {
	t.Helper()
	list, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range list {
		names = append(names, f.Name())
	}
	return names
}
