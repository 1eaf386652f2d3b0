// Package people finds persons: for the list of people, the files that are taken away of it, and whoever offers persons to choose from.
//
// Its goals: nobody is shown who is outside of what the actor may read, and a page of 60,000 people costs what a page of sixty does. It
// reads what the package identity keeps and changes nothing.
package people

import (
	"context"
	"errors"
	"iter"
	"slices"
	"strings"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/audit"
	"ostoja/internal/clock"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/id"
	"ostoja/internal/identity"
	"ostoja/internal/list"
	"ostoja/internal/text"
)

// Filter chooses persons. Its zero value chooses all whom the actor may see.
type Filter struct {
	Text        string // words of names, mail, number; diacritics do not matter
	UnitID      string // with all units below
	Role        access.Role
	State       identity.State
	list.Window // by name (the default), unit, state or added
}

// Row is a person in a list.
type Row struct {
	ID            string
	GivenName     string
	FamilyName    string
	Mail          string
	ServiceNumber string
	UnitID        string
	UnitName      string
	Organisation  string
	Lang          string
	Sex           identity.Sex
	Region        string
	State         identity.State
	CreatedAt     time.Time
	ActivatedAt   time.Time
	MailRefusedAt time.Time     // see [identity.Person]
	Roles         []access.Role `db:"-"`
}

// Name returns family and given name, as lists are sorted.
func (r Row) Name() string { return strings.TrimSpace(r.FamilyName + " " + r.GivenName) }

// Found is a page of persons.
type Found struct {
	Rows  []Row
	Total int
}

// Finder finds persons.
type Finder struct {
	db    *db.DB
	clock clock.Clock
}

// NewFinder returns a Finder.
func NewFinder(d *db.DB, c clock.Clock) *Finder { return &Finder{d, c} }

// Search returns a page of the persons whom the actor may see.
func (s *Finder) Search(ctx context.Context, actor access.Actor, f Filter) (l Found, err error) {
	defer errs.Wrap(&err, "people.Search")
	err = s.db.View(ctx, func(tx *db.Tx) error {
		l, err = search(ctx, tx, actor, f, s)
		return err
	})
	return l, err
}

// First returns the persons of the filter's page, as Search does, without counting the others and without their roles. It looks for them in
// an index of what is searched: where few match, walking through all in the order of names costs ten times as much.
func (s *Finder) First(ctx context.Context, actor access.Actor, f Filter) (rows []Row, err error) {
	defer errs.Wrap(&err, "people.First")
	err = s.db.View(ctx, func(tx *db.Tx) error {
		where, args, err := conditions(ctx, tx, actor, f, s)
		if err == nil {
			rows, err = readRows(ctx, tx, ` WHERE p.id IN (SELECT p.id FROM person p`+where+`)`, args, f.Window)
		}
		return err
	})
	return rows, err
}

// Export hands all persons whom Search finds, on all its pages, to use, for a file that is taken away; the record says that it
// was. It holds some thousand of them at a time.
func (s *Finder) Export(ctx context.Context, actor access.Actor, f Filter, format string, use func(iter.Seq2[Row, error]) error) (err error) {
	defer errs.Wrap(&err, "people.Export")
	count := 0
	err = s.db.View(ctx, func(tx *db.Tx) error {
		where, args, err := conditions(ctx, tx, actor, f, s)
		if err != nil {
			return err
		}
		return use(list.Portions(f.Window, func(w list.Window) ([]Row, error) {
			rows, err := readPage(ctx, tx, where, args, w, s)
			count += len(rows)
			return rows, err
		}))
	})
	if err != nil {
		return err
	}
	object := ""
	if id.Valid(f.UnitID) {
		object = "unit:" + f.UnitID
	}
	return s.db.Update(ctx, func(tx *db.Tx) error {
		return audit.RecordExport(ctx, tx, s.clock.Now(), actor.PersonID, "person.export", object, count, format)
	})
}

func search(ctx context.Context, q db.Querier, actor access.Actor, f Filter, s *Finder) (l Found, err error) {
	where, args, err := conditions(ctx, q, actor, f, s)
	if err != nil {
		return Found{}, err
	}
	if l.Total, err = db.One[int](ctx, q, `SELECT COUNT(*) FROM person p`+where, slices.Clone(args)...); err != nil {
		return Found{}, err
	}
	l.Rows, err = readPage(ctx, q, where, args, f.Window, s)
	return l, err
}

// The units' names are looked up for the rows that are shown: a join would look them up for all that are passed over.
const (
	unitName         = `(SELECT u.name FROM unit u WHERE u.id = p.unit_id)`
	organisationName = `(SELECT o.name FROM unit o WHERE o.id = p.organisation_id)`
)

// orders are what the list of people can be sorted by.
var orders = list.Orders{
	By: map[string][]string{
		"name": {"p.sort_key"}, "unit": {organisationName, unitName, "p.sort_key"}, "state": {"p.state", "p.sort_key"}, "added": {"p.created_at", "p.sort_key"},
	},
	First: "name", Last: []string{"p.id"},
}

// readPage reads the persons of a window with their roles.
func readPage(ctx context.Context, q db.Querier, where string, args []any, w list.Window, s *Finder) ([]Row, error) {
	rows, err := readRows(ctx, q, where, args, w)
	if err != nil {
		return nil, err
	}
	return rows, addRoles(ctx, q, rows, s)
}

func readRows(ctx context.Context, q db.Querier, where string, args []any, w list.Window) ([]Row, error) {
	order, limit := orders.SQL(w)
	rows := make([]Row, 0, w.Size)
	err := db.Each(ctx, q, func(r Row) { rows = append(rows, r) }, `SELECT p.id, p.given_name, p.family_name, COALESCE(p.mail, '') AS mail, COALESCE(p.service_number, '') AS service_number,
		p.unit_id, `+unitName+` AS unit_name, `+organisationName+` AS organisation, p.lang, p.sex, p.region, p.state, p.created_at, p.activated_at, p.mail_refused_at
		FROM person p`+where+order, append(slices.Clone(args), limit...)...)
	return rows, err
}

// conditions say which persons a filter chooses of those whom the actor may see. They speak of p alone, so that counting
// needs no other table for an actor who sees everybody.
func conditions(ctx context.Context, q db.Querier, actor access.Actor, f Filter, s *Finder) (where string, args []any, err error) {
	and := func(condition string, more ...any) {
		if where == "" {
			where = " WHERE " + condition
		} else {
			where += " AND " + condition
		}
		args = append(args, more...)
	}
	and("p.state <> ?", string(identity.Erased))
	if reach, within := actor.Within(access.PeopleRead, "u.path"); reach != "TRUE" {
		and("p.unit_id IN (SELECT u.id FROM unit u WHERE "+reach+")", within...)
	}
	if f.UnitID != "" {
		path, err := db.One[string](ctx, q, `SELECT path FROM unit WHERE id = ?`, f.UnitID)
		if errors.Is(err, errs.ErrNotFound) {
			and("FALSE")
		} else if err != nil {
			return "", nil, err
		} else {
			and("p.unit_id IN (SELECT u.id FROM unit u WHERE u.path LIKE ?)", path+"%")
		}
	}
	if slices.Contains(identity.States, f.State) {
		and("p.state = ?", f.State)
	} else if f.State != "" {
		and("FALSE")
	}
	if f.Role != "" && !slices.Contains(access.Roles, f.Role) {
		and("FALSE")
	} else if f.Role != "" {
		and("EXISTS (SELECT 1 FROM role_grant g WHERE g.person_id = p.id AND g.role = ? AND (g.expires_at IS NULL OR g.expires_at > ?))", f.Role, s.clock.Now())
	}
	words := strings.Fields(text.Search(text.Clean(f.Text)))
	for _, word := range words[:min(len(words), 8)] {
		and(`p.search_text LIKE ? ESCAPE '\'`, db.Like(word))
	}
	return where, args, nil
}

// AddedSince returns how many of the people whom the actor may read were added since a time.
func (s *Finder) AddedSince(ctx context.Context, actor access.Actor, since time.Time) (n int, err error) {
	defer errs.Wrap(&err, "people.AddedSince")
	where, args, err := conditions(ctx, s.db, actor, Filter{}, s)
	if err != nil {
		return 0, err
	}
	return db.One[int](ctx, s.db, `SELECT COUNT(*) FROM person p`+where+` AND p.created_at >= ?`, append(args, since)...)
}

// addRoles fills in the roles of persons.
func addRoles(ctx context.Context, q db.Querier, rows []Row, s *Finder) error {
	type held struct {
		PersonID string
		Role     access.Role
	}
	roles := map[string][]access.Role{}
	for some := range slices.Chunk(rows, 500) {
		args := append(make([]any, 0, 1+len(some)), s.clock.Now())
		for _, r := range some {
			args = append(args, r.ID)
		}
		grants, err := db.All[held](ctx, q, `SELECT person_id, role FROM role_grant WHERE (expires_at IS NULL OR expires_at > ?) AND person_id IN (`+db.In(len(some))+`)`, args...)
		if err != nil {
			return err
		}
		for _, h := range grants {
			if !slices.Contains(roles[h.PersonID], h.Role) {
				roles[h.PersonID] = append(roles[h.PersonID], h.Role)
			}
		}
	}
	for i, r := range rows {
		of := roles[r.ID]
		slices.SortFunc(of, func(a, b access.Role) int { return slices.Index(access.Roles, a) - slices.Index(access.Roles, b) })
		rows[i].Roles = of
	}
	return nil
}
