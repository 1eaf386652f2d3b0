package card_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"ostoja/internal/access"
	"ostoja/internal/db/dbtest"
	"ostoja/internal/errs"
	"ostoja/internal/firstline/card"
	"ostoja/internal/id"
	"ostoja/internal/testrig"
)

func lines() []card.Line {
	return []card.Line{
		{Who: "Koordynatorka w oddziale", Phone: "22 555 01 02 wew. 3", When: card.ByDay},
		{Who: "Dyżur", Phone: "+48 600 000 001", When: card.ByNight, Note: "Tylko w nagłych sprawach", Inside: true},
	}
}

// Those write a card who keep the unit's part of the site; to all others the unit's form is not there.
func TestWhoKeepsACard(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		edition := int64(0)
		for name, actor := range w.Everybody() {
			err := w.Cards.Write(t.Context(), actor, w.Guard, card.Draft{Lines: lines(), Edition: edition})
			if keeps := actor.PersonID != "" && actor.May(access.SiteWrite, w.GuardTrainer.Path); keeps != (err == nil) {
				t.Errorf("%s writes: %v", name, err)
			}
			if err == nil {
				edition++
				continue
			}
			w.Refused(name, err, errs.ErrNotFound)
			w.Refused(name+" checks", w.Cards.Check(t.Context(), actor, w.Guard, edition), errs.ErrNotFound)
			w.Refused(name+" removes", w.Cards.Remove(t.Context(), actor, w.Guard), errs.ErrNotFound)
		}
		if edition == 0 {
			t.Error("nobody keeps a card")
		}
	})
}

// A card is read whole by the people of its unit and of those below it, by others of the voivodeship only when it is shared and without what stays
// inside, and by nobody else.
func TestWhoReadsACard(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx := t.Context()
		read := func(actor access.Actor) []string {
			t.Helper()
			c, err := w.Cards.Card(ctx, actor, w.Terespol)
			if err != nil {
				w.Refused("reading", err, errs.ErrNotFound)
				return nil
			}
			var who []string
			for _, l := range c.Lines {
				who = append(who, l.Who)
			}
			return who
		}
		whole, outside := []string{"Koordynatorka w oddziale", "Dyżur"}, []string{"Koordynatorka w oddziale"}
		w.OK(w.Cards.Write(ctx, w.Admin, w.Terespol, card.Draft{Lines: lines()}))
		near, far, elsewhere := w.Learner, w.PoliceLearner, w.OtherLearner // at Terespol; in the same voivodeship; in none
		if got := read(near); !slices.Equal(got, whole) {
			t.Errorf("of the unit: %q", got)
		}
		if got := read(far); got != nil {
			t.Errorf("of another service, not shared: %q", got)
		}
		w.OK(w.Cards.Write(ctx, w.Admin, w.Terespol, card.Draft{Lines: lines(), Shared: true, Edition: 1}))
		if got := read(far); !slices.Equal(got, outside) {
			t.Errorf("of the voivodeship: %q", got)
		}
		if got := read(elsewhere); got != nil {
			t.Errorf("of the same service, in no voivodeship: %q", got)
		}
		if got := read(w.Admin); !slices.Equal(got, whole) {
			t.Errorf("who keeps it: %q", got)
		}
		d := testrig.Must(w.Cards.Desk(ctx, far))(t)
		if len(d.Own) != 0 || len(d.Around) != 1 || len(d.Around[0].Lines) != 1 || len(d.Kept) != 0 {
			t.Errorf("the desk of another service: %+v", d)
		}
		for what, unitID := range map[string]string{"no unit": id.New(), "nonsense": "x", "no card": w.Guard} {
			_, err := w.Cards.Card(ctx, near, unitID)
			w.Refused(what, err, errs.ErrNotFound)
		}
		_, err := w.Cards.Card(ctx, access.Actor{}, w.Terespol)
		w.Refused("nobody", err, errs.ErrNotFound)
	})
}

// The nearest card stands first.
func TestTheNearestCardStandsFirst(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		for _, unit := range []string{w.Guard, w.Terespol} {
			w.OK(w.Cards.Write(t.Context(), w.Admin, unit, card.Draft{Lines: lines()}))
		}
		d := testrig.Must(w.Cards.Desk(t.Context(), w.Learner))(t)
		if len(d.Own) != 2 || d.Own[0].UnitID != w.Terespol || d.Own[1].UnitID != w.Guard {
			t.Errorf("%+v", d.Own)
		}
	})
}

// Of two who write at once the second is told; a check of a card that has changed since is none.
func TestTwoWhoWriteAtOnce(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx := t.Context()
		w.OK(w.Cards.Write(ctx, w.Admin, w.Guard, card.Draft{Lines: lines()}))
		w.Refused("a second new card", w.Cards.Write(ctx, w.Admin, w.Guard, card.Draft{Lines: lines()}), errs.ErrConflict)
		w.OK(w.Cards.Write(ctx, w.Admin, w.Guard, card.Draft{Lines: lines()[:1], Edition: 1}))
		w.Refused("an old form", w.Cards.Write(ctx, w.Admin, w.Guard, card.Draft{Lines: lines(), Edition: 1}), errs.ErrConflict)
		w.Refused("a check of the old one", w.Cards.Check(ctx, w.Admin, w.Guard, 1), errs.ErrConflict)
		w.OK(w.Cards.Check(ctx, w.Admin, w.Guard, 2))
		w.OK(w.Cards.Remove(ctx, w.Admin, w.Guard))
		w.Refused("a check of none", w.Cards.Check(ctx, w.Admin, w.Guard, 2), errs.ErrNotFound)
		w.Refused("removing none", w.Cards.Remove(ctx, w.Admin, w.Guard), errs.ErrNotFound)
	})
}

func TestFaultsOfACard(t *testing.T) {
	w := testrig.New(t)
	long := strings.Repeat("ł", 121)
	for what, c := range map[string]struct {
		lines []card.Line
		note  string
		field string
	}{
		"nothing":       {nil, "", "who-0"},
		"no phone":      {[]card.Line{{Who: "Dyżur", When: card.Always}}, "", "phone-0"},
		"letters first": {[]card.Line{{Who: "Dyżur", Phone: "tel. 112", When: card.Always}}, "", "phone-0"},
		"two digits":    {[]card.Line{{Who: "Dyżur", Phone: "12", When: card.Always}}, "", "phone-0"},
		"no name":       {[]card.Line{{Who: "Dyżur", Phone: "112", When: card.Always}, {Phone: "112", When: card.Always}}, "", "who-1"},
		"no hours":      {[]card.Line{{Who: "Dyżur", Phone: "112"}}, "", "when-0"},
		"long":          {[]card.Line{{Who: long, Phone: "112", When: card.Always}}, "", "who-0"},
		"a long note":   {[]card.Line{{Who: "Dyżur", Phone: "112", When: card.Always}}, strings.Repeat("a", 1001), "note"},
		"eleven":        {slices.Repeat([]card.Line{{Who: "Dyżur", Phone: "112", When: card.Always}}, card.MostLines+1), "", "who-10"},
	} {
		err := w.Cards.Write(t.Context(), w.Admin, w.Guard, card.Draft{Lines: c.lines, Note: c.note})
		w.Refused(what, err, errs.ErrInvalid)
		var faults *errs.Error
		if !errors.As(err, &faults) || !slices.ContainsFunc(faults.Fields, func(f errs.Field) bool { return f.Name == c.field }) {
			t.Errorf("%s: %+v, want one of %s", what, faults, c.field)
		}
	}
	if _, err := w.Cards.Card(t.Context(), w.Admin, w.Guard); err == nil {
		t.Error("a card with faults was written")
	}
}

// A card is overdue half a year after somebody called, its keepers are written to once, and a check makes it good again.
func TestOverdueCards(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx := t.Context()
		w.OK(w.Cards.Write(ctx, w.Admin, w.Guard, card.Draft{Lines: lines()}))
		state := func() card.State {
			t.Helper()
			return testrig.Must(w.Cards.Card(ctx, w.Admin, w.Guard))(t).State(w.Clock.Now())
		}
		letters := func() (n int) {
			t.Helper()
			w.OK(w.CardAlerts.Send(ctx))
			for _, l := range w.Letters() {
				if strings.Contains(l.Body, "/app/contacts/"+w.Guard) {
					n++
				}
			}
			return n
		}
		if got := state(); got != card.Valid || letters() != 0 {
			t.Errorf("new: %s", got)
		}
		w.Clock.Advance(card.ValidFor - 1)
		if got := state(); got != card.Soon || letters() != 0 {
			t.Errorf("a moment before: %s", got)
		}
		w.Clock.Advance(1)
		first := letters()
		if got := state(); got != card.Overdue || first == 0 {
			t.Errorf("after half a year: %s, %d letters", got, first)
		}
		if got := letters(); got != first {
			t.Errorf("%d letters of one lapse, then %d", first, got)
		}
		w.OK(w.Cards.Check(ctx, w.Admin, w.Guard, 1))
		if got := state(); got != card.Valid {
			t.Errorf("checked: %s", got)
		}
		w.Clock.Advance(card.ValidFor)
		if got := letters(); got != 2*first {
			t.Errorf("after the second lapse there are %d letters, want %d", got, 2*first)
		}
	})
}

// Each act is whole or not there, whichever of its statements fails.
func TestFailingStatements(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx := t.Context()
		dbtest.EachFails(t, w.DB, []dbtest.Step{
			{Name: "writing", Do: func() error { return w.Cards.Write(ctx, w.Admin, w.Guard, card.Draft{Lines: lines()}) }},
			{Name: "writing anew", Do: func() error { return w.Cards.Write(ctx, w.Admin, w.Guard, card.Draft{Lines: lines()[:1], Edition: 1}) }},
			{Name: "checking", Do: func() error { return w.Cards.Check(ctx, w.Admin, w.Guard, 2) }},
			{Name: "reading", Do: func() error { _, err := w.Cards.Desk(ctx, w.Learner); return err }},
			{Name: "removing", Do: func() error { return w.Cards.Remove(ctx, w.Admin, w.Guard) }},
		})
		w.OK(w.Cards.Write(ctx, w.Admin, w.Guard, card.Draft{Lines: lines()}))
		w.Clock.Advance(card.ValidFor)
		dbtest.EachFails(t, w.DB, []dbtest.Step{{Name: "reminding", Do: func() error { return w.CardAlerts.Send(ctx) }}})
	})
}
