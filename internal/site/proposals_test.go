package site_test

import (
	"errors"
	"maps"
	"strings"
	"testing"

	"ostoja/internal/access"
	"ostoja/internal/errs"
	"ostoja/internal/fact"
	"ostoja/internal/site"
	"ostoja/internal/site/content"
	"ostoja/internal/site/directory"
)

// number returns the national line with another number.
func (k *desk) number(value string) content.Fact {
	f := *k.snapshot().Facts[fact.NationalLine]
	f.Value = map[string]string{fact.AnyLang: value}
	return f
}

// only returns the one proposal that there is.
func (k *desk) only() site.Proposal {
	k.Helper()
	list, err := k.Proposals(k.Context(), k.first)
	k.no(err)
	if len(list) != 1 {
		k.Fatalf("%d proposals", len(list))
	}
	return list[0]
}

func (k *desk) shown() string { return k.snapshot().Facts[fact.NationalLine].In("pl") }

// TestAChangedNumberTakesTwo: nobody alone changes the number that people in danger call.
func TestAChangedNumberTakesTwo(t *testing.T) {
	each(t, func(k *desk) {
		old := k.shown()
		k.no(k.ProposeFact(k.Context(), k.first, k.number("+48 600 100 200"), "1"))
		p := k.only()
		if k.shown() != old || !p.Waits() || p.Before.Fact.In("pl") != old || p.After.Fact.In("pl") != "+48 600 100 200" {
			k.Fatalf("%q is shown; proposed %+v", k.shown(), p)
		}
		k.fails(k.AcceptProposal(k.Context(), k.first, p.ID), errs.ErrForbidden, "second-person")
		k.fails(k.AcceptProposal(k.Context(), access.System, p.ID), errs.ErrForbidden, "second-person")
		k.fails(k.ReturnProposal(k.Context(), k.first, p.ID, "x"), errs.ErrForbidden, "second-person")
		k.fails(k.WithdrawProposal(k.Context(), k.second, p.ID), errs.ErrForbidden, "others")
		k.no(k.AcceptProposal(k.Context(), k.second, p.ID))
		if k.shown() != "+48 600 100 200" {
			k.Errorf("%q is shown", k.shown())
		}
		if detail := k.audited("site.accept"); !strings.Contains(detail, old) || !strings.Contains(detail, "+48 600 100 200") {
			k.Errorf("the audit record does not hold both: %s", detail)
		}
		k.fails(k.AcceptProposal(k.Context(), k.second, p.ID), errs.ErrNotFound, "not found")
	})
}

// TestWhatIsAcceptedIsWhatWasRead: the author puts another proposal in the place of the one that the second person reads.
func TestWhatIsAcceptedIsWhatWasRead(t *testing.T) {
	each(t, func(k *desk) {
		k.no(k.ProposeFact(k.Context(), k.first, k.number("+48 600 100 200"), "1"))
		read := k.only()
		k.fails(k.ProposeFact(k.Context(), k.first, k.number("+48 600 100 201"), "1"), errs.ErrConflict, "site.conflict")
		k.no(k.ProposeFact(k.Context(), k.first, k.number("+48 600 100 201"), read.ID))
		k.fails(k.AcceptProposal(k.Context(), k.second, read.ID), errs.ErrNotFound, "not found")
		k.fails(k.ProposeFact(k.Context(), k.second, k.number("+48 600 100 202"), k.only().ID), errs.ErrConflict, "proposals.waits")
	})
}

func TestAProposalIsReturnedAndTakenBack(t *testing.T) {
	each(t, func(k *desk) {
		k.no(k.ProposeFact(k.Context(), k.first, k.number("+48 600 100 200"), "1"))
		p := k.only()
		k.fails(k.ReturnProposal(k.Context(), k.second, p.ID, " "), errs.ErrInvalid, "fault.note")
		k.no(k.ReturnProposal(k.Context(), k.second, p.ID, "Zadzwoń tam."))
		k.fails(k.AcceptProposal(k.Context(), k.second, p.ID), errs.ErrConflict, "returned")
		k.no(k.ProposeFact(k.Context(), k.first, k.number("+48 600 100 201"), p.ID))
		k.no(k.WithdrawProposal(k.Context(), k.first, k.only().ID))
		if list, err := k.Proposals(k.Context(), k.first); err != nil || len(list) != 0 {
			k.Errorf("%+v %v", list, err)
		}
	})
}

// TestOfTwoEditorsOneIsTold: both had the fact before their eyes as it was.
func TestOfTwoEditorsOneIsTold(t *testing.T) {
	each(t, func(k *desk) {
		entry, err := k.Entry(k.Context(), k.first, site.OfFact, fact.NationalLine)
		k.no(err)
		_, err = k.Confirm(k.Context(), k.second, []string{fact.NationalLine}, "Redakcja")
		k.no(err)
		k.fails(k.ProposeFact(k.Context(), k.first, k.number("+48 600 100 200"), entry.Base), errs.ErrConflict, "site.conflict")
		entry, err = k.Entry(k.Context(), k.first, site.OfFact, fact.NationalLine)
		k.no(err)
		k.fails(k.ProposeFact(k.Context(), k.first, *entry.Current.Fact, entry.Base), errs.ErrConflict, "proposals.same")
	})
}

func TestWhatAFactMayNotBecome(t *testing.T) {
	each(t, func(k *desk) {
		f := k.number("+48 600 100 200")
		k.fails(k.ProposeFact(k.Context(), k.first, f, site.NewBase), errs.ErrInvalid, "taken")
		for key, change := range map[string]func(f *content.Fact){
			"core-kind": func(f *content.Fact) { f.Kind = fact.Name }, "until-far": func(f *content.Fact) { f.ValidUntil = "9999-12-31" },
			"day-ahead": func(f *content.Fact) { f.Checked, f.ValidUntil = "2030-01-01", "2031-01-01" }, "reserved": func(f *content.Fact) { f.ID = "confirm" },
		} {
			wrong := f
			wrong.Value = maps.Clone(f.Value)
			change(&wrong)
			k.fails(k.ProposeFact(k.Context(), k.first, wrong, "1"), errs.ErrInvalid, key)
		}
		f.ID = "nowy-numer"
		k.no(k.ProposeFact(k.Context(), k.first, f, site.NewBase))
		k.fails(k.ProposeFact(k.Context(), k.second, f, site.NewBase), errs.ErrInvalid, "taken")
		if k.snapshot().Facts["nowy-numer"] != nil {
			k.Error("a new fact is there before a second person saw it")
		}
		k.no(k.AcceptProposal(k.Context(), k.second, k.only().ID))
		if k.snapshot().Facts["nowy-numer"] == nil {
			k.Error("an accepted fact is not there")
		}
	})
}

func office() *directory.Service {
	return &directory.Service{
		ID: "biuro", Name: map[string]string{"pl": "Biuro próbne"}, Languages: []string{"pl"}, Phones: []directory.Phone{{Number: "+48 22 000 00 01"}}, Region: "14",
		Source: "test", Checked: "2026-11-23", By: "test", ValidUntil: "2027-11-23",
	}
}

func (k *desk) listed(id string) *directory.Service {
	for _, s := range k.snapshot().Services {
		if s.ID == id {
			return s
		}
	}
	return nil
}

func TestServicesTakeTwo(t *testing.T) {
	each(t, func(k *desk) {
		k.no(k.ProposeService(k.Context(), k.first, office(), true, "", site.NewBase))
		if k.listed("biuro") != nil {
			k.Fatal("a new service is listed at once")
		}
		k.no(k.AcceptProposal(k.Context(), k.second, k.only().ID))
		entry, err := k.Entry(k.Context(), k.second, site.OfService, "biuro")
		k.no(err)
		changed := office()
		changed.Phones[0].Number = "+48 22 000 00 02"
		k.no(k.ProposeService(k.Context(), k.second, changed, true, "", entry.Base))
		if k.listed("biuro").Phones[0].Number != "+48 22 000 00 01" {
			k.Error("a changed number is shown at once")
		}
		k.no(k.AcceptProposal(k.Context(), k.first, k.only().ID))
		if k.listed("biuro").Phones[0].Number != "+48 22 000 00 02" {
			k.Error("the accepted number is not shown")
		}
		k.fails(k.ProposeService(k.Context(), k.first, office(), true, "", site.NewBase), errs.ErrInvalid, "taken")
		k.no(k.RemoveService(k.Context(), k.first, "biuro"))
		if k.listed("biuro") != nil || !strings.Contains(k.audited("site.service.remove"), "+48 22 000 00 02") {
			k.Error("it is still there, or nothing tells what it was")
		}
	})
}

func TestWhatAServiceMayNotBe(t *testing.T) {
	each(t, func(k *desk) {
		for key, change := range map[string]func(s *directory.Service){
			"shelter-listed": func(s *directory.Service) { s.Shelter = true }, "reserved": func(s *directory.Service) { s.ID = "import" },
			"fault.contact": func(s *directory.Service) { s.Phones, s.Mail = nil, "a@b.example" }, "services.fault.fact": func(s *directory.Service) { s.Phones = []directory.Phone{{Fact: "minimum-wage"}} },
			"until-far": func(s *directory.Service) { s.ValidUntil = "9999-12-31" }, "fault.long": func(s *directory.Service) { s.Town = strings.Repeat("x", 301) },
		} {
			s := office()
			change(s)
			k.fails(k.ProposeService(k.Context(), k.first, s, true, "", site.NewBase), errs.ErrInvalid, key)
		}
		hidden := office()
		hidden.Shelter = true
		k.no(k.ProposeService(k.Context(), k.first, hidden, false, "", site.NewBase))
	})
}

// TestTwoAcceptAtOnce: a proposal is accepted once.
func TestTwoAcceptAtOnce(t *testing.T) {
	each(t, func(k *desk) {
		k.no(k.ProposeService(k.Context(), k.first, office(), true, "", site.NewBase))
		p := k.only()
		done := make(chan error)
		for _, who := range []string{"2", "3"} {
			go func() { done <- k.AcceptProposal(k.Context(), editor("00000000-0000-7000-8000-00000000000"+who), p.ID) }()
		}
		a, b := <-done, <-done
		if (a == nil) == (b == nil) || !errors.Is(errors.Join(a, b), errs.ErrNotFound) && !errors.Is(errors.Join(a, b), errs.ErrConflict) {
			k.Errorf("%v and %v", a, b)
		}
	})
}

// TestANoteIsProposedAndAudited: what editors doubt comes with the pack, is changed as the rest of a fact is, and stays when the fact is
// confirmed.
func TestANoteIsProposedAndAudited(t *testing.T) {
	each(t, func(k *desk) {
		f := *k.snapshot().Facts[fact.NationalLine]
		old := f.Note
		if old == "" || strings.Contains(f.Source, old) {
			k.Fatalf("the pack's note was not taken: %q", old)
		}
		f.Note = " Kto odbiera\r\nw nocy? "
		k.no(k.ProposeFact(k.Context(), k.first, f, "1"))
		p := k.only()
		if p.Before.Fact.Note != old || p.After.Fact.Note != "Kto odbiera\nw nocy?" {
			k.Fatalf("%q becomes %q", p.Before.Fact.Note, p.After.Fact.Note)
		}
		k.no(k.AcceptProposal(k.Context(), k.second, p.ID))
		if detail := k.audited("site.accept"); !strings.Contains(detail, old) || !strings.Contains(detail, "Kto odbiera") {
			k.Errorf("the audit record does not hold both: %s", detail)
		}
		if _, err := k.Confirm(k.Context(), k.first, []string{fact.NationalLine}, "Redakcja"); err != nil {
			k.Fatal(err)
		}
		if got := k.snapshot().Facts[fact.NationalLine].Note; got != "Kto odbiera\nw nocy?" {
			k.Errorf("%q is left", got)
		}
	})
}
