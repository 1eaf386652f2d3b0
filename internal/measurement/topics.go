package measurement

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// FormatTopics writes per cent by topic as participant rows keep it: "identify=62.5 law=100", sorted. The report reads tens
// of thousands of these, for which JSON is ten times slower.
func FormatTopics(topics map[string]float64) string {
	var b strings.Builder
	for i, topic := range slices.Sorted(maps.Keys(topics)) {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(topic + "=" + strconv.FormatFloat(topics[topic], 'f', -1, 64))
	}
	return b.String()
}

// EachTopic calls fn with the topics that FormatTopics wrote. What cannot be read is left out.
func EachTopic(text string, fn func(topic string, percent float64)) {
	for text != "" {
		var one string
		one, text, _ = strings.Cut(text, " ")
		topic, number, _ := strings.Cut(one, "=")
		if x, err := strconv.ParseFloat(number, 64); err == nil {
			fn(topic, x)
		}
	}
}

func parseTopics(text string) map[string]float64 {
	topics := map[string]float64{}
	EachTopic(text, func(topic string, percent float64) { topics[topic] = percent })
	return topics
}

// sortedByLoss returns the topics that lost [fadedBy] or more, the greatest loss first.
func sortedByLoss(after, later map[string]float64) []string {
	var list []string
	for topic, x := range after {
		if y, sat := later[topic]; sat && x-y >= fadedBy {
			list = append(list, topic)
		}
	}
	slices.SortFunc(list, func(a, b string) int {
		return cmp.Or(cmp.Compare(after[b]-later[b], after[a]-later[a]), strings.Compare(a, b))
	})
	return list
}
