package identity

// SessionFor is what the tests measure by.
const SessionFor = sessionFor
