package measurementweb

import (
	"errors"
	"net/http"
	"net/url"
	"strings"

	"github.com/a-h/templ"

	"ostoja/internal/access"
	"ostoja/internal/errs"
	"ostoja/internal/itembank"
	"ostoja/internal/lang"
	"ostoja/internal/list/listweb"
	"ostoja/internal/measurement"
	"ostoja/internal/measurement/survey"
	"ostoja/internal/ui"
	"ostoja/internal/web"
)

// attachView is the form that attaches a test.
type attachView struct {
	Form           *web.Form
	Tests          []itembank.Test
	Courses        []ui.Option
	Units          []Unit
	Projects       []string
	TrainingFields templ.Component
	Training       string // the name of the one that the test is attached to; "" if none was chosen beforehand
}

func (h *Pages) attachForm(w http.ResponseWriter, r *http.Request) error {
	f := web.NewForm("kind", string(measurement.OfCourse), "survey", "1")
	f.Values["waves"] = []string{string(measurement.Week), string(measurement.Months3), string(measurement.Months6)}
	if trainingID := r.URL.Query().Get("training"); trainingID != "" {
		f.Set("training", trainingID)
		f.Set("kind", string(measurement.OfTraining))
	}
	return h.showAttach(w, r, f)
}

func (h *Pages) showAttach(w http.ResponseWriter, r *http.Request, f *web.Form) error {
	ctx := r.Context()
	v := attachView{Form: f, TrainingFields: h.Trainings.Fields(f)}
	var err error
	if trainingID := f.Get("training"); trainingID != "" {
		unitID := ""
		if v.Training, unitID, err = h.Trainings.Title(ctx, web.Actor(ctx), trainingID); err != nil {
			return err
		}
		f.Set("unit", unitID)
	}
	if v.Tests, err = h.Bank.Tests(ctx); err != nil {
		return err
	}
	if v.Projects, err = h.Trainings.Projects(ctx, web.Actor(ctx)); err != nil {
		return err
	}
	if v.Units, err = h.Units(ctx, web.Actor(ctx), access.Measure); err != nil {
		return err
	}
	entries, err := h.Courses.List(ctx)
	if err != nil {
		return err
	}
	for _, e := range entries {
		c, err := h.Courses.Version(ctx, e.CurrentVersionID)
		if err != nil {
			return err
		}
		if c.SelfStudy() {
			v.Courses = append(v.Courses, ui.Option{Value: e.ID, Label: inLang(r, c.Title)})
		}
	}
	return web.Show(w, r, web.View{Title: printer(r).T("assessment.measure.title-new"), Nav: "evidence", Status: f.Status()}, attachPage(v))
}

func (h *Pages) attach(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	d := measurement.Draft{TestID: f.Get("test"), Kind: measurement.Kind(f.Get("kind")), UnitID: f.Get("unit"), Survey: f.Get("survey") != ""}
	if d.Kind == measurement.OfTraining {
		d.Make = h.Trainings.Make(f)
	} else {
		d.SubjectID, d.Project = f.Get("course"), f.Text("project")
	}
	for _, w := range f.Values["waves"] {
		d.Waves = append(d.Waves, measurement.Wave(w))
	}
	m, err := h.Service.Attach(r.Context(), web.Actor(r.Context()), d)
	if f.Fail(printer(r), err) {
		return h.showAttach(w, r, f)
	}
	if err != nil {
		return err
	}
	h.Site.Say(w, "assessment.measure.said")
	return web.Redirect(w, r, measurementPath(m.ID, ""))
}

func measurementPath(measurementID, rest string) string {
	return "/app/evidence/measurements/" + measurementID + rest
}

// measurementView is one measurement's page.
type measurementView struct {
	measurement.Listed
	Family    string
	Survey    survey.Report
	Answers   *listweb.Shown // nil if they are not shown
	MaySurvey bool           // the evaluation may be read: it is of all participants, so not by who reaches some of them
	MayWrite  bool
	Training  templ.Component // nil of a course, and for who may not change it
	Paper     templ.Component // likewise
	Needed    templ.Component // how many people it takes; nil if nobody says
}

func (h *Pages) measurement(w http.ResponseWriter, r *http.Request) error {
	ctx, actor := r.Context(), web.Actor(r.Context())
	var v measurementView
	var err error
	if v.Listed, err = h.Service.Measurement(ctx, actor, r.PathValue("measurement")); err != nil {
		return err
	}
	families, err := h.Bank.Families(ctx)
	if err != nil {
		return err
	}
	v.Family = families[v.TestID]
	if v.MayWrite, err = h.Service.MayChange(ctx, actor, v.ID); err != nil {
		return err
	}
	if v.MayWrite && v.Kind == measurement.OfTraining {
		if v.Training, err = h.Trainings.Part(ctx, actor, v.SubjectID, measurementPath(v.ID, "")); err != nil {
			return err
		}
		if v.Paper, err = h.Paper(ctx, actor, v.ID); err != nil {
			return err
		}
	}
	if h.Needed != nil && v.ClosedAt.IsZero() {
		if v.Needed, err = h.Needed(ctx, actor, v.TestID, v.Participants); err != nil {
			return err
		}
	}
	v.Survey, err = h.Service.Survey(ctx, actor, v.ID)
	if v.MaySurvey = err == nil; err != nil && !errors.Is(err, errs.ErrNotFound) {
		return err
	}
	l := h.surveyList(r, v)
	shown := v.Measurement.Survey && v.MaySurvey && v.Survey.Shown
	switch {
	case l.Wanted() && !shown:
		return errs.NotFound("error.not-found")
	case l.Wanted():
		return l.Send(w, r)
	case shown:
		if v.Answers, err = l.Open(ctx); err != nil {
			return err
		}
	}
	return web.Show(w, r, web.View{Title: printer(r).T("assessment.measure.title"), Nav: "evidence", Wide: true}, measurementPage(v))
}

func (h *Pages) closeMeasurement(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	closed := f.Get("open") == ""
	if err := h.Service.Close(r.Context(), web.Actor(r.Context()), r.PathValue("measurement"), closed); err != nil {
		return err
	}
	if closed {
		h.Site.Say(w, "assessment.measure.said-closed")
	} else {
		h.Site.Say(w, "assessment.measure.said-opened")
	}
	return web.Redirect(w, r, measurementPath(r.PathValue("measurement"), ""))
}

// participantsView is the list of people who could be added to a training.
type participantsView struct {
	measurement.Listed
	Form  *web.Form
	Units []Unit
	Shown *listweb.Shown
}

func (h *Pages) participants(w http.ResponseWriter, r *http.Request) error {
	return h.showParticipants(w, r, r.URL.Query(), web.NewForm())
}

func (h *Pages) showParticipants(w http.ResponseWriter, r *http.Request, q url.Values, f *web.Form) error {
	ctx, actor := r.Context(), web.Actor(r.Context())
	v := participantsView{Form: f}
	var err error
	if v.Listed, err = h.ownTraining(r); err != nil {
		return err
	}
	if v.Units, err = h.Units(ctx, actor, access.Measure); err != nil {
		return err
	}
	l := h.candidateList(r, v, q)
	if l.Wanted() {
		return l.Send(w, r)
	}
	if v.Shown, err = l.Open(ctx); err != nil {
		return err
	}
	return web.Show(w, r, web.View{Title: printer(r).T("assessment.participants.title"), Nav: "evidence", Wide: true, Status: f.Status()}, participantsPage(v))
}

func (h *Pages) addParticipants(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	ctx, actor := r.Context(), web.Actor(r.Context())
	people := f.Values["person"]
	if f.Get("all") != "" {
		list, _, err := h.Candidates(ctx, actor, f.Get("unit"), f.Text("q"), 1, 0)
		if err != nil {
			return err
		}
		people = nil
		for _, c := range list {
			people = append(people, c.ID)
		}
	}
	if len(people) == 0 {
		f.Fail(printer(r), errs.Invalid("assessment.participants.nobody"))
		return h.showParticipants(w, r, f.Values, f)
	}
	n, err := h.Service.AddParticipants(ctx, actor, r.PathValue("measurement"), people)
	if err != nil {
		return err
	}
	h.Site.SayN(w, "assessment.participants.said", n)
	return web.Redirect(w, r, measurementPath(r.PathValue("measurement"), ""))
}

func unitOptions(p *lang.Printer, units []Unit, all string) []ui.Option {
	var options []ui.Option
	if all != "" {
		options = append(options, ui.Option{Label: p.T(all)})
	}
	for _, u := range units {
		options = append(options, ui.Option{Value: u.ID, Label: strings.Repeat("\u2003", u.Depth) + u.Name})
	}
	return options
}

// testOptions are the tests that can be attached; those with items under review are told apart in words.
func testOptions(p *lang.Printer, tests []itembank.Test) []ui.Option {
	var options []ui.Option
	for _, t := range tests {
		label := t.Title.In(p.Tag())
		if n := t.Unapproved(); n > 0 {
			label = p.T("assessment.measure.test-unapproved", "Title", label, "Count", n)
		}
		options = append(options, ui.Option{Value: t.ID, Label: label})
	}
	return options
}
