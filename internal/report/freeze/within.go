package freeze

import (
	"context"
	"slices"

	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/project"
)

// DoneIn returns the packages of a project that are done, the latest first, within a transaction. It is for the area that shows a project to somebody without an account.
func (s *Service) DoneIn(ctx context.Context, q db.Querier, p project.Page) (list []Frozen, err error) {
	defer errs.Wrap(&err, "freeze.DoneIn")
	list, err = db.All[Frozen](ctx, q, selectFrozen+`WHERE f.project_id = ? AND f.state = ? ORDER BY f.number DESC`, p.ID, string(Done))
	for i, f := range list {
		list[i] = f.in(p)
	}
	return list, err
}

// ContentIn returns a package that [Service.DoneIn] has told of. Who hands it out MUST note that.
func (s *Service) ContentIn(ctx context.Context, q db.Querier, f Frozen) (content []byte, err error) {
	defer errs.Wrap(&err, "freeze.ContentIn")
	return open(ctx, q, f.BlobHash, "")
}

// Counting is the text that says how figures are counted, as it stands in packages: Markdown, in the first of our languages if there is none in the one asked for.
func Counting(tag string) (string, error) {
	if !slices.Contains(Languages, tag) {
		tag = Languages[0]
	}
	text, err := countingOf(Format, tag)
	return string(text), err
}
