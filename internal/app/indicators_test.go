package app_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"ostoja/courses"
)

// A course that names an indicator which is not in the list is checked and refused with file, line and the one that was meant.
func TestCoursesNameIndicatorsOfTheList(t *testing.T) {
	dir := t.TempDir()
	folder := filepath.Join(dir, "course")
	if err := os.CopyFS(folder, courses.SocialWelfare); err != nil {
		t.Fatal(err)
	}
	for _, lang := range []string{"pl", "en"} {
		file := filepath.Join(folder, "programme", "cases", "wedding."+lang+".md")
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(strings.Replace(string(text), "documents-held", "document-held", 1)), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	const want = `programme/cases/wedding.pl.md:4: there is no indicator "document-held" (did you mean documents-held?)`
	for _, args := range [][]string{{"course", "check", folder}, {"course", "import", folder, "--data", filepath.Join(dir, "data")}} {
		if out, err := ostoja(t, args...); err == nil || !strings.Contains(out, want) || strings.Count(out, "no indicator") != 2 {
			t.Errorf("ostoja %s: %v\n%s", strings.Join(args, " "), err, out)
		}
	}
}
