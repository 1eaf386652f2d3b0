package identity_test

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"ostoja/internal/access"
	"ostoja/internal/db"
	"ostoja/internal/db/dbtest"
	"ostoja/internal/errs"
	"ostoja/internal/identity"
)

// owner is a person with a password, and the mark of the browser in which they have signed in.
type owner struct {
	id, mail, device string
}

func (w *world) owner() owner {
	w.t.Helper()
	d := draft("Olga", "Właścicielka", w.terespol)
	d.ServiceNumber = "SG-77"
	personID := must(w.s.Add(w.t.Context(), w.admin, d, true))(w.t)
	o := must(w.s.UseLink(w.t.Context(), w.lastToken(), goodPassword, identity.Client{}))(w.t)
	return owner{personID, d.Mail, o.Device}
}

func TestSigningInByMailOrNumber(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx, o := t.Context(), w.owner()
		for _, name := range []string{o.mail, " " + strings.ToUpper(o.mail) + " ", "SG-77", "sg-77"} {
			in := must(w.s.SignIn(ctx, name, goodPassword, identity.Client{Network: name}))(t)
			if in.PersonID != o.id || in.Expires.Sub(start) != identity.SessionFor {
				t.Errorf("%q: %+v", name, in)
			}
		}
		// The same number in another organisation: it names nobody now, and the answer does not say so.
		d := draft("Inny", "Człowiek", w.office)
		d.ServiceNumber = "SG-77"
		must(w.s.Add(ctx, w.admin, d, false))(t)
		var answers []string
		for _, c := range [][2]string{{"SG-77", goodPassword}, {"nobody@example.org", goodPassword}, {o.mail, "not the password"}, {"inny.człowiek@example.org", goodPassword}, {"", ""}, {o.mail, ""}} {
			_, err := w.s.SignIn(ctx, c[0], c[1], identity.Client{Network: "n"})
			w.refused(c[0], err, errs.ErrInvalid)
			answers = append(answers, fault(err, ""))
		}
		if strings.Join(answers, " ") != strings.TrimSpace(strings.Repeat("sign-in ", len(answers))) {
			t.Errorf("answers differ: %v", answers)
		}
	})
}

func TestAPasswordHashIsRenewedAtSignIn(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	o := w.owner()
	stronger := identity.New(identity.Deps{DB: w.d, Clock: w.clock, Key: w.key, Outbox: w, Catalogue: catalogue, Hasher: identity.NewHasherWith(128, 1, 1, 1)})
	must(stronger.SignIn(t.Context(), o.mail, goodPassword, identity.Client{}))(t)
	if hash := must(db.One[string](t.Context(), w.d, `SELECT password_hash FROM person WHERE id = ?`, o.id))(t); !contains(hash, "m=128,") {
		t.Errorf("the hash is %s", hash)
	}
	must(stronger.SignIn(t.Context(), o.mail, goodPassword, identity.Client{}))(t)
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
		w := newWorld(t, dbtest.SQLite(t))
		o, tried := w.owner(), 0
		for i := range 24 * 60 * 4 { // every quarter of a minute for a day
			_, err := w.s.SignIn(t.Context(), o.mail, "wrong password", identity.Client{Network: c.network(i)})
			if !errors.Is(err, errs.ErrTooMany) {
				tried++
			}
			w.clock.Advance(15 * time.Second)
		}
		if tried > c.most || tried < 20 {
			t.Errorf("%s: %d tries in a day, want at most %d", c.name, tried, c.most)
		}
		t.Logf("%s: %d tries in a day", c.name, tried)
	}
}

// TestAThousandTriesAtOnceAreCounted: nobody gets past the count by being quick.
func TestAThousandTriesAtOnceAreCounted(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		o := w.owner()
		var mu sync.Mutex
		var wg sync.WaitGroup
		tried := 0
		for range 100 {
			wg.Go(func() {
				_, err := w.s.SignIn(t.Context(), o.mail, "wrong password", identity.Client{Network: "n"})
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
	d := dbtest.SQLite(t)
	w := newWorld(t, d)
	o := w.owner()
	rapid.Check(t, func(rt *rapid.T) {
		ctx := context.Background()
		w.clock.Advance(48 * time.Hour)
		for range rapid.IntRange(1, 40).Draw(rt, "steps") {
			switch rapid.IntRange(0, 4).Draw(rt, "step") {
			case 0, 1:
				network := rapid.SampledFrom([]string{"office", "a", "b", "c"}).Draw(rt, "network")
				for range rapid.IntRange(1, 30).Draw(rt, "guesses") {
					_, _ = w.s.SignIn(ctx, rapid.SampledFrom([]string{o.mail, "SG-77"}).Draw(rt, "name"), "guess", identity.Client{Network: network})
				}
			case 2:
				for range rapid.IntRange(1, 10).Draw(rt, "letters") {
					if err := w.s.AskLink(ctx, o.mail, "", identity.Client{Network: rapid.SampledFrom([]string{"office", "a"}).Draw(rt, "network")}); err != nil && !errors.Is(err, errs.ErrTooMany) {
						rt.Fatal(err)
					}
				}
			case 3:
				w.clock.Advance(time.Duration(rapid.IntRange(0, 3600).Draw(rt, "seconds")) * time.Second)
			case 4:
				// Three own mistakes are no reason to wait either.
				for range rapid.IntRange(0, 3).Draw(rt, "mistakes") {
					_, _ = w.s.SignIn(ctx, o.mail, "a slip", identity.Client{Network: "office", Device: o.device})
				}
				if _, err := w.s.SignIn(ctx, o.mail, goodPassword, identity.Client{Network: "office", Device: o.device}); err != nil {
					rt.Fatalf("the owner at their own computer: %v", err)
				}
			}
		}
		// By mail: ask, and one of the letters of the last half hour works.
		if err := w.s.AskLink(ctx, o.mail, "", identity.Client{Network: "office", Device: o.device}); err != nil {
			rt.Fatal(err)
		}
		if _, err := w.s.UseLink(ctx, w.lastToken(), "", identity.Client{}); err != nil {
			rt.Fatalf("the newest link in the owner's mail: %v", err)
		}
	})
}

func TestAStolenMarkOfABrowserIsNoWayAround(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	o := w.owner()
	tried := 0
	for range 200 {
		if _, err := w.s.SignIn(t.Context(), o.mail, "guess", identity.Client{Network: "n", Device: o.device}); errors.Is(err, errs.ErrInvalid) {
			tried++
		}
	}
	if tried > 6 {
		t.Errorf("%d tries at once with the mark", tried)
	}
	if _, err := w.s.SignIn(t.Context(), o.mail, "guess", identity.Client{Network: "n", Device: "made up"}); err == nil || errors.Is(err, errs.ErrNotFound) {
		t.Errorf("a made-up mark: %v", err)
	}
}

func TestNetworksAreCountedTogether(t *testing.T) {
	for address, want := range map[string]string{"192.0.2.77": "192.0.2.0/24", "::ffff:192.0.2.77": "192.0.2.0/24", "2001:db8:1:2:3:4:5:6": "2001:db8:1:2::/64", "fe80::1%eth0": "fe80::/64"} {
		if got := identity.Network(netip.MustParseAddr(address)); got != want {
			t.Errorf("%s: %s", address, got)
		}
	}
	if identity.Network(netip.Addr{}) != "unknown" {
		t.Error("no address")
	}
}

func TestNoAddressOrNameIsStoredInTheCounts(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	o := w.owner()
	_, _ = w.s.SignIn(t.Context(), o.mail, "x", identity.Client{Network: "192.0.2.0/24"})
	for _, b := range must(db.All[string](t.Context(), w.d, `SELECT bucket FROM sign_in_throttle`))(t) {
		if len(b) != 64 || strings.Trim(b, "0123456789abcdef") != "" {
			t.Errorf("a bucket named %q", b)
		}
	}
}

func TestSessions(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx, o := t.Context(), w.owner()
		in := func(agent string) string {
			return must(w.s.SignIn(ctx, o.mail, goodPassword, identity.Client{Device: o.device, UserAgent: agent}))(t).Token
		}
		phone := in("Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36")
		desk := in("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0")
		actor := w.actor(desk)
		list := must(w.s.OwnSessions(ctx, actor))(t)
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
		w.actor(phone)
		w.refused("ending another person's session", w.s.EndSession(ctx, w.local, devices["Chrome, Android"]), errs.ErrNotFound)
		w.no(w.s.EndSession(ctx, actor, devices["Chrome, Android"]))
		_, err := w.s.Session(ctx, phone)
		w.refused("an ended session", err, errs.ErrNotFound)
		w.no(w.s.EndOthers(ctx, actor, devices["Edge, Windows"]))
		if list := must(w.s.OwnSessions(ctx, actor))(t); len(list) != 1 {
			t.Errorf("after ending the others: %+v", list)
		}
		w.no(w.s.SignOut(ctx, desk))
		w.no(w.s.SignOut(ctx, desk))
		_, err = w.s.Session(ctx, desk)
		w.refused("after signing out", err, errs.ErrNotFound)
		_, err = w.s.Session(ctx, "made up")
		w.refused("a token that was never made", err, errs.ErrNotFound)
	})
}

func TestSessionsEndByThemselves(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx, o := t.Context(), w.owner()
		token := must(w.s.SignIn(ctx, o.mail, goodPassword, identity.Client{Device: o.device}))(t).Token
		w.clock.Advance(11 * time.Hour)
		w.actor(token)
		w.clock.Advance(11 * time.Hour)
		w.actor(token) // it was used in between
		if _, err := w.node().Session(ctx, token); err != nil {
			t.Errorf("another node does not know of its use: %v", err)
		}
		w.clock.Advance(12 * time.Hour)
		in, err := w.s.Session(ctx, token)
		w.refused("after a shift without use", err, errs.ErrGone)
		if in.Actor.PersonID != o.id || len(in.Actor.Grants) != 0 {
			t.Errorf("an ended session gives %+v", in)
		}
		w.no(w.s.Sweep(ctx))
		if _, err := w.node().Session(ctx, token); !errors.Is(err, errs.ErrGone) {
			t.Errorf("its person is forgotten too early: %v", err)
		}
		token = must(w.s.SignIn(ctx, o.mail, goodPassword, identity.Client{Device: o.device}))(t).Token
		for range 28 { // used every half day
			w.clock.Advance(11*time.Hour + 59*time.Minute)
			if _, err = w.s.Session(ctx, token); err != nil {
				break
			}
		}
		w.clock.Advance(time.Hour)
		_, err = w.s.Session(ctx, token)
		w.refused("after 14 days", err, errs.ErrGone)
		w.clock.Advance(10 * 24 * time.Hour)
		w.no(w.s.Sweep(ctx))
		_, err = w.node().Session(ctx, token)
		w.refused("after the sweep", err, errs.ErrNotFound)
	})
}

func TestAnotherNodeFollowsWithinHalfAMinute(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx, o, other := t.Context(), w.owner(), w.node()
		token := must(w.s.SignIn(ctx, o.mail, goodPassword, identity.Client{Device: o.device}))(t).Token
		must(other.Session(ctx, token))(t)
		w.no(w.s.Block(ctx, w.admin, o.id))
		if _, err := other.Session(ctx, token); err != nil {
			t.Logf("the other node knows already: %v", err)
		}
		w.clock.Advance(30 * time.Second)
		_, err := other.Session(ctx, token)
		w.refused("after half a minute", err, errs.ErrNotFound)
	})
}

func TestAPageCostsNoSQL(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	o := w.owner()
	token := must(w.s.SignIn(t.Context(), o.mail, goodPassword, identity.Client{Device: o.device}))(t).Token
	must(w.s.Session(t.Context(), token))(t)
	cancelled, cancel := context.WithCancel(t.Context())
	cancel() // any SQL would fail
	if _, err := w.s.Session(cancelled, token); err != nil {
		t.Errorf("the second page asks the database: %v", err)
	}
}

func TestChangingThePasswordEndsTheOtherSessions(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx, o := t.Context(), w.owner()
		client := identity.Client{Device: o.device}
		other := must(w.s.SignIn(ctx, o.mail, goodPassword, client))(t).Token
		mine := must(w.s.SignIn(ctx, o.mail, goodPassword, client))(t).Token
		w.actor(other)
		in := must(w.s.Session(ctx, mine))(t)
		const better = "żółta łódka na stawie"
		if err := w.s.ChangePassword(ctx, in.Actor, in.ID, "wrong", better, client); fault(err, "old") != "old-password" {
			t.Errorf("a wrong old password: %v", err)
		}
		if err := w.s.ChangePassword(ctx, in.Actor, in.ID, goodPassword, "Właścicielka1", client); fault(err, "password") != "password-own" {
			t.Errorf("a poor new password: %v", err)
		}
		w.no(w.s.AskLink(ctx, o.mail, "", client))
		w.no(w.s.ChangePassword(ctx, in.Actor, in.ID, goodPassword, better, client))
		w.actor(mine)
		_, err := w.s.Session(ctx, other)
		w.refused("the other session", err, errs.ErrNotFound)
		_, err = w.s.UseLink(ctx, w.lastToken(), "", client)
		w.refused("a link from before", err, errs.ErrGone)
		must(w.s.SignIn(ctx, o.mail, better, client))(t)
		w.no(w.s.SetLang(ctx, in.Actor, "en"))
		if in := must(w.s.Session(ctx, mine))(t); in.Lang != "en" {
			t.Errorf("the language is %s", in.Lang)
		}
		if !in.Actor.Has(access.Learn) {
			t.Error("no learner")
		}
	})
}

func TestDeviceNames(t *testing.T) {
	for agent, want := range map[string]string{
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0":                                          "Firefox, Windows",
		"Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Safari/604.1": "Safari, iPhone",
		"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36":     "Chrome, macOS",
		"curl/8.0": "", "": "",
	} {
		if got := identity.DeviceName(agent); got != want {
			t.Errorf("%s: %q", agent, got)
		}
	}
}
