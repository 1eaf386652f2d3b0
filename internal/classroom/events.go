package classroom

// DaysChanged happens when a training moves to other days.
type DaysChanged struct{ TrainingID string }

// AnnouncementChanged happens when a training is announced, no longer is, or changes while it is.
type AnnouncementChanged struct{}

// SessionsChanged happens whenever anything of a training's sessions changes: days, rooms, how many there is room for, whether they are
// held. Whoever keeps seats looks for free ones then. No letter follows from it: see [Rescheduled].
type SessionsChanged struct{ TrainingID string }

// Rescheduled happens some minutes after trainings were moved, put off or cancelled by one act, or others were named to teach them, unless
// it was undone: it is time to tell whom it concerns, each in one letter, however many of the trainings are theirs. What holds now stands
// in the trainings.
type Rescheduled struct {
	TrainingIDs []string
	Kind        Act      // [ActTeam] if nothing was done to days
	Note        string   // why, for whom it concerns; "" if nobody wrote it
	Before      []Taught // who taught before, and in which sessions
}

// Taught is that somebody is, or was, to teach a training; or a session, if it names one, which is as it is, or was.
type Taught struct {
	TrainingID string
	SessionID  string
	PersonID   string
	Part       Part
	Session    Session
}

// Act is what was done to the days of trainings, or to who teaches them.
type Act string

// The acts.
const (
	ActMoved     Act = "moved"
	ActPutOff    Act = "put-off"
	ActCancelled Act = "cancelled"
	ActTeam      Act = "team" // others teach, on the same days
)
