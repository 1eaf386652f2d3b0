package exchange

import (
	"strconv"
	"strings"

	"ostoja/internal/item"
)

// xmlEscape writes text between tags. Line ends stay as they are, so that people can read the file.
var xmlEscape = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

// xmlText writes a text, as Moodle does: where it has signs of XML, in a section in which they are none.
func xmlText(s string) string {
	if strings.ContainsAny(s, "<&") && !strings.Contains(s, "]]>") {
		return "<![CDATA[" + s + "]]>"
	}
	return xmlEscape.Replace(s)
}

// moodleTypes are Moodle's names of the types.
var moodleTypes = map[item.Type]string{
	item.Single: "multichoice", item.Multiple: "multichoice", item.Step: "multichoice", item.Order: "ordering", item.Match: "matching",
	item.Number: "numerical", item.ShortText: "shortanswer",
}

// xmlWriter writes elements, each on a line of its own.
type xmlWriter struct {
	b      *strings.Builder
	indent int
}

func (x *xmlWriter) line(s string) {
	x.b.WriteString(strings.Repeat("  ", x.indent) + s + "\n")
}

// open begins an element with attributes as they stand in XML.
func (x *xmlWriter) open(name, attributes string) {
	if attributes != "" {
		attributes = " " + attributes
	}
	x.line("<" + name + attributes + ">")
	x.indent++
}

func (x *xmlWriter) close(name string) {
	x.indent--
	x.line("</" + name + ">")
}

func (x *xmlWriter) element(name, content string) {
	x.line("<" + name + ">" + xmlText(content) + "</" + name + ">")
}

const isHTML = `format="html"`

// text writes an element that holds a text element.
func (x *xmlWriter) text(name, attributes, content string) {
	x.open(name, attributes)
	x.element("text", content)
	x.close(name)
}

// moodle writes a question. Every item has a form in Moodle, so it is always ok.
func (w *writer) moodle(b *strings.Builder, q *question) (ok bool) {
	x := &xmlWriter{b: b, indent: 1}
	id, tags := w.identify(q), w.tags(q)
	x.open("question", `type="`+moodleTypes[q.kind]+`"`)
	name := id
	if name == "" {
		name = "q" + strconv.Itoa(w.written+1) // Moodle takes no question without a name
	}
	x.text("name", "", name)
	x.text("questiontext", isHTML, q.text)
	x.text("generalfeedback", isHTML, q.explanation)
	x.element("defaultgrade", "1")
	x.element("penalty", "0")
	x.element("hidden", "0")
	x.element("idnumber", id)
	x.answers(q)
	if len(tags) > 0 {
		x.open("tags", "")
		for _, t := range tags {
			x.text("tag", "", t)
		}
		x.close("tags")
	}
	x.close("question")
	return true
}

func (x *xmlWriter) answers(q *question) {
	switch q.kind {
	case item.Order:
		x.ordering(q)
	case item.Match:
		x.element("shuffleanswers", "true")
		for _, p := range q.pairs {
			x.open("subquestion", isHTML)
			x.element("text", p.left)
			x.text("answer", "", p.right)
			x.close("subquestion")
		}
	case item.Number:
		x.open("answer", `fraction="100" format="moodle_auto_format"`)
		x.element("text", strconv.FormatFloat(q.answer, 'g', -1, 64))
		x.element("tolerance", strconv.FormatFloat(q.tolerance, 'g', -1, 64))
		x.close("answer")
		x.units(q.unit)
	case item.ShortText:
		x.element("usecase", "0")
		for _, s := range q.accept {
			x.text("answer", `fraction="100" format="plain_text"`, starred.Replace(s))
		}
	default:
		x.choices(q)
	}
}

func (x *xmlWriter) choices(q *question) {
	x.element("single", strconv.FormatBool(q.kind != item.Multiple))
	x.element("shuffleanswers", strconv.FormatBool(!q.noShuffle))
	x.element("answernumbering", "abc")
	for i, fraction := range q.fractions() {
		x.open("answer", `fraction="`+percent(fraction)+`" `+isHTML)
		x.element("text", q.options[i].text)
		if feedback := q.options[i].feedback; feedback != "" {
			x.text("feedback", isHTML, feedback)
		}
		x.close("answer")
	}
}

// ordering writes the steps in their order, with the grading that counts as [item.Item.Score] does: the neighbours that
// follow each other rightly.
func (x *xmlWriter) ordering(q *question) {
	x.element("layouttype", "VERTICAL")
	x.element("selecttype", "ALL")
	x.element("selectcount", "0")
	x.element("gradingtype", "RELATIVE_NEXT_EXCLUDE_LAST")
	x.element("showgrading", "SHOW")
	x.element("numberingstyle", "none")
	x.element("shownumcorrect", "1") // without it Moodle 4.4 and later take in nothing of the file
	for i, o := range q.options {
		x.text("answer", `fraction="`+strconv.Itoa(i+1)+`.0000000" `+isHTML, o.text)
	}
}

// units writes the unit as one that may be left out of an answer.
func (x *xmlWriter) units(unit string) {
	if unit == "" {
		return
	}
	x.open("units", "")
	x.open("unit", "")
	x.element("multiplier", "1")
	x.element("unit_name", unit)
	x.close("unit")
	x.close("units")
	x.element("unitgradingtype", "0")
	x.element("unitpenalty", "0")
	x.element("showunits", "0")
	x.element("unitsleft", "0")
}
