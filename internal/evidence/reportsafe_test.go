package evidence_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"ostoja/internal/db"
	"ostoja/internal/disclosure"
	"ostoja/internal/evidence"
	"ostoja/internal/gain"
	"ostoja/internal/measurement"
	"ostoja/internal/testrig/measured"
)

// TestAReportGivesNobodyAway plants small populations in which some came later and some of these answered, and solves in exact
// arithmetic what can be computed from everything that the reports of all follow-ups show, across their dimensions: the sum
// over no set of one to four people.
func TestAReportGivesNobodyAway(t *testing.T) {
	each(t, func(w *world) {
		w.Approve()
		orgs := []string{w.Unit, w.NewUnit("", "Druga"), w.NewUnit("", "Trzecia")}
		measurements := []measurement.Measurement{w.Trained("Pierwsze", "A", w.Unit), w.Trained("Drugie", "A", w.Unit), w.Trained("Trzecie", "B", w.Unit)}
		for seed := range uint64(16) {
			random := rand.New(rand.NewPCG(seed, 77))
			var list []measured.Planted
			for range 3 + random.IntN(7) {
				kind := measured.Planted{
					First: []string{"A", "B"}[random.IntN(2)], Closed: random.IntN(3) == 0,
					Measurement: measurements[random.IntN(3)], Org: orgs[random.IntN(3)], Region: []string{"06", "20", "32"}[random.IntN(3)], Sex: []string{"f", "m"}[random.IntN(2)], Lang: "pl",
					Joined: measured.Start, Pre: 50, Post: 70, Use: []string{"yes", "no", "asked"}[random.IntN(3)], Later: map[measurement.Wave]float64{},
				}
				for _, wave := range measurement.FollowUps {
					if k := random.IntN(4); k > 0 {
						kind.Later[wave] = []float64{missing, 60, 60}[k-1]
					}
				}
				kind.LaterClosed = kind.Closed || random.IntN(4) == 0
				if random.IntN(4) == 0 { // lost, or with the test after still ahead; a follow-up may close before that does
					kind.Post = missing
					for wave := range kind.Later {
						kind.Later[wave] = missing
					}
					if random.IntN(2) == 0 {
						kind.Later = nil
					}
				}
				for range 1 + random.IntN(8) {
					list = append(list, kind)
				}
			}
			w.Plant(list...)
			w.safe(seed, list)
			for _, table := range []string{"sitting", "participant", "result_tally"} {
				w.No(w.DB.Update(w.Ctx, func(tx *db.Tx) error { return db.Exec(w.Ctx, tx, `DELETE FROM `+table) }))
			}
		}
	})
}

// reveals is what reports tell of some people: of each kind of figure, the totals that are shown.
type reveals struct {
	w     *world
	what  string
	list  []measured.Planted
	kinds map[string]*span
}

func (r *reveals) total(kind string, shown bool, in func(measured.Planted) bool) {
	r.w.T.Helper()
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
	if n < disclosure.LeastGroup {
		r.w.T.Errorf("%s: %s of %d people are shown", r.what, kind, n)
	}
	r.kinds[kind].add(v)
}

// group notes what a report shows of a group.
func (r *reveals) group(wave measurement.Wave, g evidence.Group, in func(measured.Planted) bool) {
	r.w.T.Helper()
	of := func(also func(measured.Planted) bool) func(measured.Planted) bool {
		return func(p measured.Planted) bool { return in(p) && p.Matched() && also(p) }
	}
	followed := of(func(p measured.Planted) bool { return p.Followed(wave) })
	asked := func(p measured.Planted) bool {
		_, was := p.Later[wave]
		return was && (!p.LaterClosed || p.Followed(wave))
	}
	r.total("scores", !g.Hidden, of(func(measured.Planted) bool { return true }))
	r.total("scores", !g.Hidden && !g.AttritionHidden && g.Attrition.Lost > 0, func(p measured.Planted) bool { return in(p) && lost(p) })
	if a := g.Attrition; g.AttritionHidden && !(gain.IsMissing(a.MeanPre) && gain.IsMissing(a.MeanPreAll) && gain.IsMissing(a.Worst) && gain.IsMissing(a.Best) && gain.IsMissing(a.Regression.Value)) {
		r.w.T.Errorf("%s: of the lost, hidden figures are there: %+v", r.what, a)
	}
	r.total("scores", !g.RetainedHidden, followed)
	r.total("later "+string(wave), !g.LaterHidden, followed)
	r.total("asked "+string(wave), !g.UseHidden, of(asked))
	r.total("answers "+string(wave), !g.UseHidden, of(func(p measured.Planted) bool {
		return asked(p) && (p.Use == "yes" || p.Use == "no") && p.Followed(wave)
	}))
	l := g.Gain.Later
	switch {
	case g.Hidden && (g.Gain != (gain.Gain{}) || !g.LaterHidden || !g.UseHidden || g.Losses != nil || g.Attrition != (gain.Attrition{})):
	case g.LaterHidden && l != (gain.Retention{}):
	case g.RetainedHidden && !g.LaterHidden && !(gain.IsMissing(l.MeanPre) && gain.IsMissing(l.MeanPost) && gain.IsMissing(l.Share)):
	case g.UseHidden && g.Use != (gain.Use{}):
	default:
		return
	}
	r.w.T.Errorf("%s: hidden figures are there: %+v", r.what, g)
}

// lost says whether somebody sat the test before and can sit the one after no more.
func lost(p measured.Planted) bool { return !p.Matched() && p.Closed }

// whole notes what a report tells of everybody alone: the halves of the forms, and those whom the follow-up lost.
func (r *reveals) whole(wave measurement.Wave, report evidence.Report) {
	r.w.T.Helper()
	for _, form := range []string{"A", "B"} {
		r.total("scores", report.Forms != nil, func(p measured.Planted) bool { return p.Matched() && p.First == form })
	}
	due := map[string]bool{} // measurements of which anybody has done with the follow-up
	for _, p := range r.list {
		if _, was := p.Later[wave]; was && (p.LaterClosed || !gain.IsMissing(p.Later[wave])) {
			due[p.Measurement.ID] = true
		}
	}
	n := 0
	missed := func(p measured.Planted) bool {
		percent, was := p.Later[wave]
		return p.Matched() && was && gain.IsMissing(percent) && p.LaterClosed || lost(p) && due[p.Measurement.ID]
	}
	for _, p := range r.list {
		if missed(p) {
			n++
		}
	}
	if f := report.FollowUp; f != nil && f.Attrition.Lost != n {
		r.w.T.Errorf("%s: %d are lost to the follow-up, not %d", r.what, f.Attrition.Lost, n)
	}
	r.total("scores", report.FollowUp != nil && n > 0, missed)
}

// check tries every set of one to four people of whole kinds: what is shown tells nobody from others of their kind.
func (r *reveals) check() {
	r.w.T.Helper()
	alike := map[string][]int{}
	for i, p := range r.list {
		key := fmt.Sprint(p.Measurement.ID, p.Org, p.Region, p.Sex, p.Use, p.Later, p.Pre, p.Post, p.First, p.Closed)
		alike[key] = append(alike[key], i)
	}
	sets := [][]int{nil}
	for _, key := range slices.Sorted(maps.Keys(alike)) {
		for _, set := range slices.Clone(sets) {
			if both := slices.Concat(set, alike[key]); len(both) < disclosure.LeastGroup {
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
				r.w.T.Errorf("%s: of %s, the sum over %d people can be computed", r.what, kind, len(set))
			}
		}
	}
}

// safe reads the reports of all follow-ups and checks that together they give nobody away.
func (w *world) safe(seed uint64, list []measured.Planted) {
	w.T.Helper()
	all := &reveals{w: w, what: fmt.Sprintf("population %d", seed), list: list, kinds: map[string]*span{}}
	for _, wave := range measurement.FollowUps {
		r := w.Report(wave)
		all.group(wave, r.Group, func(measured.Planted) bool { return true })
		all.whole(wave, r)
		for d, groups := range r.Groups {
			for _, g := range groups {
				all.group(wave, g, func(p measured.Planted) bool { return w.KeyOf(p, d) == g.Key })
			}
		}
	}
	all.check()
}
