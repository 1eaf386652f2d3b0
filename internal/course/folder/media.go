package folder

import (
	"bytes"
	"encoding/binary"
	"encoding/xml"
	"errors"
	"image"
	_ "image/gif"  // for image.DecodeConfig
	_ "image/jpeg" // for image.DecodeConfig
	_ "image/png"  // for image.DecodeConfig
	"io"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Size is the size of a figure, 0 where it is not known.
type Size struct{ Width, Height int }

// maxSVGBytes bounds drawings, which are read as a whole.
const maxSVGBytes = 2 << 20

// CheckMedium sees that a figure, sound or film is what its name says and holds nothing active, and returns the size of a figure.
func CheckMedium(fsys fs.FS, name string, faults *Faults) Size {
	var size Size
	file, err := fsys.Open(name)
	if err != nil {
		faults.Add(Place{name, 0}, "", "the file cannot be read: %v", err)
		return size
	}
	defer func() { _ = file.Close() }() // only read from
	if MediaType(name) == "image/svg+xml" {
		if info, err := file.Stat(); err == nil && info.Size() > maxSVGBytes {
			faults.Add(Place{name, 0}, "simplify the drawing", "the drawing has %d kB; at most %d kB are allowed", info.Size()>>10, maxSVGBytes>>10)
			return size
		}
		return readSVG(name, io.LimitReader(file, maxSVGBytes), faults)
	}
	head := make([]byte, 64<<10)
	n, err := io.ReadFull(file, head)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		faults.Add(Place{name, 0}, "", "the file cannot be read: %v", err)
		return size
	}
	head = head[:n]
	if !looksLike(MediaType(name), head) {
		faults.Add(Place{name, 0}, "save it in the format that its ending names", "the content is not what the ending %s says", path.Ext(name))
		return size
	}
	switch MediaType(name) {
	case "image/png", "image/jpeg":
		config, _, err := image.DecodeConfig(io.MultiReader(bytes.NewReader(head), file))
		if err != nil {
			faults.Add(Place{name, 0}, "open it in an image program and save it again", "the picture is damaged: %v", err)
		}
		size.Width, size.Height = config.Width, config.Height
	case "image/webp":
		size.Width, size.Height = webpSize(head)
	}
	return size
}

// looksLike compares the first bytes of a file with what its type begins with.
func looksLike(mediaType string, head []byte) bool {
	starts := func(s string) bool { return bytes.HasPrefix(head, []byte(s)) }
	at := func(i int, s string) bool { return len(head) >= i+len(s) && string(head[i:i+len(s)]) == s }
	switch base, _, _ := strings.Cut(mediaType, ";"); base {
	case "image/png":
		return starts("\x89PNG\r\n\x1a\n")
	case "image/jpeg":
		return starts("\xff\xd8\xff")
	case "image/webp":
		return starts("RIFF") && at(8, "WEBP")
	case "audio/mpeg":
		return starts("ID3") || (len(head) > 1 && head[0] == 0xff && head[1]&0xe0 == 0xe0)
	case "audio/ogg":
		return starts("OggS")
	case "video/mp4":
		return at(4, "ftyp")
	case "video/webm":
		return starts("\x1aE\xdf\xa3")
	case "text/vtt":
		return starts("WEBVTT") || starts("\ufeffWEBVTT")
	}
	return false
}

// webpSize reads the size out of a WebP header (RFC 9649, sections 2.5 to 2.7).
func webpSize(head []byte) (width, height int) {
	if len(head) < 30 {
		return 0, 0
	}
	switch string(head[12:16]) {
	case "VP8X":
		u24 := func(b []byte) int { return int(b[0]) | int(b[1])<<8 | int(b[2])<<16 }
		return u24(head[24:]) + 1, u24(head[27:]) + 1
	case "VP8 ":
		return int(binary.LittleEndian.Uint16(head[26:]) & 0x3fff), int(binary.LittleEndian.Uint16(head[28:]) & 0x3fff)
	case "VP8L":
		bits := binary.LittleEndian.Uint32(head[21:])
		return int(bits&0x3fff) + 1, int(bits>>14&0x3fff) + 1
	}
	return 0, 0
}

// The parts of SVG that a drawing needs. Everything else is refused: scripts, foreign objects, animation (which can set
// links), pictures and links to elsewhere.
var (
	svgElements = strings.Fields(`svg g path rect circle ellipse line polyline polygon text tspan textPath title desc defs
		linearGradient radialGradient stop clipPath mask pattern marker symbol use style filter feGaussianBlur feOffset feMerge
		feMergeNode feColorMatrix feFlood feComposite feBlend feDropShadow`)
	svgReference = regexp.MustCompile(`(?i)url\(\s*['"]?\s*([^)]?)`)
	svgScheme    = regexp.MustCompile(`(?i)^\s*[a-z]*script:|^\s*data:`)
	svgLength    = regexp.MustCompile(`^\s*([0-9]*\.?[0-9]+)(px)?\s*$`)
)

const svgNamespace = "http://www.w3.org/2000/svg"

func readSVG(name string, r io.Reader, faults *Faults) Size {
	var size Size
	decoder := xml.NewDecoder(r)
	bad := func(hint, format string, args ...any) {
		line, _ := decoder.InputPos()
		faults.Add(Place{name, line}, hint, format, args...)
	}
	depth, elements := 0, 0
	inStyle := false
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			bad("export it again as plain SVG", "the drawing cannot be read: %v", err)
			return size
		}
		switch t := token.(type) {
		case xml.StartElement:
			depth, elements = depth+1, elements+1
			if elements == 1 {
				if t.Name.Local != "svg" || t.Name.Space != svgNamespace {
					bad("export it again as plain SVG", `the drawing must begin with <svg xmlns="%s">`, svgNamespace)
					return size
				}
				size.Width, size.Height = svgSize(t.Attr)
			}
			inStyle = t.Name.Local == "style"
			if why := svgElementFault(t); why != "" {
				bad("take it out, or export it again as plain SVG", "%s", why)
			}
		case xml.EndElement:
			depth--
			inStyle = false
		case xml.CharData:
			if inStyle && !safeCSS(string(t)) {
				bad("keep to plain colours and widths", "the style sheet in the drawing loads something from elsewhere")
			}
		case xml.Directive:
			bad("delete the line that begins with <!", "a drawing may not declare a document type or entities")
		case xml.ProcInst:
			if t.Target != "xml" {
				bad("delete the line that begins with <?", "a drawing may not give instructions such as %s", t.Target)
			}
		}
		if depth > 100 || elements > 50_000 {
			bad("simplify the drawing", "the drawing has too many elements")
			return size
		}
	}
	if elements == 0 {
		faults.Add(Place{name, 0}, "export it again as plain SVG", "there is no drawing in it")
	}
	return size
}

func svgElementFault(t xml.StartElement) string {
	if t.Name.Space != svgNamespace || !slices.Contains(svgElements, t.Name.Local) {
		return "a drawing may not hold the element " + t.Name.Local
	}
	for _, a := range t.Attr {
		switch local := strings.ToLower(a.Name.Local); {
		case a.Name.Space == "xmlns" || local == "xmlns":
		case strings.HasPrefix(local, "on"):
			return "a drawing may not hold an event handler (" + a.Name.Local + ")"
		case local == "href" || local == "src":
			if !strings.HasPrefix(strings.TrimSpace(a.Value), "#") {
				return "a drawing may not link to elsewhere (" + clip(a.Value, 40) + ")"
			}
		case local == "base":
			return "a drawing may not set xml:base"
		case !safeCSS(a.Value) || svgScheme.MatchString(a.Value):
			return "a drawing may not load anything from elsewhere (" + a.Name.Local + ")"
		}
	}
	return ""
}

// safeCSS says whether a style refers to nothing outside the drawing. Backslashes could hide a word, and are refused.
func safeCSS(s string) bool {
	lower := strings.ToLower(s)
	for _, word := range []string{`\`, "@import", "expression", "javascript:", "image-set", "-moz-binding"} {
		if strings.Contains(lower, word) {
			return false
		}
	}
	for _, m := range svgReference.FindAllStringSubmatch(s, -1) {
		if m[1] != "#" {
			return false
		}
	}
	return true
}

// svgSize takes the size from viewBox, which gives the shape even when width and height are per cent.
func svgSize(attrs []xml.Attr) (width, height int) {
	var w, h float64
	for _, a := range attrs {
		switch a.Name.Local {
		case "viewBox":
			if f := strings.FieldsFunc(a.Value, func(r rune) bool { return r == ' ' || r == ',' }); len(f) == 4 {
				vw, err1 := strconv.ParseFloat(f[2], 64)
				vh, err2 := strconv.ParseFloat(f[3], 64)
				if err1 == nil && err2 == nil && vw > 0 && vh > 0 && vw < 1e5 && vh < 1e5 {
					return int(vw + 0.5), int(vh + 0.5)
				}
			}
		case "width":
			if m := svgLength.FindStringSubmatch(a.Value); m != nil {
				w, _ = strconv.ParseFloat(m[1], 64)
			}
		case "height":
			if m := svgLength.FindStringSubmatch(a.Value); m != nil {
				h, _ = strconv.ParseFloat(m[1], 64)
			}
		}
	}
	if w >= 1e5 || h >= 1e5 {
		return 0, 0
	}
	return int(w + 0.5), int(h + 0.5)
}

// MediaType returns the media type by a file's ending; only what a course may hold has one.
func MediaType(name string) string {
	i := strings.LastIndexByte(name, '.')
	return mediaTypes[strings.ToLower(name[i+1:])]
}

var mediaTypes = map[string]string{
	"svg": "image/svg+xml", "png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg", "webp": "image/webp",
	"mp3": "audio/mpeg", "ogg": "audio/ogg", "mp4": "video/mp4", "webm": "video/webm", "vtt": "text/vtt; charset=utf-8",
}
