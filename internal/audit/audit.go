// Package audit keeps the append-only record of who did what. It holds identifiers, never names or addresses, and outlives
// the persons it speaks of.
//
// Goals: of each act that somebody must answer for it can be said who did it and when, even of a person who was erased since
// (GDPR, article 5 paragraph 2: accountability; article 17 paragraph 3 letter b leaves such a record); an act without its
// entry cannot be, for both are one transaction. Limits: it is no log of requests, and it does not defend itself against who
// can write to the database file; there is no function that changes or removes an entry, and none may be added.
package audit

import (
	"context"
	"iter"
	"strings"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/id"
	"ostoja/internal/list"
)

// Record writes an entry into the transaction of what it tells of, so that neither can be without the other. object is
// "kind:identifier"; detail is kept as JSON.
func Record(ctx context.Context, tx *db.Tx, at time.Time, actorID, action, object string, detail any) (err error) {
	defer errs.Wrap(&err, "audit.Record(%s)", action)
	if detail == nil {
		detail = struct{}{}
	}
	return db.Exec(ctx, tx, `INSERT INTO audit (id, at, actor_id, action, object, detail) VALUES (?, ?, ?, ?, ?, ?)`,
		id.New(), at, actorID, action, object, db.JSON(detail))
}

// Entry is one record of the audit.
type Entry struct {
	ID      string
	At      time.Time
	ActorID string // "" is the program itself
	Action  string
	Object  string // kind:identifier
	Detail  string // JSON
}

// RecordExport notes that so many rows of something were taken away as a file.
func RecordExport(ctx context.Context, tx *db.Tx, at time.Time, actorID, action, object string, rows int, format string) error {
	return Record(ctx, tx, at, actorID, action, object, map[string]any{"rows": rows, "format": format})
}

// Filter chooses entries. Its zero value chooses all.
type Filter struct {
	ActorID string
	Action  string // one action, or with a full stop at its end all that begin with it: "person."
	Object  string
	From    time.Time // inclusive
	To      time.Time // exclusive
	Oldest  bool      // the oldest first; else the newest
	Page    int       // from 1
	Size    int       // 0: all, at most [limit]
}

// limit bounds what is read at once.
const limit = 50_000

// List is a page of entries.
type List struct {
	Entries []Entry
	Total   int
}

// Service shows the record.
type Service struct{ db *db.DB }

// NewService returns a Service.
func NewService(d *db.DB) *Service { return &Service{d} }

// List returns a page of the record to an actor who may read the system's state everywhere: entries tell of all units, so a
// right in one does not do.
func (s *Service) List(ctx context.Context, actor access.Actor, f Filter) (l List, err error) {
	defer errs.Wrap(&err, "audit.List")
	if !actor.Everywhere(access.SystemRead) {
		return List{}, errs.Forbidden("error.forbidden")
	}
	where, args := f.conditions()
	err = s.db.View(ctx, func(tx *db.Tx) error {
		if l.Total, err = db.One[int](ctx, tx, `SELECT COUNT(*) FROM audit WHERE `+where, args...); err != nil {
			return err
		}
		l.Entries, err = f.read(ctx, tx)
		return err
	})
	return l, err
}

// read reads a page of entries.
func (f Filter) read(ctx context.Context, q db.Querier) ([]Entry, error) {
	w := list.Window{Desc: !f.Oldest, Page: f.Page, Size: f.Size}
	if w.Size <= 0 || w.Size > limit {
		w.Size = limit
	}
	where, args := f.conditions()
	order, limit := orders.SQL(w)
	return db.All[Entry](ctx, q, `SELECT id, at, actor_id, action, object, detail FROM audit WHERE `+where+order, append(args, limit...)...)
}

// orders is the one order of the record. Entries of one moment (an import's) are in the order of their identifiers, so that no
// page repeats or skips one.
var orders = list.Orders{By: map[string][]string{"at": {"at"}}, First: "at", Last: []string{"id"}}

// portion is how many entries [Service.Export] hands out at once.
const portion = 1000

// Export hands all entries that the filter chooses to use, on all pages, in portions, for a file that is taken away. The record
// says that it was: who reads what everybody did leaves an entry of it too.
func (s *Service) Export(ctx context.Context, actor access.Actor, f Filter, format string, at time.Time, use func(iter.Seq2[[]Entry, error]) error) (err error) {
	defer errs.Wrap(&err, "audit.Export")
	if !actor.Everywhere(access.SystemRead) {
		return errs.Forbidden("error.forbidden")
	}
	count := 0
	err = s.db.View(ctx, func(tx *db.Tx) error {
		return use(func(yield func([]Entry, error) bool) {
			f.Size = portion
			for f.Page = 1; ; f.Page++ {
				entries, err := f.read(ctx, tx)
				count += len(entries)
				if !yield(entries, err) || err != nil || len(entries) < portion {
					return
				}
			}
		})
	})
	if err != nil {
		return err
	}
	return s.db.Update(ctx, func(tx *db.Tx) error {
		return RecordExport(ctx, tx, at, actor.PersonID, "audit.export", "", count, format)
	})
}

// Actions returns the actions that occur, sorted, for the page's filter.
func (s *Service) Actions(ctx context.Context, actor access.Actor) (_ []string, err error) {
	defer errs.Wrap(&err, "audit.Actions")
	if !actor.Everywhere(access.SystemRead) {
		return nil, errs.Forbidden("error.forbidden")
	}
	return db.All[string](ctx, s.db, `SELECT DISTINCT action FROM audit ORDER BY action`)
}

func (f Filter) conditions() (where string, args []any) {
	where = "TRUE"
	and := func(condition string, arg any) {
		where += " AND " + condition
		args = append(args, arg)
	}
	if f.ActorID != "" {
		and("actor_id = ?", f.ActorID)
	}
	f.Action = strings.ReplaceAll(strings.ToValidUTF8(f.Action, ""), "\x00", "") // PostgreSQL refuses such a text
	if strings.HasSuffix(f.Action, ".") {
		and(`action LIKE ? ESCAPE '\'`, strings.TrimPrefix(db.Like(f.Action), "%"))
	} else if f.Action != "" {
		and("action = ?", f.Action)
	}
	if f.Object != "" {
		and("object = ?", f.Object)
	}
	if !f.From.IsZero() {
		and("at >= ?", f.From)
	}
	if !f.To.IsZero() {
		and("at < ?", f.To)
	}
	return where, args
}
