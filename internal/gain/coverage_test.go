package gain

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"testing"
)

// model is how made-up people sit two tests; what it returns of each is the ability behind the scores and the two scores in per cent.
type model struct {
	name  string
	truth float64 // the mean difference of everybody, in percentage points
	draw  func(r *rand.Rand) (ability, pre, post float64)
}

// score is a test of 30 questions, of which each is known with this probability.
func score(r *rand.Rand, probability float64) float64 {
	const questions = 30
	n := 0
	for range questions {
		if r.Float64() < probability {
			n++
		}
	}
	return 100 * float64(n) / questions
}

// models are two: scores that spread alike however high they are and gain that falls with ability, as the estimate assumes; and
// questions that are known or not, by which scores are whole numbers, spread least at the ends and are not in a straight line.
func models() []model {
	logistic := func(x float64) float64 { return 1 / (1 + math.Exp(-x)) }
	questions := func(r *rand.Rand) (ability, pre, post float64) {
		a := r.NormFloat64()
		return a, score(r, logistic(0.1+0.7*a)), score(r, logistic(1.3+0.6*a+0.3*r.NormFloat64()))
	}
	var sum float64
	r := rand.New(rand.NewPCG(8, 15))
	const people = 400_000 // a standard error of 0.02 points
	for range people {
		_, pre, post := questions(r)
		sum += post - pre
	}
	return []model{
		{"straight", 25, func(r *rand.Rand) (ability, pre, post float64) {
			a := 12 * r.NormFloat64()
			return a / 12, 50 + a + 7*r.NormFloat64(), 75 + 0.7*a + 9*r.NormFloat64()
		}},
		{"questions", sum / people, questions},
	}
}

// covered says how often intervals hold the truth, in per cent, over trainings of so many people of whom some vanish.
func covered(m model, people, trainings int, vanishes func(ability, pre float64) float64) (matched, regression, lost float64) {
	r := rand.New(rand.NewPCG(uint64(people), uint64(trainings)))
	heldMatched, heldRegression, judged, gone := 0, 0, 0, 0
	for range trainings {
		var pairs []Pair
		var scores []Scores
		var without []float64
		for range people {
			ability, pre, post := m.draw(r)
			if r.Float64() < vanishes(ability, pre) {
				without = append(without, pre)
				continue
			}
			pairs, scores = append(pairs, Pair{pre, post}), append(scores, Scores{pre, post, Missing})
		}
		gone += len(without)
		a := AttritionOf(pairs, without)
		if !a.Regression.Bounded() {
			continue
		}
		judged++
		holds := func(low, high float64) int {
			if low <= m.truth && m.truth <= high {
				return 1
			}
			return 0
		}
		g := Compute(scores)
		heldMatched, heldRegression = heldMatched+holds(g.Low, g.High), heldRegression+holds(a.Regression.Low, a.Regression.High)
	}
	of := func(n, all int) float64 { return 100 * float64(n) / float64(all) }
	return of(heldMatched, judged), of(heldRegression, judged), of(gone, people*trainings)
}

// TestCoverage: where people vanish by their score before, the regression estimate's interval holds the truth in at least 93 of a hundred trainings, and
// the matched interval of larger trainings does not. That is so where the difference falls with the score before in a straight line, as the estimate
// assumes, and where it bends a little; where it bends and most of the weakest vanish, or people vanish by the ability behind the score, it holds less often than it says, and more often than the matched.
// docs/evidence.md has the rates that this prints under `make soak`.
func TestCoverage(t *testing.T) {
	trainings, least := 2000, 93.0
	if os.Getenv("OSTOJA_SOAK") == "" { // enough to tell a wrong formula; of so few trainings 93 may come out as less by chance
		trainings, least = 400, 90
	}
	for _, m := range models() {
		for _, loss := range []struct {
			name  string
			slope float64
		}{{"mild", 0.6}, {"strong", 1.2}} {
			vanish := func(x float64) float64 { return 1 / (1 + math.Exp(loss.slope*x+0.6)) } // x is in standard deviations
			for _, people := range []int{25, 100, 400} {
				matched, regression, lost := covered(m, people, trainings, func(_, pre float64) float64 { return vanish((pre - 50) / 14) })
				told := fmt.Sprintf("%-9s %-6s %3d people", m.name, loss.name, people)
				t.Logf("%s, %2.0f %% lost by score before: matched %.1f %%, regression %.1f %%", told, lost, matched, regression)
				if bent := m.name == "questions" && loss.name == "strong"; !bent && regression < least || regression < matched-1 {
					t.Errorf("%s: the regression estimate covers the truth in %.1f %% of trainings", told, regression)
				}
				if people == 400 && matched > 85 {
					t.Errorf("%s: the matched interval covers the truth in %.1f %%, so that nothing is shown by this", told, matched)
				}
				matched, regression, lost = covered(m, people, trainings, func(ability, _ float64) float64 { return vanish(ability) })
				t.Logf("%s, %2.0f %% lost by ability:      matched %.1f %%, regression %.1f %%", told, lost, matched, regression)
			}
		}
	}
}

// TestNoEffectIsSeldomCalledOne: 5,000 trainings without any effect, ten people in each arm: a comparison of which the whole interval lies above zero
// is one in forty, but for chance.
func TestNoEffectIsSeldomCalledOne(t *testing.T) {
	const trainings, arm, most = 5000, 10, 3.2
	for _, m := range models() {
		r := rand.New(rand.NewPCG(3, 141))
		called := 0
		for range trainings {
			draw := func() (d []float64) { // what both arms learn meanwhile, and what sitting a test again gives, is the same
				for range arm {
					_, pre, post := m.draw(r)
					d = append(d, post-pre)
				}
				return d
			}
			if e, ok := Compare(draw(), draw()); ok && e.Above() {
				called++
			}
		}
		rate := 100 * float64(called) / trainings
		t.Logf("%-9s %d trainings without effect, %d people in each arm: %.2f %% are called effective", m.name, trainings, arm, rate)
		if rate > most {
			t.Errorf("%s: %.2f %% are called effective", m.name, rate)
		}
	}
}
