package guardian

import "embed"

// Papers are what is printed: papers for courts, to be filled in by hand, and the sheet for the child in each language.
//
//go:embed templates/*.md child/*.md
var Papers embed.FS
