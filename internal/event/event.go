// Package event lets one area say what happens in it, and others act upon it, without either knowing the other.
//
// An event is a plain struct that its area defines (learning.Enrolled) and emits within the transaction in which it happens.
// Who follows stands in one table, internal/app/events.go, and nowhere else: that is where to read what a change leads to.
// Handlers run at once, in the order of the table, within the emitting transaction, whose *db.Tx they are given. An error of
// one fails the transaction, so that what follows from a change and the change itself are there together or not at all, and
// so that a handler can refuse what is about to happen. What must wait for the commit is registered by [db.Tx.AfterCommit];
// what may fail by itself, such as mail, is a job that the handler adds.
//
// A handler must be short, since others may wait for the transaction, and it must not open a transaction of its own: on SQLite it
// would wait for itself. There is no queue, no retry and no subscription while the program runs; jobs are in package job.
package event

import (
	"context"
	"fmt"
	"reflect"

	"ostoja/internal/db"
	"ostoja/internal/errs"
)

// Bus brings events to their handlers. A nil Bus has none and lets everything happen, so that an area can be used by itself.
type Bus struct {
	handlers map[reflect.Type][]handler
}

type handler func(ctx context.Context, tx *db.Tx, e any) error

// New returns a Bus without handlers.
func New() *Bus { return &Bus{handlers: map[reflect.Type][]handler{}} }

// On has h called with every E. All calls of On come before the first event. An E that is no struct is a mistake in the code:
// it could never be told from another event, or from its pointer.
func On[E any](b *Bus, h func(ctx context.Context, tx *db.Tx, e E) error) {
	t := reflect.TypeFor[E]()
	if t.Kind() != reflect.Struct {
		panic(fmt.Sprintf("event: %s is not a struct", t))
	}
	b.handlers[t] = append(b.handlers[t], func(ctx context.Context, tx *db.Tx, e any) error { return h(ctx, tx, e.(E)) })
}

// Emit calls the handlers of an event until one of them fails. An event that the table does not know fails too: it was
// forgotten there, or it was given as a pointer, and what should follow from it would silently not happen.
func (b *Bus) Emit(ctx context.Context, tx *db.Tx, e any) (err error) {
	if b == nil {
		return nil
	}
	defer errs.Wrap(&err, "%T", e)
	handlers := b.handlers[reflect.TypeOf(e)]
	if len(handlers) == 0 {
		return fmt.Errorf("event: nothing follows from a %T", e)
	}
	for _, h := range handlers {
		if err := h(ctx, tx, e); err != nil {
			return err
		}
	}
	return nil
}

// Types returns the names of the events that have handlers, such as "learning.Enrolled", for the test that compares them with
// those that are emitted.
func (b *Bus) Types() []string {
	names := make([]string, 0, len(b.handlers))
	for t := range b.handlers {
		names = append(names, t.String())
	}
	return names
}
