package event_test

import (
	"context"
	"errors"
	"slices"
	"testing"

	"ostoja/internal/db"
	"ostoja/internal/db/dbtest"
	"ostoja/internal/event"
)

type named struct{ Name string }

type other struct{}

// emit emits events in one transaction that first writes a row of its own.
func emit(t *testing.T, d *db.DB, b *event.Bus, events ...any) error {
	t.Helper()
	return d.Update(t.Context(), func(tx *db.Tx) error {
		if err := setting(t.Context(), tx, "change"); err != nil {
			return err
		}
		for _, e := range events {
			if err := b.Emit(t.Context(), tx, e); err != nil {
				return err
			}
		}
		return nil
	})
}

func setting(ctx context.Context, tx *db.Tx, name string) error {
	return db.Exec(ctx, tx, `INSERT INTO setting (name, value) VALUES (?, '')`, name)
}

func settings(t *testing.T, d *db.DB) []string {
	t.Helper()
	list, err := db.All[string](t.Context(), d, `SELECT name FROM setting ORDER BY name`)
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func TestHandlersActWithinTheTransaction(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := event.New()
		event.On(b, func(ctx context.Context, tx *db.Tx, e named) error { return setting(ctx, tx, "first "+e.Name) })
		event.On(b, func(ctx context.Context, tx *db.Tx, e named) error {
			n, err := db.One[int](ctx, tx, `SELECT COUNT(*) FROM setting WHERE name = ?`, "first "+e.Name)
			if err == nil && n != 1 {
				err = errors.New("the second handler came before the first")
			}
			return err
		})
		if err := emit(t, d, b, named{"a"}); err != nil {
			t.Fatal(err)
		}
		if got := settings(t, d); !slices.Equal(got, []string{"change", "first a"}) {
			t.Errorf("stored: %v", got)
		}
	})
}

func TestAHandlersErrorUndoesTheChange(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		refused, later := errors.New("refused"), false
		b := event.New()
		event.On(b, func(ctx context.Context, tx *db.Tx, _ named) error { return setting(ctx, tx, "follows") })
		event.On(b, func(context.Context, *db.Tx, named) error { return refused })
		event.On(b, func(context.Context, *db.Tx, named) error { later = true; return nil })
		if err := emit(t, d, b, named{"a"}); !errors.Is(err, refused) {
			t.Errorf("the refusal became %v", err)
		}
		if got := settings(t, d); len(got) > 0 || later {
			t.Errorf("stored: %v; a later handler ran: %v", got, later)
		}
	})
}

func TestEachEventFindsItsOwnHandlers(t *testing.T) {
	d := dbtest.SQLite(t)
	var got []string
	b := event.New()
	event.On(b, func(_ context.Context, _ *db.Tx, e named) error { got = append(got, e.Name); return nil })
	event.On(b, func(context.Context, *db.Tx, other) error { got = append(got, "other"); return nil })
	if err := emit(t, d, b, other{}, named{"a"}, other{}); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(got, []string{"other", "a", "other"}) {
		t.Errorf("called: %v", got)
	}
	types := b.Types()
	slices.Sort(types)
	if !slices.Equal(types, []string{"event_test.named", "event_test.other"}) {
		t.Errorf("types: %v", types)
	}
}

func TestAnEventThatNobodyKnowsFails(t *testing.T) {
	d := dbtest.SQLite(t)
	b := event.New()
	event.On(b, func(context.Context, *db.Tx, named) error { return nil })
	for _, e := range []any{other{}, &named{"a"}, nil} {
		if err := emit(t, d, b, e); err == nil {
			t.Errorf("%T was let through", e)
		}
	}
	if got := settings(t, d); len(got) > 0 {
		t.Errorf("stored: %v", got)
	}
}

func TestANilBusLetsEverythingHappen(t *testing.T) {
	d := dbtest.SQLite(t)
	if err := emit(t, d, nil, named{"a"}); err != nil {
		t.Error(err)
	}
}

func TestOnlyStructsAreEvents(t *testing.T) {
	for name, subscribe := range map[string]func(*event.Bus){
		"a pointer":    func(b *event.Bus) { event.On(b, func(context.Context, *db.Tx, *named) error { return nil }) },
		"an interface": func(b *event.Bus) { event.On(b, func(context.Context, *db.Tx, any) error { return nil }) },
		"a string":     func(b *event.Bus) { event.On(b, func(context.Context, *db.Tx, string) error { return nil }) },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s was taken for an event", name)
				}
			}()
			subscribe(event.New())
		}()
	}
}
