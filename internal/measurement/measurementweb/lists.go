package measurementweb

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"github.com/a-h/templ"

	"ostoja/internal/gain"
	"ostoja/internal/list"
	"ostoja/internal/list/listweb"
	"ostoja/internal/measurement"
	"ostoja/internal/measurement/survey"
	"ostoja/internal/sheet"
	"ostoja/internal/ui"
	"ostoja/internal/web"
)

// candidateList is the list of the people who could be added to a training. The form sends the conditions along, so that "all"
// means those that the reader saw, and a refused form shows the same people again. It has no file: people leave the program by the
// list of people, which records that they did.
func (h *Pages) candidateList(r *http.Request, v participantsView, asked url.Values) listweb.Of[Candidate] {
	p, actor, path := printer(r), web.Actor(r.Context()), measurementPath(v.ID, "/participants")
	query := url.Values{}
	for _, name := range []string{"q", "unit", "page", "picked", "as"} {
		if asked.Get(name) != "" {
			query.Set(name, asked.Get(name))
		}
	}
	read := func(ctx context.Context, q list.Query) ([]Candidate, int, error) {
		return h.Candidates(ctx, actor, q.Filters["unit"], q.Search, q.Page, q.Size)
	}
	return listweb.Of[Candidate]{
		Name: "candidates", Title: p.T("assessment.participants.people"), Path: path, Query: query, Now: h.Site.Clock.Now(), Search: p.T("desk.filter-search"), Page: read,
		Filters: []listweb.Filter[Candidate]{{Name: "unit", Label: p.T("desk.unit"), Options: unitOptions(p, v.Units, "assessment.participants.all-units")}},
		Empty:   listweb.Empty{Title: p.T("assessment.participants.empty"), Text: p.T("assessment.participants.empty-text"), Action: ui.NavItem{Label: p.T("people.import.title"), Href: "/app/people/import"}},
		Columns: []listweb.Column[Candidate]{
			{Label: p.T("desk.name"), Place: listweb.Head, Value: func(x Candidate) any { return x.Name }},
			{Label: p.T("desk.unit"), Value: func(x Candidate) any { return x.Unit }},
			{
				Label: p.T("desk.enrolling.notes"), Place: listweb.Chip, Kind: func(Candidate) ui.Kind { return ui.Waiting },
				Value: func(x Candidate) any {
					if x.HasMail {
						return ""
					}
					return p.T("desk.enrolling.no-mail")
				},
			},
		},
		Pick: &listweb.Pick[Candidate]{
			Action: path, Name: "person", All: "all", Main: listweb.Act{Label: p.T("assessment.participants.ticked"), Kind: ui.Action},
			Hidden: []ui.NavItem{{Label: "q", Href: query.Get("q")}, {Label: "unit", Href: query.Get("unit")}},
			Value:  func(x Candidate) string { return x.ID }, Ticked: func(x Candidate) bool { return slices.Contains(v.Form.Values["person"], x.ID) },
			Label: func(x Candidate) string { return p.T("desk.choose-person", "Name", x.Name) },
		},
	}
}

// peopleList is the list of who is in a training and which tests they have handed in. It has no results: one person's result
// stands on their own page alone.
func (h *Pages) peopleList(r *http.Request, l measurement.Listed, people []measurement.Participant) listweb.Of[measurement.Participant] {
	p := printer(r)
	type row = measurement.Participant
	var waves []ui.Option
	for _, w := range l.AllWaves() {
		waves = append(waves, ui.Option{Value: string(w), Label: p.T("assessment.wave." + string(w))})
	}
	done := func(x row) (n int) {
		for _, w := range l.AllWaves() {
			if x.State(w) == measurement.Done {
				n++
			}
		}
		return n
	}
	of := listweb.Of[row]{
		Name: "people", Title: p.T("assessment.people.title"), Path: measurementPath(l.ID, "/people"), Query: r.URL.Query(), Now: h.Site.Clock.Now(), Search: p.T("desk.name"), Rows: people,
		Find: func(x row) string { return x.Name },
		Record: func(ctx context.Context, rows int, f sheet.Format) error {
			return h.Service.RecordExport(ctx, web.Actor(ctx), l.ID, rows, string(f))
		},
		Filters: []listweb.Filter[row]{
			{Name: "missing", Label: p.T("assessment.people.missing"), Options: waves, Match: func(x row, v string) bool { return x.State(measurement.Wave(v)) != measurement.Done }},
			{Name: "out", Label: p.T("assessment.people.in-training"), Match: func(x row, v string) bool { return x.OutAt.IsZero() == (v == "no") }, Options: []ui.Option{
				{Value: "no", Label: p.T("assessment.people.is-in")}, {Value: "yes", Label: p.T("assessment.people.is-out")},
			}},
		},
		Empty: listweb.Empty{Title: p.T("assessment.people.empty"), Text: p.T("assessment.people.empty-text"), Found: p.T("assessment.people.empty")},
		Columns: []listweb.Column[row]{
			{Label: p.T("desk.name"), Sort: "name", Place: listweb.Head, Value: func(x row) any { return x.Name }, Note: func(x row) string { return peopleNote(p, x) }},
			{
				Label: p.T("assessment.people.done-count"), Phone: p.T("assessment.people.done-count"), Sort: "done", Numeric: true, By: func(x row) any { return done(x) },
				Text: func(x row) string {
					return p.T("assessment.measure.done-of", "Done", p.Int(done(x)), "Of", p.Int(len(l.AllWaves())))
				},
			},
		},
	}
	if l.ClosedAt.IsZero() {
		of.Empty.Action = ui.NavItem{Label: p.T("assessment.participants.add"), Href: measurementPath(l.ID, "/participants")}
	}
	for _, w := range l.AllWaves() {
		of.Columns = append(of.Columns, listweb.Column[row]{
			Label: p.T("assessment.wave." + string(w)), Sort: string(w), Place: listweb.Away, Value: func(x row) any { return stateText(p, x.State(w)) },
			Kind: func(x row) ui.Kind { return stateKind(x.State(w)) },
		})
	}
	of.Columns = append(of.Columns,
		listweb.Column[row]{Label: p.T("assessment.people.note"), File: true, Value: func(x row) any { return peopleNote(p, x) }},
		listweb.Column[row]{Label: p.T("assessment.people.change"), Hidden: true, Place: listweb.Figure, Show: func(x row) templ.Component { return takeOutForm(l.ID, x) }},
	)
	return of
}

// surveyList is the list of an evaluation's questions with how they were answered.
func (h *Pages) surveyList(r *http.Request, v measurementView) listweb.Of[survey.Answered] {
	p := printer(r)
	type row = survey.Answered
	l := listweb.Of[row]{
		Name: "answers", Title: p.T("assessment.survey.results-caption"), Path: measurementPath(v.ID, ""), Query: r.URL.Query(), Now: h.Site.Clock.Now(), Rows: v.Survey.Questions,
		Columns: []listweb.Column[row]{
			{Label: p.T("assessment.survey.question"), Place: listweb.Head, Value: func(x row) any { return p.T("assessment.survey.q-" + x.Question) }},
		},
	}
	for i := range survey.Most {
		l.Columns = append(l.Columns, listweb.Column[row]{Label: p.T("assessment.survey.scale-" + strconv.Itoa(i+1)), Numeric: true, Place: listweb.Away, Value: func(x row) any { return x.Counts[i] }})
	}
	mean := func(x row) any { // empty without answers
		if gain.IsMissing(x.Mean) {
			return nil
		}
		return x.Mean
	}
	l.Columns = append(l.Columns,
		listweb.Column[row]{Label: p.T("assessment.survey.answers"), Phone: p.T("assessment.survey.answers"), Numeric: true, Value: func(x row) any { return x.N }},
		listweb.Column[row]{
			Label: p.T("assessment.survey.mean"), Phone: p.T("assessment.survey.mean"), Sort: "mean", Numeric: true, Place: listweb.Figure, Value: mean,
			Text: func(x row) string { return p.Float(x.Mean, 2) },
		},
	)
	return l
}
