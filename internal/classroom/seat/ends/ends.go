// Package ends says until when what is written of bookings is kept, and erases it then.
//
// Goals: each end has its reason beside it, and what a fund wants as evidence outlives it: who had which seat, when and by whose act. Limits:
// when to look is the work of keeping; what a person has said of interest is entered there by package seat.
package ends

import (
	"context"
	"errors"
	"strings"
	"time"

	"ostoja/internal/db"
	"ostoja/internal/keeping"
)

// The kinds of what is kept of bookings for a time (decision 0053).
const (
	Interest keeping.Kind = "interest"      // who waits for a date
	Words    keeping.Kind = "booking-words" // reasons, superiors' addresses, and bookings as they were before
)

// InterestFor is how long somebody waits for a date without saying so again: who did two years ago has other work or was trained elsewhere.
const InterestFor = 2 * 365 * 24 * time.Hour

// wordsFor is how long after a training it is kept why somebody did not come and whom the request for consent went to: a quarter, in
// which no-shows are settled. That a seat was refused or given back, when and by whom stays.
const wordsFor = 90 * 24 * time.Hour

// Register hands the erasing over to keeping.
func Register(k *keeping.Service) {
	k.On(Interest, EraseInterest)
	k.OnAge(Words, eraseWords)
}

// EraseInterest forgets that somebody waits for a date; ref is their id and that of the programme.
func EraseInterest(ctx context.Context, tx *db.Tx, ref string) error {
	personID, programmeID, ok := strings.Cut(ref, "/")
	if !ok {
		return errors.New("seat: no such reference")
	}
	return db.Exec(ctx, tx, `DELETE FROM training_interest WHERE person_id = ? AND programme_id = ?`, personID, programmeID)
}

func eraseWords(ctx context.Context, tx *db.Tx, now time.Time) (n int, err error) {
	for _, text := range []string{
		`UPDATE booking SET reason = '', superior = '' WHERE (reason <> '' OR superior <> '') AND training_id IN (SELECT id FROM training WHERE held_until <= ?)`,
		`UPDATE booking_event SET reason = '', before = '' WHERE (reason <> '' OR before <> '')
			AND booking_id IN (SELECT b.id FROM booking b JOIN training t ON t.id = b.training_id WHERE t.held_until <= ?)`,
	} {
		changed, err := db.Changed(ctx, tx, text, now.Add(-wordsFor))
		if err != nil {
			return n, err
		}
		n += changed
	}
	return n, nil
}
