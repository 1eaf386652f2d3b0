package fund

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io/fs"
	"slices"
	"strings"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/audit"
	"ostoja/internal/clock"
	"ostoja/internal/course/folder"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/text"
)

// Shipped are the sets that come with the program.
type Shipped struct {
	list    []Rules
	digests map[string]string
}

// ReadShipped reads them. A fault in one is a mistake of the program.
func ReadShipped(fsys fs.FS) (_ *Shipped, err error) {
	defer errs.Wrap(&err, "fund.ReadShipped")
	list, faults, err := ReadAll(fsys)
	if err != nil {
		return nil, err
	}
	if len(faults) > 0 {
		return nil, errs.Invalid("error.invalid").Because(faulty(faults))
	}
	s := &Shipped{list, map[string]string{}}
	for _, r := range list {
		if s.digests[r.ID], err = digest(r); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// faulty is an error of faults in files.
type faulty []folder.Fault

// Error returns them, one a line.
func (f faulty) Error() string {
	lines := make([]string, len(f))
	for i, x := range f {
		lines[i] = x.String()
	}
	return strings.Join(lines, "\n")
}

// digest names a set by its content.
func digest(r Rules) (string, error) {
	file, err := Write(r)
	sum := sha256.Sum256(file)
	return hex.EncodeToString(sum[:]), err
}

// set returns the shipped set with an id.
func (s *Shipped) set(fundID string) (Rules, bool) {
	i := slices.IndexFunc(s.list, func(r Rules) bool { return r.ID == fundID })
	if i < 0 {
		return Rules{}, false
	}
	return s.list[i], true
}

// Service keeps rule sets. Reading needs [access.ProjectsRead] anywhere; since a set belongs to no unit and projects of every unit rest on it, writing needs
// [access.ProjectsWrite] for the whole installation.
type Service struct {
	db      *db.DB
	clock   clock.Clock
	shipped *Shipped
}

// New returns a Service. Its [Service.Start] must be called before it is used.
func New(d *db.DB, c clock.Clock, s *Shipped) *Service { return &Service{d, c, s} }

// Stamp says who did something, and when.
type Stamp struct {
	By string // name
	At time.Time
}

// Set is a rule set with what is known of it.
type Set struct {
	ID        string
	Edition   int // the version that [Set.Rules] are
	Rules     Rules
	Confirmed map[Rule]Stamp // of rules as they stand; who is not here has been confirmed by nobody
	Changed   Stamp          // by the newest version; By is "" of one that came with the program
	Own       bool           // of the office: none of this id comes with the program
	// Newer are the rules in which the set that now comes with the program differs from this one, if it has changed since somebody last compared.
	Newer []Rule
	// News says that there are such rules, or that the shipped set changed in what makes no difference here.
	News bool
}

// IsConfirmed says whether a named person has confirmed a rule as it stands.
func (s Set) IsConfirmed(rule Rule) bool { _, ok := s.Confirmed[rule]; return ok }

// Unconfirmed returns the rules that nobody has confirmed as they stand. A set without any is confirmed.
func (s Set) Unconfirmed() (list []Rule) {
	for _, rule := range s.Rules.Each() {
		if !s.IsConfirmed(rule) {
			list = append(list, rule)
		}
	}
	return list
}

// Version is a set as it was at a time.
type Version struct {
	FundID  string
	Version int
	Rules   Rules `db:",json"`
	At      time.Time
	By      string // name; "" if it came with the program
}

// Start takes in the sets that come with the program: new ones, and newer ones where the office has edited nothing.
func (s *Service) Start(ctx context.Context) (err error) {
	defer errs.Wrap(&err, "fund.Start")
	known, err := heads(ctx, s.db)
	if err != nil {
		return err
	}
	for _, r := range s.shipped.list {
		h, there := known[r.ID]
		if there && (h.Edited || h.ShippedDigest == s.shipped.digests[r.ID]) {
			continue
		}
		if err := s.db.Update(ctx, func(tx *db.Tx) error { return s.takeIn(ctx, tx, r) }); err != nil {
			return err
		}
	}
	return nil
}

// takeIn writes a shipped set, in the order of the row: of two programs that start at once, the second finds the first's.
func (s *Service) takeIn(ctx context.Context, tx *db.Tx, r Rules) error {
	now, sum := s.clock.Now(), s.shipped.digests[r.ID]
	if n, err := db.Changed(ctx, tx, `INSERT INTO fund (id, edition, shipped_digest) VALUES (?, 1, ?) ON CONFLICT (id) DO NOTHING`, r.ID, sum); err != nil {
		return err
	} else if n == 1 {
		return insertVersion(ctx, tx, r.ID, 1, r, now, access.System)
	}
	n, err := db.Changed(ctx, tx, `UPDATE fund SET edition = edition + 1, shipped_digest = ? WHERE id = ? AND edited = FALSE AND shipped_digest <> ?`, sum, r.ID, sum)
	if err != nil || n == 0 {
		return err
	}
	before, err := newest(ctx, tx, r.ID)
	if err != nil {
		return err
	}
	if err := insertVersion(ctx, tx, r.ID, before.Version+1, r, now, access.System); err != nil {
		return err
	}
	return unconfirm(ctx, tx, r.ID, Edited(before.Rules, r))
}

// List returns all sets: the open ones first, by title in the order of the alphabet.
func (s *Service) List(ctx context.Context, actor access.Actor) (list []Set, err error) {
	defer errs.Wrap(&err, "fund.List")
	if !actor.Has(access.ProjectsRead) {
		return nil, errs.Forbidden("error.forbidden")
	}
	rows, err := db.All[setRow](ctx, s.db, selectSets+` ORDER BY f.id`)
	if err != nil {
		return nil, err
	}
	stamps, err := confirmations(ctx, s.db, "")
	if err != nil {
		return nil, err
	}
	for _, row := range rows {
		list = append(list, s.set(row, stamps[row.FundID]))
	}
	slices.SortStableFunc(list, func(a, b Set) int {
		return cmp.Or(slices.Index(States, a.Rules.State)-slices.Index(States, b.Rules.State), cmp.Compare(text.SortKey(a.Rules.Title.In("pl")), text.SortKey(b.Rules.Title.In("pl"))))
	})
	return list, nil
}

// Get returns a set.
func (s *Service) Get(ctx context.Context, actor access.Actor, fundID string) (_ Set, err error) {
	defer errs.Wrap(&err, "fund.Get")
	if !actor.Has(access.ProjectsRead) {
		return Set{}, errs.Forbidden("error.forbidden")
	}
	return s.get(ctx, s.db, fundID)
}

func (s *Service) get(ctx context.Context, q db.Querier, fundID string) (Set, error) {
	row, err := db.One[setRow](ctx, q, selectSets+` WHERE f.id = ?`, fundID)
	if err != nil {
		return Set{}, err
	}
	stamps, err := confirmations(ctx, q, fundID)
	return s.set(row, stamps[fundID]), err
}

// At returns a version of a set, for who has decided already that it may be seen: a project, a report. It asks no rights.
func (s *Service) At(ctx context.Context, q db.Querier, fundID string, version int) (_ Version, err error) {
	defer errs.Wrap(&err, "fund.At")
	return db.One[Version](ctx, q, selectVersions+` WHERE v.fund_id = ? AND v.version = ?`, fundID, version)
}

// Current returns the newest version of a set, like [Service.At].
func (s *Service) Current(ctx context.Context, q db.Querier, fundID string) (_ Version, err error) {
	defer errs.Wrap(&err, "fund.Current")
	return db.One[Version](ctx, q, selectVersions+` JOIN fund f ON f.id = v.fund_id AND f.edition = v.version WHERE v.fund_id = ?`, fundID)
}

// History returns the versions of a set, the newest first.
func (s *Service) History(ctx context.Context, actor access.Actor, fundID string) (_ []Version, err error) {
	defer errs.Wrap(&err, "fund.History")
	if _, err := s.Get(ctx, actor, fundID); err != nil {
		return nil, err
	}
	return db.All[Version](ctx, s.db, selectVersions+` WHERE v.fund_id = ? ORDER BY v.version DESC`, fundID)
}

// Export returns a set as a file.
func (s *Service) Export(ctx context.Context, actor access.Actor, fundID string) (_ []byte, err error) {
	defer errs.Wrap(&err, "fund.Export")
	set, err := s.Get(ctx, actor, fundID)
	if err != nil {
		return nil, err
	}
	return Write(set.Rules)
}

// Confirm notes that the actor has compared rules with their sources, as they stand in the edition that the actor saw.
func (s *Service) Confirm(ctx context.Context, actor access.Actor, fundID string, edition int, rules []Rule) (err error) {
	defer errs.Wrap(&err, "fund.Confirm")
	if actor.PersonID == "" {
		return errs.Forbidden("error.forbidden") // the program is no named person
	}
	return s.change(ctx, actor, fundID, edition, func(tx *db.Tx, set Set) error {
		var done []Rule
		for _, rule := range set.Rules.Each() {
			if !slices.Contains(rules, rule) || set.IsConfirmed(rule) {
				continue
			}
			if !set.Rules.MayConfirm(rule) {
				return errs.Invalid("fund.fault.not-yet")
			}
			if err := db.Exec(ctx, tx, `INSERT INTO fund_confirmation (fund_id, rule, at, by_id) VALUES (?, ?, ?, ?) ON CONFLICT (fund_id, rule) DO NOTHING`,
				fundID, string(rule), s.clock.Now(), actor.PersonID); err != nil {
				return err
			}
			done = append(done, rule)
		}
		if len(done) == 0 {
			return errs.Invalid("fund.fault.nothing-chosen")
		}
		return s.record(ctx, tx, actor, "fund.confirm", fundID, map[string]any{"version": edition, "rules": done})
	})
}

// Unconfirm takes a confirmation back.
func (s *Service) Unconfirm(ctx context.Context, actor access.Actor, fundID string, edition int, rule Rule) (err error) {
	defer errs.Wrap(&err, "fund.Unconfirm")
	return s.change(ctx, actor, fundID, edition, func(tx *db.Tx, set Set) error {
		if !set.IsConfirmed(rule) {
			return nil
		}
		if err := unconfirm(ctx, tx, fundID, []Rule{rule}); err != nil {
			return err
		}
		return s.record(ctx, tx, actor, "fund.unconfirm", fundID, map[string]any{"version": edition, "rule": rule})
	})
}

// Edit changes a set: a new version, in which the rules that changed are unconfirmed. An edit that changes nothing makes none.
func (s *Service) Edit(ctx context.Context, actor access.Actor, fundID string, edition int, c Change) (err error) {
	defer errs.Wrap(&err, "fund.Edit")
	return s.change(ctx, actor, fundID, edition, func(tx *db.Tx, set Set) error {
		after := set.Rules.clone()
		if err := c.apply(&after).Err(); err != nil {
			return err
		}
		_, err := s.write(ctx, tx, actor, set, after, "fund.edit")
		return err
	})
}

// TakeShipped looks at what is new in the set that comes with the program: the rules named are taken from it, all others stay as the office has them.
func (s *Service) TakeShipped(ctx context.Context, actor access.Actor, fundID string, edition int, rules []Rule) (err error) {
	defer errs.Wrap(&err, "fund.TakeShipped")
	return s.change(ctx, actor, fundID, edition, func(tx *db.Tx, set Set) error {
		shipped, there := s.shipped.set(fundID)
		if !there {
			return errs.NotFound("error.not-found")
		}
		after := set.Rules.clone()
		for _, rule := range set.Newer {
			if slices.Contains(rules, rule) {
				after.take(shipped, rule)
			}
		}
		version, err := s.write(ctx, tx, actor, set, after, "fund.take-shipped")
		if err == nil && version == set.Edition {
			err = s.record(ctx, tx, actor, "fund.leave-shipped", fundID, map[string]any{"version": version})
		}
		if err != nil {
			return err
		}
		return db.Exec(ctx, tx, `UPDATE fund SET shipped_digest = ? WHERE id = ?`, s.shipped.digests[fundID], fundID)
	})
}

// change runs a change of a set that the actor saw in an edition.
func (s *Service) change(ctx context.Context, actor access.Actor, fundID string, edition int, fn func(tx *db.Tx, set Set) error) error {
	if !actor.Everywhere(access.ProjectsWrite) {
		return errs.Forbidden("error.forbidden")
	}
	return s.db.Update(ctx, func(tx *db.Tx) error {
		// The row is taken first: of two who change at once, the second waits, and is told that the set has moved on.
		n, err := db.Changed(ctx, tx, `UPDATE fund SET edition = edition WHERE id = ? AND edition = ?`, fundID, edition)
		if err != nil {
			return err
		}
		set, err := s.get(ctx, tx, fundID)
		switch {
		case err != nil:
			return err
		case n == 0:
			return errs.Conflict("fund.moved-on")
		}
		return fn(tx, set)
	})
}

// write stores a new version of a set and ends the confirmations of what has changed in it.
func (s *Service) write(ctx context.Context, tx *db.Tx, actor access.Actor, set Set, after Rules, action string) (version int, err error) {
	after = after.canonical()
	ended := Edited(set.Rules, after)
	if same(set.Rules, after) {
		return set.Edition, nil
	}
	// What is kept can be read again: a set that could not would be lost to whoever exports it.
	file, err := Write(after)
	if err != nil {
		return 0, err
	}
	if _, faults := Read(set.ID+".yaml", file); len(faults) > 0 {
		return 0, errs.Invalid("fund.fault.whole").Because(faulty(faults))
	}
	version = set.Edition + 1
	if err := db.Exec(ctx, tx, `UPDATE fund SET edition = ?, edited = TRUE WHERE id = ?`, version, set.ID); err != nil {
		return 0, err
	}
	if err := insertVersion(ctx, tx, set.ID, version, after, s.clock.Now(), actor); err != nil {
		return 0, err
	}
	if err := unconfirm(ctx, tx, set.ID, ended); err != nil {
		return 0, err
	}
	return version, s.record(ctx, tx, actor, action, set.ID, map[string]any{"version": version, "rules": ended})
}

func (s *Service) record(ctx context.Context, tx *db.Tx, actor access.Actor, action, fundID string, detail any) error {
	return audit.Record(ctx, tx, s.clock.Now(), actor.PersonID, action, "fund:"+fundID, detail)
}
