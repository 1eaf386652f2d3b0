// Package identity knows the people: organisations and their units, persons and their roles, how they sign in and stay
// signed in. What proves who they are stands below it (credential); lists of people are taken in above it (roster).
//
// Every method of [Service] is one transaction and checks what its actor may; what an actor may not know of is not found.
package identity

import (
	"context"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/clock"
	"ostoja/internal/db"
	"ostoja/internal/identity/credential"
	"ostoja/internal/lang"
	"ostoja/internal/mail"
	"ostoja/internal/seal"
)

// State is where a person stands.
type State string

// The states of a person.
const (
	Added   State = "added"   // in the list, not invited
	Invited State = "invited" // was sent or handed an invitation
	Active  State = "active"  // has signed in
	Blocked State = "blocked" // may not sign in; nothing is lost
)

// States lists the states in the order of a person's way.
var States = []State{Added, Invited, Active, Blocked}

// Sex is asked for the fund's breakdowns alone and may be left out.
type Sex string

// The answers.
const (
	sexNotGiven Sex = ""
	Female      Sex = "f"
	Male        Sex = "m"
	OtherSex    Sex = "x"
)

// Sexes lists the answers that can be given.
var Sexes = []Sex{Female, Male, OtherSex}

// UnitKind says what a unit is.
type UnitKind string

// The kinds of units.
const (
	Office        UnitKind = "office"  // an office that runs a programme
	Guard         UnitKind = "service" // a service, such as the Border Guard
	Region        UnitKind = "region"
	Post          UnitKind = "post"
	welfareCentre UnitKind = "welfare-centre"
	OtherUnit     UnitKind = "other"
)

// UnitKinds lists the kinds.
var UnitKinds = []UnitKind{Office, Guard, Region, Post, welfareCentre, OtherUnit}

// Unit is an organisation or a part of one.
type Unit struct {
	ID        string
	ParentID  string // "" for an organisation
	Path      string // "/" + ids from the organisation down + "/"
	Kind      UnitKind
	Name      string
	Code      string // short name that spreadsheets use
	Region    string // voivodeship code, "" if none
	Powiat    string // that it works for; "" leaves it to the unit above
	CreatedAt time.Time
}

// Organisation returns the id of the organisation that the unit is, or is part of.
func (u Unit) Organisation() string { return pathIDs(u.Path)[0] }

// MayHaveUnits says whether another unit may be made below it.
func (u Unit) MayHaveUnits() bool { return len(pathIDs(u.Path)) < depthLimit }

// Node is a unit in the tree.
type Node struct {
	Unit
	Depth int    // 0 for the topmost that the actor sees
	Full  string // the names from the organisation down, "Straż Graniczna › Nadbużański Oddział"
	// People counts the persons of the unit itself; Below those of the units below it too.
	People, Below int
	Children      int
}

// UnitDraft is what is stated of a unit.
type UnitDraft struct {
	ParentID string // "" makes an organisation
	Kind     UnitKind
	Name     string
	Code     string
	Region   string
	Powiat   string
}

// Draft is what is asked of a person: the least that the programme can do with.
type Draft struct {
	GivenName     string
	FamilyName    string
	Mail          string // this or the service number
	ServiceNumber string
	UnitID        string
	Lang          string
	Sex           Sex
	Region        string // voivodeship code
}

// Entry is a person as a list states them: one who is new, or what changes of one who is there.
type Entry struct {
	PersonID string // "" for one who is new
	Draft
	Until  time.Time // end of the learner's access; zero leaves it as it is
	Invite bool      // one who is new is invited at once
}

// Person is a person as others with the right see them.
type Person struct {
	ID             string
	OrganisationID string
	UnitID         string
	UnitPath       string
	UnitName       string
	Organisation   string
	GivenName      string
	FamilyName     string
	Mail           string
	ServiceNumber  string
	Lang           string
	Sex            Sex
	Region         string
	State          State
	HasPassword    bool
	CreatedAt      time.Time
	ActivatedAt    time.Time
	InvitedAt      time.Time // last invitation
	MailRefusedAt  time.Time // since when letters to the address are refused for good; zero: they are not
	SeenAt         time.Time // last page with a session that is still kept
	Roles          []RoleGrant
	Namesakes      []Namesake `db:"-"` // those of the same service number whom the actor may see
}

// Namesake is a person of another organisation who has the same service number.
type Namesake struct {
	ID, GivenName, FamilyName, Organisation string
}

// Name returns given and family name.
func (n Namesake) Name() string { return joinName(n.GivenName, n.FamilyName) }

// Name returns given and family name.
func (p Person) Name() string { return joinName(p.GivenName, p.FamilyName) }

// RoleGrant is a role that a person was given.
type RoleGrant struct {
	ID        string
	PersonID  string
	Role      access.Role
	UnitID    string // "" is the whole installation
	UnitPath  string
	UnitName  string
	ExpiresAt time.Time // zero: no end
	CreatedAt time.Time
}

// Ended says whether the grant's time is over.
func (g RoleGrant) Ended(now time.Time) bool {
	return !g.ExpiresAt.IsZero() && !now.Before(g.ExpiresAt)
}

// RoleDraft is a role to be given.
type RoleDraft struct {
	Role      access.Role
	UnitID    string    // "" is the whole installation
	ExpiresAt time.Time // zero: no end
}

// Participant is what the areas of learning need to know of a person.
type Participant struct {
	ID           string
	Name         string // given and family name
	Mail         string // "" if none
	Lang         string
	UnitPath     string
	Organisation string
}

// Client says from where somebody signs in. Nothing of it is stored but the device's name.
type Client struct {
	// Organisation is what they state of it, by name or short name, since two may give the same service number; "" if nothing.
	Organisation string

	Network   string // see [credential.Network]
	Device    string // sealed device cookie, "" if none
	UserAgent string
}

// Opened is a session that was just opened.
type Opened struct {
	Token    string
	Expires  time.Time
	PersonID string
	Lang     string
	Device   string // new value of the device cookie
	Next     string // local path that the link was made for, "" if none
}

// SignedIn is what a session tells a page.
type SignedIn struct {
	ID    string // of the session
	Actor access.Actor
	Name  string
	Lang  string
}

// OwnSession is a line of a person's list of sessions.
type OwnSession struct {
	ID        string
	Device    string // "Firefox, Windows"; "" if the browser did not say
	CreatedAt time.Time
	SeenAt    time.Time
}

// Link is what may be shown before a link is used.
type Link struct {
	Kind         credential.LinkKind
	Organisation string
	Lang         string
	HasPassword  bool
}

// SetUpDraft is what the first administrator states.
type SetUpDraft struct {
	Organisation string
	Kind         UnitKind
	Person       Draft // its unit is the organisation
	Password     string
}

// Outbox takes mail in a transaction.
type Outbox interface {
	Send(ctx context.Context, tx *db.Tx, m mail.Message) error
}

// Deps are what a Service stands on.
type Deps struct {
	DB        *db.DB
	Clock     clock.Clock
	Key       seal.Key
	Outbox    Outbox
	Catalogue *lang.Catalogue
	BaseURL   string             // of the links in letters, without a slash at the end
	Hasher    *credential.Hasher // nil: credential.NewHasher()
	// LinkFloor is the least time that asking for a sign-in link takes, so that it does not tell who is known; 0 is 150 ms.
	LinkFloor time.Duration
}

// Service is the door to the people.
type Service struct {
	db        *db.DB
	clock     clock.Clock
	key       seal.Key
	outbox    Outbox
	catalogue *lang.Catalogue
	baseURL   string
	hasher    *credential.Hasher
	throttle  *credential.Throttle
	sessions  *cache
	linkFloor time.Duration
}

// New returns a Service.
func New(d Deps) *Service {
	if d.Hasher == nil {
		d.Hasher = credential.NewHasher()
	}
	if d.LinkFloor == 0 {
		d.LinkFloor = 150 * time.Millisecond
	}
	s := &Service{
		db: d.DB, clock: d.Clock, key: d.Key, outbox: d.Outbox, catalogue: d.Catalogue, baseURL: d.BaseURL, hasher: d.Hasher,
		throttle: &credential.Throttle{Clock: d.Clock, Key: d.Key}, sessions: newCache(), linkFloor: d.LinkFloor,
	}
	d.DB.OnNotice(sessionsTopic, s.heard)
	return s
}
