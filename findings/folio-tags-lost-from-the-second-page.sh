#!/bin/sh
# In a tagged document the text of every page but the first belongs to no tag.
#
# github.com/carlos7ags/folio v0.11.0, pdfjs-dist 4.10.38 as the reader. A document of two pages with a paragraph on each, SetTagged(true). The structure
# tree names the second page's paragraph as marked content 0 of that page; the page itself marks it as 1, since marks are counted on through
# the document. ISO 32000-2, 14.7.5.2: the identifiers are those of a page's content stream. Seen: the reader finds the paragraph's text by its tag
# on page 1 and none on page 2, without any error. A test that looks at a document of one page sees nothing of it.
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
	"os"

	"github.com/carlos7ags/folio/document"
	"github.com/carlos7ags/folio/font"
	"github.com/carlos7ags/folio/layout"
)

func main() {
	d := document.NewDocument(document.PageSizeA4)
	d.SetTagged(true)
	d.Add(layout.NewParagraph("Anna Kowalska", font.Helvetica, 12))
	d.Add(layout.NewAreaBreak())
	d.Add(layout.NewParagraph("Jan Nowak", font.Helvetica, 12))
	if _, err := d.WriteTo(os.Stdout); err != nil {
		panic(err)
	}
}
GO
GOFLAGS=-mod=mod go mod tidy >/dev/null 2>&1
GOFLAGS=-mod=mod go run . >two-pages.pdf
npm install --silent --no-audit --no-fund --ignore-scripts pdfjs-dist@4.10.38 >/dev/null 2>&1
cat >read.mjs <<'JS'
import { readFileSync } from "node:fs";
import { getDocument } from "pdfjs-dist/legacy/build/pdf.mjs";

const pdf = await getDocument({ data: new Uint8Array(readFileSync("two-pages.pdf")), verbosity: 0 }).promise;
const tagged = (node) => (node.type === "content" ? [node.id] : (node.children ?? []).flatMap(tagged));
const found = [];
for (let n = 1; n <= pdf.numPages; n++) {
  const page = await pdf.getPage(n);
  const ids = tagged(await page.getStructTree());
  let mark = null;
  const texts = [];
  for (const item of (await page.getTextContent({ includeMarkedContent: true })).items) {
    if (item.type === "beginMarkedContentProps") mark = item.id;
    else if (item.type === "endMarkedContent") mark = null;
    else if (item.str && ids.includes(mark)) texts.push(item.str);
  }
  found.push(texts.join(" "));
}
console.log("folio v0.11.0, read by pdfjs-dist 4.10.38: text found by its tag, page by page:", JSON.stringify(found));
if (found.length !== 2 || !found[0].includes("Kowalska") || found[1] !== "") {
  console.log("folio does not behave as noted any more");
  process.exit(1);
}
JS
node read.mjs
