package identity_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"ostoja/internal/access"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/id"
	"ostoja/internal/identity"
	"ostoja/internal/identity/people"
	"ostoja/internal/list"
	"ostoja/internal/testrig"
	"ostoja/internal/text"
)

func TestAPersonIsAddedInvitedAndComesIn(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx := t.Context()
		d := identity.Draft{GivenName: " Łucja ", FamilyName: "Żółć-Nowak", Mail: "Lucja.Zolc@Example.ORG", ServiceNumber: "sg 12/3", UnitID: w.Terespol, Lang: "en", Sex: identity.Female, Region: "06"}
		personID := testrig.Must(w.Identity.Add(ctx, w.TerespolCoordinator, d, true))(t)
		p := testrig.Must(w.Identity.Person(ctx, w.GuardCoordinator, personID))(t)
		if p.Name() != "Łucja Żółć-Nowak" || p.Mail != "lucja.zolc@example.org" || p.ServiceNumber != "SG12/3" || p.State != identity.Invited || p.Organisation != "Straż Graniczna" || !p.InvitedAt.Equal(testrig.Start) {
			t.Errorf("kept as %+v", p)
		}
		if len(p.Roles) != 1 || p.Roles[0].Role != access.Learner || p.Roles[0].UnitID != w.Terespol {
			t.Errorf("roles %+v", p.Roles)
		}
		letter := w.LastLetter()
		if letter.To != p.Mail || letter.Lang != "en" || letter.Subject != "Invitation to training in Ostoja" {
			t.Errorf("letter %+v", letter)
		}
		for _, want := range []string{"Straż Graniczna invites you", "https://szkolenia.example.org/app/link/", "6\u00a0November 2026", "Leszek Lokalny, leszek.lokalny@example.org"} {
			if !contains(letter.Body, want) {
				t.Errorf("the letter does not say %q:\n%s", want, letter.Body)
			}
		}
		o := testrig.Must(w.Identity.UseLink(ctx, lastToken(w), goodPassword, identity.Client{UserAgent: "Mozilla/5.0 (Windows NT 10.0) Firefox/140.0"}))(t)
		actor := actorOf(w, o.Token)
		if o.Lang != "en" || !actor.Has(access.Learn) || actor.Has(access.PeopleRead) {
			t.Errorf("came in as %+v", actor)
		}
		if p := testrig.Must(w.Identity.Person(ctx, w.Admin, personID))(t); p.State != identity.Active || !p.HasPassword || !p.ActivatedAt.Equal(testrig.Start) {
			t.Errorf("after coming in: %+v", p)
		}
	})
}

func TestWhatIsWrongWithAPerson(t *testing.T) {
	w := testrig.New(t)
	good := testrig.Draft("Jan", "Nowy", w.Terespol)
	testrig.Must(w.Identity.Add(t.Context(), w.Admin, identity.Draft{GivenName: "A", FamilyName: "B", Mail: "there@example.org", ServiceNumber: "7", UnitID: w.Terespol, Lang: "pl"}, false))(t)
	for _, c := range []struct {
		field, fault string
		change       func(*identity.Draft)
	}{
		{"given_name", "given-name", func(d *identity.Draft) { d.GivenName = "\u200b \t" }},
		{"family_name", "family-name", func(d *identity.Draft) { d.FamilyName = "" }},
		{"mail", "mail-or-number", func(d *identity.Draft) { d.Mail = "" }},
		{"mail", "mail", func(d *identity.Draft) { d.Mail = "jan" }},
		{"mail", "mail", func(d *identity.Draft) { d.Mail = "jan@localhost" }},
		{"mail", "mail", func(d *identity.Draft) { d.Mail = "Jan <jan@example.org>" }},
		{"mail", "mail", func(d *identity.Draft) { d.Mail = "jan@example.org\r\nBcc: x@example.org" }},
		{"mail", "mail-taken", func(d *identity.Draft) { d.Mail = "THERE@example.org" }},
		{"service_number", "number-taken", func(d *identity.Draft) { d.ServiceNumber = " 7 " }},
		{"service_number", "number", func(d *identity.Draft) { d.ServiceNumber = "a@b" }},
		{"lang", "choose", func(d *identity.Draft) { d.Lang = "xx" }},
		{"sex", "choose", func(d *identity.Draft) { d.Sex = "q" }},
		{"region", "choose", func(d *identity.Draft) { d.Region = "99" }},
		{"unit", "choose", func(d *identity.Draft) { d.UnitID = "" }},
		{"unit", "unit", func(d *identity.Draft) { d.UnitID = id.New() }},
	} {
		d := good
		c.change(&d)
		if _, err := w.Identity.Add(t.Context(), w.Admin, d, false); fault(err, c.field) != c.fault {
			t.Errorf("%+v: %v, want %s: %s", d, err, c.field, c.fault)
		}
	}
	if _, err := w.Identity.Add(t.Context(), w.Admin, good, false); err != nil {
		t.Errorf("a good draft: %v", err)
	}
}

func TestNobodyReachesBeyondTheirUnits(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx := t.Context()
		elsewhere := w.Person("Ewa", "Elsewhere", w.Medyka).PersonID
		_, err := w.Identity.Person(ctx, w.TerespolCoordinator, elsewhere)
		w.Refused("seeing", err, errs.ErrNotFound)
		w.Refused("editing", w.Identity.Edit(ctx, w.TerespolCoordinator, elsewhere, testrig.Draft("Ewa", "E", w.Terespol)), errs.ErrNotFound)
		w.Refused("blocking", w.Identity.Block(ctx, w.TerespolCoordinator, elsewhere), errs.ErrNotFound)
		w.Refused("granting", w.Identity.Grant(ctx, w.TerespolCoordinator, elsewhere, identity.RoleDraft{Role: access.Trainer, UnitID: w.Terespol}), errs.ErrNotFound)
		_, err = w.Identity.Invite(ctx, w.TerespolCoordinator, elsewhere)
		w.Refused("inviting", err, errs.ErrNotFound)
		if _, err = w.Identity.Add(ctx, w.TerespolCoordinator, testrig.Draft("X", "Y", w.Medyka), false); fault(err, "unit") != "unit" {
			t.Errorf("adding elsewhere: %v", err)
		}
		mine := testrig.Must(w.Identity.Add(ctx, w.TerespolCoordinator, testrig.Draft("Ola", "Moja", w.Terespol), false))(t)
		if err := w.Identity.Edit(ctx, w.TerespolCoordinator, mine, testrig.Draft("Ola", "Moja", w.Medyka)); fault(err, "unit") != "unit" {
			t.Errorf("moving elsewhere: %v", err)
		}
		for actor, want := range map[*access.Actor]int{
			&w.TerespolCoordinator: w.Within(w.Terespol) + 1, &w.GuardCoordinator: w.Within(w.Guard) + 2, &w.PoliceCoordinator: w.Within(w.Police), &w.Admin: w.Within("") + 2, {PersonID: "x"}: 0,
		} {
			if l := testrig.Must(w.People.Search(ctx, *actor, people.Filter{}))(t); l.Total != want || len(l.Rows) != want {
				t.Errorf("%s sees %d, want %d", actor.PersonID, l.Total, want)
			}
		}
		trainer := w.Person("Tymon", "Trener", w.Terespol, identity.RoleDraft{Role: access.Trainer, UnitID: w.Terespol})
		w.Refused("a trainer editing", w.Identity.Edit(ctx, trainer, mine, testrig.Draft("Ola", "Inna", w.Terespol)), errs.ErrForbidden)
	})
}

// TestNobodyTakesOverWhoMayMore: a new mail address is a way to sign in as its person.
func TestNobodyTakesOverWhoMayMore(t *testing.T) {
	w := testrig.New(t)
	ctx := t.Context()
	chief := w.Person("Szef", "Szefowski", w.Terespol, identity.RoleDraft{Role: access.Administrator}).PersonID
	d := testrig.Draft("Szef", "Szefowski", w.Terespol)
	d.Mail = "attacker@example.org"
	w.Refused("editing an administrator", w.Identity.Edit(ctx, w.TerespolCoordinator, chief, d), errs.ErrForbidden)
	w.Refused("blocking an administrator", w.Identity.Block(ctx, w.TerespolCoordinator, chief), errs.ErrForbidden)
	author := w.Person("Aga", "Autorka", w.Terespol, identity.RoleDraft{Role: access.Author}).PersonID
	w.Refused("editing an author of all courses", w.Identity.Edit(ctx, w.TerespolCoordinator, author, d), errs.ErrForbidden)
	if p := testrig.Must(w.Identity.Person(ctx, w.Admin, chief))(t); !p.Changeable(w.Admin, testrig.Start) || p.Changeable(w.TerespolCoordinator, testrig.Start) {
		t.Error("Changeable says otherwise")
	}
}

func TestEditingMovesTheLearnerAndDropsOldLinks(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx := t.Context()
		personID := testrig.Must(w.Identity.Add(ctx, w.GuardCoordinator, testrig.Draft("Piotr", "Ruchliwy", w.Terespol), true))(t)
		old := lastToken(w)
		d := testrig.Draft("Piotr", "Ruchliwy", w.Medyka)
		d.Mail = "nowy@example.org"
		w.OK(w.Identity.Edit(ctx, w.GuardCoordinator, personID, d))
		p := testrig.Must(w.Identity.Person(ctx, w.GuardCoordinator, personID))(t)
		if p.UnitID != w.Medyka || len(p.Roles) != 1 || p.Roles[0].UnitID != w.Medyka {
			t.Errorf("moved as %+v", p)
		}
		_, err := w.Identity.UseLink(ctx, old, "", identity.Client{})
		w.Refused("the link sent to the old address", err, errs.ErrGone)
	})
}

func TestBlockingEndsSessionsAndIsUndone(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx := t.Context()
		personID := testrig.Must(w.Identity.Add(ctx, w.TerespolCoordinator, testrig.Draft("Bartek", "Blok", w.Terespol), true))(t)
		o := testrig.Must(w.Identity.UseLink(ctx, lastToken(w), goodPassword, identity.Client{}))(t)
		actorOf(w, o.Token)
		w.OK(w.Identity.Block(ctx, w.TerespolCoordinator, personID))
		_, err := w.Identity.Session(ctx, o.Token)
		w.Refused("the session of a blocked person", err, errs.ErrNotFound)
		_, err = w.Identity.SignIn(ctx, "bartek.blok@example.org", goodPassword, identity.Client{})
		w.Refused("a blocked person", err, errs.ErrInvalid)
		w.OK(w.Identity.Unblock(ctx, w.TerespolCoordinator, personID))
		testrig.Must(w.Identity.SignIn(ctx, "bartek.blok@example.org", goodPassword, identity.Client{}))(t)
		w.Refused("blocking oneself", w.Identity.Block(ctx, w.TerespolCoordinator, w.TerespolCoordinator.PersonID), errs.ErrConflict)
	})
}

func TestSearchSortsAsPolesDoAndForgivesDiacritics(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx := t.Context()
		shift := w.Unit(w.Medyka, identity.OtherUnit, "Zmiana w Medyce", "")
		names := []string{"Ąbek", "Abramowicz", "Cichy", "Ćwik", "Lis", "Łoś", "Nowak", "Nowakowska", "Śledź", "Sum", "Zając", "Źrebak", "Żubr"}
		for i := range names {
			testrig.Must(w.Identity.Add(ctx, w.Admin, testrig.Draft("Jan", names[len(names)-1-i], shift), false))(t)
		}
		l := testrig.Must(w.People.Search(ctx, w.Admin, people.Filter{UnitID: shift, Window: list.Window{Page: 1, Size: 100}}))(t)
		var got []string
		for _, r := range l.Rows {
			got = append(got, r.FamilyName)
		}
		want := []string{"Abramowicz", "Ąbek", "Cichy", "Ćwik", "Lis", "Łoś", "Nowak", "Nowakowska", "Sum", "Śledź", "Zając", "Źrebak", "Żubr"}
		if !slices.Equal(got, want) {
			t.Errorf("sorted %v", got)
		}
		for text, n := range map[string]int{"los": 1, "ŁOŚ jan": 1, "zrebak": 1, "nowak": 2, "jan nowak": 2, "%": 0, "cwik@": 1, "cwik medyka": 0, "jan.cwik@example": 1} {
			if l := testrig.Must(w.People.Search(ctx, w.Admin, people.Filter{Text: text}))(t); l.Total != n {
				t.Errorf("%q finds %d, want %d", text, l.Total, n)
			}
		}
		if l := testrig.Must(w.People.Search(ctx, w.Admin, people.Filter{Role: access.Administrator, State: identity.Active}))(t); l.Total != 1 || !slices.Equal(l.Rows[0].Roles, []access.Role{access.Administrator, access.Learner}) {
			t.Errorf("administrators: %+v", l)
		}
		second := testrig.Must(w.People.Search(ctx, w.Admin, people.Filter{UnitID: shift, Window: list.Window{Page: 2, Size: 5, Desc: true}}))(t)
		if len(second.Rows) != 5 || second.Total != 13 || second.Rows[0].FamilyName != "Nowakowska" {
			t.Errorf("second page: %+v", second.Rows)
		}
	})
}

func TestSearchIsQuickWith15000(t *testing.T) {
	if testing.Short() {
		t.Skip("fills a large table")
	}
	w := testrig.New(t)
	ctx := t.Context()
	w.OK(w.DB.Update(ctx, func(tx *db.Tx) error {
		for i := range 15_000 {
			family := fmt.Sprintf("Nazwisko%d", i*7919%15_000)
			err := db.Exec(ctx, tx, `INSERT INTO person (id, organisation_id, unit_id, given_name, family_name, sort_key, search_text, mail, lang, state, created_at)
				VALUES (?, ?, ?, 'Anna', ?, ?, ?, ?, 'pl', 'active', ?)`, id.New(), w.Guard, w.Medyka, family, text.SortKey(family, "Anna"), text.Search(family+" anna"), fmt.Sprintf("a%d@example.org", i), testrig.Start)
			if err != nil {
				return err
			}
		}
		return nil
	}))
	for _, f := range []people.Filter{
		{Window: list.Window{Page: 300, Size: 50}}, {Text: "nazwisko14", Window: list.Window{Size: 50}}, {Window: list.Window{Sort: "added", Desc: true, Size: 50}}, {Role: access.Learner, Window: list.Window{Size: 50}},
	} {
		begin := time.Now()
		testrig.Must(w.People.Search(ctx, w.GuardCoordinator, f))(t)
		if took := time.Since(begin); took > time.Second {
			t.Errorf("%+v took %v", f, took)
		} else {
			t.Logf("%+v took %v", f, took)
		}
	}
}

func TestSortKeysOrderByFamilyNameFirst(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		name := rapid.StringMatching(`[A-ZĄĆĘŁŃÓŚŹŻ][a-ząćęłńóśźż]{1,8}`)
		a, b, g := name.Draw(rt, "a"), name.Draw(rt, "b"), name.Draw(rt, "given")
		if a != b && (text.SortKey(a, g) < text.SortKey(a+"x", "A")) != true {
			rt.Fatalf("%s %s does not come before %sx", a, g, a)
		}
		if (text.SortKey(a, "") < text.SortKey(b, "")) && text.SortKey(a, "Żżż") > text.SortKey(b, "Aaa") {
			rt.Fatalf("the given name decides between %s and %s", a, b)
		}
	})
}

func TestParticipants(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx := t.Context()
		a := testrig.Must(w.Identity.Add(ctx, w.Admin, testrig.Draft("Ala", "Uczestna", w.Terespol), false))(t)
		b := testrig.Must(w.Identity.Add(ctx, w.Admin, testrig.Draft("Bea", "Uczestna", w.Medyka), false))(t)
		p := testrig.Must(w.Identity.Participant(ctx, w.DB, a))(t)
		if p.Name != "Ala Uczestna" || p.Organisation != "Straż Graniczna" || p.Mail != "ala.uczestna@example.org" {
			t.Errorf("%+v", p)
		}
		if list := testrig.Must(w.Identity.ParticipantsWithin(ctx, w.DB, w.TerespolCoordinator, access.DeskWrite, []string{a, b, id.New()}))(t); len(list) != 1 || list[0].ID != a {
			t.Errorf("within Terespol: %+v", list)
		}
		w.OK(w.Identity.Block(ctx, w.Admin, a))
		if list := testrig.Must(w.Identity.ParticipantsWithin(ctx, w.DB, w.Admin, access.DeskWrite, []string{a, b}))(t); len(list) != 1 || list[0].ID != b {
			t.Errorf("without the blocked: %+v", list)
		}
	})
}
