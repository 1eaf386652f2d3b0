package audit_test

import (
	"errors"
	"iter"
	"slices"
	"testing"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/audit"
	"ostoja/internal/db"
	"ostoja/internal/db/dbtest"
	"ostoja/internal/errs"
)

func TestTheRecordIsListedInPages(t *testing.T) {
	start := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx, s := t.Context(), audit.NewService(d)
		err := d.Update(ctx, func(tx *db.Tx) error {
			for i, action := range []string{"person.add", "person.edit", "unit.create", "personal"} {
				if err := audit.Record(ctx, tx, start.Add(time.Duration(i)*time.Hour), "p1", action, "person:x", map[string]int{"n": i}); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range []struct {
			name  string
			f     audit.Filter
			total int
			first string
		}{
			{"all", audit.Filter{}, 4, "personal"},
			{"the oldest first", audit.Filter{Oldest: true}, 4, "person.add"},
			{"a second page", audit.Filter{Page: 2, Size: 3}, 4, "person.add"},
			{"one action", audit.Filter{Action: "unit.create"}, 1, "unit.create"},
			{"a kind of action", audit.Filter{Action: "person."}, 2, "person.edit"},
			{"a time", audit.Filter{From: start.Add(time.Hour), To: start.Add(2 * time.Hour)}, 1, "person.edit"},
			{"another person", audit.Filter{ActorID: "p2"}, 0, ""},
			{"this person", audit.Filter{ActorID: "p1"}, 4, "personal"},
			{"an object", audit.Filter{Object: "person:x"}, 4, "personal"},
			{"another object", audit.Filter{Object: "person:"}, 0, ""},
			{"no such action", audit.Filter{Action: "person"}, 0, ""},
			{"from a moment on, it too", audit.Filter{From: start.Add(2 * time.Hour)}, 2, "personal"},
			{"to a moment, without it", audit.Filter{To: start.Add(2 * time.Hour)}, 2, "person.edit"},
			{"all of these", audit.Filter{ActorID: "p1", Action: "person.", Object: "person:x", From: start, To: start.Add(time.Hour)}, 1, "person.add"},
			{"page 0 is the first", audit.Filter{Page: 0, Size: 1}, 4, "personal"},
			{"page 1 is the first", audit.Filter{Page: 1, Size: 1}, 4, "personal"},
			{"before the first page", audit.Filter{Page: -3, Size: 1}, 4, "personal"},
			{"a letter that stands for any is itself", audit.Filter{Action: "%erson."}, 0, ""},
			{"and so is the other", audit.Filter{Action: "p_rson."}, 0, ""},
			{"what PostgreSQL would refuse", audit.Filter{Action: "unit.\x00cre\xffate"}, 1, "unit.create"},
		} {
			l, err := s.List(ctx, access.System, c.f)
			if err != nil || l.Total != c.total || (c.first != "" && l.Entries[0].Action != c.first) {
				t.Errorf("%s: %+v, %v", c.name, l, err)
			}
		}
		coordinator := access.Actor{PersonID: "c", Grants: []access.Grant{{Role: access.Coordinator}}}
		if _, err := s.List(ctx, coordinator, audit.Filter{}); !errors.Is(err, errs.ErrForbidden) {
			t.Errorf("a coordinator reads the record: %v", err)
		}
	})
}

func TestPagesHaveTheirSizeAndNoEntryTwice(t *testing.T) {
	at := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx, s := t.Context(), audit.NewService(d)
		err := d.Update(ctx, func(tx *db.Tx) error {
			for range 7 { // all at one moment, as in an import: only the identifiers keep them in order
				if err := audit.Record(ctx, tx, at, "", "person.add", "person:x", nil); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		for _, oldest := range []bool{false, true} {
			var ids []string
			for page := 1; page <= 4; page++ {
				l, err := s.List(ctx, access.System, audit.Filter{Page: page, Size: 3, Oldest: oldest})
				if err != nil || l.Total != 7 || len(l.Entries) != []int{3, 3, 1, 0}[page-1] {
					t.Fatalf("page %d: %d of %d, %v", page, len(l.Entries), l.Total, err)
				}
				for _, e := range l.Entries {
					ids = append(ids, e.ID)
					if e.Detail != "{}" || e.ActorID != "" || e.Object != "person:x" || !e.At.Equal(at) {
						t.Errorf("%+v", e)
					}
				}
			}
			if !oldest {
				slices.Reverse(ids)
			}
			if len(ids) != 7 || !slices.IsSorted(ids) || len(slices.Compact(ids)) != 7 {
				t.Errorf("oldest first %v: %v", oldest, ids)
			}
		}
		for _, size := range []int{0, -1, audit.Limit, audit.Limit + 1} {
			if l, err := s.List(ctx, access.System, audit.Filter{Size: size}); err != nil || len(l.Entries) != 7 {
				t.Errorf("size %d: %d entries, %v", size, len(l.Entries), err)
			}
		}
	})
}

func TestActionsAreThoseThatOccur(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx, s := t.Context(), audit.NewService(d)
		fail := errors.New("no")
		record := func(err error, actions ...string) error {
			return d.Update(ctx, func(tx *db.Tx) error {
				for _, a := range actions {
					if err := audit.Record(ctx, tx, time.Unix(0, 0), "p", a, "x:1", map[string]any{"n": 1}); err != nil {
						return err
					}
				}
				return err
			})
		}
		if err := record(nil, "unit.create", "person.add", "unit.create"); err != nil {
			t.Fatal(err)
		}
		if err := record(fail, "person.block"); !errors.Is(err, fail) {
			t.Fatal(err)
		}
		list, err := s.Actions(ctx, access.System)
		if err != nil || !slices.Equal(list, []string{"person.add", "unit.create"}) { // what did not happen is not told of
			t.Errorf("%v, %v", list, err)
		}
		// The record tells of all units: not even an administrator of one reads it.
		for _, a := range []access.Actor{{}, {PersonID: "a", Grants: []access.Grant{{Role: access.Administrator, Path: "/a/"}}}, {PersonID: "r", Grants: []access.Grant{{Role: access.Reviewer}}}} {
			if _, err := s.Actions(ctx, a); !errors.Is(err, errs.ErrForbidden) {
				t.Errorf("Actions: %v", err)
			}
			if _, err := s.List(ctx, a, audit.Filter{}); !errors.Is(err, errs.ErrForbidden) {
				t.Errorf("List: %v", err)
			}
		}
	})
}

func TestAFileOfTheRecordIsItselfRecorded(t *testing.T) {
	at := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx, s := t.Context(), audit.NewService(d)
		const many = 1001 // more than one portion
		err := d.Update(ctx, func(tx *db.Tx) error {
			for range many {
				if err := audit.Record(ctx, tx, at, "", "person.add", "person:x", nil); err != nil {
					return err
				}
			}
			return audit.Record(ctx, tx, at, "", "unit.create", "unit:x", nil)
		})
		if err != nil {
			t.Fatal(err)
		}
		rows := map[string]bool{}
		read := func(portions iter.Seq2[[]audit.Entry, error]) error {
			for entries, err := range portions {
				if err != nil {
					return err
				}
				for _, e := range entries {
					rows[e.ID] = true
				}
			}
			return nil
		}
		reader := access.Actor{PersonID: "r", Grants: []access.Grant{{Role: access.Administrator}}}
		if err := s.Export(ctx, reader, audit.Filter{Action: "person.add"}, "csv", at.Add(time.Hour), read); err != nil || len(rows) != many {
			t.Fatalf("%d rows, %v", len(rows), err)
		}
		l, err := s.List(ctx, access.System, audit.Filter{Action: "audit.export"})
		if err != nil || l.Total != 1 {
			t.Fatalf("%+v, %v", l, err)
		}
		if e := l.Entries[0]; e.ActorID != "r" || !e.At.Equal(at.Add(time.Hour)) || e.Detail != `{"format":"csv","rows":1001}` {
			t.Errorf("%+v", e)
		}
		// Neither who is refused nor what could not be sent leaves an entry.
		none := func(iter.Seq2[[]audit.Entry, error]) error { t.Error("entries for who may not read them"); return nil }
		if err := s.Export(ctx, access.Actor{PersonID: "c", Grants: []access.Grant{{Role: access.Coordinator}}}, audit.Filter{}, "csv", at, none); !errors.Is(err, errs.ErrForbidden) {
			t.Errorf("a coordinator: %v", err)
		}
		gone := errors.New("the browser went away")
		if err := s.Export(ctx, reader, audit.Filter{}, "csv", at, func(iter.Seq2[[]audit.Entry, error]) error { return gone }); !errors.Is(err, gone) {
			t.Errorf("a file that was not sent: %v", err)
		}
		if l, err := s.List(ctx, access.System, audit.Filter{Action: "audit.export"}); err != nil || l.Total != 1 {
			t.Errorf("%+v, %v", l, err)
		}
	})
}
