package fact

import (
	"context"
	"slices"
	"strconv"
	"time"

	"ostoja/internal/db"
	"ostoja/internal/errs"
)

// What is shown is read from the history alone, so that nothing can be shown that it does not hold (decision 0042).

// Version is a fact as it was shown since some time.
type Version struct {
	Fact
	Since time.Time
}

// Gone says that there was no such fact any more.
func (v *Version) Gone() bool { return v.Kind == "" }

// row is a [Version] as it is stored.
type row struct {
	FactID     string `db:"fact_id"`
	Since      time.Time
	Kind       string
	Value      map[string]string            `db:"value,json"`
	Forms      map[string]map[string]string `db:"forms,json"`
	Label      map[string]string            `db:"label,json"`
	Source     string
	URL        string
	CheckedOn  string `db:"checked_on"`
	CheckedBy  string `db:"checked_by"`
	ValidUntil string `db:"valid_until"`
	GraceDays  int    `db:"grace_days"`
	Confirm    bool
}

// forever is after all versions.
var forever = time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC)

// latest and asOf choose of each fact the last version, and that of a time.
const (
	latest = `v.since = (SELECT MAX(o.since) FROM fact_version o WHERE o.fact_id = v.fact_id)`
	asOf   = `v.since = (SELECT MAX(o.since) FROM fact_version o WHERE o.fact_id = v.fact_id AND o.since <= ?)`
)

// versions reads versions, also of what is no more.
func (s *Service) versions(ctx context.Context, q db.Querier, where string, args ...any) ([]Version, error) {
	rows, err := db.All[row](ctx, q, `SELECT v.fact_id, v.since, v.kind, v.value, v.forms, v.label, v.source, v.url, v.checked_on, v.checked_by, v.valid_until, v.grace_days, v.confirm
		FROM fact_version v WHERE `+where+` ORDER BY v.fact_id, v.since DESC`, args...)
	list := make([]Version, len(rows))
	for i, r := range rows {
		list[i] = Version{Fact{ID: r.FactID, Kind: Kind(r.Kind), Value: r.Value, Forms: r.Forms, Label: r.Label, Source: r.Source, URL: r.URL, Checked: r.CheckedOn, By: r.CheckedBy,
			ValidUntil: r.ValidUntil, GraceDays: r.GraceDays, Confirm: r.Confirm}, r.Since}
		s.pack.inflect(&list[i].Fact)
	}
	return list, err
}

// shown returns the facts of chosen versions, and since when they all are so.
func (s *Service) shown(ctx context.Context, q db.Querier, where string, args ...any) (facts []*Fact, since time.Time, err error) {
	list, err := s.versions(ctx, q, where, args...)
	for i := range list {
		if v := &list[i]; !v.Gone() {
			facts = append(facts, &v.Fact)
		}
		if list[i].Since.After(since) {
			since = list[i].Since
		}
	}
	return facts, since, err
}

// Record notes what editors changed, within their transaction: what they were told is stored is known afterwards.
func (s *Service) Record(ctx context.Context, tx *db.Tx) (err error) {
	defer errs.Wrap(&err, "fact.Record")
	if _, err := s.lock(ctx, tx); err != nil {
		return err
	}
	kept, err := s.kept(ctx, tx)
	if err != nil {
		return err
	}
	for _, f := range kept {
		s.pack.inflect(f)
	}
	_, err = s.record(ctx, tx, kept, false)
	return err
}

// Start notes what the country's pack brings that was not there before, and takes what it had and has no more; then it reads the facts. It
// is done once by each program that starts, before anything is shown.
func (s *Service) Start(ctx context.Context) (err error) {
	defer errs.Wrap(&err, "fact.Start")
	err = s.db.Update(ctx, func(tx *db.Tx) error {
		begun, err := s.lock(ctx, tx)
		if err != nil {
			return err
		}
		kept, err := s.kept(ctx, tx)
		if err != nil {
			return err
		}
		since, err := s.record(ctx, tx, s.pack.with(kept), true)
		if s.begun = begun; err != nil || !begun.IsZero() {
			return err
		}
		s.begun = since
		return db.Exec(ctx, tx, `UPDATE setting SET value = ? WHERE name = 'facts.begun'`, strconv.FormatInt(since.UnixMicro(), 10))
	})
	if err != nil {
		return err
	}
	return s.Refresh(ctx)
}

// lock lets nobody else write the history until the transaction ends, so that two programs do not write the same version twice. It returns
// when the history began; the zero time if it has not.
func (s *Service) lock(ctx context.Context, tx *db.Tx) (begun time.Time, err error) {
	value, err := db.One[string](ctx, tx, `INSERT INTO setting (name, value) VALUES ('facts.begun', '') ON CONFLICT (name) DO UPDATE SET value = setting.value RETURNING value`)
	if err != nil || value == "" {
		return begun, err
	}
	micros, err := strconv.ParseInt(value, 10, 64)
	return time.UnixMicro(micros).UTC(), err
}

// record adds a version of each fact that is shown otherwise than by its last one; with all, what is not among them is no more. It returns
// the time of the versions. No two changes have the same: the clocks of two programs may differ, and one may be set back.
func (s *Service) record(ctx context.Context, tx *db.Tx, facts []*Fact, all bool) (now time.Time, err error) {
	last, err := s.versions(ctx, tx, latest)
	if err != nil {
		return now, err
	}
	now = s.clock.Now()
	known := make(map[string]*Fact, len(last))
	for i := range last {
		known[last[i].ID] = &last[i].Fact
		if !now.After(last[i].Since) {
			now = last[i].Since.Add(time.Microsecond)
		}
	}
	for _, f := range facts {
		if was := known[f.ID]; was == nil || !was.same(f) {
			if err := insertVersion(ctx, tx, f, now); err != nil {
				return now, err
			}
		}
		delete(known, f.ID)
	}
	for id, was := range known {
		if all && was.Kind != "" {
			if err := insertVersion(ctx, tx, &Fact{ID: id}, now); err != nil {
				return now, err
			}
		}
	}
	return now, nil
}

func insertVersion(ctx context.Context, tx *db.Tx, f *Fact, since time.Time) error {
	return db.Exec(ctx, tx, `INSERT INTO fact_version (fact_id, since, kind, value, forms, label, source, url, checked_on, checked_by, valid_until, grace_days, confirm)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		f.ID, since, string(f.Kind), db.JSON(f.Value), db.JSON(f.Forms), db.JSON(f.Label), f.Source, f.URL, f.Checked, f.By, f.ValidUntil, f.GraceDays, f.Confirm)
}

// History returns the versions of a fact, the newest first. Those between which readers see no difference are one.
func (s *Service) History(ctx context.Context, id string) (list []Version, err error) {
	defer errs.Wrap(&err, "fact.History(%q)", id)
	list, err = s.versions(ctx, s.db, `v.fact_id = ?`, id)
	slices.Reverse(list)
	list = slices.CompactFunc(list, func(a, b Version) bool {
		a.Forms, b.Forms = nil, nil
		return a.same(&b.Fact)
	})
	slices.Reverse(list)
	return list, err
}

// mostPast is how many stretches of the past are kept. Attempts that are under way began in the latest few.
const mostPast = 32

// stretch is a time through which a book stayed the same.
type stretch struct {
	from, until time.Time
	book        *Book
}

// begin gives the stretch its book, whose facts are so from then on, or from when the last of them lapsed.
func (x *stretch) begin(b *Book) {
	x.book = b
	if lapsed := b.last(); lapsed.After(x.from) {
		x.from = lapsed
	}
}

// At returns the facts as they stood at a time, and how far they could be trusted then. While nothing has changed since, it is the book of
// today; the same book means that nothing changed between two times. From before the history began it returns what that began with.
func (s *Service) At(ctx context.Context, at time.Time) (_ *Book, err error) {
	today := s.today.Load()
	if today != nil && !at.Before(today.from) {
		return today.book, nil
	}
	defer errs.Wrap(&err, "fact.At(%s)", at)
	// Who asks for the same meanwhile waits: after a change that are all who sit a test.
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, x := range s.past {
		if !at.Before(x.from) && at.Before(x.until) {
			return x.book, nil
		}
	}
	x, err := s.stretchAt(ctx, at)
	if err != nil {
		return nil, err
	}
	if today != nil && today.from.Before(x.until) {
		x.until = today.from
	}
	s.past = append(s.past, x)
	if len(s.past) > mostPast {
		s.past = slices.Delete(s.past, 0, 1)
	}
	return x.book, nil
}

// stretchAt reads the facts as of a time, and through which time they stayed so.
func (s *Service) stretchAt(ctx context.Context, at time.Time) (x stretch, err error) {
	stored := at
	if at.Before(s.begun) {
		stored = s.begun
	}
	var facts []*Fact
	err = s.db.View(ctx, func(tx *db.Tx) error {
		if facts, x.from, err = s.shown(ctx, tx, asOf, stored); err != nil {
			return err
		}
		x.until, err = db.One[time.Time](ctx, tx, `SELECT MIN(since) FROM fact_version WHERE since > ?`, stored)
		return err
	})
	if at.Before(s.begun) {
		x.from = time.Time{}
	}
	if x.until.IsZero() {
		x.until = forever
	}
	x.begin(NewBook(facts, s.pack.Slots, at, s.zone))
	if next := x.book.next(); !next.IsZero() && next.Before(x.until) {
		x.until = next
	}
	return x, err
}
