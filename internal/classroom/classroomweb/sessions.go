package classroomweb

import (
	"net/http"

	"ostoja/internal/web"
)

// training shows a training with its sessions.
func (h *Pages) training(w http.ResponseWriter, r *http.Request) error {
	f, err := h.Frame(r, "sessions")
	if err != nil {
		return err
	}
	return web.Show(w, r, f.View(nil), f.With(sessionsPart(f)))
}
