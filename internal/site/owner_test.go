package site_test

import (
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/errs"
	"ostoja/internal/fact"
	"ostoja/internal/identity"
	"ostoja/internal/site"
	"ostoja/internal/site/content"
	"ostoja/internal/site/directory"
	"ostoja/internal/site/visits"
	"ostoja/internal/testrig"
)

// article has a unit's editor write a news article for the unit, and returns the id of its draft.
func article(w *testrig.World, editor access.Actor, unitID, id string) (textID string) {
	w.T.Helper()
	ctx := w.T.Context()
	w.OK(w.Site.CreateArticle(ctx, editor, content.Article{ID: id, Kind: content.News, Topic: "rights", Day: "2026-10-23", Owner: content.Owner{UnitID: unitID}}))
	t := testrig.Must(w.Site.SaveDraft(ctx, editor, site.TextDraft{ArticleID: id, Lang: "pl", Title: "Punkt " + id, Tab: "Punkt " + id, Summary: "Krótko.", Body: "Zapraszamy.\n"}))(w.T)
	return t.ID
}

func numberOf(id, unitID string) content.Fact {
	return content.Fact{
		ID: id, Kind: fact.Phone, Value: map[string]string{fact.AnyLang: "+48 22 000 00 11"}, Source: "test", By: "test", Checked: "2026-10-23", ValidUntil: "2027-01-23", GraceDays: 30,
		Owner: content.Owner{UnitID: unitID},
	}
}

func place(id string) *directory.Service {
	return &directory.Service{
		ID: id, Name: map[string]string{"pl": "Punkt " + id}, Languages: []string{"pl"}, Phones: []directory.Phone{{Number: "+48 22 000 00 01"}},
		Source: "test", Checked: "2026-10-23", By: "test", ValidUntil: "2027-01-23",
	}
}

func articleIDs(w *testrig.World, a access.Actor) (ids []string) {
	w.T.Helper()
	for _, o := range testrig.Must(w.Site.Articles(w.T.Context(), a))(w.T) {
		ids = append(ids, o.ID)
	}
	return ids
}

// TestAUnitsArticleIsItsEditors: who keeps a unit's part of the site sees that part alone; who keeps the whole site sees all.
func TestAUnitsArticleIsItsEditors(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx := t.Context()
		article(w, w.Author, "", "of-all")
		article(w, w.GuardEditor, w.Terespol, "of-terespol")
		article(w, w.PoliceEditor, w.Police, "of-police")
		post := w.Person("Ela", "Terespolska", w.Terespol, role(access.Editor, w.Terespol))
		medyka := w.Person("Max", "Medycki", w.Medyka, role(access.Editor, w.Medyka))
		unitAuthor := w.Person("Ada", "Jednostkowa", w.Guard, role(access.Author, w.Guard))
		for name, c := range map[string]struct {
			actor access.Actor
			want  []string
		}{
			"guard": {w.GuardEditor, []string{"of-terespol"}}, "second of the guard": {w.SecondGuardEditor, []string{"of-terespol"}}, "police": {w.PoliceEditor, []string{"of-police"}},
			"post": {post, []string{"of-terespol"}}, "another post": {medyka, nil}, "reviewer": {w.Reviewer, []string{"of-all", "of-police", "of-terespol"}},
			"author": {w.Author, []string{"of-all", "of-police", "of-terespol"}}, "coordinator": {w.Coordinator, []string{"of-all", "of-police", "of-terespol"}},
		} {
			if got := articleIDs(w, c.actor); !slices.Equal(got, c.want) {
				t.Errorf("%s sees %v, want %v", name, got, c.want)
			}
		}
		for name, a := range map[string]access.Actor{"learner": w.Learner, "trainer": w.GuardTrainer, "coordinator of the guard": w.GuardCoordinator, "author of the guard": unitAuthor} {
			_, err := w.Site.Articles(ctx, a)
			w.Refused(name, err, errs.ErrForbidden)
		}
		// An editor adds for their units alone, and to the installation nothing.
		for _, unit := range []string{"", w.Police, w.Chelm, w.Office} {
			err := w.Site.CreateArticle(ctx, w.GuardEditor, content.Article{ID: "elsewhere", Kind: content.Guide, Topic: "rights", Owner: content.Owner{UnitID: unit}})
			w.Refused("adding to "+unit, err, errs.ErrNotFound)
		}
		err := w.Site.CreateArticle(ctx, w.Author, content.Article{ID: "nowhere", Kind: content.Guide, Topic: "rights", Owner: content.Owner{UnitID: "none"}})
		w.Refused("a unit that is not there", err, errs.ErrInvalid)
		units := func(a access.Actor) (names []string) {
			for _, u := range testrig.Must(w.Site.Units(ctx, a))(t) {
				names = append(names, u.UnitName)
			}
			slices.Sort(names)
			return names
		}
		if got := units(w.GuardEditor); !slices.Equal(got, []string{"Placówka w Medyce", "Placówka w Terespolu", "Straż Graniczna"}) {
			t.Errorf("units of the guard's editor: %v", got)
		}
		if got := units(post); !slices.Equal(got, []string{"Placówka w Terespolu"}) {
			t.Errorf("units of a post's editor: %v", got)
		}
		if got := units(w.Author); len(got) != 7 {
			t.Errorf("units of the author: %v", got)
		}
		if got := units(w.Learner); len(got) != 0 {
			t.Errorf("units of a learner: %v", got)
		}
	})
}

// A text is read by those who may read the site's texts at all.
func TestWhoReadsATextBeforeItIsPublished(t *testing.T) {
	w := testrig.New(t)
	id := article(w, w.GuardEditor, w.Guard, "of-guard")
	readers := []string{"administrator", "coordinator", "author", "second author", "reviewer", "editor of the guard", "second editor of the guard"}
	for name, a := range w.Everybody() {
		text, _, err := w.Site.Text(t.Context(), a, id)
		if slices.Contains(readers, name) != (err == nil) || err == nil && text.ID != id {
			t.Errorf("%s: %v", name, err)
		}
	}
	w.Refused("a learner", third(w.Site.Text(t.Context(), w.Learner, id)), errs.ErrForbidden)
}

// TestTwoPersonsOfAUnit: the two-person rule of decision 19 holds within a unit, and an editor elsewhere is no second person.
func TestTwoPersonsOfAUnit(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx := t.Context()
		id := article(w, w.GuardEditor, w.Guard, "of-guard")
		read := func(a access.Actor) *content.Text {
			t.Helper()
			text, _, err := w.Site.Text(ctx, a, id)
			w.OK(err)
			return &text
		}
		publish := site.Verdict{Base: read(w.GuardEditor).Base(), Publish: true}
		for name, err := range map[string]error{
			"reading":    second(w.Site.Article(ctx, w.PoliceEditor, "of-guard")),
			"the text":   third(w.Site.Text(ctx, w.PoliceEditor, id)),
			"writers":    second(w.Site.Writers(ctx, w.PoliceEditor, id)),
			"versions":   second(w.Site.Versions(ctx, w.PoliceEditor, "of-guard", "pl")),
			"changing":   w.Site.UpdateArticle(ctx, w.PoliceEditor, content.Article{ID: "of-guard", Topic: "work", Day: "2026-10-23"}),
			"drafting":   second(w.Site.SaveDraft(ctx, w.PoliceEditor, site.TextDraft{ArticleID: "of-guard", Lang: "en", Title: "x", Body: "x"})),
			"submitting": w.Site.Submit(ctx, w.PoliceEditor, id),
			"returning":  w.Site.Review(ctx, w.PoliceEditor, id, site.Verdict{Base: publish.Base, Note: "Nie."}),
			"withdrawal": w.Site.Withdraw(ctx, w.PoliceEditor, "of-guard", "pl"),
		} {
			w.Refused(name+" by an editor elsewhere", err, errs.ErrNotFound)
		}
		w.Refused("submitting by a reviewer", w.Site.Submit(ctx, w.Reviewer, id), errs.ErrForbidden)
		w.OK(w.Site.Submit(ctx, w.GuardEditor, id))
		w.Refused("publishing by an editor elsewhere", w.Site.Review(ctx, w.PoliceEditor, id, publish), errs.ErrNotFound)
		w.Refused("publishing what one wrote", w.Site.Review(ctx, w.GuardEditor, id, publish), errs.ErrForbidden)
		w.OK(w.Site.Review(ctx, w.SecondGuardEditor, id, publish))
		if read(w.Author).State != content.Published {
			t.Error("it is not published")
		}
		snap := testrig.Must(w.Site.Snapshot(ctx))(t)
		if snap.Article("of-guard") == nil {
			t.Error("readers do not see it")
		}
		w.Refused("taking it off from elsewhere", w.Site.Withdraw(ctx, w.PoliceEditor, "of-guard", "pl"), errs.ErrNotFound)
		w.OK(w.Site.Withdraw(ctx, w.SecondGuardEditor, "of-guard", "pl"))
		// Who keeps the whole site can be the second person of a unit's text.
		other := article(w, w.PoliceEditor, w.Chelm, "of-chelm")
		w.OK(w.Site.Submit(ctx, w.PoliceEditor, other))
		text, _, err := w.Site.Text(ctx, w.Author, other)
		w.OK(err)
		w.OK(w.Site.Review(ctx, w.Author, other, site.Verdict{Base: text.Base(), Publish: true}))
	})
}

// TestProposalsOfAUnit: what a unit's editors propose waits for one of them, or for who keeps the whole site; it then belongs to the
// unit. Nobody elsewhere sees it, and its name is taken for them.
func TestProposalsOfAUnit(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx := t.Context()
		w.OK(w.Site.ProposeFact(ctx, w.GuardEditor, numberOf("tel-guard", w.Guard), site.NewBase))
		w.OK(w.Site.ProposeService(ctx, w.GuardEditor, place("punkt"), true, w.Terespol, site.NewBase))
		if list := testrig.Must(w.Site.Proposals(ctx, w.PoliceEditor))(t); len(list) != 0 {
			t.Errorf("an editor elsewhere sees %+v", list)
		}
		list := testrig.Must(w.Site.Proposals(ctx, w.SecondGuardEditor))(t)
		if len(list) != 2 || list[0].UnitID != w.Guard || list[1].UnitID != w.Terespol {
			t.Fatalf("proposals %+v", list)
		}
		for _, p := range list {
			w.Refused("reading", second(w.Site.Proposal(ctx, w.PoliceEditor, p.ID)), errs.ErrNotFound)
			w.Refused("accepting", w.Site.AcceptProposal(ctx, w.PoliceEditor, p.ID), errs.ErrNotFound)
			w.Refused("returning", w.Site.ReturnProposal(ctx, w.PoliceEditor, p.ID, "Nie."), errs.ErrNotFound)
			w.Refused("taking back", w.Site.WithdrawProposal(ctx, w.PoliceEditor, p.ID), errs.ErrNotFound)
			w.Refused("accepting one's own", w.Site.AcceptProposal(ctx, w.GuardEditor, p.ID), errs.ErrForbidden)
			w.Refused("by a reviewer", w.Site.AcceptProposal(ctx, w.Reviewer, p.ID), errs.ErrForbidden)
		}
		// The name is taken, even where the proposal was returned and could be replaced by anybody of the unit.
		w.Refused("the same mark elsewhere", w.Site.ProposeFact(ctx, w.PoliceEditor, numberOf("tel-guard", w.Police), site.NewBase), errs.ErrInvalid)
		w.OK(w.Site.ReturnProposal(ctx, w.SecondGuardEditor, list[0].ID, "Sprawdź numer."))
		w.Refused("the same mark elsewhere", w.Site.ProposeFact(ctx, w.PoliceEditor, numberOf("tel-guard", w.Police), site.NewBase), errs.ErrInvalid)
		w.Refused("a change from elsewhere", w.Site.ProposeFact(ctx, w.PoliceEditor, numberOf("tel-guard", w.Police), list[0].ID), errs.ErrNotFound)
		// Another proposal takes its place and stays the unit's, whatever unit the form names.
		w.OK(w.Site.ProposeFact(ctx, w.SecondGuardEditor, numberOf("tel-guard", w.Medyka), list[0].ID))
		kept := testrig.Must(w.Site.Entry(ctx, w.GuardEditor, site.OfFact, "tel-guard"))(t)
		if kept.UnitID != w.Guard || kept.Current != nil {
			t.Fatalf("kept %+v", kept)
		}
		w.OK(w.Site.AcceptProposal(ctx, w.GuardEditor, kept.Proposal.ID))
		w.OK(w.Site.AcceptProposal(ctx, w.Coordinator, list[1].ID))

		marks := func(a access.Actor) (ids []string) {
			for _, f := range testrig.Must(w.Site.Facts(ctx, a))(t) {
				ids = append(ids, f.ID+" "+f.UnitName)
			}
			return ids
		}
		if got := marks(w.GuardEditor); !slices.Equal(got, []string{"tel-guard Straż Graniczna"}) {
			t.Errorf("facts of the guard's editor: %v", got)
		}
		if got := marks(w.PoliceEditor); len(got) != 0 {
			t.Errorf("facts of the editor elsewhere: %v", got)
		}
		entries := func(a access.Actor) (ids []string) {
			for _, s := range testrig.Must(w.Site.Directory(ctx, a))(t) {
				ids = append(ids, fmt.Sprint(s.ID, s.Listed, s.UnitID == w.Terespol))
			}
			return ids
		}
		for name, c := range map[string]struct {
			a    access.Actor
			want int
		}{"guard": {w.GuardEditor, 1}, "police": {w.PoliceEditor, 0}, "author": {w.Author, 1}} {
			if got := entries(c.a); len(got) != c.want || c.want == 1 && got[0] != "punkttrue true" {
				t.Errorf("%s: services %v", name, got)
			}
		}
		for _, kind := range []site.ProposalKind{site.OfFact, site.OfService} {
			id := map[site.ProposalKind]string{site.OfFact: "tel-guard", site.OfService: "punkt"}[kind]
			w.Refused("keeping", second(w.Site.Entry(ctx, w.PoliceEditor, kind, id)), errs.ErrNotFound)
			w.Refused("what is not there", second(w.Site.Entry(ctx, w.Author, kind, "none")), errs.ErrNotFound)
		}
		w.Refused("confirming", second(w.Site.Confirm(ctx, w.PoliceEditor, []string{"tel-guard"}, "x")), errs.ErrNotFound)
		if n := testrig.Must(w.Site.Confirm(ctx, w.SecondGuardEditor, []string{"tel-guard"}, "Roman"))(t); n != 1 {
			t.Errorf("%d were confirmed", n)
		}
		w.Refused("removing", w.Site.RemoveService(ctx, w.PoliceEditor, "punkt"), errs.ErrNotFound)
		w.OK(w.Site.RemoveService(ctx, w.SecondGuardEditor, "punkt"))
	})
}

// TestTheInstallationsFactsAreReadByAll: every text refers to them, so every editor sees them; what is proposed of them, and the
// right to change them, stays with who keeps the whole site.
func TestTheInstallationsFactsAreReadByAll(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx := t.Context()
		w.Until(time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)) // the day on which the shipped facts were checked
		testrig.Must(w.Site.ImportBundle(ctx, access.System, true))(t)
		all, guards := testrig.Must(w.Site.Facts(ctx, w.Author))(t), testrig.Must(w.Site.Facts(ctx, w.GuardEditor))(t)
		if len(all) == 0 || len(guards) != len(all) {
			t.Errorf("the guard's editor sees %d of %d", len(guards), len(all))
		}
		kept := testrig.Must(w.Site.Entry(ctx, w.Author, site.OfFact, fact.Emergency))(t)
		changed := *kept.Current.Fact
		changed.Value = map[string]string{fact.AnyLang: "116 123"}
		w.OK(w.Site.ProposeFact(ctx, w.Author, changed, kept.Base))
		seen := testrig.Must(w.Site.Entry(ctx, w.GuardEditor, site.OfFact, fact.Emergency))(t)
		if seen.Current == nil || seen.Proposal != nil || seen.MayChange(w.GuardEditor) || !seen.MayChange(w.SecondAuthor) {
			t.Errorf("the guard's editor sees %+v", seen)
		}
		kept = testrig.Must(w.Site.Entry(ctx, w.Author, site.OfFact, fact.Emergency))(t)
		for name, err := range map[string]error{
			"accepting":       w.Site.AcceptProposal(ctx, w.GuardEditor, kept.Proposal.ID),
			"adding to all":   w.Site.ProposeFact(ctx, w.GuardEditor, numberOf("tel-all", ""), site.NewBase),
			"an entry of all": second(w.Site.Entry(ctx, w.GuardEditor, site.OfService, testrig.Must(w.Site.Directory(ctx, w.Author))(t)[0].ID)),
			"an article":      second(w.Site.Article(ctx, w.GuardEditor, "rights")),
		} {
			w.Refused(name, err, errs.ErrNotFound)
		}
		// A change of what they read is refused with the reason, and changes nothing.
		w.Refused("proposing", w.Site.ProposeFact(ctx, w.GuardEditor, changed, kept.Base), errs.ErrForbidden)
		w.Refused("confirming", second(w.Site.Confirm(ctx, w.GuardEditor, []string{fact.NationalLine}, "x")), errs.ErrForbidden)
		w.Refused("a new one that waits", w.Site.ProposeFact(ctx, w.GuardEditor, numberOf("tel-none", ""), "1"), errs.ErrNotFound)
		if again := testrig.Must(w.Site.Entry(ctx, w.Author, site.OfFact, fact.Emergency))(t); again.Base != kept.Base {
			t.Error("a refused proposal stands in the place of the author's")
		}
		w.Refused("a file of services", second(w.Site.ImportServices(ctx, w.GuardEditor, []*directory.Service{place("x")}, "x", false)), errs.ErrForbidden)
		w.Refused("a look at a file of services", second(w.Site.ImportServices(ctx, w.GuardEditor, []*directory.Service{place("x")}, "x", true)), errs.ErrForbidden)
		// What stands in for all others is nobody's but the installation's, even if it is not there yet.
		for _, id := range []string{fact.NationalLine, fact.Emergency, content.OfficeContact} {
			w.Refused(id, w.Site.ProposeFact(ctx, w.GuardEditor, numberOf(id, w.Guard), site.NewBase), errs.ErrInvalid)
			w.Refused(id, w.Site.ProposeFact(ctx, w.SecondAuthor, numberOf(id, w.Guard), site.NewBase), errs.ErrInvalid)
		}
		w.OK(w.Site.AcceptProposal(ctx, w.SecondAuthor, kept.Proposal.ID))
	})
}

// TestOrdersAndCountsOfAUnit: orders are the unit's that writes them down; of the counts an editor sees those of their articles.
func TestOrdersAndCountsOfAUnit(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx := t.Context()
		w.OK(w.Site.CreateArticle(ctx, w.GuardEditor, content.Article{ID: "leaflet", Kind: content.Publication, Topic: "rights", Day: "2026-10-23", Owner: content.Owner{UnitID: w.Guard}}))
		order := site.Order{ArticleID: "leaflet", Lang: "pl", Copies: 5, Institution: "Szkoła", Address: "Terespol", Owner: content.Owner{UnitID: w.Medyka}}
		w.OK(w.Site.AddOrder(ctx, w.GuardEditor, order))
		for name, c := range map[string]struct {
			a        access.Actor
			unit     string
			category error
		}{
			"of another's publication": {w.PoliceEditor, w.Police, errs.ErrNotFound}, "for another unit": {w.GuardEditor, w.Police, errs.ErrNotFound},
			"for the installation": {w.GuardEditor, "", errs.ErrNotFound}, "for no unit": {w.Author, "none", errs.ErrInvalid}, "by a reviewer": {w.Reviewer, w.Guard, errs.ErrForbidden},
			"by a learner": {w.Learner, w.Terespol, errs.ErrForbidden},
		} {
			o := order
			o.UnitID = c.unit
			w.Refused("an order "+name, w.Site.AddOrder(ctx, c.a, o), c.category)
		}
		w.OK(w.Site.AddOrder(ctx, w.Author, site.Order{ArticleID: "leaflet", Lang: "pl", Copies: 6, Institution: "Urząd", Address: "Warszawa"}))
		copies := func(a access.Actor) map[int]string {
			list := map[int]string{}
			for _, o := range testrig.Must(w.Site.Orders(ctx, a))(t) {
				list[o.Copies] = o.UnitName
			}
			return list
		}
		if got := copies(w.SecondGuardEditor); !maps.Equal(got, map[int]string{5: "Placówka w Medyce"}) {
			t.Errorf("the guard's orders: %v", got)
		}
		if got := copies(w.Author); !maps.Equal(got, map[int]string{5: "Placówka w Medyce", 6: ""}) {
			t.Errorf("all orders: %v", got)
		}
		if got := copies(w.PoliceEditor); len(got) != 0 {
			t.Errorf("orders of an editor elsewhere: %v", got)
		}
		for _, o := range testrig.Must(w.Site.Orders(ctx, w.Author))(t) {
			err := w.Site.SetOrderState(ctx, w.SecondGuardEditor, o.ID, site.OrderSent)
			if o.UnitID == w.Medyka {
				w.OK(err)
			} else {
				w.Refused("settling the installation's", err, errs.ErrNotFound)
			}
			w.Refused("settling from elsewhere", w.Site.SetOrderState(ctx, w.PoliceEditor, o.ID, site.OrderSent), errs.ErrNotFound)
		}
		w.Refused("an order that is not there", w.Site.SetOrderState(ctx, w.Author, "none", site.OrderSent), errs.ErrNotFound)

		w.OK(w.Visits.Add(ctx, map[visits.Visit]int64{{Page: "leaflet", Lang: "pl"}: 20, {Page: "home", Lang: "pl"}: 30, {Page: "rights", Lang: "pl"}: 40}))
		w.Clock.Advance(24 * time.Hour)
		pages := func(a access.Actor) (list []string) {
			for _, v := range testrig.Must(w.Visits.Between(ctx, a, "2026-10-01", "2026-10-31"))(t) {
				list = append(list, fmt.Sprint(v.Page, v.N))
			}
			return list
		}
		if got := pages(w.GuardEditor); !slices.Equal(got, []string{"leaflet20"}) {
			t.Errorf("the guard's counts: %v", got)
		}
		if got := pages(w.PoliceEditor); len(got) != 0 {
			t.Errorf("counts of an editor elsewhere: %v", got)
		}
		if got := pages(w.Reviewer); !slices.Equal(got, []string{"home30", "leaflet20", "rights40"}) {
			t.Errorf("all counts: %v", got)
		}
	})
}

func role(r access.Role, unitID string) identity.RoleDraft {
	return identity.RoleDraft{Role: r, UnitID: unitID}
}

func second[T any](_ T, err error) error { return err }

func third[T, U any](_ T, _ U, err error) error { return err }
