package measurementweb

import (
	"net/http"
	"strings"

	"ostoja/internal/errs"
	"ostoja/internal/lang"
	"ostoja/internal/list/listweb"
	"ostoja/internal/measurement"
	"ostoja/internal/ui"
	"ostoja/internal/web"
)

// ownTraining returns a training that the actor may change; any other measurement is not found.
func (h *Pages) ownTraining(r *http.Request) (l measurement.Listed, err error) {
	ctx, actor := r.Context(), web.Actor(r.Context())
	if l, err = h.Service.Measurement(ctx, actor, r.PathValue("measurement")); err != nil {
		return l, err
	}
	may, err := h.Service.MayChange(ctx, actor, l.ID)
	if err == nil && (!may || l.Kind != measurement.OfTraining) {
		err = errs.NotFound("error.not-found")
	}
	return l, err
}

// peopleView is the list of who is in a training.
type peopleView struct {
	measurement.Listed
	Shown *listweb.Shown
}

func (h *Pages) people(w http.ResponseWriter, r *http.Request) (err error) {
	var v peopleView
	if v.Listed, err = h.ownTraining(r); err != nil {
		return err
	}
	people, err := h.Service.Participants(r.Context(), web.Actor(r.Context()), v.ID)
	if err != nil {
		return err
	}
	l := h.peopleList(r, v.Listed, people)
	if l.Wanted() {
		return l.Send(w, r)
	}
	if v.Shown, err = l.Open(r.Context()); err != nil {
		return err
	}
	return web.Show(w, r, web.View{Title: printer(r).T("assessment.people.title"), Nav: "evidence", Wide: true}, peoplePage(v))
}

// movedPeople leads from the address that the list's file had of its own.
func (h *Pages) movedPeople(w http.ResponseWriter, r *http.Request) error {
	if what, _, _ := strings.Cut(r.PathValue("file"), "."); what != "people" {
		return errs.NotFound("error.not-found")
	}
	if _, err := h.ownTraining(r); err != nil {
		return err
	}
	return listweb.Moved(func(r *http.Request) string { return measurementPath(r.PathValue("measurement"), "/people") })(w, r)
}

// takeOut takes a person out of a training, or brings them back.
func (h *Pages) takeOut(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	measurementID, back := r.PathValue("measurement"), f.Get("back") != ""
	gone, err := h.Service.TakeOut(r.Context(), web.Actor(r.Context()), measurementID, r.PathValue("participant"), !back)
	switch {
	case err != nil:
		return err
	case gone:
		h.Site.Say(w, "assessment.people.said-gone")
	case back:
		h.Site.Say(w, "assessment.people.said-back")
	default:
		h.Site.Say(w, "assessment.people.said-out")
	}
	return web.Redirect(w, r, measurementPath(measurementID, "/people"))
}

func stateText(p *lang.Printer, s measurement.State) string {
	if s == measurement.NotAsked {
		return p.T("assessment.people.not-asked")
	}
	return p.T("assessment.people." + string(s))
}

func stateKind(s measurement.State) ui.Kind {
	switch s {
	case measurement.Done:
		return ui.Success
	case measurement.Asked, measurement.Begun:
		return ui.Waiting
	}
	return ui.Plain
}

// peopleNote says what else is to be known of a participant.
func peopleNote(p *lang.Printer, x measurement.Participant) string {
	var notes []string
	if !x.OutAt.IsZero() {
		notes = append(notes, p.T("assessment.people.out", "Date", p.Date(x.OutAt)))
	}
	if x.Blocked {
		notes = append(notes, p.T("typed.state.blocked"))
	}
	if !x.HasMail {
		notes = append(notes, p.T("desk.enrolling.no-mail"))
	}
	return strings.Join(notes, ", ")
}
