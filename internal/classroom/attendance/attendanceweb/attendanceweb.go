// Package attendanceweb shows the hall: the roll of a session on a trainer's phone, the code on the screen, the count and the closing,
// corrections with their history, photographed sheets and the hours of a training; and to who comes, what their scan came to.
//
// Goals: names are the first thing on the page and one touch marks a person; every page works without a script, by a button that
// saves; on a device that was opened beforehand the roll works without network too, by itself (web/hall.js, decision 0049). Limits:
// of a person the roll says the name alone, and where two have one name the unit; mail, results and needs never stand here.
package attendanceweb

import (
	"context"
	"net/http"
	"time"

	"golang.org/x/time/rate"

	"ostoja/internal/access"
	"ostoja/internal/classroom/attendance"
	"ostoja/internal/classroom/classroomweb"
	"ostoja/internal/classroom/photo"
	"ostoja/internal/lang"
	"ostoja/internal/web"
)

// Person is somebody who may be found among the people.
type Person struct{ ID, Name, Unit string }

// Find returns people whom an actor may see, by words of their name.
type Find func(ctx context.Context, actor access.Actor, words string) ([]Person, error)

// OpenRow gives this browser the test that is of a row's code, among those of a training, until a time, and leads there. What the code does
// not open is an error in words.
type OpenRow func(w http.ResponseWriter, r *http.Request, trainingID, code string, until time.Time) error

// Pages are the pages of the hall.
type Pages struct {
	Site    *web.Site
	Service *attendance.Service
	Find    Find
	Tasks   classroomweb.Tasks // the tests that wait for who scanned the code
	Row     OpenRow            // the test of who has no account, by the code of their sheet

	limit *rate.Limiter // of codes that are tried
}

// New returns the pages.
func New(site *web.Site, service *attendance.Service, find Find, tasks classroomweb.Tasks, row OpenRow) *Pages {
	const perSecond, burst = 10, 300 // a full hall scans within a minute; who guesses needs years
	return &Pages{Site: site, Service: service, Find: find, Tasks: tasks, Row: row, limit: rate.NewLimiter(perSecond, burst)}
}

// Routes registers the pages.
func (h *Pages) Routes(m *web.Mux) {
	m.Handle("GET /app/hall", h.day)
	m.Handle("GET /app/hall/{session}", h.roll)
	m.Handle("POST /app/hall/{session}", h.save)
	m.Handle("GET /app/hall/{session}/walk-in", h.walkInForm)
	m.Handle("POST /app/hall/{session}/walk-in", h.walkIn)
	m.Handle("GET /app/hall/{session}/person/{who}", h.person)
	m.Handle("POST /app/hall/{session}/person/{who}", h.mark)
	m.Handle("POST /app/hall/{session}/person/{who}/undo", h.undo)
	m.Handle("POST /app/hall/{session}/person/{who}/link", h.link)
	m.Handle("GET /app/hall/{session}/close", h.closing)
	m.Handle("POST /app/hall/{session}/close", h.close)
	m.Handle("POST /app/hall/{session}/count", h.count)
	m.Handle("POST /app/hall/{session}/note", h.note)
	m.Handle("GET /app/hall/{session}/reopen", h.reopenForm)
	m.Handle("POST /app/hall/{session}/reopen", h.reopen)
	m.Handle("GET /app/hall/{session}/code", h.code)
	m.Handle("GET /app/hall/{session}/scans", h.scans)
	m.Handle("GET /app/hall/{session}/sheets", h.sheets)
	m.HandleUpload("POST /app/hall/{session}/sheets", photo.Most, h.addSheet)
	m.Handle("GET /app/hall/{session}/sheets/{sheet}", h.sheet)
	m.Handle("POST /app/hall/{session}/sheets/{sheet}/withdraw", h.withdrawSheet)
	m.Handle("GET /app/hall/device", h.device)
	m.Handle("GET /app/hall/worker.js", h.worker)
	m.Handle("GET /app/hall/now", h.now)
	m.Handle("POST /app/hall/erase", h.erase)
	m.Handle("POST /app/hall/{session}/open", h.openOn)
	m.Handle("POST /app/hall/{session}/items", h.items)
	m.Handle("POST /app/hall/{session}/erased", h.erased)
	m.Handle("GET /app/trainings/{training}/hours", h.hours)
	m.Handle("GET /app/here", h.typeCode)
	m.Handle("GET /app/here/{code}", h.scanned)
	m.Handle("GET /app/here/scan", h.look)
	m.Handle("GET /app/here/row", h.askRow)
	m.Handle("POST /app/here/row", h.openRow)
	m.Handle("POST /app/here/scan", h.confirm)
}

// files are those that the pages of the hall need beside all others.
var files = []string{"hall.css", "roll.js"}

func pathOf(s attendance.Session) string { return "/app/hall/" + s.ID }

// deviceOf names the browser in which somebody is signed in, for undoing there.
func deviceOf(r *http.Request) string { return web.CurrentSession(r.Context()).ID }

// tabName is what a session is called beside others of its training: the day and the half of it, or its title.
func tabName(p *lang.Printer, s attendance.Session) string {
	at := s.StartsAt.In(p.Zone())
	part := "hall.part-morning"
	if at.Hour() >= 12 {
		part = "hall.part-afternoon"
	}
	return p.T("hall.weekday-"+[]string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}[at.Weekday()]) + " " + p.T(part)
}

// when is the day and the hours of a session.
func when(p *lang.Printer, s attendance.Session, now time.Time) string {
	return p.Day(s.StartsAt, now) + ", " + p.Clock(s.StartsAt) + "–" + p.Clock(s.EndsAt)
}

func clock(p *lang.Printer, t *time.Time) string {
	if t == nil {
		return ""
	}
	return p.Clock(*t)
}

// partly says from when and until when somebody is there, if not all the time.
func partly(p *lang.Printer, st attendance.Standing) string {
	switch {
	case st.FromAt != nil && st.UntilAt != nil:
		return p.T("hall.from-until", "From", clock(p, st.FromAt), "Until", clock(p, st.UntilAt))
	case st.FromAt != nil:
		return p.T("hall.from-only", "From", clock(p, st.FromAt))
	case st.UntilAt != nil:
		return p.T("hall.until-only", "Until", clock(p, st.UntilAt))
	}
	return ""
}

// nameOf is how somebody on the roll is called; a walk-in whose name was erased after its time has none any more.
func nameOf(p *lang.Printer, r attendance.Row) string {
	if r.Name == "" {
		return p.T("hall.erased.name")
	}
	return r.Name
}
