package learning

// Rules that tests call by themselves.
var (
	FinishedBy  = finished
	CompletedBy = completed
	CheckBegin  = checkBegin
)

// Writes of which the second does nothing: no page does one twice, since it reads first what it would change.
var (
	InsertEnrolment = insertEnrolment
	InsertAttempt   = insertAttempt
	CloseAttempt    = closeAttempt
	StepRun         = stepRun
	MoveOne         = (*Service).moveOne
)

// OverdueAttempts tells in which order rows are read.
var OverdueAttempts = overdueAttempts
