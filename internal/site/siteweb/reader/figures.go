package reader

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"slices"
	"strconv"

	"ostoja/internal/site/content"
	"ostoja/internal/site/visits"
)

// figuresDir is where the office's public figures stand.
const figuresDir = "figures/"

// figurePages makes the page of the office's public figures, and its files for programs, if somebody has confirmed any.
func (b *builder) figurePages(ctx context.Context, tag string) error {
	list := b.snap.Figures
	if len(list) == 0 {
		return nil
	}
	v := b.view(tag, tag+"/"+figuresDir, nil)
	v.tab = v.T("figures.title")
	if err := b.page(ctx, v, visits.Visit{Page: "figures", Lang: tag}, false, figures(v, list)); err != nil {
		return err
	}
	if b.mode != live {
		return nil
	}
	body, err := json.MarshalIndent(v.figureFile(list), "", "  ")
	if err != nil {
		return err
	}
	b.put(draft{path: v.path + "figures.json", mediaType: "application/json", body: append(body, '\n')})
	body, err = v.figureSheet(list)
	b.put(draft{path: v.path + "figures.csv", mediaType: "text/csv; charset=utf-8", body: body})
	return err
}

// figureLine is a figure in a file: what the page says, in the page's language.
type figureLine struct {
	content.PublicFigure
	Name       string `json:"name"`
	Definition string `json:"definition"`
}

func (v *view) figureFile(list []content.PublicFigure) (lines []figureLine) {
	for _, f := range list {
		lines = append(lines, figureLine{f, v.T("figures.name-" + f.Figure), v.T("figures.how-" + f.Figure)})
	}
	return lines
}

func (v *view) figureSheet(list []content.PublicFigure) ([]byte, error) {
	var out bytes.Buffer
	w := csv.NewWriter(&out)
	rows := [][]string{{"year", "figure", "name", "number", "at_least", "counted_on", "definition"}}
	for _, f := range v.figureFile(list) {
		rows = append(rows, []string{strconv.Itoa(f.Year), f.Figure, f.Name, strconv.FormatFloat(f.N, 'f', -1, 64), strconv.FormatBool(f.AtLeast), f.CountedOn, f.Definition})
	}
	err := w.WriteAll(rows)
	return out.Bytes(), err
}

// figureYears are the years of figures, the latest first.
func figureYears(list []content.PublicFigure) (years []int) {
	for _, f := range list {
		if !slices.Contains(years, f.Year) {
			years = append(years, f.Year)
		}
	}
	return years
}

// figureKinds are the figures that the page shows, each once, in their order.
func figureKinds(list []content.PublicFigure) (keys []string) {
	for _, key := range content.FigureKeys {
		if slices.ContainsFunc(list, func(f content.PublicFigure) bool { return f.Figure == key }) {
			keys = append(keys, key)
		}
	}
	return keys
}

func (v *view) figure(f content.PublicFigure) string {
	if f.AtLeast {
		return v.T("figures.at-least", "N", v.Number(f.N))
	}
	return v.Number(f.N)
}

// figuresOf are those of a year.
func figuresOf(list []content.PublicFigure, year int) (of []content.PublicFigure) {
	for _, f := range list {
		if f.Year == year {
			of = append(of, f)
		}
	}
	return of
}

// countedOn is the last day on which one of a year's figures was counted.
func countedOn(list []content.PublicFigure) (day string) {
	for _, f := range list {
		day = max(day, f.CountedOn)
	}
	return day
}
