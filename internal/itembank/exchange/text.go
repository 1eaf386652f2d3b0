package exchange

import (
	"bytes"
	"regexp"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/unicode"

	"ostoja/internal/errs"
)

// decode returns the content as text with \n at the line ends. A mark at the beginning says in which encoding it is; else an XML
// file says so itself, and any other is UTF-8.
func decode(content []byte, f Format) (string, error) {
	if len(content) > maxFile {
		return "", errs.Invalid("exchange.error.size", "Megabytes", maxFile>>20)
	}
	var e encoding.Encoding = unicode.UTF8BOM
	switch declared := declaration.FindSubmatch(content[:min(len(content), 1000)]); {
	case bytes.HasPrefix(content, []byte("\xff\xfe")), bytes.HasPrefix(content, []byte("\xfe\xff")):
		e = unicode.UTF16(unicode.LittleEndian, unicode.ExpectBOM)
	case bytes.HasPrefix(content, []byte("\xef\xbb\xbf")):
	case f == MoodleXML && declared != nil:
		name := string(declared[1])
		if known, err := htmlindex.Get(name); err != nil || known == encoding.Replacement {
			return "", errs.Invalid("exchange.error.charset", "Name", name).Because(err)
		} else if !strings.HasPrefix(strings.ToLower(name), "utf-16") { // the declaration was read as ASCII, so it is none
			e = known
		}
	}
	if e == unicode.UTF8BOM || e == unicode.UTF8 {
		content = bytes.TrimPrefix(content, []byte("\ufeff"))
	} else if decoded, err := e.NewDecoder().Bytes(content); err == nil {
		content = decoded
	}
	// A zero byte is the sign of UTF-16 without a mark at its beginning; no text has one.
	if !utf8.Valid(content) || bytes.IndexByte(content, 0) >= 0 {
		return "", errs.Invalid("exchange.error.encoding")
	}
	return lineEnds.Replace(string(content)), nil
}

// declaration is where an XML file says in which encoding it is (XML 1.0, section 4.3.3).
var declaration = regexp.MustCompile(`^\s*<\?xml[^>]*?\sencoding\s*=\s*["']([A-Za-z][A-Za-z0-9._:-]*)["']`)

var lineEnds = strings.NewReplacer("\r\n", "\n", "\r", "\n")

// usable says whether a character may stand in all formats: those of XML are the narrowest. A byte order mark within a text
// is one that was left behind when files were put together.
func usable(r rune) bool {
	switch {
	case r == '\t', r == '\n':
		return true
	case r < ' ', r == '\ufeff', r == '\ufffe', r == '\uffff':
		return false
	}
	return true
}

// tidy takes off what no format keeps: spaces around the text, other line ends than \n, and characters that are not usable,
// of which lost tells.
func tidy(s string) (text string, lost bool) {
	s = lineEnds.Replace(s)
	text = strings.Map(func(r rune) rune {
		if !usable(r) {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, ""))
	return strings.TrimSpace(text), len(strings.TrimSpace(s)) != len(strings.TrimSpace(text))
}

var (
	image       = regexp.MustCompile(`!\[([^\[\]]*)\]\([^()]*\)`)
	imageMark   = regexp.MustCompile(`!+\[`)
	mediaTag    = regexp.MustCompile(`(?i)(^|[^\\])<(?:img|audio|video|object|embed|iframe|source)\b[^>]*>?`)
	courseMedia = regexp.MustCompile(`\]\(media/`)
)

const pluginFile = "@@PLUGINFILE@@" // how Moodle's texts refer to the files that come with them

// withoutMedia puts the words for a picture in its place, as no format carries the course's media and the course takes none.
func withoutMedia(s string) (text string, lost bool) {
	text = image.ReplaceAllString(s, "$1")
	if text != s && image.MatchString(text) {
		text = imageMark.ReplaceAllString(text, "[") // pictures within pictures: what is left are no pictures
	}
	text = mediaTag.ReplaceAllString(text, "$1 ")
	lost = text != s || courseMedia.MatchString(text) || strings.Contains(text, pluginFile)
	return strings.TrimSpace(text), lost
}
