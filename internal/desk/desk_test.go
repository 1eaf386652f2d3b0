package desk_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"ostoja/internal/access"
	"ostoja/internal/clock"
	"ostoja/internal/db"
	"ostoja/internal/db/dbtest"
	"ostoja/internal/desk"
	"ostoja/internal/desk/desktest"
	"ostoja/internal/errs"
	"ostoja/internal/id"
	"ostoja/internal/lang"
	"ostoja/internal/learning"
	"ostoja/internal/mail"
	"ostoja/translations"
)

var ctx = context.Background()

// outbox keeps what would be sent.
type outbox struct{ sent []mail.Message }

func (o *outbox) Send(_ context.Context, _ *db.Tx, m mail.Message) error {
	o.sent = append(o.sent, m)
	return nil
}

// onlyDesk hides other areas' texts.
type onlyDesk struct{ fs.FS }

// Glob finds the desk's texts.
func (f onlyDesk) Glob(string) ([]string, error) { return fs.Glob(f.FS, "*/desk.yaml") }

type testDesk struct {
	*desk.Service
	w      *desktest.World
	d      *db.DB
	clock  *clock.Fake
	outbox *outbox
}

func newDesk(t testing.TB, d *db.DB, o desktest.Options) *testDesk {
	t.Helper()
	w := desktest.Fill(t, d, o)
	k := &testDesk{w: w, d: d, clock: clock.NewFake(w.Now), outbox: &outbox{}}
	catalogue, err := lang.Load(onlyDesk{translations.FS}, w.Zone())
	if err != nil {
		t.Fatal(err)
	}
	k.Service = desk.New(desk.Deps{DB: d, Clock: k.clock, Zone: w.Zone(), Courses: w.Catalogue(), Rounds: learning.New(learning.Deps{DB: d, Clock: k.clock}), Outbox: k.outbox, Catalogue: catalogue, BaseURL: "https://szkolenia.example.org"})
	return k
}

func (k *testDesk) actor(role access.Role, paths ...string) access.Actor {
	a := access.Actor{PersonID: id.New(), At: k.clock.Now()}
	for _, p := range paths {
		a.Grants = append(a.Grants, access.Grant{Role: role, Path: p})
	}
	return a
}

// everybody is one who sees all.
func (k *testDesk) everybody() access.Actor { return k.actor(access.Coordinator, "") }

// enrolled is a row as the oracle reads it.
type enrolled struct {
	ID, PersonID, CourseID, UnitID, Region, SearchText                            string
	Round                                                                         int
	CreatedAt, StartedAt, ActiveAt, FinishedAt, PassedAt, WithdrawnAt, RemindedAt time.Time
}

// oracle answers by plain loops over everything what the service answers by SQL.
type oracle struct {
	k    *testDesk
	rows map[string][]enrolled // person -> rounds of the course, in order
}

func (k *testDesk) oracle(t testing.TB, courseID string) oracle {
	t.Helper()
	rows, err := db.All[enrolled](ctx, k.d, `
		SELECT e.id, e.person_id, e.course_id, p.unit_id, p.region, p.search_text, e.round, e.created_at, e.started_at, e.active_at, e.finished_at, e.passed_at, e.withdrawn_at, e.reminded_at
		FROM enrolment e JOIN person p ON p.id = e.person_id WHERE e.course_id = ? ORDER BY e.person_id, e.round`, courseID)
	if err != nil {
		t.Fatal(err)
	}
	o := oracle{k, map[string][]enrolled{}}
	for _, r := range rows {
		o.rows[r.PersonID] = append(o.rows[r.PersonID], r)
	}
	return o
}

func (o oracle) unit(unitID string) desktest.Unit {
	i := slices.IndexFunc(o.k.w.Units, func(u desktest.Unit) bool { return u.ID == unitID })
	return o.k.w.Units[i]
}

func (o oracle) region(r enrolled) string {
	region := r.Region
	for u := r.UnitID; region == "" && u != ""; u = o.unit(u).ParentID {
		region = o.unit(u).Region
	}
	if region == "" {
		return desk.NoRegion
	}
	return region
}

// moments returns when each figure came true.
func moments(rounds []enrolled) map[desk.Figure]time.Time {
	m := map[desk.Figure]time.Time{}
	earliest := func(f desk.Figure, t time.Time) {
		if !t.IsZero() && (m[f].IsZero() || t.Before(m[f])) {
			m[f] = t
		}
	}
	for _, r := range rounds {
		earliest(desk.Invited, r.CreatedAt)
		earliest(desk.Started, r.StartedAt)
		earliest(desk.Finished, r.FinishedAt)
		earliest(desk.Passed, r.PassedAt)
	}
	last := rounds[len(rounds)-1]
	if last.PassedAt.IsZero() && last.WithdrawnAt.IsZero() {
		earliest("in-progress", last.StartedAt)
	}
	earliest("withdrawn", last.WithdrawnAt)
	return m
}

func stateOf(r enrolled) desk.State {
	switch {
	case !r.WithdrawnAt.IsZero():
		return desk.StateWithdrawn
	case !r.PassedAt.IsZero():
		return desk.StatePassed
	case !r.FinishedAt.IsZero():
		return desk.StateFinished
	case !r.StartedAt.IsZero():
		return desk.StateInProgress
	}
	return desk.StateInvited
}

func (o oracle) chooses(a access.Actor, f desk.Filter, rounds []enrolled) bool {
	last := rounds[len(rounds)-1]
	path := o.unit(last.UnitID).Path
	if !a.May(access.DeskRead, path) {
		return false
	}
	if f.Unit != "" && (!strings.Contains(path, "/"+f.Unit+"/") || (f.UnitOnly && last.UnitID != f.Unit)) {
		return false
	}
	if (f.Region != "" && o.region(last) != f.Region) || (f.State != "" && stateOf(last) != f.State) {
		return false
	}
	figure := f.Figure
	if figure == "" {
		figure = desk.Invited
	}
	moment := moments(rounds)[figure]
	if moment.IsZero() || (f.Month != "" && moment.In(o.k.w.Zone()).Format("2006-01") != f.Month) {
		return false
	}
	if f.Stalled > 0 {
		step := last.ActiveAt
		if step.IsZero() {
			step = last.CreatedAt
		}
		if s := stateOf(last); s == desk.StatePassed || s == desk.StateWithdrawn || !last.PassedAt.IsZero() || !step.Before(o.k.clock.Now().AddDate(0, 0, -f.Stalled)) {
			return false
		}
	}
	for _, word := range strings.Fields(strings.ToLower(f.Search)) {
		if !strings.Contains(last.SearchText, word) {
			return false
		}
	}
	return true
}

func (o oracle) count(a access.Actor, f desk.Filter) (n int, figures desk.Figures, people []string) {
	for person, rounds := range o.rows {
		if !o.chooses(a, f, rounds) {
			continue
		}
		n++
		people = append(people, person)
		m := moments(rounds)
		for figure, p := range map[desk.Figure]*int{
			desk.Invited: &figures.Invited, desk.Started: &figures.Started, "in-progress": &figures.InProgress,
			desk.Finished: &figures.Finished, desk.Passed: &figures.Passed, "withdrawn": &figures.Withdrawn,
		} {
			if !m[figure].IsZero() {
				*p++
			}
		}
	}
	slices.Sort(people)
	return n, figures, people
}

func drawFilter(t *rapid.T, k *testDesk) desk.Filter {
	some := func(name string, list []string) string {
		return rapid.SampledFrom(append([]string{"", "", ""}, list...)).Draw(t, name)
	}
	var units, figures, states []string
	for _, u := range k.w.Units {
		units = append(units, u.ID)
	}
	for _, f := range desk.AllFigures {
		figures = append(figures, string(f))
	}
	for _, s := range desk.States {
		states = append(states, string(s))
	}
	return desk.Filter{
		Unit: some("unit", units), UnitOnly: rapid.Bool().Draw(t, "only"),
		Region: some("region", []string{"02", "06", "14", desk.NoRegion}),
		Figure: desk.Figure(some("figure", figures)), State: desk.State(some("state", states)),
		Month:   some("month", []string{"2026-11", "2026-10", "2026-03", "2025-12"}),
		Stalled: rapid.SampledFrom([]int{0, 0, 0, 7, 30}).Draw(t, "stalled"),
		Search:  some("search", []string{"nowak", "a", "lacka zaneta", "100%", "_"}),
	}
}

func sum(lines []desk.Line) (f desk.Figures) {
	for _, l := range lines {
		f.Invited += l.Invited
		f.Started += l.Started
		f.InProgress += l.InProgress
		f.Finished += l.Finished
		f.Passed += l.Passed
		f.Withdrawn += l.Withdrawn
	}
	return f
}

// Whatever is filtered and whoever asks: the figures are what counting by hand gives, every breakdown sums up to them, and
// the list behind them has exactly those people.
func TestFiguresAgree(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d, desktest.Options{Organisations: 2, RegionsEach: 2, PostsEach: 2, People: 120, Courses: 2, Seed: 7})
		o := k.oracle(t, "course-1")
		actors := []access.Actor{
			k.everybody(), k.actor(access.Coordinator, k.w.Units[0].Path), k.actor(access.Reviewer, k.w.Units[1].Path), k.actor(access.Trainer, k.w.Units[2].Path, k.w.Units[9].Path),
			k.actor(access.Learner, ""), k.actor(access.Author, ""),
		}
		rapid.Check(t, func(t *rapid.T) {
			f, actor := drawFilter(t, k), rapid.SampledFrom(actors).Draw(t, "actor")
			n, figures, people := o.count(actor, f)
			got, err := k.Overview(ctx, actor, "course-1", f)
			if err != nil {
				t.Fatal(err)
			}
			if got.Totals != figures {
				t.Fatalf("%+v: totals %+v, by hand %+v", f, got.Totals, figures)
			}
			for name, lines := range map[string][]desk.Line{"organisation": got.Organisations, "unit": got.Units, "region": got.Regions, "month": got.Months} {
				if s := sum(lines); s != figures {
					t.Fatalf("%+v: by %s the sum is %+v, the total %+v", f, name, s, figures)
				}
			}
			list, total, err := k.People(ctx, actor, "course-1", f, desk.Sort{}, desk.Page{})
			if err != nil {
				t.Fatal(err)
			}
			var listed []string
			for _, p := range list {
				listed = append(listed, p.PersonID)
			}
			slices.Sort(listed)
			if total != n || !slices.Equal(listed, people) {
				t.Fatalf("%+v: %d listed, %d said, %d by hand", f, len(listed), total, n)
			}
		})
	})
}

// Each figure of each line opens to as many people as it says.
func TestEveryFigureOpens(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d, desktest.Small)
		for _, unit := range []string{"", k.w.Units[0].ID} {
			o, err := k.Overview(ctx, k.everybody(), "course-1", desk.Filter{Unit: unit})
			if err != nil {
				t.Fatal(err)
			}
			check := func(l desk.Line, f desk.Filter) {
				t.Helper()
				for _, figure := range desk.AllFigures {
					f.Figure = figure
					_, n, err := k.People(ctx, k.everybody(), "course-1", f, desk.Sort{}, desk.Page{Number: 1, Size: 1})
					if err != nil || n != l.Of(figure) {
						t.Errorf("%s %s: %d people behind %d, %v", l.Key, figure, n, l.Of(figure), err)
					}
				}
			}
			for _, l := range o.Organisations {
				check(l, desk.Filter{Unit: l.Key})
			}
			for _, l := range o.Units {
				check(l, desk.Filter{Unit: l.Key, UnitOnly: l.Own})
			}
			for _, l := range o.Regions {
				check(l, desk.Filter{Unit: unit, Region: l.Key})
			}
			for _, l := range o.Months {
				check(l, desk.Filter{Unit: unit, Month: l.Key})
			}
		}
	})
}

func TestHome(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d, desktest.Small)
		for _, actor := range []access.Actor{k.everybody(), k.actor(access.Coordinator, k.w.Units[1].Path), k.actor(access.Learner, "")} {
			list, err := k.Home(ctx, actor)
			if err != nil || len(list) != 2 {
				t.Fatal(list, err)
			}
			for _, c := range list {
				o, err := k.Overview(ctx, actor, c.ID, desk.Filter{})
				if err != nil || o.Totals != c.Figures {
					t.Errorf("%s: home %+v, course %+v, %v", c.ID, c.Figures, o.Totals, err)
				}
			}
		}
	})
}

func TestPeopleSortsAndPages(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d, desktest.Small)
		for _, by := range append([]string{""}, desk.Sorts...) {
			for _, desc := range []bool{false, true} {
				order := desk.Sort{By: by, Desc: desc}
				all, total, err := k.People(ctx, k.everybody(), "course-1", desk.Filter{}, order, desk.Page{})
				if err != nil || len(all) != total || total == 0 {
					t.Fatal(by, len(all), total, err)
				}
				var paged []desk.Person
				for page := 1; len(paged) < total; page++ {
					list, _, err := k.People(ctx, k.everybody(), "course-1", desk.Filter{}, order, desk.Page{Number: page, Size: 7})
					if err != nil || len(list) == 0 {
						t.Fatal(by, page, err)
					}
					paged = append(paged, list...)
				}
				for i := range all {
					if all[i].PersonID != paged[i].PersonID {
						t.Fatalf("%s: page and whole differ at %d", by, i)
					}
				}
				value := func(p desk.Person) float64 {
					switch by {
					case "invited":
						return float64(p.InvitedAt.UnixMicro())
					case "progress":
						return float64(p.PartsDone)
					case "score":
						if p.Best == nil {
							return -1
						}
						return *p.Best
					}
					return 0
				}
				if !slices.IsSortedFunc(all, func(a, b desk.Person) int {
					if desc {
						a, b = b, a
					}
					return int(value(a) - value(b))
				}) {
					t.Errorf("not sorted by %s, descending %v", by, desc)
				}
			}
		}
		if _, _, err := k.People(ctx, k.everybody(), "course-1", desk.Filter{}, desk.Sort{By: "password"}, desk.Page{}); !errors.Is(err, errs.ErrInvalid) {
			t.Errorf("an unknown sort: %v", err)
		}
	})
}

func TestPersonLine(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d, desktest.Small)
		list, _, err := k.People(ctx, k.everybody(), "course-1", desk.Filter{Figure: desk.Passed}, desk.Sort{}, desk.Page{Number: 1, Size: 50})
		if err != nil || len(list) == 0 {
			t.Fatal(err)
		}
		for _, p := range list {
			if p.Best == nil || *p.Best < 80 || p.PassedAt.IsZero() || !strings.HasPrefix(p.Certificate, "OST-") || p.Unit == "" || !strings.HasPrefix(p.Organisation, "Organizacja") || p.Parts != desktest.Parts {
				t.Errorf("%+v", p)
			}
		}
	})
}

func TestBadFilters(t *testing.T) {
	k := newDesk(t, dbtest.SQLite(t), desktest.Small)
	for _, c := range []struct {
		f    desk.Filter
		want error
	}{
		{desk.Filter{Month: "2026-13"}, errs.ErrInvalid}, {desk.Filter{Month: "'; DROP TABLE person"}, errs.ErrInvalid},
		{desk.Filter{Figure: "x"}, errs.ErrInvalid}, {desk.Filter{State: "x"}, errs.ErrInvalid},
		{desk.Filter{Unit: "x"}, errs.ErrNotFound}, {desk.Filter{Unit: id.New()}, errs.ErrNotFound},
	} {
		if _, err := k.Overview(ctx, k.everybody(), "course-1", c.f); !errors.Is(err, c.want) {
			t.Errorf("%+v: %v", c.f, err)
		}
	}
	if _, err := k.Course(ctx, "none"); !errors.Is(err, errs.ErrNotFound) {
		t.Error(err)
	}
}

// The month in which a figure came true is that of the installation's zone, to the microsecond.
func TestMonthsFollowTheZone(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d, desktest.Options{Organisations: 1, People: 2, Courses: 1, Seed: 1})
		midnight := time.Date(2026, 8, 1, 0, 0, 0, 0, k.w.Zone())
		for i, at := range []time.Time{midnight.Add(-time.Microsecond), midnight} {
			k.exec(t, `UPDATE enrolment SET created_at = ? WHERE person_id = ?`, at, k.w.People[i])
		}
		o, err := k.Overview(ctx, k.everybody(), "course-1", desk.Filter{})
		if err != nil {
			t.Fatal(err)
		}
		invited := map[string]int{}
		for _, l := range o.Months {
			invited[l.Key] = l.Invited
		}
		if invited["2026-07"] != 1 || invited["2026-08"] != 1 {
			t.Errorf("%v", invited)
		}
		months, err := k.Months(ctx, "course-1")
		if err != nil || fmt.Sprint(months) != "[2026-11 2026-10 2026-09 2026-08 2026-07]" {
			t.Errorf("%v, %v", months, err)
		}
		if months, err := k.Months(ctx, "no such course"); err != nil || months != nil {
			t.Errorf("%v, %v", months, err)
		}
	})
}

func (k *testDesk) exec(t testing.TB, text string, args ...any) {
	t.Helper()
	if err := k.d.Update(ctx, func(tx *db.Tx) error { return db.Exec(ctx, tx, text, args...) }); err != nil {
		t.Fatal(err)
	}
}
