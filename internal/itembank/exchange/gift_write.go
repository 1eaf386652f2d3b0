package exchange

import (
	"strconv"
	"strings"

	"ostoja/internal/item"
)

// giftEscape writes the characters that mean something in GIFT.
var giftEscape = strings.NewReplacer(`\`, `\\`, "#", `\#`, "=", `\=`, "~", `\~`, "{", `\{`, "}", `\}`, ":", `\:`, "\n", `\n`)

// giftStep writes a step of an ordering question, in which Moodle takes no backslash off: signs are entities there, as its format
// is HTML. Line ends would part steps.
var giftStep = strings.NewReplacer("\n", " ", `\`, "&#92;", "{", "&#123;", "}", "&#125;", "##", "&#35;&#35;", "=", "&#61;", "~", "&#126;", "//", "/&#47;", "::", ":&#58;", "$CATEGORY:", "$CATEGORY&#58;")

// giftText escapes a text. One that begins with a bracket could be taken for one with a format's name before it, so it gets one.
func giftText(s string) string {
	if strings.HasPrefix(s, "[") {
		return "[html]" + giftEscape.Replace(s)
	}
	return giftEscape.Replace(s)
}

// gift writes a question; ok is false if it is left out.
func (w *writer) gift(b *strings.Builder, q *question) (ok bool) {
	if q.arrow() {
		w.losses.add("exchange.loss.reserved", "Text", "->")
		return false
	}
	id, tags := w.identify(q), w.tags(q)
	if chosen(q.kind) && q.noShuffle != q.inPlace() {
		tags = append(tags, tagShuffle+"="+strconv.FormatBool(!q.noShuffle))
	}
	if id != "" || len(tags) > 0 {
		b.WriteString("//")
		if id != "" {
			b.WriteString(" [id:" + id + "]")
		}
		for _, t := range tags {
			b.WriteString(" [tag:" + strings.ReplaceAll(t, "]", `\]`) + "]")
		}
		b.WriteByte('\n')
	}
	if id != "" {
		b.WriteString("::" + id + "::")
	}
	b.WriteString("[html]" + giftEscape.Replace(q.text) + "{")
	w.giftAnswers(b, q)
	if q.explanation != "" {
		b.WriteString("\n\t####" + giftText(q.explanation))
	}
	b.WriteString("\n}\n\n")
	return true
}

// arrow says whether the question has an arrow where GIFT would take it for that of a pair; it cannot be escaped.
func (q *question) arrow() bool {
	for _, p := range q.pairs {
		if strings.Contains(p.left, "->") {
			return true
		}
	}
	for _, s := range q.accept {
		if strings.Contains(s, "->") {
			return true
		}
	}
	return false
}

func (w *writer) giftAnswers(b *strings.Builder, q *question) {
	switch q.kind {
	case item.Number:
		b.WriteString("#\n\t=%100%" + strconv.FormatFloat(q.answer, 'g', -1, 64) + ":" + strconv.FormatFloat(q.tolerance, 'g', -1, 64)) // in short Moodle would not read a 0
		if q.unit != "" {
			w.losses.add("exchange.loss.unit", "Unit", q.unit)
		}
	case item.ShortText:
		for _, s := range q.accept {
			b.WriteString("\n\t=%100%" + giftText(starred.Replace(s)))
		}
	case item.Order:
		b.WriteString(">0 ALL VERTICAL RELATIVE_NEXT_EXCLUDE_LAST SHOW none")
		for _, o := range q.options {
			b.WriteString("\n\t" + giftStep.Replace(o.text))
		}
	case item.Match:
		for _, p := range q.pairs {
			b.WriteString("\n\t=" + giftText(p.left) + " -> " + giftEscape.Replace(p.right))
		}
	default:
		fractions := q.fractions()
		for i, o := range q.options {
			b.WriteString("\n\t" + giftWeight(q, fractions[i], o.text) + giftText(o.text))
			if o.feedback != "" {
				b.WriteString("#" + giftText(o.feedback))
			}
		}
	}
}

// giftWeight returns the sign before an option. A weight of nothing is written where the text would be taken for a weight.
func giftWeight(q *question, fraction float64, text string) string {
	switch {
	case fraction == 100 && q.kind != item.Multiple:
		return "="
	case fraction == 0 && !strings.HasPrefix(text, "%"):
		return "~"
	}
	return "~%" + percent(fraction) + "%"
}
