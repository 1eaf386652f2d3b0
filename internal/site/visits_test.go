package site_test

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"ostoja/internal/db"
	"ostoja/internal/site"
)

func (k *desk) visited() []site.Visits {
	k.Helper()
	list, err := k.Visits(k.Context(), k.first, "2000-01-01", "2100-01-01")
	k.no(err)
	return list
}

func TestOnlyDaysThatAreOverAreTold(t *testing.T) {
	each(t, func(k *desk) {
		home, rights := site.Visit{Page: "home", Lang: "pl"}, site.Visit{Page: "rights", Lang: "uk"}
		k.no(k.AddVisits(k.Context(), map[site.Visit]int64{home: 7, rights: 9}))
		k.no(k.AddVisits(k.Context(), map[site.Visit]int64{home: 5}))
		if list := k.visited(); len(list) != 0 {
			k.Errorf("the day is not over: %+v", list)
		}
		k.clock.Advance(24 * time.Hour)
		want := []site.Visits{{Day: "2026-11-23", Page: "home", Lang: "pl", N: 12}, {Day: "2026-11-23", Page: "rights", Lang: "uk"}}
		if list := k.visited(); !slices.Equal(list, want) {
			k.Errorf("%+v", list)
		}
		k.no(k.SuppressSmallCounts(k.Context()))
		k.no(k.AddVisits(k.Context(), map[site.Visit]int64{home: 1}))
		k.no(k.SuppressSmallCounts(k.Context()))
		kept, err := db.All[int64](k.Context(), k.d, `SELECT n FROM site_visit ORDER BY day, page`)
		k.no(err)
		if !slices.Equal(kept, []int64{12, 0, 1}) { // the last is of today
			k.Errorf("kept: %v", kept)
		}
		if list := k.visited(); !slices.Equal(list, want) {
			k.Errorf("after the day was settled: %+v", list)
		}
	})
}

// TestNothingShownTellsAHiddenCount: whatever hidden counts really were, the same is shown, in the same order and with the same
// sums. So no combination of what is shown can tell them.
func TestNothingShownTellsAHiddenCount(t *testing.T) {
	each(t, func(k *desk) {
		random := rand.New(rand.NewPCG(1, 2))
		pages, langs := []string{"danger", "door-help", "door-plan", "home", "services-10"}, []string{"ar", "pl", "vi"}
		real := map[site.Visit]int64{}
		for _, p := range pages {
			for _, l := range langs {
				real[site.Visit{Page: p, Lang: l}] = 1 + random.Int64N(3*site.MinVisits)
			}
		}
		var first []site.Visits
		for round := range 8 {
			day := k.Now().In(k.Zone()).Format(time.DateOnly)
			for v, n := range real { // hidden counts are others in each round
				if n < site.MinVisits {
					real[v] = 1 + random.Int64N(site.MinVisits-1)
				}
			}
			k.no(k.AddVisits(k.Context(), real))
			k.clock.Advance(24 * time.Hour)
			if round%2 == 0 {
				k.no(k.SuppressSmallCounts(k.Context()))
			}
			list, err := k.Visits(k.Context(), k.first, day, day)
			k.no(err)
			for i := range list {
				list[i].Day = ""
			}
			if first == nil {
				first = list
			}
			if !slices.Equal(list, first) || site.Sum(list) != site.Sum(first) || !site.Sum(list).AtLeast {
				k.Fatalf("round %d shows other hidden counts otherwise:\n%+v\n%+v", round, list, first)
			}
			for _, v := range list {
				if v.N != 0 && v.N < site.MinVisits {
					k.Fatalf("%+v is shown", v)
				}
			}
		}
	})
}
