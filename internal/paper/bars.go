package paper

// Bar is one of a chart: a figure with its name.
type Bar struct {
	Label string
	Value float64
	Text  string // of the value, behind the bar
}

// colour of a bar: dark enough to be told from paper when printed in black.
var barInk = RGB{44, 94, 99}

// Bars draws lying bars from nought, all on one scale that goes to full or, where a bar is longer, to the longest, each with its name before it and its figure behind.
// A screen reader is told the description; the figures belong into a table beside it, since a chart alone is for who sees.
func (f *Flow) Bars(description string, full float64, bars []Bar) {
	const high, gap, names, figures = 4.2, 1.8, 62.0, 22.0
	style := Style{Size: 8.5, Colour: black}
	most := full
	for _, b := range bars {
		most = max(most, b.Value)
	}
	if most <= 0 || len(bars) == 0 {
		return
	}
	room := f.width() - names - figures
	for len(bars) > 0 {
		f.Need(3 * (high + gap))
		n := min(len(bars), max(1, int(f.rest()/(high+gap))))
		part := bars[:n]
		bars = bars[n:]
		f.page.Figure(description, func() {
			for i, b := range part {
				f.page.Rect(marginLeft+names, f.y+float64(i)*(high+gap), max(hair, room*b.Value/most), high, barInk)
			}
		})
		for _, b := range part {
			label := f.page.Wrap(style, names-2, b.Label)[0]
			f.page.Line(artifact, marginLeft, f.y, names-2, high, style, Left, label)
			f.page.Line(artifact, marginLeft+names+max(hair, room*b.Value/most)+1.5, f.y, figures, high, style, Left, b.Text)
			f.y += high + gap
		}
	}
}
