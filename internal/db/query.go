package db

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"ostoja/internal/errs"
)

// Querier runs statements: a *Tx, or a *DB for a single read outside a transaction.
type Querier interface {
	query(ctx context.Context, text string, args []any) (*sql.Rows, error)
	exec(ctx context.Context, text string, args []any) (sql.Result, error)
}

// Tx is a running transaction, valid only inside the function that was given it.
type Tx struct {
	db     *DB
	pool   *sql.DB
	tx     *sql.Tx
	shared bool     // several callers share it (Batch)
	missed []string // statements to prepare for the next time
	after  []func() // what waits for the commit
}

// AfterCommit has fn called once the transaction is committed, by the caller of Update or Batch and before they return; never,
// if it is undone. fn may use the database. It is for what only hastens what would happen anyway (waking a worker, renewing a
// cache): should the process end between the commit and the call, fn is not called.
func (tx *Tx) AfterCommit(fn func()) { tx.after = append(tx.after, fn) }

// context keeps a caller that goes away from taking a shared transaction down with it: SQLite answers an interrupt of one
// statement by rolling the whole transaction back.
func (tx *Tx) context(ctx context.Context) context.Context {
	if tx.shared {
		return context.WithoutCancel(ctx)
	}
	return ctx
}

func (tx *Tx) query(ctx context.Context, text string, args []any) (*sql.Rows, error) {
	if err := tx.db.refused(text); err != nil {
		return nil, err
	}
	ctx = tx.context(ctx)
	if s := tx.prepared(text); s != nil {
		return tx.tx.StmtContext(ctx, s).QueryContext(ctx, args...) //nolint:sqlclosecheck // closed with the transaction
	}
	return tx.tx.QueryContext(ctx, tx.db.numbered(text), args...)
}

func (tx *Tx) exec(ctx context.Context, text string, args []any) (sql.Result, error) {
	if err := tx.db.refused(text); err != nil {
		return nil, err
	}
	ctx = tx.context(ctx)
	if s := tx.prepared(text); s != nil {
		return tx.tx.StmtContext(ctx, s).ExecContext(ctx, args...) //nolint:sqlclosecheck // closed with the transaction
	}
	return tx.tx.ExecContext(ctx, tx.db.numbered(text), args...)
}

// prepared returns the kept statement for text, or notes that it should be prepared once the transaction has given its
// connection back: preparing needs a connection of the same pool, and waiting for one while holding one is a deadlock.
func (tx *Tx) prepared(text string) *sql.Stmt {
	kept := tx.db.stmts[tx.pool]
	if kept == nil {
		return nil
	}
	stmt, full := kept.find(text)
	if stmt == nil && !full {
		tx.missed = append(tx.missed, text)
	}
	return stmt
}

func (db *DB) query(ctx context.Context, text string, args []any) (*sql.Rows, error) {
	if err := db.refused(text); err != nil {
		return nil, err
	}
	if s := db.prepare(ctx, db.read, text); s != nil { //nolint:sqlclosecheck // kept; closed with the database
		return s.QueryContext(ctx, args...)
	}
	return db.read.QueryContext(ctx, db.numbered(text), args...)
}

var errReadOnly = errors.New("db: a write needs Update or Batch")

func (db *DB) exec(context.Context, string, []any) (sql.Result, error) { return nil, errReadOnly }

// All returns every row as a T: a struct whose fields are matched to the columns (tag `db:"name"`, `db:"name,json"` for a
// JSON text, else the field's name in snake_case; embedded structs count as their fields), or a single value.
// Times are read from microseconds; NULL becomes the zero time, or nil where the field is a pointer.
func All[T any](ctx context.Context, q Querier, text string, args ...any) (list []T, err error) {
	err = Each(ctx, q, func(v T) { list = append(list, v) }, text, args...)
	if err != nil {
		return nil, err
	}
	return list, nil
}

// Each calls fn with every row as All would return it, for many rows that are not kept, or not in this order.
func Each[T any](ctx context.Context, q Querier, fn func(T), text string, args ...any) (err error) {
	defer func() { err = away(err) }()
	defer errs.Wrap(&err, "db.Each(%s)", short(text))
	rows, err := q.query(ctx, text, bind(args))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	columns, err := rows.Columns()
	if err != nil {
		return err
	}
	p, err := planFor[T](columns)
	if err != nil {
		return err
	}
	// All rows are scanned into the same value: what Scan is given escapes to the heap.
	var v, zero T
	for targets := p.targets(&v); rows.Next(); v = zero {
		if err := rows.Scan(targets...); err != nil {
			return err
		}
		fn(v)
	}
	return rows.Err()
}

// One returns the first row, or an error of category errs.ErrNotFound if there is none.
func One[T any](ctx context.Context, q Querier, text string, args ...any) (T, error) {
	list, err := All[T](ctx, q, text, args...)
	if err == nil && len(list) == 0 {
		err = fmt.Errorf("db.One(%s): %w", short(text), errs.ErrNotFound)
	}
	if err != nil {
		var zero T
		return zero, err
	}
	return list[0], nil
}

// Exec runs a statement that returns no rows.
func Exec(ctx context.Context, q Querier, text string, args ...any) error {
	_, err := Changed(ctx, q, text, args...)
	return err
}

// Changed runs a statement and says how many rows it changed. A conditional UPDATE that changes none is how a seat, a
// single-use link or a job is taken once and not twice.
func Changed(ctx context.Context, q Querier, text string, args ...any) (_ int, err error) {
	defer func() { err = away(err) }()
	defer errs.Wrap(&err, "db.Exec(%s)", short(text))
	r, err := q.exec(ctx, text, bind(args))
	if err != nil {
		return 0, err
	}
	n, err := r.RowsAffected()
	return int(n), err
}

// Change runs a conditional change that has to change something: where it finds nothing to change, none is the error.
func Change(ctx context.Context, q Querier, none error, text string, args ...any) error {
	n, err := Changed(ctx, q, text, args...)
	if err == nil && n == 0 {
		return none
	}
	return err
}

// JSON marks an argument that is stored as a JSON text.
func JSON(v any) any { return jsonArg{v} }

type jsonArg struct{ v any }

// In returns the placeholders "?, ?, …" for n values of an IN list.
func In(n int) string {
	if n <= 0 {
		return "NULL" // IN (NULL) is never true
	}
	return strings.Repeat("?, ", n-1) + "?"
}

// Args returns values as arguments, those of an IN list or a part of more.
func Args[T any](values []T) []any {
	args := make([]any, len(values))
	for i, v := range values {
		args[i] = v
	}
	return args
}

// Like returns a LIKE pattern that finds text anywhere, with the wildcards in it made literal. Use it with ESCAPE '\'.
func Like(text string) string {
	return "%" + strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(text) + "%"
}

// bind returns the arguments in the form in which both engines keep them. The caller's slice stays as it is: who asks twice with
// the same arguments, or compares them afterwards, finds what it put there.
func bind(args []any) []any {
	bound := slices.Clone(args)
	for i, a := range args {
		switch a := a.(type) {
		case string:
			bound[i] = storable(a)
		case time.Time:
			if a.IsZero() {
				bound[i] = nil
			} else {
				bound[i] = a.UnixMicro()
			}
		case *time.Time:
			if a == nil {
				bound[i] = nil
			} else {
				bound[i] = a.UnixMicro()
			}
		case jsonArg:
			b, err := json.Marshal(a.v)
			if err != nil {
				panic("db.JSON: " + err.Error()) // our own types always marshal; anything else is a mistake in the code
			}
			bound[i] = string(b)
		}
	}
	return bound
}

// storable drops what PostgreSQL cannot keep in a text: bytes that are not UTF-8, and NUL. Nobody types them; who sends them
// gets an answer as to any other text.
func storable(s string) string {
	if strings.IndexByte(s, 0) < 0 && utf8.ValidString(s) {
		return s
	}
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "")
}

var numberedTexts sync.Map // text with ? -> text with $1, $2, …

// numbered replaces ? by PostgreSQL's $1, $2, … outside quoted strings.
func (db *DB) numbered(text string) string {
	if db.engine == SQLite {
		return text
	}
	if n, ok := numberedTexts.Load(text); ok {
		return n.(string)
	}
	var b strings.Builder
	n, quoted := 0, false
	for _, c := range text {
		switch {
		case c == '\'':
			quoted = !quoted
			b.WriteRune(c)
		case c == '?' && !quoted:
			n++
			b.WriteString("$" + strconv.Itoa(n))
		default:
			b.WriteRune(c)
		}
	}
	numberedTexts.Store(text, b.String())
	return b.String()
}

// short keeps a statement readable in an error.
func short(text string) string {
	s := strings.Join(strings.Fields(text), " ")
	if len(s) > 80 {
		s = s[:80] + "…"
	}
	return s
}

// statements keeps prepared statements: on SQLite preparing costs more than running most of our reads (pgx keeps its own).
type statements struct {
	mu     sync.RWMutex
	byText map[string]*sql.Stmt
}

// statementLimit bounds the kept statements; texts beyond it (rare combinations of filters) are prepared each time.
const statementLimit = 500

func (s *statements) find(text string) (stmt *sql.Stmt, full bool) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.byText[text], len(s.byText) >= statementLimit
}

// prepare returns the kept statement for text and makes it if there is room; nil means: run the text as it is.
func (db *DB) prepare(ctx context.Context, pool *sql.DB, text string) *sql.Stmt {
	kept := db.stmts[pool]
	if kept == nil {
		return nil
	}
	if stmt, full := kept.find(text); stmt != nil || full { //nolint:sqlclosecheck // kept; closed with the database
		return stmt
	}
	stmt, err := pool.PrepareContext(ctx, text)
	if err != nil {
		return nil // the plain query reports the error
	}
	kept.mu.Lock()
	defer kept.mu.Unlock()
	if earlier := kept.byText[text]; earlier != nil {
		_ = stmt.Close() //nolint:sqlclosecheck // another goroutine prepared it first
		return earlier
	}
	if kept.byText == nil {
		kept.byText = map[string]*sql.Stmt{}
	}
	kept.byText[text] = stmt
	return stmt
}

func (s *statements) close() {
	for _, stmt := range s.byText {
		_ = stmt.Close() // the connections that hold it are closed next
	}
}

// Rows calls fn with each row's values in the order of the columns: string, int64, float64, bool, []byte or nil. It is for
// copying tables whole; values are valid only during the call.
func Rows(ctx context.Context, q Querier, fn func(columns []string, values []any) error, text string, args ...any) (err error) {
	defer func() { err = away(err) }()
	defer errs.Wrap(&err, "db.Rows(%s)", short(text))
	rows, err := q.query(ctx, text, bind(args))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	columns, err := rows.Columns()
	if err != nil {
		return err
	}
	values, targets := make([]any, len(columns)), make([]any, len(columns))
	for i := range values {
		targets[i] = &values[i]
	}
	for rows.Next() {
		if err := rows.Scan(targets...); err != nil {
			return err
		}
		if err := fn(columns, values); err != nil {
			return err
		}
	}
	return rows.Err()
}

// Columns returns the names of a table's columns in order. The table's name becomes part of the SQL: it must be our own.
func Columns(ctx context.Context, q Querier, table string) (_ []string, err error) {
	defer func() { err = away(err) }()
	defer errs.Wrap(&err, "db.Columns(%s)", table)
	rows, err := q.query(ctx, `SELECT * FROM `+table+` WHERE FALSE`, nil)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	return rows.Columns()
}
