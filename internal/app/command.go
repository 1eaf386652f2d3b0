package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"ostoja/indicators"
	"ostoja/internal/access"
	"ostoja/internal/clock"
	"ostoja/internal/config"
	"ostoja/internal/course"
	"ostoja/internal/course/bankcheck"
	"ostoja/internal/course/folder"
	"ostoja/internal/course/indicatorfile"
	"ostoja/internal/course/published"
	"ostoja/internal/db"
	"ostoja/internal/schema"
)

// Version is the program's version, set by the build.
var Version = "development"

// ErrReported says that a command has already said what is wrong; only the exit status is left to set.
var ErrReported = errors.New("reported")

// command carries what every subcommand needs.
type command struct {
	config *config.Config
	out    io.Writer
}

// Command returns the command line. getenv reads the environment; out takes what commands print for people.
func Command(getenv func(string) string, out io.Writer) *cobra.Command {
	root := &cobra.Command{
		Use:   "ostoja",
		Short: "Run a counter-trafficking programme: training, evidence of learning, certificates",
		Long: `Ostoja trains the people who meet victims of human trafficking, shows honestly whether they learned,
and issues certificates that anyone can verify. It is one program with an embedded database in --data.

To try it:            ostoja serve --demo
To install it:        ostoja serve            (prints a single-use link for setting up the first administrator)
To move to PostgreSQL: ostoja backup all.ostoja && ostoja restore all.ostoja --database postgres://…

Every setting is a flag or an OSTOJA_* variable; the flag wins.`,
		SilenceUsage:  true,
		SilenceErrors: true,
	}
	root.SetOut(out)
	c := &command{config: config.Bind(root.PersistentFlags(), getenv), out: out}
	root.PersistentPreRunE = func(*cobra.Command, []string) error { return c.config.Check() }
	root.AddCommand(c.serve(), c.demo(), c.course(), c.laboratory(), c.user(), c.migrate(), c.backup(), c.restore(), c.gain(), c.check(), c.site(), c.reports(), c.version())
	return root
}

// open opens and migrates the database.
func (c *command) open(ctx context.Context) (*db.DB, error) {
	d, err := db.Open(ctx, c.config.Database)
	if err != nil {
		return nil, err
	}
	if _, err := d.Migrate(ctx, schema.FS); err != nil {
		return nil, errors.Join(err, d.Close())
	}
	return d, nil
}

// with runs fn with an open, migrated database.
func (c *command) with(ctx context.Context, fn func(*db.DB) error) (err error) {
	d, err := c.open(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	return fn(d)
}

func (c *command) version() *cobra.Command {
	return &cobra.Command{
		Use: "version", Short: "Print the version", Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error { _, err := fmt.Fprintln(c.out, "ostoja", Version); return err },
	}
}

func (c *command) migrate() *cobra.Command {
	return &cobra.Command{
		Use: "migrate", Short: "Bring the database to this version's schema", Args: cobra.NoArgs,
		Long: `Brings the database to the schema of this version. serve does it too; run it alone to see what it does
before the first start of a new version. Make a backup first.`,
		RunE: func(cmd *cobra.Command, _ []string) (err error) {
			d, err := db.Open(cmd.Context(), c.config.Database)
			if err != nil {
				return err
			}
			defer func() { err = errors.Join(err, d.Close()) }()
			ran, err := d.Migrate(cmd.Context(), schema.FS)
			if err != nil {
				return err
			}
			current, _, err := d.SchemaVersion(cmd.Context(), schema.FS)
			if err != nil {
				return err
			}
			_, err = fmt.Fprintf(c.out, "%d migrations ran; the schema is at version %d\n", len(ran), current)
			return err
		},
	}
}

func (c *command) course() *cobra.Command {
	root := &cobra.Command{
		Use: "course", Short: "Check, publish and take out courses",
		Long: "A course is a folder that an author writes in any editor; docs/course-format.md describes it.",
	}
	root.AddCommand(
		&cobra.Command{
			Use: "check DIR", Short: "Find every fault of a course folder or ZIP", Args: cobra.ExactArgs(1),
			Long: `Reads the whole folder, with the country's pack beside it, and names every fault at once: file, line, what is wrong, a hint. What the
course names and the pack lacks is named too. Then it prints the figures of the banks of items, by bank and language: what of them can be
answered by who knows nothing. The exit status is 1 if there is a fault.`,
			Example: "  ostoja course check courses/border-guard\n  ostoja course check courses/border-guard --pack lt",
			RunE:    func(_ *cobra.Command, args []string) error { return c.checkCourse(args[0]) },
		},
		&cobra.Command{
			Use: "import DIR", Short: "Publish a course folder or ZIP as a new version", Args: cobra.ExactArgs(1),
			Long: `Checks a folder or ZIP and publishes it. If anything changed it becomes the new version, on which new participants
begin; participants who are under way stay on theirs until a coordinator moves them. Unchanged, nothing happens.`,
			RunE: func(cmd *cobra.Command, args []string) error {
				return c.withApp(cmd.Context(), func(a *App) error { return c.importCourse(cmd.Context(), a.Courses, args[0]) })
			},
		},
		&cobra.Command{
			Use: "export COURSE FILE.zip", Short: "Write the current version of a course as a ZIP", Args: cobra.ExactArgs(2),
			RunE: func(cmd *cobra.Command, args []string) error {
				return c.with(cmd.Context(), func(d *db.DB) error { return c.exportCourse(cmd.Context(), d, args[0], args[1]) })
			},
		})
	return root
}

func (c *command) checkCourse(path string) error {
	files, err := folder.Open(path)
	if err != nil {
		return err
	}
	pack, err := c.pack()
	if err != nil {
		return err
	}
	known, err := indicatorfile.Load(indicators.Folder)
	if err != nil {
		return err
	}
	loaded, faults, err := course.Load(folder.WithPack(files, pack), course.Knowing(known))
	if err != nil {
		return err
	}
	if len(folder.Blocking(faults)) == 0 {
		banks := bankcheck.Check(loaded)
		if err := banks.Print(c.out); err != nil {
			return err
		}
		faults = append(faults, banks.Notes...)
	}
	for _, f := range faults {
		if _, err := fmt.Fprintln(c.out, f); err != nil {
			return err
		}
	}
	if n := len(folder.Blocking(faults)); n > 0 {
		if _, err := fmt.Fprintf(c.out, "%d faults\n", n); err != nil {
			return err
		}
		return ErrReported
	}
	_, err = fmt.Fprintf(c.out, "%s: 0 faults; %d modules, %d parts, %d items, %d scenarios, %d indicators, languages %v\n",
		loaded.ID, len(loaded.Modules), len(loaded.Parts()), len(loaded.ItemIDs()), len(loaded.Scenarios), len(loaded.Indicators()), loaded.Languages)
	return err
}

func (c *command) importCourse(ctx context.Context, courses *published.Service, path string) error {
	files, err := folder.Open(path)
	if err != nil {
		return err
	}
	v, made, err := courses.Publish(ctx, access.System, files)
	var faulty *published.FaultsError
	if errors.As(err, &faulty) {
		for _, f := range faulty.Faults {
			if _, err := fmt.Fprintln(c.out, f); err != nil {
				return err
			}
		}
	}
	if err != nil {
		return err
	}
	if !made {
		_, err = fmt.Fprintf(c.out, "%s: nothing changed since version %d (%s)\n", v.CourseID, v.Number, v.Label)
		return err
	}
	_, err = fmt.Fprintf(c.out, "%s: published version %d (%s)\n", v.CourseID, v.Number, v.Label)
	return err
}

func (c *command) exportCourse(ctx context.Context, d *db.DB, courseID, path string) error {
	courses := published.New(d, clock.System{}, nil)
	e, err := courses.Entry(ctx, courseID)
	if err != nil {
		return fmt.Errorf("there is no course %q: %w", courseID, err)
	}
	archive, err := courses.Archive(ctx, e.CurrentVersionID)
	if err != nil {
		return err
	}
	if err := os.WriteFile(path, archive, 0o600); err != nil {
		return err
	}
	_, err = fmt.Fprintln(c.out, path)
	return err
}
