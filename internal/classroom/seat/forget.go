package seat

import (
	"context"

	"ostoja/internal/db"
	"ostoja/internal/errs"
)

// Forget erases the bookings of people in trainings, with how they came about.
func Forget(ctx context.Context, tx *db.Tx, people, trainings []string) (err error) {
	defer errs.Wrap(&err, "seat.Forget(%d)", len(trainings))
	if len(people) == 0 || len(trainings) == 0 {
		return nil
	}
	which := `person_id IN (` + db.In(len(people)) + `) AND training_id IN (` + db.In(len(trainings)) + `)`
	args := append(db.Args(people), db.Args(trainings)...)
	for _, text := range []string{
		`DELETE FROM booking_event WHERE booking_id IN (SELECT id FROM booking WHERE ` + which + `)`,
		`DELETE FROM booking_link WHERE booking_id IN (SELECT id FROM booking WHERE ` + which + `)`,
		`DELETE FROM booking WHERE ` + which,
	} {
		if err := db.Exec(ctx, tx, text, args...); err != nil {
			return err
		}
	}
	return nil
}

// ForgetPerson erases what is kept of a person beside single trainings: that they wait for a date, and the address of their calendar.
func ForgetPerson(ctx context.Context, tx *db.Tx, personID string) (err error) {
	defer errs.Wrap(&err, "seat.ForgetPerson")
	for _, text := range []string{`DELETE FROM training_interest WHERE person_id = ?`, `DELETE FROM calendar_feed WHERE person_id = ?`} {
		if err := db.Exec(ctx, tx, text, personID); err != nil {
			return err
		}
	}
	return nil
}
