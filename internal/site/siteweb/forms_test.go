package siteweb_test

import (
	"net/url"
	"testing"

	"ostoja/internal/access"
	"ostoja/internal/site"
	"ostoja/internal/site/content"
	"ostoja/internal/testrig"
	"ostoja/internal/web"
)

// TestNoFormHidesAFailure: whoever sends a form is led on once it was taken, and never where the database took nothing of it. The pages
// that show what was written, proposed and ordered by then miss nothing of it either, and all of it can be taken away as files.
func TestNoFormHidesAFailure(t *testing.T) {
	w := testrig.New(t)
	ctx := t.Context()
	first, second := w.Browse(w.Author), w.Browse(w.SecondAuthor)
	form := func(pairs ...string) url.Values { return web.NewForm(pairs...).Values }
	// Is read once the change is done, to renew the readers' pages and the facts in courses: what fails then is made good within a minute.
	renewing := []string{"site.revision", "o.fact_id = v.fact_id)"}
	pending := func(kind site.ProposalKind, id string) string {
		kept, err := w.Site.Entry(ctx, w.Author, kind, id)
		if err != nil || kept.Proposal == nil {
			t.Fatalf("%s: %v", id, err)
		}
		return "/app/site/proposals/" + kept.Proposal.ID
	}
	open := func() *content.Text {
		return testrig.Must(w.Site.Article(ctx, w.Author, "poradnik"))(t).Languages[0].Open
	}
	// A publication is written, returned, written again and published; then it is ordered.
	first.FragileForm(t, "/app/site/new", form("kind", "publication", "id", "poradnik", "topic", "rights", "day", "2026-10-20"))
	first.FragileForm(t, "/app/site/articles/poradnik", form("topic", "travel", "day", "2026-10-21", "position", "3"), renewing...)
	words := form("title", "Poradnik", "tab", "Poradnik", "summary", "Dla instytucji.", "body", "Treść.\n")
	first.FragileForm(t, "/app/site/articles/poradnik/pl", words)
	first.FragileForm(t, "/app/site/texts/"+open().ID+"/submit", form())
	second.FragileForm(t, "/app/site/texts/"+open().ID+"/review", form("base", open().Base(), "return", "1", "note", "Jeszcze nie."))
	words.Set("base", open().Base())
	words.Set("then", "submit")
	first.FragileForm(t, "/app/site/articles/poradnik/pl", words)
	text := open()
	second.FragileForm(t, "/app/site/texts/"+text.ID+"/review", form("base", text.Base()), renewing...)
	first.Fragile(t, []string{"/app/site/articles/poradnik", "/app/site/articles/poradnik/pl", "/app/site/articles/poradnik/en", "/app/site/articles/poradnik/pl?from=" + text.ID, "/app/site/texts/" + text.ID, "/app/site/texts/" + text.ID + "/preview"})
	first.FragileUpload(t, "/app/site/articles/poradnik/files", form("edition", "I", "lang", "pl"), "file", "poradnik.pdf", "%PDF-1.7 x", renewing...)
	first.FragileForm(t, "/app/site/orders", form("publication", "poradnik", "lang", "pl", "copies", "40", "institution", "Szkoła", "address", "ul. Prosta 1"))
	order := testrig.Must(w.Site.Orders(ctx, w.Author))(t)[0]
	first.FragileForm(t, "/app/site/orders/"+order.ID, form("to", "sent"))
	file := testrig.Must(w.Site.Article(ctx, w.Author, "poradnik"))(t).Files[0]
	first.FragileForm(t, "/app/site/files/"+file.ID+"/remove", form("article", "poradnik"), renewing...)
	// A fact and a service are proposed and accepted; the service is returned before.
	fact := form("id", "numer-probny", "kind", "phone", "value-any", "+48 22 000 00 11", "source", "test", "by", "test", "checked", "2026-10-20", "valid_until", "2026-12-20", "grace_days", "30", "base", site.NewBase)
	first.FragileForm(t, "/app/site/facts/new", fact)
	first.Files(t, "/app/site/facts?proposals.as=csv")
	proposal := pending(site.OfFact, "numer-probny")
	first.Fragile(t, []string{proposal, "/app/site/facts", "/app/site/facts/numer-probny", "/app/site/facts/new"})
	first.Files(t, proposal+"?as=csv")
	second.FragileForm(t, proposal, form("do", "accept"), renewing...)
	first.FragileForm(t, "/app/site/facts/confirm", form("fact", "numer-probny", "by", "Redakcja"), renewing...)
	first.FragileFault(t, "/app/site/calls", form("fact", "numer-probny", "called-on", "2027-01-01", "called-at", "23:30"))
	first.FragileFault(t, "/app/site/facts/confirm", form("by", "Redakcja"))
	first.FragileForm(t, "/app/site/calls", form("fact", "numer-probny", "called-on", "2026-10-22", "called-at", "23:30", "answered", "1"))
	first.Fragile(t, []string{"/app/site/facts/numer-probny"})
	first.Files(t, "/app/site/facts?calls.as=csv", "/app/site/facts/numer-probny?calls.as=xlsx", "/app/site/facts/numer-probny?history.as=csv")
	service := form("id", "miejsce", "name-pl", "Miejsce", "languages", "pl", "phones", "+48 22 000 00 01", "source", "test", "by", "test", "checked", "2026-10-20", "valid_until", "2026-12-20", "listed", "1", "base", site.NewBase)
	first.FragileForm(t, "/app/site/services/new", service)
	second.FragileForm(t, pending(site.OfService, "miejsce"), form("do", "return", "note", "Brak godzin."))
	service.Set("hours", "Mo-Fr 08:00-16:00")
	first.FragileForm(t, "/app/site/services/new", service)
	first.Files(t, "/app/site/services?proposals.as=csv")
	first.Fragile(t, []string{"/app/site/services", "/app/site/services/miejsce", "/app/site/services/new", pending(site.OfService, "miejsce")})
	second.FragileForm(t, pending(site.OfService, "miejsce"), form("do", "accept"), renewing...)
	first.FragileForm(t, "/app/site/services/miejsce/remove", form(), renewing...)
	first.FragileForm(t, "/app/site/articles/poradnik/pl/withdraw", form(), renewing...)
	first.Files(t, "/app/site?as=csv", "/app/site/articles/poradnik?as=csv", "/app/site/facts?as=csv", "/app/site/orders?as=csv", "/app/site/visits?doors.as=csv")
	for _, path := range []string{"/app/site/texts/none", "/app/site/articles/none", "/app/site/facts/none", "/app/site/services/none", "/app/site/proposals/none", "/app/site/articles/poradnik/pl?from=none", "/app/site/articles/poradnik/xx"} {
		w.Status(first.Get(path), 404)
	}
	w.Status(w.Browse(access.Actor{}).Get("/app/site"), 303)
}
