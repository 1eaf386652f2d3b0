package desk

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// way is what the figures need of one person's way through a course: when each figure came true, zero if it did not.
type way struct {
	UnitID string
	Region string
	At     [6]time.Time // in the order of AllFigures
}

func (w way) figures() (f Figures) {
	for i, figure := range AllFigures {
		if !w.At[i].IsZero() {
			*f.field(figure) = 1
		}
	}
	return f
}

// aggregate counts ways. One pass over the people gives the totals and all breakdowns, which is quicker than a query for
// each, and they agree because they count the same rows.
type aggregate struct {
	tree          *tree
	zone          *time.Location
	depth         int // of the units of the breakdown by unit
	totals        Figures
	organisations map[string]*Line
	units         map[string]*Line
	regions       map[string]*Line
	months        map[int]*Line // by year*12 + month
	ends          []monthEnd    // months already met, to spare the arithmetic of zones
}

type monthEnd struct {
	from, to int64
	key      int
}

func newAggregate(t *tree, zone *time.Location, chosen Unit) *aggregate {
	a := &aggregate{tree: t, zone: zone, depth: 1, organisations: map[string]*Line{}, units: map[string]*Line{}, regions: map[string]*Line{}, months: map[int]*Line{}}
	if chosen.ID != "" {
		a.depth = chosen.Depth + 1
	}
	return a
}

func line[K comparable](lines map[K]*Line, key K, made func() Line) *Line {
	l := lines[key]
	if l == nil {
		m := made()
		l = &m
		lines[key] = l
	}
	return l
}

func (a *aggregate) add(w way) {
	f := w.figures()
	a.totals.add(f)
	unit := a.tree.byID[w.UnitID]
	path := segments(unit.Path)
	line(a.organisations, path[0], func() Line { return Line{Key: path[0], Name: a.tree.name(path[0])} }).add(f)
	shown, own := w.UnitID, true // directly in the chosen unit or organisation
	if len(path) > a.depth {
		shown, own = path[a.depth], false
	}
	key := shown
	if own {
		key += " own"
	}
	line(a.units, key, func() Line { return Line{Key: shown, Name: a.tree.name(shown), Own: own} }).add(f)
	region := cmp.Or(w.Region, unit.Region, NoRegion)
	line(a.regions, region, func() Line { return Line{Key: region} }).add(f)
	for i, figure := range AllFigures {
		if at := w.At[i]; !at.IsZero() {
			m := a.month(at)
			*line(a.months, m, func() Line { return Line{Key: monthOf(at, a.zone)} }).field(figure)++
		}
	}
}

// month returns the key of the month in which a time falls in the installation's zone.
func (a *aggregate) month(at time.Time) int {
	micro := at.UnixMicro()
	for _, e := range a.ends {
		if micro >= e.from && micro < e.to {
			return e.key
		}
	}
	local := at.In(a.zone)
	from := time.Date(local.Year(), local.Month(), 1, 0, 0, 0, 0, a.zone)
	e := monthEnd{from.UnixMicro(), from.AddDate(0, 1, 0).UnixMicro(), local.Year()*12 + int(local.Month())}
	a.ends = append(a.ends, e)
	return e.key
}

func (a *aggregate) overview() Overview {
	order := map[string]int{} // as the tree shows them
	for i, u := range a.tree.ordered {
		order[u.ID] = i
	}
	byTree := func(x, y Line) int { return cmp.Compare(order[x.Key], order[y.Key]) }
	byKey := func(x, y Line) int {
		if last := cmp.Compare(boolInt(x.Key == NoRegion), boolInt(y.Key == NoRegion)); last != 0 {
			return last
		}
		return strings.Compare(x.Key, y.Key)
	}
	return Overview{
		Totals: a.totals, Organisations: sorted(a.organisations, byTree), Units: sorted(a.units, byTree),
		Regions: sorted(a.regions, byKey), Months: sorted(a.months, byKey),
	}
}

func boolInt(b bool) int {
	if b {
		return 1
	}
	return 0
}

func sorted[K comparable](lines map[K]*Line, compare func(x, y Line) int) []Line {
	list := make([]Line, 0, len(lines))
	for _, l := range lines {
		list = append(list, *l)
	}
	slices.SortFunc(list, compare)
	return list
}
