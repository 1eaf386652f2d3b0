package identity_test

import (
	"strings"
	"testing"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/errs"
	"ostoja/internal/identity"
)

func contains(s, part string) bool { return strings.Contains(s, part) }

func TestTheTreeShowsWhatTheActorMaySee(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		w.unit(w.terespol, identity.OtherUnit, "Zmiana A", "")
		var got []string
		for _, n := range must(w.s.Tree(ctx, w.admin))(t) {
			got = append(got, strings.Repeat("-", n.Depth)+n.Name)
		}
		if s := strings.Join(got, "|"); s != "Biuro programu|Straż Graniczna|-Placówka w Medyce|-Placówka w Terespolu|--Zmiana A" {
			t.Errorf("the administrator sees %s", s)
		}
		local := must(w.s.Tree(ctx, w.local))(t)
		if len(local) != 2 || local[0].Depth != 0 || local[0].Full != "Straż Graniczna › Placówka w Terespolu" || local[0].People != 1 || local[0].Children != 1 {
			t.Errorf("the local coordinator sees %+v", local)
		}
		_, err := w.s.Unit(ctx, w.local, w.medyka)
		w.refused("another unit", err, errs.ErrNotFound)
	})
}

func TestUnitsAreMadeChangedAndDeletedWithinOnesScope(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		d := identity.UnitDraft{ParentID: w.terespol, Kind: identity.OtherUnit, Name: "Zmiana B", Region: "06"}
		below := must(w.s.CreateUnit(ctx, w.local, d))(t)
		_, err := w.s.CreateUnit(ctx, w.local, d)
		if fault(err, "name") != "unit-twice" {
			t.Errorf("the same name twice: %v", err)
		}
		d.ParentID = ""
		_, err = w.s.CreateUnit(ctx, w.coordinator, d)
		w.refused("an organisation by a coordinator", err, errs.ErrForbidden)
		d.ParentID = w.medyka
		_, err = w.s.CreateUnit(ctx, w.local, d)
		w.refused("a unit elsewhere", err, errs.ErrNotFound)
		w.no(w.s.ChangeUnit(ctx, w.local, below, identity.UnitDraft{Kind: identity.Post, Name: "Zmiana nocna", Code: "N"}))
		if n := must(w.s.Unit(ctx, w.local, below))(t); n.Name != "Zmiana nocna" || n.Code != "N" || n.Region != "" {
			t.Errorf("changed to %+v", n)
		}
		w.refused("deleting a unit with people", w.s.DeleteUnit(ctx, w.coordinator, w.terespol), errs.ErrConflict)
		w.refused("deleting elsewhere", w.s.DeleteUnit(ctx, w.local, w.medyka), errs.ErrNotFound)
		w.no(w.s.DeleteUnit(ctx, w.local, below))
		if fault(w.s.ChangeUnit(ctx, w.local, w.terespol, identity.UnitDraft{Kind: "castle", Region: "x"}), "name") != "unit-name" {
			t.Error("a unit without a name")
		}
	})
}

func TestRolesAreGivenAndTaken(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		personID := must(w.s.Add(ctx, w.admin, draft("Roman", "Rola", w.terespol), true))(t)
		o := must(w.s.UseLink(ctx, w.lastToken(), "", identity.Client{}))(t)
		w.actor(o.Token) // fills the cache, which must not hide what follows
		w.no(w.s.Grant(ctx, w.admin, personID, identity.RoleDraft{Role: access.Reviewer, UnitID: w.service, ExpiresAt: start.Add(24 * time.Hour)}))
		if a := w.actor(o.Token); !a.Has(access.DeskRead) {
			t.Error("the role does not hold at once")
		}
		w.clock.Advance(25 * time.Hour)
		o = must(w.s.UseLink(ctx, tokenOf(t, must(w.s.OneTimeLink(ctx, access.System, personID))(t)), "", identity.Client{}))(t)
		if a := w.actor(o.Token); a.Has(access.DeskRead) {
			t.Error("the role outlives its end")
		}
		if err := w.s.Grant(ctx, w.admin, personID, identity.RoleDraft{Role: access.Reviewer, ExpiresAt: start}); fault(err, "expires") != "past" {
			t.Errorf("an end in the past: %v", err)
		}
		w.no(w.s.Grant(ctx, w.admin, personID, identity.RoleDraft{Role: access.Reviewer, UnitID: w.service})) // without end: replaces
		p := must(w.s.Person(ctx, w.admin, personID))(t)
		if len(p.Roles) != 2 || !p.Roles[1].ExpiresAt.IsZero() {
			t.Errorf("roles %+v", p.Roles)
		}
		if err := w.s.Grant(ctx, w.coordinator, personID, identity.RoleDraft{Role: access.Trainer, UnitID: w.service}); fault(err, "role") != "grant" {
			t.Errorf("a coordinator gives a role: %v", err)
		}
		w.refused("a coordinator taking a role", w.s.Take(ctx, w.coordinator, personID, p.Roles[1].ID), errs.ErrForbidden)
		w.no(w.s.Take(ctx, w.admin, personID, p.Roles[1].ID))
		if a := w.actor(o.Token); a.Has(access.DeskRead) {
			t.Error("the role holds after it was taken")
		}
		w.refused("taking it again", w.s.Take(ctx, w.admin, personID, p.Roles[1].ID), errs.ErrNotFound)
	})
}

func TestTheLastAdministratorStays(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		grantOf := func(personID string) string {
			for _, g := range must(w.s.Person(ctx, w.admin, personID))(t).Roles {
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
		last("taking the role", w.s.Take(ctx, w.admin, w.admin.PersonID, grantOf(w.admin.PersonID)))
		last("blocking", w.s.Block(ctx, access.System, w.admin.PersonID))
		last("an end", w.s.Grant(ctx, w.admin, w.admin.PersonID, identity.RoleDraft{Role: access.Administrator, ExpiresAt: start.Add(time.Hour)}))
		// One who has never signed in cannot let anybody in.
		second := must(w.s.Add(ctx, w.admin, draft("Druga", "Zarządczyni", w.office), true))(t)
		token := w.lastToken()
		w.no(w.s.Grant(ctx, w.admin, second, identity.RoleDraft{Role: access.Administrator}))
		last("leaving it to somebody who was only invited", w.s.Take(ctx, w.admin, w.admin.PersonID, grantOf(w.admin.PersonID)))
		must(w.s.UseLink(ctx, token, "", identity.Client{}))(t)
		// Both at the same moment: one of them stays.
		ids := []string{w.admin.PersonID, second}
		grants := []string{grantOf(ids[0]), grantOf(ids[1])}
		results := make(chan error, 2)
		for i := range ids {
			go func() { results <- w.s.Take(ctx, access.System, ids[i], grants[i]) }()
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
