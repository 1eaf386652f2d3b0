package diff

import "slices"

// step is a token and what became of it.
type step struct {
	op    Op
	token string
}

// mostSteps bounds the edits that are looked for, and with them the memory: one row of reached places is kept for each.
const mostSteps = 1000

// steps returns a shortest way from one list of tokens to another (E. W. Myers, An O(ND) Difference Algorithm and Its Variations,
// 1986). Where that would be more than [mostSteps] edits, all goes and all comes between what both begin and end with.
func steps(a, b []string) (list []step) {
	head := 0
	for head < len(a) && head < len(b) && a[head] == b[head] {
		list = append(list, step{Same, a[head]})
		head++
	}
	tail := 0
	for tail < len(a)-head && tail < len(b)-head && a[len(a)-1-tail] == b[len(b)-1-tail] {
		tail++
	}
	list = append(list, between(a[head:len(a)-tail], b[head:len(b)-tail])...)
	for _, t := range a[len(a)-tail:] {
		list = append(list, step{Same, t})
	}
	return list
}

func between(a, b []string) []step {
	rows, found := reach(a, b)
	if !found {
		var list []step
		for _, t := range a {
			list = append(list, step{Removed, t})
		}
		for _, t := range b {
			list = append(list, step{Added, t})
		}
		return list
	}
	// Back from the end, along the row of each number of edits.
	var back []step
	x, y := len(a), len(b)
	for d := len(rows) - 1; d >= 0; d-- {
		k := x - y
		down := k == -d || k != d && at(rows, d-1, k-1) < at(rows, d-1, k+1)
		fromX := 0
		switch {
		case d == 0:
		case down:
			fromX = at(rows, d-1, k+1)
		default:
			fromX = at(rows, d-1, k-1) + 1 // after the removal
		}
		for d > 0 && x > fromX || d == 0 && x > 0 {
			x, y = x-1, y-1
			back = append(back, step{Same, a[x]})
		}
		if d == 0 {
			break
		}
		if down {
			y--
			back = append(back, step{Added, b[y]})
		} else {
			x--
			back = append(back, step{Removed, a[x]})
		}
	}
	slices.Reverse(back)
	return back
}

// at is how far in the first list one came on diagonal k with d edits.
func at(rows [][]int, d, k int) int { return rows[d][k+d] }

// reach returns for each number of edits how far one comes with it on each diagonal, until the end is reached.
func reach(a, b []string) (rows [][]int, found bool) {
	for d := 0; d <= min(len(a)+len(b), mostSteps); d++ {
		row := make([]int, 2*d+1)
		for k := -d; k <= d; k += 2 {
			x := 0
			switch {
			case d == 0:
			case k == -d || k != d && at(rows, d-1, k-1) < at(rows, d-1, k+1):
				x = at(rows, d-1, k+1)
			default:
				x = at(rows, d-1, k-1) + 1
			}
			y := x - k
			for x < len(a) && y >= 0 && y < len(b) && a[x] == b[y] {
				x, y = x+1, y+1
			}
			row[k+d] = x
			if x >= len(a) && y >= len(b) {
				return append(rows, row), true
			}
		}
		rows = append(rows, row)
	}
	return nil, false
}
