package people_test

import (
	"cmp"
	"fmt"
	"iter"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"ostoja/internal/access"
	"ostoja/internal/db"
	"ostoja/internal/id"
	"ostoja/internal/identity"
	"ostoja/internal/identity/people"
	"ostoja/internal/list"
	"ostoja/internal/testrig"
	"ostoja/internal/text"
)

// listed is a person as the plain query reads them, with the names that the list sorts by.
type listed struct {
	ID, SortKey, SearchText, State, Path, Unit, Organisation string
	CreatedAt                                                time.Time
	Mail, UnitID                                             string
}

// plain answers by a loop over everybody what the service answers by indexes: those whom the actor may see and the filter
// chooses, in order.
func plain(w *testrig.World, a access.Actor, f people.Filter, roles map[string][]access.Role) (people []listed) {
	w.T.Helper()
	all, err := db.All[listed](w.T.Context(), w.DB, `
		SELECT p.id, p.sort_key, p.search_text, p.state, u.path, u.name AS unit, o.name AS organisation, p.created_at, COALESCE(p.mail, '') AS mail, p.unit_id
		FROM person p JOIN unit u ON u.id = p.unit_id JOIN unit o ON o.id = p.organisation_id`)
	w.OK(err)
	for _, p := range all {
		switch {
		case !a.May(access.PeopleRead, p.Path), f.UnitID != "" && !strings.Contains(p.Path, "/"+f.UnitID+"/"), f.State != "" && p.State != string(f.State):
		case f.Role != "" && !slices.Contains(roles[p.ID], f.Role):
		case slices.ContainsFunc(strings.Fields(f.Text), func(word string) bool { return !strings.Contains(p.SearchText, word) }):
		default:
			people = append(people, p)
		}
	}
	by := map[string]func(a, b listed) int{
		"unit": func(a, b listed) int {
			return cmp.Or(cmp.Compare(a.Organisation, b.Organisation), cmp.Compare(a.Unit, b.Unit))
		},
		"state": func(a, b listed) int { return cmp.Compare(a.State, b.State) },
		"added": func(a, b listed) int { return a.CreatedAt.Compare(b.CreatedAt) },
	}[f.Sort]
	slices.SortFunc(people, func(a, b listed) int {
		if f.Desc {
			a, b = b, a
		}
		if by == nil { // by name, to the end
			return cmp.Or(cmp.Compare(a.SortKey, b.SortKey), cmp.Compare(a.ID, b.ID))
		}
		first := cmp.Or(by(a, b), cmp.Compare(a.SortKey, b.SortKey))
		if f.Desc {
			a, b = b, a // what only keeps pages apart has no direction
		}
		return cmp.Or(first, cmp.Compare(a.ID, b.ID))
	})
	return people
}

// many adds people whose names, states, days and roles repeat, so that every order has ties.
func many(w *testrig.World, n int) (roles map[string][]access.Role) {
	w.T.Helper()
	roles = map[string][]access.Role{}
	states := []identity.State{identity.Added, identity.Invited, identity.Active, identity.Active, identity.Blocked}
	w.OK(w.DB.Update(w.T.Context(), func(tx *db.Tx) error {
		for i := range n {
			personID, unit, organisation := id.New(), w.Medyka, w.Guard
			switch i % 3 {
			case 0:
				unit = w.Terespol
			case 1:
				unit, organisation = w.Office, w.Office
			}
			given, family := []string{"Anna", "Jan"}[i%2], []string{"Lis", "Łoś", "Żubr"}[i/2%3]
			if err := db.Exec(w.T.Context(), tx, `INSERT INTO person (id, organisation_id, unit_id, given_name, family_name, sort_key, search_text, mail, lang, state, created_at)
				VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'pl', ?, ?)`, personID, organisation, unit, given, family, text.SortKey(family, given),
				text.Search(family+" "+given), fmt.Sprintf("p%d@example.org", i), string(states[i%len(states)]), testrig.Start.AddDate(0, 0, -i%4)); err != nil {
				return err
			}
			for role, expires := range map[access.Role]time.Time{access.Reviewer: testrig.Start.Add(-time.Hour), access.Trainer: testrig.Start.Add(time.Hour), access.Learner: {}} {
				if i%4 == 0 && role != access.Learner || i%5 == 1 {
					continue
				}
				if err := db.Exec(w.T.Context(), tx, `INSERT INTO role_grant (id, person_id, role, unit_id, expires_at, created_at) VALUES (?, ?, ?, ?, ?, ?)`,
					id.New(), personID, string(role), unit, expires, testrig.Start); err != nil {
					return err
				}
				if role != access.Reviewer { // whose time is over
					roles[personID] = append(roles[personID], role)
				}
			}
		}
		return nil
	}))
	return roles
}

// TestSearchIsThePlainQuery draws actors, filters, orders and pages.
func TestSearchIsThePlainQuery(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		roles := many(w, 70)
		for _, a := range w.Everybody() {
			if a.PersonID == "" {
				continue
			}
			p := testrig.Must(w.Identity.Person(t.Context(), w.Admin, a.PersonID))(t)
			for _, g := range p.Roles {
				roles[p.ID] = append(roles[p.ID], g.Role)
			}
		}
		actors := map[string]access.Actor{
			"everywhere": w.Admin, "organisation": w.GuardCoordinator, "unit": w.TerespolCoordinator, "nobody": {PersonID: id.New()},
			"two units": {PersonID: id.New(), At: testrig.Start, Grants: []access.Grant{{Role: access.Coordinator, Path: w.TerespolCoordinator.Path}, {Role: access.Reviewer, Path: "/" + w.Office + "/"}}},
		}
		rapid.Check(t, func(rt *rapid.T) {
			actor := actors[rapid.SampledFrom([]string{"everywhere", "everywhere", "organisation", "unit", "two units", "nobody"}).Draw(rt, "actor")]
			f := people.Filter{
				UnitID: rapid.SampledFrom([]string{"", "", w.Guard, w.Terespol, w.Medyka, w.Office}).Draw(rt, "unit"),
				State:  rapid.SampledFrom([]identity.State{"", "", identity.Added, identity.Invited, identity.Active, identity.Blocked}).Draw(rt, "state"),
				Role:   rapid.SampledFrom([]access.Role{"", "", access.Learner, access.Trainer, access.Reviewer, access.Administrator}).Draw(rt, "role"),
				Text:   rapid.SampledFrom([]string{"", "", "lis", "jan los", "zubr", "%", "_"}).Draw(rt, "text"),
			}
			f.Sort = rapid.SampledFrom([]string{"", "name", "unit", "state", "added"}).Draw(rt, "sort")
			f.Desc, f.Page = rapid.Bool().Draw(rt, "desc"), rapid.IntRange(1, 4).Draw(rt, "page")
			f.Size = rapid.SampledFrom([]int{1, 10, 100}).Draw(rt, "size")
			want := plain(w, actor, f, roles)
			l, err := w.People.Search(t.Context(), actor, f)
			if err != nil || l.Total != len(want) {
				rt.Fatalf("%d, want %d, %v", l.Total, len(want), err)
			}
			from := min(f.Offset(), len(want))
			want = want[from:min(from+f.Size, len(want))]
			if len(l.Rows) != len(want) {
				rt.Fatalf("%d rows, want %d", len(l.Rows), len(want))
			}
			for i, r := range l.Rows {
				p := want[i]
				if r.ID != p.ID || r.UnitName != p.Unit || r.Organisation != p.Organisation || r.Mail != p.Mail || r.UnitID != p.UnitID || string(r.State) != p.State || !r.CreatedAt.Equal(p.CreatedAt) {
					rt.Fatalf("row %d is %+v, want %+v", i, r, p)
				}
				held := slices.Clone(roles[p.ID])
				slices.SortFunc(held, func(a, b access.Role) int { return slices.Index(access.Roles, a) - slices.Index(access.Roles, b) })
				if !slices.Equal(r.Roles, slices.Compact(held)) {
					rt.Fatalf("row %d holds %v, want %v", i, r.Roles, held)
				}
			}
		})
		// What is no state, role or unit chooses nobody, and a file holds all pages.
		for _, f := range []people.Filter{{State: "gone"}, {Role: "king"}, {UnitID: id.New()}, {UnitID: "x"}} {
			if l := testrig.Must(w.People.Search(t.Context(), w.Admin, f))(t); l.Total != 0 || len(l.Rows) != 0 {
				t.Errorf("%+v finds %d", f, l.Total)
			}
		}
		var file []string
		f := people.Filter{Window: list.Window{Sort: "added", Desc: true, Page: 3, Size: 10}}
		w.OK(w.People.Export(t.Context(), w.GuardCoordinator, f, "csv", func(rows iter.Seq2[people.Row, error]) error {
			for r, err := range rows {
				if err != nil {
					return err
				}
				file = append(file, r.ID)
			}
			return nil
		}))
		if want := plain(w, w.GuardCoordinator, f, roles); !slices.EqualFunc(file, want, func(id string, p listed) bool { return id == p.ID }) {
			t.Errorf("the file holds %d people in another order than the list of %d", len(file), len(want))
		}
	})
}
