// Package blob keeps files in the database, named by their content: a file that is there twice is stored once, and a
// transaction that refers to one cannot come without it. One database is one backup.
//
// Goals: a file's name proves its content, so that pages may be kept for ever and a copy can be checked with sha256sum; no
// file is lost between a database and a folder beside it. Limits: a file is in memory as a whole, so what is large is split or
// kept small by who takes it in; the media type is that of the first who brought the content, whatever another says of it, and
// who serves a file decides what a browser may do with it; a file goes only when nobody refers to it any more ([Drop]), for several
// rows may.
package blob

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"slices"
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

// Put stores content and returns its hash. Content that is there already stays as it is, its media type and time too.
func Put(ctx context.Context, tx *db.Tx, mediaType string, content []byte, now time.Time) (hash string, err error) {
	defer errs.Wrap(&err, "blob.Put(%d bytes)", len(content))
	sum := sha256.Sum256(content)
	hash = hex.EncodeToString(sum[:])
	return hash, db.Exec(ctx, tx, `
		INSERT INTO blob (hash, media_type, size, content, created_at) VALUES (?, ?, ?, ?, ?)
		ON CONFLICT (hash) DO NOTHING`, hash, mediaType, len(content), content, now)
}

// PutAll puts several files and returns their hashes. They are written in an order that all share: two transactions that bring the
// same files in different orders would wait for each other on PostgreSQL, until it ends one of them.
func PutAll(ctx context.Context, tx *db.Tx, files []Blob, now time.Time) (hashes []string, err error) {
	defer errs.Wrap(&err, "blob.PutAll(%d files)", len(files))
	order := make([]int, len(files))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(i, j int) int { return bytes.Compare(files[i].Content, files[j].Content) })
	hashes = make([]string, len(files))
	for _, i := range order {
		if hashes[i], err = Put(ctx, tx, files[i].MediaType, files[i].Content, now); err != nil {
			return nil, err
		}
	}
	return hashes, nil
}

// Get returns the file with a hash.
func Get(ctx context.Context, q db.Querier, hash string) (_ Blob, err error) {
	defer errs.Wrap(&err, "blob.Get(%s)", hash)
	return db.One[Blob](ctx, q, `SELECT hash, media_type, size, content, created_at FROM blob WHERE hash = ?`, hash)
}

// Drop removes the file with a hash if no row refers to it any more: the view blob_used lists who may.
func Drop(ctx context.Context, tx *db.Tx, hash string) (err error) {
	defer errs.Wrap(&err, "blob.Drop(%s)", hash)
	return db.Exec(ctx, tx, `DELETE FROM blob WHERE hash = ? AND NOT EXISTS (SELECT 1 FROM blob_used u WHERE u.hash = blob.hash)`, hash)
}
