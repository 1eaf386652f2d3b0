package measurement

import (
	"context"
	"net/url"
	"slices"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/id"
	"ostoja/internal/item"
	"ostoja/internal/itembank"
	"ostoja/internal/measurement/survey"
	"ostoja/internal/measurement/topic"
	"ostoja/internal/quiz"
	"ostoja/internal/record"
	"ostoja/internal/text"
)

// Visit is a sitting's page: the questions in their order, and what has been answered.
type Visit struct {
	Sitting
	Measurement Measurement
	Name        text.Translated // of the course or training
	Test        *itembank.Test
	Form        *itembank.Form
	Items       []AskedItem
	Answers     map[string]item.Answer // by version
	Lang        string                 // in which the items are shown
	Now         time.Time
	Outcome     quiz.Outcome // of the form that was just saved
}

// AskedItem is an item as it stands on a sitting's page.
type AskedItem struct {
	VersionID string
	Item      *item.Item // with the version's id, shuffled for the sitting
}

// Open says whether answers can be given.
func (v Visit) Open() bool { return v.Sitting.Open(v.Now) }

// Sitting returns a sitting for who holds its key: the link in the mail, or a session of the person's own.
func (s *Service) Sitting(ctx context.Context, sittingID string) (v Visit, err error) {
	defer errs.Wrap(&err, "measurement.Sitting")
	if !id.Valid(sittingID) {
		return v, errs.NotFound("error.not-found")
	}
	x, err := sittingByID(ctx, s.db, sittingID)
	if err != nil {
		return v, err
	}
	return s.visit(ctx, s.db, x)
}

// visit reads all that a sitting's page shows.
func (s *Service) visit(ctx context.Context, q db.Querier, x Sitting) (v Visit, err error) {
	if v, err = s.tested(ctx, q, x); err != nil {
		return v, err
	}
	of, err := s.describeOne(ctx, q, v.Measurement)
	if err != nil {
		return v, err
	}
	v.Name = of.Name
	v.lay()
	if v.Form == nil {
		return v, nil // not begun
	}
	rows, err := answersOf(ctx, q, x.ID)
	for _, r := range rows {
		v.Answers[r.VersionID] = r.Answer
	}
	return v, err
}

// tested reads what a sitting tests, without what has been answered.
func (s *Service) tested(ctx context.Context, q db.Querier, x Sitting) (v Visit, err error) {
	v = Visit{Sitting: x, Lang: x.Lang, Now: s.clock.Now(), Answers: map[string]item.Answer{}}
	if v.Measurement, err = measurementByID(ctx, q, x.MeasurementID); err != nil {
		return v, err
	}
	if v.Test, err = s.bank.TestIn(ctx, q, v.Measurement.TestID); err != nil {
		return v, err
	}
	if langs := v.Test.Languages; !slices.Contains(langs, v.Lang) {
		v.Lang = langs[0]
	}
	return v, nil
}

// lay puts the questions of the sitting's form, if it has one yet, in its order.
func (v *Visit) lay() {
	i := slices.IndexFunc(v.Test.Forms, func(f itembank.Form) bool { return f.ID == v.FormID })
	if i < 0 {
		return
	}
	v.Form = &v.Test.Forms[i]
	for _, version := range v.Form.Versions {
		v.Items = append(v.Items, AskedItem{version.ID, version.Item().Shuffled(v.Seed)})
	}
}

// Begin gives a sitting its form and notes that it has begun. Begun twice, by two devices or a second click, it is the same.
func (s *Service) Begin(ctx context.Context, sittingID string) (err error) {
	defer errs.Wrap(&err, "measurement.Begin")
	return s.change(ctx, sittingID, func(tx *db.Tx, x Sitting, now time.Time) error {
		switch {
		case x.State == Begun:
			return nil
		case !x.Open(now):
			return s.refusal(x, now)
		}
		return s.beginNow(ctx, tx, x, now)
	})
}

// beginNow begins a sitting of which nothing is shown yet.
func (s *Service) beginNow(ctx context.Context, tx *db.Tx, x Sitting, now time.Time) error {
	v, err := s.tested(ctx, tx, x)
	if err != nil {
		return err
	}
	return s.begin(ctx, tx, &v, now)
}

// change runs fn on a sitting within a transaction that holds it.
func (s *Service) change(ctx context.Context, sittingID string, fn func(tx *db.Tx, x Sitting, now time.Time) error) error {
	if !id.Valid(sittingID) {
		return errs.NotFound("error.not-found")
	}
	return s.db.Batch(ctx, func(tx *db.Tx) error {
		x, err := lockSitting(ctx, tx, sittingID)
		if err != nil {
			return err
		}
		return fn(tx, x, s.clock.Now())
	})
}

// refusal says why a sitting takes no answers.
func (s *Service) refusal(x Sitting, now time.Time) error {
	switch {
	case x.State == Done:
		return errs.Conflict("assessment.sitting.done-already")
	case x.State == Declined:
		return errs.Conflict("assessment.sitting.declined")
	case x.State == Closed || x.over(now):
		return errs.Conflict("assessment.sitting.closed")
	}
	return nil
}

// begin gives a sitting, which this transaction holds, its form.
func (s *Service) begin(ctx context.Context, tx *db.Tx, v *Visit, now time.Time) error {
	name, err := s.ChooseForm(ctx, tx, v.Measurement, v.Test, v.Sitting)
	if err != nil {
		return err
	}
	for _, f := range v.Test.Forms {
		if f.Name == name {
			if err := db.Exec(ctx, tx, `UPDATE sitting SET state = 'begun', form_id = ?, started_at = ? WHERE id = ? AND state = 'asked'`, f.ID, now, v.ID); err != nil {
				return err
			}
			v.State, v.FormID, v.StartedAt = Begun, f.ID, now
		}
	}
	v.lay()
	if err := record.Add(ctx, tx, now, v.PersonID, record.Attempted, "measurement/"+v.MeasurementID+"/"+string(v.Wave), nil); err != nil {
		return err
	}
	return setState(ctx, tx, v.ParticipantID, v.Wave, Begun)
}

// ChooseForm returns the form of a sitting: the one that was printed for it, if one was; at a person's first one the next of the
// random halves; then by [NextForm], to which a form counts once it is begun or printed. So a group of which some sit on paper and
// some online is crossed over as one.
func (s *Service) ChooseForm(ctx context.Context, tx *db.Tx, m Measurement, t *itembank.Test, x Sitting) (name string, err error) {
	defer errs.Wrap(&err, "measurement.ChooseForm")
	type given struct {
		ID, FormID string
		Wave       Wave
	}
	list, err := db.All[given](ctx, tx, `SELECT id, wave, COALESCE(form_id, paper_form_id) AS form_id FROM sitting
		WHERE participant_id = ? AND COALESCE(form_id, paper_form_id) IS NOT NULL`, x.ParticipantID)
	if err != nil {
		return "", err
	}
	slices.SortFunc(list, func(a, b given) int { return slices.Index(Waves, a.Wave) - slices.Index(Waves, b.Wave) })
	var seen []string
	for _, g := range list {
		if g.ID == x.ID {
			return t.FormName(g.FormID), nil
		}
		seen = append(seen, t.FormName(g.FormID))
	}
	if len(seen) > 0 {
		return NextForm(x.Wave, seen, t.FormNames()), nil
	}
	place, err := s.Place(ctx, tx, m.ID)
	if err != nil {
		return "", err
	}
	first := FirstForm(m.Seed, place)
	return first, db.Exec(ctx, tx, `UPDATE participant SET first_form = ? WHERE id = ?`, first, x.ParticipantID)
}

// Place takes the next place in the order by which the halves are dealt: the first of those that came back with spare sheets on which
// nobody wrote, else a new one.
func (s *Service) Place(ctx context.Context, tx *db.Tx, measurementID string) (place int, err error) {
	defer errs.Wrap(&err, "measurement.Place")
	type order struct {
		Allocated int
		Returned  []int `db:"returned,json"`
	}
	o, err := db.One[order](ctx, tx, `UPDATE measurement SET allocated = allocated WHERE id = ? RETURNING allocated, returned`, measurementID)
	if err != nil {
		return 0, err
	}
	if len(o.Returned) > 0 {
		place = slices.Min(o.Returned)
		left := slices.DeleteFunc(o.Returned, func(n int) bool { return n == place })
		return place, db.Exec(ctx, tx, `UPDATE measurement SET returned = ? WHERE id = ?`, db.JSON(left), measurementID)
	}
	return o.Allocated, db.Exec(ctx, tx, `UPDATE measurement SET allocated = allocated + 1 WHERE id = ?`, measurementID)
}

// Names of the fields of a follow-up's form.
const (
	FieldUsed = "skills-used" // yes | no
	FieldNote = "skills-note"
)

// Save keeps the answers of a form, and with submit hands them in. A form may hold only some of the items, and may have been made
// before newer answers were saved: see [quiz.Paper.Merge]. Answers after the end are refused and those before it kept. A second submission changes nothing; if its answers are others than those handed in, the refusal says
// so. With questions unanswered a submission asks once whether that is meant; sure says that it is. The visit is as the answers
// left it, also where some of them are refused: the page can be shown from it.
func (s *Service) Save(ctx context.Context, sittingID string, form map[string][]string, submit, sure bool) (v Visit, err error) {
	defer errs.Wrap(&err, "measurement.Save")
	var refusal error
	err = s.change(ctx, sittingID, func(tx *db.Tx, x Sitting, now time.Time) error {
		refusal = nil
		if v, err = s.visit(ctx, tx, x); err != nil {
			return err
		}
		if x.State == Done {
			if v.paper().Merge(form, v.Answers).Changed() {
				refusal = s.refusal(x, now)
			}
			return nil
		}
		if !x.Open(now) {
			refusal = s.refusal(x, now)
			return nil
		}
		if x.State == Asked {
			if err := s.begin(ctx, tx, &v, now); err != nil {
				return err
			}
		}
		faults, err := s.keepAnswers(ctx, tx, &v, form, now)
		if err != nil {
			return err
		}
		if refusal = faults.Err(); refusal != nil || !submit {
			return nil
		}
		if v.Outcome.Open = v.paper().Open(v.Answers); len(v.Outcome.Open) > 0 && !sure {
			refusal = errs.Invalid("item.open-title")
			return nil
		}
		return s.finish(ctx, tx, &v, now)
	})
	if err != nil {
		return Visit{}, err // whatever the transaction had got to, it is undone
	}
	return v, refusal
}

// paper is what the sitting's form asks, as it was written; nothing before it has begun. The fields of an item are named by
// its version.
func (v Visit) paper() quiz.Paper {
	if v.Form == nil {
		return nil
	}
	p := make(quiz.Paper, len(v.Form.Versions))
	for i, version := range v.Form.Versions {
		p[i] = quiz.Question{Key: version.ID, Item: version.Item(), Unscored: !v.Test.Scored(version)}
	}
	return p
}

// keepAnswers saves what can be read and names what cannot: faults of single answers do not lose the others.
func (s *Service) keepAnswers(ctx context.Context, tx *db.Tx, v *Visit, form map[string][]string, now time.Time) (faults errs.Fields, err error) {
	v.Outcome = v.paper().Merge(form, v.Answers)
	for _, c := range v.Outcome.Changes {
		if !c.Given {
			if err := db.Exec(ctx, tx, `DELETE FROM sitting_answer WHERE sitting_id = ? AND version_id = ?`, v.ID, c.Key); err != nil {
				return nil, err
			}
			delete(v.Answers, c.Key)
			continue
		}
		if err := saveAnswer(ctx, tx, v.ID, c.Key, c.Answer, now); err != nil {
			return nil, err
		}
		v.Answers[c.Key] = c.Answer
	}
	if v.Wave.IsFollowUp() {
		if faults, err = s.keepSkills(ctx, tx, v, form); err != nil {
			return nil, err
		}
	}
	var list errs.Fields
	for _, f := range v.Outcome.Refused() {
		list = append(list, errs.Field(f))
	}
	return append(list, faults...), nil
}

// keepSkills saves what a follow-up asks about the work.
func (s *Service) keepSkills(ctx context.Context, tx *db.Tx, v *Visit, form map[string][]string) (faults errs.Fields, err error) {
	if used := url.Values(form).Get(FieldUsed); used == "yes" || used == "no" {
		v.SkillsUsed = v.Outcome.Text(form, FieldUsed, v.SkillsUsed)
	}
	note := v.Outcome.Text(form, FieldNote, v.SkillsNote)
	if key := survey.NoteFault(note); key != "" {
		faults.Add(FieldNote, key, "High", survey.MostNote)
	} else {
		v.SkillsNote = note
	}
	return faults, db.Exec(ctx, tx, `UPDATE sitting SET skills_used = ?, skills_note = ? WHERE id = ?`, v.SkillsUsed, v.SkillsNote, v.ID)
}

// finish marks a sitting and puts its result where the report reads it.
func (s *Service) finish(ctx context.Context, tx *db.Tx, v *Visit, now time.Time) error {
	percent, topics, shares := v.score()
	for versionID, share := range shares {
		if err := db.Exec(ctx, tx, `UPDATE sitting_answer SET share = ? WHERE sitting_id = ? AND version_id = ?`, share, v.ID, versionID); err != nil {
			return err
		}
	}
	if now.Before(v.StartedAt) {
		now = v.StartedAt // the clock was set back meanwhile
	}
	n, err := db.Changed(ctx, tx, `UPDATE sitting SET state = 'done', submitted_at = ?, mail_at = NULL WHERE id = ? AND state = 'begun'`, now, v.ID)
	if err != nil || n == 0 {
		return err
	}
	use := v.SkillsUsed
	if use == "" {
		use = string(Asked)
	}
	if err := storeResult(ctx, tx, v.ParticipantID, v.Wave, percent, topic.Of(topics), use, now); err != nil {
		return err
	}
	if v.Wave == After && v.Measurement.Survey {
		if err := db.Exec(ctx, tx, `UPDATE participant SET survey_state = 'asked' WHERE id = ? AND survey_state = ''`, v.ParticipantID); err != nil {
			return err
		}
	}
	v.State, v.SubmittedAt = Done, now
	return record.Add(ctx, tx, now, v.PersonID, record.Completed, "measurement/"+v.MeasurementID+"/"+string(v.Wave), nil)
}

// storeResult puts a result where the report reads it. use is of a follow-up.
func storeResult(ctx context.Context, tx *db.Tx, participantID string, wave Wave, percent float64, topics topic.Percents, use string, at time.Time) error {
	text := `UPDATE participant SET ` + wave.column("state") + ` = 'done', ` + wave.column("percent") + ` = ?, ` + wave.column("topics") + ` = ?`
	args := []any{percent, string(topics)}
	if wave.IsFollowUp() {
		text, args = text+`, `+wave.column("use")+` = ?`, append(args, use)
	}
	if wave == After {
		text, args = text+`, after_at = ?`, append(args, at)
	}
	r, err := db.One[stored](ctx, tx, text+` WHERE id = ? RETURNING measurement_id, unit_id, before_percent, after_percent`, append(args, participantID)...)
	if err != nil {
		return err
	}
	return r.count(ctx, tx, wave, 1)
}

// score marks the answers: in per cent, of all and of each topic, and the share of each item.
func (v Visit) score() (percent float64, topics map[string]float64, shares map[string]float64) {
	percent, shares = v.paper().Score(v.Answers)
	sums, counts := map[string]float64{}, map[string]int{}
	for _, version := range v.Form.Versions {
		if !v.Test.Scored(version) {
			continue
		}
		counts[version.Topic]++
		sums[version.Topic] += shares[version.ID]
	}
	topics = map[string]float64{}
	for topic, n := range counts {
		topics[topic] = quiz.Percent(sums[topic], n)
	}
	return percent, topics, shares
}

// Decline notes that a person would rather not sit a test. Nothing else depends on it: the course goes on.
func (s *Service) Decline(ctx context.Context, sittingID string) (err error) {
	defer errs.Wrap(&err, "measurement.Decline")
	return s.change(ctx, sittingID, func(tx *db.Tx, x Sitting, now time.Time) error {
		if !x.Open(now) {
			return s.refusal(x, now)
		}
		if err := db.Exec(ctx, tx, `UPDATE sitting SET state = 'declined', mail_at = NULL WHERE id = ?`, x.ID); err != nil {
			return err
		}
		return setState(ctx, tx, x.ParticipantID, x.Wave, Declined)
	})
}

// OpenOwn returns a sitting of the actor's own; another's is not found.
func (s *Service) OpenOwn(ctx context.Context, actor access.Actor, sittingID string) (x Sitting, err error) {
	defer errs.Wrap(&err, "measurement.OpenOwn")
	if !id.Valid(sittingID) {
		return x, errs.NotFound("error.not-found")
	}
	if x, err = sittingByID(ctx, s.db, sittingID); err != nil {
		return x, err
	}
	if x.PersonID != actor.PersonID || actor.PersonID == "" || x.DueAt.After(s.clock.Now()) {
		return Sitting{}, errs.NotFound("error.not-found")
	}
	return x, nil
}

// CloseOverdue closes the sittings whose time is over and that were not handed in, and opens those again that a clock that ran
// ahead had closed. It returns how many it changed. What was saved is kept; it counts only once it is handed in.
func (s *Service) CloseOverdue(ctx context.Context) (n int, err error) {
	defer errs.Wrap(&err, "measurement.CloseOverdue")
	const atOnce = 200
	now := s.clock.Now()
	list, err := db.All[Sitting](ctx, s.db, `SELECT `+sittingColumns+fromSittings+`WHERE s.state IN ('asked', 'begun') AND s.closes_at < ? ORDER BY s.closes_at LIMIT ?`,
		now.Add(-quiz.Grace), atOnce)
	if err != nil {
		return 0, err
	}
	early, err := db.All[Sitting](ctx, s.db, `SELECT `+sittingColumns+fromSittings+`WHERE s.state = 'closed' AND s.closes_at > ? ORDER BY s.closes_at LIMIT ?`, now, atOnce)
	if err != nil || len(list)+len(early) == 0 {
		return 0, err
	}
	return len(list) + len(early), s.db.Update(ctx, func(tx *db.Tx) error {
		// All sittings before any participant: who hands in takes them in this order too, and so nobody waits in a circle.
		for _, x := range list {
			if err := db.Exec(ctx, tx, `UPDATE sitting SET state = 'closed', mail_at = NULL WHERE id = ? AND state IN ('asked', 'begun')`, x.ID); err != nil {
				return err
			}
		}
		for _, x := range early {
			if err := db.Exec(ctx, tx, `UPDATE sitting SET state = ?, mail_at = ? WHERE id = ? AND state = 'closed'`, string(x.reopened()), x.reminder(now), x.ID); err != nil {
				return err
			}
		}
		for _, x := range append(list, early...) {
			y, err := sittingByID(ctx, tx, x.ID)
			if err != nil {
				return err
			}
			if y.State == Asked && y.DueAt.After(now) {
				y.State = NotAsked
			}
			if err := setState(ctx, tx, y.ParticipantID, y.Wave, y.State); err != nil {
				return err
			}
		}
		return nil
	})
}

// reopened is the state of a closed sitting before it was closed.
func (s Sitting) reopened() State {
	if s.FormID == "" {
		return Asked
	}
	return Begun
}

// reminder is when a reopened sitting's next letter goes out; zero if none does. The test before has at most the first one.
func (s Sitting) reminder(now time.Time) time.Time {
	switch {
	case s.Wave == Before:
		return time.Time{}
	case s.DueAt.After(now):
		return s.DueAt
	}
	return nextLetter(s.Letters, now, s.ClosesAt)
}

// Progress returns a participant's own results: their percent at each wave done, in all and by topic. It is for their eyes
// only.
func (s *Service) Progress(ctx context.Context, x Sitting) (list []OwnResult, err error) {
	defer errs.Wrap(&err, "measurement.Progress")
	type row struct {
		BeforePercent, AfterPercent, WeekPercent, Months3Percent, Months6Percent *float64
		BeforeTopics, AfterTopics, WeekTopics, Months3Topics, Months6Topics      topic.Percents
	}
	r, err := db.One[row](ctx, s.db, `SELECT before_percent, after_percent, week_percent, months3_percent, months6_percent,
		before_topics, after_topics, week_topics, months3_topics, months6_topics FROM participant WHERE id = ?`, x.ParticipantID)
	if err != nil {
		return nil, err
	}
	for _, sat := range []struct {
		wave    Wave
		percent *float64
		topics  topic.Percents
	}{
		{Before, r.BeforePercent, r.BeforeTopics}, {After, r.AfterPercent, r.AfterTopics}, {Week, r.WeekPercent, r.WeekTopics},
		{Months3, r.Months3Percent, r.Months3Topics}, {Months6, r.Months6Percent, r.Months6Topics},
	} {
		if sat.percent != nil {
			list = append(list, OwnResult{sat.wave, *sat.percent, sat.topics.Map()})
		}
	}
	return list, nil
}

// OwnResult is what a participant sees of one of their sittings.
type OwnResult struct {
	Wave    Wave
	Percent float64
	Topics  map[string]float64
}

// fadedBy is by how many percentage points a topic has to be lower than after the training to count as faded. With two to
// four items a topic, less is noise.
const fadedBy = 15

// Faded returns the topics that a participant knew better after the training than at the newest follow-up, the worst first.
func Faded(results []OwnResult) (topics []string) {
	var after, newest *OwnResult
	for i, r := range results {
		switch {
		case r.Wave == After:
			after = &results[i]
		case r.Wave.IsFollowUp():
			newest = &results[i]
		}
	}
	if after == nil || newest == nil {
		return nil
	}
	return topic.Lost(after.Topics, newest.Topics, fadedBy)
}

// Refreshers returns the lessons that teach what has faded; one that teaches several such topics is there once.
func (s *Service) Refreshers(ctx context.Context, v Visit, topics []string) (list []Lesson, err error) {
	defer errs.Wrap(&err, "measurement.Refreshers")
	if v.Measurement.Kind != OfCourse {
		return nil, nil
	}
	for _, topic := range topics {
		lessons, err := s.courses.Lessons(ctx, v.PersonID, v.Measurement.SubjectID, topic)
		if err != nil {
			return nil, err
		}
		for _, l := range lessons {
			if !slices.Contains(list, l) {
				list = append(list, l)
			}
		}
	}
	return list, nil
}
