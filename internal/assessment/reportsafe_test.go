package assessment_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"ostoja/internal/assessment"
	"ostoja/internal/db"
)

// TestAReportGivesNobodyAway plants small populations in which some came later and some of these answered, and solves in exact
// arithmetic what can be computed from everything that the reports of all follow-ups show, across their dimensions: the sum
// over no set of one to four people.
func TestAReportGivesNobodyAway(t *testing.T) {
	each(t, func(w *world) {
		w.approve()
		orgs := []string{w.unit, w.newUnit("", "Druga"), w.newUnit("", "Trzecia")}
		measurements := []assessment.Measurement{w.trained("Pierwsze", "A", w.unit), w.trained("Drugie", "A", w.unit), w.trained("Trzecie", "B", w.unit)}
		for seed := range uint64(16) {
			random := rand.New(rand.NewPCG(seed, 77))
			var list []planted
			for range 3 + random.IntN(7) {
				kind := planted{
					measurement: measurements[random.IntN(3)], org: orgs[random.IntN(3)], region: []string{"06", "20", "32"}[random.IntN(3)], sex: []string{"f", "m"}[random.IntN(2)], lang: "pl",
					joined: start, pre: 50, post: 70, use: []string{"yes", "no", "asked"}[random.IntN(3)], later: map[assessment.Wave]float64{},
				}
				for _, wave := range assessment.FollowUps {
					if k := random.IntN(4); k > 0 {
						kind.later[wave] = []float64{missing, 60, 60}[k-1]
					}
				}
				for range 1 + random.IntN(8) {
					list = append(list, kind)
				}
			}
			w.plant(list...)
			w.safe(seed, list)
			for _, table := range []string{"sitting", "participant"} {
				w.no(w.d.Update(w.ctx, func(tx *db.Tx) error { return db.Exec(w.ctx, tx, `DELETE FROM `+table) }))
			}
		}
	})
}

// reveals is what reports tell of some people: of each kind of figure, the totals that are shown.
type reveals struct {
	w     *world
	what  string
	list  []planted
	kinds map[string]*span
}

func (r *reveals) total(kind string, shown bool, in func(planted) bool) {
	r.w.t.Helper()
	if !shown {
		return
	}
	if r.kinds[kind] == nil {
		r.kinds[kind] = &span{}
	}
	v, n := make([]bool, len(r.list)), 0
	for i, p := range r.list {
		if v[i] = in(p); v[i] {
			n++
		}
	}
	if n < assessment.LeastGroup {
		r.w.t.Errorf("%s: %s of %d people are shown", r.what, kind, n)
	}
	r.kinds[kind].add(v)
}

// group notes what a report shows of a group.
func (r *reveals) group(wave assessment.Wave, g assessment.Group, in func(planted) bool) {
	r.w.t.Helper()
	of := func(also func(planted) bool) func(planted) bool {
		return func(p planted) bool { return in(p) && p.matched() && also(p) }
	}
	followed := of(func(p planted) bool { return p.followed(wave) })
	asked := func(p planted) bool { _, was := p.later[wave]; return was }
	r.total("scores", !g.Hidden, of(func(planted) bool { return true }))
	r.total("scores", !g.RetainedHidden, followed)
	r.total("later "+string(wave), !g.LaterHidden, followed)
	r.total("asked "+string(wave), !g.UseHidden, of(asked))
	r.total("answers "+string(wave), !g.UseHidden, of(func(p planted) bool { return asked(p) && (p.use == "yes" || p.use == "no") && p.followed(wave) }))
	l := g.Gain.Later
	switch {
	case g.Hidden && (g.Gain != (assessment.Gain{}) || !g.LaterHidden || !g.UseHidden || g.Losses != nil):
	case g.LaterHidden && l != (assessment.Retention{}):
	case g.RetainedHidden && !g.LaterHidden && !(assessment.IsMissing(l.MeanPre) && assessment.IsMissing(l.MeanPost) && assessment.IsMissing(l.Share)):
	case g.UseHidden && g.Use != (assessment.Use{}):
	default:
		return
	}
	r.w.t.Errorf("%s: hidden figures are there: %+v", r.what, g)
}

// check tries every set of one to four people of whole kinds: what is shown tells nobody from others of their kind.
func (r *reveals) check() {
	r.w.t.Helper()
	alike := map[string][]int{}
	for i, p := range r.list {
		key := fmt.Sprint(p.measurement.ID, p.org, p.region, p.sex, p.use, p.later)
		alike[key] = append(alike[key], i)
	}
	sets := [][]int{nil}
	for _, key := range slices.Sorted(maps.Keys(alike)) {
		for _, set := range slices.Clone(sets) {
			if both := slices.Concat(set, alike[key]); len(both) < assessment.LeastGroup {
				sets = append(sets, both)
			}
		}
	}
	for kind, published := range r.kinds {
		for _, set := range sets[1:] {
			v := make([]bool, len(r.list))
			for _, i := range set {
				v[i] = true
			}
			if published.holds(v) {
				r.w.t.Errorf("%s: of %s, the sum over %d people can be computed", r.what, kind, len(set))
			}
		}
	}
}

// safe reads the reports of all follow-ups and checks that together they give nobody away.
func (w *world) safe(seed uint64, list []planted) {
	w.t.Helper()
	all := &reveals{w: w, what: fmt.Sprintf("population %d", seed), list: list, kinds: map[string]*span{}}
	for _, wave := range assessment.FollowUps {
		r := w.report(wave)
		all.group(wave, r.Group, func(planted) bool { return true })
		for d, groups := range r.Groups {
			for _, g := range groups {
				all.group(wave, g, func(p planted) bool { return p.keyOf(d) == g.Key })
			}
		}
	}
	all.check()
}
