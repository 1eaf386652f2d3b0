package projectweb

import (
	"cmp"
	"slices"

	"ostoja/internal/lang"
	"ostoja/internal/project"
)

func sortShares(shares []project.Share) {
	slices.SortFunc(shares, func(a, b project.Share) int {
		return cmp.Or(cmp.Compare(b.Share, a.Share), cmp.Compare(a.FundID, b.FundID))
	})
}

// span says from when until when.
func span(p *lang.Printer, first, last string) string {
	return p.T("project.span", "First", p.DateOf(first), "Last", p.DateOf(last))
}

// partPath is where something that belongs to a project has its own page, "" for none.
func partPath(x project.Part) string {
	switch x.Kind {
	case project.Training:
		return "/app/trainings/" + x.SubjectID
	case project.Course:
		return "/app/desk/" + x.SubjectID
	case project.Publication:
		return "/app/publications/" + x.SubjectID
	}
	return ""
}
