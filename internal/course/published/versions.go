package published

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"

	"ostoja/internal/blob"
	"ostoja/internal/course"
	"ostoja/internal/course/folder"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/fact"
)

// Course is a published version, ready to be shown.
type Course struct {
	*course.Course
	VersionID   string
	Number      int
	PublishedAt time.Time
}

// mostVersions is how many parsed versions are kept. A programme has a few courses, and people are under way on the current
// version of each and one or two before it. The shipped course takes 1.2 MB, so that even 32 larger ones fit into a server of
// one gigabyte; one more than that costs parsing again, a seventh of a second.
const mostVersions = 32

// versions keeps the parsed versions that were asked for last. A published version never changes, so none grows old.
type versions struct {
	mu    sync.Mutex
	byID  map[string]*kept
	clock uint64 // counts the uses

	// Many ask for the same version at once after a restart. Two flights, since a caller within a transaction holds a
	// connection: what it waits for must not need one. So it joins only the parsing, which has all that it needs in memory.
	loading, parsing singleflight.Group
}

// mostPast is of how many books of the past each version is kept. Attempts at it began in a few stretches between changes.
const mostPast = 16

type kept struct {
	version *Course
	shown   *Course // the version with the facts of the book
	book    *fact.Book
	past    map[*fact.Book]*Course
	used    uint64
}

// get returns a version with the facts of a book, nil if it is not in memory.
func (v *versions) get(versionID string, book *fact.Book) *Course {
	v.mu.Lock()
	defer v.mu.Unlock()
	k := v.byID[versionID]
	if k == nil {
		return nil
	}
	v.clock++
	k.used = v.clock
	return k.with(book)
}

// put keeps a version, and forgets that which nobody has asked for the longest if there are too many. It returns it with the facts of
// a book.
func (v *versions) put(p *Course, book *fact.Book) *Course {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.clock++
	if v.byID == nil {
		v.byID = map[string]*kept{}
	}
	k := &kept{version: p, used: v.clock}
	v.byID[p.VersionID] = k
	if len(v.byID) <= mostVersions {
		return k.with(book)
	}
	oldest := p.VersionID
	for versionID, k := range v.byID {
		if k.used < v.byID[oldest].used {
			oldest = versionID
		}
	}
	delete(v.byID, oldest)
	return k.with(book)
}

// asOf returns a version with the facts of a book of the past, nil if it is not in memory.
func (v *versions) asOf(versionID string, book *fact.Book) *Course {
	v.mu.Lock()
	defer v.mu.Unlock()
	k := v.byID[versionID]
	if k == nil {
		return nil
	}
	if shown := k.past[book]; shown != nil {
		return shown
	}
	if len(k.past) >= mostPast || k.past == nil {
		k.past = map[*fact.Book]*Course{}
	}
	shown := *k.version
	shown.Course = k.version.ShowingPast(book)
	k.past[book] = &shown
	return &shown
}

// with returns the version with the facts of a book.
func (k *kept) with(book *fact.Book) *Course {
	if k.shown == nil || k.book != book {
		shown := *k.version
		shown.Course = k.version.Showing(book)
		k.shown, k.book = &shown, book
	}
	return k.shown
}

// Current returns the version of a course on which new participants begin.
func (s *Service) Current(ctx context.Context, courseID string) (_ *Course, err error) {
	defer errs.Wrap(&err, "published.Current(%q)", courseID)
	e, err := entryByID(ctx, s.db, courseID)
	if err != nil {
		return nil, err
	}
	return s.Version(ctx, e.CurrentVersionID)
}

// Programmes returns the current versions of the courses with a classroom programme.
func (s *Service) Programmes(ctx context.Context) (list []*Course, err error) {
	defer errs.Wrap(&err, "published.Programmes")
	all, err := s.List(ctx)
	if err != nil {
		return nil, err
	}
	for _, e := range all {
		c, err := s.Version(ctx, e.CurrentVersionID)
		if err != nil {
			return nil, err
		}
		if c.Programme != nil {
			list = append(list, c)
		}
	}
	return list, nil
}

// Programme returns a classroom programme by its course and the author's label of a version, as trainings name it: the newest so labelled,
// or with no label the current one.
func (s *Service) Programme(ctx context.Context, courseID, label string) (_ *Course, err error) {
	defer errs.Wrap(&err, "published.Programme(%q, %q)", courseID, label)
	e, err := s.Entry(ctx, courseID)
	if err != nil {
		return nil, err
	}
	versionID := e.CurrentVersionID
	if label != "" {
		if versionID, err = versionByLabel(ctx, s.db, courseID, label); err != nil {
			return nil, err
		}
	}
	c, err := s.Version(ctx, versionID)
	if err == nil && c.Programme == nil {
		err = errs.NotFound("error.not-found")
	}
	if err != nil {
		return nil, err
	}
	return c, nil
}

// Version returns a published version. It is shared by all callers and MUST NOT be changed. It is not for callers within a
// transaction, who have [Service.VersionIn].
func (s *Service) Version(ctx context.Context, versionID string) (_ *Course, err error) {
	defer errs.Wrap(&err, "published.Version(%q)", versionID)
	if p := s.versions.get(versionID, s.today()); p != nil {
		return p, nil
	}
	// One reads and parses for all who wait, and does not stop for those who go away meanwhile.
	result := s.versions.loading.DoChan(versionID, func() (any, error) {
		return s.load(context.WithoutCancel(ctx), s.db, versionID)
	})
	select {
	case r := <-result:
		if r.Err != nil {
			return nil, r.Err
		}
		return r.Val.(*Course), nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// VersionAt is [Service.Version] with the facts as they stood at a time, for attempts that have begun and what somebody was shown. While
// none has changed since, it is the version itself.
func (s *Service) VersionAt(ctx context.Context, versionID string, at time.Time) (*Course, error) {
	p, err := s.Version(ctx, versionID)
	if err != nil || s.facts == nil || !p.NamesFacts() {
		return p, err
	}
	book, err := s.facts.At(ctx, at)
	for err == nil && book != p.Book() {
		if shown := s.versions.asOf(versionID, book); shown != nil {
			return shown, nil
		}
		_, err = s.Version(ctx, versionID) // it was forgotten meanwhile
	}
	if err != nil {
		err = fmt.Errorf("published.VersionAt(%q): %w", versionID, err)
	}
	return p, err
}

// VersionIn is [Service.Version] read by q, for a caller within a transaction: who holds a connection and waits for another
// one of the same pool waits for ever once as many do so as there are connections. A version that is not in memory is parsed
// while the transaction waits, unless that is run by [Service.LoadFirst].
func (s *Service) VersionIn(ctx context.Context, q db.Querier, versionID string) (_ *Course, err error) {
	if _, within := q.(*db.Tx); !within {
		return s.Version(ctx, versionID)
	}
	defer errs.Wrap(&err, "published.VersionIn(%q)", versionID)
	if p := s.versions.get(versionID, s.today()); p != nil {
		return p, nil
	}
	if ctx.Value(loadsFirst{}) != nil {
		return nil, &notLoadedError{versionID}
	}
	return s.load(ctx, q, versionID)
}

// loadsFirst marks the context of a transaction that [Service.LoadFirst] runs.
type loadsFirst struct{}

// notLoadedError gives up a transaction for want of a version in memory.
type notLoadedError struct{ versionID string }

// Error names the version.
func (e *notLoadedError) Error() string { return "the version " + e.versionID + " is not loaded" }

// LoadFirst runs a transaction without ever parsing a course in it, while others wait for its locks: where one needs a version
// that is not in memory, it is given up, the version is loaded, and it is run again. Hence transaction MUST open a transaction
// with the context that it is given, return its error, and bear to be run more than once.
func (s *Service) LoadFirst(ctx context.Context, transaction func(ctx context.Context) error) error {
	marked := context.WithValue(ctx, loadsFirst{}, true)
	for range mostVersions { // each time another version; a transaction needs two or three
		err := transaction(marked)
		var missing *notLoadedError
		if !errors.As(err, &missing) {
			return err
		}
		if _, err := s.Version(ctx, missing.versionID); err != nil {
			return err
		}
	}
	return transaction(ctx)
}

// today returns the facts of the day; nil if the service shows none.
func (s *Service) today() *fact.Book {
	if s.facts == nil {
		return nil
	}
	return s.facts.Today()
}

// load reads and parses a version and keeps it.
func (s *Service) load(ctx context.Context, q db.Querier, versionID string) (*Course, error) {
	v, err := versionByID(ctx, q, versionID)
	if err != nil {
		return nil, err
	}
	archive, err := blob.Get(ctx, q, v.ArchiveHash)
	if err != nil {
		return nil, err
	}
	parsed, err, _ := s.versions.parsing.Do(versionID, func() (any, error) {
		if p := s.versions.get(versionID, s.today()); p != nil { // somebody was done while this one read
			return p, nil
		}
		p, err := parse(v, archive.Content)
		if err != nil {
			return nil, err
		}
		return s.versions.put(p, s.today()), nil
	})
	if err != nil {
		return nil, err
	}
	return parsed.(*Course), nil
}

// parse makes a version of its archive.
func parse(v Version, archive []byte) (*Course, error) {
	files, err := folder.Unzip(bytes.NewReader(archive), int64(len(archive)))
	if err != nil {
		return nil, err
	}
	// Faults are not looked at again: should the rules become stricter, participants must still be able to finish.
	c, err := course.LoadPublished(files, "/app/media/"+v.ID+"/")
	if err != nil {
		return nil, err
	}
	return &Course{Course: c, VersionID: v.ID, Number: v.Number, PublishedAt: v.PublishedAt}, nil
}
