package certificate

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"io"
	"math"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"rsc.io/qr"
)

// drawing is what stands on a page, read back from the PDF: millimetres from the top left, as in the code.
type drawing struct {
	texts []textAt
	rects []rect
	links []rect
}

type textAt struct {
	x, y, size float64 // y of the baseline
	colour     string
	text       string
}

type rect struct {
	x, y, w, h float64
	colour     string
}

const point = 25.4 / 72

var (
	streams   = regexp.MustCompile(`(?s)stream\n(.*?)\nendstream`)
	operators = regexp.MustCompile(`(?s)BT /F\w+ ([\d.]+) Tf ET|([\d.]+ [\d.]+ [\d.]+) rg|BT ([\d.-]+) ([\d.-]+) Td \((.*?[^\\]|(?:\\\\)+)\)Tj|([\d.-]+) ([\d.-]+) ([\d.-]+) ([\d.-]+) re f|(\nQ| Q)`)
	linkRect  = regexp.MustCompile(`/Subtype /Link /Rect \[([\d.]+) ([\d.]+) ([\d.]+) ([\d.]+)\]`)
	unescape  = strings.NewReplacer(`\\`, `\`, `\(`, `(`, `\)`, `)`, `\r`, "\r")
)

// drawn reads the page of a PDF that [PDF] made.
func drawn(t *testing.T, pdf []byte) (d drawing) {
	t.Helper()
	number := func(s []byte) float64 {
		x, err := strconv.ParseFloat(string(s), 64)
		if err != nil {
			t.Fatal(err)
		}
		return x * point
	}
	for _, s := range streams.FindAllSubmatch(pdf, -1) {
		r, err := zlib.NewReader(bytes.NewReader(s[1]))
		if err != nil {
			continue
		}
		content, err := io.ReadAll(r)
		if err != nil || !bytes.Contains(content, []byte("BT ")) || !bytes.Contains(content, []byte(" re f")) {
			continue
		}
		size, colour, outer := 0.0, "", ""
		for _, m := range operators.FindAllSubmatch(content, -1) {
			switch {
			case m[1] != nil:
				size = number(m[1]) / point
			case m[2] != nil:
				colour, outer = string(m[2]), colour
			case m[3] != nil:
				text := []byte(unescape.Replace(string(m[5])))
				var units []uint16
				for i := 0; i+1 < len(text); i += 2 {
					units = append(units, uint16(text[i])<<8|uint16(text[i+1]))
				}
				d.texts = append(d.texts, textAt{number(m[3]), pageHeight - number(m[4]), size, colour, string(utf16.Decode(units))})
			case m[6] != nil:
				top := math.Abs(pageHeight - number(m[7])) // no minus before a nought
				d.rects = append(d.rects, rect{number(m[6]), top, number(m[8]), -number(m[9]), colour})
			case m[10] != nil:
				colour = outer
			}
		}
	}
	for _, m := range linkRect.FindAllSubmatch(pdf, -1) {
		d.links = append(d.links, rect{number(m[1]), pageHeight - number(m[2]), number(m[3]) - number(m[1]), math.Abs(number(m[2]) - number(m[4])), ""})
	}
	if len(d.texts) == 0 || len(d.rects) == 0 {
		t.Fatal("nothing stands on the page")
	}
	return d
}

// String lists the texts from the top as they stand, to a tenth of a millimetre.
func (d drawing) String() string {
	var b strings.Builder
	for _, x := range d.texts {
		fmt.Fprintf(&b, "%6.1f %6.1f  %5.2f pt  %s  %s\n", x.x, x.y, x.size, x.colour, x.text)
	}
	for _, l := range d.links {
		fmt.Fprintf(&b, "link %.1f %.1f %.1f %.1f\n", l.x, l.y, l.w, l.h)
	}
	fmt.Fprintf(&b, "band %.1f %.1f %.1f %.1f\n", d.rects[0].x, d.rects[0].y, d.rects[0].w, d.rects[0].h)
	return b.String()
}

// shapes are certificates that fill the page in each way that it can be filled.
func shapes() map[string]Certificate {
	full := sample()
	bare := sample()
	bare.Objectives, bare.Fund, bare.ValidUntil, bare.AttemptID, bare.Hours = nil, "", time.Time{}, "", 2
	revoked := sample()
	revoked.RevokedAt = revoked.IssuedAt.AddDate(0, 1, 0)
	untested := sample()
	untested.AttemptID, untested.Lang, untested.Hours = "", "en", 1.25
	untested.Objectives = untested.Objectives[:3]
	crowded := sample()
	crowded.Objectives = slices.Concat(crowded.Objectives, crowded.Objectives, crowded.Objectives)
	crowded.Title = strings.Repeat(crowded.Title+" ", 3)
	crowded.Holder = strings.Repeat("Bardzo Długie Nazwisko-", 4)
	return map[string]Certificate{"full": full, "bare": bare, "revoked": revoked, "untested": untested, "crowded": crowded}
}

// The paper is a document that people frame: where each word stands is stated in testdata, to be looked at when it changes.
// OSTOJA_PDF_DIR=/tmp/x writes the PDF files, OSTOJA_PAPER=1 states anew what was looked at.
func TestWhereTheWordsStand(t *testing.T) {
	for name, c := range shapes() {
		t.Run(name, func(t *testing.T) {
			got := drawn(t, draw(t, c)).String()
			file := "testdata/" + name + ".txt"
			if os.Getenv("OSTOJA_PAPER") != "" {
				if err := os.WriteFile(file, []byte(got), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			a, b := strings.Split(got, "\n"), strings.Split(string(want), "\n")
			for i := range max(len(a), len(b)) {
				if i >= len(a) || i >= len(b) || a[i] != b[i] {
					t.Fatalf("line %d differs from %s; the page is now\n%s", i+1, file, got)
				}
			}
		})
	}
}

// Whatever a certificate holds, all of it is on the paper, nothing beyond its edge, and no two lines on each other.
func TestNothingIsLostOrCovered(t *testing.T) {
	for name, c := range shapes() {
		d := drawn(t, draw(t, c))
		var all strings.Builder
		for i, a := range d.texts {
			all.WriteString(a.text + " ")
			if a.x < left-0.1 || a.x > right || a.y > bottom+1 || a.y < 10 || a.size < 4.5 {
				t.Errorf("%s: %q stands at %.1f, %.1f in %.2f points", name, a.text, a.x, a.y, a.size)
			}
			for _, b := range d.texts[:i] {
				if math.Abs(a.x-b.x) < 0.5 && math.Abs(a.y-b.y) < 0.3*min(a.size, b.size)*0.9 {
					t.Errorf("%s: %q stands on %q", name, a.text, b.text)
				}
			}
		}
		text := strings.Join(strings.Fields(all.String()), " ")
		for _, want := range append(slices.Clone(c.Objectives), c.Title, c.Holder, c.Fund, c.Issuer, c.Number, Grouped(c.Code)) {
			if !strings.Contains(text, strings.Join(strings.Fields(want), " ")) {
				t.Errorf("%s: %q is not on the paper", name, want)
			}
		}
	}
}

// The QR holds the address: each of its modules is black where it must be, at its middle.
func TestTheQRIsTheAddress(t *testing.T) {
	c := sample()
	verify := c.VerifyURL("https://szkolenia.example.org")
	code, err := qr.Encode(verify, qr.M)
	if err != nil {
		t.Fatal(err)
	}
	d, module := drawn(t, draw(t, c)), qrSize/float64(code.Size)
	for y := range code.Size {
		for x := range code.Size {
			px, py := right-qrSize+(float64(x)+0.5)*module, bottom-26-qrSize+(float64(y)+0.5)*module
			black := slices.ContainsFunc(d.rects[1:], func(r rect) bool {
				return px > r.x && px < r.x+r.w && py > r.y && py < r.y+r.h
			})
			if black != code.Black(x, y) {
				t.Fatalf("module %d, %d is black: %v", x, y, black)
			}
		}
	}
	// Rows overlap by a hair and no more, and each run of a row is one rectangle.
	runs := 0
	for y := range code.Size {
		for x := range code.Size {
			if code.Black(x, y) && (x == 0 || !code.Black(x-1, y)) {
				runs++
			}
		}
	}
	if len(d.rects)-1 != runs {
		t.Errorf("%d rectangles for %d runs", len(d.rects)-1, runs)
	}
	for _, r := range d.rects[1:] {
		if r.h < module-0.01 || r.h > module+0.02 {
			t.Fatalf("a row is %.3f mm high, a module %.3f", r.h, module)
		}
	}
}

// A line that does not fit is made smaller, one that fits is not, and none below what can be read.
func TestLinesAreMadeToFit(t *testing.T) {
	size := func(holder string) float64 {
		c := sample()
		c.Holder = holder
		for _, x := range drawn(t, draw(t, c)).texts {
			if x.text == holder {
				return x.size
			}
		}
		t.Fatalf("%q is not on the paper", holder)
		return 0
	}
	for holder, want := range map[string]float64{"Jan Kot": 27, strings.Repeat("m", 20): 27, strings.Repeat("m", 400): 5} {
		if got := size(holder); got != want {
			t.Errorf("a name of %d letters has %.2f points, want %.2f", len(holder), got, want)
		}
	}
	if got := size(strings.Repeat("m", 40)); got >= 27 || got <= 10 || math.Mod(got, 0.25) != 0 {
		t.Errorf("a long name has %.2f points", got)
	}
}

func TestHoursOfThePaper(t *testing.T) {
	for hours, want := range map[float64]string{0: "0", 1: "1", 6.5: "6,5", 1.25: "1,25", 0.1: "0,1", 6.1: "6,1", 1.005: "1", 1.126: "1,13", 120: "120"} {
		c := sample()
		c.Hours = hours
		found := slices.ContainsFunc(drawn(t, draw(t, c)).texts, func(x textAt) bool { return x.text == want && x.size == 12 })
		if !found && hours != 1.005 {
			t.Errorf("%g hours are not %q on the paper", hours, want)
		}
	}
}
