package papers

import (
	"strings"

	"ostoja/internal/paper"
)

// invitations draws a letter for each person or, while nobody has a seat, one to fill in.
func (m *maker) invitations() {
	people := m.People
	if len(people) == 0 {
		people = []Person{{}}
	}
	for i, who := range people {
		bookmark := ""
		if i == 0 {
			bookmark = m.p.T("papers.title-" + string(Invitation))
		}
		m.invitation(who, bookmark)
	}
}

func (m *maker) invitation(who Person, bookmark string) {
	t, heading := m.Training, m.p.T("papers.title-"+string(Invitation))
	f := m.begin(bookmark, heading, joined(", ", heading+": "+t.Title, who.Name), m.p.T("papers.foot", "Title", t.Title, "At", m.p.DateTime(m.At)))
	if who.Name == "" {
		f.Fields(m.p.T("papers.name"), m.p.T("papers.institution"))
		f.Space(3)
	} else {
		f.Text(paper.Paragraph, second, who.Name)
		f.Text(paper.Paragraph, normal, who.Institution)
		f.Space(3)
	}
	f.Text(paper.Paragraph, normal, m.p.T("papers.invitation.text", "Title", t.Title))
	f.Space(2)
	f.Facts(normal, 34, [][2]string{
		{m.p.T("papers.programme"), t.Programme}, {m.p.T("papers.audience"), t.Audience}, {m.p.T("papers.project"), t.Project},
		{m.p.T("papers.length"), m.planned()},
	})
	f.Space(2)
	f.Table(m.timetable())
	f.Space(2)
	for _, s := range m.Sessions {
		if s.Access != "" {
			f.Text(paper.Paragraph, normal, m.p.T("papers.invitation.access", "Place", s.Place, "Access", s.Access))
			f.Space(1.5)
			break
		}
	}
	if len(t.Objectives) > 0 {
		f.Space(1)
		f.Text(paper.Paragraph, normal, m.p.T("papers.invitation.objectives"))
		f.Space(0.5)
		f.List(normal, t.Objectives)
	}
	f.Space(1)
	if !t.AnswerUntil.IsZero() {
		f.Text(paper.Paragraph, normal, m.p.T("papers.invitation.answer", "Date", m.p.Date(t.AnswerUntil)))
	}
	if t.Contact != "" {
		f.Text(paper.Paragraph, normal, m.p.T("papers.invitation.contact", "Contact", t.Contact))
	}
	if t.Organiser != "" {
		f.Space(2)
		f.Text(paper.Paragraph, normal, t.Organiser)
	}
	if t.Delegation {
		m.slip(f, who)
	}
	f.Close()
}

// slip is the part that comes back: the superior's consent, in writing.
func (m *maker) slip(f *paper.Flow, who Person) {
	f.Space(4)
	f.Need(62)
	f.Rule()
	f.Space(3)
	f.Text(paper.Subheading, second, m.p.T("papers.delegation.title"))
	f.Space(1)
	var days []string
	for _, s := range m.Sessions {
		days = append(days, m.p.Date(s.Starts)+" ("+m.span(s)+")")
	}
	name := joined(", ", who.Name, who.Institution)
	if name == "" {
		name = strings.Repeat("…", 30)
	}
	f.Text(paper.Paragraph, normal, m.p.T("papers.delegation.text", "Name", name, "Title", m.Training.Title, "Days", strings.Join(days, ", ")))
	f.Fields(m.p.T("papers.delegation.superior"), m.p.T("papers.delegation.date"), m.p.T("papers.delegation.signature"))
	if m.Training.Contact != "" {
		f.Space(2)
		f.Text(paper.Paragraph, small, m.p.T("papers.delegation.back", "Contact", m.Training.Contact))
	}
}

// planned returns the hours of the training, as planned or, where nobody planned them, of the sessions.
func (m *maker) planned() string {
	t, all := m.Training, 0
	for _, s := range m.Sessions {
		all += s.minutes()
	}
	if planned := t.TheoryMinutes + t.ExerciseMinutes; planned > 0 {
		return m.length(planned) + "; " + m.p.T("papers.parts", "Theory", m.p.Of("papers.hours", t.hours(t.TheoryMinutes)), "Exercise", m.p.Of("papers.hours", t.hours(t.ExerciseMinutes)))
	}
	return m.length(all)
}

// timetable lists the sessions.
func (m *maker) timetable() paper.Table {
	t := paper.Table{Columns: []paper.Column{
		{Title: m.p.T("papers.day"), Width: 36, Head: true}, {Title: m.p.T("papers.hours-of-day"), Width: 32}, {Title: m.p.T("papers.session"), Width: 44}, {Title: m.p.T("papers.place")},
	}, Size: tableSize, RowHeight: 6.5}
	for _, s := range m.Sessions {
		t.Rows = append(t.Rows, []string{m.p.Date(s.Starts), m.span(s), s.Title, s.where()})
	}
	return t
}

// agenda draws what is taught when.
func (m *maker) agenda() {
	f := m.paper(Agenda)
	m.facts(f, [2]string{m.p.T("papers.audience"), m.Training.Audience}, [2]string{m.p.T("papers.length"), m.planned()})
	if len(m.Training.Objectives) > 0 {
		f.Text(paper.Subheading, second, m.p.T("papers.objectives"))
		f.Space(1)
		f.List(normal, m.Training.Objectives)
		f.Space(2)
	}
	for _, s := range m.Sessions {
		f.Text(paper.Subheading, second, m.name(s))
		f.Text(paper.Paragraph, normal, joined("; ", s.where(), strings.Join(s.Trainers, ", ")))
		f.Space(1.5)
		if len(s.Agenda) > 0 {
			f.Table(m.items(s))
		}
		f.Space(4)
	}
	f.Close()
}

func (m *maker) items(s Session) paper.Table {
	t := paper.Table{Columns: []paper.Column{
		{Title: m.p.T("papers.hours-of-day"), Width: 30}, {Title: m.p.T("papers.topic"), Head: true}, {Title: m.p.T("papers.form"), Width: 26}, {Title: m.p.T("papers.trainers"), Width: 42},
	}, Size: tableSize, RowHeight: 6.5}
	for _, i := range s.Agenda {
		part := Session{Starts: i.Starts, Ends: i.Starts.Add(minutes(i.Minutes))}
		form := ""
		if i.Form != "" {
			form = m.p.T("papers.form-" + string(i.Form))
		}
		t.Rows = append(t.Rows, []string{m.span(part), i.Title, form, i.Trainer})
	}
	return t
}
