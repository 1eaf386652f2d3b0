package app

import (
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"ostoja/internal/report/freeze"
)

func (c *command) reports() *cobra.Command {
	cmd := &cobra.Command{
		Use: "report", Short: "Verify frozen reports, and print the fingerprint of the key that signs them",
		Long: "A frozen report is a package that two people signed off; docs/reports-frozen.md describes it.",
	}
	cmd.AddCommand(c.reportVerify(), c.reportFingerprint())
	return cmd
}

func (c *command) reportVerify() *cobra.Command {
	fingerprint := ""
	cmd := &cobra.Command{
		Use: "verify FILE.zip", Short: "Check a frozen report against its signed list of hashes", Args: cobra.ExactArgs(1),
		Long: `Needs no network and no database. It names every file of the package that is missing, changed or not in the list. With --fingerprint the package must be signed
with the key of that fingerprint, which the office gives over another way than the package; without, only damage is found, not forgery, and the command says so. It says which report
of which project and period it is: an old package is signed as well as a new one. The exit status is 1 if the package is not as it was signed.`,
		Example: "  ostoja report verify report-2.zip --fingerprint \"12ab 34cd …\"",
		RunE: func(_ *cobra.Command, args []string) error {
			content, err := readPackage(args[0])
			if err != nil {
				return err
			}
			v, err := freeze.Verify(content, fingerprint)
			if err != nil {
				return err
			}
			said := "all %d files are as they were signed with the key expected\n"
			if fingerprint == "" {
				said = "all %d files are as the list says, and the list bears the signature of the key that lies beside it; WHO signed was not checked (--fingerprint)\n"
			}
			d := v.Document
			_, err = fmt.Fprintf(c.out, said+"fingerprint %s\nreport %d of %q, period %d (%s to %s), frozen %s\n",
				v.Files, v.Fingerprint, d.Number, d.Project.Name, d.Period.Number, d.Period.FirstDay, d.Period.LastDay, d.At.UTC().Format("2006-01-02 15:04 UTC"))
			return err
		},
	}
	cmd.Flags().StringVar(&fingerprint, "fingerprint", "", "fingerprint of the key that the package must be signed with")
	return cmd
}

// readPackage reads a file, and no further than any package is long.
func readPackage(path string) (_ []byte, err error) {
	f, err := os.Open(path) //nolint:gosec // the file that the person named
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }() // only read
	return io.ReadAll(io.LimitReader(f, freeze.MostBytes+1))
}

func (c *command) reportFingerprint() *cobra.Command {
	return &cobra.Command{
		Use: "fingerprint", Short: "Print the fingerprint of the key that signs frozen reports", Args: cobra.NoArgs,
		Long: "Give it to funds over another way than the packages: on paper, by telephone, on the office's own site.",
		RunE: func(cmd *cobra.Command, _ []string) error {
			return c.withApp(cmd.Context(), func(a *App) error {
				_, err := fmt.Fprintln(c.out, a.Freeze.Fingerprint())
				return err
			})
		},
	}
}
