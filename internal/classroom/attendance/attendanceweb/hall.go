package attendanceweb

import (
	"net/http"
	"strings"
	"time"

	"ostoja/internal/classroom/attendance"
	"ostoja/internal/lang"
	"ostoja/internal/web"
)

// day shows what a trainer has before them.
func (h *Pages) day(w http.ResponseWriter, r *http.Request) error {
	d, err := h.Service.Day(r.Context(), web.Actor(r.Context()))
	if err != nil {
		return err
	}
	return web.Show(w, r, web.View{With: files, Title: lang.T(r.Context(), "hall.day-title"), Nav: "trainings"}, dayPage(d, h.Service.Now()))
}

// rollView is a roll as its page shows it.
type rollView struct {
	attendance.Roll
	Now   time.Time
	Saved time.Time // when something was last written down; zero if nothing was
}

func viewOf(r attendance.Roll, now time.Time) rollView {
	v := rollView{Roll: r, Now: now}
	for _, row := range r.Rows {
		for _, m := range row.Marks {
			if m.ReceivedAt.After(v.Saved) {
				v.Saved = m.ReceivedAt
			}
		}
	}
	return v
}

func (h *Pages) roll(w http.ResponseWriter, r *http.Request) error {
	roll, err := h.Service.Roll(r.Context(), web.Actor(r.Context()), r.PathValue("session"))
	if err != nil {
		return err
	}
	return web.Show(w, r, web.View{With: files, Title: lang.T(r.Context(), "hall.title"), Nav: "trainings"}, rollPage(viewOf(roll, h.Service.Now())))
}

// Names of the roll's fields: a person's buttons, and what they said when the page was made, as web/test.js sends it.
const (
	fieldMark = "m."
	fieldSeen = "seen." + fieldMark
)

// changesOf reads the roll's radio buttons.
func changesOf(f *web.Form) (list []attendance.Change) {
	for name := range f.Values {
		who, is := strings.CutPrefix(name, fieldMark)
		if !is {
			continue
		}
		c := attendance.Change{Who: who, State: attendance.State(f.Get(name))}
		for _, seen := range f.Values[fieldSeen+who] { // several where it is not known whether one arrived
			_, state, _ := strings.Cut(seen, "=")
			c.Seen = attendance.State(state)
			if c.Seen == c.State {
				break
			}
		}
		list = append(list, c)
	}
	return list
}

// save takes what the roll's buttons say: when the page is sent, and while somebody marks on it (web/test.js).
func (h *Pages) save(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	ctx, actor, sessionID := r.Context(), web.Actor(r.Context()), r.PathValue("session")
	roll, err := h.Service.Save(ctx, actor, sessionID, deviceOf(r), changesOf(f))
	if err == nil && f.Get("again") != "" {
		roll, err = h.Service.Again(ctx, actor, sessionID, deviceOf(r))
	}
	if err == nil && f.Get("rest") != "" {
		roll, err = h.Service.Rest(ctx, actor, sessionID, deviceOf(r))
	}
	if err != nil {
		return err
	}
	p := lang.From(ctx)
	if f.Get("autosave") != "" {
		return web.JSON(w, http.StatusOK, map[string]any{"text": p.T("hall.saved-at", "Time", p.Clock(h.Service.Now())), "newer": newer(roll, f)})
	}
	h.Site.Say(w, "hall.said-saved")
	return web.Redirect(w, r, pathOf(roll.Session))
}

// other is what another device marked meanwhile of somebody of whom the page says something else.
type other struct {
	Field  string `json:"field"`
	Fields string `json:"fields"`
	Text   string `json:"text"`
}

func newer(r attendance.Roll, f *web.Form) []other {
	list := []other{}
	for _, row := range r.Rows {
		name := fieldMark + row.Who
		if _, shown := f.Values[fieldSeen+row.Who]; shown && string(row.Standing.State) != f.Get(name) && row.Standing.State != "" {
			list = append(list, other{Field: name, Fields: name + "=" + string(row.Standing.State)})
		}
	}
	return list
}

func (h *Pages) walkInForm(w http.ResponseWriter, r *http.Request) error {
	x, err := h.Service.Session(r.Context(), web.Actor(r.Context()), r.PathValue("session"))
	if err != nil {
		return err
	}
	return h.showWalkIn(w, r, x, web.NewForm())
}

func (h *Pages) showWalkIn(w http.ResponseWriter, r *http.Request, x attendance.Session, f *web.Form) error {
	return web.Show(w, r, web.View{With: files, Title: lang.T(r.Context(), "hall.walk-in.title"), Nav: "trainings", Status: f.Status()}, walkInPage(x, f))
}

func (h *Pages) walkIn(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	ctx, actor := r.Context(), web.Actor(r.Context())
	x, err := h.Service.Session(ctx, actor, r.PathValue("session"))
	if err != nil {
		return err
	}
	if _, err = h.Service.WalkIn(ctx, actor, x.ID, deviceOf(r), f.Text("name"), f.Text("institution")); f.Fail(lang.From(ctx), err) {
		return h.showWalkIn(w, r, x, f)
	}
	if err != nil {
		return err
	}
	h.Site.Say(w, "hall.walk-in.said")
	return web.Redirect(w, r, pathOf(x))
}
