package published

import (
	"testing"

	"ostoja/internal/access"
	"ostoja/internal/course/coursetest"
	"ostoja/internal/db/dbtest"
)

// TestNoFailureIsSilent: whatever statement fails, whoever acts is told, and nothing of what was done stays.
func TestNoFailureIsSilent(t *testing.T) {
	onShelf(t, func(s *shelf) {
		ctx, folder := s.t.Context(), coursetest.With(s.t, coursetest.Good(s.t), "course.yaml", `version: "1.0.0"`, `version: "1.2"`)
		only := func(_ any, err error) error { return err }
		var v Version
		medium := ""
		dbtest.EachFails(s.t, s.db, []dbtest.Step{
			{Name: "publish", Do: func() (err error) { v, _, err = s.Publish(ctx, access.System, folder); return err }},
			{Name: "publish the same", Do: func() error { _, _, err := s.Publish(ctx, access.System, folder); return err }},
			{Name: "list", Do: func() error { return only(s.List(ctx)) }},
			{Name: "entry", Do: func() error { return only(s.Entry(ctx, v.CourseID)) }},
			{Name: "title", Do: func() error { return only(s.TitleIn(ctx, s.db, v.CourseID)) }},
			{Name: "versions", Do: func() error { return only(s.Versions(ctx, v.CourseID)) }},
			{Name: "catalogue", Do: func() error { return s.SetCatalogue(ctx, access.System, v.CourseID, false) }},
			{Name: "archive", Do: func() error { return only(s.Archive(ctx, v.ID)) }},
			{Name: "current", Do: func() error { return only(s.Current(ctx, v.CourseID)) }},
			{Name: "version", Do: func() error { return only(s.Version(ctx, s.first.ID)) }},
			{Name: "version in", Do: func() error { return only(s.VersionIn(ctx, s.db, s.other.ID)) }},
			{Name: "medium's name", Do: func() error {
				p, err := s.Version(ctx, s.second.ID)
				if err == nil {
					medium = p.Media()[0]
				}
				return err
			}},
			{Name: "medium", Do: func() error { return only(s.Medium(ctx, v.ID, medium)) }},
		})
		if v.Number != 3 {
			s.t.Errorf("published as number %d", v.Number)
		}
	})
}
