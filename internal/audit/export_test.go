package audit

// Limit is what the tests of what is read at once go beyond.
const Limit = limit
