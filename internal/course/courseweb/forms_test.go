package courseweb_test

import (
	"archive/zip"
	"bytes"
	"io/fs"
	"net/url"
	"testing"

	"ostoja/internal/testrig"
)

// TestNoFormHidesAFailure: whoever publishes a course is led on once it was taken, and never where the database took nothing of it.
func TestNoFormHidesAFailure(t *testing.T) {
	w := testrig.New(t)
	var archive bytes.Buffer
	z := zip.NewWriter(&archive)
	files := testrig.CourseFolder{ID: "third", Langs: []string{"pl"}}.Files()
	w.OK(fs.WalkDir(files, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		f, err := z.Create(path)
		if err != nil {
			return err
		}
		_, err = f.Write(files[path].Data)
		return err
	}))
	w.OK(z.Close())
	b := w.Browse(w.Author)
	b.FragileUpload(t, "/app/authoring", url.Values{}, "archive", "third.zip", archive.String())
	b.FragileForm(t, "/app/authoring/third/catalogue", url.Values{"open": {"1"}})
	b.Fragile(t, []string{"/app/authoring/third"})
	b.Files(t, "/app/authoring?as=csv", "/app/authoring/third?as=csv")
	for _, path := range []string{"/app/authoring/none", "/app/authoring/none/export.zip"} {
		w.Status(b.Get(path), 404)
	}
}
