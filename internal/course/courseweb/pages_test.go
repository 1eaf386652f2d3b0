package courseweb_test

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"regexp"
	"strings"
	"testing"

	"ostoja/internal/access"
	"ostoja/internal/course/folder"
	"ostoja/internal/testrig"
)

// upload sends a file as an author's browser does.
func upload(w *testrig.World, b *testrig.Browser, content []byte) (status int, text, location string) {
	w.T.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	part := testrig.Must(form.CreateFormFile("archive", "course.zip"))(w.T)
	testrig.Must(part.Write(content))(w.T)
	w.OK(form.Close())
	r := httptest.NewRequest(http.MethodPost, "/app/authoring", &body)
	r.Header.Set("Content-Type", form.FormDataContentType())
	p := b.Do(r)
	return p.Status, p.Text("main"), p.Header.Get("Location")
}

func archive(w *testrig.World, dir string) []byte {
	w.T.Helper()
	var out bytes.Buffer
	w.OK(folder.Zip(os.DirFS(dir), &out))
	return out.Bytes()
}

func TestAuthorsPublishAndTakeAway(t *testing.T) {
	w := testrig.New(t)
	b := w.Browse(w.Author)
	before := w.Status(b.Get("/app/authoring"), http.StatusOK).Text("main")
	if strings.Contains(before, "small-course") {
		t.Fatal("the course is there before it is published")
	}
	if status, text, _ := upload(w, b, nil); status != http.StatusUnprocessableEntity {
		t.Errorf("no file: status %d: %s", status, text)
	}
	status, text, _ := upload(w, b, archive(w, "../testdata/faulty"))
	if status != http.StatusUnprocessableEntity || !strings.Contains(text, "course.yaml") {
		t.Errorf("a faulty folder: status %d: %s", status, text)
	}
	good := archive(w, "../coursetest/testdata/good")
	for range 2 { // the second time nothing has changed
		if status, text, location := upload(w, b, good); status != http.StatusSeeOther || location != "/app/authoring/small-course" {
			t.Errorf("a good folder: status %d to %q: %s", status, location, text)
		}
	}
	w.Status(b.Get("/app/authoring/small-course"), http.StatusOK)
	if list := testrig.Must(w.Courses.Versions(t.Context(), "small-course"))(t); len(list) != 1 {
		t.Errorf("%d versions of one folder", len(list))
	}
	w.Status(b.Get("/app/authoring/none"), http.StatusNotFound)
	export := b.Get("/app/authoring/small-course/export.zip")
	if export.Header.Get("Content-Type") != "application/zip" || export.Header.Get("Content-Disposition") != `attachment; filename="small-course.zip"` {
		t.Errorf("exported as %v", export.Header)
	}
	for _, open := range []string{"", "1"} {
		w.Status(b.Post("/app/authoring/small-course/catalogue", url.Values{"open": {open}}), http.StatusSeeOther)
		if e := testrig.Must(w.Courses.Entry(t.Context(), "small-course"))(t); e.InCatalogue != (open == "1") {
			t.Errorf("open %q: in the catalogue %v", open, e.InCatalogue)
		}
	}
}

func TestWhoIsRefused(t *testing.T) {
	w := testrig.New(t)
	for who, a := range map[string]access.Actor{"learner": w.Learner} {
		b := w.Browse(a)
		for _, path := range []string{"/app/authoring", "/app/authoring/" + testrig.SmallCourse, "/app/authoring/" + testrig.SmallCourse + "/export.zip"} {
			if p := b.Get(path); p.Status != http.StatusForbidden {
				t.Errorf("%s, %s: status %d", path, who, p.Status)
			}
		}
		if p := b.Post("/app/authoring/"+testrig.SmallCourse+"/catalogue", url.Values{}); p.Status != http.StatusForbidden {
			t.Errorf("catalogue, %s: status %d", who, p.Status)
		}
		if status, _, _ := upload(w, b, nil); status != http.StatusForbidden {
			t.Errorf("upload, %s: status %d", who, status)
		}
	}
}

// TestJudgingThePassMark: an author enters what five experts said; each fault stands at its field and nothing typed is lost; the course's
// page says what came of it, and the file holds it all.
func TestJudgingThePassMark(t *testing.T) {
	w := testrig.New(t)
	b := w.Browse(w.Author)
	course := "/app/authoring/" + testrig.SmallCourse
	path := course + "/pass-mark"
	page := b.Get(path)
	w.Status(page, http.StatusOK)
	form := url.Values{"round": {"1"}, "expert": {"AB"}}
	for _, name := range regexp.MustCompile(`name="(share\.[^"]+)"`).FindAllStringSubmatch(page.Body, -1) {
		form.Set(name[1], "60")
	}
	if len(form) < 3 {
		t.Fatalf("no item is asked: %s", page.Body)
	}
	var first string
	for name := range form {
		if strings.HasPrefix(name, "share.") {
			first = name
		}
	}
	form.Set(first, "160")
	if p := b.Post(path, form); p.Status != http.StatusUnprocessableEntity || !strings.Contains(p.Body, `value="160"`) || !strings.Contains(p.Body, `value="AB"`) {
		t.Errorf("status %d:\n%s", p.Status, p.Body)
	}
	form.Set(first, "60")
	for i := range 5 {
		form.Set("expert", string(rune('A'+i)))
		w.Status(b.Post(path, form), http.StatusSeeOther)
		if p := b.Get(course); strings.Contains(p.Body, "Ocena ekspercka: 60,0") != (i == 4) {
			t.Errorf("after %d experts:\n%s", i+1, p.Body)
		}
	}
	if p := b.Get(path + ".csv"); p.Header.Get("Content-Disposition") != `attachment; filename="small-pass-mark.csv"` || strings.Count(p.Body, "60,0") != 5*(len(form)-2) {
		t.Errorf("%v:\n%s", p.Header, p.Body)
	}
	for who, a := range map[string]access.Actor{"learner": w.Learner, "coordinator": w.GuardCoordinator, "reviewer": w.Reviewer} {
		b := w.Browse(a)
		for _, p := range []int{b.Get(path).Status, b.Get(path + ".csv").Status, b.Post(path, form).Status} {
			if p != http.StatusForbidden {
				t.Errorf("%s: status %d", who, p)
			}
		}
	}
}
