package identity

import (
	"context"
	"errors"
	"iter"
	"slices"
	"strings"

	"ostoja/internal/access"
	"ostoja/internal/audit"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/id"
	"ostoja/internal/list"
	"ostoja/internal/text"
)

// Search returns a page of the persons whom the actor may see.
func (s *Service) Search(ctx context.Context, actor access.Actor, f Filter) (l List, err error) {
	defer errs.Wrap(&err, "identity.Search")
	err = s.db.View(ctx, func(tx *db.Tx) error {
		l, err = search(ctx, tx, actor, f, s)
		return err
	})
	return l, err
}

// Export hands all persons whom Search finds, on all its pages, to use, for a file that is taken away; the record says that it
// was. It holds some thousand of them at a time.
func (s *Service) Export(ctx context.Context, actor access.Actor, f Filter, format string, use func(iter.Seq2[Row, error]) error) (err error) {
	defer errs.Wrap(&err, "identity.Export")
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

func search(ctx context.Context, q db.Querier, actor access.Actor, f Filter, s *Service) (l List, err error) {
	where, args, err := conditions(ctx, q, actor, f, s)
	if err != nil {
		return List{}, err
	}
	if l.Total, err = db.One[int](ctx, q, `SELECT COUNT(*) FROM person p`+where, slices.Clone(args)...); err != nil {
		return List{}, err
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

// readPage reads the persons of a window.
func readPage(ctx context.Context, q db.Querier, where string, args []any, w list.Window, s *Service) ([]Row, error) {
	order, limit := orders.SQL(w)
	rows := make([]Row, 0, w.Size)
	err := db.Each(ctx, q, func(r Row) { rows = append(rows, r) }, `SELECT p.id, p.given_name, p.family_name, COALESCE(p.mail, '') AS mail, COALESCE(p.service_number, '') AS service_number,
		p.unit_id, `+unitName+` AS unit_name, `+organisationName+` AS organisation, p.lang, p.sex, p.region, p.state, p.created_at, p.activated_at, p.mail_refused_at
		FROM person p`+where+order, append(slices.Clone(args), limit...)...)
	if err != nil {
		return nil, err
	}
	return rows, addRoles(ctx, q, rows, s)
}

// conditions say which persons a filter chooses of those whom the actor may see. They speak of p alone, so that counting
// needs no other table for an actor who sees everybody.
func conditions(ctx context.Context, q db.Querier, actor access.Actor, f Filter, s *Service) (where string, args []any, err error) {
	and := func(condition string, more ...any) {
		if where == "" {
			where = " WHERE " + condition
		} else {
			where += " AND " + condition
		}
		args = append(args, more...)
	}
	if reach, within := actor.Within(access.PeopleRead, "u.path"); reach != "TRUE" {
		and("p.unit_id IN (SELECT u.id FROM unit u WHERE "+reach+")", within...)
	}
	if f.UnitID != "" {
		unit, err := getUnit(ctx, q, f.UnitID)
		if errors.Is(err, errs.ErrNotFound) {
			and("FALSE")
		} else if err != nil {
			return "", nil, err
		} else {
			and("p.unit_id IN (SELECT u.id FROM unit u WHERE u.path LIKE ?)", unit.Path+"%")
		}
	}
	if slices.Contains(States, f.State) {
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

// addRoles fills in the roles of persons.
func addRoles(ctx context.Context, q db.Querier, rows []Row, s *Service) error {
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

// PersonBySignInName returns the one person with a mail address or service number, for the command line.
func (s *Service) PersonBySignInName(ctx context.Context, actor access.Actor, name string) (p Person, err error) {
	defer errs.Wrap(&err, "identity.PersonBySignInName")
	err = s.db.View(ctx, func(tx *db.Tx) error {
		list, err := candidatesFor(ctx, tx, name, "")
		if err != nil {
			return err
		}
		if len(list) != 1 {
			return errs.NotFound("error.not-found")
		}
		p, err = visible(ctx, tx, actor, list[0].ID)
		return err
	})
	return p, err
}

// Names returns the names of those of the given persons whom the actor may see, by id.
func (s *Service) Names(ctx context.Context, actor access.Actor, personIDs []string) (_ map[string]string, err error) {
	defer errs.Wrap(&err, "identity.Names")
	condition, within := actor.Within(access.PeopleRead, "u.path")
	names := map[string]string{}
	for chunk := range slices.Chunk(personIDs, 500) {
		args := make([]any, 0, len(chunk)+len(within))
		for _, p := range chunk {
			args = append(args, p)
		}
		type row struct{ ID, GivenName, FamilyName string }
		list, err := db.All[row](ctx, s.db, `SELECT p.id, p.given_name, p.family_name FROM person p JOIN unit u ON u.id = p.unit_id
			WHERE p.id IN (`+db.In(len(chunk))+`) AND `+condition, append(args, within...)...)
		if err != nil {
			return nil, err
		}
		for _, r := range list {
			names[r.ID] = joinName(r.GivenName, r.FamilyName)
		}
	}
	return names, nil
}

const participantColumns = `p.id, p.given_name || ' ' || p.family_name AS name, COALESCE(p.mail, '') AS mail, p.lang, u.path AS unit_path, o.name AS organisation`

// Participant returns what learning needs to know of a person.
func (s *Service) Participant(ctx context.Context, q db.Querier, personID string) (_ Participant, err error) {
	defer errs.Wrap(&err, "identity.Participant(%q)", personID)
	return db.One[Participant](ctx, q, `SELECT `+participantColumns+` FROM `+personTables+` WHERE p.id = ?`, personID)
}

// ParticipantsWithin returns those of the given persons for whom the actor has the permission, blocked ones left out.
func (s *Service) ParticipantsWithin(ctx context.Context, q db.Querier, actor access.Actor, permission access.Permission, personIDs []string) (list []Participant, err error) {
	defer errs.Wrap(&err, "identity.ParticipantsWithin(%d)", len(personIDs))
	condition, within := actor.Within(permission, "u.path")
	for chunk := range slices.Chunk(personIDs, 500) {
		args := make([]any, 0, len(chunk)+len(within)+1)
		for _, p := range chunk {
			args = append(args, p)
		}
		args = append(append(args, Blocked), within...)
		part, err := db.All[Participant](ctx, q, `SELECT `+participantColumns+` FROM `+personTables+`
			WHERE p.id IN (`+db.In(len(chunk))+`) AND p.state <> ? AND `+condition, args...)
		if err != nil {
			return nil, err
		}
		list = append(list, part...)
	}
	return list, nil
}
