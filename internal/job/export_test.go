package job

// Pause is a rule that the tests ask many cases.
var Pause = pause
