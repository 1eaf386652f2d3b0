package measurement

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/audit"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/id"
	"ostoja/internal/text"
)

// MeasurementDraft attaches a test to a course or a training.
type MeasurementDraft struct {
	TestID    string
	Kind      Kind
	CourseID  string
	Title     string // of a training
	Place     string
	HeldFrom  time.Time
	HeldUntil time.Time
	Project   string
	UnitID    string // whose it is
	Waves     []Wave
	Survey    bool
}

const mostTitle = 200 // characters

func (d MeasurementDraft) check() (faults errs.Fields) {
	switch d.Kind {
	case OfCourse:
		if d.CourseID == "" {
			faults.Add("course", "assessment.measure.no-course")
		}
	case OfTraining:
		if n := len([]rune(strings.TrimSpace(d.Title))); n == 0 || n > mostTitle {
			faults.Add("title", "assessment.measure.title-fault", "High", mostTitle)
		}
		switch {
		case d.HeldFrom.IsZero():
			faults.Add("from", "assessment.measure.date")
		case d.HeldUntil.IsZero():
			faults.Add("until", "assessment.measure.date")
		case !d.HeldUntil.After(d.HeldFrom):
			faults.Add("until", "assessment.measure.order")
		}
	default:
		faults.Add("kind", "error.invalid")
	}
	if len([]rune(d.Project)) > mostTitle || len([]rune(d.Place)) > mostTitle {
		faults.Add("project", "assessment.measure.title-fault", "High", mostTitle)
	}
	for _, w := range d.Waves {
		if !w.IsFollowUp() {
			faults.Add("waves", "error.invalid")
		}
	}
	return faults
}

// Attach attaches a competence test. To a course: everybody who is enrolled and has not begun becomes a participant, as does
// who enrols from now on; that concerns all units, so the right must hold everywhere. To a training of a unit: participants
// are added with [Service.AddParticipants].
func (s *Service) Attach(ctx context.Context, actor access.Actor, d MeasurementDraft) (m Measurement, err error) {
	defer errs.Wrap(&err, "measurement.Attach")
	if err := d.check().Err(); err != nil {
		return m, err
	}
	err = s.db.Update(ctx, func(tx *db.Tx) error {
		path, err := s.people.UnitPath(ctx, tx, d.UnitID)
		if errors.Is(err, errs.ErrNotFound) {
			return errs.Fields{{Name: "unit", Key: "assessment.measure.no-unit"}}.Err()
		}
		if err != nil {
			return err
		}
		if !actor.May(access.Measure, path) || d.Kind == OfCourse && !actor.Everywhere(access.Measure) {
			return errs.Forbidden("error.forbidden")
		}
		if err := s.checkTest(ctx, tx, d.TestID); err != nil {
			return err
		}
		m = Measurement{
			ID: id.New(), TestID: d.TestID, Kind: d.Kind, UnitID: d.UnitID, Project: strings.TrimSpace(d.Project), Survey: d.Survey, Seed: s.seed(),
			Waves: sortedWaves(d.Waves), CreatedAt: s.clock.Now(), CreatedBy: actor.PersonID,
		}
		if d.Kind == OfCourse {
			m.CourseID = d.CourseID
			err = s.attachCourse(ctx, tx, m)
		} else {
			m.Title, m.Place, m.HeldFrom, m.HeldUntil = strings.TrimSpace(d.Title), strings.TrimSpace(d.Place), d.HeldFrom, d.HeldUntil
			err = insertMeasurement(ctx, tx, m)
		}
		if err != nil {
			return err
		}
		return audit.Record(ctx, tx, m.CreatedAt, actor.PersonID, "measurement.attach", "measurement:"+m.ID, map[string]any{"kind": m.Kind, "course": m.CourseID})
	})
	return m, err
}

// checkTest refuses a test that a second person has not approved.
func (s *Service) checkTest(ctx context.Context, q db.Querier, testID string) error {
	t, err := s.bank.TestIn(ctx, q, testID)
	switch {
	case errors.Is(err, errs.ErrNotFound):
		return errs.Fields{{Name: "test", Key: "assessment.measure.no-test"}}.Err()
	case err != nil:
		return err
	case t.Unapproved() > 0:
		return errs.Fields{{Name: "test", Key: "assessment.measure.unapproved", Args: errs.Args("Count", t.Unapproved())}}.Err()
	}
	return nil
}

func sortedWaves(waves []Wave) []Wave {
	list := []Wave{}
	for _, w := range FollowUps {
		if slices.Contains(waves, w) {
			list = append(list, w)
		}
	}
	return list
}

func (s *Service) attachCourse(ctx context.Context, tx *db.Tx, m Measurement) error {
	if _, err := s.courses.Title(ctx, tx, m.CourseID); err != nil {
		if errors.Is(err, errs.ErrNotFound) {
			return errs.Fields{{Name: "course", Key: "assessment.measure.no-course"}}.Err()
		}
		return err
	}
	if err := insertMeasurement(ctx, tx, m); db.IsUnique(err) { // of a course, one is open
		return errs.Fields{{Name: "course", Key: "assessment.measure.already"}}.Err()
	} else if err != nil {
		return err
	}
	personIDs, err := s.courses.Unbegun(ctx, tx, m.CourseID)
	if err != nil {
		return err
	}
	subjects, err := s.people.Subjects(ctx, tx, personIDs)
	if err != nil {
		return err
	}
	for _, p := range subjects {
		if _, err := s.join(ctx, tx, m, p); err != nil {
			return err
		}
	}
	return nil
}

// join makes a person a participant and asks them what the kind of measurement asks at once.
func (s *Service) join(ctx context.Context, tx *db.Tx, m Measurement, p Subject) (made bool, err error) {
	now, participantID := s.clock.Now(), id.New()
	if made, err = insertParticipant(ctx, tx, participantID, m.ID, p, now); err != nil || !made {
		return false, err
	}
	if m.Kind == OfCourse { // the page of the course asks; no letter of its own
		return true, s.ask(ctx, tx, participantID, Before, now, time.Time{}, time.Time{})
	}
	return true, s.schedule(ctx, tx, participantID, s.asks(m, now))
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// ask makes the sitting of a wave, once.
func (s *Service) ask(ctx context.Context, tx *db.Tx, participantID string, w Wave, due, mail, closes time.Time) error {
	made, err := insertSitting(ctx, tx, Sitting{ID: id.New(), ParticipantID: participantID, Wave: w, Seed: s.seed(), DueAt: due, MailAt: mail, ClosesAt: closes})
	if err != nil || !made || due.After(s.clock.Now()) {
		return err // what lies ahead counts as asked when it falls due
	}
	return setState(ctx, tx, participantID, w, Asked)
}

// setState notes a wave's state where the report reads it.
func setState(ctx context.Context, tx *db.Tx, participantID string, w Wave, state State) error {
	if !slices.Contains(Waves, w) {
		return errs.Invalid("error.invalid")
	}
	text := `UPDATE participant SET ` + string(w) + `_state = ?`
	if w.IsFollowUp() && state == Asked {
		text += `, ` + string(w) + `_use = 'asked'`
	}
	return db.Exec(ctx, tx, text+` WHERE id = ?`, string(state), participantID)
}

// AddParticipants adds people to a training, of those whom the actor may measure; it returns how many are new.
func (s *Service) AddParticipants(ctx context.Context, actor access.Actor, measurementID string, personIDs []string) (n int, err error) {
	defer errs.Wrap(&err, "measurement.AddParticipants(%d)", len(personIDs))
	if _, err := s.writable(ctx, s.db, actor, measurementID); err != nil {
		return 0, err
	}
	subjects, err := s.people.SubjectsWithin(ctx, s.db, actor, access.Measure, personIDs)
	if err != nil {
		return 0, err
	}
	for portion := range slices.Chunk(subjects, 200) {
		added := 0
		err := s.db.Update(ctx, func(tx *db.Tx) error {
			added = 0
			m, err := s.writable(ctx, tx, actor, measurementID)
			if err != nil {
				return err
			}
			if m.Kind != OfTraining || !m.ClosedAt.IsZero() {
				return errs.Conflict("assessment.measure.closed")
			}
			for _, p := range portion {
				made, err := s.join(ctx, tx, m, p)
				if err != nil {
					return err
				}
				if made {
					added++
				}
			}
			return audit.Record(ctx, tx, s.clock.Now(), actor.PersonID, "measurement.join", "measurement:"+m.ID, map[string]any{"people": added})
		})
		if err != nil {
			return n, err
		}
		n += added
	}
	return n, nil
}

// writable returns a measurement that the actor may change.
func (s *Service) writable(ctx context.Context, q db.Querier, actor access.Actor, measurementID string) (m Measurement, err error) {
	return s.reach(ctx, q, actor, access.Measure, measurementID)
}

// reach returns a measurement for which the actor has a permission; any other is not found.
func (s *Service) reach(ctx context.Context, q db.Querier, actor access.Actor, p access.Permission, measurementID string) (m Measurement, err error) {
	if !id.Valid(measurementID) {
		return m, errs.NotFound("error.not-found")
	}
	if m, err = measurementByID(ctx, q, measurementID); err != nil {
		return m, err
	}
	path, err := s.people.UnitPath(ctx, q, m.UnitID)
	if err != nil {
		return m, err
	}
	if !actor.May(p, path) || p == access.Measure && m.Kind == OfCourse && !actor.Everywhere(p) {
		return Measurement{}, errs.NotFound("error.not-found")
	}
	return m, nil
}

// Close ends a measurement for newcomers, or opens it again: who is in it goes on.
func (s *Service) Close(ctx context.Context, actor access.Actor, measurementID string, closed bool) (err error) {
	defer errs.Wrap(&err, "measurement.Close")
	now := s.clock.Now()
	var at any
	if closed {
		at = now
	}
	return s.db.Update(ctx, func(tx *db.Tx) error {
		m, err := s.writable(ctx, tx, actor, measurementID)
		if err != nil {
			return err
		}
		if err := db.Exec(ctx, tx, `UPDATE measurement SET closed_at = ? WHERE id = ?`, at, m.ID); db.IsUnique(err) { // of a course, one is open
			return errs.Conflict("assessment.measure.already")
		} else if err != nil {
			return err
		}
		return audit.Record(ctx, tx, now, actor.PersonID, "measurement.close", "measurement:"+m.ID, map[string]any{"closed": closed})
	})
}

// Announce says whether a training stands on the public site, with its title, place and days. Nobody's training is named
// there unless somebody who may change it agreed.
func (s *Service) Announce(ctx context.Context, actor access.Actor, measurementID string, announced bool) (err error) {
	defer errs.Wrap(&err, "measurement.Announce")
	return s.db.Update(ctx, func(tx *db.Tx) error {
		m, err := s.writable(ctx, tx, actor, measurementID)
		if err != nil {
			return err
		}
		if m.Kind != OfTraining {
			return errs.Invalid("error.invalid")
		}
		if err := db.Exec(ctx, tx, `UPDATE measurement SET announced = ? WHERE id = ?`, announced, m.ID); err != nil {
			return err
		}
		if err := s.events.Emit(ctx, tx, AnnouncementChanged{}); err != nil {
			return err
		}
		return audit.Record(ctx, tx, s.clock.Now(), actor.PersonID, "measurement.announce", "measurement:"+m.ID, map[string]any{"announced": announced})
	})
}

// Announced returns the trainings that stand on the public site, the newest first.
func (s *Service) Announced(ctx context.Context, q db.Querier) (_ []Measurement, err error) {
	defer errs.Wrap(&err, "measurement.Announced")
	const most = 50
	return db.All[Measurement](ctx, q, `SELECT `+measurementColumns+` FROM measurement m WHERE m.kind = 'training' AND m.announced ORDER BY m.held_from DESC LIMIT ?`, most)
}

// Listed is a measurement in a list.
type Listed struct {
	Measurement
	Name         text.Translated // title of the course or training
	TestTitle    text.Translated
	Participants int
	Done         map[Wave]int
}

// Measurements returns the measurements that the actor may read, the newest first: those of their units, and of courses
// those that are taken there.
func (s *Service) Measurements(ctx context.Context, actor access.Actor) (list []Listed, err error) {
	defer errs.Wrap(&err, "measurement.Measurements")
	list, _, err = s.listed(ctx, actor, "")
	return list, err
}

// Overview returns [Service.Measurements] and the tallies of everybody within the actor's reach, in measurements that the actor
// may not read too.
func (s *Service) Overview(ctx context.Context, actor access.Actor) (list []Listed, counts []Tally, err error) {
	defer errs.Wrap(&err, "measurement.Overview")
	return s.listed(ctx, actor, "")
}

// listed returns one measurement, or all for the id "", of those that the actor may read, and the tallies.
func (s *Service) listed(ctx context.Context, actor access.Actor, measurementID string) (list []Listed, counts []Tally, err error) {
	if !actor.Has(access.EvidenceRead) {
		return nil, nil, errs.NotFound("error.not-found")
	}
	condition, args := actor.Within(access.EvidenceRead, "u.path")
	one := ``
	if measurementID != "" {
		one, args = ` AND m.id = ?`, append(args, measurementID)
	}
	rows, err := db.All[Measurement](ctx, s.db, `SELECT `+measurementColumns+` FROM measurement m JOIN unit u ON u.id = m.unit_id
		WHERE (m.kind = 'course' OR `+condition+`)`+one+` ORDER BY m.created_at DESC, m.id DESC`, args...)
	if err != nil {
		return nil, nil, err
	}
	counts, err = tallies(ctx, s.db, actor, measurementID)
	if err != nil {
		return nil, nil, err
	}
	byID := map[string]Tally{}
	for _, c := range counts {
		byID[c.MeasurementID] = c
	}
	for _, m := range rows {
		c := byID[m.ID]
		l := Listed{Measurement: m, Participants: c.N, Done: map[Wave]int{Before: c.Before, After: c.After, Week: c.Week, Months3: c.Months3, Months6: c.Months6}}
		if l.Name, err = s.name(ctx, s.db, m); err != nil {
			return nil, nil, err
		}
		t, err := s.bank.TestIn(ctx, s.db, m.TestID)
		if err != nil {
			return nil, nil, err
		}
		l.TestTitle = t.Title
		list = append(list, l)
	}
	return list, counts, nil
}

// Measurement returns one measurement that the actor may read.
func (s *Service) Measurement(ctx context.Context, actor access.Actor, measurementID string) (l Listed, err error) {
	defer errs.Wrap(&err, "measurement.Measurement")
	if !id.Valid(measurementID) {
		return l, errs.NotFound("error.not-found")
	}
	list, _, err := s.listed(ctx, actor, measurementID)
	if err == nil && len(list) == 0 {
		err = errs.NotFound("error.not-found")
	}
	if err != nil {
		return l, err
	}
	return list[0], nil
}

// name returns what a measurement is called: after its course or training.
func (s *Service) name(ctx context.Context, q db.Querier, m Measurement) (text.Translated, error) {
	if m.Kind == OfCourse {
		return s.courses.Title(ctx, q, m.CourseID)
	}
	return text.Translated{"": m.Title}, nil
}

// Projects returns the names of projects in use where the actor may measure, sorted, to be offered again.
func (s *Service) Projects(ctx context.Context, actor access.Actor) (_ []string, err error) {
	defer errs.Wrap(&err, "measurement.Projects")
	condition, args := actor.Within(access.Measure, "u.path")
	list, err := db.All[string](ctx, s.db, `SELECT DISTINCT m.project FROM measurement m JOIN unit u ON u.id = m.unit_id WHERE m.project <> '' AND `+condition, args...)
	slices.SortFunc(list, func(a, b string) int { return cmp.Compare(text.SortKey(a), text.SortKey(b)) })
	return list, err
}

// MayChange says whether the actor may add participants to a measurement and close it.
func (s *Service) MayChange(ctx context.Context, actor access.Actor, measurementID string) bool {
	_, err := s.writable(ctx, s.db, actor, measurementID)
	return err == nil
}
