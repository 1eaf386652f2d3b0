package site

import (
	"context"
	"errors"
	"maps"
	"slices"

	"ostoja/internal/access"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/id"
	"ostoja/internal/site/content"
)

// BundleImport counts what came from a bundle.
type BundleImport struct {
	Articles, Texts, Facts, Services int // new or changed
	Held                             int // of the texts: they wait for a review, since a critical block names a number that nobody has confirmed
}

// ImportBundle takes the bundle's articles, facts and services into the database. What editors changed since stays: a fact or service
// that is there is left alone, and a text becomes a new version only where the folder's text was never taken. With publish
// the texts are published at once, as the demonstration does; otherwise each waits for a person's review. Those of an article for whose
// critical blocks a number has yet to be confirmed wait too.
func (s *Service) ImportBundle(ctx context.Context, actor access.Actor, publish bool) (n BundleImport, err error) {
	defer errs.Wrap(&err, "site.ImportBundle")
	err = s.change(ctx, actor, ofInstallation, "site.take", "bundle", func(tx *db.Tx) (any, error) {
		n = BundleImport{}
		if err := s.importData(ctx, tx, publish, &n); err != nil {
			return nil, err
		}
		guarded, err := s.guardedFacts(ctx, tx)
		if err != nil {
			return nil, err
		}
		for _, a := range s.bundle.Articles {
			waits, before := held(a, guarded), n.Texts
			if err := s.importArticle(ctx, tx, a, publish && !waits, &n); err != nil {
				return nil, err
			}
			if publish && waits {
				n.Held += n.Texts - before
			}
		}
		return n, nil
	})
	return n, err
}

// held says whether one of an article's texts has a critical block with a number that must be confirmed first. Its translations would
// follow a source that nobody sees, so that all of them wait.
func held(a *content.Article, facts map[string]*content.Fact) bool {
	for _, t := range a.Texts {
		if len(t.Unconfirmed(facts)) > 0 {
			return true
		}
	}
	return false
}

// importData adds the facts and services that are not there yet.
func (s *Service) importData(ctx context.Context, tx *db.Tx, publish bool, n *BundleImport) error {
	now := s.clock.Now()
	known, err := facts(ctx, tx)
	if err != nil {
		return err
	}
	for _, f := range s.bundle.Facts {
		if !slices.ContainsFunc(known, func(k content.Fact) bool { return k.ID == f.ID }) {
			n.Facts++
			if err := insertFact(ctx, tx, f, now); err != nil {
				return err
			}
		}
	}
	listed, err := services(ctx, tx)
	if err != nil {
		return err
	}
	for _, x := range s.bundle.Services {
		if !slices.ContainsFunc(listed, func(k serviceRow) bool { return k.ID == x.ID }) {
			n.Services++
			if err := insertService(ctx, tx, x, publish && !x.Shelter, "", now); err != nil {
				return err
			}
		}
	}
	return nil
}

func (s *Service) importArticle(ctx context.Context, tx *db.Tx, a *content.Article, publish bool, n *BundleImport) error {
	if _, err := articleByID(ctx, tx, a.ID); errors.Is(err, errs.ErrNotFound) {
		n.Articles++
		if err := insertArticle(ctx, tx, a, s.clock.Now()); err != nil {
			return err
		}
	} else if err != nil {
		return err
	}
	source := a.Texts[a.SourceLang]
	sourceNumber, err := s.importText(ctx, tx, a, source, 0, publish, n)
	if err != nil || sourceNumber == 0 { // of a source that could not be taken yet there is no translation
		return err
	}
	for _, tag := range slices.Sorted(maps.Keys(a.Texts)) {
		t := a.Texts[tag]
		if tag == a.SourceLang {
			continue
		}
		follows := sourceNumber
		if t.Follows < source.Follows { // the folder says itself that the translation is behind
			follows = sourceNumber - 1
		}
		if _, err := s.importText(ctx, tx, a, t, follows, publish, n); err != nil {
			return err
		}
	}
	return nil
}

// importText adds a text unless the same was there before, and returns its number; 0 if somebody is at work on another one, so that
// the folder's can only be taken later. follows 0 is the source, which follows itself.
func (s *Service) importText(ctx context.Context, tx *db.Tx, a *content.Article, t *content.Text, follows int, publish bool, n *BundleImport) (int, error) {
	there, err := textsWhere(ctx, tx, `article_id = ? AND lang = ?`, a.ID, t.Lang)
	if err != nil {
		return 0, err
	}
	number := 1
	for _, x := range there {
		if x.SameContent(t) {
			return x.Number, nil
		}
		number = max(number, x.Number+1)
	}
	if slices.ContainsFunc(there, func(x content.Text) bool { return x.Open() }) {
		return 0, nil
	}
	if follows == 0 {
		follows = number
	}
	n.Texts++
	x := *t
	x.ID, x.Number, x.Follows, x.State, x.ChangedAt = id.New(), number, follows, content.InReview, s.clock.Now()
	if err := insertText(ctx, tx, x); err != nil {
		return 0, err
	}
	if publish {
		return number, s.publish(ctx, tx, x, "", "")
	}
	return number, nil
}
