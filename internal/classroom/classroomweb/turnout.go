package classroomweb

import (
	"cmp"
	"net/http"
	"slices"
	"strings"

	"ostoja/internal/access"
	"ostoja/internal/classroom"
	"ostoja/internal/classroom/attendance"
	"ostoja/internal/lang"
	"ostoja/internal/list/listweb"
	"ostoja/internal/text"
	"ostoja/internal/web"
)

// turnout is what a plan promised of a kind of institution or a powiat, beside who came.
type turnout struct {
	of        string // [classroom.OfInstitution] or [classroom.OfPowiat]
	name      string // in the reader's language; "" of people whose unit says none
	confirmed int
	attended  int
	wanted    *int // nil: the plan says nothing of it
}

// missing is how many of the wanted are not there.
func (t turnout) missing(begun bool) int {
	if t.wanted == nil {
		return 0
	}
	return max(0, *t.wanted-t.came(begun))
}

// came is who was there, or, before the first session, who has a seat.
func (t turnout) came(begun bool) int {
	if begun {
		return t.attended
	}
	return t.confirmed
}

// turnouts compares what was wanted with who came. Of what the plan speaks of, kinds or powiats, each adds up to all who came: who is of
// another has a row too, and so have those of whom nobody knows.
func turnouts(p *lang.Printer, wanted []classroom.Number, groups []attendance.Group) (rows []turnout) {
	for _, of := range []string{classroom.OfInstitution, classroom.OfPowiat} {
		first := len(rows)
		for _, n := range wanted {
			if n.Kind == of {
				rows = append(rows, turnout{of: of, name: numberName(p, n), wanted: &n.Number})
			}
		}
		if len(rows) == first {
			continue
		}
		for _, g := range groups {
			name := g.Powiat
			if of == classroom.OfInstitution {
				name = institution(p, g.Kind)
			}
			i := slices.IndexFunc(rows[first:], func(t turnout) bool { return alike(t.name, name) })
			if i < 0 {
				i = len(rows) - first
				rows = append(rows, turnout{of: of, name: name})
			}
			rows[first+i].confirmed += g.Confirmed
			rows[first+i].attended += g.Attended
		}
		slices.SortStableFunc(rows[first:], func(a, b turnout) int {
			return cmp.Or(order(a.name == "")-order(b.name == ""), order(a.wanted == nil)-order(b.wanted == nil))
		})
	}
	return rows
}

func order(last bool) int {
	if last {
		return 1
	}
	return 0
}

// alike says whether two names mean one powiat or kind, however they were typed: "Powiat Bialski" is "bialski".
func alike(a, b string) bool {
	plain := func(s string) string { return strings.TrimPrefix(text.Search(s), "powiat ") }
	return plain(a) == plain(b)
}

// institution names a kind of institution; "" for none.
func institution(p *lang.Printer, kind string) string {
	if key := "people.kind-" + kind; kind != "" && p.Has(key) {
		return p.T(key)
	}
	return kind
}

// numberName is what a wanted number is of, in the reader's language.
func numberName(p *lang.Printer, n classroom.Number) string {
	if n.Kind == classroom.OfInstitution {
		return institution(p, n.Name)
	}
	return n.Name
}

// kindNames are the kinds of institutions, as they are offered where numbers are typed.
func (h *Pages) kindNames(p *lang.Printer) (names []string) {
	for _, kind := range h.Kinds {
		names = append(names, institution(p, kind))
	}
	return names
}

// kindOf is what is kept of a kind of institution that was typed: its own name, if it is one of ours, so that every language reads it.
func (h *Pages) kindOf(p *lang.Printer, typed string) string {
	for _, kind := range h.Kinds {
		if alike(typed, institution(p, kind)) {
			return kind
		}
	}
	return typed
}

// turnoutList is the plan beside who came; nil where the plan says nothing, and for who does not see the trainings of the unit.
func (h *Pages) turnoutList(r *http.Request, f *Frame) (*listweb.Of[turnout], error) {
	ctx, actor, p := r.Context(), web.Actor(r.Context()), lang.From(r.Context())
	if !actor.May(access.TrainingsRead, f.UnitPath) {
		return nil, nil
	}
	d, err := h.Service.Details(ctx, actor, f.ID)
	if err != nil || len(d.Wanted) == 0 {
		return nil, err
	}
	groups, err := h.Attendance.Turnout(ctx, actor, f.ID)
	if err != nil {
		return nil, err
	}
	l := turnoutTable(p, turnouts(p, d.Wanted, groups), !f.HeldFrom.After(f.Now))
	l.Path, l.Query, l.Now = f.Path(""), r.URL.Query(), f.Now
	return &l, nil
}

func turnoutTable(p *lang.Printer, rows []turnout, begun bool) listweb.Of[turnout] {
	came := "classroom.turnout.confirmed"
	if begun {
		came = "classroom.turnout.attended"
	}
	number := func(key string, of func(turnout) int) listweb.Column[turnout] {
		return listweb.Column[turnout]{Label: p.T("classroom.turnout." + key), File: true, Numeric: true, Value: func(x turnout) any { return of(x) }}
	}
	return listweb.Of[turnout]{
		Name: "turnout", Title: p.T("classroom.turnout.title"), Rows: rows, Size: len(rows) + 1,
		Columns: []listweb.Column[turnout]{
			{Label: p.T("classroom.field.name"), Place: listweb.Head, Value: func(x turnout) any {
				if x.name == "" {
					return p.T("classroom.turnout.none." + x.of)
				}
				return x.name
			}},
			{Label: p.T("classroom.field.kind"), Value: func(x turnout) any { return p.T("classroom.number." + x.of) }},
			{Label: p.T(came), Place: listweb.Figure, Numeric: true, Text: func(x turnout) string {
				if x.wanted == nil {
					return p.Int(x.came(begun))
				}
				return p.T("classroom.list.of", "Taken", p.Int(x.came(begun)), "Places", p.Int(*x.wanted))
			}, Note: func(x turnout) string {
				switch n := x.missing(begun); {
				case x.wanted == nil:
					return p.T("classroom.turnout.unplanned")
				case n > 0:
					return p.N("classroom.turnout.missing", n)
				}
				return ""
			}},
			{Label: p.T("classroom.field.number"), File: true, Numeric: true, Value: func(x turnout) any {
				if x.wanted == nil {
					return nil
				}
				return *x.wanted
			}},
			number("confirmed", func(x turnout) int { return x.confirmed }),
			number("attended", func(x turnout) int { return x.attended }),
			number("lacking", func(x turnout) int { return x.missing(begun) }),
		},
	}
}
