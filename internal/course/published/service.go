// Package published keeps the published versions of courses, and gives them to whoever shows them: parsed once, with the facts of the day or of an
// earlier one.
//
// Its goals: what was published never changes; a version is read and parsed once for all who wait for it, also after a restart, and never while a
// transaction holds what others need; and what is kept in memory has a bound. What a course is, and whether it has faults, is for the
// package course.
package published

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/audit"
	"ostoja/internal/blob"
	"ostoja/internal/clock"
	"ostoja/internal/course"
	"ostoja/internal/course/folder"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/event"
	"ostoja/internal/fact"
	"ostoja/internal/id"
	"ostoja/internal/indicator"
	"ostoja/internal/text"
)

// Service publishes courses and gives their published versions.
type Service struct {
	db     *db.DB
	clock  clock.Clock
	events *event.Bus
	facts  Facts
	pack   fs.FS
	known  indicator.List

	versions versions
}

// Facts are the facts of the day, and those of earlier days.
type Facts interface {
	// Today returns those of the day. The same book means that none has changed.
	Today() *fact.Book
	// At returns them as they stood at a time. It MUST return the book of today while none has changed since, and SHOULD return the same
	// book for times between which none changed.
	At(ctx context.Context, at time.Time) (*fact.Book, error)
}

// New returns a Service that tells events of what is published.
func New(d *db.DB, c clock.Clock, events *event.Bus) *Service {
	return &Service{db: d, clock: c, events: events}
}

// In has the service show the facts of a country, whose pack is laid beside each course that is published from now on.
func (s *Service) In(pack fs.FS, facts Facts) { s.pack, s.facts = pack, facts }

// Knowing has the service refuse courses that name an indicator of trafficking which is not in the list.
func (s *Service) Knowing(list indicator.List) { s.known = list }

// VersionPublished happens when a course gets a new version; areas that keep something of a course take it then.
type VersionPublished struct {
	PersonID string // who published it
	Course   *course.Course
}

// Entry is a course as lists show it.
type Entry struct {
	ID               string
	CurrentVersionID string
	InCatalogue      bool
	CreatedAt        time.Time
}

// Version is one published version as lists show it.
type Version struct {
	ID          string
	CourseID    string
	Number      int
	Label       string
	Digest      string
	ArchiveHash string
	PublishedAt time.Time
	PublishedBy string
}

// FaultsError says that a folder cannot be published, and why.
type FaultsError struct{ Faults []folder.Fault }

// Error counts the faults.
func (e *FaultsError) Error() string { return fmt.Sprintf("the course has %d faults", len(e.Faults)) }

// Publish checks a folder and publishes it as a new version of its course. A folder that was published before, unchanged,
// gives the version that it made then, and made is false. A folder with faults is refused with a *FaultsError.
func (s *Service) Publish(ctx context.Context, actor access.Actor, files fs.FS) (v Version, made bool, err error) {
	defer errs.Wrap(&err, "published.Publish")
	if !actor.Everywhere(access.CoursesWrite) {
		return v, false, errs.Forbidden("error.forbidden")
	}
	files = folder.WithPack(files, s.pack)
	c, faults, err := course.Load(files, course.Knowing(s.known))
	if err != nil {
		return v, false, err
	}
	if faults := folder.Blocking(faults); len(faults) > 0 {
		return v, false, &FaultsError{faults}
	}
	files = folder.OnlyPieces(files, c.PackPieces())
	digest, err := folder.Digest(files)
	if err != nil {
		return v, false, err
	}
	var archive bytes.Buffer
	if err := folder.Zip(files, &archive); err != nil {
		return v, false, err
	}
	v = Version{ID: id.New(), CourseID: c.ID, Label: c.Version, Digest: digest, PublishedAt: s.clock.Now(), PublishedBy: actor.PersonID}
	err = s.db.Update(ctx, func(tx *db.Tx) error {
		if err := lockCourse(ctx, tx, v.CourseID, v.ID, c.SelfStudy(), v.PublishedAt); err != nil {
			return err
		}
		earlier, err := versionByDigest(ctx, tx, c.ID, digest)
		if err == nil {
			v = earlier
			return nil
		}
		if !errors.Is(err, errs.ErrNotFound) {
			return err
		}
		made = true
		return s.insert(ctx, tx, &v, files, c, archive.Bytes())
	})
	return v, made, err
}

func (s *Service) insert(ctx context.Context, tx *db.Tx, v *Version, files fs.FS, c *course.Course, archive []byte) (err error) {
	names := c.Media()
	blobs := []blob.Blob{{MediaType: "application/zip", Content: archive}}
	for _, name := range names {
		content, err := fs.ReadFile(files, name)
		if err != nil {
			return err
		}
		blobs = append(blobs, blob.Blob{MediaType: folder.MediaType(name), Content: content})
	}
	hashes, err := blob.PutAll(ctx, tx, blobs, v.PublishedAt)
	if err != nil {
		return err
	}
	v.ArchiveHash = hashes[0]
	if v.Number, err = nextNumber(ctx, tx, v.CourseID); err != nil {
		return err
	}
	if err := insertVersion(ctx, tx, *v, c.Title); err != nil {
		return err
	}
	if err := pointCourse(ctx, tx, v.CourseID, v.ID); err != nil {
		return err
	}
	for i, name := range names {
		if err := insertMedium(ctx, tx, v.ID, name, hashes[i+1]); err != nil {
			return err
		}
	}
	if err := s.events.Emit(ctx, tx, VersionPublished{v.PublishedBy, c}); err != nil {
		return err
	}
	return audit.Record(ctx, tx, v.PublishedAt, v.PublishedBy, "course.publish", "course:"+v.CourseID, map[string]any{"version": v.ID, "number": v.Number})
}

// Entry returns a course as lists show it.
func (s *Service) Entry(ctx context.Context, courseID string) (e Entry, err error) {
	defer errs.Wrap(&err, "published.Entry(%q)", courseID)
	return entryByID(ctx, s.db, courseID)
}

// TitleIn returns the title of a course as new participants see it, read by q. It parses nothing, so it is for callers within a
// transaction who only name a course.
func (s *Service) TitleIn(ctx context.Context, q db.Querier, courseID string) (_ text.Translated, err error) {
	defer errs.Wrap(&err, "published.TitleIn(%q)", courseID)
	return currentTitle(ctx, q, courseID)
}

// List returns all courses.
func (s *Service) List(ctx context.Context) (_ []Entry, err error) {
	defer errs.Wrap(&err, "published.List")
	return entries(ctx, s.db)
}

// Versions returns the versions of a course, the newest first.
func (s *Service) Versions(ctx context.Context, courseID string) (_ []Version, err error) {
	defer errs.Wrap(&err, "published.Versions(%q)", courseID)
	return versionsOf(ctx, s.db, courseID)
}

// SetCatalogue opens a course to everybody signed in, or closes it to the invited.
func (s *Service) SetCatalogue(ctx context.Context, actor access.Actor, courseID string, open bool) (err error) {
	defer errs.Wrap(&err, "published.SetCatalogue(%q)", courseID)
	if !actor.Everywhere(access.CoursesWrite) {
		return errs.Forbidden("error.forbidden")
	}
	return s.db.Update(ctx, func(tx *db.Tx) error {
		n, err := db.Changed(ctx, tx, `UPDATE course SET in_catalogue = ? WHERE id = ?`, open, courseID)
		if err != nil {
			return err
		}
		if n == 0 {
			return errs.NotFound("error.not-found")
		}
		return audit.Record(ctx, tx, s.clock.Now(), actor.PersonID, "course.catalogue", "course:"+courseID, map[string]any{"open": open})
	})
}

// Archive returns a version's folder as a ZIP.
func (s *Service) Archive(ctx context.Context, versionID string) (_ []byte, err error) {
	defer errs.Wrap(&err, "published.Archive(%q)", versionID)
	v, err := versionByID(ctx, s.db, versionID)
	if err != nil {
		return nil, err
	}
	b, err := blob.Get(ctx, s.db, v.ArchiveHash)
	return b.Content, err
}

// Medium returns a figure, sound or film of a version.
func (s *Service) Medium(ctx context.Context, versionID, name string) (_ blob.Blob, err error) {
	defer errs.Wrap(&err, "published.Medium(%q)", versionID)
	hash, err := db.One[string](ctx, s.db, `SELECT hash FROM course_medium WHERE version_id = ? AND name = ?`, versionID, name)
	if err != nil {
		return blob.Blob{}, err
	}
	return blob.Get(ctx, s.db, hash)
}
