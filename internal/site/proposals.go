package site

import (
	"bytes"
	"context"
	"encoding/json"
	"strconv"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/approval"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/id"
	"ostoja/internal/site/content"
	"ostoja/internal/site/directory"
)

// ProposalKind is what a proposal is about.
type ProposalKind string

// The kinds of proposals.
const (
	OfFact    ProposalKind = "fact"
	OfService ProposalKind = "service"
)

// Change is the whole content that a fact or a service would have.
type Change struct {
	Fact    *content.Fact      `json:",omitempty"`
	Service *directory.Service `json:",omitempty"`
	Listed  bool               `json:",omitempty"` // of a service: whether it stands on the site
}

// same says whether two contents are alike.
func (c *Change) same(x *Change) bool {
	a, errA := json.Marshal(c)
	b, errB := json.Marshal(x)
	return errA == nil && errB == nil && bytes.Equal(a, b)
}

// Proposal is a new fact or service, or a change of one, that readers see once a second person has accepted it. A proposal never
// changes, so that what is accepted is what was read: another one of its author takes its place.
type Proposal struct {
	ID            string
	Kind          ProposalKind
	ObjectID      string    `db:"object_id"`
	After         Change    `db:"content,json"`
	AuthorID      string    `db:"author_id"`
	ProposedAt    time.Time `db:"proposed_at"`
	Note          string    // of the person who returned it; "" while it waits
	Before        *Change   `db:"-"` // nil of what is new
	content.Owner           // of what it is about

	// Withheld is why the proposal cannot be accepted yet although it is right in itself, nil if nothing stands in its way.
	Withheld *errs.Field `db:"-"`
}

// Waits says whether the proposal waits for a second person; otherwise it was returned.
func (p *Proposal) Waits() bool { return p.Note == "" }

// Open says whether a person may put another proposal in the place of this one: the author, or anybody once it was returned.
func (p *Proposal) Open(personID string) bool { return p.AuthorID == personID || !p.Waits() }

const proposalColumns = `p.id, p.kind, p.object_id, p.content, p.author_id, p.proposed_at, p.note, ` + ownerColumns

const proposalTables = `site_proposal p LEFT JOIN identity_unit u ON u.id = p.unit_id`

// Proposals returns what waits for a second person or was returned, the oldest first, each with what it would change.
func (s *Service) Proposals(ctx context.Context, actor access.Actor) (list []Proposal, err error) {
	defer errs.Wrap(&err, "site.Proposals")
	if err := may(actor, access.SiteRead); err != nil {
		return nil, err
	}
	err = s.db.View(ctx, func(tx *db.Tx) error {
		within, args := actor.Within(access.SiteRead, "u.path")
		if list, err = db.All[Proposal](ctx, tx, `SELECT `+proposalColumns+` FROM `+proposalTables+` WHERE `+within+` ORDER BY p.proposed_at, p.id`, args...); err != nil {
			return err
		}
		for i := range list {
			if list[i].Before, _, err = current(ctx, tx, list[i].Kind, list[i].ObjectID); err != nil {
				return err
			}
		}
		return nil
	})
	return list, err
}

// Proposal returns one proposal with what it would change.
func (s *Service) Proposal(ctx context.Context, actor access.Actor, proposalID string) (p Proposal, err error) {
	defer errs.Wrap(&err, "site.Proposal(%s)", proposalID)
	if err := may(actor, access.SiteRead); err != nil {
		return p, err
	}
	err = s.db.View(ctx, func(tx *db.Tx) error {
		if p, err = proposalByID(ctx, tx, proposalID); err != nil {
			return err
		}
		if err := mayRead(actor, p.UnitPath); err != nil {
			return err
		}
		p.Withheld, err = s.doubt(ctx, tx, &p)
		return err
	})
	return p, err
}

func proposalByID(ctx context.Context, tx *db.Tx, proposalID string) (p Proposal, err error) {
	if p, err = db.One[Proposal](ctx, tx, `SELECT `+proposalColumns+` FROM `+proposalTables+` WHERE p.id = ?`, proposalID); err != nil {
		return p, err
	}
	p.Before, _, err = current(ctx, tx, p.Kind, p.ObjectID)
	return p, err
}

// current returns what a fact or service is now, nil if there is none, and its version.
func current(ctx context.Context, tx *db.Tx, kind ProposalKind, objectID string) (*Change, int, error) {
	if kind == OfFact {
		list, err := factsWhere(ctx, tx, `f.id = ?`, objectID)
		if err != nil || len(list) == 0 {
			return nil, 0, err
		}
		return &Change{Fact: &list[0]}, list[0].Version, nil
	}
	list, err := servicesWhere(ctx, tx, `s.id = ?`, objectID)
	if err != nil || len(list) == 0 {
		return nil, 0, err
	}
	return &Change{Service: &list[0].Content, Listed: list[0].Listed}, list[0].Version, nil
}

// waiting returns the proposal about a fact or service, nil if there is none.
func waiting(ctx context.Context, q db.Querier, kind ProposalKind, objectID string) (*Proposal, error) {
	list, err := db.All[Proposal](ctx, q, `SELECT `+proposalColumns+` FROM `+proposalTables+` WHERE p.kind = ? AND p.object_id = ?`, string(kind), objectID)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	return &list[0], nil
}

// baseOf names the state of a fact or service that an editor begins with: the proposal about it, or its version.
func baseOf(p *Proposal, version int) string {
	if p != nil {
		return p.ID
	}
	return strconv.Itoa(version)
}

// NewBase is the base of what is not there yet.
const NewBase = "0"

// propose keeps a change until a second person has looked at it. base is what its author began with; unitID names who will keep
// what is new.
func (s *Service) propose(ctx context.Context, tx *db.Tx, actor access.Actor, kind ProposalKind, objectID, unitID, base, why string, after Change) (detail any, err error) {
	before, version, err := current(ctx, tx, kind, objectID)
	if err != nil {
		return nil, err
	}
	owner, known, err := ownerOf(ctx, tx, kind, objectID)
	if err != nil {
		return nil, err
	}
	if known {
		unitID = owner.UnitID
	}
	there, err := waiting(ctx, tx, kind, objectID)
	switch {
	case err != nil:
		return nil, err
	case base == NewBase && (known && !owner.MayChange(actor) || before != nil || there != nil && !there.Open(actor.PersonID)):
		return nil, errDuplicate()
	case base != NewBase && base != baseOf(there, version):
		return nil, errs.Conflict("site.conflict")
	case there != nil && !there.Open(actor.PersonID):
		return nil, errs.Conflict("site.proposals.waits")
	case before != nil && before.same(&after):
		return nil, errs.Conflict("site.proposals.same")
	case there != nil:
		if err := conflictIfNone(db.Changed(ctx, tx, `DELETE FROM site_proposal WHERE id = ?`, there.ID)); err != nil {
			return nil, err
		}
	}
	proposalID := id.New()
	err = db.Exec(ctx, tx, `INSERT INTO site_proposal (id, kind, object_id, content, author_id, proposed_at, unit_id) VALUES (?, ?, ?, ?, ?, ?, ?)`,
		proposalID, string(kind), objectID, db.JSON(after), actor.PersonID, s.clock.Now(), nullable(unitID))
	if db.IsUnique(err) { // somebody else was quicker
		err = errs.Conflict("site.conflict")
	}
	if err == nil {
		err = s.askProposal(ctx, tx, actor, kind, proposalID, objectID, unitID, why, &after)
	}
	return changeDetail{before, &after}, err
}

// changeDetail is the detail of an audit entry: what was, and what would be or is.
type changeDetail struct {
	Before *Change `json:"before"` // nil of what is new
	After  *Change `json:"after"`  // nil of what is no more
}

// AcceptProposal lets readers see a proposed change. Its author may not.
func (s *Service) AcceptProposal(ctx context.Context, actor access.Actor, proposalID string) (err error) {
	defer errs.Wrap(&err, "site.AcceptProposal(%s)", proposalID)
	return s.change(ctx, actor, ofProposal(proposalID), "site.accept", "proposal:"+proposalID, func(tx *db.Tx) (any, error) {
		p, err := s.proposalToReview(ctx, tx, actor, proposalID)
		if err != nil {
			return nil, err
		}
		if err := conflictIfNone(db.Changed(ctx, tx, `DELETE FROM site_proposal WHERE id = ? AND note = ''`, p.ID)); err != nil {
			return nil, err
		}
		if err := s.answered(ctx, tx, approvalKinds[p.Kind], p.ObjectID, actor.PersonID, approval.Approved, ""); err != nil {
			return nil, err
		}
		return changeDetail{p.Before, &p.After}, s.apply(ctx, tx, p)
	})
}

// apply writes what was accepted. The rules may have become other ones since, or what it refers to may have gone.
func (s *Service) apply(ctx context.Context, tx *db.Tx, p Proposal) error {
	_, version, err := current(ctx, tx, p.Kind, p.ObjectID)
	if err != nil {
		return err
	}
	now := s.clock.Now()
	if f := p.After.Fact; f != nil {
		if err := s.checkFact(f); err != nil {
			return err
		}
		if doubt, err := s.doubt(ctx, tx, &p); err != nil {
			return err
		} else if doubt != nil {
			return errs.Fields{*doubt}.Err()
		}
		f.Version, f.Owner = version, p.Owner
		if p.Before == nil {
			return insertFact(ctx, tx, f, now)
		}
		return updateFact(ctx, tx, f, now)
	}
	if err := s.checkService(ctx, tx, p.After.Service, p.After.Listed); err != nil {
		return err
	}
	if p.Before == nil {
		return insertService(ctx, tx, p.After.Service, p.After.Listed, p.UnitID, now)
	}
	return updateService(ctx, tx, p.After.Service, p.After.Listed, version, now)
}

// proposalToReview returns a proposal that waits for a second person, who is not its author.
func (s *Service) proposalToReview(ctx context.Context, tx *db.Tx, actor access.Actor, proposalID string) (Proposal, error) {
	p, err := proposalByID(ctx, tx, proposalID)
	switch {
	case err != nil:
		return p, err
	case actor.PersonID == "" || p.AuthorID == actor.PersonID:
		return p, errs.Forbidden("site.proposals.second-person")
	case !p.Waits():
		return p, errs.Conflict("site.proposals.returned")
	}
	return p, nil
}

// ReturnProposal gives a proposal back to its author with a note.
func (s *Service) ReturnProposal(ctx context.Context, actor access.Actor, proposalID, note string) (err error) {
	defer errs.Wrap(&err, "site.ReturnProposal(%s)", proposalID)
	return s.edit(ctx, actor, ofProposal(proposalID), "site.return-proposal", "proposal:"+proposalID, func(tx *db.Tx) (any, error) {
		p, err := s.proposalToReview(ctx, tx, actor, proposalID)
		if note = trimmed(note); err == nil && note == "" {
			err = errs.Fields{{Name: "note", Key: "site.fault.note"}}.Err()
		}
		if err != nil {
			return nil, err
		}
		if err := s.answered(ctx, tx, approvalKinds[p.Kind], p.ObjectID, actor.PersonID, approval.Returned, note); err != nil {
			return nil, err
		}
		return changeDetail{p.Before, &p.After}, conflictIfNone(db.Changed(ctx, tx, `UPDATE site_proposal SET note = ? WHERE id = ? AND note = ''`, note, proposalID))
	})
}

// WithdrawProposal drops a proposal: its author may, and anybody once it was returned.
func (s *Service) WithdrawProposal(ctx context.Context, actor access.Actor, proposalID string) (err error) {
	defer errs.Wrap(&err, "site.WithdrawProposal(%s)", proposalID)
	return s.edit(ctx, actor, ofProposal(proposalID), "site.take-back", "proposal:"+proposalID, func(tx *db.Tx) (any, error) {
		p, err := proposalByID(ctx, tx, proposalID)
		if err != nil {
			return nil, err
		}
		if !p.Open(actor.PersonID) {
			return nil, errs.Forbidden("site.proposals.others")
		}
		if err := s.answered(ctx, tx, approvalKinds[p.Kind], p.ObjectID, actor.PersonID, approval.Withdrawn, ""); err != nil {
			return nil, err
		}
		return changeDetail{p.Before, &p.After}, conflictIfNone(db.Changed(ctx, tx, `DELETE FROM site_proposal WHERE id = ? AND note = ?`, proposalID, p.Note))
	})
}
