// Package project keeps the projects under whose names figures are added up: a measurement of a course and a training may each
// belong to one. A project is no more than a name yet, and is made when somebody first writes it; what a funder asks of it (budget,
// indicators, report) comes later, and belongs here.
//
// Who uses a project says so in a view of its own; this package reads these views to know which names to offer where.
package project

import (
	"cmp"
	"context"
	"slices"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/id"
	"ostoja/internal/text"
)

// mostName is how long a name may be, in characters.
const mostName = 200

// Check finds what is wrong with the name of a project in a form's field "project". No name is no project, and no fault.
func Check(name string) (faults errs.Fields) {
	if len([]rune(text.Clean(name))) > mostName {
		faults.Add("project", "assessment.measure.title-fault", "High", mostName)
	}
	return faults
}

// Named returns the id of the project of a name, and makes it if there is none; "" for no name. Of two who write a new name at
// once, the second waits and finds the first's.
func Named(ctx context.Context, tx *db.Tx, name string, now time.Time) (projectID string, err error) {
	defer errs.Wrap(&err, "project.Named")
	if name = text.Clean(name); name == "" {
		return "", nil
	}
	if err := db.Exec(ctx, tx, `INSERT INTO project (id, name, created_at) VALUES (?, ?, ?) ON CONFLICT (name) DO NOTHING`, id.New(), name, now); err != nil {
		return "", err
	}
	return db.One[string](ctx, tx, `SELECT id FROM project WHERE name = ?`, name)
}

// Names returns the names of the projects in use where the actor may measure, sorted, to be offered again: those of other services
// are nobody's business.
func Names(ctx context.Context, q db.Querier, actor access.Actor) (_ []string, err error) {
	defer errs.Wrap(&err, "project.Names")
	condition, args := actor.Within(access.Measure, "u.path")
	list, err := db.All[string](ctx, q, `SELECT p.name FROM project p WHERE p.id IN (
		SELECT c.project_id FROM classroom_project c JOIN identity_unit u ON u.id = c.unit_id WHERE `+condition+`
		UNION SELECT m.project_id FROM measurement_project m JOIN identity_unit u ON u.id = m.unit_id WHERE `+condition+`)`, append(slices.Clone(args), args...)...)
	slices.SortFunc(list, func(a, b string) int { return cmp.Compare(text.SortKey(a), text.SortKey(b)) })
	return list, err
}
