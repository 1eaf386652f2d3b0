package site

import (
	"context"
	"maps"
	"slices"

	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/site/content"
)

// unconfirmed returns the critical numbers that an editor has yet to confirm. In the demonstration none is waited for.
func (s *Service) unconfirmed(snap *content.Snapshot) []*content.Fact {
	if s.purpose == Demonstration {
		return nil
	}
	return snap.Unconfirmed()
}

// guarded says whether no unconfirmed number may come before readers in a critical block: the site is open, and no demonstration. What
// readers see already stays, whatever becomes of it: an old number helps more than none (decision 0043).
func (s *Service) guarded(ctx context.Context, q db.Querier) (bool, error) {
	if s.purpose == Demonstration {
		return false, nil
	}
	return isOpen(ctx, q)
}

// guardedFacts returns the facts by their ids where the site is guarded, and none where it is not.
func (s *Service) guardedFacts(ctx context.Context, q db.Querier) (map[string]*content.Fact, error) {
	if yes, err := s.guarded(ctx, q); err != nil || !yes {
		return nil, err
	}
	k, err := s.references(ctx, q)
	return k.Facts, err
}

// Withheld returns the numbers for whose sake a text cannot be published now.
func (s *Service) Withheld(ctx context.Context, t *content.Text) (list []*content.Fact, err error) {
	defer errs.Wrap(&err, "site.Withheld")
	err = s.db.View(ctx, func(tx *db.Tx) error {
		list, err = s.withheld(ctx, tx, t)
		return err
	})
	return list, err
}

// withheld finds them in the text, and in those translations that come before readers only with it: nobody sees one without its source.
func (s *Service) withheld(ctx context.Context, tx *db.Tx, t *content.Text) ([]*content.Fact, error) {
	facts, err := s.guardedFacts(ctx, tx)
	if err != nil || facts == nil {
		return nil, err
	}
	a, err := articleByID(ctx, tx, t.ArticleID)
	if err != nil {
		return nil, err
	}
	there, err := textsWhere(ctx, tx, `article_id = ? AND state = 'published'`, t.ArticleID)
	if err != nil {
		return nil, err
	}
	list := t.Unconfirmed(facts)
	if t.Lang != a.SourceLang || slices.ContainsFunc(there, func(x content.Text) bool { return x.Lang == a.SourceLang }) {
		return list, nil
	}
	for i := range there {
		for _, f := range there[i].Unconfirmed(facts) {
			if !slices.Contains(list, f) {
				list = append(list, f)
			}
		}
	}
	return list, nil
}

// refuseUnconfirmed refuses to publish a text for whose sake a number must be confirmed first.
func (s *Service) refuseUnconfirmed(ctx context.Context, tx *db.Tx, t *content.Text) error {
	list, err := s.withheld(ctx, tx, t)
	if err != nil {
		return err
	}
	var faults errs.Fields
	for _, f := range list {
		faults.Add("", "site.critical.text", "Number", f.In(t.Lang), "Fact", f.ID)
	}
	return faults.Err()
}

// doubt says why a proposed fact must not come before readers yet: in a critical block it would put a number that nobody has confirmed in
// the place of one that they see. The old one stays until somebody has called the new one. nil if it may.
func (s *Service) doubt(ctx context.Context, tx *db.Tx, p *Proposal) (*errs.Field, error) {
	after := p.After.Fact
	if p.Before == nil || after == nil || !after.UnconfirmedNumber() {
		return nil, nil
	}
	before := p.Before.Fact
	if before.UnconfirmedNumber() && maps.Equal(before.Value, after.Value) {
		return nil, nil // no other number
	}
	if yes, err := s.guarded(ctx, tx); err != nil || !yes {
		return nil, err
	}
	snap, err := s.snapshot(ctx, tx)
	if err != nil || !snap.Critical()[after.ID] {
		return nil, err
	}
	key, tag := "site.critical.fact", s.bundle.SourceLang
	if maps.Equal(before.Value, after.Value) {
		key = "site.critical.same"
	}
	return &errs.Field{Key: key, Args: errs.Args("Before", before.In(tag), "After", after.In(tag))}, nil
}
