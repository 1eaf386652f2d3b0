package confirmation_test

import (
	"context"
	"errors"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/db"
	"ostoja/internal/db/dbtest"
	"ostoja/internal/errs"
	"ostoja/internal/fact"
	"ostoja/internal/site"
	"ostoja/internal/site/confirmation"
	"ostoja/internal/site/directory"
	"ostoja/internal/testrig"
)

const serviceID = "biuro"

// office is an entry with a number of its own, and one that is a fact.
func office(now time.Time) *directory.Service {
	return &directory.Service{
		ID: serviceID, Name: map[string]string{"pl": "Biuro próbne"}, Summary: map[string]string{"pl": "Porady"}, Languages: []string{"pl", "uk"},
		Phones: []directory.Phone{{Number: "+48 22 628 01 20"}, {Fact: fact.NationalLine}}, Mail: "biuro@example.org", Source: "test",
		Checked: now.Format(time.DateOnly), By: "test", ValidUntil: now.AddDate(0, 0, 40).Format(time.DateOnly), Confirm: true,
	}
}

// list puts an entry on the site that the guard's editors keep.
func list(t *testing.T, w *testrig.World, x *directory.Service) {
	t.Helper()
	ctx := t.Context()
	testrig.Must(w.Site.ImportBundle(ctx, access.System, true))(t)
	w.OK(w.Site.ProposeService(ctx, w.GuardEditor, x, true, w.Guard, site.NewBase))
	e := testrig.Must(w.Site.Entry(ctx, w.SecondGuardEditor, site.OfService, x.ID))(t)
	w.OK(w.Site.AcceptProposal(ctx, w.SecondGuardEditor, e.Proposal.ID))
}

var linked = regexp.MustCompile(`/confirm/([A-Za-z0-9_-]{43})\?lang=(pl|en)`)

// ask has the service asked, and returns the token that the letter brings.
func ask(t *testing.T, w *testrig.World) string {
	t.Helper()
	w.OK(w.Confirmation.Ask(t.Context(), w.GuardEditor, serviceID, "biuro@example.org", "pl"))
	return token(t, w)
}

func token(t *testing.T, w *testrig.World) string {
	t.Helper()
	l := w.LastLetter()
	for _, x := range w.Letters() { // editors are written to meanwhile
		if linked.MatchString(x.Body) {
			l = x
		}
	}
	found := linked.FindStringSubmatch(l.Body)
	if found == nil || strings.Contains(l.Subject, "Biuro") {
		t.Fatalf("%q, %s", l.Subject, l.Body)
	}
	return found[1]
}

func entry(t *testing.T, w *testrig.World) *directory.Service {
	t.Helper()
	return testrig.Must(w.Site.Entry(t.Context(), w.GuardEditor, site.OfService, serviceID))(t).Current.Service
}

func link(t *testing.T, w *testrig.World, token string) confirmation.Link {
	t.Helper()
	return testrig.Must(w.Confirmation.Link(t.Context(), token))(t)
}

// factsOf is what is stored of the site's facts.
func factsOf(t *testing.T, w *testrig.World) string {
	t.Helper()
	var all strings.Builder
	for _, row := range testrig.Must(db.All[string](t.Context(), w.DB, `SELECT id || checked_on || checked_by || valid_until || version || CASE WHEN confirm THEN 'y' ELSE 'n' END FROM site_fact ORDER BY id`))(t) {
		all.WriteString(row + "\n")
	}
	return all.String()
}

// A service says that all is right: the entry was checked that day by itself and holds for three months. No number that is a fact is confirmed
// by it, and looking at the link, however often, uses nothing up.
func TestAServiceConfirmsItsEntry(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx := t.Context()
		list(t, w, office(w.Clock.Now()))
		before := factsOf(t, w)
		key := ask(t, w)
		if n := testrig.Must(db.One[int](ctx, w.DB, `SELECT COUNT(*) FROM site_confirmation WHERE token_hash = ?`, key))(t); n != 0 {
			t.Error("the token itself is stored")
		}
		w.Clock.Advance(10 * 24 * time.Hour)
		for range 3 {
			l := link(t, w, key)
			if l.State != confirmation.Open || l.Entry.Name["pl"] != "Biuro próbne" || len(l.Numbers) != 2 || l.Numbers[0].Fact || !l.Numbers[1].Fact {
				t.Fatalf("%+v", l)
			}
		}
		w.OK(w.Confirmation.Confirm(ctx, key, link(t, w, key).Version))
		x, today := entry(t, w), w.Clock.Now()
		if x.Checked != today.Format(time.DateOnly) || x.By != "instytucja, której dotyczy wpis" || x.Confirm || x.ValidUntil != today.AddDate(0, 3, 0).Format(time.DateOnly) {
			t.Errorf("checked %s by %q, until %s, unconfirmed %t", x.Checked, x.By, x.ValidUntil, x.Confirm)
		}
		if after := factsOf(t, w); after != before {
			t.Errorf("facts were changed:\n%s\n%s", before, after)
		}
		if err := w.Confirmation.Confirm(ctx, key, 3); !errors.Is(err, errs.ErrGone) {
			t.Errorf("pressed twice: %v", err)
		}
		if err := w.Confirmation.Report(ctx, key, confirmation.Answer{"hours": "od 9"}); !errors.Is(err, errs.ErrGone) {
			t.Errorf("another answer: %v", err)
		}
		if got := link(t, w, key).State; got != confirmation.Confirmed {
			t.Errorf("afterwards: %q", got)
		}
		d := testrig.Must(w.Confirmation.Desk(ctx, w.GuardEditor, serviceID))(t)
		if len(d.Requests) != 1 || d.Requests[0].Ended != confirmation.Confirmed || d.Requests[0].Address != "" || d.Requests[0].AskedBy != "Regina Redagująca" {
			t.Errorf("%+v", d.Requests)
		}
		if _, err := w.Confirmation.Link(ctx, "x"); !errors.Is(err, errs.ErrNotFound) {
			t.Errorf("unknown: %v", err)
		}
	})
}

// Of many who press at once one confirms: the entry goes on by one version.
func TestPressedAtOnceCountsOnce(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx := t.Context()
		list(t, w, office(w.Clock.Now()))
		key := ask(t, w)
		version := link(t, w, key).Version
		var wait sync.WaitGroup
		results := make([]error, 8)
		for i := range results {
			wait.Go(func() {
				if i%2 == 0 {
					results[i] = w.Confirmation.Confirm(ctx, key, version)
				} else {
					results[i] = w.Confirmation.Report(ctx, key, confirmation.Answer{"else": "nowy adres"})
				}
			})
		}
		wait.Wait()
		done := 0
		for _, err := range results {
			switch {
			case err == nil:
				done++
			case !errors.Is(err, errs.ErrGone):
				t.Error(err)
			}
		}
		if done != 1 {
			t.Errorf("%d answers", done)
		}
		if n := testrig.Must(db.One[int](ctx, w.DB, `SELECT COUNT(*) FROM audit WHERE action IN ('site.confirmation.confirmed', 'site.confirmation.changed')`))(t); n != 1 {
			t.Errorf("%d are recorded", n)
		}
	})
}

// What was seen is what is confirmed: an entry that editors changed meanwhile is looked at again, by the same link.
func TestAnEntryThatChangedMeanwhileIsReadAgain(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx := t.Context()
		list(t, w, office(w.Clock.Now()))
		key := ask(t, w)
		seen := link(t, w, key).Version
		x, base := office(w.Clock.Now()), testrig.Must(w.Site.Entry(ctx, w.GuardEditor, site.OfService, serviceID))(t).Base
		x.Town = "Lublin"
		w.OK(w.Site.ProposeService(ctx, w.GuardEditor, x, true, "", base))
		w.OK(w.Site.AcceptProposal(ctx, w.SecondGuardEditor, testrig.Must(w.Site.Entry(ctx, w.GuardEditor, site.OfService, serviceID))(t).Proposal.ID))
		if err := w.Confirmation.Confirm(ctx, key, seen); !errors.Is(err, errs.ErrConflict) {
			t.Fatalf("an entry that was not seen is confirmed: %v", err)
		}
		if got := entry(t, w).By; got != "test" {
			t.Errorf("checked by %q", got)
		}
		w.OK(w.Confirmation.Confirm(ctx, key, link(t, w, key).Version))
	})
}

// What a service says has changed waits for the editors who keep the entry, and changes nothing.
func TestWhatHasChangedIsANote(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx := t.Context()
		list(t, w, office(w.Clock.Now()))
		key, before := ask(t, w), len(w.Letters())
		version := link(t, w, key).Version
		w.OK(w.Confirmation.Report(ctx, key, confirmation.Answer{"hours": " od poniedziałku 9–17 ", "phones": "nowy: +48 22 628 01 21", "unknown": "x"}))
		var told []string
		for _, l := range w.Letters()[before:] {
			told = append(told, l.To)
			if !strings.Contains(l.Body, "/app/site/services/biuro/confirmation") || strings.Contains(l.Body, "9–17") || strings.Contains(l.Subject, "Biuro") {
				t.Errorf("%q: %s", l.Subject, l.Body)
			}
		}
		if len(told) != 2 { // the two editors of the guard
			t.Errorf("told: %v", told)
		}
		d := testrig.Must(w.Confirmation.Desk(ctx, w.GuardEditor, serviceID))(t)
		r := d.Requests[0]
		if !r.Waits() || r.Answer["hours"] != "od poniedziałku 9–17" || len(r.Answer) != 2 {
			t.Errorf("%+v", r)
		}
		if now := testrig.Must(db.One[int](ctx, w.DB, `SELECT version FROM site_service WHERE id = ?`, serviceID))(t); now != version {
			t.Errorf("the entry went from version %d to %d", version, now)
		}
		w.OK(w.Confirmation.Handle(ctx, w.GuardEditor, serviceID, r.ID))
		if err := w.Confirmation.Handle(ctx, w.GuardEditor, serviceID, r.ID); !errors.Is(err, errs.ErrConflict) {
			t.Errorf("dealt with twice: %v", err)
		}
	})
}

// Each way in which a link ends is told from the others, and none can be answered.
func TestHowLinksEnd(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx := t.Context()
		list(t, w, office(w.Clock.Now()))
		over := func(key string, want confirmation.State) {
			t.Helper()
			if got := link(t, w, key).State; got != want {
				t.Errorf("%q, want %q", got, want)
			}
			if err := w.Confirmation.Confirm(ctx, key, 1); !errors.Is(err, errs.ErrGone) {
				t.Errorf("%s: %v", want, err)
			}
		}
		first := ask(t, w)
		second := ask(t, w)
		over(first, confirmation.Renewed)
		w.OK(w.Confirmation.Withdraw(ctx, w.GuardEditor, serviceID))
		over(second, confirmation.Withdrawn)
		if err := w.Confirmation.Withdraw(ctx, w.GuardEditor, serviceID); !errors.Is(err, errs.ErrConflict) {
			t.Errorf("taken back twice: %v", err)
		}
		third := ask(t, w)
		if err := w.Confirmation.Ask(ctx, w.GuardEditor, serviceID, "biuro@example.org", "pl"); !errors.Is(err, errs.ErrTooMany) {
			t.Errorf("a fourth letter on one day: %v", err)
		}
		w.Clock.Advance(confirmation.ValidFor)
		over(third, confirmation.Expired)
		if n := testrig.Must(db.One[int](ctx, w.DB, `SELECT COUNT(*) FROM site_confirmation WHERE address <> ''`))(t); n != 1 {
			t.Errorf("%d addresses before they are forgotten", n)
		}
		w.OK(w.Confirmation.AskDue(ctx))
		over(third, confirmation.Expired)
		if n := testrig.Must(db.One[int](ctx, w.DB, `SELECT COUNT(*) FROM site_confirmation WHERE address <> ''`))(t); n != 0 {
			t.Errorf("%d addresses of links that have ended", n)
		}
		fourth := ask(t, w)
		w.OK(w.DB.Update(ctx, func(tx *db.Tx) error {
			return db.Exec(ctx, tx, `UPDATE site_service SET listed = FALSE WHERE id = ?`, serviceID)
		}))
		over(fourth, confirmation.Hidden)
		if err := w.Confirmation.Ask(ctx, w.GuardEditor, serviceID, "biuro@example.org", "pl"); !errors.Is(err, errs.ErrConflict) && !errors.Is(err, errs.ErrTooMany) {
			t.Errorf("asked about what nobody sees: %v", err)
		}
		w.Clock.Advance(366 * 24 * time.Hour)
		w.OK(w.Confirmation.AskDue(ctx))
		w.Clock.Advance(30 * 24 * time.Hour)
		w.OK(w.Confirmation.AskDue(ctx))
		if _, err := w.Confirmation.Link(ctx, first); !errors.Is(err, errs.ErrNotFound) {
			t.Errorf("after more than a year: %v", err)
		}
		w.OK(w.Site.RemoveService(ctx, w.GuardEditor, serviceID))
	})
}

// A letter that waits while its link ends does not leave.
func TestALetterWhoseLinkHasEndedDoesNotLeave(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx := t.Context()
		list(t, w, office(w.Clock.Now()))
		before := len(w.Letters())
		w.OK(w.Confirmation.Ask(ctx, w.GuardEditor, serviceID, "biuro@example.org", "en"))
		w.OK(w.Confirmation.Withdraw(ctx, w.GuardEditor, serviceID))
		if got := w.Letters()[before:]; len(got) != 0 {
			t.Errorf("%+v", got)
		}
	})
}

// The program asks by itself where editors have switched that on: once for each last day, and not before thirty days are left.
func TestAskedBeforeTheLastDay(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx := t.Context()
		list(t, w, office(w.Clock.Now()))
		sent := func() (n int) {
			t.Helper()
			w.OK(w.Confirmation.AskDue(ctx))
			for _, l := range w.Letters() {
				if l.To == "biuro@example.org" {
					n++
				}
			}
			return n
		}
		w.Clock.Advance(15 * 24 * time.Hour)
		if n := sent(); n != 0 {
			t.Fatalf("%d letters although nobody switched it on", n)
		}
		w.Clock.Advance(-15 * 24 * time.Hour)
		w.OK(w.Confirmation.SetAutomatic(ctx, w.GuardEditor, serviceID, true))
		w.OK(w.Confirmation.SetAutomatic(ctx, w.GuardEditor, serviceID, true))
		w.Clock.Advance(9 * 24 * time.Hour)
		if n := sent(); n != 0 {
			t.Errorf("%d letters with 31 days left", n)
		}
		w.Clock.Advance(24 * time.Hour)
		if n, again := sent(), sent(); n != 1 || again != 1 {
			t.Errorf("%d letters, then %d", n, again)
		}
		key := token(t, w)
		w.Clock.Advance(31 * 24 * time.Hour) // nobody answered, and the entry has lapsed
		if n := sent(); n != 1 {
			t.Errorf("%d letters about one lapse", n)
		}
		if got := link(t, w, key).State; got != confirmation.Expired {
			t.Errorf("%q", got)
		}
		key = ask(t, w)
		w.OK(w.Confirmation.Confirm(ctx, key, link(t, w, key).Version))
		w.Clock.Advance(65 * 24 * time.Hour)
		if n := sent(); n != 3 {
			t.Errorf("%d letters after the next lapse came near", n)
		}
		w.OK(w.Confirmation.SetAutomatic(ctx, w.GuardEditor, serviceID, false))
		if d := testrig.Must(w.Confirmation.Desk(ctx, w.GuardEditor, serviceID))(t); d.Automatic || d.Requests[0].AskedBy != "" {
			t.Errorf("%+v", d)
		}
	})
}

// Only who keeps the entry asks, and to who may not read it there is none.
func TestWhoMayAsk(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx, s := t.Context(), w.Confirmation
		list(t, w, office(w.Clock.Now()))
		keeps := map[string]bool{"administrator": true, "coordinator": true, "author": true, "second author": true, "editor of the guard": true, "second editor of the guard": true}
		for name, actor := range w.Everybody() {
			for what, do := range map[string]func() error{
				"automatic": func() error { return s.SetAutomatic(ctx, actor, serviceID, false) },
				"withdraw":  func() error { return s.Withdraw(ctx, actor, serviceID) },
				"handle":    func() error { return s.Handle(ctx, actor, serviceID, "x") },
				"ask":       func() error { return s.Ask(ctx, actor, serviceID, "nowhere", "pl") },
			} {
				err := do()
				refused := errors.Is(err, errs.ErrForbidden) || errors.Is(err, errs.ErrNotFound)
				if refused == keeps[name] {
					t.Errorf("%s, %s: %v", name, what, err)
				}
			}
			_, err := s.Desk(ctx, actor, serviceID)
			if reads := keeps[name] || name == "reviewer"; (err == nil) != reads {
				t.Errorf("%s, reading: %v", name, err)
			}
		}
		if _, err := s.Desk(ctx, w.PoliceEditor, serviceID); !errors.Is(err, errs.ErrNotFound) {
			t.Errorf("an editor of another unit: %v", err)
		}
	})
}

// What an answer may hold: no markup, no numbers of persons, a bounded length; the office's own numbers where they are asked for.
func TestWhatAnAnswerMayHold(t *testing.T) {
	w := testrig.New(t)
	list(t, w, office(w.Clock.Now()))
	key := ask(t, w)
	for name, c := range map[string]struct {
		said  confirmation.Answer
		field string
	}{
		"nothing":               {confirmation.Answer{"hours": " \n "}, "hours"},
		"markup":                {confirmation.Answer{"else": "<b>nowe</b>"}, "else"},
		"too long":              {confirmation.Answer{"languages": strings.Repeat("ą", 501)}, "languages"},
		"a phone elsewhere":     {confirmation.Answer{"else": "dzwoń do Ani: 600 700 800"}, "else"},
		"a PESEL":               {confirmation.Answer{"else": "44051401359"}, "else"},
		"a PESEL among numbers": {confirmation.Answer{"phones": "a@b.example.org, 44051401359"}, "phones"},
		"a document":            {confirmation.Answer{"phones": "ABC123456"}, "phones"},
	} {
		err := w.Confirmation.Report(t.Context(), key, c.said)
		faults, _ := errs.FieldsOf(err)
		if len(faults) != 1 || faults[0].Name != c.field {
			t.Errorf("%s: %v", name, err)
		}
	}
	if got := link(t, w, key).State; got != confirmation.Open {
		t.Errorf("a fault used the link up: %q", got)
	}
	// +48 22 022 80 07 would be a PESEL without its plus.
	w.OK(w.Confirmation.Report(t.Context(), key, confirmation.Answer{"phones": "+48 22 628 01 20, 22 628 01 21\nbiuro@example.org", "hours": "pn.–pt. 8.00–16.00", "languages": strings.Repeat("ą", 500)}))
}

func TestLanguagesOfLetters(t *testing.T) {
	for want, spoken := range map[string][]string{"pl": {"en", "pl"}, "en": {"uk", "en"}} {
		if got := confirmation.LetterLang(&directory.Service{Languages: spoken}, []string{"pl", "en"}); got != want {
			t.Errorf("%v: %s", spoken, got)
		}
	}
	if got := confirmation.LetterLang(&directory.Service{Languages: []string{"uk"}}, []string{"pl", "en"}); got != "pl" {
		t.Error(got)
	}
}

// Whatever statement fails, whoever acts is told and nothing of the act stays.
func TestNoFailureIsSilent(t *testing.T) {
	w := testrig.New(t)
	ctx, s := t.Context(), w.Confirmation
	list(t, w, office(w.Clock.Now()))
	step := func(name string, fn func(context.Context) error) dbtest.Step {
		return dbtest.Step{Name: name, Do: func() error { return fn(ctx) }}
	}
	asking := step("ask", func(ctx context.Context) error {
		return s.Ask(ctx, w.GuardEditor, serviceID, "biuro@example.org", "pl")
	})
	dbtest.EachFails(t, w.DB, []dbtest.Step{
		step("automatic", func(ctx context.Context) error { return s.SetAutomatic(ctx, w.GuardEditor, serviceID, true) }),
		asking,
		step("withdraw", func(ctx context.Context) error { return s.Withdraw(ctx, w.GuardEditor, serviceID) }),
		asking,
	})
	key := token(t, w)
	dbtest.EachFails(t, w.DB, []dbtest.Step{
		step("look", func(ctx context.Context) error { _, err := s.Link(ctx, key); return err }),
		step("desk", func(ctx context.Context) error { _, err := s.Desk(ctx, w.GuardEditor, serviceID); return err }),
		step("report", func(ctx context.Context) error { return s.Report(ctx, key, confirmation.Answer{"hours": "od 9"}) }),
	})
	d := testrig.Must(s.Desk(ctx, w.GuardEditor, serviceID))(t)
	dbtest.EachFails(t, w.DB, []dbtest.Step{step("handle", func(ctx context.Context) error { return s.Handle(ctx, w.GuardEditor, serviceID, d.Requests[0].ID) })})
	w.Clock.Advance(20 * 24 * time.Hour)
	dbtest.EachFails(t, w.DB, []dbtest.Step{step("by itself", s.AskDue)})
	key = token(t, w)
	version := link(t, w, key).Version
	// What is read once all is committed makes readers' pages anew, as each minute does.
	confirming := func() error { return s.Confirm(ctx, key, version) }
	if tried := dbtest.FailingOnce(t, w.DB, confirming, "fact_version", "site.revision"); tried < 6 {
		t.Errorf("%d statements were tried", tried)
	}
	if got := entry(t, w).Checked; got != w.Clock.Now().Format(time.DateOnly) || link(t, w, key).State != confirmation.Confirmed {
		t.Errorf("checked on %s", got)
	}
}
