package testrig

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/app"
	"ostoja/internal/clock"
	"ostoja/internal/db"
	"ostoja/internal/identity"
	"ostoja/internal/site"
	"ostoja/internal/text"
)

// cast is who there is.
type cast struct {
	// The units: an office, and two services with their own.
	Office                  string
	Guard, Terespol, Medyka string // a service and two posts
	Police, Lublin, Chelm   string // a service, its region, and a post of it
	Admin                   access.Actor
	Coordinator             access.Actor // of everything
	GuardCoordinator        access.Actor
	TerespolCoordinator     access.Actor
	PoliceCoordinator       access.Actor
	Author, SecondAuthor    access.Actor
	GuardEditor             access.Actor // of the site, for the guard and its posts
	SecondGuardEditor       access.Actor
	PoliceEditor            access.Actor
	GuardTrainer            access.Actor
	PoliceTrainer           access.Actor
	Reviewer                access.Actor // of everything, for 30 days
	Learner                 access.Actor // at Terespol, reads Polish
	OtherLearner            access.Actor // at Medyka, reads English
	PoliceLearner           access.Actor // at Chełm, reads English
}

// The courses that are published.
const (
	SmallCourse = "small"  // Polish and English, with a test and a competence test in the forms A, B and C
	OtherCourse = "second" // Polish and Ukrainian, without a competence test
)

// makeCast makes the world in an empty database.
func makeCast(ctx context.Context, d *db.DB) (c cast, err error) {
	a, err := newApp(ctx, d, app.Options{Clock: clock.NewFake(Start), Sender: &post{}, Purpose: site.Demonstration}, "")
	if err != nil {
		return c, err
	}
	if err := c.units(ctx, a); err != nil {
		return c, err
	}
	if err := c.people(ctx, a); err != nil {
		return c, err
	}
	for _, folder := range []CourseFolder{{ID: SmallCourse, Langs: []string{"pl", "en"}, Forms: true}, {ID: OtherCourse, Langs: []string{"pl", "uk"}}} {
		if _, _, err := a.Courses.Publish(ctx, c.Author, folder.Files()); err != nil {
			return c, fmt.Errorf("%s: %w", folder.ID, err)
		}
	}
	return c, nil
}

func (c *cast) units(ctx context.Context, a *app.App) error {
	for _, u := range []struct {
		id, parent *string
		draft      identity.UnitDraft
	}{
		{&c.Office, nil, identity.UnitDraft{Kind: identity.Office, Name: "Biuro programu"}},
		{&c.Guard, nil, identity.UnitDraft{Kind: identity.Guard, Name: "Straż Graniczna", Code: "SG"}},
		{&c.Terespol, &c.Guard, identity.UnitDraft{Kind: identity.Post, Name: "Placówka w Terespolu", Code: "PSG Terespol", Region: "06"}},
		{&c.Medyka, &c.Guard, identity.UnitDraft{Kind: identity.Post, Name: "Placówka w Medyce", Code: "PSG Medyka"}},
		{&c.Police, nil, identity.UnitDraft{Kind: identity.Guard, Name: "Policja", Code: "P"}},
		{&c.Lublin, &c.Police, identity.UnitDraft{Kind: identity.Region, Name: "Komenda w Lublinie", Code: "KWP", Region: "06"}},
		{&c.Chelm, &c.Lublin, identity.UnitDraft{Kind: identity.Post, Name: "Komenda w Chełmie", Code: "KMP"}},
	} {
		if u.parent != nil {
			u.draft.ParentID = *u.parent
		}
		var err error
		if *u.id, err = a.Identity.CreateUnit(ctx, everywhere, u.draft); err != nil {
			return err
		}
	}
	return nil
}

func (c *cast) people(ctx context.Context, a *app.App) error {
	in := func(role access.Role, unit string) []identity.RoleDraft {
		return []identity.RoleDraft{{Role: role, UnitID: unit}}
	}
	for _, p := range []struct {
		who                 *access.Actor
		given, family, unit string
		lang                string
		roles               []identity.RoleDraft
	}{
		{&c.Admin, "Adam", "Zarządca", c.Office, "pl", in(access.Administrator, "")},
		{&c.Coordinator, "Celina", "Ogólna", c.Office, "pl", in(access.Coordinator, "")},
		{&c.GuardCoordinator, "Kinga", "Koordynatorka", c.Guard, "pl", in(access.Coordinator, c.Guard)},
		{&c.TerespolCoordinator, "Leszek", "Lokalny", c.Terespol, "pl", in(access.Coordinator, c.Terespol)},
		{&c.PoliceCoordinator, "Patrycja", "Policyjna", c.Police, "en", in(access.Coordinator, c.Police)},
		{&c.Author, "Ewa", "Autorska", c.Office, "pl", in(access.Author, "")},
		{&c.SecondAuthor, "Piotr", "Drugi", c.Office, "en", in(access.Author, "")},
		{&c.GuardEditor, "Regina", "Redagująca", c.Guard, "pl", in(access.Editor, c.Guard)},
		{&c.SecondGuardEditor, "Roman", "Piszący", c.Terespol, "pl", in(access.Editor, c.Guard)},
		{&c.PoliceEditor, "Paweł", "Tekstowy", c.Police, "pl", in(access.Editor, c.Police)},
		{&c.GuardTrainer, "Tomasz", "Trener", c.Guard, "pl", in(access.Trainer, c.Guard)},
		{&c.PoliceTrainer, "Teresa", "Trenerka", c.Lublin, "pl", in(access.Trainer, c.Lublin)},
		{&c.Reviewer, "Rafał", "Rewident", c.Office, "en", []identity.RoleDraft{{Role: access.Reviewer, ExpiresAt: Start.Add(30 * 24 * time.Hour)}}},
		{&c.Learner, "Zofia", "Źródło", c.Terespol, "pl", nil},
		{&c.OtherLearner, "Łukasz", "Święty", c.Medyka, "en", nil},
		{&c.PoliceLearner, "Oksana", "Żak", c.Chelm, "en", nil},
	} {
		d := Draft(p.given, p.family, p.unit)
		d.Lang = p.lang
		var err error
		if *p.who, err = enter(ctx, a, d, p.roles); err != nil {
			return fmt.Errorf("%s %s: %w", p.given, p.family, err)
		}
	}
	return nil
}

// Draft is a complete draft of a person in a unit, with the address given.family@example.org.
func Draft(given, family, unitID string) identity.Draft {
	return identity.Draft{GivenName: given, FamilyName: family, Mail: text.Search(given + "." + family + "@example.org"), UnitID: unitID, Lang: "pl"}
}

// enter adds a person who then comes in by a link, without a password, and returns them as an actor.
func enter(ctx context.Context, a *app.App, d identity.Draft, roles []identity.RoleDraft) (access.Actor, error) {
	personID, err := a.Identity.Add(ctx, everywhere, d, false)
	if err != nil {
		return access.Actor{}, err
	}
	for _, r := range roles {
		if err := a.Identity.Grant(ctx, everywhere, personID, r); err != nil {
			return access.Actor{}, err
		}
	}
	token, err := signIn(ctx, a, personID)
	if err != nil {
		return access.Actor{}, err
	}
	s, err := a.Identity.Session(ctx, token)
	return s.Actor, err
}

// signIn opens a session by a one-time link and returns its token.
func signIn(ctx context.Context, a *app.App, personID string) (token string, err error) {
	link, err := a.Identity.OneTimeLink(ctx, everywhere, personID)
	if err != nil {
		return "", err
	}
	o, err := a.Identity.UseLink(ctx, link[strings.LastIndex(link, "/")+1:], "", identity.Client{})
	return o.Token, err
}

// Person adds a person to the world who has come in, and returns them as an actor.
func (w *World) Person(given, family, unitID string, roles ...identity.RoleDraft) access.Actor {
	w.T.Helper()
	return Must(enter(w.T.Context(), w.App, Draft(given, family, unitID), roles))(w.T)
}

// Unit adds a unit below another, or an organisation.
func (w *World) Unit(parentID string, kind identity.UnitKind, name, code string) (unitID string) {
	w.T.Helper()
	return Must(w.Identity.CreateUnit(w.T.Context(), everywhere, identity.UnitDraft{ParentID: parentID, Kind: kind, Name: name, Code: code}))(w.T)
}

// path returns a unit's path.
func (w *World) path(unitID string) string {
	w.T.Helper()
	return Must(w.Identity.UnitPath(w.T.Context(), w.DB, unitID))(w.T)
}

// Everybody returns the cast by who they are, for tables of who may do what; "nobody" has not signed in.
func (c *cast) Everybody() map[string]access.Actor {
	return map[string]access.Actor{
		"nobody": {}, "administrator": c.Admin, "coordinator": c.Coordinator, "coordinator of the guard": c.GuardCoordinator,
		"coordinator of Terespol": c.TerespolCoordinator, "coordinator of the police": c.PoliceCoordinator, "author": c.Author, "second author": c.SecondAuthor,
		"editor of the guard": c.GuardEditor, "second editor of the guard": c.SecondGuardEditor, "editor of the police": c.PoliceEditor,
		"trainer of the guard": c.GuardTrainer, "trainer of the police": c.PoliceTrainer, "reviewer": c.Reviewer,
		"learner": c.Learner, "learner at Medyka": c.OtherLearner, "learner of the police": c.PoliceLearner,
	}
}

// Within returns how many of the cast belong to a unit or to one below it, "" to any.
func (w *World) Within(unitID string) (n int) {
	path := ""
	if unitID != "" {
		path = w.path(unitID)
	}
	for _, a := range w.Everybody() {
		if a.PersonID != "" && strings.HasPrefix(a.Path, path) {
			n++
		}
	}
	return n
}

// In returns the world for a subtest, which then fails by itself.
func (w *World) In(t testing.TB) *World {
	copied := *w
	copied.T = t
	return &copied
}
