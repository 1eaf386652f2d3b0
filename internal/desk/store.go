package desk

import (
	"context"
	"strings"
	"time"

	"ostoja/internal/db"
)

// selectMoments is the list of the figures' moments, in order.
func selectMoments(format func(moment string) string) string {
	list := make([]string, len(AllFigures))
	for i, f := range AllFigures {
		list[i] = format(moments[f])
	}
	return strings.Join(list, ", ")
}

// The order of joins is given (SQLite keeps that of CROSS JOIN, and PostgreSQL chooses its own): from the course's
// enrolments to the people where all are counted, from the people in the order of their names where a page is shown.
const (
	fromCourse = ` FROM learning_latest l CROSS JOIN identity_person p WHERE p.id = l.person_id AND `
	fromPeople = ` FROM identity_person p CROSS JOIN learning_latest l WHERE l.person_id = p.id AND `
)

// fromRounds is where rounds are counted: no person is looked up for a condition that is about none.
func fromRounds(w where) string {
	if w.people {
		return fromCourse
	}
	return ` FROM learning_latest l WHERE `
}

// figuresByCourse counts all courses at once.
func figuresByCourse(ctx context.Context, q db.Querier, w where) (map[string]Figures, error) {
	result := map[string]Figures{}
	err := db.Rows(ctx, q, func(_ []string, values []any) error {
		var f Figures
		for i, figure := range AllFigures {
			n, _ := values[i+1].(int64) // COUNT is never NULL
			*f.field(figure) = int(n)
		}
		courseID, _ := values[0].(string)
		result[courseID] = f
		return nil
	}, `SELECT l.course_id, `+selectMoments(func(m string) string { return "COUNT(" + m + ")" })+fromRounds(w)+w.String()+` GROUP BY l.course_id`, w.args...)
	return result, err
}

// eachWay calls fn with each person's way through a course.
func eachWay(ctx context.Context, q db.Querier, w where, fn func(way)) error {
	return db.Rows(ctx, q, func(_ []string, values []any) error {
		var v way
		v.UnitID, _ = values[0].(string)
		v.Region, _ = values[1].(string)
		for i := range v.At {
			if n, ok := values[i+2].(int64); ok {
				v.At[i] = time.UnixMicro(n)
			}
		}
		fn(v)
		return nil
	}, `SELECT p.unit_id, p.region, `+selectMoments(func(m string) string { return m })+fromCourse+w.String(), w.args...)
}

func count(ctx context.Context, q db.Querier, w where) (int, error) {
	return db.One[int](ctx, q, `SELECT COUNT(*)`+fromRounds(w)+w.String(), w.args...)
}

// people returns a page of people. A page sorted by name is read in the order of the index on names and stops when it is
// full; for any other order the identifiers alone are sorted.
func people(ctx context.Context, q db.Querier, w where, order Sort, page Page) ([]Person, error) {
	columns := `l.id AS enrolment_id, p.id AS person_id, p.given_name, p.family_name, p.unit_id, p.region, p.state AS person_state, p.mail IS NOT NULL AS has_mail,
		l.round, l.version_id, ` + moments[Invited] + ` AS invited_at, l.started_at, l.active_at, l.finished_at, l.passed_at AS round_passed, l.withdrawn_at, l.reminded_at,
		` + moments[Passed] + ` AS passed_at, l.parts_done, l.best,
		COALESCE((SELECT MAX(c.number) FROM certificate_unrevoked c WHERE c.person_id = p.id AND c.course_id = l.course_id), '') AS certificate`
	args := w.args
	text := fromPeople + w.String() + ` ORDER BY ` + order.sql()
	if page.Size > 0 {
		text += ` LIMIT ? OFFSET ?`
		args = append(append([]any{}, args...), page.Size, max(0, page.Number-1)*page.Size)
	}
	if page.Size == 0 || order.By == "" || order.By == "name" {
		return db.All[Person](ctx, q, `SELECT `+columns+text, args...)
	}
	ids, err := db.All[string](ctx, q, `SELECT l.id`+text, args...)
	if err != nil || len(ids) == 0 {
		return nil, err
	}
	position, in := map[string]int{}, make([]any, len(ids))
	for i, id := range ids {
		position[id], in[i] = i, id
	}
	rows, err := db.All[Person](ctx, q, `SELECT `+columns+fromCourse+`l.id IN (`+db.In(len(in))+`)`, in...)
	if err != nil {
		return nil, err
	}
	list := make([]Person, len(ids))
	for _, r := range rows {
		list[position[r.EnrolmentID]] = r
	}
	return list, nil
}

func firstInvitation(ctx context.Context, q db.Querier, courseID string) (time.Time, error) {
	return db.One[time.Time](ctx, q, `SELECT MIN(created_at) FROM learning_round WHERE course_id = ?`, courseID)
}
