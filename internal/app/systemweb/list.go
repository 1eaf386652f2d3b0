package systemweb

import (
	"net/http"

	"github.com/a-h/templ"

	"ostoja/internal/job"
	"ostoja/internal/lang"
	"ostoja/internal/list/listweb"
	"ostoja/internal/ui"
)

// jobList is the list of jobs that are stuck.
func (h *Pages) jobList(r *http.Request, jobs []job.Job) listweb.Of[job.Job] {
	p := lang.From(r.Context())
	return listweb.Of[job.Job]{
		Name: "jobs", Title: p.T("system.jobs"), Path: "/app/system", Query: r.URL.Query(), Now: h.Site.Clock.Now(), Rows: jobs,
		Empty: listweb.Empty{Title: p.T("system.no-trouble"), Text: p.T("system.no-trouble-text")},
		Columns: []listweb.Column[job.Job]{
			{Label: p.T("system.kind"), Sort: "kind", Place: listweb.Head, Value: func(x job.Job) any { return string(x.Kind) }},
			{Label: p.T("system.attempts"), Sort: "attempts", Numeric: true, Place: listweb.Away, Value: func(x job.Job) any { return x.Attempts }},
			{Label: p.T("system.next"), Sort: "next", Value: func(x job.Job) any {
				if !x.FailedAt.IsZero() {
					return nil
				}
				return x.RunAt.In(p.Zone())
			}},
			{
				Label: p.T("system.state"), Place: listweb.Chip, Kind: func(job.Job) ui.Kind { return ui.Danger },
				Value: func(x job.Job) any {
					if x.FailedAt.IsZero() {
						return ""
					}
					return p.T("system.given-up")
				},
			},
			{Label: p.T("system.error"), Value: func(x job.Job) any { return x.LastError }, Show: func(x job.Job) templ.Component { return fault(x) }},
			{Label: p.T("system.retry"), Hidden: true, Place: listweb.Figure, Show: func(x job.Job) templ.Component { return retryForm(x) }},
		},
	}
}
