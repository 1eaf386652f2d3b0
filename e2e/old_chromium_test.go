package e2e

import (
	"bufio"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/andybalholm/brotli"
	"golang.org/x/net/websocket"
)

// old is a tab of a Chromium that phones had in 2018 or 2020. chromedp speaks a later dialect of the DevTools protocol, so that the few
// calls that are needed here are written on the socket; they are in the protocol since 1.2.
type old struct {
	t      *testing.T
	socket *websocket.Conn
	calls  int
	faults []string // what scripts threw
}

// oldVersions are the packages in which an old Chromium comes, brotli-compressed, and what it says of itself.
var oldVersions = map[string]string{"chromium-64": "/64.0.", "chromium-80": "/80.0."}

// openOld starts an old Chromium, 360 pixels wide; it ends with the test.
func openOld(t *testing.T, name string) *old {
	t.Helper()
	program := unpackOld(t, name)
	profile := t.TempDir()
	cmd := exec.Command(program, "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync",
		"--ignore-certificate-errors", "--single-process", "--no-zygote", "--disable-dev-shm-usage", "--remote-debugging-port=0", "--user-data-dir="+profile, "about:blank")
	out, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	address := ""
	for lines := bufio.NewScanner(out); address == "" && lines.Scan(); {
		if _, after, found := strings.Cut(lines.Text(), "DevTools listening on ws://"); found {
			address, _, _ = strings.Cut(after, "/")
		}
	}
	go func() { _, _ = io.Copy(io.Discard, out) }() // it must not wait for us
	var version map[string]string
	getJSON(t, "http://"+address+"/json/version", &version)
	if !strings.Contains(version["Browser"], oldVersions[name]) {
		t.Fatalf("%s is %s", name, version["Browser"])
	}
	var tabs []struct {
		Type   string `json:"type"`
		Socket string `json:"webSocketDebuggerUrl"`
	}
	for end := time.Now().Add(10 * time.Second); len(tabs) == 0 && time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		getJSON(t, "http://"+address+"/json/list", &tabs)
	}
	if len(tabs) == 0 {
		t.Fatalf("%s has no tab", name)
	}
	b := &old{t: t}
	if b.socket, err = websocket.Dial(tabs[0].Socket, "", "http://"+address); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = b.socket.Close() })
	b.call("Page.enable", nil, nil)
	b.call("Runtime.enable", nil, nil)
	b.call("Emulation.setDeviceMetricsOverride", map[string]any{"width": 360, "height": 640, "deviceScaleFactor": 1, "mobile": true}, nil)
	return b
}

// unpackOld returns the browser's program, unpacked from its npm package.
func unpackOld(t *testing.T, name string) string {
	t.Helper()
	packed, err := os.Open(filepath.Join("..", "node_modules", name, "bin", "chromium.br"))
	if err != nil {
		t.Fatal("old browsers are not installed (make setup): ", err)
	}
	defer func() { _ = packed.Close() }()
	path := filepath.Join(t.TempDir(), name)
	program, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY, 0o700)
	if err != nil {
		t.Fatal(err)
	}
	_, err = io.Copy(program, brotli.NewReader(packed))
	if err := errors.Join(err, program.Close()); err != nil {
		t.Fatal(err)
	}
	return path
}

func getJSON(t *testing.T, address string, v any) {
	t.Helper()
	r, err := http.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = r.Body.Close() }()
	if err := json.NewDecoder(r.Body).Decode(v); err != nil {
		t.Fatal(address, err)
	}
}

// call sends a command and waits for its result; events on the way are looked at for what scripts threw.
func (b *old) call(method string, params map[string]any, result any) {
	b.t.Helper()
	b.calls++
	if params == nil {
		params = map[string]any{}
	}
	if err := errors.Join(b.socket.SetDeadline(time.Now().Add(20*time.Second)), websocket.JSON.Send(b.socket, map[string]any{"id": b.calls, "method": method, "params": params})); err != nil {
		b.t.Fatal(method, ": ", err)
	}
	for {
		var m struct {
			ID     int             `json:"id"`
			Method string          `json:"method"`
			Params json.RawMessage `json:"params"`
			Result json.RawMessage `json:"result"`
			Error  json.RawMessage `json:"error"`
		}
		if err := websocket.JSON.Receive(b.socket, &m); err != nil {
			b.t.Fatal(method, ": ", err)
		}
		switch {
		case m.Method == "Runtime.exceptionThrown":
			b.faults = append(b.faults, string(m.Params))
		case m.ID == b.calls && m.Error != nil:
			b.t.Fatalf("%s: %s", method, m.Error)
		case m.ID == b.calls:
			if result != nil {
				if err := json.Unmarshal(m.Result, result); err != nil {
					b.t.Fatal(method, ": ", err)
				}
			}
			return
		}
	}
}

// open goes to an address and waits until the page is there.
func (b *old) open(address string) {
	b.t.Helper()
	b.call("Page.navigate", map[string]any{"url": address}, nil)
	b.until(fmt.Sprintf(`document.readyState === "complete" && location.href === %q`, address))
}

// value returns what an expression is in the page, as text; "" while there is no page.
func (b *old) value(expression string) string {
	b.t.Helper()
	var r struct {
		Result struct {
			Value any `json:"value"`
		} `json:"result"`
		Exception json.RawMessage `json:"exceptionDetails"`
	}
	b.call("Runtime.evaluate", map[string]any{"expression": expression, "returnByValue": true}, &r)
	if r.Exception != nil || r.Result.Value == nil {
		return ""
	}
	return fmt.Sprint(r.Result.Value)
}

// until waits until an expression is true.
func (b *old) until(expression string) {
	b.t.Helper()
	for end := time.Now().Add(15 * time.Second); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if b.value(expression) == "true" {
			return
		}
	}
	b.t.Fatalf("never: %s\nat %s\n%s\n%v", expression, b.value(`location.href`), b.value(`document.body && document.body.innerText`), b.faults)
}

// click presses what a finger would press at the middle of an element, once the page stands still and nothing lies over it.
func (b *old) click(selector string) {
	b.t.Helper()
	b.value(fmt.Sprintf(`(function() { var e = document.querySelector(%q); if (getComputedStyle(e.parentNode).position !== "sticky") e.scrollIntoView({block: "center"}) })()`, selector))
	middle := fmt.Sprintf(`(function() { var e = document.querySelector(%q), r = e.getBoundingClientRect(), x = r.left + r.width / 2, y = r.top + r.height / 2, hit = document.elementFromPoint(x, y);
		return innerWidth === 360 && hit && (hit === e || e.contains(hit)) ? JSON.stringify({x: x, y: y}) : "" })()`, selector)
	at, before := "", "never"
	for end := time.Now().Add(10 * time.Second); (at == "" || at != before) && time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		before, at = at, b.value(middle)
	}
	var point struct{ X, Y float64 }
	if err := json.Unmarshal([]byte(at), &point); err != nil {
		b.t.Fatalf("%s: %q", selector, at)
	}
	b.call("Input.dispatchMouseEvent", map[string]any{"type": "mouseMoved", "x": point.X, "y": point.Y}, nil)
	for _, kind := range []string{"mousePressed", "mouseReleased"} {
		b.call("Input.dispatchMouseEvent", map[string]any{"type": kind, "x": point.X, "y": point.Y, "button": "left", "clickCount": 1}, nil)
	}
}

func (b *old) escape() {
	b.t.Helper()
	for _, kind := range []string{"rawKeyDown", "keyUp"} {
		b.call("Input.dispatchKeyEvent", map[string]any{"type": kind, "key": "Escape", "code": "Escape", "windowsVirtualKeyCode": 27}, nil)
	}
}

// history returns the addresses behind Back and Forward.
func (b *old) history() (list []string) {
	b.t.Helper()
	var h struct {
		Entries []struct {
			URL string `json:"url"`
		} `json:"entries"`
	}
	b.call("Page.getNavigationHistory", nil, &h)
	for _, e := range h.Entries {
		list = append(list, e.URL)
	}
	return list
}

// picture writes a screenshot of what the window shows, where somebody wants to look.
func (b *old) picture(name string) {
	b.t.Helper()
	dir := os.Getenv("OSTOJA_SCREENSHOTS")
	if dir == "" {
		return
	}
	var r struct {
		Data string `json:"data"`
	}
	b.call("Page.captureScreenshot", nil, &r)
	png, err := base64.StdEncoding.DecodeString(r.Data)
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, name+".png"), png, 0o600)
	}
	if err != nil {
		b.t.Fatal(err)
	}
}

// eachOld runs a test in each of the old browsers.
func eachOld(t *testing.T, test func(t *testing.T, b *old, name string)) {
	for name := range oldVersions {
		t.Run(name, func(t *testing.T) {
			b := openOld(t, name)
			test(t, b, name)
			if len(b.faults) > 0 {
				t.Errorf("scripts threw: %s", strings.Join(b.faults, "\n"))
			}
		})
	}
}

// TestLeavingInOldBrowsers: phones that nobody updates any more leave too, by the button, by Esc twice and from a leaflet, from pages, from
// the copy served by others and from the file that is passed on; Back knows none of our pages.
func TestLeavingInOldBrowsers(t *testing.T) {
	world, _ := elsewhere(t)
	p := openPublic(t, world)
	copied := "file://" + p.export()
	button := func(b *old) { b.click("#out") }
	esc := func(b *old) { b.escape(); b.escape() }
	eachOld(t, func(t *testing.T, b *old, _ string) {
		for _, c := range []struct {
			from  string
			leave func(*old)
		}{
			{p.base + "/pl/", button}, {p.base + "/pl/", esc}, {p.base + "/ar/d37f", button}, {p.base + "/uk/d37f-a6", button}, {p.base + "/vi/d37f-a4", esc},
			{copied + "/pl/d37f.html", button}, {copied + "/ar/d37f.html", esc}, {copied + "/pl/info-pl.html", button}, {copied + "/ar/info-ar.html", esc},
		} {
			b.open("about:blank")
			b.open(c.from)
			c.leave(b)
			// The tab is the world's: version 64 shows its own error there, since it takes no certificate of a test.
			list := b.history()
			for end := time.Now().Add(10 * time.Second); list[len(list)-1] != world && time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
				list = b.history()
			}
			if list[len(list)-1] != world || list[len(list)-2] != "about:blank" {
				t.Errorf("%s: Back knows %v", c.from, list)
			}
		}
	})
}

// TestReadingInOldBrowsers: the way out stays in sight, text stands off the edges, nothing is wider than the window, and languages,
// check and search answer.
func TestReadingInOldBrowsers(t *testing.T) {
	p := openPublic(t, "https://exit.example/")
	const fits = `document.documentElement.scrollWidth <= document.documentElement.clientWidth`
	eachOld(t, func(t *testing.T, b *old, name string) {
		for _, path := range append(append(kinds("pl"), kinds("ar")...), "/vi/d37f", "/uk/w3", "/nope") {
			if strings.HasSuffix(path, ".html") {
				continue // sent to be kept
			}
			b.open(p.base + path)
			if b.value(fits) != "true" {
				t.Errorf("%s is wider than the window: %s", path, b.value(`document.documentElement.scrollWidth`))
			}
			onSheet := strings.Contains(path, "-a") // leaflets are paper, whose head goes with it
			if got := b.value(`(function() { var m = getComputedStyle(document.querySelector("main")); return [m.paddingLeft, m.paddingRight].join(" ") })()`); got != "16px 16px" && !onSheet {
				t.Errorf("%s: the text begins %s from the edges", path, got)
			}
			b.value(`scrollTo(0, 900)`)
			seen := `(function() { var o = document.getElementById("out"), r = o.getBoundingClientRect(); return r.top >= 0 && r.bottom <= 70 && r.height >= 40 && document.elementFromPoint(r.left + r.width / 2, r.top + r.height / 2) === o })()`
			if b.value(seen) != "true" && !onSheet {
				t.Errorf("%s: the way out is not in sight after scrolling: %s", path, b.value(`JSON.stringify(document.getElementById("out").getBoundingClientRect())`))
			}
			edge := `Math.round(document.documentElement.clientWidth - document.getElementById("out").getBoundingClientRect().right)`
			if strings.HasPrefix(path, "/ar/") {
				edge = `Math.round(document.getElementById("out").getBoundingClientRect().left)`
			}
			if got := b.value(edge); got != "16" {
				t.Errorf("%s: the way out stands %s from its edge", path, got)
			}
			b.picture(name + strings.ReplaceAll(path, "/", "-"))
		}
		b.open(p.base + "/pl/")
		b.click(".tongues")
		b.until(`location.hash === "#tongues"`)
		b.click(`#tongues a[hreflang=ar]`)
		b.until(`location.pathname === "/ar/" && document.documentElement.dir === "rtl"`)
		b.open(p.base + "/pl/w3")
		b.click(`label[for=q1y]`)
		b.until(`getComputedStyle(document.querySelector(".ay")).display === "block" && getComputedStyle(document.querySelector(".an")).display === "none"`)
		b.open(p.base + "/pl/z6")
		b.value(`document.querySelector("[name=q]").value = "paszport"`)
		b.click(`form[data-quiet] button`)
		b.until(`!!document.querySelector("[role=status] h2") && location.pathname === "/pl/z6"`)
	})
}
