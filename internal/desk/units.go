package desk

import (
	"context"
	"slices"
	"strings"

	"ostoja/internal/access"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/text"
)

// tree is all units, to name them and to find what lies below one. There are hundreds, where there are tens of thousands of
// people: joining them in Go spares the database one lookup for each person.
type tree struct {
	byID    map[string]Unit
	ordered []Unit // each before those below it, neighbours by name
}

func loadTree(ctx context.Context, q db.Querier) (*tree, error) {
	type row struct{ ID, Path, Name, Region string }
	rows, err := db.All[row](ctx, q, `SELECT id, path, name, region FROM identity_unit ORDER BY path`)
	if err != nil {
		return nil, err
	}
	t := &tree{byID: make(map[string]Unit, len(rows))}
	children := map[string][]Unit{}
	for _, r := range rows { // by path: a unit comes after the one above it
		above := segments(r.Path)
		u := Unit{ID: r.ID, Path: r.Path, Name: r.Name, Region: r.Region, Depth: len(above) - 1}
		parent := ""
		if u.Depth > 0 {
			parent = above[u.Depth-1]
		}
		if u.Region == "" {
			u.Region = t.byID[parent].Region
		}
		t.byID[u.ID] = u
		children[parent] = append(children[parent], u)
	}
	var walk func(parent string)
	walk = func(parent string) {
		list := children[parent]
		slices.SortStableFunc(list, func(a, b Unit) int { return strings.Compare(text.SortKey(a.Name), text.SortKey(b.Name)) })
		for _, u := range list {
			t.ordered = append(t.ordered, u)
			walk(u.ID)
		}
	}
	walk("")
	return t, nil
}

// segments returns the ids in a path, from the organisation down.
func segments(path string) []string { return strings.Split(strings.Trim(path, "/"), "/") }

func (t *tree) name(unitID string) string { return t.byID[unitID].Name }

// organisation returns the root above a unit.
func (t *tree) organisation(unitID string) Unit { return t.byID[segments(t.byID[unitID].Path)[0]] }

// regions returns the ids of the units of a region; "" is those without one.
func (t *tree) inRegion(region string) []any {
	var list []any
	for _, u := range t.ordered {
		if u.Region == region {
			list = append(list, u.ID)
		}
	}
	return list
}

// Units returns the units within which the actor has the permission, in the order of the tree.
func (s *Service) Units(ctx context.Context, actor access.Actor, p access.Permission) (_ []Unit, err error) {
	defer errs.Wrap(&err, "desk.Units")
	t, err := loadTree(ctx, s.db)
	if err != nil {
		return nil, err
	}
	var list []Unit
	for _, u := range t.ordered {
		if actor.May(p, u.Path) {
			list = append(list, u)
		}
	}
	return list, nil
}
