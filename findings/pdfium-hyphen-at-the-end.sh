#!/bin/sh
# A hyphen at the end of a text object is read back as U+0002.
#
# github.com/klippa-app/go-pdfium v1.21.4 (PDFium by WebAssembly), reading a page that github.com/carlos7ags/folio v0.11.0 wrote with a ToUnicode map.
# The page shows "Nowak-" and "Nowak-Kot". Seen: FPDFTextObj_GetText gives "Nowak\x02" for the first, though no line follows in which the word
# could go on, and "Nowak-Kot" for the second. A test that looks for a name on a page misses one that ends in a hyphen.
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
	github.com/klippa-app/go-pdfium v1.21.4
)
MOD
cat >main.go <<'GO'
package main

import (
	"fmt"
	"os"
	"time"

	"codeberg.org/go-fonts/dejavu/dejavusanscondensed"
	"github.com/carlos7ags/folio/document"
	"github.com/carlos7ags/folio/font"
	"github.com/klippa-app/go-pdfium/requests"
	"github.com/klippa-app/go-pdfium/webassembly"
)

func check(err error) {
	if err != nil {
		panic(err)
	}
}

func main() {
	face, err := font.ParseTTF(dejavusanscondensed.TTF)
	check(err)
	f := font.NewEmbeddedFont(face)
	d := document.NewDocument(document.PageSizeA4)
	page := d.AddPage()
	page.AddTextEmbedded("Nowak-", f, 20, 50, 700)
	page.AddTextEmbedded("Nowak-Kot", f, 20, 50, 500)
	file, err := d.ToBytes()
	check(err)
	pool, err := webassembly.Init(webassembly.Config{MinIdle: 1, MaxIdle: 1, MaxTotal: 1})
	check(err)
	p, err := pool.GetInstance(time.Minute)
	check(err)
	opened, err := p.OpenDocument(&requests.OpenDocument{File: &file})
	check(err)
	at := requests.Page{ByIndex: &requests.PageByIndex{Document: opened.Document}}
	text, err := p.FPDFText_LoadPage(&requests.FPDFText_LoadPage{Page: at})
	check(err)
	var read []string
	for i := range 2 {
		o, err := p.FPDFPage_GetObject(&requests.FPDFPage_GetObject{Page: at, Index: i})
		check(err)
		t, err := p.FPDFTextObj_GetText(&requests.FPDFTextObj_GetText{PageObject: o.PageObject, TextPage: text.TextPage})
		check(err)
		read = append(read, t.Text)
	}
	fmt.Printf("go-pdfium v1.21.4 reads %q\n", read)
	if read[0] != "Nowak\x02" || read[1] != "Nowak-Kot" {
		fmt.Println("PDFium does not behave as noted any more")
		os.Exit(1)
	}
}
GO
GOFLAGS=-mod=mod go mod tidy >/dev/null 2>&1
GOFLAGS=-mod=mod go run .
