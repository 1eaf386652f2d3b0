package blob_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"ostoja/internal/blob"
	"ostoja/internal/db"
	"ostoja/internal/db/dbtest"
	"ostoja/internal/errs"
)

var now = time.Date(2026, 11, 29, 9, 0, 0, 0, time.UTC)

func put(t *testing.T, d *db.DB, mediaType string, content []byte, at time.Time) string {
	t.Helper()
	var hash string
	err := d.Update(t.Context(), func(tx *db.Tx) (err error) {
		hash, err = blob.Put(t.Context(), tx, mediaType, content, at)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return hash
}

func TestAFileComesBackByItsHash(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		// The test vectors of FIPS 180-2: anyone can find a file's name with sha256sum.
		for text, want := range map[string]string{
			"abc": "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
			"":    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
		} {
			hash := put(t, d, "text/plain", []byte(text), now)
			b, err := blob.Get(t.Context(), d, hash)
			if err != nil || hash != want || b.Hash != want || string(b.Content) != text || b.Size != int64(len(text)) || b.MediaType != "text/plain" || !b.CreatedAt.Equal(now) {
				t.Errorf("%q: %s, %+v, %v", text, hash, b, err)
			}
		}
		bytesOfAll := make([]byte, 256)
		for i := range bytesOfAll {
			bytesOfAll[i] = byte(i)
		}
		if b, err := blob.Get(t.Context(), d, put(t, d, "x/y", bytesOfAll, now)); err != nil || !bytes.Equal(b.Content, bytesOfAll) {
			t.Errorf("bytes are altered on the way: %v, %v", b.Content, err)
		}
		if _, err := blob.Get(t.Context(), d, "0000"); !errors.Is(err, errs.ErrNotFound) {
			t.Errorf("a file that there is not: %v", err)
		}
	})
}

// The same content is one row, and the first to bring it decides: a later upload cannot make a picture of a page.
func TestTheSameFileIsKeptOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		first := put(t, d, "image/png", []byte("x"), now)
		if again := put(t, d, "text/html", []byte("x"), now.Add(time.Hour)); again != first {
			t.Errorf("%s and %s", first, again)
		}
		b, err := blob.Get(t.Context(), d, first)
		if err != nil || b.MediaType != "image/png" || !b.CreatedAt.Equal(now) {
			t.Errorf("%+v, %v", b, err)
		}
		if n, err := db.One[int](t.Context(), d, `SELECT COUNT(*) FROM blob`); n != 1 || err != nil {
			t.Errorf("%d rows, %v", n, err)
		}
	})
}

func TestAFileGoesWithItsTransaction(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		fail := errors.New("no")
		var hash string
		err := d.Update(t.Context(), func(tx *db.Tx) (err error) {
			if hash, err = blob.Put(t.Context(), tx, "a/b", []byte("x"), now); err != nil {
				return err
			}
			if _, err := blob.Get(t.Context(), tx, hash); err != nil {
				t.Errorf("not there within its transaction: %v", err)
			}
			return fail
		})
		if !errors.Is(err, fail) {
			t.Fatal(err)
		}
		if _, err := blob.Get(t.Context(), d, hash); !errors.Is(err, errs.ErrNotFound) {
			t.Errorf("it stayed: %v", err)
		}
		ended, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := blob.Get(ended, d, hash); err == nil || errors.Is(err, errs.ErrNotFound) {
			t.Errorf("a request that has ended is told that there is no such file: %v", err)
		}
	})
}

// TestTheSameFilesInAnyOrder: two who bring the same files at once, each in an order of its own, do not wait for each other for ever.
func TestTheSameFilesInAnyOrder(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		for round := range 20 {
			var files []blob.Blob
			for i := range 12 {
				files = append(files, blob.Blob{MediaType: "text/plain", Content: fmt.Appendf(nil, "%d of round %d", i, round)})
			}
			var both sync.WaitGroup
			for turn := range 2 {
				mine := slices.Clone(files)
				if turn == 1 {
					slices.Reverse(mine)
				}
				both.Go(func() {
					err := d.Update(t.Context(), func(tx *db.Tx) error {
						hashes, err := blob.PutAll(t.Context(), tx, mine, now)
						for i, h := range hashes {
							if b, err := blob.Get(t.Context(), tx, h); err != nil || !bytes.Equal(b.Content, mine[i].Content) {
								t.Errorf("%d: %q, %v", i, b.Content, err)
							}
						}
						return err
					})
					if err != nil {
						t.Error(err)
					}
				})
			}
			both.Wait()
		}
	})
}
