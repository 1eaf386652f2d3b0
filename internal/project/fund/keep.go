package fund

import "time"

// Known says whether anybody wrote down for how long papers are kept.
func (r Retention) Known() bool { return r.Anchor != "" && r.Years > 0 }

// Until is the first day on which nothing has to be kept any more, if a day of the anchor's kind is day. It is false while the rule or the day is not known: what is not known is no end.
// Years are counted to the same day of the year; from 29 February to 1 March.
func (r Retention) Until(day string) (until string, ok bool) {
	from, err := time.Parse(time.DateOnly, day)
	if err != nil || !r.Known() {
		return "", false
	}
	if r.Anchor == LastPaymentYearEnd { // art. 82(1) of Regulation (EU) 2021/1060 counts from 31 December of that year
		from = time.Date(from.Year(), time.December, 31, 0, 0, 0, 0, time.UTC)
	}
	return from.AddDate(r.Years, 0, 1).Format(time.DateOnly), true
}
