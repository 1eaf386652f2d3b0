package db

import (
	"errors"
	"testing"

	sqlite3 "github.com/ncruces/go-sqlite3"
)

// TestOnlyAFailedDiskIsExplained: what is no failure of the disk is left as it is, whatever stands in the way of a file beside it: a row that
// is there twice is none, also while the disk is full.
func TestOnlyAFailedDiskIsExplained(t *testing.T) {
	away, postgres := &DB{folder: "/nowhere/at/all"}, &DB{}
	twice := errors.New("a row that is there")
	if got := away.explained(twice); got != twice { //nolint:errorlint // the very same
		t.Errorf("explained: %v", got)
	}
	if got := postgres.explained(sqlite3.IOERR); got != error(sqlite3.IOERR) { //nolint:errorlint // the very same
		t.Errorf("without a folder: %v", got)
	}
	if got := away.explained(sqlite3.IOERR); !errors.Is(got, sqlite3.IOERR) || got.Error() == sqlite3.IOERR.Error() {
		t.Errorf("a failure of the disk reads %v", got)
	}
}
