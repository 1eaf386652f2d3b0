package evidence

import (
	"cmp"
	"context"
	"slices"

	"ostoja/internal/access"
	"ostoja/internal/db"
	"ostoja/internal/disclosure"
	"ostoja/internal/errs"
	"ostoja/internal/gain"
	"ostoja/internal/itembank"
	"ostoja/internal/measurement"
	"ostoja/internal/measurement/results"
)

// FormAnalysis is the item analysis of one form at one point in time.
type FormAnalysis struct {
	Form *itembank.Form
	formStat
	Small bool // nothing is shown: fewer than [disclosure.LeastGroup] sittings, or beside the other forms and the report it would tell of few
	Most  bool // there were more sittings than were read; the newest were
}

// AnalyseForm computes the item analysis of a form from its finished sittings at some waves; mixing before and after would
// make items look more telling than they are, since the training moves all of them.
func (s *Service) AnalyseForm(ctx context.Context, actor access.Actor, t *itembank.Test, name string, waves []measurement.Wave) (a FormAnalysis, err error) {
	defer errs.Wrap(&err, "evidence.AnalyseForm")
	if !actor.Everywhere(access.ItemsRead) { // keys, and sittings of all units
		return a, errs.Forbidden("error.forbidden")
	}
	i := slices.IndexFunc(t.Forms, func(f itembank.Form) bool { return f.Name == name })
	if i < 0 {
		return a, errs.NotFound("error.not-found")
	}
	a.Form = &t.Forms[i]
	var sat []results.Responses
	err = s.db.View(ctx, func(tx *db.Tx) error {
		counts, err := results.CountForms(ctx, tx, t.Forms, waves)
		if err != nil {
			return err
		}
		matchedOnly, n, shown := analysable(counts, a.Form.ID)
		if a.N, a.Small = n, !shown; a.Small {
			return nil
		}
		sat, a.Most, err = results.ResponsesTo(ctx, tx, a.Form, results.RecentSittings, waves, matchedOnly)
		return err
	})
	if err != nil || a.Small {
		return a, err
	}
	options := make([][]option, len(a.Form.Versions))
	var unscored []int
	for j, v := range a.Form.Versions {
		if !t.Scored(v) {
			unscored = append(unscored, j)
		}
		for _, o := range v.Content.Options {
			options[j] = append(options[j], option{o.ID, o.Best()})
		}
	}
	a.formStat = analyse(sat, options, unscored...)
	for j := range a.Items {
		for c := range a.Items[j].Choices {
			if choice := &a.Items[j].Choices[c]; choice.N < disclosure.LeastGroup { // the score of one person or a few
				choice.Rest = gain.Missing
			}
		}
	}
	return a, nil
}

// analysable says of which sittings a form is analysed, how many they are, and whether that may be shown. The mean of a form is a
// total, as those of the report are, and together they must not give the mean of fewer than [disclosure.LeastGroup] people:
//
//   - the forms' totals less the report's are of those who are not matched. If these are few, they are left out;
//   - the report's total less those of the other forms is that of a form with few sittings. So where all hidden ones together are
//     few, the smallest of the others is hidden too.
func analysable(counts []results.FormCount, formID string) (matchedOnly bool, n int, shown bool) {
	unmatched := 0
	for _, c := range counts {
		unmatched += c.N - c.Matched
	}
	matchedOnly = 0 < unmatched && unmatched < disclosure.LeastGroup
	type total struct {
		form string
		n    int
	}
	var totals []total
	for _, c := range counts {
		t := total{c.FormID, c.N}
		if matchedOnly {
			t.n = c.Matched
		}
		if c.FormID == formID {
			n = t.n
		}
		totals = append(totals, t)
	}
	slices.SortStableFunc(totals, func(a, b total) int { return cmp.Compare(a.n, b.n) })
	hidden := 0
	for _, t := range totals {
		if t.n >= disclosure.LeastGroup && (hidden == 0 || hidden >= disclosure.LeastGroup) {
			return matchedOnly, n, t.n <= n // it and all larger ones are shown
		}
		hidden += t.n
		if t.form == formID {
			break
		}
	}
	return matchedOnly, n, false
}
