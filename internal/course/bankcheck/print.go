package bankcheck

import (
	"fmt"
	"io"
	"text/tabwriter"
)

// Print writes the figures, one a line, by bank and language.
func (r Report) Print(w io.Writer) error {
	out := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	bank, lang := "", "-"
	for _, f := range r.figures {
		if f.Bank != bank || f.Lang != lang {
			bank, lang = f.Bank, f.Lang
			if _, err := fmt.Fprintf(out, "%s%s\n", bank, inBrackets(lang)); err != nil {
				return err
			}
		}
		if _, err := fmt.Fprintf(out, "  %s\t%s\t%s\t%s\n", f.Name, f.Got, f.Bound, f.Verdict); err != nil {
			return err
		}
	}
	return out.Flush()
}
