package attendance

import (
	"context"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/id"
)

// Earlier is the list of the session before this one, on the same day of the same training, as far as it says something of people who have a seat and no mark here yet.
type Earlier struct {
	Session
	States map[string]State // by person; who was there for a part of it is not among them
}

// Count says how many of them were present, and how many were not.
func (e Earlier) Count() (present, absent int) {
	for _, state := range e.States {
		if state == Present {
			present++
		} else {
			absent++
		}
	}
	return present, absent
}

// Next is the session of the same day and training that follows on this one and has begun, if its list is open; nil if there is none.
func (r Roll) Next(now time.Time, zone *time.Location) *Session {
	for i, x := range r.Tabs {
		if x.StartsAt.After(r.StartsAt) && sameDay(x, r.Session, zone) {
			if x.ClosedAt.IsZero() && !x.StartsAt.After(now) {
				return &r.Tabs[i]
			}
			return nil
		}
	}
	return nil
}

func sameDay(a, b Session, zone *time.Location) bool {
	return a.StartsAt.In(zone).Format(time.DateOnly) == b.StartsAt.In(zone).Format(time.DateOnly)
}

// earlier finds what can be taken over from the session before.
func (s *Service) earlier(ctx context.Context, q db.Querier, r *Roll) error {
	if _, _, unmarked := r.Tally(); unmarked == 0 || r.Closing != nil {
		return nil
	}
	var before *Session
	for i, x := range r.Tabs { // by time
		if x.StartsAt.Before(r.StartsAt) && sameDay(x, r.Session, s.zone) {
			before = &r.Tabs[i]
		}
	}
	if before == nil {
		return nil
	}
	type row struct {
		PersonID string
		State    State
		Minutes  int
	}
	list, err := db.All[row](ctx, q, `SELECT person_id, state, minutes FROM attendance WHERE session_id = ?`, before.ID)
	if err != nil {
		return err
	}
	e := Earlier{*before, map[string]State{}}
	for _, x := range list {
		here, found := r.Row(x.PersonID)
		partly := x.State == Present && x.Minutes < int(before.EndsAt.Sub(before.StartsAt).Minutes())
		if found && here.Booked && here.Standing.State == "" && !partly {
			e.States[x.PersonID] = x.State
		}
	}
	if len(e.States) > 0 {
		r.Earlier = &e
	}
	return nil
}

// Again marks those who have no mark yet as the session before has them; see [Earlier].
func (s *Service) Again(ctx context.Context, actor access.Actor, sessionID, device string) (r Roll, err error) {
	defer errs.Wrap(&err, "attendance.Again")
	return s.write(ctx, actor, sessionID, device, func(r Roll) (items []Item, err error) {
		if r.Earlier == nil {
			return nil, nil
		}
		for _, row := range r.Rows {
			if state, is := r.Earlier.States[row.Who]; is {
				items = append(items, Item{ID: id.New(), Kind: KindMark, Who: row.Who, State: state})
			}
		}
		return items, nil
	})
}
