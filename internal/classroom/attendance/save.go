package attendance

import (
	"context"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/id"
)

// Change is what a page of the roll says of somebody: its radio buttons, and what they said when the page was made.
type Change struct {
	Who         string
	State, Seen State
}

// Save makes a mark of each change that a page brings, and of nothing that it only repeats: what another device marked meanwhile
// stays where this page changed nothing. A page that is sent twice marks once. In a closed session it is refused: there is the
// correction, with its reason.
func (s *Service) Save(ctx context.Context, actor access.Actor, sessionID, device string, changes []Change) (r Roll, err error) {
	defer errs.Wrap(&err, "attendance.Save(%d)", len(changes))
	return s.write(ctx, actor, sessionID, device, func(r Roll) (items []Item, err error) {
		for _, c := range changes {
			row, found := r.Row(c.Who)
			if found && c.State != c.Seen && c.State != row.Standing.State {
				items = append(items, Item{ID: id.New(), Kind: KindMark, Who: c.Who, State: c.State})
			}
		}
		return items, nil
	})
}

// Rest marks as present everybody with a seat who has no mark yet.
func (s *Service) Rest(ctx context.Context, actor access.Actor, sessionID, device string) (r Roll, err error) {
	defer errs.Wrap(&err, "attendance.Rest")
	return s.write(ctx, actor, sessionID, device, func(r Roll) (items []Item, err error) {
		for _, row := range r.Rows {
			if row.Booked && row.Standing.State == "" {
				items = append(items, Item{ID: id.New(), Kind: KindMark, Who: row.Who, State: Present})
			}
		}
		return items, nil
	})
}

// WalkIn writes down somebody who came without a seat, and marks them as present. Two of one name are two.
func (s *Service) WalkIn(ctx context.Context, actor access.Actor, sessionID, device, name, institution string) (r Roll, err error) {
	defer errs.Wrap(&err, "attendance.WalkIn")
	return s.write(ctx, actor, sessionID, device, func(Roll) ([]Item, error) {
		if cut(name) != name || name == "" {
			return nil, errs.Fields{{Name: "name", Key: "hall.name-fault", Args: errs.Args("Most", mostWords)}}.Err()
		}
		guest := id.New()
		return []Item{{ID: guest, Kind: KindWalkIn, Name: name, Institution: institution}, {ID: id.New(), Kind: KindMark, Who: guest, State: Present}}, nil
	})
}

// Detail marks somebody as present for a part of the session, or as absent, with a note.
func (s *Service) Detail(ctx context.Context, actor access.Actor, sessionID, device, who string, c Correction) (err error) {
	defer errs.Wrap(&err, "attendance.Detail")
	_, err = s.write(ctx, actor, sessionID, device, func(r Roll) ([]Item, error) {
		if _, found := r.Row(who); !found {
			return nil, errs.NotFound("error.not-found")
		}
		faults := CheckTimes(r.Span(), s.zone, c.From, c.Until)
		if c.State != Present && c.State != Absent {
			faults.Add("state", "hall.state-fault")
		}
		return []Item{{ID: id.New(), Kind: KindMark, Who: who, State: c.State, From: c.From, Until: c.Until, Note: c.Note}}, faults.Err()
	})
	return err
}

// Undo takes back the mark that counts of somebody, on the device that made it, within [UndoFor].
func (s *Service) Undo(ctx context.Context, actor access.Actor, sessionID, device, who string) (err error) {
	defer errs.Wrap(&err, "attendance.Undo")
	_, err = s.write(ctx, actor, sessionID, device, func(r Roll) ([]Item, error) {
		row, found := r.Row(who)
		if !found {
			return nil, errs.NotFound("error.not-found")
		}
		if !row.Standing.MayUndo(device, s.clock.Now()) {
			return nil, errs.Conflict("hall.undo-over")
		}
		return []Item{{ID: id.New(), Kind: KindMark, Who: who, State: Undone, Undoes: row.Standing.MarkID}}, nil
	})
	return err
}

// MayUndo says whether the mark that counts can be taken back on a device.
func (st Standing) MayUndo(device string, now time.Time) bool {
	return st.MarkID != "" && st.Device == device && device != "" && now.Sub(st.At) <= UndoFor
}

// Count notes how many heads were counted, and how many signatures are on the sheet; nil leaves a number as it is.
func (s *Service) Count(ctx context.Context, actor access.Actor, sessionID, device string, heads, signatures *int) (err error) {
	defer errs.Wrap(&err, "attendance.Count")
	_, err = s.write(ctx, actor, sessionID, device, func(r Roll) (items []Item, err error) {
		var faults errs.Fields
		number := func(name, kind string, n, was *int) {
			switch {
			case n == nil || was != nil && *was == *n:
			case *n < 0 || *n > mostHeads:
				faults.Add(name, "hall.number-fault")
			default:
				items = append(items, Item{ID: id.New(), Kind: kind, Number: *n})
			}
		}
		number("heads", KindCount, heads, r.Counts.Heads)
		number("signatures", KindSheet, signatures, r.Counts.Signatures)
		return items, faults.Err()
	})
	return err
}

const mostHeads = 10000

// Write adds a note to a session. It is kept with its time and never changed; a closed session takes notes too.
func (s *Service) Write(ctx context.Context, actor access.Actor, sessionID, device, note string) (err error) {
	defer errs.Wrap(&err, "attendance.Write")
	if note == "" || cut(note) != note {
		return errs.Fields{{Name: "note", Key: "hall.note-fault", Args: errs.Args("Most", mostWords)}}.Err()
	}
	_, err = s.Take(ctx, actor, sessionID, Parcel{Device: device, Items: []Item{{ID: id.New(), Kind: KindNote, Note: note}}})
	return err
}

// write takes what a page brings into an open session and returns the roll as it is then.
func (s *Service) write(ctx context.Context, actor access.Actor, sessionID, device string, items func(Roll) ([]Item, error)) (r Roll, err error) {
	err = s.db.Update(ctx, func(tx *db.Tx) error {
		x, err := s.locked(ctx, tx, actor, sessionID)
		if err != nil {
			return err
		}
		if !x.ClosedAt.IsZero() {
			return errs.Conflict("hall.closed-already")
		}
		if r, err = s.roll(ctx, tx, x); err != nil {
			return err
		}
		list, err := items(r)
		if err != nil || len(list) == 0 {
			return err
		}
		if _, err := s.take(ctx, tx, taking{actor.PersonID, ByRoll, "", s.clock.Now()}, x, Parcel{Device: device, Items: list}); err != nil {
			return err
		}
		r, err = s.roll(ctx, tx, x)
		return err
	})
	return r, err
}
