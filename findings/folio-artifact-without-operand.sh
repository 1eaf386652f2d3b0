#!/bin/sh
# The operator that opens an artifact is written without its second operand.
#
# github.com/carlos7ags/folio v0.11.0, content.Stream.BeginArtifact. It writes "/Artifact BDC". BDC takes a tag and a property list, BMC a tag alone
# (ISO 32000-2, 14.6.1). Readers go on without a word to whoever looks at the page; poppler 22.12 (pdftotext) tells "Too few (1) args to
# 'BDC' operator" on its error output and gives none of the text that follows on the page. Open artifacts by writing "/Artifact BMC".
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
cat >go.mod <<'MOD'
module finding

go 1.26.0

require github.com/carlos7ags/folio v0.11.0
MOD
cat >main.go <<'GO'
package main

import (
	"fmt"
	"os"

	"github.com/carlos7ags/folio/content"
)

func main() {
	s := content.NewStream()
	s.BeginArtifact()
	s.EndMarkedContent()
	fmt.Printf("folio v0.11.0 opens and closes an artifact by %q\n", s.Bytes())
	if string(s.Bytes()) != "/Artifact BDC\nEMC" {
		fmt.Println("folio does not behave as noted any more")
		os.Exit(1)
	}
}
GO
GOFLAGS=-mod=mod go mod tidy >/dev/null 2>&1
GOFLAGS=-mod=mod go run .
