package spot

import (
	"cmp"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
)

// seedBytes is how much chance is in a seed.
const seedBytes = 16

// newSeed draws a seed: 32 hexadecimal digits.
func newSeed() string {
	b := make([]byte, seedBytes)
	_, _ = rand.Read(b) // never fails, as the package says
	return hex.EncodeToString(b)
}

// Sample draws n people by a seed. Each gets a lot, the SHA-256 of the seed, a line feed and their id; those with the smallest lots are drawn, in the order of the lots. Hence the
// sample follows from the seed and the set of people alone, whoever draws again gets the same one, and any tool that knows SHA-256 can check it.
func Sample(seed string, people []string, n int) []string {
	lots := make([]struct{ lot, person string }, len(people))
	for i, x := range people {
		lots[i].lot, lots[i].person = digest(seed+"\n"+x), x
	}
	slices.SortFunc(lots, func(a, b struct{ lot, person string }) int {
		return cmp.Or(cmp.Compare(a.lot, b.lot), cmp.Compare(a.person, b.person))
	})
	drawn := make([]string, 0, min(n, len(lots)))
	for _, x := range lots[:min(n, len(lots))] {
		drawn = append(drawn, x.person)
	}
	return drawn
}

// Digest is the SHA-256 of the ids of people, sorted, each with a line feed: it says later whether a list is the one that was drawn from.
func Digest(people []string) string {
	sorted := slices.Sorted(slices.Values(people))
	var b strings.Builder
	for _, x := range sorted {
		b.WriteString(x + "\n")
	}
	return digest(b.String())
}

func digest(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:])
}
