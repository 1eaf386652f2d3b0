package assessment

import (
	"cmp"
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
	Small bool // nothing is shown: fewer than [LeastGroup] sittings, or beside the other forms and the report it would tell of few
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
	counts, err := s.countForms(ctx, t.ID, waves)
	if err != nil {
		return a, err
	}
	matchedOnly, n, shown := analysable(counts, name)
	if a.N, a.Small = n, !shown; a.Small {
		return a, nil
	}
	sat, err := s.sat(ctx, a.Form, waves, matchedOnly)
	if err != nil {
		return a, err
	}
	if a.Most = len(sat) > recentSittings; a.Most {
		sat = sat[:recentSittings]
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

// formCount is how many finished sittings a form has at some waves, and how many of them are of people whom the gain report
// counts too.
type formCount struct {
	Form    string
	N       int
	Matched int
}

func (s *Service) countForms(ctx context.Context, testID string, waves []Wave) ([]formCount, error) {
	args := []any{testID}
	for _, w := range waves {
		args = append(args, string(w))
	}
	return db.All[formCount](ctx, s.db, `
		SELECT f.name AS form, COUNT(*) AS n, COUNT(CASE WHEN `+matchedParticipant+` THEN 1 END) AS matched
		FROM test_form f JOIN sitting s ON s.form_id = f.id JOIN participant p ON p.id = s.participant_id
		WHERE f.test_id = ? AND s.state = 'done' AND s.wave IN (`+db.In(len(waves))+`) AND `+answeredSitting+` GROUP BY f.name ORDER BY f.name`, args...)
}

// analysable says of which sittings a form is analysed, how many they are, and whether that may be shown. The mean of a form is a
// total, as those of the report are, and together they must not give the mean of fewer than [LeastGroup] people:
//
//   - the forms' totals less the report's are of those who are not matched. If these are few, they are left out;
//   - the report's total less those of the other forms is that of a form with few sittings. So where all hidden ones together are
//     few, the smallest of the others is hidden too.
func analysable(counts []formCount, name string) (matchedOnly bool, n int, shown bool) {
	unmatched := 0
	for _, c := range counts {
		unmatched += c.N - c.Matched
	}
	matchedOnly = 0 < unmatched && unmatched < LeastGroup
	type total struct {
		form string
		n    int
	}
	var totals []total
	for _, c := range counts {
		t := total{c.Form, c.N}
		if matchedOnly {
			t.n = c.Matched
		}
		if c.Form == name {
			n = t.n
		}
		totals = append(totals, t)
	}
	slices.SortStableFunc(totals, func(a, b total) int { return cmp.Compare(a.n, b.n) })
	hidden := 0
	for _, t := range totals {
		if t.n >= LeastGroup && (hidden == 0 || hidden >= LeastGroup) {
			return matchedOnly, n, t.n <= n // it and all larger ones are shown
		}
		hidden += t.n
		if t.form == name {
			break
		}
	}
	return matchedOnly, n, false
}

// sat reads the newest finished sittings of a form, one more than are analysed if there are so many.
func (s *Service) sat(ctx context.Context, f *Form, waves []Wave, matchedOnly bool) ([]Sat, error) {
	newest, args := sittingsOf(f.ID, recentSittings+1, matchedOnly, waves...)
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
