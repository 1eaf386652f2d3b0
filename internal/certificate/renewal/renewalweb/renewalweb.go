// Package renewalweb shows the certificates that end soon, of people within the reader's reach, and leads to enrolling their holders anew.
//
// Goals: the list that a coordinator's letter leads to, with its file. Limits: enrolling is the desk's page, which this list only opens with
// people chosen.
package renewalweb

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"ostoja/internal/access"
	"ostoja/internal/certificate/renewal"
	"ostoja/internal/expiry"
	"ostoja/internal/lang"
	"ostoja/internal/list/listweb"
	"ostoja/internal/sheet"
	"ostoja/internal/ui"
	"ostoja/internal/web"
)

// Pages are the pages.
type Pages struct {
	Site    *web.Site
	Service *renewal.Service
}

// Routes registers the pages.
func (h *Pages) Routes(m *web.Mux) {
	m.Handle("GET /app/certificates/ending", h.ending)
}

type row = renewal.Ending

func (h *Pages) ending(w http.ResponseWriter, r *http.Request) error {
	ctx, actor := r.Context(), web.Actor(r.Context())
	rows, err := h.Service.Within(ctx, actor, expiry.Notices[0])
	if err != nil {
		return err
	}
	l := h.list(r, rows)
	if l.Wanted() {
		return l.Send(w, r)
	}
	shown, err := l.Open(ctx)
	if err != nil {
		return err
	}
	return web.Show(w, r, web.View{Title: lang.T(ctx, "renewal.title"), Nav: "desk", Wide: true}, endingPage(shown, l.Pick == nil && shown.Total > 0 && actor.Has(access.DeskWrite)))
}

func (h *Pages) list(r *http.Request, rows []row) listweb.Of[row] {
	p, actor, now := lang.From(r.Context()), web.Actor(r.Context()), h.Service.Clock.Now()
	titles := map[string]string{}
	for _, x := range rows {
		titles[x.CourseID] = x.Title
	}
	var courses, days []ui.Option
	for id, title := range titles {
		courses = append(courses, ui.Option{Value: id, Label: title})
	}
	slices.SortFunc(courses, func(a, b ui.Option) int { return strings.Compare(a.Label+a.Value, b.Label+b.Value) })
	for _, n := range expiry.Notices {
		days = append(days, ui.Option{Value: strconv.Itoa(n), Label: p.N("renewal.days", n)})
	}
	all := []ui.Option{{Label: p.T("desk.all")}}
	l := listweb.Of[row]{
		Name: "ending", Title: p.T("renewal.title"), Path: "/app/certificates/ending", Query: r.URL.Query(), Now: now, Rows: rows, Search: p.T("desk.filter-search"),
		Filters: []listweb.Filter[row]{
			{Name: "course", Label: p.T("desk.course"), Options: append(all, courses...), Match: func(x row, v string) bool { return x.CourseID == v }},
			{Name: "days", Label: p.T("renewal.until"), Options: append(all, days...), Match: func(x row, v string) bool {
				n, err := strconv.Atoi(v)
				return err == nil && x.Left <= n
			}},
		},
		Empty: listweb.Empty{Title: p.T("renewal.empty"), Text: p.T("renewal.empty-text")},
		Columns: []listweb.Column[row]{
			{Label: p.T("desk.name"), Sort: "name", Place: listweb.Head, Value: func(x row) any { return x.FamilyName + " " + x.GivenName }, Link: func(x row) string { return "/app/people/" + x.PersonID }},
			{Label: p.T("desk.unit"), Sort: "unit", Value: func(x row) any { return x.Unit }},
			{Label: p.T("renewal.of"), Sort: "title", Place: listweb.Away, Value: func(x row) any { return x.Title }},
			{Label: p.T("desk.certificate"), Place: listweb.Away, Value: func(x row) any { return x.Number }},
			{
				Label: p.T("renewal.until"), Sort: "until", Place: listweb.Chip, Value: func(x row) any { return sheet.Day(x.ValidUntil.In(p.Zone())) },
				By: func(x row) any { return x.ValidUntil.Unix() }, Text: func(x row) string { return p.Day(x.ValidUntil, now) },
				Kind: func(x row) ui.Kind {
					if x.Left <= 7 {
						return ui.Waiting
					}
					return ui.Plain
				},
			},
			{Label: p.T("renewal.told"), Place: listweb.Away, Value: func(x row) any {
				if x.Told == 0 {
					return nil
				}
				return sheet.Day(x.ToldAt.In(p.Zone()))
			}, Text: func(x row) string {
				switch {
				case x.Mail == "":
					return p.T("renewal.no-mail")
				case x.Told == 0:
					return p.T("renewal.not-told")
				}
				return p.Day(x.ToldAt, now)
			}},
		},
		Record: func(ctx context.Context, n int, f sheet.Format) error {
			return h.Service.RecordExport(ctx, actor, n, string(f))
		},
	}
	course := r.URL.Query().Get("course")
	if course == "" && len(courses) == 1 {
		course = courses[0].Value
	}
	if titles[course] == "" || !actor.Has(access.DeskWrite) {
		return l // of several courses at once nobody is enrolled
	}
	l.Pick = &listweb.Pick[row]{
		Action: "/app/desk/" + url.PathEscape(course) + "/enrol", Name: "person", Main: listweb.Act{Label: p.T("renewal.enrol"), Kind: ui.Action, Name: "choose", Value: "1"},
		Hidden: []ui.NavItem{{Label: "ending", Href: "1"}},
		Value: func(x row) string {
			if x.CourseID == course {
				return x.PersonID
			}
			return ""
		},
		Label: func(x row) string { return p.T("desk.choose-person", "Name", x.GivenName+" "+x.FamilyName) },
	}
	return l
}
