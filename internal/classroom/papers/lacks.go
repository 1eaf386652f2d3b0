package papers

import (
	"ostoja/internal/lang"
	"ostoja/internal/paper"
)

// Lack is something that the papers of a day still lack.
type Lack struct {
	Text    string // in words, in the printer's language
	Session string // which session it is about, in words; "" for the training
}

// Lacks lists what the papers of a day still lack, in the order in which it is needed: what is missing of the training, then of each
// session. Of sessions to come nothing is asked that only their end can bring.
func Lacks(d Day, p *lang.Printer) []Lack {
	m := &maker{Day: d, p: p}
	return append(m.ofTraining(), m.ofSessions()...)
}

func (m *maker) ofTraining() (list []Lack) {
	t := m.Training
	for _, c := range []struct {
		missing bool
		key     string
	}{
		{t.Project == "", "papers.lack.project"}, {t.Statement == "", "papers.lack.statement"}, {len(m.Emblems) == 0, "papers.lack.emblems"},
		{t.Programme == "", "papers.lack.programme"}, {t.NoticeText == "" || t.NoticeVersion == "", "papers.lack.notice"},
		{len(t.Materials) == 0, "papers.lack.materials"}, {len(m.Sessions) == 0, "papers.lack.sessions"}, {len(m.People) == 0, "papers.lack.people"},
	} {
		if c.missing {
			list = append(list, Lack{Text: m.p.T(c.key)})
		}
	}
	undelegated, unnoted, uncertified := 0, 0, 0
	for _, who := range m.People {
		if t.Delegation && !who.Delegated {
			undelegated++
		}
		if m.noted(who) == "" {
			unnoted++
		}
		if who.Certificate == "" {
			uncertified++
		}
	}
	over := len(m.Sessions) > 0 && m.Sessions[len(m.Sessions)-1].Ends.Before(m.At)
	for _, c := range []struct {
		n   int
		key string
	}{{undelegated, "papers.lack.delegations"}, {unnoted, "papers.lack.noted"}, {uncertified, "papers.lack.certificates"}} {
		if c.n > 0 && (over || c.key != "papers.lack.certificates") {
			list = append(list, Lack{Text: m.p.N(c.key, c.n)})
		}
	}
	if over && m.Evaluation.Answered == 0 {
		list = append(list, Lack{Text: m.p.T("papers.lack.evaluation")})
	}
	return list
}

func (m *maker) ofSessions() (list []Lack) {
	for _, s := range m.Sessions {
		over := s.Ends.Before(m.At)
		add := func(missing bool, key string) {
			if missing {
				list = append(list, Lack{m.p.T(key), m.name(s)})
			}
		}
		add(len(s.Trainers) == 0, "papers.lack.trainers")
		add(len(s.Agenda) == 0, "papers.lack.agenda")
		add(over && !s.SheetKept, "papers.lack.sheet")
		add(over && !s.Counted, "papers.lack.count")
		if over && s.Unanswered > 0 {
			list = append(list, Lack{m.p.N("papers.lack.unanswered", s.Unanswered), m.name(s)})
		}
		add(over && !s.Closed, "papers.lack.closed")
	}
	return list
}

// missing draws the list of what the papers lack, to be ticked off.
func (m *maker) missing() {
	f := m.paper(Missing)
	m.facts(f, m.days())
	lacks := append(m.ofTraining(), m.ofSessions()...)
	if len(lacks) == 0 {
		f.Text(paper.Paragraph, normal, m.p.T("papers.lack.nothing"))
		f.Close()
		return
	}
	t := paper.Table{Columns: []paper.Column{
		{Title: m.p.T("papers.lack.done"), Width: 18}, {Title: m.p.T("papers.lack.what"), Head: true}, {Title: m.p.T("papers.session"), Width: 66},
	}, Size: tableSize, RowHeight: 7}
	for _, l := range lacks {
		of := l.Session
		if of == "" {
			of = m.p.T("papers.lack.whole")
		}
		t.Rows = append(t.Rows, []string{"☐", l.Text, of})
	}
	f.Table(t)
	f.Close()
}
