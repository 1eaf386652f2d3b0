package courseweb

import (
	"context"
	"net/http"

	"github.com/a-h/templ"

	"ostoja/internal/course/folder"
	"ostoja/internal/course/published"
	"ostoja/internal/lang"
	"ostoja/internal/list/listweb"
	"ostoja/internal/sheet"
	"ostoja/internal/ui"
)

// shownIn returns the language in which a course is named in a list.
func shownIn(ctx context.Context, c *published.Course) string {
	if tag := lang.From(ctx).Tag(); c.HasLanguage(tag) {
		return tag
	}
	return c.Languages[0]
}

func (h *Pages) courseList(r *http.Request, courses []listed) listweb.Of[listed] {
	p, ctx := lang.From(r.Context()), r.Context()
	return listweb.Of[listed]{
		Name: "courses", Title: p.T("authoring.courses"), Path: "/app/authoring", Query: r.URL.Query(), Now: h.site.Clock.Now(), Rows: courses, Search: p.T("authoring.search"),
		Empty: listweb.Empty{Title: p.T("authoring.empty"), Text: p.T("authoring.empty-text")},
		Columns: []listweb.Column[listed]{
			{
				Label: p.T("authoring.course"), Sort: "course", Place: listweb.Head, Value: func(x listed) any { return x.Current.Title.In(shownIn(ctx, x.Current)) },
				Link: func(x listed) string { return "/app/authoring/" + x.ID },
			},
			{Label: p.T("authoring.version"), Place: listweb.Away, Value: func(x listed) any { return p.Int(x.Current.Number) + " (" + x.Current.Version + ")" }},
			{Label: p.T("authoring.published"), Sort: "published", Value: func(x listed) any { return sheet.Day(x.Current.PublishedAt.In(p.Zone())) }},
			{
				Label: p.T("authoring.access"), Sort: "access", Place: listweb.Chip, Value: func(x listed) any { return p.T(openKey(x)) },
				Kind: func(x listed) ui.Kind { return openKind(x) },
			},
		},
	}
}

func openKey(c listed) string {
	if c.InCatalogue {
		return "authoring.open"
	}
	return "authoring.invited"
}

func openKind(c listed) ui.Kind {
	if c.InCatalogue {
		return ui.Success
	}
	return ui.Plain
}

// faultList names what is wrong with an uploaded folder. The faults are for authors and in English, as on the command line;
// they are the answer to the upload and have no address of their own, so that they are neither sorted nor sent as a file.
func (h *Pages) faultList(r *http.Request, faults []folder.Fault) listweb.Of[folder.Fault] {
	p := lang.From(r.Context())
	return listweb.Of[folder.Fault]{
		Title: p.N("authoring.faults", len(faults)), Now: h.site.Clock.Now(), Rows: faults, Size: len(faults), Once: true,
		Columns: []listweb.Column[folder.Fault]{
			{Label: p.T("authoring.file"), Place: listweb.Head, Value: func(x folder.Fault) any { return x.File }},
			{Label: p.T("authoring.line"), Numeric: true, Place: listweb.Figure, Value: func(x folder.Fault) any {
				if x.Line == 0 {
					return nil
				}
				return x.Line
			}},
			{Label: p.T("authoring.fault"), Show: func(x folder.Fault) templ.Component { return english(x.Message) }, Value: func(x folder.Fault) any { return x.Message }},
			{Label: p.T("authoring.hint"), Show: func(x folder.Fault) templ.Component { return english(x.Hint) }, Value: func(x folder.Fault) any { return x.Hint }},
		},
	}
}

func (h *Pages) versionList(r *http.Request, c listed, versions []published.Version) listweb.Of[published.Version] {
	p := lang.From(r.Context())
	return listweb.Of[published.Version]{
		Name: c.ID + "-versions", Title: p.T("authoring.versions"), Path: "/app/authoring/" + c.ID, Query: r.URL.Query(), Now: h.site.Clock.Now(), Rows: versions,
		Columns: []listweb.Column[published.Version]{
			{Label: p.T("authoring.number"), Sort: "number", Numeric: true, Place: listweb.Figure, Value: func(x published.Version) any { return x.Number }},
			{Label: p.T("authoring.label"), Sort: "label", Place: listweb.Head, Value: func(x published.Version) any { return x.Label }},
			{Label: p.T("authoring.published"), Sort: "published", Value: func(x published.Version) any { return x.PublishedAt.In(p.Zone()) }},
			{
				Label: p.T("authoring.state"), Place: listweb.Chip, Kind: func(published.Version) ui.Kind { return ui.Success },
				Value: func(x published.Version) any {
					if x.ID == c.CurrentVersionID {
						return p.T("authoring.current")
					}
					return ""
				},
			},
		},
	}
}
