package site

// MaxImported is the limit that the tests of an import go beyond.
const MaxImported = maxImported
