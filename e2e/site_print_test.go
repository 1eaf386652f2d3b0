package e2e

import (
	"context"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

var (
	pdfPage = regexp.MustCompile(`/Type\s*/Page\b`)
	pdfBox  = regexp.MustCompile(`/MediaBox\s*\[\s*0 0 ([0-9.]+) ([0-9.]+)\s*\]`)
)

// pdf prints the page on the paper that it asks for.
func (b *browser) pdf() (pdf []byte) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, 30*time.Second)
	defer cancel()
	own := true
	if err := chromedp.Do(ctx, chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		r, err := cdp.Call(ctx, t, page.PrintToPDF, page.PrintToPDFParams{PreferCSSPageSize: &own})
		pdf = r.Data
		return err
	})); err != nil {
		b.t.Fatal(err)
	}
	if dir := os.Getenv("OSTOJA_SCREENSHOTS"); dir != "" {
		name := strings.ReplaceAll(strings.TrimPrefix(eval[string](b, `location.pathname`), "/"), "/", "-") + ".pdf"
		if err := os.WriteFile(filepath.Join(dir, name), pdf, 0o600); err != nil {
			b.t.Fatal(err)
		}
	}
	return pdf
}

// print returns the number of sheets that the page takes, and the size of one in millimetres.
func (b *browser) print() (sheets int, wide, high float64) {
	b.t.Helper()
	pdf := b.pdf()
	box := pdfBox.FindSubmatch(pdf)
	if box == nil {
		b.t.Fatal("the PDF has no page")
	}
	size := func(points []byte) float64 {
		n, err := strconv.ParseFloat(string(points), 64)
		if err != nil {
			b.t.Fatal(err)
		}
		return n / 72 * 25.4
	}
	return len(pdfPage.FindAll(pdf, -1)), size(box[1]), size(box[2])
}

// TestSheetsArePrintedOnTheirPaper: leaflets and posters of all guides that have them, each on one sheet.
func TestSheetsArePrintedOnTheirPaper(t *testing.T) {
	t.Parallel()
	p := openPublic(t, "https://exit.example/")
	b := openBrowser(t, p.base, 800, false)
	paper := map[string][2]float64{"a4": {210, 297}, "a6": {105, 148}, "a3": {297, 420}}
	for _, l := range p.app.Site.Languages() {
		for _, a := range p.app.Site.Bundle().Articles {
			if !a.Leaflet || a.ID != "danger" && l.Tag != "pl" && l.Tag != "ar" && l.Tag != "ru" {
				continue
			}
			for format, size := range paper {
				path := fmt.Sprintf("/%s/%s-%s", l.Tag, a.Code, format)
				b.open(path)
				n, wide, high := b.print()
				if math.Abs(wide-size[0]) > 1 || math.Abs(high-size[1]) > 1 {
					t.Errorf("%s: %.0f × %.0f mm", path, wide, high)
				}
				if n != 1 && format != "a4" {
					t.Errorf("%s takes %d sheets", path, n)
				}
				lines := "tel:112 true,tel:+48226280120 true"
				// A poster has room for one line, and a leaflet whose text has the second none for it twice.
				if said := strings.Contains(eval[string](b, `document.querySelector("main").innerHTML.split('class="end"')[0]`), "tel:+48605687750"); format == "a4" || format == "a6" && !said {
					lines += ",tel:+48605687750 true"
				}
				if got := eval[string](b, `[...document.querySelectorAll(".big")].map(e => e.querySelector("a").getAttribute("href") + " " + e.innerText.includes(" – ")).join()`); got != lines {
					t.Errorf("%s: the numbers are %s", path, got)
				}
			}
		}
	}
}

// TestTheCheckIsPrintedWithItsAnswers: each question with what was chosen and the advice it brought, none over another.
func TestTheCheckIsPrintedWithItsAnswers(t *testing.T) {
	p := openPublic(t, "https://exit.example/")
	b := openBrowser(t, p.base, 700, false)
	for _, path := range []string{"/pl/w3", "/ar/w3"} {
		b.open(path)
		for i, answer := range []string{"y", "n", "u"} {
			b.do(chromedp.Click(fmt.Sprintf(`label[for=q%d%s]`, i+1, answer)))
		}
		b.media("print", nil)
		got := eval[string](b, `(() => { const shown = (e) => e.checkVisibility() && e.getBoundingClientRect().height > 8, found = [];
			const chosen = [...document.querySelectorAll("fieldset label")].filter(shown).map(e => e.getAttribute("for")).join();
			if (chosen !== "q1y,q2n,q3u") found.push("answers: " + chosen);
			for (const set of document.querySelectorAll("fieldset")) {
				const parts = [...set.querySelectorAll("legend, label, .advice")].filter(shown).map(e => e.getBoundingClientRect());
				for (let i = 1; i < parts.length; i++) if (parts[i].top < parts[i - 1].bottom - 1) found.push("one over another in " + set.querySelector("legend").innerText);
			}
			return found.join("\n") })()`)
		if got != "" {
			t.Errorf("%s: %s", path, got)
		}
		if dir := os.Getenv("OSTOJA_SCREENSHOTS"); dir != "" {
			b.picture(filepath.Join(dir, strings.ReplaceAll(path[1:], "/", "-")+"-print.png"))
		}
		b.media("", nil)
	}
}
