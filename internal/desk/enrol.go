package desk

import (
	"context"
	"slices"

	"ostoja/internal/access"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/expiry"
)

// CandidateFilter chooses people who could be enrolled.
type CandidateFilter struct {
	Unit   string // with everything below it
	Region string
	Search string
	IDs    []string // these people alone; empty: all
	Import string   // whom a list was about that the actor took in; it is known for an hour
	Ending bool     // who passed, and whose certificate ends within ninety days: they would begin another round
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

// usualFew is how many people may be left out of a course for them to be named one by one; to fill a page from the list of
// all, hundreds would have to be passed for each of them.
const usualFew = 2000

// left returns who is not in the course, as the difference of two indexes that are read side by side; all is false if they are
// more than few, and only some were looked for.
func left(ctx context.Context, q db.Querier, courseID string, few int) (ids []any, all bool, err error) {
	list, err := db.All[string](ctx, q, `SELECT id FROM identity_person EXCEPT SELECT l.person_id`+open+` LIMIT ?`, courseID, few+1)
	return db.Args(list), len(list) <= few, err
}

// padded repeats the first value until they are a power of two, so that the texts of statements stay few.
func padded(values []any) []any {
	for n := len(values); n&(n-1) != 0; n++ {
		values = append(values, values[0])
	}
	return values
}

// among limits p to some people, if any are named.
func (w *where) among(personIDs []string) {
	if len(personIDs) > 0 {
		ids := padded(db.Args(personIDs))
		w.andPerson(`p.id IN (`+db.In(len(ids))+`)`, ids...)
	}
}

// imported limits p to whom a list of the actor's was about, if one is named.
func (w *where) imported(actor access.Actor, importID string) {
	if importID != "" {
		w.andPerson(`p.id IN (SELECT i.person_id FROM identity_import i WHERE i.import_id = ? AND i.owner_id = ?)`, importID, actor.PersonID)
	}
}

// candidates chooses who is not in the course now (who was withdrawn may come back), is not blocked, and whom the actor may
// enrol. Few who are left are named; else each person is asked in the order of names until a page is full.
func (s *Service) candidates(ctx context.Context, q db.Querier, t *tree, actor access.Actor, courseID string, f CandidateFilter) (w where, named bool, err error) {
	if f.Ending {
		return s.endingCandidates(t, actor, courseID, f)
	}
	ids, named, err := left(ctx, q, courseID, s.few)
	if err != nil {
		return w, false, err
	}
	w.and(`p.state <> 'blocked'`)
	if named {
		ids = padded(ids)
		w.and(`p.id IN (`+db.In(len(ids))+`)`, ids...)
	} else {
		w.and(`NOT EXISTS (SELECT 1`+open+` AND l.person_id = p.id)`, courseID)
	}
	if err := w.within(t, actor, access.DeskWrite, f.Unit, false); err != nil {
		return w, false, err
	}
	w.region(t, f.Region)
	w.search(f.Search)
	w.among(f.IDs)
	w.imported(actor, f.Import)
	return w, named, nil
}

// endingCandidates chooses who passed the course, is in no round after that, and has no certificate of it that holds for longer.
func (s *Service) endingCandidates(t *tree, actor access.Actor, courseID string, f CandidateFilter) (w where, named bool, err error) {
	now := s.clock.Now()
	w.and(`p.state <> 'blocked'`)
	w.and(`EXISTS (SELECT 1`+open+` AND l.person_id = p.id AND l.passed_at IS NOT NULL)`, courseID)
	w.and(`EXISTS (SELECT 1 FROM certificate_valid v WHERE v.person_id = p.id AND v.course_id = ? AND v.valid_until > ?)`, courseID, now)
	w.and(`NOT EXISTS (SELECT 1 FROM certificate_valid v WHERE v.person_id = p.id AND v.course_id = ? AND (v.valid_until IS NULL OR v.valid_until > ?))`, courseID, now.Add(expiry.Within))
	if err := w.within(t, actor, access.DeskWrite, f.Unit, false); err != nil {
		return w, false, err
	}
	w.region(t, f.Region)
	w.search(f.Search)
	w.among(f.IDs)
	return w, true, nil
}

// countCandidates counts whom w chooses. If it chooses among all people, counts of indexes say it without asking anybody: only
// the blocked are looked at.
func countCandidates(ctx context.Context, q db.Querier, courseID string, w where) (int, error) {
	if w.people {
		return db.One[int](ctx, q, `SELECT COUNT(*) FROM identity_person p WHERE `+w.String(), w.args...)
	}
	return db.One[int](ctx, q, `SELECT (SELECT COUNT(*) FROM identity_person) - (SELECT COUNT(*)`+open+`)
		- (SELECT COUNT(*) FROM identity_person p WHERE p.state = 'blocked' AND NOT EXISTS (SELECT 1`+open+` AND l.person_id = p.id))`, courseID, courseID)
}

// candidateIDs returns a page of candidates, by name, and how many there are in all. Few are read at once and counted.
func (s *Service) candidateIDs(ctx context.Context, q db.Querier, t *tree, actor access.Actor, courseID string, f CandidateFilter, page Page) (ids []string, total int, err error) {
	w, named, err := s.candidates(ctx, q, t, actor, courseID, f)
	if err != nil {
		return nil, 0, err
	}
	text, args := `SELECT p.id FROM identity_person p WHERE `+w.String()+` ORDER BY p.sort_key, p.id`, slices.Clone(w.args)
	from := max(0, page.Number-1) * page.Size
	if named || page.Size == 0 {
		ids, err = db.All[string](ctx, q, text, args...)
		total = len(ids)
		if page.Size > 0 {
			from = min(from, total)
			ids = ids[from:min(from+page.Size, total)]
		}
		return ids, total, err
	}
	if total, err = countCandidates(ctx, q, courseID, w); err != nil {
		return nil, 0, err
	}
	ids, err = db.All[string](ctx, q, text+` LIMIT ? OFFSET ?`, append(args, page.Size, from)...)
	return ids, total, err
}

// Candidates returns a part of the list of people whom the actor could enrol in a course, by name, and how many there are.
func (s *Service) Candidates(ctx context.Context, actor access.Actor, courseID string, f CandidateFilter, page Page) (list []Candidate, total int, err error) {
	defer errs.Wrap(&err, "desk.Candidates(%q)", courseID)
	err = s.db.View(ctx, func(tx *db.Tx) error {
		t, err := loadTree(ctx, tx)
		if err != nil {
			return err
		}
		var ids []string
		if ids, total, err = s.candidateIDs(ctx, tx, t, actor, courseID, f, page); err != nil {
			return err
		}
		list, err = readCandidates(ctx, tx, t, courseID, ids)
		for i := range list {
			list[i].Withdrawn = list[i].Withdrawn && !f.Ending // they passed
		}
		return err
	})
	return list, total, err
}

func readCandidates(ctx context.Context, q db.Querier, t *tree, courseID string, ids []string) (list []Candidate, err error) {
	for some := range slices.Chunk(ids, portion) {
		rows, err := db.All[Candidate](ctx, q, `
			SELECT p.id, p.given_name, p.family_name, p.unit_id, p.mail IS NOT NULL AS has_mail,
				EXISTS (SELECT 1 FROM learning_round e WHERE e.person_id = p.id AND e.course_id = ?) AS withdrawn
			FROM identity_person p WHERE p.id IN (`+db.In(len(some))+`) ORDER BY p.sort_key, p.id`, append([]any{courseID}, db.Args(some)...)...)
		if err != nil {
			return nil, err
		}
		list = append(list, rows...)
	}
	for i := range list {
		list[i].Unit, list[i].Organisation = t.name(list[i].UnitID), t.organisation(list[i].UnitID).Name
	}
	return list, nil
}

// CandidateIDs returns everybody whom the filter chooses.
func (s *Service) CandidateIDs(ctx context.Context, actor access.Actor, courseID string, f CandidateFilter) (ids []string, err error) {
	defer errs.Wrap(&err, "desk.CandidateIDs(%q)", courseID)
	err = s.db.View(ctx, func(tx *db.Tx) error {
		t, err := loadTree(ctx, tx)
		if err != nil {
			return err
		}
		ids, _, err = s.candidateIDs(ctx, tx, t, actor, courseID, f, Page{})
		return err
	})
	return ids, err
}
