// Package quiztest makes the forms of attempts as pages do, for the tests of areas that take them.
package quiztest

import (
	"maps"
	"strings"

	"ostoja/internal/quiz"
)

// After returns a form that was filled with the answers of an earlier one, and says so: see [quiz.SeenName].
func After(before, form map[string][]string) map[string][]string {
	byItem := map[string]map[string][]string{}
	for name, values := range before {
		parts := strings.SplitN(name, ".", 3)
		if parts[0] != "item" {
			continue
		}
		field := strings.Join(parts[:2], ".")
		if byItem[field] == nil {
			byItem[field] = map[string][]string{}
		}
		byItem[field][name] = values
	}
	out := maps.Clone(form)
	for field, fields := range byItem {
		out[quiz.SeenName(field)] = []string{quiz.Seen(fields)}
	}
	return out
}
