package learning

// Rules that tests call by themselves.
var (
	FinishedBy  = finished
	CompletedBy = completed
	CheckBegin  = checkBegin
)
