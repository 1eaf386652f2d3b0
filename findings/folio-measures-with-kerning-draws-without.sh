#!/bin/sh
# The measured width of a text is not the width of the text that is drawn.
#
# github.com/carlos7ags/folio v0.11.0. EmbeddedFont.MeasureString adds the font's kerning;
# Page.AddTextEmbedded writes the same string as one show operator without any, and so does EncodeString for one's own operators. A line that is
# put against a right margin by its measured width ends beyond it. Seen with DejaVu Sans Condensed Bold at 100 points. Who draws has to
# write the adjustments between letters (EmbeddedFont.Kern, a TJ array).
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
cat >go.mod <<'MOD'
module finding

go 1.26.0

require (
	codeberg.org/go-fonts/dejavu v0.4.0
	github.com/carlos7ags/folio v0.11.0
)
MOD
cat >main.go <<'GO'
package main

import (
	"fmt"
	"os"
	"strings"

	"codeberg.org/go-fonts/dejavu/dejavusanscondensedbold"
	"github.com/carlos7ags/folio/document"
	"github.com/carlos7ags/folio/font"
)

func main() {
	face, err := font.ParseTTF(dejavusanscondensedbold.TTF)
	if err != nil {
		panic(err)
	}
	f := font.NewEmbeddedFont(face)
	const text = "AVATAR Tyrawa"
	measured, advances := f.MeasureString(text, 100), 0.0
	for _, r := range text {
		advances += f.MeasureString(string(r), 100)
	}
	page := document.NewDocument(document.PageSizeA4).AddPage()
	page.AddTextEmbedded(text, f, 100, 0, 0)
	stream := string(page.ContentStream().Bytes())
	moved := strings.Contains(stream, "TJ")
	fmt.Printf("folio v0.11.0: %q is measured as %.1f points; its letters' advances are %.1f; adjustments are drawn: %v\n", text, measured, advances, moved)
	if advances-measured < 10 || moved {
		fmt.Println("folio does not behave as noted any more")
		os.Exit(1)
	}
}
GO
GOFLAGS=-mod=mod go mod tidy >/dev/null 2>&1
GOFLAGS=-mod=mod go run .
