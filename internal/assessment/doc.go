// Package assessment shows whether people learned. It keeps the item bank, competence tests with parallel forms, and the
// sittings before, after and later; it computes the gain, the item analysis and what a table may show without giving away
// a small group; and it keeps the anonymous evaluation.
//
// docs/evidence.md defines the figures, and docs/decisions/0012 to 0015 tell of the choices.
package assessment
