// Package access says who may do what. It is one table ([Rights]) of roles and permissions and one ([Routes]) of the routes
// and what each needs. From the first come both a yes or no ([Actor.May]) and an SQL predicate ([Actor.Within]), so that
// what a list shows and what a page allows cannot drift apart.
//
// Goals: access is refused unless a line of a table gives it (OWASP ASVS 4.1.5, fail securely); all that decides can be read
// on two screens, by an auditor too; both tables are stated a second time in the tests, so that no change of a line is an
// accident. Limits: rights follow the tree of units and nothing else. What depends on the thing itself (one's own
// certificate, an open sitting, a second pair of eyes) is a rule of its area; that somebody is signed in is web's matter.
package access

import (
	"slices"
	"strings"
	"time"
)

// Role is what a person is in the programme, within a unit or everywhere.
type Role string

// The roles.
const (
	Administrator Role = "administrator"
	Coordinator   Role = "coordinator"
	Author        Role = "author"
	Editor        Role = "editor" // keeps the public site, or a unit's part of it
	Trainer       Role = "trainer"
	Reviewer      Role = "reviewer" // read only, often for a limited time: a donor, an auditor
	Learner       Role = "learner"
	// One right of the classroom each, beside reading: for who helps in an office or a hall.
	SignUpClerk       Role = "sign-up-clerk"
	ParticipantsClerk Role = "participants-clerk"
	HallClerk         Role = "hall-clerk"
	// Those of the guardians' part of the programme. An administrator gives them and has none of their rights ([handedOut]).
	GuardianCoordinator Role = "guardian-coordinator" // leads candidates to readiness and keeps the register
	Assessor            Role = "assessor"             // marks talks with candidates
	Requester           Role = "requester"            // asks for a guardian for a child, for an accredited unit
	CourtClerk          Role = "court-clerk"          // sees what was put before the court of the unit
	ComplaintsOfficer   Role = "complaints-officer"   // reads complaints about guardians, which their coordinator does not
)

// Roles lists all roles, the most powerful first.
var Roles = []Role{Administrator, Coordinator, Author, Editor, Trainer, Reviewer, SignUpClerk, ParticipantsClerk, HallClerk, GuardianCoordinator, Assessor, Requester, CourtClerk, ComplaintsOfficer, Learner}

// Permission is one kind of act.
type Permission string

// The permissions.
const (
	Learn          Permission = "learn"         // take courses, hold certificates
	Work           Permission = "work.read"     // see what waits for oneself: of every role but that of learners
	PeopleRead     Permission = "people.read"   // see persons and their history
	PeopleWrite    Permission = "people.write"  // add, import, invite, correct persons
	RolesGrant     Permission = "roles.grant"   // give and take roles
	UnitsWrite     Permission = "units.write"   // organisations and units
	CoursesRead    Permission = "courses.read"  // see courses as their authors do
	CoursesWrite   Permission = "courses.write" // import, publish, open to the catalogue
	DeskRead       Permission = "desk.read"     // figures and the persons behind them
	DeskWrite      Permission = "desk.write"    // enrol, remind, move to another version
	ItemsRead      Permission = "items.read"    // the item bank and the competence tests, with their keys
	ItemsWrite     Permission = "items.write"   // write and review items, assemble forms
	EvidenceRead   Permission = "evidence.read" // what was learned, of groups
	Measure        Permission = "measure"       // attach competence tests to courses and trainings, add participants
	SiteRead       Permission = "site.read"     // the public site's texts, facts, orders and counts
	SiteWrite      Permission = "site.write"    // write and review them
	Revoke         Permission = "certificate.revoke"
	TrainingsRead  Permission = "trainings.read"     // see classroom trainings and who is in them
	TrainingsWrite Permission = "trainings.write"    // plan, move and cancel them
	SignUps        Permission = "signups.write"      // invite, decide on applications, keep the waiting list
	Participants   Permission = "participants.write" // add people to a training and take them out, their needs
	Attendance     Permission = "attendance.write"   // mark the roll, count heads, close a session
	ProjectsRead   Permission = "projects.read"      // see projects, their funds' rules and their figures
	ProjectsWrite  Permission = "projects.write"     // keep projects, periods, targets and what belongs to them
	ProjectsSign   Permission = "projects.sign"      // approve figures and sign reports that somebody else prepared
	Laboratory     Permission = "laboratory.lead"    // lead a case laboratory, and see what the groups of one's units decided
	// The register of guardians (decision 0060).
	GuardiansRead     Permission = "guardians.read"     // see candidates and those in the register
	GuardiansWrite    Permission = "guardians.write"    // lead candidates, decide on them, keep the register and appointments
	GuardiansAssess   Permission = "guardians.assess"   // mark the talks that one was given
	GuardiansRequest  Permission = "guardians.request"  // ask for a guardian, see whom the answer names
	GuardiansCourt    Permission = "guardians.court"    // see what was put before the court of one's unit
	GuardiansComplain Permission = "guardians.complain" // read complaints about guardians and decide on them
	SystemRead        Permission = "system.read"        // audit, jobs, mail that is stuck
	SystemOperate     Permission = "system.operate"
)

// Rights is the table of roles and their permissions. Every right holds within the unit for which the role was given, and
// the units below it.
var Rights = map[Role][]Permission{
	Administrator:     {Learn, Work, PeopleRead, PeopleWrite, RolesGrant, UnitsWrite, CoursesRead, CoursesWrite, DeskRead, DeskWrite, ItemsRead, ItemsWrite, EvidenceRead, Measure, SiteRead, SiteWrite, Revoke, TrainingsRead, TrainingsWrite, SignUps, Participants, Attendance, Laboratory, ProjectsRead, ProjectsWrite, ProjectsSign, SystemRead, SystemOperate},
	Coordinator:       {Learn, Work, PeopleRead, PeopleWrite, UnitsWrite, CoursesRead, DeskRead, DeskWrite, EvidenceRead, Measure, SiteRead, SiteWrite, Revoke, TrainingsRead, TrainingsWrite, SignUps, Participants, Attendance, Laboratory, ProjectsRead, ProjectsWrite, ProjectsSign},
	Author:            {Learn, Work, CoursesRead, CoursesWrite, ItemsRead, ItemsWrite, EvidenceRead, SiteRead, SiteWrite},
	Editor:            {Work, SiteRead, SiteWrite},
	Trainer:           {Learn, Work, PeopleRead, CoursesRead, DeskRead, EvidenceRead, TrainingsRead, Attendance, Laboratory},
	Reviewer:          {Work, CoursesRead, DeskRead, PeopleRead, EvidenceRead, SiteRead, TrainingsRead, ProjectsRead},
	Learner:           {Learn},
	SignUpClerk:       {Work, TrainingsRead, SignUps},
	ParticipantsClerk: {Work, TrainingsRead, Participants},
	HallClerk:         {Work, TrainingsRead, Attendance},

	GuardianCoordinator: {Learn, Work, GuardiansRead, GuardiansWrite},
	Assessor:            {Learn, Work, GuardiansAssess},
	Requester:           {Learn, Work, GuardiansRequest},
	CourtClerk:          {Work, GuardiansCourt},
	ComplaintsOfficer:   {Work, GuardiansComplain},
}

// handedOut are the permissions that an administrator gives to others without having them: a list of guardians is what somebody who
// wants to reach children would love to have (DOMAIN.md, adversaries T1 and T11), and who runs the machine has no work with it. Nobody gives a role
// with one of them to themself ([Personal]), so that two people know of it; the record of acts says who gave it.
var handedOut = map[Permission]bool{GuardiansRead: true, GuardiansWrite: true, GuardiansAssess: true, GuardiansRequest: true, GuardiansCourt: true, GuardiansComplain: true}

// Personal says whether a role carries rights that somebody else has to give: nobody takes it by their own act.
func Personal(r Role) bool {
	return slices.ContainsFunc(Rights[r], func(p Permission) bool { return handedOut[p] })
}

// installationWide are the permissions over what belongs to no unit (courses, the item bank, the public site, the machine): a
// role for one unit does not carry them, since their use would reach people of every other. [carries] has the one exception.
var installationWide = map[Permission]bool{SystemRead: true, SystemOperate: true, CoursesWrite: true, ItemsRead: true, ItemsWrite: true, SiteRead: true, SiteWrite: true}

// carries says whether a role that was given for one unit brings the permission there. An editor's rights on the public site do:
// the role is for the part of the site that the unit keeps. With all other roles the site comes whole or not at all, so that
// nobody who was given one for a unit, before there were editors, may do more than then (decision 25).
func carries(r Role, p Permission) bool {
	return !installationWide[p] || r == Editor && (p == SiteRead || p == SiteWrite)
}

// Grant is a role that a person has, within the unit at Path (and below it) or, with an empty Path, everywhere.
type Grant struct {
	Role    Role
	Path    string    // unit path, "/…/…/"
	Expires time.Time // zero: no end
}

// Actor is the person who asks.
type Actor struct {
	PersonID string
	Path     string // of the person's own unit
	Grants   []Grant
	// At is the time of asking, at which grants that have ended count for nothing. It is part of the actor so that all that
	// happens in one request is decided at one time.
	At time.Time
}

// System is the program itself (jobs, the command line); it may do everything. It has no person, and so opens no route:
// [Need.MetBy] asks for one, lest a request without a session be taken for it.
var System = Actor{PersonID: "", Grants: []Grant{{Role: Administrator}}}

// paths returns the unit paths within which the actor has the permission; everywhere is true if there is no limit.
func (a Actor) paths(p Permission) (paths []string, everywhere bool) {
	for _, g := range a.Grants {
		if !g.Expires.IsZero() && !a.At.Before(g.Expires) { // an end is exclusive: who has until midnight has nothing at midnight
			continue
		}
		if !slices.Contains(Rights[g.Role], p) { // a role that the program no longer knows has no rights
			continue
		}
		if g.Path == "" {
			return nil, true
		}
		if carries(g.Role, p) {
			paths = append(paths, g.Path)
		}
	}
	return paths, false
}

// Has says whether the actor has the permission anywhere; it opens pages, [Actor.May] and [Actor.Within] what is on them.
func (a Actor) Has(p Permission) bool {
	paths, everywhere := a.paths(p)
	return everywhere || len(paths) > 0
}

// Everywhere says whether the actor has the permission in the whole installation.
func (a Actor) Everywhere(p Permission) bool {
	_, everywhere := a.paths(p)
	return everywhere
}

// May says whether the actor has the permission for the unit at path.
func (a Actor) May(p Permission, path string) bool {
	paths, everywhere := a.paths(p)
	if everywhere {
		return true
	}
	for _, q := range paths {
		if strings.HasPrefix(path, q) { // paths end with a slash: /a/ is not at the beginning of /ab/
			return true
		}
	}
	return false
}

// Within returns the SQL condition that holds for the rows whose unit path is in column, and its arguments. For an actor
// without the permission it is FALSE.
func (a Actor) Within(p Permission, column string) (condition string, args []any) {
	paths, everywhere := a.paths(p)
	if everywhere {
		return "TRUE", nil
	}
	if len(paths) == 0 {
		return "FALSE", nil
	}
	parts := make([]string, len(paths))
	for i, q := range paths {
		parts[i] = column + " LIKE ?"
		args = append(args, q+"%") // paths are UUIDs and slashes: no wildcard can be in them
	}
	return "(" + strings.Join(parts, " OR ") + ")", args
}

// MayGrant says whether the actor may give role within the unit at path (empty: everywhere): only who may grant roles
// there, and nobody gives more than they hold, or they could give it to themselves through another; [handedOut] has the exceptions.
// A permission over the whole installation counts where the role would carry it: given everywhere, not given for a unit.
func (a Actor) MayGrant(role Role, path string) bool {
	if path == "" && !a.Everywhere(RolesGrant) {
		return false
	}
	if !a.May(RolesGrant, path) {
		return false
	}
	for _, p := range Rights[role] {
		if path != "" && !carries(role, p) || handedOut[p] {
			continue
		}
		if !a.May(p, path) {
			return false
		}
	}
	return true
}
