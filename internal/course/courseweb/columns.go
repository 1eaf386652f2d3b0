package courseweb

import (
	"context"

	"ostoja/internal/course"
	"ostoja/internal/lang"
	"ostoja/internal/ui"
)

func columns(ctx context.Context, keys ...string) []ui.Column {
	list := make([]ui.Column, len(keys))
	for i, key := range keys {
		list[i] = ui.Column{Label: lang.From(ctx).T("authoring." + key)}
	}
	return list
}

func listColumns(ctx context.Context) []ui.Column {
	return columns(ctx, "course", "version", "published", "access")
}

func faultColumns(ctx context.Context) []ui.Column {
	return columns(ctx, "file", "line", "fault", "hint")
}

func versionColumns(ctx context.Context) []ui.Column {
	return columns(ctx, "number", "label", "published")
}

// shownIn returns the language in which a course is named in a list.
func shownIn(ctx context.Context, c *course.Published) string {
	if tag := lang.From(ctx).Tag(); c.HasLanguage(tag) {
		return tag
	}
	return c.Languages[0]
}
