package item

import (
	"hash/fnv"
	"io"
	"math/rand/v2"
	"slices"
)

// Source returns the numbers that the orders of one attempt are drawn from: the same for the same seed and name, in every
// release, since an attempt stores its seed alone and is shown again from it. PCG's numbers are fixed by math/rand/v2, and
// FNV-1a keeps two names of one attempt apart.
func Source(seed int64, name string) *rand.Rand {
	h := fnv.New64a()
	_, _ = io.WriteString(h, name)                        // a hash never fails to take bytes
	return rand.New(rand.NewPCG(uint64(seed), h.Sum64())) //nolint:gosec // an order, not a secret
}

// Shuffled returns the item's options, steps or right-hand sides in an order that depends on the seed and the item alone, so
// that a page shown again is the same. The item itself stays as it is.
func (it *Item) Shuffled(seed int64) *Item {
	r := Source(seed, it.ID)
	out := *it
	switch {
	case it.Type == Order:
		out.Steps = Shuffle(r, it.Steps)
	case it.Type == Match: // lefts stay; [Item.Rights] shuffles the other side
		return &out
	case !it.NoShuffle:
		out.Options = Shuffle(r, it.Options)
	}
	return &out
}

// Rights returns the right-hand sides of a matching item, shuffled by the seed.
func (it *Item) Rights(seed int64) []Pair {
	return Shuffle(Source(seed, it.ID), it.Pairs)
}

// Shuffle returns the list in an order drawn from r; the list itself stays as it is.
func Shuffle[T any](r *rand.Rand, list []T) []T {
	out := slices.Clone(list)
	r.Shuffle(len(out), func(i, j int) { out[i], out[j] = out[j], out[i] })
	return out
}
