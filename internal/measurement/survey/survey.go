// Package survey is the evaluation of a training or course: what people thought of it, as sums of all and never of one.
//
// Goals: nobody, who runs the installation included, can tell what somebody answered: answers go into the sums of all at once, and what is
// shown moves on by at least [disclosure.LeastGroup] people at a time, so that no difference of two looks is fewer (decision 13). Online and
// on paper are one set of sums. Limits: who was asked, who has answered already and who may read is measurement's.
package survey

import (
	"context"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"ostoja/internal/db"
	"ostoja/internal/disclosure"
	"ostoja/internal/errs"
	"ostoja/internal/gain"
	"ostoja/internal/privacy"
)

// Questions are the questions of the evaluation, answered from 1 (not at all) to 5 (fully): what people thought of the
// training, and what they mean to do with it (levels 1 and 3 of D. Kirkpatrick's model, the latter as an intention).
var Questions = []string{"useful", "clear", "relevant", "respectful", "able", "intend"}

// Most is the highest answer.
const Most = 5

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

// Answers are one person's: what they chose by question, and their comment. Questions may be left out.
type Answers struct {
	chosen  map[string]string
	comment string
}

// Of returns answers that were made up, without a comment.
func Of(chosen map[string]int) Answers {
	a := Answers{chosen: map[string]string{}}
	for q, n := range chosen {
		a.chosen[q] = strconv.Itoa(n)
	}
	return a
}

// Read reads the answers of a form, typed or ticked, and names what is wrong in it. A form in which nothing is said is refused.
func Read(form map[string][]string) (Answers, error) {
	chosen := map[string]string{}
	var faults errs.Fields
	for _, q := range Questions {
		v := url.Values(form).Get(q)
		if v == "" {
			continue
		}
		if n, err := strconv.Atoi(v); err != nil || n < 1 || n > Most {
			faults.Add(q, "error.invalid")
			continue
		}
		chosen[q] = v
	}
	comment := strings.TrimSpace(url.Values(form).Get(FieldComment))
	if key := NoteFault(comment); key != "" {
		faults.Add(FieldComment, key, "High", MostNote)
	}
	if len(faults) == 0 && len(chosen) == 0 && comment == "" {
		faults.Add(Questions[0], "assessment.survey.empty")
	}
	return Answers{chosen, comment}, faults.Err()
}

// MostNote is the greatest length of a free text, in characters.
const MostNote = 1000

// NoteFault returns why a free text is refused, of an evaluation or beside a test; "" if it is not.
func NoteFault(text string) string {
	if len([]rune(text)) > MostNote {
		return "assessment.private.long"
	}
	if found := privacy.Find(text); found != privacy.Nothing {
		return "assessment.private." + string(found)
	}
	return ""
}

type row struct {
	Responses int
	Tally     tally    `db:"tally,json"`
	Comments  []string `db:"comments,json"`
}

// step returns what is shown of the sums of all, after what was shown so far. It moves on only when [disclosure.LeastGroup] new answers
// or more have gathered, and each question only when so many of these answered it: whoever looks before and after sees the
// sum of at least so many people. A rest of fewer is never shown, since it could only be shown as the difference that it is.
func (shown row) step(all row) row {
	if all.Responses-shown.Responses < disclosure.LeastGroup {
		return shown
	}
	next := row{Responses: all.Responses, Tally: tally{}, Comments: all.Comments}
	for _, q := range Questions {
		next.Tally[q] = shown.Tally[q]
		if all.Tally.n(q)-shown.Tally.n(q) >= disclosure.LeastGroup {
			next.Tally[q] = all.Tally[q]
		}
	}
	return next
}

// Add adds answers to the one row that holds all of a measurement.
func Add(ctx context.Context, tx *db.Tx, measurementID string, a Answers) (err error) {
	defer errs.Wrap(&err, "survey.Add")
	r, err := hold(ctx, tx, measurementID)
	if err != nil {
		return err
	}
	r.add(a)
	return r.keep(ctx, tx, measurementID)
}

// hold reads the row of a measurement, which this transaction alone changes until its end; there is one from now on.
func hold(ctx context.Context, tx *db.Tx, measurementID string) (r row, err error) {
	if err := db.Exec(ctx, tx, `INSERT INTO survey_result (measurement_id, responses, tally, comments) VALUES (?, 0, '{}', '[]')
		ON CONFLICT (measurement_id) DO UPDATE SET responses = survey_result.responses`, measurementID); err != nil {
		return r, err
	}
	r, err = db.One[row](ctx, tx, `SELECT responses, tally, comments FROM survey_result WHERE measurement_id = ?`, measurementID)
	if r.Tally == nil {
		r.Tally = tally{}
	}
	return r, err
}

// add adds answers to the sums.
func (r *row) add(a Answers) {
	for q, v := range a.chosen {
		if r.Tally[q] == nil {
			r.Tally[q] = map[string]int{}
		}
		r.Tally[q][v]++
	}
	if a.comment != "" {
		at, _ := slices.BinarySearch(r.Comments, a.comment)
		r.Comments = slices.Insert(r.Comments, at, a.comment)
	}
	r.Responses++
}

// keep writes the sums, and moves on what is shown of them where enough have gathered.
func (r row) keep(ctx context.Context, tx *db.Tx, measurementID string) error {
	if err := db.Exec(ctx, tx, `UPDATE survey_result SET responses = ?, tally = ?, comments = ? WHERE measurement_id = ?`, r.Responses, db.JSON(r.Tally), db.JSON(r.Comments), measurementID); err != nil {
		return err
	}
	shown, err := shownOf(ctx, tx, measurementID)
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

// shownOf returns what is shown of an evaluation; nothing before the first step.
func shownOf(ctx context.Context, q db.Querier, measurementID string) (row, error) {
	rows, err := db.All[row](ctx, q, `SELECT responses, tally, comments FROM survey_release WHERE measurement_id = ?`, measurementID)
	if err != nil || len(rows) == 0 {
		return row{}, err
	}
	return rows[0], nil
}

// Report is what people thought of a training.
type Report struct {
	Asked     int
	Responses int  // those shown; up to four newer ones may wait
	Shown     bool // there are [disclosure.LeastGroup] responses or more
	Questions []Answered
	Comments  []string
}

// Answered is how a question was answered.
type Answered struct {
	Question string
	Counts   [Most]int // of 1, 2 … 5
	N        int
	Mean     float64 // Missing without answers
}

// Rate returns the response rate in per cent; Missing if nobody was asked.
func (r Report) Rate() float64 { return 100 * gain.Ratio(float64(r.Responses), float64(r.Asked)) }

// ReportOf returns the evaluation of a measurement in which so many were asked. It is of all participants or of none: by unit, small
// numbers would say who said what.
func ReportOf(ctx context.Context, q db.Querier, measurementID string, asked int) (r Report, err error) {
	defer errs.Wrap(&err, "survey.ReportOf")
	r.Asked = asked
	shown, err := shownOf(ctx, q, measurementID)
	if err != nil || shown.Responses == 0 {
		return r, err
	}
	r.Asked = max(r.Asked, shown.Responses) // who answered on paper was asked, though no row says so
	r.Responses, r.Shown, r.Comments = shown.Responses, true, shown.Comments
	for _, question := range Questions {
		a := Answered{Question: question}
		sum := 0
		for v, n := range shown.Tally[question] {
			k, err := strconv.Atoi(v)
			if err != nil || k < 1 || k > Most {
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
