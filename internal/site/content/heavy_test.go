package content

import (
	"testing"
	"time"

	"ostoja/internal/prose/prosetest"
)

// Articles of the public site are read as lessons are: what would keep the program busy is refused before it is read, and a draft of it is
// shown as plain text.
func TestNoArticleKeepsTheProgramBusy(t *testing.T) {
	const most = 3 * time.Second // as in package course
	r := rendering(t)
	for name, text := range prosetest.Texts {
		source := text(100_000)
		took := prosetest.Busy(t, func() {
			_ = checkBody(source, References{Revealing: func(string) string { return "" }})
			_ = r.prose(source)
		})
		if took > most {
			t.Errorf("%s: %d characters took %s", name, len(source), took)
		}
	}
}
