package report

import (
	"context"
	"sync"

	"ostoja/internal/db"
)

// attendee is somebody who was at a half day.
type attendee struct {
	PersonID string
	Minutes  int
}

// attended is what was read of who was at which half days. What stands under one name ([half.Attended]) never changes, so that of the thousands of half days of a
// project only those are read again at which somebody's attendance changed since.
type attended struct {
	mu     sync.Mutex
	of     map[string]named // by half day
	people int              // in all of them
}

type named struct {
	name   string
	people []attendee
}

// mostAttended is how many attendances are kept: some 20 MB. Who has more reads them again.
const mostAttended = 500_000

// fewHalves is up to how many half days are read one by one.
const fewHalves = 200

// in returns who was at each of a project's half days.
func (a *attended) in(ctx context.Context, q db.Querier, projectID string, halves []half) (map[string][]attendee, error) {
	there := make(map[string][]attendee, len(halves))
	var missing []half
	a.mu.Lock()
	for _, h := range halves {
		if known, ok := a.of[h.ID]; ok && known.name == h.Attended {
			there[h.ID] = known.people
		} else {
			missing = append(missing, h)
		}
	}
	a.mu.Unlock()
	if len(missing) == 0 {
		return there, nil
	}
	if len(missing) <= fewHalves {
		for _, h := range missing {
			people, err := db.All[attendee](ctx, q, `SELECT person_id, minutes FROM classroom_attended WHERE session_id = ?`, h.ID)
			if err != nil {
				return nil, err
			}
			there[h.ID] = people
		}
	} else {
		type row struct {
			SessionID string
			attendee
		}
		wanted := make(map[string]bool, len(missing))
		for _, h := range missing {
			wanted[h.ID] = true
		}
		if err := db.Each(ctx, q, func(x row) {
			if wanted[x.SessionID] {
				there[x.SessionID] = append(there[x.SessionID], x.attendee)
			}
		}, `SELECT session_id, person_id, minutes FROM classroom_attended
			WHERE training_id IN (SELECT x.subject_id FROM project_subject x WHERE x.project_id = ? AND x.kind = 'training')`, projectID); err != nil {
			return nil, err
		}
	}
	a.keep(missing, there)
	return there, nil
}

func (a *attended) keep(halves []half, there map[string][]attendee) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, h := range halves {
		if a.of == nil || a.people+len(there[h.ID]) > mostAttended {
			a.of, a.people = map[string]named{}, 0
		}
		a.people += len(there[h.ID]) - len(a.of[h.ID].people)
		a.of[h.ID] = named{h.Attended, there[h.ID]}
	}
}
