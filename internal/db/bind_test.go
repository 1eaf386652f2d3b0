package db_test

import (
	"slices"
	"testing"
	"time"

	"ostoja/internal/db"
	"ostoja/internal/db/dbtest"
)

// TestArgumentsStayTheCallers: who asks twice with the same slice (a list's count, then its rows) asks the same twice.
func TestArgumentsStayTheCallers(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		at := time.Date(2026, 11, 29, 9, 0, 0, 0, time.UTC)
		var never *time.Time
		args := []any{"a\x00b", at, &at, time.Time{}, never, 7}
		kept := slices.Clone(args)
		const question = `SELECT COUNT(*) WHERE CAST(? AS TEXT) = 'ab' AND CAST(? AS BIGINT) = CAST(? AS BIGINT) AND CAST(? AS BIGINT) IS NULL
			AND CAST(? AS BIGINT) IS NULL AND CAST(? AS BIGINT) = 7`
		for range 2 {
			if n, err := db.One[int](t.Context(), d, question, args...); n != 1 || err != nil {
				t.Errorf("%d, %v", n, err)
			}
			if !slices.Equal(args, kept) {
				t.Errorf("the caller's arguments are %v now", args)
			}
		}
	})
}

// TestArgsAreThoseOfAList: as many values as marks, in their order, of whatever type; of none nothing is found.
func TestArgsAreThoseOfAList(t *testing.T) {
	type wave string
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ask := func(question string, args ...any) int {
			n, err := db.One[int](t.Context(), d, question, args...)
			if err != nil {
				t.Error(err)
			}
			return n
		}
		waves, numbers := []wave{"before", "after"}, []int{3, 5, 8}
		if got := ask(`SELECT COUNT(*) WHERE 'after' IN (`+db.In(len(waves))+`)`, db.Args(waves)...); got != 1 {
			t.Errorf("a wave of the list: %d", got)
		}
		if got := ask(`SELECT COUNT(*) WHERE 'week' IN (`+db.In(len(waves))+`)`, db.Args(waves)...); got != 0 {
			t.Errorf("a wave that is not in it: %d", got)
		}
		if got := ask(`SELECT CAST(? AS BIGINT) * 100 + CAST(? AS BIGINT) * 10 + CAST(? AS BIGINT)`, db.Args(numbers)...); got != 358 {
			t.Errorf("their order: %d", got)
		}
		if got := ask(`SELECT COUNT(*) WHERE 'after' IN (`+db.In(0)+`)`, db.Args([]wave(nil))...); got != 0 {
			t.Errorf("of none: %d", got)
		}
	})
}
