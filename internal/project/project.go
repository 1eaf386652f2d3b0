// Package project keeps the projects under whose names figures are added up and told to funds: their time and periods, the funds that pay and
// their shares, the targets by versions, what belongs to them, their own staff, and which accounts are one person.
//
// Goals: what a fund is told rests on rows that somebody can be asked about: a period opens by an act with a name and a reason, a target
// changes by an annex, two accounts are one person because a human said so. Limits: no money (costs and time sheets are the accounts'; a
// number leads there); what is counted, and how, is package report's; the rules of funds are data in package fund below.
//
// A project begins as a name, when somebody writes it at a training or a measurement; it becomes one that is reported on when an office
// takes it over ([Project.Dated]). Who uses a project says so in a view of its own.
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
		UNION SELECT m.project_id FROM measurement_project m JOIN identity_unit u ON u.id = m.unit_id WHERE `+condition+`
		UNION SELECT o.id FROM project o JOIN identity_unit u ON u.id = o.unit_id WHERE `+condition+`)`, slices.Concat(args, args, args)...)
	slices.SortFunc(list, func(a, b string) int { return cmp.Compare(text.SortKey(a), text.SortKey(b)) })
	return list, err
}
