package e2e

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"ostoja/internal/access"
	"ostoja/internal/db/dbtest"
	"ostoja/internal/firstline"
	"ostoja/internal/firstline/card"
	"ostoja/internal/firstline/firstlinetest"
	shippedkit "ostoja/kit"
)

// silence is a recording of about a second, made of frames of MPEG-1 layer III that hold nothing (ISO/IEC 11172-3): 128 kbit/s, 44.1 kHz, mono.
func silence() []byte {
	const frame = 417 // bytes: 144 × 128,000 / 44,100
	var b []byte
	for range 40 {
		b = append(append(b, 0xff, 0xfb, 0x90, 0xc0), make([]byte, frame-4)...)
	}
	return b
}

// TestARecordingIsPlayed: where a device has no voice of its own, the question is heard from the file of the office's kit, from its beginning to
// its end, asked for once it is played and not before; a voice of the device is used instead, and then the file is never asked for.
func TestARecordingIsPlayed(t *testing.T) {
	dir, k := t.TempDir(), firstlinetest.Shipped(t)
	if err := os.CopyFS(dir, shippedkit.FS); err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Join(dir, "uk", "hear"), 0o750); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "uk", "hear", k.Hear.Questions[0]+".mp3"), silence(), 0o600); err != nil {
		t.Fatal(err)
	}
	p := openPublicWith(t, "https://exit.example/", dir)
	asked := func() (n int) {
		for _, r := range p.seen() {
			if strings.HasSuffix(r.URL.Path, ".mp3") {
				n++
			}
		}
		return n
	}
	for _, voices := range []string{`[]`, `[{lang: "uk-UA", localService: true, name: "here"}]`} {
		b := openBrowser(t, p.base, 360, false)
		b.watchViolations()
		b.atStart(`window.SpeechSynthesisUtterance = function (t) { this.text = t };
			Object.defineProperty(window, "speechSynthesis", {value: {getVoices: () => ` + voices + `, cancel() {}, speak() {}}});`)
		b.open("/uk/" + k.Hear.Code)
		if n := asked(); n != 0 {
			t.Errorf("voices %s: %d files are asked for before anything is played", voices, n)
		}
		eval[bool](b, `window.__heard = []; for (const what of ["playing", "ended", "error"]) document.querySelector("audio").addEventListener(what, () => window.__heard.push(what)); document.querySelector("[data-hear=begin]").id = "begin-by-hand"; true`)
		b.do(chromedp.Click("#begin-by-hand")) // by a finger: without one, browsers play nothing
		heard := ""
		for end := time.Now().Add(10 * time.Second); time.Now().Before(end) && heard != "playing ended"; time.Sleep(100 * time.Millisecond) {
			if heard = eval[string](b, `window.__heard.join(" ")`); voices != `[]` && time.Until(end) < 8*time.Second {
				break
			}
		}
		if voices == `[]` {
			if d := eval[float64](b, `document.querySelector("audio").duration`); heard != "playing ended" || d < .9 || d > 1.2 || eval[bool](b, `document.getElementById("mute").checkVisibility()`) {
				t.Errorf("heard: %q, %g seconds", heard, d)
			}
			if n := asked(); n == 0 {
				t.Error("it was played without its file")
			}
			b.activate("fieldset:nth-of-type(1) [data-hear=next]") // of the second there is none: that is said
			if !eval[bool](b, `document.getElementById("mute").checkVisibility()`) {
				t.Error("a question without a recording does not say that it is to be read")
			}
		} else if n := asked(); n != 0 || heard != "" {
			t.Errorf("with a voice of the device's own %d files are asked for, heard: %q", n, heard)
		}
		if found := eval[string](b, `(window.__violations || []).join("\n")`); found != "" {
			t.Errorf("voices %s: policy violated: %s", voices, found)
		}
	}
}

// TestACardAndTheTableOfTwoPeople: a card is accessible and prints whom to call and nothing that is only for who keeps it; the result of two
// people is a table on a wide window, whose heads stand over their columns, and on a narrow one has three steps side by side.
func TestACardAndTheTableOfTwoPeople(t *testing.T) {
	p := start(t, dbtest.SQLite(t))
	first, entry := p.staff("kartka@example.org", access.Coordinator)
	second, _ := p.staff("drugie@example.org", access.Coordinator)
	ctx := t.Context()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(p.app.Cards.Write(ctx, first, p.unit, card.Draft{Note: "Zawsze we dwoje.", Lines: []card.Line{
		{Who: "Dyżur próbny", Phone: "00 000 00 03 wew. 1", When: card.Always, Inside: true}, {Who: "Tłumaczka próbna", Phone: "00 000 00 04", When: card.ByDay, Note: "ukraiński"},
	}}))
	round, err := p.app.Agreement.Begin(ctx, first, p.unit)
	must(err)
	must(p.app.Agreement.Join(ctx, second, round))
	for i, s := range p.app.Agreement.Table().Situations {
		must(p.app.Agreement.Say(ctx, first, round, s.ID, firstline.Urgencies[i%3]))
		must(p.app.Agreement.Say(ctx, second, round, s.ID, s.Step))
	}
	must(p.app.Agreement.Finish(ctx, first, round))
	must(p.app.Agreement.Finish(ctx, second, round))
	b := openBrowser(t, p.base, 1280, false)
	b.enter(entry)
	for _, width := range []int64{360, 1280} {
		b.width(width)
		for _, path := range []string{"/app/contacts", "/app/contacts/" + p.unit, "/app/agreement", "/app/agreement/" + round + "/result", "/app/laboratory", "/app/laboratory/runs", "/app/laboratory/figures"} {
			b.open(path)
			b.clean(fmt.Sprintf("%s at %d", path, width))
		}
		b.open("/app/agreement/" + round + "/result")
		if width == 1280 {
			if got := eval[string](b, `[...document.querySelectorAll("main table")].flatMap(t => [...t.rows[1].cells].flatMap((c, i) => Math.abs(c.getBoundingClientRect().left - t.rows[0].cells[i].getBoundingClientRect().left) > 2 ? [c.innerText] : [])).join()`); got != "" {
				t.Errorf("these do not stand below their heads: %s", got)
			}
		} else if n := eval[int](b, `new Set([...document.querySelectorAll("main table:last-of-type tbody tr:first-child td[data-label]")].map(c => Math.round(c.getBoundingClientRect().top))).size`); n != 1 {
			t.Errorf("the three steps stand in %d lines", n)
		}
	}
	b.printed("Wynik: dwie osoby i tabela", "Cohen 1960", "20. ")
	b.open("/app/contacts/" + p.unit)
	b.printed("Dyżur próbny", "00 000 00 03 wew. 1", "Nie przekazuj dalej", "Tłumaczka próbna", "w dzień", "ukraiński", "Zawsze we dwoje.", "Sprawdzono:")
	if n, _, _ := b.print(); n != 1 {
		t.Errorf("the card takes %d sheets", n)
	}
	for _, path := range []string{"/app/contacts/" + p.unit, "/app/agreement/" + round + "/result"} {
		if r, err := http.Get(p.base + path); err != nil || r.Request.URL.Path != "/app/sign-in" {
			t.Errorf("%s is shown to who is not signed in: %v", path, err)
		} else {
			_ = r.Body.Close()
		}
	}
}
