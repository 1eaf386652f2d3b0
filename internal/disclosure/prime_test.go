package disclosure

import (
	"math/big"
	"testing"

	"pgregory.net/rapid"
)

// TestPrimeArithmetic compares it with that of big numbers.
func TestPrimeArithmetic(t *testing.T) {
	modulus := new(big.Int).SetUint64(prime)
	if !modulus.ProbablyPrime(20) {
		t.Fatal("it is no prime")
	}
	number := rapid.OneOf(rapid.Uint64Range(0, prime-1), rapid.SampledFrom([]uint64{0, 1, prime - 1}))
	same := func(rt *rapid.T, what string, got uint64, want *big.Int) {
		if want.Mod(want, modulus); !want.IsUint64() || got != want.Uint64() {
			rt.Fatalf("%s is %d, not %v", what, got, want)
		}
	}
	rapid.Check(t, func(rt *rapid.T) {
		a, b := number.Draw(rt, "a"), number.Draw(rt, "b")
		x, y := new(big.Int).SetUint64(a), new(big.Int).SetUint64(b)
		same(rt, "the sum", plus(a, b), new(big.Int).Add(x, y))
		same(rt, "the difference", minus(a, b), new(big.Int).Sub(x, y))
		same(rt, "the product", times(a, b), new(big.Int).Mul(x, y))
		if a != 0 && times(a, inverse(a)) != 1 {
			rt.Fatalf("%d times its inverse is %d", a, times(a, inverse(a)))
		}
		u := rapid.SliceOfN(number, 0, 100).Draw(rt, "u")
		v := rapid.SliceOfN(number, len(u), len(u)).Draw(rt, "v")
		sum := new(big.Int)
		for i := range u {
			sum.Add(sum, new(big.Int).Mul(new(big.Int).SetUint64(u[i]), new(big.Int).SetUint64(v[i])))
		}
		same(rt, "the scalar product", dot(u, v), sum)
		high, low := rapid.Uint64().Draw(rt, "high"), rapid.Uint64().Draw(rt, "low")
		wide := new(big.Int).Lsh(new(big.Int).SetUint64(high), 64)
		same(rt, "two words", fold(high, low), wide.Add(wide, new(big.Int).SetUint64(low)))
	})
}
