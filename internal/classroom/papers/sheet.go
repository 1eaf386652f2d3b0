package papers

import (
	"strconv"
	"strings"

	"ostoja/internal/paper"
)

// sheets draws an attendance sheet for each session. It is the authority on who was there, and the count of heads its control.
func (m *maker) sheets() {
	for _, s := range m.Sessions {
		m.sheet(s)
	}
}

func (m *maker) sheet(s Session) {
	heading := m.p.T("papers.title-" + string(Sheets))
	f := m.begin(heading+": "+m.name(s), heading, joined(", ", heading+": "+m.Training.Title, m.name(s)),
		m.p.T("papers.sheet.foot", "Sheet", s.Sheet, "Version", s.Version, "At", m.p.DateTime(m.At)))
	m.facts(f,
		[2]string{m.p.T("papers.time"), m.name(s)},
		[2]string{m.p.T("papers.length"), m.length(s.minutes())},
		[2]string{m.p.T("papers.place"), s.where()},
		[2]string{m.p.T("papers.trainers"), strings.Join(s.Trainers, ", ")},
	)
	if m.changes(s) {
		f.Text(paper.Paragraph, normal, m.p.T("papers.clock-change", "Hours", m.p.Of("papers.clock-hours", s.Ends.Sub(s.Starts).Hours())))
		f.Space(2)
	}
	f.Text(paper.Paragraph, small, m.p.T("papers.sheet.how"))
	f.Space(1.5)
	f.Table(m.signatures(s))
	f.Space(4)
	f.Need(42) // the count is beside the signature that stands for it
	f.Text(paper.Paragraph, normal, m.p.T("papers.sheet.control"))
	f.Space(1)
	f.Boxes(11, paper.Box{Label: m.p.T("papers.sheet.heads"), Width: 34}, paper.Box{Label: m.p.T("papers.sheet.signed"), Width: 34},
		paper.Box{Label: m.p.T("papers.sheet.counted-at"), Width: 30}, paper.Box{Label: m.p.T("papers.sheet.remarks")})
	f.Fields(m.p.T("papers.sheet.trainer"), m.p.T("papers.sheet.trainer-signature"))
	f.Close()
}

// signatures is the table to sign in, with empty rows for people without a seat.
func (m *maker) signatures(s Session) paper.Table {
	t := paper.Table{Columns: []paper.Column{
		m.codes(), {Title: m.p.T("papers.name"), Width: 47, Head: true}, m.institutions(),
		{Title: m.p.T("papers.signature"), Width: 40}, {Title: m.p.T("papers.sheet.from"), Width: 13}, {Title: m.p.T("papers.sheet.to"), Width: 13},
	}, Size: tableSize, RowHeight: rowHigh}
	for _, who := range m.People {
		t.Rows = append(t.Rows, []string{who.Code, who.Name, who.Institution, "", "", ""})
	}
	for i := range s.EmptyRows {
		t.Rows = append(t.Rows, []string{"+" + strconv.Itoa(i+1), "", "", "", "", ""})
	}
	return t
}

// codes and institutions are columns of all lists of people. Institutions have long names, so their type is smaller.
func (m *maker) codes() paper.Column { return paper.Column{Title: m.p.T("papers.code"), Width: 12} }

func (m *maker) institutions() paper.Column {
	return paper.Column{Title: m.p.T("papers.institution"), Size: 8}
}

// materials draws the list on which people sign for what they were given.
func (m *maker) materials() {
	f := m.paper(Materials)
	m.facts(f, m.days())
	if len(m.Training.Materials) > 0 {
		f.Text(paper.Paragraph, normal, m.p.T("papers.materials.confirm"))
		f.Space(1)
		f.List(normal, m.Training.Materials)
		f.Space(2)
	}
	t := paper.Table{Columns: []paper.Column{
		m.codes(), {Title: m.p.T("papers.name"), Width: 50, Head: true}, m.institutions(),
		{Title: m.p.T("papers.date"), Width: 22}, {Title: m.p.T("papers.signature"), Width: 42},
	}, Size: tableSize, RowHeight: rowHigh}
	for _, who := range m.People {
		t.Rows = append(t.Rows, []string{who.Code, who.Name, who.Institution, "", ""})
	}
	f.Table(t)
	f.Fields(m.p.T("papers.materials.handed-out"), m.p.T("papers.date-and-signature"))
	f.Close()
}

// certificates draws the list on which people sign for their certificates: those that were issued or, before any is, all people.
func (m *maker) certificates() {
	f := m.paper(Certificates)
	m.facts(f, m.days())
	f.Text(paper.Paragraph, normal, m.p.T("papers.certificates.confirm"))
	f.Space(2)
	t := paper.Table{Columns: []paper.Column{
		m.codes(), {Title: m.p.T("papers.name"), Head: true}, {Title: m.p.T("papers.certificates.number"), Width: 42},
		{Title: m.p.T("papers.date"), Width: 22}, {Title: m.p.T("papers.signature"), Width: 42},
	}, Size: tableSize, RowHeight: rowHigh}
	issued := m.issued()
	for _, who := range m.People {
		if issued == 0 || who.Certificate != "" {
			t.Rows = append(t.Rows, []string{who.Code, who.Name, who.Certificate, "", ""})
		}
	}
	f.Table(t)
	f.Fields(m.p.T("papers.certificates.handed-out"), m.p.T("papers.date-and-signature"))
	f.Close()
}

// issued counts the certificates that there are.
func (m *maker) issued() (n int) {
	for _, who := range m.People {
		if who.Certificate != "" {
			n++
		}
	}
	return n
}

// days is the fact of when and where all sessions are.
func (m *maker) days() [2]string {
	var list []string
	for _, s := range m.Sessions {
		list = append(list, joined(", ", m.p.Date(s.Starts), m.span(s), s.Place))
	}
	return [2]string{m.p.T("papers.sessions"), strings.Join(list, "\n")}
}
