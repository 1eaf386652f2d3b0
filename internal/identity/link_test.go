package identity_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/clock"
	"ostoja/internal/db"
	"ostoja/internal/db/dbtest"
	"ostoja/internal/errs"
	"ostoja/internal/identity"
	"ostoja/internal/seal"
)

func TestSettingUpAnEmptyInstallation(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		w := &world{t: t, d: d, clock: clock.NewFake(start), key: seal.NewKey()}
		w.s = w.node()
		token := func() string {
			url := must(w.s.SetUpLink(ctx))(t)
			_, token, found := strings.Cut(url, "https://szkolenia.example.org/app/set-up/")
			if !found {
				t.Fatalf("the link is %q", url)
			}
			return token
		}
		first, second := token(), token()
		_, err := w.s.Link(ctx, first)
		w.refused("the earlier link", err, errs.ErrGone)
		set := identity.SetUpDraft{Organisation: "Biuro", Kind: identity.Office, Person: identity.Draft{GivenName: "Ala", FamilyName: "Pierwsza", Mail: "ala@example.org", Lang: "pl"}, Password: "short"}
		_, err = w.s.SetUp(ctx, second, set, identity.Client{})
		if fault(err, "password") != "password-short" {
			t.Errorf("a short password: %v", err)
		}
		set.Organisation, set.Password = "", goodPassword
		if _, err = w.s.SetUp(ctx, second, set, identity.Client{}); fault(err, "organisation") != "unit-name" {
			t.Errorf("no organisation: %v", err)
		}
		set.Organisation = "Biuro"
		_, err = w.s.UseLink(ctx, second, "", identity.Client{})
		w.refused("a set-up link as a sign-in link", err, errs.ErrGone)
		o := must(w.s.SetUp(ctx, second, set, identity.Client{}))(t)
		if a := w.actor(o.Token); !a.Everywhere(access.SystemOperate) || !a.Has(access.Learn) {
			t.Errorf("the administrator is %+v", a)
		}
		_, err = w.s.SetUp(ctx, second, set, identity.Client{})
		w.refused("again", err, errs.ErrGone)
		if url := must(w.s.SetUpLink(ctx))(t); url != "" {
			t.Errorf("a link for an installation with people: %s", url)
		}
		must(w.s.SignIn(ctx, "ala@example.org", goodPassword, identity.Client{}))(t)
	})
}

func TestALinkWorksOnceAndNotTooLate(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx, o := t.Context(), w.owner()
		w.no(w.s.AskLink(ctx, o.mail, "/app/courses", identity.Client{}))
		token := w.lastToken()
		for range 3 { // looking at it does not use it up
			if l := must(w.s.Link(ctx, token))(t); l.Kind != identity.LinkSignIn || !l.HasPassword {
				t.Errorf("%+v", l)
			}
		}
		if _, err := w.s.UseLink(ctx, token, "poor", identity.Client{}); fault(err, "password") != "password-short" {
			t.Errorf("a poor password: %v", err)
		}
		results := make(chan error, 2)
		for range 2 { // both tabs at once
			go func() {
				in, err := w.s.UseLink(ctx, token, "", identity.Client{})
				if err == nil && in.Next != "/app/courses" {
					err = errors.New("it leads to " + in.Next)
				}
				results <- err
			}()
		}
		a, b := <-results, <-results
		if (a == nil) == (b == nil) || (!errors.Is(a, errs.ErrGone) && !errors.Is(b, errs.ErrGone)) {
			t.Errorf("used twice at once: %v; %v", a, b)
		}
		w.clock.Advance(10 * time.Minute)
		w.no(w.s.AskLink(ctx, "sg-77", "", identity.Client{}))
		late := w.lastToken()
		if late == token {
			t.Fatal("no new letter")
		}
		w.clock.Advance(identity.SignInFor)
		_, err := w.s.UseLink(ctx, late, "", identity.Client{})
		w.refused("half an hour later", err, errs.ErrGone)
		_, err = w.s.Link(ctx, "made-up")
		w.refused("a made-up link", err, errs.ErrGone)
	})
}

func TestAskingForALinkTellsNothingAndSendsNoFlood(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx, o := t.Context(), w.owner()
		added := must(w.s.Add(ctx, w.admin, draft("Nie", "Zaproszona", w.terespol), false))(t)
		w.letters = nil
		for _, name := range []string{"nobody@example.org", "", "nie.zaproszona@example.org", strings.Repeat("x", 300)} {
			w.no(w.s.AskLink(ctx, name, "", identity.Client{Network: "n"}))
		}
		if len(w.letters) != 0 {
			t.Errorf("letters to strangers: %+v", w.letters)
		}
		for range 30 {
			w.no(w.s.AskLink(ctx, o.mail, "", identity.Client{Network: "n"}))
			w.clock.Advance(30 * time.Second)
		}
		if n := len(w.letters); n < 2 || n > 4 {
			t.Errorf("%d letters in a quarter of an hour", n)
		}
		if l := w.letters[0]; l.To != o.mail || contains(l.Subject, "Olga") || contains(l.Body, "Olga") {
			t.Errorf("%+v", l)
		}
		_ = added
	})
}

func TestWithoutMailALinkIsHandedOver(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		d := identity.Draft{GivenName: "Bez", FamilyName: "Poczty", ServiceNumber: "SG-1", UnitID: w.terespol, Lang: "pl"}
		_, err := w.s.Add(ctx, w.local, d, true)
		if fault(err, "mail") != "no-mail" {
			t.Errorf("inviting by mail without mail: %v", err)
		}
		personID := must(w.s.Add(ctx, w.local, d, false))(t)
		url := must(w.s.Invite(ctx, w.local, personID))(t)
		must(w.s.UseLink(ctx, tokenOf(t, url), goodPassword, identity.Client{}))(t)
		must(w.s.SignIn(ctx, "SG-1", goodPassword, identity.Client{}))(t)
		// Now it would be a way to act in their name.
		_, err = w.s.Invite(ctx, w.local, personID)
		w.refused("a link of an active person", err, errs.ErrConflict)
		_, err = w.s.OneTimeLink(ctx, w.admin, personID)
		w.refused("a link of another person through the web", err, errs.ErrForbidden)
	})
}

func TestWhoHasBeenInGetsAShortLink(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	o := w.owner()
	must(w.s.Invite(t.Context(), w.local, o.id))(t)
	if l := must(w.s.Link(t.Context(), w.lastToken()))(t); l.Kind != identity.LinkSignIn {
		t.Errorf("%+v", l)
	}
	w.clock.Advance(identity.SignInFor)
	_, err := w.s.UseLink(t.Context(), w.lastToken(), "", identity.Client{})
	w.refused("half an hour later", err, errs.ErrGone)
}

func TestTheEntryLinkLeadsToTheCourse(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx, o := t.Context(), w.owner()
		entry := func(personID string) (url string) {
			w.no(w.d.Update(ctx, func(tx *db.Tx) (err error) {
				url, err = w.s.EntryLink(ctx, tx, personID, "/app/courses/x")
				return err
			}))
			return url
		}
		if url := entry(o.id); url != "https://szkolenia.example.org/app/courses/x" {
			t.Errorf("of somebody who is in: %s", url)
		}
		added := must(w.s.Add(ctx, w.admin, draft("Nowa", "Osoba", w.terespol), false))(t)
		in := must(w.s.UseLink(ctx, tokenOf(t, entry(added)), "", identity.Client{}))(t)
		if in.PersonID != added || in.Next != "/app/courses/x" {
			t.Errorf("%+v", in)
		}
		p := must(w.s.PersonBySignInName(ctx, access.System, "nowa.osoba@example.org"))(t)
		if p.ID != added || p.State != identity.Active {
			t.Errorf("%+v", p)
		}
	})
}
