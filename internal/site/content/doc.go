// Package content is what the public site says, as plain values without a database: articles and their texts in several
// languages, facts that are kept once and dated, and the folder in which they come ([Bundle]). It finds what may not be written
// (numbers that readers might dial outside facts, raw HTML, words that would tell on a reader), says how far facts and
// services may be trusted on a day, and renders texts to HTML from a [Snapshot] of what is published.
//
// Who may change what, versions and their review are package site's; whole pages are made by package reader. Nothing here knows
// a reader: no address, no agent, no query.
package content
