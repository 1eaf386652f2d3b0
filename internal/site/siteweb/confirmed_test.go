package siteweb_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/fact"
	"ostoja/internal/site"
	"ostoja/internal/testrig"
)

// TestConfirmingOpensANewSite: what is published waits for its numbers; each is named, leads to its own page, and is confirmed there, and
// the last one opens the site to readers.
func TestConfirmingOpensANewSite(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx := t.Context()
		w.Until(time.Date(2026, 11, 29, 8, 0, 0, 0, time.UTC))
		w.Production()
		testrig.Must(w.Site.ImportBundle(ctx, access.System, true))(t)
		polish, english := w.Browse(w.Author), w.Browse(w.SecondAuthor)
		for who, b := range map[string]*testrig.Browser{"potwierdzenia numeru 112: Numer alarmowy": polish, "the confirmation of the number 112: Emergency number": english} {
			if text := b.Get("/app/site").Text(".notice"); !strings.Contains(text, who) {
				t.Errorf("no %q in %q", who, text)
			}
		}
		waiting := testrig.Must(w.Site.Opening(ctx, w.Author))(t)
		if len(waiting.Missing) > 0 || len(waiting.Unconfirmed) < 5 {
			t.Fatalf("it lacks %v and %d numbers", waiting.Missing, len(waiting.Unconfirmed))
		}
		if rows := polish.Get("/app/site/facts?due=1").Find("tbody tr"); !strings.Contains(rows.Eq(0).Text(), "potwierdź najpierw") || strings.Contains(rows.Eq(len(waiting.Unconfirmed)).Text(), "potwierdź najpierw") {
			t.Errorf("the queue does not begin with them: %s", rows.Eq(0).Text())
		}
		const form = `form[action="/app/site/facts/confirm"]`
		for name, b := range map[string]*testrig.Browser{"who keeps other facts": w.Browse(w.GuardEditor), "who only reads": w.Browse(w.Reviewer)} {
			if b.Get("/app/site/facts/emergency").Find(form).Length() > 0 {
				t.Errorf("%s is asked to confirm", name)
			}
		}
		for i, f := range waiting.Unconfirmed {
			if p := w.Browse(access.Actor{}).Get("/pl/"); p.Status != http.StatusNotFound {
				t.Fatalf("readers are let in with %d numbers to go: %d", len(waiting.Unconfirmed)-i, p.Status)
			}
			path := "/app/site/facts/" + f.ID
			if polish.Get("/app/site").Find(`.notice li a[href="`+path+`"]`).Length() != 1 {
				t.Errorf("%s is not named, or leads nowhere", f.ID)
			}
			p := polish.Get(path).Find(form)
			by, id := p.Find("[name=by]").AttrOr("value", ""), p.Find("[name=fact]").AttrOr("value", "")
			w.Status(polish.Post("/app/site/facts/confirm", url.Values{"fact": {id}, "by": {by}}), http.StatusSeeOther)
		}
		if p := w.Browse(access.Actor{}).Get("/pl/"); p.Status != http.StatusOK {
			t.Errorf("it did not open: %d", p.Status)
		}
		if polish.Get("/app/site").Find(".notice.danger").Length() > 0 || polish.Get("/app/site/facts/emergency").Find(form).Length() > 0 {
			t.Error("what is confirmed is still to be confirmed")
		}
	})
}

// TestTheRefusalIsRead: on an open site neither a text nor a fact brings an unconfirmed number where somebody in danger looks; who publishes
// or accepts reads why, in their language, before and after they tried, and nothing is lost.
func TestTheRefusalIsRead(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx := t.Context()
		w.Until(time.Date(2026, 11, 29, 8, 0, 0, 0, time.UTC))
		w.Production()
		testrig.Must(w.Site.ImportBundle(ctx, access.System, true))(t)
		var ids []string
		for _, f := range testrig.Must(w.Site.Opening(ctx, w.Author))(t).Unconfirmed {
			ids = append(ids, f.ID)
		}
		testrig.Must(w.Site.Confirm(ctx, w.Author, ids, "Redakcja"))(t)

		old := testrig.Must(w.Site.Article(ctx, w.Author, "rights"))(t).Languages[0].Published
		text := testrig.Must(w.Site.SaveDraft(ctx, w.Author, site.TextDraft{ArticleID: "rights", Lang: "pl", Title: old.Title, Tab: old.Tab, Summary: old.Summary,
			Body: ":::critical\nZadzwoń: {crisis-line}.\n:::\n", Base: old.Base()}))(t)
		w.OK(w.Site.Submit(ctx, w.Author, text.ID))
		page := "/app/site/texts/" + text.ID
		for want, b := range map[string]*testrig.Browser{"Tego tekstu nie można jeszcze opublikować": w.Browse(w.Author), "This text cannot be published yet": w.Browse(w.SecondAuthor)} {
			if p := b.Get(page); !strings.Contains(p.Text(".notice"), want) || p.Find(`.notice a[href="/app/site/facts/crisis-line"]`).Length() != 1 {
				t.Errorf("no %q in %q", want, p.Text(".notice"))
			}
		}
		verdict := url.Values{"base": {text.Base()}, "note": {"dobre"}}
		for want, who := range map[string]access.Actor{"is in a block “What to do first”": w.SecondAuthor, "stoi w bloku „Co zrobić najpierw”": w.Coordinator} {
			p := w.Status(w.Browse(who).Post(page+"/review", verdict), http.StatusUnprocessableEntity)
			if !strings.Contains(p.Text(".errors"), want) || !strings.Contains(p.Text(".errors"), "116 123 (crisis-line)") || p.Text("#f-note") != "dobre" {
				t.Errorf("the refusal reads %q, the note %q", p.Text(".errors"), p.Text("#f-note"))
			}
		}

		kept := testrig.Must(w.Site.Entry(ctx, w.Author, site.OfFact, fact.NationalLine))(t)
		f := *kept.Current.Fact
		f.Value, f.Confirm = map[string]string{fact.AnyLang: "+48 22 490 20 44"}, true
		w.OK(w.Site.ProposeFact(ctx, w.Author, f, kept.Base))
		page = "/app/site/proposals/" + testrig.Must(w.Site.Proposals(ctx, w.Author))(t)[0].ID
		for want, who := range map[string]access.Actor{"A person in danger calls the number +48 22 628 01 20": w.SecondAuthor, "Pod numer +48 22 628 01 20 dzwoni osoba": w.Coordinator} {
			if p := w.Browse(who).Get(page); !strings.Contains(p.Text(".notice"), want) {
				t.Errorf("before: no %q in %q", want, p.Text(".notice"))
			}
			p := w.Status(w.Browse(who).Post(page, url.Values{"do": {"accept"}, "note": {"słowo"}}), http.StatusUnprocessableEntity)
			if !strings.Contains(p.Text(".errors"), want) || p.Text("#f-note") != "słowo" {
				t.Errorf("the refusal reads %q, the note %q", p.Text(".errors"), p.Text("#f-note"))
			}
		}
		if body := w.Browse(access.Actor{}).Get("/pl/").Body; !strings.Contains(body, "tel:+48226280120") {
			t.Error("the old number has gone")
		}
	})
}
