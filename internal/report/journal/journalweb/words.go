package journalweb

import (
	"strconv"

	"ostoja/internal/lang"
	"ostoja/internal/project"
	"ostoja/internal/report/journal"
	"ostoja/internal/ui"
)

// asked says who asks a duty.
func asked(p *lang.Printer, d journal.Duty, names map[string]string) string {
	if !d.Asked {
		return p.T("journal.asked-no-more", "Fund", names[d.Says.FundID])
	}
	return names[d.Says.FundID]
}

func metWords(p *lang.Printer, d journal.Duty) string {
	if d.Says.Met == "" {
		return p.T("journal.met-nothing")
	}
	return p.T("journal.met-" + string(d.Says.Met))
}

func metKind(d journal.Duty) ui.Kind {
	if d.Asked && (d.Says.Met == "" || d.Says.Met == journal.NotDone) {
		return ui.Waiting
	}
	return ui.Plain
}

// proofWords says what proof there is of a duty.
func proofWords(p *lang.Printer, d journal.Duty) string {
	switch {
	case d.Says.Proof == journal.NoProof:
		return ""
	case d.Says.Proof == journal.Address:
		return d.Says.Address
	case d.Entry.BlobHash == "":
		return p.T("journal.proof-gone")
	}
	return p.T("journal.proof-"+string(d.Says.Proof)) + ": " + d.Says.Shows
}

func riskState(r journal.Risk) string {
	if r.Closed == "" {
		return "open"
	}
	return "closed"
}

func dayWords(p *lang.Printer, day string) string {
	if day == "" {
		return "–"
	}
	return p.DateOf(day)
}

// openPeriods are the periods in which something can be written.
func openPeriods(p *lang.Printer, x project.Page) (list []ui.Option) {
	for _, period := range x.Periods {
		if period.Open {
			list = append(list, ui.Option{Value: period.ID, Label: p.T("project.period", "Number", period.Number)})
		}
	}
	return list
}

func annexes(p *lang.Printer, x project.Page) []ui.Option {
	list := []ui.Option{{Value: "0", Label: p.T("journal.no-annex")}}
	for _, a := range x.Annexes {
		if a.Number > 0 {
			list = append(list, ui.Option{Value: strconv.Itoa(a.Number), Label: p.T("journal.annex-n", "Number", a.Number, "Day", p.DateOf(a.Since))})
		}
	}
	return list
}

func plain[T ~string](list []T) (out []string) {
	for _, x := range list {
		out = append(out, string(x))
	}
	return out
}

// riskPairs are what an entry says of a risk.
func riskPairs(p *lang.Printer, r journal.Risk) []ui.Pair {
	return pairs(p, "journal.risk", r.What, "journal.likelihood", p.T("journal.degree-"+string(r.Likelihood)), "journal.impact", p.T("journal.degree-"+string(r.Impact)), "journal.measure", r.Measure,
		"journal.watcher", r.Watcher, "journal.opened", dayWords(p, r.Opened), "journal.closed", dayWords(p, r.Closed), "journal.note", r.Note)
}

// changePairs are what an entry says of a change.
func changePairs(p *lang.Printer, c journal.Change) []ui.Pair {
	annex := ""
	if c.Annex > 0 {
		annex = p.Int(c.Annex)
	}
	return pairs(p, "journal.change", c.What, "journal.why", c.Why, "journal.asked", dayWords(p, c.Asked), "journal.state", p.T("journal.answer-"+string(c.Answer)), "journal.answered", dayWords(p, c.Day),
		"journal.annex", annex, "journal.note", c.Note)
}

// pairs are terms by their keys with what is said of them; what is empty is left out.
func pairs(p *lang.Printer, keysAndTexts ...string) (list []ui.Pair) {
	for i := 0; i+1 < len(keysAndTexts); i += 2 {
		if keysAndTexts[i+1] != "" {
			list = append(list, ui.Pair{Term: p.T(keysAndTexts[i]), Text: keysAndTexts[i+1]})
		}
	}
	return list
}

// written says when an entry was written, in which period and by whom.
func written(p *lang.Printer, e journal.Entry) string {
	return p.T("journal.written", "Moment", p.DateTime(e.At), "Period", e.Period, "Name", e.By)
}
