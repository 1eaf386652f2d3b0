package app

import (
	"context"
	"fmt"
	"strings"

	"ostoja/internal/access"
	"ostoja/internal/classroom/attendance"
	"ostoja/internal/course/folder"
	"ostoja/internal/indicator"
	"ostoja/internal/laboratory"
	"ostoja/internal/laboratory/casefile"
	caseslib "ostoja/laboratory"
)

// readCases reads the cases of the laboratory that come with the program. One with a fault is a mistake of the program.
func readCases(known indicator.List) ([]casefile.Case, error) {
	cases, faults := casefile.Load(caseslib.FS, func(id string) bool { _, ok := known.ByID(id); return ok })
	if blocking := folder.Blocking(faults); len(blocking) > 0 {
		said := make([]string, len(blocking))
		for i, f := range blocking {
			said[i] = f.String()
		}
		return nil, fmt.Errorf("laboratory: %s", strings.Join(said, "; "))
	}
	return cases, nil
}

// halves gives the laboratory what attendance knows of sessions.
type halves struct{ attendance *attendance.Service }

// today returns the sessions of today that the actor holds or arranges.
func (h halves) today(ctx context.Context, actor access.Actor) ([]laboratory.Session, error) {
	day, err := h.attendance.Day(ctx, actor)
	list := make([]laboratory.Session, len(day.Today))
	for i, s := range day.Today {
		list[i] = laboratory.Session{ID: s.ID, Title: s.Training, UnitPath: s.UnitPath, StartsAt: s.StartsAt}
	}
	return list, err
}
