package seatweb

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/classroom/classroomweb"
	"ostoja/internal/classroom/seat"
	"ostoja/internal/errs"
	"ostoja/internal/lang"
	"ostoja/internal/list"
	"ostoja/internal/list/listweb"
	"ostoja/internal/sheet"
	"ostoja/internal/ui"
	"ostoja/internal/web"
)

// people is the list of a training.
func (h *Pages) people(w http.ResponseWriter, r *http.Request) error {
	f, err := h.Trainings.Frame(r, "people")
	if err != nil {
		return err
	}
	l, err := h.peopleList(r, f)
	if err != nil {
		return err
	}
	if l.Wanted() {
		return l.Send(w, r)
	}
	shown, err := l.Open(r.Context())
	if err != nil {
		return err
	}
	p := lang.From(r.Context())
	switch {
	case f.Allowed[access.SignUps]:
		f.Main = ui.NavItem{Label: p.T("seat.invite.title"), Href: f.Path("people/invite")}
	case f.Allowed[access.Participants]:
		f.Main = ui.NavItem{Label: p.T("seat.add.title"), Href: f.Path("people/add")}
	}
	if f.Allowed[access.SignUps] && f.Allowed[access.Participants] {
		f.More = ui.NavItem{Label: p.T("seat.add.title"), Href: f.Path("people/add")}
	}
	return web.Show(w, r, f.View(nil), f.With(peoplePart(f, undoable(r), shown)))
}

// undoable is the act that the page offers to undo, from its address: whether it still can be is the service's to say.
func undoable(r *http.Request) string { return r.URL.Query().Get("act") }

func (h *Pages) peopleList(r *http.Request, f *classroomweb.Frame) (l listweb.Of[seat.Row], err error) {
	ctx, p, actor := r.Context(), lang.From(r.Context()), web.Actor(r.Context())
	rows, err := h.Service.List(ctx, actor, f.ID)
	if err != nil {
		return l, err
	}
	type row = seat.Row
	query := r.URL.Query()
	query.Del("act")
	var states []ui.Option
	for _, s := range seat.States {
		states = append(states, ui.Option{Value: string(s), Label: p.T("seat.state." + string(s))})
	}
	l = listweb.Of[row]{
		Name: "participants", Title: p.T("seat.people.title"), Path: f.Path("people"), Query: query, Now: h.now(), Search: p.T("desk.filter-search"), Rows: rows,
		Filters: []listweb.Filter[row]{{
			Name: "state", Label: p.T("seat.people.state"), Options: append([]ui.Option{{Label: p.T("seat.people.any")}}, states...),
			Match: func(x row, value string) bool { return string(x.State) == value },
		}},
		Columns: peopleColumns(p, h.now()),
		Empty:   listweb.Empty{Title: p.T("seat.people.empty"), Text: p.T("seat.people.empty-text")},
		Record: func(ctx context.Context, n int, format sheet.Format) error {
			return h.Service.RecordExport(ctx, actor, f.ID, n, string(format))
		},
	}
	if acts := peopleActs(p, f); len(acts) > 0 {
		l.Pick = &listweb.Pick[row]{
			Action: f.Path("people/sign-ups"), Name: "person", Main: acts[0], More: acts[1:], Value: func(x row) string { return x.PersonID },
			Label: func(x row) string { return p.T("desk.choose-person", "Name", x.Name) },
		}
	}
	return l, nil
}

// peopleActs are the buttons of who is ticked, for who has the right to each.
func peopleActs(p *lang.Printer, f *classroomweb.Frame) (acts []listweb.Act) {
	act := func(name, below string, kind ui.Kind) {
		acts = append(acts, listweb.Act{Label: p.T("seat.act." + name), Kind: kind, Action: f.Path("people/" + below), Name: "act", Value: name})
	}
	if f.Allowed[access.SignUps] {
		act("approve", "sign-ups", ui.Action)
		act("refuse", "sign-ups", ui.Plain)
		act("paper", "sign-ups", ui.Plain)
	}
	if f.Allowed[access.Participants] {
		act("move", "participants", ui.Plain)
		act("take-out", "participants", ui.Plain)
	}
	return acts
}

func peopleColumns(p *lang.Printer, now time.Time) []listweb.Column[seat.Row] {
	type row = seat.Row
	return []listweb.Column[row]{
		{Label: p.T("desk.name"), Sort: "name", Place: listweb.Head, Value: func(x row) any { return x.Name }},
		{Label: p.T("desk.unit"), Sort: "unit", Value: func(x row) any { return x.Unit }},
		{
			Label: p.T("seat.people.state"), Place: listweb.Chip, Value: func(x row) any {
				if x.Asked() {
					return p.T("seat.people.asked") // the chip of a row is short; the person's own page says whose consent
				}
				return stateText(p, x.Booking, x.Place)
			},
			Kind: func(x row) ui.Kind { return kindOf(x.State, false) },
		},
		{Label: p.T("seat.people.until"), Place: listweb.Figure, Numeric: true, Text: func(x row) string {
			if x.State != seat.Offered {
				return ""
			}
			return p.T("seat.people.until-at", "Time", p.Moment(x.LastMinute(p.Zone()), now))
		}},
		{Label: p.T("seat.people.delegation"), Place: listweb.Away, Value: func(x row) any {
			if x.DelegatedOn == "" {
				return ""
			}
			return p.T("seat.delegated." + x.DelegatedOn)
		}},
		{Label: p.T("seat.people.notes"), Place: listweb.Meta, Value: func(x row) any {
			switch {
			case x.Other != "":
				return p.T("seat.people.elsewhere", "Title", x.Other)
			case !x.HasMail && x.State.Open():
				return p.T("seat.people.no-mail")
			}
			return x.Reason
		}},
	}
}

func (h *Pages) invite(w http.ResponseWriter, r *http.Request) error {
	return h.choose(w, r, "invite", "sign-ups", access.SignUps, r.URL.Query(), web.NewForm())
}

func (h *Pages) add(w http.ResponseWriter, r *http.Request) error {
	return h.choose(w, r, "add", "participants", access.Participants, r.URL.Query(), web.NewForm())
}

// choose shows the people who could be invited or added.
func (h *Pages) choose(w http.ResponseWriter, r *http.Request, act, below string, permission access.Permission, asked url.Values, form *web.Form) error {
	ctx, p, actor := r.Context(), lang.From(r.Context()), web.Actor(r.Context())
	f, err := h.Trainings.Frame(r, "")
	if err != nil {
		return err
	}
	if !f.Allowed[permission] {
		return errs.Forbidden("error.forbidden")
	}
	units, err := h.Service.Units(ctx, actor, permission)
	if err != nil {
		return err
	}
	options := []ui.Option{{Label: p.T("seat.choose.all-units")}}
	for _, u := range units {
		options = append(options, ui.Option{Value: u.ID, Label: u.Name})
	}
	type row = seat.Candidate
	l := listweb.Of[row]{
		Name: "candidates", Title: p.T("seat.choose.people"), Path: f.Path("people/" + act), Query: asked, Now: h.now(), Search: p.T("desk.filter-search"),
		Filters: []listweb.Filter[row]{{Name: "unit", Label: p.T("desk.unit"), Options: options}},
		Page: func(ctx context.Context, q list.Query) ([]row, int, error) {
			return h.Service.Candidates(ctx, actor, permission, f.ID, q.Filters["unit"], q.Search, q.Window)
		},
		Empty: listweb.Empty{Title: p.T("seat.choose.empty"), Text: p.T("seat.choose.empty-text")},
		Columns: []listweb.Column[row]{
			{Label: p.T("desk.name"), Place: listweb.Head, Value: func(x row) any { return x.Name }},
			{Label: p.T("desk.unit"), Value: func(x row) any { return x.Unit }},
			{Label: p.T("seat.people.notes"), Place: listweb.Chip, Kind: func(row) ui.Kind { return ui.Waiting }, Value: func(x row) any {
				if x.HasMail {
					return ""
				}
				return p.T("seat.people.no-mail")
			}},
		},
		Pick: &listweb.Pick[row]{
			Action: f.Path("people/" + below), Name: "person", Fields: anyway(form), Hidden: []ui.NavItem{{Label: "act", Href: act}},
			Main: listweb.Act{Label: p.T("seat.act." + act), Kind: ui.Action}, Value: func(x row) string { return x.ID },
			Label: func(x row) string { return p.T("desk.choose-person", "Name", x.Name) },
		},
	}
	shown, err := l.Open(ctx)
	if err != nil {
		return err
	}
	return web.Show(w, r, f.View(form), f.With(choosePart(act, form, shown)))
}

func (h *Pages) signUps(w http.ResponseWriter, r *http.Request) error {
	return h.many(w, r, map[string]func(ctx context.Context, f *web.Form, actor access.Actor, trainingID string, people []string) (seat.Outcome, error){
		"invite": func(ctx context.Context, f *web.Form, a access.Actor, trainingID string, people []string) (seat.Outcome, error) {
			return h.Service.Invite(ctx, a, trainingID, people, f.Get("anyway") != "")
		},
		"approve": func(ctx context.Context, f *web.Form, a access.Actor, trainingID string, people []string) (seat.Outcome, error) {
			return h.Service.Approve(ctx, a, trainingID, people, f.Get("anyway") != "")
		},
		"refuse": func(ctx context.Context, f *web.Form, a access.Actor, trainingID string, people []string) (seat.Outcome, error) {
			return h.Service.Refuse(ctx, a, trainingID, people, f.Text("reason"))
		},
		"paper": func(ctx context.Context, _ *web.Form, a access.Actor, trainingID string, people []string) (seat.Outcome, error) {
			return h.Service.DelegatedOnPaper(ctx, a, trainingID, people)
		},
	})
}

func (h *Pages) participants(w http.ResponseWriter, r *http.Request) error {
	return h.many(w, r, map[string]func(ctx context.Context, f *web.Form, actor access.Actor, trainingID string, people []string) (seat.Outcome, error){
		"add": func(ctx context.Context, f *web.Form, a access.Actor, trainingID string, people []string) (seat.Outcome, error) {
			return h.Service.Add(ctx, a, trainingID, people, f.Get("anyway") != "")
		},
		"take-out": func(ctx context.Context, f *web.Form, a access.Actor, trainingID string, people []string) (seat.Outcome, error) {
			return h.Service.TakeOut(ctx, a, trainingID, people, f.Text("reason"))
		},
		"move": func(ctx context.Context, f *web.Form, a access.Actor, trainingID string, people []string) (seat.Outcome, error) {
			reason := f.Text("reason")
			if reason == "" {
				reason = lang.T(ctx, "seat.move.reason")
			}
			return h.Service.Move(ctx, a, trainingID, f.Get("to"), people, reason, f.Get("anyway") != "")
		},
	})
}

// many does an act to who is ticked. One that needs a reason asks for it on a page of its own; who has a seat elsewhere at that time is
// named there, to be taken anyway or left out.
func (h *Pages) many(w http.ResponseWriter, r *http.Request, acts map[string]func(ctx context.Context, f *web.Form, actor access.Actor, trainingID string, people []string) (seat.Outcome, error)) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	ctx, p, trainingID := r.Context(), lang.From(r.Context()), r.PathValue("training")
	name, people := f.Get("act"), f.Values["person"]
	act := acts[name]
	if act == nil {
		return errs.Invalid("error.invalid")
	}
	if len(people) == 0 {
		h.Site.Say(w, "seat.said.nobody")
		return web.Redirect(w, r, classroomweb.Path(trainingID, "people"))
	}
	asks := (name == "refuse" || name == "take-out" || name == "move") && f.Get("asked") == ""
	o := seat.Outcome{}
	if !asks {
		if o, err = act(ctx, f, web.Actor(ctx), trainingID, people); err != nil && !f.Fail(p, err) {
			return err
		}
	}
	if asks || err != nil || len(o.Overlaps) > 0 && o.Done == 0 {
		frame, err := h.Trainings.Frame(r, "")
		if err != nil {
			return err
		}
		var targets []ui.Option
		if name == "move" {
			if targets, err = h.targets(r, frame); err != nil {
				return err
			}
		}
		return web.Show(w, r, frame.View(f), frame.With(askPart(r.URL.Path, name, f, people, o.Overlaps, targets)))
	}
	key := "seat.said." + name
	if o.Left > 0 || len(o.Overlaps) > 0 {
		h.Site.Say(w, "seat.said.partly", "Done", o.Done, "Left", o.Left+len(o.Overlaps))
	} else {
		h.Site.SayN(w, key, o.Done)
	}
	return web.Redirect(w, r, classroomweb.Path(trainingID, "people")+"?act="+o.Act)
}

// targets are the trainings to which people can be moved.
func (h *Pages) targets(r *http.Request, f *classroomweb.Frame) (options []ui.Option, err error) {
	p := lang.From(r.Context())
	list, err := h.Service.Targets(r.Context(), web.Actor(r.Context()), f.ID)
	for _, x := range list {
		options = append(options, ui.Option{Value: x.ID, Label: x.Title, Hint: p.Moment(x.HeldFrom, h.now()) + ", " + x.Place})
	}
	return options, err
}

func (h *Pages) undo(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	n, err := h.Service.Undo(r.Context(), web.Actor(r.Context()), r.PathValue("training"), f.Get("undo"))
	if err != nil {
		return err
	}
	h.Site.SayN(w, "seat.said.undone", n)
	return web.Redirect(w, r, classroomweb.Path(r.PathValue("training"), "people"))
}

// trainingPlaces shows which units give out places in a training.
func (h *Pages) trainingPlaces(w http.ResponseWriter, r *http.Request) error {
	return h.showPlaces(w, r, web.NewForm())
}

func (h *Pages) showPlaces(w http.ResponseWriter, r *http.Request, form *web.Form) error {
	f, err := h.Trainings.Frame(r, "")
	if err != nil {
		return err
	}
	given, err := h.Service.PlacesOf(r.Context(), web.Actor(r.Context()), f.ID)
	if err != nil {
		return err
	}
	units, err := h.Service.AllUnits(r.Context())
	if err != nil {
		return err
	}
	options := make([]ui.Option, len(units))
	for i, u := range units {
		options[i] = ui.Option{Value: u.ID, Label: u.Name}
	}
	return web.Show(w, r, f.View(form), f.With(placesPart(given, options, form)))
}

func (h *Pages) setPlaces(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	p, trainingID := lang.From(r.Context()), r.PathValue("training")
	places, failure := strconv.Atoi(f.Text("places"))
	if failure != nil {
		places = -1
	}
	until := time.Time{}
	if day, err := time.ParseInLocation(time.DateOnly, f.Text("until"), p.Zone()); err == nil {
		until = day.AddDate(0, 0, 1) // the day itself counts
	}
	err = h.Service.SetPlaces(r.Context(), web.Actor(r.Context()), trainingID, seat.Places{UnitID: f.Get("unit"), Places: places, Until: until})
	if f.Fail(p, err) {
		return h.showPlaces(w, r, f)
	}
	if err != nil {
		return err
	}
	h.Site.Say(w, "seat.said.places")
	return web.Redirect(w, r, r.URL.Path)
}

// places shows what the reader may give out, as a superior.
func (h *Pages) places(w http.ResponseWriter, r *http.Request) error {
	list, err := h.Service.OwnPlaces(r.Context(), web.Actor(r.Context()))
	if err != nil {
		return err
	}
	return web.Show(w, r, web.View{With: classroomweb.Styles, Title: lang.T(r.Context(), "seat.places.title"), Nav: "my-trainings"}, ownPlacesPage(list))
}

func (h *Pages) unit(w http.ResponseWriter, r *http.Request) error {
	ctx, actor := r.Context(), web.Actor(r.Context())
	list, err := h.Service.OwnPlaces(ctx, actor)
	if err != nil {
		return err
	}
	for _, g := range list {
		if g.Plan.ID == r.PathValue("training") && g.ID == r.PathValue("unit") {
			people, err := h.Service.UnitPeople(ctx, actor, g.Plan.ID, g.ID)
			if err != nil {
				return err
			}
			return web.Show(w, r, web.View{With: classroomweb.Styles, Title: lang.T(ctx, "seat.places.title"), Nav: "my-trainings"}, unitPage(g, people))
		}
	}
	return errs.NotFound("error.not-found")
}

func (h *Pages) give(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	o, err := h.Service.GivePlaces(r.Context(), web.Actor(r.Context()), r.PathValue("training"), r.PathValue("unit"), f.Values["person"], f.Get("anyway") != "")
	if err != nil {
		return err
	}
	if o.Left > 0 {
		h.Site.Say(w, "seat.said.partly", "Done", o.Done, "Left", o.Left)
	} else {
		h.Site.SayN(w, "seat.said.give", o.Done)
	}
	return web.Redirect(w, r, r.URL.Path)
}

// interested is the list of who waits for a date, for planners.
func (h *Pages) interested(w http.ResponseWriter, r *http.Request) error {
	ctx, p, actor := r.Context(), lang.From(r.Context()), web.Actor(r.Context())
	rows, err := h.Service.Interests(ctx, actor)
	if err != nil {
		return err
	}
	type row = seat.Interest
	l := listweb.Of[row]{
		Name: "interest", Title: p.T("seat.interest.title"), Path: "/app/interest", Query: r.URL.Query(), Now: h.now(), Rows: rows, Search: p.T("desk.filter-search"),
		Columns: []listweb.Column[row]{
			{Label: p.T("desk.name"), Sort: "name", Place: listweb.Head, Value: func(x row) any { return x.Name }},
			{Label: p.T("desk.unit"), Sort: "unit", Value: func(x row) any { return x.Unit }},
			{Label: p.T("seat.interest.since"), Sort: "since", Place: listweb.Figure, Numeric: true, Value: func(x row) any { return sheet.Day(x.Since.In(p.Zone())) }},
		},
		Empty: listweb.Empty{Title: p.T("seat.interest.empty"), Text: p.T("seat.interest.empty-text")},
		Record: func(ctx context.Context, n int, format sheet.Format) error {
			return h.Service.RecordExport(ctx, actor, "", n, string(format))
		},
	}
	if l.Wanted() {
		return l.Send(w, r)
	}
	shown, err := l.Open(ctx)
	if err != nil {
		return err
	}
	return web.Show(w, r, web.View{With: classroomweb.Styles, Title: p.T("seat.interest.title"), Nav: "trainings", Wide: true}, interestPage(shown))
}
