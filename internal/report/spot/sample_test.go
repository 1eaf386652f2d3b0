package spot_test

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"ostoja/internal/report/spot"
)

// TestASampleCanBeDrawnAgain is the golden case of decision 67: printf 'seed\nid' | sha256sum of each person, sorted, gives the same.
func TestASampleCanBeDrawnAgain(t *testing.T) {
	got := spot.Sample("00112233445566778899aabbccddeeff", []string{"anna", "bogdan", "celina", "damian", "ewa", "filip"}, 3)
	if want := []string{"ewa", "damian", "filip"}; !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
	if got := spot.Digest([]string{"b", "a"}); got != "911169ddaaf146aff539f58c26c489af3b892dff0fe283c1c264c65ae5aa59a2" {
		t.Errorf("%s", got)
	}
}

// TestASampleFollowsFromSeedAndPeopleAlone: the order in which people are listed changes nothing, nobody is drawn twice, and nobody who is not in the list.
func TestASampleFollowsFromSeedAndPeopleAlone(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		people := rapid.SliceOfNDistinct(rapid.StringMatching(`[a-z]{1,8}`), 0, 40, rapid.ID[string]).Draw(t, "people")
		seed, n := rapid.StringMatching(`[0-9a-f]{32}`).Draw(t, "seed"), rapid.IntRange(0, 50).Draw(t, "n")
		drawn := spot.Sample(seed, people, n)
		mixed := rapid.Permutation(people).Draw(t, "mixed")
		if !slices.Equal(drawn, spot.Sample(seed, mixed, n)) || spot.Digest(people) != spot.Digest(mixed) {
			t.Fatal("another order, another sample")
		}
		if len(drawn) != min(n, len(people)) {
			t.Fatalf("%d of %d drawn, %d wanted", len(drawn), len(people), n)
		}
		seen := map[string]bool{}
		for _, x := range drawn {
			if seen[x] || !slices.Contains(people, x) {
				t.Fatalf("%q", x)
			}
			seen[x] = true
		}
		// Somebody who joins takes at most one place: who was drawn is not mixed anew.
		lost := 0
		for _, x := range spot.Sample(seed, append(slices.Clone(people), "NEW"), n) {
			if !seen[x] {
				lost++
			}
		}
		if lost > 1 {
			t.Fatalf("one more person moved %d", lost)
		}
	})
}

// TestEverybodyIsDrawnAsOften: over many seeds each of twenty people is in a quarter of the samples of five, within five standard deviations.
func TestEverybodyIsDrawnAsOften(t *testing.T) {
	people, times := make([]string, 20), map[string]int{}
	for i := range people {
		people[i] = fmt.Sprintf("person-%d", i)
	}
	const seeds = 4000
	for i := range seeds {
		for _, x := range spot.Sample(fmt.Sprintf("%032x", i), people, 5) {
			times[x]++
		}
	}
	for _, x := range people { // 1000 of 4000; the deviation is the root of 4000 * 1/4 * 3/4, 27
		if n := times[x]; n < 1000-137 || n > 1000+137 {
			t.Errorf("%s: %d of %d", x, n, seeds)
		}
	}
}
