package app

import (
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"ostoja/internal/evidence/scorefile"
	"ostoja/internal/gain"
)

func (c *command) gain() *cobra.Command {
	asJSON, individual, scale := false, false, ""
	cmd := &cobra.Command{
		Use: "gain FILE.csv|-", Short: "Compute the gain from a spreadsheet of scores", Args: cobra.ExactArgs(1),
		Long: `Reads percent scores, one row a person, and prints the gain of all and of each group: what the same people scored
before, after and later. No database is needed. FILE.csv has the columns

  person, form_pre, pre, form_post, post, later

and any number of group columns of your own (region, training, …), parted by commas or semicolons, or as a first line such as
"sep=;" says. The forms' names may be left out. Where
people began with one of two forms and ended with the other, their effect is estimated; of whom there is a score before alone is lost, and what that may
do to the difference is told. An empty score, or "-", is a missing one; - in place of the file reads the standard input. Scores are per cent; a
file that holds fractions of 1 says so by --scale fractions, and where no score is above 1 the command asks which is meant. Bad rows are named by line and reason, nothing is
computed, and the exit status is 1.`,
		Example: "  ostoja gain scores.csv\n  ostoja gain scores.csv --json > gain.json",
		RunE: func(cmd *cobra.Command, args []string) (err error) {
			if !slices.Contains([]scorefile.Scale{scorefile.Unsaid, scorefile.Percent, scorefile.Fractions}, scorefile.Scale(scale)) {
				return fmt.Errorf("--scale is percent or fractions, not %q", scale)
			}
			in := cmd.InOrStdin()
			if args[0] != "-" {
				file, err := os.Open(args[0])
				if err != nil {
					return err
				}
				defer func() { err = errors.Join(err, file.Close()) }()
				in = file
			}
			f, err := scorefile.ReadFile(in, scorefile.Scale(scale))
			if rows := (scorefile.BadRowsError)(nil); errors.As(err, &rows) {
				_, err = fmt.Fprintf(cmd.ErrOrStderr(), "%s\n%s; nothing was computed\n", rows, counted(rows.Rows(), "bad row"))
				return errors.Join(err, ErrReported)
			}
			if err != nil {
				return err
			}
			if f.SameForm > 0 {
				_, _ = fmt.Fprintf(cmd.ErrOrStderr(), "note: %d took the same form before and after; what they remember of it passes for learning\n", f.SameForm) // a note that nobody can read spoils no result
			}
			switch r := scorefile.ReportFile(f); {
			case asJSON:
				return r.WriteJSON(c.out)
			case individual:
				return errors.Join(r.WriteTable(c.out), writeIndividual(c.out, f))
			default:
				return r.WriteTable(c.out)
			}
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	cmd.Flags().BoolVar(&individual, "individual", false, "also list each person's own g, to check the footnote by; it is a grade to nobody")
	cmd.Flags().StringVar(&scale, "scale", "", "what the scores are: percent (100 is everything) or fractions (1 is everything)")
	cmd.MarkFlagsMutuallyExclusive("json", "individual")
	return cmd
}

// counted is a number with its noun.
func counted(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// writeIndividual lists each person's own g, "-" where it is undefined.
func writeIndividual(w io.Writer, f scorefile.File) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	if _, err := fmt.Fprint(t, "\nperson\tindividual g\t\n"); err != nil {
		return err
	}
	for i, s := range f.Scores {
		g := "-"
		if x := s.IndividualG(); !gain.IsMissing(x) {
			g = fmt.Sprintf("%.4f", x)
		}
		if _, err := fmt.Fprintf(t, "%s\t%s\t\n", f.Persons[i], g); err != nil {
			return err
		}
	}
	return t.Flush()
}
