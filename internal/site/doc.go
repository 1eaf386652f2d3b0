// Package site keeps the public site: articles in several languages with their versions and review, facts and the directory of
// services with what is proposed for them, publications and the orders of copies, news, the counts of visits. It says who may
// change what, lets a second person look at it, and makes a [content.Snapshot] of what is published, from which package reader
// makes the readers' pages in advance.
//
// What may be written, and how a text becomes HTML, is package content's; opening hours and their exchange are directory's. A
// reader is never known: nothing here takes an address, an agent or a query. docs/public-site.md tells of the whole.
package site
