package measurement

import (
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
	"ostoja/internal/project"
	"ostoja/internal/text"
)

// Draft attaches a test to a course or a training.
type Draft struct {
	TestID    string
	Kind      Kind
	SubjectID string // of the course or training that there is
	Make      Make   // makes what is measured in its place, if set
	Project   string // of a course; a training has its own
	UnitID    string // whose it is
	Waves     []Wave
	Survey    bool
}

func (d Draft) check() (faults errs.Fields) {
	switch {
	case d.Kind != OfCourse && d.Kind != OfTraining:
		faults.Add("kind", "error.invalid")
	case d.SubjectID == "" && d.Make == nil && d.Kind == OfCourse:
		faults.Add("course", "assessment.measure.no-course")
	case d.SubjectID == "" && d.Make == nil:
		faults.Add("title", "error.invalid")
	}
	for _, w := range d.Waves {
		if !w.IsFollowUp() {
			faults.Add("waves", "error.invalid")
		}
	}
	return append(faults, project.Check(d.Project)...)
}

// Attach attaches a competence test. To a course: everybody who is enrolled and has not begun becomes a participant, as does
// who enrols from now on; that concerns all units, so the right must hold everywhere. To a training of a unit: participants
// are added with [Service.AddParticipants].
func (s *Service) Attach(ctx context.Context, actor access.Actor, d Draft) (m Measurement, err error) {
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
		subjectID := d.SubjectID
		if d.Make != nil {
			if subjectID, err = d.Make(ctx, tx, actor); err != nil {
				return err
			}
		}
		if err := s.checkTest(ctx, tx, d.TestID); err != nil {
			return err
		}
		m = Measurement{
			ID: id.New(), TestID: d.TestID, Kind: d.Kind, SubjectID: subjectID, UnitID: d.UnitID, Survey: d.Survey, Seed: s.seed(),
			Waves: sortedWaves(d.Waves), CreatedAt: s.clock.Now(), CreatedBy: actor.PersonID,
		}
		if err := s.insert(ctx, tx, &m, d.Project); err != nil {
			return err
		}
		return audit.Record(ctx, tx, m.CreatedAt, actor.PersonID, "measurement.attach", "measurement:"+m.ID, map[string]any{"kind": m.Kind, "subject": m.SubjectID})
	})
	return m, err
}

// insert stores a new measurement. Only that of a course has a project of its own, and participants at once.
func (s *Service) insert(ctx context.Context, tx *db.Tx, m *Measurement, projectName string) error {
	if m.Kind == OfTraining {
		return insertMeasurement(ctx, tx, *m, "")
	}
	projectID, err := project.Named(ctx, tx, projectName, m.CreatedAt)
	if err != nil {
		return err
	}
	m.CourseProject = strings.TrimSpace(projectName)
	return s.attachCourse(ctx, tx, *m, projectID)
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

func (s *Service) attachCourse(ctx context.Context, tx *db.Tx, m Measurement, projectID string) error {
	of, err := s.describeOne(ctx, tx, m)
	if errors.Is(err, errs.ErrNotFound) {
		return errs.Fields{{Name: "course", Key: "assessment.measure.no-course"}}.Err()
	}
	if err != nil {
		return err
	}
	if err := insertMeasurement(ctx, tx, m, projectID); db.IsUnique(err) { // of a course, one is open
		return errs.Fields{{Name: "course", Key: "assessment.measure.already"}}.Err()
	} else if err != nil {
		return err
	}
	personIDs, err := s.courses.Unbegun(ctx, tx, m.SubjectID)
	if err != nil {
		return err
	}
	subjects, err := s.people.Subjects(ctx, tx, personIDs)
	if err != nil {
		return err
	}
	for _, p := range subjects {
		if _, err := s.join(ctx, tx, of, p); err != nil {
			return err
		}
	}
	return nil
}

// join makes a person a participant and asks them what the kind of measurement asks at once.
func (s *Service) join(ctx context.Context, tx *db.Tx, m Described, p Subject) (made bool, err error) {
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
	text := `UPDATE participant SET ` + w.column("state") + ` = ?`
	if w.IsFollowUp() && state == Asked {
		text += `, ` + w.column("use") + ` = 'asked'`
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
			of, err := s.describeOne(ctx, tx, m)
			if err != nil {
				return err
			}
			for _, p := range portion {
				made, err := s.join(ctx, tx, of, p)
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

// Listed is a measurement in a list.
type Listed struct {
	Described
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
		WHERE (m.subject_kind = 'course' OR `+condition+`)`+one+` ORDER BY m.created_at DESC, m.id DESC`, args...)
	if err != nil {
		return nil, nil, err
	}
	counts, err = tallies(ctx, s.db, actor, measurementID)
	if err != nil {
		return nil, nil, err
	}
	described, err := s.describe(ctx, s.db, rows)
	if err != nil {
		return nil, nil, err
	}
	byID := map[string]Tally{}
	for _, c := range counts {
		byID[c.MeasurementID] = c
	}
	for _, m := range described {
		c := byID[m.ID]
		l := Listed{Described: m, Participants: c.N, Done: map[Wave]int{Before: c.Before, After: c.After, Week: c.Week, Months3: c.Months3, Months6: c.Months6}}
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

// MayChange says whether the actor may add participants to a measurement and close it.
func (s *Service) MayChange(ctx context.Context, actor access.Actor, measurementID string) (may bool, err error) {
	defer errs.Wrap(&err, "measurement.MayChange")
	_, err = s.writable(ctx, s.db, actor, measurementID)
	if errors.Is(err, errs.ErrNotFound) || errors.Is(err, errs.ErrForbidden) {
		return false, nil
	}
	return err == nil, err
}
