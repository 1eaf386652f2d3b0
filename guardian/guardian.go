// Package guardian holds what comes in files with the register of guardians: the rubric of the talk with somebody who wants to become one, kinds of
// appointments, lists of what is to be done. Each file says beside its entries where they come from and what somebody has still to confirm.
package guardian

import "embed"

// Files are the content.
//
//go:embed *.yaml
var Files embed.FS
