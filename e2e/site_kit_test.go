package e2e

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"ostoja/internal/firstline"
	"ostoja/internal/firstline/firstlinetest"
	"ostoja/internal/indicator"
)

// kitCodes are the codes of the kit's kinds of pages, those of the sheet of rights aside.
func kitCodes(k *firstline.Kit) []string {
	return []string{k.Page, k.Places[0].Code, k.Places[2].Code + "-now", k.Places[4].Code + "-consult", k.Situations[0].Code, k.Papers[0].Code, k.Papers[2].Code, k.Papers[4].Code, k.Hear.Code}
}

// TestTheAidShowsWhatFollows: the page of each place, which has no script of its own for it, shows what [firstline.Kit.Next] says, whatever
// was answered; ticks change their own words alone, and clearing takes all of it back.
func TestTheAidShowsWhatFollows(t *testing.T) {
	t.Parallel()
	p := openPublic(t, "https://exit.example/")
	k := firstlinetest.Shipped(t)
	b := openBrowser(t, p.base, 360, false)
	draw := rand.New(rand.NewPCG(14, 1))
	for _, place := range k.Places {
		b.open("/pl/" + place.Code)
		none := b.shownInAid()
		for range 6 {
			b.activate(`form button[type=reset]`)
			a := firstline.Answers{Questions: map[string]firstline.Answer{}}
			for i, s := range k.Subjects() {
				n := draw.IntN(len(s.Values) + 1)
				if n == len(s.Values) {
					continue // not answered
				}
				b.activate(fmt.Sprintf(`label[for=q%d%c]`, i, 'a'+n))
				switch s.ID {
				case "age":
					a.Age = s.Values[n]
				case "beside":
					a.Beside = s.Values[n]
				default:
					a.Questions[s.ID] = firstline.Answer(s.Values[n])
				}
			}
			if got, want := b.shownInAid(), expected(k, place.ID, k.Next(place.ID, a)); got != want {
				t.Errorf("%s, %v:\n%s\nis not\n%s", place.ID, a, got, want)
			}
		}
		before := b.shownInAid()
		b.activate("summary")
		list := k.Indicators.For(place.ID, indicator.Anyone)
		for i := range list {
			b.activate(fmt.Sprintf("label[for=n%d]", i))
			if n := eval[int](b, `[...document.querySelectorAll(".n > .b")].filter(e => e.checkVisibility()).length`); n != i+1 {
				t.Errorf("%s: %d ticks show %d words", place.ID, i+1, n)
			}
		}
		if after := b.shownInAid(); after != before {
			t.Errorf("%s: %d ticks change the step", place.ID, len(list))
		}
		b.activate(`form button[type=reset]`)
		if after := b.shownInAid(); after != none {
			t.Errorf("%s: clearing leaves %s", place.ID, after)
		}
	}
}

// activate clicks the first of what a selector finds, within the page, which is quicker than by the pointer.
func (b *browser) activate(selector string) {
	b.t.Helper()
	if !eval[bool](b, fmt.Sprintf(`(e => { if (e) e.click(); return !!e })(document.querySelector(%q))`, selector)) {
		b.t.Fatalf("there is no %s", selector)
	}
}

// shownInAid returns what the result of the aid shows: which of the open questions and of the actions of each urgency, by their
// places in the page, and which urgencies have a heading.
func (b *browser) shownInAid() string {
	b.t.Helper()
	return eval[string](b, `[".o li", ".u-now li", ".u-today li", ".u-consult li"].map(s => [...document.querySelectorAll(".r " + s)].flatMap((e, i) => e.checkVisibility() ? [i] : []).join(" ")).join("\n")
		+ "\n" + ["now", "today", "consult"].filter(u => document.querySelector(".r .u-" + u).checkVisibility()).join(" ")`)
}

// expected writes a result at a place as shownInAid does.
func expected(k *firstline.Kit, place string, r firstline.Result) string {
	var lines, line []string
	for i, s := range k.Subjects() {
		if slices.Contains(r.Open, s.ID) {
			line = append(line, strconv.Itoa(i))
		}
	}
	lines = append(lines, strings.Join(line, " "))
	var headings []string
	for _, u := range firstline.Urgencies {
		var line []string
		n := 0
		for _, x := range k.Actions {
			if always, rest := firstline.At(place, x.When); x.Urgency != u || !always && len(rest) == 0 {
				continue // never at this place
			}
			if slices.Contains(r.Actions[u], x.ID) {
				line = append(line, strconv.Itoa(n))
			}
			n++
		}
		lines = append(lines, strings.Join(line, " "))
		if len(line) > 0 {
			headings = append(headings, string(u))
		}
	}
	return strings.Join(append(lines, strings.Join(headings, " ")), "\n")
}

// TestTheAidWorksWithoutScriptsAndFromAFile: the same page without scripts, and as a file that lies alone, asks for nothing.
func TestTheAidWorksWithoutScriptsAndFromAFile(t *testing.T) {
	p := openPublic(t, "https://exit.example/")
	k := firstlinetest.Shipped(t)
	for _, l := range p.app.Site.Languages() {
		for _, place := range k.Places {
			r, err := http.Get(p.base + "/" + l.Tag + "/keep-" + place.Code + ".html")
			if err != nil {
				t.Fatal(err)
			}
			body := text(t, r.Body)
			_ = r.Body.Close()
			if n := len(body); n > 150_000 || n < 20_000 {
				t.Errorf("%s, %s: the file has %d bytes", l.Tag, place.ID, n)
			}
			if strings.Contains(body, `href="/`) || !strings.Contains(body, "Content-Security-Policy") {
				t.Errorf("%s, %s: the file leads to pages that are not beside it, or has no policy of its own", l.Tag, place.ID)
			}
			if l.Tag == "uk" && place.ID == "school" {
				file := filepath.Join(t.TempDir(), "kept.html")
				if err := os.WriteFile(file, []byte(body), 0o600); err != nil {
					t.Fatal(err)
				}
				b := openBrowser(t, p.base, 360, true)
				p.seen()
				b.do(chromedp.Navigate("file://" + file))
				b.do(chromedp.Click("label[for=q0a]"))
				b.scripts(true)
				if n := eval[int](b, `[...document.querySelectorAll(".u-now li")].filter(e => e.checkVisibility()).length`); n != 1 {
					t.Errorf("in the file %d actions are shown", n)
				}
				if seen := p.seen(); len(seen) != 0 {
					t.Errorf("the file asks for %d things", len(seen))
				}
			}
		}
	}
}

// TestKitPages: each kind of page in each language is accessible, fits a narrow window and can be walked by keyboard; none leads to the
// migrants' question whether they are in danger.
func TestKitPages(t *testing.T) {
	t.Parallel()
	p := openPublic(t, "https://exit.example/")
	k := firstlinetest.Shipped(t)
	b := openBrowser(t, p.base, narrowWindow, false)
	for _, l := range p.app.Site.Languages() {
		for _, code := range kitCodes(k) {
			path := "/" + l.Tag + "/" + code
			b.open(path)
			b.allRules(path)
			b.fits(path)
		}
	}
	for _, tag := range k.Consent.Languages {
		path := "/pl/" + k.Consent.Code + "-" + tag
		b.open(path)
		b.allRules(path)
		b.fits(path)
	}
	for _, code := range []string{k.Places[0].Code, k.Papers[0].Code, k.Hear.Code} {
		b.byKeyboard("/pl/" + code)
	}
}

// TestWhatIsTypedStaysNowhere fills a paper in, answers an aid and a question to hear, leaves, closes the browser and looks through all that its
// profile holds. A form that a server gets is the control: it must be found, or the search would find nothing ever.
func TestWhatIsTypedStaysNowhere(t *testing.T) {
	world, _ := elsewhere(t)
	p := openPublic(t, world)
	p.plain = true
	k := firstlinetest.Shipped(t)
	mux := http.NewServeMux()
	mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = fmt.Fprint(w, `<!DOCTYPE html><title>Kontrola</title><link rel="icon" href="data:,"><form method="post"><input id="f0-0" name="q"><button>Dalej</button></form>`)
	})
	other := http.Server{Handler: mux, ReadHeaderTimeout: time.Second}
	listener := listen(t)
	go func() { _ = other.Serve(listener) }()
	t.Cleanup(func() { _ = other.Close() })

	const control, name, lines = "kontrolnenazwisko", "tajnenazwisko", "tajnaopowiesc"
	profile := t.TempDir()
	b, stop := profiled(t, p.base, profile, false)
	b.open("http://" + listener.Addr().String() + "/")
	b.do(chromedp.SendKeys("#f0-0", control))
	b.pressSelector(`document.querySelector("button")`, "Dalej")
	b.open("/pl/" + k.Papers[0].Code)
	b.do(chromedp.SendKeys("#f0-0", name))
	b.do(chromedp.SendKeys("#f2-0", lines))
	if got := eval[string](b, `document.querySelector("#f0-0").value + document.querySelector("#f2-0").value`); got != name+lines {
		t.Fatalf("nothing was typed: %q", got)
	}
	time.Sleep(3 * time.Second) // the browser writes its journal of pages with a delay; nothing tells when
	// A page that is kept for Back is empty, before anything else sees it.
	if got := eval[string](b, `dispatchEvent(new PageTransitionEvent("pagehide", {persisted: true})); document.querySelector("#f0-0").value`); got != "" {
		t.Errorf("leaving keeps %q", got)
	}
	b.do(chromedp.SendKeys("#f0-0", name))
	p.seen()
	b.do(chromedp.SendKeys("#f0-0", "\r"))
	if seen := p.seen(); len(seen) != 0 || strings.Contains(b.where(), name) {
		t.Errorf("Enter sends something: %d requests, %s", len(seen), b.where())
	}
	b.open("/pl/" + k.Places[1].Code)
	b.do(chromedp.Click("label[for=q0a]"))
	time.Sleep(3 * time.Second)
	b.pressSelector(`document.getElementById("out")`, "way out")
	time.Sleep(2 * time.Second)
	stop()
	if hits := search(t, profile, control); len(hits) == 0 {
		t.Fatal("what another site's form sent was not found: the search is blind")
	}
	for _, secret := range []string{name, lines} {
		if hits := search(t, profile, secret); len(hits) > 0 {
			t.Errorf("%q stands in %v", secret, hits)
		}
	}
}

// TestQuestionsAreHeardFromTheDeviceAlone: one at a time, said by a voice of the device; where it has none, that is said, and nobody else's is
// used. Without a script they are a list.
func TestQuestionsAreHeardFromTheDeviceAlone(t *testing.T) {
	p := openPublic(t, "https://exit.example/")
	k := firstlinetest.Shipped(t)
	for _, c := range []struct {
		voices string
		spoken bool
	}{
		{`[{lang: "uk-UA", localService: true, name: "here"}]`, true},
		{`[{lang: "uk-UA", localService: false, name: "elsewhere"}]`, false},
		{`[{lang: "pl-PL", localService: true, name: "another language"}]`, false},
	} {
		b := openBrowser(t, p.base, 360, false)
		b.atStart(`window.__said = []; window.SpeechSynthesisUtterance = function (t) { this.text = t };
			Object.defineProperty(window, "speechSynthesis", {value: {getVoices: () => ` + c.voices + `, cancel() {}, speak(u) { window.__said.push(u.voice.name + ": " + u.text) }}});`)
		b.open("/uk/" + k.Hear.Code)
		b.activate("[data-hear=begin]")
		for i := range k.Hear.Questions {
			if n := eval[int](b, `[...document.querySelectorAll("fieldset")].filter(e => e.checkVisibility()).length`); n != 1 {
				t.Fatalf("%d questions at a time", n)
			}
			if i == 0 {
				b.activate("label[for=h0o0]")
			}
			b.activate(fmt.Sprintf("fieldset:nth-of-type(%d) [data-hear=next]", i+1))
		}
		said := eval[int](b, `window.__said.length`)
		if c.spoken != (said == len(k.Hear.Questions)) || c.spoken == eval[bool](b, `document.getElementById("mute").checkVisibility()`) {
			t.Errorf("%s: %d questions were said", c.voices, said)
		}
		if c.spoken {
			first, _ := k.Text("uk", "hear.ask."+k.Hear.Questions[0])
			if got := eval[string](b, `window.__said[0]`); got != "here: "+first {
				t.Errorf("said %q", got)
			}
		}
	}
	b := openBrowser(t, p.base, 360, true)
	b.open("/uk/" + k.Hear.Code)
	b.scripts(true)
	if n := eval[int](b, `[...document.querySelectorAll("fieldset")].filter(e => e.checkVisibility()).length`); n != len(k.Hear.Questions) {
		t.Errorf("without scripts %d questions are shown", n)
	}
}

// words returns the text of a printed page, as pdftotext reads it, in single spaces.
func (b *browser) words() string {
	b.t.Helper()
	file := filepath.Join(b.t.TempDir(), "page.pdf")
	if err := os.WriteFile(file, b.pdf(), 0o600); err != nil {
		b.t.Fatal(err)
	}
	out, err := exec.CommandContext(b.t.Context(), "pdftotext", "-layout", file, "-").Output()
	if err != nil {
		b.t.Fatal(err)
	}
	return strings.Join(strings.Fields(string(out)), " ")
}

// TestPapersArePrinted: each paper says on paper what it asks, with every answer there is to tick, as a blank and filled in; a blank of a filled
// paper shows nothing of what was typed. The sheet of rights stands in both languages, and the aid with what was chosen.
func TestPapersArePrinted(t *testing.T) {
	t.Parallel()
	p := openPublic(t, "https://exit.example/")
	k := firstlinetest.Shipped(t)
	b := openBrowser(t, p.base, 800, false)
	says := func(words, key string) {
		t.Helper()
		text, _ := k.Text("pl", key)
		if text = strings.Join(strings.Fields(strings.NewReplacer("*", "", "{", " {").Replace(text)), " "); strings.Contains(text, "{") {
			text, _, _ = strings.Cut(text, " {")
		}
		for _, part := range strings.Split(text, "…") { // lines break where they may
			if !strings.Contains(strings.ReplaceAll(words, " ", ""), strings.ReplaceAll(part, " ", "")) {
				t.Errorf("%s is not printed: %s", key, text)
			}
		}
	}
	for _, paper := range k.Papers {
		b.open("/pl/" + paper.Code)
		blank := b.words()
		at := "paper." + paper.ID + "."
		says(blank, at+"title")
		for _, s := range paper.Sections {
			says(blank, at+s.ID)
			for _, f := range s.Fields {
				says(blank, at+f.ID)
				for _, o := range f.Options {
					says(blank, at+f.ID+"-of."+o)
				}
			}
			for _, x := range s.Phrases {
				says(blank, at+x.ID)
			}
		}
		if strings.Contains(blank, "Wyjdź teraz") || strings.Contains(blank, "Wyczyść") {
			t.Errorf("%s: buttons are printed", paper.ID)
		}
		if paper.ID != "referral" {
			continue
		}
		if n, want := strings.Count(blank, "☐"), eval[int](b, `document.querySelectorAll("form [type=radio], form [type=checkbox]").length`); n != want {
			t.Errorf("%d boxes are printed, %d are there", n, want)
		}
		b.do(chromedp.SendKeys("#f0-0", "Imie Probne"))
		b.do(chromedp.SendKeys("#f2-0", strings.Repeat("wiersz\n", 12)))
		b.activate("label[for=f4-2o1]")
		if filled := b.words(); !strings.Contains(filled, "Imie Probne") || strings.Count(filled, "wiersz") != 12 || strings.Count(filled, "☒") != 1 {
			t.Errorf("filled in, it says: %s", filled)
		}
		eval[bool](b, `window.print = () => {}; document.querySelector("form").classList.add("blank"); true`)
		if again := b.words(); strings.Contains(again, "☒") {
			t.Error("a blank has ticks")
		}
	}
	b.open("/pl/" + k.Consent.Code + "-uk")
	sheet := b.words()
	for _, s := range k.Consent.Sentences {
		says(sheet, "consent."+s.ID)
		if text, _ := k.Text("uk", "consent."+s.ID); !strings.Contains(strings.ReplaceAll(sheet, " ", ""), strings.ReplaceAll(string([]rune(text)[:20]), " ", "")) {
			t.Errorf("the sheet does not say in Ukrainian: %s", text)
		}
	}
	b.open("/pl/" + k.Places[0].Code)
	b.activate("label[for=q0a]")
	b.activate("summary")
	b.activate("label[for=n0]")
	aid := b.words()
	says(aid, "question.danger")
	says(aid, "box."+k.Indicators.For(k.Places[0].ID, indicator.Anyone)[0].ID)
	if action, _ := k.Text("pl", "action.call-emergency"); !strings.Contains(aid, action[len(action)-20:]) {
		t.Errorf("the step is not printed: %s", aid)
	}
	if second, _ := k.Text("pl", "box."+k.Indicators.For(k.Places[0].ID, indicator.Anyone)[1].ID); strings.Contains(aid, second[:30]) {
		t.Error("what was not ticked is printed")
	}
}
