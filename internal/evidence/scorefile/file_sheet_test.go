package scorefile_test

import (
	"bytes"
	"testing"

	"ostoja/internal/evidence/scorefile"
	"ostoja/internal/gain"
	"ostoja/internal/sheet"
)

// A table that Ostoja writes for Excel in Poland is one that `ostoja gain` reads.
func TestGainReadsWhatSheetsWrite(t *testing.T) {
	var b bytes.Buffer
	rows := [][]any{{"a", 300.0 / 7, 71.5, nil}, {"b", 40, 75.0, 66.666}, {"c", 0.0, 100.0, 50.0}}
	if err := sheet.Write(&b, sheet.CSV, "x", []string{"person", "pre", "post", "later"}, sheet.Of(rows)); err != nil {
		t.Fatal(err)
	}
	f, err := scorefile.ReadFile(&b, scorefile.Unsaid)
	if err != nil || len(f.Scores) != 3 {
		t.Fatalf("%+v, %v", f, err)
	}
	if x := f.Scores[0]; x.Pre != 42.86 || x.Post != 71.5 || !gain.IsMissing(x.Later) {
		t.Errorf("%+v", x)
	}
	if x := f.Scores[1]; x.Pre != 40 || x.Post != 75 || x.Later != 66.67 {
		t.Errorf("%+v", x)
	}
}
