package testrig

import (
	"time"

	"ostoja/internal/access"
	"ostoja/internal/classroom"
	"ostoja/internal/classroom/attendance"
)

// Hours are when a session is held.
type Hours struct{ From, Until time.Time }

// Class is a training with sessions, seats and attendance, all made through the services.
type Class struct {
	*World
	ID       string
	Sessions []string // by time
	by       access.Actor
	hours    []Hours
	place    string
}

// Class plans a training of a unit on the day before the world's time, since no service plans what has begun. Whatever is done to it
// later, is done by the same coordinator.
func (w *World) Class(by access.Actor, unitID string, content classroom.ContentDraft, place string, sessions ...Hours) *Class {
	w.T.Helper()
	c := &Class{World: w, by: by, hours: sessions, place: place}
	d := classroom.NewDraft{Content: content, UnitID: unitID}
	for i := range sessions {
		d.Sessions = append(d.Sessions, c.session(i))
	}
	w.Clock.Advance(-24 * time.Hour)
	c.ID = Must(w.Classroom.Create(w.T.Context(), by, d))(w.T)
	w.Clock.Advance(24 * time.Hour)
	for _, s := range Must(w.Classroom.Sessions(w.T.Context(), by, c.ID))(w.T) {
		c.Sessions = append(c.Sessions, s.ID)
	}
	return c
}

// wall is the installation's zone.
func wall(t time.Time) time.Time {
	zone, err := time.LoadLocation(settings.Zone)
	if err != nil {
		panic(err)
	}
	return t.In(zone)
}

func (c *Class) session(i int, trainers ...access.Actor) classroom.SessionDraft {
	from, until := wall(c.hours[i].From), wall(c.hours[i].Until)
	d := classroom.SessionDraft{
		Day: from.Format(time.DateOnly), From: from.Format("15:04"), UntilDay: until.Format(time.DateOnly), Until: until.Format("15:04"), Place: c.place,
	}
	for _, a := range trainers {
		d.Trainers = append(d.Trainers, a.PersonID)
	}
	return d
}

// Edition is what the next change of the plan begins from.
func (c *Class) Edition() int {
	c.T.Helper()
	return Must(c.Classroom.Plan(c.T.Context(), c.by, c.ID))(c.T).Edition
}

// Team says who teaches the training, in place of who did. Everybody in it needs the role of a trainer.
func (c *Class) Team(parts map[classroom.Part]access.Actor) {
	c.T.Helper()
	var list []classroom.TrainerDraft
	for part, a := range parts {
		list = append(list, classroom.TrainerDraft{PersonID: a.PersonID, Part: part})
	}
	c.OK(c.Classroom.SaveTrainers(c.T.Context(), c.by, c.ID, c.Edition(), list))
}

// TaughtBy says who of the team teaches a session; nobody named: all of it.
func (c *Class) TaughtBy(i int, trainers ...access.Actor) {
	c.T.Helper()
	Must(c.Classroom.SaveSession(c.T.Context(), c.by, c.ID, c.Sessions[i], c.Edition(), c.session(i, trainers...)))(c.T)
}

// Seat gives people, of whichever unit, a seat.
func (c *Class) Seat(people ...access.Actor) {
	c.T.Helper()
	var ids []string
	for _, a := range people {
		ids = append(ids, a.PersonID)
	}
	if o := Must(c.Seats.Add(c.T.Context(), c.Coordinator, c.ID, ids, true))(c.T); o.Done != len(ids) {
		c.T.Fatalf("%+v", o)
	}
}

// Present puts on record that somebody was there for the first minutes of a session: by the roll, or by a correction once it is closed.
func (c *Class) Present(i int, a access.Actor, minutes int) {
	c.T.Helper()
	ctx := c.T.Context()
	was := attendance.Correction{
		State: attendance.Present, From: wall(c.hours[i].From).Format("15:04"), Reason: "z listy",
		Until: wall(c.hours[i].From.Add(time.Duration(minutes) * time.Minute)).Format("15:04"),
	}
	if Must(c.Attendance.Session(ctx, c.by, c.Sessions[i]))(c.T).ClosedAt.IsZero() {
		c.OK(c.Attendance.Detail(ctx, c.by, c.Sessions[i], "", a.PersonID, was))
		return
	}
	c.OK(c.Attendance.Correct(ctx, c.by, c.Sessions[i], a.PersonID, was))
}

// Close closes sessions, of which no sheet was handed in.
func (c *Class) Close(sessions ...int) {
	c.T.Helper()
	for _, i := range sessions {
		c.OK(c.Attendance.Close(c.T.Context(), c.by, c.Sessions[i], "arkusz jest w segregatorze"))
	}
}
