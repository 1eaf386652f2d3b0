package db

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"syscall"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/ncruces/go-sqlite3"

	"ostoja/internal/errs"
)

// away marks an error that says that the database cannot work now, whatever it was asked: errs.ErrUnavailable. The cause stays in it.
func away(err error) error {
	if err == nil || errors.Is(err, errs.ErrUnavailable) || !isOutage(err) {
		return err
	}
	return fmt.Errorf("%w: %w", errs.ErrUnavailable, err)
}

// isOutage tells a full or failing disk, a lock that does not end, a server that is not there or that shuts down, from statements that
// are wrong and from people who went away.
func isOutage(err error) bool {
	if errors.Is(err, context.Canceled) {
		return false
	}
	for _, code := range []sqlite3.ErrorCode{sqlite3.FULL, sqlite3.IOERR, sqlite3.CANTOPEN, sqlite3.BUSY} {
		if errors.Is(err, code) {
			return true
		}
	}
	if pg := (*pgconn.PgError)(nil); errors.As(err, &pg) {
		// Classes of PostgreSQL's appendix A: connection, resources (53100 is a full disk), an operator's intervention, the system. Of
		// class 57 a cancelled statement and a timeout are the asker's.
		class := pg.Code[:min(2, len(pg.Code))]
		return class == "08" || class == "53" || class == "58" || strings.HasPrefix(pg.Code, "57P0")
	}
	if errors.As(err, new(*pgconn.ConnectError)) || errors.Is(err, driver.ErrBadConn) {
		return true
	}
	if errors.Is(err, context.DeadlineExceeded) {
		return false
	}
	return errors.As(err, new(*net.OpError)) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, syscall.ENOSPC)
}

// explained adds what the system says to a failure of which SQLite knows no more than "disk I/O error", as of a disk that is full while the
// log beside the file should grow: whether a file can be written there.
func (db *DB) explained(err error) error {
	if db.folder == "" || !errors.Is(err, sqlite3.IOERR) || errors.As(err, new(syscall.Errno)) {
		return err
	}
	return errors.Join(err, writable(db.folder))
}

func writable(folder string) (err error) {
	const enough = 64 << 10
	f, err := os.CreateTemp(folder, ".ostoja-probe-*")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close(), os.Remove(f.Name())) }()
	_, err = f.Write(make([]byte, enough))
	return err
}

// wrote notes how the last write went.
func (db *DB) wrote(err error) {
	switch {
	case err == nil:
		db.trouble.Store(nil)
	case errors.Is(err, errs.ErrUnavailable):
		db.trouble.Store(&err)
	}
}

// Trouble returns why the last write failed, if it did so because the database could not work; nil since one succeeded. Reading may
// be possible all the while.
func (db *DB) Trouble() error {
	if err := db.trouble.Load(); err != nil {
		return *err
	}
	return nil
}
