package evidence

import (
	"math"
	"testing"

	"ostoja/internal/disclosure"
	"ostoja/internal/gain"
	"ostoja/internal/measurement"
)

// rowsOf returns matched participants whom the follow-up of three months reached.
func rowsOf(n int, measurement, region, use string) (list []*row) {
	for range n {
		list = append(list, &row{
			groups: [7]string{measurement, "p", "s", region, "f", "pl", "2026-Q4"}, scores: gain.Scores{Pre: 50, Post: 60, Later: 70}, followed: [3]bool{false, true, false}, use: use,
			pre: `{"identify":50}`, post: `{"identify":60}`, l: `{"identify":70}`,
		})
	}
	return list
}

func reportOf(t *testing.T, q Query, parts ...[]*row) Report {
	t.Helper()
	var rows []*row
	for _, p := range parts {
		rows = append(rows, p...)
	}
	r := Report{Wave: measurement.Months3, Only: disclosure.Whole}
	if err := r.fill(rows, q, map[string]string{}); err != nil {
		t.Fatal(err)
	}
	return r
}

// Nobody is hidden among those whom the follow-up reached, but one person of m2 in r1 is the only one there who answered:
// region 1 less m1 is this answer.
func TestOneAnswerIsNotADifference(t *testing.T) {
	r := reportOf(t, Query{}, rowsOf(9, "m1", "r1", "yes"), rowsOf(1, "m2", "r1", "no"), rowsOf(6, "m2", "r1", "asked"), rowsOf(8, "m2", "r2", "yes"))
	shown := func(d Dimension, key string) bool {
		for _, g := range r.Groups[d] {
			if g.Key == key {
				return !g.UseHidden
			}
		}
		return false
	}
	if shown(ByMeasurement, "m1") && shown(ByRegion, "r1") {
		t.Error("region 1 less m1 is one person's answer")
	}
	if r.Group.UseHidden || r.Group.LaterHidden || r.Group.Use != (gain.Use{Asked: 24, Answered: 18, Yes: 17}) {
		t.Errorf("of all: %+v", r.Group)
	}
}

func TestTopicsCompareTheSamePeople(t *testing.T) {
	rows := rowsOf(12, "m", "r", "yes")
	for i, x := range rows {
		switch { // form A has questions on law, form B has none
		case i < 6:
			x.pre = `{"identify":50,"law":90}`
		default:
			x.post = `{"identify":60,"law":30}`
		}
	}
	r := reportOf(t, Query{}, rows)
	if len(r.Topics) != 1 || r.Topics[0].Topic != "identify" || r.Topics[0].N != 12 || r.Topics[0].NLater != 12 {
		t.Errorf("law before is of other people than law after: %+v", r.Topics)
	}
	for i, x := range rows {
		x.pre, x.post = `{"identify":50}`, `{"identify":60}`
		if i < 4 {
			x.pre, x.post = `{"identify":50,"law":10}`, `{"identify":60,"law":20}`
		}
	}
	if r := reportOf(t, Query{}, rows); len(r.Topics) != 1 {
		t.Errorf("a topic of four people is shown: %+v", r.Topics)
	}
	for _, x := range rows[4:7] {
		x.pre, x.post, x.l = `{"identify":50,"law":40}`, `{"identify":60,"law":50}`, `{"identify":70,"law":60}`
	}
	r = reportOf(t, Query{}, rows)
	if len(r.Topics) != 2 {
		t.Fatalf("%+v", r.Topics)
	}
	law := r.Topics[1]
	if law.Topic != "law" || law.N != 7 || law.NLater != 0 || !gain.IsMissing(law.MeanLater) {
		t.Errorf("three of seven have it later: %+v", law)
	}
	near(t, "law before", law.MeanPre, (4*10+3*40)/7.0, 1e-9)
	near(t, "g of law", law.G, 10/(100-160/7.0), 1e-9)
}

// In a narrowed report a topic gives nobody away either: the topics of all and of the region are set against each other.
func TestTopicsOfAGroupAreJudgedWithAll(t *testing.T) {
	a, b := rowsOf(9, "m", "a", "yes"), rowsOf(9, "m", "b", "yes")
	for _, x := range append(a[:6:6], b[:2]...) {
		x.pre, x.post = `{"identify":50,"law":40}`, `{"identify":60,"law":50}`
	}
	all, narrow := reportOf(t, Query{}, a, b), reportOf(t, Query{By: ByRegion, Group: "a"}, a, b)
	if len(all.Topics) == 2 && len(narrow.Topics) == 2 {
		t.Error("law of eight less law of six are two people")
	}
}

func TestTheDistributionNeedsTwenty(t *testing.T) {
	if r := reportOf(t, Query{}, rowsOf(19, "m", "r", "yes")); r.Spread != nil {
		t.Errorf("of 19: %v", r.Spread)
	}
	if r := reportOf(t, Query{}, rowsOf(20, "m", "r", "yes")); r.Spread == nil || *r.Spread != (Spread{{0, 0, 20}, {0, 0, 0, 20}}) {
		t.Errorf("of 20: %v", r.Spread)
	}
	if r := reportOf(t, Query{By: ByRegion, Group: "r"}, rowsOf(10, "m", "r", "yes"), rowsOf(15, "m", "q", "yes")); r.Spread != nil || r.Small {
		t.Errorf("of ten of 25: %v", r.Spread)
	}
}

// Marks are summed of fractions: what is a hair below a bin's edge is on it.
func TestBinsOfScoresSummedOfFractions(t *testing.T) {
	for edge, want := range map[float64]int{0: 0, 19.5: 0, 20: 1, math.Nextafter(20, 0): 1, math.Nextafter(60, 0): 3, 80: 4, 100: 4} {
		if bin(edge) != want {
			t.Errorf("%v is in the bin %d", edge, bin(edge))
		}
	}
}

// The forms of another edition are called A and B too: their halves are not one.
func TestFormsOfOneEdition(t *testing.T) {
	rows := rowsOf(20, "m", "r", "yes")
	for i, x := range rows {
		x.first, x.test, x.scores.Post = []string{"A", "B"}[i%2], "one", 60+float64(i)
	}
	if r := reportOf(t, Query{}, rows); r.Forms == nil || r.Forms.FirstA != 10 {
		t.Errorf("of one edition: %+v", r.Forms)
	}
	rows[3].test = "two"
	if r := reportOf(t, Query{}, rows); r.Forms != nil {
		t.Errorf("of two editions: %+v", r.Forms)
	}
}

// TestWhoIsLostToAFollowUp: nobody to whom it can still come.
func TestWhoIsLostToAFollowUp(t *testing.T) {
	for name, c := range map[string]struct {
		state          measurement.State
		due, withdrawn bool
		loss           Loss
		want           bool
	}{
		"closed":                           {measurement.Closed, false, false, "", true},
		"declined":                         {measurement.Declined, false, false, "", true},
		"asked":                            {measurement.Asked, true, false, "", false},
		"not yet":                          {measurement.NotAsked, true, false, "", false},
		"has left, others had it":          {measurement.NotAsked, true, true, "", true},
		"has left before anybody had it":   {measurement.NotAsked, false, true, "", false},
		"lost after the first, others had": {measurement.NotAsked, true, false, lostClosed, true},
		"lost after the first, nobody had": {measurement.NotAsked, false, false, lostClosed, false},
		"waits for the test after":         {measurement.NotAsked, true, false, waitsAfter, false},
		"sat it, and not the test after":   {measurement.Done, true, false, lostClosed, false},
	} {
		x := &row{scores: gain.Scores{Pre: 50, Post: 60, Later: gain.Missing}, withdrawn: c.withdrawn, loss: c.loss}
		x.states[1] = c.state
		other := &row{scores: gain.Scores{Pre: 50, Post: 60, Later: 70}}
		if c.due {
			other.states[1], other.followed[1] = measurement.Done, true
		}
		markLost([]*row{x, other})
		if x.lostAt[1] != c.want || other.lostAt[1] || x.lost != (c.loss == lostClosed) {
			t.Errorf("%s: %v", name, x.lostAt)
		}
	}
}
