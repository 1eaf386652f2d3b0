package evidence_test

import "math/big"

// span is what can be computed from totals: the space that their people's indicator vectors span, in exact arithmetic.
type span struct{ rows [][]*big.Rat }

func (s *span) add(people []bool) {
	if v := s.reduce(people); lead(v) >= 0 {
		s.rows = append(s.rows, v)
	}
}

func (s *span) holds(people []bool) bool { return lead(s.reduce(people)) < 0 }

// reduce takes from a vector what lies in the space.
func (s *span) reduce(people []bool) []*big.Rat {
	v := make([]*big.Rat, len(people))
	for i, in := range people {
		v[i] = new(big.Rat)
		if in {
			v[i].SetInt64(1)
		}
	}
	for _, row := range s.rows {
		at := lead(row)
		if v[at].Sign() == 0 {
			continue
		}
		factor := new(big.Rat).Quo(v[at], row[at])
		for i := range v {
			v[i].Sub(v[i], new(big.Rat).Mul(factor, row[i]))
		}
	}
	return v
}

// lead is the place of the first entry that is not nothing; -1 if there is none.
func lead(v []*big.Rat) int {
	for i, x := range v {
		if x.Sign() != 0 {
			return i
		}
	}
	return -1
}
