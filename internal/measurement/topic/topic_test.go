package topic_test

import (
	"encoding/json"
	"maps"
	"testing"

	"pgregory.net/rapid"

	"ostoja/internal/course"
	"ostoja/internal/measurement/topic"
)

// Percents are the JSON that encoding/json would write, and say what was put in.
func TestPercentsAreJSON(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		percents := rapid.MapOf(rapid.SampledFrom(course.Topics), rapid.Float64Range(0, 100)).Draw(t, "percents")
		topics := topic.Of(percents)
		var decoded map[string]float64
		if err := json.Unmarshal([]byte(topics), &decoded); err != nil || !maps.Equal(decoded, percents) {
			t.Fatalf("%s is %v, %v", topics, decoded, err)
		}
		if read := topics.Map(); !maps.Equal(read, percents) {
			t.Fatalf("%s is read as %v", topics, read)
		}
	})
	if read := topic.Percents("").Map(); len(read) != 0 {
		t.Errorf("before there is a result there is %v", read)
	}
}
