package app

import (
	"context"
	"slices"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/approval"
	"ostoja/internal/approval/approvalweb"
	"ostoja/internal/lang"
	"ostoja/internal/today"
)

// approving are the permissions of those who approve something, and of those who ask them.
var approving = []access.Permission{access.SiteWrite, access.ItemsWrite, access.ProjectsSign}

// approvalsToday are what waits for the actor as the second person, and the outcomes of what they asked until they have seen them.
func (a *App) approvalsToday(ctx context.Context, actor access.Actor, _ time.Time) (list []today.Task, err error) {
	const most = 5 // more stand on the page of all
	waiting, asks, err := a.Approvals.Read(ctx, actor)
	if err != nil {
		return nil, err
	}
	name := func(r approval.Request) today.Said {
		return today.Words(func(p *lang.Printer) string { return approval.Name(p, &r) })
	}
	if len(waiting) > most {
		list = append(list, today.Task{
			What: today.Count("today.approvals.do", len(waiting)), Why: today.Say("today.approvals.why"), Open: today.Say("today.approvals.open"), Href: approvalweb.Path, Count: len(waiting),
		})
		waiting = nil
	}
	for _, r := range waiting {
		list = append(list, today.Task{
			What: today.Say("today.approval.do", "What", name(r)), Why: today.Say("today.approval.why", "Who", r.Asker, "Note", r.Note), Open: today.Say("today.approval.open"), Href: r.Path, Count: 1,
		})
	}
	asks = slices.DeleteFunc(asks, func(r approval.Request) bool { return r.Open() })
	if len(asks) > most {
		list = append(list, today.Task{
			What: today.Count("today.answers.do", len(asks)), Why: today.Say("today.answers.why"), Open: today.Say("today.answers.open"), Href: approvalweb.Path, Count: len(asks),
		})
		asks = nil
	}
	for _, r := range asks {
		list = append(list, today.Task{
			What: today.Say("today.answer.do-"+string(r.Outcome), "What", name(r)), Why: today.Say("today.answer.why", "Who", r.Answerer, "Note", r.Answer), Open: today.Say("today.answer.open"),
			Href: approvalweb.Path + "/" + r.ID, Count: 1,
		})
	}
	return list, nil
}
