package db

import "context"

// Ping asks the database for a sign of life.
func (db *DB) Ping(ctx context.Context) error { return db.read.PingContext(ctx) }

// Kept is how many prepared statements are kept.
func (db *DB) Kept() (n int) {
	for _, s := range db.stmts {
		s.mu.RLock()
		n += len(s.byText)
		s.mu.RUnlock()
	}
	return n
}

// StatementLimit is how many are kept at most, for reading and for writing each.
const StatementLimit = statementLimit
