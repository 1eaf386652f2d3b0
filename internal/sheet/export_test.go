package sheet

// Text and Plain are what the tests of disarmed texts ask many cases.
var (
	Text  = escape
	Plain = unescape
)
