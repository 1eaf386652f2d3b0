package published

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"testing"
	"testing/fstest"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/audit"
	"ostoja/internal/clock"
	"ostoja/internal/course/coursetest"
	"ostoja/internal/course/folder"
	"ostoja/internal/db"
	"ostoja/internal/db/dbtest"
	"ostoja/internal/errs"
	"ostoja/internal/event"
	"ostoja/internal/id"
	"ostoja/internal/indicator"
)

// shelf is a service with two courses, the first of which has two versions.
type shelf struct {
	*Service
	t                    *testing.T
	db                   *db.DB
	clock                *clock.Fake
	first, second, other Version
	told                 []VersionPublished
}

var opening = time.Date(2026, 10, 23, 7, 0, 0, 0, time.UTC)

func onShelf(t *testing.T, fn func(s *shelf)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := &shelf{t: t, db: d, clock: clock.NewFake(opening)}
		bus := event.New()
		event.On(bus, func(_ context.Context, _ *db.Tx, e VersionPublished) error {
			s.told = append(s.told, e)
			return nil
		})
		s.Service = New(d, s.clock, bus)
		s.first = s.publish(coursetest.Good(t))
		s.clock.Advance(time.Hour)
		s.other = s.publish(coursetest.With(t, coursetest.With(t, coursetest.Good(t), "course.yaml", "id: small-course", "id: another"), "course.yaml", `{pl: "Mały kurs"`, `{pl: "Inny kurs"`))
		s.clock.Advance(time.Hour)
		s.second = s.publish(coursetest.With(t, coursetest.Good(t), "course.yaml", `version: "1.0.0"`, `version: "1.1"`))
		fn(s)
	})
}

func (s *shelf) publish(folder fstest.MapFS) Version {
	s.t.Helper()
	v, made, err := s.Publish(s.t.Context(), access.Actor{PersonID: "author", Grants: access.System.Grants}, folder)
	if err != nil || !made {
		s.t.Fatalf("made %v, %v", made, err)
	}
	return v
}

func TestPublishing(t *testing.T) {
	onShelf(t, func(s *shelf) {
		ctx := s.t.Context()
		if s.first.Number != 1 || s.second.Number != 2 || s.other.Number != 1 {
			s.t.Errorf("numbers %d and %d of one course, %d of the other", s.first.Number, s.second.Number, s.other.Number)
		}
		if v := s.second; v.CourseID != "small-course" || v.Label != "1.1" || v.PublishedBy != "author" || !v.PublishedAt.Equal(opening.Add(2*time.Hour)) {
			s.t.Errorf("published as %+v", v)
		}
		if len(s.told) != 3 || s.told[1].Course.ID != "another" || s.told[1].PersonID != "author" {
			s.t.Errorf("told of %+v", s.told)
		}
		again, made, err := s.Publish(ctx, access.System, coursetest.Good(s.t))
		if err != nil || made || again.ID != s.first.ID {
			s.t.Errorf("the same folder again: made %v, %s, %v", made, again.ID, err)
		}
		if len(s.told) != 3 {
			s.t.Error("told of a version that was there already")
		}
		entries, err := audit.NewService(s.db).List(ctx, access.System, audit.Filter{Action: "course.publish", Oldest: true})
		if err != nil || len(entries.Entries) != 3 || entries.Entries[1].Object != "course:another" || entries.Entries[1].ActorID != "author" {
			s.t.Errorf("audit: %+v, %v", entries, err)
		}
	})
}

func TestVersionsAndCourses(t *testing.T) {
	onShelf(t, func(s *shelf) {
		ctx := s.t.Context()
		list, err := s.Versions(ctx, "small-course")
		if err != nil || len(list) != 2 || list[0] != s.second || list[1] != s.first {
			s.t.Errorf("versions %+v, %v", list, err)
		}
		if list, err := s.Versions(ctx, "another"); err != nil || len(list) != 1 || list[0] != s.other {
			s.t.Errorf("the other course's versions %+v, %v", list, err)
		}
		if list, err := s.Versions(ctx, "none"); err != nil || len(list) != 0 {
			s.t.Errorf("a course that there is not has %d versions, %v", len(list), err)
		}
		courses, err := s.List(ctx)
		if err != nil || len(courses) != 2 || courses[0].ID != "small-course" || courses[1].ID != "another" {
			s.t.Fatalf("courses %+v, %v", courses, err)
		}
		e, err := s.Entry(ctx, "small-course")
		if err != nil || e != courses[0] || e.CurrentVersionID != s.second.ID || !e.InCatalogue || !e.CreatedAt.Equal(opening) {
			s.t.Errorf("the course of two versions: %+v, %v", e, err)
		}
		if e, err := s.Entry(ctx, "another"); err != nil || e.CurrentVersionID != s.other.ID || !e.CreatedAt.Equal(opening.Add(time.Hour)) {
			s.t.Errorf("the other: %+v, %v", e, err)
		}
		if _, err := s.Entry(ctx, "none"); !errors.Is(err, errs.ErrNotFound) {
			s.t.Errorf("a course that there is not: %v", err)
		}
		if p, err := s.Current(ctx, "small-course"); err != nil || p.VersionID != s.second.ID || p.Version != "1.1" {
			s.t.Errorf("current: %+v, %v", p, err)
		}
		if p, err := s.Version(ctx, s.first.ID); err != nil || p.Version != "1.0.0" || p.Number != 1 {
			s.t.Errorf("the earlier version: %+v, %v", p, err)
		}
		if _, err := s.Current(ctx, "none"); !errors.Is(err, errs.ErrNotFound) {
			s.t.Errorf("a course that there is not: %v", err)
		}
	})
}

// TestATitleIsReadWithoutParsing: the title is the current version's, and naming a course within a transaction leaves no version in
// memory.
func TestATitleIsReadWithoutParsing(t *testing.T) {
	onShelf(t, func(s *shelf) {
		third := coursetest.With(s.t, coursetest.Good(s.t), "course.yaml", `{pl: "Mały kurs"`, `{pl: "Nowy tytuł"`)
		if err := s.db.View(s.t.Context(), func(tx *db.Tx) error {
			for courseID, want := range map[string]string{"small-course": "Mały kurs", "another": "Inny kurs"} {
				title, err := s.TitleIn(s.t.Context(), tx, courseID)
				if err != nil || title.In("pl") != want || title.In("en") != "A small course" || title.In("uk") != want {
					s.t.Errorf("the title of %s is %v, %v", courseID, title, err)
				}
			}
			_, err := s.TitleIn(s.t.Context(), tx, "none")
			if !errors.Is(err, errs.ErrNotFound) {
				s.t.Errorf("a course that there is not: %v", err)
			}
			return nil
		}); err != nil {
			s.t.Fatal(err)
		}
		if len(s.versions.byID) > 0 {
			s.t.Error("a course was parsed for its title")
		}
		s.publish(third)
		if title, err := s.TitleIn(s.t.Context(), s.db, "small-course"); err != nil || title.In("pl") != "Nowy tytuł" {
			s.t.Errorf("after another publication: %v, %v", title, err)
		}
	})
}

func TestWhoMayPublish(t *testing.T) {
	onShelf(t, func(s *shelf) {
		ctx := s.t.Context()
		folder := coursetest.With(s.t, coursetest.Good(s.t), "course.yaml", `version: "1.0.0"`, `version: "9"`)
		for _, a := range []access.Actor{
			{}, {PersonID: "a", Grants: []access.Grant{{Role: access.Learner, Path: "/u/"}}}, {PersonID: "a", Grants: []access.Grant{{Role: access.Coordinator}}},
			{PersonID: "a", Grants: []access.Grant{{Role: access.Author, Path: "/u/"}}},
		} {
			if _, made, err := s.Publish(ctx, a, folder); made || !errors.Is(err, errs.ErrForbidden) {
				s.t.Errorf("%+v published: made %v, %v", a, made, err)
			}
			if err := s.SetCatalogue(ctx, a, "small-course", false); !errors.Is(err, errs.ErrForbidden) {
				s.t.Errorf("%+v closed a course: %v", a, err)
			}
		}
		if _, made, err := s.Publish(ctx, access.Actor{PersonID: "a", Grants: []access.Grant{{Role: access.Author}}}, folder); !made || err != nil {
			s.t.Errorf("an author did not publish: %v", err)
		}
	})
}

func TestAFaultyFolderIsNotPublished(t *testing.T) {
	onShelf(t, func(s *shelf) {
		ctx := s.t.Context()
		var faulty *FaultsError
		_, made, err := s.Publish(ctx, access.System, coursetest.With(s.t, coursetest.Good(s.t), "course.yaml", "hours: 1.5", "hours: 0"))
		if made || !errors.As(err, &faulty) || len(faulty.Faults) != 1 || faulty.Error() != "the course has 1 faults" {
			s.t.Errorf("made %v, %v", made, err)
		}
		// A warning does not stand in the way.
		unused := coursetest.Good(s.t)
		unused["media/unused.svg"] = &fstest.MapFile{Data: unused["media/elements.svg"].Data}
		if _, made, err := s.Publish(ctx, access.System, unused); !made || err != nil {
			s.t.Errorf("with a warning: made %v, %v", made, err)
		}
	})
}

func TestTheCatalogueIsOpenedAndClosed(t *testing.T) {
	onShelf(t, func(s *shelf) {
		ctx := s.t.Context()
		open := func() (list []bool) {
			for _, courseID := range []string{"small-course", "another"} {
				e, err := s.Entry(ctx, courseID)
				if err != nil {
					s.t.Fatal(err)
				}
				list = append(list, e.InCatalogue)
			}
			return list
		}
		for _, c := range []struct {
			courseID string
			open     bool
			want     []bool
		}{{"another", false, []bool{true, false}}, {"small-course", false, []bool{false, false}}, {"another", true, []bool{false, true}}} {
			if err := s.SetCatalogue(ctx, access.System, c.courseID, c.open); err != nil {
				s.t.Fatal(err)
			}
			if got := open(); !slices.Equal(got, c.want) {
				s.t.Errorf("%s set to %v: %v", c.courseID, c.open, got)
			}
		}
		if err := s.SetCatalogue(ctx, access.System, "none", true); !errors.Is(err, errs.ErrNotFound) {
			s.t.Errorf("a course that there is not: %v", err)
		}
		s.publish(coursetest.With(s.t, coursetest.Good(s.t), "course.yaml", `version: "1.0.0"`, `version: "2"`))
		if got := open(); !slices.Equal(got, []bool{false, true}) {
			s.t.Errorf("a new version opened or closed a course: %v", got)
		}
		list, err := audit.NewService(s.db).List(ctx, access.System, audit.Filter{Action: "course.catalogue"})
		if err != nil || len(list.Entries) != 3 {
			s.t.Errorf("audit: %+v, %v", list, err)
		}
	})
}

func TestArchivesAndMediaBelongToTheirVersion(t *testing.T) {
	onShelf(t, func(s *shelf) {
		ctx := s.t.Context()
		redrawn := coursetest.With(s.t, coursetest.Good(s.t), "course.yaml", `version: "1.0.0"`, `version: "3"`)
		redrawn["media/elements.svg"] = &fstest.MapFile{Data: append(bytes.Clone(redrawn["media/elements.svg"].Data), '\n')}
		third := s.publish(redrawn)
		for _, c := range []struct {
			v      Version
			folder fstest.MapFS
		}{{s.first, coursetest.Good(s.t)}, {third, redrawn}} {
			m, err := s.Medium(ctx, c.v.ID, "media/elements.svg")
			if err != nil || !bytes.Equal(m.Content, c.folder["media/elements.svg"].Data) || m.MediaType != "image/svg+xml" {
				s.t.Errorf("version %d: %d bytes of %s, %v", c.v.Number, len(m.Content), m.MediaType, err)
			}
			archive, err := s.Archive(ctx, c.v.ID)
			if err != nil {
				s.t.Fatal(err)
			}
			files, err := folder.Unzip(bytes.NewReader(archive), int64(len(archive)))
			if err != nil {
				s.t.Fatal(err)
			}
			if digest, err := folder.Digest(files); err != nil || digest != c.v.Digest {
				s.t.Errorf("the archive of version %d holds another folder: %v", c.v.Number, err)
			}
		}
		_, noMedium := s.Medium(ctx, third.ID, "media/none.svg")
		_, noVersion := s.Medium(ctx, id.New(), "media/elements.svg")
		_, noArchive := s.Archive(ctx, id.New())
		for what, err := range map[string]error{"medium": noMedium, "version": noVersion, "archive": noArchive} {
			if !errors.Is(err, errs.ErrNotFound) {
				s.t.Errorf("a %s that there is not: %v", what, err)
			}
		}
	})
}

// TestWhatFollowsFailsThePublication: neither is there without the other.
func TestWhatFollowsFailsThePublication(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		bus, fault := event.New(), errors.New("no room")
		event.On(bus, func(context.Context, *db.Tx, VersionPublished) error { return fault })
		s := New(d, clock.NewFake(opening), bus)
		if _, _, err := s.Publish(t.Context(), access.System, coursetest.Good(t)); !errors.Is(err, fault) {
			t.Errorf("published all the same: %v", err)
		}
		if list, err := s.List(t.Context()); err != nil || len(list) != 0 {
			t.Errorf("%d courses, %v", len(list), err)
		}
	})
}

func TestACourseNamesIndicatorsOfTheList(t *testing.T) {
	onShelf(t, func(s *shelf) {
		s.Knowing(indicator.List{{ID: "crowded-accommodation"}})
		_, made, err := s.Publish(t.Context(), access.System, coursetest.InClass(t))
		var faulty *FaultsError
		if made || !errors.As(err, &faulty) || len(faulty.Faults) != 1 || faulty.Faults[0].File != "programme.yaml" || faulty.Faults[0].Line == 0 {
			t.Fatalf("made %v, %v, %+v", made, err, faulty)
		}
		s.Knowing(indicator.List{{ID: "crowded-accommodation"}, {ID: "documents-held"}})
		if _, made, err := s.Publish(t.Context(), access.System, coursetest.InClass(t)); err != nil || !made {
			t.Errorf("made %v, %v", made, err)
		}
	})
}
