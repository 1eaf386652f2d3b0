package site_test

import (
	"fmt"
	"slices"
	"testing"

	"ostoja/internal/errs"
	"ostoja/internal/fact"
	"ostoja/internal/site"
	"ostoja/internal/site/directory"
)

// TestWhatComesFromElsewhere: nothing of a file reaches readers; who checked an entry, and until when it holds, is ours to say.
func TestWhatComesFromElsewhere(t *testing.T) {
	each(t, func(k *desk) {
		fresh, changed, borrowed := office(), *k.listed("emergency"), office()
		fresh.By, fresh.Checked, fresh.ValidUntil = "Ktoś obcy", "2020-01-01", "2099-01-01"
		changed.Name = map[string]string{"pl": "Numer podmieniony"}
		borrowed.ID, borrowed.Phones = "pozyczony", []directory.Phone{{Fact: fact.NationalLine}}
		same, named := *k.listed("national-line"), office()
		same.Checked, same.By, same.ValidUntil = "2020-01-01", "Ktoś obcy", "2099-01-01"
		named.ID = "import"
		list := []*directory.Service{fresh, &changed, borrowed, &same, named}
		for _, dry := range []bool{true, false} {
			b, err := k.ImportServices(k.Context(), k.first, list, "Ewa", dry)
			k.no(err)
			var refused []string
			for _, r := range b.Refused {
				refused = append(refused, r.ID+" "+r.Faults[0].Key)
			}
			if !slices.Equal(b.New, []string{"biuro"}) || !slices.Equal(b.Changed, []string{"emergency"}) || !slices.Equal(b.Same, []string{"national-line"}) ||
				!slices.Equal(refused, []string{"pozyczony site.services.fault.foreign-fact", "import site.fault.reserved"}) {
				k.Fatalf("dry %v: %+v", dry, b)
			}
			if list, err := k.Proposals(k.Context(), k.first); err != nil || dry && len(list) > 0 {
				k.Fatalf("looking proposes: %v", err)
			}
		}
		if k.listed("biuro") != nil || k.listed("emergency").Name["pl"] == "Numer podmieniony" {
			k.Error("what came from elsewhere is on the site")
		}
		entry, err := k.Entry(k.Context(), k.first, site.OfService, "biuro")
		k.no(err)
		if x := entry.Current.Service; x.By != "Ewa" || x.Checked != "2026-11-23" || x.ValidUntil != "2027-02-23" || !x.Confirm {
			k.Errorf("the file says who checked it: %+v", x)
		}
		p := k.only()
		if p.After.Service.Name["en"] == "" || p.After.Service.Name["pl"] != "Numer podmieniony" || !p.After.Listed {
			k.Errorf("what the file does not say is lost: %+v", p.After.Service)
		}
		b, err := k.ImportServices(k.Context(), k.second, list[1:2], "Ewa", false)
		k.no(err)
		if len(b.Refused) != 1 || b.Refused[0].Faults[0].Key != "site.proposals.waits" {
			k.Errorf("a second file writes over the proposal: %+v", b)
		}
	})
}

// TestAFileIsTakenWholeOrNotAtAll: too many entries are refused, and so is who may not write.
func TestAFileIsTakenWholeOrNotAtAll(t *testing.T) {
	each(t, func(k *desk) {
		var list []*directory.Service
		for i := range site.MaxImported + 1 {
			x := office()
			x.ID = fmt.Sprintf("biuro-%d", i)
			list = append(list, x)
		}
		_, err := k.ImportServices(k.Context(), k.first, list, "Ewa", false)
		k.fails(err, errs.ErrInvalid, "too-many")
		for _, dry := range []bool{true, false} {
			reader := k.first
			reader.Grants = nil
			_, err = k.ImportServices(k.Context(), reader, list[:1], "Ewa", dry)
			k.fails(err, errs.ErrForbidden, "forbidden")
		}
	})
}
