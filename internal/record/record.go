// Package record keeps what learners did, once, in the shape of xAPI statements (actor, verb, object, result), so that a
// full learning record store can stand on it later. Statements are only ever added; one is taken back with an act that was undone within
// minutes, since what it tells of never was.
//
// Goals: what somebody learned can be told from one table, whichever area saw it; a statement stands exactly if what it tells
// of does, for it is written in the same transaction. Limits: it decides nothing (whether a course is completed is
// learning's rule), speaks of one person at a time, and names things by paths, which a store to come turns into addresses
// (xAPI 1.0.3, section 2.4: identifiers are IRIs).
package record

import (
	"context"
	"time"

	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/id"
)

// Verb says what was done; the names are the last part of the verbs' addresses in the ADL vocabulary.
type Verb string

// The verbs in use.
const (
	Registered  Verb = "registered"
	Initialized Verb = "initialized"
	Experienced Verb = "experienced"
	Answered    Verb = "answered"
	Attempted   Verb = "attempted"
	Passed      Verb = "passed"
	Failed      Verb = "failed"
	Completed   Verb = "completed"
	Earned      Verb = "earned"
	Withdrew    Verb = "withdrew"
)

// Add writes a statement into the transaction of what it tells of.
func Add(ctx context.Context, tx *db.Tx, at time.Time, personID string, verb Verb, object string, result map[string]any) (err error) {
	defer errs.Wrap(&err, "record.Add(%s %s)", verb, object)
	if result == nil { // an object, so that readers of JSON need not tell it from null
		result = map[string]any{}
	}
	return db.Exec(ctx, tx, `INSERT INTO statement (id, at, person_id, verb, object, result) VALUES (?, ?, ?, ?, ?, ?)`,
		id.New(), at, personID, string(verb), object, db.JSON(result))
}

// TakeBack removes the statement of what is undone, in the transaction that undoes it.
func TakeBack(ctx context.Context, tx *db.Tx, at time.Time, personID string, verb Verb, object string) (err error) {
	defer errs.Wrap(&err, "record.TakeBack(%s %s)", verb, object)
	return db.Exec(ctx, tx, `DELETE FROM statement WHERE person_id = ? AND at = ? AND verb = ? AND object = ?`, personID, at, string(verb), object)
}
