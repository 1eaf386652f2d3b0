package certificate

import (
	"fmt"
	"math"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"rsc.io/qr"

	"ostoja/internal/paper"
	"ostoja/internal/paper/papertest"
)

// drawing is what stands on a page, read back from the PDF.
type drawing struct{ papertest.Page }

// drawn reads the page of a PDF that [PDF] made.
func drawn(t *testing.T, pdf []byte) drawing {
	t.Helper()
	d := drawing{papertest.Read(t, pdf)}
	if len(d.Texts) == 0 || len(d.Boxes) == 0 {
		t.Fatal("nothing stands on the page")
	}
	return d
}

// code returns the rectangles of the QR.
func (d drawing) code() []papertest.Box {
	return slices.DeleteFunc(slices.Clone(d.Boxes), func(b papertest.Box) bool { return b.X < right-qrSize-0.01 || b.Y < bottom-26-qrSize-0.01 })
}

// String lists the texts from the top as they stand, to a tenth of a millimetre.
func (d drawing) String() string {
	var b strings.Builder
	for _, x := range d.Texts {
		fmt.Fprintf(&b, "%6.1f %6.1f  %5.2f pt  %s  %s\n", x.X, x.Y, x.Size, hex(x.Colour), x.Text)
	}
	for _, l := range d.Links {
		fmt.Fprintf(&b, "link %.1f %.1f %.1f %.1f\n", l.X, l.Y, l.Width, l.Height)
	}
	for _, r := range d.Boxes[:len(d.Boxes)-len(d.code())] {
		fmt.Fprintf(&b, "box %.1f %.1f %.1f %.1f  %s\n", r.X, r.Y, r.Width, r.Height, hex(r.Colour))
	}
	return b.String()
}

func hex(c paper.RGB) string { return fmt.Sprintf("%02x%02x%02x", c.R, c.G, c.B) }

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
		for i, a := range d.Texts {
			all.WriteString(a.Text + " ")
			if a.X < left-0.1 || a.X > right || a.Y > bottom+1 || a.Y < 10 || a.Size < 4.5 {
				t.Errorf("%s: %q stands at %.1f, %.1f in %.2f points", name, a.Text, a.X, a.Y, a.Size)
			}
			for _, b := range d.Texts[:i] {
				if math.Abs(a.X-b.X) < 0.5 && math.Abs(a.Y-b.Y) < 0.3*min(a.Size, b.Size)*0.9 {
					t.Errorf("%s: %q stands on %q", name, a.Text, b.Text)
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
			black := slices.ContainsFunc(d.code(), func(r papertest.Box) bool {
				return px > r.X && px < r.X+r.Width && py > r.Y && py < r.Y+r.Height
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
	if len(d.code()) != runs {
		t.Errorf("%d rectangles for %d runs", len(d.code()), runs)
	}
	for _, r := range d.code() {
		if r.Height < module-0.01 || r.Height > module+0.02 {
			t.Fatalf("a row is %.3f mm high, a module %.3f", r.Height, module)
		}
	}
}

// A line that does not fit is made smaller, one that fits is not, and none below what can be read.
func TestLinesAreMadeToFit(t *testing.T) {
	size := func(holder string) float64 {
		c := sample()
		c.Holder = holder
		for _, x := range drawn(t, draw(t, c)).Texts {
			if x.Text == holder {
				return x.Size
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
		found := slices.ContainsFunc(drawn(t, draw(t, c)).Texts, func(x papertest.Text) bool { return x.Text == want && x.Size == 12 })
		if !found && hours != 1.005 {
			t.Errorf("%g hours are not %q on the paper", hours, want)
		}
	}
}
