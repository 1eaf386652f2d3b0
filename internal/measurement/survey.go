package measurement

import (
	"context"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"ostoja/internal/access"
	"ostoja/internal/db"
	"ostoja/internal/disclosure"
	"ostoja/internal/errs"
	"ostoja/internal/gain"
)

// SurveyQuestions are the questions of the evaluation, answered from 1 (not at all) to 5 (fully): what people thought of the
// training, and what they mean to do with it (levels 1 and 3 of D. Kirkpatrick's model, the latter as an intention).
var SurveyQuestions = []string{"useful", "clear", "relevant", "respectful", "able", "intend"}

// SurveyMost is the highest answer.
const SurveyMost = 5

// FieldComment is the name of the free text in the evaluation's form; the questions' names are their own.
const FieldComment = "comment"

// tally counts the answers: question -> answer -> how many.
type tally map[string]map[string]int

// n returns how many answered a question.
func (t tally) n(question string) (n int) {
	for _, k := range t[question] {
		n += k
	}
	return n
}

// AnswerSurvey keeps an evaluation: its counts and its comment, among those of all others. Who answered is noted, so that
// nobody answers twice; what they answered is stored nowhere by itself. Questions may be left out. It is shown with at least
// four others, see [surveyRow.step].
func (s *Service) AnswerSurvey(ctx context.Context, sittingID string, form map[string][]string) (err error) {
	defer errs.Wrap(&err, "measurement.AnswerSurvey")
	chosen, comment, err := readSurvey(form)
	if err != nil {
		return err
	}
	// Not [Service.change]: one transaction of its own is easier to see through than one shared with strangers' steps.
	return s.db.Update(ctx, func(tx *db.Tx) error {
		x, err := lockSitting(ctx, tx, sittingID)
		if err != nil {
			return err
		}
		n, err := db.Changed(ctx, tx, `UPDATE participant SET survey_state = 'answered' WHERE id = ? AND survey_state = 'asked'`, x.ParticipantID)
		if err != nil {
			return err
		}
		if n == 0 {
			return errs.Conflict("assessment.survey.done-already")
		}
		return addToSurvey(ctx, tx, x.MeasurementID, chosen, comment)
	})
}

func readSurvey(form map[string][]string) (chosen map[string]string, comment string, err error) {
	chosen = map[string]string{}
	var faults errs.Fields
	for _, q := range SurveyQuestions {
		v := url.Values(form).Get(q)
		if v == "" {
			continue
		}
		if n, err := strconv.Atoi(v); err != nil || n < 1 || n > SurveyMost {
			faults.Add(q, "error.invalid")
			continue
		}
		chosen[q] = v
	}
	comment = strings.TrimSpace(url.Values(form).Get(FieldComment))
	if key := noteFault(comment); key != "" {
		faults.Add(FieldComment, key, "High", mostNote)
	}
	if len(faults) == 0 && len(chosen) == 0 && comment == "" {
		faults.Add(SurveyQuestions[0], "assessment.survey.empty")
	}
	return chosen, comment, faults.Err()
}

type surveyRow struct {
	Responses int
	Tally     tally    `db:"tally,json"`
	Comments  []string `db:"comments,json"`
}

// step returns what is shown of the sums of all, after what was shown so far. It moves on only when [disclosure.LeastGroup] new answers
// or more have gathered, and each question only when so many of these answered it: whoever looks before and after sees the
// sum of at least so many people. A rest of fewer is never shown, since it could only be shown as the difference that it is.
func (shown surveyRow) step(all surveyRow) surveyRow {
	if all.Responses-shown.Responses < disclosure.LeastGroup {
		return shown
	}
	next := surveyRow{Responses: all.Responses, Tally: tally{}, Comments: all.Comments}
	for _, q := range SurveyQuestions {
		next.Tally[q] = shown.Tally[q]
		if all.Tally.n(q)-shown.Tally.n(q) >= disclosure.LeastGroup {
			next.Tally[q] = all.Tally[q]
		}
	}
	return next
}

// addToSurvey adds an answer to the one row that holds all of them.
func addToSurvey(ctx context.Context, tx *db.Tx, measurementID string, chosen map[string]string, comment string) error {
	if err := db.Exec(ctx, tx, `INSERT INTO survey_result (measurement_id, responses, tally, comments) VALUES (?, 0, '{}', '[]')
		ON CONFLICT (measurement_id) DO UPDATE SET responses = survey_result.responses`, measurementID); err != nil {
		return err
	}
	r, err := db.One[surveyRow](ctx, tx, `SELECT responses, tally, comments FROM survey_result WHERE measurement_id = ?`, measurementID)
	if err != nil {
		return err
	}
	if r.Tally == nil {
		r.Tally = tally{}
	}
	for q, v := range chosen {
		if r.Tally[q] == nil {
			r.Tally[q] = map[string]int{}
		}
		r.Tally[q][v]++
	}
	if comment != "" {
		at, _ := slices.BinarySearch(r.Comments, comment)
		r.Comments = slices.Insert(r.Comments, at, comment)
	}
	r.Responses++
	if err := db.Exec(ctx, tx, `UPDATE survey_result SET responses = ?, tally = ?, comments = ? WHERE measurement_id = ?`, r.Responses, db.JSON(r.Tally), db.JSON(r.Comments), measurementID); err != nil {
		return err
	}
	shown, err := shownSurvey(ctx, tx, measurementID)
	if err != nil {
		return err
	}
	next := shown.step(r)
	if next.Responses == shown.Responses {
		return nil
	}
	return db.Exec(ctx, tx, `INSERT INTO survey_release (measurement_id, responses, tally, comments) VALUES (?, ?, ?, ?)
		ON CONFLICT (measurement_id) DO UPDATE SET responses = excluded.responses, tally = excluded.tally, comments = excluded.comments`,
		measurementID, next.Responses, db.JSON(next.Tally), db.JSON(next.Comments))
}

// shownSurvey returns what is shown of an evaluation; nothing before the first step.
func shownSurvey(ctx context.Context, q db.Querier, measurementID string) (surveyRow, error) {
	rows, err := db.All[surveyRow](ctx, q, `SELECT responses, tally, comments FROM survey_release WHERE measurement_id = ?`, measurementID)
	if err != nil || len(rows) == 0 {
		return surveyRow{}, err
	}
	return rows[0], nil
}

// SurveyReport is what people thought of a training.
type SurveyReport struct {
	Asked     int
	Responses int  // those shown; up to four newer ones may wait
	Shown     bool // there are [disclosure.LeastGroup] responses or more
	Questions []SurveyAnswer
	Comments  []string
}

// SurveyAnswer is how a question was answered.
type SurveyAnswer struct {
	Question string
	Counts   [SurveyMost]int // of 1, 2 … 5
	N        int
	Mean     float64 // Missing without answers
}

// Rate returns the response rate in per cent; Missing if nobody was asked.
func (r SurveyReport) Rate() float64 { return 100 * gain.Ratio(float64(r.Responses), float64(r.Asked)) }

// Survey returns the evaluation of a measurement, for who may read evidence there. It is of all participants or of none: by
// unit, small numbers would say who said what.
func (s *Service) Survey(ctx context.Context, actor access.Actor, measurementID string) (r SurveyReport, err error) {
	defer errs.Wrap(&err, "measurement.Survey")
	if _, err := s.reach(ctx, s.db, actor, access.EvidenceRead, measurementID); err != nil {
		return r, err
	}
	if r.Asked, err = db.One[int](ctx, s.db, `SELECT COUNT(*) FROM participant WHERE measurement_id = ? AND survey_state <> ''`, measurementID); err != nil {
		return r, err
	}
	shown, err := shownSurvey(ctx, s.db, measurementID)
	if err != nil || shown.Responses == 0 {
		return r, err
	}
	r.Asked = max(r.Asked, shown.Responses) // who answered on paper was asked, though no row says so
	r.Responses, r.Shown, r.Comments = shown.Responses, true, shown.Comments
	for _, q := range SurveyQuestions {
		a := SurveyAnswer{Question: q}
		sum := 0
		for v, n := range shown.Tally[q] {
			k, err := strconv.Atoi(v)
			if err != nil || k < 1 || k > SurveyMost {
				continue
			}
			a.Counts[k-1] = n
			a.N, sum = a.N+n, sum+k*n
		}
		a.Mean = gain.Ratio(float64(sum), float64(a.N))
		r.Questions = append(r.Questions, a)
	}
	return r, nil
}
