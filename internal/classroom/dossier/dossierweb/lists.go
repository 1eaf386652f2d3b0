package dossierweb

import (
	"context"
	"net/http"

	"ostoja/internal/classroom/classroomweb"
	"ostoja/internal/classroom/dossier"
	"ostoja/internal/lang"
	"ostoja/internal/list/listweb"
	"ostoja/internal/sheet"
	"ostoja/internal/ui"
	"ostoja/internal/web"
)

// whole is how many rows a page has: the people of a training stand on one, so that all can be ticked.
const whole = 500

// record notes that a list of a training's people is taken away.
func (h *Pages) record(r *http.Request, trainingID string) func(context.Context, int, sheet.Format) error {
	return func(ctx context.Context, rows int, f sheet.Format) error {
		return h.Service.Printed(ctx, web.Actor(r.Context()), trainingID, rows, string(f))
	}
}

func (h *Pages) signedList(r *http.Request, f *classroomweb.Frame, list []dossier.Signed) listweb.Of[dossier.Signed] {
	p := lang.From(r.Context())
	l := listweb.Of[dossier.Signed]{
		Name: "notice", Title: p.T("dossier.notice-title"), Path: f.Path("papers/notice"), Query: r.URL.Query(), Now: f.Now, Rows: list, Size: whole,
		Columns: []listweb.Column[dossier.Signed]{
			{Label: p.T("dossier.person"), Sort: "name", Place: listweb.Head, Value: func(x dossier.Signed) any { return x.Name }},
			{
				Label: p.T("dossier.noted-on"), Sort: "noted", Place: listweb.Chip,
				Text: func(x dossier.Signed) string {
					if x.NotedAt.IsZero() {
						return p.T("dossier.not-yet")
					}
					return p.Date(x.NotedAt)
				},
				Value: func(x dossier.Signed) any {
					if x.NotedAt.IsZero() {
						return nil
					}
					return sheet.Day(x.NotedAt.In(p.Zone()))
				},
				Kind: func(x dossier.Signed) ui.Kind {
					if x.NotedAt.IsZero() {
						return ui.Waiting
					}
					return ui.Plain
				},
			},
		},
		Empty:  listweb.Empty{Title: p.T("dossier.nobody"), Text: p.T("dossier.nobody-text")},
		Record: h.record(r, f.ID),
	}
	l.Pick = &listweb.Pick[dossier.Signed]{
		Action: f.Path("papers/notice"), Name: "person",
		Value: func(x dossier.Signed) string {
			if !x.NotedAt.IsZero() {
				return ""
			}
			return x.PersonID
		},
		Label: func(x dossier.Signed) string { return x.Name },
		Main:  listweb.Act{Label: p.T("dossier.enter"), Kind: ui.Action},
	}
	return l
}

func (h *Pages) awardList(r *http.Request, f *classroomweb.Frame, a dossier.Awards) listweb.Of[dossier.Candidate] {
	p := lang.From(r.Context())
	l := listweb.Of[dossier.Candidate]{
		Name: "attendance-certificates", Title: p.T("dossier.awards"), Path: f.Path("certificates"), Query: r.URL.Query(), Now: f.Now, Rows: a.People, Size: whole,
		Columns: []listweb.Column[dossier.Candidate]{
			{Label: p.T("dossier.person"), Sort: "name", Place: listweb.Head, Value: func(x dossier.Candidate) any { return x.Name }},
			{Label: p.T("dossier.hours"), Sort: "hours", Place: listweb.Figure, Value: func(x dossier.Candidate) any { return x.Hours }, Text: func(x dossier.Candidate) string {
				return p.T("dossier.hours-count", "Hours", p.Number(x.Hours), "Planned", p.Number(a.Planned))
			}},
			{Label: p.T("dossier.certificate"), Sort: "certificate", Place: listweb.Meta, Value: func(x dossier.Candidate) any { return x.Certificate }},
			{
				Label: p.T("dossier.state"), Sort: "state", Place: listweb.Chip, Value: func(x dossier.Candidate) any { return p.T("dossier.award-" + state(x)) },
				Kind: func(x dossier.Candidate) ui.Kind {
					if x.Due() {
						return ui.Waiting
					}
					return ui.Plain
				},
			},
		},
		Empty:  listweb.Empty{Title: p.T("dossier.nobody-came"), Text: p.T("dossier.nobody-came-text")},
		Record: h.record(r, f.ID),
	}
	if a.Held && a.Open == 0 && f.CancelledAt.IsZero() {
		l.Pick = &listweb.Pick[dossier.Candidate]{
			Action: f.Path("certificates"), Name: "person",
			Value: func(x dossier.Candidate) string {
				if !x.Due() {
					return ""
				}
				return x.PersonID
			},
			Label:  func(x dossier.Candidate) string { return x.Name },
			Ticked: func(x dossier.Candidate) bool { return x.Enough(a.Planned) },
			Main:   listweb.Act{Label: p.T("dossier.issue"), Kind: ui.Action},
		}
	}
	return l
}

// state says whether somebody has a certificate, and whether it still says what the record does.
func state(x dossier.Candidate) string {
	switch {
	case x.Certificate == "":
		return "none"
	case x.Due():
		return "differs"
	}
	return "given"
}
