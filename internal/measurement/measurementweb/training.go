package measurementweb

import (
	"net/http"
	"net/url"
	"strings"

	"ostoja/internal/errs"
	"ostoja/internal/lang"
	"ostoja/internal/measurement"
	"ostoja/internal/sheet"
	"ostoja/internal/ui"
	"ostoja/internal/web"
)

// ownTraining returns a training that the actor may change; any other measurement is not found.
func (h *Pages) ownTraining(r *http.Request) (l measurement.Listed, err error) {
	ctx, actor := r.Context(), web.Actor(r.Context())
	if l, err = h.Service.Measurement(ctx, actor, r.PathValue("measurement")); err != nil {
		return l, err
	}
	if l.Kind != measurement.OfTraining || !h.Service.MayChange(ctx, actor, l.ID) {
		return l, errs.NotFound("error.not-found")
	}
	return l, nil
}

// peopleView is the list of who is in a training.
type peopleView struct {
	measurement.Listed
	Search string
	All    []measurement.Participant
	Paging ui.Paging
}

// rows are those of the page.
func (v peopleView) rows() []measurement.Participant {
	from := min(len(v.All), (v.Paging.Page-1)*v.Paging.Size)
	return v.All[from:min(len(v.All), from+v.Paging.Size)]
}

func (h *Pages) readPeople(r *http.Request) (v peopleView, err error) {
	if v.Listed, err = h.ownTraining(r); err != nil {
		return v, err
	}
	v.Search = strings.TrimSpace(r.URL.Query().Get("q"))
	v.All, err = h.Service.Participants(r.Context(), web.Actor(r.Context()), v.ID, v.Search)
	v.Paging = ui.Paging{Page: pageOf(r), Size: pageSize, Total: len(v.All), Path: measurementPath(v.ID, "/people"), Query: url.Values{"q": {v.Search}}}
	return v, err
}

func (h *Pages) people(w http.ResponseWriter, r *http.Request) error {
	v, err := h.readPeople(r)
	if err != nil {
		return err
	}
	return web.Show(w, r, web.View{Title: printer(r).T("assessment.people.title"), Nav: "evidence", Wide: true}, peoplePage(v))
}

func (h *Pages) exportPeople(w http.ResponseWriter, r *http.Request) error {
	what, ending, _ := strings.Cut(r.PathValue("file"), ".")
	format, ok := sheet.Parse(ending)
	if !ok || what != "people" {
		return errs.NotFound("error.not-found")
	}
	v, err := h.readPeople(r)
	if err != nil {
		return err
	}
	p := printer(r)
	header := []string{p.T("desk.name")}
	for _, w := range v.AllWaves() {
		header = append(header, p.T("assessment.wave."+string(w)))
	}
	header = append(header, p.T("assessment.people.note"))
	var rows [][]any
	for _, x := range v.All {
		row := []any{x.Name}
		for _, w := range v.AllWaves() {
			row = append(row, stateText(p, x.State(w)))
		}
		rows = append(rows, append(row, peopleNote(p, x)))
	}
	return h.send(w, p, format, what, p.T("assessment.people.title"), header, rows)
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
	if !x.HasMail {
		notes = append(notes, p.T("desk.enrolling.no-mail"))
	}
	return strings.Join(notes, ", ")
}
