package desk

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/clock"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/text"
)

// Due chooses people by the day by which they should have passed. It speaks of who is under way: nobody is late who passed or was withdrawn.
type Due string

// The choices.
const (
	DueLate Due = "late" // the day is over
	DueWeek Due = "week" // it is today or within seven days
	DueSet  Due = "set"  // there is one
	DueNone Due = "none" // there is none
)

// Dues lists the choices in order.
var Dues = []Due{DueLate, DueWeek, DueSet, DueNone}

const underWay = `l.passed_at IS NULL AND l.withdrawn_at IS NULL AND `

func (w *where) due(d Due, now time.Time, zone *time.Location) error {
	switch d {
	case "":
	case DueLate:
		w.and(underWay+`l.due_at < ?`, now)
	case DueWeek:
		w.and(underWay+`l.due_at >= ? AND l.due_at < ?`, now, EndOfDay(now.In(zone).AddDate(0, 0, 8)))
	case DueSet:
		w.and(underWay + `l.due_at IS NOT NULL`)
	case DueNone:
		w.and(underWay + `l.due_at IS NULL`)
	default:
		return errs.Invalid("error.invalid")
	}
	return nil
}

// EndOfDay returns the last moment, as the database keeps it, of the day on which t falls in its own zone.
func EndOfDay(t time.Time) time.Time {
	y, m, d := t.Date()
	return time.Date(y, m, d+1, 0, 0, 0, 0, t.Location()).Add(-time.Microsecond).UTC()
}

// Overdue says whether the person is late at a time.
func (p Person) Overdue(now time.Time) bool {
	return !p.DueAt.IsZero() && p.RoundPassed.IsZero() && p.WithdrawnAt.IsZero() && now.After(p.DueAt)
}

// mostDays bounds a day that is said as "in so many days": two years.
const mostDays = 730

// ReadDue reads the day by which people should have passed, as a form says it: a date (2026-12-15), or in how many days. Both empty is no
// day, and the zero time. Faults are at the fields due-day and days.
func (s *Service) ReadDue(date, days string) (due time.Time, err error) {
	var faults errs.Fields
	now := s.clock.Now().In(s.zone)
	date, days = strings.TrimSpace(date), strings.TrimSpace(days)
	switch {
	case date != "" && days != "":
		faults.Add("days", "desk.due.both")
	case date != "":
		t, parseErr := time.ParseInLocation(time.DateOnly, date, s.zone)
		switch {
		case parseErr != nil:
			faults.Add("due-day", "desk.due.unreadable")
		case clock.DaysBetween(now, t, s.zone) < 0:
			faults.Add("due-day", "desk.due.past")
		case clock.DaysBetween(now, t, s.zone) > mostDays:
			faults.Add("due-day", "desk.due.far")
		default:
			due = EndOfDay(t)
		}
	case days != "":
		n, parseErr := strconv.Atoi(days)
		if parseErr != nil || n < 1 || n > mostDays {
			faults.Add("days", "desk.due.days-wrong", "Most", mostDays)
		} else {
			due = EndOfDay(now.AddDate(0, 0, n))
		}
	}
	return due, faults.Err()
}

// Chosen returns the enrolments that a selection means, of people whom the actor may act for and who are under way.
func (s *Service) Chosen(ctx context.Context, actor access.Actor, courseID string, chosen Selection) (ids []string, err error) {
	defer errs.Wrap(&err, "desk.Chosen(%q)", courseID)
	if !chosen.All && len(chosen.Enrolments) == 0 {
		return nil, errs.Invalid("desk.remind.nobody")
	}
	list, err := s.recipients(ctx, actor, courseID, chosen)
	for _, p := range list {
		if !p.Ended {
			ids = append(ids, p.EnrolmentID)
		}
	}
	slices.Sort(ids)
	return ids, err
}

// Late returns how many people within the actor's reach are late in a course, and how many are due within seven days.
func (s *Service) Late(ctx context.Context, actor access.Actor, courseID string) (late, soon int, err error) {
	defer errs.Wrap(&err, "desk.Late(%q)", courseID)
	err = s.db.View(ctx, func(tx *db.Tx) error {
		t, err := loadTree(ctx, tx)
		if err != nil {
			return err
		}
		for due, n := range map[Due]*int{DueLate: &late, DueWeek: &soon} {
			w, err := s.filter(t, actor, access.DeskRead, courseID, Filter{Due: due})
			if err != nil {
				return err
			}
			if *n, err = count(ctx, tx, w); err != nil {
				return err
			}
		}
		return nil
	})
	return late, soon, err
}

// within returns all courses, and the condition for people whom the actor may act for.
func (s *Service) within(ctx context.Context, actor access.Actor) (courses []Course, w where, err error) {
	if courses, err = s.courses.All(ctx); err != nil {
		return nil, w, err
	}
	t, err := loadTree(ctx, s.db)
	if err != nil {
		return nil, w, err
	}
	err = w.within(t, actor, access.DeskWrite, "", false)
	return courses, w, err
}

// CountOf is how many people something holds of in a course.
type CountOf struct {
	Course
	People int
}

// LateByCourse returns the courses in which people within the actor's reach are late, in the order in which courses are shown.
func (s *Service) LateByCourse(ctx context.Context, actor access.Actor) (list []CountOf, err error) {
	defer errs.Wrap(&err, "desk.LateByCourse")
	courses, w, err := s.within(ctx, actor)
	if err != nil {
		return nil, err
	}
	if err := w.due(DueLate, s.clock.Now(), s.zone); err != nil {
		return nil, err
	}
	return s.countOf(ctx, courses, w)
}

// PassedSince returns the courses that people within the actor's reach passed since a time, with how many did, in the order in which courses are shown.
func (s *Service) PassedSince(ctx context.Context, actor access.Actor, since time.Time) (list []CountOf, err error) {
	defer errs.Wrap(&err, "desk.PassedSince")
	courses, w, err := s.within(ctx, actor)
	if err != nil {
		return nil, err
	}
	w.and(`l.passed_at >= ?`, since)
	return s.countOf(ctx, courses, w)
}

// countOf counts whom w chooses by course; a course with none is left out.
func (s *Service) countOf(ctx context.Context, courses []Course, w where) (list []CountOf, err error) {
	type row struct {
		CourseID string
		N        int
	}
	people := map[string]int{}
	err = db.Each(ctx, s.db, func(r row) { people[r.CourseID] = r.N }, `SELECT l.course_id, COUNT(*) AS n`+fromRounds(w)+w.String()+` GROUP BY l.course_id`, w.args...)
	for _, c := range courses {
		if people[c.ID] > 0 {
			list = append(list, CountOf{c, people[c.ID]})
		}
	}
	return list, err
}

// DueDay is how many people are due on a day in a course.
type DueDay struct {
	CourseID string
	Title    text.Translated `db:"-"`
	DueAt    time.Time
	People   int
}

// DueDays returns the days by which people within the actor's reach who are under way should have passed, with their numbers: those of the
// last ninety days and all to come.
func (s *Service) DueDays(ctx context.Context, actor access.Actor) (list []DueDay, err error) {
	defer errs.Wrap(&err, "desk.DueDays")
	courses, w, err := s.within(ctx, actor)
	if err != nil {
		return nil, err
	}
	w.and(underWay+`l.due_at >= ?`, s.clock.Now().AddDate(0, 0, -90))
	list, err = db.All[DueDay](ctx, s.db, `SELECT l.course_id, l.due_at, COUNT(*) AS people`+fromRounds(w)+w.String()+` GROUP BY l.course_id, l.due_at ORDER BY l.due_at, l.course_id`, w.args...)
	for i := range list {
		for _, c := range courses {
			if c.ID == list[i].CourseID {
				list[i].Title = c.Title
			}
		}
	}
	return list, err
}
