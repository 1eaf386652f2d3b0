package course

import (
	"fmt"
	"html"
	"io/fs"
	"slices"
	"strings"
	"time"

	"ostoja/internal/course/folder"
	"ostoja/internal/course/yamlfile"
	"ostoja/internal/item"
	"ostoja/internal/prose"
)

// lessonFile reads a lesson: its head, then Markdown with blocks.
func (l *loader) lessonFile(file, lessonID, lang string) {
	content, err := fs.ReadFile(l.fsys, file)
	if err != nil {
		l.faults.Add(folder.Place{File: file}, "write the lesson, or take it out of course.yaml", "the lesson %q is missing in %q", lessonID, lang)
		return
	}
	l.use(file)
	if len(content) > maxLesson {
		l.faults.Add(folder.Place{File: file}, "split the lesson", "the lesson is larger than 200 kB")
		return
	}
	source := strings.ReplaceAll(string(content), "\r\n", "\n")
	rest, ok := strings.CutPrefix(source, "---\n")
	head, body, closed := strings.Cut(rest, "\n---\n")
	if !ok || !closed {
		l.faults.Add(folder.Place{File: file, Line: 1}, "begin with ---, then title, minutes, objectives, then ---", "the lesson has no head")
		return
	}
	v := yamlfile.Parse(file, []byte(head), 1, &l.faults)
	if !v.Keys("title", "minutes", "objectives") {
		return
	}
	lesson := &Lesson{ID: lessonID, Lang: lang, Title: v.Need("title").Str(), Minutes: v.Need("minutes").Integer(1, 240), Objectives: l.objectivesOf(v.Need("objectives"))}
	first := 1 + strings.Count(head, "\n") + 2 + 1
	p := &page{course: l.course, lang: lang, media: l.course.mediaBase, size: l.course.size}
	lesson.Segments = l.segments(p, file, first, body)
	if len(lesson.Segments) == 0 {
		l.faults.Add(folder.Place{File: file, Line: first}, "", "the lesson is empty")
	}
	if l.course.lessons[lessonID] == nil {
		l.course.lessons[lessonID] = map[string]*Lesson{}
	}
	l.course.lessons[lessonID][lang] = lesson
}

// block is a ::: block of a lesson.
type block struct {
	name       string
	attributes map[string]string
	body       string
	at         folder.Place // of its first line
}

// segments splits a lesson's body at its blocks and renders each piece.
func (l *loader) segments(p *page, file string, first int, body string) []Segment {
	var out []Segment
	emit := func(s Segment) {
		if n := len(out); s.Check == nil && n > 0 && out[n-1].Check == nil {
			out[n-1].HTML += s.HTML // one piece of HTML, as long as nothing to answer comes between
			return
		}
		out = append(out, s)
	}
	pieces, faults := prose.Split(body, first)
	for _, f := range faults {
		l.faults.Add(folder.Place{File: file, Line: f.Line}, f.Hint, "%s", f.Text)
	}
	for _, piece := range pieces {
		where := folder.Place{File: file, Line: piece.Line}
		if piece.Block == "" {
			l.checkMarkdown(where, piece.Text)
			emit(Segment{HTML: p.render(piece.Text)})
			continue
		}
		l.outlines[file] = append(l.outlines[file], strings.TrimSpace(piece.Block+" "+piece.Attributes["id"]+piece.Attributes["block"]))
		if piece.Block == "pack" {
			if b := (block{name: piece.Block, attributes: piece.Attributes, body: piece.Text, at: where}); l.hasAttributes(b) {
				for _, s := range l.packBlock(p, b) {
					emit(s)
				}
			}
			continue
		}
		if s, ok := l.block(p, block{name: piece.Block, attributes: piece.Attributes, body: piece.Text, at: where}); ok {
			emit(s)
		}
	}
	return out
}

// blockAttributes lists each block's attributes; those with a star are required.
var blockAttributes = map[string][]string{
	"definition": {"term*"}, "key": {"id"}, "law": {"source*", "url", "checked*", "confirm"}, "warning": {}, "reveal": {"label*"}, "compare": {},
	"example": {}, "audio": {"src*", "captions"}, "video": {"src*", "captions*"}, "check": {"items*"}, "pack": {"block*"},
}

// hasAttributes sees that there is such a block and that it has what it needs.
func (l *loader) hasAttributes(b block) bool {
	known, ok := blockAttributes[b.name]
	if !ok {
		var all []string
		for name := range blockAttributes {
			all = append(all, name)
		}
		slices.Sort(all)
		l.faults.Add(b.at, folder.DidYouMean(b.name, all), "there is no block %q", b.name)
		return false
	}
	var plainNames []string
	for _, k := range known {
		name, required := strings.CutSuffix(k, "*")
		plainNames = append(plainNames, name)
		if required && b.attributes[name] == "" {
			l.faults.Add(b.at, "write "+name+"=\"…\" after the block's name", "the block %q has no %s", b.name, name)
			ok = false
		}
	}
	for name := range b.attributes {
		if !slices.Contains(plainNames, name) {
			l.faults.Add(b.at, folder.DidYouMean(name, plainNames), "the block %q has no attribute %q", b.name, name)
		}
	}
	return ok
}

func (l *loader) block(p *page, b block) (Segment, bool) {
	if !l.hasAttributes(b) {
		return Segment{}, false
	}
	if b.name == "check" {
		return l.checkBlock(b)
	}
	for _, name := range []string{"term", "label", "source"} {
		l.checkSlots(b.at, b.attributes[name])
	}
	if strings.TrimSpace(b.body) == "" {
		l.faults.Add(b.at, "", "the block %q is empty", b.name)
		return Segment{}, false
	}
	l.story = b.name == "example"
	l.checkMarkdown(folder.Place{File: b.at.File, Line: b.at.Line + 1}, b.body)
	l.story = false
	if id := b.attributes["id"]; b.name == "key" && id != "" {
		l.keyPoint(p.lang, id, b)
	}
	return Segment{HTML: l.blockHTML(p, b)}, true
}

// keyPoint notes a key point that items can name as what they rest on.
func (l *loader) keyPoint(lang, id string, b block) {
	known := l.course.keyPoints
	switch {
	case !item.ValidID(id):
		l.faults.Add(b.at, "lower-case letters, digits and hyphens, a letter first", "%q cannot be an id", id)
	case known[id][lang] != "":
		l.faults.Add(b.at, "", "the key point %q is there twice", id)
	case known[id] == nil:
		known[id] = map[string]string{lang: b.body}
	default:
		known[id][lang] = b.body
	}
}

func (l *loader) checkBlock(b block) (Segment, bool) {
	var items []string
	for _, itemID := range strings.Fields(b.attributes["items"]) {
		switch it := l.course.items[itemID]; {
		case it == nil:
			l.add(b.at, folder.DidYouMean(itemID, l.course.itemIDs), "there is no item %q", itemID)
		case it.Use != item.UseCheck:
			l.faults.Add(b.at, "write use: check in the item, or ask another", "the item %q is for tests; asked in a lesson it would give its answer away", itemID)
		case slices.Contains(items, itemID):
			l.faults.Add(b.at, "", "the item %q is asked twice", itemID)
		default:
			items = append(items, itemID)
		}
	}
	if strings.TrimSpace(b.body) != "" {
		l.faults.Add(b.at, "put the text before the block", "a check block has no text of its own")
	}
	return Segment{Check: items}, len(items) > 0
}

// labels are the words that blocks show, by language. Another language of courses needs a line here.
var labels = map[string]map[string]string{
	"pl": {
		"definition": "Definicja", "key": "Najważniejsze", "law": "Prawo", "warning": "Ostrzeżenie o treści", "example": "Przykład fikcyjny", "compare": "Porównanie",
		"source": "Źródło", "checked": "stan na", "confirm": "czeka na potwierdzenie przez osobę redagującą", "transcript": "Zapis treści",
		"gone": "[do sprawdzenia: zapytaj osobę koordynującą]", "unconfirmed": "do potwierdzenia", "overdue": "niepotwierdzone od", "as-of": "stan na",
	},
	"en": {
		"definition": "Definition", "key": "Key point", "law": "Law", "warning": "Content warning", "example": "Fictional example", "compare": "Comparison",
		"source": "Source", "checked": "checked on", "confirm": "an editor has yet to confirm this", "transcript": "Transcript",
		"gone": "[to be checked: ask your coordinator]", "unconfirmed": "to be confirmed", "overdue": "not confirmed since", "as-of": "as of",
	},
}

// months are the names of the months as dates have them.
var months = map[string][]string{
	"pl": {"stycznia", "lutego", "marca", "kwietnia", "maja", "czerwca", "lipca", "sierpnia", "września", "października", "listopada", "grudnia"},
	"en": {"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"},
}

// inWords writes a day as the course's language does, such as 23 listopada 2026; as 2026-11-23 where we do not know how.
func inWords(day time.Time, lang string) string {
	m, ok := months[lang]
	if !ok {
		return day.Format(time.DateOnly)
	}
	return fmt.Sprintf("%d\u00a0%s %d", day.Day(), m[day.Month()-1], day.Year())
}

func label(lang, key string) string {
	if m, ok := labels[lang]; ok {
		return m[key]
	}
	return labels["en"][key]
}

func (l *loader) blockHTML(p *page, b block) string {
	body := p.render(b.body)
	esc := escaped
	head := func(text string) string { return `<p class="block-label">` + esc(text) + `</p>` }
	box := func(inner string) string {
		return fmt.Sprintf("<div class=\"block block-%s\">%s</div>\n", b.name, inner)
	}
	switch b.name {
	case "definition":
		return box(head(label(p.lang, "definition")) + `<p class="block-term"><dfn>` + esc(b.attributes["term"]) + `</dfn></p>` + body)
	case "law":
		return box(head(label(p.lang, "law")) + body + l.lawSource(p, b))
	case "reveal":
		return fmt.Sprintf("<details class=\"block block-reveal\"><summary>%s</summary><div class=\"block-body\">%s</div></details>\n", esc(b.attributes["label"]), body)
	case "compare":
		return box(head(label(p.lang, "compare")) + l.compare(p, b))
	case "audio", "video":
		return l.player(p, b, body)
	}
	return box(head(label(p.lang, b.name)) + body)
}

func (l *loader) lawSource(p *page, b block) string {
	day, err := time.Parse(time.DateOnly, b.attributes["checked"])
	if err != nil {
		l.faults.Add(b.at, "write the day as checked=2026-11-23", "%q is not a day", b.attributes["checked"])
	}
	if c := b.attributes["confirm"]; c != "" && c != "yes" && c != "no" {
		l.faults.Add(b.at, "confirm=yes while an editor has yet to confirm it", "confirm is yes or no")
	}
	source := escaped(b.attributes["source"])
	if u := b.attributes["url"]; u != "" {
		if !strings.HasPrefix(u, "https://") {
			l.faults.Add(b.at, "begin it with https://", "the address of the source is not safe")
		} else {
			source = `<a href="` + html.EscapeString(u) + `" rel="noopener noreferrer external">` + source + `</a>`
		}
	}
	s := fmt.Sprintf(`<p class="block-source">%s: %s; %s <time datetime="%s">%s</time>`, label(p.lang, "source"), source, label(p.lang, "checked"), day.Format(time.DateOnly), inWords(day, p.lang))
	if b.attributes["confirm"] == "yes" {
		s += ` <strong class="block-confirm">` + label(p.lang, "confirm") + `</strong>`
	}
	return s + `</p>`
}

// compare puts the parts of a comparison side by side; each begins with a heading of the third level.
func (l *loader) compare(p *page, b block) string {
	parts := strings.Split("\n"+b.body, "\n### ")
	if n := len(parts) - 1; n < 2 || n > 4 || strings.TrimSpace(parts[0]) != "" {
		l.faults.Add(b.at, "begin each of two to four parts with a line of ### and its heading", "a comparison has %d parts", n)
		return ""
	}
	var s strings.Builder
	s.WriteString(`<div class="compare">`)
	for _, part := range parts[1:] {
		// No heading element: a comparison may stand where a heading of the third level would skip one.
		title, rest, _ := strings.Cut(part, "\n")
		s.WriteString(`<div class="compare-part"><div class="compare-title">` + p.render(title) + `</div>` + p.render(rest) + `</div>`)
	}
	s.WriteString(`</div>`)
	return s.String()
}

func (l *loader) player(p *page, b block, transcript string) string {
	address := func(name string) string { return html.EscapeString(p.media + strings.TrimPrefix(name, "media/")) }
	l.checkMedium(b.at, b.attributes["src"], b.name+"/")
	track := ""
	if c := b.attributes["captions"]; c != "" {
		l.checkMedium(b.at, c, "text/vtt")
		track = fmt.Sprintf(`<track kind="captions" src="%s" srclang="%s" default>`, address(c), p.lang)
	}
	return fmt.Sprintf(`<div class="block block-%s"><%s controls preload="none" src="%s">%s</%s><details><summary>%s</summary><div class="block-body">%s</div></details></div>`+"\n",
		b.name, b.name, address(b.attributes["src"]), track, b.name, label(p.lang, "transcript"), transcript)
}
