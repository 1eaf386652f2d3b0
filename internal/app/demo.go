package app

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"ostoja/courses"
	"ostoja/internal/access"
	"ostoja/internal/app/demo"
	"ostoja/internal/clock"
	"ostoja/internal/course/folder"
	"ostoja/internal/db"
	"ostoja/internal/identity/credential"
	"ostoja/internal/site"
)

func (c *command) demo() *cobra.Command {
	learners, dir := 800, ""
	cmd := &cobra.Command{
		Use: "demo", Short: "Fill an empty database with synthetic learners and their history", Args: cobra.NoArgs,
		Long: `Fills an empty database with units, people of every role and synthetic learners at every stage of the shipped
course. Names are combined at random; addresses end in .example. The same number always gives the same people.
Everybody's password is public: never put such a database on the internet.`,
		Example: "  ostoja demo --learners 15000 --data /tmp/large && ostoja serve --data /tmp/large",
		RunE: func(cmd *cobra.Command, _ []string) error {
			return c.with(cmd.Context(), func(d *db.DB) error {
				if err := c.fillDemo(cmd.Context(), d, learners, dir); err != nil {
					return err
				}
				_, err := fmt.Fprint(c.out, demoPeople())
				return err
			})
		},
	}
	cmd.Flags().IntVar(&learners, "learners", learners, "how many synthetic learners")
	cmd.Flags().StringVar(&dir, "course", dir, "folder of the course they take, instead of the one for Border Guard officers that comes with the program")
	return cmd
}

// fillDemo fills the database unless it holds the demonstration already; any other content is left alone. dir is of the
// course, "" for the one that comes with the program.
func (c *command) fillDemo(ctx context.Context, d *db.DB, learners int, dir string) error {
	there, err := demo.Exists(ctx, d)
	if err != nil || there {
		return err
	}
	if n, err := db.One[int](ctx, d, `SELECT COUNT(*) FROM person`); err != nil || n > 0 {
		return errors.Join(err, errors.New("the database holds people already: the demonstration needs an empty one (give --data another folder)"))
	}
	now := clock.NewFake(clock.System{}.Now()) // it is moved through the weeks before
	a, err := New(ctx, c.config, d, Options{Purpose: site.Demonstration, Clock: now})
	if err != nil {
		return err
	}
	files := courses.BorderGuard
	if dir != "" {
		if files, err = folder.Open(dir); err != nil {
			return fmt.Errorf("the demonstration's course: %w", err)
		}
	}
	return a.Demonstrate(ctx, now, files, learners, func(done, of int) {
		if done%2500 == 0 {
			_, _ = fmt.Fprintf(c.out, "%d of %d learners\n", done, of) // only told for patience
		}
	})
}

// Demonstrate fills the program with the demonstration: people in every role, learners of a course at every stage, and what an office has done in the months before now,
// which is the program's own clock. progress may be nil.
func (a *App) Demonstrate(ctx context.Context, now *clock.Fake, files fs.FS, learners int, progress func(done, of int)) error {
	version, _, err := a.Courses.Publish(ctx, access.System, files)
	if err != nil {
		return err
	}
	hash, err := credential.NewHasher().Hash(ctx, demo.Password)
	if err != nil {
		return err
	}
	filler := &demo.Filler{DB: a.DB, Clock: now, Courses: a.Courses, Certs: a.Certs, Bank: a.Bank, Classroom: a.Classroom, Measurement: a.Measurement, Hash: hash, Progress: progress}
	if err := errors.Join(filler.Fill(ctx, version.CourseID, learners), publishSite(ctx, a)); err != nil {
		return err
	}
	if _, _, err := a.Courses.Publish(ctx, access.System, courses.Guardian); err != nil {
		return err
	}
	welfare, _, err := a.Courses.Publish(ctx, access.System, courses.SocialWelfare)
	if err != nil {
		return err
	}
	if _, _, err := a.Courses.Publish(ctx, access.System, courses.TemporaryGuardian); err != nil { // nobody has begun it
		return err
	}
	rooms := demo.Rooms{Past: now, Zone: a.Measurement.Zone(), Plans: a.Classroom, Seats: a.Seats, Attendance: a.Attendance, Notices: a.Dossier, Needs: a.Needs, Paper: a.OnPaper}
	if err := filler.FillTrainings(ctx, rooms, welfare.CourseID); err != nil {
		return err
	}
	if err := filler.FillLaboratory(ctx, a.Laboratory, now); err != nil {
		return err
	}
	if err := filler.FillCards(ctx, a.Cards); err != nil {
		return err
	}
	if err := filler.FillGuardians(ctx, a.Requests, now); err != nil {
		return err
	}
	if err := filler.FillSupport(ctx, a.Support, now); err != nil {
		return err
	}
	if err := errors.Join(filler.FillProjects(ctx, a.Projects), a.Reports.Tell(ctx)); err != nil {
		return err
	}
	return filler.FillSite(ctx, a.Site)
}

// newApp opens the program on a database. One that holds the demonstration's people is a demonstration.
func (c *command) newApp(ctx context.Context, d *db.DB, o Options) (*App, error) {
	there, err := demo.Exists(ctx, d)
	if err != nil {
		return nil, err
	}
	o.Purpose = site.Purpose(there)
	return New(ctx, c.config, d, o)
}

// demoPeople says whom to sign in as.
func demoPeople() string {
	var b strings.Builder
	fmt.Fprintf(&b, "\nDemonstration people; everybody's password is:  %s\n\n", demo.Password)
	for _, s := range slices.Concat(demo.Staff, demo.GuardianStaff) {
		fmt.Fprintf(&b, "  %-26s %s\n", s.Mail, s.Role)
	}
	fmt.Fprintf(&b, "  %-26s %s\n", demo.GuardianMail(0), "guardian, in the register")
	return b.String()
}
