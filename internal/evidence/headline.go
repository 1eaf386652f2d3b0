package evidence

import (
	"cmp"
	"context"
	"slices"

	"ostoja/internal/db"
	"ostoja/internal/disclosure"
	"ostoja/internal/errs"
	"ostoja/internal/gain"
	"ostoja/internal/itembank"
	"ostoja/internal/measurement"
	"ostoja/internal/text"
)

// Headline is the line of a family in a list of reports: the totals of [Service.Report], of everybody within the reader's reach.
type Headline struct {
	Family  string
	Title   text.Translated
	Small   bool         // too few people: there are no figures
	Summary gain.Summary // the zero value if they are too few
}

// Headlines returns those of the families that some tests belong to, in the order of the item bank. The tallies MUST be those of
// the reader's reach, as [measurement.Service.Overview] returns them. With tens of thousands of people a report takes hundreds of
// times as long. What a headline shows is what the report shows of everybody, and nothing besides, so that nobody learns from
// the two together what neither tells (decision 0012).
func (s *Service) Headlines(ctx context.Context, testIDs []string, tallies []measurement.Tally) (list []Headline, err error) {
	defer errs.Wrap(&err, "evidence.Headlines")
	err = s.db.View(ctx, func(tx *db.Tx) error {
		familyOf, err := itembank.FamiliesIn(ctx, tx)
		if err != nil {
			return err
		}
		newest, err := newestOf(ctx, tx, familyOf, testIDs)
		for _, t := range newest {
			list = append(list, headlineOf(t, familyOf, tallies))
		}
		return err
	})
	return list, err
}

// newestOf returns the newest edition of each family that some tests belong to, the oldest first.
func newestOf(ctx context.Context, tx *db.Tx, familyOf map[string]string, testIDs []string) (newest []itembank.Test, err error) {
	for _, testID := range testIDs {
		family := familyOf[testID]
		if slices.ContainsFunc(newest, func(t itembank.Test) bool { return t.Family == family }) {
			continue
		}
		editions, err := itembank.EditionsIn(ctx, tx, family)
		if err != nil {
			return nil, err
		}
		if len(editions) > 0 {
			newest = append(newest, editions[0])
		}
	}
	slices.SortFunc(newest, func(a, b itembank.Test) int {
		return cmp.Or(a.CreatedAt.Compare(b.CreatedAt), cmp.Compare(a.ID, b.ID))
	})
	return newest, nil
}

func headlineOf(t itembank.Test, familyOf map[string]string, tallies []measurement.Tally) Headline {
	all, matched, pre, post := 0, 0, 0.0, 0.0
	for _, c := range tallies {
		if familyOf[c.TestID] == t.Family {
			all, matched, pre, post = all+c.N, matched+c.Matched, pre+c.PreSum, post+c.PostSum
		}
	}
	h := Headline{Family: t.Family, Title: t.Title, Small: !disclosure.TotalOf(matched)}
	if !h.Small {
		h.Summary = gain.Summarise(all, matched, pre, post)
	}
	return h
}
