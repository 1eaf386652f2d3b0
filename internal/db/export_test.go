package db

import "context"

// Ping asks the database for a sign of life.
func (db *DB) Ping(ctx context.Context) error { return db.read.PingContext(ctx) }
