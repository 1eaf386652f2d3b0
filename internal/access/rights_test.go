package access

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// stated is [Rights] a second time, permission by permission: who may do it, and whether a role for one unit carries it. A
// right that a role gains or loses must be written here too.
var stated = map[Permission]struct {
	roles string // letters as in testdata/routes.txt
	wide  bool   // concerns everybody: only a role for the whole installation carries it, but for [reaches]
}{
	Learn: {"ACWTLGMQ", false}, Work: {"ACWETRSPHGMQKO", false}, PeopleRead: {"ACTR", false}, PeopleWrite: {"AC", false}, RolesGrant: {"A", false}, UnitsWrite: {"AC", false},
	CoursesRead: {"ACWTR", false}, CoursesWrite: {"AW", true}, DeskRead: {"ACTR", false}, DeskWrite: {"AC", false},
	ItemsRead: {"AW", true}, ItemsWrite: {"AW", true}, EvidenceRead: {"ACWTR", false}, Measure: {"AC", false},
	SiteRead: {"ACWER", true}, SiteWrite: {"ACWE", true}, Revoke: {"AC", false}, SystemRead: {"A", true}, SystemOperate: {"A", true},
	TrainingsRead: {"ACTRSPH", false}, TrainingsWrite: {"AC", false}, SignUps: {"ACS", false}, Participants: {"ACP", false}, Attendance: {"ACTH", false}, Laboratory: {"ACT", false},
	ProjectsRead: {"ACR", false}, ProjectsWrite: {"AC", false}, ProjectsSign: {"AC", false},
	GuardiansRead: {"G", false}, GuardiansWrite: {"G", false}, GuardiansAssess: {"M", false}, GuardiansRequest: {"Q", false}, GuardiansCourt: {"K", false}, GuardiansComplain: {"O", false},
}

// handed are the permissions that are given by who has them not.
var handed = []Permission{GuardiansRead, GuardiansWrite, GuardiansAssess, GuardiansRequest, GuardiansCourt, GuardiansComplain}

// reaches says whether a role for one unit carries a permission there: an editor's rights on the public site are the one exception.
func reaches(role Role, p Permission) bool {
	return !stated[p].wide || role == Editor && (p == SiteRead || p == SiteWrite)
}

var letterOf = map[Role]string{Administrator: "A", Coordinator: "C", Author: "W", Editor: "E", Trainer: "T", Reviewer: "R", SignUpClerk: "S", ParticipantsClerk: "P", HallClerk: "H", GuardianCoordinator: "G", Assessor: "M", Requester: "Q", CourtClerk: "K", ComplaintsOfficer: "O", Learner: "L"}

func TestEachRoleHasTheRightsThatAreStated(t *testing.T) {
	t.Parallel()
	if len(Roles) != len(letterOf) || len(Rights) != len(letterOf) {
		t.Errorf("%d roles are listed, %d have rights, %d are stated", len(Roles), len(Rights), len(letterOf))
	}
	for _, role := range Roles {
		whole := Actor{PersonID: "p", Grants: []Grant{{Role: role}}}
		unit := Actor{PersonID: "p", Grants: []Grant{{Role: role, Path: "/a/"}}}
		for p, s := range stated {
			has := strings.Contains(s.roles, letterOf[role])
			if whole.Everywhere(p) != has || whole.Has(p) != has || whole.May(p, "/b/") != has || whole.May(p, "") != has {
				t.Errorf("%s everywhere: %s is not %v", role, p, has)
			}
			if unit.Everywhere(p) {
				t.Errorf("%s of a unit has %s everywhere", role, p)
			}
			has = has && reaches(role, p)
			if unit.Has(p) != has || unit.May(p, "/a/") != has || unit.May(p, "/a/b/") != has || unit.May(p, "/b/") || unit.May(p, "") {
				t.Errorf("%s of a unit: %s there and below is not %v, or elsewhere too", role, p, has)
			}
		}
		for _, p := range Rights[role] {
			if _, known := stated[p]; !known {
				t.Errorf("%s has %s, which is not stated", role, p)
			}
		}
		if list := slices.Clone(Rights[role]); len(list) != len(slices.Compact(slices.Sorted(slices.Values(list)))) {
			t.Errorf("%s has a right twice", role)
		}
	}
}

// actors draws people with up to four roles of a few units, some of them ended at the time of asking.
func actors() *rapid.Generator[Actor] {
	at := time.Date(2026, 11, 29, 9, 0, 0, 0, time.UTC)
	return rapid.Custom(func(t *rapid.T) Actor {
		a := Actor{PersonID: "p", At: at}
		for range rapid.SampledFrom([]int{0, 1, 1, 2, 3, 4}).Draw(t, "grants") {
			a.Grants = append(a.Grants, Grant{
				Role:    rapid.SampledFrom(Roles).Draw(t, "role"),
				Path:    rapid.SampledFrom([]string{"", "/a/", "/a/b/", "/a/c/", "/b/", "/ab/"}).Draw(t, "path"),
				Expires: rapid.SampledFrom([]time.Time{{}, at.Add(-time.Hour), at, at.Add(time.Microsecond)}).Draw(t, "expires"),
			})
		}
		return a
	})
}

// covers is the model: a grant that has not ended covers a place if it is for the whole installation or for a unit at or above
// the place. Units are compared name by name, unlike in the code.
func covers(g Grant, at time.Time, p Permission, place string) bool {
	ended := !g.Expires.IsZero() && (at.Equal(g.Expires) || at.After(g.Expires))
	if ended || !strings.Contains(stated[p].roles, letterOf[g.Role]) {
		return false
	}
	if g.Path == "" {
		return true
	}
	units, of := strings.Split(strings.Trim(place, "/"), "/"), strings.Split(strings.Trim(g.Path, "/"), "/")
	return reaches(g.Role, p) && place != "" && len(units) >= len(of) && slices.Equal(units[:len(of)], of)
}

func TestAnActorMayWhatAGrantCovers(t *testing.T) {
	t.Parallel()
	permissions := slices.Sorted(maps.Keys(stated))
	places := []string{"", "/a/", "/a/b/", "/a/b/c/", "/a/c/", "/b/", "/ab/"}
	rapid.Check(t, func(t *rapid.T) {
		a := actors().Draw(t, "actor")
		any := func(p Permission, place string) bool {
			return slices.ContainsFunc(a.Grants, func(g Grant) bool { return covers(g, a.At, p, place) })
		}
		for _, p := range permissions {
			somewhere := false
			for _, place := range places {
				want := any(p, place)
				somewhere = somewhere || want
				if a.May(p, place) != want {
					t.Fatalf("May(%s, %q) is not %v", p, place, want)
				}
			}
			if a.Everywhere(p) != any(p, "") || a.Has(p) != somewhere {
				t.Fatalf("%s: Everywhere %v, want %v; Has %v, want %v", p, a.Everywhere(p), any(p, ""), a.Has(p), somewhere)
			}
		}
		for _, place := range places {
			for _, role := range Roles {
				want := any(RolesGrant, place)
				for _, p := range permissions {
					if strings.Contains(stated[p].roles, letterOf[role]) && !slices.Contains(handed, p) && (place == "" || reaches(role, p)) {
						want = want && any(p, place)
					}
				}
				if a.MayGrant(role, place) != want {
					t.Fatalf("MayGrant(%s, %q) is not %v", role, place, want)
				}
			}
		}
	})
}

// Only administrators grant roles today, and they hold every right. The rule must hold for the first role that grants and does
// not: somebody who gave what they lack could give it to themselves.
func TestARoleThatGrantsGivesNoMoreThanItHolds(t *testing.T) {
	const clerk Role = "clerk"
	Rights[clerk] = []Permission{RolesGrant, Learn, SystemRead}
	defer delete(Rights, clerk)
	for _, c := range []struct {
		granter, path string
		role          Role
		want          bool
	}{
		{"", "", Learner, true}, {"", "/a/", Learner, true}, {"/a/", "/a/", Learner, true}, {"/a/", "/a/b/", Learner, true},
		{"/a/", "/b/", Learner, false}, {"/a/", "", Learner, false},
		{"", "", Trainer, false}, {"/a/", "/a/", Trainer, false}, {"", "", Administrator, false},
		{"", "", clerk, true}, {"/a/", "/a/", clerk, true}, // the reading of the system is not carried by a role for a unit
	} {
		a := Actor{PersonID: "p", Grants: []Grant{{Role: clerk, Path: c.granter}}}
		if a.MayGrant(c.role, c.path) != c.want {
			t.Errorf("a clerk of %q grants %s of %q: not %v", c.granter, c.role, c.path, c.want)
		}
	}
	const operator Role = "operator" // has but what concerns everybody
	Rights[operator] = []Permission{SystemOperate}
	defer delete(Rights, operator)
	whole := Actor{PersonID: "p", Grants: []Grant{{Role: clerk}}}
	if whole.MayGrant(operator, "") {
		t.Error("a right over the whole installation was given by somebody who has it not")
	}
	if !whole.MayGrant(operator, "/a/") {
		t.Error("a role for a unit carries no right over the whole installation, and was refused for it")
	}
}

// Rights in the whole installation show every row; those of several units show the rows of each; none show nothing.
func TestWithinIsOneConditionWithItsArguments(t *testing.T) {
	t.Parallel()
	of := func(grants ...Grant) Actor { return Actor{PersonID: "p", Grants: grants} }
	for name, c := range map[string]struct {
		a    Actor
		want string
		args []any
	}{
		"nobody":     {of(), "FALSE", nil},
		"elsewhere":  {of(Grant{Role: Learner, Path: "/a/"}), "FALSE", nil},
		"one unit":   {of(Grant{Role: Trainer, Path: "/a/"}), "(u.path LIKE ?)", []any{"/a/%"}},
		"two units":  {of(Grant{Role: Trainer, Path: "/a/"}, Grant{Role: Coordinator, Path: "/b/"}), "(u.path LIKE ? OR u.path LIKE ?)", []any{"/a/%", "/b/%"}},
		"everywhere": {of(Grant{Role: Trainer, Path: "/a/"}, Grant{Role: Coordinator}), "TRUE", nil},
	} {
		condition, args := c.a.Within(DeskRead, "u.path")
		if condition != c.want || !slices.Equal(args, c.args) {
			t.Errorf("%s: %s %v, want %s %v", name, condition, args, c.want, c.args)
		}
	}
}
