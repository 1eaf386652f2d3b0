package disclosure

import "math/bits"

// prime is 2^61 - 1. Whether totals depend on one another is decided in arithmetic modulo it, which has no rounding and hence
// no tolerance to choose. What depends over the rational numbers does so here too; the converse fails only where this very
// prime divides a determinant.
const prime = 1<<61 - 1

// fold brings a number of two words below the prime; 2^61 counts as 1.
func fold(high, low uint64) uint64 {
	s := low&prime + (low>>61|high<<3)&prime + high>>58
	s = s&prime + s>>61
	if s >= prime {
		s -= prime
	}
	return s
}

func times(a, b uint64) uint64 { return fold(bits.Mul64(a, b)) }

func plus(a, b uint64) uint64 {
	s := a + b
	if s >= prime {
		s -= prime
	}
	return s
}

func minus(a, b uint64) uint64 { return plus(a, prime-b) }

// inverse returns 1 / a, by Fermat's little theorem; a is not 0.
func inverse(a uint64) uint64 {
	result := uint64(1)
	for e := uint64(prime - 2); e > 0; e >>= 1 {
		if e&1 == 1 {
			result = times(result, a)
		}
		a = times(a, a)
	}
	return result
}

// dot returns the sum of a[i] * b[i], for as long as a.
func dot(a, b []uint64) uint64 {
	sum := uint64(0)
	for len(a) > 0 {
		n := min(len(a), 32) // of so many products the sum has two words
		var high, low, carry uint64
		for i, x := range a[:n] {
			h, l := bits.Mul64(x, b[i])
			low, carry = bits.Add64(low, l, 0)
			high, _ = bits.Add64(high, h, carry)
		}
		sum, a, b = plus(sum, fold(high, low)), a[n:], b[n:]
	}
	return sum
}

// factors are L·D·Lᵀ of a Gram matrix, L with ones on its diagonal, row by row. A row that depends on earlier ones has the
// pivot 0 and takes no further part: in a positive semidefinite matrix all that is left of it is 0 then.
type factors struct {
	lower, scaled [][]uint64 // L and L·D, below the diagonal
	inverses      []uint64   // of the pivots; 0 where the row depends on earlier ones
}

// add factors one more row of the matrix, up to its diagonal.
func (f *factors) add(row []uint64) {
	i := len(f.lower)
	lower, scaled := make([]uint64, i), make([]uint64, i)
	for j := range i {
		if f.inverses[j] != 0 {
			scaled[j] = minus(row[j], dot(f.lower[j], scaled))
			lower[j] = times(scaled[j], f.inverses[j])
		}
	}
	pivot := minus(row[i], dot(lower, scaled))
	if pivot != 0 {
		pivot = inverse(pivot)
	}
	f.lower, f.scaled, f.inverses = append(f.lower, lower), append(f.scaled, scaled), append(f.inverses, pivot)
}

// keep forgets all but the first n rows.
func (f *factors) keep(n int) {
	f.lower, f.scaled, f.inverses = f.lower[:n], f.scaled[:n], f.inverses[:n]
}

// solve returns x with G·x = b, 0 at the rows that depend on earlier ones.
func (f *factors) solve(b []uint64) []uint64 {
	x := make([]uint64, len(b))
	for i := range x {
		if f.inverses[i] != 0 {
			x[i] = minus(b[i], dot(f.lower[i], x))
		}
	}
	for i := range x {
		x[i] = times(x[i], f.inverses[i])
	}
	for i := len(x) - 1; i >= 0; i-- {
		if x[i] == 0 {
			continue
		}
		for j, l := range f.lower[i] {
			if f.inverses[j] != 0 {
				x[j] = minus(x[j], times(l, x[i]))
			}
		}
	}
	return x
}
