package course

import (
	"strings"
	"testing"
	"time"

	"ostoja/internal/course/folder"
	"ostoja/internal/prose/prosetest"
)

// atTheBounds puts a text into paragraphs that are just not too heavy.
func atTheBounds(text func(n int) string) string {
	const paragraph, line = 1_900, 900
	var b strings.Builder
	for i, r := range []rune(text(paragraph)) {
		if b.WriteRune(r); i%line == line-1 {
			b.WriteByte('\n')
		}
	}
	return strings.Repeat(b.String()+"\n\n", 30)
}

// TestNoTextKeepsTheProgramBusy: a line of 100,000 brackets took 4 seconds, some other signs minutes. Each is now refused, or read in a time
// that grows with its length; also where it was published before it would have been refused.
func TestNoTextKeepsTheProgramBusy(t *testing.T) {
	const most = 3 * time.Second // it is 0.3 s for the longest; without bounds some take minutes
	for name, text := range prosetest.Texts {
		for _, source := range []string{atTheBounds(text), text(100_000)} {
			out := ""
			took := prosetest.Busy(t, func() {
				l := &loader{course: &Course{}, used: map[string]bool{}}
				l.checkMarkdown(folder.Place{File: "lessons/pl/x.md", Line: 1}, source)
				out = l.course.page("pl", "").HTML(source)
			})
			if took > most {
				t.Errorf("%s: %d characters took %s", name, len(source), took)
			}
			if len(out) > 20*len(source)+1000 {
				t.Errorf("%s: %d characters became %d", name, len(source), len(out))
			}
		}
	}
	l := &loader{course: &Course{}, used: map[string]bool{}}
	l.checkMarkdown(folder.Place{File: "lessons/pl/x.md", Line: 5}, "a\n\nb\n"+strings.Repeat("[", 100_000))
	if list := l.faults.List(); len(list) != 1 || list[0].Line != 8 || !strings.Contains(list[0].String(), "more than 2000 marks") {
		t.Errorf("%v", list)
	}
}
