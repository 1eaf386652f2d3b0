package project_test

import (
	"slices"
	"strings"
	"testing"

	"ostoja/internal/access"
	"ostoja/internal/db"
	"ostoja/internal/db/dbtest"
	"ostoja/internal/project"
	"ostoja/internal/testrig/measured"
)

// A name has one project, whoever writes it and however often; no name has none.
func TestANameIsOneProject(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := measured.New(t, d)
		named := func(name string) (projectID string) {
			w.No(d.Update(w.Ctx, func(tx *db.Tx) (err error) {
				projectID, err = project.Named(w.Ctx, tx, name, measured.Start)
				return err
			}))
			return projectID
		}
		a, b := named("Projekt A"), named("Projekt B")
		if a == "" || a == b || named(" Projekt A ") != a || named("  ") != "" {
			t.Errorf("%q, %q, %q, %q", a, b, named(" Projekt A "), named("  "))
		}
		if n := measured.One[int](w, `SELECT COUNT(*) FROM project`); n != 2 {
			t.Errorf("%d projects", n)
		}
	})
}

func TestALongNameIsRefused(t *testing.T) {
	for n, faults := range map[int]int{0: 0, 200: 0, 201: 1} {
		if got := project.Check(strings.Repeat("ż", n)); len(got) != faults || faults == 1 && got[0].Name != "project" {
			t.Errorf("%d characters: %v", n, got)
		}
	}
}

// The projects of trainings and of courses' measurements are offered in the order of the alphabet, where they are used and to whom
// may measure there.
func TestWhichProjectsAreOffered(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := measured.New(t, d)
		w.Attach() // of "Projekt A"
		east, west := w.NewUnit(w.Unit, "Oddział Wschodni"), w.NewUnit(w.Unit, "Oddział Zachodni")
		w.Trained("Pierwsze", "Łuk", east)
		w.Trained("Drugie", "Most", west)
		w.Trained("Trzecie", "Łuk", west)
		w.Trained("Bez", "", east)
		for _, c := range []struct {
			who   string
			actor access.Actor
			want  []string
		}{
			{"everywhere", w.Admin, []string{"Łuk", "Most", "Projekt A"}},
			{"the east", w.Within(access.Coordinator, east), []string{"Łuk"}},
			{"the west", w.Within(access.Coordinator, west), []string{"Łuk", "Most"}},
			{"who may only read", w.Within(access.Trainer, west), nil},
			{"nobody", access.Actor{}, nil},
		} {
			if got, err := project.Names(w.Ctx, d, c.actor); err != nil || !slices.Equal(got, c.want) {
				t.Errorf("%s: %q, %v", c.who, got, err)
			}
		}
	})
}
