package content

import "slices"

// FigureKeys are the figures of a year that can stand on the public page, in their order. The texts figures.name-… and figures.how-… of every language say what they are.
var FigureKeys = []string{"trainings", "people", "participations", "person-days", "certificates", "first-line", "guardians", "copies", "articles"}

// PublicFigure is a number of a year that the office tells everybody.
type PublicFigure struct {
	Year      int     `json:"year"`
	Figure    string  `json:"figure"`
	N         float64 `json:"number"`
	AtLeast   bool    `json:"at_least"`   // small numbers of single days are not in it
	CountedOn string  `json:"counted_on"` // 2026-11-30
}

// SortFigures brings figures into the order of the page: the latest year first, within it the order of [FigureKeys].
func SortFigures(list []PublicFigure) {
	slices.SortFunc(list, func(a, b PublicFigure) int {
		if a.Year != b.Year {
			return b.Year - a.Year
		}
		return slices.Index(FigureKeys, a.Figure) - slices.Index(FigureKeys, b.Figure)
	})
}
