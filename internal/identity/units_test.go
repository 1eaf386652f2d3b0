package identity_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/errs"
	"ostoja/internal/identity"
	"ostoja/internal/site/content"
	"ostoja/internal/testrig"
)

func contains(s, part string) bool { return strings.Contains(s, part) }

func TestTheTreeShowsWhatTheActorMaySee(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx := t.Context()
		w.Unit(w.Terespol, identity.OtherUnit, "Zmiana A", "")
		var got []string
		for _, n := range testrig.Must(w.Identity.Tree(ctx, w.Admin))(t) {
			got = append(got, strings.Repeat("-", n.Depth)+n.Name)
		}
		if s := strings.Join(got, "|"); s != "Biuro programu|Policja|-Komenda w Lublinie|--Komenda w Chełmie|Straż Graniczna|-Placówka w Medyce|-Placówka w Terespolu|--Zmiana A" {
			t.Errorf("the administrator sees %s", s)
		}
		local := testrig.Must(w.Identity.Tree(ctx, w.TerespolCoordinator))(t)
		if len(local) != 2 || local[0].Depth != 0 || local[0].Full != "Straż Graniczna › Placówka w Terespolu" || local[0].People != w.Within(w.Terespol) || local[0].Children != 1 {
			t.Errorf("the local coordinator sees %+v", local)
		}
		uncounted := testrig.Must(w.Identity.Units(ctx, w.TerespolCoordinator))(t)
		for i := range local {
			local[i].People, local[i].Below = 0, 0
		}
		if !slices.Equal(uncounted, local) {
			t.Errorf("units to choose from: %+v, not %+v", uncounted, local)
		}
		_, err := w.Identity.Unit(ctx, w.TerespolCoordinator, w.Medyka)
		w.Refused("another unit", err, errs.ErrNotFound)
	})
}

func TestUnitsAreMadeChangedAndDeletedWithinOnesScope(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx := t.Context()
		d := identity.UnitDraft{ParentID: w.Terespol, Kind: identity.OtherUnit, Name: "Zmiana B", Region: "06"}
		below := testrig.Must(w.Identity.CreateUnit(ctx, w.TerespolCoordinator, d))(t)
		_, err := w.Identity.CreateUnit(ctx, w.TerespolCoordinator, d)
		if fault(err, "name") != "unit-twice" {
			t.Errorf("the same name twice: %v", err)
		}
		d.ParentID = ""
		_, err = w.Identity.CreateUnit(ctx, w.GuardCoordinator, d)
		w.Refused("an organisation by a coordinator", err, errs.ErrForbidden)
		d.ParentID = w.Medyka
		_, err = w.Identity.CreateUnit(ctx, w.TerespolCoordinator, d)
		w.Refused("a unit elsewhere", err, errs.ErrNotFound)
		w.OK(w.Identity.ChangeUnit(ctx, w.TerespolCoordinator, below, identity.UnitDraft{Kind: identity.Post, Name: "Zmiana nocna", Code: "N"}))
		if n := testrig.Must(w.Identity.Unit(ctx, w.TerespolCoordinator, below))(t); n.Name != "Zmiana nocna" || n.Code != "N" || n.Region != "" {
			t.Errorf("changed to %+v", n)
		}
		w.Refused("deleting a unit with people", w.Identity.DeleteUnit(ctx, w.GuardCoordinator, w.Terespol), errs.ErrConflict)
		w.Refused("deleting elsewhere", w.Identity.DeleteUnit(ctx, w.TerespolCoordinator, w.Medyka), errs.ErrNotFound)
		article := content.Article{ID: "kept-below", Kind: content.Guide, Topic: "rights", Owner: content.Owner{UnitID: below}}
		w.OK(w.Site.CreateArticle(ctx, w.GuardEditor, article))
		if err := w.Identity.DeleteUnit(ctx, w.TerespolCoordinator, below); !errors.Is(err, errs.ErrConflict) || fault(err, "") != "unit-not-empty" {
			t.Errorf("deleting a unit that keeps a part of the site: %v", err)
		}
		empty := w.Unit(w.Terespol, identity.OtherUnit, "Zmiana C", "")
		w.OK(w.Identity.DeleteUnit(ctx, w.TerespolCoordinator, empty))
		w.Refused("deleting it again", w.Identity.DeleteUnit(ctx, w.TerespolCoordinator, empty), errs.ErrNotFound)
		if fault(w.Identity.ChangeUnit(ctx, w.TerespolCoordinator, w.Terespol, identity.UnitDraft{Kind: "castle", Region: "x"}), "name") != "unit-name" {
			t.Error("a unit without a name")
		}
	})
}

// Roles of the register of guardians are given by an administrator, who has none of their rights, and by nobody to themself.
func TestPersonalRolesAreGivenByAnother(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx := t.Context()
		for _, role := range access.Roles {
			d := identity.RoleDraft{Role: role, UnitID: w.Guard}
			if !access.Personal(role) {
				continue
			}
			if err := w.Identity.Grant(ctx, w.Admin, w.Admin.PersonID, d); fault(err, "role") != "own" {
				t.Errorf("%s to themself: %v", role, err)
			}
			if err := w.Identity.Grant(ctx, w.Coordinator, w.Learner.PersonID, d); fault(err, "role") != "grant" {
				t.Errorf("%s by a coordinator of trainings: %v", role, err)
			}
			w.OK(w.Identity.Grant(ctx, w.Admin, w.Learner.PersonID, d))
			for _, p := range access.Rights[role] {
				if p != access.Learn && p != access.Work && w.Admin.Has(p) { // what waits for oneself is everybody's
					t.Errorf("an administrator has %s", p)
				}
			}
		}
	})
}

func TestRolesAreGivenAndTaken(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx := t.Context()
		personID := testrig.Must(w.Identity.Add(ctx, w.Admin, testrig.Draft("Roman", "Rola", w.Terespol), true))(t)
		o := testrig.Must(w.Identity.UseLink(ctx, lastToken(w), "", identity.Client{}))(t)
		actorOf(w, o.Token) // fills the cache, which must not hide what follows
		w.OK(w.Identity.Grant(ctx, w.Admin, personID, identity.RoleDraft{Role: access.Reviewer, UnitID: w.Guard, ExpiresAt: testrig.Start.Add(24 * time.Hour)}))
		if a := actorOf(w, o.Token); !a.Has(access.DeskRead) {
			t.Error("the role does not hold at once")
		}
		w.Clock.Advance(25 * time.Hour)
		o = testrig.Must(w.Identity.UseLink(ctx, tokenOf(t, testrig.Must(w.Identity.OneTimeLink(ctx, access.System, personID))(t)), "", identity.Client{}))(t)
		if a := actorOf(w, o.Token); a.Has(access.DeskRead) {
			t.Error("the role outlives its end")
		}
		if err := w.Identity.Grant(ctx, w.Admin, personID, identity.RoleDraft{Role: access.Reviewer, ExpiresAt: testrig.Start}); fault(err, "expires") != "past" {
			t.Errorf("an end in the past: %v", err)
		}
		w.OK(w.Identity.Grant(ctx, w.Admin, personID, identity.RoleDraft{Role: access.Reviewer, UnitID: w.Guard})) // without end: replaces
		p := testrig.Must(w.Identity.Person(ctx, w.Admin, personID))(t)
		if len(p.Roles) != 2 || !p.Roles[1].ExpiresAt.IsZero() {
			t.Errorf("roles %+v", p.Roles)
		}
		if err := w.Identity.Grant(ctx, w.GuardCoordinator, personID, identity.RoleDraft{Role: access.Trainer, UnitID: w.Guard}); fault(err, "role") != "grant" {
			t.Errorf("a coordinator gives a role: %v", err)
		}
		w.Refused("a coordinator taking a role", w.Identity.Revoke(ctx, w.GuardCoordinator, personID, p.Roles[1].ID), errs.ErrForbidden)
		w.OK(w.Identity.Revoke(ctx, w.Admin, personID, p.Roles[1].ID))
		if a := actorOf(w, o.Token); a.Has(access.DeskRead) {
			t.Error("the role holds after it was taken")
		}
		w.Refused("taking it again", w.Identity.Revoke(ctx, w.Admin, personID, p.Roles[1].ID), errs.ErrNotFound)
	})
}

func TestTheLastAdministratorStays(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx := t.Context()
		grantOf := func(personID string) string {
			for _, g := range testrig.Must(w.Identity.Person(ctx, w.Admin, personID))(t).Roles {
				if g.Role == access.Administrator {
					return g.ID
				}
			}
			t.Fatal("no administrator")
			return ""
		}
		last := func(what string, err error) {
			t.Helper()
			if fault(err, "") != "last-administrator" {
				t.Errorf("%s: %v", what, err)
			}
		}
		last("taking the role", w.Identity.Revoke(ctx, w.Admin, w.Admin.PersonID, grantOf(w.Admin.PersonID)))
		last("blocking", w.Identity.Block(ctx, access.System, w.Admin.PersonID))
		last("an end", w.Identity.Grant(ctx, w.Admin, w.Admin.PersonID, identity.RoleDraft{Role: access.Administrator, ExpiresAt: testrig.Start.Add(time.Hour)}))
		// One who has never signed in cannot let anybody in.
		second := testrig.Must(w.Identity.Add(ctx, w.Admin, testrig.Draft("Druga", "Zarządczyni", w.Office), true))(t)
		token := lastToken(w)
		w.OK(w.Identity.Grant(ctx, w.Admin, second, identity.RoleDraft{Role: access.Administrator}))
		last("leaving it to somebody who was only invited", w.Identity.Revoke(ctx, w.Admin, w.Admin.PersonID, grantOf(w.Admin.PersonID)))
		testrig.Must(w.Identity.UseLink(ctx, token, "", identity.Client{}))(t)
		// Both at the same moment: one of them stays.
		ids := []string{w.Admin.PersonID, second}
		grants := []string{grantOf(ids[0]), grantOf(ids[1])}
		results := make(chan error, 2)
		for i := range ids {
			go func() { results <- w.Identity.Revoke(ctx, access.System, ids[i], grants[i]) }()
		}
		failed := 0
		for range ids {
			if err := <-results; err != nil {
				failed++
				last("both at once", err)
			}
		}
		if failed != 1 {
			t.Errorf("%d of 2 were refused", failed)
		}
	})
}
