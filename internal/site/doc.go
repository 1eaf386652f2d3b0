// Package site is the public site: articles in several languages, facts that are kept once and dated, the directory of
// services, the check of a job offer, news and publications. It keeps texts and their review, and makes a [Snapshot] of what
// is published, from which package siteweb makes the reader's pages in advance.
//
// A reader is never known: nothing here takes an address, an agent or a query. docs/public-site.md tells of the whole.
package site
