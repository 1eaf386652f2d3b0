package report

import (
	"context"
	"slices"

	"ostoja/internal/db"
	"ostoja/internal/project"
)

// leastDownloads is the smallest number of downloads that is told, as with openings of the site's pages.
const leastDownloads = 10

// outputs are what came of the publications of a project: in a period, or up to its end.
type outputs struct{ Issued, Printed, Given, Downloads int }

func (o outputs) plus(x outputs) outputs {
	return outputs{o.Issued + x.Issued, o.Printed + x.Printed, o.Given + x.Given, o.Downloads + x.Downloads}
}

// publications returns what came of a project's publications, by the number of the period; 0 is unused, since what lies outside the periods is in no report. A publication of
// two projects counts in both, as a training does.
func (s *Service) publications(ctx context.Context, q db.Querier, p project.Page) ([]outputs, error) {
	list := make([]outputs, len(p.Periods)+1)
	type counted struct {
		Day string
		N   int
	}
	of := func(to func(o *outputs, n int), text string, args ...any) error {
		return db.Each(ctx, q, func(x counted) {
			if i := slices.IndexFunc(p.Periods, func(period project.Period) bool { return period.Holds(x.Day) }); i >= 0 {
				to(&list[i+1], x.N)
			}
		}, text, append([]any{p.ID}, args...)...)
	}
	const parts = `FROM project_subject x JOIN `
	if err := of(func(o *outputs, n int) { o.Issued += n },
		`SELECT i.day, 1 AS n `+parts+`publication_issued i ON i.publication_id = x.subject_id WHERE x.project_id = ? AND x.kind = 'publication'`); err != nil {
		return nil, err
	}
	if err := of(func(o *outputs, n int) { o.Printed += n },
		`SELECT r.day, r.copies AS n `+parts+`publication_printed r ON r.publication_id = x.subject_id WHERE x.project_id = ? AND x.kind = 'publication'`); err != nil {
		return nil, err
	}
	if err := of(func(o *outputs, n int) { o.Given += n },
		`SELECT g.day, g.copies AS n `+parts+`publication_given g ON g.publication_id = x.subject_id WHERE x.project_id = ? AND x.kind = 'publication'`); err != nil {
		return nil, err
	}
	return list, s.downloads(ctx, q, p, list)
}

// downloads adds how often files were fetched, of the months that are over: who looked at a running one twice would see single readers come. Two publications that name one
// page of the site share its files and count them once.
func (s *Service) downloads(ctx context.Context, q db.Querier, p project.Page, list []outputs) error {
	type named struct {
		ArticleID string
		Languages []string `db:",json"`
	}
	langs := map[string][]string{}
	if err := db.Each(ctx, q, func(x named) { langs[x.ArticleID] = append(langs[x.ArticleID], x.Languages...) }, `
		SELECT i.article_id, i.languages FROM project_subject x JOIN publication_issued i ON i.publication_id = x.subject_id
		WHERE x.project_id = ? AND x.kind = 'publication' AND i.article_id <> ''`, p.ID); err != nil {
		return err
	}
	type fetched struct {
		ArticleID, Lang, Day string
		N                    int
	}
	err := db.Each(ctx, q, func(x fetched) {
		i := slices.IndexFunc(p.Periods, func(period project.Period) bool { return period.Holds(x.Day) })
		if i >= 0 && slices.Contains(langs[x.ArticleID], x.Lang) {
			list[i+1].Downloads += x.N
		}
	}, `SELECT d.article_id, d.lang, d.day, d.n FROM site_downloaded d WHERE d.day >= ? AND d.day <= ? AND d.day < ?`, p.FirstDay, p.LastDay, s.Projects.Today()[:7]+"-01")
	return err
}

// outputsUpTo adds up the periods up to one. Downloads that are too few to be told are in no sum, lest they be computed from two of them.
func outputsUpTo(list []outputs, period int) (sum outputs) {
	for _, o := range list[1 : period+1] {
		if o.Downloads < leastDownloads {
			o.Downloads = 0
		}
		sum = sum.plus(o)
	}
	return sum
}

// fetched is a number of downloads, which is not told while it is small.
func fetched(n int) Value {
	v := known(float64(n))
	v.Few = n > 0 && n < leastDownloads
	return v
}
