package paperweb

import (
	"bytes"
	"fmt"
	"html"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	"go.yaml.in/yaml/v3"

	"ostoja/internal/fact"
	words "ostoja/internal/text"
)

// childPaper is the sheet for the child, the only paper in several languages; the others are for courts and in Polish.
const childPaper = "child"

// order is that of the papers' use: from the motion to the handover. Languages of the sheet for the child stand as on the public site.
var (
	order = []string{"motion", "consent", "no-conflict", "scope", "report", "resignation"}
	tags  = []string{"pl", "en", "uk", "ru", "ar", "vi"}
)

// paper is a blank that is printed.
type paper struct {
	Title   string `yaml:"title"`
	Tab     string `yaml:"tab"`
	Summary string `yaml:"summary"`
	Dated   string `yaml:"dated"` // the day of its wording
	AsOf    string `yaml:"asof"`  // before the day on which its facts were read
	Lang    string `yaml:"-"`
	parts   []part
	facts   []string // that it names
}

// part is what stands under a heading; the first has none.
type part struct {
	Heading, Picture, HTML string
}

// The renderer is CommonMark with tables. Raw HTML is not passed on.
var markdown = goldmark.New(goldmark.WithExtensions(extension.Table))

// readAll reads the folder of papers: templates by name, and the sheet for the child by language.
func readAll(fsys fs.FS) (map[string]map[string]*paper, error) {
	all := map[string]map[string]*paper{childPaper: {}}
	for _, name := range order {
		p, err := read(fsys, path.Join("templates", name+".md"), "pl")
		if err != nil {
			return nil, err
		}
		all[name] = map[string]*paper{"pl": p}
	}
	for _, tag := range tags {
		p, err := read(fsys, path.Join(childPaper, tag+".md"), tag)
		if err != nil {
			return nil, err
		}
		all[childPaper][tag] = p
	}
	return all, nil
}

var heading = regexp.MustCompile(`^(?:\[([a-z]+)\] )?(.+)$`)

func read(fsys fs.FS, name, tag string) (*paper, error) {
	b, err := fs.ReadFile(fsys, name)
	if err != nil {
		return nil, err
	}
	head, body, ok := strings.Cut(strings.TrimPrefix(string(b), "---\n"), "\n---\n")
	p := &paper{Lang: tag}
	if err := yaml.Unmarshal([]byte(head), p); err != nil || !ok {
		return nil, fmt.Errorf("%s: its head cannot be read: %w", name, err)
	}
	if _, err := time.Parse(time.DateOnly, p.Dated); err != nil || p.Title == "" || p.Summary == "" {
		return nil, fmt.Errorf("%s lacks a title, a summary or its day", name)
	}
	for i, text := range strings.Split("\n"+body, "\n## ") {
		x := part{}
		if i > 0 {
			var first string
			first, text, _ = strings.Cut(text, "\n")
			m := heading.FindStringSubmatch(first)
			if x.Picture, x.Heading = m[1], m[2]; x.Picture != "" && pictures[x.Picture] == "" {
				return nil, fmt.Errorf("%s: there is no picture %q", name, x.Picture)
			}
		}
		var out bytes.Buffer
		if err := markdown.Convert([]byte(text), &out); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		x.HTML = words.Bind(tag, blanks(out.String()))
		p.parts = append(p.parts, x)
	}
	for _, s := range fact.Slots(body) {
		p.facts = append(p.facts, s.ID)
	}
	return p, nil
}

var (
	dots = regexp.MustCompile(`\.{6,}`)
	line = regexp.MustCompile(`<p>\.{20,}</p>`)
)

const (
	shortBlank = `<span class="blank" aria-hidden="true"></span>`
	longBlank  = `<span class="blank blank-long" aria-hidden="true"></span>`
)

// blanks puts lines to write on in the place of dots, and boxes to tick with a pen.
func blanks(s string) string {
	s = line.ReplaceAllString(s, `<p class="blank-line" aria-hidden="true"></p>`)
	s = dots.ReplaceAllStringFunc(s, func(run string) string {
		if len(run) < 10 {
			return shortBlank
		}
		return longBlank
	})
	return strings.ReplaceAll(s, "[ ]", `<span class="tick" aria-hidden="true"></span>`)
}

// addressed is the line of a blank on which the court would be written.
var addressed = regexp.MustCompile(`<p>Sąd opiekuńczy: [^\n]*?</p>\n?`)

// headed leaves that line out where the heading says the court.
func (t to) headed(s string) string {
	if len(t.lines()) == 0 {
		return s
	}
	return addressed.ReplaceAllString(s, "")
}

// complaintPage is the slot of the address at which a child complains; it is the installation's, and no fact.
const complaintPage = "complaint-page"

// fill puts the facts of the day into a part, and the address for complaints as one types it. What has lapsed is a blank line: who prints the paper
// writes in what holds.
func fill(s, tag string, book *fact.Book, complaints string) string {
	return fact.EachSlot(s, func(slot fact.Slot) string {
		if slot.ID == complaintPage {
			return `<strong><bdi dir="ltr">` + html.EscapeString(complaints) + "</bdi></strong>"
		}
		f, validity := book.Get(slot.ID)
		if f == nil || validity == fact.Expired {
			return longBlank
		}
		value := html.EscapeString(f.As(slot.Form, tag))
		if f.Kind == fact.Phone {
			return `<strong><bdi dir="ltr">` + strings.ReplaceAll(value, " ", "\u00a0") + "</bdi></strong>"
		}
		return value
	})
}

// asOf returns the oldest day on which what the paper names was read, and the labels of what an editor has still to confirm.
func (p *paper) asOf(book *fact.Book, tag string) (day string, waiting []string) {
	for _, id := range p.facts {
		f, validity := book.Get(id)
		if f == nil || validity == fact.Expired {
			continue
		}
		if day == "" || f.Checked < day {
			day = f.Checked
		}
		if label := f.Label[tag]; f.Confirm && !slices.Contains(waiting, label) {
			waiting = append(waiting, label)
		}
	}
	return day, waiting
}

// written is a day as it is read in all languages of the papers.
func written(day string) string {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return day
	}
	return t.Format("2.01.2006")
}

// dir says which way the paper is written.
func (p *paper) dir() string {
	if p.Lang == "ar" {
		return "rtl"
	}
	return "ltr"
}
