// Package translations holds the interface texts: a folder per language, a file per area. Another language is another
// folder; a test names every key that is missing in one. In papers/ stands what is printed on certificates in languages in which
// courses are taken and the interface is not shown: the paper is read by others, who may read that language alone.
package translations

import "embed"

// FS holds the message files.
//
//go:embed */*.yaml papers/*/*.yaml
var FS embed.FS
