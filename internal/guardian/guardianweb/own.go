package guardianweb

import (
	"net/http"
	"strings"

	"ostoja/internal/errs"
	"ostoja/internal/guardian"
	"ostoja/internal/lang"
	"ostoja/internal/web"
)

func (h *Pages) own(w http.ResponseWriter, r *http.Request) error {
	return h.showOwn(w, r, web.NewForm())
}

func (h *Pages) showOwn(w http.ResponseWriter, r *http.Request, f *web.Form) error {
	ctx := r.Context()
	x, err := h.service.Own(ctx, web.Actor(ctx))
	if err != nil {
		return err
	}
	v := entryView{Page: x, Now: h.site.Clock.Now(), Zone: lang.From(ctx).Zone(), Form: f}
	if v.Notes, err = h.service.OwnNotes(ctx, web.Actor(ctx)); err != nil {
		return err
	}
	if x.State != guardian.Removed {
		if v.Parts, err = h.parts(ctx, x.ID, func(b Beside) Part { return b.Own }); err != nil {
			return err
		}
	}
	return web.Show(w, r, web.View{Title: lang.T(ctx, "guardian.own"), With: []string{"rows.css"}, Status: f.Status()}, ownPage(v))
}

func (h *Pages) actOwn(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	ctx, actor := r.Context(), web.Actor(r.Context())
	act := f.Get("act")
	switch act {
	case "can", "cannot":
		err = h.service.SetAvailable(ctx, actor, act == "can")
	case "absent":
		until := f.Text("until")
		if until == "" { // one day
			until = f.Text("from")
		}
		err = h.service.AddAbsence(ctx, actor, f.Text("from"), until)
	case "back":
		err = h.service.RemoveAbsence(ctx, actor, f.Get("absence"))
	default:
		return errs.Invalid("error.invalid")
	}
	if f.Fail(lang.From(ctx), err) {
		return h.showOwn(w, r, f)
	}
	if err != nil {
		return err
	}
	h.site.Say(w, "guardian.said-own-"+act)
	return web.Redirect(w, r, "/app/guardian")
}

func (h *Pages) withdrawForm(w http.ResponseWriter, r *http.Request) error {
	x, err := h.service.Own(r.Context(), web.Actor(r.Context()))
	if err != nil {
		return err
	}
	if x.State == guardian.Removed {
		return errs.Conflict("guardian.state-removed")
	}
	return web.Show(w, r, web.View{Title: lang.T(r.Context(), "guardian.withdraw")}, withdrawPage(x))
}

func (h *Pages) withdraw(w http.ResponseWriter, r *http.Request) error {
	if err := h.service.Withdraw(r.Context(), web.Actor(r.Context())); err != nil {
		return err
	}
	h.site.Say(w, "guardian.said-withdrawn")
	return web.Redirect(w, r, "/app/guardian")
}

// detailKeys are the texts of what a detail says by a word of the program's.
var detailKeys = map[string]string{"reason": "guardian.reason-", "look": "request.look-", "purpose": "request.purpose-"}

// Told says a line of an entry's history as a sentence, for other pages of its person.
func Told(p *lang.Printer, x guardian.Told) string { return told(p, x) }

// told says a line of history as a sentence: the detail fills the placeholders of the kind's text.
func told(p *lang.Printer, x guardian.Told) string {
	args := map[string]any{}
	for name, value := range x.Detail {
		shown := value
		if day := p.StoredDay(value); !day.IsZero() {
			shown = p.Date(day)
		} else if week, ok := guardian.ParseWeek(value); ok {
			shown = WeekName(p, week)
		} else if prefix := detailKeys[name]; prefix != "" {
			shown = p.T(prefix + value)
		}
		args[strings.ToUpper(name[:1])+name[1:]] = shown
	}
	if key := "guardian.event-" + x.Kind; p.Has(key) {
		return p.Args(key, args)
	}
	return p.T("guardian.event-other")
}

// by says who did what a line of history tells.
func by(p *lang.Printer, x guardian.Told, own bool) string {
	switch {
	case x.Who == "":
		return p.T("guardian.by-program")
	case x.Own && own:
		return p.T("guardian.by-you")
	case x.Unit != "":
		return x.Who + ", " + x.Unit
	}
	return x.Who
}

// WeekName says a week by its days.
func WeekName(p *lang.Printer, w guardian.Week) string {
	from, until := w.Begins(p.Zone()), w.Ends(p.Zone()).AddDate(0, 0, -1)
	return p.T("guardian.week", "From", p.Day(from, until), "Until", p.Date(until))
}

// ShortWeek says a week as tables do: 30 lis – 6 gru.
func ShortWeek(p *lang.Printer, w guardian.Week) string {
	from, until := w.Begins(p.Zone()), w.Ends(p.Zone()).AddDate(0, 0, -1)
	return p.T("guardian.week", "From", p.Day(from, from), "Until", p.Day(until, until))
}

// days says from when until when, of days as they are written.
func days(p *lang.Printer, a guardian.Absence) string {
	if a.FromDay == a.UntilDay {
		return p.DateOf(a.FromDay)
	}
	return p.T("guardian.from-until", "From", p.DateOf(a.FromDay), "Until", p.DateOf(a.UntilDay))
}
