package guardian_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"ostoja/internal/access"
	"ostoja/internal/guardian"
)

// Whoever covers for whom: a letter has a reader, each once; who is away reads it only where nobody stands in; a cover reads nothing of another office.
func TestWhoReadsALetter(t *testing.T) {
	const ours, others = "/ours/", "/others/"
	rapid.Check(t, func(t *rapid.T) {
		ids := []string{"a", "b", "c", "d"}
		var holders []access.Holder
		for _, id := range ids {
			path := rapid.SampledFrom([]string{ours, others, ""}).Draw(t, "path of "+id)
			holders = append(holders, access.Holder{Actor: access.Actor{PersonID: id, Path: ours, Grants: []access.Grant{{Role: access.GuardianCoordinator, Path: path}}}})
		}
		var covers []guardian.Cover
		away := map[string]string{}
		for _, id := range ids {
			if rapid.Bool().Draw(t, id+" is away") {
				away[id] = rapid.SampledFrom([]string{"", "a", "b", "c", "d", "gone"}).Draw(t, "cover of "+id)
				covers = append(covers, guardian.Cover{PersonID: id, CoverID: away[id]})
			}
		}
		var readers []string
		for _, h := range guardian.ReadersOf(holders, covers, ours) {
			if !h.Actor.May(access.GuardiansWrite, ours) {
				t.Fatalf("%s reads what they may not open", h.Actor.PersonID)
			}
			readers = append(readers, h.Actor.PersonID)
		}
		keepers := access.Keepers(holders, access.GuardiansWrite, ours)
		if len(keepers) > 0 && len(readers) == 0 {
			t.Fatal("nobody reads it")
		}
		if sorted := slices.Sorted(slices.Values(readers)); len(slices.Compact(sorted)) != len(readers) {
			t.Fatalf("somebody reads it twice: %v", readers)
		}
		there := func(id string) bool { _, gone := away[id]; return !gone }
		for _, i := range keepers {
			id := ids[i]
			if there(id) && !slices.Contains(readers, id) {
				t.Fatalf("%s is there and does not read it", id)
			}
			cover := slices.Index(ids, away[id])
			if cover < 0 || cover == i || !there(ids[cover]) || !holders[cover].Actor.May(access.GuardiansWrite, ours) {
				continue
			}
			if !slices.Contains(readers, ids[cover]) {
				t.Fatalf("%s covers for %s and does not read it", ids[cover], id)
			}
			standsIn := slices.ContainsFunc(covers, func(c guardian.Cover) bool { return c.CoverID == id })
			if !standsIn && slices.Contains(readers, id) {
				t.Fatalf("%s is away, has a cover, and reads it: %v", id, readers)
			}
		}
	})
}
