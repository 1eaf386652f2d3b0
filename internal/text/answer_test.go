package text_test

import (
	"testing"

	"ostoja/internal/text"
)

func TestAnswer(t *testing.T) {
	for in, want := range map[string]string{"  Zażółć GĘŚLĄ  Jaźń. ": "zazolc gesla jazn", "Straße": "straße", "ВІЙСЬКО": "віисько", "": ""} {
		if got := text.Answer(in); got != want {
			t.Errorf("text.Answer(%q) = %q, want %q", in, got, want)
		}
	}
}
