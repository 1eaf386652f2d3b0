package access

import "maps"

// publicationRoutes is the part of [Routes] about publications.
var publicationRoutes = map[string]Need{
	// Publications: who reads an office's projects reads its stock; who keeps projects for a unit may order what an office lets be ordered.
	"GET /app/publications":                      with(ProjectsRead),
	"GET /app/publications/new":                  with(ProjectsWrite),
	"POST /app/publications/new":                 with(ProjectsWrite),
	"GET /app/publication-places":                with(ProjectsRead),
	"POST /app/publication-places":               with(ProjectsWrite),
	"GET /app/publication-orders":                with(ProjectsRead),
	"GET /app/publication-orders/{order}":        with(ProjectsRead),
	"POST /app/publication-orders/{order}":       with(ProjectsWrite),
	"GET /app/publications/{publication}":        with(ProjectsRead),
	"POST /app/publications/{publication}":       with(ProjectsWrite),
	"GET /app/publications/{publication}/edit":   with(ProjectsWrite),
	"POST /app/publications/{publication}/edit":  with(ProjectsWrite),
	"GET /app/publications/{publication}/print":  with(ProjectsWrite),
	"POST /app/publications/{publication}/print": with(ProjectsWrite),
	"GET /app/publications/{publication}/move":   with(ProjectsWrite),
	"POST /app/publications/{publication}/move":  with(ProjectsWrite),
	"GET /app/publications/{publication}/order":  with(ProjectsWrite),
	"POST /app/publications/{publication}/order": with(ProjectsWrite),
}

// joined puts the parts of the table together; each pattern is in one of them alone, which the test of routes sees by its count.
func joined(parts ...map[string]Need) map[string]Need {
	all := map[string]Need{}
	for _, p := range parts {
		maps.Copy(all, p)
	}
	return all
}
