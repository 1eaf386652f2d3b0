package app_test

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"net/url"
	"strings"
	"testing"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/app"
	"ostoja/internal/backup"
	"ostoja/internal/db"
	"ostoja/internal/db/dbtest"
	"ostoja/internal/fact"
	"ostoja/internal/fact/facttest"
	"ostoja/internal/learning"
	"ostoja/internal/site"
	"ostoja/internal/site/content"
	"ostoja/internal/site/sitetest"
	"ostoja/internal/testrig"
)

const (
	oldLine = "tel:+48226280120"
	newLine = "tel:+48221234567"
)

// naming publishes a version of the small course whose first lesson and whose items name the national line.
func naming(t *testing.T, w *testrig.World) {
	t.Helper()
	testrig.Must(w.Site.ImportBundle(t.Context(), access.System, true))(t)
	files := testrig.CourseFolder{ID: testrig.SmallCourse, Label: "2", Langs: []string{"pl", "en"}, Forms: true}.Files()
	for name, f := range files {
		text := string(f.Data)
		switch {
		case strings.HasPrefix(name, "modules/"):
			text = strings.Replace(text, "Tekst.", "Zadzwoń: {helpline-phone}.", 1)
		case strings.HasPrefix(name, "items/"):
			for _, id := range []string{"t-1", "t-2", "t-3"} {
				text = strings.ReplaceAll(text, "Pytanie "+id+"?", "Dzwonisz pod {national-line}?")
			}
			text = strings.ReplaceAll(text, "Bo tak.", "Zadzwoń: {national-line}.")
		}
		f.Data = []byte(text)
	}
	// A competence form holds no item that rests on a fact.
	all := files["items/all.yaml"]
	before, forms, _ := strings.Cut(string(all.Data), "- id: know-a1")
	all.Data = []byte(before + "- id: know-a1" + strings.ReplaceAll(forms, "{national-line}", "numer"))
	if _, _, err := w.Courses.Publish(t.Context(), w.Author, files); err != nil {
		t.Fatalf("%+v", err)
	}
}

// changeLine has editors change the national line.
func changeLine(t *testing.T, w *testrig.World) {
	t.Helper()
	entry := testrig.Must(w.Site.Entry(t.Context(), access.System, site.OfFact, fact.NationalLine))(t)
	line := *entry.Current.Fact
	line.Value, line.Checked, line.ValidUntil, line.By = map[string]string{fact.AnyLang: "+48 22 123 45 67"}, "2026-10-01", "2026-12-30", "Ewa"
	sitetest.Fact(t, w.Site, line)
}

// A number that editors change while somebody sits a test stands there as it was when the attempt began, also afterwards, when the fact has
// lapsed, and after a restart; a new attempt and every lesson have the new one at once.
func TestABegunAttemptKeepsItsFacts(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx := t.Context()
		naming(t, w)
		begin := func(a access.Actor) (learning.Enrolment, learning.Attempt) {
			e := w.Enrol(a, testrig.SmallCourse)
			w.FinishParts(a, e.ID)
			return e, testrig.Must(w.Learning.BeginTest(ctx, a, e.ID))(t)
		}
		first, attempt := begin(w.Learner)
		of := func(e learning.Enrolment, a learning.Attempt) string { return "/app/learn/" + e.ID + "/test/" + a.ID }
		says := func(what string, a access.Actor, path, want, not string) {
			t.Helper()
			p := w.Status(w.Browse(a).Get(path), 200)
			if !strings.Contains(p.Body, want) || strings.Contains(p.Body, not) {
				t.Errorf("%s: not %s alone", what, want)
			}
		}
		says("before the change", w.Learner, of(first, attempt), oldLine, newLine)
		w.Clock.Advance(time.Minute)
		changeLine(t, w)
		says("the attempt that had begun", w.Learner, of(first, attempt), oldLine, newLine)
		says("the lesson of who sits it", w.Learner, "/app/learn/"+first.ID+"/lesson/one", newLine, oldLine)
		second, later := begin(w.OtherLearner)
		says("an attempt that begins now", w.OtherLearner, of(second, later), newLine, oldLine)
		form := url.Values{"submit": {"1"}}
		for _, id := range attempt.Items {
			form.Set("item."+id, "a")
		}
		w.Browse(w.Learner).Post(of(first, attempt), form)
		says("its result", w.Learner, of(first, attempt)+"/result", oldLine, newLine)

		shown := func(n *app.App, a access.Actor, e learning.Enrolment, x learning.Attempt) string {
			t.Helper()
			v := testrig.Must(n.Learning.Attempt(ctx, a, e.ID, x.ID))(t)
			return v.Asked.HTML(v.Items[0].Question, "pl") + v.Asked.HTML(v.Items[0].Explanation, "pl")
		}
		was := shown(w.App, w.Learner, first, attempt)
		if again := shown(w.Node(), w.Learner, first, attempt); again != was || !strings.Contains(was, oldLine) {
			t.Errorf("after a restart it says\n%s\nand was\n%s", again, was)
		}
		w.Clock.Advance(3 * 365 * 24 * time.Hour)
		w.OK(w.Facts.Refresh(ctx))
		if again := shown(w.App, w.Learner, first, attempt); again != was {
			t.Errorf("years later it says\n%s\nand was\n%s", again, was)
		}
		// What somebody was shown on a day can be asked of whole lessons, too.
		v := testrig.Must(w.Courses.VersionAt(ctx, attempt.VersionID, attempt.StartedAt))(t)
		if said := v.Lesson("one", "pl").Segments[0].HTML; !strings.Contains(said, oldLine) || strings.Contains(said, "niepotwierdzone") {
			t.Error(said)
		}
		today := testrig.Must(w.Courses.Version(ctx, attempt.VersionID))(t)
		if said := today.Lesson("one", "pl").Segments[0].HTML; !strings.Contains(said, newLine) || !strings.Contains(said, "niepotwierdzone") {
			t.Error(said)
		}
	})
}

// The change of a fact and its version are one: where one cannot be stored, neither is. A restored backup holds the history.
func TestTheHistoryIsStoredWithTheChange(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx := t.Context()
		testrig.Must(w.Site.ImportBundle(ctx, access.System, true))(t)
		before := testrig.Must(w.Facts.History(ctx, fact.NationalLine))(t)
		if len(before) != 1 {
			t.Fatalf("taking the pack's facts into the site changed what is shown: %+v", before)
		}
		w.Clock.Advance(time.Minute)
		mend := dbtest.Break(t, w.DB, "INSERT", "fact_version", "TRUE")
		if _, err := w.Site.Confirm(ctx, access.System, []string{fact.NationalLine}, "Ewa"); err == nil {
			t.Error("a change without its version was stored")
		}
		mend()
		stored := testrig.Must(w.Site.Entry(ctx, access.System, site.OfFact, fact.NationalLine))(t)
		if stored.Current.Fact.By == "Ewa" {
			t.Error("a change without its version was stored")
		}
		changeLine(t, w)
		noted := *testrig.Must(w.Site.Entry(ctx, access.System, site.OfFact, fact.NationalLine))(t).Current.Fact
		noted.Note = "dopytać"
		sitetest.Fact(t, w.Site, noted) // no reader sees that
		list := testrig.Must(w.Facts.History(ctx, fact.NationalLine))(t)
		if len(list) != 2 || list[0].In("pl") != "+48 22 123 45 67" || list[0].By != "Ewa" || !list[0].Since.Equal(w.Clock.Now()) || list[1].In("pl") != before[0].In("pl") {
			t.Fatalf("%+v", list)
		}
		sitetest.Fact(t, w.Site, content.Fact{ // of no pack
			ID: "new-law", Kind: fact.Term, Value: map[string]string{fact.AnyLang: "14"}, Source: "ustawa", Checked: "2026-10-01", By: "Ewa", ValidUntil: "2026-12-30"})
		if b := testrig.Must(w.Facts.At(ctx, w.Clock.Now().Add(-time.Second)))(t); b == w.Facts.Today() {
			t.Error("a new fact changes nothing")
		} else if f, _ := b.Get("new-law"); f != nil {
			t.Error("a fact is shown before there was one")
		}

		var file bytes.Buffer
		key := ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize))
		testrig.Must(backup.Write(ctx, w.DB, w.Clock.Now(), &file, backup.Protection{Key: key}))(t)
		d := dbtest.SQLite(t)
		whole := testrig.Must(backup.Open(bytes.NewReader(file.Bytes()), int64(file.Len()), backup.Trust{Unverified: true}))(t)
		testrig.Must(whole.Restore(ctx, d))(t)
		restored := fact.New(d, w.Clock, time.UTC, facttest.Poland(t), func(context.Context, db.Querier) ([]*fact.Fact, error) { return nil, nil })
		if again := testrig.Must(restored.History(ctx, fact.NationalLine))(t); len(again) != 2 || again[1].In("pl") != before[0].In("pl") || !again[0].Since.Equal(list[0].Since) {
			t.Errorf("%+v", again)
		}
	})
}
