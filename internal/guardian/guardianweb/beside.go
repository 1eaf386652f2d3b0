package guardianweb

import (
	"context"

	"github.com/a-h/templ"
)

// Part is what a room shows on a page of the register, to the actor of the context; nil where it has nothing to show. entryID is "" on the list.
type Part func(ctx context.Context, entryID string) (templ.Component, error)

// Beside are the parts of a room, each of which may be nil.
type Beside struct {
	List  Part // above the office's list
	Entry Part // on the office's page of an entry
	Own   Part // on the page of somebody who is in the register
}

// parts makes one part of each room.
func (h *Pages) parts(ctx context.Context, entryID string, of func(Beside) Part) (list []templ.Component, err error) {
	for _, b := range h.beside {
		part := of(b)
		if part == nil {
			continue
		}
		c, err := part(ctx, entryID)
		if err != nil {
			return nil, err
		}
		if c != nil {
			list = append(list, c)
		}
	}
	return list, nil
}
