package identity_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"ostoja/internal/access"
	"ostoja/internal/db"
	"ostoja/internal/db/dbtest"
	"ostoja/internal/errs"
	"ostoja/internal/id"
	"ostoja/internal/identity"
	"ostoja/internal/list"
	"ostoja/internal/text"
)

func TestAPersonIsAddedInvitedAndComesIn(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		d := identity.Draft{GivenName: " Łucja ", FamilyName: "Żółć-Nowak", Mail: "Lucja.Zolc@Example.ORG", ServiceNumber: "sg 12/3", UnitID: w.terespol, Lang: "en", Sex: identity.Female, Region: "06"}
		personID := must(w.s.Add(ctx, w.local, d, true))(t)
		p := must(w.s.Person(ctx, w.coordinator, personID))(t)
		if p.Name() != "Łucja Żółć-Nowak" || p.Mail != "lucja.zolc@example.org" || p.ServiceNumber != "SG12/3" || p.State != identity.Invited || p.Organisation != "Straż Graniczna" || !p.InvitedAt.Equal(start) {
			t.Errorf("kept as %+v", p)
		}
		if len(p.Roles) != 1 || p.Roles[0].Role != access.Learner || p.Roles[0].UnitID != w.terespol {
			t.Errorf("roles %+v", p.Roles)
		}
		letter := w.letters[len(w.letters)-1]
		if letter.To != p.Mail || letter.Lang != "en" || letter.Subject != "Invitation to training in Ostoja" {
			t.Errorf("letter %+v", letter)
		}
		for _, want := range []string{"Straż Graniczna invites you", "https://szkolenia.example.org/app/link/", "7\u00a0December 2026", "Leszek Lokalny, leszek.lokalny@example.org"} {
			if !contains(letter.Body, want) {
				t.Errorf("the letter does not say %q:\n%s", want, letter.Body)
			}
		}
		o := must(w.s.UseLink(ctx, w.lastToken(), goodPassword, identity.Client{UserAgent: "Mozilla/5.0 (Windows NT 10.0) Firefox/140.0"}))(t)
		actor := w.actor(o.Token)
		if o.Lang != "en" || !actor.Has(access.Learn) || actor.Has(access.PeopleRead) {
			t.Errorf("came in as %+v", actor)
		}
		if p := must(w.s.Person(ctx, w.admin, personID))(t); p.State != identity.Active || !p.HasPassword || !p.ActivatedAt.Equal(start) {
			t.Errorf("after coming in: %+v", p)
		}
	})
}

func TestWhatIsWrongWithAPerson(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	good := draft("Jan", "Nowy", w.terespol)
	must(w.s.Add(t.Context(), w.admin, identity.Draft{GivenName: "A", FamilyName: "B", Mail: "there@example.org", ServiceNumber: "7", UnitID: w.terespol, Lang: "pl"}, false))(t)
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
		if _, err := w.s.Add(t.Context(), w.admin, d, false); fault(err, c.field) != c.fault {
			t.Errorf("%+v: %v, want %s: %s", d, err, c.field, c.fault)
		}
	}
	if _, err := w.s.Add(t.Context(), w.admin, good, false); err != nil {
		t.Errorf("a good draft: %v", err)
	}
}

func TestNobodyReachesBeyondTheirUnits(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		elsewhere := w.person("Ewa", "Elsewhere", w.medyka).PersonID
		_, err := w.s.Person(ctx, w.local, elsewhere)
		w.refused("seeing", err, errs.ErrNotFound)
		w.refused("editing", w.s.Edit(ctx, w.local, elsewhere, draft("Ewa", "E", w.terespol)), errs.ErrNotFound)
		w.refused("blocking", w.s.Block(ctx, w.local, elsewhere), errs.ErrNotFound)
		w.refused("granting", w.s.Grant(ctx, w.local, elsewhere, identity.RoleDraft{Role: access.Trainer, UnitID: w.terespol}), errs.ErrNotFound)
		_, err = w.s.Invite(ctx, w.local, elsewhere)
		w.refused("inviting", err, errs.ErrNotFound)
		if _, err = w.s.Add(ctx, w.local, draft("X", "Y", w.medyka), false); fault(err, "unit") != "unit" {
			t.Errorf("adding elsewhere: %v", err)
		}
		mine := must(w.s.Add(ctx, w.local, draft("Ola", "Moja", w.terespol), false))(t)
		if err := w.s.Edit(ctx, w.local, mine, draft("Ola", "Moja", w.medyka)); fault(err, "unit") != "unit" {
			t.Errorf("moving elsewhere: %v", err)
		}
		for actor, want := range map[*access.Actor]int{&w.local: 2, &w.coordinator: 4, &w.admin: 5, {PersonID: "x"}: 0} {
			if l := must(w.s.Search(ctx, *actor, identity.Filter{}))(t); l.Total != want || len(l.Rows) != want {
				t.Errorf("%s sees %d, want %d", actor.PersonID, l.Total, want)
			}
		}
		trainer := w.person("Tomasz", "Trener", w.terespol, identity.RoleDraft{Role: access.Trainer, UnitID: w.terespol})
		w.refused("a trainer editing", w.s.Edit(ctx, trainer, mine, draft("Ola", "Inna", w.terespol)), errs.ErrForbidden)
	})
}

// TestNobodyTakesOverWhoMayMore: a new mail address is a way to sign in as its person.
func TestNobodyTakesOverWhoMayMore(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	ctx := t.Context()
	chief := w.person("Szef", "Szefowski", w.terespol, identity.RoleDraft{Role: access.Administrator}).PersonID
	d := draft("Szef", "Szefowski", w.terespol)
	d.Mail = "attacker@example.org"
	w.refused("editing an administrator", w.s.Edit(ctx, w.local, chief, d), errs.ErrForbidden)
	w.refused("blocking an administrator", w.s.Block(ctx, w.local, chief), errs.ErrForbidden)
	author := w.person("Aga", "Autorka", w.terespol, identity.RoleDraft{Role: access.Author}).PersonID
	w.refused("editing an author of all courses", w.s.Edit(ctx, w.local, author, d), errs.ErrForbidden)
	if !w.s.Changeable(ctx, w.admin, chief) || w.s.Changeable(ctx, w.local, chief) {
		t.Error("Changeable says otherwise")
	}
}

func TestEditingMovesTheLearnerAndDropsOldLinks(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		personID := must(w.s.Add(ctx, w.coordinator, draft("Piotr", "Ruchliwy", w.terespol), true))(t)
		old := w.lastToken()
		d := draft("Piotr", "Ruchliwy", w.medyka)
		d.Mail = "nowy@example.org"
		w.no(w.s.Edit(ctx, w.coordinator, personID, d))
		p := must(w.s.Person(ctx, w.coordinator, personID))(t)
		if p.UnitID != w.medyka || len(p.Roles) != 1 || p.Roles[0].UnitID != w.medyka {
			t.Errorf("moved as %+v", p)
		}
		_, err := w.s.UseLink(ctx, old, "", identity.Client{})
		w.refused("the link sent to the old address", err, errs.ErrGone)
	})
}

func TestBlockingEndsSessionsAndIsUndone(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		personID := must(w.s.Add(ctx, w.local, draft("Bartek", "Blok", w.terespol), true))(t)
		o := must(w.s.UseLink(ctx, w.lastToken(), goodPassword, identity.Client{}))(t)
		w.actor(o.Token)
		w.no(w.s.Block(ctx, w.local, personID))
		_, err := w.s.Session(ctx, o.Token)
		w.refused("the session of a blocked person", err, errs.ErrNotFound)
		_, err = w.s.SignIn(ctx, "bartek.blok@example.org", goodPassword, identity.Client{})
		w.refused("a blocked person", err, errs.ErrInvalid)
		w.no(w.s.Unblock(ctx, w.local, personID))
		must(w.s.SignIn(ctx, "bartek.blok@example.org", goodPassword, identity.Client{}))(t)
		w.refused("blocking oneself", w.s.Block(ctx, w.local, w.local.PersonID), errs.ErrConflict)
	})
}

func TestSearchSortsAsPolesDoAndForgivesDiacritics(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		names := []string{"Ąbek", "Abramowicz", "Cichy", "Ćwik", "Lis", "Łoś", "Nowak", "Nowakowska", "Śledź", "Sum", "Zając", "Źrebak", "Żubr"}
		for i := range names {
			must(w.s.Add(ctx, w.admin, draft("Jan", names[len(names)-1-i], w.medyka), false))(t)
		}
		l := must(w.s.Search(ctx, w.admin, identity.Filter{UnitID: w.medyka, Window: list.Window{Page: 1, Size: 100}}))(t)
		var got []string
		for _, r := range l.Rows {
			got = append(got, r.FamilyName)
		}
		want := []string{"Abramowicz", "Ąbek", "Cichy", "Ćwik", "Lis", "Łoś", "Nowak", "Nowakowska", "Sum", "Śledź", "Zając", "Źrebak", "Żubr"}
		if !slices.Equal(got, want) {
			t.Errorf("sorted %v", got)
		}
		for text, n := range map[string]int{"los": 1, "ŁOŚ jan": 1, "zrebak": 1, "nowak": 2, "jan nowak": 2, "%": 0, "cwik@": 1, "cwik medyka": 0, "jan.cwik@example": 1} {
			if l := must(w.s.Search(ctx, w.admin, identity.Filter{Text: text}))(t); l.Total != n {
				t.Errorf("%q finds %d, want %d", text, l.Total, n)
			}
		}
		if l := must(w.s.Search(ctx, w.admin, identity.Filter{Role: access.Administrator, State: identity.Active}))(t); l.Total != 1 || !slices.Equal(l.Rows[0].Roles, []access.Role{access.Administrator, access.Learner}) {
			t.Errorf("administrators: %+v", l)
		}
		second := must(w.s.Search(ctx, w.admin, identity.Filter{UnitID: w.medyka, Window: list.Window{Page: 2, Size: 5, Desc: true}}))(t)
		if len(second.Rows) != 5 || second.Total != 13 || second.Rows[0].FamilyName != "Nowakowska" {
			t.Errorf("second page: %+v", second.Rows)
		}
	})
}

func TestSearchIsQuickWith15000(t *testing.T) {
	if testing.Short() {
		t.Skip("fills a large table")
	}
	w := newWorld(t, dbtest.SQLite(t))
	ctx := t.Context()
	w.no(w.d.Update(ctx, func(tx *db.Tx) error {
		for i := range 15_000 {
			family := fmt.Sprintf("Nazwisko%d", i*7919%15_000)
			err := db.Exec(ctx, tx, `INSERT INTO person (id, organisation_id, unit_id, given_name, family_name, sort_key, search_text, mail, lang, state, created_at)
				VALUES (?, ?, ?, 'Anna', ?, ?, ?, ?, 'pl', 'active', ?)`, id.New(), w.service, w.medyka, family, text.SortKey(family, "Anna"), text.Search(family+" anna"), fmt.Sprintf("a%d@example.org", i), start)
			if err != nil {
				return err
			}
		}
		return nil
	}))
	for _, f := range []identity.Filter{
		{Window: list.Window{Page: 300, Size: 50}}, {Text: "nazwisko14", Window: list.Window{Size: 50}}, {Window: list.Window{Sort: "added", Desc: true, Size: 50}}, {Role: access.Learner, Window: list.Window{Size: 50}},
	} {
		begin := time.Now()
		must(w.s.Search(ctx, w.coordinator, f))(t)
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
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		a := must(w.s.Add(ctx, w.admin, draft("Ala", "Uczestna", w.terespol), false))(t)
		b := must(w.s.Add(ctx, w.admin, draft("Bea", "Uczestna", w.medyka), false))(t)
		p := must(w.s.Participant(ctx, w.d, a))(t)
		if p.Name != "Ala Uczestna" || p.Organisation != "Straż Graniczna" || p.Mail != "ala.uczestna@example.org" {
			t.Errorf("%+v", p)
		}
		if list := must(w.s.ParticipantsWithin(ctx, w.d, w.local, access.DeskWrite, []string{a, b, id.New()}))(t); len(list) != 1 || list[0].ID != a {
			t.Errorf("within Terespol: %+v", list)
		}
		w.no(w.s.Block(ctx, w.admin, a))
		if list := must(w.s.ParticipantsWithin(ctx, w.d, w.admin, access.DeskWrite, []string{a, b}))(t); len(list) != 1 || list[0].ID != b {
			t.Errorf("without the blocked: %+v", list)
		}
	})
}
