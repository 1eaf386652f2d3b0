package measurement

import (
	"encoding/json"
	"maps"
	"testing"

	"pgregory.net/rapid"

	"ostoja/internal/course"
)

// Topics are the JSON that encoding/json would write, and say what was put in.
func TestTopicsAreJSON(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		percents := rapid.MapOf(rapid.SampledFrom(course.Topics), rapid.Float64Range(0, 100)).Draw(t, "percents")
		topics := TopicsOf(percents)
		var decoded map[string]float64
		if err := json.Unmarshal([]byte(topics), &decoded); err != nil || !maps.Equal(decoded, percents) {
			t.Fatalf("%s is %v, %v", topics, decoded, err)
		}
		if read := topics.percents(); !maps.Equal(read, percents) {
			t.Fatalf("%s is read as %v", topics, read)
		}
	})
	if read := Topics("").percents(); len(read) != 0 {
		t.Errorf("before there is a result there is %v", read)
	}
}

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
