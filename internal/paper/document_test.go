package paper_test

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"ostoja/internal/errs"
	"ostoja/internal/paper"
	"ostoja/internal/paper/papertest"
)

func emblem(t testing.TB, width, height int) *paper.Picture {
	t.Helper()
	m := image.NewRGBA(image.Rect(0, 0, width, height))
	for x := range width {
		for y := range height {
			m.Set(x, y, color.RGBA{uint8(x), uint8(y), 90, 255})
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	picture, err := paper.NewPicture(b.Bytes(), "Znak funduszu")
	if err != nil {
		t.Fatal(err)
	}
	return picture
}

// document has two papers, the first of several pages, and one page that is wider than high.
func document(t testing.TB, rows int) []byte {
	t.Helper()
	d := paper.NewDocument(paper.About{Title: "Papiery dnia", Lang: "pl", At: time.Date(2026, 11, 29, 12, 0, 0, 0, time.UTC)})
	emblems := []*paper.Picture{emblem(t, 300, 100), emblem(t, 90, 90)}
	count := func(page, of int) string { return fmt.Sprintf("strona %d z %d", page, of) }
	f := d.Flow(paper.Frame{
		Size: paper.Portrait, Title: "Lista obecności", Foot: "Arkusz A-1, wersja 3", Count: count,
		Again: func(f *paper.Flow) {
			f.Pictures(emblems, 8)
			f.Text(paper.Paragraph, paper.Style{Size: 9}, "Lista obecności, ciąg dalszy")
		},
	})
	f.Pictures(emblems, 14)
	f.Text(paper.Heading, paper.Style{Size: 18, Weight: paper.Bold}, "Lista obecności")
	f.Text(paper.Paragraph, paper.Style{Size: 10}, strings.Repeat("Zdanie, które nie mieści się w jednym wierszu. ", 6))
	f.List(paper.Style{Size: 10}, []string{"pierwszy", "drugi"})
	table := paper.Table{Columns: []paper.Column{{Title: "Lp.", Width: 10, Align: paper.Right}, {Title: "Imię i nazwisko", Head: true}, {Title: "Podpis", Width: 60}}, Size: 10, RowHeight: 10}
	for i := range rows {
		table.Rows = append(table.Rows, []string{fmt.Sprint(i + 1), fmt.Sprintf("Osoba Numer-%d", i+1), ""})
	}
	f.Table(table)
	f.Boxes(12, paper.Box{Label: "Liczba osób na sali", Width: 40}, paper.Box{Label: "Uwagi"})
	f.Fields("data", "podpis osoby prowadzącej")
	f.Close()
	f = d.Flow(paper.Frame{Size: paper.Landscape, Title: "Ewidencja godzin", Foot: "E-1", Count: count})
	f.Text(paper.Heading, paper.Style{Size: 18, Weight: paper.Bold}, "Ewidencja godzin")
	f.Table(paper.Table{
		Columns: []paper.Column{{Title: "Kto", Head: true}, {Title: "Godzin", Width: 30, Align: paper.Right}}, Size: 10, Total: true,
		Rows: [][]string{{"Мар’яна", "6"}, {"محمد علي", "7"}, {"Razem", "13"}},
	})
	f.Close()
	b, err := d.PDF()
	if err != nil {
		t.Fatal(err)
	}
	if dir := os.Getenv("OSTOJA_PDF_DIR"); dir != "" { // to look at it
		if err := os.WriteFile(dir+"/"+t.Name()+".pdf", b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return b
}

// Papers stand one after the other in one file: each page knows its own paper and how many pages that has, and each row is on one.
func TestPapersOfOneDocument(t *testing.T) {
	const rows = 60
	b := document(t, rows)
	papertest.Check(t, b)
	pages := strings.Split(strings.TrimSuffix(papertest.Words(t, b), "\f"), "\f")
	first := len(pages) - 1
	if first < 3 {
		t.Fatalf("%d pages", len(pages))
	}
	for i, text := range pages[:first] {
		for _, want := range []string{fmt.Sprintf("strona %d z %d", i+1, first), "Arkusz A-1, wersja 3", "Imię i nazwisko", "Podpis"} {
			if !strings.Contains(text, want) && i < first-1 {
				t.Errorf("page %d lacks %q", i+1, want)
			}
		}
		if got := strings.Contains(text, "ciąg dalszy"); got != (i > 0) {
			t.Errorf("page %d has the repeated head: %v", i+1, got)
		}
	}
	all := strings.Join(pages, "")
	for i := range rows {
		if n := strings.Count(all, fmt.Sprintf("Numer-%d\n", i+1)) + strings.Count(all, fmt.Sprintf("Numer-%d ", i+1)); n != 1 {
			t.Errorf("row %d stands %d times", i+1, n)
		}
	}
	last := pages[first]
	if !strings.Contains(last, "strona 1 z 1") || !strings.Contains(last, "Razem") || strings.Contains(last, "Arkusz") {
		t.Errorf("the last page says %q", last)
	}
	outline, err := exec.CommandContext(t.Context(), "qpdf", "--json", "--json-key=outlines", write(t, b)).Output()
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(outline), `"title": "Ewidencja godzin"`) || !strings.Contains(string(outline), fmt.Sprintf(`"destpageposfrom1": %d`, len(pages))) {
		t.Errorf("bookmarks %s", outline)
	}
}

func write(t *testing.T, pdf []byte) string {
	t.Helper()
	file := t.TempDir() + "/paper.pdf"
	if err := os.WriteFile(file, pdf, 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// A screen reader finds on each page the tables with their heads, and hears nothing that is only repeated.
func TestStructureOfEachPage(t *testing.T) {
	structure := papertest.Structure(t, document(t, 60))
	for _, want := range []string{"Table", "TR", "TH", "TD", "Figure", "LI", "Numer-1", "Numer-33", "Numer-60", "Liczba osób na sali", "Ewidencja godzin", "Razem"} {
		if !strings.Contains(structure, want) {
			t.Errorf("the structure lacks %q", want)
		}
	}
	for _, repeated := range []string{"ciąg dalszy", "strona 2", "Arkusz"} {
		if strings.Contains(structure, repeated) {
			t.Errorf("a screen reader hears %q", repeated)
		}
	}
	if n := strings.Count(structure, "Figure"); n != 2 {
		t.Errorf("%d pictures are read out", n)
	}
	if t.Failed() {
		t.Log(structure)
	}
}

func TestTheSameDocumentGivesTheSameBytes(t *testing.T) {
	first := document(t, 30)
	for range 3 {
		if !bytes.Equal(first, document(t, 30)) {
			t.Fatal("two documents differ")
		}
	}
	if _, err := paper.NewDocument(paper.About{}).PDF(); err == nil {
		t.Error("a document without pages is a file")
	}
}

// A picture is read as a PNG or JPEG of a size that fits into memory, and printed without what else was in its file.
func TestPictures(t *testing.T) {
	if m := emblem(t, 2000, 500); m.Width != 700 || m.Height != 175 {
		t.Errorf("a large picture is printed with %d × %d dots", m.Width, m.Height)
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, 30, 20)), nil); err != nil {
		t.Fatal(err)
	}
	if m, err := paper.NewPicture(b.Bytes(), ""); err != nil || m.Width != 30 {
		t.Errorf("a grey JPEG: %v", err)
	}
	bomb := []byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x01\x86\xa0\x00\x01\x86\xa0\x08\x02\x00\x00\x00")
	for name, data := range map[string][]byte{"text": []byte("GIF89a"), "nothing": nil, "cut": b.Bytes()[:100], "100,000 × 100,000": bomb} {
		if _, err := paper.NewPicture(data, ""); !isInvalid(err) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func isInvalid(err error) bool {
	_, ok := errs.FieldsOf(err)
	return err != nil && (ok || strings.Contains(err.Error(), "papers.picture"))
}

// Whatever a table holds, each of its words stands on some page once, between the margins, and each page begins with the head.
func TestTablesLoseNothing(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		d := paper.NewDocument(paper.About{Title: "Tabela", Lang: "pl"})
		size := rapid.SampledFrom([]paper.Size{paper.Portrait, paper.Landscape}).Draw(r, "size")
		f := d.Flow(paper.Frame{
			Size: size, Title: "Tabela", Foot: "stopka", Count: func(page, of int) string { return fmt.Sprintf("strona %d z %d", page, of) },
			Again: func(f *paper.Flow) { f.Text(paper.Paragraph, paper.Style{Size: 9}, "ciąg dalszy") },
		})
		f.Text(paper.Heading, paper.Style{Size: 17}, "Tabela")
		f.Space(rapid.Float64Range(0, 150).Draw(r, "above"))
		table := paper.Table{
			Columns: []paper.Column{{Title: "Nagłówek", Width: 60, Head: true}, {Title: "Tekst", Size: 8}}, Size: 10,
			RowHeight: rapid.Float64Range(0, 30).Draw(r, "height"), Total: rapid.Bool().Draw(r, "total"),
		}
		words := 0
		for range rapid.IntRange(0, 4).Draw(r, "rows") {
			var cells []string
			for range 2 {
				var text []string
				for range rapid.SampledFrom([]int{0, 1, 3, 20, 400}).Draw(r, "words") {
					words++
					text = append(text, fmt.Sprintf("w%d", words))
				}
				cells = append(cells, strings.Join(text, " "))
			}
			table.Rows = append(table.Rows, cells)
		}
		f.Table(table)
		f.Close()
		b, err := d.PDF()
		if err != nil {
			r.Fatal(err)
		}
		seen := map[string]int{}
		for i := range strings.Count(papertest.Words(t, b), "\f") {
			page := papertest.ReadPage(t, b, i)
			heads := 0
			for _, x := range page.Texts {
				if strings.HasPrefix(x.Text, "stopka") || strings.HasPrefix(x.Text, "strona") {
					continue
				}
				if x.Y > size.Height-16 || x.X < 19.9 || x.Y < 10 {
					r.Errorf("page %d: %q stands at %.1f, %.1f", i+1, x.Text, x.X, x.Y)
				}
				if strings.TrimSpace(x.Text) == "Nagłówek" {
					heads++
				}
				for _, w := range strings.Fields(x.Text) {
					seen[w]++
				}
			}
			if heads != 1 && i > 0 {
				r.Errorf("page %d has %d heads: %v", i+1, heads, page.Texts)
			}
		}
		for i := range words {
			if n := seen[fmt.Sprintf("w%d", i+1)]; n != 1 {
				r.Fatalf("word %d of %d stands %d times", i+1, words, n)
			}
		}
	})
}
