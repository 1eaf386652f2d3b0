package request_test

import (
	"errors"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/db"
	"ostoja/internal/db/dbtest"
	"ostoja/internal/errs"
	"ostoja/internal/guardian"
	"ostoja/internal/guardian/request"
	"ostoja/internal/guardian/roster"
	"ostoja/internal/id"
	"ostoja/internal/paper/papertest"
	"ostoja/internal/testrig"
)

// office is a guardians' office with accredited units, listed people and a phone.
type office struct {
	*testrig.GuardianOffice
	who     []access.Actor
	entries []string
}

func open(t *testing.T, w *testrig.World, listed int) *office {
	t.Helper()
	o := &office{GuardianOffice: w.GuardianOffice()}
	for unit, kind := range map[string]string{w.Guard: request.Requester, w.Lublin: request.Requester, o.CourtUnit: request.CourtKind} {
		i := request.Institution{UnitID: unit, Kind: kind, Phone: "22 555 00 00", SignedOn: "2026-01-01", TermsUntil: w.Clock.Now().AddDate(0, 6, 0).Format(time.DateOnly)}
		if kind == request.CourtKind {
			i.CourtID = o.NearCourt
		}
		w.OK(w.Requests.PutInstitution(t.Context(), o.Coordinator, i))
	}
	w.OK(w.Requests.PutOffice(t.Context(), o.Coordinator, request.Office{UnitID: w.Office, Phone: "22 555 11 22", Hours: "całą dobę"}))
	names := []string{"Adamska", "Bielska", "Celińska", "Dobrska", "Ewicka", "Falska"}
	for i := range listed {
		who, entry := o.Guardian("Helena", names[i%len(names)]+strings.Repeat("a", i/len(names)))
		o.list(t, entry)
		o.who, o.entries = append(o.who, who), append(o.entries, entry)
	}
	return o
}

// list says of an entry that its person can be asked: the register's own pages are not what is tested here.
func (o *office) list(t *testing.T, entry string) {
	t.Helper()
	o.OK(o.DB.Update(t.Context(), func(tx *db.Tx) error {
		return db.Exec(t.Context(), tx, `UPDATE guardian SET state = 'listed' WHERE id = ?`, entry)
	}))
}

func (o *office) draft() request.Draft {
	return request.Draft{Purpose: "protection", Reference: "V Nmo 12/26", CourtID: o.NearCourt, Lang: "uk", Wishes: []string{"woman"}, FromDay: o.Clock.Now().Format(time.DateOnly)}
}

func (o *office) ask(t *testing.T) request.Request {
	t.Helper()
	return o.see(t, testrig.Must(o.Requests.Ask(t.Context(), o.Requester, o.draft()))(t))
}

func (o *office) see(t *testing.T, requestID string) request.Request {
	t.Helper()
	return testrig.Must(o.Requests.Open(t.Context(), o.Requester, requestID))(t)
}

func (o *office) later(t *testing.T, d time.Duration) {
	t.Helper()
	o.Clock.Advance(d)
	o.OK(o.Requests.Drive(t.Context()))
}

// events returns the kinds in an entry's history.
func (o *office) events(t *testing.T, entry string) string {
	t.Helper()
	return strings.Join(testrig.Must(db.All[string](t.Context(), o.DB, `SELECT kind FROM guardian_event WHERE guardian_id = ? ORDER BY at, id`, entry))(t), " ")
}

var linked = regexp.MustCompile(`/guardian-reply/([A-Za-z0-9_-]{43})`)

func (o *office) token(t *testing.T) string {
	t.Helper()
	found := linked.FindStringSubmatch(o.LastLetter().Body)
	if found == nil {
		t.Fatal(o.LastLetter().Body)
	}
	return found[1]
}

var yes = request.Reply{Agree: true, Consent: true, NoConflict: true}

// Nobody but the people of an accredited unit who have the role asks; to everybody else there is nothing, and a unit whose terms are over is told.
func TestWhoAsks(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		o := open(t, w, 1)
		ctx, first := t.Context(), o.ask(t)
		everybody := w.Everybody()
		for name, actor := range map[string]access.Actor{"coordinator of guardians": o.Coordinator, "elsewhere": o.Elsewhere, "assessor": o.First, "court": o.CourtClerk, "complaints": o.Complaints, "guardian": o.who[0]} {
			everybody[name] = actor
		}
		for name, actor := range everybody {
			_, err := w.Requests.Ask(ctx, actor, o.draft())
			w.Refused(name+" asks", err, errs.ErrNotFound)
			_, err = w.Requests.Open(ctx, actor, first.ID)
			w.Refused(name+" looks", err, errs.ErrNotFound)
			w.Refused(name+" reveals", w.Requests.Reveal(ctx, actor, first.ID, first.Proposals[0].ID, "urgent"), errs.ErrNotFound)
			_, err = w.Requests.Pack(ctx, actor, first.ID)
			w.Refused(name+" makes a pack", err, errs.ErrNotFound)
			if name != "coordinator of guardians" {
				_, err = w.Requests.Watch(ctx, actor, first.ID)
				w.Refused(name+" watches", err, errs.ErrNotFound)
				if name != "elsewhere" {
					_, err = w.Requests.Accounts(ctx, actor)
					w.Refused(name+" counts", err, errs.ErrNotFound)
					w.Refused(name+" accredits", w.Requests.PutInstitution(ctx, actor, request.Institution{UnitID: w.Chelm}), errs.ErrNotFound)
					w.Refused(name+" releases", w.Requests.Release(ctx, actor, o.Requester.PersonID, 1, "Sprawa"), errs.ErrNotFound)
				}
			}
			if name != "court" {
				_, err = w.Requests.PackForCourt(ctx, actor, first.ID)
				w.Refused(name+" opens for the court", err, errs.ErrNotFound)
			}
		}
		_, err := w.Requests.Open(ctx, o.PoliceRequester, first.ID)
		w.Refused("another unit", err, errs.ErrNotFound)
		for _, nonsense := range []string{"", "x", id.New()} {
			_, err := w.Requests.Open(ctx, o.Requester, nonsense)
			w.Refused("nonsense", err, errs.ErrNotFound)
		}
		w.Clock.Advance(200 * 24 * time.Hour)
		_, err = w.Requests.Ask(ctx, o.Requester, o.draft())
		w.Refused("terms are over", err, errs.ErrForbidden)
		_, err = w.Requests.Open(ctx, o.Requester, first.ID)
		w.Refused("looking with terms that are over", err, errs.ErrForbidden)
	})
}

// The answer names three people by given name and a letter, without a phone; the first is asked by a letter in which nothing stands of the case.
func TestAnAnswer(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		o := open(t, w, 4)
		r := o.ask(t)
		if len(r.Proposals) != 3 || r.State != request.Asking {
			t.Fatalf("%+v", r)
		}
		for i, p := range r.Proposals {
			if p.Phone != "" || p.AskedAt.IsZero() == (i == 0) || !slices.Contains(p.Reasons, "language") {
				t.Errorf("%d: %+v", i, p)
			}
		}
		l := w.LastLetter()
		for _, secret := range []string{"Nmo", "Terespol", "Granicz", "ukrai", "Brzezin"} {
			if strings.Contains(l.Subject+l.Body, secret) {
				t.Errorf("the letter says %q: %s", secret, l.Body)
			}
		}
		if got := o.events(t, r.Proposals[0].GuardianID); got != "admitted proposed asked" {
			t.Errorf("the history: %s", got)
		}
	})
}

// The person on duty comes first whatever a unit wishes; of the others, who answers to more of the wishes, and the answer says so.
func TestWishesOrderTheOthers(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx, o := t.Context(), open(t, w, 4)
		tick := func(entry string, answers ...string) {
			t.Helper()
			x := testrig.Must(w.Guardians.Page(ctx, o.Coordinator, entry))(t)
			w.OK(w.Guardians.Edit(ctx, o.Coordinator, entry, guardian.Draft{MostChildren: 2, Langs: []string{"pl", "uk"}, Courts: []string{o.NearCourt}, Answers: answers, Edition: x.Edition}))
		}
		tick(o.entries[1], "man")
		tick(o.entries[2], "woman")
		tick(o.entries[3], "woman", "evenings")
		this := guardian.WeekOf(w.Clock.Now(), w.Measurement.Zone())
		_, refused, err := w.Duty.Assign(ctx, o.Coordinator, o.NearCourt, []roster.Change{{Lang: "uk", Week: this, To: o.entries[0]}})
		if err != nil || len(refused) > 0 {
			t.Fatal(refused, err)
		}
		d := o.draft()
		d.Wishes = []string{"woman", "near", "evenings"}
		r := o.see(t, testrig.Must(w.Requests.Ask(ctx, o.Requester, d))(t))
		for i, want := range []struct {
			entry   string
			reasons []string
		}{{o.entries[0], []string{"duty", "wish-unknown"}}, {o.entries[3], []string{"wish-woman", "wish-evenings"}}, {o.entries[2], []string{"wish-woman"}}} {
			p := r.Proposals[i]
			if p.GuardianID != want.entry {
				t.Errorf("at the place %d stands another: %+v", i, p)
			}
			for _, reason := range want.reasons {
				if !slices.Contains(p.Reasons, reason) {
					t.Errorf("at the place %d %s is not said: %q", i, reason, p.Reasons)
				}
			}
		}
		if slices.Contains(r.Proposals[2].Reasons, "wish-evenings") || slices.Contains(r.Proposals[2].Reasons, "wish-unknown") {
			t.Errorf("%q", r.Proposals[2].Reasons)
		}
	})
}

// Twenty minutes each, then the office's phone; who was late can still agree, until somebody else has.
func TestTheClocks(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		o := open(t, w, 3)
		r := o.ask(t)
		first := o.token(t)
		asked := func() (n int) {
			for _, p := range o.see(t, r.ID).Proposals {
				if !p.AskedAt.IsZero() {
					n++
				}
			}
			return n
		}
		o.later(t, request.AnswerIn-time.Second)
		if n := asked(); n != 1 {
			t.Errorf("%d asked before the time", n)
		}
		o.later(t, time.Second)
		if n := asked(); n != 2 {
			t.Errorf("%d asked after twenty minutes", n)
		}
		second := o.token(t)
		w.OK(w.Requests.AnswerByLink(t.Context(), second, request.Reply{}))
		if n := asked(); n != 3 {
			t.Errorf("%d asked after a no", n)
		}
		o.later(t, request.AnswerIn)
		if got := o.see(t, r.ID); got.State != request.AtOffice || len(got.Offices) != 1 || got.Offices[0].Phone != "22 555 11 22" {
			t.Errorf("%s %+v", got.State, got.Offices)
		}
		if l := w.LastLetter(); !strings.Contains(l.Body, "/app/guardians/desk/"+r.ID) || l.To != "gabriela.rejestrowa@example.org" {
			t.Errorf("the office is not told: %s %s", l.To, l.Body)
		}
		w.Refused("a second no", w.Requests.AnswerByLink(t.Context(), second, request.Reply{}), errs.ErrConflict)
		w.OK(w.Requests.AnswerByLink(t.Context(), first, yes))
		got := o.see(t, r.ID)
		if got.State != request.Accepted || got.Accepted() == nil || got.Accepted().Place != 0 {
			t.Errorf("%s %+v", got.State, got.Accepted())
		}
		w.Refused("a second yes", w.Requests.AnswerByLink(t.Context(), first, yes), errs.ErrConflict)
		if q := testrig.Must(w.Requests.ByLink(t.Context(), first))(t); q.Open() {
			t.Error("the link is still open")
		}
		_, err := w.Requests.ByLink(t.Context(), id.Secret())
		w.Refused("a link that nobody knows", err, errs.ErrNotFound)
	})
}

// Nobody is named who is not listed, not valid, away, or full; and who agrees to one request has a place less for another.
func TestWhoIsNamed(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx, o := t.Context(), open(t, w, 1)
		named := func() int { return len(o.ask(t).Proposals) }
		set := func(text string, args ...any) {
			t.Helper()
			o.OK(o.DB.Update(ctx, func(tx *db.Tx) error { return db.Exec(ctx, tx, text, append(args, o.entries[0])...) }))
		}
		if named() != 1 {
			t.Fatal("nobody is named")
		}
		set(`UPDATE guardian SET state = 'paused' WHERE id = ?`)
		if named() != 0 {
			t.Error("somebody who is paused")
		}
		set(`UPDATE guardian SET state = 'listed', valid_until = ? WHERE id = ?`, w.Clock.Now())
		if named() != 0 {
			t.Error("somebody whose training has lapsed")
		}
		set(`UPDATE guardian SET most_children = 0, valid_until = ? WHERE id = ?`, w.Clock.Now().Add(time.Hour))
		if named() != 0 {
			t.Error("somebody over the limit")
		}
		set(`UPDATE guardian SET most_children = 1 WHERE id = ?`)
		o.OK(o.DB.Update(ctx, func(tx *db.Tx) error {
			return db.Exec(ctx, tx, `INSERT INTO guardian_absence (id, guardian_id, from_day, until_day) VALUES (?, ?, ?, ?)`, id.New(), o.entries[0], o.draft().FromDay, o.draft().FromDay)
		}))
		if named() != 0 {
			t.Error("somebody who is away")
		}
		set(`DELETE FROM guardian_absence WHERE guardian_id = ?`)
		a, b := o.ask(t), o.ask(t)
		w.OK(w.Requests.AnswerHere(ctx, o.who[0], a.Proposals[0].ID, yes))
		w.Refused("a second child for one place", w.Requests.AnswerHere(ctx, o.who[0], b.Proposals[0].ID, yes), errs.ErrConflict)
		if got := o.see(t, b.ID); got.State == request.Accepted {
			t.Error("it was accepted")
		}
		if named() != 0 {
			t.Error("somebody who has promised their last place")
		}
		distant := o.draft()
		distant.CourtID = o.DistantCourt
		if r := o.see(t, testrig.Must(w.Requests.Ask(ctx, o.Requester, distant))(t)); len(r.Proposals) != 0 || r.State != request.AtOffice {
			t.Errorf("before another court: %+v", r)
		}
		w.Refused("somebody else's question", w.Requests.AnswerHere(ctx, w.Learner, b.Proposals[0].ID, yes), errs.ErrNotFound)
	})
}

// Of two who agree at once one does, whichever; the other is told that it is over.
func TestTwoAgreeAtOnce(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		o := open(t, w, 2)
		r := o.ask(t)
		o.later(t, request.AnswerIn)
		var group sync.WaitGroup
		failed := make([]error, 2)
		for i, p := range o.see(t, r.ID).Proposals {
			who := o.who[slices.Index(o.entries, p.GuardianID)]
			group.Go(func() { failed[i] = w.Requests.AnswerHere(t.Context(), who, p.ID, yes) })
		}
		group.Wait()
		if (failed[0] == nil) == (failed[1] == nil) {
			t.Fatalf("%v, %v", failed[0], failed[1])
		}
		if err := errors.Join(failed...); !errors.Is(err, errs.ErrConflict) {
			t.Errorf("the other reads %v", err)
		}
	})
}

// An account that asks for every court and language in turn is shown fifteen different people in thirty days, then nobody new until the office
// releases some, and again when time has passed. Who is seen again does not count.
func TestTheLimitOfAnAccount(t *testing.T) {
	w := testrig.New(t)
	ctx, o := t.Context(), open(t, w, 19)
	seen := map[string]bool{}
	var refused error
	for range 40 {
		requestID, err := w.Requests.Ask(ctx, o.Requester, o.draft())
		if err != nil {
			refused = err
			break
		}
		for _, p := range o.see(t, requestID).Proposals {
			seen[p.GuardianID] = true
			o.OK(o.DB.Update(ctx, func(tx *db.Tx) error { // they are paused so that others come up
				return db.Exec(ctx, tx, `UPDATE guardian SET state = 'paused' WHERE id = ?`, p.GuardianID)
			}))
		}
		w.Clock.Advance(time.Hour)
	}
	w.Refused("the sixteenth", refused, errs.ErrTooMany)
	if len(seen) != 15 {
		t.Fatalf("%d people were shown", len(seen))
	}
	account := testrig.Must(w.Requests.Accounts(ctx, o.Coordinator))(t)[0]
	if account.Seen != 15 || account.Left() != 0 {
		t.Errorf("%+v", account)
	}
	for what, c := range map[string]struct {
		more   int
		reason string
	}{"none": {0, "Sprawa"}, "too many": {16, "Sprawa"}, "no reason": {1, " "}, "a phone": {1, "Dzwonić 600 700 800"}} {
		w.Refused(what, w.Requests.Release(ctx, o.Coordinator, o.Requester.PersonID, c.more, c.reason), errs.ErrInvalid)
	}
	w.Refused("for who never asked", w.Requests.Release(ctx, o.Coordinator, w.Learner.PersonID, 1, "Sprawa"), errs.ErrNotFound)
	w.OK(w.Requests.Release(ctx, o.Coordinator, o.Requester.PersonID, 2, "Dwie sprawy jednego dnia"))
	if r := o.ask(t); len(r.Proposals) != 2 {
		t.Errorf("%d are shown after two more", len(r.Proposals))
	}
	w.Clock.Advance(31 * 24 * time.Hour)
	if r := o.ask(t); len(r.Proposals) != 3 {
		t.Errorf("%d are shown a month later", len(r.Proposals))
	}
}

// A contact opens one by one, for a purpose, and its person reads who looked; it closes again when they leave the register.
func TestALookIsRecorded(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx, o := t.Context(), open(t, w, 2)
		r := o.ask(t)
		p := r.Proposals[0]
		w.Refused("without a purpose", w.Requests.Reveal(ctx, o.Requester, r.ID, p.ID, ""), errs.ErrInvalid)
		w.Refused("somebody who is not named", w.Requests.Reveal(ctx, o.Requester, r.ID, id.New(), "urgent"), errs.ErrNotFound)
		for range 2 {
			w.OK(w.Requests.Reveal(ctx, o.Requester, r.ID, p.ID, "urgent"))
		}
		got := o.see(t, r.ID).Proposals
		if got[0].Phone != "+48 600 100 200" || got[1].Phone != "" {
			t.Errorf("%q and %q", got[0].Phone, got[1].Phone)
		}
		if seen := o.events(t, p.GuardianID); strings.Count(seen, "revealed") != 1 {
			t.Errorf("the history: %s", seen)
		}
		o.OK(o.DB.Update(ctx, func(tx *db.Tx) error {
			return db.Exec(ctx, tx, `UPDATE guardian SET state = 'removed' WHERE id = ?`, p.GuardianID)
		}))
		if got := o.see(t, r.ID).Proposals[0].Phone; got != "" {
			t.Errorf("%q of somebody who has left", got)
		}
		if watched := testrig.Must(w.Requests.Watch(ctx, o.Coordinator, r.ID))(t); watched.Proposals[0].Phone != "" {
			t.Error("the office's page shows the phone")
		}
	})
}

// Without consent and statement there is no yes; with them there is a paper that the court can rely on, and only then.
func TestThePack(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx, o := t.Context(), open(t, w, 1)
		r := o.ask(t)
		_, err := w.Requests.Pack(ctx, o.Requester, r.ID)
		w.Refused("before anybody agreed", err, errs.ErrConflict)
		for what, reply := range map[string]request.Reply{"no consent": {Agree: true, NoConflict: true}, "no statement": {Agree: true, Consent: true}} {
			w.Refused(what, w.Requests.AnswerHere(ctx, o.who[0], r.Proposals[0].ID, reply), errs.ErrInvalid)
		}
		w.OK(w.Requests.AnswerHere(ctx, o.who[0], r.Proposals[0].ID, yes))
		k := testrig.Must(w.Requests.Pack(ctx, o.Requester, r.ID))(t)
		pdf := testrig.Must(k.PDF(w.Requests.Catalogue.Printer("pl"), w.Clock.Now(), "https://example.org/verify/guardian"))(t)
		words := strings.Join(strings.Fields(papertest.Words(t, pdf)), " ")
		for _, want := range []string{"Helena Adamska", "Sąd Rejonowy w Brzezinach Leśnych", "V Nmo 12/26", "+48 600 100 200", "polski, ukraiński", "Biuro programu", "nie ma konfliktu interesów", "ochronę międzynarodową", "https://example.org/verify/guardian/" + guardian.Grouped(k.Code)} {
			if !strings.Contains(words, want) {
				t.Errorf("%q does not stand in %s", want, words)
			}
		}
		papertest.Check(t, pdf)
		if v := testrig.Must(w.Guardians.Verify(ctx, k.Code))(t); !v.Holds || v.Name != "Helena Adamska" {
			t.Errorf("the code of the paper: %+v", v)
		}
		if got := o.events(t, o.entries[0]); !strings.HasSuffix(got, "accepted packed") {
			t.Errorf("the history: %s", got)
		}
		w.Clock.Advance(366 * 24 * time.Hour)
		w.OK(w.Requests.PutInstitution(ctx, o.Coordinator, request.Institution{UnitID: w.Guard, Kind: request.Requester, Phone: "22 555 00 00", SignedOn: "2026-01-01", TermsUntil: w.Clock.Now().Format(time.DateOnly), Edition: 1}))
		_, err = w.Requests.Pack(ctx, o.Requester, r.ID)
		w.Refused("of somebody whose training has lapsed", err, errs.ErrConflict)
		if v := testrig.Must(w.Guardians.Verify(ctx, k.Code))(t); v.Holds {
			t.Error("the code of a paper whose end has passed holds")
		}
	})
}

// A court sees nothing until an office switches it on, then what was put before itself, and each look is in the history.
func TestWhatACourtSees(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx, o := t.Context(), open(t, w, 1)
		r := o.ask(t)
		w.OK(w.Requests.AnswerHere(ctx, o.who[0], r.Proposals[0].ID, yes))
		w.OK(w.Requests.SetMotion(ctx, o.Requester, r.ID, o.draft().FromDay))
		shown := func() int { return len(testrig.Must(w.Requests.PutBefore(ctx, o.CourtClerk))(t)) }
		if shown() != 0 {
			t.Error("it is on as shipped")
		}
		_, err := w.Requests.PackForCourt(ctx, o.CourtClerk, r.ID)
		w.Refused("while it is off", err, errs.ErrNotFound)
		w.OK(w.Requests.PutOffice(ctx, o.Coordinator, request.Office{UnitID: w.Office, Phone: "22 555 11 22", CourtView: true, Edition: 1}))
		if shown() != 1 {
			t.Fatal("nothing is shown")
		}
		if k := testrig.Must(w.Requests.PackForCourt(ctx, o.CourtClerk, r.ID))(t); k.Name != "Helena Adamska" {
			t.Errorf("%+v", k)
		}
		if got := o.events(t, o.entries[0]); !strings.HasSuffix(got, "court-looked") {
			t.Errorf("the history: %s", got)
		}
		w.OK(w.Requests.PutInstitution(ctx, o.Coordinator, request.Institution{UnitID: o.CourtUnit, Kind: request.CourtKind, CourtID: o.DistantCourt, Phone: "22 555 00 00", SignedOn: "2026-01-01", TermsUntil: "2027-01-01", Edition: 1}))
		if shown() != 0 {
			t.Error("what was put before another court")
		}
		_, err = w.Requests.PackForCourt(ctx, o.CourtClerk, r.ID)
		w.Refused("put before another court", err, errs.ErrNotFound)
	})
}

// The court's days are counted as the office that keeps the entry has set it, since no source has confirmed how.
func TestTheOfficeCountsTheCourtsDays(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx, o := t.Context(), open(t, w, 1)
		r := o.ask(t)
		w.OK(w.Requests.AnswerByLink(ctx, o.token(t), yes))
		filed := o.draft().FromDay // a Friday
		w.OK(w.Requests.SetMotion(ctx, o.Requester, r.ID, filed))
		for i, c := range []struct {
			days  int
			moved bool
			last  string
		}{{0, false, "2026-10-26"}, {1, true, "2026-10-26"}, {1, false, "2026-10-24"}, {7, true, "2026-10-30"}} {
			office := request.Office{UnitID: w.Office, Phone: "22 555 11 22", TermDays: c.days, TermMoved: c.moved, Edition: int64(i + 1)}
			w.OK(w.Requests.PutOffice(ctx, o.Coordinator, office))
			if last, _ := o.see(t, r.ID).LastDay(); last.Format(time.DateOnly) != c.last {
				t.Errorf("%d days, moved %v, from %s: %s, want %s", c.days, c.moved, filed, last.Format(time.DateOnly), c.last)
			}
		}
		for _, days := range []int{-1, 61} {
			w.Refused("a term", w.Requests.PutOffice(ctx, o.Coordinator, request.Office{UnitID: w.Office, Phone: "22 555 11 22", TermDays: days, Edition: 5}), errs.ErrInvalid)
		}
	})
}

// The court's days count from the motion; a withdrawn request is over for everybody who was asked.
func TestMotionAndWithdrawal(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx, o := t.Context(), open(t, w, 1)
		r := o.ask(t)
		if _, filed := r.LastDay(); filed {
			t.Error("filed before it was")
		}
		w.Refused("tomorrow", w.Requests.SetMotion(ctx, o.Requester, r.ID, w.Clock.Now().AddDate(0, 0, 1).Format(time.DateOnly)), errs.ErrInvalid)
		w.Refused("no day", w.Requests.SetMotion(ctx, o.Requester, r.ID, ""), errs.ErrInvalid)
		w.OK(w.Requests.SetMotion(ctx, o.Requester, r.ID, o.draft().FromDay))
		if last, filed := o.see(t, r.ID).LastDay(); !filed || last.Before(w.Clock.Now()) {
			t.Errorf("%s, %v", last, filed)
		}
		link := o.token(t)
		w.OK(w.Requests.Withdraw(ctx, o.Requester, r.ID))
		w.Refused("twice", w.Requests.Withdraw(ctx, o.Requester, r.ID), errs.ErrConflict)
		w.Refused("an answer to what was withdrawn", w.Requests.AnswerByLink(ctx, link, yes), errs.ErrConflict)
		w.Refused("a motion of what was withdrawn", w.Requests.SetMotion(ctx, o.Requester, r.ID, o.draft().FromDay), errs.ErrConflict)
		w.Refused("a look at what was withdrawn", w.Requests.Reveal(ctx, o.Requester, r.ID, r.Proposals[0].ID, "urgent"), errs.ErrNotFound)
		if l := w.LastLetter(); !strings.Contains(l.Body, "nieaktualne") {
			t.Errorf("who was asked reads %s", l.Body)
		}
	})
}

// Terms have faults of their own, and of two who write at once the second is told.
func TestTermsOfInstitutions(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx, o := t.Context(), w.GuardianOffice()
		good := request.Institution{UnitID: w.Guard, Kind: request.Requester, Phone: "22 555 00 00", SignedOn: "2026-01-01", TermsUntil: "2027-06-30"}
		for what, change := range map[string]func(i *request.Institution){
			"no kind": func(i *request.Institution) { i.Kind = "" }, "no phone": func(i *request.Institution) { i.Phone = "zadzwoń" }, "signed tomorrow": func(i *request.Institution) { i.SignedOn = "2030-01-01" },
			"no day": func(i *request.Institution) { i.TermsUntil = "" }, "for ever": func(i *request.Institution) { i.TermsUntil = "2099-01-01" }, "before": func(i *request.Institution) { i.TermsUntil = "2025-01-01" },
			"a court without one": func(i *request.Institution) { i.Kind = request.CourtKind }, "a court that is none": func(i *request.Institution) { i.Kind, i.CourtID = request.CourtKind, id.New() },
		} {
			i := good
			change(&i)
			w.Refused(what, w.Requests.PutInstitution(ctx, o.Coordinator, i), errs.ErrInvalid)
		}
		w.OK(w.Requests.PutInstitution(ctx, o.Coordinator, good))
		w.Refused("an old form", w.Requests.PutInstitution(ctx, o.Coordinator, good), errs.ErrConflict)
		w.Refused("no such unit", w.Requests.PutInstitution(ctx, o.Coordinator, request.Institution{UnitID: id.New()}), errs.ErrNotFound)
		w.Refused("an office without a phone", w.Requests.PutOffice(ctx, o.Coordinator, request.Office{UnitID: w.Office}), errs.ErrInvalid)
		w.Refused("another's office", w.Requests.PutOffice(ctx, o.Elsewhere, request.Office{UnitID: w.Office, Phone: "22 1111111"}), errs.ErrNotFound)
		if found := testrig.Must(w.Requests.FindUnits(ctx, o.Coordinator, "medyce"))(t); len(found) != 1 || found[0].UnitID != w.Medyka {
			t.Errorf("%+v", found)
		}
		if found := testrig.Must(w.Requests.FindUnits(ctx, o.Coordinator, "straż graniczna"))(t); len(found) != 0 {
			t.Errorf("a unit that has terms: %+v", found)
		}
	})
}

// Requests are kept for a year.
func TestOldRequestsAreErased(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		o := open(t, w, 1)
		r := o.ask(t)
		o.later(t, 3*request.AnswerIn)
		count := func() int {
			return testrig.Must(db.One[int](t.Context(), w.DB, `SELECT (SELECT COUNT(*) FROM guardian_request) + (SELECT COUNT(*) FROM guardian_seen) + (SELECT COUNT(*) FROM guardian_proposal)`))(t)
		}
		w.Clock.Advance(r.AskedAt.Add(365*24*time.Hour - time.Second).Sub(w.Clock.Now()))
		w.OK(w.Keeping.EraseDue(t.Context()))
		if count() != 3 {
			t.Errorf("%d rows before the time", count())
		}
		w.Clock.Advance(time.Second)
		w.OK(w.Keeping.EraseDue(t.Context()))
		if count() != 0 {
			t.Errorf("%d rows after a year", count())
		}
	})
}

// Each act is whole or not there, whichever of its statements fails.
func TestFailingStatements(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx, o := t.Context(), open(t, w, 2)
		r := o.ask(t)
		link := o.token(t)
		dbtest.EachFails(t, w.DB, []dbtest.Step{
			{Name: "ask", Do: func() error { return only(w.Requests.Ask(ctx, o.Requester, o.draft())) }},
			{Name: "reveal", Do: func() error { return w.Requests.Reveal(ctx, o.Requester, r.ID, r.Proposals[0].ID, "urgent") }},
			{Name: "motion", Do: func() error { return w.Requests.SetMotion(ctx, o.Requester, r.ID, o.draft().FromDay) }},
			{Name: "look", Do: func() error { return only(w.Requests.Watch(ctx, o.Coordinator, r.ID)) }},
			{Name: "desk", Do: func() error { return only(w.Requests.Desk(ctx, o.Coordinator)) }},
			{Name: "release", Do: func() error { return w.Requests.Release(ctx, o.Coordinator, o.Requester.PersonID, 1, "Sprawa") }},
			{Name: "office", Do: func() error {
				return w.Requests.PutOffice(ctx, o.Coordinator, request.Office{UnitID: w.Office, Phone: "22 555 11 22", CourtView: true, Edition: 1})
			}},
			{Name: "answer", Do: func() error { return w.Requests.AnswerByLink(ctx, link, yes) }},
			{Name: "pack", Do: func() error { return only(w.Requests.Pack(ctx, o.Requester, r.ID)) }},
			{Name: "court", Do: func() error { return only(w.Requests.PackForCourt(ctx, o.CourtClerk, r.ID)) }},
			{Name: "withdraw", Do: func() error { return w.Requests.Withdraw(ctx, o.Requester, r.ID) }},
		})
	})
}

func only[T any](_ T, err error) error { return err }
