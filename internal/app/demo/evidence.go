package demo

import (
	"context"
	"fmt"
	"math"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/classroom"
	"ostoja/internal/db"
	"ostoja/internal/id"
	"ostoja/internal/item"
	"ostoja/internal/itembank"
	"ostoja/internal/measurement"
	"ostoja/internal/measurement/survey"
	"ostoja/internal/measurement/topic"
)

// The demonstration's trainings have the sizes of a real project: of 800 learners 495 go to 22 trainings.
const (
	mostTrainings  = 22
	perTraining    = 22
	learnersPer    = 36
	withAnswers    = 1000 // learners whose single answers are kept, for the item analysis; more would only take time
	knowsBefore    = 0.46
	knowsAfter     = 0.78
	knowsLater     = 0.71
	comesToFollow  = 0.62 // of those asked later
	declinesOfWhom = 40   // one of so many
)

// measured is a measurement that is being filled.
type measured struct {
	m           measurement.Measurement
	test        *itembank.Test
	from, until time.Time // of a training
	n           int
}

// attachTests lets a second person approve the course's competence test and attaches it to the course and to trainings.
func (f *Filler) attachTests(ctx context.Context, learners int) error {
	tests, err := f.Bank.Tests(ctx)
	if err != nil || len(tests) == 0 {
		return err
	}
	reviewer, err := f.staffActor(ctx, access.Administrator)
	if err != nil {
		return err
	}
	var ids []string
	for _, form := range tests[0].Forms {
		ids = append(ids, form.Items...)
	}
	if _, err := f.Bank.Review(ctx, reviewer, ids, itembank.Approved, ""); err != nil {
		return err
	}
	attach := func(d measurement.Draft, from, until time.Time) error {
		d.TestID, d.UnitID, d.Waves, d.Survey = tests[0].ID, f.units[0].id, measurement.FollowUps, true
		m, err := f.Measurement.Attach(ctx, reviewer, d)
		if err != nil {
			return err
		}
		t, err := f.Bank.Test(ctx, m.TestID)
		f.measured = append(f.measured, &measured{m: m, test: t, from: from, until: until})
		return err
	}
	if err := attach(measurement.Draft{Kind: measurement.OfCourse, SubjectID: f.course.ID, Project: "E-learning 2026"}, time.Time{}, time.Time{}); err != nil {
		return err
	}
	for i := range min(mostTrainings, max(1, learners/learnersPer)) {
		region := regions[i%len(regions)]
		from := nineOClock(f.Clock.Now().AddDate(0, 0, -150+6*i), f.Measurement.Zone())
		training := classroom.Draft{
			Title: fmt.Sprintf("Szkolenie %d: Oddział %s", i+1, region.name), Place: "Oddział " + region.name, Project: "Szkolenia stacjonarne 2026",
			HeldFrom: from, HeldUntil: from.Add(31 * time.Hour), UnitID: f.units[0].id,
		}
		if err := attach(measurement.Draft{Kind: measurement.OfTraining, Make: f.Classroom.Maker(training)}, training.HeldFrom, training.HeldUntil); err != nil {
			return err
		}
	}
	return nil
}

func (f *Filler) staffActor(ctx context.Context, role access.Role) (access.Actor, error) {
	for _, s := range Staff {
		if s.Role == role {
			personID, err := db.One[string](ctx, f.DB, `SELECT id FROM person WHERE mail = ?`, s.Mail)
			return access.Actor{PersonID: personID, At: f.Clock.Now(), Grants: []access.Grant{{Role: role}}}, err
		}
	}
	return access.Actor{}, fmt.Errorf("no demonstration person is a %s", role)
}

// measure writes the n-th learner's sittings: of the course by its stage, and of a training if it went to one.
func (f *Filler) measure(ctx context.Context, tx *db.Tx, n int, p person, stage Stage) error {
	if len(f.measured) == 0 {
		return nil
	}
	if err := f.measureCourse(ctx, tx, n, p, stage); err != nil {
		return err
	}
	if at := 1 + n/perTraining; at < len(f.measured) {
		return f.measureTraining(ctx, tx, n, p, f.measured[at])
	}
	return nil
}

func (f *Filler) measureCourse(ctx context.Context, tx *db.Tx, n int, p person, stage Stage) error {
	s := f.join(n, p, f.measured[0], p.at)
	switch {
	case f.random.IntN(declinesOfWhom) == 0:
		s.states[measurement.Before] = measurement.Declined
	case stage == notBegun:
		s.states[measurement.Before] = measurement.Asked
	default:
		s.sit(measurement.Before, p.at.Add(time.Hour), knowsBefore)
	}
	if stage > UnderWay && s.states[measurement.Before] == measurement.Done {
		f.finished(s, p.at.Add(time.Duration(5+f.random.IntN(20))*24*time.Hour))
	}
	return s.write(ctx, tx)
}

func (f *Filler) measureTraining(ctx context.Context, tx *db.Tx, n int, p person, m *measured) error {
	s := f.join(n, p, m, m.from.AddDate(0, 0, -8))
	if f.random.IntN(12) == 0 {
		s.states[measurement.Before] = measurement.Closed
	} else {
		s.sit(measurement.Before, m.from.Add(-2*time.Hour), knowsBefore-0.03)
	}
	f.finished(s, m.until)
	return s.write(ctx, tx)
}

// finished writes the sittings that follow the end of a course or training, as far as they are due.
func (f *Filler) finished(s *sitter, end time.Time) {
	now := f.Clock.Now()
	if end.After(now) || s.states[measurement.Before] != measurement.Done {
		return
	}
	if f.random.IntN(14) == 0 {
		s.states[measurement.After] = measurement.Asked
		return
	}
	s.sit(measurement.After, end.Add(2*time.Hour), knowsAfter)
	s.evaluate()
	for _, w := range measurement.FollowUps {
		due := measurement.FollowUpAt(w, end, f.Measurement.Zone())
		if due.After(now) {
			return
		}
		s.states[w], s.uses[w] = measurement.Asked, "asked"
		if f.random.Float64() < comesToFollow {
			s.sit(w, due.Add(30*time.Hour), knowsLater)
			s.uses[w] = []string{"yes", "yes", "yes", "no", "asked"}[f.random.IntN(5)]
		}
	}
}

// sitter collects a learner's sittings of one measurement.
type sitter struct {
	f             *Filler
	p             person
	m             *measured
	participantID string
	joined        time.Time
	ability       float64 // added to the chance of knowing an answer
	answers       bool
	seen          []string
	states        map[measurement.Wave]measurement.State
	uses          map[measurement.Wave]string
	done          []sat
	survey        string
	chosen        map[string]int
}

type sat struct {
	wave    measurement.Wave
	form    *itembank.Form
	at      time.Time
	percent float64
	topics  topic.Percents
	answers []item.Answer
	shares  []float64
}

func (f *Filler) join(n int, p person, m *measured, at time.Time) *sitter {
	return &sitter{
		f: f, p: p, m: m, participantID: id.New(), joined: at, ability: f.random.NormFloat64() * 0.2, answers: n < withAnswers,
		states: map[measurement.Wave]measurement.State{}, uses: map[measurement.Wave]string{},
	}
}

// sit sits a wave, knowing each answer with about the given chance.
func (s *sitter) sit(w measurement.Wave, at time.Time, knows float64) {
	name := ""
	if len(s.seen) == 0 {
		name = measurement.FirstForm(s.m.m.Seed, s.m.n)
		s.m.n++
	} else {
		name = measurement.NextForm(w, s.seen, s.m.test.FormNames())
	}
	s.seen = append(s.seen, name)
	x := sat{wave: w, at: at}
	for i := range s.m.test.Forms {
		if s.m.test.Forms[i].Name == name {
			x.form = &s.m.test.Forms[i]
		}
	}
	sums, counts, total, scored := map[string]float64{}, map[string]float64{}, 0.0, 0.0
	for _, v := range x.form.Versions {
		chance := math.Max(0.05, math.Min(0.98, knows+s.ability+0.05*float64(2-v.Level)))
		a, share := s.f.answer(&v.Content, chance)
		x.answers, x.shares = append(x.answers, a), append(x.shares, share)
		if s.m.test.Scored(v) {
			sums[v.Topic] += share
			counts[v.Topic]++
			total, scored = total+share, scored+1
		}
	}
	for topic := range sums {
		sums[topic] *= 100 / counts[topic]
	}
	x.percent, x.topics = 100*total/scored, topic.Of(sums)
	s.states[w] = measurement.Done
	s.done = append(s.done, x)
}

// evaluate answers the anonymous evaluation, as two of three do.
func (s *sitter) evaluate() {
	s.survey = "asked"
	if s.f.random.IntN(3) == 0 {
		return
	}
	s.survey, s.chosen = "answered", map[string]int{}
	for _, q := range survey.Questions {
		s.chosen[q] = min(survey.Most, 3+s.f.random.IntN(3))
	}
}

func (s *sitter) write(ctx context.Context, tx *db.Tx) error {
	first := ""
	if len(s.seen) > 0 {
		first = s.seen[0]
	}
	if err := db.Exec(ctx, tx, `INSERT INTO participant (id, measurement_id, person_id, organisation_id, unit_id, region, sex, lang, joined_at, first_form, survey_state)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (measurement_id, person_id) DO NOTHING`,
		s.participantID, s.m.m.ID, s.p.id, s.p.unit.organisation, s.p.unit.id, s.p.unit.region, s.p.sex, s.p.lang, s.joined, first, s.survey); err != nil {
		return err
	}
	for w, state := range s.states {
		if state == measurement.Done {
			continue
		}
		if err := s.f.Measurement.FillSitting(ctx, tx, measurement.Filled{ParticipantID: s.participantID, Wave: w, State: state, Use: s.uses[w], At: s.joined}); err != nil {
			return err
		}
	}
	for _, x := range s.done {
		filled := measurement.Filled{ParticipantID: s.participantID, Wave: x.wave, State: measurement.Done, Use: s.uses[x.wave], FormID: x.form.ID, At: x.at, Percent: x.percent, Topics: x.topics}
		if s.answers {
			filled.Versions, filled.Answers, filled.Shares = x.form.Items, x.answers, x.shares
		}
		if err := s.f.Measurement.FillSitting(ctx, tx, filled); err != nil {
			return err
		}
	}
	if s.chosen == nil {
		return nil
	}
	return survey.Add(ctx, tx, s.m.m.ID, survey.Of(s.chosen))
}

// allocate notes how many participants of each measurement have begun.
func (f *Filler) allocate(ctx context.Context, tx *db.Tx) error {
	for _, m := range f.measured {
		if err := db.Exec(ctx, tx, `UPDATE measurement SET allocated = ? WHERE id = ?`, m.n, m.m.ID); err != nil {
			return err
		}
	}
	return nil
}

// nineOClock returns nine in the morning of a day.
func nineOClock(t time.Time, zone *time.Location) time.Time {
	year, month, day := t.In(zone).Date()
	return time.Date(year, month, day, 9, 0, 0, 0, zone)
}
