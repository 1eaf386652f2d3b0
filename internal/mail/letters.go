package mail

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"strings"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/audit"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/list"
	"ostoja/internal/text"
)

// Fate is what became of a letter.
type Fate string

// The fates.
const (
	IsHeld    Fate = "held"    // until its act cannot be undone any more
	IsWaiting Fate = "waiting" // for its time, or for the mail server
	IsSent    Fate = "sent"
	IsRefused Fate = "refused" // nobody tries any more
	// CanGoAgain is no fate of its own: in a filter it chooses those refused that can be sent again.
	CanGoAgain Fate = "again"
)

// Fates are all fates, in the order of a letter's life.
var Fates = []Fate{IsHeld, IsWaiting, IsSent, IsRefused}

// refused holds for a letter that a server refused for good, or that was tried in vain for days.
const refused = `m.sent_at IS NULL AND (m.failed_at IS NOT NULL OR EXISTS (SELECT 1 FROM job_given_up g WHERE g.id = m.id))`

// again holds for one that can be sent again: its text is there still, and no job has it in hand.
const again = `m.sent_at IS NULL AND m.body <> '' AND EXISTS (SELECT 1 FROM job_given_up g WHERE g.id = m.id)`

func (f Fate) condition() string {
	switch f {
	case IsHeld:
		return `m.sent_at IS NULL AND m.failed_at IS NULL AND m.held_until IS NOT NULL`
	case IsWaiting:
		return `m.sent_at IS NULL AND m.held_until IS NULL AND NOT (` + refused + `)`
	case IsSent:
		return `m.sent_at IS NOT NULL`
	case IsRefused:
		return refused
	case CanGoAgain:
		return again
	}
	return `TRUE`
}

// Letter is a letter of the outbox as others than its reader see it.
type Letter struct {
	ID        string
	Kind      Kind
	Recipient string // the address; "" for whom it is not to be known
	PersonID  string // who has the address; "" for nobody here, or for whom it is not to be known
	Name      string
	Path      string // of the person's unit
	Lang      string
	ActID     string // of one that is held
	CreatedAt time.Time
	HeldUntil time.Time
	SentAt    time.Time
	FailedAt  time.Time // a server refused it for good
	GivenUpAt time.Time // or nobody tries any more
	LastError string    // what the server said, in its own words
	HasText   bool
	// What the queue knows of one that waits.
	NextAt   time.Time `db:"-"`
	Attempts int       `db:"-"`
	Readable bool      `db:"-"` // its text and whom it goes to may be seen by who asks
}

// Fate says what became of it.
func (l Letter) Fate() Fate {
	switch {
	case !l.SentAt.IsZero():
		return IsSent
	case !l.FailedAt.IsZero(), !l.GivenUpAt.IsZero():
		return IsRefused
	case !l.HeldUntil.IsZero():
		return IsHeld
	}
	return IsWaiting
}

// Again says whether it can be sent again.
func (l Letter) Again() bool { return l.Fate() == IsRefused && l.HasText && !l.GivenUpAt.IsZero() }

// LetterFilter chooses letters; its zero value chooses all.
type LetterFilter struct {
	Fate   Fate
	Kind   Kind
	Search string // a whole address, or a part of a name
	list.Window
}

// letterOrders has none by whom letters go to: where a name is not shown, its place in the order would tell it.
var letterOrders = list.Orders{By: map[string][]string{"at": {"m.created_at"}, "kind": {"m.kind"}}, First: "at", Last: []string{"m.id"}}

const (
	letterTables = ` FROM mail m LEFT JOIN identity_person p ON p.mail = m.recipient LEFT JOIN identity_unit u ON u.id = p.unit_id WHERE `
	letterFields = `SELECT m.id, m.kind, m.recipient, COALESCE(p.id, '') AS person_id, COALESCE(p.given_name || ' ' || p.family_name, '') AS name, COALESCE(u.path, '') AS path, m.lang, m.act_id,
		m.created_at, m.held_until, m.sent_at, m.failed_at, (SELECT g.failed_at FROM job_given_up g WHERE g.id = m.id) AS given_up_at, m.last_error, m.body <> '' AS has_text`
)

// within is the condition for letters that the actor may read: of kinds for which they have the permission, to people of their units.
func within(actor access.Actor) (condition string, args []any) {
	kinds := map[access.Permission][]string{}
	for _, k := range Kinds {
		if k.Reader != "" && actor.Has(k.Reader) {
			kinds[k.Reader] = append(kinds[k.Reader], string(k.Kind))
		}
	}
	parts := []string{"FALSE"}
	for _, k := range Kinds { // in the order of the table, so that the statement is the same each time
		list := kinds[k.Reader]
		if len(list) == 0 {
			continue
		}
		delete(kinds, k.Reader)
		unit, more := actor.Within(k.Reader, "u.path")
		parts = append(parts, `m.kind IN (`+db.In(len(list))+`) AND `+unit)
		args = append(append(args, db.Args(list)...), more...)
	}
	return "(" + strings.Join(parts, " OR ") + ")", args
}

// conditions are those of the letters that the actor sees in the list: all, without texts and names, for who may read the system's state
// everywhere; else those that they may read.
func (f LetterFilter) conditions(actor access.Actor, all access.Permission) (where string, args []any) {
	where = f.Fate.condition()
	if f.Kind != "" {
		where, args = where+` AND m.kind = ?`, append(args, string(f.Kind))
	}
	// An address and a name are looked for among those letters alone that may be read: what is found by them is known to go there.
	if f.Search != "" || !actor.Everywhere(all) {
		mine, own := within(actor)
		where, args = where+` AND `+mine, append(args, own...)
	}
	if f.Search == "" {
		return where, args
	}
	named := "TRUE"
	var words []any
	for _, word := range strings.Fields(text.Search(f.Search)) {
		named, words = named+` AND p.search_text LIKE ? ESCAPE '\'`, append(words, db.Like(word))
	}
	if to, err := Address(f.Search); err == nil {
		return where + ` AND (m.recipient = ? OR ` + named + `)`, append(append(args, to), words...)
	}
	return where + ` AND ` + named, append(args, words...)
}

// MayList says whether the actor has a list of letters.
func MayList(actor access.Actor) bool {
	return actor.Everywhere(access.SystemRead) || actor.Has(access.DeskWrite)
}

// KindsFor returns the kinds of the letters that the actor can have in the list.
func KindsFor(actor access.Actor) (kinds []Kind) {
	for _, k := range Kinds {
		if actor.Everywhere(access.SystemRead) || k.Reader != "" && actor.Has(k.Reader) {
			kinds = append(kinds, k.Kind)
		}
	}
	return kinds
}

// Letters returns a page of the letters that the actor sees, and how many there are.
func (o *Outbox) Letters(ctx context.Context, actor access.Actor, f LetterFilter) (rows []Letter, total int, err error) {
	defer errs.Wrap(&err, "mail.Letters")
	if !MayList(actor) {
		return nil, 0, errs.Forbidden("error.forbidden")
	}
	err = o.db.View(ctx, func(tx *db.Tx) (err error) {
		where, args := f.conditions(actor, access.SystemRead)
		if total, err = db.One[int](ctx, tx, `SELECT COUNT(*)`+letterTables+where, args...); err != nil {
			return err
		}
		rows, err = o.letters(ctx, tx, actor, where, args, f.Window)
		return err
	})
	return rows, total, err
}

// EachLetter hands all letters of a filter to use, for a file that is taken away; the record says that it was.
func (o *Outbox) EachLetter(ctx context.Context, actor access.Actor, f LetterFilter, format string, use func(iter.Seq2[Letter, error]) error) (err error) {
	defer errs.Wrap(&err, "mail.EachLetter")
	if !MayList(actor) {
		return errs.Forbidden("error.forbidden")
	}
	count := 0
	err = o.db.View(ctx, func(tx *db.Tx) error {
		where, args := f.conditions(actor, access.SystemRead)
		return use(list.Portions(f.Window, func(w list.Window) ([]Letter, error) {
			rows, err := o.letters(ctx, tx, actor, where, args, w)
			count += len(rows)
			return rows, err
		}))
	})
	if err != nil {
		return err
	}
	return o.db.Update(ctx, func(tx *db.Tx) error {
		return audit.RecordExport(ctx, tx, o.clock.Now(), actor.PersonID, "mail.export", "", count, format)
	})
}

func (o *Outbox) letters(ctx context.Context, q db.Querier, actor access.Actor, where string, args []any, w list.Window) ([]Letter, error) {
	order, more := letterOrders.SQL(w)
	rows, err := db.All[Letter](ctx, q, letterFields+letterTables+where+order, append(slices.Clone(args), more...)...)
	if err != nil {
		return nil, err
	}
	var ids []string
	for i := range rows {
		rows[i] = rows[i].seenBy(actor)
		if rows[i].Fate() == IsWaiting {
			ids = append(ids, rows[i].ID)
		}
	}
	jobs, err := o.queue.Of(ctx, q, ids)
	for i := range rows {
		j := jobs[rows[i].ID]
		rows[i].NextAt, rows[i].Attempts = j.RunAt, j.Attempts
	}
	return rows, err
}

// seenBy takes out of a letter who gets it, where the actor may not know.
func (l Letter) seenBy(actor access.Actor) Letter {
	p := l.Kind.reader()
	l.Readable = p != "" && (actor.Everywhere(p) || l.Path != "" && actor.May(p, l.Path))
	if !l.Readable {
		l.Recipient, l.PersonID, l.Name, l.Path = "", "", "", ""
	}
	return l
}

// Preview is a letter as its reader gets it, but for what links open.
type Preview struct {
	Letter
	Subject, Body string
	Calendar      []Entry
}

// Preview returns a letter with its text, which is only there until it has left.
func (o *Outbox) Preview(ctx context.Context, actor access.Actor, mailID string) (p Preview, err error) {
	defer errs.Wrap(&err, "mail.Preview")
	type text struct {
		Subject, Body string
		Calendar      []Entry `db:",json"`
	}
	if !MayList(actor) {
		return p, errs.Forbidden("error.forbidden")
	}
	err = o.db.View(ctx, func(tx *db.Tx) error {
		where, args := LetterFilter{}.conditions(actor, access.SystemRead)
		found, err := o.letters(ctx, tx, actor, where+` AND m.id = ?`, append(args, mailID), list.Window{})
		switch {
		case err != nil:
			return err
		case len(found) == 0:
			return errs.NotFound("error.not-found")
		}
		p = Preview{Letter: found[0]}
		if !p.Readable || !p.HasText {
			return nil
		}
		t, err := db.One[text](ctx, tx, `SELECT subject, body, calendar FROM mail WHERE id = ?`, mailID)
		p.Subject, p.Body, p.Calendar = t.Subject, Shown(t.Body), t.Calendar
		return err
	})
	return p, err
}

// Files are the names under which a letter brings its entries for a calendar; the first stands in the letter itself.
func (p Preview) Files() (names []string) {
	for i := range p.Calendar {
		if i > 0 {
			names = append(names, entryName(i))
		}
	}
	return names
}

// entryName is the name of an attached entry for a calendar.
func entryName(i int) string { return fmt.Sprintf("%d.ics", i+1) }

// LetterChoice says which letters are to be sent again: some, or all whom a filter lets through.
type LetterChoice struct {
	IDs    []string
	All    bool
	Filter LetterFilter
}

// chosen returns the ids of the letters of a choice that can be sent again by the actor: where they operate the system everywhere all, else
// those that they may read.
func (o *Outbox) chosen(ctx context.Context, q db.Querier, actor access.Actor, c LetterChoice) (ids []string, err error) {
	if !actor.Everywhere(access.SystemOperate) && !actor.Has(access.DeskWrite) {
		return nil, errs.Forbidden("error.forbidden")
	}
	if c.All {
		where, args := c.Filter.conditions(actor, access.SystemOperate)
		return db.All[string](ctx, q, `SELECT m.id`+letterTables+where+` AND `+again+` ORDER BY m.id`, args...)
	}
	where, args := LetterFilter{}.conditions(actor, access.SystemOperate)
	for some := range slices.Chunk(c.IDs, 500) {
		found, err := db.All[string](ctx, q, `SELECT m.id`+letterTables+where+` AND `+again+` AND m.id IN (`+db.In(len(some))+`) ORDER BY m.id`, append(slices.Clone(args), db.Args(some)...)...)
		if err != nil {
			return nil, err
		}
		ids = append(ids, found...)
	}
	return ids, nil
}

// PlanAgain says how many letters of a choice [Outbox.Again] would send now.
func (o *Outbox) PlanAgain(ctx context.Context, actor access.Actor, c LetterChoice) (n int, err error) {
	defer errs.Wrap(&err, "mail.PlanAgain")
	ids, err := o.chosen(ctx, o.db, actor, c)
	return len(ids), err
}

// Again has letters sent again that were refused or given up, and returns how many. It may be repeated: what waits already, was sent or has
// no text any more is passed over.
func (o *Outbox) Again(ctx context.Context, actor access.Actor, c LetterChoice) (n int, err error) {
	defer errs.Wrap(&err, "mail.Again")
	err = o.db.Update(ctx, func(tx *db.Tx) error {
		ids, err := o.chosen(ctx, tx, actor, c)
		if err != nil {
			return err
		}
		// A letter that another had sent again meanwhile keeps what is said of it: its job is not ours.
		if ids, err = o.queue.Revive(ctx, tx, ids); err != nil {
			return err
		}
		if n = len(ids); n == 0 {
			return nil
		}
		for some := range slices.Chunk(ids, 500) {
			if err := db.Exec(ctx, tx, `UPDATE mail SET failed_at = NULL, last_error = '' WHERE sent_at IS NULL AND id IN (`+db.In(len(some))+`)`, db.Args(some)...); err != nil {
				return err
			}
		}
		object := ""
		if len(ids) == 1 {
			object = "mail:" + ids[0]
		}
		return audit.Record(ctx, tx, o.clock.Now(), actor.PersonID, "mail.again", object, map[string]any{"letters": n})
	})
	return n, err
}

// ToSendAgain returns how many letters the filter [CanGoAgain] has, for who operates the system everywhere.
func (o *Outbox) ToSendAgain(ctx context.Context, actor access.Actor) (n int, err error) {
	defer errs.Wrap(&err, "mail.ToSendAgain")
	if !actor.Everywhere(access.SystemRead) {
		return 0, nil
	}
	return db.One[int](ctx, o.db, `SELECT COUNT(*) FROM job_given_up g JOIN mail m ON m.id = g.id WHERE m.sent_at IS NULL AND m.body <> ''`)
}
