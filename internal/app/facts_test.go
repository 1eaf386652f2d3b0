package app

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/config"
	"ostoja/internal/db/dbtest"
	"ostoja/internal/fact"
	"ostoja/internal/identity"
	"ostoja/internal/learning/learningtest"
	"ostoja/internal/site"
	"ostoja/internal/site/siteweb/reader"
)

// naming is a small course whose lesson and item name facts.
func naming(t *testing.T) fstest.MapFS {
	t.Helper()
	folder, named := learningtest.Folder("1"), 0
	for name, f := range folder {
		text := string(f.Data)
		if strings.HasSuffix(name, "one.pl.md") {
			text = strings.Replace(text, "Tekst.", "Zadzwoń: {helpline-phone}. Mówi o tym {prosecutor|loc}.", 1)
		}
		if strings.HasPrefix(name, "items/") {
			text = strings.Replace(text, "Bo tak.", "Zadzwoń: {national-line}.", 1)
		}
		if text != string(f.Data) {
			named++
			f.Data = []byte(text)
		}
	}
	if named != 2 {
		t.Fatalf("%d files name a fact", named)
	}
	return folder
}

// says returns what a version of a course says in its first lesson and in its items' explanations.
func says(t *testing.T, a *App, versionID string) (lesson, items string) {
	t.Helper()
	c, err := a.Courses.Version(t.Context(), versionID)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range c.Lesson("one", "pl").Segments {
		lesson += s.HTML
	}
	for _, id := range c.ItemIDs() {
		items += c.HTML(c.Item(id).Explanation, "pl")
	}
	return lesson, items
}

// A fact that an editor confirms is shown so in the course's lessons and items and on the site's pages, on the node where it was done and
// on another.
func TestAChangedFactIsShownOnEveryNode(t *testing.T) {
	address := dbtest.PostgresURL(t)
	a, b := node(t, address), node(t, address)
	if err := publishSite(t.Context(), a); err != nil {
		t.Fatal(err)
	}
	v, _, err := a.Courses.Publish(t.Context(), access.System, naming(t))
	if err != nil {
		t.Fatal(err)
	}
	const unconfirmed = "do potwierdzenia"
	for name, n := range map[string]*App{"the node": a, "the other node": b} {
		lesson, items := says(t, n, v.ID)
		for _, want := range []string{`<a class="tel" href="tel:+48226280120">`, "Mówi o\u00a0tym prokuratorze.", "(stan na <time ", unconfirmed} {
			if !strings.Contains(lesson, want) {
				t.Errorf("%s: no %q in %s", name, want, lesson)
			}
		}
		if !strings.Contains(items, unconfirmed) {
			t.Errorf("%s: %s", name, items)
		}
	}
	begin := time.Now()
	if _, err := a.Site.Confirm(t.Context(), access.System, []string{"national-line", "prosecutor"}, "Ewa"); err != nil {
		t.Fatal(err)
	}
	for name, n := range map[string]*App{"the node": a, "the other node": b} {
		within(t, name, func() bool {
			lesson, items := says(t, n, v.ID)
			return !strings.Contains(lesson, unconfirmed) && !strings.Contains(items, unconfirmed) && strings.Contains(lesson, "prokuratorze")
		})
	}
	t.Logf("shown everywhere after %s", time.Since(begin))
}

// editor adds a person who may change the whole site.
func editor(t *testing.T, a *App, mail string) access.Actor {
	t.Helper()
	unit, err := a.Identity.CreateUnit(t.Context(), access.System, identity.UnitDraft{Kind: identity.Office, Name: mail})
	if err != nil {
		t.Fatal(err)
	}
	personID, err := a.Identity.Add(t.Context(), access.System, identity.Draft{GivenName: "Ewa", FamilyName: "Dąb", Mail: mail, UnitID: unit, Lang: "pl"}, false)
	if err != nil {
		t.Fatal(err)
	}
	return access.Actor{PersonID: personID, Grants: []access.Grant{{Role: access.Administrator}}}
}

// A number that two editors change stands changed in a published version's lesson and item, on the site's pages in every language, and in
// the single file of each language.
func TestAChangedNumberIsShownEverywhere(t *testing.T) {
	a := node(t, dbtest.PostgresURL(t))
	ctx := t.Context()
	if err := publishSite(ctx, a); err != nil {
		t.Fatal(err)
	}
	v, _, err := a.Courses.Publish(ctx, access.System, naming(t))
	if err != nil {
		t.Fatal(err)
	}
	handler, err := a.Handler()
	if err != nil {
		t.Fatal(err)
	}
	entry, err := a.Site.Entry(ctx, access.System, site.OfFact, fact.NationalLine)
	if err != nil {
		t.Fatal(err)
	}
	line := *entry.Current.Fact
	line.Value, line.Checked, line.By = map[string]string{fact.AnyLang: "+48 22 123 45 67"}, time.Now().Format(time.DateOnly), "Ewa"
	if err := a.Site.ProposeFact(ctx, editor(t, a, "a@example.org"), line, entry.Base); err != nil {
		t.Fatalf("%+v", err)
	}
	waiting, err := a.Site.Proposals(ctx, access.System)
	if err != nil || len(waiting) != 1 {
		t.Fatalf("%d proposals, %v", len(waiting), err)
	}
	begin := time.Now()
	if err := a.Site.AcceptProposal(ctx, editor(t, a, "b@example.org"), waiting[0].ID); err != nil {
		t.Fatal(err)
	}
	within(t, "the node", func() bool {
		lesson, items := says(t, a, v.ID)
		said := []string{lesson, items}
		for _, l := range a.Site.Languages() {
			w := httptest.NewRecorder()
			handler.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/"+l.Tag+"/", nil))
			said = append(said, w.Body.String())
		}
		return !slices.ContainsFunc(said, func(s string) bool {
			return !strings.Contains(s, "tel:+48221234567") || strings.Contains(s, "tel:+48226280120")
		})
	})
	t.Logf("shown everywhere after %s", time.Since(begin))
	files, err := reader.Files(ctx, a.Site, "https://example.org", a.siteKey)
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range a.Site.Languages() {
		single := 0
		for _, f := range files {
			if strings.Contains(string(f.Content), "tel:+48226280120") {
				t.Errorf("%s says the old number", f.Name)
			}
			if strings.HasSuffix(f.Name, l.Tag+".html") && strings.Contains(string(f.Content), "tel:+48221234567") {
				single++
			}
		}
		if single == 0 {
			t.Errorf("no single file in %s says the new number", l.Tag)
		}
	}
}

// A command that is given another country's pack than the program that serves changes nothing of what that shows.
func TestACommandChangesNothingOfWhatIsShown(t *testing.T) {
	d, settings := dbtest.SQLite(t), &config.Config{BaseURL: "http://localhost", Zone: "Europe/Warsaw"}
	read, err := ReadContent(settings)
	if err != nil {
		t.Fatal(err)
	}
	start := func(name string, command bool) *App {
		t.Helper()
		other := *read
		other.facts = &fact.Pack{Facts: []*fact.Fact{{ID: "prosecutor", Kind: fact.Name, Value: map[string]string{"pl": name}}}}
		a, err := New(t.Context(), settings, d, Options{Command: command, Content: &other})
		if err != nil {
			t.Fatal(err)
		}
		return a
	}
	shows := func(a *App, want string) {
		t.Helper()
		if err := a.Facts.Refresh(t.Context()); err != nil {
			t.Fatal(err)
		}
		if f, _ := a.Facts.Today().Get("prosecutor"); f == nil || f.In("pl") != want {
			t.Errorf("it shows %+v", f)
		}
	}
	serving := start("prokurator", false)
	shows(serving, "prokurator")
	shows(start("prokuroras", true), "prokurator")
	shows(serving, "prokurator")
	shows(start("prokuroras", false), "prokuroras")
}
