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

// candidates chooses who is not in the course now (who was withdrawn may come back), is not blocked, and whom the actor may
// enrol.
func candidates(t *tree, actor access.Actor, courseID string, f CandidateFilter) (w where, err error) {
	w.and(`p.state <> 'blocked'`)
	w.and(`NOT EXISTS (SELECT 1 FROM enrolment l WHERE l.person_id = p.id AND l.course_id = ? AND l.withdrawn_at IS NULL AND `+latest+`)`, courseID)
	if err := w.within(t, actor, access.DeskWrite, f.Unit, false); err != nil {
		return w, err
	}
	w.region(t, f.Region)
	w.search(f.Search)
	return w, nil
}

// Candidates returns a part of the list of people whom the actor could enrol in a course, by name, and how many there are.
func (s *Service) Candidates(ctx context.Context, actor access.Actor, courseID string, f CandidateFilter, page Page) (list []Candidate, total int, err error) {
	defer errs.Wrap(&err, "desk.Candidates(%q)", courseID)
	err = s.db.View(ctx, func(tx *db.Tx) error {
		t, err := loadTree(ctx, tx)
		if err != nil {
			return err
		}
		w, err := candidates(t, actor, courseID, f)
		if err != nil {
			return err
		}
		if total, err = db.One[int](ctx, tx, `SELECT COUNT(*) FROM person p WHERE `+w.String(), w.args...); err != nil {
			return err
		}
		args := append([]any{courseID}, w.args...)
		list, err = db.All[Candidate](ctx, tx, `
			SELECT p.id, p.given_name, p.family_name, p.unit_id, p.mail IS NOT NULL AS has_mail,
				EXISTS (SELECT 1 FROM enrolment e WHERE e.person_id = p.id AND e.course_id = ?) AS withdrawn
			FROM person p WHERE `+w.String()+` ORDER BY p.sort_key, p.id LIMIT ? OFFSET ?`, append(args, page.Size, max(0, page.Number-1)*page.Size)...)
		for i := range list {
			list[i].Unit, list[i].Organisation = t.name(list[i].UnitID), t.organisation(list[i].UnitID).Name
		}
		return err
	})
	return list, total, err
}

// CandidateIDs returns everybody whom the filter chooses.
func (s *Service) CandidateIDs(ctx context.Context, actor access.Actor, courseID string, f CandidateFilter) (_ []string, err error) {
	defer errs.Wrap(&err, "desk.CandidateIDs(%q)", courseID)
	t, err := loadTree(ctx, s.db)
	if err != nil {
		return nil, err
	}
	w, err := candidates(t, actor, courseID, f)
	if err != nil {
		return nil, err
	}
	return db.All[string](ctx, s.db, `SELECT p.id FROM person p WHERE `+w.String()+` ORDER BY p.sort_key, p.id`, w.args...)
}
