package fund_test

import (
	"testing"

	"ostoja/internal/project/fund"
)

func TestUntilWhenPapersAreKept(t *testing.T) {
	for name, c := range map[string]struct {
		rule fund.Retention
		day  string
		want string
	}{
		"the year's end":      {fund.Retention{Anchor: fund.LastPaymentYearEnd, Years: 5}, "2028-03-10", "2034-01-01"},
		"its last day":        {fund.Retention{Anchor: fund.LastPaymentYearEnd, Years: 5}, "2028-12-31", "2034-01-01"},
		"the project's end":   {fund.Retention{Anchor: fund.ProjectEnd, Years: 3}, "2027-06-30", "2030-07-01"},
		"the last report":     {fund.Retention{Anchor: fund.FinalReport, Years: 1}, "2028-01-31", "2029-02-01"},
		"a day of leap years": {fund.Retention{Anchor: fund.FinalReport, Years: 1}, "2028-02-29", "2029-03-02"},
		"no day":              {fund.Retention{Anchor: fund.FinalReport, Years: 1}, "", ""},
		"no rule":             {fund.Retention{}, "2028-01-31", ""},
		"no years":            {fund.Retention{Anchor: fund.FinalReport}, "2028-01-31", ""},
	} {
		if got, ok := c.rule.Until(c.day); got != c.want || ok != (c.want != "") {
			t.Errorf("%s: %q, %v", name, got, ok)
		}
	}
}
