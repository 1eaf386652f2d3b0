package assessment

import (
	"context"
	"slices"

	"ostoja/internal/access"
	"ostoja/internal/db"
	"ostoja/internal/errs"
)

// FormAnalysis is the item analysis of one form at one point in time.
type FormAnalysis struct {
	Form *Form
	FormStat
	Small bool // fewer than [LeastGroup] sittings: nothing is shown
	Most  bool // there were more sittings than were read; the newest were
}

// AnalyseForm computes the item analysis of a form from its finished sittings at some waves; mixing before and after would
// make items look more telling than they are, since the training moves all of them.
func (s *Service) AnalyseForm(ctx context.Context, actor access.Actor, t *Test, name string, waves []Wave) (a FormAnalysis, err error) {
	defer errs.Wrap(&err, "assessment.AnalyseForm")
	if !actor.Everywhere(access.ItemsRead) { // keys, and sittings of all units
		return a, errs.Forbidden("error.forbidden")
	}
	i := slices.IndexFunc(t.Forms, func(f Form) bool { return f.Name == name })
	if i < 0 {
		return a, errs.NotFound("error.not-found")
	}
	a.Form = &t.Forms[i]
	sat, err := s.sat(ctx, a.Form, waves)
	if err != nil {
		return a, err
	}
	if a.Most = len(sat) > recentSittings; a.Most {
		sat = sat[:recentSittings]
	}
	if a.Small = len(sat) < LeastGroup; a.Small {
		a.N = len(sat)
		return a, nil
	}
	options := make([][]Option, len(a.Form.Versions))
	for j, v := range a.Form.Versions {
		for _, o := range v.Content.Options {
			options[j] = append(options[j], Option{o.ID, o.Best()})
		}
	}
	a.FormStat = Analyse(sat, options)
	for j := range a.Items {
		for c := range a.Items[j].Choices {
			if choice := &a.Items[j].Choices[c]; choice.N < LeastGroup { // the score of one person or a few
				choice.Rest = Missing
			}
		}
	}
	return a, nil
}

// sat reads the newest finished sittings of a form, one more than are analysed if there are so many.
func (s *Service) sat(ctx context.Context, f *Form, waves []Wave) ([]Sat, error) {
	newest, args := sittingsOf(f.ID, recentSittings+1, waves...)
	type row struct {
		SittingID string
		answerRow
	}
	var list []Sat
	err := s.db.View(ctx, func(tx *db.Tx) error {
		ids, err := db.All[string](ctx, tx, newest, args...)
		if err != nil {
			return err
		}
		at := make(map[string]int, len(ids))
		list = make([]Sat, len(ids))
		for i, sittingID := range ids {
			at[sittingID] = i
			list[i] = Sat{Shares: make([]float64, len(f.Items)), Choices: make([][]string, len(f.Items))}
		}
		for portion := range slices.Chunk(ids, 500) {
			in := make([]any, len(portion))
			for i, sittingID := range portion {
				in[i] = sittingID
			}
			rows, err := db.All[row](ctx, tx, `SELECT sitting_id, version_id, answer, share FROM sitting_answer WHERE sitting_id IN (`+db.In(len(portion))+`)`, in...)
			if err != nil {
				return err
			}
			for _, r := range rows {
				j := slices.Index(f.Items, r.VersionID)
				if j < 0 || r.Share == nil {
					continue
				}
				x := &list[at[r.SittingID]]
				x.Shares[j], x.Choices[j] = *r.Share, r.Answer.Chosen
			}
		}
		return nil
	})
	return list, err
}

// OptionText returns the text of an option of a version.
func (v Version) OptionText(optionID, lang string) string {
	for _, o := range v.Content.Options {
		if o.ID == optionID {
			return o.Text.In(lang)
		}
	}
	return ""
}
