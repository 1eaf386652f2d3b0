package review_test

import (
	"bytes"
	"regexp"
	"strings"
	"testing"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/classroom"
	"ostoja/internal/db"
	"ostoja/internal/db/dbtest"
	"ostoja/internal/errs"
	"ostoja/internal/mail"
	"ostoja/internal/project"
	"ostoja/internal/report/freeze"
	"ostoja/internal/report/review"
	"ostoja/internal/testrig"
)

const (
	amif    = "amif-2021"
	address = "anna.kontrolna@fundusz.example"
)

// programme is a project of two periods whose first is over, with a training of twelve people in it.
type programme struct {
	*testrig.World
	id      string
	periods []project.Period
}

func begin(t *testing.T, w *testrig.World) *programme {
	t.Helper()
	ctx := t.Context()
	p := &programme{World: w}
	p.id = testrig.Must(w.Projects.Create(ctx, w.Coordinator, project.Draft{Name: "Tajny projekt graniczny", Number: "AMIF/12/2026", UnitID: w.Office, FirstDay: "2026-01-01", LastDay: "2027-12-31"}))(t)
	w.OK(w.Projects.AddPeriod(ctx, w.Coordinator, p.id, "2026-10-31"))
	w.OK(w.Projects.AddPeriod(ctx, w.Coordinator, p.id, "2026-12-31"))
	w.OK(w.Projects.AddPeriod(ctx, w.Coordinator, p.id, "2027-12-31"))
	w.OK(w.Projects.SetShares(ctx, w.Coordinator, p.id, []project.Share{{FundID: amif, Share: 7500}, {FundID: "isf-2021", Share: 1000}}))
	w.OK(w.Projects.SetTargets(ctx, w.Coordinator, p.id, project.Annex{}, []project.Target{{FundID: amif, Indicator: "participants", Target: 40}}))
	p.periods = testrig.Must(w.Projects.Page(ctx, w.Coordinator, p.id))(t).Periods
	var people []access.Actor
	for i := range 6 {
		name := string(rune('A' + i))
		people = append(people, w.Person("Gwidon", "Graniczny"+name, w.Terespol), w.Person("Piotr", "Policyjny"+name, w.Chelm))
	}
	at := w.Clock.Now().Add(time.Hour)
	c := w.Class(w.Coordinator, w.Office, classroom.ContentDraft{Title: "Szkolenie"}, "Warszawa", testrig.Hours{From: at, Until: at.Add(3 * time.Hour)})
	w.OK(w.Projects.AddPart(ctx, w.Coordinator, p.id, project.Part{Kind: project.Training, SubjectID: c.ID, Share: 50}))
	c.Seat(people...)
	w.Clock.Advance(5 * time.Hour)
	for _, a := range people {
		c.Present(0, a, 180)
	}
	c.Close(0)
	w.Until(time.Date(2026, 11, 5, 9, 0, 0, 0, time.UTC))
	return p
}

// freeze approves and freezes the first period.
func (p *programme) freeze() string {
	p.T.Helper()
	ctx, x := p.T.Context(), p.periods[0]
	p.OK(p.Projects.OpenPeriod(ctx, p.Coordinator, p.id, x.ID, "sprawozdanie"))
	testrig.Must(p.Reports.HandIn(ctx, p.Coordinator, p.id, x.ID))(p.T)
	p.OK(p.Projects.LockPeriod(ctx, p.Coordinator, p.id, x.ID))
	testrig.Must(p.Reports.Approve(ctx, p.Admin, p.id, x.ID))(p.T)
	frozenID := testrig.Must(p.Freeze.Ask(ctx, p.Coordinator, p.id, x.ID, freeze.Publisher{}))(p.T)
	p.Letters()
	return frozenID
}

func draft() review.Draft {
	return review.Draft{FundID: amif, Name: "Anna Kontrolna", Address: address, Lang: "pl", Until: "2026-11-19"}
}

var (
	linkIn = regexp.MustCompile(`/review/([A-Za-z0-9_-]+)`)
	codeIn = regexp.MustCompile(`[0-9A-Z]{4}-[0-9A-Z]{4}`)
)

// token is what the newest letter's link ends in, code what it brings.
func token(t *testing.T, m mail.Message) string {
	t.Helper()
	found := linkIn.FindStringSubmatch(m.Body)
	if found == nil {
		t.Fatalf("no link in %q", m.Body)
	}
	return found[1]
}

func code(t *testing.T, m mail.Message) string {
	t.Helper()
	if !codeIn.MatchString(m.Body) {
		t.Fatalf("no code in %q", m.Body)
	}
	return codeIn.FindString(m.Body)
}

// give gives a link and returns it and its token.
func (p *programme) give(d review.Draft) (linkID, token_ string) {
	p.T.Helper()
	linkID = testrig.Must(p.Review.Give(p.T.Context(), p.Coordinator, p.id, d))(p.T)
	return linkID, linkIn.FindStringSubmatch(p.LastLetter().Body)[1]
}

// TestWhoGivesAccess: who keeps the project gives links, and sees them; to others there is no such project, or it is not theirs.
func TestWhoGivesAccess(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx := t.Context()
		p := begin(t, w)
		linkID, _ := p.give(draft())
		for name, a := range w.Everybody() {
			_, _, listed := w.Review.List(ctx, a, p.id)
			_, given := w.Review.Give(ctx, a, p.id, draft())
			sent := w.Review.Send(ctx, a, p.id, linkID)
			mine := a.PersonID == w.Admin.PersonID || a.PersonID == w.Coordinator.PersonID
			for what, err := range map[string]error{"list": listed, "give": given, "send": sent} {
				if (err == nil) != mine {
					t.Errorf("%s, %s: %v", name, what, err)
				}
			}
			if !mine && w.Review.End(ctx, a, p.id, linkID) == nil {
				t.Errorf("%s ends it", name)
			}
		}
		_, _, err := w.Review.List(ctx, w.Reviewer, p.id)
		w.Refused("who reads the project", err, errs.ErrForbidden)
		_, _, err = w.Review.List(ctx, w.PoliceCoordinator, p.id)
		w.Refused("another office", err, errs.ErrNotFound)
		w.Refused("a link of another project", w.Review.End(ctx, w.Coordinator, p.id, p.id), errs.ErrNotFound)
	})
}

// TestFaultsOfADraft: each fault at its field.
func TestFaultsOfADraft(t *testing.T) {
	w := testrig.New(t)
	p := begin(t, w)
	for field, change := range map[string]func(*review.Draft){
		"fund":    func(d *review.Draft) { d.FundID = "norway-2021" },
		"period":  func(d *review.Draft) { d.Period = 4 },
		"name":    func(d *review.Draft) { d.Name = "  " },
		"address": func(d *review.Draft) { d.Address = "anna" },
		"lang":    func(d *review.Draft) { d.Lang = "xx" },
		"until":   func(d *review.Draft) { d.Until = "2026-11-04" },
	} {
		d := draft()
		change(&d)
		_, err := w.Review.Give(t.Context(), w.Coordinator, p.id, d)
		w.Refused(field, err, errs.ErrInvalid)
		if !strings.Contains(err.Error(), field) {
			t.Errorf("%s: %v", field, err)
		}
	}
	for until, ok := range map[string]bool{"2026-11-05": true, "2027-02-03": true, "2027-02-04": false, "soon": false} {
		d := draft()
		d.Until = until
		if _, err := w.Review.Give(t.Context(), w.Coordinator, p.id, d); (err == nil) != ok {
			t.Errorf("%s: %v", until, err)
		}
	}
	usual, most := review.LastDay("2026-11-05")
	if usual != "2026-11-19" || most != "2027-02-03" {
		t.Errorf("%s %s", usual, most)
	}
}

// TestALinkPassedOnOpensNothing: whoever has the link and not the mailbox gets no code, with whichever address; a code is used once, and five wrong ones make it useless.
func TestALinkPassedOnOpensNothing(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx := t.Context()
		p := begin(t, w)
		linkID, tok := p.give(draft())
		letters := len(w.Letters())
		w.OK(w.Review.Ask(ctx, tok, "ktos.inny@fundusz.example"))
		if got := w.Letters(); len(got) != letters {
			t.Fatalf("another address was sent %q", got[len(got)-1].Body)
		}
		_, err := w.Review.Enter(ctx, tok, "")
		w.Refused("no code", err, errs.ErrInvalid)
		_, err = w.Review.Look(ctx, tok, "", 0)
		w.Refused("without a key", err, errs.ErrForbidden)

		w.OK(w.Review.Ask(ctx, tok, " Anna.Kontrolna@Fundusz.example "))
		first := w.LastLetter()
		if first.To != address || strings.Contains(first.Subject+first.Body, "Tajny") || strings.Contains(first.Body, tok) {
			t.Errorf("%+v", first)
		}
		letters = len(w.Letters())
		w.OK(w.Review.Ask(ctx, tok, address))
		if len(w.Letters()) != letters {
			t.Error("a second code left at once")
		}
		for range 5 {
			_, err := w.Review.Enter(ctx, tok, "ABCD-ABCD")
			w.Refused("a wrong code", err, errs.ErrInvalid)
		}
		_, err = w.Review.Enter(ctx, tok, code(t, first))
		w.Refused("after five tries", err, errs.ErrInvalid)
		w.OK(w.Review.Ask(ctx, tok, address)) // a useless code holds no other up
		second := code(t, w.LastLetter())
		got, err := w.Review.Enter(ctx, tok, strings.ToLower(strings.ReplaceAll(second, "-", " ")))
		if err != nil || got != linkID {
			t.Fatalf("%s, %v", got, err)
		}
		_, err = w.Review.Enter(ctx, tok, second)
		w.Refused("twice", err, errs.ErrInvalid)

		w.Clock.Advance(6 * time.Minute)
		w.OK(w.Review.Ask(ctx, tok, address))
		late := code(t, w.LastLetter())
		w.Clock.Advance(31 * time.Minute)
		_, err = w.Review.Enter(ctx, tok, late)
		w.Refused("too late", err, errs.ErrInvalid)

		_, links, err := w.Review.List(ctx, w.Coordinator, p.id)
		w.OK(err)
		n := map[string]int{}
		for _, u := range links[0].Uses {
			n[u.Act]++
		}
		if n[review.OtherAddress] != 1 || n[review.CodeSent] != 3 || n[review.WrongCode] != 9 || n[review.Entered] != 1 || n[review.Seen] != 0 {
			t.Errorf("%v", n)
		}
	})
}

// TestACodeOpensItsOwnLink: neither the code nor the key of one link opens another, of the same person and project.
func TestACodeOpensItsOwnLink(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx := t.Context()
		p := begin(t, w)
		one, oneToken := p.give(draft())
		_, otherToken := p.give(draft())
		w.OK(w.Review.Ask(ctx, oneToken, address))
		c := code(t, w.LastLetter())
		_, err := w.Review.Enter(ctx, otherToken, c)
		w.Refused("the other link", err, errs.ErrInvalid)
		testrig.Must(w.Review.Enter(ctx, oneToken, c))(t)
		testrig.Must(w.Review.Look(ctx, oneToken, one, 0))(t)
		_, err = w.Review.Look(ctx, otherToken, one, 0)
		w.Refused("by the other's key", err, errs.ErrForbidden)
		_, _, err = w.Review.Take(ctx, otherToken, one, one)
		w.Refused("a package by the other's key", err, errs.ErrForbidden)
	})
}

// TestWhatIsOverOpensNothing: a link that was ended, whose day has come, or that was sent anew opens nothing from that moment, in a browser that was let in as well.
func TestWhatIsOverOpensNothing(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx := t.Context()
		p := begin(t, w)
		refused := func(what, tok, linkID string, category error) {
			t.Helper()
			w.Refused(what+": ask", w.Review.Ask(ctx, tok, address), category)
			_, err := w.Review.Enter(ctx, tok, "ABCD-ABCD")
			w.Refused(what+": enter", err, category)
			_, err = w.Review.Look(ctx, tok, linkID, 0)
			w.Refused(what+": look", err, category)
			_, _, err = w.Review.Take(ctx, tok, linkID, linkID)
			w.Refused(what+": take", err, category)
		}
		ended, endedToken := p.give(draft())
		testrig.Must(w.Review.Look(ctx, endedToken, ended, 0))(t)
		w.OK(w.Review.End(ctx, w.Coordinator, p.id, ended))
		refused("ended", endedToken, ended, errs.ErrGone)
		w.Refused("ended twice", w.Review.End(ctx, w.Coordinator, p.id, ended), errs.ErrConflict)
		w.Refused("sent again", w.Review.Send(ctx, w.Coordinator, p.id, ended), errs.ErrConflict)

		again, firstToken := p.give(draft())
		w.OK(w.Review.Send(ctx, w.Coordinator, p.id, again))
		newToken := token(t, w.LastLetter())
		refused("of the first letter", firstToken, again, errs.ErrNotFound)
		testrig.Must(w.Review.Look(ctx, newToken, again, 0))(t)

		w.Until(time.Date(2026, 11, 19, 22, 59, 0, 0, time.UTC)) // the last minute of the day in Warsaw
		testrig.Must(w.Review.Look(ctx, newToken, again, 0))(t)
		w.Clock.Advance(time.Minute)
		refused("expired", newToken, again, errs.ErrGone)
		refused("unknown", "x", again, errs.ErrNotFound)
		for tok, state := range map[string]review.State{newToken: review.Expired, endedToken: review.Ended} {
			d := testrig.Must(w.Review.Door(ctx, tok))(t)
			if d.State != state || d.Office != "Biuro programu" || d.Lang != "pl" {
				t.Errorf("%+v", d)
			}
		}
	})
}

// TestWhatAReviewerReads: the fund's own table, answers only once they are handed in, holes as counts, packages with their bytes; nobody's name.
func TestWhatAReviewerReads(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx := t.Context()
		p := begin(t, w)
		linkID, tok := p.give(draft())
		v := testrig.Must(w.Review.Look(ctx, tok, linkID, 1))(t)
		if v.Rules.ID != amif || len(v.Periods) != 2 || v.Holes.People != 12 || v.People != 12 || len(v.Packages) != 0 {
			t.Errorf("%+v", v)
		}
		waiting := 0
		for _, f := range v.Figures {
			if f.Waiting {
				waiting++
				if f.Period.Known || f.Cumulative.Known {
					t.Errorf("%+v", f)
				}
			}
			if f.Indicator.ID == "participants" && (f.Period.N != 12 || f.Target == nil) {
				t.Errorf("%+v", f)
			}
		}
		if waiting == 0 {
			t.Error("answers are told before they are handed in")
		}
		for _, x := range v.Holes.Proofs {
			if x.Have+x.Missing != 12 {
				t.Errorf("%+v", x)
			}
		}
		_, err := w.Review.Look(ctx, tok, linkID, 3)
		w.Refused("a period that has not begun", err, errs.ErrNotFound)

		frozenID := p.freeze()
		v = testrig.Must(w.Review.Look(ctx, tok, linkID, 1))(t)
		for _, f := range v.Figures {
			if f.Waiting {
				t.Errorf("handed in and not told: %+v", f)
			}
		}
		f, content, err := w.Review.Take(ctx, tok, linkID, frozenID)
		w.OK(err)
		_, own, err := w.Freeze.Download(ctx, w.Coordinator, p.id, frozenID, "")
		if w.OK(err); !bytes.Equal(content, own) || f.Number != 1 || len(v.Packages) != 1 || v.Packages[0].BlobHash != f.BlobHash {
			t.Errorf("%+v", v.Packages)
		}
		_, _, err = w.Review.Take(ctx, tok, linkID, linkID)
		w.Refused("no package", err, errs.ErrNotFound)

		d := draft()
		d.Period = 2
		second, secondToken := p.give(d)
		v = testrig.Must(w.Review.Look(ctx, secondToken, second, 0))(t)
		if v.Period.Number != 2 || len(v.Periods) != 1 || len(v.Packages) != 0 || v.AllHoles.People != 0 || v.Wholes != nil {
			t.Errorf("%+v", v)
		}
		_, err = w.Review.Look(ctx, secondToken, second, 1)
		w.Refused("another period", err, errs.ErrNotFound)
		_, _, err = w.Review.Take(ctx, secondToken, second, frozenID)
		w.Refused("another period's package", err, errs.ErrNotFound)

		_, links, err := w.Review.List(ctx, w.Coordinator, p.id)
		w.OK(err)
		acts := map[string]string{}
		for _, u := range links[1].Uses {
			acts[u.Act] += u.What + "."
		}
		if acts[review.Seen] != "." || acts[review.Package] != "1." {
			t.Errorf("%v", acts)
		}
	})
}

// TestTheDatabaseOpensNothing: neither token nor code stands in it, and a year after its end nobody's name.
func TestTheDatabaseOpensNothing(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx := t.Context()
		p := begin(t, w)
		linkID, tok := p.give(draft())
		w.OK(w.Review.Ask(ctx, tok, address))
		c := strings.ReplaceAll(code(t, w.LastLetter()), "-", "")
		for _, q := range []string{`SELECT token_hash FROM review_link`, `SELECT code_hash FROM review_code`, `SELECT detail FROM audit`, `SELECT body FROM mail`} {
			for _, x := range testrig.Must(db.All[string](ctx, w.DB, q))(t) {
				if strings.Contains(x, tok) || strings.Contains(x, c) || strings.Contains(x, "Kontrolna") {
					t.Errorf("%s: %s", q, x)
				}
			}
		}
		testrig.Must(w.Review.Enter(ctx, tok, c))(t)
		w.Until(time.Date(2027, 11, 18, 0, 0, 0, 0, time.UTC))
		w.OK(w.Keeping.EraseDue(ctx))
		if _, links, err := w.Review.List(ctx, w.Coordinator, p.id); err != nil || links[0].Name == "" || len(links[0].Uses) == 0 {
			t.Errorf("too early: %+v, %v", links, err)
		}
		w.Clock.Advance(3 * 24 * time.Hour)
		w.OK(w.Keeping.EraseDue(ctx))
		_, links, err := w.Review.List(ctx, w.Coordinator, p.id)
		if err != nil || len(links) != 1 || links[0].Name != "" || links[0].Address != "" || len(links[0].Uses) != 0 || links[0].ID != linkID {
			t.Errorf("%+v, %v", links, err)
		}
		_, err = w.Review.Door(ctx, tok)
		w.Refused("a forgotten link", err, errs.ErrNotFound)
	})
}

// TestLettersThatComeTooLate: neither a link that was ended nor a code that is over leaves.
func TestLettersThatComeTooLate(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx := t.Context()
		p := begin(t, w)
		_, tok := p.give(draft())
		letters := len(w.Letters())
		gone := testrig.Must(w.Review.Give(ctx, w.Coordinator, p.id, draft()))(t)
		w.OK(w.Review.End(ctx, w.Coordinator, p.id, gone))
		w.OK(w.Review.Ask(ctx, tok, address))
		w.Clock.Advance(31 * time.Minute)
		if got := w.Letters(); len(got) != letters {
			t.Errorf("%+v", got[letters:])
		}
	})
}

// TestAddressesAreNotFilled: twelve codes a day, and twenty lines of what strangers do.
func TestAddressesAreNotFilled(t *testing.T) {
	w := testrig.New(t)
	ctx := t.Context()
	p := begin(t, w)
	_, tok := p.give(draft())
	letters := len(w.Letters())
	for range 25 {
		w.OK(w.Review.Ask(ctx, tok, address))
		w.OK(w.Review.Ask(ctx, tok, "obcy@fundusz.example"))
		w.Letters()
		w.Clock.Advance(6 * time.Minute)
	}
	_, links, err := w.Review.List(ctx, w.Coordinator, p.id)
	w.OK(err)
	other := 0
	for _, u := range links[0].Uses {
		if u.Act == review.OtherAddress {
			other++
		}
	}
	if n := len(w.Letters()) - letters; n != 12 || other != 20 {
		t.Errorf("%d codes, %d lines", n, other)
	}
}

// TestNoFailureIsSilent: a statement that fails is an error, and leaves nothing half done.
func TestNoFailureIsSilent(t *testing.T) {
	w := testrig.New(t)
	ctx := t.Context()
	p := begin(t, w)
	frozenID := p.freeze()
	linkID, tok := p.give(draft())
	w.OK(w.Review.Ask(ctx, tok, address))
	c := code(t, w.LastLetter())
	w.Clock.Advance(6 * time.Minute)
	dbtest.EachFails(t, w.DB, []dbtest.Step{
		{Name: "list", Do: func() error { _, _, err := w.Review.List(ctx, w.Coordinator, p.id); return err }},
		{Name: "give", Do: func() error { _, err := w.Review.Give(ctx, w.Coordinator, p.id, draft()); return err }},
		{Name: "door", Do: func() error { _, err := w.Review.Door(ctx, tok); return err }},
		{Name: "ask", Do: func() error { return w.Review.Ask(ctx, tok, address) }},
		{Name: "enter", Do: func() error { _, err := w.Review.Enter(ctx, tok, c); return err }},
		{Name: "look", Do: func() error { _, err := w.Review.Look(ctx, tok, linkID, 1); return err }},
		{Name: "take", Do: func() error { _, _, err := w.Review.Take(ctx, tok, linkID, frozenID); return err }},
		{Name: "send", Do: func() error { return w.Review.Send(ctx, w.Coordinator, p.id, linkID) }},
		{Name: "end", Do: func() error { return w.Review.End(ctx, w.Coordinator, p.id, linkID) }},
	})
}
