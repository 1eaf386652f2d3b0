package identity_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/identity"
	"ostoja/internal/identity/credential"
	"ostoja/internal/identity/people"
	"ostoja/internal/mail"
	"ostoja/internal/testrig"
)

func TestSettingUpAnEmptyInstallation(t *testing.T) {
	testrig.EachEmpty(t, func(t *testing.T, w *testrig.World) {
		ctx := t.Context()
		token := func() string {
			url := testrig.Must(w.Identity.SetUpLink(ctx))(t)
			_, token, found := strings.Cut(url, "https://szkolenia.example.org/app/set-up/")
			if !found {
				t.Fatalf("the link is %q", url)
			}
			return token
		}
		first, second := token(), token()
		_, err := w.Identity.Link(ctx, first)
		w.Refused("the earlier link", err, errs.ErrGone)
		set := identity.SetUpDraft{Organisation: "Biuro", Kind: identity.Office, Person: identity.Draft{GivenName: "Ala", FamilyName: "Pierwsza", Mail: "ala@example.org", Lang: "pl"}, Password: "short"}
		_, err = w.Identity.SetUp(ctx, second, set, identity.Client{})
		if fault(err, "password") != "password-short" {
			t.Errorf("a short password: %v", err)
		}
		set.Organisation, set.Password = "", goodPassword
		if _, err = w.Identity.SetUp(ctx, second, set, identity.Client{}); fault(err, "organisation") != "unit-name" {
			t.Errorf("no organisation: %v", err)
		}
		set.Organisation = "Biuro"
		_, err = w.Identity.UseLink(ctx, second, "", identity.Client{})
		w.Refused("a set-up link as a sign-in link", err, errs.ErrGone)
		o := testrig.Must(w.Identity.SetUp(ctx, second, set, identity.Client{}))(t)
		if a := actorOf(w, o.Token); !a.Everywhere(access.SystemOperate) || !a.Has(access.Learn) {
			t.Errorf("the administrator is %+v", a)
		}
		_, err = w.Identity.SetUp(ctx, second, set, identity.Client{})
		w.Refused("again", err, errs.ErrGone)
		if url := testrig.Must(w.Identity.SetUpLink(ctx))(t); url != "" {
			t.Errorf("a link for an installation with people: %s", url)
		}
		testrig.Must(w.Identity.SignIn(ctx, "ala@example.org", goodPassword, identity.Client{}))(t)
	})
}

func TestALinkWorksOnceAndNotTooLate(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx, o := t.Context(), newOwner(w)
		w.OK(w.Identity.AskLink(ctx, o.mail, "/app/courses", identity.Client{}))
		token := lastToken(w)
		for range 3 { // looking at it does not use it up
			if l := testrig.Must(w.Identity.Link(ctx, token))(t); l.Kind != credential.SignIn || !l.HasPassword {
				t.Errorf("%+v", l)
			}
		}
		if _, err := w.Identity.UseLink(ctx, token, "poor", identity.Client{}); fault(err, "password") != "password-short" {
			t.Errorf("a poor password: %v", err)
		}
		results := make(chan error, 2)
		for range 2 { // both tabs at once
			go func() {
				in, err := w.Identity.UseLink(ctx, token, "", identity.Client{})
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
		w.Clock.Advance(10 * time.Minute)
		w.OK(w.Identity.AskLink(ctx, "sg-77", "", identity.Client{}))
		late := lastToken(w)
		if late == token {
			t.Fatal("no new letter")
		}
		w.Clock.Advance(credential.SignIn.ValidFor())
		_, err := w.Identity.UseLink(ctx, late, "", identity.Client{})
		w.Refused("half an hour later", err, errs.ErrGone)
		_, err = w.Identity.Link(ctx, "made-up")
		w.Refused("a made-up link", err, errs.ErrGone)
	})
}

func TestAskingForALinkTellsNothingAndSendsNoFlood(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx, o := t.Context(), newOwner(w)
		testrig.Must(w.Identity.Add(ctx, w.Admin, testrig.Draft("Nie", "Zaproszona", w.Terespol), false))(t)
		before := len(w.Letters())
		for _, name := range []string{"nobody@example.org", "", "nie.zaproszona@example.org", strings.Repeat("x", 300)} {
			w.OK(w.Identity.AskLink(ctx, name, "", identity.Client{Network: "n"}))
		}
		if letters := w.Letters()[before:]; len(letters) != 0 {
			t.Errorf("letters to strangers: %+v", letters)
		}
		for range 30 {
			w.OK(w.Identity.AskLink(ctx, o.mail, "", identity.Client{Network: "n"}))
			w.Clock.Advance(30 * time.Second)
		}
		letters := w.Letters()[before:]
		if n := len(letters); n < 2 || n > 4 {
			t.Errorf("%d letters in a quarter of an hour", n)
		}
		if l := letters[0]; l.To != o.mail || contains(l.Subject, "Olga") || contains(l.Body, "Olga") {
			t.Errorf("%+v", l)
		}
	})
}

func TestWithoutMailALinkIsHandedOver(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx := t.Context()
		d := identity.Draft{GivenName: "Bez", FamilyName: "Poczty", ServiceNumber: "SG-1", UnitID: w.Terespol, Lang: "pl"}
		_, err := w.Identity.Add(ctx, w.TerespolCoordinator, d, true)
		if fault(err, "mail") != "no-mail" {
			t.Errorf("inviting by mail without mail: %v", err)
		}
		personID := testrig.Must(w.Identity.Add(ctx, w.TerespolCoordinator, d, false))(t)
		url := testrig.Must(w.Identity.Invite(ctx, w.TerespolCoordinator, personID))(t)
		testrig.Must(w.Identity.UseLink(ctx, tokenOf(t, url), goodPassword, identity.Client{}))(t)
		testrig.Must(w.Identity.SignIn(ctx, "SG-1", goodPassword, identity.Client{}))(t)
		// Now it would be a way to act in their name.
		_, err = w.Identity.Invite(ctx, w.TerespolCoordinator, personID)
		w.Refused("a link of an active person", err, errs.ErrConflict)
		_, err = w.Identity.OneTimeLink(ctx, w.Admin, personID)
		w.Refused("a link of another person through the web", err, errs.ErrForbidden)
	})
}

func TestWhoHasBeenInGetsAShortLink(t *testing.T) {
	w := testrig.New(t)
	o := newOwner(w)
	testrig.Must(w.Identity.Invite(t.Context(), w.TerespolCoordinator, o.id))(t)
	if l := testrig.Must(w.Identity.Link(t.Context(), lastToken(w)))(t); l.Kind != credential.SignIn {
		t.Errorf("%+v", l)
	}
	w.Clock.Advance(credential.SignIn.ValidFor())
	_, err := w.Identity.UseLink(t.Context(), lastToken(w), "", identity.Client{})
	w.Refused("half an hour later", err, errs.ErrGone)
}

func TestTheEntryLinkLeadsToTheCourse(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx, o := t.Context(), newOwner(w)
		entry := func(personID string) (url string) {
			w.OK(w.DB.Update(ctx, func(tx *db.Tx) error {
				address, token, err := w.Identity.EntryLink(ctx, tx, personID, "/app/courses/x")
				if url = address; err != nil || token == (mail.Token{}) {
					return err
				}
				made, err := w.Identity.MakeToken(ctx, tx, token.Ref) // as when the letter leaves
				url = strings.ReplaceAll(address, mail.TokenMark, made)
				return err
			}))
			return url
		}
		if url := entry(o.id); url != "https://szkolenia.example.org/app/courses/x" {
			t.Errorf("of somebody who is in: %s", url)
		}
		added := testrig.Must(w.Identity.Add(ctx, w.Admin, testrig.Draft("Nowa", "Osoba", w.Terespol), false))(t)
		in := testrig.Must(w.Identity.UseLink(ctx, tokenOf(t, entry(added)), "", identity.Client{}))(t)
		if in.PersonID != added || in.Next != "/app/courses/x" {
			t.Errorf("%+v", in)
		}
		p := testrig.Must(w.Identity.PersonBySignInName(ctx, access.System, "nowa.osoba@example.org"))(t)
		if p.ID != added || p.State != identity.Active {
			t.Errorf("%+v", p)
		}
	})
}

// That an address is refused stands where its person's invitation does, until the address is another or takes letters again.
func TestARefusedAddressIsSaidAtThePerson(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx := t.Context()
		d := testrig.Draft("Zły", "Adres", w.Terespol)
		personID := testrig.Must(w.Identity.Add(ctx, w.TerespolCoordinator, d, true))(t)
		note := func(address string, refused bool) {
			t.Helper()
			w.OK(w.DB.Update(ctx, func(tx *db.Tx) error { return w.Identity.NoteMail(ctx, tx, address, refused) }))
		}
		said := func(want bool) {
			t.Helper()
			p := testrig.Must(w.Identity.Person(ctx, w.TerespolCoordinator, personID))(t)
			list := testrig.Must(w.People.Search(ctx, w.TerespolCoordinator, people.Filter{Text: "Adres"}))(t)
			page := w.Browse(w.TerespolCoordinator)
			if one, many := !p.MailRefusedAt.IsZero(), !list.Rows[0].MailRefusedAt.IsZero(); one != want || many != want {
				t.Errorf("the person %v, the list %v, want %v", one, many, want)
			}
			for path, text := range map[string]string{"/app/people/" + personID: "Poczta nie doszła: adres odrzucony", "/app/people?q=Adres": "adres odrzucony"} {
				if contains(page.Get(path).Text("main"), text) != want {
					t.Errorf("%s: says that the address is refused: %v", path, !want)
				}
			}
		}
		said(false)
		note(d.Mail, true)
		said(true)
		note("somebody.else@example.org", false)
		said(true)
		note(d.Mail, false)
		said(false)
		note(d.Mail, true)
		d.Mail = "dobry.adres@example.org"
		w.OK(w.Identity.Edit(ctx, w.TerespolCoordinator, personID, d))
		said(false)
	})
}
