package paper_test

import (
	"bytes"
	"image"
	"image/png"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"

	"ostoja/internal/paper"
	"ostoja/internal/paper/papertest"
)

func page() *paper.Page {
	return paper.New(paper.About{Title: "Lista", Lang: "pl", At: time.Date(2026, 11, 29, 12, 0, 0, 0, time.UTC)})
}

func pdf(t testing.TB, p *paper.Page) []byte {
	t.Helper()
	b, err := p.PDF()
	if err != nil {
		t.Fatal(err)
	}
	if dir := os.Getenv("OSTOJA_PDF_DIR"); dir != "" { // to look at it
		read := papertest.Read(t, b)
		var picture bytes.Buffer
		if err := png.Encode(&picture, read.Picture(t, 96)); err != nil {
			t.Fatal(err)
		}
		for ext, data := range map[string][]byte{"pdf": b, "png": picture.Bytes()} {
			if err := os.WriteFile(dir+"/"+t.Name()+"."+ext, data, 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	return b
}

type name struct {
	name   string
	joined int
}

// names are spelt in each script that is printed, and in each way in which a letter can be put together. Joined says in how many
// pieces of ink, at most, the first word stands where its letters are joined; 0 where they are not.
var names = []name{
	{"Świętopełk Źdźbło-Gżegżółka", 0}, {"Марʼяна Демʼяненко", 0}, {"Əsmər Quliyeva", 0}, {"Nguyễn Thị Bảo Trâm", 0},
	{"Nguye\u0302\u0303n Thi\u0323 Ba\u0309o", 0}, {"გიორგი ბერიძე", 0}, {"Արամ Հակոբյան", 0}, {"Γιώργος Παπαδόπουλος", 0},
	{"Ґалаґан Їжакевич", 0}, {"M\u0308arta Ko\u0304walska", 0}, {"דוד כהן", 0}, {"O’Connor–Nowak", 0},
	{"محمد", 1}, {"پهلوی", 5}, {"شہباز ے گل", 0}, {"نه\u200cوروز کوردۆ", 0}, {"ټولواک ښېرعلي", 0}, {"محمد (Ali) علي", 0}, {"علي 3", 0},
}

// What is in the record stands on the page: it can be seen, found, copied and heard, letter for letter.
func TestEachLetterStandsOnThePage(t *testing.T) {
	for _, n := range names {
		if !paper.Printable(n.name) {
			t.Errorf("%s cannot be printed", n.name)
		}
	}
	eachStands(t, names)
}

// The scripts whose fonts the build takes from packages of npm.
func TestEachLetterOfMoreScriptsStandsOnThePage(t *testing.T) {
	more := []name{
		{"राम", 1}, {"श्रीकृष्ण क्षत्रिय", 2}, {"পঞ্চানন", 0}, {"ரமேஷ் குமார்", 0}, {"አበበ ቢቂላ", 0}, {"สมชาย ใจดี", 0}, {"王小明", 0}, {"刘晓燕 (Liu)", 0},
	}
	if paper.Missing(more[0].name) != nil {
		t.Skip("built without fonts of npm packages: run npm ci and go run ./internal/tools/assets")
	}
	eachStands(t, more)
}

func eachStands(t *testing.T, names []name) {
	t.Helper()
	p := page()
	const step = 10.0
	for i, n := range names {
		if missing := paper.Missing(n.name); missing != nil {
			t.Errorf("%s cannot be printed: %c", n.name, missing)
		}
		p.Line(paper.Paragraph, 20, 5+float64(i)*step, 200, step, paper.Style{Weight: paper.Bold, Size: 20}, paper.Left, n.name)
	}
	read := papertest.Read(t, pdf(t, p))
	picture := read.Picture(t, 150)
	for i, n := range names {
		middle := 5 + (float64(i)+0.5)*step
		letters := ""
		for _, x := range read.Texts {
			if x.Y > middle-step/2 && x.Y < middle+step/2 {
				letters += x.Text
				if x.Unseen && read.Tags[i+1].Alt != n.name {
					t.Errorf("%s is heard as %q", n.name, read.Tags[i+1].Alt)
				}
			}
		}
		if got, want := count(letters), count(norm.NFC.String(n.name)); got != want {
			t.Errorf("%s is copied as %q: %s, want %s", n.name, letters, got, want)
		}
		ink := pieces(picture, middle-step/2, middle+step/2)
		if ink < len([]rune(n.name))/4 && n.joined == 0 || ink == 0 {
			t.Errorf("%s is painted in %d pieces", n.name, ink)
		}
		if n.joined > 0 && ink > n.joined {
			t.Errorf("%s is painted in %d pieces: its letters are not joined", n.name, ink)
		}
	}
}

// count lists the letters of a text without their order, which a copy of two directions need not keep, and without the signs that
// have no shape.
func count(text string) string {
	var letters []string
	for _, r := range norm.NFC.String(text) {
		if r != ' ' && r != '\u200c' && r != '\u200d' && r != '(' && r != ')' {
			letters = append(letters, string(r))
		}
	}
	slices.Sort(letters)
	return strings.Join(letters, "")
}

// pieces counts how many pieces of ink stand between two heights of a picture.
func pieces(m *image.RGBA, from, to float64) (n int) {
	perMM := float64(m.Bounds().Dy()) / paper.Height
	top, end := int(from*perMM), int(to*perMM)
	known := map[image.Point]bool{}
	inked := func(p image.Point) bool {
		return p.Y >= top && p.Y < end && p.In(m.Bounds()) && m.RGBAAt(p.X, p.Y).R < 128 && !known[p]
	}
	for y := top; y < end; y++ {
		for x := range m.Bounds().Dx() {
			if !inked(image.Pt(x, y)) {
				continue
			}
			n++
			known[image.Pt(x, y)] = true
			for todo := []image.Point{{X: x, Y: y}}; len(todo) > 0; {
				at := todo[len(todo)-1]
				todo = todo[:len(todo)-1]
				for dy := -1; dy <= 1; dy++ {
					for dx := -1; dx <= 1; dx++ {
						if next := at.Add(image.Pt(dx, dy)); inked(next) {
							known[next] = true
							todo = append(todo, next)
						}
					}
				}
			}
		}
	}
	return n
}

func TestPrintable(t *testing.T) {
	for text, want := range map[string]bool{
		"": true, "Jan Kot-Nowak": true, "王小明": false, "김민수": false, "สมชาย": false, "राम थापा": false, "አበበ": false, "Jan 王": false, "ა\u0300": true,
	} {
		if got := paper.Printable(text); got != want {
			t.Errorf("Printable(%q) = %v", text, got)
		}
	}
}

// What no font has is named, each letter once; a letter that is there is not.
func TestMissing(t *testing.T) {
	if got := string(paper.Missing("Kim 김민수 민")); got != "김민수" {
		t.Errorf("missing %q", got)
	}
	for _, n := range names {
		if got := paper.Missing(n.name); got != nil {
			t.Errorf("%s misses %q", n.name, got)
		}
	}
}

// A screen reader is told the language, the title, what is a heading and what a picture shows, and nothing of decoration.
func TestStructure(t *testing.T) {
	p := page()
	style := paper.Style{Size: 12}
	p.Rect(0, 0, 10, paper.Height, paper.RGB{R: 200})
	p.Line(paper.Heading, 20, 20, 100, 6, style, paper.Left, "Tytuł")
	p.Lines(paper.Paragraph, 20, 30, 100, 6, style, paper.Right, []string{"pierwszy wiersz", "drugi"})
	p.Figure("kwadrat", func() { p.Rect(20, 50, 10, 10, paper.RGB{}) })
	p.Link(20, 50, 10, 12, "https://example.org/")
	read := papertest.Read(t, pdf(t, p))
	if read.Lang != "pl" || read.Title != "Lista" {
		t.Errorf("language %q, title %q", read.Lang, read.Title)
	}
	want := []papertest.Tag{{Role: "Document"}, {Role: "H1"}, {Role: "P"}, {Role: "Figure", Alt: "kwadrat"}}
	if len(read.Tags) != len(want) {
		t.Fatalf("structure %v, want %v", read.Tags, want)
	}
	for i := range want {
		if read.Tags[i] != want[i] {
			t.Errorf("structure %v, want %v", read.Tags, want)
		}
	}
	if len(read.Links) != 1 || !near(read.Links[0].X, 20) || !near(read.Links[0].Y, 50) || !near(read.Links[0].Width, 10) || !near(read.Links[0].Height, 12) {
		t.Errorf("links %v", read.Links)
	}
	if b := read.Boxes[1]; !near(b.X, 20) || !near(b.Y, 50) || !near(b.Width, 10) || !near(b.Height, 10) {
		t.Errorf("the square stands at %v", b)
	}
	// The right ends of both lines of the paragraph are at the right side of its box.
	for _, x := range read.Texts[1:] {
		if end := x.X + p.Width(style, x.Text); !near(end, 120) {
			t.Errorf("%q ends at %.2f", x.Text, end)
		}
	}
}

func near(a, b float64) bool { return a-b < 0.01 && b-a < 0.01 }

func TestTheSamePageGivesTheSameBytes(t *testing.T) {
	draw := func() []byte {
		p := page()
		for i, n := range names {
			p.Line(paper.Paragraph, 20, float64(i), 200, 10, paper.Style{Size: 20}, paper.Left, n.name)
		}
		return pdf(t, p)
	}
	first := draw()
	for range 5 {
		if !bytes.Equal(first, draw()) {
			t.Fatal("two pages differ")
		}
	}
}

// Broken into lines, a text keeps all its letters, and no line is wider than asked.
func TestWrap(t *testing.T) {
	p := page()
	rapid.Check(t, func(t *rapid.T) {
		words := rapid.SliceOfN(rapid.StringMatching(`[a-ząęółśżźćńА-Яა-ჰ]{1,30}`), 0, 12).Draw(t, "words")
		width := rapid.Float64Range(10, 80).Draw(t, "width")
		style := paper.Style{Size: rapid.Float64Range(5, 20).Draw(t, "size")}
		lines := p.Wrap(style, width, strings.Join(words, "  "))
		if got, want := strings.ReplaceAll(strings.Join(lines, ""), " ", ""), strings.Join(words, ""); got != want {
			t.Fatalf("%q became %q", want, lines)
		}
		for _, l := range lines {
			if w := p.Width(style, l); w > width+0.001 {
				t.Fatalf("%q is %.2f wide, asked %.2f", l, w, width)
			}
		}
	})
}

func BenchmarkNames(b *testing.B) {
	for b.Loop() {
		p := page()
		for i, n := range names {
			p.Line(paper.Paragraph, 20, float64(i), 200, 10, paper.Style{Size: 20}, paper.Left, n.name)
		}
		if _, err := p.PDF(); err != nil {
			b.Fatal(err)
		}
	}
}
