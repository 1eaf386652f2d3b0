package visits_test

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/clock"
	"ostoja/internal/db"
	"ostoja/internal/db/dbtest"
	"ostoja/internal/site/visits"
)

// world counts visits; its reader may see all of the site.
type world struct {
	*testing.T
	*visits.Service
	d      *db.DB
	clock  *clock.Fake
	reader access.Actor
}

func each(t *testing.T, fn func(k *world)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
		c := clock.NewFake(now)
		fn(&world{t, visits.New(d, c, time.UTC), d, c, access.Actor{At: now, Grants: []access.Grant{{Role: access.Author}}}})
	})
}

func (k *world) no(err error) {
	k.Helper()
	if err != nil {
		k.Fatal(err)
	}
}

func (k *world) visited() []visits.Count {
	k.Helper()
	list, err := k.Between(k.Context(), k.reader, "2000-01-01", "2100-01-01")
	k.no(err)
	return list
}

func TestOnlyDaysThatAreOverAreTold(t *testing.T) {
	each(t, func(k *world) {
		home, rights := visits.Visit{Page: "home", Lang: "pl"}, visits.Visit{Page: "rights", Lang: "uk"}
		k.no(k.Add(k.Context(), map[visits.Visit]int64{home: 7, rights: 9}))
		k.no(k.Add(k.Context(), map[visits.Visit]int64{home: 5}))
		if list := k.visited(); len(list) != 0 {
			k.Errorf("the day is not over: %+v", list)
		}
		k.clock.Advance(24 * time.Hour)
		want := []visits.Count{{Day: "2026-11-23", Page: "home", Lang: "pl", N: 12}, {Day: "2026-11-23", Page: "rights", Lang: "uk"}}
		if list := k.visited(); !slices.Equal(list, want) {
			k.Errorf("%+v", list)
		}
		k.no(k.SuppressSmall(k.Context()))
		k.no(k.Add(k.Context(), map[visits.Visit]int64{home: 1}))
		k.no(k.SuppressSmall(k.Context()))
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
	each(t, func(k *world) {
		random := rand.New(rand.NewPCG(1, 2))
		pages, langs := []string{"danger", "door-help", "door-plan", "home", "services-10"}, []string{"ar", "pl", "vi"}
		real := map[visits.Visit]int64{}
		for _, p := range pages {
			for _, l := range langs {
				real[visits.Visit{Page: p, Lang: l}] = 1 + random.Int64N(3*visits.Least)
			}
		}
		var first []visits.Count
		for round := range 8 {
			day := k.clock.Now().In(time.UTC).Format(time.DateOnly)
			for v, n := range real { // hidden counts are others in each round
				if n < visits.Least {
					real[v] = 1 + random.Int64N(visits.Least-1)
				}
			}
			k.no(k.Add(k.Context(), real))
			k.clock.Advance(24 * time.Hour)
			if round%2 == 0 {
				k.no(k.SuppressSmall(k.Context()))
			}
			list, err := k.Between(k.Context(), k.reader, day, day)
			k.no(err)
			for i := range list {
				list[i].Day = ""
			}
			if first == nil {
				first = list
			}
			if !slices.Equal(list, first) || visits.Sum(list) != visits.Sum(first) || !visits.Sum(list).AtLeast {
				k.Fatalf("round %d shows other hidden counts otherwise:\n%+v\n%+v", round, list, first)
			}
			for _, v := range list {
				if v.N != 0 && v.N < visits.Least {
					k.Fatalf("%+v is shown", v)
				}
			}
		}
	})
}

// TestDownloadsAreCountedByDay: of a file that was fetched the day, the publication and the language are kept, also where they are few, and nothing else; they are no opening of a page.
func TestDownloadsAreCountedByDay(t *testing.T) {
	each(t, func(k *world) {
		pl, uk := visits.Download("poradnik", "pl"), visits.Download("poradnik", "uk")
		k.no(k.Add(k.Context(), map[visits.Visit]int64{pl: 2, uk: 1}))
		k.no(k.Add(k.Context(), map[visits.Visit]int64{pl: 3}))
		k.clock.Advance(24 * time.Hour)
		k.no(k.Add(k.Context(), map[visits.Visit]int64{pl: 4}))
		k.no(k.SuppressSmall(k.Context()))
		type row struct {
			Day, ArticleID, Lang string
			N                    int64
		}
		kept, err := db.All[row](k.Context(), k.d, `SELECT day, article_id, lang, n FROM site_downloaded ORDER BY day, lang`)
		k.no(err)
		want := []row{{"2026-11-23", "poradnik", "pl", 5}, {"2026-11-23", "poradnik", "uk", 1}, {"2026-11-24", "poradnik", "pl", 4}}
		if !slices.Equal(kept, want) {
			k.Errorf("%+v", kept)
		}
		if columns, err := db.Columns(k.Context(), k.d, "site_download"); err != nil || len(columns) != 4 {
			k.Errorf("%v, %v", columns, err)
		}
		if list := k.visited(); len(list) != 0 {
			k.Errorf("counted as openings: %+v", list)
		}
	})
}
