package attendance

import (
	"context"

	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/id"
)

// Forget erases that people were at trainings: the marks of the roll and what they came to. The sums of closed sessions stay.
func Forget(ctx context.Context, tx *db.Tx, people, trainings []string) (err error) {
	defer errs.Wrap(&err, "attendance.Forget(%d)", len(trainings))
	if len(people) == 0 || len(trainings) == 0 {
		return nil
	}
	who, where := `person_id IN (`+db.In(len(people))+`)`, `(`+db.In(len(trainings))+`)`
	args := append(db.Args(people), db.Args(trainings)...)
	for _, text := range []string{
		`DELETE FROM attendance WHERE ` + who + ` AND training_id IN ` + where,
		`DELETE FROM attendance_mark WHERE ` + who + ` AND session_id IN (SELECT id FROM training_session WHERE training_id IN ` + where + `)`,
		`UPDATE walk_in SET person_id = NULL, name = '', institution = '' WHERE ` + who + ` AND session_id IN (SELECT id FROM training_session WHERE training_id IN ` + where + `)`,
		`DELETE FROM training_notice WHERE ` + who + ` AND training_id IN ` + where,
	} {
		if err := db.Exec(ctx, tx, text, args...); err != nil {
			return err
		}
	}
	// Who keeps what they read of these sessions sees that it is old.
	return db.Exec(ctx, tx, `UPDATE training_session SET attended = ? WHERE training_id IN `+where, append([]any{id.New()}, db.Args(trainings)...)...)
}
