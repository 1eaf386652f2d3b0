package seatweb

import (
	"slices"

	"ostoja/internal/access"
	"ostoja/internal/classroom"
	"ostoja/internal/classroom/classroomweb"
	"ostoja/internal/classroom/seat"
	"ostoja/internal/lang"
	"ostoja/internal/ui"
)

// daysText says on which days sessions are, and when the first begins.
func daysText(p *lang.Printer, sessions []classroom.Session) string {
	first, last := sessions[0], sessions[len(sessions)-1]
	text := p.Date(first.StartsAt) + ", " + p.Clock(first.StartsAt)
	if p.Date(first.StartsAt) != p.Date(last.StartsAt) {
		return text + " – " + p.Date(last.StartsAt)
	}
	return text + "–" + p.Clock(last.EndsAt)
}

// freeText says how many seats are free, or how long the queue is.
func freeText(p *lang.Printer, o seat.Offer) string {
	switch {
	case o.Free == seat.Unlimited:
		return p.T("seat.offers.unlimited")
	case o.Free > 0:
		return p.N("seat.offers.free", o.Free)
	}
	return p.N("seat.offers.waiting", o.WaitingNo)
}

// candidates offers people to be ticked.
func candidates(people []seat.Candidate) []ui.Option {
	list := make([]ui.Option, len(people))
	for i, x := range people {
		list[i] = ui.Option{Value: x.ID, Label: x.Name, Hint: x.Unit}
	}
	return list
}

// readsNeeds says whether somebody may read what people need in a training: who arranges it, keeps its people, or teaches it (package need).
func readsNeeds(f *classroomweb.Frame, actor access.Actor) bool {
	teaches := func(t classroom.Trainer) bool { return t.PersonID == actor.PersonID && t.Part != classroom.Observer }
	return f.Allowed[access.TrainingsWrite] || f.Allowed[access.Participants] || slices.ContainsFunc(f.Trainers, teaches)
}
