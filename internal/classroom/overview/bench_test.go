package overview_test

import (
	"fmt"
	"math/rand/v2"
	"syscall"
	"testing"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/classroom/overview"
	"ostoja/internal/clock"
	"ostoja/internal/db"
	"ostoja/internal/db/dbtest"
	"ostoja/internal/desk"
	"ostoja/internal/desk/desktest"
	"ostoja/internal/id"
)

const (
	benchTrainings = 2000
	benchSeats     = 20 // of each
)

// What a coordinator has before them of 2,000 trainings with 40,000 participations takes at most a tenth of the processor time of the
// course overview over 15,000 people, in the same database and run.
func BenchmarkDesk(b *testing.B) {
	ctx, d := b.Context(), dbtest.SQLite(b) // PostgreSQL works in a process of its own, whose time is not this one's
	w := desktest.Fill(b, d, desktest.Large)
	if err := d.Update(ctx, func(tx *db.Tx) error { return fillTrainings(b, tx, w) }); err != nil {
		b.Fatal(err)
	}
	if err := d.Administer(ctx, "ANALYZE"); err != nil {
		b.Fatal(err)
	}
	c := clock.NewFake(w.Now)
	courses := desk.New(desk.Deps{DB: d, Clock: c, Zone: w.Zone(), Courses: w.Catalogue()})
	trainings := overview.New(d, c)
	for name, path := range map[string]string{"all": "", "organisation": w.Units[0].Path} {
		actor := access.Actor{PersonID: id.New(), Grants: []access.Grant{{Role: access.Coordinator, Path: path}}, At: w.Now}
		each := map[string]float64{}
		run := func(what string, fn func() error) {
			b.Run(name+"/"+what, func(b *testing.B) {
				before := processorTime(b)
				for b.Loop() {
					if err := fn(); err != nil {
						b.Fatal(err)
					}
				}
				each[what] = float64((processorTime(b) - before).Microseconds()) / 1000 / float64(b.N)
				b.ReportMetric(each[what], "cpu-ms/op")
				if all := each["overview"]; what == "trainings" && all > 0 {
					b.ReportMetric(each[what]/all, "of-overview")
					if path == "" && each[what] > all/10 {
						b.Errorf("the desk of trainings takes %.3f of the course overview", each[what]/all)
					}
				}
			})
		}
		run("overview", func() error { _, err := courses.Overview(ctx, actor, "course-1", desk.Filter{}); return err })
		run("trainings", func() error {
			have, err := trainings.Desk(ctx, actor)
			if err == nil && path == "" && (len(have.Upcoming) != 20 || len(have.ToClose) == 0 || len(have.NoShows) == 0 || len(have.Elsewhere) == 0 || len(have.Elsewhere) == 50) {
				err = fmt.Errorf("%d to come, %d to close, %d with no-shows, %d elsewhere", len(have.Upcoming), len(have.ToClose), len(have.NoShows), len(have.Elsewhere))
			}
			return err
		})
	}
}

func processorTime(b *testing.B) time.Duration {
	b.Helper()
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		b.Fatal(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

// fillTrainings makes trainings of two half-days over ten years, as long as papers of funds are kept, the last of them half a year ahead. Who sat in those that are over was
// there, but for one in twenty; one in ten of the last two months is not closed or lacks its sheet. Few come to a programme twice, so
// that no search for these ends early.
func fillTrainings(b testing.TB, tx *db.Tx, w *desktest.World) error {
	ctx, random := b.Context(), rand.New(rand.NewPCG(1, 2))
	exec := func(text string, args ...any) error { return db.Exec(ctx, tx, text, args...) }
	const programmes, years = 200, 10 * 365 * 24 * time.Hour
	for i := range benchTrainings {
		trainingID, unit, programme := id.New(), w.Units[random.IntN(len(w.Units))], fmt.Sprintf("programme-%d", i%programmes)
		from := w.Now.Add(180*24*time.Hour - years + time.Duration(i)*(years/benchTrainings))
		if err := exec(`INSERT INTO training (id, title, place, held_from, held_until, unit_id, announced, created_at, created_by, programme_id) VALUES (?, ?, 'Sala', ?, ?, ?, FALSE, ?, '', ?)`,
			trainingID, fmt.Sprintf("Szkolenie %d", i), from, from.Add(28*time.Hour), unit.ID, from, programme); err != nil {
			return err
		}
		var held []string
		for half := range 2 {
			sessionID, at := id.New(), from.Add(time.Duration(half)*24*time.Hour)
			if err := exec(`INSERT INTO training_session (id, training_id, starts_at, ends_at, place, capacity) VALUES (?, ?, ?, ?, 'Sala', 25)`, sessionID, trainingID, at, at.Add(4*time.Hour)); err != nil {
				return err
			}
			if at.After(w.Now) {
				continue
			}
			held = append(held, sessionID)
			recent := w.Now.Sub(at) < 60*24*time.Hour
			if !recent || random.IntN(10) > 0 {
				if err := exec(`INSERT INTO session_closing (id, session_id, closed_at, closed_by, present) VALUES (?, ?, ?, '', 19)`, id.New(), sessionID, at); err != nil {
					return err
				}
			}
			if !recent || random.IntN(10) > 0 {
				if err := exec(`INSERT INTO session_sheet (id, session_id, blob_hash, sha256, media_type, uploaded_at, uploaded_by) VALUES (?, ?, 'h', '', 'image/jpeg', ?, '')`, id.New(), sessionID, at); err != nil {
					return err
				}
			}
		}
		if err := fillSeats(exec, random, w, trainingID, programme, held, from); err != nil {
			return err
		}
	}
	return nil
}

// fillSeats gives a training its people; those who sat in what is over were there in all of it, or never.
func fillSeats(exec func(text string, args ...any) error, random *rand.Rand, w *desktest.World, trainingID, programme string, held []string, from time.Time) error {
	for _, n := range random.Perm(len(w.People))[:benchSeats] {
		state, there := "confirmed", random.IntN(20) > 0
		if len(held) == 0 {
			state = []string{"confirmed", "confirmed", "confirmed", "offered", "waiting", "applied"}[random.IntN(6)]
		}
		person := w.People[n]
		if err := exec(`INSERT INTO booking (id, training_id, person_id, state, origin, unit_id, created_at, changed_at) VALUES (?, ?, ?, ?, 'invited', ?, ?, ?)`,
			id.New(), trainingID, person, state, w.UnitOf[person].ID, from, from); err != nil {
			return err
		}
		for _, sessionID := range held {
			mark, was, minutes := id.New(), "present", 240
			if !there {
				was, minutes = "absent", 0
			}
			if err := exec(`INSERT INTO attendance_mark (id, session_id, person_id, state, made_at, at, received_at, made_by, origin) VALUES (?, ?, ?, ?, ?, ?, ?, '', 'sheet')`,
				mark, sessionID, person, was, from, from, from); err != nil {
				return err
			}
			if err := exec(`INSERT INTO attendance (session_id, person_id, state, minutes, mark_id, training_id, programme) VALUES (?, ?, ?, ?, ?, ?, ?)`, sessionID, person, was, minutes, mark, trainingID, programme); err != nil {
				return err
			}
		}
	}
	return nil
}
