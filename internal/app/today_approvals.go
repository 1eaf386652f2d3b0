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
	// few leaves as many as stand one by one; of more a single task leads to all.
	few := func(of []approval.Request, key string) []approval.Request {
		if len(of) <= most {
			return of
		}
		list = append(list, today.Task{What: today.Count(key+".do", len(of)), Why: today.Say(key + ".why"), Open: today.Say(key + ".open"), Href: approvalweb.Path, Count: len(of)})
		return nil
	}
	for _, r := range few(waiting, "today.approvals") {
		list = append(list, today.Task{
			What: today.Say("today.approval.do", "What", name(r)), Why: today.Say("today.approval.why", "Who", r.Asker, "Note", r.Note), Open: today.Say("today.approval.open"), Href: r.Path, Count: 1,
		})
	}
	asks = slices.DeleteFunc(asks, func(r approval.Request) bool { return r.Open() })
	for _, r := range few(asks, "today.answers") {
		list = append(list, today.Task{
			What: today.Say("today.answer.do-"+string(r.Outcome), "What", name(r)), Why: today.Say("today.answer.why", "Who", r.Answerer, "Note", r.Answer), Open: today.Say("today.answer.open"),
			Href: approvalweb.Path + "/" + r.ID, Count: 1,
		})
	}
	return list, nil
}
