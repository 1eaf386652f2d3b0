package folder

import (
	"bytes"
	"image"
	"image/jpeg"
	"image/png"
	"strings"
	"testing"
	"testing/fstest"
)

// medium checks a file of an ending and a content.
func medium(ending string, content []byte) (Size, []Fault) {
	var faults Faults
	size := CheckMedium(fstest.MapFS{"media/x." + ending: {Data: content}}, "media/x."+ending, &faults)
	return size, faults.List()
}

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
			size, faults := medium(ending, []byte(content))
			same := ending == other || (strings.HasPrefix(ending, "jp") && strings.HasPrefix(other, "jp"))
			if refused := len(faults) > 0; refused == same {
				t.Errorf("%s in a .%s: refused %v:\n%s", other, ending, refused, faults)
			}
			if same && (ending == "png" || ending == "jpg") && size != (Size{7, 5}) {
				t.Errorf(".%s: %v", ending, size)
			}
		}
	}
	for content, want := range map[string]bool{"\xff\xfb\x90": true, "\xff\xe0": true, "\xff": false, "": false, "\xff\x1b": false, "\x00\xfb": false} {
		if _, faults := medium("mp3", []byte(content)); (len(faults) == 0) != want { // a sound without the ID3 tag begins with its first frame
			t.Errorf("an .mp3 of %q: %v", content, faults)
		}
	}
	if _, faults := medium("png", asPNG.Bytes()[:12]); len(faults) != 1 || !strings.Contains(faults[0].String(), "damaged") {
		t.Errorf("half a picture: %v", faults)
	}
	if _, faults := medium("svg", make([]byte, maxSVGBytes+1)); len(faults) != 1 || !strings.Contains(faults[0].String(), "simplify") {
		t.Errorf("a huge drawing: %v", faults)
	}
}

func TestDrawingsMayUseTheirOwnParts(t *testing.T) {
	_, faults := medium("svg", []byte(`<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"
		viewBox="0 0 9 9"><!-- a note --><defs><linearGradient id="g"><stop offset="0"/></linearGradient></defs><style>.a{fill:url(#g)}</style>
		<g class="a" fill="url('#g')"><use xlink:href="#g"/></g><text><tspan>Słowa</tspan></text></svg>`))
	if len(faults) > 0 {
		t.Errorf("a harmless drawing is refused: %v", faults)
	}
	for _, bad := range []string{
		`fill="url(https://example.org/x#g)"`, `style="background:url(//x)"`, `fill="u\72l(//x)"`, `style="fill:expression(x)"`, `href="javascript:x"`,
		`xlink:href="data:x"`, `ONCLICK="x"`, `xml:base="https://example.org/"`, `src="x"`,
	} {
		if _, faults := medium("svg", []byte(`<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"><g `+bad+`/></svg>`)); len(faults) != 1 {
			t.Errorf("%s is accepted", bad)
		}
	}
}

func TestFolderLimits(t *testing.T) {
	folder := fstest.MapFS{
		"a.md": {Data: make([]byte, 10)}, "A.md": {}, "b/c/d/e.md": {}, "x:y.md": {}, "big.md": {Data: make([]byte, 50)}, ".hidden/x": {}, "old~": {}, "__MACOSX/x": {},
	}
	files, refused, err := listFiles(folder, limits{Files: 10, File: 40, Total: 100, Depth: 2})
	if err != nil || len(files) != 1 || len(refused) != 4 {
		t.Errorf("files %v, refused %v, %v", files, refused, err)
	}
	for name, most := range map[string]limits{"count": {Files: 1, File: 99, Total: 999, Depth: 9}, "total": {Files: 99, File: 99, Total: 40, Depth: 9}} {
		if _, refused, _ := listFiles(folder, most); len(refused) == 0 || refused[len(refused)-1].Name != "." {
			t.Errorf("%s: refused %v", name, refused)
		}
	}
}

func TestPictureSizes(t *testing.T) {
	vp8x := "RIFF\x00\x00\x00\x00WEBPVP8X\x0a\x00\x00\x00\x00\x00\x00\x00\x3f\x01\x00\xef\x00\x00"
	if w, h := webpSize([]byte(vp8x)); w != 320 || h != 240 {
		t.Errorf("VP8X: %d x %d", w, h)
	}
	vp8l := "RIFF\x00\x00\x00\x00WEBPVP8L\x00\x00\x00\x00\x2f\x3f\xc1\x3b\x00" + strings.Repeat("\x00", 10)
	if w, h := webpSize([]byte(vp8l)); w != 320 || h != 240 {
		t.Errorf("VP8L: %d x %d", w, h)
	}
	for attributes, want := range map[string]Size{
		`viewBox="0 0 32.6 20"`: {33, 20}, `width="10" height="20px"`: {10, 20}, `width="100%" height="100%" viewBox="0,0,4,2"`: {4, 2}, `width="1e9" height="2"`: {0, 2}, ``: {0, 0},
	} {
		if size, faults := medium("svg", []byte(`<svg xmlns="http://www.w3.org/2000/svg" `+attributes+`/>`)); size != want || len(faults) > 0 {
			t.Errorf("%s: %v, %v", attributes, size, faults)
		}
	}
}
