package act

import (
	"context"
	"encoding/json"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/id"
	"ostoja/internal/mail"
)

// Doing is an act that is being done.
type Doing struct {
	ID      string
	Kind    Kind
	Object  string
	ActorID string
	At      time.Time
	Until   time.Time
}

// Begin begins an act. Nothing is stored of it until something is noted.
func (s *Service) Begin(actor access.Actor, k Kind, object string) *Doing {
	now := s.clock.Now()
	return &Doing{ID: id.New(), Kind: k, Object: object, ActorID: actor.PersonID, At: now, Until: now.Add(UndoFor)}
}

// Was writes down how a thing was, for [Thing]. v is a plain value or a struct of such.
func Was(v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		panic("act: " + err.Error()) // a mistake of the program
	}
	return string(text)
}

// Hold returns the context for the transactions of the act: letters that are sent under it wait until it cannot be undone any more. An act of
// the program itself (the command line, an import) has nobody who would undo it, and holds nothing.
func (d *Doing) Hold(ctx context.Context) context.Context {
	if d.ActorID == "" {
		return ctx
	}
	return mail.Held(ctx, mail.Hold{Act: d.ID, Until: d.Until})
}
