package identity_test

import (
	"testing"

	"ostoja/internal/access"
	"ostoja/internal/identity"
	"ostoja/internal/testrig"
)

func TestSubjects(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx := t.Context()
		w.OK(w.Identity.ChangeUnit(ctx, w.Admin, w.Guard, identity.UnitDraft{Kind: identity.Guard, Name: "Straż Graniczna", Code: "SG", Region: "14"}))
		w.OK(w.Identity.ChangeUnit(ctx, w.Admin, w.Terespol, identity.UnitDraft{Kind: identity.Post, Name: "Placówka w Terespolu", Code: "PSG Terespol", Region: "06"}))
		add := func(family, unit, region string) string {
			return testrig.Must(w.Identity.Add(ctx, w.Admin, identity.Draft{GivenName: "Anna", FamilyName: family, Mail: family + "@example.org", UnitID: unit, Lang: "pl", Sex: "f", Region: region}, false))(t)
		}
		own, near, far := add("wlasny", w.Terespol, "18"), add("bliski", w.Terespol, ""), add("daleki", w.Medyka, "")
		list := testrig.Must(w.Identity.Subjects(ctx, w.DB, []string{far, own, "00000000-0000-7000-8000-000000000000", near, own}))(t)
		if len(list) != 3 || list[0].ID != far || list[1].ID != own || list[2].ID != near {
			t.Fatalf("not in the order given, or doubled: %+v", list)
		}
		if list[0].Region != "14" || list[1].Region != "18" || list[2].Region != "06" {
			t.Errorf("regions %s, %s, %s: a person's own comes first, then that of the nearest unit", list[0].Region, list[1].Region, list[2].Region)
		}
		if x := list[1]; x.Name != "Anna wlasny" || x.Mail != "wlasny@example.org" || x.Lang != "pl" || x.Sex != "f" || x.OrganisationID != w.Guard || x.UnitID != w.Terespol || x.Blocked {
			t.Errorf("%+v", x)
		}
		ids := []string{own, near, far}
		if list := testrig.Must(w.Identity.SubjectsWithin(ctx, w.DB, w.TerespolCoordinator, access.Measure, ids))(t); len(list) != 2 || list[0].ID != own || list[1].ID != near {
			t.Errorf("within the post at Terespol: %+v", list)
		}
		if list := testrig.Must(w.Identity.SubjectsWithin(ctx, w.DB, w.TerespolCoordinator, access.SystemRead, ids))(t); len(list) != 0 {
			t.Errorf("without the permission: %+v", list)
		}
		w.OK(w.Identity.Block(ctx, w.Admin, near))
		if list := testrig.Must(w.Identity.SubjectsWithin(ctx, w.DB, w.GuardCoordinator, access.Measure, ids))(t); len(list) != 2 || list[1].ID != far {
			t.Errorf("with one who is blocked: %+v", list)
		}
		if list := testrig.Must(w.Identity.Subjects(ctx, w.DB, []string{near}))(t); len(list) != 1 || !list[0].Blocked {
			t.Errorf("who is blocked: %+v", list)
		}
		if list := testrig.Must(w.Identity.Subjects(ctx, w.DB, nil))(t); len(list) != 0 {
			t.Errorf("nobody: %+v", list)
		}
		names := testrig.Must(w.Identity.UnitNames(ctx, w.DB))(t)
		if names[w.Medyka] != "Placówka w Medyce" || len(names) != 7 {
			t.Errorf("names %v", names)
		}
		if path := testrig.Must(w.Identity.UnitPath(ctx, w.DB, w.Medyka))(t); path != "/"+w.Guard+"/"+w.Medyka+"/" {
			t.Errorf("path %s", path)
		}
		if _, err := w.Identity.UnitPath(ctx, w.DB, "none"); err == nil {
			t.Error("a unit that is not there has a path")
		}
	})
}
