package course

import (
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"ostoja/internal/course/folder"
	"ostoja/internal/course/markup"
	"ostoja/internal/course/programme"
	"ostoja/internal/course/yamlfile"
)

// programmeFile makes the folder of a course that of a classroom programme; the texts lie in programme/.
const programmeFile = "programme.yaml"

// slidesName is the document that holds all slides; the others are guide/BLOCK, handouts/NAME, cases/NAME and answers/NAME.
const slidesName = "slides"

// mostSlideWords is how many words a slide has at most: who reads a wall does not listen (Mayer, Multimedia Learning, 2009, chapter 12).
const mostSlideWords = 70

// Document returns a text of the classroom programme in a language, with the facts of the day: guide/BLOCK, handouts/NAME, cases/NAME,
// answers/NAME or slides. It is nil where there is none.
func (c *Course) Document(name, lang string) *programme.Document {
	d := c.documents[name][lang]
	if d == nil {
		return nil
	}
	filled := *d
	filled.Parts = slices.Clone(d.Parts)
	for i := range filled.Parts {
		filled.Parts[i].HTML = markup.Fill(c.book, filled.Parts[i].HTML, lang)
	}
	return &filled
}

// SelfStudy says whether there is anything that a person does alone. A folder with a classroom programme may have no lessons: nobody is
// enrolled in it.
func (c *Course) SelfStudy() bool { return len(c.parts) > 0 || c.Programme == nil }

// programme reads the agenda and all texts.
func (l *loader) programme() {
	v := l.readYAML(programmeFile)
	p := programme.Read(v, l)
	if p == nil {
		return
	}
	l.course.Programme = p
	if !l.course.SelfStudy() {
		l.course.Hours = p.Hours()
	}
	for _, b := range p.Blocks() {
		l.taught(b)
		if b.Guided() {
			l.guide(b)
		}
	}
	for _, name := range p.Handouts() {
		l.documents("handouts/"+name, false)
	}
	for _, name := range p.Cases() {
		l.documents("cases/"+name, true)
		l.documents("answers/"+name, false)
	}
	l.slides()
	l.enoughCases(v.Get("cases"))
	for _, o := range l.course.Objectives {
		if !slices.ContainsFunc(p.Blocks(), func(b programme.Block) bool { return b.Taught() && slices.Contains(b.Objectives, o.ID) }) {
			l.faults.Add(folder.Place{File: programmeFile}, "name it under objectives of a block", "no block teaches the objective %q", o.ID)
		}
		l.measured(o.ID)
	}
}

// taught sees that a block names objectives that there are, and notes its indicators.
func (l *loader) taught(b programme.Block) {
	where := folder.Place{File: programmeFile, Line: b.Line}
	for _, id := range b.Objectives {
		if !l.hasObjective(id) {
			l.faults.Add(where, folder.DidYouMean(id, l.objectiveIDs()), "the block %q names the objective %q, which there is not", b.ID, id)
		}
	}
	l.indicates(where, b.Indicators)
}

// measured sees that each form asks at least one item of an objective.
func (l *loader) measured(objectiveID string) {
	if len(l.course.Competences) == 0 {
		l.faults.Add(folder.Place{File: programmeFile}, "write parallel forms under forms/", "no competence test measures what the programme teaches")
	}
	for _, t := range l.course.Competences {
		for _, f := range t.Forms {
			if !slices.ContainsFunc(f.Items, func(itemID string) bool {
				it := l.course.items[itemID]
				return it != nil && it.Objective == objectiveID
			}) {
				l.faults.Add(folder.Place{File: "forms/" + t.ID + ".yaml"}, "ask at least one item of each objective", "form %s does not measure the objective %q", f.Name, objectiveID)
			}
		}
	}
}

// guide reads what the facilitator does in a block, minute by minute.
func (l *loader) guide(b programme.Block) {
	l.inLanguages("guide/"+b.ID, func(lang, file, source string) *programme.Document {
		d := &programme.Document{}
		for _, piece := range programme.Pieces(source) {
			where := folder.Place{File: file, Line: piece.Line + 1}
			minutes, title, ok := piece.Step()
			if !ok {
				l.faults.Add(where, "begin each step with a line such as \"## 5 min: Title\"", "here should be a step with its minutes")
				continue
			}
			d.Parts = append(d.Parts, programme.Part{Title: title, Minutes: minutes, Line: where.Line, HTML: l.piece(file, lang, piece)})
		}
		if sum := d.Minutes(); sum != b.Minutes {
			l.faults.Add(folder.Place{File: file}, "change the minutes of the steps, or of the block", "the steps take %d minutes and the block %q takes %d", sum, b.ID, b.Minutes)
		}
		return d
	})
}

// slides reads the slides of all blocks, which follow the agenda.
func (l *loader) slides() {
	var order []string
	for _, b := range l.course.Programme.Blocks() {
		order = append(order, b.ID)
	}
	l.inLanguages(slidesName, func(lang, file, source string) *programme.Document {
		d, last := &programme.Document{}, 0
		for _, piece := range programme.Pieces(source) {
			where := folder.Place{File: file, Line: piece.Line + 1}
			block, title, ok := piece.Slide()
			at := slices.Index(order, block)
			switch {
			case !ok:
				l.faults.Add(where, "begin each slide with a line such as \"## block: Title\"", "here should be a slide with its block")
				continue
			case at < 0:
				l.faults.Add(where, folder.DidYouMean(block, order), "there is no block %q", block)
				continue
			case at < last:
				l.faults.Add(where, "put the slides in the order of the agenda", "the slide of %q stands behind one of %q", block, order[last])
			}
			last = max(last, at)
			if n := len(strings.Fields(piece.Body)); n > mostSlideWords {
				l.faults.Add(where, "say it, and show less", "the slide has %d words, and at most %d are allowed", n, mostSlideWords)
			}
			d.Parts = append(d.Parts, programme.Part{Title: title, Block: block, Line: where.Line, HTML: l.piece(file, lang, piece)})
		}
		return d
	})
}

// documents reads a text with a head: a handout, a case or an answer.
func (l *loader) documents(name string, isCase bool) {
	l.inLanguages(name, func(lang, file, source string) *programme.Document {
		rest, ok := strings.CutPrefix(source, "---\n")
		head, body, closed := strings.Cut(rest, "\n---\n")
		if !ok || !closed {
			l.faults.Add(folder.Place{File: file, Line: 1}, "begin with ---, then title, then ---", "the text has no head")
			return nil
		}
		known := []string{"title"}
		if isCase {
			known = append(known, "objectives", "indicators", "false_alarm")
		}
		v := yamlfile.Parse(file, []byte(head), 1, &l.faults)
		if !v.Keys(known...) {
			return nil
		}
		d := &programme.Document{Title: v.Need("title").Str()}
		if isCase {
			d.Objectives, d.Indicators, d.FalseAlarm = l.objectivesOf(v.Need("objectives")), v.Get("indicators").IDs(), v.Get("false_alarm").Boolean()
			l.indicates(v.Get("indicators").Place(), d.Indicators)
			l.story = true
			defer func() { l.story = false }()
		}
		line := strings.Count(head, "\n") + 3
		d.Parts = []programme.Part{{Line: line, HTML: l.piece(file, lang, programme.Piece{Line: line - 1, Body: body})}}
		if strings.TrimSpace(body) == "" {
			l.faults.Add(folder.Place{File: file, Line: line}, "", "the text is empty")
		}
		return d
	})
}

// inLanguages reads a text in every language of the course, and sees that they are alike: where one is longer, a translation is missing.
func (l *loader) inLanguages(name string, read func(lang, file, source string) *programme.Document) {
	l.owner = "programme:" + name
	for _, lang := range l.written {
		file := fmt.Sprintf("programme/%s.%s.md", name, lang)
		if !l.course.HasLanguage(lang) {
			l.used[file] = true // of a language that the pack does not have
			continue
		}
		content, err := fs.ReadFile(l.fsys, file)
		if err != nil {
			l.faults.Add(folder.Place{File: file}, "write the file, or take its name out of "+programmeFile, "the text is missing in %q", lang)
			continue
		}
		l.use(file)
		if len(content) > maxLesson {
			l.faults.Add(folder.Place{File: file}, "split it", "the text is larger than 200 kB")
			continue
		}
		d := read(lang, file, strings.ReplaceAll(string(content), "\r\n", "\n"))
		if d == nil {
			continue
		}
		if l.course.documents[name] == nil {
			l.course.documents[name] = map[string]*programme.Document{}
		}
		l.course.documents[name][lang] = d
		if first := l.course.Languages[0]; lang != first {
			l.alike(file, l.course.documents[name][first], d, fmt.Sprintf("programme/%s.%s.md", name, first))
		}
	}
}

// alike sees that a text has the same parts in another language.
func (l *loader) alike(file string, source, other *programme.Document, sourceFile string) {
	if source == nil {
		return
	}
	shape := func(d *programme.Document, file string) (s []string) {
		for _, p := range d.Parts {
			s = append(s, strings.TrimSpace(fmt.Sprintf("%d %s", p.Minutes, p.Block)))
		}
		return append(append(s, fmt.Sprint(d.FalseAlarm, d.Objectives, d.Indicators)), l.outlines[file]...)
	}
	a, b := shape(source, sourceFile), shape(other, file)
	for i := range max(len(a), len(b)) {
		if i >= len(a) || i >= len(b) || a[i] != b[i] {
			where := folder.Place{File: file}
			if i < len(other.Parts) {
				where.Line = other.Parts[i].Line
			}
			l.faults.Add(where, "give it the same parts and blocks in every language", "from part number %d on it differs from %s", i+1, sourceFile)
			return
		}
	}
}

// piece renders what stands under a heading of a file.
func (l *loader) piece(file, lang string, piece programme.Piece) string {
	if strings.TrimSpace(piece.Body) == "" {
		return ""
	}
	html := ""
	for _, s := range l.segments(l.course.page(lang, prefixOf(file+piece.Head)), file, piece.Line+2, piece.Body) {
		if s.Check != nil {
			l.faults.Add(folder.Place{File: file, Line: piece.Line + 1}, "ask it in a lesson", "a check block in a classroom programme, where nobody could answer it")
		}
		html += s.HTML
	}
	return html
}

// enoughCases counts the cases that blocks name.
func (l *loader) enoughCases(v yamlfile.Value) {
	p, alarms := l.course.Programme, 0
	for _, name := range p.Cases() {
		for _, d := range l.course.documents["cases/"+name] {
			if d.FalseAlarm {
				alarms++
				break
			}
		}
	}
	if n := len(p.Cases()); n < p.LeastCases {
		v.Fault("write more, and let blocks name them", "%d cases are declared, and the blocks name %d", p.LeastCases, n)
	}
	if alarms < p.FalseAlarms {
		v.Fault("write false_alarm: true in the head of a case", "%d false alarms are declared, and the blocks name %d", p.FalseAlarms, alarms)
	}
}
