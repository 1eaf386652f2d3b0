package guardian

import (
	"context"
	"slices"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/db"
)

// Cover says that a coordinator is away on some days, and who reads the area's letters in their place.
type Cover struct {
	ID        string
	PersonID  string // who is away
	CoverID   string // "" for nobody
	FromDay   string // inclusive, 2026-11-30
	UntilDay  string // inclusive
	EnteredBy string
}

// Runs says whether the days of a cover contain a day.
func (c Cover) Runs(day string) bool { return c.FromDay <= day && day <= c.UntilDay }

// Readers returns who of the holders reads a letter about what belongs to the unit: see [ReadersOf].
func Readers(ctx context.Context, q db.Querier, holders []access.Holder, unitPath string, now time.Time, zone *time.Location) ([]access.Holder, error) {
	today := now.In(zone).Format(time.DateOnly)
	covers, err := db.All[Cover](ctx, q, `SELECT id, person_id, COALESCE(cover_id, '') AS cover_id, from_day, until_day, entered_by FROM guardian_cover
		WHERE from_day <= ? AND until_day >= ? ORDER BY id`, today, today)
	return ReadersOf(holders, covers, unitPath), err
}

// ReadersOf returns who of the holders reads a letter about what belongs to the unit, each once, while covers run: those who keep it
// ([access.Keepers]), and in the place of who is away their cover, where that one may open what the letter leads to. A letter never goes to nobody:
// who is away without a cover is still written to, and where nobody is there, so is who keeps registers everywhere.
func ReadersOf(holders []access.Holder, covers []Cover, unitPath string) (list []access.Holder) {
	away := map[string]string{}
	for _, c := range covers {
		away[c.PersonID] = c.CoverID
	}
	byID := map[string]int{}
	for i, h := range holders {
		byID[h.Actor.PersonID] = i
	}
	var chosen []int
	add := func(i int) {
		if !slices.Contains(chosen, i) {
			chosen = append(chosen, i)
		}
	}
	there := false // somebody who is not away
	for _, i := range access.Keepers(holders, access.GuardiansWrite, unitPath) {
		reader, present := standIn(holders, byID, away, i, unitPath)
		there = there || present
		add(reader)
	}
	if !there {
		for i, h := range holders {
			if _, gone := away[h.Actor.PersonID]; !gone && h.Actor.Everywhere(access.GuardiansWrite) {
				add(i)
			}
		}
	}
	for _, i := range chosen {
		list = append(list, holders[i])
	}
	return list
}

// standIn follows covers from a holder to who is there; where the way ends in nobody it is the holder themself.
func standIn(holders []access.Holder, byID map[string]int, away map[string]string, first int, unitPath string) (reader int, present bool) {
	seen := map[int]bool{}
	for i := first; !seen[i]; {
		seen[i] = true
		cover, gone := away[holders[i].Actor.PersonID]
		if !gone {
			return i, true
		}
		next, known := byID[cover]
		if !known || !holders[next].Actor.May(access.GuardiansWrite, unitPath) {
			return first, false
		}
		i = next
	}
	return first, false
}
