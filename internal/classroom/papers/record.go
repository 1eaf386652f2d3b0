package papers

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"ostoja/internal/paper"
)

func minutes(n int) time.Duration { return time.Duration(n) * time.Minute }

// record draws what each trainer taught: a table with a sum for each, in the hours of the training.
func (m *maker) record() {
	f := m.paper(Hours)
	m.facts(f, [2]string{m.p.T("papers.record.unit"), m.hour()})
	for _, trainer := range m.trainers() {
		t := paper.Table{Columns: []paper.Column{
			{Title: m.p.T("papers.day"), Width: 36, Head: true}, {Title: m.p.T("papers.hours-of-day"), Width: 32}, {Title: m.p.T("papers.session")},
			{Title: m.p.T("papers.record.hours"), Width: 22, Align: paper.Right}, {Title: m.p.T("papers.signature"), Width: 42},
		}, Size: tableSize, RowHeight: rowHigh, Total: true}
		sum := 0
		for _, s := range m.Sessions {
			if slices.Contains(s.Trainers, trainer) {
				sum += s.minutes()
				t.Rows = append(t.Rows, []string{m.p.Date(s.Starts), m.span(s), joined(", ", s.Title, s.Place), m.p.Number(m.Training.hours(s.minutes())), ""})
			}
		}
		t.Rows = append(t.Rows, []string{m.p.T("papers.record.sum"), "", "", m.p.Number(m.Training.hours(sum)), ""})
		f.Text(paper.Subheading, second, trainer)
		f.Space(1.5)
		f.Table(t)
		f.Space(5)
	}
	f.Fields(m.p.T("papers.record.approved"), m.p.T("papers.date-and-signature"))
	f.Close()
}

// trainers returns all who teach, in the order in which they first do.
func (m *maker) trainers() (all []string) {
	for _, s := range m.Sessions {
		for _, t := range s.Trainers {
			if !slices.Contains(all, t) {
				all = append(all, t)
			}
		}
	}
	return all
}

// notice draws the privacy notice, and who took note of it: by the program, or by a signature here (art. 13 GDPR).
func (m *maker) notice() {
	f := m.paper(Notice)
	t := m.Training
	m.facts(f, [2]string{m.p.T("papers.notice.version"), t.NoticeVersion})
	if t.NoticeText == "" {
		f.Text(paper.Paragraph, normal, m.p.T("papers.notice.none"))
		f.Space(3)
	}
	m.prose(f, t.NoticeText)
	f.Text(paper.Subheading, second, m.p.T("papers.notice.who"))
	f.Space(1)
	f.Text(paper.Paragraph, small, m.p.T("papers.notice.how"))
	f.Space(1.5)
	list := paper.Table{Columns: []paper.Column{
		m.codes(), {Title: m.p.T("papers.name"), Width: 50, Head: true}, m.institutions(),
		{Title: m.p.T("papers.notice.confirmed"), Width: 56},
	}, Size: tableSize, RowHeight: rowHigh}
	for _, who := range m.People {
		list.Rows = append(list.Rows, []string{who.Code, who.Name, who.Institution, m.noted(who)})
	}
	f.Table(list)
	f.Close()
}

// noted says when somebody took note of this version; who knows another one signs.
func (m *maker) noted(who Person) string {
	if who.NoticeAt.IsZero() || who.NoticeVersion != m.Training.NoticeVersion {
		return ""
	}
	return m.p.T("papers.notice.online", "Date", m.p.Date(who.NoticeAt))
}

// prose writes a text of paragraphs and points.
func (m *maker) prose(f *paper.Flow, text string) {
	for block := range strings.SplitSeq(strings.ReplaceAll(text, "\r\n", "\n"), "\n\n") {
		var points []string
		flush := func() {
			f.List(normal, points)
			points = nil
		}
		for l := range strings.SplitSeq(strings.TrimSpace(block), "\n") {
			if point, is := strings.CutPrefix(l, "- "); is {
				points = append(points, point)
				continue
			}
			flush()
			if l != "" {
				f.Text(paper.Paragraph, normal, l)
			}
		}
		flush()
		f.Space(2.5)
	}
}

// evaluation draws the figures that were given. It claims nothing of its own: a gain has its people, days and interval beside it.
func (m *maker) evaluation() {
	f, r := m.paper(Evaluation), m.Evaluation
	m.facts(f, m.days(),
		[2]string{m.p.T("papers.evaluation.people"), m.p.T("papers.evaluation.counts", "Invited", r.Invited, "Present", r.Present, "Answered", r.Answered)})
	hidden := false
	if len(r.Questions) > 0 {
		t := paper.Table{Columns: []paper.Column{
			{Title: m.p.T("papers.evaluation.question"), Head: true}, {Title: m.p.T("papers.evaluation.answers"), Width: 26, Align: paper.Right},
			{Title: m.p.T("papers.evaluation.mean"), Width: 24, Align: paper.Right}, {Title: m.p.T("papers.evaluation.scale"), Width: 22, Align: paper.Right},
		}, Size: tableSize, RowHeight: 6.5}
		for _, q := range r.Questions {
			hidden = hidden || math.IsNaN(q.Mean)
			t.Rows = append(t.Rows, []string{q.Text, m.p.Int(q.Answered), m.p.Float(q.Mean, 2), "1–" + strconv.Itoa(q.Most)})
		}
		f.Table(t)
		f.Space(4)
	}
	if len(r.Gains) > 0 {
		f.Text(paper.Subheading, second, m.p.T("papers.evaluation.gain"))
		f.Space(1)
		f.Text(paper.Paragraph, small, m.p.T("papers.evaluation.gain-how"))
		f.Space(1.5)
		hidden = m.gains(f) || hidden
		f.Space(4)
	}
	if hidden {
		f.Text(paper.Paragraph, small, m.p.T("papers.evaluation.hidden"))
		f.Space(2)
	}
	if len(r.Remarks) > 0 {
		f.Text(paper.Subheading, second, m.p.T("papers.evaluation.remarks"))
		f.Space(1)
		f.List(normal, r.Remarks)
	}
	f.Fields(m.p.T("papers.evaluation.author"), m.p.T("papers.date-and-signature"))
	f.Close()
}

// gains draws the table of competence tests, and says whether a figure is hidden.
func (m *maker) gains(f *paper.Flow) (hidden bool) {
	column := func(key string, width float64) paper.Column {
		return paper.Column{Title: m.p.T(key), Width: width, Align: paper.Right}
	}
	t := paper.Table{Columns: []paper.Column{
		{Title: m.p.T("papers.evaluation.test"), Head: true}, {Title: m.p.T("papers.evaluation.days"), Width: 30}, column("papers.evaluation.matched", 17),
		column("papers.evaluation.lost", 18), column("papers.evaluation.before", 16), column("papers.evaluation.after", 16), column("papers.evaluation.difference", 36),
	}, Size: 9, RowHeight: 6.5}
	for _, g := range m.Evaluation.Gains {
		difference := m.p.Float(g.Difference, 1)
		if math.IsNaN(g.Difference) {
			hidden = true
		} else {
			difference += " (" + m.p.T("papers.evaluation.interval", "Lower", m.p.Float(g.Lower, 1), "Upper", m.p.Float(g.Upper, 1)) + ")"
		}
		days := []string{m.p.Day(g.FirstDay, m.At), m.p.Day(g.LastDay, m.At)}
		t.Rows = append(t.Rows, []string{
			g.Test, joined(" – ", slices.Compact(days)...), m.p.Int(g.Matched), m.p.Int(g.Lost), m.p.Float(g.Before, 1), m.p.Float(g.After, 1), difference,
		})
	}
	f.Table(t)
	return hidden
}
