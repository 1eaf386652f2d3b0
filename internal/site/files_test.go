package site_test

import (
	"archive/zip"
	"bytes"
	"testing"

	"ostoja/internal/errs"
	"ostoja/internal/site/content"
)

// zipped makes a ZIP of names and contents.
func zipped(t *testing.T, pairs ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i := 0; i < len(pairs); i += 2 {
		w, err := z.Create(pairs[i])
		if err == nil {
			_, err = w.Write([]byte(pairs[i+1]))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestFilesAreWhatTheirNamesSay: a file's name goes into addresses and onto the disks of readers, and its content to their programs.
func TestFilesAreWhatTheirNamesSay(t *testing.T) {
	each(t, func(k *desk) {
		k.no(k.CreateArticle(k.Context(), k.first, content.Article{ID: "poradnik", Kind: content.Publication, Topic: "rights", Day: "2026-11-23"}))
		add := func(name string, data []byte) error {
			return k.AddFile(k.Context(), k.first, content.File{ArticleID: "poradnik", Edition: "I", Lang: "pl", Name: name}, data)
		}
		pdf := []byte("%PDF-1.7\n")
		docx := zipped(t, "[Content_Types].xml", "x", "word/document.xml", "x")
		odt := zipped(t, "mimetype", "application/vnd.oasis.opendocument.text", "content.xml", "x")
		epub := zipped(t, "mimetype", "application/epub+zip", "x", "x")
		for name, data := range map[string][]byte{"poradnik.pdf": pdf, "Poradnik_2.PDF": pdf, "p.docx": docx, "p.odt": odt, "p.epub": epub} {
			k.no(add(name, data))
		}
		for _, c := range []struct {
			name    string
			content []byte
			key     string
		}{
			{"x.exe", []byte("MZ"), "file-type"}, {"x.pdf", []byte("<html>"), "file-content"}, {"x.docx", pdf, "file-content"}, {"x.docx", odt, "file-content"}, {"x.odt", epub, "file-content"},
			{"x.epub", docx, "file-content"}, {"dla ofiar.pdf", pdf, "file-name"}, {"poradnik\u202efdp.pdf", pdf, "file-name"}, {"łódź.pdf", pdf, "file-name"}, {".pdf", pdf, "file-name"},
			{"dla-ofiar.pdf", pdf, "file-word"}, {"handel_ludzmi.pdf", pdf, "file-word"}, {"x.pdf", nil, "fault.file"},
		} {
			k.fails(add(c.name, c.content), errs.ErrInvalid, c.key)
		}
		k.fails(k.RemoveFile(k.Context(), k.first, "none"), errs.ErrNotFound, "not-found")
	})
}

// TestNamesOfTheSitesOwn: an article that is called like a page of the site could not be reached, or would take its place.
func TestNamesOfTheSitesOwn(t *testing.T) {
	each(t, func(k *desk) {
		for _, id := range []string{"index", "new", "export", "services", "services-10", "info-pl", "d37f-a4", "news", "feed", "door-help"} {
			k.fails(k.CreateArticle(k.Context(), k.first, content.Article{ID: id, Kind: content.News, Topic: "rights", Day: "2026-11-23"}), errs.ErrInvalid, "reserved")
		}
		k.fails(k.UpdateArticle(k.Context(), k.first, content.Article{ID: "rights", Topic: "rights", Position: -1}), errs.ErrInvalid, "position")
	})
}
