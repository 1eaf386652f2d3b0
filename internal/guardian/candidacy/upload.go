package candidacy

import (
	"context"
	"errors"
	"slices"
	"time"

	"ostoja/internal/audit"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/guardian/vault"
	"ostoja/internal/id"
)

const (
	mostOwn     = 6 // copies that a candidate has sent and that are still there
	checkWithin = 7 // days in which the office looks at one
)

// Sendable are the kinds of which a candidate can send a copy: those that are asked of them and of which one is kept. Of every other the office takes
// none either.
func Sendable(rules []Rule, a Abroad) (kinds []CheckKind) {
	for _, r := range rules {
		if r.Copied() && r.Asks(a) {
			kinds = append(kinds, r.Kind)
		}
	}
	return kinds
}

// ToCheck says whether a copy that the candidate sent waits for the office: until a check of its kind is noted, or the copy is erased.
func (v View) ToCheck(d Document) bool {
	return v.State == Applied && d.Own && !slices.ContainsFunc(v.History, func(c Check) bool { return c.Kind == d.Kind && !c.NotedAt.Before(d.AddedAt) })
}

// Upload keeps a copy that a candidate sends of their own, sealed as the office's are, for as long as the rule of its kind says. The office has it to check.
func (s *Service) Upload(ctx context.Context, self Self, k CheckKind, content []byte) (err error) {
	defer errs.Wrap(&err, "candidacy.Upload(%d bytes)", len(content))
	return s.onPath(ctx, self, func(tx *db.Tx, c Candidate) error {
		rules, err := s.rulesIn(ctx, tx)
		if err != nil {
			return err
		}
		var faults errs.Fields
		if !slices.Contains(Sendable(rules, c.Application.Abroad), k) {
			faults.Add("kind", "apply.fault.choose")
		}
		media, fault := mediaOf(content)
		if fault != "" {
			faults.Add("file", "apply.fault."+fault, "Most", vault.Most>>20)
		}
		if err := faults.Err(); err != nil {
			return err
		}
		n, err := db.One[int](ctx, tx, `SELECT COUNT(*) FROM guardian_document WHERE candidate_id = ? AND added_by IS NULL`, c.ID)
		if err != nil {
			return err
		}
		if n >= mostOwn {
			return errs.Conflict("apply.many-documents", "Most", mostOwn)
		}
		i := slices.IndexFunc(rules, func(r Rule) bool { return r.Kind == k })
		err = s.keep(ctx, tx, c.ID, "", rules[i], media, content)
		if errors.Is(err, errs.ErrConflict) { // no key, of which the office's words say more than a candidate needs
			return errs.Conflict("apply.cannot-keep").Because(err)
		}
		return err
	})
}

// RefuseLarge records that a file came that is larger than any that is taken, and of which nothing was kept.
func (s *Service) RefuseLarge(ctx context.Context, self Self) (err error) {
	defer errs.Wrap(&err, "candidacy.RefuseLarge")
	return s.DB.Update(ctx, func(tx *db.Tx) error {
		c, err := mine(ctx, tx, self)
		if err != nil {
			return err
		}
		return audit.Record(ctx, tx, s.Clock.Now(), c.PersonID, "candidacy.document.refuse", "candidate:"+c.ID, map[string]int{"most": vault.Most})
	})
}

// TakeBack erases a copy that the candidate sent.
func (s *Service) TakeBack(ctx context.Context, self Self, documentID string) (err error) {
	defer errs.Wrap(&err, "candidacy.TakeBack")
	if !id.Valid(documentID) {
		return errNotFound
	}
	return s.onPath(ctx, self, func(tx *db.Tx, c Candidate) error {
		err := db.Change(ctx, tx, errNotFound, `DELETE FROM guardian_document WHERE id = ? AND candidate_id = ? AND added_by IS NULL`, documentID, c.ID)
		if err != nil {
			return err
		}
		return audit.Record(ctx, tx, s.Clock.Now(), c.PersonID, "candidacy.document.erase", "candidate:"+c.ID, map[string]any{"document": documentID, "own": true})
	})
}

// onPath runs what a candidate does while their application is on the path. Its edition grows, so that nobody decides upon less than there is.
func (s *Service) onPath(ctx context.Context, self Self, fn func(tx *db.Tx, c Candidate) error) error {
	return s.DB.Update(ctx, func(tx *db.Tx) error {
		c, err := mine(ctx, tx, self)
		if err != nil {
			return err
		}
		err = db.Change(ctx, tx, errs.Conflict("apply.over"), `UPDATE guardian_candidate SET edition = edition + 1 WHERE id = ? AND state = ?`, c.ID, string(Applied))
		if err != nil {
			return err
		}
		return fn(tx, c)
	})
}

// mediaOf says of what type a file is, and what is wrong with it: the end of a text's key, "" if nothing is.
func mediaOf(content []byte) (media vault.Media, fault string) {
	media = vault.MediaOf(content)
	switch {
	case len(content) == 0:
		return media, "no-file"
	case len(content) > vault.Most:
		return media, "large"
	case media == "":
		return media, "media"
	}
	return media, ""
}

// keep seals a copy; personID is who added it, "" for the candidate.
func (s *Service) keep(ctx context.Context, tx *db.Tx, candidateID, personID string, rule Rule, media vault.Media, content []byte) error {
	others, err := db.One[int](ctx, tx, `SELECT COUNT(*) FROM guardian_document`)
	if err != nil {
		return err
	}
	sealed, sealedFor, err := s.Vault.Seal(content, others == 0)
	if err != nil {
		return err
	}
	now, documentID := s.Clock.Now(), id.New()
	err = db.Exec(ctx, tx, `INSERT INTO guardian_document (id, candidate_id, kind, media, size, sealed, sealed_for, added_at, added_by, keep_until) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		documentID, candidateID, string(rule.Kind), string(media), len(content), sealed, sealedFor, now, nullable(personID), now.AddDate(0, 0, rule.CopyDays))
	if err != nil {
		return err
	}
	detail := map[string]any{"document": documentID, "kind": rule.Kind}
	if personID == "" {
		detail["own"] = true
	}
	return audit.Record(ctx, tx, now, personID, "candidacy.document.add", "candidate:"+candidateID, detail)
}

// checkBy is the day by which the office looks at a copy that a candidate sent.
func (s *Service) checkBy(d Document) string {
	return d.AddedAt.In(s.Zone).AddDate(0, 0, checkWithin).Format(time.DateOnly)
}
