package measurementweb

import (
	"strings"

	"ostoja/internal/lang"
	"ostoja/internal/measurement"
	"ostoja/internal/ui"
)

func waveOptions(p *lang.Printer) []ui.Option {
	var options []ui.Option
	for _, w := range measurement.FollowUps {
		options = append(options, ui.Option{Value: string(w), Label: p.T("assessment.wave." + string(w))})
	}
	return options
}

func measurementPairs(p *lang.Printer, v measurementView) []ui.Pair {
	pairs := []ui.Pair{{Term: p.T("assessment.competence-test"), Text: v.TestTitle.In(p.Tag())}, {Term: p.T("assessment.measure.kind"), Text: p.T("assessment.measure.kind-" + string(v.Kind))}}
	add := func(key, text string) {
		if text != "" {
			pairs = append(pairs, ui.Pair{Term: p.T(key), Text: text})
		}
	}
	if v.Kind == measurement.OfTraining {
		add("assessment.measure.held", p.DateTime(v.HeldFrom)+" – "+p.DateTime(v.HeldUntil))
		add("assessment.measure.place", v.Place)
	}
	add("assessment.measure.project", v.Project)
	var waves []string
	for _, w := range v.Waves {
		waves = append(waves, p.T("assessment.wave."+string(w)))
	}
	add("assessment.measure.waves", strings.Join(waves, ", "))
	add("assessment.measure.participants", p.Int(v.Participants))
	return pairs
}

// mayAdd says whether adding people is what the page is for; the report is, once nobody is added any more.
func (v measurementView) mayAdd() bool {
	return v.MayWrite && v.Kind == measurement.OfTraining && v.ClosedAt.IsZero()
}

// reportKind keeps a page to one filled button.
func reportKind(v measurementView) ui.Kind {
	if v.mayAdd() {
		return ui.Plain
	}
	return ui.Action
}

func waveBars(p *lang.Printer, m measurement.Listed) []ui.Bar {
	var bars []ui.Bar
	for _, w := range m.AllWaves() {
		bars = append(bars, ui.Bar{Label: p.T("assessment.wave." + string(w)), Value: float64(m.Done[w]), Of: float64(max(1, m.Participants)), Text: p.T("assessment.measure.done-of", "Done", p.Int(m.Done[w]), "Of", p.Int(m.Participants))})
	}
	return bars
}
