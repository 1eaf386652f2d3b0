package report_test

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
	"ostoja/internal/errs"
	"ostoja/internal/id"
	"ostoja/internal/lang"
	"ostoja/internal/mail"
	"ostoja/internal/report"
	"ostoja/internal/report/reporttest"
	"ostoja/translations"
)

var ctx = context.Background()

// outbox keeps what would be sent.
type outbox struct{ sent []mail.Message }

func (o *outbox) Send(_ context.Context, _ *db.Tx, m mail.Message) error {
	o.sent = append(o.sent, m)
	return nil
}

// onlyReport hides other areas' texts.
type onlyReport struct{ fs.FS }

// Glob finds the report's texts.
func (f onlyReport) Glob(string) ([]string, error) { return fs.Glob(f.FS, "*/report.yaml") }

type desk struct {
	*report.Service
	w      *reporttest.World
	d      *db.DB
	clock  *clock.Fake
	outbox *outbox
}

func newDesk(t testing.TB, d *db.DB, o reporttest.Options) *desk {
	t.Helper()
	w := reporttest.Fill(t, d, o)
	k := &desk{w: w, d: d, clock: clock.NewFake(w.Now), outbox: &outbox{}}
	catalogue, err := lang.Load(onlyReport{translations.FS}, w.Zone())
	if err != nil {
		t.Fatal(err)
	}
	k.Service = report.New(report.Deps{DB: d, Clock: k.clock, Zone: w.Zone(), Courses: w.Catalogue(), Outbox: k.outbox, Catalogue: catalogue, BaseURL: "https://szkolenia.example.org"})
	return k
}

func (k *desk) actor(role access.Role, paths ...string) access.Actor {
	a := access.Actor{PersonID: id.New(), At: k.clock.Now()}
	for _, p := range paths {
		a.Grants = append(a.Grants, access.Grant{Role: role, Path: p})
	}
	return a
}

// everybody is one who sees all.
func (k *desk) everybody() access.Actor { return k.actor(access.Coordinator, "") }

// enrolled is a row as the oracle reads it.
type enrolled struct {
	ID, PersonID, CourseID, UnitID, Region, SearchText                            string
	Round                                                                         int
	CreatedAt, StartedAt, ActiveAt, FinishedAt, PassedAt, WithdrawnAt, RemindedAt time.Time
}

// oracle answers by plain loops over everything what the service answers by SQL.
type oracle struct {
	k    *desk
	rows map[string][]enrolled // person -> rounds of the course, in order
}

func (k *desk) oracle(t testing.TB, courseID string) oracle {
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

func (o oracle) unit(unitID string) reporttest.Unit {
	i := slices.IndexFunc(o.k.w.Units, func(u reporttest.Unit) bool { return u.ID == unitID })
	return o.k.w.Units[i]
}

func (o oracle) region(r enrolled) string {
	region := r.Region
	for u := r.UnitID; region == "" && u != ""; u = o.unit(u).ParentID {
		region = o.unit(u).Region
	}
	if region == "" {
		return report.NoRegion
	}
	return region
}

// moments returns when each figure came true.
func moments(rounds []enrolled) map[report.Figure]time.Time {
	m := map[report.Figure]time.Time{}
	earliest := func(f report.Figure, t time.Time) {
		if !t.IsZero() && (m[f].IsZero() || t.Before(m[f])) {
			m[f] = t
		}
	}
	for _, r := range rounds {
		earliest(report.Invited, r.CreatedAt)
		earliest(report.Started, r.StartedAt)
		earliest(report.Finished, r.FinishedAt)
		earliest(report.Passed, r.PassedAt)
	}
	last := rounds[len(rounds)-1]
	if last.PassedAt.IsZero() && last.WithdrawnAt.IsZero() {
		earliest(report.InProgress, last.StartedAt)
	}
	earliest(report.Withdrawn, last.WithdrawnAt)
	return m
}

func stateOf(r enrolled) report.State {
	switch {
	case !r.WithdrawnAt.IsZero():
		return report.StateWithdrawn
	case !r.PassedAt.IsZero():
		return report.StatePassed
	case !r.FinishedAt.IsZero():
		return report.StateFinished
	case !r.StartedAt.IsZero():
		return report.StateInProgress
	}
	return report.StateInvited
}

func (o oracle) chooses(a access.Actor, f report.Filter, rounds []enrolled) bool {
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
		figure = report.Invited
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
		if s := stateOf(last); s == report.StatePassed || s == report.StateWithdrawn || !last.PassedAt.IsZero() || !step.Before(o.k.clock.Now().AddDate(0, 0, -f.Stalled)) {
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

func (o oracle) count(a access.Actor, f report.Filter) (n int, figures report.Figures, people []string) {
	for person, rounds := range o.rows {
		if !o.chooses(a, f, rounds) {
			continue
		}
		n++
		people = append(people, person)
		m := moments(rounds)
		for figure, p := range map[report.Figure]*int{
			report.Invited: &figures.Invited, report.Started: &figures.Started, report.InProgress: &figures.InProgress,
			report.Finished: &figures.Finished, report.Passed: &figures.Passed, report.Withdrawn: &figures.Withdrawn,
		} {
			if !m[figure].IsZero() {
				*p++
			}
		}
	}
	slices.Sort(people)
	return n, figures, people
}

func drawFilter(t *rapid.T, k *desk) report.Filter {
	some := func(name string, list []string) string {
		return rapid.SampledFrom(append([]string{"", "", ""}, list...)).Draw(t, name)
	}
	var units, figures, states []string
	for _, u := range k.w.Units {
		units = append(units, u.ID)
	}
	for _, f := range report.AllFigures {
		figures = append(figures, string(f))
	}
	for _, s := range report.States {
		states = append(states, string(s))
	}
	return report.Filter{
		Unit: some("unit", units), UnitOnly: rapid.Bool().Draw(t, "only"),
		Region: some("region", []string{"02", "06", "14", report.NoRegion}),
		Figure: report.Figure(some("figure", figures)), State: report.State(some("state", states)),
		Month:   some("month", []string{"2026-11", "2026-10", "2026-03", "2025-12"}),
		Stalled: rapid.SampledFrom([]int{0, 0, 0, 7, 30}).Draw(t, "stalled"),
		Search:  some("search", []string{"nowak", "a", "lacka zaneta", "100%", "_"}),
	}
}

func sum(lines []report.Line) (f report.Figures) {
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
		k := newDesk(t, d, reporttest.Options{Organisations: 2, RegionsEach: 2, PostsEach: 2, People: 120, Courses: 2, Seed: 7})
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
			for name, lines := range map[string][]report.Line{"organisation": got.Organisations, "unit": got.Units, "region": got.Regions, "month": got.Months} {
				if s := sum(lines); s != figures {
					t.Fatalf("%+v: by %s the sum is %+v, the total %+v", f, name, s, figures)
				}
			}
			list, total, err := k.People(ctx, actor, "course-1", f, report.Sort{}, report.Page{})
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
		k := newDesk(t, d, reporttest.Small)
		for _, unit := range []string{"", k.w.Units[0].ID} {
			o, err := k.Overview(ctx, k.everybody(), "course-1", report.Filter{Unit: unit})
			if err != nil {
				t.Fatal(err)
			}
			check := func(l report.Line, f report.Filter) {
				t.Helper()
				for _, figure := range report.AllFigures {
					f.Figure = figure
					_, n, err := k.People(ctx, k.everybody(), "course-1", f, report.Sort{}, report.Page{Number: 1, Size: 1})
					if err != nil || n != l.Of(figure) {
						t.Errorf("%s %s: %d people behind %d, %v", l.Key, figure, n, l.Of(figure), err)
					}
				}
			}
			for _, l := range o.Organisations {
				check(l, report.Filter{Unit: l.Key})
			}
			for _, l := range o.Units {
				check(l, report.Filter{Unit: l.Key, UnitOnly: l.Own})
			}
			for _, l := range o.Regions {
				check(l, report.Filter{Unit: unit, Region: l.Key})
			}
			for _, l := range o.Months {
				check(l, report.Filter{Unit: unit, Month: l.Key})
			}
		}
	})
}

func TestHome(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d, reporttest.Small)
		for _, actor := range []access.Actor{k.everybody(), k.actor(access.Coordinator, k.w.Units[1].Path), k.actor(access.Learner, "")} {
			list, err := k.Home(ctx, actor)
			if err != nil || len(list) != 2 {
				t.Fatal(list, err)
			}
			for _, c := range list {
				o, err := k.Overview(ctx, actor, c.ID, report.Filter{})
				if err != nil || o.Totals != c.Figures {
					t.Errorf("%s: home %+v, course %+v, %v", c.ID, c.Figures, o.Totals, err)
				}
			}
		}
	})
}

func TestPeopleSortsAndPages(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d, reporttest.Small)
		for _, by := range append([]string{""}, report.Sorts...) {
			for _, desc := range []bool{false, true} {
				order := report.Sort{By: by, Desc: desc}
				all, total, err := k.People(ctx, k.everybody(), "course-1", report.Filter{}, order, report.Page{})
				if err != nil || len(all) != total || total == 0 {
					t.Fatal(by, len(all), total, err)
				}
				var paged []report.Person
				for page := 1; len(paged) < total; page++ {
					list, _, err := k.People(ctx, k.everybody(), "course-1", report.Filter{}, order, report.Page{Number: page, Size: 7})
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
				value := func(p report.Person) float64 {
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
				if !slices.IsSortedFunc(all, func(a, b report.Person) int {
					if desc {
						a, b = b, a
					}
					return int(value(a) - value(b))
				}) {
					t.Errorf("not sorted by %s, descending %v", by, desc)
				}
			}
		}
		if _, _, err := k.People(ctx, k.everybody(), "course-1", report.Filter{}, report.Sort{By: "password"}, report.Page{}); !errors.Is(err, errs.ErrInvalid) {
			t.Errorf("an unknown sort: %v", err)
		}
	})
}

func TestPersonLine(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d, reporttest.Small)
		list, _, err := k.People(ctx, k.everybody(), "course-1", report.Filter{Figure: report.Passed}, report.Sort{}, report.Page{Number: 1, Size: 50})
		if err != nil || len(list) == 0 {
			t.Fatal(err)
		}
		for _, p := range list {
			if p.Best == nil || *p.Best < 80 || p.PassedAt.IsZero() || !strings.HasPrefix(p.Certificate, "OST-") || p.Unit == "" || !strings.HasPrefix(p.Organisation, "Organizacja") || p.Parts != reporttest.Parts {
				t.Errorf("%+v", p)
			}
		}
	})
}

func TestBadFilters(t *testing.T) {
	k := newDesk(t, dbtest.SQLite(t), reporttest.Small)
	for _, c := range []struct {
		f    report.Filter
		want error
	}{
		{report.Filter{Month: "2026-13"}, errs.ErrInvalid}, {report.Filter{Month: "'; DROP TABLE person"}, errs.ErrInvalid},
		{report.Filter{Figure: "x"}, errs.ErrInvalid}, {report.Filter{State: "x"}, errs.ErrInvalid},
		{report.Filter{Unit: "x"}, errs.ErrNotFound}, {report.Filter{Unit: id.New()}, errs.ErrNotFound},
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
		k := newDesk(t, d, reporttest.Options{Organisations: 1, People: 2, Courses: 1, Seed: 1})
		midnight := time.Date(2026, 8, 1, 0, 0, 0, 0, k.w.Zone())
		for i, at := range []time.Time{midnight.Add(-time.Microsecond), midnight} {
			k.exec(t, `UPDATE enrolment SET created_at = ? WHERE person_id = ?`, at, k.w.People[i])
		}
		o, err := k.Overview(ctx, k.everybody(), "course-1", report.Filter{})
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

func (k *desk) exec(t testing.TB, text string, args ...any) {
	t.Helper()
	if err := k.d.Update(ctx, func(tx *db.Tx) error { return db.Exec(ctx, tx, text, args...) }); err != nil {
		t.Fatal(err)
	}
}
