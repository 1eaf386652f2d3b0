package desk_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/db"
	"ostoja/internal/db/dbtest"
	"ostoja/internal/desk"
	"ostoja/internal/desk/desktest"
	"ostoja/internal/errs"
	"ostoja/internal/id"
)

func TestRemind(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d, desktest.Small)
		chosen := desk.Selection{All: true, Filter: desk.Filter{Stalled: 14}}
		before, total, err := k.People(ctx, k.everybody(), "course-1", chosen.Filter, desk.Sort{}, desk.Page{})
		if err != nil || total == 0 {
			t.Fatal(total, err)
		}
		var want desk.Reminded
		for _, p := range before {
			switch {
			case p.PersonState == "blocked":
				want.Blocked++
			case !p.HasMail:
				want.NoMail++
			default:
				want.Sent++
			}
		}
		got, err := k.Remind(ctx, k.everybody(), "course-1", chosen)
		if err != nil || got != want || len(k.outbox.sent) != want.Sent || want.Sent == 0 {
			t.Fatalf("%+v, %d letters, %v; want %+v", got, len(k.outbox.sent), err, want)
		}
		for _, m := range k.outbox.sent {
			if !strings.Contains(m.Body, "https://szkolenia.example.org/app/learn/") || strings.ContainsAny(m.Subject, "⟦12") || strings.Contains(m.Body, "⟦") {
				t.Errorf("%q\n%s", m.Subject, m.Body)
			}
			if want := map[string]string{"pl": "Dzień dobry", "en": "Hello"}[m.Lang]; !strings.HasPrefix(m.Body, want) {
				t.Errorf("%s: %s", m.Lang, m.Body)
			}
		}
		// Again: none of them until a week has passed. Other courses count too.
		fromLastWeek := 0
		for _, c := range []struct {
			course string
			after  time.Duration
			again  bool
		}{{"course-1", 0, false}, {"course-1", 7*24*time.Hour - time.Minute, false}, {"course-1", time.Minute, true}, {"course-2", time.Hour, false}} {
			k.clock.Advance(c.after)
			if c.again {
				fromLastWeek = len(k.outbox.sent)
			}
			got, err := k.Remind(ctx, k.everybody(), c.course, chosen)
			if err != nil || (c.again && got.Sent < want.Sent/2) || (!c.again && got.Recent == 0) {
				t.Errorf("%s after %s: %+v, %v", c.course, c.after, got, err)
			}
			reached := map[string]bool{}
			for _, m := range k.outbox.sent[fromLastWeek:] {
				if reached[m.To] {
					t.Errorf("%s was written to twice within a week", m.To)
				}
				reached[m.To] = true
			}
		}
	})
}

func TestRemindTicked(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d, desktest.Small)
		unit := k.w.Units[1]
		coordinator := k.actor(access.Coordinator, unit.Path)
		all, _, err := k.People(ctx, k.everybody(), "course-1", desk.Filter{}, desk.Sort{}, desk.Page{})
		if err != nil {
			t.Fatal(err)
		}
		var ids []string
		mine := 0
		for _, p := range all {
			ids = append(ids, p.EnrolmentID)
			if strings.HasPrefix(k.w.UnitOf[p.PersonID].Path, unit.Path) {
				mine++
			}
		}
		got, err := k.Remind(ctx, coordinator, "course-1", desk.Selection{Enrolments: append(ids, "nonsense", id.New())})
		if sum := got.Sent + got.Recent + got.NoMail + got.Over + got.Blocked; err != nil || sum != mine || got.Over == 0 || got.Sent == 0 {
			t.Errorf("%+v for %d people of the unit, %v", got, mine, err)
		}
		// Enrolments of another course, and who may only look.
		for actor, want := range map[string]access.Actor{"reviewer": k.actor(access.Reviewer, ""), "trainer": k.actor(access.Trainer, ""), "learner": k.actor(access.Learner, "")} {
			if got, err := k.Remind(ctx, want, "course-1", desk.Selection{Enrolments: ids}); err != nil || got != (desk.Reminded{}) {
				t.Errorf("%s: %+v, %v", actor, got, err)
			}
		}
		if got, err := k.Remind(ctx, coordinator, "course-2", desk.Selection{Enrolments: ids}); err != nil || got != (desk.Reminded{}) {
			t.Errorf("of another course: %+v, %v", got, err)
		}
		if _, err := k.Remind(ctx, coordinator, "course-1", desk.Selection{}); !errors.Is(err, errs.ErrInvalid) {
			t.Errorf("nobody chosen: %v", err)
		}
		if _, err := k.Remind(ctx, coordinator, "none", desk.Selection{All: true}); !errors.Is(err, errs.ErrNotFound) {
			t.Errorf("no such course: %v", err)
		}
	})
}

func TestCandidates(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d, desktest.Small)
		o := k.oracle(t, "course-2")
		unit := k.w.Units[1]
		for name, actor := range map[string]access.Actor{"all": k.everybody(), "unit": k.actor(access.Coordinator, unit.Path), "reviewer": k.actor(access.Reviewer, "")} {
			want := map[string]bool{}
			for _, p := range k.w.People {
				rounds := o.rows[p]
				if (len(rounds) == 0 || !rounds[len(rounds)-1].WithdrawnAt.IsZero()) && actor.May(access.DeskWrite, k.w.UnitOf[p].Path) && k.stateOf(t, p) != "blocked" {
					want[p] = true
				}
			}
			list, total, err := k.Candidates(ctx, actor, "course-2", desk.CandidateFilter{}, desk.Page{Number: 1, Size: 1000})
			if err != nil || total != len(want) || len(list) != total {
				t.Errorf("%s: %d of %d, want %d, %v", name, len(list), total, len(want), err)
			}
			for _, c := range list {
				if !want[c.ID] || c.Withdrawn != (len(o.rows[c.ID]) > 0) || c.Unit == "" {
					t.Errorf("%s: %+v", name, c)
				}
			}
			ids, err := k.CandidateIDs(ctx, actor, "course-2", desk.CandidateFilter{})
			if err != nil || len(ids) != len(want) {
				t.Errorf("%s: %d ids, %v", name, len(ids), err)
			}
		}
		list, _, err := k.Candidates(ctx, k.everybody(), "course-2", desk.CandidateFilter{Unit: unit.ID, Search: "NOWAK"}, desk.Page{Number: 1, Size: 1000})
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range list {
			if c.FamilyName != "Nowak" || !strings.HasPrefix(k.w.UnitOf[c.ID].Path, unit.Path) {
				t.Errorf("%+v", c)
			}
		}
	})
}

func (k *testDesk) stateOf(t testing.TB, personID string) string {
	t.Helper()
	s, err := db.One[string](ctx, k.d, `SELECT state FROM person WHERE id = ?`, personID)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestHistory(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d, desktest.Small)
		attempts := 0
		for _, person := range k.w.People {
			rounds, err := k.History(ctx, k.everybody(), person)
			if err != nil || len(rounds) == 0 {
				t.Fatal(len(rounds), err)
			}
			for _, r := range rounds {
				attempts += len(r.Attempts)
				if r.Title["pl"] == "" || r.Version == 0 || r.Parts != desktest.Parts {
					t.Errorf("%+v", r)
				}
			}
			for name, actor := range map[string]access.Actor{
				"learner": k.actor(access.Learner, ""), "other unit": k.actor(access.Coordinator, "/"+id.New()+"/"), "author": k.actor(access.Author, ""),
			} {
				if rounds, err := k.History(ctx, actor, person); err != nil || len(rounds) > 0 {
					t.Errorf("%s sees %d rounds, %v", name, len(rounds), err)
				}
			}
		}
		if stored, err := db.One[int](ctx, d, `SELECT COUNT(*) FROM attempt`); err != nil || stored != attempts {
			t.Errorf("%d of %d attempts, %v", attempts, stored, err)
		}
		if _, err := k.History(ctx, k.everybody(), "x"); !errors.Is(err, errs.ErrNotFound) {
			t.Error(err)
		}
	})
}

func TestBehind(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d, desktest.Small)
		c, err := k.Course(ctx, "course-1")
		if err != nil {
			t.Fatal(err)
		}
		want, err := db.One[int](ctx, d, `SELECT COUNT(*) FROM enrolment e WHERE course_id = 'course-1' AND version_id = 'course-1-v1' AND passed_at IS NULL AND withdrawn_at IS NULL`)
		if err != nil {
			t.Fatal(err)
		}
		if n, err := k.Behind(ctx, k.everybody(), c); err != nil || n != want || n == 0 {
			t.Errorf("%d, want %d, %v", n, want, err)
		}
		if n, err := k.Behind(ctx, k.actor(access.Reviewer, ""), c); err != nil || n != 0 {
			t.Errorf("a reviewer may move %d, %v", n, err)
		}
	})
}
