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
	"ostoja/internal/sheet"
)

// decode returns the content as text with \n at the line ends, and by which encoding it was read if that had to be guessed. A mark
// at the beginning says in which encoding a file is; else an XML file says so itself, and others are UTF-8, or as old programs
// write them.
func decode(content []byte, f Format) (text, guessed string, err error) {
	if len(content) > maxFile {
		return "", "", errs.Invalid("exchange.error.size", "Megabytes", maxFile>>20)
	}
	declared := declaration.FindSubmatch(content[:min(len(content), 1000)])
	switch {
	case f == MoodleXML && declared != nil && !bytes.HasPrefix(content, []byte("\ufeff")):
		if text, err = declaredAs(content, string(declared[1])); err != nil {
			return "", "", err
		}
	case f == MoodleXML && !utf8.Valid(content) && !bytes.HasPrefix(content, []byte("\xff\xfe")) && !bytes.HasPrefix(content, []byte("\xfe\xff")):
		return "", "", errs.Invalid("exchange.error.encoding") // XML that says nothing is UTF-8 (XML 1.0, section 4.3.3)
	default:
		if text, guessed, err = sheet.Decode(content); err != nil {
			return "", "", errs.Invalid("exchange.error.encoding").Because(err)
		}
	}
	if !utf8.ValidString(text) || strings.IndexByte(text, 0) >= 0 { // a zero byte stands in no text
		return "", "", errs.Invalid("exchange.error.encoding")
	}
	return lineEnds.Replace(strings.TrimPrefix(text, "\ufeff")), guessed, nil
}

// declaredAs decodes what says by which encoding it is written; not UTF-16, for then that could not have been read.
func declaredAs(content []byte, name string) (string, error) {
	e, err := htmlindex.Get(name)
	switch {
	case err != nil, e == encoding.Replacement:
		return "", errs.Invalid("exchange.error.charset", "Name", name).Because(err)
	case e == unicode.UTF8, strings.HasPrefix(strings.ToLower(name), "utf-16"):
		return string(content), nil
	}
	text, err := e.NewDecoder().Bytes(content)
	return string(text), err
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
