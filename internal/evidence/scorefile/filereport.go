package scorefile

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"

	"ostoja/internal/disclosure"
	"ostoja/internal/gain"
)

// FileReport is the gain of the people in a [File]. Its JSON has null for what cannot be computed or is not shown.
type FileReport struct {
	gainFigures
	// What the crossing over of two forms tells, where both halves have two people or more.
	FormEffect *estimateFigures `json:"form_effect,omitempty"`
	FreeOfForm *estimateFigures `json:"difference_free_of_form,omitempty"`
	Attrition  lostFigures      `json:"lost"`
	Groups     []fileGroup      `json:"groups"`
}

// fileGroup is the gain of one group of a group column.
type fileGroup struct {
	Column string `json:"column"`
	Value  string `json:"value"`
	gainFigures
}

// gainFigures are a [gain.Gain] as JSON has it.
type gainFigures struct {
	// Suppressed says that the figures are not shown, because fewer than five people could be told from them. Of all in the file
	// their number is given even then.
	Suppressed bool        `json:"suppressed"`
	Matched    *int        `json:"n_matched"`
	Lost       *int        `json:"n_lost"`
	MeanPre    *float64    `json:"mean_pre"`
	MeanPost   *float64    `json:"mean_post"`
	Difference *float64    `json:"difference"`
	CI95       *[2]float64 `json:"ci95"`
	// Constant says that all differences are the same: there is no spread, and so no interval.
	Constant       *bool         `json:"no_spread"`
	DZ             *float64      `json:"dz"`
	G              *float64      `json:"g"`
	Band           *gain.Band    `json:"g_band"`
	MeanIndividual *float64      `json:"mean_individual_g"`
	Ceiling        *bool         `json:"ceiling_flag"`
	Later          retainFigures `json:"later"`
}

// retainFigures are a [gain.Retention] as JSON has it.
type retainFigures struct {
	N         *int     `json:"n"`
	MeanPre   *float64 `json:"mean_pre"`
	MeanPost  *float64 `json:"mean_post"`
	MeanLater *float64 `json:"mean_later"`
	Retained  *float64 `json:"retained_share"`
}

// ReportFile computes the gain of all and of each group of each group column, under the rules of [disclosure.Suppress], but for one: what
// those whom the follow-up reached had before and after is given of all, however few it did not reach. Who reads the report
// holds the file.
func ReportFile(f File) FileReport {
	members := make([]disclosure.Membership, 0, len(f.Scores))
	for i, s := range f.Scores {
		if s.Matched() {
			members = append(members, disclosure.Membership{Groups: f.Groups[i], Followed: []bool{s.Followed()}})
		}
	}
	shown, all := disclosure.Suppress(members), gain.Compute(f.Scores)
	r := FileReport{gainFigures: figures(all, shown.Total(), shown.TotalLater(0), true), Groups: []fileGroup{}}
	r.Matched, r.Lost, r.Later.N = &all.Matched, &all.Lost, &all.Later.N
	r.ofAll(f)
	for d, column := range f.Columns {
		parts := map[string][]gain.Scores{}
		for i, x := range f.Scores {
			parts[f.Groups[i][d]] = append(parts[f.Groups[i][d]], x)
		}
		for _, value := range slices.Sorted(maps.Keys(parts)) {
			c := disclosure.Cell{Dimension: d, Group: value}
			r.Groups = append(r.Groups, fileGroup{column, value, figures(gain.Compute(parts[value]), shown.Gain(c), shown.Later(c, 0), shown.Retained(c, 0))})
		}
	}
	return r
}

func figures(g gain.Gain, shown, later, retained bool) gainFigures {
	if !shown {
		return gainFigures{Suppressed: true}
	}
	if !retained {
		g.Later.ForgetEarlier()
	}
	f := gainFigures{
		Matched: &g.Matched, Lost: &g.Lost, MeanPre: known(g.MeanPre), MeanPost: known(g.MeanPost), Difference: known(g.Difference), DZ: known(g.DZ), G: known(g.G),
		MeanIndividual: known(g.MeanG), Ceiling: &g.Ceiling,
	}
	constant := g.Constant()
	if f.Constant = &constant; !constant && !gain.IsMissing(g.Low) {
		f.CI95 = &[2]float64{g.Low, g.High}
	}
	if g.Band != gain.NoBand {
		f.Band = &g.Band
	}
	if later {
		f.Later = retainFigures{&g.Later.N, known(g.Later.MeanPre), known(g.Later.MeanPost), known(g.Later.MeanLater), known(g.Later.Share)}
	}
	return f
}

func known(x float64) *float64 {
	if gain.IsMissing(x) {
		return nil
	}
	return &x
}

// WriteJSON writes the report as one JSON object.
func (r FileReport) WriteJSON(w io.Writer) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	return e.Encode(r)
}

// WriteTable writes the report for reading: the figures of all line by line, and a table of the groups.
func (r FileReport) WriteTable(w io.Writer) error {
	var lines strings.Builder
	r.writeLines(&lines)
	if err := align(w, lines.String(), 0); err != nil {
		return err
	}
	lines.Reset()
	r.writeOfAll(&lines)
	if err := align(w, lines.String(), 0); err != nil {
		return err
	}
	if len(r.Groups) > 0 {
		lines.Reset()
		lines.WriteString("\ngroup\tmatched\tlost\tbefore\tafter\tdifference\tg\t\tlater n\tretained\t\n")
		for _, g := range r.Groups {
			g.writeRow(&lines)
		}
		if err := align(w, lines.String(), tabwriter.AlignRight); err != nil {
			return err
		}
	}
	_, err := fmt.Fprintf(w, `
Scores are per cent, the difference is in percentage points, both of the matched (finished before and after), with the
paired t interval. g = (after - before) / (100 - before) of the means, after Hake: below 0.3 low, to 0.7 medium, above
high. This is the gain on this test, of those who took it twice; the lost may have learned more or less. "-" cannot be
computed; of groups, figures of fewer than %d people, or from which those of so few could be computed, are not shown. There
is a retained share where the gain is a percentage point or more and its interval lies above zero. "As their like" are
the matched of the same score before (regression estimate); the form effect is how much easier the second form is, told
by those who began with one and those who began with the other.
`, disclosure.LeastGroup)
	return err
}

func (f gainFigures) writeLines(t *strings.Builder) {
	fmt.Fprintf(t, "matched\t%d\nlost\t%d\n", *f.Matched, *f.Lost)
	if f.Suppressed {
		fmt.Fprintf(t, "figures\tnot shown: fewer than %d matched\n", disclosure.LeastGroup)
		return
	}
	interval, band := "-", ""
	if *f.Constant {
		interval = "none: all differences are the same, so there is no spread to tell by how far others may differ"
	}
	if f.CI95 != nil {
		interval = fmt.Sprintf("%.2f to %.2f", f.CI95[0], f.CI95[1])
	}
	if f.Band != nil {
		band = " " + string(*f.Band)
	}
	ceiling := "no"
	if *f.Ceiling {
		ceiling = "yes: more than 15 % had 90 or more before"
	}
	fmt.Fprintf(t, "mean before\t%s\nmean after\t%s\n", decimals(f.MeanPre, 2), decimals(f.MeanPost, 2))
	fmt.Fprintf(t, "difference\t%s\n95 %% interval\t%s\ndz\t%s\ngain g\t%s%s\n", decimals(f.Difference, 2), interval, decimals(f.DZ, 2), decimals(f.G, 4), band)
	fmt.Fprintf(t, "mean of individual g\t%s\nceiling\t%s\n", decimals(f.MeanIndividual, 4), ceiling)
	l := f.Later
	fmt.Fprintf(t, "later: n\t%d\n", *l.N)
	if l.MeanLater != nil {
		fmt.Fprintf(t, "  mean before\t%s\n  mean after\t%s\n  mean later\t%s\n  retained share\t%s\n",
			decimals(l.MeanPre, 2), decimals(l.MeanPost, 2), decimals(l.MeanLater, 2), decimals(l.Retained, 4))
	} else if *l.N > 0 {
		fmt.Fprintf(t, "  figures\tnot shown: fewer than %d\n", disclosure.LeastGroup)
	}
}

func (g fileGroup) writeRow(t *strings.Builder) {
	name := fmt.Sprintf("%s = %s", g.Column, g.Value)
	if g.Suppressed {
		fmt.Fprintf(t, "%s\tnot shown\t\t\t\t\t\t\t\t\t\n", name)
		return
	}
	band, n, retained := "", "-", "-"
	if g.Band != nil {
		band = string(*g.Band)
	}
	if g.Later.N != nil {
		n, retained = fmt.Sprint(*g.Later.N), decimals(g.Later.Retained, 4)
	}
	fmt.Fprintf(t, "%s\t%d\t%d\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t\n", name, *g.Matched, *g.Lost, decimals(g.MeanPre, 2), decimals(g.MeanPost, 2),
		decimals(g.Difference, 2), decimals(g.G, 4), band, n, retained)
}

// align writes lines of cells, each of which ends with a tab, in columns.
func align(w io.Writer, lines string, flags uint) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', flags)
	if _, err := io.WriteString(t, lines); err != nil {
		return err
	}
	return t.Flush()
}

func decimals(x *float64, n int) string {
	if x == nil {
		return "-"
	}
	return fmt.Sprintf("%.*f", n, *x)
}
