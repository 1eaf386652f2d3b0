package measurement

import "testing"

// Each wave has its columns, and no two waves share one.
func TestEachWaveHasColumns(t *testing.T) {
	met := map[string]bool{"": true}
	for _, w := range Waves {
		for _, of := range []string{"state", "percent", "topics", "use"} {
			name := w.column(of)
			if met[name] {
				t.Errorf("%s: another wave has %s", w, name)
			}
			met[name] = true
		}
	}
	if name := Months3.column("use"); name != "months3_use" {
		t.Errorf("the column of the schema is called %s", name)
	}
}
