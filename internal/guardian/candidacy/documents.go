package candidacy

import (
	"context"
	"slices"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/audit"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/guardian/vault"
	"ostoja/internal/id"
)

// Document is a copy of a certificate, without its content.
type Document struct {
	ID        string
	Kind      CheckKind
	Media     vault.Media
	Size      int64
	AddedAt   time.Time
	AddedBy   string // name, "" if the candidate did
	Own       bool   // the candidate did
	KeepUntil time.Time
}

// Why says for what somebody looks at a document.
type Why string

// Reasons are those that can be given.
var Reasons = []Why{"check", "decision", "renewal", "asked"}

// Look is one at a document.
type Look struct {
	Kind CheckKind
	Who  string // name
	At   time.Time
	Why  Why
}

func documents(ctx context.Context, q db.Querier, candidateID string) ([]Document, error) {
	return db.All[Document](ctx, q, `
		SELECT d.id, d.kind, d.media, d.size, d.added_at, COALESCE(p.given_name || ' ' || p.family_name, '') AS added_by, d.added_by IS NULL AS own, d.keep_until
		FROM guardian_document d LEFT JOIN identity_person p ON p.id = d.added_by WHERE d.candidate_id = ? ORDER BY d.added_at DESC, d.id DESC`, candidateID)
}

func looks(ctx context.Context, q db.Querier, candidateID string) ([]Look, error) {
	return db.All[Look](ctx, q, `
		SELECT l.kind, p.given_name || ' ' || p.family_name AS who, l.at, l.why FROM guardian_document_look l JOIN identity_person p ON p.id = l.person_id
		WHERE l.candidate_id = ? ORDER BY l.at DESC, l.id DESC`, candidateID)
}

// AddDocument keeps a copy, for as long as the rule of its kind says. Of a kind of which none is kept it is refused.
func (s *Service) AddDocument(ctx context.Context, actor access.Actor, candidateID string, k CheckKind, content []byte) (err error) {
	defer errs.Wrap(&err, "candidacy.AddDocument(%d bytes)", len(content))
	return s.change(ctx, actor, candidateID, func(tx *db.Tx, c Candidate) error {
		var faults errs.Fields
		rule, err := s.ruleIn(ctx, tx, k)
		switch {
		case isGone(err):
			faults.Add("kind", "candidacy.fault.choose")
		case err != nil:
			return err
		case !rule.Copied():
			faults.Add("kind", "candidacy.fault.no-copy")
		}
		media, fault := mediaOf(content)
		if fault != "" {
			faults.Add("file", "candidacy.fault."+fault, "Most", vault.Most>>20)
		}
		if err := faults.Err(); err != nil {
			return err
		}
		return s.keep(ctx, tx, c.ID, actor.PersonID, rule, media, content)
	})
}

// RefuseLargeFor records that somebody of the office sent a file for a candidate that is larger than any that is taken, and of which nothing was kept.
func (s *Service) RefuseLargeFor(ctx context.Context, actor access.Actor, candidateID string) (err error) {
	defer errs.Wrap(&err, "candidacy.RefuseLargeFor")
	return s.change(ctx, actor, candidateID, func(tx *db.Tx, c Candidate) error {
		return audit.Record(ctx, tx, s.Clock.Now(), actor.PersonID, "candidacy.document.refuse", "candidate:"+c.ID, map[string]int{"most": vault.Most})
	})
}

// LookAt opens a document for somebody who says why. The look is recorded, and the candidate reads it; what cannot be opened was not looked at.
func (s *Service) LookAt(ctx context.Context, actor access.Actor, candidateID, documentID string, why Why) (content []byte, media vault.Media, err error) {
	defer errs.Wrap(&err, "candidacy.LookAt")
	err = s.DB.Update(ctx, func(tx *db.Tx) error {
		c, err := candidate(ctx, tx, actor, access.GuardiansRead, candidateID)
		if err != nil {
			return err
		}
		type row struct {
			Kind      CheckKind
			Media     vault.Media
			Sealed    []byte
			SealedFor string
		}
		if !id.Valid(documentID) {
			return errNotFound
		}
		d, err := db.One[row](ctx, tx, `SELECT kind, media, sealed, sealed_for FROM guardian_document WHERE id = ? AND candidate_id = ? AND keep_until > ?`, documentID, c.ID, s.Clock.Now())
		if err != nil {
			return err
		}
		if !slices.Contains(Reasons, why) {
			var faults errs.Fields
			faults.Add("why", "candidacy.fault.why")
			return faults.Err()
		}
		if content, err = s.Vault.Open(d.Sealed, d.SealedFor); err != nil {
			return err
		}
		media = d.Media
		now := s.Clock.Now()
		err = db.Exec(ctx, tx, `INSERT INTO guardian_document_look (id, candidate_id, document_id, kind, person_id, at, why) VALUES (?, ?, ?, ?, ?, ?, ?)`,
			id.New(), c.ID, documentID, string(d.Kind), actor.PersonID, now, string(why))
		if err != nil {
			return err
		}
		return audit.Record(ctx, tx, now, actor.PersonID, "candidacy.document.look", "candidate:"+c.ID, map[string]any{"document": documentID, "why": why})
	})
	if err != nil {
		return nil, "", err
	}
	return content, media, nil
}

// EraseDocument erases a copy before its time.
func (s *Service) EraseDocument(ctx context.Context, actor access.Actor, candidateID, documentID string) (err error) {
	defer errs.Wrap(&err, "candidacy.EraseDocument")
	return s.DB.Update(ctx, func(tx *db.Tx) error {
		c, err := candidate(ctx, tx, actor, access.GuardiansWrite, candidateID)
		if err != nil {
			return err
		}
		n, err := db.Changed(ctx, tx, `DELETE FROM guardian_document WHERE id = ? AND candidate_id = ?`, documentID, c.ID)
		if err == nil && n == 0 {
			err = errNotFound
		}
		if err != nil {
			return err
		}
		return audit.Record(ctx, tx, s.Clock.Now(), actor.PersonID, "candidacy.document.erase", "candidate:"+c.ID, map[string]any{"document": documentID})
	})
}
