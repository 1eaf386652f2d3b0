package web

import (
	"ostoja/internal/access"
	"ostoja/internal/lang"
	"ostoja/internal/ui"
)

// destination is a page that the main menu leads to.
type destination struct {
	name, href string
	permission access.Permission // who has it finds the page there
	group      string            // of pages that belong together
}

var destinations = []destination{
	{"today", "/app/today", access.Work, "today"},
	{"courses", "/app/courses", access.Learn, "learning"},
	{"my-trainings", "/app/my-trainings", access.Learn, "learning"},
	{"certificates", "/app/certificates", access.Learn, "learning"},
	{"desk", "/app/desk", access.DeskRead, "desk"},
	{"trainings", "/app/trainings", access.TrainingsRead, "trainings"},
	{"evidence", "/app/evidence", access.EvidenceRead, "evidence"},
	{"projects", "/app/projects", access.ProjectsRead, "evidence"},
	{"funds", "/app/funds", access.ProjectsRead, "evidence"},
	{"publications", "/app/publications", access.ProjectsRead, "evidence"},
	{"guardians", "/app/guardians", access.GuardiansRead, "guardians"},
	{"guardian-requests", "/app/guardians/requests", access.GuardiansRequest, "guardians"},
	{"guardian-talks", "/app/guardians/talks", access.GuardiansAssess, "guardians"},
	{"guardian-court", "/app/guardians/court", access.GuardiansCourt, "guardians"},
	{"guardian-complaints", "/app/guardians/complaints", access.GuardiansComplain, "guardians"},
	{"people", "/app/people", access.PeopleRead, "people"},
	{"organisations", "/app/organisations", access.PeopleRead, "people"},
	{"letters", "/app/letters", access.DeskWrite, "people"},
	{"authoring", "/app/authoring", access.CoursesRead, "content"},
	{"bank", "/app/bank", access.ItemsRead, "content"},
	{"site", "/app/site", access.SiteRead, "content"},
	{"system", "/app/system", access.SystemRead, "system"},
}

// mostWords is how long the menu may be for anybody: a longer one is not taken in at a glance, and does not fit beside an account's name.
const mostWords = 7

// menu is the main menu for somebody. Where they may open more pages than it has room for, a group is one word, and sides are the pages of
// the current group.
type menu struct {
	items []ui.NavItem
	sides []ui.NavItem
	group string // the current one, in the reader's language
}

// menuOf returns the menu for an actor; current names the page's place in it.
func menuOf(p *lang.Printer, actor access.Actor, current string) (m menu) {
	var open []destination
	in := map[string]int{} // how many pages of each group
	for _, d := range destinations {
		if actor.Has(d.permission) {
			open = append(open, d)
			in[d.group]++
		}
	}
	grouped := len(open) > mostWords
	for _, part := range []string{"desk", "learning"} { // of somebody with many roles: one word for all that is about trainings
		if len(in) <= mostWords || in[part] == 0 {
			continue
		}
		for i := range open {
			if open[i].group == part {
				open[i].group = "trainings"
			}
		}
		in["trainings"] += in[part]
		delete(in, part)
	}
	last := ""
	for _, d := range open {
		item := ui.NavItem{Label: p.T("nav." + d.name), Href: d.href, Current: d.name == current}
		if !grouped || in[d.group] == 1 {
			m.items = append(m.items, item)
			continue
		}
		if d.group != last {
			m.items = append(m.items, ui.NavItem{Label: p.T("nav.group." + d.group), Href: d.href})
			last = d.group
		}
		if item.Current {
			m.group, m.items[len(m.items)-1].Current = d.group, true
		}
	}
	if m.group == "" {
		return m
	}
	for _, d := range open {
		if d.group == m.group {
			m.sides = append(m.sides, ui.NavItem{Label: p.T("nav." + d.name), Href: d.href, Current: d.name == current})
		}
	}
	m.group = p.T("nav.group." + m.group)
	return m
}
