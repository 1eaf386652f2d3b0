package site

// MostImported is the limit that the tests of an import go beyond.
const MostImported = mostImported
