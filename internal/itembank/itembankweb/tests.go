package itembankweb

import (
	"net/http"
	"slices"
	"strconv"

	"ostoja/internal/access"
	"ostoja/internal/errs"
	"ostoja/internal/itembank"
	"ostoja/internal/lang"
	"ostoja/internal/ui"
	"ostoja/internal/web"
)

func (h *Pages) tests(w http.ResponseWriter, r *http.Request) error {
	tests, err := h.Service.Tests(r.Context())
	if err != nil {
		return err
	}
	l := h.testList(r, tests)
	if l.Wanted() {
		return l.Send(w, r)
	}
	shown, err := l.Open(r.Context())
	if err != nil {
		return err
	}
	return web.Show(w, r, web.View{Title: printer(r).T("assessment.tests.title"), Nav: "bank", Wide: true}, testsPage(shown, web.Actor(r.Context()).Everywhere(access.ItemsWrite)))
}

// newTestView is the form that assembles a test, and its preview.
type newTestView struct {
	Form       *web.Form
	Objectives []string
	Titles     objectives
	Origins    []string
	Langs      []string
	Preview    *itembank.Assembled
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

func testDraft(f *web.Form) itembank.TestDraft {
	number := func(name string) int {
		n, err := strconv.Atoi(f.Text(name))
		if err != nil {
			return -1 // refused by the service, with the field's name
		}
		return n
	}
	return itembank.TestDraft{
		Title: f.Translated(f.Values["langs"], "title."), Intro: f.Translated(f.Values["langs"], "intro."), Minutes: number("minutes"), Objectives: f.Values["objectives"],
		Each: number("each"), Forms: number("forms"), Langs: f.Values["langs"], Origin: f.Get("origin"),
	}
}

// testView is a test's page.
type testView struct {
	*itembank.Test
	Editions   []itembank.Test
	Balance    itembank.Balance
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
			if itembank.MayReview(actor, x) && !slices.Contains(v.Reviewable, x.ID) { // an anchor stands on every form
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

// reviewPath is where a review of a whole test comes back to.
func (v testView) path() string { return "/app/bank/tests/" + v.ID }

// objectivesOf counts the items of each objective on each form.
func objectivesOf(t *itembank.Test) (objectives []string, count map[string][]int) {
	count = map[string][]int{}
	for i, f := range t.Forms {
		for _, v := range f.Versions {
			if !t.Scored(v) {
				continue
			}
			if count[v.Objective] == nil {
				objectives = append(objectives, v.Objective)
				count[v.Objective] = make([]int, len(t.Forms))
			}
			count[v.Objective][i]++
		}
	}
	return objectives, count
}

func meanLevel(t *itembank.Test, f itembank.Form) float64 {
	sum, n := 0.0, 0
	for _, v := range f.Versions {
		if t.Scored(v) {
			sum, n = sum+float64(v.Level), n+1
		}
	}
	return sum / float64(max(1, n))
}

func balanceLines(p *lang.Printer, b itembank.Balance) []ui.Pair {
	return []ui.Pair{
		{Term: p.T("assessment.balance.objectives"), Text: p.Float(b.Objectives, 2)},
		{Term: p.T("assessment.balance.level"), Text: p.Float(b.Level, 2)},
		{Term: p.T("assessment.balance.types"), Text: p.Float(b.Types, 2)},
		{Term: p.T("assessment.balance.facility"), Text: p.Float(b.Facility, 2)},
	}
}

func balanceKind(b itembank.Balance) ui.Kind {
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
