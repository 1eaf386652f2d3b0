package desk

import (
	"context"
	"slices"
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

// roundIDs returns the rounds of a page of people, in order. The page is chosen by identifiers alone: sorted by name it is
// read in the order of an index and ends when it is full, and any other order sorts no more than these.
func roundIDs(ctx context.Context, q db.Querier, w where, order Sort, page Page) ([]string, error) {
	text, args := `SELECT l.id`+fromPeople+w.String()+` ORDER BY `+order.sql(), slices.Clone(w.args)
	if page.Size > 0 {
		text += ` LIMIT ? OFFSET ?`
		args = append(args, page.Size, max(0, page.Number-1)*page.Size)
	}
	return db.All[string](ctx, q, text, args...)
}

// portion is how many people are read at once where all are wanted.
const portion = 500

// people returns the people whose latest rounds these are, in the order of the rounds.
func people(ctx context.Context, q db.Querier, rounds []string) ([]Person, error) {
	list := make([]Person, len(rounds))
	for from := 0; from < len(rounds); from += portion {
		some := rounds[from:min(from+portion, len(rounds))]
		position := make(map[string]int, len(some))
		for i, id := range some {
			position[id] = from + i
		}
		err := db.Each(ctx, q, func(p Person) { list[position[p.EnrolmentID]] = p }, `
			SELECT l.id AS enrolment_id, p.id AS person_id, p.given_name, p.family_name, p.unit_id, p.region, p.state AS person_state, p.mail IS NOT NULL AS has_mail,
				l.round, l.version_id, `+moments[Invited]+` AS invited_at, l.started_at, l.active_at, l.finished_at, l.passed_at AS round_passed, l.withdrawn_at, l.reminded_at, l.due_at,
				`+moments[Passed]+` AS passed_at, l.parts_done, l.best,
				COALESCE((SELECT MAX(c.number) FROM certificate_unrevoked c WHERE c.person_id = p.id AND c.course_id = l.course_id), '') AS certificate`+
			fromCourse+`l.id IN (`+db.In(len(some))+`)`, db.Args(some)...)
		if err != nil {
			return nil, err
		}
	}
	return list, nil
}

func firstInvitation(ctx context.Context, q db.Querier, courseID string) (time.Time, error) {
	return db.One[time.Time](ctx, q, `SELECT MIN(created_at) FROM learning_round WHERE course_id = ?`, courseID)
}
