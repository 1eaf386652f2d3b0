package report

import (
	"context"
	"slices"

	"ostoja/internal/db"
	"ostoja/internal/project"
)

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
	// A training's measurement belongs to the project of the training, a course's to the one that it names itself.
	type measured struct {
		ID   string
		Held int64 // 0 of a course
	}
	measurements, err := db.All[measured](ctx, q, `
		SELECT m.id, COALESCE(h.held_from, 0) AS held FROM measurement_of m LEFT JOIN classroom_held h ON m.subject_kind = 'training' AND h.training_id = m.subject_id
		WHERE m.project_id = ? AND m.subject_kind = 'course'
			OR m.subject_kind = 'training' AND h.held_from >= ? AND h.held_from < ? AND m.subject_id IN (SELECT x.subject_id FROM project_subject x WHERE x.project_id = ? AND x.kind = 'training')`,
		p.ID, x.from, x.until, p.ID)
	if err != nil {
		return nil, err
	}
	of := make(map[string]int, len(measurements)) // the period of each measurement
	var ids []string
	for _, m := range measurements {
		ids = append(ids, m.ID)
		if m.Held > 0 {
			of[m.ID] = x.period(m.Held)
		}
	}
	type evaluation struct {
		MeasurementID string
		Tally         map[string]map[string]int `db:"tally,json"`
	}
	type use struct {
		MeasurementID  string
		Asked, Yes, No int
	}
	for chunk := range slices.Chunk(ids, 500) {
		evaluations, err := db.All[evaluation](ctx, q, `SELECT measurement_id, tally FROM measurement_useful WHERE measurement_id IN (`+db.In(len(chunk))+`)`, db.Args(chunk)...)
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
			add(of[e.MeasurementID], r)
		}
		uses, err := db.All[use](ctx, q, `SELECT measurement_id, asked, yes, no FROM measurement_use WHERE measurement_id IN (`+db.In(len(chunk))+`)`, db.Args(chunk)...)
		if err != nil {
			return nil, err
		}
		for _, u := range uses {
			add(of[u.MeasurementID], reaction{Asked: u.Asked, Yes: u.Yes, No: u.No})
		}
	}
	return list, nil
}
