package measurement

import (
	"context"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/db"
	"ostoja/internal/errs"
)

// OwnPart is what is kept of somebody in a measurement: the state of each test, its result, and whether they use what they learned. What they said in an evaluation is
// not there: it was never kept with them.
type OwnPart struct {
	SubjectKind Kind
	SubjectID   string
	JoinedAt    time.Time
	WithdrawnAt time.Time
	Waves       []OwnWave `db:"-"`
	SurveyState string    // '' not asked, asked, answered

	BeforeState    string
	BeforePercent  *float64
	AfterState     string
	AfterPercent   *float64
	WeekState      string
	WeekPercent    *float64
	WeekUse        string
	Months3State   string
	Months3Percent *float64
	Months3Use     string
	Months6State   string
	Months6Percent *float64
	Months6Use     string
}

// OwnWave is one test of somebody.
type OwnWave struct {
	Wave    Wave
	State   string // asked, begun, declined, closed, done
	Percent *float64
	Use     string // '' not asked, asked, yes, no
	Note    string // what they wrote of using it
}

// Mine returns the actor's own parts in measurements, the latest first.
func (s *Service) Mine(ctx context.Context, actor access.Actor) (list []OwnPart, err error) {
	defer errs.Wrap(&err, "measurement.Mine")
	err = s.db.View(ctx, func(tx *db.Tx) error {
		type part struct {
			ID string
			OwnPart
		}
		parts, err := db.All[part](ctx, tx, `
			SELECT p.id, m.subject_kind, m.subject_id, p.joined_at, p.withdrawn_at, p.survey_state, p.before_state, p.before_percent, p.after_state, p.after_percent,
				p.week_state, p.week_percent, p.week_use, p.months3_state, p.months3_percent, p.months3_use, p.months6_state, p.months6_percent, p.months6_use
			FROM participant p JOIN measurement m ON m.id = p.measurement_id WHERE p.person_id = ? ORDER BY p.joined_at DESC, p.id`, actor.PersonID)
		if err != nil {
			return err
		}
		type note struct {
			ParticipantID string
			Wave          Wave
			SkillsNote    string
		}
		notes, err := db.All[note](ctx, tx, `
			SELECT x.participant_id, x.wave, x.skills_note FROM sitting x JOIN participant p ON p.id = x.participant_id WHERE p.person_id = ? AND x.skills_note <> ''`, actor.PersonID)
		if err != nil {
			return err
		}
		list = nil
		for _, x := range parts {
			for _, w := range []OwnWave{
				{Wave: Before, State: x.BeforeState, Percent: x.BeforePercent}, {Wave: After, State: x.AfterState, Percent: x.AfterPercent},
				{Wave: Week, State: x.WeekState, Percent: x.WeekPercent, Use: x.WeekUse}, {Wave: Months3, State: x.Months3State, Percent: x.Months3Percent, Use: x.Months3Use},
				{Wave: Months6, State: x.Months6State, Percent: x.Months6Percent, Use: x.Months6Use},
			} {
				for _, n := range notes {
					if n.ParticipantID == x.ID && n.Wave == w.Wave {
						w.Note = n.SkillsNote
					}
				}
				if w.State != "" {
					x.Waves = append(x.Waves, w)
				}
			}
			list = append(list, x.OwnPart)
		}
		return nil
	})
	return list, err
}

// ForgetPerson erases what a person wrote in their own words. Results stay with an account that has no name any more.
func ForgetPerson(ctx context.Context, tx *db.Tx, personID string) (err error) {
	defer errs.Wrap(&err, "measurement.ForgetPerson")
	return db.Exec(ctx, tx, `UPDATE sitting SET skills_note = '' WHERE skills_note <> '' AND participant_id IN (SELECT id FROM participant WHERE person_id = ?)`, personID)
}
