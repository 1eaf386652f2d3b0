package site

import (
	"regexp"
	"strings"
)

// wordBegins matches what stands before the beginning of a word. Arabic writes "and", "so", "with", "for", "like" and the
// article together with the word that follows.
var wordBegins = regexp.MustCompile(`\PL[وف]?(?:[بكل]?(?:ال)?|لل)$`)

// forbiddenIn returns the first word of a text that begins like a forbidden one, "" if there is none.
func forbiddenIn(text string, forbidden []string) string {
	folded := " " + strings.ToLower(text)
	for _, w := range forbidden {
		at := strings.Index(folded, strings.ToLower(w))
		for at > 0 {
			if wordBegins.MatchString(folded[:at]) {
				return w
			}
			next := strings.Index(folded[at+1:], strings.ToLower(w))
			if next < 0 {
				break
			}
			at += 1 + next
		}
	}
	return ""
}
