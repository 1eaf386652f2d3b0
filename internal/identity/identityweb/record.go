package identityweb

import (
	"net/http"
	"strings"

	"ostoja/internal/audit"
	"ostoja/internal/identity"
	"ostoja/internal/lang"
	"ostoja/internal/ui"
	"ostoja/internal/web"
)

// recordView is what the audit record's page shows.
type recordView struct {
	List    audit.List
	Names   map[string]string // of persons
	Actions []string
	Action  string
	From    string
	To      string
	Faults  []ui.FieldError
	Paging  ui.Paging
	Sorting ui.Sorting
}

func (h *Pages) record(w http.ResponseWriter, r *http.Request) (err error) {
	ctx, actor, p, q := r.Context(), web.Actor(r.Context()), lang.From(r.Context()), r.URL.Query()
	v := recordView{Action: q.Get("action"), From: q.Get("from"), To: q.Get("to"), Paging: paging(r, 0)}
	v.Sorting = ui.Sorting{By: "at", Desc: q.Get("desc") != "" || q.Get("sort") == "", Path: r.URL.Path, Query: q}
	f := audit.Filter{Action: v.Action, Oldest: !v.Sorting.Desc, Page: v.Paging.Page, Size: pageSize}
	if v.From != "" {
		day, ok := identity.DayOf(v.From, p.Zone())
		if f.From = day.UTC(); !ok {
			v.Faults = append(v.Faults, ui.FieldError{Name: "from", Text: p.T("people.fault.day")})
		}
	}
	if v.To != "" {
		day, ok := identity.DayOf(v.To, p.Zone())
		if f.To = day.AddDate(0, 0, 1).UTC(); !ok {
			v.Faults = append(v.Faults, ui.FieldError{Name: "to", Text: p.T("people.fault.day")})
		}
	}
	if v.List, err = h.audit.List(ctx, actor, f); err != nil {
		return err
	}
	if v.Actions, err = h.audit.Actions(ctx, actor); err != nil {
		return err
	}
	v.Paging.Total = v.List.Total
	var people []string
	for _, e := range v.List.Entries {
		people = append(people, e.ActorID)
		if kind, id, ok := strings.Cut(e.Object, ":"); ok && kind == "person" {
			people = append(people, id)
		}
	}
	if v.Names, err = h.service.Names(ctx, actor, people); err != nil {
		return err
	}
	status := http.StatusOK
	if len(v.Faults) > 0 {
		status = http.StatusUnprocessableEntity
	}
	return web.Show(w, r, web.View{Title: p.T("audit.title"), Nav: "system", Wide: true, Status: status}, recordPage(v))
}

// actionName says what was done; an action without words of its own shows its code.
func actionName(p *lang.Printer, action string) string {
	if key := "audit.action-" + strings.ReplaceAll(action, ".", "-"); p.Has(key) {
		return p.T(key)
	}
	return action
}

// who names the actor of an entry.
func (v recordView) who(p *lang.Printer, e audit.Entry) string {
	switch name := v.Names[e.ActorID]; {
	case e.ActorID == "":
		return p.T("audit.program")
	case name != "":
		return name
	}
	return p.T("audit.forgotten")
}

// what names the object of an entry, and its page where there is one.
func (v recordView) what(e audit.Entry) (label, href string) {
	kind, id, _ := strings.Cut(e.Object, ":")
	switch kind {
	case "person":
		if name := v.Names[id]; name != "" {
			return name, "/app/people/" + id
		}
	case "unit":
		if id != "" && !strings.HasSuffix(e.Action, ".delete") {
			return e.Object, "/app/organisations/" + id
		}
	case "course":
		return id, "/app/authoring/" + id
	}
	return e.Object, ""
}
