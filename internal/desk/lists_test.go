package desk_test

import (
	"errors"
	"iter"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"ostoja/internal/access"
	"ostoja/internal/db"
	"ostoja/internal/db/dbtest"
	"ostoja/internal/desk"
	"ostoja/internal/desk/desktest"
	"ostoja/internal/errs"
)

// drawActor draws somebody who may enrol everywhere, within two branches, or nowhere.
func drawActor(t *rapid.T, k *testDesk) access.Actor {
	return rapid.SampledFrom([]access.Actor{
		k.everybody(), k.actor(access.Coordinator, k.w.Units[0].Path), k.actor(access.Coordinator, k.w.Units[1].Path, k.w.Units[5].Path),
		k.actor(access.Reviewer, ""), k.actor(access.Learner, k.w.Units[0].Path),
	}).Draw(t, "actor")
}

// candidate is a person as the plain query reads them.
type candidate struct {
	ID, UnitID, Region, State, SearchText string
	Mail                                  bool
}

// plainCandidates answers by a loop over everybody what the service answers by indexes.
func (k *testDesk) plainCandidates(t testing.TB, o oracle, a access.Actor, f desk.CandidateFilter) (list []candidate) {
	t.Helper()
	all, err := db.All[candidate](ctx, k.d, `SELECT id, unit_id, region, state, search_text, mail IS NOT NULL AS mail FROM person ORDER BY sort_key, id`)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range all {
		rounds, path := o.rows[p.ID], o.unit(p.UnitID).Path
		region := o.region(enrolled{UnitID: p.UnitID, Region: p.Region})
		switch {
		case p.State == "blocked", !a.May(access.DeskWrite, path):
		case len(rounds) > 0 && rounds[len(rounds)-1].WithdrawnAt.IsZero():
		case f.Unit != "" && !strings.HasPrefix(path, o.unit(f.Unit).Path):
		case f.Region != "" && f.Region != region && (f.Region != desk.NoRegion || region != ""):
		case slices.ContainsFunc(strings.Fields(f.Search), func(word string) bool { return !strings.Contains(p.SearchText, word) }):
		default:
			list = append(list, p)
		}
	}
	return list
}

// TestCandidatesAreThoseOfThePlainQuery holds where few are left in a course, where most are, and where nobody is enrolled,
// whichever of the two ways they are looked for.
func TestCandidatesAreThoseOfThePlainQuery(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		options := desktest.Small
		options.Courses = 3
		k := newDesk(t, d, options)
		var blocked string
		for _, p := range k.w.People {
			if k.stateOf(t, p) == "blocked" {
				blocked = p
			}
		}
		if blocked == "" {
			blocked = k.w.People[7]
			k.exec(t, `UPDATE person SET state = 'blocked' WHERE id = ?`, blocked)
		}
		// Everybody is in the first course but three: one was withdrawn, one was withdrawn from a second round, one is blocked.
		k.exec(t, `UPDATE enrolment SET withdrawn_at = NULL WHERE course_id = 'course-1'`)
		k.exec(t, `UPDATE enrolment SET withdrawn_at = ? WHERE course_id = 'course-1' AND person_id IN (?, ?) AND round = (SELECT MAX(n.round) FROM enrolment n WHERE n.person_id = enrolment.person_id AND n.course_id = 'course-1')`,
			k.w.Now, k.w.People[0], blocked)
		twice, err := db.One[string](ctx, d, `SELECT person_id FROM enrolment WHERE course_id = 'course-1' AND round = 2 ORDER BY person_id LIMIT 1`)
		if err != nil {
			t.Fatal(err)
		}
		k.exec(t, `UPDATE enrolment SET withdrawn_at = ? WHERE course_id = 'course-1' AND round = 2 AND person_id = ?`, k.w.Now, twice)
		k.exec(t, `DELETE FROM certificate WHERE course_id = 'course-3'`)
		k.exec(t, `DELETE FROM attempt WHERE enrolment_id IN (SELECT id FROM enrolment WHERE course_id = 'course-3')`)
		k.exec(t, `DELETE FROM enrolment WHERE course_id = 'course-3'`)
		oracles := map[string]oracle{}
		for _, c := range k.w.Courses {
			oracles[c] = k.oracle(t, c)
		}
		if n := len(k.plainCandidates(t, oracles["course-1"], k.everybody(), desk.CandidateFilter{})); n == 0 || n > 2 {
			t.Fatalf("%d are left", n)
		}
		rapid.Check(t, func(rt *rapid.T) {
			actor, course := drawActor(rt, k), rapid.SampledFrom(k.w.Courses).Draw(rt, "course")
			f := desk.CandidateFilter{
				Region: rapid.SampledFrom([]string{"", "", "02", "06", "14", desk.NoRegion, "99"}).Draw(rt, "region"),
				Search: rapid.SampledFrom([]string{"", "", "nowak", "anna now", "%", "zzz"}).Draw(rt, "search"),
			}
			if rapid.Bool().Draw(rt, "in a unit") {
				f.Unit = rapid.SampledFrom(k.w.Units).Draw(rt, "unit").ID
			}
			page := desk.Page{Number: rapid.IntRange(1, 3).Draw(rt, "page"), Size: rapid.SampledFrom([]int{1, 7, 100}).Draw(rt, "size")}
			k.NameAtMost(rapid.SampledFrom([]int{0, 2, 5, 1000}).Draw(rt, "named at most"))
			want := k.plainCandidates(t, oracles[course], actor, f)
			list, total, err := k.Candidates(ctx, actor, course, f, page)
			if err != nil || total != len(want) {
				rt.Fatalf("%d, want %d, %v", total, len(want), err)
			}
			from := min((page.Number-1)*page.Size, total)
			if want := want[from:min(from+page.Size, total)]; len(list) != len(want) {
				rt.Fatalf("%d on the page, want %d", len(list), len(want))
			}
			for i, c := range list {
				if w := want[from+i]; c.ID != w.ID || c.HasMail != w.Mail || c.Withdrawn != (len(oracles[course].rows[c.ID]) > 0) || c.Unit != k.w.UnitOf[c.ID].Name {
					rt.Fatalf("row %d: %+v, want %+v", i, c, w)
				}
			}
			ids, err := k.CandidateIDs(ctx, actor, course, f)
			if err != nil || !slices.EqualFunc(ids, want, func(id string, w candidate) bool { return id == w.ID }) {
				rt.Fatalf("ids %v, want %v, %v", ids, want, err)
			}
		})
	})
}

// TestEachPersonIsTheList compares the file with the list, in every order, over more people than are read at once.
func TestEachPersonIsTheList(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		options := desktest.Small
		options.People = 1100
		k := newDesk(t, d, options)
		read := func(actor access.Actor, f desk.Filter, s desk.Sort) (list []desk.Person, err error) {
			err = k.EachPerson(ctx, actor, "course-1", f, s, func(people iter.Seq2[desk.Person, error]) error {
				for p, err := range people {
					if err != nil {
						return err
					}
					list = append(list, p)
				}
				return nil
			})
			return list, err
		}
		for _, by := range append([]string{""}, desk.Sorts...) {
			s := desk.Sort{By: by, Desc: by == "active"}
			got, err := read(k.everybody(), desk.Filter{}, s)
			if err != nil {
				t.Fatal(err)
			}
			want, total, err := k.People(ctx, k.everybody(), "course-1", desk.Filter{}, s, desk.Page{})
			if err != nil || total != 1100 || len(got) != total || len(want) != total {
				t.Fatalf("%s: %d in the file, %d in the list of %d, %v", by, len(got), len(want), total, err)
			}
			for i := range got {
				if got[i].EnrolmentID != want[i].EnrolmentID || got[i].Unit != want[i].Unit || got[i].Parts != want[i].Parts {
					t.Fatalf("%s: row %d is %+v, want %+v", by, i, got[i], want[i])
				}
			}
			paged, _, err := k.People(ctx, k.everybody(), "course-1", desk.Filter{}, s, desk.Page{Number: 2, Size: 50})
			if err != nil || len(paged) != 50 || paged[0].EnrolmentID != got[50].EnrolmentID {
				t.Errorf("%s: the second page does not follow the first, %v", by, err)
			}
		}
		within := k.actor(access.Coordinator, k.w.Units[1].Path)
		got, err := read(within, desk.Filter{State: desk.StatePassed}, desk.Sort{})
		if err != nil || len(got) == 0 {
			t.Fatalf("%d, %v", len(got), err)
		}
		for _, p := range got {
			if !within.May(access.DeskRead, k.w.UnitOf[p.PersonID].Path) || p.State() != desk.StatePassed {
				t.Errorf("%+v is in the file", p)
			}
		}
		if list, err := read(k.actor(access.Learner, ""), desk.Filter{}, desk.Sort{}); err != nil || len(list) != 0 {
			t.Errorf("a learner reads %d, %v", len(list), err)
		}
		if _, err := read(k.everybody(), desk.Filter{}, desk.Sort{By: "password"}); !errors.Is(err, errs.ErrInvalid) {
			t.Error(err)
		}
		// Whoever has enough, or cannot write, ends the reading.
		gone := errors.New("gone")
		err = k.EachPerson(ctx, k.everybody(), "course-1", desk.Filter{}, desk.Sort{}, func(people iter.Seq2[desk.Person, error]) error {
			for range people {
				return gone
			}
			return nil
		})
		if !errors.Is(err, gone) {
			t.Error(err)
		}
	})
}
