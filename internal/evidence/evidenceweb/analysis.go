package evidenceweb

import (
	"cmp"
	"net/http"
	"slices"

	"ostoja/internal/course/forms"
	"ostoja/internal/errs"
	"ostoja/internal/evidence"
	"ostoja/internal/itembank"
	"ostoja/internal/lang"
	"ostoja/internal/list/listweb"
	"ostoja/internal/measurement"
	"ostoja/internal/ui"
	"ostoja/internal/web"
)

// analysisView is the item analysis of one form.
type analysisView struct {
	*itembank.Test
	evidence.FormAnalysis
	Name string // of the form
	When string // before | after | later
	Lang string

	Overview *listweb.Shown // nil if the form's figures are not shown
}

func (h *Pages) analysis(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	t, err := h.Bank.Test(ctx, r.PathValue("test"))
	if err != nil {
		return err
	}
	q := r.URL.Query()
	v := analysisView{Test: t, Name: cmp.Or(q.Get("form"), forms.Names[0]), When: cmp.Or(q.Get("when"), "after"), Lang: printer(r).Tag()}
	waves := map[string][]measurement.Wave{"before": {measurement.Before}, "after": {measurement.After}, "later": measurement.FollowUps}[v.When]
	if waves == nil {
		return errs.NotFound("error.not-found")
	}
	if v.FormAnalysis, err = h.Service.AnalyseForm(ctx, web.Actor(ctx), t, v.Name, waves); err != nil {
		return err
	}
	l := h.analysisList(r, v)
	switch {
	case l.Wanted() && v.Small:
		return errs.NotFound("error.not-found")
	case l.Wanted():
		return l.Send(w, r)
	case !v.Small:
		if v.Overview, err = l.Open(ctx); err != nil {
			return err
		}
	}
	return web.Show(w, r, web.View{Title: printer(r).T("assessment.analysis.title"), Nav: "bank", Wide: true}, analysisPage(v))
}

// order returns the places of the items: first those to look at, the gravest first, then all others as on the form.
func (v analysisView) order() []int {
	weight := func(i int) int {
		switch flags := v.Items[i].Flags; {
		case slices.ContainsFunc(flags, func(f evidence.Flag) bool { return flagKind(f) == ui.Danger }):
			return 0
		case len(flags) > 0:
			return 1
		}
		return 2
	}
	list := make([]int, len(v.Items))
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
