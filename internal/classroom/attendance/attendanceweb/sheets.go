package attendanceweb

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"ostoja/internal/classroom/attendance"
	"ostoja/internal/lang"
	"ostoja/internal/list/listweb"
	"ostoja/internal/sheet"
	"ostoja/internal/ui"
	"ostoja/internal/web"
)

func (h *Pages) sheets(w http.ResponseWriter, r *http.Request) error {
	return h.showSheets(w, r, nil)
}

func (h *Pages) showSheets(w http.ResponseWriter, r *http.Request, f *web.Form) error {
	ctx, actor := r.Context(), web.Actor(r.Context())
	x, err := h.Service.Session(ctx, actor, r.PathValue("session"))
	if err != nil {
		return err
	}
	list, err := h.Service.Sheets(ctx, actor, x.ID)
	if err != nil {
		return err
	}
	if f == nil {
		f = web.NewForm()
	}
	return web.Show(w, r, web.View{With: files, Title: lang.T(ctx, "hall.sheet.title"), Nav: "trainings", Status: f.Status()}, sheetsPage(x, list, f, h.Service.Now()))
}

func (h *Pages) addSheet(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	content, _, err := web.File(r, "file")
	if err != nil {
		return err
	}
	ctx, p := r.Context(), lang.From(r.Context())
	d := attendance.SheetDraft{Content: content, Code: f.Text("code")}
	if day, err := time.ParseInLocation(time.DateOnly, f.Text("day"), p.Zone()); err == nil {
		d.Day = day
	}
	if s := f.Text("signatures"); s != "" {
		n, err := strconv.Atoi(s)
		if err != nil {
			n = -1
		}
		d.Signatures = &n
	}
	if err = h.Service.AddSheet(ctx, web.Actor(ctx), r.PathValue("session"), d); f.Fail(p, err) {
		return h.showSheets(w, r, f)
	}
	if err != nil {
		return err
	}
	h.Site.Say(w, "hall.sheet.said")
	return web.Redirect(w, r, "/app/hall/"+r.PathValue("session")+"/sheets")
}

// sheet sends a photographed sheet, to be saved: what somebody uploaded is never shown as a page.
func (h *Pages) sheet(w http.ResponseWriter, r *http.Request) error {
	b, err := h.Service.SheetFile(r.Context(), web.Actor(r.Context()), r.PathValue("session"), r.PathValue("sheet"))
	if err != nil {
		return err
	}
	web.Attachment(w, b.MediaType, "sheet.jpg", b.Content)
	return nil
}

func (h *Pages) withdrawSheet(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	ctx, sessionID := r.Context(), r.PathValue("session")
	if err = h.Service.WithdrawSheet(ctx, web.Actor(ctx), sessionID, r.PathValue("sheet"), f.Text("reason")); f.Fail(lang.From(ctx), err) {
		return h.showSheets(w, r, f)
	}
	if err != nil {
		return err
	}
	h.Site.Say(w, "hall.sheet.said-withdrawn")
	return web.Redirect(w, r, "/app/hall/"+sessionID+"/sheets")
}

// hours lists who was at a training and for how long.
func (h *Pages) hours(w http.ResponseWriter, r *http.Request) error {
	ctx, actor := r.Context(), web.Actor(r.Context())
	t, err := h.Service.Hours(ctx, actor, r.PathValue("training"))
	if err != nil {
		return err
	}
	p := lang.From(ctx)
	type row = attendance.Presence
	l := listweb.Of[row]{
		Name: "hours", Title: p.T("hall.hours.title"), Path: "/app/trainings/" + t.TrainingID + "/hours", Query: r.URL.Query(), Now: h.Service.Now(), Search: p.T("hall.hours.search"),
		First: "name", Rows: t.People,
		Columns: []listweb.Column[row]{
			{Label: p.T("hall.hours.person"), Sort: "name", Place: listweb.Head, Value: func(x row) any { return x.FamilyName + " " + x.GivenName }, By: func(x row) any { return x.SortKey }},
			{Label: p.T("hall.hours.unit"), Sort: "unit", Value: func(x row) any { return x.Unit }},
			{
				Label: p.T("hall.hours.seat"), Sort: "seat", Place: listweb.Chip, Kind: func(row) ui.Kind { return ui.Plain },
				Value: func(x row) any {
					if x.Booked {
						return ""
					}
					return p.T("hall.hours.no-seat")
				},
			},
			{Label: p.T("hall.hours.sessions", "All", t.Sessions), Sort: "sessions", Numeric: true, Place: listweb.Away, Value: func(x row) any { return x.Sessions }},
			{Label: p.T("hall.hours.minutes"), Sort: "minutes", Numeric: true, Place: listweb.Away, Value: func(x row) any { return x.Minutes }},
			{
				Label: p.T("hall.hours.hours", "Minutes", t.HourMinutes), Sort: "hours", Numeric: true, Place: listweb.Figure, By: func(x row) any { return x.Minutes },
				Value: func(x row) any { return sheet.Decimal{Value: t.Of(x.Minutes), Places: 2} },
			},
		},
		Empty: listweb.Empty{Title: p.T("hall.hours.none")},
		Record: func(ctx context.Context, rows int, f sheet.Format) error {
			return h.Service.RecordExport(ctx, actor, t.TrainingID, rows, string(f))
		},
	}
	if l.Wanted() {
		return l.Send(w, r)
	}
	shown, err := l.Open(ctx)
	if err != nil {
		return err
	}
	return web.Show(w, r, web.View{With: files, Title: l.Title, Nav: "trainings", Wide: true}, hoursPage(t, shown))
}
