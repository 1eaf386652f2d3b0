package db

import (
	"context"
	"errors"
	"os"
	"strconv"
	"sync"
	"time"

	"ostoja/internal/errs"
)

// What is erased from a SQLite database leaves its bytes in three places: in its own place, where secure_delete overwrites them at
// once; in the write-ahead log, which keeps each page as it was written until TRUNCATE cuts it (RESTART leaves the bytes); and
// seldom (1 row of 300 in this package's test) in the gaps of pages, where balancing the tree left a copy that secure_delete does
// not know of, until the file is rebuilt. PostgreSQL overwrites at its own time, by VACUUM and by recycling its log.

// logWait is how long cutting the log waits for a reader of an older state, such as a backup: all writers wait meanwhile.
const logWait = `busy_timeout(50)`

// TruncateLog brings what SQLite's log holds into the file and cuts the log to nothing; done is false if a reader still needs it.
// On PostgreSQL there is nothing to do.
func (db *DB) TruncateLog(ctx context.Context) (done bool, err error) {
	defer errs.Wrap(&err, "db.TruncateLog")
	if db.engine != SQLite {
		return true, nil
	}
	conn, err := db.write.Conn(ctx)
	if err != nil {
		return false, err
	}
	defer func() {
		_, back := conn.ExecContext(context.WithoutCancel(ctx), `PRAGMA `+lockWait)
		err = errors.Join(err, back, conn.Close())
	}()
	if _, err := conn.ExecContext(ctx, `PRAGMA `+logWait); err != nil {
		return false, err
	}
	busy, frames, moved := 0, 0, 0
	err = conn.QueryRowContext(ctx, `PRAGMA wal_checkpoint(TRUNCATE)`).Scan(&busy, &frames, &moved)
	return busy == 0, err
}

// Rebuild writes a SQLite file anew, without anything that was erased, if it was not for some time, and says whether it did. All
// writers wait: 2 s for 180 MB. It takes twice as much free space in the file's folder as the file has. On PostgreSQL there is
// nothing to do.
func (db *DB) Rebuild(ctx context.Context, now time.Time, notFor time.Duration) (done bool, err error) {
	defer errs.Wrap(&err, "db.Rebuild")
	if db.engine != SQLite {
		return false, nil
	}
	const day = 24 * 60 * 60
	last := int64(0) // the day of the last time since 1970, 0 if there was none: SQLite keeps a number for its user in the file's head
	if err := db.write.QueryRowContext(ctx, `PRAGMA user_version`).Scan(&last); err != nil || now.Sub(time.Unix(last*day, 0)) < notFor {
		return false, err
	}
	err = db.onDisk(ctx, func() error {
		for _, statement := range []string{`VACUUM`, `PRAGMA user_version = ` + strconv.FormatInt(now.Unix()/day, 10)} {
			if _, err := db.write.ExecContext(ctx, statement); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return false, err
	}
	_, err = db.TruncateLog(ctx)
	return true, err
}

// temporary is held by whoever says where SQLite's temporary files lie: it is said to the whole process.
var temporary sync.Mutex

// onDisk runs fn, which writes much at once, with what is temporary in unnamed files in the folder of a SQLite file. It would otherwise be
// held in memory, and the driver bounds that of a connection to 256 MB, beyond which it panics.
func (db *DB) onDisk(ctx context.Context, fn func() error) (err error) {
	if db.engine != SQLite {
		return fn()
	}
	temporary.Lock()
	defer temporary.Unlock()
	const name = "SQLITE_TMPDIR"
	before, was := os.LookupEnv(name)
	if err := os.Setenv(name, db.folder); err != nil {
		return err
	}
	defer func() {
		back := os.Unsetenv(name)
		if was {
			back = os.Setenv(name, before)
		}
		err = errors.Join(err, back)
	}()
	if _, err := db.write.ExecContext(ctx, `PRAGMA temp_store(FILE)`); err != nil {
		return err
	}
	defer func() {
		_, back := db.write.ExecContext(context.WithoutCancel(ctx), `PRAGMA `+inMemory) // there is one connection that writes
		err = errors.Join(err, back)
	}()
	return fn()
}
