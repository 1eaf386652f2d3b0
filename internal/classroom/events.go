package classroom

// DaysChanged happens when a training moves to other days.
type DaysChanged struct{ TrainingID string }

// AnnouncementChanged happens when a training is announced, no longer is, or changes while it is.
type AnnouncementChanged struct{}

// SessionsChanged happens whenever anything of a training's sessions changes: days, rooms, how many there is room for, whether they are
// held. Whoever keeps seats looks for free ones then. No letter follows from it: see [Rescheduled].
type SessionsChanged struct{ TrainingID string }

// Rescheduled happens some minutes after trainings were moved, put off or cancelled by one act, unless it was undone: it is time to
// tell whom it concerns, each in one letter, however many of the trainings are theirs. What holds now stands in the trainings.
type Rescheduled struct {
	TrainingIDs []string
	Kind        Act
	Note        string // why, for whom it concerns; "" if nobody wrote it
}

// Act is what was done to the days of trainings.
type Act string

// The acts.
const (
	ActMoved     Act = "moved"
	ActPutOff    Act = "put-off"
	ActCancelled Act = "cancelled"
)
