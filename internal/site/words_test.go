package site

import "testing"

// What a reader is protected from is found however the language joins words: in Arabic the article and short words such as
// "and", "for" and "with" are written together with the next one.
func TestTellTaleWordsAreFound(t *testing.T) {
	arabic := []string{"ضحاي", "عنف", "شرطة"}
	for _, c := range []struct {
		tab   string
		words []string
		want  string
	}{
		{"ضحايا", arabic, "ضحاي"},
		{"الضحايا", arabic, "ضحاي"},
		{"كلمات عن الضحايا", arabic, "ضحاي"},
		{"الأسرة والعنف", arabic, "عنف"},
		{"معلومات للضحايا", arabic, "ضحاي"},
		{"رقم بالشرطة", arabic, "شرطة"},
		{"الجيران والأصدقاء", arabic, ""},
		{"العمل وأشرطة الفيديو", arabic, ""}, // "tapes": the letters stand inside another word
		{"O wyzyskiwaniu", []string{"wyzysk"}, "wyzysk"},
		{"Niewyzyskany urlop", []string{"wyzysk"}, ""},
		{"Số của cảnh sát", []string{"cảnh sát"}, "cảnh sát"},
	} {
		if got := forbiddenIn(c.tab, c.words); got != c.want {
			t.Errorf("%q: found %q, want %q", c.tab, got, c.want)
		}
	}
}
