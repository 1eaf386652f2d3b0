package site

import (
	"context"
	"maps"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/site/directory"
	"ostoja/internal/text"
)

// maxImported is how many services are taken at once.
const maxImported = 500

// ServicesImport says what a file of services brings, by the ids of its entries.
type ServicesImport struct {
	New     []string // taken, but not listed
	Changed []string // proposed as a change of what is there
	Same    []string // nothing to do
	Refused []Refused
}

// Refused is an entry that was not taken.
type Refused struct {
	ID     string
	Faults errs.Fields
}

// ImportServices takes services that come from elsewhere, in one transaction; with dry it only says what it would do. Nothing of
// it is seen by readers: what is new is not listed, and what differs is proposed, so that a second person looks at it. Who checked
// an entry, when, and until when it holds is set here and never taken from elsewhere. A file may hold entries of any unit, so only
// who keeps the whole site may bring one; what is new in it is the installation's.
func (s *Service) ImportServices(ctx context.Context, actor access.Actor, list []*directory.Service, by string, dry bool) (b ServicesImport, err error) {
	defer errs.Wrap(&err, "site.ImportServices")
	if len(list) > maxImported {
		return b, errs.Fields{{Name: "file", Key: "site.services.fault.too-many", Args: errs.Args("Most", maxImported)}}.Err()
	}
	if err := may(actor, access.SiteWrite); err != nil {
		return b, err
	}
	if !actor.Everywhere(access.SiteWrite) {
		return b, errs.Forbidden("site.services.fault.whole-site")
	}
	all := func(tx *db.Tx) (any, error) {
		b = ServicesImport{}
		for _, x := range list {
			if err := s.importService(ctx, tx, actor, x, text.Clean(by), dry, &b); err != nil {
				return nil, err
			}
		}
		return b, nil
	}
	if !dry {
		return b, s.edit(ctx, actor, ofInstallation, "site.import", "services", all)
	}
	return b, s.db.View(ctx, func(tx *db.Tx) error {
		_, err := all(tx)
		return err
	})
}

func (s *Service) importService(ctx context.Context, tx *db.Tx, actor access.Actor, x *directory.Service, by string, dry bool, b *ServicesImport) error {
	x.Clean()
	now, version, err := current(ctx, tx, OfService, x.ID)
	if err != nil {
		return err
	}
	there, err := waiting(ctx, tx, OfService, x.ID)
	if err != nil {
		return err
	}
	refuse := func(name, key string, pairs ...any) {
		b.Refused = append(b.Refused, Refused{x.ID, errs.Fields{{Name: name, Key: key, Args: errs.Args(pairs...)}}})
	}
	merged, listed := *x, false
	if now != nil {
		merged, listed = merge(*now.Service, *x), now.Listed
		if now.same(&Change{Service: &merged, Listed: listed}) {
			b.Same = append(b.Same, x.ID)
			return nil
		}
	}
	if there != nil {
		refuse("id", "site.proposals.waits")
		return nil
	}
	if fact := foreignFact(x, now); fact != "" {
		refuse("phones", "site.services.fault.foreign-fact", "Fact", fact)
		return nil
	}
	const months = 3
	today := s.clock.Now().In(s.zone)
	merged.By, merged.Checked, merged.ValidUntil, merged.Confirm = by, today.Format(time.DateOnly), today.AddDate(0, months, 0).Format(time.DateOnly), true
	if err := s.checkService(ctx, tx, &merged, listed && !merged.Shelter); err != nil {
		faults, ok := errs.FieldsOf(err)
		if ok {
			b.Refused = append(b.Refused, Refused{x.ID, faults})
			return nil
		}
		return err
	}
	if now == nil {
		b.New = append(b.New, x.ID)
		if dry {
			return nil
		}
		return insertService(ctx, tx, &merged, false, "", s.clock.Now())
	}
	b.Changed = append(b.Changed, x.ID)
	if dry {
		return nil
	}
	_, err = s.propose(ctx, tx, actor, OfService, x.ID, "", baseOf(nil, version), "", Change{Service: &merged, Listed: listed && !merged.Shelter})
	return err
}

// foreignFact returns a fact that an entry from elsewhere refers to without ours doing so, "" if there is none: a file does not say
// which of our numbers stand where.
func foreignFact(x *directory.Service, now *Change) string {
	ours := map[string]bool{}
	if now != nil {
		for _, p := range now.Service.Phones {
			ours[p.Fact] = true
		}
	}
	for _, p := range x.Phones {
		if p.Fact != "" && !ours[p.Fact] {
			return p.Fact
		}
	}
	return ""
}

// merge puts what an entry from elsewhere says over ours. What it does not say stays, and so does where it is known from.
func merge(ours, x directory.Service) directory.Service {
	for _, t := range []struct {
		to   *map[string]string
		from map[string]string
	}{{&ours.Name, x.Name}, {&ours.Summary, x.Summary}, {&ours.Audience, x.Audience}, {&ours.After, x.After}, {&ours.Cost, x.Cost}} {
		if len(t.from) > 0 {
			both := map[string]string{}
			maps.Copy(both, *t.to)
			maps.Copy(both, t.from)
			*t.to = both
		}
	}
	for to, from := range map[*string]string{&ours.Operator: x.Operator, &ours.Mail: x.Mail, &ours.Web: x.Web, &ours.Region: x.Region, &ours.Town: x.Town} {
		if from != "" {
			*to = from
		}
	}
	if len(x.Languages) > 0 {
		ours.Languages = x.Languages
	}
	if len(x.Phones) > 0 {
		ours.Phones = x.Phones
	}
	if x.Hours.Known() {
		ours.Hours = x.Hours
	}
	if x.Shelter {
		ours.Shelter, ours.Town, ours.Address = true, "", ""
	}
	return ours
}
