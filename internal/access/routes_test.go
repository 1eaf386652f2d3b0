package access_test

import (
	_ "embed"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"ostoja/internal/access"
)

// openedBy is the access table stated a second time, role by role, so that no changed line of the first passes unnoticed: who
// moves a route from one need to another must say here who gains and who loses it. It is written by hand; a test that wrote
// it would agree with any table.
//
//go:embed testdata/routes.txt
var openedBy string

// routeLine returns how testdata/routes.txt states a route: who opens it, its method, path and need.
func routeLine(pattern string, need access.Need) string {
	method, path, _ := strings.Cut(pattern, " ")
	asks := string(need.Permission())
	switch {
	case need.Public():
		asks = "world"
	case need.Open():
		asks = "before sign-in"
	case asks == "":
		asks = "signed in"
	}
	asks += map[access.Host]string{access.ContentHost: " at the content host", access.AnyHost: " at any host"}[need.Host()]
	return strings.Join(strings.Fields(fmt.Sprintf("%s %s %s %s", letters(need), method, path, asks)), " ")
}

// letters says which roles open a route: a capital for those who do with the role for one unit, a small letter for those who
// need it for the whole installation, a dot for those who do not.
func letters(need access.Need) string {
	var b strings.Builder
	for _, role := range access.Roles {
		unit := access.Actor{PersonID: "p", Grants: []access.Grant{{Role: role, Path: "/a/"}}}
		whole := access.Actor{PersonID: "p", Grants: []access.Grant{{Role: role}}}
		letter := map[access.Role]string{
			access.Administrator: "A", access.Coordinator: "C", access.Author: "W", access.Editor: "E", access.Trainer: "T", access.Reviewer: "R",
			access.SignUpClerk: "S", access.ParticipantsClerk: "P", access.HallClerk: "H", access.Learner: "L",
			access.GuardianCoordinator: "G", access.Assessor: "M", access.Requester: "Q", access.CourtClerk: "K", access.ComplaintsOfficer: "O",
		}[role]
		switch {
		case need.MetBy(unit) && need.MetBy(whole):
			b.WriteString(letter)
		case need.MetBy(whole):
			b.WriteString(strings.ToLower(letter))
		case need.MetBy(unit):
			b.WriteString("?") // less with more: never
		default:
			b.WriteString(".")
		}
	}
	return b.String()
}

func TestEachRoleOpensTheRoutesThatAreStated(t *testing.T) {
	stated := map[string]bool{}
	for line := range strings.Lines(openedBy) {
		line, _, _ = strings.Cut(line, "#")
		if line = strings.Join(strings.Fields(line), " "); line == "" {
			continue
		}
		if stated[line] {
			t.Errorf("stated twice: %s", line)
		}
		stated[line] = true
	}
	for _, pattern := range slices.Sorted(maps.Keys(access.Routes)) {
		line := routeLine(pattern, access.Routes[pattern])
		if !stated[line] {
			t.Errorf("testdata/routes.txt does not state, of a route of the access table:\n%s", line)
		}
		delete(stated, line)
	}
	for _, line := range slices.Sorted(maps.Keys(stated)) {
		t.Errorf("testdata/routes.txt states what is not so:\n%s", line)
	}
}

// A route for people who are signed in asks for a person, whatever rights come with the request: the program itself
// ([access.System]) opens none.
func TestRoutesAskForAPerson(t *testing.T) {
	for pattern, need := range access.Routes {
		if got := need.MetBy(access.System); got != need.Open() {
			t.Errorf("%s: opened without a person: %v", pattern, got)
		}
		if got := need.MetBy(access.Actor{PersonID: "p"}); got != (need.Permission() == "") {
			t.Errorf("%s: opened by a person without a role: %v", pattern, got)
		}
	}
}

// addresses are the patterns of the release before lists were moved into one package. Lines are added, never taken away: an address
// that a page does not need any more stays routed and leads on (internal/app tests where to).
//
//go:embed testdata/addresses.txt
var addresses string

func TestNoAddressDisappears(t *testing.T) {
	lines := strings.Split(strings.TrimSpace(addresses), "\n")
	for _, pattern := range lines {
		if _, routed := access.Routes[pattern]; !routed {
			t.Errorf("%s was there and is not any more", pattern)
		}
	}
	if len(lines) < 150 {
		t.Errorf("%d addresses", len(lines))
	}
}
