package laboratory

import (
	"slices"
	"strconv"
	"testing"

	"pgregory.net/rapid"

	"ostoja/internal/laboratory/casefile"
)

func drawCase(t *rapid.T, caseID string) casefile.Case {
	c := casefile.Case{ID: caseID}
	for i := range rapid.IntRange(3, 5).Draw(t, "steps") {
		s := casefile.Step{ID: "s" + strconv.Itoa(i)}
		for k := range rapid.IntRange(2, 4).Draw(t, "decisions") {
			s.Decisions = append(s.Decisions, casefile.Decision{Letter: "abcd"[k : k+1], Counts: rapid.SampledFrom([]casefile.Counts{casefile.Sound, casefile.Alarm, casefile.Missed, casefile.Open}).Draw(t, "counts")})
		}
		c.Steps = append(c.Steps, s)
	}
	return c
}

// A room gathers, decides and shows each step in turn, and ends in the debriefing: nothing is left out, and no step comes twice.
func TestARoomGoesThroughAllSteps(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := drawCase(t, "c")
		seen := []string{}
		for position := 0; position <= last(c); position++ {
			phase, step := Stands(c, position)
			seen = append(seen, string(phase)+strconv.Itoa(step))
			if phase == Deciding && decided(step) != position {
				t.Fatalf("step %d is decided at %d, not %d", step, decided(step), position)
			}
		}
		want := []string{"gathering0"}
		for i := range c.Steps {
			want = append(want, "deciding"+strconv.Itoa(i), "followed"+strconv.Itoa(i))
		}
		want = append(want, "debriefing"+strconv.Itoa(len(c.Steps)))
		if !slices.Equal(seen, want) {
			t.Fatalf("%v", seen)
		}
	})
}

// A decision is taken from when its step opens, is late exactly when the room has moved on, and never after the end; what it counts as is
// what the case says.
func TestWhatIsTaken(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := drawCase(t, "c")
		step := rapid.IntRange(0, len(c.Steps)-1).Draw(t, "step")
		r := Run{Position: rapid.IntRange(0, last(c)).Draw(t, "position")}
		letter := rapid.SampledFrom([]string{"a", "b", "c", "d", "", "x"}).Draw(t, "letter")
		taken, late, err := judge(c, r, Draft{StepID: c.Steps[step].ID, Letter: letter, Reason: "bo tak"})
		want, there := c.Steps[step].Decision(letter)
		if (err == nil) != (there && r.Position >= decided(step)) {
			t.Fatalf("at %d step %d %q: %v", r.Position, step, letter, err)
		}
		if err == nil && (taken.Counts != want.Counts || late != (r.Position > decided(step))) {
			t.Fatalf("%+v, late %v", taken, late)
		}
	})
}

func drawDecisions(t *rapid.T, c casefile.Case, group int) (list []Decision) {
	for _, s := range c.Steps {
		if rapid.Bool().Draw(t, "decides") {
			d := rapid.SampledFrom(s.Decisions).Draw(t, "decision")
			list = append(list, Decision{Number: group, StepID: s.ID, Letter: d.Letter, Counts: d.Counts, CouldAlarm: s.Could(casefile.Alarm), CouldMiss: s.Could(casefile.Missed), Late: rapid.Bool().Draw(t, "late")})
		}
	}
	return list
}

// Both figures are parts of their wholes; the spread holds each decision once; and the figures of two rooms are the sum of each.
func TestTheTwoFigures(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := drawCase(t, "c")
		one, two := drawDecisions(t, c, 1), drawDecisions(t, c, 2)
		a, b, both := Count(one), Count(two), Count(slices.Concat(one, two))
		if both != a.plus(b) || both.Decisions+both.Late != len(one)+len(two) {
			t.Fatalf("%+v and %+v are %+v", a, b, both)
		}
		if both.Alarms > both.CouldAlarm || both.Missed > both.CouldMiss || both.CouldAlarm > both.Decisions || both.CouldMiss > both.Decisions {
			t.Fatalf("%+v", both)
		}
		n := 0
		for _, s := range c.Steps {
			for _, x := range Spread(s, slices.Concat(one, two)) {
				n += len(x.Groups)
			}
		}
		if n != len(one)+len(two) {
			t.Fatalf("the spread has %d of %d", n, len(one)+len(two))
		}
	})
}

// Of a group and each step there is one of these: it decided, in time or late; it left the step undecided; it joined when the room had
// left it; the room has not left it yet. What is undecided is in neither figure, whatever could have been decided.
func TestAStepWithoutADecision(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := drawCase(t, "c")
		g := Group{ID: "g", Since: rapid.IntRange(0, last(c)).Draw(t, "since")}
		position := rapid.IntRange(g.Since, last(c)).Draw(t, "position")
		list := []Decision{}
		for _, d := range drawDecisions(t, c, 1) {
			if i := stepOf(c, d.StepID); Asked(g, i) && position >= decided(i) {
				d.GroupID = "g"
				list = append(list, d)
			}
		}
		none, asked := Undecided(c, position, g, append(slices.Clone(list), Decision{GroupID: "another", StepID: c.Steps[0].ID}))
		for i, s := range c.Steps {
			has := slices.ContainsFunc(list, func(d Decision) bool { return d.StepID == s.ID })
			phase, at := Stands(c, position)
			over := at > i || at == i && phase == Followed
			if want := over && !has && (g.Since <= 1+2*i); slices.Contains(none, i) != want {
				t.Fatalf("step %d at %d, joined at %d, decided %v: %v", i, position, g.Since, has, none)
			}
		}
		if len(none) > asked || asked > len(c.Steps) {
			t.Fatalf("%v of %d", none, asked)
		}
		r := Room{Run: Run{Position: position}, Case: c, Groups: []Group{g}, Decisions: list}
		with, without := r.Tally(), Count(list)
		if without.None, without.Asked = len(none), asked; with != without {
			t.Fatalf("%+v, %+v", with, without)
		}
	})
}

// No case of fewer than five groups is shown, nor what would tell one: a row that is hidden cannot be had from the others. The two figures
// of a row are hidden together.
func TestFewGroupsAreNotShown(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cases := []casefile.Case{drawCase(t, "x"), drawCase(t, "y"), drawCase(t, "z")}
		var groups []played
		for _, c := range cases {
			for range rapid.IntRange(0, 9).Draw(t, "groups") {
				groups = append(groups, played{caseID: c.ID, position: last(c), list: drawDecisions(t, c, 1)})
			}
		}
		f := figures(cases, groups)
		hidden, hiddenGroups := 0, 0
		for _, r := range f.Cases {
			if r.Shown && r.Groups < 5 {
				t.Fatalf("%+v", r)
			}
			if !r.Shown {
				hidden, hiddenGroups = hidden+1, hiddenGroups+r.Groups
			}
		}
		if f.All.Shown && hidden > 0 && hiddenGroups < 5 {
			t.Fatalf("the rest of %d groups can be computed: %+v", hiddenGroups, f)
		}
		if f.All.Asked < f.All.None+f.All.Decisions || f.All.None > 0 && f.All.Asked == 0 {
			t.Fatalf("%+v", f.All)
		}
		if f.All.Groups != len(groups) {
			t.Fatalf("%d of %d", f.All.Groups, len(groups))
		}
	})
}
