package guardian

import (
	"context"
	"slices"

	"ostoja/internal/db"
	"ostoja/internal/errs"
)

// Answers are what of a request's wishes the office can tick of somebody. That a person is near a child is not among them: nobody can know it beforehand.
var Answers = []string{"woman", "man", "evenings", "small-child", "trafficking"}

// apart cannot both be true of one person.
var apart = [2]string{"woman", "man"}

// checkAnswers finds what is wrong with ticks.
func checkAnswers(ticked []string) (faults errs.Fields) {
	unknown := slices.ContainsFunc(ticked, func(a string) bool { return !slices.Contains(Answers, a) })
	switch {
	case unknown:
		faults.Add("answers", "guardian.fault.answers")
	case slices.Contains(ticked, apart[0]) && slices.Contains(ticked, apart[1]):
		faults.Add("answers", "guardian.fault.answers-apart")
	}
	return faults
}

// answersOf reads what is ticked of somebody, in the order of the form.
func answersOf(ctx context.Context, q db.Querier, entryID string) (list []string, err error) {
	ticked, err := db.All[string](ctx, q, `SELECT wish FROM guardian_answers_to WHERE guardian_id = ?`, entryID)
	for _, a := range Answers {
		if slices.Contains(ticked, a) {
			list = append(list, a)
		}
	}
	return list, err
}
