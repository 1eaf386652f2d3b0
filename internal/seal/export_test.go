package seal

// ErrBroken is what Open answers to every seal that it does not know, so that the answer tells nothing of the reason.
var ErrBroken = errBroken
