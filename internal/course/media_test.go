package course

import (
	"bytes"
	"image"
	"image/jpeg"
	"image/png"
	"strings"
	"testing"
	"testing/fstest"
)

func TestMediaAreWhatTheirNamesSay(t *testing.T) {
	var asPNG, asJPEG bytes.Buffer
	picture := image.NewGray(image.Rect(0, 0, 7, 5))
	if err := png.Encode(&asPNG, picture); err != nil {
		t.Fatal(err)
	}
	if err := jpeg.Encode(&asJPEG, picture, nil); err != nil {
		t.Fatal(err)
	}
	contents := map[string]string{
		"png": asPNG.String(), "jpg": asJPEG.String(), "jpeg": asJPEG.String(), "webp": "RIFF\x00\x00\x00\x00WEBPVP8 " + strings.Repeat("\x00", 20),
		"mp3": "ID3\x04", "ogg": "OggS", "mp4": "\x00\x00\x00\x18ftypisom", "webm": "\x1aE\xdf\xa3", "vtt": "WEBVTT\n",
	}
	for ending := range contents {
		for other, content := range contents {
			folder := good(t)
			name := "media/x." + ending
			folder[name] = &fstest.MapFile{Data: []byte(content)}
			c, faults := loadAll(t, folder)
			same := ending == other || (strings.HasPrefix(ending, "jp") && strings.HasPrefix(other, "jp"))
			if refused := len(Blocking(faults)) > 0; refused == same {
				t.Errorf("%s in a .%s: refused %v:\n%s", other, ending, refused, list(faults))
			}
			if w, h := c.size(name); same && (ending == "png" || ending == "jpg") && (w != 7 || h != 5) {
				t.Errorf(".%s: %d x %d", ending, w, h)
			}
		}
	}
	folder := good(t)
	folder["media/x.png"] = &fstest.MapFile{Data: asPNG.Bytes()[:12]}
	if _, faults := loadAll(t, folder); !strings.Contains(list(faults), "damaged") {
		t.Errorf("half a picture:\n%s", list(faults))
	}
	folder = good(t)
	folder["media/x.svg"] = &fstest.MapFile{Data: make([]byte, maxSVGBytes+1)}
	if _, faults := loadAll(t, folder); !strings.Contains(list(faults), "simplify") {
		t.Errorf("a huge drawing:\n%s", list(faults))
	}
}

func TestDrawingsMayUseTheirOwnParts(t *testing.T) {
	folder := good(t)
	folder["media/x.svg"] = &fstest.MapFile{Data: []byte(`<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"
		viewBox="0 0 9 9"><!-- a note --><defs><linearGradient id="g"><stop offset="0"/></linearGradient></defs><style>.a{fill:url(#g)}</style>
		<g class="a" fill="url('#g')"><use xlink:href="#g"/></g><text><tspan>Słowa</tspan></text></svg>`)}
	if _, faults := loadAll(t, folder); len(Blocking(faults)) > 0 {
		t.Errorf("a harmless drawing is refused:\n%s", list(faults))
	}
	for _, bad := range []string{
		`fill="url(https://example.org/x#g)"`, `style="background:url(//x)"`, `fill="u\72l(//x)"`, `style="fill:expression(x)"`, `href="javascript:x"`,
		`xlink:href="data:x"`, `ONCLICK="x"`, `xml:base="https://example.org/"`, `src="x"`,
	} {
		folder["media/x.svg"] = &fstest.MapFile{Data: []byte(`<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"><g ` + bad + `/></svg>`)}
		if _, faults := loadAll(t, folder); len(Blocking(faults)) == 0 {
			t.Errorf("%s is accepted", bad)
		}
	}
}

func TestFolderLimits(t *testing.T) {
	folder := fstest.MapFS{
		"a.md": {Data: make([]byte, 10)}, "A.md": {}, "b/c/d/e.md": {}, "x:y.md": {}, "big.md": {Data: make([]byte, 50)}, ".hidden/x": {}, "old~": {}, "__MACOSX/x": {},
	}
	files, refused, err := listFiles(folder, Limits{Files: 10, File: 40, Total: 100, Depth: 2})
	if err != nil || len(files) != 1 || len(refused) != 4 {
		t.Errorf("files %v, refused %v, %v", files, refused, err)
	}
	for name, limits := range map[string]Limits{"count": {Files: 1, File: 99, Total: 999, Depth: 9}, "total": {Files: 99, File: 99, Total: 40, Depth: 9}} {
		if _, refused, _ := listFiles(folder, limits); len(refused) == 0 || refused[len(refused)-1].Name != "." {
			t.Errorf("%s: refused %v", name, refused)
		}
	}
}
