package attendanceweb

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"time"

	"ostoja/internal/classroom/attendance"
	"ostoja/internal/errs"
	"ostoja/internal/lang"
	"ostoja/internal/ui/assets"
	"ostoja/internal/web"
)

// The page on which a roll works without network (web/hall.js, decision 0049) is the same for everybody and holds nobody's data, since
// the browser caches it: what it shows comes as JSON to who may mark, and stays on the device encrypted.

const devicePath = "/app/hall/device"

// deviceView is what the page is made of.
type deviceView struct {
	CSS, Hall, JS, Keeper string // addresses of the built files
	Texts                 string // that the script says, as JSON
}

// deviceTexts are the texts that the script says, by the end of their key under hall.device.
var deviceTexts = []string{
	"offline", "sign-in", "refused", "closed-elsewhere", "closed-here", "close-offline", "short-passphrase", "other-passphrase", "wrong-passphrase", "open-failed", "open-offline", "open-sign-in",
	"open-refused", "checked", "check-able-yes", "check-able-no", "check-clock-yes", "check-clock-no", "check-clock-unknown", "check-space-yes", "check-space-no", "check-data-yes", "check-data-no",
	"check-persist-yes", "check-persist-no",
}

func textsOf(p *lang.Printer) (string, error) {
	texts := map[string]string{
		"title": p.T("hall.title"), "unbooked": p.T("hall.unbooked"), "saved-at": p.T("hall.saved-at", "Time", "{Time}"), "tally-present": p.T("hall.tally-present", "All", "{All}"),
		"from-until": p.T("hall.from-until", "From", "{from}", "Until", "{until}"), "from-only": p.T("hall.from-only", "From", "{from}"), "until-only": p.T("hall.until-only", "Until", "{until}"),
		"wait": p.T("hall.device.wait", "N", "{N}"), "changes-one": p.N("hall.device.changes", 1), "changes-few": p.N("hall.device.changes", 2), "changes-many": p.N("hall.device.changes", 5),
	}
	for _, name := range deviceTexts {
		texts[name] = p.T("hall.device." + name)
	}
	b, err := json.Marshal(texts)
	return string(b), err
}

// device sends the page. It is made without the shell of other pages, which names who is signed in.
func (h *Pages) device(w http.ResponseWriter, r *http.Request) error {
	texts, err := textsOf(lang.From(r.Context()))
	if err != nil {
		return err
	}
	v := deviceView{Texts: texts}
	if a := h.Site.Assets; a != nil {
		v.CSS, v.Hall, v.JS, v.Keeper = a.URL("app.css"), a.URL("hall.css"), a.URL("hall.js"), a.URL("keeper.js")
	}
	var b bytes.Buffer
	if err := devicePage(v).Render(r.Context(), &b); err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, err = w.Write(b.Bytes())
	return err
}

// worker sends the service worker, with the names of the files that it caches in front: a new program has others, and so is another worker.
func (h *Pages) worker(w http.ResponseWriter, _ *http.Request) error {
	cached := []string{devicePath}
	if a := h.Site.Assets; a != nil {
		cached = append(cached, a.URL("app.css"), a.URL("hall.css"), a.URL("hall.js"), a.URL("keeper.js"))
	}
	list, err := json.Marshal(cached)
	if err != nil {
		return err
	}
	script, err := assets.Inline("worker.js")
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/javascript; charset=utf-8")
	_, err = w.Write([]byte("self.files=" + string(list) + ";\n" + script + "\n"))
	return err
}

// now tells a device the server's time, by which it checks its own.
func (h *Pages) now(w http.ResponseWriter, _ *http.Request) error {
	return web.JSON(w, http.StatusOK, map[string]any{"now": h.Service.Now()})
}

// rollJSON is a roll as a device keeps it: names, and what counts.
type rollJSON struct {
	Training   string       `json:"training"`
	Tab        string       `json:"tab"`
	When       string       `json:"when"`
	Starts     time.Time    `json:"starts"`
	Now        string       `json:"now"`
	Closed     bool         `json:"closed"`
	Heads      *int         `json:"heads"`
	Signatures *int         `json:"signatures"`
	Tabs       []string     `json:"tabs"` // the training's sessions that can be opened on a device
	People     []personJSON `json:"people"`
}

type personJSON struct {
	Who    string           `json:"who"`
	Name   string           `json:"name"`
	Hint   string           `json:"hint"`
	Booked bool             `json:"booked"`
	State  attendance.State `json:"state"`
	From   string           `json:"from"`
	Until  string           `json:"until"`
	MarkID string           `json:"markId"`
	Device string           `json:"device"` // that made the mark, for undoing there
	At     time.Time        `json:"at"`
}

func asJSON(p *lang.Printer, r attendance.Roll, now time.Time) rollJSON {
	out := rollJSON{
		Training: r.Training, Tab: tabName(p, r.Session), When: when(p, r.Session, now), Starts: r.StartsAt, Now: p.Clock(now), Closed: r.Closing != nil,
		Heads: r.Counts.Heads, Signatures: r.Counts.Signatures, Tabs: []string{}, People: []personJSON{},
	}
	for _, s := range r.Tabs {
		if s.ClosedAt.IsZero() && s.EndsAt.After(now) {
			out.Tabs = append(out.Tabs, s.ID)
		}
	}
	for _, x := range r.Rows {
		st := x.Standing
		out.People = append(out.People, personJSON{x.Who, nameOf(p, x), x.Hint, x.Booked, st.State, clock(p, st.FromAt), clock(p, st.UntilAt), st.MarkID, st.Device, st.At})
	}
	return out
}

// body reads what a device sends; the route bounds it.
func body(r *http.Request, v any) error {
	if !strings.HasPrefix(r.Header.Get("Content-Type"), "application/json") {
		return errs.Invalid("error.invalid")
	}
	if err := json.NewDecoder(r.Body).Decode(v); err != nil {
		return errs.Invalid("error.invalid").Because(err)
	}
	return nil
}

// openOn gives a device the roll of a session.
func (h *Pages) openOn(w http.ResponseWriter, r *http.Request) error {
	var sent attendance.Parcel
	if err := body(r, &sent); err != nil {
		return err
	}
	ctx := r.Context()
	roll, err := h.Service.OpenOn(ctx, web.Actor(ctx), r.PathValue("session"), sent.Device)
	if err != nil {
		return err
	}
	return web.JSON(w, http.StatusOK, map[string]any{"roll": asJSON(lang.From(ctx), roll, h.Service.Now())})
}

// items takes what a device wrote down, and answers with the roll as it is then.
func (h *Pages) items(w http.ResponseWriter, r *http.Request) error {
	var sent attendance.Parcel
	if err := body(r, &sent); err != nil {
		return err
	}
	ctx, actor, sessionID := r.Context(), web.Actor(r.Context()), r.PathValue("session")
	strange, err := h.Service.Take(ctx, actor, sessionID, sent)
	if err != nil {
		return err
	}
	roll, err := h.Service.Roll(ctx, actor, sessionID)
	if err != nil {
		return err
	}
	p, now := lang.From(ctx), h.Service.Now()
	return web.JSON(w, http.StatusOK, map[string]any{"strange": append([]string{}, strange...), "savedAt": p.Clock(now), "roll": asJSON(p, roll, now)})
}

// erased notes that a device keeps nothing of a session any more.
func (h *Pages) erased(w http.ResponseWriter, r *http.Request) error {
	var sent attendance.Parcel
	if err := body(r, &sent); err != nil {
		return err
	}
	if err := h.Service.Erased(r.Context(), web.Actor(r.Context()), r.PathValue("session"), sent.Device); err != nil {
		return err
	}
	return web.JSON(w, http.StatusOK, map[string]any{})
}

// erase has the browser drop all that it stored, once the page has made it unreadable. It asks for nobody: an ended session is no
// reason to keep anything (W3C Clear Site Data, section 3.1).
func (h *Pages) erase(w http.ResponseWriter, _ *http.Request) error {
	w.Header().Set("Clear-Site-Data", `"storage"`)
	return web.JSON(w, http.StatusOK, map[string]any{})
}

// closedJSON answers the page of a device that closes a session.
func closedJSON(w http.ResponseWriter, r *http.Request, f *web.Form, err error) error {
	if err != nil && !f.Fail(lang.From(r.Context()), err) {
		return err
	}
	faults := []string{}
	for _, e := range f.Errors() {
		faults = append(faults, e.Text)
	}
	if errors.Is(err, errs.ErrInvalid) || len(faults) > 0 {
		return web.JSON(w, http.StatusUnprocessableEntity, map[string]any{"closed": false, "faults": faults})
	}
	return web.JSON(w, http.StatusOK, map[string]any{"closed": true})
}
