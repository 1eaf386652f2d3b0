package exchange

import (
	"bytes"
	"regexp"
	"strings"
	"unicode/utf8"

	"ostoja/internal/errs"
)

// decode returns the content as text with \n at the line ends.
func decode(content []byte) (string, error) {
	if len(content) > maxFile {
		return "", errs.Invalid("exchange.error.size", "Megabytes", maxFile>>20)
	}
	content = bytes.TrimPrefix(content, []byte("\ufeff"))
	// A zero byte is the sign of UTF-16 without a mark at its beginning; no text has one.
	if !utf8.Valid(content) || bytes.IndexByte(content, 0) >= 0 {
		return "", errs.Invalid("exchange.error.encoding")
	}
	return lineEnds.Replace(string(content)), nil
}

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
	mediaTag    = regexp.MustCompile(`(?i)<(?:img|audio|video|object|embed|iframe|source)\b[^>]*>?`)
	courseMedia = regexp.MustCompile(`\]\(media/`)
)

const pluginFile = "@@PLUGINFILE@@" // how Moodle's texts refer to the files that come with them

// withoutMedia puts the words for a picture in its place, as no format carries the course's media and the course takes none.
func withoutMedia(s string) (text string, lost bool) {
	text = image.ReplaceAllString(s, "$1")
	if text != s && image.MatchString(text) {
		text = imageMark.ReplaceAllString(text, "[") // pictures within pictures: what is left are no pictures
	}
	text = mediaTag.ReplaceAllString(text, " ")
	lost = text != s || courseMedia.MatchString(text) || strings.Contains(text, pluginFile)
	return strings.TrimSpace(text), lost
}
