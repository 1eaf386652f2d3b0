package measurement

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// Topics is per cent by topic as participant rows keep it: a JSON object, or "" before there is a result. It stays text until
// somebody asks, since the report reads tens of thousands of these, for which encoding/json is ten times slower. Topics are named
// as in [course.Topics]: no name needs an escape.
type Topics string

// TopicsOf writes per cent by topic, sorted.
func TopicsOf(percents map[string]float64) Topics {
	var b strings.Builder
	for i, topic := range slices.Sorted(maps.Keys(percents)) {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(`"` + topic + `":` + strconv.FormatFloat(percents[topic], 'f', -1, 64))
	}
	return Topics("{" + b.String() + "}")
}

// Each calls fn with each topic. What [TopicsOf] did not write is left out.
func (t Topics) Each(fn func(topic string, percent float64)) {
	text := strings.TrimSuffix(strings.TrimPrefix(string(t), "{"), "}")
	for text != "" {
		var one string
		one, text, _ = strings.Cut(text, ",")
		topic, number, _ := strings.Cut(one, ":")
		if x, err := strconv.ParseFloat(number, 64); err == nil {
			fn(strings.Trim(topic, `"`), x)
		}
	}
}

func (t Topics) percents() map[string]float64 {
	byTopic := map[string]float64{}
	t.Each(func(topic string, percent float64) { byTopic[topic] = percent })
	return byTopic
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
