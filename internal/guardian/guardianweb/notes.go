package guardianweb

import (
	"net/http"

	"ostoja/internal/errs"
	"ostoja/internal/lang"
	"ostoja/internal/web"
)

func (h *Pages) noteRoutes(m *web.Mux) {
	m.Handle("POST /app/guardians/entries/{entry}/notes", h.notes)
}

// notes adds a note, releases one, or shows those that may be read.
func (h *Pages) notes(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	ctx, actor, entryID := r.Context(), web.Actor(r.Context()), r.PathValue("entry")
	switch f.Get("act") {
	case "add":
		err = h.service.AddNote(ctx, actor, entryID, f.Get("note"))
	case "release":
		err = h.service.ReleaseNote(ctx, actor, entryID, f.Get("id"), f.Get("reason"))
	case "read":
		list, err := h.service.ReadNotes(ctx, actor, entryID)
		if err != nil {
			return err
		}
		v, err := h.view(r)
		if err != nil {
			return err
		}
		v.Notes, v.NotesRead = list, true
		return h.showEntry(w, r, v)
	default:
		return errs.Invalid("error.invalid")
	}
	if f.Fail(lang.From(ctx), err) {
		v, err := h.view(r)
		if err != nil {
			return err
		}
		v.Form = f
		return h.showEntry(w, r, v)
	}
	if err != nil {
		return err
	}
	h.site.Say(w, "guardian.said-note-"+f.Get("act"))
	return web.Redirect(w, r, "/app/guardians/entries/"+entryID+"#notes")
}
