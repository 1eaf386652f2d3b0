package evidence

import (
	"slices"

	"gonum.org/v1/gonum/stat"

	"ostoja/internal/gain"
	"ostoja/internal/itembank"
	"ostoja/internal/measurement/results"
)

// formStat says how a form measured.
type formStat struct {
	N     int     // finished sittings
	Mean  float64 // per cent
	SD    float64 // per cent, with n-1
	Alpha float64 // Cronbach's; Missing below two items or without spread
	Items []ItemStat
}

// ItemStat says how an item measured. A share is of the full mark, from 0 to 1.
type ItemStat struct {
	Facility       float64 // mean share
	Discrimination float64 // correlation of the item with the rest of the form; Missing without spread
	Choices        []ChoiceStat
	Flags          []Flag
}

// ChoiceStat says who chose an option.
type ChoiceStat struct {
	Option string
	Best   bool
	N      int
	Rest   float64 // mean share of the rest of the form, of those who chose it; Missing if nobody did
}

// Flag says that an item should be looked at; the advice is the text "assessment.flag.NAME".
type Flag string

// The flags.
const (
	FlagNegative   Flag = "negative"   // who knows more answers worse: check the key
	flagWeak       Flag = "weak"       // hardly tells who knows more
	flagEasy       Flag = "easy"       // nearly everybody knows it
	flagHard       Flag = "hard"       // hardly anybody does
	FlagPreferred  Flag = "preferred"  // a wrong option is chosen more often than the right one
	flagDistractor Flag = "distractor" // nobody chooses a wrong option
)

// Limits of the flags, after common practice in classical test theory (Ebel and Frisbie, Essentials of Educational
// Measurement, 1991): discrimination below 0.2 is poor; nearly full and nearly empty items carry little information.
const (
	weakBelow = 0.2
	easyAbove = 0.95
	hardBelow = 0.2
)

// option is an option of an item as the analysis needs it.
type option struct {
	ID   string
	Best bool
}

// analyse computes the statistics of a form from its sittings. options are those of each item, nil for items without; unscored
// are the places of those that do not count, which are held against all that do.
func analyse(sat []results.Responses, options [][]option, unscored ...int) formStat {
	f := formStat{N: len(sat), Mean: gain.Missing, SD: gain.Missing, Alpha: gain.Missing, Items: make([]ItemStat, len(options))}
	totals := make([]float64, len(sat))
	columns := make([][]float64, len(options))
	for i, s := range sat {
		for j, share := range s.Shares {
			columns[j] = append(columns[j], share)
			if !slices.Contains(unscored, j) {
				totals[i] += share
			}
		}
	}
	var scored [][]float64
	for j, c := range columns {
		if !slices.Contains(unscored, j) {
			scored = append(scored, c)
		}
	}
	k := len(scored)
	if len(sat) > 0 && k > 0 {
		percent := make([]float64, len(totals))
		for i, t := range totals {
			percent[i] = 100 * t / float64(k)
		}
		f.Mean, f.SD = stat.MeanStdDev(percent, nil)
	}
	f.Alpha = alpha(scored, totals)
	for j := range columns {
		others, rest := totals, k
		if !slices.Contains(unscored, j) {
			others, rest = without(totals, columns[j]), k-1
		}
		f.Items[j] = analyseItem(columns[j], others, rest, choicesOf(sat, j), options[j])
	}
	return f
}

func choicesOf(sat []results.Responses, item int) [][]string {
	list := make([][]string, len(sat))
	for i, s := range sat {
		if item < len(s.Choices) {
			list[i] = s.Choices[item]
		}
	}
	return list
}

// alpha is Cronbach's: k/(k-1) * (1 - sum of the items' variances / variance of the totals).
func alpha(columns [][]float64, totals []float64) float64 {
	k := float64(len(columns))
	if k < 2 || len(totals) < 2 {
		return gain.Missing
	}
	sum := 0.0
	for _, c := range columns {
		sum += stat.Variance(c, nil)
	}
	return k / (k - 1) * (1 - gain.Ratio(sum, stat.Variance(totals, nil)))
}

// without returns the totals less an item's shares.
func without(totals, column []float64) []float64 {
	rest := make([]float64, len(totals))
	for i := range column {
		rest[i] = totals[i] - column[i]
	}
	return rest
}

// analyseItem holds an item against the rest of its form, of so many items.
func analyseItem(column, rest []float64, of int, chosen [][]string, options []option) ItemStat {
	s := ItemStat{Facility: gain.Missing, Discrimination: gain.Missing}
	if len(column) == 0 {
		return s
	}
	s.Facility = stat.Mean(column, nil)
	s.Discrimination = correlation(column, rest)
	for _, o := range options {
		c := ChoiceStat{Option: o.ID, Best: o.Best, Rest: gain.Missing}
		sum := 0.0
		for i, list := range chosen {
			if slices.Contains(list, o.ID) {
				c.N++
				sum += rest[i] / float64(max(1, of))
			}
		}
		c.Rest = gain.Ratio(sum, float64(c.N))
		s.Choices = append(s.Choices, c)
	}
	if len(column) >= itembank.LeastSittings {
		s.Flags = flags(s)
	}
	return s
}

// correlation is Pearson's; Missing where one side has no spread.
func correlation(x, y []float64) float64 {
	if len(x) < 2 || stat.Variance(x, nil) < 1e-12 || stat.Variance(y, nil) < 1e-12 {
		return gain.Missing
	}
	return stat.Correlation(x, y, nil)
}

func flags(s ItemStat) (list []Flag) {
	switch d := s.Discrimination; {
	case gain.IsMissing(d):
	case d < 0:
		list = append(list, FlagNegative)
	case d < weakBelow && s.Facility <= easyAbove && s.Facility >= hardBelow:
		list = append(list, flagWeak)
	}
	switch {
	case s.Facility > easyAbove:
		list = append(list, flagEasy)
	case s.Facility < hardBelow:
		list = append(list, flagHard)
	}
	best, wrong, unchosen := 0, 0, false
	for _, c := range s.Choices {
		if c.Best {
			best = max(best, c.N)
			continue
		}
		wrong = max(wrong, c.N)
		unchosen = unchosen || c.N == 0
	}
	if wrong > best {
		list = append(list, FlagPreferred)
	}
	if unchosen && s.Facility <= easyAbove {
		list = append(list, flagDistractor)
	}
	return list
}
