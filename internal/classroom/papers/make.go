package papers

import (
	"archive/zip"
	"bytes"
	"fmt"
	"strings"
	"time"
	"unicode"

	"ostoja/internal/errs"
	"ostoja/internal/lang"
	"ostoja/internal/paper"
)

// PDF makes the papers as one document, each under a bookmark of its own.
func PDF(d Day, p *lang.Printer, kinds ...Kind) (_ []byte, err error) {
	defer errs.Wrap(&err, "papers.PDF")
	emblems, err := prepare(d)
	if err != nil {
		return nil, err
	}
	return document(d, p, emblems, p.T("papers.document"), kinds)
}

// ZIP makes the papers as files of their own, named by what they are and by no person.
func ZIP(d Day, p *lang.Printer, kinds ...Kind) (_ []byte, err error) {
	defer errs.Wrap(&err, "papers.ZIP")
	emblems, err := prepare(d)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i, k := range kinds {
		pdf, err := document(d, p, emblems, p.T("papers.title-"+string(k)), []Kind{k})
		if err != nil {
			return nil, err
		}
		w, err := z.CreateHeader(&zip.FileHeader{Name: fmt.Sprintf("%02d-%s.pdf", i+1, p.T("papers.file-"+string(k))), Method: zip.Deflate, Modified: d.At.UTC()})
		if err != nil {
			return nil, err
		}
		if _, err := w.Write(pdf); err != nil {
			return nil, err
		}
	}
	if err := z.Close(); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// prepare refuses what cannot be printed, and reads the emblems.
func prepare(d Day) (emblems []*paper.Picture, err error) {
	if err := Check(d); err != nil {
		return nil, err
	}
	for _, e := range d.Emblems {
		m, err := paper.NewPicture(e.Data, e.Description)
		if err != nil {
			return nil, err
		}
		emblems = append(emblems, m)
	}
	return emblems, nil
}

// Check refuses a day with letters that no font of the program has, an [errs.ErrInvalid] that names the people and the letters.
func Check(d Day) error {
	var names []string
	for _, who := range d.People {
		if missing := lacks(who.Name + " " + who.Institution); missing != "" {
			names = append(names, who.Name+" ("+missing+")")
		}
	}
	if names != nil {
		return errs.Invalid("papers.letters-names", "Names", strings.Join(names, "; "))
	}
	if missing := lacks(strings.Join(d.texts(), " ")); missing != "" {
		return errs.Invalid("papers.letters-texts", "Letters", missing)
	}
	return nil
}

// lacks lists the letters of a text that no font has.
func lacks(text string) string {
	var letters []string
	for _, r := range paper.Missing(strings.Join(strings.FieldsFunc(text, unicode.IsSpace), "")) {
		letters = append(letters, string(r))
	}
	return strings.Join(letters, ", ")
}

// texts returns what was typed, but for names of people.
func (d Day) texts() []string {
	t := d.Training
	all := []string{t.Title, t.Programme, t.Audience, t.Project, t.Statement, t.Organiser, t.Contact, t.NoticeText, t.NoticeVersion}
	all = append(append(append(all, t.Objectives...), t.Materials...), d.Evaluation.Remarks...)
	for _, s := range d.Sessions {
		all = append(append(all, s.Sheet, s.Title, s.Place, s.Address, s.Room, s.Link, s.Access), s.Trainers...)
		for _, i := range s.Agenda {
			all = append(all, i.Title, i.Trainer)
		}
	}
	for _, q := range d.Evaluation.Questions {
		all = append(all, q.Text)
	}
	for _, g := range d.Evaluation.Gains {
		all = append(all, g.Test)
	}
	return all
}

// maker draws the papers of a day into one document.
type maker struct {
	Day
	p       *lang.Printer
	doc     *paper.Document
	emblems []*paper.Picture
}

func document(d Day, p *lang.Printer, emblems []*paper.Picture, title string, kinds []Kind) ([]byte, error) {
	m := &maker{d, p, paper.NewDocument(paper.About{Title: title, Lang: p.Tag(), At: d.At}), emblems}
	draw := map[Kind]func(){
		Invitation: m.invitations, Agenda: m.agenda, Sheets: m.sheets, Materials: m.materials, Certificates: m.certificates,
		Hours: m.record, Notice: m.notice, Evaluation: m.evaluation, Missing: m.missing,
	}
	for _, k := range kinds {
		if draw[k] == nil {
			return nil, errs.NotFound("papers.unknown").Because(fmt.Errorf("paper %q", k))
		}
		draw[k]()
	}
	return m.doc.PDF()
}

// How texts look.
var (
	ink    = paper.RGB{R: 20, G: 22, B: 23}
	muted  = paper.RGB{R: 84, G: 91, B: 94}
	title  = paper.Style{Weight: paper.Bold, Size: 17, Colour: ink}
	second = paper.Style{Weight: paper.Bold, Size: 11.5, Colour: ink}
	normal = paper.Style{Size: 10, Colour: ink}
	small  = paper.Style{Size: 8.5, Colour: muted}
)

const (
	tableSize = 9.5
	rowHigh   = 9.0 // room for a signature
)

// begin opens a paper: emblems, title and the fund's statement, and on each further page what it belongs to.
func (m *maker) begin(bookmark, heading, again, foot string) *paper.Flow {
	f := m.doc.Flow(paper.Frame{
		Size: paper.Portrait, Title: bookmark, Foot: foot,
		Count: func(page, of int) string { return m.p.T("papers.page", "Page", page, "Of", of) },
		Again: func(f *paper.Flow) {
			if m.emblems != nil {
				f.Pictures(m.emblems, 7)
				f.Space(1.5)
			}
			f.Text(paper.Paragraph, paper.Style{Weight: paper.Bold, Size: 9, Colour: ink}, again)
			f.Space(2)
		},
	})
	if m.emblems != nil {
		f.Pictures(m.emblems, 13)
		f.Space(3)
	}
	if s := m.Training.Statement; s != "" {
		f.Text(paper.Paragraph, small, s)
		f.Space(3)
	}
	f.Text(paper.Heading, title, heading)
	f.Space(2)
	return f
}

// paper opens one of the papers that there is once.
func (m *maker) paper(k Kind) *paper.Flow {
	heading := m.p.T("papers.title-" + string(k))
	return m.begin(heading, heading, heading+": "+m.Training.Title, m.p.T("papers.foot", "Title", m.Training.Title, "At", m.p.DateTime(m.At)))
}

// facts writes what the paper is about; facts without a value are left out.
func (m *maker) facts(f *paper.Flow, more ...[2]string) {
	t := m.Training
	share := ""
	if t.Share > 0 && t.Share < 100 {
		share = m.p.T("papers.share", "Percent", m.p.Percent(float64(t.Share), 0))
	}
	list := append([][2]string{
		{m.p.T("papers.training"), t.Title}, {m.p.T("papers.programme"), t.Programme}, {m.p.T("papers.project"), joined(", ", t.Project, share)},
	}, more...)
	f.Facts(normal, 34, list)
	f.Space(3)
}

// joined puts what there is beside each other.
func joined(between string, parts ...string) string {
	var there []string
	for _, part := range parts {
		if part != "" {
			there = append(there, part)
		}
	}
	return strings.Join(there, between)
}

// where tells the place of a session.
func (s Session) where() string { return joined(", ", s.Place, s.Room, s.Address, s.Link) }

// clock returns the time of day; where the zone's clocks change between two, with the zone's name at that time.
func (m *maker) clock(t time.Time, named bool) string {
	t = t.In(m.p.Zone())
	if named {
		return t.Format("15:04 MST")
	}
	return strings.TrimPrefix(t.Format("15:04"), "0")
}

// changes says whether the clocks change within a session.
func (m *maker) changes(s Session) bool {
	_, before := s.Starts.In(m.p.Zone()).Zone()
	_, after := s.Ends.In(m.p.Zone()).Zone()
	return before != after
}

// span returns from when to when a session is.
func (m *maker) span(s Session) string {
	named := m.changes(s)
	from, to := s.Starts.In(m.p.Zone()), s.Ends.In(m.p.Zone())
	end := m.clock(to, named)
	if from.YearDay() != to.YearDay() || from.Year() != to.Year() {
		end = m.p.Date(to) + ", " + end
	}
	return m.clock(from, named) + "–" + end
}

// length returns the hours of a time, and how long one is.
func (m *maker) length(minutes int) string {
	return m.p.Of("papers.hours", m.Training.hours(minutes)) + " (" + m.hour() + ")"
}

func (m *maker) hour() string { return m.p.T("papers.hour", "Minutes", m.Training.hour()) }

// name returns what a session is called beside its day.
func (m *maker) name(s Session) string { return joined(", ", m.p.Date(s.Starts), m.span(s), s.Title) }
