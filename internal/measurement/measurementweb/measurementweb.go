// Package measurementweb shows competence tests to who sits them, and lets coordinators attach tests, add people and see how far
// they are. What came of it is shown by evidenceweb.
//
// Goals: who opens a link from a letter needs no account and leaves no name: the link is taken once, and a key in a cookie that only
// these pages get goes on in its place; what was answered is kept at each step and handed in by itself when the time is over. Limits:
// which form is sat, when letters go and what is counted is measurement's; nothing here shows one person's answers to another.
package measurementweb

import (
	"context"
	"net/http"

	"github.com/a-h/templ"

	"ostoja/internal/access"
	"ostoja/internal/course"
	"ostoja/internal/course/published"
	"ostoja/internal/itembank"
	"ostoja/internal/measurement"
	"ostoja/internal/text"
	"ostoja/internal/web"
)

// Unit is a unit as forms offer it.
type Unit struct {
	ID    string
	Name  string
	Depth int // 0 for an organisation
}

// Units knows the units within which an actor has a permission, in the order of the tree.
type Units func(ctx context.Context, actor access.Actor, p access.Permission) ([]Unit, error)

// Candidate is a person who could be added to a training.
type Candidate struct {
	ID, Name, Unit string
	HasMail        bool
}

// Candidates finds people by unit and words, of those whom the actor may read: a page of them and how many there are. A size
// of 0 is everybody.
type Candidates func(ctx context.Context, actor access.Actor, unitID, words string, page, size int) ([]Candidate, int, error)

// Trainings is what the pages of trainings, which are another area's, show in those of measurements.
type Trainings struct {
	Fields   func(f *web.Form) templ.Component                               // of the form that attaches a test: what a new training needs
	Make     func(f *web.Form) measurement.Make                              // makes the training that was written in them
	Projects func(ctx context.Context, actor access.Actor) ([]string, error) // which are offered to an actor
	// Title returns the name and the unit of a training that is there already, to which the form's field "training" attaches the test.
	Title func(ctx context.Context, actor access.Actor, trainingID string) (title, unitID string, err error)
	// Part stands on the page of a training's measurement, whose path it is given, for who may change it.
	Part func(ctx context.Context, actor access.Actor, trainingID, path string) (templ.Component, error)
}

// Deps are what the pages stand on.
type Deps struct {
	Site       *web.Site
	Service    *measurement.Service
	Bank       *itembank.Service
	Courses    *published.Service
	Units      Units
	Candidates Candidates
	Trainings  Trainings
	// Paper says on the page of a training's measurement how far its sheets are and how often two readings of them differed.
	Paper func(ctx context.Context, actor access.Actor, measurementID string) (templ.Component, error)
	// Needed, if set, says on the page of an open measurement how many people it takes to see something with its test, and how many it has.
	Needed func(ctx context.Context, actor access.Actor, testID string, have int) (templ.Component, error)
}

// Pages are the pages of the area.
type Pages struct {
	Deps
	texts *course.Course // renders the texts of items
}

// New returns the pages.
func New(d Deps) *Pages { return &Pages{d, course.NewTexts()} }

// Routes registers the pages.
func (h *Pages) Routes(m *web.Mux) {
	m.Site().KeyCookie(keyCookie, keyPath)
	m.Handle("GET /app/s/{token}", h.link)
	m.Handle("POST /app/s/{token}", h.useLink)
	m.Handle("POST /app/s/{token}/again", h.again)
	m.Handle("POST /app/sittings/{sitting}", h.openOwn)
	m.Handle("GET /app/sitting", h.sitting)
	m.Handle("POST /app/sitting", h.save)
	m.Handle("GET /app/sitting/done", h.done)
	m.Handle("GET /app/sitting/evaluation", h.survey)
	m.Handle("POST /app/sitting/evaluation", h.answerSurvey)
	m.Handle("GET /app/evidence/attach", h.attachForm)
	m.Handle("POST /app/evidence/attach", h.attach)
	m.Handle("GET /app/evidence/measurements/{measurement}", h.measurement)
	m.Handle("GET /app/evidence/measurements/{measurement}/evaluation/{file}", h.exportSurvey)
	m.Handle("POST /app/evidence/measurements/{measurement}/close", h.closeMeasurement)
	m.Handle("GET /app/evidence/measurements/{measurement}/people", h.people)
	m.Handle("GET /app/evidence/measurements/{measurement}/people/export/{file}", h.movedPeople)
	m.Handle("POST /app/evidence/measurements/{measurement}/people/{participant}", h.takeOut)
	m.Handle("GET /app/evidence/measurements/{measurement}/participants", h.participants)
	m.Handle("POST /app/evidence/measurements/{measurement}/participants", h.addParticipants)
}

// inLang returns a text in the page's language.
func inLang(r *http.Request, t text.Translated) string { return t.In(printer(r).Tag()) }
