package seat

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"ostoja/internal/errs"
)

var begin = time.Date(2026, 10, 23, 7, 0, 0, 0, time.UTC)

// In whatever order people come and go, taken seats exceed neither the room nor a quota nor a unit's places, and once the queue has
// moved up nobody waits who could have a seat.
func TestAnOfferThatEndsAtMidnightEndsWithTheDayBefore(t *testing.T) {
	t.Parallel()
	zone := time.FixedZone("CET", 3600)
	for until, want := range map[string]string{"2026-11-30T00:00:00+01:00": "29 23:59", "2026-11-30T12:00:00+01:00": "30 12:00", "2026-11-30T00:00:00Z": "30 01:00"} {
		at, err := time.Parse(time.RFC3339, until)
		if err != nil {
			t.Fatal(err)
		}
		if got := (Booking{OfferUntil: at}).LastMinute(zone).In(zone).Format("02 15:04"); got != want {
			t.Errorf("until %s is told as %s, want %s", until, got, want)
		}
	}
}

func TestSeatsAreNeitherOversoldNorLeftEmpty(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		now := begin
		r := Room{Seats: rapid.IntRange(-1, 4).Draw(t, "seats")}
		for _, name := range []string{"SG", "P"} {
			if rapid.Bool().Draw(t, "quota "+name) {
				r.Quotas = append(r.Quotas, Quota{"organisation", name, rapid.IntRange(0, 3).Draw(t, "of "+name)})
			}
		}
		if r.Seats > 1 && rapid.Bool().Draw(t, "places") {
			r.Places = []Places{{"unit", rapid.IntRange(1, r.Seats).Draw(t, "of the unit"), now.Add(5 * time.Hour)}}
		}
		list := make([]Booking, 7)
		for i := range list {
			list[i] = Booking{ID: fmt.Sprint(i), PersonID: fmt.Sprint(i), Organisation: []string{"SG", "P"}[i%2], Region: "06"}
		}
		delegation := rapid.Bool().Draw(t, "delegation")
		closes := now.Add(time.Duration(rapid.IntRange(1, 80).Draw(t, "closes")) * time.Hour)
		steps := rapid.IntRange(1, 40).Draw(t, "steps")
		for range steps {
			now = now.Add(time.Duration(rapid.IntRange(0, 4).Draw(t, "hours")) * time.Hour)
			i := rapid.IntRange(0, len(list)-1).Draw(t, "who")
			b, others := list[i], append(append([]Booking{}, list[:i]...), list[i+1:]...)
			act := rapid.SampledFrom([]Act{Invite, Apply, Approve, Refuse, Accept, Decline, Consent, Withhold, Cancel, Add, Give}).Draw(t, "act")
			c := Case{Now: now, Closes: closes, Delegation: delegation, Fits: r.Fits(r.Count(others), b, now)}
			if act == Give {
				c.Fits = r.FitsPlace(r.Count(others), b, "unit", now)
			}
			next, err := b.After(act, c)
			if err != nil && !errors.Is(err, errs.ErrConflict) {
				t.Fatalf("%s of %+v: %v", act, b, err)
			}
			if err == nil {
				if act == Give {
					next.UnitID = "unit"
				}
				list[i] = next
			}
			for i, b := range list { // as each minute does
				if next, err := b.After(Lapse, Case{Now: now, Closes: closes}); err == nil {
					list[i] = next
				}
			}
			if c.Closed() {
				continue
			}
			for _, up := range r.MovesUp(list, now) {
				for i := range list {
					if list[i].ID == up.ID {
						if list[i], err = list[i].After(Promote, Case{Now: now, Fits: true, Closes: closes}); err != nil {
							t.Fatal(err)
						}
					}
				}
			}
			if f := r.Faults(list); len(f) > 0 {
				t.Fatalf("after %s: %+v in %+v", act, f, list)
			}
			if up := r.MovesUp(list, now); len(up) > 0 {
				t.Fatalf("after %s a seat is free for %+v", act, up)
			}
			for _, b := range list {
				if b.State == Offered && (!b.OfferUntil.After(now) || b.OfferUntil.After(closes)) {
					t.Fatalf("an offer until %v at %v, the list closes at %v", b.OfferUntil, now, closes)
				}
				if b.State == Confirmed && delegation && b.DelegatedAt.IsZero() && b.Origin != Added {
					t.Fatalf("a seat without the superior's consent: %+v", b)
				}
			}
		}
	})
}

// An offer waits two days, an invitation and a superior a week, and none beyond the day before.
func TestHowLongAnAnswerIsWaitedFor(t *testing.T) {
	far := Case{Now: begin, Fits: true, Closes: begin.Add(30 * 24 * time.Hour), Delegation: true}
	near := far
	near.Closes = begin.Add(3 * time.Hour)
	for name, x := range map[string]struct {
		b    Booking
		act  Act
		c    Case
		want time.Duration
	}{
		"an offer":             {Booking{State: Waiting}, Promote, far, 48 * time.Hour},
		"an offer at the end":  {Booking{State: Waiting}, Promote, near, 3 * time.Hour},
		"an invitation":        {Booking{}, Invite, far, 7 * 24 * time.Hour},
		"one at the end":       {Booking{}, Invite, near, 3 * time.Hour},
		"a superior":           {Booking{State: Offered, OfferUntil: begin.Add(time.Hour)}, Accept, far, 7 * 24 * time.Hour},
		"a superior, approved": {Booking{State: Applied, AcceptedAt: begin}, Approve, far, 7 * 24 * time.Hour},
	} {
		got, err := x.b.After(x.act, x.c)
		if err != nil || got.State != Offered || got.OfferUntil.Sub(begin) != x.want {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
}

// What cannot be is refused, and leaves the booking as it was.
func TestWhatCannotBe(t *testing.T) {
	over := Case{Now: begin, Fits: true, Closes: begin}
	open := Case{Now: begin, Fits: true, Closes: begin.Add(time.Hour)}
	full := Case{Now: begin, Closes: begin.Add(time.Hour)}
	for name, x := range map[string]struct {
		b   Booking
		act Act
		c   Case
	}{
		"applying late":             {Booking{}, Apply, over},
		"applying twice":            {Booking{State: Applied}, Apply, open},
		"applying after a refusal":  {Booking{State: Refused}, Apply, open},
		"inviting late":             {Booking{}, Invite, over},
		"inviting who has a seat":   {Booking{State: Confirmed}, Invite, open},
		"adding to a full training": {Booking{}, Add, full},
		"giving no place":           {Booking{State: Waiting}, Give, full},
		"approving twice":           {Booking{State: Confirmed}, Approve, open},
		"approving late, full":      {Booking{State: Applied}, Approve, Case{Now: begin, Closes: begin}},
		"accepting nothing":         {Booking{State: Waiting}, Accept, open},
		"accepting late":            {Booking{State: Offered, OfferUntil: begin}, Accept, open},
		"accepting twice":           {Booking{State: Offered, OfferUntil: begin.Add(1), AcceptedAt: begin}, Accept, open},
		"declining a seat":          {Booking{State: Confirmed}, Decline, open},
		"consenting twice":          {Booking{State: Confirmed, DelegatedAt: begin}, Consent, open},
		"consenting late":           {Booking{State: Offered, OfferUntil: begin, AcceptedAt: begin}, Consent, open},
		"withholding a seat":        {Booking{State: Confirmed}, Withhold, open},
		"lapsing early":             {Booking{State: Offered, OfferUntil: begin.Add(1)}, Lapse, open},
		"lapsing who waits":         {Booking{State: Waiting}, Lapse, open},
		"cancelling twice":          {Booking{State: Cancelled}, Cancel, open},
		"refusing a seat":           {Booking{State: Confirmed}, Refuse, open},
		"moving up late":            {Booking{State: Waiting}, Promote, over},
	} {
		got, err := x.b.After(x.act, x.c)
		if !errors.Is(err, errs.ErrConflict) || got.State != x.b.State {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
}

// Who waits for a full quota keeps the place, and those behind them move up.
func TestTheQueueKeepsItsOrder(t *testing.T) {
	r := Room{Seats: 3, Quotas: []Quota{{"region", "06", 1}}}
	at := func(id, region string, minutes int, s State) Booking {
		return Booking{ID: id, Region: region, State: s, QueuedAt: begin.Add(time.Duration(minutes) * time.Minute)}
	}
	list := []Booking{at("a", "06", 0, Confirmed), at("b", "06", 1, Waiting), at("d", "14", 2, Waiting), at("c", "14", 2, Waiting), at("e", "14", 3, Waiting)}
	up := r.MovesUp(list, begin)
	if len(up) != 2 || up[0].ID != "c" || up[1].ID != "d" {
		t.Errorf("%+v", up)
	}
	list[0].State = Cancelled
	if up = r.MovesUp(list, begin); len(up) != 3 || up[0].ID != "b" {
		t.Errorf("%+v", up)
	}
}
