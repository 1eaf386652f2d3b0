// Package papers makes the papers of a training day, by which a fund judges whether it pays: invitations with the superior's consent,
// agenda, attendance sheets, receipts of materials and certificates, trainers' record of hours, privacy notice, evaluation report, and
// the list of what is still missing.
//
// Goals: everything on them comes from one value, [Day], so that no paper contradicts another; they are one tagged document or a ZIP of
// documents, the same bytes for the same day; each page that belongs to a sheet says so, for sheets get mixed up; a name that cannot be
// printed in full is refused by words. Limits: pure, no database and no clock; what a paper says of law is the office's and the fund's
// text, never ours; certificates themselves are drawn by package certificate.
package papers

import (
	"time"
)

// Kind is one of the papers.
type Kind string

// The papers of a day.
const (
	Invitation   Kind = "invitation"   // a page for each person, with the slip of delegation where the training asks for it
	Agenda       Kind = "agenda"       // what is taught when, by whom
	Sheets       Kind = "sheets"       // an attendance sheet for each session
	Materials    Kind = "materials"    // who signs for what was handed out
	Certificates Kind = "certificates" // who signs for a certificate
	Hours        Kind = "hours"        // what each trainer taught
	Notice       Kind = "notice"       // privacy, in the fund's words, and who took note of it
	Evaluation   Kind = "evaluation"   // what participants said, and the gain
	Missing      Kind = "missing"      // what this list of papers still lacks
)

// All returns the papers in the order in which a fund's file has them.
func All() []Kind {
	return []Kind{Invitation, Agenda, Sheets, Materials, Certificates, Hours, Notice, Evaluation, Missing}
}

// Day is what the papers are made of: a training, the sessions that are wanted (those of one day, or all), and its people. All times are
// instants; they are printed in the zone of the [lang.Printer].
type Day struct {
	At         time.Time // when the papers are made; stands in each foot, and divides sessions that are over from those to come
	Training   Training
	Sessions   []Session // in the order of time; none that was cancelled
	People     []Person  // who has a seat, in the order of the sheets
	Emblems    []Emblem  // from left to right, at the head of each paper
	Evaluation Report
}

// Emblem is a picture that the office uploaded: PNG or JPEG. Its description is read out.
type Emblem struct {
	Data        []byte
	Description string
}

// Training is what the papers say of the training as a whole. Texts are in the language in which the papers are made; "" and 0 stand for
// what nobody entered, and is left out or listed as missing.
type Training struct {
	Title           string
	Programme       string // name and version of the programme
	Audience        string
	Project         string // number and name, as the fund's agreement has them
	Share           int    // percent of the cost that the project pays; 0 and 100 are not printed
	Statement       string // the fund's, below the emblems
	Organiser       string // the office
	Contact         string // where to answer and to say what one needs
	HourMinutes     int    // how long an hour of the training is: 45 or 60; each paper with hours says it
	TheoryMinutes   int    // as planned
	ExerciseMinutes int
	Objectives      []string
	Materials       []string // what is handed out and signed for
	Delegation      bool     // a superior's written consent is asked for
	AnswerUntil     time.Time
	NoticeText      string // of privacy; a blank line parts paragraphs, "- " begins a point
	NoticeVersion   string
}

// Session is a half-day or day. Start and end are instants: one in which the clocks change lasts as long as it really does.
type Session struct {
	Sheet      string // the id that is printed on the sheet and typed when it is uploaded
	Version    int    // of the sheet: rises when the list was printed anew
	Title      string // "" where the day says enough
	Starts     time.Time
	Ends       time.Time
	Minutes    int // taught, without breaks; 0: from start to end
	Place      string
	Address    string
	Room       string
	Link       string // of a session online
	Access     string // steps, lift, loop, parking
	Trainers   []string
	Agenda     []Item
	EmptyRows  int  // for people without a seat; they have codes of their own
	Counted    bool // the trainer counted heads
	SheetKept  bool // the signed sheet was photographed
	Closed     bool
	Unanswered int // people of whom nobody noted whether they were there
}

// Item is a part of a session.
type Item struct {
	Starts  time.Time
	Minutes int
	Title   string
	Form    Form
	Trainer string // "" where the session's say enough
}

// Form is how a part is taught.
type Form string

// The forms; a part without one is neither counted nor named.
const (
	Theory   Form = "theory"
	Exercise Form = "exercise"
	Pause    Form = "pause"
)

// Person is somebody with a seat.
type Person struct {
	Code          string // of the row: it finds the person again from a photographed sheet or a typed form
	Name          string
	Institution   string
	Delegated     bool      // the superior's consent is there
	NoticeVersion string    // of the privacy notice that the person took note of, "" for none
	NoticeAt      time.Time // when
	Certificate   string    // its number, "" while none is issued
}

// Report is what the evaluation says. Figures that would show what single people answered are NaN: a dash is printed, and why.
type Report struct {
	Invited, Present, Answered int
	Questions                  []Question
	Gains                      []Gain
	Remarks                    []string // that may be shown
}

// Question is one of the evaluation.
type Question struct {
	Text     string
	Answered int
	Mean     float64
	Most     int // the scale is from 1 to that
}

// Gain is that of one competence test: never more than what the same people answered before and after.
type Gain struct {
	Test                     string
	Matched, Lost            int // people with both tests, and with the first alone
	Before, After            float64
	Difference, Lower, Upper float64 // in points of 100, with the interval of 95 %
	FirstDay, LastDay        time.Time
}

// minutes returns how long a session is taught.
func (s Session) minutes() int {
	if s.Minutes > 0 {
		return s.Minutes
	}
	return int(s.Ends.Sub(s.Starts) / time.Minute)
}

// hours returns minutes in hours of the training.
func (t Training) hours(minutes int) float64 { return float64(minutes) / float64(t.hour()) }

func (t Training) hour() int {
	if t.HourMinutes == 0 {
		return 45 // the hour of teaching, as most programmes have it
	}
	return t.HourMinutes
}
