package site

import (
	"context"
	"maps"
	"slices"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/approval"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/fact"
	"ostoja/internal/site/content"
	"ostoja/internal/site/directory"
	"ostoja/internal/text"
)

// Entry is a fact or a service as an editor goes on with it.
type Entry struct {
	Current  *Change   // nil of what is only proposed yet
	Proposal *Proposal // what waits for a second person or was returned; nil if nothing
	Base     string    // to be given with a proposal
	content.Owner
}

// Latest is what the editor's form begins with: the proposal, or what there is.
func (k Entry) Latest() *Change {
	if k.Proposal != nil {
		return &k.Proposal.After
	}
	return k.Current
}

// Entry returns a fact or a service with what is proposed for it. The installation's facts can be read by all editors, for all
// texts refer to them; what is proposed of them cannot.
func (s *Service) Entry(ctx context.Context, actor access.Actor, kind ProposalKind, objectID string) (k Entry, err error) {
	defer errs.Wrap(&err, "site.Entry(%s, %s)", kind, objectID)
	if err := may(actor, access.SiteRead); err != nil {
		return k, err
	}
	err = s.db.View(ctx, func(tx *db.Tx) error {
		now, version, err := current(ctx, tx, kind, objectID)
		if err != nil {
			return err
		}
		p, err := waiting(ctx, tx, kind, objectID)
		if err == nil && now == nil && p == nil {
			err = errs.NotFound("error.not-found")
		}
		if err != nil {
			return err
		}
		owner, _, err := ownerOf(ctx, tx, kind, objectID)
		if err != nil {
			return err
		}
		if err := mayRead(actor, owner.UnitPath); err != nil {
			if kind != OfFact || owner.UnitID != "" || now == nil {
				return err
			}
			p = nil
		}
		k = Entry{now, p, baseOf(p, version), owner}
		return nil
	})
	return k, err
}

// Facts returns the facts that the actor may read, in order: those of their units, and the installation's, to which all texts
// refer.
func (s *Service) Facts(ctx context.Context, actor access.Actor) (_ []content.Fact, err error) {
	defer errs.Wrap(&err, "site.Facts")
	if err := may(actor, access.SiteRead); err != nil {
		return nil, err
	}
	within, args := actor.Within(access.SiteRead, "u.path")
	return factsWhere(ctx, s.db, `(f.unit_id IS NULL OR `+within+`)`, args...)
}

// KeptFacts reads all facts by q, which may be a transaction that is about to change one, without what editors doubt. It is for the program
// itself.
func (s *Service) KeptFacts(ctx context.Context, q db.Querier) (list []*fact.Fact, err error) {
	defer errs.Wrap(&err, "site.KeptFacts")
	stored, err := facts(ctx, q)
	for i := range stored {
		f := &stored[i]
		list = append(list, &fact.Fact{ID: f.ID, Kind: f.Kind, Value: f.Value, Label: f.Label, Source: f.Source, URL: f.URL, Checked: f.Checked, By: f.By,
			ValidUntil: f.ValidUntil, GraceDays: f.GraceDays, Confirm: f.Confirm})
	}
	return list, err
}

// ProposeFact proposes a new fact or a change of one. base is [Entry.Base] as its author began, or [NewBase]; a
// new one is kept by the unit that it names.
func (s *Service) ProposeFact(ctx context.Context, actor access.Actor, f content.Fact, base string) error {
	return s.ProposeFactBecause(ctx, actor, f, base, "")
}

// ProposeFactBecause is [Service.ProposeFact] with a note to the second person.
func (s *Service) ProposeFactBecause(ctx context.Context, actor access.Actor, f content.Fact, base, why string) (err error) {
	defer errs.Wrap(&err, "site.ProposeFact(%s)", f.ID)
	for lang := range f.Value {
		f.Value[lang] = text.CleanLines(f.Value[lang])
	}
	maps.DeleteFunc(f.Value, func(_, v string) bool { return v == "" })
	f.Source, f.Note, f.URL, f.By = text.CleanLines(f.Source), text.CleanLines(f.Note), text.Clean(f.URL), text.Clean(f.By)
	owner := ofProposedFact(actor, &f, base)
	return s.edit(ctx, actor, owner, "site.propose", "fact:"+f.ID, func(tx *db.Tx) (any, error) {
		if err := s.checkFact(&f); err != nil {
			return nil, err
		}
		return s.propose(ctx, tx, actor, OfFact, f.ID, f.UnitID, base, why, Change{Fact: &f})
	})
}

func (s *Service) checkFact(f *content.Fact) error {
	faults := f.Check(s.tags(), s.bundle.RevealingWord)
	s.checkDay(f.Checked, &faults)
	return faults.Err()
}

// checkDay refuses a check that is still to come: what it confirms would be valid for longer than it may.
func (s *Service) checkDay(checked string, faults *errs.Fields) {
	if t, err := time.ParseInLocation(time.DateOnly, checked, s.zone); err == nil && t.After(s.clock.Now()) {
		faults.Add("checked", "site.fault.day-ahead")
	}
}

// Confirm notes that somebody checked facts today and found them right. by is who, as readers see it.
func (s *Service) Confirm(ctx context.Context, actor access.Actor, ids []string, by string) (n int, err error) {
	defer errs.Wrap(&err, "site.Confirm")
	if by = text.Clean(by); by == "" {
		return 0, errs.Fields{{Name: "by", Key: "site.fault.by"}}.Err()
	}
	err = s.change(ctx, actor, nil, "site.confirm", "facts", func(tx *db.Tx) (any, error) {
		n = 0
		all, err := facts(ctx, tx)
		if err != nil {
			return nil, err
		}
		now := s.clock.Now()
		terms := map[string][2]string{} // the last day before and after
		for _, f := range all {
			if !slices.Contains(ids, f.ID) {
				continue
			}
			if err := mayChangeFact(actor, f.Owner); err != nil {
				return nil, err
			}
			before := f.ValidUntil
			f.Renew(now.In(s.zone), by)
			terms[f.ID] = [2]string{before, f.ValidUntil}
			n++
			if err := updateFact(ctx, tx, &f, now); err != nil {
				return nil, err
			}
		}
		return terms, nil
	})
	return n, err
}

// DirectoryEntry is a service with whether it stands on the site, and how far it may be trusted.
type DirectoryEntry struct {
	*directory.Service
	Listed   bool
	Validity fact.Validity
	// Unreadable says that the stored opening hours cannot be read, so that readers do not see the place.
	Unreadable bool
	content.Owner
}

// Directory returns the services that the actor may read, listed or not.
func (s *Service) Directory(ctx context.Context, actor access.Actor) (out []DirectoryEntry, err error) {
	defer errs.Wrap(&err, "site.Directory")
	if err := may(actor, access.SiteRead); err != nil {
		return nil, err
	}
	err = s.db.View(ctx, func(tx *db.Tx) error {
		within, args := actor.Within(access.SiteRead, "u.path")
		rows, err := servicesWhere(ctx, tx, within, args...)
		if err != nil {
			return err
		}
		k, err := s.references(ctx, tx)
		snap := content.Snapshot{Zone: s.zone, Facts: k.Facts}
		for i := range rows {
			x := &rows[i].Content
			out = append(out, DirectoryEntry{Service: x, Listed: rows[i].Listed, Validity: snap.ServiceValidity(x, s.clock.Now()), Unreadable: x.Hours.Fault() != nil, Owner: rows[i].Owner})
		}
		return err
	})
	return out, err
}

// ProposeService proposes a new service or a change of one. base is [Entry.Base] as its author began, or [NewBase]; a new one is
// kept by the unit that unitID names.
func (s *Service) ProposeService(ctx context.Context, actor access.Actor, x *directory.Service, listed bool, unitID, base string) error {
	return s.ProposeServiceBecause(ctx, actor, x, listed, unitID, base, "")
}

// ProposeServiceBecause is [Service.ProposeService] with a note to the second person.
func (s *Service) ProposeServiceBecause(ctx context.Context, actor access.Actor, x *directory.Service, listed bool, unitID, base, why string) (err error) {
	defer errs.Wrap(&err, "site.ProposeService(%s)", x.ID)
	return s.edit(ctx, actor, ofProposed(OfService, x.ID, unitID, base), "site.propose", "service:"+x.ID, func(tx *db.Tx) (any, error) {
		if err := s.checkService(ctx, tx, x, listed); err != nil {
			return nil, err
		}
		return s.propose(ctx, tx, actor, OfService, x.ID, unitID, base, why, Change{Service: x, Listed: listed})
	})
}

// CheckService finds what is wrong with a service, as [Service.ProposeService] would, and proposes nothing.
func (s *Service) CheckService(ctx context.Context, actor access.Actor, x *directory.Service, listed bool, _, _, _ string) (err error) {
	defer errs.Wrap(&err, "site.CheckService(%s)", x.ID)
	if err := may(actor, access.SiteWrite); err != nil {
		return err
	}
	return s.db.View(ctx, func(tx *db.Tx) error { return s.checkService(ctx, tx, x, listed) })
}

// checkService finds what is wrong with a service. Its phones must be numbers, or facts that are phones; where people live under
// protection is nothing for readers.
func (s *Service) checkService(ctx context.Context, tx *db.Tx, x *directory.Service, listed bool) error {
	x.Clean()
	langs := []string{s.bundle.SourceLang}
	if !listed { // what came from elsewhere may be in another language until somebody has translated it
		langs = nil
	}
	faults := x.Check(langs)
	s.checkDay(x.Checked, &faults)
	if x.Shelter && listed {
		faults.Add("listed", "site.services.fault.shelter-listed")
	}
	k, err := s.references(ctx, tx)
	if err != nil {
		return err
	}
	for _, p := range x.Phones {
		if p.Fact != "" && (k.Facts[p.Fact] == nil || k.Facts[p.Fact].Kind != fact.Phone) {
			faults.Add("phones", "site.services.fault.fact", "Fact", p.Fact)
		}
	}
	return faults.Err()
}

// RemoveService takes a service, and what is proposed for it, out of the directory for good. It takes one person: what is wrong
// goes at once. The audit record keeps what it was.
func (s *Service) RemoveService(ctx context.Context, actor access.Actor, serviceID string) (err error) {
	defer errs.Wrap(&err, "site.RemoveService(%s)", serviceID)
	return s.change(ctx, actor, ofService(serviceID), "site.service.remove", "service:"+serviceID, func(tx *db.Tx) (any, error) {
		before, version, err := current(ctx, tx, OfService, serviceID)
		if err != nil {
			return nil, err
		}
		if before == nil {
			return nil, errs.NotFound("error.not-found")
		}
		if err := db.Exec(ctx, tx, `DELETE FROM site_proposal WHERE kind = 'service' AND object_id = ?`, serviceID); err != nil {
			return nil, err
		}
		if err := s.answered(ctx, tx, approval.SiteService, serviceID, actor.PersonID, approval.Withdrawn, ""); err != nil {
			return nil, err
		}
		return changeDetail{before, nil}, conflictIfNone(db.Changed(ctx, tx, `DELETE FROM site_service WHERE id = ? AND version = ?`, serviceID, version))
	})
}
