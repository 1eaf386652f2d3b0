// Package help holds what the program's pages say of themselves under "Pomoc": a text for each part of the application, in Polish and in English,
// and the result of the last automatic check of accessibility. Which page has which text stands in internal/app/helpweb.
package help

import "embed"

// FS holds the texts as LANG/TOPIC.md, whose first line is the title, and checked.json, which `make validate` writes.
//
//go:embed checked.json */*.md
var FS embed.FS
