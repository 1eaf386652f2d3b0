package access

// publicationRoutes is the part of [Routes] about publications, and the office's year.
var publicationRoutes = map[string]Need{
	// Publications: who reads an office's projects reads its stock; who keeps projects for a unit may order what an office lets be ordered.
	"GET /app/year":                              with(ProjectsRead), // the whole office's: the service asks for the right everywhere
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
