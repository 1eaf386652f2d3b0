package ui

import (
	"context"

	"ostoja/internal/lang"
)

// markWord says a mark in words, so that no mark is told by colour alone.
func markWord(ctx context.Context, m Verdict) string {
	switch m {
	case Right:
		return lang.T(ctx, "ui.right")
	case Partly:
		return lang.T(ctx, "ui.partly")
	case Wrong:
		return lang.T(ctx, "ui.wrong")
	}
	return ""
}

func choiceType(multiple bool) string {
	if multiple {
		return "checkbox"
	}
	return "radio"
}

// questionChoiceID returns the id of the i-th option. The first has the field's own id, so that an error summary leads to it.
func questionChoiceID(q Question, i int) string {
	if i == 0 {
		return q.id()
	}
	return choiceID(FieldID(q.Name), i)
}
