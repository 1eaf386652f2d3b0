package backup

import (
	"bytes"
	"errors"
	"io"
	"testing"
	"testing/iotest"
)

// What follows the end of a backup is read to its own end, however long it is.
func TestNothingButZerosFollowsABackup(t *testing.T) {
	long := bytes.Repeat([]byte{0}, 5<<10)
	fault := errors.New("torn off")
	for name, c := range map[string]struct {
		rest io.Reader
		ok   bool
	}{
		"nothing":              {bytes.NewReader(nil), true},
		"zeros":                {bytes.NewReader(long), true},
		"zeros, one at a time": {iotest.OneByteReader(bytes.NewReader(long)), true},
		"more behind zeros":    {io.MultiReader(bytes.NewReader(long), bytes.NewReader([]byte("x"))), false},
		"a fault behind zeros": {io.MultiReader(bytes.NewReader(long), iotest.ErrReader(fault)), false},
	} {
		if err := zeros(c.rest); (err == nil) != c.ok {
			t.Errorf("%s: %v", name, err)
		}
	}
}
