package demo

import (
	"context"
	"time"

	"ostoja/internal/certificate"
	"ostoja/internal/course"
	"ostoja/internal/db"
	"ostoja/internal/id"
	"ostoja/internal/item"
	"ostoja/internal/quiz"
	"ostoja/internal/record"
)

// enrol writes a person's way through the course up to a stage, as the player would have written it.
func (f *Filler) enrol(ctx context.Context, tx *db.Tx, p person, stage Stage, at time.Time) error {
	r, c := f.random, f.course
	enrolmentID, parts := id.New(), c.Parts()
	done := 0
	switch {
	case stage == UnderWay:
		done = 1 + r.IntN(len(parts)-1)
	case stage > UnderWay:
		done = len(parts)
	}
	var started, active, finished time.Time
	if stage > notBegun {
		started = at.Add(time.Duration(1+r.IntN(72)) * time.Hour)
		active = started.Add(time.Duration(done) * time.Duration(20+r.IntN(600)) * time.Minute)
		if now := f.Clock.Now(); active.After(now) {
			active = now.Add(-time.Duration(r.IntN(300)) * time.Minute)
		}
		if started.After(active) {
			started = active.Add(-time.Hour)
		}
	}
	if done == len(parts) {
		finished = active
	}
	last := ""
	if done > 0 {
		last = parts[done-1].Key()
	}
	if err := db.Exec(ctx, tx, `
		INSERT INTO enrolment (id, person_id, course_id, version_id, round, lang, source, created_at, started_at, active_at, finished_at, parts_done, last_part)
		VALUES (?, ?, ?, ?, 1, ?, 'invitation', ?, ?, ?, ?, ?, ?)`,
		enrolmentID, p.id, c.ID, c.VersionID, p.lang, at, started, active, finished, done, last); err != nil {
		return err
	}
	if err := record.Add(ctx, tx, at, p.id, record.Registered, "course/"+c.ID, nil); err != nil {
		return err
	}
	for i, part := range parts[:done] {
		when := started.Add(active.Sub(started) * time.Duration(i+1) / time.Duration(done))
		if err := f.part(ctx, tx, enrolmentID, part, when); err != nil {
			return err
		}
	}
	switch stage {
	case failed:
		_, err := f.attempt(ctx, tx, enrolmentID, active, 0.45)
		return err
	case passed:
		return f.pass(ctx, tx, enrolmentID, p, active)
	}
	return nil
}

// part writes one part as done, with the practice questions in it answered, rightly in the end.
func (f *Filler) part(ctx context.Context, tx *db.Tx, enrolmentID string, part course.Part, at time.Time) error {
	if err := db.Exec(ctx, tx, `INSERT INTO part_progress (enrolment_id, part, opened_at, done_at) VALUES (?, ?, ?, ?)`, enrolmentID, part.Key(), at.Add(-9*time.Minute), at); err != nil {
		return err
	}
	for _, itemID := range part.Checks() {
		answer, share := f.answer(f.course.Item(itemID), 1)
		if err := db.Exec(ctx, tx, `INSERT INTO check_answer (enrolment_id, item_id, answer, share, tries, answered_at, done_at) VALUES (?, ?, ?, ?, 1, ?, ?)`,
			enrolmentID, itemID, db.JSON(answer), share, at, at); err != nil {
			return err
		}
	}
	return nil
}

// attempt writes a submitted test of somebody who knows each answer with the given chance, and returns its id.
func (f *Filler) attempt(ctx context.Context, tx *db.Tx, enrolmentID string, at time.Time, knows float64) (string, error) {
	t, attemptID, seed := f.course.Test(), id.New(), f.random.Int64()
	items, answers := f.course.Draw(t, seed), map[string]item.Answer{}
	for _, itemID := range items {
		answers[itemID], _ = f.answer(f.course.Item(itemID), knows)
	}
	percent, shares := f.course.Paper(items, nil).Score(answers) // in the past that is made up, facts held
	if err := db.Exec(ctx, tx, `
		INSERT INTO attempt (id, enrolment_id, version_id, test_id, number, seed, items, started_at, submitted_at, percent, passed)
		VALUES (?, ?, ?, ?, (SELECT COUNT(*) + 1 FROM attempt WHERE enrolment_id = ?), ?, ?, ?, ?, ?, ?)`,
		attemptID, enrolmentID, f.course.VersionID, t.ID, enrolmentID, seed, db.JSON(items), at, at.Add(25*time.Minute), percent, quiz.Passed(percent, t.Pass)); err != nil {
		return "", err
	}
	for _, itemID := range items {
		if err := db.Exec(ctx, tx, `INSERT INTO response (attempt_id, item_id, answer, share, saved_at) VALUES (?, ?, ?, ?, ?)`,
			attemptID, itemID, db.JSON(answers[itemID]), shares[itemID], at); err != nil {
			return "", err
		}
	}
	return attemptID, nil
}

// pass writes attempts until one passes, and the certificate.
func (f *Filler) pass(ctx context.Context, tx *db.Tx, enrolmentID string, p person, at time.Time) error {
	at = at.Add(30 * time.Minute)
	for knows := 0.82; ; knows = 1 {
		attemptID, err := f.attempt(ctx, tx, enrolmentID, at, knows)
		if err != nil {
			return err
		}
		passed, err := db.One[bool](ctx, tx, `SELECT passed FROM attempt WHERE id = ?`, attemptID)
		if err != nil {
			return err
		}
		if at = at.Add(26 * time.Minute); !passed {
			continue
		}
		if err := db.Exec(ctx, tx, `UPDATE enrolment SET active_at = ?, passed_at = ? WHERE id = ?`, at, at, enrolmentID); err != nil {
			return err
		}
		if err := record.Add(ctx, tx, at, p.id, record.Completed, "course/"+f.course.ID, nil); err != nil {
			return err
		}
		return f.certify(ctx, tx, enrolmentID, attemptID, p, at)
	}
}

func (f *Filler) certify(ctx context.Context, tx *db.Tx, enrolmentID, attemptID string, p person, at time.Time) error {
	c := f.course
	a := certificate.Award{
		PersonID: p.id, EnrolmentID: enrolmentID, AttemptID: attemptID, CourseID: c.ID, VersionID: c.VersionID, Lang: p.lang, Holder: p.name(),
		Title: c.Title.In(p.lang), Hours: c.Hours, Issuer: "Ostoja (demonstracja)", At: at,
	}
	if c.Certificate != nil {
		a.Heading, a.ValidMonths, a.Fund = c.Certificate.Title.In(p.lang), c.Certificate.ValidMonths, c.Certificate.Fund.In(p.lang)
	}
	for _, o := range c.Objectives {
		a.Objectives = append(a.Objectives, o.Text.In(p.lang))
	}
	_, err := f.Certs.Issue(ctx, tx, a)
	return err
}

// answer gives the right answer with the given chance, and otherwise one that misses.
func (f *Filler) answer(it *item.Item, knows float64) (item.Answer, float64) {
	a := it.RightAnswer(f.course.Languages[0])
	if f.random.Float64() >= knows {
		a = item.Answer{}
		switch it.Type {
		case item.Single, item.Multiple, item.Step:
			var wrong []string
			for _, o := range it.Options {
				if !o.Best() {
					wrong = append(wrong, o.ID)
				}
			}
			a.Chosen = []string{pick(f.random, wrong)}
		case item.Number:
			miss := it.Answer + it.Tolerance + 1
			a.Number = &miss
		case item.ShortText:
			a.Text = "nie wiem"
		}
	}
	return a, it.Score(a)
}
