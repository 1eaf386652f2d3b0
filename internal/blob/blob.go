// Package blob keeps files in the database, named by their content: a file that is there twice is stored once, and a
// transaction that refers to one cannot come without it. One database is one backup.
package blob

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"time"

	"ostoja/internal/db"
	"ostoja/internal/errs"
)

// Blob is a stored file.
type Blob struct {
	Hash      string // SHA-256 of the content, hexadecimal
	MediaType string
	Size      int64 // bytes
	Content   []byte
	CreatedAt time.Time
}

// Put stores content and returns its hash.
func Put(ctx context.Context, tx *db.Tx, mediaType string, content []byte, now time.Time) (hash string, err error) {
	defer errs.Wrap(&err, "blob.Put(%d bytes)", len(content))
	sum := sha256.Sum256(content)
	hash = hex.EncodeToString(sum[:])
	return hash, db.Exec(ctx, tx, `
		INSERT INTO blob (hash, media_type, size, content, created_at) VALUES (?, ?, ?, ?, ?)
		ON CONFLICT (hash) DO NOTHING`, hash, mediaType, len(content), content, now)
}

// Get returns the file with a hash.
func Get(ctx context.Context, q db.Querier, hash string) (_ Blob, err error) {
	defer errs.Wrap(&err, "blob.Get(%s)", hash)
	return db.One[Blob](ctx, q, `SELECT hash, media_type, size, content, created_at FROM blob WHERE hash = ?`, hash)
}
