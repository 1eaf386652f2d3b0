package learning

import (
	"context"
	"time"

	"ostoja/internal/course/scenario"
	"ostoja/internal/db"
	"ostoja/internal/id"
	"ostoja/internal/item"
)

const enrolmentColumns = `e.id, e.person_id, e.course_id, e.version_id, e.round, e.lang, e.source, e.enrolled_by, e.created_at, e.started_at, e.active_at,
	e.finished_at, e.passed_at, e.withdrawn_at, e.reminded_at, e.due_at, e.moved_from, e.parts_done, e.last_part`

func enrolmentByID(ctx context.Context, q db.Querier, enrolmentID string) (Enrolment, error) {
	return db.One[Enrolment](ctx, q, `SELECT `+enrolmentColumns+` FROM enrolment e WHERE e.id = ?`, enrolmentID)
}

// lockEnrolment reads an enrolment that this transaction will change. On PostgreSQL the update holds the row until the end,
// so that two steps of one participant follow each other; on SQLite there is one writer anyway.
func lockEnrolment(ctx context.Context, tx *db.Tx, enrolmentID string) (Enrolment, error) {
	if err := db.Exec(ctx, tx, `UPDATE enrolment SET round = round WHERE id = ?`, enrolmentID); err != nil {
		return Enrolment{}, err
	}
	return enrolmentByID(ctx, tx, enrolmentID)
}

func enrolmentsOf(ctx context.Context, q db.Querier, personID string) ([]Enrolment, error) {
	return db.All[Enrolment](ctx, q, `SELECT `+enrolmentColumns+` FROM enrolment e WHERE e.person_id = ? ORDER BY e.created_at DESC, e.id DESC`, personID)
}

// latestEnrolment returns a person's latest round of a course.
func latestEnrolment(ctx context.Context, q db.Querier, personID, courseID string) (Enrolment, error) {
	return db.One[Enrolment](ctx, q, `SELECT `+enrolmentColumns+` FROM enrolment e WHERE e.person_id = ? AND e.course_id = ? ORDER BY e.round DESC LIMIT 1`, personID, courseID)
}

// insertEnrolment writes an enrolment; made is false if the person has that round already (a repeated click, two desks). The
// round before gives up being the latest first: the index enrolment_latest_once bears one for a person and course. The conflict
// names no index, since of two at once PostgreSQL may meet that one first.
func insertEnrolment(ctx context.Context, tx *db.Tx, e Enrolment) (made bool, err error) {
	if e.Round > 1 {
		if err := db.Exec(ctx, tx, `UPDATE enrolment SET latest = FALSE WHERE person_id = ? AND course_id = ? AND round < ? AND latest`, e.PersonID, e.CourseID, e.Round); err != nil {
			return false, err
		}
	}
	n, err := db.Changed(ctx, tx, `
		INSERT INTO enrolment (id, person_id, course_id, version_id, round, lang, source, enrolled_by, created_at, due_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
		e.ID, e.PersonID, e.CourseID, e.VersionID, e.Round, e.Lang, e.Source, e.EnrolledBy, e.CreatedAt, e.DueAt)
	return n == 1, err
}

type partRow struct {
	Part     string
	OpenedAt time.Time
	DoneAt   time.Time
}

func partRows(ctx context.Context, q db.Querier, enrolmentID string) ([]partRow, error) {
	return db.All[partRow](ctx, q, `SELECT part, opened_at, done_at FROM part_progress WHERE enrolment_id = ?`, enrolmentID)
}

func openPart(ctx context.Context, tx *db.Tx, enrolmentID, part string, now time.Time) (first bool, err error) {
	n, err := db.Changed(ctx, tx, `
		INSERT INTO part_progress (enrolment_id, part, opened_at) VALUES (?, ?, ?) ON CONFLICT (enrolment_id, part) DO NOTHING`, enrolmentID, part, now)
	return n == 1, err
}

func donePart(ctx context.Context, tx *db.Tx, enrolmentID, part string, now time.Time) (first bool, err error) {
	n, err := db.Changed(ctx, tx, `
		INSERT INTO part_progress (enrolment_id, part, opened_at, done_at) VALUES (?, ?, ?, ?)
		ON CONFLICT (enrolment_id, part) DO UPDATE SET done_at = excluded.done_at WHERE part_progress.done_at IS NULL`, enrolmentID, part, now, now)
	return n == 1, err
}

func checkAnswers(ctx context.Context, q db.Querier, enrolmentID string) ([]CheckAnswer, error) {
	return db.All[CheckAnswer](ctx, q, `SELECT item_id, answer, share, tries, answered_at, done_at FROM check_answer WHERE enrolment_id = ?`, enrolmentID)
}

// saveCheckAnswer keeps the latest answer. done is zero for one that does not count; what counted once counts for good.
func saveCheckAnswer(ctx context.Context, tx *db.Tx, enrolmentID, itemID string, a item.Answer, share float64, now, done time.Time) error {
	return db.Exec(ctx, tx, `
		INSERT INTO check_answer (enrolment_id, item_id, answer, share, tries, answered_at, done_at) VALUES (?, ?, ?, ?, 1, ?, ?)
		ON CONFLICT (enrolment_id, item_id) DO UPDATE SET answer = excluded.answer, share = excluded.share,
			tries = check_answer.tries + 1, answered_at = excluded.answered_at,
			done_at = COALESCE(check_answer.done_at, excluded.done_at)`, enrolmentID, itemID, db.JSON(a), share, now, done)
}

const attemptColumns = `id, enrolment_id, version_id, test_id, number, seed, items, lapsed, started_at, closes_at, submitted_at, closed_late, percent, passed`

func attempts(ctx context.Context, q db.Querier, enrolmentID string) ([]Attempt, error) {
	return db.All[Attempt](ctx, q, `SELECT `+attemptColumns+` FROM attempt WHERE enrolment_id = ? ORDER BY number`, enrolmentID)
}

func attemptByID(ctx context.Context, q db.Querier, attemptID string) (Attempt, error) {
	return db.One[Attempt](ctx, q, `SELECT `+attemptColumns+` FROM attempt WHERE id = ?`, attemptID)
}

func insertAttempt(ctx context.Context, tx *db.Tx, a Attempt) (made bool, err error) {
	n, err := db.Changed(ctx, tx, `
		INSERT INTO attempt (id, enrolment_id, version_id, test_id, number, seed, items, lapsed, started_at, closes_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (enrolment_id, test_id, number) DO NOTHING`,
		a.ID, a.EnrolmentID, a.VersionID, a.TestID, a.Number, a.Seed, db.JSON(a.Items), db.JSON(a.Lapsed), a.StartedAt, a.ClosesAt)
	return n == 1, err
}

func responses(ctx context.Context, q db.Querier, attemptID string) ([]response, error) {
	return db.All[response](ctx, q, `SELECT attempt_id, item_id, answer, share, saved_at FROM response WHERE attempt_id = ?`, attemptID)
}

// answersOf returns the answers of an attempt by their items.
func answersOf(ctx context.Context, q db.Querier, attemptID string) (map[string]item.Answer, error) {
	list, err := responses(ctx, q, attemptID)
	answers := make(map[string]item.Answer, len(list))
	for _, r := range list {
		answers[r.ItemID] = r.Answer
	}
	return answers, err
}

func saveResponse(ctx context.Context, tx *db.Tx, attemptID, itemID string, a item.Answer, now time.Time) error {
	return db.Exec(ctx, tx, `
		INSERT INTO response (attempt_id, item_id, answer, saved_at) VALUES (?, ?, ?, ?)
		ON CONFLICT (attempt_id, item_id) DO UPDATE SET answer = excluded.answer, saved_at = excluded.saved_at`, attemptID, itemID, db.JSON(a), now)
}

func dropResponse(ctx context.Context, tx *db.Tx, attemptID, itemID string) error {
	return db.Exec(ctx, tx, `DELETE FROM response WHERE attempt_id = ? AND item_id = ?`, attemptID, itemID)
}

// closeAttempt submits an attempt once: of two submissions only one changes a row.
func closeAttempt(ctx context.Context, tx *db.Tx, attemptID string, now time.Time, late bool, percent float64, passed bool) (closed bool, err error) {
	n, err := db.Changed(ctx, tx, `
		UPDATE attempt SET submitted_at = ?, closed_late = ?, percent = ?, passed = ? WHERE id = ? AND submitted_at IS NULL`, now, late, percent, passed, attemptID)
	return n == 1, err
}

func shareResponse(ctx context.Context, tx *db.Tx, attemptID, itemID string, share float64) error {
	return db.Exec(ctx, tx, `UPDATE response SET share = ? WHERE attempt_id = ? AND item_id = ?`, share, attemptID, itemID)
}

// overdueAttempts returns attempts whose time is over and that nobody submitted; one without an end is never over.
func overdueAttempts(ctx context.Context, q db.Querier, before time.Time, limit int) ([]Attempt, error) {
	return db.All[Attempt](ctx, q, `SELECT `+attemptColumns+` FROM attempt WHERE submitted_at IS NULL AND closes_at < ? ORDER BY closes_at LIMIT ?`, before, limit)
}

type runRow struct {
	ID          string
	ScenarioID  string
	State       scenario.Run `db:"state,json"`
	Step        int
	StartedAt   time.Time
	EndedAt     time.Time
	EnrolmentID string
	VersionID   string // whose story it tells
}

const runColumns = `id, enrolment_id, version_id, scenario_id, state, step, started_at, ended_at`

// runsOf returns all runs of a participant through a story, the newest first.
func runsOf(ctx context.Context, q db.Querier, enrolmentID, scenarioID string) ([]runRow, error) {
	return db.All[runRow](ctx, q, `SELECT `+runColumns+` FROM scenario_run WHERE enrolment_id = ? AND scenario_id = ? ORDER BY started_at DESC, id DESC`, enrolmentID, scenarioID)
}

func latestRun(ctx context.Context, q db.Querier, enrolmentID, scenarioID string) (runRow, error) {
	return db.One[runRow](ctx, q, `SELECT `+runColumns+` FROM scenario_run WHERE enrolment_id = ? AND scenario_id = ? ORDER BY started_at DESC, id DESC LIMIT 1`, enrolmentID, scenarioID)
}

// insertRun begins a run at a step that no page of an earlier run has shown, so that one which is still open moves nothing.
func insertRun(ctx context.Context, tx *db.Tx, e Enrolment, scenarioID string, run scenario.Run, step int, now time.Time) error {
	return db.Exec(ctx, tx, `INSERT INTO scenario_run (id, enrolment_id, version_id, scenario_id, state, step, started_at) VALUES (?, ?, ?, ?, ?, ?, ?)`,
		id.New(), e.ID, e.VersionID, scenarioID, db.JSON(run), step, now)
}

// stepRun moves a run on by one choice, if it still stands where the participant saw it.
func stepRun(ctx context.Context, tx *db.Tx, runID string, step int, run scenario.Run, ended time.Time) (moved bool, err error) {
	n, err := db.Changed(ctx, tx, `UPDATE scenario_run SET state = ?, step = step + 1, ended_at = ? WHERE id = ? AND step = ?`, db.JSON(run), ended, runID, step)
	return n == 1, err
}
