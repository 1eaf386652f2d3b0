// Package certificate issues the certificates of passed courses and of attended trainings, keeps them as they were printed, draws them as PDF, and
// lets anyone who holds the paper verify it.
//
// Goals: a number for each and none left out, as an auditor counts them, also when many pass at once; a repeated award finds the first
// one; what was printed never changes, whatever becomes of the course or the name. Limits: whether a course is completed is learning's
// decision, and for how long somebody was in the room classroom's; the paper is no qualified seal (eIDAS, Regulation (EU) No 910/2014), it is verified by its code at the issuer's address.
package certificate

import (
	"time"

	"ostoja/internal/paper"
)

// Award is what a certificate is issued for.
type Award struct {
	PersonID    string
	EnrolmentID string
	AttemptID   string // the passed attempt; "" for a course without a test
	CourseID    string
	VersionID   string
	Lang        string // in which the person took the course, and in which the paper is
	Holder      string // the person's name as it stands on the paper
	Heading     string // what the course calls its certificate; "" leaves it to the interface's words
	Title       string // of the course
	Hours       float64
	Objectives  []string // what the course aims at and its test asks
	Fund        string   // statement that the fund asks for; "" if none
	Issuer      string
	ValidMonths int // 0: without end
	At          time.Time

	// Of a training, which has neither enrolment nor attempt, course and version.
	Attended
}

// Attended is what is said of a training in a room; all of it is zero in the certificate of a course.
type Attended struct {
	TrainingID  string
	HoursOf     float64   // that the training had; the holder was there for Hours of them
	HourMinutes int       // how long such an hour is
	HeldFrom    time.Time // the beginning of the first session, UTC
	HeldUntil   time.Time // the end of the last
	Place       string
}

func (a Attended) equal(b Attended) bool {
	return a.TrainingID == b.TrainingID && a.HoursOf == b.HoursOf && a.HourMinutes == b.HourMinutes && a.HeldFrom.Equal(b.HeldFrom) && a.HeldUntil.Equal(b.HeldUntil) && a.Place == b.Place
}

// Certificate is what the paper says. It does not follow later changes of a name or a course.
type Certificate struct {
	ID            string
	Number        string // OST-2026-000123, without gaps within a year
	Code          string // random, for verification; see [Grouped]
	PersonID      string
	EnrolmentID   string
	AttemptID     string
	CourseID      string
	VersionID     string
	Lang          string
	Holder        string
	HolderLatin   string // as in the passport, for a name in a script that the paper cannot print; "" otherwise or until it is given
	Heading       string // what the course calls its certificate; "" in those issued before courses could
	Title         string
	Hours         float64
	Objectives    []string `db:"objectives,json"`
	Fund          string
	Issuer        string
	IssuedAt      time.Time
	ValidUntil    time.Time // the end of the last day; zero: without end
	RevokedAt     time.Time
	RevokedBy     string
	RevokedReason string
	Attended
	// SupersededAt is when the same person was issued the next certificate of the same course or training that still stands; zero if
	// there is none. It is found when the certificate is read, not stored.
	SupersededAt time.Time
}

// NeedsSpelling says that the holder's name is in a script that the paper cannot print and that nobody has yet given its spelling in
// Latin letters. The certificate stands all the same, and verification shows the name as it is.
func (c Certificate) NeedsSpelling() bool { return c.HolderLatin == "" && !paper.Printable(c.Holder) }

// printedHolder is the name that stands on the paper.
func (c Certificate) printedHolder() string {
	if c.HolderLatin != "" {
		return c.HolderLatin
	}
	return c.Holder
}

// Status is what a certificate is worth at a time.
type Status string

// The statuses, each excluding the others.
const (
	Valid      Status = "valid"
	Expired    Status = "expired"
	Superseded Status = "superseded" // the person has a newer one of the same course or training
	Revoked    Status = "revoked"
)

// Status says what the certificate is worth at a time. Of several truths the weightiest is told: that it was revoked, then
// that there is a newer one, then that its time is over.
func (c Certificate) Status(at time.Time) Status {
	switch {
	case passed(c.RevokedAt, at):
		return Revoked
	case passed(c.SupersededAt, at):
		return Superseded
	case !c.ValidUntil.IsZero() && at.After(c.ValidUntil):
		return Expired
	}
	return Valid
}

func passed(moment, at time.Time) bool { return !moment.IsZero() && !at.Before(moment) }
