package assessment

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

// BenchmarkSuppress is a national service of 15,000 in 25 trainings, 17 regions, 4 services, 9 quarters, with a few small groups.
func BenchmarkSuppress(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 2))
	all := make([]Membership, 15000)
	for i := range all {
		region := r.IntN(17)
		if region == 16 && r.IntN(300) > 0 {
			region = 3
		}
		all[i] = Membership{Followed: []bool{r.IntN(3) > 0, r.IntN(2) > 0, r.IntN(4) > 0}, Groups: []string{
			fmt.Sprint(r.IntN(25)), fmt.Sprint(r.IntN(4)), fmt.Sprint(region), fmt.Sprint(r.IntN(3)), fmt.Sprint(r.IntN(2)), fmt.Sprint(r.IntN(9)),
		}}
	}
	for b.Loop() {
		Suppress(all)
	}
}
