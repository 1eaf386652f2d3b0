package course

import (
	"slices"
	"strings"

	"github.com/yuin/goldmark/ast"

	"ostoja/internal/course/folder"
	"ostoja/internal/course/markup"
	"ostoja/internal/fact"
	"ostoja/internal/prose"
)

// checkMarkdown finds what a text may not hold: raw HTML, unknown terms, addresses that lead nowhere or are not safe, and
// images without an alternative text. where is the line on which the text begins.
func (l *loader) checkMarkdown(where folder.Place, source string) {
	if line, hint, why := prose.Heavy(source); line > 0 {
		l.faults.Add(folder.Place{File: where.File, Line: where.Line + line - 1}, hint, "%s", why)
		return
	}
	l.said = append(l.said, said{where, source, l.story})
	src := []byte(source)
	markup.Each(src, func(n ast.Node, line int) {
		l.checkNode(folder.Place{File: where.File, Line: where.Line + line}, n, src)
	})
}

func (l *loader) checkNode(where folder.Place, n ast.Node, source []byte) {
	switch n := n.(type) {
	case *ast.HTMLBlock, *ast.RawHTML:
		l.faults.Add(where, "use Markdown and the blocks of docs/course-format.md; write &lt; for a literal <", "raw HTML")
	case *ast.Heading:
		if n.Level == 1 {
			l.faults.Add(where, "begin headings with ##: the title is the page's #", "a heading of the first level")
		}
	case *markup.Term:
		if l.course.Glossary[n.ID] == nil {
			known := make([]string, 0, len(l.course.Glossary))
			for id := range l.course.Glossary {
				known = append(known, id)
			}
			hint := folder.DidYouMean(n.ID, known)
			if strings.HasPrefix(hint, "known here") {
				hint = "add it to glossary.yaml"
			}
			l.add(where, hint, "there is no glossary term %q", n.ID)
		} else if from := l.course.Glossary[n.ID].file; from != "" {
			l.use(from)
		}
	case *markup.Slot:
		l.checkSlot(where, n.Slot)
	case *ast.Image:
		l.checkImage(where, n, source)
	case *ast.Link:
		target := string(n.Destination)
		if lesson, ok := strings.CutPrefix(target, "lesson:"); ok {
			if l.course.Part(LessonKey(lesson)) == nil {
				l.add(where, "", "there is no lesson %q to link to", lesson)
			}
		} else if !strings.HasPrefix(target, "https://") {
			l.faults.Add(where, "link to https://… or lesson:name", "a link to %q", target)
		}
	case *ast.AutoLink:
		if !strings.HasPrefix(string(n.URL(source)), "https://") {
			l.faults.Add(where, "link to https://…", "a link to %q", n.URL(source))
		}
	}
}

func (l *loader) checkImage(where folder.Place, n *ast.Image, source []byte) {
	name := string(n.Destination)
	if strings.TrimSpace(markup.Plain(n, source)) == "" {
		l.faults.Add(where, "say in ![…] what the picture shows, for those who cannot see it", "the image %q has no alternative text", name)
	}
	l.checkMedium(where, name, "image/")
	if p := n.Parent(); p == nil || p.Kind() != ast.KindParagraph || !markup.IsFigure(p) {
		l.faults.Add(where, "put the image on a line of its own, with empty lines around it", "the image %q stands within a text", name)
	}
}

func (l *loader) checkMedium(where folder.Place, name, mediaType string) {
	for _, m := range l.course.media {
		if m == name {
			l.used[name] = true
			if !strings.HasPrefix(folder.MediaType(name), mediaType) {
				l.faults.Add(where, "", "%q is of another kind: %s is wanted here", name, strings.TrimSuffix(mediaType, "/"))
			}
			return
		}
	}
	l.faults.Add(where, "put the file into media/", "there is no %q", name)
}

// checkSlot sees that a slot names a fact of the country's pack, in a case that there is, at a place where it may stand.
func (l *loader) checkSlot(where folder.Place, s fact.Slot) {
	if l.noSlots != "" {
		l.faults.Add(where, "write the item so that no answer depends on what changes", "the slot {%s} in %s", s.ID, l.noSlots)
	}
	if s.Form != "" && !slices.Contains(fact.Forms, s.Form) {
		l.faults.Add(where, folder.DidYouMean(s.Form, fact.Forms), "there is no case %q", s.Form)
	}
	if l.pack.Pack != nil && !l.pack.Has(s.ID) {
		names := l.pack.Names()
		slices.Sort(names)
		hint := folder.DidYouMean(s.ID, names)
		if strings.HasPrefix(hint, "known") {
			hint = "add it to the pack's facts.yaml or institutions.yaml"
		}
		l.add(where, hint, "the pack %s has no fact %q", l.pack.ID, s.ID)
	}
	if owned := l.course.facts[l.owner]; !slices.Contains(owned, s.ID) {
		l.course.facts[l.owner] = append(owned, s.ID)
	}
}

// checkSlots is checkSlot for each of a plain text.
func (l *loader) checkSlots(where folder.Place, text string) {
	for _, s := range fact.Slots(text) {
		l.checkSlot(where, s)
	}
}
