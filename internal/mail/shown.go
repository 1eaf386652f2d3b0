package mail

import (
	"net/url"
	"regexp"
	"strings"
)

// Blank stands in a shown letter where a link goes on to what only its reader may open.
const Blank = "…"

var (
	address = regexp.MustCompile(`https?://[^\s<>"]+`)
	// worded is a part of a path that the program named itself; a secret is longer, or has digits or capitals.
	worded = regexp.MustCompile(`^[a-z-]{1,18}$`)
)

// Shown returns a letter's text for somebody who is not its reader. Of each link it keeps the host and the parts of the path that the program
// named; whatever could open something, or name a person, is blanked out: a token that is made later, one that is in it already, and the
// identifier of a page.
func Shown(body string) string {
	body = address.ReplaceAllStringFunc(body, func(link string) string {
		rest := strings.TrimRight(link, ".,;:!?)]")
		tail := link[len(rest):]
		u, err := url.Parse(strings.ReplaceAll(rest, TokenMark, "%EF%BF%BC"))
		if err != nil {
			return Blank + tail
		}
		kept := u.Scheme + "://" + u.Host
		for part := range strings.SplitSeq(strings.TrimPrefix(u.EscapedPath(), "/"), "/") {
			if part == "" {
				continue
			}
			if !worded.MatchString(part) {
				return kept + "/" + Blank + tail
			}
			kept += "/" + part
		}
		if u.RawQuery != "" || u.Fragment != "" {
			return kept + Blank + tail
		}
		return kept + tail
	})
	return strings.ReplaceAll(body, TokenMark, Blank)
}
