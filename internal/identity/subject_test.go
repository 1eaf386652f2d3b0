package identity_test

import (
	"testing"

	"ostoja/internal/access"
	"ostoja/internal/identity"
)

func TestSubjects(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		w.no(w.s.ChangeUnit(ctx, w.admin, w.service, identity.UnitDraft{Kind: identity.Guard, Name: "Straż Graniczna", Code: "SG", Region: "14"}))
		w.no(w.s.ChangeUnit(ctx, w.admin, w.terespol, identity.UnitDraft{Kind: identity.Post, Name: "Placówka w Terespolu", Code: "PSG Terespol", Region: "06"}))
		add := func(family, unit, region string) string {
			return must(w.s.Add(ctx, w.admin, identity.Draft{GivenName: "Anna", FamilyName: family, Mail: family + "@example.org", UnitID: unit, Lang: "pl", Sex: "f", Region: region}, false))(t)
		}
		own, near, far := add("wlasny", w.terespol, "18"), add("bliski", w.terespol, ""), add("daleki", w.medyka, "")
		list := must(w.s.Subjects(ctx, w.d, []string{far, own, "00000000-0000-7000-8000-000000000000", near, own}))(t)
		if len(list) != 3 || list[0].ID != far || list[1].ID != own || list[2].ID != near {
			t.Fatalf("not in the order given, or doubled: %+v", list)
		}
		if list[0].Region != "14" || list[1].Region != "18" || list[2].Region != "06" {
			t.Errorf("regions %s, %s, %s: a person's own comes first, then that of the nearest unit", list[0].Region, list[1].Region, list[2].Region)
		}
		if x := list[1]; x.Name != "Anna wlasny" || x.Mail != "wlasny@example.org" || x.Lang != "pl" || x.Sex != "f" || x.OrganisationID != w.service || x.UnitID != w.terespol || x.Blocked {
			t.Errorf("%+v", x)
		}
		ids := []string{own, near, far}
		if list := must(w.s.SubjectsWithin(ctx, w.d, w.local, access.Measure, ids))(t); len(list) != 2 || list[0].ID != own || list[1].ID != near {
			t.Errorf("within the post at Terespol: %+v", list)
		}
		if list := must(w.s.SubjectsWithin(ctx, w.d, w.local, access.SystemRead, ids))(t); len(list) != 0 {
			t.Errorf("without the permission: %+v", list)
		}
		w.no(w.s.Block(ctx, w.admin, near))
		if list := must(w.s.SubjectsWithin(ctx, w.d, w.coordinator, access.Measure, ids))(t); len(list) != 2 || list[1].ID != far {
			t.Errorf("with one who is blocked: %+v", list)
		}
		if list := must(w.s.Subjects(ctx, w.d, []string{near}))(t); len(list) != 1 || !list[0].Blocked {
			t.Errorf("who is blocked: %+v", list)
		}
		if list := must(w.s.Subjects(ctx, w.d, nil))(t); len(list) != 0 {
			t.Errorf("nobody: %+v", list)
		}
		names := must(w.s.UnitNames(ctx, w.d))(t)
		if names[w.medyka] != "Placówka w Medyce" || len(names) != 4 {
			t.Errorf("names %v", names)
		}
		if path := must(w.s.UnitPath(ctx, w.d, w.medyka))(t); path != "/"+w.service+"/"+w.medyka+"/" {
			t.Errorf("path %s", path)
		}
		if _, err := w.s.UnitPath(ctx, w.d, "none"); err == nil {
			t.Error("a unit that is not there has a path")
		}
	})
}
