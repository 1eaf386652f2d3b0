// Command ostoja runs a counter-trafficking programme: training, evidence, and the way to help. `ostoja --help` teaches it.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	_ "time/tzdata" // a server without zone files still shows Warsaw's time

	"ostoja/internal/app"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := app.Command(os.Getenv, os.Stdout).ExecuteContext(ctx); errors.Is(err, app.ErrViolated) {
		os.Exit(2)
	} else if err != nil {
		if !errors.Is(err, app.ErrReported) {
			fmt.Fprintln(os.Stderr, "ostoja:", err)
		}
		os.Exit(1)
	}
}
