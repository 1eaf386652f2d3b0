package access_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"ostoja/internal/access"
	"ostoja/internal/db"
	"ostoja/internal/db/dbtest"
)

var permissions = []access.Permission{
	access.Learn, access.PeopleRead, access.PeopleWrite, access.RolesGrant, access.UnitsWrite, access.CoursesRead, access.CoursesWrite,
	access.DeskRead, access.DeskWrite, access.ItemsRead, access.ItemsWrite, access.EvidenceRead, access.Measure, access.SiteRead, access.SiteWrite, access.Revoke,
	access.TrainingsRead, access.TrainingsWrite, access.SignUps, access.Participants, access.Attendance, access.Laboratory, access.ProjectsRead, access.ProjectsWrite, access.ProjectsSign, access.SystemRead, access.SystemOperate,
}

func TestARoleReachesItsUnitAndBelow(t *testing.T) {
	a := access.Actor{PersonID: "p", Grants: []access.Grant{{Role: access.Coordinator, Path: "/a/b/"}}}
	for path, want := range map[string]bool{"/a/b/": true, "/a/b/c/": true, "/a/": false, "/a/x/": false, "/x/": false, "": false} {
		if a.May(access.DeskRead, path) != want {
			t.Errorf("a coordinator of /a/b/ and the desk of %q: %v", path, !want)
		}
	}
	if a.May(access.RolesGrant, "/a/b/") || a.Has(access.SystemRead) {
		t.Error("a coordinator has an administrator's rights")
	}
}

func TestAGrantEnds(t *testing.T) {
	end := time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC)
	a := access.Actor{PersonID: "p", Grants: []access.Grant{{Role: access.Reviewer, Expires: end}}, At: end.Add(-time.Second)}
	if !a.Has(access.DeskRead) {
		t.Error("a reviewer has no access before the end")
	}
	if a.At = end; a.Has(access.DeskRead) {
		t.Error("a reviewer has access after the end")
	}
}

func TestReviewersChangeNothing(t *testing.T) {
	for _, p := range access.Rights[access.Reviewer] {
		if !strings.HasSuffix(string(p), ".read") {
			t.Errorf("a reviewer may %s", p)
		}
	}
}

func TestNobodyGivesMoreThanTheyHave(t *testing.T) {
	unit := access.Actor{PersonID: "p", Grants: []access.Grant{{Role: access.Administrator, Path: "/a/"}}}
	whole := access.Actor{PersonID: "p", Grants: []access.Grant{{Role: access.Administrator}}}
	for _, role := range access.Roles {
		if !whole.MayGrant(role, "") || !whole.MayGrant(role, "/a/b/") {
			t.Errorf("an administrator may not give the role %s", role)
		}
		// An administrator of a unit has no right on the public site, and so makes nobody an editor.
		if unit.MayGrant(role, "/a/b/") != (role != access.Editor) {
			t.Errorf("an administrator of one unit gives the role %s: %v", role, role == access.Editor)
		}
		if unit.MayGrant(role, "") || unit.MayGrant(role, "/b/") {
			t.Errorf("an administrator of one unit gives the role %s beyond it", role)
		}
		if (access.Actor{PersonID: "p", Grants: []access.Grant{{Role: access.Coordinator}}}).MayGrant(role, "/a/") {
			t.Errorf("a coordinator gives the role %s", role)
		}
	}
	if unit.Has(access.CoursesWrite) || unit.Has(access.SystemRead) {
		t.Error("a role for one unit carries a right over the whole installation")
	}
}

// TestYesAndNoAgreeWithTheSQL checks that what a page allows and what a list shows are the same.
func TestYesAndNoAgreeWithTheSQL(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		path := rapid.SampledFrom([]string{"/a/", "/a/b/", "/a/b/c/", "/a/c/", "/b/", "/b/a/", "/ab/"})
		rapid.Check(t, func(rt *rapid.T) {
			var a access.Actor
			a.PersonID = "p"
			for range rapid.IntRange(0, 3).Draw(rt, "grants") {
				g := access.Grant{Role: rapid.SampledFrom(access.Roles).Draw(rt, "role")}
				if rapid.Bool().Draw(rt, "within a unit") {
					g.Path = path.Draw(rt, "grant")
				}
				a.Grants = append(a.Grants, g)
			}
			p, row := rapid.SampledFrom(permissions).Draw(rt, "permission"), path.Draw(rt, "row")
			condition, args := a.Within(p, "u.path")
			n, err := db.One[int](t.Context(), d, `SELECT COUNT(*) FROM (SELECT CAST(? AS TEXT) AS path) u WHERE `+condition, append([]any{row}, args...)...)
			if err != nil {
				rt.Fatal(err)
			}
			if (n == 1) != a.May(p, row) {
				rt.Fatalf("May says %v and the SQL %d", a.May(p, row), n)
			}
			if n == 1 && !a.Has(p) {
				rt.Fatal("Has says no")
			}
		})
	})
}

func TestEveryNeedIsStrict(t *testing.T) {
	nobody, learner := access.Actor{}, access.Actor{PersonID: "p", Grants: []access.Grant{{Role: access.Learner, Path: "/a/"}}}
	for pattern, need := range access.Routes {
		if !need.Open() && need.MetBy(nobody) {
			t.Errorf("%s is open to somebody who is not signed in", pattern)
		}
		if p := need.Permission(); p != "" && need.MetBy(learner) != (p == access.Learn) {
			t.Errorf("%s: a learner meets the need %s: %v", pattern, p, need.MetBy(learner))
		}
		bySecret := pattern == "POST /confirm/{token}" || pattern == "POST /guardian-reply/{token}" || pattern == "POST /guardian/week/{token}" || pattern == "POST /review/{token}" // whoever holds the letter, once
		anonymous := pattern == "POST /guardian-complaint"                                                                                                                           // it adds what one person reads, and changes nothing of anybody's
		if strings.HasPrefix(pattern, "POST ") && need.Public() && pattern != "POST /{lang}/{page...}" && !bySecret && !anonymous {                                                  // a search changes nothing
			t.Errorf("%s changes something and asks for no session", pattern)
		}
		if need.Host() != access.ProgramHost && !need.Public() {
			t.Errorf("%s reads a session and does not stand at the program's own host", pattern)
		}
		if public := need.Public(); public == strings.Contains(pattern, " /app/") {
			t.Errorf("%s: public is %v", pattern, public)
		}
	}
	if access.NeedOf("GET /app/new").MetBy(access.System) || access.NeedOf("GET /app/new").Known() {
		t.Error("a route that is not in the table is open")
	}
}

// TestKeepersAreTheNearest: of what belongs to a unit those are told who keep it there; the whole installation's only where nobody is nearer.
func TestKeepersAreTheNearest(t *testing.T) {
	of := func(role access.Role, path string) access.Holder {
		return access.Holder{Actor: access.Actor{PersonID: "p", Grants: []access.Grant{{Role: role, Path: path}}}}
	}
	whole, office, post, other := of(access.Editor, ""), of(access.Editor, "/a/"), of(access.Editor, "/a/b/"), of(access.Editor, "/ab/")
	both := access.Holder{Actor: access.Actor{PersonID: "p", Grants: []access.Grant{{Role: access.Editor, Path: "/a/b/"}, {Role: access.Administrator}}}}
	ended := access.Holder{Actor: access.Actor{PersonID: "p", Grants: []access.Grant{{Role: access.Editor, Path: "/a/b/", Expires: time.Unix(1, 0)}}, At: time.Unix(2, 0)}}
	for name, c := range map[string]struct {
		holders []access.Holder
		path    string
		want    []int
	}{
		"nobody":                               {nil, "/a/b/", nil},
		"the unit's own, not the whole's":      {[]access.Holder{whole, post}, "/a/b/", []int{1}},
		"those above the unit are its own too": {[]access.Holder{office, whole, post}, "/a/b/", []int{0, 2}},
		"those below it are not":               {[]access.Holder{post, whole}, "/a/", []int{1}},
		"a name that only begins alike":        {[]access.Holder{other, whole}, "/a/", []int{1}},
		"nobody near: all of the whole's":      {[]access.Holder{whole, other, whole}, "/c/", []int{0, 2}},
		"nobody near and none of the whole's":  {[]access.Holder{post, other}, "/c/", nil},
		"the installation keeps it":            {[]access.Holder{post, whole, office}, "", []int{1}},
		"it keeps it, and nobody the whole":    {[]access.Holder{post, office}, "", nil},
		"who has both keeps the whole":         {[]access.Holder{both, office}, "/a/b/", []int{1}},
		"a role that ended is none":            {[]access.Holder{ended, whole}, "/a/b/", []int{1}},
		"another permission's role is none":    {[]access.Holder{of(access.Trainer, "/a/b/"), whole}, "/a/b/", []int{1}},
	} {
		if got := access.Keepers(c.holders, access.SiteWrite, c.path); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}
