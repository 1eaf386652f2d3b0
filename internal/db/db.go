// Package db is the only door to the database. It runs the same program on SQLite and on PostgreSQL: one SQL text in the
// subset that both share, with ? for each parameter, times as UTC microseconds, identifiers made by Go.
//
// There are four ways in:
//
//   - a *DB itself is a [Querier] for a single read;
//   - [DB.View] for several reads that must agree;
//   - [DB.Update] for a transaction of its own;
//   - [DB.Batch] for a short write that many people make at once: concurrent ones share one durable commit.
//
// Nothing is acknowledged before it is durable (synchronous=FULL on SQLite, the server's default on PostgreSQL).
package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/ncruces/go-sqlite3"
	"github.com/ncruces/go-sqlite3/driver"

	"ostoja/internal/errs"
)

// engine names a database engine.
type engine string

// The two engines.
const (
	SQLite   engine = "sqlite"
	Postgres engine = "postgres"
)

// DB is an open database. It is safe for use by several goroutines.
type DB struct {
	engine engine
	read   *sql.DB // on SQLite refuses writes; on PostgreSQL the same pool as write
	write  *sql.DB // on SQLite one connection, since it has one writer
	stmts  map[*sql.DB]*statements
	queue  chan *request                           // waiting Batch calls; nil on PostgreSQL, which commits in groups by itself
	done   chan struct{}                           // closed when the group-commit loop has ended
	ask    atomic.Pointer[func(text string) error] // see Intercept

	notices  notices
	listener *pgx.ConnConfig // of the connection that listens; nil on SQLite

	folder  string                // of the SQLite file
	trouble atomic.Pointer[error] // why the last write failed; nil once one succeeds
}

// Open opens the database at a URL: postgres://… or the path of a SQLite file (also as sqlite:PATH), which is made if it is
// not there. It does not migrate. With PostgreSQL, ?pool_max_conns=N says how many connections are kept, 16 if not given.
func Open(ctx context.Context, address string) (_ *DB, err error) {
	defer errs.Wrap(&err, "db.Open")
	if strings.HasPrefix(address, "postgres://") || strings.HasPrefix(address, "postgresql://") {
		return openPostgres(ctx, address)
	}
	return openSQLite(ctx, strings.TrimPrefix(address, "sqlite:"))
}

func openPostgres(ctx context.Context, address string) (*DB, error) {
	// Our queries are short: compiling one takes longer than running it (590 ms against 39 ms for the desk's figures over
	// 15,000 learners).
	settings, err := pgx.ParseConfig(address)
	if err != nil {
		return nil, errors.New("the database's address cannot be read") // err would repeat the password
	}
	connections, err := poolSize(settings.RuntimeParams)
	if err != nil {
		return nil, err
	}
	settings.RuntimeParams["jit"] = "off"
	if settings.ConnectTimeout == 0 { // else a server that vanished is waited for until the system gives up, some minutes
		settings.ConnectTimeout = 5 * time.Second
	}
	pool := stdlib.OpenDB(*settings)
	// database/sql keeps 2 idle connections unless told; opening one per request costs two thirds of the throughput.
	pool.SetMaxOpenConns(connections)
	pool.SetMaxIdleConns(connections)
	pool.SetConnMaxIdleTime(5 * time.Minute)
	if err := pool.PingContext(ctx); err != nil {
		_ = pool.Close() // it never connected; err says why
		return nil, err
	}
	listener := settings.Copy()
	listener.RuntimeParams["application_name"] = "ostoja notices" // as it is seen in pg_stat_activity
	return &DB{engine: Postgres, read: pool, write: pool, listener: listener}, nil
}

// poolParam is the parameter of a PostgreSQL address, named as in other programs that use pgx, for the number of connections.
const poolParam = "pool_max_conns"

// poolSize takes the number of connections out of what is sent to the server, which would not know it.
func poolSize(params map[string]string) (int, error) {
	const usual, most = 16, 1000
	text, given := params[poolParam]
	if !given {
		return usual, nil
	}
	delete(params, poolParam)
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > most {
		return 0, fmt.Errorf("%s in the database's address is not a number from 1 to %d", poolParam, most)
	}
	return n, nil
}

func openSQLite(ctx context.Context, path string) (*DB, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, err
	}
	write, err := sqlitePool(path, false, 1)
	if err != nil {
		return nil, err
	}
	if err := write.PingContext(ctx); err != nil { // also makes the file and sets WAL before a reader comes
		_ = write.Close() // nothing was written; err says more
		return nil, err
	}
	read, err := sqlitePool(path, true, max(4, 2*runtime.GOMAXPROCS(0)))
	if err != nil {
		_ = write.Close() // nothing was written; err says more
		return nil, err
	}
	db := &DB{
		engine: SQLite, read: read, write: write, folder: filepath.Dir(path),
		stmts: map[*sql.DB]*statements{read: {}, write: {}},
		queue: make(chan *request, 1024), done: make(chan struct{}),
	}
	go db.commitInGroups() //nolint:gosec // serves until Close, not until the context that opened it ends
	return db, nil
}

// lockWait is how long a connection waits for another process, such as a command beside the program.
const lockWait = `busy_timeout(10000)`

// inMemory keeps what is temporary off the disk.
const inMemory = `temp_store(MEMORY)`

// sqlitePool opens connections to a SQLite file. FULL makes each commit durable against a power cut; group commit pays for
// it. A page cache of 8 MB a connection keeps the whole within a one-gigabyte server. secure_delete overwrites what is erased.
func sqlitePool(path string, readOnly bool, connections int) (*sql.DB, error) {
	q := url.Values{"_pragma": {lockWait, "journal_mode(WAL)", "synchronous(FULL)", "foreign_keys(1)", "cache_size(-8000)", inMemory, "secure_delete(1)"}}
	if readOnly {
		q["_pragma"] = append(q["_pragma"], "query_only(1)")
	} else {
		q.Set("_txlock", "immediate")
	}
	pool, err := driver.Open("file:" + (&url.URL{Path: path}).EscapedPath() + "?" + q.Encode())
	if err != nil {
		return nil, err
	}
	pool.SetMaxOpenConns(connections)
	pool.SetMaxIdleConns(connections)
	return pool, nil
}

// Engine says which engine this is. Only package db and its tests should need to know.
func (db *DB) Engine() engine { return db.engine }

// Intercept has fn asked before each statement, which then fails with the error that fn returns, if any; nil ends it. It is how tests
// see what becomes of a failure at each place where one can be, and of nothing else.
func (db *DB) Intercept(fn func(text string) error) {
	if fn == nil {
		db.ask.Store(nil)
		return
	}
	db.ask.Store(&fn)
}

// refused returns the error with which a statement is to fail.
func (db *DB) refused(text string) error {
	if ask := db.ask.Load(); ask != nil {
		return (*ask)(text)
	}
	return nil
}

// Close finishes the waiting writes and closes the database. No call may follow it.
func (db *DB) Close() error {
	if db.queue != nil {
		close(db.queue)
		<-db.done
	}
	for _, s := range db.stmts {
		s.close()
	}
	err := db.read.Close()
	if db.write != db.read {
		err = errors.Join(err, db.write.Close())
	}
	return err
}

// View runs fn with reads that see one state of the database.
func (db *DB) View(ctx context.Context, fn func(*Tx) error) error {
	return db.transact(ctx, db.read, &sql.TxOptions{ReadOnly: true, Isolation: db.snapshot()}, fn)
}

// snapshot is the isolation under which several reads agree. SQLite's read transactions always do.
func (db *DB) snapshot() sql.IsolationLevel {
	if db.engine == Postgres {
		return sql.LevelRepeatableRead
	}
	return sql.LevelDefault
}

// Update runs fn in a transaction of its own and commits it if fn returns nil.
func (db *DB) Update(ctx context.Context, fn func(*Tx) error) error {
	return db.transact(ctx, db.write, nil, fn)
}

func (db *DB) transact(ctx context.Context, pool *sql.DB, opts *sql.TxOptions, fn func(*Tx) error) error {
	tx := &Tx{db: db, pool: pool}
	err := db.explained(away(tx.run(ctx, opts, fn)))
	if opts == nil || !opts.ReadOnly {
		db.wrote(err)
	}
	if err != nil {
		return err
	}
	for _, fn := range tx.after {
		fn()
	}
	return nil
}

// run begins the transaction, calls fn and commits.
func (tx *Tx) run(ctx context.Context, opts *sql.TxOptions, fn func(*Tx) error) error {
	inner, err := tx.pool.BeginTx(ctx, opts)
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	tx.tx = inner
	defer func() {
		_ = inner.Rollback() // after a commit it does nothing; also runs when fn panics
		for _, text := range tx.missed {
			tx.db.prepare(context.WithoutCancel(ctx), tx.pool, text)
		}
	}()
	if err := fn(tx); err != nil {
		return err
	}
	if err := inner.Commit(); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	return nil
}

// IsUnique says whether a write failed because the row is there already.
func IsUnique(err error) bool {
	if pg := (*pgconn.PgError)(nil); errors.As(err, &pg) {
		return pg.Code == "23505"
	}
	return errors.Is(err, sqlite3.CONSTRAINT_UNIQUE) || errors.Is(err, sqlite3.CONSTRAINT_PRIMARYKEY)
}

// IsReferred says whether a write failed because of what another row refers to: it is still needed, or not there.
func IsReferred(err error) bool {
	if pg := (*pgconn.PgError)(nil); errors.As(err, &pg) {
		return pg.Code == "23503"
	}
	return errors.Is(err, sqlite3.CONSTRAINT_FOREIGNKEY)
}

// Administer runs a statement that cannot run in a transaction, such as CREATE DATABASE or VACUUM.
func (db *DB) Administer(ctx context.Context, statement string) (err error) {
	defer errs.Wrap(&err, "db.Administer")
	_, err = db.write.ExecContext(ctx, statement)
	return away(err)
}
