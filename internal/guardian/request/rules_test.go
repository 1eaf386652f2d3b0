package request

import (
	"cmp"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"ostoja/internal/errs"
	"ostoja/internal/guardian"
)

var start = time.Date(2026, 11, 30, 9, 0, 0, 0, time.UTC)

func candidates() *rapid.Generator[[]Candidate] {
	return rapid.Custom(func(t *rapid.T) (list []Candidate) {
		for i := range rapid.IntRange(0, 8).Draw(t, "number") {
			c := Candidate{
				ID: string(rune('a' + i)), Speaks: rapid.Bool().Draw(t, "speaks"), OnDuty: rapid.Bool().Draw(t, "duty"),
				Children: rapid.IntRange(0, 3).Draw(t, "children"), Most: rapid.IntRange(0, 3).Draw(t, "most"),
			}
			for _, a := range guardian.Answers {
				if rapid.Bool().Draw(t, a) {
					c.Answers = append(c.Answers, a)
				}
			}
			if rapid.Bool().Draw(t, "asked") {
				c.LastAsked = start.Add(-time.Duration(rapid.IntRange(1, 3).Draw(t, "days")) * 24 * time.Hour)
			}
			list = append(list, c)
		}
		return list
	})
}

// Whoever is named has room for a child; nobody who is left out stands before somebody named in any respect that counts; whoever comes first does so for
// a reason that is said; and the order does not hang on that in which candidates were read.
func TestChoice(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		all, named := candidates().Draw(t, "candidates"), rapid.IntRange(0, 4).Draw(t, "named")
		wishes := rapid.SliceOfDistinct(rapid.SampledFrom(Wishes), func(w string) string { return w }).Draw(t, "wishes")
		meets := func(c Candidate) (n int) {
			for _, w := range wishes {
				if slices.Contains(c.Answers, w) {
					n++
				}
			}
			return n
		}
		of := map[string]Candidate{}
		free := 0
		for _, c := range all {
			of[c.ID] = c
			if c.Children < c.Most {
				free++
			}
		}
		list := choose(all, wishes, named)
		if len(list) != min(named, free) {
			t.Fatalf("%d of %d free ones are named, of %d", len(list), free, named)
		}
		for i, p := range list {
			c := of[p.GuardianID]
			if c.Children >= c.Most || p.Place != i {
				t.Fatalf("%+v at the place %d", c, i)
			}
			if slices.Contains(p.Reasons, "duty") != c.OnDuty || slices.Contains(p.Reasons, "language") != c.Speaks || slices.Contains(p.Reasons, "interpreter") == c.Speaks {
				t.Fatalf("%+v: %q", c, p.Reasons)
			}
			for _, w := range Wishes {
				if slices.Contains(p.Reasons, "wish-"+w) != (slices.Contains(wishes, w) && slices.Contains(c.Answers, w)) {
					t.Fatalf("%+v, asked for %q: %q", c, wishes, p.Reasons)
				}
			}
			asked := slices.ContainsFunc(wishes, func(w string) bool { return w != "near" })
			if slices.Contains(p.Reasons, "wish-unknown") != (asked && meets(c) == 0) {
				t.Fatalf("%+v, asked for %q: %q", c, wishes, p.Reasons)
			}
			if i == 0 {
				continue
			}
			b := of[list[i-1].GuardianID]
			switch {
			case b.OnDuty != c.OnDuty:
				if c.OnDuty {
					t.Fatalf("%+v stands behind %+v", c, b)
				}
			case b.Speaks != c.Speaks:
				if c.Speaks {
					t.Fatalf("%+v stands behind %+v", c, b)
				}
			case meets(b) != meets(c):
				if meets(c) > meets(b) {
					t.Fatalf("%+v, who answers to more of %q, stands behind %+v", c, wishes, b)
				}
			case c.LastAsked.Before(b.LastAsked):
				t.Fatalf("%+v waits longer than %+v", c, b)
			}
		}
		turned := slices.Clone(all)
		slices.Reverse(turned)
		if again := choose(turned, wishes, named); !slices.EqualFunc(list, again, func(a, b Proposal) bool { return a.GuardianID == b.GuardianID }) {
			t.Fatalf("%v, then %v", list, again)
		}
	})
}

// What the register can answer can be asked for, and the one thing more that can be asked for is what nobody can know beforehand.
func TestWishes(t *testing.T) {
	for _, a := range guardian.Answers {
		if !slices.Contains(Wishes, a) {
			t.Errorf("%s cannot be asked for", a)
		}
	}
	if !slices.Contains(Wishes, "near") || len(Wishes) != len(guardian.Answers)+1 {
		t.Errorf("asked for %q, answered %q", Wishes, guardian.Answers)
	}
}

// An account is shown at most as many new people as it has left, and those it knows beside them.
func TestWithin(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		all := candidates().Draw(t, "candidates")
		known := map[string]bool{}
		for _, c := range all {
			known[c.ID] = rapid.Bool().Draw(t, "known")
		}
		left := rapid.IntRange(0, 4).Draw(t, "left")
		list, fresh := within(choose(all, nil, len(all)), left, known), 0
		for i, p := range list {
			if !known[p.GuardianID] {
				fresh++
			}
			if p.Place != i {
				t.Fatalf("the place %d is %d", i, p.Place)
			}
		}
		if fresh > left || len(list) > Named {
			t.Fatalf("%d new ones of %d left, %d in all", fresh, left, len(list))
		}
	})
}

// Within the hour a request has somebody who agreed or the office's phone, whatever people answer and whenever somebody looks; nobody is asked while
// another is waited for, and in the order of their places.
func TestClock(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		list := make([]Proposal, rapid.IntRange(0, Named).Draw(t, "named"))
		now, agreed, office := start, false, false
		for range 200 {
			for {
				s := next(list, now)
				if s.Missed >= 0 {
					list[s.Missed].Answer = Missed
				}
				if s.Ask >= 0 {
					if s.Ask > 0 && list[s.Ask-1].Answer == Waiting {
						t.Fatalf("%d is asked while another is waited for", s.Ask)
					}
					list[s.Ask].AskedAt = now
					continue
				}
				office = s.Office
				break
			}
			if office || agreed {
				break
			}
			for i := range list {
				if !list[i].AskedAt.IsZero() && list[i].Answer == Waiting && rapid.IntRange(0, 9).Draw(t, "answers") == 0 {
					list[i].Answer = rapid.SampledFrom([]Answer{Agreed, Declined}).Draw(t, "answer")
					agreed = agreed || list[i].Answer == Agreed
				}
			}
			now = now.Add(time.Minute)
		}
		if !office && !agreed {
			t.Fatalf("nobody after %s: %+v", now.Sub(start), list)
		}
		if waited := now.Sub(start); waited > time.Hour {
			t.Fatalf("%s", waited)
		}
		if agreed && next(list, now.Add(time.Hour)).Office {
			t.Fatal("the office's phone, though somebody agreed")
		}
	})
}

func TestFaultsOfARequest(t *testing.T) {
	today := dayOf(start, time.UTC)
	good := Draft{Purpose: "protection", Reference: "V Nmo 12/26", CourtID: "c", Lang: "uk", FromDay: "2026-11-30"}
	if f := good.check(today); len(f) > 0 {
		t.Fatalf("a good one: %+v", f)
	}
	for what, c := range map[string]struct {
		change func(d *Draft)
		field  string
	}{
		"no purpose":           {func(d *Draft) { d.Purpose = "" }, "purpose"},
		"a purpose of its own": {func(d *Draft) { d.Purpose = "curiosity" }, "purpose"},
		"no reference":         {func(d *Draft) { d.Reference = "" }, "reference"},
		"a PESEL":              {func(d *Draft) { d.Reference = "44051401458" }, "reference"},
		"a phone":              {func(d *Draft) { d.Reference = "tel. 600 700 800" }, "reference"},
		"long":                 {func(d *Draft) { d.Reference = string(make([]rune, 81)) + "x" }, "reference"},
		"no court":             {func(d *Draft) { d.CourtID = "" }, "court"},
		"no language":          {func(d *Draft) { d.Lang = "" }, "lang"},
		"a wish of its own":    {func(d *Draft) { d.Wishes = []string{"woman", "blonde"} }, "wishes"},
		"yesterday":            {func(d *Draft) { d.FromDay = "2026-11-29" }, "from"},
		"next year":            {func(d *Draft) { d.FromDay = "2027-11-30" }, "from"},
		"no day":               {func(d *Draft) { d.FromDay = "soon" }, "from"},
		"a motion tomorrow":    {func(d *Draft) { d.MotionOn = "2026-12-01" }, "motion"},
		"an old motion":        {func(d *Draft) { d.MotionOn = "2026-01-01" }, "motion"},
		"no motion's day":      {func(d *Draft) { d.MotionOn = "x" }, "motion"},
	} {
		d := good
		c.change(&d)
		if f := d.check(today); len(f) == 0 || !slices.ContainsFunc(f, func(x errs.Field) bool { return x.Name == c.field }) {
			t.Errorf("%s: %+v", what, f)
		}
	}
}

// A name that is not opened tells people apart and no more.
func TestShortNames(t *testing.T) {
	for _, c := range []struct{ given, family, want string }{{"Helena", "Kuratorska", "Helena K."}, {"Łucja", "Żuk", "Łucja Ż."}, {"Anna", "", "Anna"}} {
		if got := (Proposal{Given: c.given, Family: c.family}).Short(); got != c.want {
			t.Errorf("%s: %s", cmp.Or(c.family, c.given), got)
		}
	}
}
