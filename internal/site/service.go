package site

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/audit"
	"ostoja/internal/clock"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/id"
	"ostoja/internal/site/directory"
)

// Activities names the trainings that coordinators agreed to announce.
type Activities interface {
	Announced(ctx context.Context, q db.Querier) ([]Activity, error)
}

// Service keeps the site's content.
type Service struct {
	db         *db.DB
	clock      clock.Clock
	zone       *time.Location
	bundle     *Bundle
	activities Activities
	onChange   func(ctx context.Context)
}

// New returns the service. The bundle gives languages, fixed pages and words; its articles, facts and services count only
// once they are taken ([Service.Take]).
func New(d *db.DB, c clock.Clock, zone *time.Location, b *Bundle, a Activities) *Service {
	return &Service{db: d, clock: c, zone: zone, bundle: b, activities: a}
}

// OnChange names what is told after each change, when it is stored. It is set before the service is used.
func (s *Service) OnChange(fn func(ctx context.Context)) { s.onChange = fn }

// Bundle returns what the site was started with.
func (s *Service) Bundle() *Bundle { return s.bundle }

// Now returns the service's time.
func (s *Service) Now() time.Time { return s.clock.Now() }

// Zone returns the zone whose days count.
func (s *Service) Zone() *time.Location { return s.zone }

// Languages returns the languages of the site, in order.
func (s *Service) Languages() []Language { return s.bundle.Languages }

func (s *Service) tags() []string {
	tags := make([]string, len(s.bundle.Languages))
	for i, l := range s.bundle.Languages {
		tags[i] = l.Tag
	}
	return tags
}

// may refuses an actor without the permission. The site is one for the whole installation.
func may(actor access.Actor, p access.Permission) error {
	if !actor.Everywhere(p) {
		return errs.Forbidden("error.forbidden")
	}
	return nil
}

// change runs a change of the site: what fn does, its entry in the audit record, and the new revision.
func (s *Service) change(ctx context.Context, actor access.Actor, action, object string, fn func(tx *db.Tx) error) error {
	if err := may(actor, access.SiteWrite); err != nil {
		return err
	}
	err := s.db.Update(ctx, func(tx *db.Tx) error {
		if err := fn(tx); err != nil {
			return err
		}
		if err := audit.Record(ctx, tx, s.clock.Now(), actor.PersonID, action, object, nil); err != nil {
			return err
		}
		_, err := raise(ctx, tx)
		return err
	})
	if err == nil && s.onChange != nil {
		s.onChange(ctx)
	}
	return err
}

// Touch marks within another area's transaction that what the site shows has changed.
func (s *Service) Touch(ctx context.Context, tx *db.Tx) error {
	_, err := raise(ctx, tx)
	return err
}

// Revision returns the number of the site's last change.
func (s *Service) Revision(ctx context.Context) (_ int64, err error) {
	defer errs.Wrap(&err, "site.Revision")
	return revision(ctx, s.db)
}

// Snapshot reads everything that is published, in one consistent state.
func (s *Service) Snapshot(ctx context.Context) (_ *Snapshot, err error) {
	defer errs.Wrap(&err, "site.Snapshot")
	snap := &Snapshot{Zone: s.zone, Languages: s.bundle.Languages, Facts: map[string]*Fact{}}
	return snap, s.db.View(ctx, func(tx *db.Tx) error {
		if snap.Revision, err = revision(ctx, tx); err != nil {
			return err
		}
		if err := s.readArticles(ctx, tx, snap); err != nil {
			return err
		}
		stored, err := facts(ctx, tx)
		if err != nil {
			return err
		}
		for i := range stored {
			snap.Facts[stored[i].ID] = &stored[i]
			snap.FactOrder = append(snap.FactOrder, stored[i].ID)
		}
		rows, err := services(ctx, tx)
		if err != nil {
			return err
		}
		for i := range rows {
			if rows[i].Listed {
				snap.Services = append(snap.Services, &rows[i].Content)
			}
		}
		if s.activities != nil {
			snap.Activities, err = s.activities.Announced(ctx, tx)
		}
		return err
	})
}

func (s *Service) readArticles(ctx context.Context, tx *db.Tx, snap *Snapshot) error {
	all, err := articles(ctx, tx)
	if err != nil {
		return err
	}
	texts, err := textsWhere(ctx, tx, `state = 'published'`)
	if err != nil {
		return err
	}
	attached, err := files(ctx, tx)
	if err != nil {
		return err
	}
	byID := map[string]*Article{}
	for _, a := range all {
		byID[a.ID] = a
	}
	for i := range texts {
		byID[texts[i].ArticleID].Texts[texts[i].Lang] = &texts[i]
	}
	for _, f := range attached {
		byID[f.ArticleID].Files = append(byID[f.ArticleID].Files, f)
	}
	for _, a := range all {
		if a.Texts[a.SourceLang] != nil { // a translation without its source has nothing to be compared with
			snap.Articles = append(snap.Articles, a)
		}
	}
	return nil
}

// Taken counts what came from a bundle.
type Taken struct {
	Articles, Texts, Facts, Services int // new or changed
}

// Take takes the bundle's articles, facts and services into the database. What editors changed since stays: a fact or service
// that is there is left alone, and a text becomes a new version only where the folder's text was never taken. With publish
// the texts are published at once, as the demonstration does; otherwise each waits for a person's review.
func (s *Service) Take(ctx context.Context, actor access.Actor, publish bool) (n Taken, err error) {
	defer errs.Wrap(&err, "site.Take")
	err = s.change(ctx, actor, "site.take", "bundle", func(tx *db.Tx) error {
		n = Taken{}
		now := s.clock.Now()
		known, err := facts(ctx, tx)
		if err != nil {
			return err
		}
		for _, f := range s.bundle.Facts {
			if !slices.ContainsFunc(known, func(k Fact) bool { return k.ID == f.ID }) {
				n.Facts++
				if err := putFact(ctx, tx, f, now); err != nil {
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
				if err := putService(ctx, tx, x, publish, now); err != nil {
					return err
				}
			}
		}
		for _, a := range s.bundle.Articles {
			if err := s.takeArticle(ctx, tx, a, publish, &n); err != nil {
				return err
			}
		}
		return nil
	})
	return n, err
}

func (s *Service) takeArticle(ctx context.Context, tx *db.Tx, a *Article, publish bool, n *Taken) error {
	if _, err := articleByID(ctx, tx, a.ID); errors.Is(err, errs.ErrNotFound) {
		n.Articles++
		if err := insertArticle(ctx, tx, a, s.clock.Now()); err != nil {
			return err
		}
	} else if err != nil {
		return err
	}
	source := a.Texts[a.SourceLang]
	sourceNumber, err := s.takeText(ctx, tx, a, source, 0, publish, n)
	if err != nil {
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
		if _, err := s.takeText(ctx, tx, a, t, follows, publish, n); err != nil {
			return err
		}
	}
	return nil
}

// takeText adds a text unless the same was there before, and returns its number. follows 0 is the source, which follows itself.
func (s *Service) takeText(ctx context.Context, tx *db.Tx, a *Article, t *Text, follows int, publish bool, n *Taken) (int, error) {
	there, err := textsWhere(ctx, tx, `article_id = ? AND lang = ?`, a.ID, t.Lang)
	if err != nil {
		return 0, err
	}
	number := 1
	for _, x := range there {
		if x.Title == t.Title && x.Tab == t.Tab && x.Summary == t.Summary && x.Body == t.Body {
			return x.Number, nil
		}
		number = max(number, x.Number+1)
		if x.State == Draft || x.State == InReview || x.State == Returned {
			return x.Number, nil // somebody is at work on it; the folder's text can be taken later
		}
	}
	if follows == 0 {
		follows = number
	}
	n.Texts++
	x := *t
	x.ID, x.Number, x.Follows, x.State, x.ChangedAt = id.New(), number, follows, InReview, s.clock.Now()
	if err := insertText(ctx, tx, x); err != nil {
		return 0, err
	}
	if publish {
		return number, s.publish(ctx, tx, x, "", "")
	}
	return number, nil
}

// publish makes a text the published one of its article and language.
func (s *Service) publish(ctx context.Context, tx *db.Tx, t Text, reviewerID, note string) error {
	const reviewMonths = 12
	now := s.clock.Now()
	if err := db.Exec(ctx, tx, `UPDATE site_text SET state = 'superseded' WHERE article_id = ? AND lang = ? AND state = 'published'`, t.ArticleID, t.Lang); err != nil {
		return err
	}
	return db.Exec(ctx, tx, `UPDATE site_text SET state = 'published', reviewer_id = ?, reviewed_at = ?, review_due = ?, note = ? WHERE id = ?`,
		reviewerID, now, now.In(s.zone).AddDate(0, reviewMonths, 0).Format(time.DateOnly), note, t.ID)
}

// knows returns what texts may refer to.
func (s *Service) knows(ctx context.Context, q db.Querier) (k knows, err error) {
	k = knows{facts: map[string]*Fact{}, articles: map[string]bool{}, telling: s.bundle.Telling}
	stored, err := facts(ctx, q)
	if err != nil {
		return k, err
	}
	for i := range stored {
		k.facts[stored[i].ID] = &stored[i]
	}
	all, err := articles(ctx, q)
	for _, a := range all {
		k.articles[a.ID] = true
	}
	return k, err
}

// Directory returns all services, listed or not.
func (s *Service) Directory(ctx context.Context, actor access.Actor) (_ []Listed, err error) {
	defer errs.Wrap(&err, "site.Directory")
	if err := may(actor, access.SiteRead); err != nil {
		return nil, err
	}
	rows, err := services(ctx, s.db)
	out := make([]Listed, len(rows))
	for i := range rows {
		x := &rows[i].Content
		out[i] = Listed{Service: x, Listed: rows[i].Listed, Standing: ServiceStanding(x, s.clock.Now(), s.zone)}
	}
	return out, err
}

// Listed is a service with whether it stands on the site, and how far it may be trusted.
type Listed struct {
	*directory.Service
	Listed   bool
	Standing Standing
}

// SaveService keeps a service. Its phones must be numbers, or facts that are phones.
func (s *Service) SaveService(ctx context.Context, actor access.Actor, x *directory.Service, listed bool) (err error) {
	defer errs.Wrap(&err, "site.SaveService(%s)", x.ID)
	return s.change(ctx, actor, "site.service", x.ID, func(tx *db.Tx) error {
		k, err := s.knows(ctx, tx)
		if err != nil {
			return err
		}
		for _, p := range x.Phones {
			if p.Fact != "" && (k.facts[p.Fact] == nil || k.facts[p.Fact].Kind != Phone) {
				return errs.Fields{{Name: "phones", Key: "site.services.fault.fact", Args: errs.Args("Fact", p.Fact)}}.Err()
			}
		}
		return putService(ctx, tx, x, listed, s.clock.Now())
	})
}

// RemoveService takes a service out of the directory for good.
func (s *Service) RemoveService(ctx context.Context, actor access.Actor, serviceID string) (err error) {
	defer errs.Wrap(&err, "site.RemoveService(%s)", serviceID)
	return s.change(ctx, actor, "site.service.remove", serviceID, func(tx *db.Tx) error {
		n, err := db.Changed(ctx, tx, `DELETE FROM site_service WHERE id = ?`, serviceID)
		if err == nil && n == 0 {
			return errs.NotFound("error.not-found")
		}
		return err
	})
}

// trimmed returns a text without spaces around it and with the line ends of one kind.
func trimmed(s string) string { return strings.TrimSpace(strings.ReplaceAll(s, "\r\n", "\n")) }
