// Package translations holds the interface texts: a folder per language, a file per area. Another language is another
// folder; a test names every key that is missing in one.
package translations

import "embed"

// FS holds the message files.
//
//go:embed */*.yaml
var FS embed.FS
