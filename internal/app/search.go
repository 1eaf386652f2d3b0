package app

import (
	"cmp"
	"context"
	"strings"

	"ostoja/internal/access"
	"ostoja/internal/certificate"
	"ostoja/internal/classroom"
	"ostoja/internal/classroom/overview"
	"ostoja/internal/desk"
	"ostoja/internal/finder"
	"ostoja/internal/guardian"
	"ostoja/internal/identity/people"
	"ostoja/internal/itembank"
	"ostoja/internal/list"
	"ostoja/internal/project"
	"ostoja/internal/site"
	"ostoja/internal/site/content"
)

// search puts together what can be looked for from every page. Each area finds among what the actor may read there: none of these adds a
// right or takes one away.
func (a *App) search() *finder.Finder {
	return finder.New(
		finder.Source{Kind: "people", List: "/app/people", May: has(access.PeopleRead), Find: a.findPeople},
		finder.Source{Kind: "certificates", May: has(access.PeopleRead), Find: a.findCertificates},
		finder.Source{Kind: "trainings", List: "/app/trainings", May: has(access.TrainingsRead), Find: a.findTrainings},
		finder.Source{Kind: "courses", List: "/app/desk", May: has(access.DeskRead), Find: a.findCourses},
		finder.Source{Kind: "authoring", List: "/app/authoring", May: has(access.CoursesRead), Find: a.findVersions},
		finder.Source{Kind: "offers", May: isLearner, Find: a.findOffers},
		finder.Source{Kind: "articles", List: "/app/site", May: has(access.SiteRead), Find: a.findArticles},
		finder.Source{Kind: "items", List: "/app/bank", May: has(access.ItemsRead), Find: a.findItems},
		finder.Source{Kind: "projects", List: "/app/projects", May: has(access.ProjectsRead), Find: a.findProjects},
		finder.Source{Kind: "guardians", List: "/app/guardians", May: has(access.GuardiansRead), Find: a.findGuardians},
	)
}

func has(p access.Permission) func(access.Actor) bool {
	return func(a access.Actor) bool { return a.Has(p) }
}

// isLearner holds for who takes courses and sees them from no other side.
func isLearner(a access.Actor) bool {
	return a.Has(access.Learn) && !a.Has(access.DeskRead) && !a.Has(access.CoursesRead)
}

// first is the window of what is shown at once.
func first(q finder.Question) list.Window { return list.Window{Page: 1, Size: q.Most} }

// among finds the rows of a list in memory whose text has all the words.
func among[T any](rows []T, q finder.Question, words func(T) string, hit func(T) finder.Hit) (out []finder.Hit) {
	chosen := list.Table[T]{Text: words}.Choose(rows, list.Query{Search: q.Words})
	for _, x := range list.Cut(chosen, first(q)) {
		out = append(out, hit(x))
	}
	return out
}

// hits makes an answer of what an area found by itself.
func hits[T any](rows []T, err error, hit func(T) finder.Hit) (out []finder.Hit, _ error) {
	for _, x := range rows {
		out = append(out, hit(x))
	}
	return out, err
}

func (a *App) findPeople(ctx context.Context, actor access.Actor, q finder.Question) ([]finder.Hit, error) {
	found, err := a.People.First(ctx, actor, people.Filter{Text: q.Words, Window: first(q)})
	return hits(found, err, func(p people.Row) finder.Hit {
		unit := p.UnitName
		if p.Organisation != unit {
			unit += ", " + p.Organisation
		}
		return finder.Hit{Title: p.Name(), Href: "/app/people/" + p.ID, Note: joined(unit, cmp.Or(p.Mail, p.ServiceNumber))}
	})
}

func (a *App) findCertificates(ctx context.Context, actor access.Actor, q finder.Question) ([]finder.Hit, error) {
	found, err := a.Certs.Find(ctx, actor, q.Words, q.Most)
	now := a.clock.Now()
	return hits(found, err, func(c certificate.Certificate) finder.Hit {
		return finder.Hit{
			Title: c.Number + " " + c.Holder, Href: "/app/certificates/" + c.ID + "/pdf", Note: c.Title, Day: c.IssuedAt, State: "certificate.status-" + string(c.Status(now)),
		}
	})
}

func (a *App) findTrainings(ctx context.Context, actor access.Actor, q finder.Question) ([]finder.Hit, error) {
	found, _, err := a.Overview.List(ctx, actor, overview.Filter{Text: q.Words, Window: first(q)})
	now := a.clock.Now()
	return hits(found, err, func(t overview.Row) finder.Hit {
		h := finder.Hit{Title: t.Title, Href: "/app/trainings/" + t.ID, Note: t.Place, Day: t.HeldFrom}
		if s := t.State(now); s != classroom.Planned {
			h.State = "classroom.state." + string(s)
		}
		return h
	})
}

func (a *App) findCourses(ctx context.Context, _ access.Actor, q finder.Question) ([]finder.Hit, error) {
	courses, err := desk.CoursesOf(a.Courses).All(ctx)
	words := func(c desk.Course) string { return c.Title.In(q.Lang) }
	return among(courses, q, words, func(c desk.Course) finder.Hit {
		return finder.Hit{Title: c.Title.In(q.Lang), Href: "/app/desk/" + c.ID}
	}), err
}

func (a *App) findVersions(ctx context.Context, _ access.Actor, q finder.Question) ([]finder.Hit, error) {
	entries, err := a.Courses.List(ctx)
	if err != nil {
		return nil, err
	}
	type course struct{ id, title, label string }
	var all []course
	for _, e := range entries {
		v, err := a.Courses.Version(ctx, e.CurrentVersionID)
		if err != nil {
			return nil, err
		}
		all = append(all, course{e.ID, v.Title.In(q.Lang), v.Version})
	}
	return among(all, q, func(c course) string { return c.title + "\n" + c.id }, func(c course) finder.Hit {
		return finder.Hit{Title: c.title, Href: "/app/authoring/" + c.id, Note: c.label}
	}), nil
}

func (a *App) findOffers(ctx context.Context, actor access.Actor, q finder.Question) ([]finder.Hit, error) {
	offers, err := a.Learning.Offers(ctx, actor)
	if err != nil {
		return nil, err
	}
	type course struct{ id, title string }
	var all []course
	for _, o := range offers {
		all = append(all, course{o.Course.ID, o.Course.Title.In(q.Lang)})
	}
	return among(all, q, func(c course) string { return c.title }, func(c course) finder.Hit {
		return finder.Hit{Title: c.title, Href: "/app/courses/" + c.id}
	}), nil
}

func (a *App) findArticles(ctx context.Context, actor access.Actor, q finder.Question) ([]finder.Hit, error) {
	articles, err := a.Site.Articles(ctx, actor)
	return among(articles, q, articleWords, func(o site.Overview) finder.Hit {
		return finder.Hit{Title: articleTitle(o, q.Lang), Href: "/app/site/articles/" + o.ID, State: "site.kinds." + string(o.Kind)}
	}), err
}

// articleWords are what an article is found by here; what stands in its text is for the site's own list.
func articleWords(o site.Overview) string {
	words := []string{o.ID}
	for _, s := range o.Languages {
		for _, t := range []*content.Text{s.Published, s.Open} {
			if t != nil {
				words = append(words, t.Title, t.Summary)
			}
		}
	}
	return strings.Join(words, "\n")
}

func articleTitle(o site.Overview, tag string) string {
	for _, want := range []string{tag, o.SourceLang} {
		for _, s := range o.Languages {
			if t := cmp.Or(s.Open, s.Published); t != nil && s.Lang == want && t.Title != "" {
				return t.Title
			}
		}
	}
	return o.ID
}

func (a *App) findItems(ctx context.Context, actor access.Actor, q finder.Question) ([]finder.Hit, error) {
	found, _, err := a.Bank.Items(ctx, actor, itembank.ItemFilter{Search: q.Words}, 1, q.Most)
	return hits(found, err, func(v itembank.Version) finder.Hit {
		return finder.Hit{Title: v.Code, Href: "/app/bank/items/" + v.ItemID, Note: v.Objective}
	})
}

func (a *App) findProjects(ctx context.Context, actor access.Actor, q finder.Question) ([]finder.Hit, error) {
	projects, err := a.Projects.List(ctx, actor)
	words := func(p project.Project) string {
		return strings.Join([]string{p.Name, p.Short, p.Number, p.Document}, "\n")
	}
	return among(projects, q, words, func(p project.Project) finder.Hit {
		return finder.Hit{Title: p.Name, Href: project.Path(p.ID), Note: joined(p.Number, p.Unit)}
	}), err
}

func (a *App) findGuardians(ctx context.Context, actor access.Actor, q finder.Question) ([]finder.Hit, error) {
	found, _, err := a.Guardians.List(ctx, actor, guardian.Filter{Text: q.Words, Window: first(q)})
	return hits(found, err, func(g guardian.Row) finder.Hit {
		return finder.Hit{Title: g.Name, Href: "/app/guardians/entries/" + g.ID, Note: strings.Join(g.Courts, ", "), State: "guardian.state." + string(g.State)}
	})
}

// joined puts two texts side by side, of which one may be missing.
func joined(a, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	return a + " · " + b
}
