package report

import (
	"context"
	"strconv"

	"ostoja/internal/db"
	"ostoja/internal/project"
	"ostoja/internal/project/fund"
)

// tally is what was counted of a period; of the whole, if its period is 0.
type tally struct {
	People         int     // counted first in it
	Active         int     // who took part in it, those who were counted before among them
	Participations int     // a person once in each training and course
	Days           float64 // person-days, by the project's share of each training
	Certificates   int
	Trainings      int
}

func number(n int) string { return strconv.Itoa(n) }

// parts is the SQL for who took part in what of a project by the rules of a fund: a row for each account and training or course, with the person as whom it counts. In a
// training somebody took part who was there, in a course who passed it.
func (x span) parts(projectID string, set fund.Rules) (text string, args []any) {
	trainings, courses := "", ""
	if set.Counted.Has(fund.PresentHalf) {
		trainings += ` AND 2 * w.minutes >= h.minutes`
	}
	notice := ` AND EXISTS (SELECT 1 FROM report_notice n WHERE n.project_id = x.project_id AND n.person_id = w.person_id AND n.fund_id = ?)`
	after := []any(nil)
	if set.Counted.Has(fund.NoticeGiven) {
		trainings, courses, after = trainings+notice, courses+notice, []any{set.ID}
	}
	if set.Counted.Has(fund.NoOwnStaff) {
		own := ` AND NOT EXISTS (SELECT 1 FROM project_not_counted o WHERE o.project_id = x.project_id AND o.person_id = COALESCE(c.counts_as, w.person_id))`
		trainings, courses = trainings+own, courses+own
	}
	text = `
		SELECT COALESCE(c.counts_as, w.person_id) AS person_id, w.person_id AS account_id, x.kind, x.subject_id, w.first_at AS at, w.days * x.share / 100.0 AS days
		FROM project_subject x JOIN classroom_present w ON w.training_id = x.subject_id JOIN classroom_held h ON h.training_id = x.subject_id
			LEFT JOIN project_counted_as c ON c.person_id = w.person_id
		WHERE x.project_id = ? AND x.kind = 'training' AND w.first_at >= ? AND w.first_at < ?` + trainings + `
		UNION ALL
		SELECT COALESCE(c.counts_as, w.person_id), w.person_id, x.kind, x.subject_id, w.passed_at, 0.0
		FROM project_subject x JOIN learning_passed w ON w.course_id = x.subject_id LEFT JOIN project_counted_as c ON c.person_id = w.person_id
		WHERE x.project_id = ? AND x.kind = 'course' AND w.passed_at >= ? AND w.passed_at < ?` + courses
	for range 2 {
		args = append(append(args, projectID, x.from, x.until), after...)
	}
	return text, args
}

// count returns what was counted of each period, by its number; 0 is the whole.
func (s *Service) count(ctx context.Context, q db.Querier, p project.Page, set fund.Rules) ([]tally, error) {
	x := s.span(p)
	list := make([]tally, len(p.Periods)+1)
	parts, partArgs := x.parts(p.ID, set)
	period, ends := x.period("at")
	type row struct {
		Period int
		N      int
		People int
		Days   float64
	}
	read := func(into func(t *tally, r row), text string, args []any) error {
		rows, err := db.All[row](ctx, q, text, args...)
		for _, r := range rows {
			if r.Period > 0 {
				into(&list[r.Period], r)
			}
			into(&list[0], r)
		}
		return err
	}
	// The period is named in a query within: as a parameter each mention of it would be another one to PostgreSQL.
	if err := read(func(t *tally, r row) { t.People += r.N }, `
		SELECT period, COUNT(*) AS n, 0 AS people, 0.0 AS days FROM (SELECT `+period+` AS period FROM (SELECT MIN(at) AS at FROM (`+parts+`) t GROUP BY person_id) f) z GROUP BY period`,
		join(ends, partArgs)); err != nil {
		return nil, err
	}
	if err := read(func(t *tally, r row) {
		t.Participations, t.Days, t.Active = t.Participations+r.N, t.Days+r.Days, r.People
	}, `
		SELECT period, COUNT(*) AS n, COUNT(DISTINCT person_id) AS people, SUM(days) AS days FROM (SELECT `+period+` AS period, person_id, days FROM (`+parts+`) t) z GROUP BY period`,
		join(ends, partArgs)); err != nil {
		return nil, err
	}
	list[0].Active = list[0].People
	issued, _ := x.period("i.issued_at")
	if err := read(func(t *tally, r row) { t.Certificates += r.N }, `
		SELECT period, COUNT(*) AS n, 0 AS people, 0.0 AS days FROM (
			SELECT `+issued+` AS period FROM (`+parts+`) t JOIN certificate_standing i ON i.subject_id = t.subject_id AND i.person_id = t.account_id
			WHERE i.issued_at >= ? AND i.issued_at < ?) z GROUP BY period`, join(ends, partArgs, []any{x.from, x.until})); err != nil {
		return nil, err
	}
	held, _ := x.period("h.held_from")
	err := read(func(t *tally, r row) { t.Trainings += r.N }, `
		SELECT period, COUNT(*) AS n, 0 AS people, 0.0 AS days FROM (
			SELECT `+held+` AS period FROM project_subject x JOIN classroom_held h ON h.training_id = x.subject_id
			WHERE x.project_id = ? AND x.kind = 'training' AND h.held_from >= ? AND h.held_from < ? AND h.held_from <= ?) z GROUP BY period`,
		join(ends, []any{p.ID, x.from, x.until, s.Clock.Now()}))
	return list, err
}

func join(lists ...[]any) (all []any) {
	for _, l := range lists {
		all = append(all, l...)
	}
	return all
}

// reaction is what people said afterwards: of those who answered, how many find it useful; of those who were asked three months later, how many use it.
type reaction struct {
	Answered, Useful int
	Asked, Yes, No   int
}

// reactions returns what people said, by the number of the period in which the training was held. What was said of courses has no day (decision 0013) and stands at 0, the
// whole, alone.
func (s *Service) reactions(ctx context.Context, q db.Querier, p project.Page) ([]reaction, error) {
	x := s.span(p)
	list := make([]reaction, len(p.Periods)+1)
	add := func(period int, r reaction) {
		for _, at := range []int{0, period} {
			t := &list[at]
			t.Answered, t.Useful, t.Asked, t.Yes, t.No = t.Answered+r.Answered, t.Useful+r.Useful, t.Asked+r.Asked, t.Yes+r.Yes, t.No+r.No
			if period == 0 {
				break
			}
		}
	}
	period, ends := x.period("h.held_from")
	// A training's measurement belongs to the project of the training, a course's to the one that it names itself.
	from := ` m LEFT JOIN classroom_held h ON m.subject_kind = 'training' AND h.training_id = m.subject_id
		WHERE m.project_id = ? AND m.subject_kind = 'course'
			OR m.subject_kind = 'training' AND h.held_from >= ? AND h.held_from < ? AND EXISTS (SELECT 1 FROM project_subject x WHERE x.project_id = ? AND x.kind = 'training' AND x.subject_id = m.subject_id)`
	place := `CASE WHEN m.subject_kind = 'course' THEN 0 ELSE ` + period + ` END AS period`
	args := join(ends, []any{p.ID, x.from, x.until, p.ID})
	type evaluation struct {
		Period int
		Tally  map[string]map[string]int `db:"tally,json"`
	}
	evaluations, err := db.All[evaluation](ctx, q, `SELECT `+place+`, m.tally FROM measurement_useful`+from, args...)
	if err != nil {
		return nil, err
	}
	for _, e := range evaluations {
		r := reaction{}
		for answer, n := range e.Tally["useful"] {
			r.Answered += n
			if answer >= "4" { // of 1 to 5
				r.Useful += n
			}
		}
		add(e.Period, r)
	}
	type use struct {
		Period         int
		Asked, Yes, No int
	}
	uses, err := db.All[use](ctx, q, `SELECT `+place+`, m.asked, m.yes, m.no FROM measurement_use`+from, args...)
	for _, u := range uses {
		add(u.Period, reaction{Asked: u.Asked, Yes: u.Yes, No: u.No})
	}
	return list, err
}
