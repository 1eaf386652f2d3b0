package directory

import (
	"regexp"
	"slices"
)

var markPattern = regexp.MustCompile(`^[a-z][a-z0-9-]{0,59}$`)

// reserved are parts of addresses and anchors of pages: what is named by one of them could not be reached.
var reserved = []string{"new", "export", "import", "confirm", "index", "feed", "exit", "main", "out", "tongues", "top", "near"}

// IsMark says whether a text can name a service, a fact or an article.
func IsMark(s string) bool { return markPattern.MatchString(s) }

// IsReserved says whether a mark is taken by the pages themselves.
func IsReserved(mark string) bool { return slices.Contains(reserved, mark) }
