package siteweb_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/fact"
	"ostoja/internal/site"
	"ostoja/internal/testrig"
)

// TestWhatWaitsToBeConfirmed: the list of facts leads to those that wait, as long as any does; what a proposal would change of a tick is a word.
func TestWhatWaitsToBeConfirmed(t *testing.T) {
	w := testrig.New(t)
	ctx := t.Context()
	w.Until(time.Date(2026, 11, 29, 8, 0, 0, 0, time.UTC))
	testrig.Must(w.Site.ImportBundle(ctx, access.System, true))(t)
	b := w.Browse(w.Author)
	const link = `main .notice a[href="/app/site/facts?due=1"]`
	if p := b.Get("/app/site/facts"); p.Find(link).Length() != 1 {
		t.Error("who comes to the facts is not led to those that wait")
	}
	if p := b.Get("/app/site/facts?due=1"); p.Find(link).Length() != 0 {
		t.Error("who sees those that wait is led there again")
	}
	var waiting []string
	for _, f := range testrig.Must(w.Site.Facts(ctx, w.Author))(t) {
		if f.DueOn(w.Clock.Now(), w.Site.Zone()) {
			waiting = append(waiting, f.ID)
		}
	}
	if n := testrig.Must(w.Site.Confirm(ctx, w.Author, waiting, "Redakcja"))(t); n != len(waiting) {
		t.Fatalf("%d of %d were confirmed", n, len(waiting))
	}
	if p := w.Status(b.Get("/app/site/facts"), http.StatusOK); p.Find(link).Length() != 0 {
		t.Errorf("nothing waits: %s", p.Text("main .notice"))
	}

	kept := testrig.Must(w.Site.Entry(ctx, w.Author, site.OfFact, fact.NationalLine))(t)
	f := *kept.Current.Fact
	f.Confirm, f.Value = true, map[string]string{fact.AnyLang: "+48 22 490 20 44"}
	w.OK(w.Site.ProposeFact(ctx, w.Author, f, kept.Base))
	p := b.Get("/app/site/proposals/" + testrig.Must(w.Site.Proposals(ctx, w.Author))(t)[0].ID)
	if was, is := p.Text(".diff del"), p.Text(".diff ins"); !strings.Contains(was, "nie") || !strings.Contains(is, "tak") {
		t.Errorf("it was %q and is %q", was, is)
	}
}
