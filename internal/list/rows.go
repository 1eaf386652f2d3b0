package list

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"ostoja/internal/text"
)

// Table says how rows in memory are searched, filtered and sorted. It suits what is read whole anyway, up to some thousands
// of rows.
type Table[T any] struct {
	Text    func(T) string                        // what the search looks into
	Sorts   map[string]func(T) any                // by the order's name: a string, int, int64, float64, bool, time.Time or nil
	Filters map[string]func(row T, v string) bool // by the filter's name
}

// Choose returns the rows that match, in the order that was asked for. Without an order they stay as they are; equal ones do
// so in any order, so that pages never overlap.
func (t Table[T]) Choose(rows []T, q Query) []T {
	words := strings.Fields(text.Search(q.Search))
	var chosen []T
	for _, r := range rows {
		if t.matches(r, q.Filters) && t.found(r, words) {
			chosen = append(chosen, r)
		}
	}
	key := t.Sorts[q.Sort]
	if key == nil {
		if q.Desc {
			slices.Reverse(chosen)
		}
		return chosen
	}
	return sorted(chosen, key, q.Desc)
}

func (t Table[T]) matches(row T, filters map[string]string) bool {
	for name, value := range filters {
		if match := t.Filters[name]; match != nil && !match(row, value) {
			return false
		}
	}
	return true
}

func (t Table[T]) found(row T, words []string) bool {
	if len(words) == 0 || t.Text == nil {
		return true
	}
	said := text.Search(t.Text(row))
	return !slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(said, w) })
}

// sorted sorts by keys that are made once for each row: a collation key costs more than comparing two.
func sorted[T any](rows []T, key func(T) any, desc bool) []T {
	type keyed struct {
		row  T
		kind int
		n    float64
		text string
	}
	list := make([]keyed, len(rows))
	for i, r := range rows {
		k := keyed{row: r}
		switch v := key(r).(type) {
		case nil:
			k.kind = 1
		case string:
			if k.text = text.SortKey(v); v == "" {
				k.kind = 1
			}
		default:
			if k.n, k.kind = number(v); k.kind != 0 {
				k.kind = 1
			}
		}
		list[i] = k
	}
	slices.SortStableFunc(list, func(a, b keyed) int {
		if a.kind != b.kind { // what has no value comes last, whichever the direction
			return cmp.Compare(a.kind, b.kind)
		}
		order := cmp.Or(cmp.Compare(a.n, b.n), cmp.Compare(a.text, b.text))
		if desc {
			return -order
		}
		return order
	})
	for i, k := range list {
		rows[i] = k.row
	}
	return rows
}

// number returns a value by which the kinds that are not texts compare; absent is 1 for one that is not there.
func number(v any) (n float64, absent int) {
	switch v := v.(type) {
	case int:
		return float64(v), 0
	case int64:
		return float64(v), 0
	case float64:
		return v, 0
	case bool:
		if v {
			return 1, 0
		}
		return 0, 0
	case time.Time:
		if v.IsZero() {
			return 0, 1
		}
		return float64(v.UnixMicro()), 0 // exact until the year 2255
	}
	return 0, 1
}

// Cut returns the rows of the page.
func Cut[T any](rows []T, w Window) []T {
	if w.Size <= 0 {
		return rows
	}
	from := min(w.Offset(), len(rows))
	return rows[from:min(from+w.Size, len(rows))]
}
