package letters

import (
	"slices"
	"strings"
	"time"

	"ostoja/internal/classroom"
	"ostoja/internal/classroom/calendar"
	"ostoja/internal/lang"
	"ostoja/internal/mail"
)

// Domain returns what stands behind the @ of events' names, unique beyond this installation.
func Domain(baseURL string) string {
	_, host, _ := strings.Cut(baseURL, "://")
	return host
}

// Place is where a session is held, in one line.
func Place(x classroom.Session) string {
	var parts []string
	for _, part := range []string{x.Room, x.Place, x.Address} {
		if part = strings.Join(strings.Fields(part), " "); part != "" && !slices.Contains(parts, part) {
			parts = append(parts, part)
		}
	}
	return strings.Join(parts, ", ")
}

// Event returns e, which bears a training's title and a note, as a session of the training.
func Event(e calendar.Event, x classroom.Session) calendar.Event {
	e.Start, e.End, e.Location = x.StartsAt, x.EndsAt, Place(x)
	if x.Title != "" {
		e.Summary += ": " + x.Title
	}
	var notes []string
	for _, part := range []string{x.Link, x.AccessNotes, e.Description} {
		if part != "" {
			notes = append(notes, part)
		}
	}
	e.Description = strings.Join(notes, "\n")
	return e
}

// Teaching is a session as the calendar of somebody shows it who is to teach or observe it, in the feed and by letters alike. Its sequence
// is the session's, which rises when others teach, too.
func Teaching(baseURL string, t *lang.Printer, personID, training string, x classroom.Session) calendar.Event {
	return Event(calendar.Event{
		UID: "teaching." + x.ID + "." + personID + "@" + Domain(baseURL), Sequence: x.Sequence, Summary: training,
		Description: t.T("classroom.letter.calendar"), URL: baseURL + "/app/trainings/" + x.TrainingID,
	}, x)
}

// Entry returns what a letter brings for somebody's calendar. from is the address that invites, with or without a name.
func Entry(method string, e calendar.Event, t *lang.Printer, from string, to calendar.Party, at time.Time) (mail.Entry, error) {
	if i := strings.LastIndexByte(from, '<'); i >= 0 {
		from = strings.TrimSuffix(from[i+1:], ">")
	}
	file, err := calendar.Message(method, e, calendar.Party{Name: t.T("seat.calendar.organizer"), Mail: from}, to, at)
	return mail.Entry{Method: method, Text: file}, err
}
