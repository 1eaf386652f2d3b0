package audit_test

import (
	"errors"
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
