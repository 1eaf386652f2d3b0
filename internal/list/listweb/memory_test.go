package listweb

import (
	"runtime/debug"
	"testing"
)

// growth returns what is set now.
func growth() int {
	now := debug.SetGCPercent(100)
	debug.SetGCPercent(now)
	return now
}

func TestGarbageIsKeptSmallWhileFilesAreMade(t *testing.T) {
	for _, c := range []struct {
		name          string
		usual, making int
	}{{"as the program sets it", 200, 25}, {"already smaller", 10, 10}, {"bounded by memory alone", -1, -1}} {
		t.Run(c.name, func(t *testing.T) {
			defer debug.SetGCPercent(debug.SetGCPercent(c.usual))
			first := spareMemory()
			second := spareMemory()
			if got := growth(); got != c.making {
				t.Errorf("%d while two files are made, want %d", got, c.making)
			}
			first()
			if got := growth(); got != c.making {
				t.Errorf("%d while the second is made, want %d", got, c.making)
			}
			second()
			if got := growth(); got != c.usual {
				t.Errorf("%d afterwards, want %d", got, c.usual)
			}
		})
	}
}
