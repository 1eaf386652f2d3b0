package learning

// Rules that tests call by themselves.
var (
	Requirements = requirementsOf
	FinishedBy   = finished
	CompletedBy  = completed
	CheckBegin   = checkBegin
)

// Kinds of requirements that tests ask for; pages show them all by the texts of their names.
const (
	NeedLessons  = needLessons
	NeedTestPass = needTestPass
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
