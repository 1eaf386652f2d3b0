// Package funds holds the rule sets of funds that come with the program: one file a set, each rule with its source and unconfirmed. What no public
// source was read for is an empty row. See docs/funds.md.
package funds

import "embed"

// Files are the sets.
//
//go:embed *.yaml
var Files embed.FS
