// Package mailweb shows the letters that the program wrote and what became of each.
//
// Goals: who is asked "I got no letter" can say why and have it sent again; a letter is seen as its reader gets it, as long as its text is
// there. Limits: nobody sees what a link of a letter opens, a letter to somebody of another unit, or one of a kind that is its reader's alone
// (see mail.Kinds); who operates the system sees of those that there are some, and their fate. The text is gone once a letter has left.
package mailweb

import (
	"context"
	"iter"
	"net/http"
	"net/url"
	"strings"

	"ostoja/internal/access"
	"ostoja/internal/lang"
	"ostoja/internal/list"
	"ostoja/internal/list/listweb"
	"ostoja/internal/mail"
	"ostoja/internal/mail/wording"
	"ostoja/internal/sheet"
	"ostoja/internal/ui"
	"ostoja/internal/web"
)

// Pages are the pages of letters.
type Pages struct {
	Site   *web.Site
	Outbox *mail.Outbox
	Words  *wording.Service
	// Names returns what persons are called, of those whom the actor may know.
	Names func(ctx context.Context, actor access.Actor, personIDs []string) (map[string]string, error)
}

// Routes registers the pages.
func (h *Pages) Routes(m *web.Mux) {
	m.Handle("GET /app/letters", h.list)
	m.Handle("GET /app/letters/{letter}", h.show)
	m.Handle("GET /app/letters/words", h.words)
	m.Handle("GET /app/letters/words/{form}/{lang}", h.word)
	m.Handle("POST /app/letters/words/{form}/{lang}", h.saveWord)
	m.Handle("POST /app/letters/words/{form}/{lang}/restore", h.restoreWord)
	m.Handle("POST /app/letters/again", h.again)
}

func (h *Pages) list(w http.ResponseWriter, r *http.Request) error {
	l := h.letterList(r)
	if l.Wanted() {
		return l.Send(w, r)
	}
	shown, err := l.Open(r.Context())
	if err != nil {
		return err
	}
	return web.Show(w, r, web.View{Title: lang.T(r.Context(), "letters.title"), Nav: "letters", Wide: true}, listPage(shown, web.Actor(r.Context()).Everywhere(access.SystemRead), wording.May(web.Actor(r.Context()))))
}

func (h *Pages) show(w http.ResponseWriter, r *http.Request) error {
	ctx, p := r.Context(), lang.From(r.Context())
	x, err := h.Outbox.Preview(ctx, web.Actor(ctx), r.PathValue("letter"))
	if err != nil {
		return err
	}
	return web.Show(w, r, web.View{Title: p.T("letters.single"), Nav: "letters"}, letterPage(x, h.said(p, x.Letter)))
}

// filterOf says what the list was asked for.
func filterOf(q list.Query) mail.LetterFilter {
	return mail.LetterFilter{Fate: mail.Fate(q.Filters["fate"]), Kind: mail.Kind(q.Filters["kind"]), Search: q.Search, Window: q.Window}
}

// again says how many letters of what was chosen will be sent again, and sends them once that is confirmed.
func (h *Pages) again(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	ctx, actor, p := r.Context(), web.Actor(r.Context()), lang.From(r.Context())
	filter := list.Asks{Filters: []string{"fate", "kind"}}.Parse(f.Values)
	c := mail.LetterChoice{IDs: f.Values["letter"], All: f.Get("all") != "", Filter: filterOf(filter)}
	back := web.LocalPath(f.Get("back"))
	if back == "" {
		back = "/app/letters"
	}
	n, err := h.Outbox.PlanAgain(ctx, actor, c)
	if err != nil {
		return err
	}
	sure, other := listweb.Sure(f, n)
	if !sure {
		v := listweb.Plan{
			Title: p.N("letters.send-again", n), Text: p.T("letters.again-text"), Count: n, Other: other, Action: "/app/letters/again",
			Button: ui.NavItem{Label: p.N("letters.send-again", n)}, Kind: ui.Action, Back: back,
		}
		for _, name := range []string{"fate", "kind", "q", "all", "back"} {
			if f.Get(name) != "" {
				v.Hidden = append(v.Hidden, ui.NavItem{Label: name, Href: f.Get(name)})
			}
		}
		for _, id := range c.IDs {
			v.Hidden = append(v.Hidden, ui.NavItem{Label: "letter", Href: id})
		}
		return web.Show(w, r, web.View{Title: p.T("letters.title"), Nav: "letters"}, listweb.PlanPage(v))
	}
	if n, err = h.Outbox.Again(ctx, actor, c); err != nil {
		return err
	}
	h.Site.SayN(w, "letters.said-again", n)
	return web.Redirect(w, r, back)
}

func (h *Pages) letterList(r *http.Request) listweb.Of[mail.Letter] {
	p, actor := lang.From(r.Context()), web.Actor(r.Context())
	type row = mail.Letter
	l := listweb.Of[row]{
		Name: "letters", Title: p.T("letters.title"), Path: "/app/letters", Query: r.URL.Query(), Now: h.Site.Clock.Now(), Search: p.T("letters.search"), First: "-at",
		Empty:   listweb.Empty{Title: p.T("letters.empty"), Text: p.T("letters.empty-text")},
		Filters: []listweb.Filter[row]{{Name: "fate", Label: p.T("letters.fate"), Options: ui.OptionsOf(p, "letters.any", "letters.fate-", fates())}, {Name: "kind", Label: p.T("letters.kind"), Options: kinds(p, actor)}},
		Page: func(ctx context.Context, q list.Query) ([]row, int, error) {
			return h.Outbox.Letters(ctx, actor, filterOf(q))
		},
		Each: func(ctx context.Context, q list.Query, f sheet.Format, use func(iter.Seq2[row, error]) error) error {
			return h.Outbox.EachLetter(ctx, actor, filterOf(q), string(f), use)
		},
		Columns: h.columns(p),
	}
	if q := l.Asked(); q.Filters["fate"] == string(mail.IsRefused) || q.Filters["fate"] == string(mail.CanGoAgain) {
		fate := q.Filters["fate"]
		l.Pick = &listweb.Pick[row]{
			Action: "/app/letters/again", Name: "letter", All: "all", Main: listweb.Act{Label: p.T("letters.again-ticked"), Kind: ui.Action},
			Hidden: []ui.NavItem{{Label: "fate", Href: fate}, {Label: "kind", Href: q.Filters["kind"]}, {Label: "q", Href: q.Search}, {Label: "back", Href: "/app/letters?fate=" + fate}},
			Value: func(x row) string {
				if !x.Again() {
					return ""
				}
				return x.ID
			},
			Label: func(x row) string { return p.T("letters.choose", "Kind", kindName(p, x.Kind), "Who", whom(p, x)) },
		}
	}
	return l
}

func (h *Pages) columns(p *lang.Printer) []listweb.Column[mail.Letter] {
	type row = mail.Letter
	return []listweb.Column[row]{
		{
			Label: p.T("letters.kind"), Sort: "kind", Place: listweb.Head, Value: func(x row) any { return kindName(p, x.Kind) },
			Link: func(x row) string { return "/app/letters/" + url.PathEscape(x.ID) },
		},
		{Label: p.T("letters.who"), Value: func(x row) any { return x.Name }, Text: func(x row) string { return whom(p, x) }},
		{Label: p.T("letters.lang"), Place: listweb.Away, Value: func(x row) any { return p.Language(x.Lang) }},
		{
			Label: p.T("letters.created"), Sort: "at", Place: listweb.Away, Numeric: true, Value: func(x row) any { return x.CreatedAt.In(p.Zone()) },
			Text: func(x row) string { return p.Moment(x.CreatedAt, h.Site.Clock.Now()) },
		},
		{
			Label: p.T("letters.fate"), Place: listweb.Chip, Value: func(x row) any { return p.T("letters.fate-" + string(x.Fate())) },
			Kind: func(x row) ui.Kind {
				if x.Fate() == mail.IsRefused {
					return ui.Danger
				}
				return ui.Plain
			},
		},
		{Label: p.T("letters.what"), Value: func(x row) any { return h.said(p, x) }},
		{Label: p.T("letters.answer"), File: true, Value: func(x row) any { return x.LastError }},
	}
}

func fates() (all []string) {
	for _, f := range mail.Fates {
		all = append(all, string(f))
	}
	return append(all, string(mail.CanGoAgain))
}

func kinds(p *lang.Printer, actor access.Actor) []ui.Option {
	options := []ui.Option{{Label: p.T("letters.any-kind")}}
	for _, k := range mail.KindsFor(actor) {
		options = append(options, ui.Option{Value: string(k), Label: kindName(p, k)})
	}
	return options
}

// kindName says which letter it is; one of before letters had kinds is another letter of the program.
func kindName(p *lang.Printer, k mail.Kind) string {
	if key := "letters.kind-" + strings.ReplaceAll(string(k), ".", "-"); k != "" && p.Has(key) {
		return p.T(key)
	}
	return p.T("letters.kind-none")
}

// whom says to whom a letter goes, as far as the reader may know.
func whom(p *lang.Printer, x mail.Letter) string {
	switch {
	case x.Name != "":
		return x.Name
	case x.Recipient != "":
		return x.Recipient
	}
	return p.T("letters.hidden")
}

// said says in a sentence what became of a letter, and of one that was refused why and what can be done.
func (h *Pages) said(p *lang.Printer, x mail.Letter) string {
	now := h.Site.Clock.Now()
	switch x.Fate() {
	case mail.IsSent:
		return p.T("letters.sent-at", "Moment", p.Moment(x.SentAt, now))
	case mail.IsHeld:
		return p.T("letters.held-until", "Moment", p.Moment(x.HeldUntil, now))
	case mail.IsRefused:
		key, at := "letters.refused-at", x.FailedAt
		if at.IsZero() {
			key, at = "letters.given-up", x.GivenUpAt
		}
		text := p.T(key, "Moment", p.Moment(at, now))
		if why := mail.ReasonOf(x.LastError); why != mail.NoReason {
			text += " " + p.T("letters.reason-"+string(why))
		}
		if !x.HasText {
			text += " " + p.T("letters.forgotten")
		}
		return text
	}
	switch {
	case x.Attempts > 0:
		text := p.N("letters.tried", x.Attempts, "Moment", p.Moment(x.NextAt, now))
		if why := mail.ReasonOf(x.LastError); why != mail.NoReason {
			text += " " + p.T("letters.reason-"+string(why))
		}
		return text
	case x.NextAt.After(now):
		return p.T("letters.waits-until", "Moment", p.Moment(x.NextAt, now))
	}
	return p.T("letters.waits")
}
