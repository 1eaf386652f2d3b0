package retain_test

import (
	"testing"

	"pgregory.net/rapid"

	"ostoja/internal/project"
	"ostoja/internal/project/fund"
	"ostoja/internal/report/retain"
)

// TestTheTermOfAFund: the end of a project is its own, other days are entered; what is not known is named, and is no end.
func TestTheTermOfAFund(t *testing.T) {
	p := project.Project{ID: "p", Name: "P", LastDay: "2026-12-31"}
	for name, c := range map[string]struct {
		rule    fund.Retention
		day     string
		until   string
		missing retain.Missing
	}{
		"the project's end":          {fund.Retention{Anchor: fund.ProjectEnd, Years: 5}, "", "2032-01-01", retain.Nothing},
		"whatever day was entered":   {fund.Retention{Anchor: fund.ProjectEnd, Years: 5}, "2020-01-01", "2032-01-01", retain.Nothing},
		"the last payment":           {fund.Retention{Anchor: fund.LastPaymentYearEnd, Years: 5}, "2027-05-05", "2033-01-01", retain.Nothing},
		"no payment yet":             {fund.Retention{Anchor: fund.LastPaymentYearEnd, Years: 5}, "", "", retain.Day},
		"the rule is not known":      {fund.Retention{}, "2027-05-05", "", retain.Rule},
		"the report is not approved": {fund.Retention{Anchor: fund.FinalReport, Years: 3}, "", "", retain.Day},
	} {
		got := retain.Of(p, fund.Rules{ID: "f", Retention: c.rule}, project.AnchorDay{Day: c.day})
		if got.Until != c.until || got.Missing != c.missing || got.Known() != (c.until != "") {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

// TestTheLastTermHolds: whatever the order, the last of known ends is the latest, and one that is not known is last.
func TestTheLastTermHolds(t *testing.T) {
	if _, ok := retain.Last(nil); ok {
		t.Error("nothing holds")
	}
	rapid.Check(t, func(t *rapid.T) {
		list := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) retain.Term {
			if rapid.Bool().Draw(t, "unknown") && rapid.Bool().Draw(t, "really") {
				return retain.Term{Missing: rapid.SampledFrom([]retain.Missing{retain.Rule, retain.Day}).Draw(t, "missing")}
			}
			return retain.Term{Until: rapid.SampledFrom([]string{"2030-01-01", "2031-06-30", "2034-01-01"}).Draw(t, "until")}
		}), 1, 6).Draw(t, "terms")
		last, ok := retain.Last(list)
		for _, x := range list {
			if !ok || last.Known() && (!x.Known() || x.Until > last.Until) {
				t.Fatalf("%+v ends after %+v", x, last)
			}
		}
	})
}
