package desk

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/text"
)

// moments define the figures: each is the time at which it came true for the person, NULL if the figure does not count them.
// Counting, filtering and the breakdown by month all go by these, so that they cannot disagree. Here and in all queries below,
// l is a person's latest round of the course (the view learning_latest) and p the person (identity_person).
var moments = map[Figure]string{
	Invited:    `l.first_created_at`,
	Started:    `l.first_started_at`,
	inProgress: `(CASE WHEN l.passed_at IS NULL AND l.withdrawn_at IS NULL THEN l.started_at END)`,
	Finished:   `l.first_finished_at`,
	Passed:     `l.first_passed_at`,
	withdrawn:  `l.withdrawn_at`,
}

// stateConditions say the same as [Person.State].
var stateConditions = map[State]string{
	StateInvited:    `l.withdrawn_at IS NULL AND l.passed_at IS NULL AND l.finished_at IS NULL AND l.started_at IS NULL`,
	StateInProgress: `l.withdrawn_at IS NULL AND l.passed_at IS NULL AND l.finished_at IS NULL AND l.started_at IS NOT NULL`,
	StateFinished:   `l.withdrawn_at IS NULL AND l.passed_at IS NULL AND l.finished_at IS NOT NULL`,
	StatePassed:     `l.withdrawn_at IS NULL AND l.passed_at IS NOT NULL`,
	StateWithdrawn:  `l.withdrawn_at IS NOT NULL`,
}

// where collects conditions and their arguments.
type where struct {
	conditions []string
	args       []any
	people     bool // some of them are about the person, who must be looked up
}

func (w *where) and(condition string, args ...any) {
	w.conditions = append(w.conditions, condition)
	w.args = append(w.args, args...)
}

func (w *where) andPerson(condition string, args ...any) {
	w.people = true
	w.and(condition, args...)
}

// String returns the conditions as one.
func (w *where) String() string {
	if len(w.conditions) == 0 {
		return "TRUE"
	}
	return strings.Join(w.conditions, " AND ")
}

// within limits p to people whom the actor may see and who are in the chosen unit. A person beyond the actor's reach is in no
// figure, list or file.
func (w *where) within(t *tree, actor access.Actor, permission access.Permission, unitID string, only bool) error {
	reach, args := actor.Within(permission, "u.path")
	var parts []string
	if reach != "TRUE" {
		parts = append(parts, reach)
	}
	if unitID != "" {
		u, ok := t.byID[unitID]
		if !ok {
			return errs.NotFound("error.not-found")
		}
		if only {
			parts, args = append(parts, `u.id = ?`), append(args, u.ID)
		} else {
			parts, args = append(parts, `u.path LIKE ?`), append(args, u.Path+"%")
		}
	}
	if len(parts) > 0 {
		w.andPerson(`p.unit_id IN (SELECT u.id FROM identity_unit u WHERE `+strings.Join(parts, " AND ")+`)`, args...)
	}
	return nil
}

func (w *where) region(t *tree, region string) {
	if region == "" {
		return
	}
	if region == NoRegion {
		region = ""
	}
	units := t.inRegion(region)
	if region == "" {
		w.andPerson(`p.region = '' AND p.unit_id IN (`+db.In(len(units))+`)`, units...)
		return
	}
	w.andPerson(`(p.region = ? OR (p.region = '' AND p.unit_id IN (`+db.In(len(units))+`)))`, append([]any{region}, units...)...)
}

func (w *where) search(words string) {
	for _, word := range strings.Fields(text.Search(words)) {
		w.andPerson(`p.search_text LIKE ? ESCAPE '\'`, db.Like(word))
	}
}

// filter adds the conditions of a filter over the people of a course.
func (s *Service) filter(t *tree, actor access.Actor, permission access.Permission, courseID string, f Filter) (w where, err error) {
	w.and(`l.course_id = ?`, courseID)
	if err := w.within(t, actor, permission, f.Unit, f.UnitOnly); err != nil {
		return w, err
	}
	w.region(t, f.Region)
	if f.State != "" {
		condition, ok := stateConditions[f.State]
		if !ok {
			return w, errs.Invalid("error.invalid")
		}
		w.and(condition)
	}
	if err := w.moment(f, s.zone); err != nil {
		return w, err
	}
	if f.Stalled > 0 {
		w.and(`l.withdrawn_at IS NULL AND l.passed_at IS NULL AND COALESCE(l.active_at, l.created_at) < ?`, s.clock.Now().AddDate(0, 0, -f.Stalled))
	}
	if err := w.due(f.Due, s.clock.Now(), s.zone); err != nil {
		return w, err
	}
	w.search(f.Search)
	return w, nil
}

func (w *where) moment(f Filter, zone *time.Location) error {
	figure := f.Figure
	if figure == "" {
		figure = Invited
	}
	moment, ok := moments[figure]
	if !ok {
		return errs.Invalid("error.invalid")
	}
	if f.Month != "" {
		from, to, err := monthRange(f.Month, zone)
		if err != nil {
			return err
		}
		w.and(moment+` >= ? AND `+moment+` < ?`, from, to)
	} else if f.Figure != "" && f.Figure != Invited { // everybody was invited
		w.and(moment + ` IS NOT NULL`)
	}
	return nil
}

// monthRange returns the first moments of a month, written 2026-11, and of the next one, in the installation's zone.
func monthRange(month string, zone *time.Location) (from, to time.Time, err error) {
	t, err := time.Parse("2006-01", month)
	if err != nil {
		return from, to, errs.Invalid("error.invalid").Because(err)
	}
	from = time.Date(t.Year(), t.Month(), 1, 0, 0, 0, 0, zone)
	return from, from.AddDate(0, 1, 0), nil
}

func monthOf(t time.Time, zone *time.Location) string {
	t = t.In(zone)
	return fmt.Sprintf("%04d-%02d", t.Year(), t.Month())
}

// orders are what lists can be sorted by. Every order ends with the name, so that pages do not overlap.
var orders = map[string]string{
	"unit":     `(SELECT u.name FROM identity_unit u WHERE u.id = p.unit_id)`,
	"invited":  moments[Invited],
	"active":   `COALESCE(l.active_at, 0)`,
	"progress": `l.parts_done`,
	"passed":   `COALESCE(` + moments[Passed] + `, 0)`,
	"score":    `COALESCE(l.best, -1)`,
	"due":      `COALESCE(l.due_at, 9223372036854775807)`, // who has no day comes last
}

func (s Sort) sql() string {
	direction := ""
	if s.Desc {
		direction = " DESC"
	}
	name := `p.sort_key` + direction + `, p.id` + direction
	if by, ok := orders[s.By]; ok {
		return by + direction + `, p.sort_key, p.id`
	}
	return name
}

// known says whether there is such a sort.
func (s Sort) known() bool { return s.By == "" || slices.Contains(sorts, s.By) }
