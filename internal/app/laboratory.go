package app

import (
	"context"
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"ostoja/indicators"
	"ostoja/internal/access"
	"ostoja/internal/classroom/attendance"
	"ostoja/internal/course/folder"
	"ostoja/internal/course/indicatorfile"
	"ostoja/internal/indicator"
	"ostoja/internal/laboratory"
	"ostoja/internal/laboratory/casefile"
	caseslib "ostoja/laboratory"
)

// readCases reads the cases of the laboratory that come with the program. One with a fault is a mistake of the program.
func readCases(known indicator.List) ([]casefile.Case, error) {
	cases, faults := casefile.Load(caseslib.FS, func(id string) bool { _, ok := known.ByID(id); return ok })
	if blocking := folder.Blocking(faults); len(blocking) > 0 {
		said := make([]string, len(blocking))
		for i, f := range blocking {
			said[i] = f.String()
		}
		return nil, fmt.Errorf("laboratory: %s", strings.Join(said, "; "))
	}
	return cases, nil
}

func (c *command) laboratory() *cobra.Command {
	root := &cobra.Command{Use: "laboratory", Short: "Check cases of the case laboratory", Long: "A case is a file that an author writes in any editor; docs/laboratory.md describes it."}
	root.AddCommand(&cobra.Command{
		Use: "check DIR", Short: "Find every fault of a folder of cases", Args: cobra.ExactArgs(1),
		Long:    "Reads all cases of a folder and names every fault at once: file, line, what is wrong, a hint. The exit status is 1 if there is a fault.",
		Example: "  ostoja laboratory check laboratory",
		RunE:    func(_ *cobra.Command, args []string) error { return c.checkCases(args[0]) },
	})
	return root
}

func (c *command) checkCases(dir string) error {
	known, err := indicatorfile.Load(indicators.Folder)
	if err != nil {
		return err
	}
	cases, faults := casefile.Load(os.DirFS(dir), func(id string) bool { _, ok := known.ByID(id); return ok })
	kinds := map[casefile.Kind]int{}
	for _, x := range cases {
		kinds[x.Kind]++
	}
	for _, f := range faults {
		if _, err := fmt.Fprintln(c.out, f); err != nil {
			return err
		}
	}
	n := len(folder.Blocking(faults))
	if _, err := fmt.Fprintf(c.out, "%d faults; %d cases, %d of them false alarms and %d without a good option\n", n, len(cases), kinds[casefile.FalseAlarm], kinds[casefile.NoGoodOption]); err != nil {
		return err
	}
	if n > 0 {
		return ErrReported
	}
	return nil
}

// halves gives the laboratory what attendance knows of sessions.
type halves struct{ attendance *attendance.Service }

// today returns the sessions of today that the actor holds or arranges.
func (h halves) today(ctx context.Context, actor access.Actor) ([]laboratory.Session, error) {
	day, err := h.attendance.Day(ctx, actor)
	list := make([]laboratory.Session, len(day.Today))
	for i, s := range day.Today {
		list[i] = laboratory.Session{ID: s.ID, Title: s.Training, UnitPath: s.UnitPath, StartsAt: s.StartsAt}
	}
	return list, err
}
