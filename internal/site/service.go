package site

import (
	"context"
	"log/slog"
	"strings"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/audit"
	"ostoja/internal/clock"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/event"
	"ostoja/internal/site/content"
)

// Activities names the trainings that coordinators agreed to announce.
type Activities interface {
	Announced(ctx context.Context, q db.Querier) ([]content.Activity, error)
}

// Purpose is what an installation is for.
type Purpose bool

// The purposes. In the demonstration, numbers that nobody has called may stand where somebody in danger reads them.
const (
	Production    Purpose = false
	Demonstration Purpose = true
)

// Service keeps the site's content.
type Service struct {
	// Feeds is the space of this installation's names for what the feeds list, so that no two offices' news have one name.
	Feeds [16]byte

	db         *db.DB
	clock      clock.Clock
	zone       *time.Location
	bundle     *content.Bundle
	activities Activities
	events     *event.Bus
	purpose    Purpose
}

// New returns the service. The bundle gives languages, fixed pages and words; its articles, facts and services count only
// once they are taken ([Service.ImportBundle]).
func New(d *db.DB, c clock.Clock, zone *time.Location, b *content.Bundle, a Activities, events *event.Bus, purpose Purpose) *Service {
	return &Service{db: d, clock: c, zone: zone, bundle: b, activities: a, events: events, purpose: purpose}
}

// Changed happens when what readers see changes.
type Changed struct{}

// Bundle returns what the site was started with.
func (s *Service) Bundle() *content.Bundle { return s.bundle }

// Now returns the service's time.
func (s *Service) Now() time.Time { return s.clock.Now() }

// Zone returns the zone whose days count.
func (s *Service) Zone() *time.Location { return s.zone }

// Languages returns the languages of the site, in order.
func (s *Service) Languages() []content.Language { return s.bundle.Languages }

func (s *Service) tags() []string {
	tags := make([]string, len(s.bundle.Languages))
	for i, l := range s.bundle.Languages {
		tags[i] = l.Tag
	}
	return tags
}

// edit runs what editors do without a change for readers: what fn does, and its entry in the audit record with the detail that fn
// returns. It refuses who may not change what the owner keeps, so that no change can forget to ask.
func (s *Service) edit(ctx context.Context, actor access.Actor, owner ownerFunc, action, object string, fn func(tx *db.Tx) (detail any, err error)) error {
	if err := may(actor, access.SiteWrite); err != nil {
		return err
	}
	return s.db.Update(ctx, func(tx *db.Tx) error {
		if owner != nil {
			path, err := owner(ctx, tx)
			if err != nil {
				return err
			}
			if err := mayChange(actor, path); err != nil {
				return err
			}
		}
		detail, err := fn(tx)
		if err != nil {
			return err
		}
		return audit.Record(ctx, tx, s.clock.Now(), actor.PersonID, action, object, detail)
	})
}

// change runs a change of what readers see: as edit, and the new revision.
func (s *Service) change(ctx context.Context, actor access.Actor, owner ownerFunc, action, object string, fn func(tx *db.Tx) (detail any, err error)) error {
	return s.edit(ctx, actor, owner, action, object, func(tx *db.Tx) (any, error) {
		detail, err := fn(tx)
		if err != nil {
			return nil, err
		}
		return detail, s.Touch(ctx, tx)
	})
}

// Touch marks that what the site shows has changed, also within another area's transaction. With the change that makes it whole, a new
// site opens.
func (s *Service) Touch(ctx context.Context, tx *db.Tx) error {
	if err := nextRevision(ctx, tx); err != nil {
		return err
	}
	if err := s.openIfComplete(ctx, tx); err != nil {
		return err
	}
	return s.events.Emit(ctx, tx, Changed{})
}

// Revision returns the number of the site's last change.
func (s *Service) Revision(ctx context.Context) (_ int64, err error) {
	defer errs.Wrap(&err, "site.Revision")
	return revision(ctx, s.db)
}

// Snapshot reads everything that is published, in one consistent state.
func (s *Service) Snapshot(ctx context.Context) (snap *content.Snapshot, err error) {
	defer errs.Wrap(&err, "site.Snapshot")
	err = s.db.View(ctx, func(tx *db.Tx) error {
		snap, err = s.snapshot(ctx, tx)
		return err
	})
	return snap, err
}

func (s *Service) snapshot(ctx context.Context, tx *db.Tx) (_ *content.Snapshot, err error) {
	snap := &content.Snapshot{Unheard: bool(s.purpose), SecondLine: s.bundle.SecondLine, Zone: s.zone, Languages: s.bundle.Languages, Facts: map[string]*content.Fact{}, Feeds: s.Feeds}
	if snap.Revision, err = revision(ctx, tx); err != nil {
		return nil, err
	}
	if snap.Open, err = isOpen(ctx, tx); err != nil {
		return nil, err
	}
	if err := s.readArticles(ctx, tx, snap); err != nil {
		return nil, err
	}
	page, err := figures(ctx, tx)
	if err != nil {
		return nil, err
	}
	snap.Figures = page.Shown
	stored, err := facts(ctx, tx)
	if err != nil {
		return nil, err
	}
	for i := range stored {
		snap.Facts[stored[i].ID] = &stored[i]
		snap.FactOrder = append(snap.FactOrder, stored[i].ID)
	}
	rows, err := services(ctx, tx)
	if err != nil {
		return nil, err
	}
	for i := range rows {
		if err := rows[i].Content.Hours.Fault(); err != nil {
			slog.ErrorContext(ctx, "a place is left out of the site: its opening hours cannot be read", "service", rows[i].ID, "error", err)
			continue
		}
		if rows[i].Listed && !rows[i].Content.Shelter {
			snap.Services = append(snap.Services, &rows[i].Content)
		}
	}
	if s.activities != nil {
		snap.Activities, err = s.activities.Announced(ctx, tx)
	}
	return snap, err
}

func (s *Service) readArticles(ctx context.Context, tx *db.Tx, snap *content.Snapshot) error {
	all, err := articles(ctx, tx)
	if err != nil {
		return err
	}
	texts, err := textsWhere(ctx, tx, `state = 'published'`)
	if err != nil {
		return err
	}
	attached, err := files(ctx, tx, `TRUE`)
	if err != nil {
		return err
	}
	byID := map[string]*content.Article{}
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

// references returns what texts may refer to.
func (s *Service) references(ctx context.Context, q db.Querier) (k content.References, err error) {
	k = content.References{Facts: map[string]*content.Fact{}, Articles: map[string]bool{}, Revealing: s.bundle.RevealingWord}
	stored, err := facts(ctx, q)
	if err != nil {
		return k, err
	}
	for i := range stored {
		k.Facts[stored[i].ID] = &stored[i]
	}
	all, err := articles(ctx, q)
	for _, a := range all {
		k.Articles[a.ID] = true
	}
	return k, err
}

// trimmed returns a text without spaces around it and with the line ends of one kind.
func trimmed(s string) string { return strings.TrimSpace(strings.ReplaceAll(s, "\r\n", "\n")) }
