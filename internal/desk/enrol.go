package desk

import (
	"context"

	"ostoja/internal/access"
	"ostoja/internal/db"
	"ostoja/internal/errs"
)

// CandidateFilter chooses people who could be enrolled.
type CandidateFilter struct {
	Unit   string // with everything below it
	Region string
	Search string
}

// Candidate is a person who could be enrolled in a course.
type Candidate struct {
	ID           string
	GivenName    string
	FamilyName   string
	UnitID       string
	HasMail      bool
	Withdrawn    bool   // was in the course before
	Unit         string `db:"-"`
	Organisation string `db:"-"`
}

// open is who is in a course now: the latest round was not withdrawn.
const open = ` FROM learning_latest l WHERE l.course_id = ? AND l.withdrawn_at IS NULL`

// crowd is what decides how candidates are looked for.
type crowd struct {
	People      int
	Open        int // in the course now
	Blocked     int
	BlockedOpen int // both
}

func loadCrowd(ctx context.Context, q db.Querier, courseID string) (crowd, error) {
	return db.One[crowd](ctx, q, `SELECT (SELECT COUNT(*) FROM identity_person) AS people, (SELECT COUNT(*)`+open+`) AS open,
		(SELECT COUNT(*) FROM identity_person p WHERE p.state = 'blocked') AS blocked,
		(SELECT COUNT(*) FROM identity_person p CROSS JOIN learning_latest l WHERE p.state = 'blocked' AND l.person_id = p.id AND l.course_id = ? AND l.withdrawn_at IS NULL) AS blocked_open`,
		courseID, courseID)
}

// few says whether so few are left that walking the list of people by name would pass thousands to fill a page.
func (c crowd) few() bool { return 10*(c.People-c.Open) < c.People }

// candidates chooses who is not in the course now (who was withdrawn may come back), is not blocked, and whom the actor may
// enrol. Where few are left, the difference of two indexes finds them; else each person is asked in turn until a page is full.
func candidates(t *tree, actor access.Actor, courseID string, c crowd, f CandidateFilter) (w where, err error) {
	w.and(`p.state <> 'blocked'`)
	if c.few() {
		w.and(`p.id IN (SELECT id FROM identity_person EXCEPT SELECT l.person_id`+open+`)`, courseID)
	} else {
		w.and(`NOT EXISTS (SELECT 1`+open+` AND l.person_id = p.id)`, courseID)
	}
	if err := w.within(t, actor, access.DeskWrite, f.Unit, false); err != nil {
		return w, err
	}
	w.region(t, f.Region)
	w.search(f.Search)
	return w, nil
}

// countCandidates counts whom w chooses. If it chooses among all people, four counts of indexes say it without asking anybody.
func countCandidates(ctx context.Context, q db.Querier, c crowd, w where) (int, error) {
	if !w.people {
		return c.People - c.Blocked - c.Open + c.BlockedOpen, nil
	}
	return db.One[int](ctx, q, `SELECT COUNT(*) FROM identity_person p WHERE `+w.String(), w.args...)
}

// Candidates returns a part of the list of people whom the actor could enrol in a course, by name, and how many there are.
func (s *Service) Candidates(ctx context.Context, actor access.Actor, courseID string, f CandidateFilter, page Page) (list []Candidate, total int, err error) {
	defer errs.Wrap(&err, "desk.Candidates(%q)", courseID)
	err = s.db.View(ctx, func(tx *db.Tx) error {
		t, err := loadTree(ctx, tx)
		if err != nil {
			return err
		}
		c, err := loadCrowd(ctx, tx, courseID)
		if err != nil {
			return err
		}
		w, err := candidates(t, actor, courseID, c, f)
		if err != nil {
			return err
		}
		if total, err = countCandidates(ctx, tx, c, w); err != nil || total == 0 {
			return err
		}
		args := append([]any{courseID}, w.args...)
		list, err = db.All[Candidate](ctx, tx, `
			SELECT p.id, p.given_name, p.family_name, p.unit_id, p.mail IS NOT NULL AS has_mail,
				EXISTS (SELECT 1 FROM learning_round e WHERE e.person_id = p.id AND e.course_id = ?) AS withdrawn
			FROM identity_person p WHERE `+w.String()+` ORDER BY p.sort_key, p.id LIMIT ? OFFSET ?`, append(args, page.Size, max(0, page.Number-1)*page.Size)...)
		for i := range list {
			list[i].Unit, list[i].Organisation = t.name(list[i].UnitID), t.organisation(list[i].UnitID).Name
		}
		return err
	})
	return list, total, err
}

// CandidateIDs returns everybody whom the filter chooses.
func (s *Service) CandidateIDs(ctx context.Context, actor access.Actor, courseID string, f CandidateFilter) (list []string, err error) {
	defer errs.Wrap(&err, "desk.CandidateIDs(%q)", courseID)
	err = s.db.View(ctx, func(tx *db.Tx) error {
		t, err := loadTree(ctx, tx)
		if err != nil {
			return err
		}
		c, err := loadCrowd(ctx, tx, courseID)
		if err != nil {
			return err
		}
		w, err := candidates(t, actor, courseID, c, f)
		if err != nil {
			return err
		}
		list, err = db.All[string](ctx, tx, `SELECT p.id FROM identity_person p WHERE `+w.String()+` ORDER BY p.sort_key, p.id`, w.args...)
		return err
	})
	return list, err
}
