package itembankweb

import (
	"slices"
	"strconv"
	"strings"

	"ostoja/internal/item"
	"ostoja/internal/itembank"
	"ostoja/internal/lang"
	"ostoja/internal/ui"
)

// itemParts is what differs between the shown version of an item and the one before: its settings, and its words in each language.
func itemParts(p *lang.Printer, v itemView) (parts []ui.DiffPart) {
	add := func(label, was, is, tag string) {
		if was != is {
			parts = append(parts, ui.DiffPart{Label: label, Before: was, After: is, Lang: tag})
		}
	}
	was, is := v.Before, &v.Shown
	add(p.T("item.edit.type"), p.T("item.type."+string(was.Type)), p.T("item.type."+string(is.Type)), "")
	add(p.T("assessment.item.objective"), v.Titles.ofItem(*was, p.Tag()), v.Titles.ofItem(*is, p.Tag()), "")
	add(p.T("assessment.report.topic"), p.T("assessment.topic."+was.Topic), p.T("assessment.topic."+is.Topic), "")
	add(p.T("assessment.item.level"), p.T("assessment.level."+strconv.Itoa(was.Level)), p.T("assessment.level."+strconv.Itoa(is.Level)), "")
	langs := slices.Clone(was.Languages)
	for _, l := range is.Languages {
		if !slices.Contains(langs, l) {
			langs = append(langs, l)
		}
	}
	for _, l := range langs {
		add(p.T("item.edit.question-in", "Lang", p.Language(l)), was.Content.Question[l], is.Content.Question[l], l)
		add(p.T("assessment.item.answers-in", "Lang", p.Language(l)), answers(p, was, l), answers(p, is, l), l)
		add(p.T("item.edit.explanation-in", "Lang", p.Language(l)), was.Content.Explanation[l], is.Content.Explanation[l], l)
	}
	return parts
}

// answers are the parts of an item with what is right, a line each.
func answers(p *lang.Printer, v *itembank.Version, l string) string {
	var b strings.Builder
	line := func(words, mark string) {
		b.WriteString("– " + words)
		if mark != "" {
			b.WriteString(" (" + mark + ")")
		}
		b.WriteString("\n")
	}
	c := &v.Content
	for _, o := range c.Options {
		mark := ""
		switch {
		case v.Type == item.Step:
			mark = p.T("item.rating." + string(o.Rating))
		case o.Correct:
			mark = p.T("ui.right")
		}
		line(o.Text[l], mark)
	}
	for _, o := range c.Steps {
		line(o.Text[l], "")
	}
	for _, x := range c.Pairs {
		line(x.Left[l]+" → "+x.Right[l], "")
	}
	for _, a := range c.Accept[l] {
		line(a, "")
	}
	if v.Type == item.Number {
		line(strings.TrimSpace(exact(p, c.Answer)+" ± "+exact(p, c.Tolerance)+" "+c.Unit[l]), "")
	}
	return b.String()
}

// exact writes a number with all of its decimals, so that none of two that differ looks like the other.
func exact(p *lang.Printer, x float64) string {
	_, decimals, _ := strings.Cut(strconv.FormatFloat(x, 'f', -1, 64), ".")
	return p.Float(x, len(decimals))
}
