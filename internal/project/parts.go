package project

import (
	"cmp"
	"context"
	"slices"

	"ostoja/internal/access"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/text"
)

// Parts returns what belongs to a project, by kind and title, with the other projects that pay for the same.
func (s *Service) Parts(ctx context.Context, actor access.Actor, projectID string) (list []Part, err error) {
	defer errs.Wrap(&err, "project.Parts")
	err = s.DB.View(ctx, func(tx *db.Tx) error {
		if _, err := one(ctx, tx, actor, access.ProjectsRead, projectID); err != nil {
			return err
		}
		list, err = s.parts(ctx, tx, projectID)
		return err
	})
	return list, err
}

func (s *Service) parts(ctx context.Context, q db.Querier, projectID string) ([]Part, error) {
	list, err := db.All[Part](ctx, q, `
		SELECT project_id, kind, subject_id, share, document, FALSE AS own FROM project_part WHERE project_id = ?
		UNION ALL SELECT project_id, 'training', training_id, share, '', TRUE FROM classroom_project WHERE project_id = ?`, projectID, projectID)
	if err != nil {
		return nil, err
	}
	type other struct {
		Kind                       Kind
		SubjectID, ProjectID, Name string
		Share                      int
		SameFund                   bool
	}
	others, err := db.All[other](ctx, q, `
		SELECT x.kind, x.subject_id, x.project_id, p.name, x.share,
			EXISTS (SELECT 1 FROM project_fund a JOIN project_fund b ON b.fund_id = a.fund_id WHERE a.project_id = x.project_id AND b.project_id = ?) AS same_fund
		FROM project_subject x JOIN project p ON p.id = x.project_id
			JOIN project_subject m ON m.kind = x.kind AND m.subject_id = x.subject_id AND m.project_id = ?
		WHERE x.project_id <> ? ORDER BY p.name`, projectID, projectID, projectID)
	if err != nil {
		return nil, err
	}
	for _, o := range others {
		for i := range list {
			if list[i].Kind == o.Kind && list[i].SubjectID == o.SubjectID {
				list[i].Elsewhere = append(list[i].Elsewhere, Elsewhere{o.ProjectID, o.Name, o.Share, o.SameFund})
			}
		}
	}
	for _, kind := range Kinds {
		var ids []string
		for _, p := range list {
			if p.Kind == kind {
				ids = append(ids, p.SubjectID)
			}
		}
		if len(ids) == 0 {
			continue
		}
		titles, err := s.Subjects.Titles(ctx, q, kind, ids)
		if err != nil {
			return nil, err
		}
		for i := range list {
			if list[i].Kind == kind {
				list[i].Title = titles[list[i].SubjectID]
			}
		}
	}
	slices.SortFunc(list, func(a, b Part) int {
		return cmp.Or(cmp.Compare(slices.Index(Kinds, a.Kind), slices.Index(Kinds, b.Kind)), cmp.Compare(sortKey(a.Title), sortKey(b.Title)), cmp.Compare(a.SubjectID, b.SubjectID))
	})
	return list, nil
}

// sortKey orders titles as the office's language does.
func sortKey(title text.Translated) string { return text.SortKey(title.In("pl")) }

// Offer is something that can be added to a project.
type Offer struct {
	Kind      Kind
	SubjectID string
	Title     text.Translated
}

// Offers returns what the actor can still add to a project, by kind and title.
func (s *Service) Offers(ctx context.Context, actor access.Actor, projectID string) (list []Offer, err error) {
	defer errs.Wrap(&err, "project.Offers")
	err = s.DB.View(ctx, func(tx *db.Tx) error {
		if _, err := one(ctx, tx, actor, access.ProjectsWrite, projectID); err != nil {
			return err
		}
		has, err := s.parts(ctx, tx, projectID)
		if err != nil {
			return err
		}
		for _, kind := range Kinds {
			titles, err := s.Subjects.Offered(ctx, tx, actor, kind)
			if err != nil {
				return err
			}
			for subjectID, title := range titles {
				if !slices.ContainsFunc(has, func(p Part) bool { return p.Kind == kind && p.SubjectID == subjectID }) {
					list = append(list, Offer{kind, subjectID, title})
				}
			}
		}
		slices.SortFunc(list, func(a, b Offer) int {
			return cmp.Or(cmp.Compare(slices.Index(Kinds, a.Kind), slices.Index(Kinds, b.Kind)), cmp.Compare(sortKey(a.Title), sortKey(b.Title)), cmp.Compare(a.SubjectID, b.SubjectID))
		})
		return nil
	})
	return list, err
}

// AddPart says that something belongs to a project, which pays a share of its cost in percent. Of one that belongs to it already the share changes.
// What the projects pay together MUST NOT exceed the whole.
func (s *Service) AddPart(ctx context.Context, actor access.Actor, projectID string, part Part) (err error) {
	defer errs.Wrap(&err, "project.AddPart")
	part.Document = text.Clean(part.Document)
	return s.change(ctx, actor, projectID, "part-added", map[string]any{"kind": part.Kind, "subject": part.SubjectID, "share": part.Share}, func(tx *db.Tx, _ Page) error {
		var f errs.Fields
		offered, err := s.Subjects.Offered(ctx, tx, actor, part.Kind)
		if err != nil {
			return err
		}
		if _, ok := offered[part.SubjectID]; !ok || !slices.Contains(Kinds, part.Kind) {
			f.Add("subject", "project.fault.subject")
		}
		if part.Share < 1 || part.Share > 100 {
			f.Add("share", "project.fault.part-share")
		}
		if len([]rune(part.Document)) > mostNumber {
			f.Add("document", "project.fault.long", "Most", mostNumber)
		}
		if err := f.Err(); err != nil {
			return err
		}
		own, err := db.One[int](ctx, tx, `SELECT COUNT(*) FROM classroom_project WHERE project_id = ? AND training_id = ?`, projectID, part.SubjectID)
		if err != nil {
			return err
		}
		if own > 0 && part.Kind == Training { // its share stands in the training's data
			f.Add("subject", "project.fault.part-own")
			return f.Err()
		}
		if err := db.Exec(ctx, tx, `
			INSERT INTO project_part (project_id, kind, subject_id, share, document, at, actor_id) VALUES (?, ?, ?, ?, ?, ?, ?)
			ON CONFLICT (project_id, kind, subject_id) DO UPDATE SET share = excluded.share, document = excluded.document, at = excluded.at, actor_id = excluded.actor_id`,
			projectID, string(part.Kind), part.SubjectID, part.Share, part.Document, s.Clock.Now(), actor.PersonID); err != nil {
			return err
		}
		sum, err := db.One[int](ctx, tx, `SELECT COALESCE(SUM(share), 0) FROM project_subject WHERE kind = ? AND subject_id = ?`, string(part.Kind), part.SubjectID)
		if err == nil && sum > 100 {
			f.Add("share", "project.fault.part-over", "Free", max(0, 100-(sum-part.Share)))
			err = f.Err()
		}
		return err
	})
}

// DropPart says that something does not belong to a project any more.
func (s *Service) DropPart(ctx context.Context, actor access.Actor, projectID string, kind Kind, subjectID string) (err error) {
	defer errs.Wrap(&err, "project.DropPart")
	return s.change(ctx, actor, projectID, "part-dropped", map[string]any{"kind": kind, "subject": subjectID}, func(tx *db.Tx, _ Page) error {
		n, err := db.Changed(ctx, tx, `DELETE FROM project_part WHERE project_id = ? AND kind = ? AND subject_id = ?`, projectID, string(kind), subjectID)
		if err == nil && n == 0 {
			err = errs.NotFound("error.not-found")
		}
		return err
	})
}
