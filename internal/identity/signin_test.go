package identity_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"ostoja/internal/access"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/identity"
	"ostoja/internal/identity/credential"
	"ostoja/internal/seal"
	"ostoja/internal/testrig"
)

// owner is a person with a password, and the mark of the browser in which they have signed in.
type owner struct {
	id, mail, device string
}

func newOwner(w *testrig.World) owner {
	w.T.Helper()
	d := testrig.Draft("Olga", "Właścicielka", w.Terespol)
	d.ServiceNumber = "SG-77"
	personID := testrig.Must(w.Identity.Add(w.T.Context(), w.Admin, d, true))(w.T)
	o := testrig.Must(w.Identity.UseLink(w.T.Context(), lastToken(w), goodPassword, identity.Client{}))(w.T)
	return owner{personID, d.Mail, o.Device}
}

func TestSigningInByMailOrNumber(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx, o := t.Context(), newOwner(w)
		for _, name := range []string{o.mail, " " + strings.ToUpper(o.mail) + " ", "SG-77", "sg-77"} {
			in := testrig.Must(w.Identity.SignIn(ctx, name, goodPassword, identity.Client{Network: name}))(t)
			if in.PersonID != o.id || in.Expires.Sub(testrig.Start) != identity.SessionFor {
				t.Errorf("%q: %+v", name, in)
			}
		}
		// The same number in another organisation, of somebody who comes in: alone it names nobody now, and the answer does not say so.
		d := testrig.Draft("Inny", "Człowiek", w.Office)
		d.ServiceNumber = "SG-77"
		testrig.Must(w.Identity.Add(ctx, w.Admin, d, true))(t)
		testrig.Must(w.Identity.UseLink(ctx, lastToken(w), "żaba skacze przez rów", identity.Client{}))(t)
		var answers []string
		for _, c := range [][2]string{{"SG-77", goodPassword}, {"nobody@example.org", goodPassword}, {o.mail, "not the password"}, {"inny.czlowiek@example.org", goodPassword}, {"", ""}, {o.mail, ""}} {
			_, err := w.Identity.SignIn(ctx, c[0], c[1], identity.Client{Network: "n"})
			w.Refused(c[0], err, errs.ErrInvalid)
			answers = append(answers, fault(err, ""))
		}
		if strings.Join(answers, " ") != strings.TrimSpace(strings.Repeat("sign-in ", len(answers))) {
			t.Errorf("answers differ: %v", answers)
		}
	})
}

// A coordinator who types the service number of an officer of another service for somebody of their own keeps nobody out: not by an
// entry in a list, and not by a person who comes in and sets a password.
func TestANumberTypedElsewhereKeepsNobodyOut(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx, o := t.Context(), newOwner(w)
		signIn := func(c identity.Client) error {
			in, err := w.Identity.SignIn(ctx, "SG-77", goodPassword, c)
			if err == nil && in.PersonID != o.id {
				t.Errorf("somebody else was signed in: %+v", in)
			}
			return err
		}
		d := identity.Draft{GivenName: "Pod", FamilyName: "Stawiony", ServiceNumber: "sg-77", UnitID: w.Chelm, Lang: "pl"}
		other := testrig.Must(w.Identity.Add(ctx, w.PoliceCoordinator, d, false))(t)
		w.OK(signIn(identity.Client{Network: "elsewhere"}))
		url := testrig.Must(w.Identity.Invite(ctx, w.PoliceCoordinator, other))(t)
		w.OK(signIn(identity.Client{Network: "elsewhere"}))
		testrig.Must(w.Identity.UseLink(ctx, tokenOf(t, url), goodPassword, identity.Client{}))(t)
		for _, organisation := range []string{"Straż Graniczna", " straz graniczna ", "SG", "sg"} {
			w.OK(signIn(identity.Client{Network: "elsewhere", Organisation: organisation}))
		}
		w.OK(signIn(identity.Client{Network: "elsewhere", Device: o.device}))
		before := len(w.Letters())
		w.OK(w.Identity.AskLink(ctx, "SG-77", "", identity.Client{Network: "elsewhere"}))
		if letters := w.Letters()[before:]; len(letters) != 1 || letters[0].To != o.mail {
			t.Errorf("the link by mail: %+v", letters)
		}
		// What is not enough to tell the two apart is answered as a wrong password is, and counted.
		for _, organisation := range []string{"", "Policja Graniczna", "Placówka w Terespolu"} {
			w.Refused("with the organisation "+organisation, signIn(identity.Client{Network: "elsewhere", Organisation: organisation}), errs.ErrInvalid)
		}
		refused := 0
		for range 10 {
			if err := signIn(identity.Client{Network: "guesser"}); errors.Is(err, errs.ErrTooMany) {
				refused++
			}
		}
		if refused == 0 {
			t.Error("tries of a number that names nobody are not counted")
		}
	})
}

// Who has the same number is told to those who may see both, and to nobody else.
func TestNamesakesAreToldToWhoMaySeeBoth(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		o := newOwner(w)
		d := identity.Draft{GivenName: "Pod", FamilyName: "Stawiony", ServiceNumber: "SG-77", UnitID: w.Chelm, Lang: "pl"}
		other := testrig.Must(w.Identity.Add(t.Context(), w.PoliceCoordinator, d, false))(t)
		seen := func(actor access.Actor, personID string) (list []string) {
			for _, n := range testrig.Must(w.Identity.Person(t.Context(), actor, personID))(t).Namesakes {
				list = append(list, n.ID+" "+n.Name()+", "+n.Organisation)
			}
			return list
		}
		if got := seen(w.Coordinator, other); len(got) != 1 || got[0] != o.id+" Olga Właścicielka, Straż Graniczna" {
			t.Errorf("who sees both is told %q", got)
		}
		if got := seen(w.Coordinator, o.id); len(got) != 1 || got[0] != other+" Pod Stawiony, Policja" {
			t.Errorf("who sees both is told %q of the other", got)
		}
		if a, b := seen(w.PoliceCoordinator, other), seen(w.TerespolCoordinator, o.id); len(a)+len(b) != 0 {
			t.Errorf("who sees one is told %q, %q", a, b)
		}
		if got := seen(w.Coordinator, w.Learner.PersonID); len(got) != 0 {
			t.Errorf("without a number: %q", got)
		}
	})
}

func TestAPasswordHashIsRenewedAtSignIn(t *testing.T) {
	w := testrig.New(t)
	o := newOwner(w)
	stronger := identity.New(identity.Deps{DB: w.DB, Clock: w.Clock, Key: seal.NewKey(), Outbox: w.Outbox, Hasher: credential.NewHasherWith(128, 1, 1, 1)})
	testrig.Must(stronger.SignIn(t.Context(), o.mail, goodPassword, identity.Client{}))(t)
	if hash := testrig.Must(db.One[string](t.Context(), w.DB, `SELECT password_hash FROM person WHERE id = ?`, o.id))(t); !contains(hash, "m=128,") {
		t.Errorf("the hash is %s", hash)
	}
	testrig.Must(stronger.SignIn(t.Context(), o.mail, goodPassword, identity.Client{}))(t)
}

// TestAGuesserIsSlowed: from one network, in a day, about a hundred tries; from ever new ones, a few hundred.
func TestAGuesserIsSlowed(t *testing.T) {
	for _, c := range []struct {
		name    string
		network func(i int) string
		most    int
	}{
		{"one network", func(int) string { return "192.0.2.0/24" }, 120},
		{"ever new networks", func(i int) string { return fmt.Sprintf("10.%d.%d.0/24", i/256%256, i%256) }, 360},
	} {
		w := testrig.New(t)
		o, tried := newOwner(w), 0
		for i := range 24 * 60 * 4 { // every quarter of a minute for a day
			_, err := w.Identity.SignIn(t.Context(), o.mail, "wrong password", identity.Client{Network: c.network(i)})
			if !errors.Is(err, errs.ErrTooMany) {
				tried++
			}
			w.Clock.Advance(15 * time.Second)
		}
		if tried > c.most || tried < 20 {
			t.Errorf("%s: %d tries in a day, want at most %d", c.name, tried, c.most)
		}
		t.Logf("%s: %d tries in a day", c.name, tried)
	}
}

// TestAThousandTriesAtOnceAreCounted: nobody gets past the count by being quick.
func TestAThousandTriesAtOnceAreCounted(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		o := newOwner(w)
		var mu sync.Mutex
		var wg sync.WaitGroup
		tried := 0
		for range 100 {
			wg.Go(func() {
				_, err := w.Identity.SignIn(t.Context(), o.mail, "wrong password", identity.Client{Network: "n"})
				if errors.Is(err, errs.ErrInvalid) {
					mu.Lock()
					tried++
					mu.Unlock()
				}
			})
		}
		wg.Wait()
		if tried > 6 || tried == 0 {
			t.Errorf("%d tries looked at the password", tried)
		}
	})
}

// TestNobodyIsLockedOutByAGuesser lets a guesser do whatever they like, in the owner's own office too, and the owner sign in
// now and then: at their own computer by password, anywhere by mail.
func TestNobodyIsLockedOutByAGuesser(t *testing.T) {
	w := testrig.New(t)
	o := newOwner(w)
	rapid.Check(t, func(rt *rapid.T) {
		ctx := context.Background()
		w.Clock.Advance(48 * time.Hour)
		for range rapid.IntRange(1, 40).Draw(rt, "steps") {
			switch rapid.IntRange(0, 4).Draw(rt, "step") {
			case 0, 1:
				network := rapid.SampledFrom([]string{"office", "a", "b", "c"}).Draw(rt, "network")
				for range rapid.IntRange(1, 30).Draw(rt, "guesses") {
					_, _ = w.Identity.SignIn(ctx, rapid.SampledFrom([]string{o.mail, "SG-77"}).Draw(rt, "name"), "guess", identity.Client{Network: network})
				}
			case 2:
				for range rapid.IntRange(1, 10).Draw(rt, "letters") {
					if err := w.Identity.AskLink(ctx, o.mail, "", identity.Client{Network: rapid.SampledFrom([]string{"office", "a"}).Draw(rt, "network")}); err != nil && !errors.Is(err, errs.ErrTooMany) {
						rt.Fatal(err)
					}
				}
			case 3:
				w.Clock.Advance(time.Duration(rapid.IntRange(0, 3600).Draw(rt, "seconds")) * time.Second)
			case 4:
				// Three own mistakes are no reason to wait either.
				for range rapid.IntRange(0, 3).Draw(rt, "mistakes") {
					_, _ = w.Identity.SignIn(ctx, o.mail, "a slip", identity.Client{Network: "office", Device: o.device})
				}
				if _, err := w.Identity.SignIn(ctx, o.mail, goodPassword, identity.Client{Network: "office", Device: o.device}); err != nil {
					rt.Fatalf("the owner at their own computer: %v", err)
				}
			}
		}
		// By mail: ask, and one of the letters of the last half hour works.
		if err := w.Identity.AskLink(ctx, o.mail, "", identity.Client{Network: "office", Device: o.device}); err != nil {
			rt.Fatal(err)
		}
		if _, err := w.Identity.UseLink(ctx, lastToken(w), "", identity.Client{}); err != nil {
			rt.Fatalf("the newest link in the owner's mail: %v", err)
		}
	})
}

func TestAStolenMarkOfABrowserIsNoWayAround(t *testing.T) {
	w := testrig.New(t)
	o := newOwner(w)
	tried := 0
	for range 200 {
		if _, err := w.Identity.SignIn(t.Context(), o.mail, "guess", identity.Client{Network: "n", Device: o.device}); errors.Is(err, errs.ErrInvalid) {
			tried++
		}
	}
	if tried > 6 {
		t.Errorf("%d tries at once with the mark", tried)
	}
	if _, err := w.Identity.SignIn(t.Context(), o.mail, "guess", identity.Client{Network: "n", Device: "made up"}); err == nil || errors.Is(err, errs.ErrNotFound) {
		t.Errorf("a made-up mark: %v", err)
	}
}

func TestNoAddressOrNameIsStoredInTheCounts(t *testing.T) {
	w := testrig.New(t)
	o := newOwner(w)
	_, _ = w.Identity.SignIn(t.Context(), o.mail, "x", identity.Client{Network: "192.0.2.0/24"})
	for _, b := range testrig.Must(db.All[string](t.Context(), w.DB, `SELECT bucket FROM sign_in_throttle`))(t) {
		if len(b) != 64 || strings.Trim(b, "0123456789abcdef") != "" {
			t.Errorf("a bucket named %q", b)
		}
	}
}

func TestSessions(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx, o := t.Context(), newOwner(w)
		in := func(agent string) string {
			return testrig.Must(w.Identity.SignIn(ctx, o.mail, goodPassword, identity.Client{Device: o.device, UserAgent: agent}))(t).Token
		}
		phone := in("Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36")
		desk := in("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0")
		actor := actorOf(w, desk)
		list := testrig.Must(w.Identity.OwnSessions(ctx, actor))(t)
		if len(list) != 3 {
			t.Fatalf("sessions %+v", list)
		}
		devices := map[string]string{}
		for _, s := range list {
			devices[s.Device] = s.ID
		}
		if devices["Chrome, Android"] == "" || devices["Edge, Windows"] == "" {
			t.Errorf("devices %v", devices)
		}
		actorOf(w, phone)
		w.Refused("ending another person's session", w.Identity.EndSession(ctx, w.TerespolCoordinator, devices["Chrome, Android"]), errs.ErrNotFound)
		w.OK(w.Identity.EndSession(ctx, actor, devices["Chrome, Android"]))
		_, err := w.Identity.Session(ctx, phone)
		w.Refused("an ended session", err, errs.ErrNotFound)
		w.OK(w.Identity.EndOthers(ctx, actor, devices["Edge, Windows"]))
		if list := testrig.Must(w.Identity.OwnSessions(ctx, actor))(t); len(list) != 1 {
			t.Errorf("after ending the others: %+v", list)
		}
		w.OK(w.Identity.SignOut(ctx, desk))
		w.OK(w.Identity.SignOut(ctx, desk))
		_, err = w.Identity.Session(ctx, desk)
		w.Refused("after signing out", err, errs.ErrNotFound)
		_, err = w.Identity.Session(ctx, "made up")
		w.Refused("a token that was never made", err, errs.ErrNotFound)
	})
}

func TestSessionsEndByThemselves(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx, o := t.Context(), newOwner(w)
		token := testrig.Must(w.Identity.SignIn(ctx, o.mail, goodPassword, identity.Client{Device: o.device}))(t).Token
		w.Clock.Advance(11 * time.Hour)
		actorOf(w, token)
		w.Clock.Advance(11 * time.Hour)
		actorOf(w, token) // it was used in between
		if _, err := w.Node().Identity.Session(ctx, token); err != nil {
			t.Errorf("another node does not know of its use: %v", err)
		}
		w.Clock.Advance(12 * time.Hour)
		in, err := w.Identity.Session(ctx, token)
		w.Refused("after a shift without use", err, errs.ErrGone)
		if in.Actor.PersonID != o.id || len(in.Actor.Grants) != 0 {
			t.Errorf("an ended session gives %+v", in)
		}
		w.OK(w.Identity.Sweep(ctx))
		if _, err := w.Node().Identity.Session(ctx, token); !errors.Is(err, errs.ErrGone) {
			t.Errorf("its person is forgotten too early: %v", err)
		}
		token = testrig.Must(w.Identity.SignIn(ctx, o.mail, goodPassword, identity.Client{Device: o.device}))(t).Token
		for range 28 { // used every half day
			w.Clock.Advance(11*time.Hour + 59*time.Minute)
			if _, err = w.Identity.Session(ctx, token); err != nil {
				break
			}
		}
		w.Clock.Advance(time.Hour)
		_, err = w.Identity.Session(ctx, token)
		w.Refused("after 14 days", err, errs.ErrGone)
		w.Clock.Advance(10 * 24 * time.Hour)
		w.OK(w.Identity.Sweep(ctx))
		_, err = w.Node().Identity.Session(ctx, token)
		w.Refused("after the sweep", err, errs.ErrNotFound)
	})
}

func TestAnotherNodeFollowsWithinHalfAMinute(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx, o, other := t.Context(), newOwner(w), w.Node().Identity
		token := testrig.Must(w.Identity.SignIn(ctx, o.mail, goodPassword, identity.Client{Device: o.device}))(t).Token
		testrig.Must(other.Session(ctx, token))(t)
		w.OK(w.Identity.Block(ctx, w.Admin, o.id))
		if _, err := other.Session(ctx, token); err != nil {
			t.Logf("the other node knows already: %v", err)
		}
		w.Clock.Advance(30 * time.Second)
		_, err := other.Session(ctx, token)
		w.Refused("after half a minute", err, errs.ErrNotFound)
	})
}

func TestAPageCostsNoSQL(t *testing.T) {
	w := testrig.New(t)
	o := newOwner(w)
	token := testrig.Must(w.Identity.SignIn(t.Context(), o.mail, goodPassword, identity.Client{Device: o.device}))(t).Token
	testrig.Must(w.Identity.Session(t.Context(), token))(t)
	cancelled, cancel := context.WithCancel(t.Context())
	cancel() // any SQL would fail
	if _, err := w.Identity.Session(cancelled, token); err != nil {
		t.Errorf("the second page asks the database: %v", err)
	}
}

func TestChangingThePasswordEndsTheOtherSessions(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx, o := t.Context(), newOwner(w)
		client := identity.Client{Device: o.device}
		other := testrig.Must(w.Identity.SignIn(ctx, o.mail, goodPassword, client))(t).Token
		mine := testrig.Must(w.Identity.SignIn(ctx, o.mail, goodPassword, client))(t).Token
		actorOf(w, other)
		in := testrig.Must(w.Identity.Session(ctx, mine))(t)
		const better = "żółta łódka na stawie"
		if err := w.Identity.ChangePassword(ctx, in.Actor, in.ID, "wrong", better, client); fault(err, "old") != "old-password" {
			t.Errorf("a wrong old password: %v", err)
		}
		if err := w.Identity.ChangePassword(ctx, in.Actor, in.ID, goodPassword, "Właścicielka1", client); fault(err, "password") != "password-own" {
			t.Errorf("a poor new password: %v", err)
		}
		w.OK(w.Identity.AskLink(ctx, o.mail, "", client))
		w.OK(w.Identity.ChangePassword(ctx, in.Actor, in.ID, goodPassword, better, client))
		actorOf(w, mine)
		_, err := w.Identity.Session(ctx, other)
		w.Refused("the other session", err, errs.ErrNotFound)
		_, err = w.Identity.UseLink(ctx, lastToken(w), "", client)
		w.Refused("a link from before", err, errs.ErrGone)
		testrig.Must(w.Identity.SignIn(ctx, o.mail, better, client))(t)
		w.OK(w.Identity.SetLang(ctx, in.Actor, "en"))
		if in := testrig.Must(w.Identity.Session(ctx, mine))(t); in.Lang != "en" {
			t.Errorf("the language is %s", in.Lang)
		}
		if !in.Actor.Has(access.Learn) {
			t.Error("no learner")
		}
	})
}
