package siteweb_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"ostoja/internal/access"
	"ostoja/internal/fact"
	"ostoja/internal/identity"
	"ostoja/internal/site"
	"ostoja/internal/site/content"
	"ostoja/internal/site/directory"
	"ostoja/internal/testrig"
)

// kept is what the guard keeps on the site: an article with a published and an open text, a file and an order, a fact that is
// there and one that is proposed, a service.
type kept struct {
	published, open, file, order, proposal string
	base                                   string
}

func keep(w *testrig.World) (k kept) {
	w.T.Helper()
	ctx, owner := w.T.Context(), content.Owner{UnitID: w.Guard}
	w.OK(w.Site.CreateArticle(ctx, w.GuardEditor, content.Article{ID: "guard", Kind: content.Publication, Topic: "rights", Day: "2026-10-23", Owner: owner}))
	draft := func(title, base string) content.Text {
		return testrig.Must(w.Site.SaveDraft(ctx, w.GuardEditor, site.TextDraft{ArticleID: "guard", Lang: "pl", Title: title, Tab: title, Summary: "Krótko.", Body: "Zapraszamy.\n", Base: base}))(w.T)
	}
	text := draft("Ulotka straży", "")
	w.OK(w.Site.Submit(ctx, w.GuardEditor, text.ID))
	w.OK(w.Site.Review(ctx, w.SecondGuardEditor, text.ID, site.Verdict{Base: text.Base(), Publish: true}))
	published, _, err := w.Site.Text(ctx, w.GuardEditor, text.ID)
	w.OK(err)
	open := draft("Ulotka straży, nowa", published.Base())
	w.OK(w.Site.Submit(ctx, w.GuardEditor, open.ID))
	k.published, k.open, k.base = text.ID, open.ID, open.Base()
	w.OK(w.Site.AddFile(ctx, w.GuardEditor, content.File{ArticleID: "guard", Edition: "1", Lang: "pl", Name: "ulotka.pdf"}, []byte("%PDF-1.7")))
	k.file = testrig.Must(w.Site.Article(ctx, w.GuardEditor, "guard"))(w.T).Files[0].ID
	w.OK(w.Site.AddOrder(ctx, w.GuardEditor, site.Order{ArticleID: "guard", Lang: "pl", Copies: 5, Institution: "Szkoła", Address: "Terespol", Owner: owner}))
	k.order = testrig.Must(w.Site.Orders(ctx, w.GuardEditor))(w.T)[0].ID
	fact := content.Fact{
		ID: "guard-line", Kind: fact.Phone, Value: map[string]string{fact.AnyLang: "+48 22 000 00 11"}, Source: "test", By: "test", Checked: "2026-10-23", ValidUntil: "2027-01-23", GraceDays: 30, Owner: owner,
	}
	place := &directory.Service{
		ID: "guard-point", Name: map[string]string{"pl": "Punkt straży"}, Languages: []string{"pl"}, Phones: []directory.Phone{{Number: "+48 22 000 00 01"}},
		Source: "test", Checked: "2026-10-23", By: "test", ValidUntil: "2027-01-23",
	}
	w.OK(w.Site.ProposeFact(ctx, w.GuardEditor, fact, site.NewBase))
	w.OK(w.Site.ProposeService(ctx, w.GuardEditor, place, true, w.Guard, site.NewBase))
	for _, p := range testrig.Must(w.Site.Proposals(ctx, w.SecondGuardEditor))(w.T) {
		w.OK(w.Site.AcceptProposal(ctx, w.SecondGuardEditor, p.ID))
	}
	fact.ID = "guard-other"
	w.OK(w.Site.ProposeFact(ctx, w.GuardEditor, fact, site.NewBase))
	k.proposal = testrig.Must(w.Site.Proposals(ctx, w.GuardEditor))(w.T)[0].ID
	return k
}

// TestWhoOpensWhichRouteOfTheSite asks every route of the site's part of the application for what the guard keeps, as nobody, as
// people without the right, as an editor of another unit, as an editor of the same, and as who keeps the whole site.
func TestWhoOpensWhichRouteOfTheSite(t *testing.T) {
	const (
		ok     = http.StatusOK
		moved  = http.StatusSeeOther
		gone   = http.StatusMovedPermanently
		faults = http.StatusUnprocessableEntity
		none   = http.StatusNotFound
		no     = http.StatusForbidden
	)
	w := testrig.New(t)
	k := keep(w)
	form := func(pairs ...string) url.Values {
		v := url.Values{}
		for i := 0; i < len(pairs); i += 2 {
			v.Set(pairs[i], pairs[i+1])
		}
		return v
	}
	// What an editor elsewhere gets, an editor of the guard, and an author; 0 is not asked, since what was asked before has changed
	// what there is.
	routes := []struct {
		pattern, path        string
		form                 url.Values
		elsewhere, same, all int
	}{
		{"GET /app/site", "", nil, ok, ok, ok},
		{"GET /app/site/export/{file}", "/export/texts.csv", nil, gone, gone, gone},
		{"GET /app/site/new", "/new", nil, ok, ok, ok},
		{"GET /app/site/articles/{article}", "/articles/guard", nil, none, ok, ok},
		{"GET /app/site/articles/{article}/{lang}", "/articles/guard/pl", nil, none, ok, ok},
		{"GET /app/site/texts/{text}", "/texts/" + k.open, nil, none, ok, ok},
		{"GET /app/site/texts/{text}/preview", "/texts/" + k.open + "/preview", nil, none, ok, ok},
		{"GET /app/site/proposals/{proposal}", "/proposals/" + k.proposal, nil, none, ok, ok},
		{"GET /app/site/facts", "/facts", nil, ok, ok, ok},
		{"GET /app/site/facts/export/{file}", "/facts/export/facts.csv", nil, gone, gone, gone},
		{"GET /app/site/facts/{fact}", "/facts/guard-line", nil, none, ok, ok},
		{"GET /app/site/services", "/services", nil, ok, ok, ok},
		{"GET /app/site/services/export", "/services/export", nil, ok, ok, ok},
		{"GET /app/site/services/{service}", "/services/guard-point", nil, none, ok, ok},
		{"GET /app/site/services/{service}/confirmation", "/services/guard-point/confirmation", nil, none, ok, ok},
		{"GET /app/site/orders", "/orders", nil, ok, ok, ok},
		{"GET /app/site/orders/export/{file}", "/orders/export/orders.csv", nil, gone, gone, gone},
		{"GET /app/site/figures", "/figures", nil, none, none, ok},
		{"GET /app/site/visits", "/visits", nil, ok, ok, ok},
		{"GET /app/site/visits/export/{file}", "/visits/export/visits.csv", nil, gone, gone, gone},

		{"POST /app/site/new", "/new", form("kind", "guide", "topic", "rights"), faults, faults, faults},
		{"POST /app/site/new", "/new", form("id", "intruder", "kind", "guide", "topic", "rights", "unit", w.Terespol), none, moved, faults}, // the second time the mark is taken
		{"POST /app/site/articles/{article}", "/articles/guard", form("topic", "work", "day", "2026-10-24", "position", "3"), none, moved, moved},
		{"POST /app/site/articles/{article}/files", "/articles/guard/files", form("edition", "2", "lang", "pl"), none, moved, moved},
		{"POST /app/site/texts/{text}/submit", "/texts/" + k.open + "/submit", form(), none, moved, moved},
		{"POST /app/site/texts/{text}/review", "/texts/" + k.open + "/review", form("base", k.base, "return", "1"), none, faults, faults}, // a note is wanted
		{"POST /app/site/articles/{article}/{lang}", "/articles/guard/pl", form("base", k.base, "title", "Inna", "tab", "Inna", "summary", "Krótko.", "body", "Tak."), none, moved, 0},
		{"POST /app/site/articles/{article}/{lang}/withdraw", "/articles/guard/pl/withdraw", form(), none, moved, 0},
		{"POST /app/site/files/{file}/remove", "/files/" + k.file + "/remove", form("article", "guard"), none, moved, 0},
		{"POST /app/site/proposals/{proposal}", "/proposals/" + k.proposal, form("do", "return", "note", "Sprawdź."), none, moved, 0},
		{"POST /app/site/facts/confirm", "/facts/confirm", form("fact", "guard-line", "by", "Roman"), none, moved, moved},
		{"POST /app/site/calls", "/calls", form("fact", "guard-line", "called-on", "2026-10-22", "called-at", "23:30", "answered", "1"), none, moved, moved},
		{"POST /app/site/facts/{fact}", "/facts/guard-line", form("base", "9"), none, faults, faults},
		{"POST /app/site/services/{service}", "/services/guard-point", form("base", "9"), none, faults, faults},
		{"POST /app/site/services/{service}/confirmation", "/services/guard-point/confirmation", form("act", "ask", "address", "punkt@example.org", "lang", "pl"), none, moved, moved},
		{"POST /app/site/services/{service}/remove", "/services/guard-point/remove", form(), none, moved, 0},
		{"POST /app/site/services/import", "/services/import", form("do", "look", "lang", "pl"), no, no, ok},
		{"POST /app/site/figures", "/figures", form("act", "choose"), none, none, moved},
		{"POST /app/site/orders", "/orders", form("publication", "guard", "lang", "pl", "copies", "1", "institution", "Szkoła", "address", "Tu", "unit", w.Guard), none, moved, moved},
		{"POST /app/site/orders/{order}", "/orders/" + k.order, form("to", "sent"), none, moved, moved},
	}
	uploads := map[string]string{"/articles/guard/files": "%PDF-1.7", "/services/import": w.Browse(w.Author).Get("/app/site/services/export").Body}
	asked := map[string]bool{}
	elsewhere, same, all := w.Browse(w.PoliceEditor), w.Browse(w.SecondGuardEditor), w.Browse(w.Author)
	for _, r := range routes {
		asked[r.pattern] = true
		status := func(b *testrig.Browser) int {
			if r.form == nil {
				return b.Get("/app/site" + r.path).Status
			}
			if content := uploads[r.path]; content != "" {
				return b.Upload("/app/site"+r.path, r.form, "ulotka-2.pdf", content).Status
			}
			return b.Post("/app/site"+r.path, r.form).Status
		}
		nobody := moved // to the sign-in page
		if r.form != nil {
			nobody = http.StatusUnauthorized
		}
		if got := status(w.Browse(access.Actor{})); got != nobody {
			t.Errorf("%s as nobody: %d", r.pattern, got)
		}
		for name, a := range map[string]access.Actor{"learner": w.Learner, "trainer": w.GuardTrainer, "coordinator of the guard": w.GuardCoordinator} {
			if got := status(w.Browse(a)); got != no {
				t.Errorf("%s as %s: %d", r.pattern, name, got)
			}
		}
		if r.form != nil {
			if got := status(w.Browse(w.Reviewer)); got != no {
				t.Errorf("%s as a reviewer: %d", r.pattern, got)
			}
		}
		for i, c := range []struct {
			b    *testrig.Browser
			want int
		}{{elsewhere, r.elsewhere}, {same, r.same}, {all, r.all}} {
			if c.want != 0 {
				if got := status(c.b); got != c.want {
					t.Errorf("%s %v as %s: %d, want %d", r.pattern, r.form, []string{"an editor elsewhere", "an editor of the guard", "an author"}[i], got, c.want)
				}
			}
		}
	}
	for pattern := range access.Routes {
		if strings.Contains(pattern, " /app/site") && !asked[pattern] {
			t.Errorf("nobody asked for %s", pattern)
		}
	}
}

// TestAnEditorSeesTheUnitsPartOfTheSite: lists, exports and forms hold what the editor's units keep, and say which unit keeps it.
func TestAnEditorSeesTheUnitsPartOfTheSite(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		keep(w)
		w.OK(w.Site.CreateArticle(t.Context(), w.Author, content.Article{ID: "of-all", Kind: content.News, Topic: "rights", Day: "2026-10-23"}))
		guard, police, all := w.Browse(w.SecondGuardEditor), w.Browse(w.PoliceEditor), w.Browse(w.Author)
		for path, c := range map[string]struct{ selector, text string }{
			"/app/site":                 {"main table tbody", "Ulotka straży"},
			"/app/site?as=csv":          {"", "guard"},
			"/app/site/facts":           {"main table tbody", "guard-line"},
			"/app/site/facts?as=csv":    {"", "guard-line"},
			"/app/site/services":        {"main table tbody", "Punkt straży"},
			"/app/site/services/export": {"", "Punkt straży"},
			"/app/site/orders":          {"main table tbody", "Szkoła"},
			"/app/site/orders?as=csv":   {"", "Szkoła"},
		} {
			for name, b := range map[string]*testrig.Browser{"guard": guard, "police": police, "all": all} {
				p := w.In(t).Status(b.Get(path), http.StatusOK)
				text := p.Body
				if c.selector != "" {
					text = p.Text(c.selector)
				}
				if sees := strings.Contains(text, c.text); sees != (name != "police") {
					t.Errorf("%s, %s: sees it: %v", name, path, sees)
				}
				if c.selector != "" && name == "guard" && !strings.Contains(text, "Straż Graniczna") {
					t.Errorf("%s does not say who keeps it: %s", path, text)
				}
			}
		}
		if strings.Contains(guard.Get("/app/site").Text("main"), "of-all") || !strings.Contains(all.Get("/app/site").Text("main"), "of-all") {
			t.Error("an editor of a unit sees the installation's article, or an author does not")
		}
		// What may be added to: one's units; the installation too for who keeps the whole site, which comes first.
		choices := func(b *testrig.Browser, path string) (list []string) {
			b.Get(path).Find("select[name=unit] option").Each(func(_ int, o *goquery.Selection) { list = append(list, strings.TrimSpace(o.Text())) })
			return list
		}
		for _, path := range []string{"/app/site/new", "/app/site/facts/new", "/app/site/services/new", "/app/site/orders"} {
			if got := choices(guard, path); len(got) != 3 || slices.Contains(got, "Policja") || slices.Contains(got, "Cała instalacja") {
				t.Errorf("%s: the guard's editor chooses from %v", path, got)
			}
			if got := choices(all, path); len(got) != 8 || got[0] != "Cała instalacja" {
				t.Errorf("%s: an author chooses from %v", path, got)
			}
		}
		post := w.Browse(w.Person("Ela", "Terespolska", w.Terespol, identity.RoleDraft{Role: access.Editor, UnitID: w.Terespol}))
		if p := post.Get("/app/site/new"); p.Find("select[name=unit]").Length() != 0 || p.Find("input[type=hidden][name=unit]").AttrOr("value", "") != w.Terespol {
			t.Error("who has one unit is asked which")
		}
		// The installation's facts can be read, not changed; a file of services is for who keeps the whole site.
		p := guard.Get("/app/site/services")
		if p.Find(`form[action="/app/site/services/import"]`).Length() != 0 || all.Get("/app/site/services").Find(`form[action="/app/site/services/import"]`).Length() != 1 {
			t.Error("the form for a file of services")
		}
		testrig.Must(w.Site.ImportBundle(t.Context(), access.System, true))(t)
		p = guard.Get("/app/site/facts")
		if p.Find(`input[name=fact][value=guard-line]`).Length() != 1 || p.Find(`input[name=fact][value=emergency]`).Length() != 0 || p.Find(`a[href="/app/site/facts/emergency"]`).Length() != 1 {
			t.Errorf("facts to tick: %d", p.Find("input[name=fact]").Length())
		}
		if p := w.In(t).Status(guard.Get("/app/site/facts/emergency"), http.StatusOK); p.Find("main form button").Length() != 0 {
			t.Error("the installation's fact has a button")
		}
		for path, form := range map[string]url.Values{"emergency": {"base": {"1"}}, "confirm": {"fact": {"emergency"}, "by": {"Roman"}}} {
			p := w.In(t).Status(guard.Post("/app/site/facts/"+path, form), http.StatusForbidden)
			if !strings.Contains(p.Text("main"), "Tę informację prowadzi cała instalacja.") {
				t.Errorf("%s: why not is not said: %s", path, p.Text("main"))
			}
		}
		if p := police.Get("/app/site/facts"); p.Find(`input[name=by]`).Length() != 0 {
			t.Error("who can confirm nothing is asked who confirms")
		}
		w.In(t).Status(guard.Get("/app/site/articles/rights"), http.StatusNotFound)
	})
}
