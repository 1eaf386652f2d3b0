package candidacy_test

import (
	"slices"
	"testing"

	"ostoja/internal/errs"
	"ostoja/internal/guardian/candidacy"
	"ostoja/internal/testrig"
)

// Somebody with the same name is pointed out until somebody has decided that these are two people.
func TestTwoOfOneName(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx, o := t.Context(), w.GuardianOffice()
		first, second := applied(t, o, address), applied(t, o, "inna@example.org")
		for _, c := range [][2]string{{first, second}, {second, first}} {
			if got := view(t, o, c[0]).Namesakes; len(got) != 1 || got[0].ID != c[1] {
				t.Errorf("%+v", got)
			}
		}
		if !slices.Contains(view(t, o, first).Missing, "same") {
			t.Error("nobody has decided, and an admission could be given")
		}
		_, entryID := o.Guardian("Inna", "Osoba") // with the same phone
		if got := view(t, o, first).Entries; len(got) != 1 || got[0].ID != entryID || got[0].Phone != "" {
			t.Errorf("%+v", got)
		}
		w.Refused("another office", o.Candidacy.DistinguishEntry(ctx, o.Elsewhere, first, entryID), errs.ErrNotFound)
		w.Refused("no entry", o.Candidacy.DistinguishEntry(ctx, o.Coordinator, first, first), errs.ErrNotFound)
		for _, c := range []string{first, second} {
			w.OK(o.Candidacy.DistinguishEntry(ctx, o.Coordinator, c, entryID))
		}
		w.Refused("oneself", o.Candidacy.Distinguish(ctx, o.Coordinator, first, first), errs.ErrNotFound)
		w.OK(o.Candidacy.Distinguish(ctx, o.Coordinator, second, first))
		w.OK(o.Candidacy.Distinguish(ctx, o.Coordinator, first, second))
		if n := len(view(t, o, first).Namesakes) + len(view(t, o, second).Namesakes); n != 0 {
			t.Errorf("%d are still pointed out", n)
		}
		if v := view(t, o, first); len(v.Entries) != 0 || slices.Contains(v.Missing, "same") {
			t.Errorf("%+v, %v", v.Entries, v.Missing)
		}
		rows, total, err := o.Candidacy.Candidates(ctx, o.Coordinator, candidacy.Filter{Text: "nowa hel", State: candidacy.Applied})
		if err != nil || total != 2 || len(rows) != 2 {
			t.Errorf("%+v, %v", rows, err)
		}
		if _, total, _ := o.Candidacy.Candidates(ctx, o.Coordinator, candidacy.Filter{Text: "hel%"}); total != 0 {
			t.Error("a wildcard is taken for one")
		}
	})
}
