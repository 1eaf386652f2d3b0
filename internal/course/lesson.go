package course

import (
	"io/fs"
	"slices"
	"strings"
	"time"

	"ostoja/internal/course/folder"
	"ostoja/internal/course/markup"
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
	if !v.Keys("title", "minutes", "objectives", "indicators") {
		return
	}
	lesson := &Lesson{ID: lessonID, Lang: lang, Title: v.Need("title").Str(), Minutes: v.Need("minutes").Integer(1, 240), Objectives: l.objectivesOf(v.Need("objectives")), Indicators: v.Get("indicators").IDs()}
	l.indicates(v.Get("indicators").Place(), lesson.Indicators)
	first := 1 + strings.Count(head, "\n") + 2 + 1
	lesson.Segments = l.segments(l.course.page(lang, ""), file, first, body)
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
func (l *loader) segments(p *markup.Page, file string, first int, body string) []Segment {
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
			emit(Segment{HTML: p.HTML(piece.Text)})
			continue
		}
		l.outlines[file] = append(l.outlines[file], strings.Join(strings.Fields(strings.Join([]string{piece.Block, piece.Attributes["id"], piece.Attributes["block"], piece.Attributes["indicators"]}, " ")), " "))
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

// everyBlock are the attributes that each block may have.
var everyBlock = []string{"indicators"}

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
	for _, k := range slices.Concat(known, everyBlock) {
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
	l.blockIndicates(b)
	return ok
}

func (l *loader) block(p *markup.Page, b block) (Segment, bool) {
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
	before := l.story
	l.story = before || b.name == "example"
	l.checkMarkdown(folder.Place{File: b.at.File, Line: b.at.Line + 1}, b.body)
	l.story = before
	l.checkContent(b)
	if id := b.attributes["id"]; b.name == "key" && id != "" {
		l.keyPoint(p.Lang, id, b)
	}
	return Segment{HTML: p.Block(b.name, b.attributes, b.body)}, true
}

// checkContent finds what a block of some kind lacks.
func (l *loader) checkContent(b block) {
	switch b.name {
	case "law":
		l.checkSource(b)
	case "compare":
		if parts, ok := markup.Compared(b.body); !ok {
			l.faults.Add(b.at, "begin each of two to four parts with a line of ### and its heading", "a comparison has %d parts", len(parts))
		}
	case "audio", "video":
		l.checkMedium(b.at, b.attributes["src"], b.name+"/")
		if c := b.attributes["captions"]; c != "" {
			l.checkMedium(b.at, c, "text/vtt")
		}
	}
}

// checkSource finds what is wrong with where a block of law was read.
func (l *loader) checkSource(b block) {
	if _, err := time.Parse(time.DateOnly, b.attributes["checked"]); err != nil {
		l.faults.Add(b.at, "write the day as checked=2026-11-23", "%q is not a day", b.attributes["checked"])
	}
	if c := b.attributes["confirm"]; c != "" && c != "yes" && c != "no" {
		l.faults.Add(b.at, "confirm=yes while an editor has yet to confirm it", "confirm is yes or no")
	}
	if u := b.attributes["url"]; u != "" && !strings.HasPrefix(u, "https://") {
		l.faults.Add(b.at, "begin it with https://", "the address of the source is not safe")
	}
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
