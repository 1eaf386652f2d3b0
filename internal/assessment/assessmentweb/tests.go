package assessmentweb

import (
	"net/http"
	"slices"
	"strconv"

	"ostoja/internal/access"
	"ostoja/internal/assessment"
	"ostoja/internal/course"
	"ostoja/internal/errs"
	"ostoja/internal/lang"
	"ostoja/internal/ui"
	"ostoja/internal/web"
)

func (h *Pages) tests(w http.ResponseWriter, r *http.Request) error {
	list, err := h.Service.Tests(r.Context())
	if err != nil {
		return err
	}
	return web.Show(w, r, web.View{Title: printer(r).T("assessment.tests.title"), Nav: "bank", Wide: true}, testsPage(list, web.Actor(r.Context()).Everywhere(access.ItemsWrite)))
}

// newTestView is the form that assembles a test, and its preview.
type newTestView struct {
	Form       *web.Form
	Objectives []string
	Titles     objectives
	Origins    []string
	Langs      []string
	Preview    *assessment.Assembled
}

func (h *Pages) newTest(w http.ResponseWriter, r *http.Request) error {
	f := web.NewForm("each", "2", "forms", "3", "minutes", "15")
	f.Values["langs"] = h.Site.Catalogue.Langs()
	objectives, err := h.Service.Objectives(r.Context())
	if err != nil {
		return err
	}
	f.Values["objectives"] = objectives
	return h.showNewTest(w, r, newTestView{Form: f})
}

func (h *Pages) showNewTest(w http.ResponseWriter, r *http.Request, v newTestView) error {
	if !web.Actor(r.Context()).Everywhere(access.ItemsWrite) {
		return errs.Forbidden("error.forbidden")
	}
	var err error
	if v.Objectives, err = h.Service.Objectives(r.Context()); err != nil {
		return err
	}
	if v.Titles, err = h.objectives(r.Context()); err != nil {
		return err
	}
	if v.Origins, err = h.Service.Origins(r.Context()); err != nil {
		return err
	}
	v.Langs = h.Site.Catalogue.Langs()
	return web.Show(w, r, web.View{Title: printer(r).T("assessment.tests.new"), Nav: "bank", Status: v.Form.Status()}, newTestPage(v))
}

func (h *Pages) makeTest(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	ctx, actor, v := r.Context(), web.Actor(r.Context()), newTestView{Form: f}
	d := testDraft(f)
	if f.Get("preview") != "" {
		a, err := h.Service.Preview(ctx, actor, d)
		if err == nil {
			v.Preview = &a
		} else if !f.Fail(printer(r), err) {
			return err
		}
		return h.showNewTest(w, r, v)
	}
	t, err := h.Service.Assemble(ctx, actor, d)
	if f.Fail(printer(r), err) {
		return h.showNewTest(w, r, v)
	}
	if err != nil {
		return err
	}
	h.Site.Say(w, "assessment.tests.said")
	return web.Redirect(w, r, "/app/bank/tests/"+t.ID)
}

func testDraft(f *web.Form) assessment.TestDraft {
	number := func(name string) int {
		n, err := strconv.Atoi(f.Text(name))
		if err != nil {
			return -1 // refused by the service, with the field's name
		}
		return n
	}
	return assessment.TestDraft{
		Title: texts(f, f.Values["langs"], "title."), Intro: texts(f, f.Values["langs"], "intro."), Minutes: number("minutes"), Objectives: f.Values["objectives"],
		Each: number("each"), Forms: number("forms"), Langs: f.Values["langs"], Origin: f.Get("origin"),
	}
}

// testView is a test's page.
type testView struct {
	*assessment.Test
	Editions   []assessment.Test
	Balance    assessment.Balance
	Reviewable []string // versions that the reader may approve
	Lang       string
	Titles     objectives
}

func (h *Pages) readTest(r *http.Request) (v testView, err error) {
	ctx, actor := r.Context(), web.Actor(r.Context())
	if !actor.Has(access.ItemsRead) {
		return v, errs.Forbidden("error.forbidden")
	}
	if v.Test, err = h.Service.Test(ctx, r.PathValue("test")); err != nil {
		return v, err
	}
	for _, f := range v.Forms {
		for _, x := range f.Versions {
			if assessment.MayReview(actor, x) {
				v.Reviewable = append(v.Reviewable, x.ID)
			}
		}
	}
	v.Lang = printer(r).Tag()
	if v.Editions, err = h.Service.Editions(ctx, v.Family); err != nil {
		return v, err
	}
	if v.Titles, err = h.objectives(ctx); err != nil {
		return v, err
	}
	v.Balance, err = h.Service.Balance(ctx, v.Test)
	return v, err
}

func (h *Pages) test(w http.ResponseWriter, r *http.Request) error {
	v, err := h.readTest(r)
	if err != nil {
		return err
	}
	return web.Show(w, r, web.View{Title: printer(r).T("assessment.competence-test"), Nav: "bank", Wide: true}, testPage(v))
}

// analysisView is the item analysis of one form.
type analysisView struct {
	*assessment.Test
	assessment.FormAnalysis
	Name string // of the form
	When string // before | after | later
	Lang string
}

func (h *Pages) analysis(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	t, err := h.Service.Test(ctx, r.PathValue("test"))
	if err != nil {
		return err
	}
	q := r.URL.Query()
	v := analysisView{Test: t, Name: orElse(q.Get("form"), course.FormNames[0]), When: orElse(q.Get("when"), "after"), Lang: printer(r).Tag()}
	waves := map[string][]assessment.Wave{"before": {assessment.Before}, "after": {assessment.After}, "later": assessment.FollowUps}[v.When]
	if waves == nil {
		return errs.NotFound("error.not-found")
	}
	if v.FormAnalysis, err = h.Service.AnalyseForm(ctx, web.Actor(ctx), t, v.Name, waves); err != nil {
		return err
	}
	return web.Show(w, r, web.View{Title: printer(r).T("assessment.analysis.title"), Nav: "bank", Wide: true}, analysisPage(v))
}

// order returns the places of the items: first those to look at, the gravest first, then all others as on the form.
func (v analysisView) order() []int {
	weight := func(i int) int {
		switch flags := v.Items[i].Flags; {
		case slices.ContainsFunc(flags, func(f assessment.Flag) bool { return flagKind(f) == ui.Danger }):
			return 0
		case len(flags) > 0:
			return 1
		}
		return 2
	}
	list := make([]int, len(v.Form.Versions))
	for i := range list {
		list[i] = i
	}
	slices.SortStableFunc(list, func(a, b int) int { return weight(a) - weight(b) })
	return list
}

func (v analysisView) path(form, when string) string {
	return "/app/bank/tests/" + v.ID + "/analysis?form=" + form + "&when=" + when
}

func (v analysisView) tabs(p *lang.Printer) (forms, whens []ui.NavItem) {
	for _, f := range v.Forms {
		forms = append(forms, ui.NavItem{Label: p.T("assessment.form", "Name", f.Name), Href: v.path(f.Name, v.When), Current: f.Name == v.Name})
	}
	for _, w := range []string{"before", "after", "later"} {
		whens = append(whens, ui.NavItem{Label: p.T("assessment.analysis.when-" + w), Href: v.path(v.Name, w), Current: w == v.When})
	}
	return forms, whens
}

// reviewPath is where a review of a whole test comes back to.
func (v testView) path() string { return "/app/bank/tests/" + v.ID }

// objectivesOf counts the items of each objective on each form.
func objectivesOf(t *assessment.Test) (objectives []string, count map[string][]int) {
	count = map[string][]int{}
	for i, f := range t.Forms {
		for _, v := range f.Versions {
			if count[v.Objective] == nil {
				objectives = append(objectives, v.Objective)
				count[v.Objective] = make([]int, len(t.Forms))
			}
			count[v.Objective][i]++
		}
	}
	return objectives, count
}

func meanLevel(f assessment.Form) float64 {
	sum := 0.0
	for _, v := range f.Versions {
		sum += float64(v.Level)
	}
	return sum / float64(max(1, len(f.Versions)))
}

func balanceKind(b assessment.Balance) ui.Kind {
	switch b.Verdict() {
	case "balanced":
		return ui.Success
	case "nearly":
		return ui.Info
	}
	return ui.Waiting
}

func formOptions(p *lang.Printer) []ui.Option {
	return []ui.Option{{Value: "2", Label: p.T("assessment.tests.forms-2")}, {Value: "3", Label: p.T("assessment.tests.forms-3")}}
}
