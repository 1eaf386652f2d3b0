// Package laboratory holds the cases of the case laboratory that come with the program, a file each. See docs/laboratory.md.
package laboratory

import "embed"

// FS holds the files of the cases.
//
//go:embed *.yaml
var FS embed.FS
