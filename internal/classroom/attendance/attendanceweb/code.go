package attendanceweb

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"ostoja/internal/classroom/attendance"
	"ostoja/internal/errs"
	"ostoja/internal/lang"
	"ostoja/internal/ui"
	"ostoja/internal/web"
)

// codeView is what the hall's screen shows.
type codeView struct {
	attendance.Session
	Code    string
	Address string // to be typed
	QR      string // path of the drawing's dark squares
	Size    int    // of the drawing, in squares
	Seconds int    // until the next code
	Now     time.Time
}

// code shows the code that is scanned now. It names nobody: everybody in the hall sees it. The page loads itself again at each new
// code, by a header, so that it needs no script.
func (h *Pages) code(w http.ResponseWriter, r *http.Request) error {
	x, code, until, err := h.Service.Code(r.Context(), web.Actor(r.Context()), r.PathValue("session"))
	if err != nil {
		return err
	}
	squares, size, err := ui.QR(h.Site.BaseURL + "/app/here/" + code)
	if err != nil {
		return err
	}
	now := h.Service.Now()
	v := codeView{Session: x, Code: code, QR: squares, Size: size, Seconds: max(1, int(until.Sub(now).Seconds())+1), Now: now}
	v.Address = strings.TrimPrefix(strings.TrimPrefix(h.Site.BaseURL, "https://"), "http://") + "/app/here"
	if r.URL.Query().Get("part") != "" { // web/roll.js: the new code in place of the old, without a flash
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		return codePart(v).Render(r.Context(), w)
	}
	return web.Show(w, r, web.View{With: files, Title: lang.T(r.Context(), "hall.code.title"), Nav: "trainings", Refresh: v.Seconds}, codePage(v))
}

func (h *Pages) scans(w http.ResponseWriter, r *http.Request) error {
	ctx, actor := r.Context(), web.Actor(r.Context())
	x, err := h.Service.Session(ctx, actor, r.PathValue("session"))
	if err != nil {
		return err
	}
	list, err := h.Service.RefusedScans(ctx, actor, x.ID)
	if err != nil {
		return err
	}
	return web.Show(w, r, web.View{With: files, Title: lang.T(ctx, "hall.scans.title"), Nav: "trainings"}, scansPage(x, list, h.Service.Now()))
}

// typeCode asks for the code; a form without a script cannot put it into the path, so that it comes as a parameter too.
func (h *Pages) typeCode(w http.ResponseWriter, r *http.Request) error {
	if typed := strings.TrimSpace(r.URL.Query().Get("code")); typed != "" {
		return h.found(w, r, typed)
	}
	return h.showType(w, r, web.NewForm())
}

func (h *Pages) showType(w http.ResponseWriter, r *http.Request, f *web.Form) error {
	return web.Show(w, r, web.View{With: files, Title: lang.T(r.Context(), "hall.here.title"), Status: f.Status()}, typePage(f))
}

// scanned is where the drawing leads. The scan is sealed with its moment before anybody signs in: that may take longer than the code
// lasts. Nothing is recorded yet.
func (h *Pages) scanned(w http.ResponseWriter, r *http.Request) error {
	return h.found(w, r, r.PathValue("code"))
}

const sealScan = "hall scan"

func (h *Pages) found(w http.ResponseWriter, r *http.Request, typed string) error {
	if !h.limit.Allow() {
		return errs.New(errs.ErrTooMany, "hall.here.too-many")
	}
	scan, err := h.Service.Scanned(r.Context(), typed)
	if errors.Is(err, errs.ErrNotFound) {
		f := web.NewForm("code", typed)
		f.Fail(lang.From(r.Context()), errs.Fields{{Name: "code", Key: "hall.scan.unknown"}}.Err())
		return h.showType(w, r, f)
	}
	if err != nil {
		return err
	}
	sealed, err := h.Site.Key.Close(sealScan, scan)
	if err != nil {
		return err
	}
	if web.SessionToken(r) == "" { // signing in is one of two ways then
		return web.Redirect(w, r, rowPath+"?scan="+url.QueryEscape(sealed))
	}
	return web.Redirect(w, r, scanPath(sealed))
}

const rowPath = "/app/here/row"

func scanPath(sealed string) string { return "/app/here/scan?scan=" + url.QueryEscape(sealed) }

// askRow asks who is not signed in whether they have an account, or a sheet with a code. It says nothing of the training yet.
func (h *Pages) askRow(w http.ResponseWriter, r *http.Request) error {
	sealed := r.URL.Query().Get("scan")
	if _, err := h.unseal(sealed); err != nil {
		return err
	}
	return h.showRow(w, r, sealed, web.NewForm())
}

func (h *Pages) showRow(w http.ResponseWriter, r *http.Request, sealed string, f *web.Form) error {
	return web.Show(w, r, web.View{With: files, Title: lang.T(r.Context(), "hall.here.title"), Status: f.Status()}, rowPage(sealed, f))
}

// openRow leads to the test of a sheet's code: the room's code says that somebody is in the room, the sheet's which row is theirs.
func (h *Pages) openRow(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	if !h.limit.Allow() {
		return errs.New(errs.ErrTooMany, "hall.here.too-many")
	}
	sealed := f.Get("scan")
	scan, err := h.unseal(sealed)
	if err != nil {
		return err
	}
	x, until, err := h.Service.InRoom(r.Context(), scan)
	if err != nil {
		return err
	}
	err = h.Row(w, r, x.TrainingID, f.Get("row"), until)
	if f.Fail(lang.From(r.Context()), err) {
		return h.showRow(w, r, sealed, f)
	}
	return err
}

func (h *Pages) unseal(sealed string) (scan attendance.Scan, err error) {
	if h.Site.Key.Open(sealScan, sealed, &scan) != nil {
		return scan, errs.Gone("hall.scan.broken")
	}
	return scan, nil
}

// look shows what a scan leads to, with the button that records it.
func (h *Pages) look(w http.ResponseWriter, r *http.Request) error {
	ctx, sealed := r.Context(), r.URL.Query().Get("scan")
	scan, err := h.unseal(sealed)
	if err != nil {
		return err
	}
	x, outcome, err := h.Service.Look(ctx, web.Actor(ctx), scan)
	if err != nil {
		return err
	}
	return h.showScan(w, r, x, outcome, sealed)
}

func (h *Pages) confirm(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	ctx := r.Context()
	scan, err := h.unseal(f.Get("scan"))
	if err != nil {
		return err
	}
	x, outcome, err := h.Service.Confirm(ctx, web.Actor(ctx), scan)
	if err != nil {
		return err
	}
	return h.showScan(w, r, x, outcome, "")
}

// showScan shows what came of a scan, and leads on to the tests that wait for who scanned.
func (h *Pages) showScan(w http.ResponseWriter, r *http.Request, x attendance.Session, outcome attendance.Outcome, sealed string) error {
	ctx := r.Context()
	tasks, err := h.Tasks(ctx, web.Actor(ctx).PersonID, x.TrainingID)
	if err != nil {
		return err
	}
	return web.Show(w, r, web.View{With: files, Title: lang.T(ctx, "hall.here.title")}, scanPage(x, outcome, sealed, tasks, h.Service.Now()))
}
