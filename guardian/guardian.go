// Package guardian holds what comes in files with the register of guardians: the rubric of the talk with somebody who wants to become one.
package guardian

import "embed"

// Files are the content.
//
//go:embed *.yaml
var Files embed.FS
