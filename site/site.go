// Package site holds the content of the public site that comes with the program: see docs/public-site.md. Another language
// is another folder.
package site

import "embed"

// FS holds the content as a folder.
//
//go:embed *.yaml */*.yaml */*.md
var FS embed.FS
