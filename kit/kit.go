// Package kit holds the first-line kit that comes with the program: see docs/first-line.md. Another language is another folder.
package kit

import "embed"

// FS holds the kit as a folder.
//
//go:embed *.yaml */*.yaml
var FS embed.FS
