package identity_test

import (
	"errors"
	"iter"
	"strings"
	"testing"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/db"
	"ostoja/internal/db/dbtest"
	"ostoja/internal/identity"
	"ostoja/internal/identity/people"
	"ostoja/internal/testrig"
)

// TestNoFailureIsSilent: whatever statement fails, whoever acts is told, and nothing of what was done stays.
func TestNoFailureIsSilent(t *testing.T) {
	w := testrig.New(t)
	ctx, s, admin := t.Context(), w.Identity, w.Admin
	only := func(_ any, err error) error { return err }
	view := func(fn func(tx *db.Tx) error) func() error { return func() error { return w.DB.View(ctx, fn) } }
	draft := testrig.Draft("Nowa", "Osoba", w.Terespol)
	draft.ServiceNumber = "700"
	client := identity.Client{Network: "192.0.2.0"}
	var personID, url, unitID, grantID, letter string
	var o identity.Opened
	learner := func() access.Actor { return access.Actor{PersonID: personID} }
	opened := func(got identity.Opened, err error) error {
		if err == nil {
			o = got
		}
		return err
	}
	token := func() string { return url[strings.LastIndex(url, "/")+1:] }
	link := func() (err error) { url, err = s.OneTimeLink(ctx, access.System, personID); return err }
	// Each try is counted before the password is looked at, also one that then fails: time passes, or nobody may try any more.
	signIn := func() error {
		w.Clock.Advance(time.Hour)
		return opened(s.SignIn(ctx, "700", goodPassword, client))
	}
	edit := func(change func(d *identity.Draft)) func() error {
		return func() error {
			d := draft
			change(&d)
			return s.Edit(ctx, admin, personID, d)
		}
	}
	dbtest.EachFails(t, w.DB, []dbtest.Step{
		{Name: "add", Do: func() (err error) { personID, err = s.Add(ctx, w.GuardCoordinator, draft, true); return err }},
		{Name: "its reference", Do: func() (err error) {
			letter, err = db.One[string](ctx, w.DB, `SELECT MAX(token_ref) FROM mail`)
			return err
		}},
		{Name: "letter", Do: func() error {
			return w.DB.Update(ctx, func(tx *db.Tx) error { return only(s.MakeToken(ctx, tx, letter)) })
		}},
		{Name: "invite", Do: func() error { return only(s.Invite(ctx, w.GuardCoordinator, personID)) }},
		{Name: "one-time link", Do: link},
		{Name: "link", Do: func() error { return only(s.Link(ctx, token())) }},
		{Name: "use link", Do: func() error { return opened(s.UseLink(ctx, token(), goodPassword, client)) }},
		{Name: "session", Do: func() error { return only(s.Session(ctx, o.Token)) }},
		{Name: "own sessions", Do: func() error { return only(s.OwnSessions(ctx, learner())) }},
		{Name: "account", Do: func() error { return only(s.Account(ctx, learner())) }},
		{Name: "language", Do: func() error { return s.SetLang(ctx, learner(), "en") }},
		{Name: "change password", Parts: true, Do: func() error { return s.ChangePassword(ctx, learner(), "", goodPassword, goodPassword+"!", client) }},
		{Name: "change back", Parts: true, Do: func() error { return s.ChangePassword(ctx, learner(), "", goodPassword+"!", goodPassword, client) }},
		{Name: "sign in", Parts: true, Do: signIn},
		{Name: "sign in, stating the organisation", Parts: true, Do: func() error {
			return opened(s.SignIn(ctx, "700", goodPassword, identity.Client{Network: "198.51.100.0", Organisation: "SG"}))
		}},
		{Name: "end others", Do: func() error { return s.EndOthers(ctx, learner(), "") }},
		{Name: "sign in again", Parts: true, Do: signIn},
		{Name: "end session", Do: func() error {
			list, err := s.OwnSessions(ctx, learner())
			if err != nil || len(list) == 0 {
				return errors.Join(err, errors.New("no session"))
			}
			return s.EndSession(ctx, learner(), list[0].ID)
		}},
		{Name: "sign in once more", Parts: true, Do: signIn},
		{Name: "sign out", Do: func() error { return s.SignOut(ctx, o.Token) }},
		{Name: "ask for a link", Do: func() error { return s.AskLink(ctx, draft.Mail, "/app", client) }},
		{Name: "entry link", Do: func() error {
			return w.DB.Update(ctx, func(tx *db.Tx) error { _, _, err := s.EntryLink(ctx, tx, personID, "/app"); return err })
		}},
		{Name: "person", Do: func() error { return only(s.Person(ctx, admin, personID)) }},
		{Name: "person by name", Do: func() error { return only(s.PersonBySignInName(ctx, admin, draft.Mail)) }},
		{Name: "edit", Do: edit(func(d *identity.Draft) { d.GivenName, d.Mail = "Inna", "inna@example.org" })},
		{Name: "move", Do: edit(func(d *identity.Draft) { d.UnitID = w.Medyka })},
		{Name: "grant", Do: func() error {
			return s.Grant(ctx, admin, personID, identity.RoleDraft{Role: access.Trainer, UnitID: w.Guard})
		}},
		{Name: "grants", Do: func() error {
			p, err := s.Person(ctx, admin, personID)
			for _, g := range p.Roles {
				if g.Role == access.Trainer {
					grantID = g.ID
				}
			}
			return err
		}},
		{Name: "revoke", Do: func() error { return s.Revoke(ctx, admin, personID, grantID) }},
		{Name: "block", Do: func() error { return s.Block(ctx, admin, personID) }},
		{Name: "unblock", Do: func() error { return s.Unblock(ctx, admin, personID) }},
		{Name: "search", Do: func() error {
			return only(w.People.Search(ctx, w.GuardCoordinator, people.Filter{Text: "inna", UnitID: w.Guard, Role: access.Learner}))
		}},
		{Name: "export", Do: func() error {
			return w.People.Export(ctx, w.GuardCoordinator, people.Filter{}, "csv", func(rows iter.Seq2[people.Row, error]) error {
				for _, err := range rows {
					if err != nil {
						return err
					}
				}
				return nil
			})
		}},
		{Name: "names", Do: func() error { return only(s.Names(ctx, admin, []string{personID})) }},
		{Name: "holders", Do: view(func(tx *db.Tx) error { return only(s.Holders(ctx, tx, access.Measure)) })},
		{Name: "participant", Do: view(func(tx *db.Tx) error { return only(s.Participant(ctx, tx, personID)) })},
		{Name: "participants", Do: view(func(tx *db.Tx) error {
			return only(s.ParticipantsWithin(ctx, tx, admin, access.PeopleRead, []string{personID}))
		})},
		{Name: "subjects", Do: view(func(tx *db.Tx) error { return only(s.Subjects(ctx, tx, []string{personID})) })},
		{Name: "subjects within", Do: view(func(tx *db.Tx) error {
			return only(s.SubjectsWithin(ctx, tx, admin, access.PeopleRead, []string{personID}))
		})},
		{Name: "unit names", Do: view(func(tx *db.Tx) error { return only(s.UnitNames(ctx, tx)) })},
		{Name: "unit path", Do: view(func(tx *db.Tx) error { return only(s.UnitPath(ctx, tx, w.Guard)) })},
		{Name: "named", Do: view(func(tx *db.Tx) error { return only(s.Named(ctx, tx, []string{"a@example.org"}, []string{"SG-1"})) })},
		{Name: "all units", Do: view(func(tx *db.Tx) error { return only(s.AllUnits(ctx, tx)) })},
		{Name: "actor", Do: view(func(tx *db.Tx) error { return only(s.ActorOf(ctx, tx, personID)) })},
		{Name: "holders", Do: view(func(tx *db.Tx) error { return only(s.Holders(ctx, tx, access.SiteWrite)) })},
		{Name: "enter", Do: func() error {
			return w.DB.Update(ctx, func(tx *db.Tx) error {
				d := testrig.Draft("Z", "Listy", w.Guard)
				_, err := s.Enter(ctx, tx, admin, identity.Entry{Draft: d, Until: testrig.Start.Add(time.Hour), Invite: true})
				return err
			})
		}},
		{Name: "enter a change", Do: func() error {
			return w.DB.Update(ctx, func(tx *db.Tx) error {
				_, err := s.Enter(ctx, tx, admin, identity.Entry{PersonID: personID, Draft: draft, Until: testrig.Start.Add(time.Hour)})
				return err
			})
		}},
		{Name: "tree", Do: func() error { return only(s.Tree(ctx, w.GuardCoordinator)) }},
		{Name: "units", Do: func() error { return only(s.Units(ctx, w.GuardCoordinator)) }},
		{Name: "unit", Do: func() error { return only(s.Unit(ctx, w.GuardCoordinator, w.Terespol)) }},
		{Name: "create unit", Do: func() (err error) {
			unitID, err = s.CreateUnit(ctx, admin, identity.UnitDraft{ParentID: w.Guard, Kind: identity.Post, Name: "Nowa", Code: "N"})
			return err
		}},
		{Name: "change unit", Do: func() error {
			return s.ChangeUnit(ctx, admin, unitID, identity.UnitDraft{ParentID: w.Guard, Kind: identity.Post, Name: "Nowsza", Code: "NN"})
		}},
		{Name: "delete unit", Do: func() error { return s.DeleteUnit(ctx, admin, unitID) }},
		{Name: "sweep", Do: func() error { return s.Sweep(ctx) }},
	})
}

// TestSettingUpHidesNoFailure: the first administrator is there whole or not at all.
func TestSettingUpHidesNoFailure(t *testing.T) {
	testrig.EachEmpty(t, func(t *testing.T, w *testrig.World) {
		ctx, url := t.Context(), ""
		d := identity.SetUpDraft{Organisation: "Biuro", Kind: identity.Office, Person: testrig.Draft("Ada", "Pierwsza", ""), Password: goodPassword}
		dbtest.EachFails(t, w.DB, []dbtest.Step{
			{Name: "link", Do: func() (err error) { url, err = w.Identity.SetUpLink(ctx); return err }},
			{Name: "set up", Do: func() error {
				_, err := w.Identity.SetUp(ctx, url[strings.LastIndex(url, "/")+1:], d, identity.Client{})
				return err
			}},
		})
	})
}
