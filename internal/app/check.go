package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"ostoja/internal/classroom/seat"
	"ostoja/internal/clock"
	"ostoja/internal/db"
	"ostoja/internal/schema"
)

// ErrViolated says that an audit found something: the exit status is 2, so that a watcher tells it from a command that failed.
var ErrViolated = errors.New("violated")

func (c *command) check() *cobra.Command {
	asJSON := false
	check := &cobra.Command{
		Use: "check", Short: "Audit the rules of seats on the data as they are, and change nothing", Args: cobra.NoArgs,
		Long: `Reads every training that has bookings and names what breaks a rule: more seats taken than there are, a free seat while somebody waits
who could have it, an offer past its time, a quota or a unit's places exceeded, a booking without its history. It names trainings and
bookings by their ids, no people, and may run beside the program. The exit status is 0 if all is well, 2 if something is not, and 1 if
it could not be found out.`,
		Example: "  ostoja check\n  ostoja check --json",
		RunE:    func(cmd *cobra.Command, _ []string) error { return c.audit(cmd.Context(), asJSON) },
	}
	check.Flags().BoolVar(&asJSON, "json", false, "print one JSON object")
	return check
}

// audited is what check prints as JSON.
type audited struct {
	At        time.Time    `json:"at"`
	Trainings int          `json:"trainings"`
	Faults    []seat.Fault `json:"violations"`
}

func (c *command) audit(ctx context.Context, asJSON bool) (err error) {
	zone, err := c.config.Location()
	if err != nil {
		return err
	}
	d, err := db.Open(ctx, c.config.Database)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	current, newest, err := d.SchemaVersion(ctx, schema.FS)
	if err != nil {
		return err
	}
	if current != newest {
		return fmt.Errorf("the schema is at %d, this program at %d: it is audited by the program of its own version", current, newest)
	}
	out := audited{At: clock.System{}.Now(), Faults: []seat.Fault{}}
	found, n, err := seat.Check(ctx, d, out.At, zone)
	if err != nil {
		return err
	}
	out.Trainings, out.Faults = n, append(out.Faults, found...)
	if err := c.report(out, asJSON); err != nil {
		return err
	}
	if len(found) > 0 {
		return ErrViolated
	}
	return nil
}

func (c *command) report(out audited, asJSON bool) error {
	if asJSON {
		e := json.NewEncoder(c.out)
		e.SetIndent("", "  ")
		return e.Encode(out)
	}
	for _, f := range out.Faults {
		if _, err := fmt.Fprintf(c.out, "%s: training %s booking %s is %d most %d\n", f.Rule, f.Training, f.Booking, f.Is, f.Most); err != nil {
			return err
		}
	}
	_, err := fmt.Fprintf(c.out, "%d trainings, %d violations\n", out.Trainings, len(out.Faults))
	return err
}
